/* auc.c - AUC: area under the ROC or precision-recall curve, as a Riemann sum over thresholds.
 * Interpolation of the PR curve: Davis and Goadrich, 2006, as Keras does it. */
#include <math.h>

#include "nn/loss.h"

#define FIELDS(F)                                                                               \
    F(ANY, num_thresholds, "200", "", "How many thresholds.")                                   \
    F(STR, curve, "ROC", "ROC|PR", "Which curve.")                                              \
    F(STR, summation_method, "interpolation", "interpolation|minoring|majoring", "How to sum.") \
    KT_METRIC_FIELDS(F, "None")                                                                 \
    F(ANY, thresholds, "None", "", "Inner thresholds in [0, 1] instead of evenly spaced ones.") \
    F(BOOL, multi_label, "False", "", "Only False is supported.")                               \
    F(ANY, num_labels, "None", "", "Of multi_label.")                                           \
    F(ANY, label_weights, "None", "", "Only None is supported.")                                \
    F(BOOL, from_logits, "False", "", "Outputs are logits.")
KT_CONFIG(FIELDS);

enum { MAX_THRESHOLDS = 4096 };

/* The given thresholds in order; they say how many there are. */
static kt_status sort_thresholds(kt_arena *a, config *c, kt_fault *f)
{
    kt_value *sorted = kt_value_new(a, KT_LIST);
    double    x, before;

    for (size_t i = 0; sorted && i < c->thresholds->n; i++) {
        kt_value *v = kt_value_copy(a, c->thresholds->items[i]);
        if (v && !kt_value_number(v, &x))
            return kt_raise(f, KT_E_TYPE, "AUC: `thresholds` must be numbers");
        if (!v || !kt_value_add(a, sorted, NULL, v))
            return kt_raise_memory(f);
        for (size_t k = i; k > 0 && kt_value_number(sorted->items[k - 1], &before) && x < before;
             k--) {
            sorted->items[k] = sorted->items[k - 1];
            sorted->items[k - 1] = v;
        }
    }
    c->num_thresholds = sorted ? kt_value_int(a, (int64_t)sorted->n + 2) : NULL;
    c->thresholds = sorted;
    return c->num_thresholds ? KT_OK : kt_raise_memory(f);
}

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    config *c = cfg;
    kt_str  text = {0};

    if (kt_value_is_seq(c->thresholds) && sort_thresholds(a, c, f) != KT_OK)
        return f->e.status;
    if (!kt_is_int(c->num_thresholds) || c->num_thresholds->i <= 1 ||
        c->num_thresholds->i > MAX_THRESHOLDS) {
        kt_value_repr(&text, c->num_thresholds);
        kt_raise(f, KT_E_VALUE,
                 "Argument `num_thresholds` must be an integer > 1. Received: num_thresholds=%s",
                 kt_str_text(&text));
        kt_str_free(&text);
    } else if (c->multi_label || !kt_is_none(c->label_weights)) {
        kt_raise(f, KT_E_NOT_IMPLEMENTED,
                 "Metric 'AUC': multi_label and label_weights are not supported");
    }
    return f->e.status;
}

/* -1e-7, the inner ones, 1 + 1e-7; returns how many. */
static int64_t thresholds_of(const config *c, double *t)
{
    int64_t n = c->num_thresholds->i;

    t[0] = -1e-7;
    for (int64_t i = 1; i < n - 1; i++) {
        t[i] = (double)i / (double)(n - 1);
        if (kt_value_is_seq(c->thresholds))
            (void)kt_value_number(c->thresholds->items[i - 1], &t[i]);
    }
    t[n - 1] = 1 + 1e-7;
    return n;
}

static kt_status build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    (void)y_true;
    (void)y_pred;
    return kt_counts_build(m, ((const config *)m->object->config)->num_thresholds->i, f);
}

