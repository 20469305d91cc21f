/* precision_recall.c - Precision and Recall at one or several thresholds, and the counts that they
 * are made of. */
#include "nn/loss.h"

#define FIELDS(F)                                                          \
    F(ANY, thresholds, "None", "", "One or several in [0, 1]; None: 0.5.") \
    F(OPTINT, top_k, "None", "", "Only None is supported.")                \
    F(OPTINT, class_id, "None", "", "Look at this class only.")            \
    KT_METRIC_FIELDS(F, "None")
KT_CONFIG(FIELDS);

enum { MAX_THRESHOLDS = 1024 };

static int64_t read_thresholds(const kt_value *v, double *out)
{
    int64_t n = 0;

    out[0] = 0.5;
    if (kt_value_number(v, &out[0]))
        return 1;
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n && n < MAX_THRESHOLDS; i++)
        n += kt_value_number(v->items[i], &out[n]);
    return n ? n : 1;
}

static kt_status check_thresholds(const double *v, int64_t n, kt_fault *f)
{
    kt_str text = {0};
    bool   bad = false;

    for (int64_t i = 0; i < n; i++)
        if (!(v[i] >= 0 && v[i] <= 1)) {
            kt_str_add(&text, bad ? ", " : "");
            kt_repr_double(&text, v[i]);
            bad = true;
        }
    if (bad)
        kt_raise(f, KT_E_VALUE, "Threshold values must be in [0, 1]. Received: [%s]",
                 kt_str_text(&text));
    kt_str_free(&text);
    return f->e.status;
}

static kt_status build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    const config *c = m->object->config;
    double        v[MAX_THRESHOLDS];
    int64_t       n = read_thresholds(c->thresholds, v);

    (void)y_true;
    (void)y_pred;
    if (c->top_k.set)
        return kt_raise(f, KT_E_NOT_IMPLEMENTED, "Metric '%s': top_k is not supported", m->name);
    if (check_thresholds(v, n, f) != KT_OK)
        return f->e.status;
    bool ok = kt_metric_state(m, "true_positives", KT_SHAPE(n), f) &&
              kt_metric_state(m, "false", KT_SHAPE(n), f);
    return ok ? KT_OK : f->e.status;
}

static kt_counts count_at_thresholds(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred,
                                     kt_node *weight, kt_node *mask)
{
    const config *c = m->object->config;
    double        v[MAX_THRESHOLDS];
    int64_t       n = read_thresholds(c->thresholds, v);

    kt_select_class(g, c->class_id, &y_true, &y_pred);
    return kt_count(g, v, n, y_true, y_pred, kt_mask_weight(g, weight, mask, false));
}

static void update_precision(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred,
                             kt_node *weight, kt_node *mask)
{
    kt_counts c = count_at_thresholds(g, m, y_true, y_pred, weight, mask);

    kt_metric_add(g, m, 0, c.tp);
    kt_metric_add(g, m, 1, c.fp);
}

static void update_recall(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred,
                          kt_node *weight, kt_node *mask)
{
    kt_counts c = count_at_thresholds(g, m, y_true, y_pred, weight, mask);

    kt_metric_add(g, m, 0, c.tp);
    kt_metric_add(g, m, 1, c.fn);
}

/* tp / (tp + fp) or tp / (tp + fn); nothing counted gives 0. */
static void share(const kt_metric *m, double *out, int *n, int max)
{
    int64_t size = ((kt_variable *)m->state.at[0])->value->count;

    for (*n = 0; *n < size && *n < max; (*n)++) {
        double tp = kt_metric_at(m, 0, *n), other = kt_metric_at(m, 1, *n);
        out[*n] = tp + other != 0 ? tp / (tp + other) : 0;
    }
}

static const kt_metric_type precision = {
    .cls = {.class_name = "Precision",
            .aliases = "precision",
            .module = "keras.metrics",
            .config = &config_type,
            .summary = "Share of predicted positives that are right."},
    .build = build,
    .update = update_precision,
    .result = share,
    .counted = true,
    .direction = 1,
};

static const kt_metric_type recall = {
    .cls = {.class_name = "Recall",
            .aliases = "recall",
            .module = "keras.metrics",
            .config = &config_type,
            .summary = "Share of positives that are found."},
    .build = build,
    .update = update_recall,
    .result = share,
    .counted = true,
    .direction = 1,
};

/* --- the counts alone ------------------------------------------------------------------------- */

#define COUNT_FIELDS(F)                                                    \
    F(ANY, thresholds, "None", "", "One or several in [0, 1]; None: 0.5.") \
    KT_METRIC_FIELDS(F, "None")
static const kt_field       count_fields[] = {COUNT_FIELDS(KT_ROW)};
static const kt_config_type count_type = {sizeof(config), count_fields, KT_COUNT(count_fields)};

static kt_status build_count(kt_metric *m, const kt_node *y_true, const kt_node *y_pred,
                             kt_fault *f)
{
    double  v[MAX_THRESHOLDS];
    int64_t n = read_thresholds(((const config *)m->object->config)->thresholds, v);

    (void)y_true;
    (void)y_pred;
    if (check_thresholds(v, n, f) != KT_OK)
        return f->e.status;
    return kt_metric_state(m, "accumulator", KT_SHAPE(n), f) ? KT_OK : f->e.status;
}

static void count_result(const kt_metric *m, double *out, int *n, int max)
{
    int64_t size = ((kt_variable *)m->state.at[0])->value->count;

    for (*n = 0; *n < size && *n < max; (*n)++)
        out[*n] = kt_metric_at(m, 0, *n);
}

#define COUNT(id, name, alias, member, words)                                                   \
    static void update_##id(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred,        \
                            kt_node *weight, kt_node *mask)                                     \
    {                                                                                           \
        kt_metric_add(g, m, 0, count_at_thresholds(g, m, y_true, y_pred, weight, mask).member); \
    }                                                                                           \
    static const kt_metric_type id = {                                                          \
        .cls = {.class_name = name,                                                             \
                .aliases = alias,                                                               \
                .module = "keras.metrics",                                                      \
                .config = &count_type,                                                          \
                .summary = words},                                                              \
        .build = build_count,                                                                   \
        .update = update_##id,                                                                  \
        .result = count_result,                                                                 \
        .counted = true,                                                                        \
    };
COUNT(true_positives, "TruePositives", "true_positives", tp, "How many positives are found.")
COUNT(true_negatives, "TrueNegatives", "true_negatives", tn, "How many negatives are left out.")
COUNT(false_positives, "FalsePositives", "false_positives", fp, "How many negatives are taken.")
COUNT(false_negatives, "FalseNegatives", "false_negatives", fn, "How many positives are missed.")

const kt_class *const kt_metrics_precision_recall[] = {&precision.cls,
                                                       &recall.cls,
                                                       &true_positives.cls,
                                                       &true_negatives.cls,
                                                       &false_positives.cls,
                                                       &false_negatives.cls,
                                                       NULL};
