/* iou.c - intersection over union of classes, from a confusion matrix: IoU, MeanIoU, BinaryIoU,
 * OneHotIoU, OneHotMeanIoU. */
#include "nn/layer.h"
#include "nn/loss.h"

#define EPSILON 1e-7

/* What the five have; each table leaves some out. */
#define CLASSES(F)     F(INT, num_classes, REQUIRED, "", "How many classes.")
#define TARGETS(F)     F(ANY, target_class_ids, REQUIRED, "ints", "The classes that count.")
#define NAME(F)        F(STR, name, "None", "", "Key in the history.")
#define DTYPE(F)       F(ANY, dtype, "'int64'", "", "Of the confusion matrix.")
#define BASE(F)        NAME(F) DTYPE(F)
#define IGNORED(F)     F(OPTINT, ignore_class, "None", "", "Labels of this class do not count.")
#define SPARSE_TRUE(F) F(BOOL, sparse_y_true, "True", "", "Labels are class numbers.")
#define SPARSE(F, all) F(BOOL, sparse_y_pred, all, "", "Outputs are class numbers.")
#define AXIS(F)        F(INT, axis, "-1", "", "Axis of the classes where they are not numbers.")
#define THRESHOLD(F)   F(FLOAT, threshold, "0.5", "", "From it on an output is class 1.")

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
    F(ANY, target_class_ids, "(0, 1)", "ints", "The classes that count.") \
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

/* Is class k among those that count? */
static bool is_target(const kt_metric *m, int64_t k)
{
    const kt_value *ids = ((const config *)m->object->config)->target_class_ids;

    if (!has(m, "target_class_ids"))
        return true;
    for (size_t i = 0; kt_value_is_seq(ids) && i < ids->n; i++)
        if (kt_is_int(ids->items[i]) && ids->items[i]->i == k)
            return true;
    return false;
}

static kt_status need_below(const config *c, int64_t classes, kt_fault *f)
{
    int64_t most = 0;

    for (size_t i = 0; kt_value_is_seq(c->target_class_ids) && i < c->target_class_ids->n; i++) {
        const kt_value *id = c->target_class_ids->items[i];
        most = kt_is_int(id) && id->i > most ? id->i : most;
    }
    if (most < classes)
        return KT_OK;
    return kt_raise(f, KT_E_VALUE, "Target class id %lld is out of range, which is [0, %lld).",
                    (long long)most, (long long)classes);
}

static kt_status check_targets(kt_arena *a, void *cfg, kt_fault *f)
{
    const config *c = cfg;

    (void)a;
    return need_below(c, c->num_classes, f);
}

static kt_status check_two(kt_arena *a, void *cfg, kt_fault *f)
{
    (void)a;
    return need_below(cfg, 2, f);
}

static kt_status build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    int64_t n = classes_of(m);

    (void)y_true;
    (void)y_pred;
    if (n < 1)
        return kt_raise(f, KT_E_VALUE, "Metric '%s': num_classes must be positive", m->name);
    return kt_metric_state(m, "total_confusion_matrix", KT_SHAPE(n, n), f) ? KT_OK : f->e.status;
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

/* weight * (label is in range and not to be ignored), the weights cut to whole numbers */
static kt_node *counted(kt_graph *g, const kt_metric *m, kt_node *label, kt_node *weight)
{
    const config *c = m->object->config;
    kt_node      *w = kt_broadcast_to(g, kt_scalar(g, 1), label->shape);

    if (weight && !kt_graph_failed(g)) {
        weight = kt_cast(g, kt_cast(g, weight, KT_I32), g->floatx);
        w = kt_mul(g, w, kt_reshape(g, weight, KT_SHAPE(kt_shape_count(&weight->shape))));
    }
    if (has(m, "ignore_class") && c->ignore_class.set) {
        kt_node *other = kt_scalar_as(g, (double)c->ignore_class.v, KT_I32);
        w = kt_mul(g, w, kt_cast(g, kt_binary(g, KT_BI_NOT_EQUAL, label, other), g->floatx));
    }
    return kt_expand_dims(g, w, 1);
}

static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight,
                   kt_node *mask)
{
    const config *c = m->object->config;
    bool          one_hot = !has(m, "sparse_y_true") && has(m, "sparse_y_pred");
    int64_t       n = classes_of(m);

    (void)mask;
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

static void result(const kt_metric *m, double *out, int *n, int max)
{
    int64_t size = classes_of(m);
    double  sum = 0, valid = 0;

    (void)max;
    for (int64_t k = 0; k < size; k++) {
        double hit = kt_metric_at(m, 0, k * size + k), all = -hit;
        for (int64_t i = 0; i < size; i++)
            all += kt_metric_at(m, 0, k * size + i) + kt_metric_at(m, 0, i * size + k);
        if (is_target(m, k) && all > 1e-9) {
            sum += hit / (all + EPSILON);
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
METRIC(mean_iou, "MeanIoU", "mean_io_u", "Mean intersection over union of the classes.", )
METRIC(binary_iou, "BinaryIoU", "binary_io_u", "Intersection over union of yes and no.",
       .check = check_two)
METRIC(one_hot_iou, "OneHotIoU", "one_hot_io_u", "IoU of one-hot labels.", .check = check_targets)
METRIC(one_hot_mean_iou, "OneHotMeanIoU", "one_hot_mean_io_u", "MeanIoU of one-hot labels.", )

const kt_class *const kt_metrics_iou[] = {&iou.cls,         &mean_iou.cls,         &binary_iou.cls,
                                          &one_hot_iou.cls, &one_hot_mean_iou.cls, NULL};
