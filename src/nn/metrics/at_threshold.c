/* at_threshold.c - the best of one rate over the thresholds at which another reaches a value:
 * SensitivityAtSpecificity, SpecificityAtSensitivity, PrecisionAtRecall, RecallAtPrecision. */
#include "nn/layer.h"
#include "nn/loss.h"

#define REST(F)                                                           \
    F(INT, num_thresholds, "200", "met: x <= 0", "How many thresholds.")  \
    F(OPTINT, class_id, "None", "kept: x[i]", "Look at this class only.") \
    KT_METRIC_FIELDS(F, "None")

/* The same for all four; only the first argument has a name of its own. */
typedef struct config {
    const kt_value *value;
    REST(KT_MEMBER)
} config;

static kt_status check(const config *c, const char *name, kt_fault *f)
{
    double bound;
    kt_str text = {0};

    if (!kt_value_number(c->value, &bound)) {
        kt_raise(f, KT_E_TYPE, "'<' not supported between instances of '%s' and 'int'",
                 kt_python_type(c->value));
    } else if (!(bound >= 0 && bound <= 1)) {
        kt_value_repr(&text, c->value);
        kt_raise(f, KT_E_VALUE, "Argument `%s` must be in the range [0, 1]. Received: %s=%s", name,
                 name, kt_str_text(&text));
        kt_str_free(&text);
    } else if (c->num_thresholds <= 0) {
        kt_raise(f, KT_E_VALUE,
                 "Argument `num_thresholds` must be an integer > 0. Received: num_thresholds=%lld",
                 (long long)c->num_thresholds);
    }
    return f->e.status == KT_OK ? kt_check_thresholds(c->num_thresholds, f) : f->e.status;
}

static kt_status build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    (void)y_true;
    (void)y_pred;
    return kt_counts_build(m, KT_SHAPE(((const config *)m->object->config)->num_thresholds), f);
}

static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight)
{
    const config *c = m->object->config;
    int64_t       n = c->num_thresholds;
    double       *t = kt_arena_calloc(&g->arena, (size_t)n + 1, sizeof *t);
    kt_counting   how = {.thresholds = t, .n = n, .even = n > 1};
    if (!t) {
        kt_raise_memory(g->fault);
        return;
    }
    for (int64_t i = 0; i < n; i++)
        t[i] = n > 1 ? (double)i / (double)(n - 1) : 0.5;
    kt_select_class(g, c->class_id, &y_true, &y_pred);
    kt_counts k = kt_count(g, &how, y_true, y_pred, weight);
    kt_counts_add(g, m, &k);
}

typedef enum rate { SENSITIVITY, SPECIFICITY, PRECISION } rate;

static double rate_at(const kt_metric *m, int64_t i, rate which)
{
    double tp = kt_metric_at(m, 0, i), tn = kt_metric_at(m, 1, i), fp = kt_metric_at(m, 2, i),
           fn = kt_metric_at(m, 3, i);
    double hit = which == SPECIFICITY ? tn : tp, other = which == SENSITIVITY ? fn : fp;

    return hit + other != 0 ? hit / (hit + other) : 0;
}

static void best(const kt_metric *m, rate wanted, rate bound, double *out, int *n)
{
    const config *c = m->object->config;
    double        least = 0;

    out[0] = 0;
    *n = 1;
    (void)kt_value_number(c->value, &least);
    for (int64_t i = 0; i < c->num_thresholds; i++)
        if (rate_at(m, i, bound) >= least && rate_at(m, i, wanted) > out[0])
            out[0] = rate_at(m, i, wanted);
}

#define AT(id, name, alias, argument, wanted, bound, words)                                     \
    static const kt_field       id##_fields[] = {{KT_F_ANY, argument, REQUIRED, "float",        \
                                                  "What the other rate must reach, in [0, 1].", \
                                                  offsetof(config, value), false},              \
                                                 REST(KT_ROW)};                                 \
    static const kt_config_type id##_config = {sizeof(config), id##_fields,                     \
                                               KT_COUNT(id##_fields)};                          \
    static kt_status            id##_check(kt_arena *a, void *cfg, kt_fault *f)                 \
    {                                                                                           \
        (void)a;                                                                                \
        return check(cfg, argument, f);                                                         \
    }                                                                                           \
    static void id##_result(const kt_metric *m, double *out, int *n, int max)                   \
    {                                                                                           \
        (void)max;                                                                              \
        best(m, wanted, bound, out, n);                                                         \
    }                                                                                           \
    static const kt_metric_type id = {                                                          \
        .cls = {.class_name = name,                                                             \
                .aliases = alias,                                                               \
                .module = "keras.metrics",                                                      \
                .config = &id##_config,                                                         \
                .summary = words,                                                               \
                .check = id##_check},                                                           \
        .build = build,                                                                         \
        .update = update,                                                                       \
        .result = id##_result,                                                                  \
        .counted = true,                                                                        \
        .direction = 1,                                                                         \
    };
AT(sensitivity, "SensitivityAtSpecificity", "sensitivity_at_specificity", "specificity",
   SENSITIVITY, SPECIFICITY, "The best sensitivity where the specificity is reached.")
AT(specificity, "SpecificityAtSensitivity", "specificity_at_sensitivity", "sensitivity",
   SPECIFICITY, SENSITIVITY, "The best specificity where the sensitivity is reached.")
AT(precision, "PrecisionAtRecall", "precision_at_recall", "recall", PRECISION, SENSITIVITY,
   "The best precision where the recall is reached.")
AT(recall, "RecallAtPrecision", "recall_at_precision", "precision", SENSITIVITY, PRECISION,
   "The best recall where the precision is reached.")

const kt_class *const kt_metrics_at_threshold[] = {&sensitivity.cls, &specificity.cls,
                                                   &precision.cls, &recall.cls, NULL};
