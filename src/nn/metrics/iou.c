/* iou.c - intersection over union of classes, from a confusion matrix: IoU, MeanIoU, BinaryIoU,
 * OneHotIoU, OneHotMeanIoU. */
#include <math.h>

#include "nn/layer.h"
#include "nn/loss.h"

#define EPSILON 1e-7

/* What the five have; each table leaves some out. */
#define CLASSES(F)     F(INT, num_classes, REQUIRED, "", "How many classes.")
#define TARGETS(F)     F(ANY, target_class_ids, REQUIRED, "ints", "The classes that count.")
#define NAME(F)        F(STR, name, "None", "", "Key in the history.")
#define DTYPE(F)       F(ANY, dtype, "int64", "", "Of the confusion matrix.")
#define BASE(F)        NAME(F) DTYPE(F)
#define IGNORED(F)     F(OPTINT, ignore_class, "None", "", "Labels of this class do not count.")
#define SPARSE_TRUE(F) F(BOOL, sparse_y_true, "True", "", "Labels are class numbers.")
#define SPARSE(F, all) F(BOOL, sparse_y_pred, all, "", "Outputs are class numbers.")
#define AXIS(F)        F(INT, axis, "-1", "", "Axis of the classes where they are not numbers.")
#define THRESHOLD(F)   F(FLOAT, threshold, "0.5", "kept: operand", "From it on it is class 1.")

typedef struct config {
    CLASSES(KT_MEMBER)
    TARGETS(KT_MEMBER)
    BASE(KT_MEMBER)
    IGNORED(KT_MEMBER)
    SPARSE_TRUE(KT_MEMBER) SPARSE(KT_MEMBER, "") AXIS(KT_MEMBER) THRESHOLD(KT_MEMBER)
} config;

#define BOTH(F)     BASE(F) IGNORED(F) SPARSE_TRUE(F) SPARSE(F, "True") AXIS(F)
#define IOU(F)      CLASSES(F) TARGETS(F) BOTH(F)
#define MEAN_IOU(F) CLASSES(F) BOTH(F)
#define BINARY_IOU(F)                                                     \
    F(ANY, target_class_ids, "[0, 1]", "ints", "The classes that count.") \
    THRESHOLD(F) BASE(F)
#define ONE_HOT_IOU(F)      CLASSES(F) TARGETS(F) BASE(F) IGNORED(F) SPARSE(F, "False") AXIS(F)
#define ONE_HOT_MEAN_IOU(F) CLASSES(F) BASE(F) IGNORED(F) SPARSE(F, "False") AXIS(F)

#define TABLE(id, FIELDS)                                         \
    static const kt_field       id##_fields[] = {FIELDS(KT_ROW)}; \
    static const kt_config_type id##_type = {sizeof(config), id##_fields, KT_COUNT(id##_fields)};
TABLE(iou, IOU)
TABLE(mean_iou, MEAN_IOU)
TABLE(binary_iou, BINARY_IOU)
TABLE(one_hot_iou, ONE_HOT_IOU)
TABLE(one_hot_mean_iou, ONE_HOT_MEAN_IOU)

static bool has(const kt_metric *m, const char *field)
{
    return kt_config_find(m->object->cls->config, field) != NULL;
}

static int64_t classes_of(const kt_metric *m)
{
    return has(m, "num_classes") ? ((const config *)m->object->config)->num_classes : 2;
}

/* Keras takes each of the numbers below num_classes, negative ones from the end. */
static kt_status need_below(const kt_value *ids, int64_t classes, kt_fault *f)
{
    double most = -HUGE_VAL, least = HUGE_VAL, id = 0;

    if (!ids || !kt_value_is_seq(ids))
        return kt_raise(f, KT_E_TYPE, "'%s' object is not iterable", kt_python_type(ids));
    for (size_t i = 0; i < ids->n && kt_value_number(ids->items[i], &id); i++) {
        most = fmax(most, id);
        least = fmin(least, id);
    }
    if (ids->n == 0)
        return kt_raise(f, KT_E_VALUE, "max() arg is an empty sequence");
    if (most >= (double)classes)
        return kt_raise(f, KT_E_VALUE, "Target class id %.0f is out of range, which is [0, %lld).",
                        most, (long long)classes);
    if (least < -(double)classes)
        return kt_raise(f, KT_E_INVALID_ARGUMENT, "indices[0,0] = %.0f is not in [0, %lld)",
                        least + (double)classes, (long long)classes);
    return KT_OK;
}

static kt_status check_classes(int64_t classes, kt_fault *f)
{
    if (classes >= 0)
        return KT_OK;
    return kt_raise(
        f, KT_E_VALUE,
        "Cannot convert '(%lld, %lld)' to a shape. Negative dimensions are not allowed.",
        (long long)classes, (long long)classes);
}

static kt_status check_targets(kt_arena *a, void *cfg, kt_fault *f)
{
    const config *c = cfg;

    (void)a;
    return check_classes(c->num_classes, f) == KT_OK
             ? need_below(c->target_class_ids, c->num_classes, f)
             : f->e.status;
}

static kt_status check_two(kt_arena *a, void *cfg, kt_fault *f)
{
    (void)a;
    return need_below(((const config *)cfg)->target_class_ids, 2, f);
}

static kt_status check_all(kt_arena *a, void *cfg, kt_fault *f)
{
    const config *c = cfg;

    (void)a;
    if (check_classes(c->num_classes, f) != KT_OK || c->num_classes > 0)
        return f->e.status;
    return kt_raise(f, KT_E_VALUE, "max() arg is an empty sequence");
}