/* Keras counts evenly spaced thresholds by segments, which have an id for each element. */
static bool same_count(kt_graph *g, const config *c, const kt_node *y_true, const kt_node *y_pred)
{
    int64_t t = kt_shape_count(&y_true->shape), p = kt_shape_count(&y_pred->shape);

    if (kt_graph_failed(g) || kt_value_is_seq(c->thresholds) || t == p || t < 0 || p < 0)
        return true;
    kt_raise(g->fault, KT_E_VALUE,
             "Argument `segment_ids` and `data` should have same leading dimension. Got (%lld,) "
             "v.s. (%lld,).",
             (long long)p, (long long)t);
    return false;
}

static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight,
                   kt_node *mask)
{
    const config *c = m->object->config;
    double        t[MAX_THRESHOLDS];
    int64_t       n = thresholds_of(c, t);

    if (c->from_logits)
        y_pred = kt_unary(g, KT_UN_SIGMOID, y_pred);
    if (!same_count(g, c, y_true, y_pred))
        return;
    kt_counts k = kt_count(g, t, n, y_true, y_pred, kt_mask_weight(g, weight, mask, false));
    kt_counts_add(g, m, &k);
}

static double ratio(double a, double b)
{
    return b != 0 ? a / b : 0;
}

/* The exact integral of the interpolated PR curve between neighbouring thresholds. */
static double interpolated_pr(const kt_metric *m, int64_t n)
{
    double area = 0;

    for (int64_t i = 0; i + 1 < n; i++) {
        double tp = kt_metric_at(m, 0, i), tp1 = kt_metric_at(m, 0, i + 1);
        double p = tp + kt_metric_at(m, 2, i), p1 = tp1 + kt_metric_at(m, 2, i + 1);
        double dtp = tp - tp1, slope = ratio(dtp, fmax(p - p1, 0)), intercept = tp1 - slope * p1;
        double safe = p > 0 && p1 > 0 ? ratio(p, fmax(p1, 0)) : 1;
        area += ratio(slope * (dtp + intercept * log(safe)),
                      fmax(tp1 + kt_metric_at(m, 3, i + 1), 0));
    }
    return area;
}

/* Height between two neighbours by the summation method. */
static double height(const char *method, double a, double b)
{
    if (kt_streq(method, "minoring"))
        return fmin(a, b);
    return kt_streq(method, "majoring") ? fmax(a, b) : (a + b) / 2;
}

static void result(const kt_metric *m, double *out, int *n, int max)
{
    const config *c = m->object->config;
    int64_t       size = ((kt_variable *)m->state.at[0])->value->count;
    bool          pr = kt_streq(c->curve, "PR");
    double        area = 0, x0 = 0, y0 = 0;

    if (max < 1)
        return;
    *n = 1;
    if (pr && kt_streq(c->summation_method, "interpolation")) {
        out[0] = interpolated_pr(m, size);
        return;
    }
    for (int64_t i = 0; i < size; i++) {
        double tp = kt_metric_at(m, 0, i), tn = kt_metric_at(m, 1, i), fp = kt_metric_at(m, 2, i),
               fn = kt_metric_at(m, 3, i);
        double recall = ratio(tp, tp + fn), x = pr ? recall : ratio(fp, fp + tn),
               y = pr ? ratio(tp, tp + fp) : recall;
        if (i > 0)
            area += (x0 - x) * height(c->summation_method, y0, y);
        x0 = x;
        y0 = y;
    }
    out[0] = area;
}

static const kt_metric_type auc = {
    .cls = {.class_name = "AUC",
            .aliases = "auc",
            .module = "keras.metrics",
            .config = &config_type,
            .summary = "Area under the ROC or precision-recall curve.",
            .check = check,
            .unwritten = "thresholds"},
    .build = build,
    .update = update,
    .result = result,
    .counted = true,
    .direction = 1,
};

const kt_class *const kt_metrics_auc[] = {&auc.cls, NULL};
