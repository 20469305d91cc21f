/* precision_recall.c - Precision and Recall at one or several thresholds, and the counts that they
 * are made of. */
#include "nn/loss.h"

#define FIELDS(F)                                                          \
    F(ANY, thresholds, "None", "", "One or several in [0, 1]; None: 0.5.") \
    F(OPTINT, top_k, "None", "", "Only the k largest outputs can count.")  \
    F(OPTINT, class_id, "None", "kept: x[i]", "Look at this class only.")  \
    KT_METRIC_FIELDS(F, "None")
KT_CONFIG(FIELDS);

/* How many thresholds v means; they go to `out`, if it is there. */
static int64_t read_thresholds(const kt_value *v, double none, double *out)
{
    int64_t n = 0;
    double  t;

    if (kt_value_number(v, &t)) {
        if (out)
            out[0] = t;
        return 1;
    }
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n; i++)
        if (kt_value_number(v->items[i], &t)) {
            if (out)
                out[n] = t;
            n++;
        }
    if (kt_value_is_seq(v)) /* of [] there are none, and no results */
        return n;
    if (out)
        out[0] = none;
    return 1;
}

/* Into the arena; NULL without memory. Without any it is `none`. */
static double *thresholds_of(kt_arena *a, const kt_value *v, double none, int64_t *n)
{
    *n = read_thresholds(v, none, NULL);
    double *t = kt_arena_calloc(a, (size_t)*n + 1, sizeof *t);
    if (t)
        read_thresholds(v, none, t);
    return t;
}

/* Is it None or out of [0, 1]? What has no order is Python's error. */
static bool is_outside(const kt_value *v, kt_fault *f)
{
    double x = 0;

    if (!v || v->kind == KT_NONE)
        return true;
    if (!kt_value_number(v, &x)) {
        kt_stumble("x < 0", v, false, f);
        return false;
    }
    return x < 0 || x > 1;
}

static kt_status check_thresholds(kt_arena *a, const kt_value *v, kt_fault *f)
{
    const kt_value *const *items = kt_value_is_seq(v) ? (const kt_value *const *)v->items : &v;
    size_t                 n = kt_value_is_seq(v) ? v->n : v != NULL;
    kt_value              *bad = kt_value_new(a, KT_LIST);
    kt_str                 text = {0};

    for (size_t i = 0; i < n && f->e.status == KT_OK; i++)
        if (is_outside(items[i], f) && !kt_value_add(a, bad, NULL, kt_value_copy(a, items[i])))
            kt_raise_memory(f);
    if (f->e.status != KT_OK || !bad)
        return bad ? f->e.status : kt_raise_memory(f);
    if (!bad->n)
        return kt_check_thresholds((int64_t)n, f);
    kt_value_repr(&text, bad);
    kt_raise(f, KT_E_VALUE, "Threshold values must be in [0, 1]. Received: %s", kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    return check_thresholds(a, ((const config *)cfg)->thresholds, f);
}

static kt_status build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    int64_t n = read_thresholds(((const config *)m->object->config)->thresholds, 0, NULL);

    (void)y_true;
    (void)y_pred;
    bool ok = kt_metric_state(m, "true_positives", KT_F32, KT_SHAPE(n), f) &&
              kt_metric_state(m, "false", KT_F32, KT_SHAPE(n), f);
    return ok ? KT_OK : f->e.status;
}

/* At the thresholds of v; top_k: all of the k largest outputs of a row count as positive where
 * there are none. */
static kt_counts count_at(kt_graph *g, const kt_value *v, kt_optint top_k, kt_optint class_id,
                          kt_node *y_true, kt_node *y_pred, kt_node *weight)
{
    int64_t     n;
    double     *t = thresholds_of(&g->arena, v, top_k.set ? KT_NO_THRESHOLD : 0.5, &n);
    kt_counting how = {.thresholds = t, .n = n, .even = t && kt_evenly(t, n)};

    if (!t)
        kt_raise_memory(g->fault);
    kt_same_rank(g, &y_pred, &y_true, true);
    if (top_k.set)
        y_pred = kt_keep_top(g, y_pred, top_k.v);
    kt_select_class(g, class_id, &y_true, &y_pred);
    return kt_graph_failed(g) ? (kt_counts){g->poison, g->poison, g->poison, g->poison}
                              : kt_count(g, &how, y_true, y_pred, weight);
}

static kt_counts count_at_thresholds(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred,
                                     kt_node *weight)
{
    const config *c = m->object->config;

    return count_at(g, c->thresholds, c->top_k, c->class_id, y_true, y_pred, weight);
}

static void update_precision(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred,
                             kt_node *weight)
{
    kt_counts c = count_at_thresholds(g, m, y_true, y_pred, weight);

    kt_metric_add(g, m, 0, c.tp);
    kt_metric_add(g, m, 1, c.fp);
}

static void update_recall(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred,
                          kt_node *weight)
{
    kt_counts c = count_at_thresholds(g, m, y_true, y_pred, weight);

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
            .summary = "Share of predicted positives that are right.",
            .check = check},
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
            .summary = "Share of positives that are found.",
            .check = check},
    .build = build,
    .update = update_recall,
    .result = share,
    .counted = true,
    .direction = 1,
};

/* --- the counts alone ------------------------------------------------------------------------- */

#define COUNT_FIELDS(F, T)                                                    \
    F(T, ANY, thresholds, "None", "", "One or several in [0, 1]; None: 0.5.") \
    F(T, STR, name, "None", "", "Key in the history.")                        \
    F(T, ANY, dtype, "float32", "", "Of the computation.")
KT_CONFIG_OF(count, COUNT_FIELDS);

static kt_status check_count(kt_arena *a, void *cfg, kt_fault *f)
{
    return check_thresholds(a, ((const count *)cfg)->thresholds, f);
}

static kt_status build_count(kt_metric *m, const kt_node *y_true, const kt_node *y_pred,
                             kt_fault *f)
{
    int64_t n = read_thresholds(((const count *)m->object->config)->thresholds, 0, NULL);

    (void)y_true;
    (void)y_pred;
    return kt_metric_state(m, "accumulator", KT_F32, KT_SHAPE(n), f) ? KT_OK : f->e.status;
}

static void count_result(const kt_metric *m, double *out, int *n, int max)
{
    int64_t size = ((kt_variable *)m->state.at[0])->value->count;

    for (*n = 0; *n < size && *n < max; (*n)++)
        out[*n] = kt_metric_at(m, 0, *n);
}

#define COUNT(id, name, alias, member, words)                                                  \
    static void update_##id(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred,       \
                            kt_node *weight)                                                   \
    {                                                                                          \
        const count *c = m->object->config;                                                    \
                                                                                               \
        kt_metric_add(                                                                         \
            g, m, 0,                                                                           \
            count_at(g, c->thresholds, (kt_optint){0}, (kt_optint){0}, y_true, y_pred, weight) \
                .member);                                                                      \
    }                                                                                          \
    static const kt_metric_type id = {                                                         \
        .cls = {.class_name = name,                                                            \
                .aliases = alias,                                                              \
                .module = "keras.metrics",                                                     \
                .config = &count_type,                                                         \
                .summary = words,                                                              \
                .check = check_count},                                                         \
        .build = build_count,                                                                  \
        .update = update_##id,                                                                 \
        .result = count_result,                                                                \
        .counted = true,                                                                       \
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