static kt_status build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    int64_t n = classes_of(m);

    (void)y_true;
    (void)y_pred;
    return kt_metric_state(m, "total_confusion_matrix", kt_object_dtype(m->object), KT_SHAPE(n, n),
                           f)
             ? KT_OK
             : f->e.status;
}

/* Class numbers, in one row. */
static kt_node *numbers(kt_graph *g, const kt_metric *m, kt_node *x, bool sparse)
{
    const config *c = m->object->config;

    if (!sparse)
        x = kt_argmax(g, x, (int)c->axis);
    if (kt_graph_failed(g))
        return x;
    return kt_cast(g, kt_reshape(g, x, KT_SHAPE(kt_shape_count(&x->shape))), KT_I32);
}

/* weight * (label is not to be ignored), the weights cast to the metric's dtype: whole numbers, if
 * it says nothing */
static kt_node *counted(kt_graph *g, const kt_metric *m, kt_node *label, kt_node *weight)
{
    const config *c = m->object->config;
    kt_node      *w = kt_broadcast_to(g, kt_scalar(g, 1), label->shape);

    if (weight && !kt_graph_failed(g)) {
        weight = kt_cast(g, kt_cast(g, weight, kt_object_dtype(m->object)), g->floatx);
        w = kt_mul(g, w, kt_reshape(g, weight, KT_SHAPE(kt_shape_count(&weight->shape))));
    }
    if (has(m, "ignore_class") && c->ignore_class.set) {
        kt_node *other = kt_scalar_as(g, (double)c->ignore_class.v, KT_I32);
        w = kt_mul(g, w, kt_cast(g, kt_binary(g, KT_BI_NOT_EQUAL, label, other), g->floatx));
    }
    return kt_expand_dims(g, w, 1);
}

static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight)
{
    const config *c = m->object->config;
    bool          one_hot = !has(m, "sparse_y_true") && has(m, "sparse_y_pred");
    int64_t       n = classes_of(m);
    if (has(m, "threshold"))
        y_pred = kt_cast(g, kt_binary(g, KT_BI_GREATER_EQUAL, y_pred, kt_scalar(g, c->threshold)),
                         g->floatx);
    bool     sparse = !one_hot && (!has(m, "sparse_y_true") || c->sparse_y_true);
    kt_node *label = numbers(g, m, y_true, sparse);
    kt_node *guess = numbers(g, m, y_pred, !has(m, "sparse_y_pred") || c->sparse_y_pred);
    if (kt_graph_failed(g))
        return;
    kt_node *w = counted(g, m, label, weight);
    /* numbers out of range have no column */
    kt_metric_add(
        g, m, 0,
        kt_matmul(g, kt_mul(g, kt_one_hot(g, label, n), w), kt_one_hot(g, guess, n), true, false));
}

/* Of class k; false where neither labels nor outputs have it. */
static bool share_of(const kt_metric *m, int64_t k, double *share)
{
    int64_t size = classes_of(m);
    double  hit = kt_metric_at(m, 0, k * size + k), all = -hit;

    for (int64_t i = 0; i < size; i++)
        all += kt_metric_at(m, 0, k * size + i) + kt_metric_at(m, 0, i * size + k);
    *share = hit / (all + EPSILON);
    return all > 1e-9;
}

static void result(const kt_metric *m, double *out, int *n, int max)
{
    bool            chosen = has(m, "target_class_ids");
    const kt_value *ids = ((const config *)m->object->config)->target_class_ids;
    int64_t         size = classes_of(m), targets = chosen ? (int64_t)ids->n : size;
    double          sum = 0, valid = 0, share;

    (void)max;
    for (int64_t i = 0; i < targets; i++) {
        double id = (double)i;
        if (chosen)
            (void)kt_value_number(ids->items[i], &id);
        int64_t k = (int64_t)id;
        if (share_of(m, k < 0 ? k + size : k, &share)) {
            sum += share;
            valid++;
        }
    }
    out[0] = sum / (valid + EPSILON);
    *n = 1;
}

#define METRIC(id, class, alias, words, ...) \
    static const kt_metric_type id = {       \
        .cls = {.class_name = class,         \
                .aliases = alias,            \
                .module = "keras.metrics",   \
                .config = &id##_type,        \
                .summary = words,            \
                __VA_ARGS__},                \
        .build = build,                      \
        .update = update,                    \
        .result = result,                    \
        .counted = true,                     \
        .direction = 1,                      \
    };
METRIC(iou, "IoU", "io_u", "Intersection over union of some classes.", .check = check_targets)
METRIC(mean_iou, "MeanIoU", "mean_io_u", "Mean intersection over union of the classes.",
       .check = check_all)
METRIC(binary_iou, "BinaryIoU", "binary_io_u", "Intersection over union of yes and no.",
       .check = check_two)
METRIC(one_hot_iou, "OneHotIoU", "one_hot_io_u", "IoU of one-hot labels.", .check = check_targets)
METRIC(one_hot_mean_iou, "OneHotMeanIoU", "one_hot_mean_io_u", "MeanIoU of one-hot labels.",
       .check = check_all)

const kt_class *const kt_metrics_iou[] = {&iou.cls,         &mean_iou.cls,         &binary_iou.cls,
                                          &one_hot_iou.cls, &one_hot_mean_iou.cls, NULL};
