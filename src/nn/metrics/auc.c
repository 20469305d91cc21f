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

/* -1e-7, the inner ones, 1 + 1e-7, as float32 numbers. */
static int64_t thresholds_of(const config *c, double *t)
{
    int64_t n = 1;
    double  x = 0;

    t[0] = -1e-7;
    if (kt_value_is_seq(c->thresholds)) {
        for (size_t i = 0; i < c->thresholds->n && n < MAX_THRESHOLDS - 1; i++)
            if (kt_value_number(c->thresholds->items[i], &x))
                t[n++] = x;
        for (int64_t i = 2; i < n; i++) /* Keras sorts them */
            for (int64_t k = i; k > 1 && t[k] < t[k - 1]; k--) {
                x = t[k];
                t[k] = t[k - 1];
                t[k - 1] = x;
            }
    } else {
        for (int64_t i = 0; i < c->num_thresholds->i - 2; i++)
            t[n++] = (double)(i + 1) / (double)(c->num_thresholds->i - 1);
    }
    t[n++] = 1 + 1e-7;
    return n;
}

static kt_status build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    const config *c = m->object->config;
    double        t[MAX_THRESHOLDS];
    kt_str        text = {0};

    (void)y_true;
    (void)y_pred;
    if (!kt_is_int(c->num_thresholds) || c->num_thresholds->i <= 1 ||
        c->num_thresholds->i > MAX_THRESHOLDS) {
        kt_value_repr(&text, c->num_thresholds);
        kt_raise(f, KT_E_VALUE,
                 "Argument `num_thresholds` must be an integer > 1. Received: num_thresholds=%s",
                 kt_str_text(&text));
        kt_str_free(&text);
        return f->e.status;
    }
    if (c->multi_label || !kt_is_none(c->label_weights))
        return kt_raise(f, KT_E_NOT_IMPLEMENTED,
                        "Metric '%s': multi_label and label_weights are not supported", m->name);
    kt_shape s = KT_SHAPE(thresholds_of(c, t));
    bool     ok = kt_metric_state(m, "true_positives", s, f) &&
              kt_metric_state(m, "true_negatives", s, f) &&
              kt_metric_state(m, "false_positives", s, f) &&
              kt_metric_state(m, "false_negatives", s, f);
    return ok ? KT_OK : f->e.status;
}

static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight,
                   kt_node *mask)
{
    const config *c = m->object->config;
    double        t[MAX_THRESHOLDS];
    int64_t       n = thresholds_of(c, t);

    if (c->from_logits)
        y_pred = kt_unary(g, KT_UN_SIGMOID, y_pred);
    kt_counts k = kt_count(g, t, n, y_true, y_pred, kt_mask_weight(g, weight, mask, false));
    kt_metric_add(g, m, 0, k.tp);
    kt_metric_add(g, m, 1, k.tn);
    kt_metric_add(g, m, 2, k.fp);
    kt_metric_add(g, m, 3, k.fn);
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
            .unwritten = "thresholds"},
    .build = build,
    .update = update,
    .result = result,
};

const kt_class *const kt_metrics_auc[] = {&auc.cls, NULL};
