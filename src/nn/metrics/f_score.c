/* f_score.c - FBetaScore and F1Score: precision and recall in one number (van Rijsbergen, 1979). */
#include "nn/layer.h"
#include "nn/loss.h"

#define EPSILON 1e-7

#define FIELDS(F, default_name)                                                             \
    F(ANY, average, "None", "", "None: one score a class; 'micro', 'macro' or 'weighted'.") \
    F(ANY, beta, "1.0", "", "How much more recall counts than precision.")                  \
    F(ANY, threshold, "None", "", "None: the largest output of a row is its class.")        \
    KT_METRIC_FIELDS(F, default_name)
#define F_BETA(F) FIELDS(F, "fbeta_score")
KT_CONFIG(F_BETA);

/* F1Score has no beta: the same members, a row less. */
#define F_ONE(F)                                                                            \
    F(ANY, average, "None", "", "None: one score a class; 'micro', 'macro' or 'weighted'.") \
    F(ANY, threshold, "None", "", "None: the largest output of a row is its class.")        \
    KT_METRIC_FIELDS(F, "f1_score")
static const kt_field       f_one_fields[] = {F_ONE(KT_ROW)};
static const kt_config_type f_one_type = {sizeof(config), f_one_fields, KT_COUNT(f_one_fields)};

static bool is_float(const kt_value *v)
{
    return v && v->kind == KT_FLOAT;
}

static kt_status refuse(kt_fault *f, const char *argument, const char *rule, const kt_value *v,
                        bool type)
{
    kt_str text = {0};

    kt_python_str(&text, v);
    kt_raise(f, KT_E_VALUE, "Invalid `%s` argument value. %s Received: %s=%s%s%s%s", argument, rule,
             argument, kt_str_text(&text), type ? " of type '<class '" : "",
             type ? kt_python_type(v) : "", type ? "'>'" : "");
    kt_str_free(&text);
    return KT_E_VALUE;
}

static kt_status check_common(const config *c, kt_fault *f)
{
    const char *average = kt_value_text(c->average);
    double      t;

    if (!kt_is_none(c->average) && !kt_streq(average, "micro") && !kt_streq(average, "macro") &&
        !kt_streq(average, "weighted"))
        return refuse(f, "average", "Expected one of: {'macro', 'micro', 'weighted', None}.",
                      c->average, false);
    if (kt_is_none(c->threshold))
        return KT_OK;
    if (!is_float(c->threshold))
        return refuse(f, "threshold", "It should be a Python float.", c->threshold, true);
    if (!kt_value_number(c->threshold, &t) || t > 1 || t <= 0)
        return refuse(f, "threshold", "It should verify 0 < threshold <= 1.", c->threshold, false);
    return KT_OK;
}

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    const config *c = cfg;
    double        beta;

    (void)a;
    if (!is_float(c->beta))
        return refuse(f, "beta", "It should be a Python float.", c->beta, true);
    if (!kt_value_number(c->beta, &beta) || beta <= 0)
        return refuse(f, "beta", "It should be > 0.", c->beta, false);
    return check_common(c, f);
}

static kt_status check_one(kt_arena *a, void *cfg, kt_fault *f)
{
    (void)a;
    return check_common(cfg, f);
}

static kt_status build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    static const char *const names[] = {"true_positives", "false_positives", "false_negatives",
                                        "intermediate_weights"};
    const config            *c = m->object->config;
    bool                     micro = kt_streq(kt_value_text(c->average), "micro");

    if (y_pred->shape.rank != 2 || y_true->shape.rank != 2)
        return kt_raise(f, KT_E_VALUE,
                        "FBetaScore expects 2D inputs with shape (batch_size, output_dim). "
                        "Received input shapes: y_pred.shape=%s and y_true.shape=%s.",
                        kt_shape_text(&m->arena, &y_pred->shape),
                        kt_shape_text(&m->arena, &y_true->shape));
    for (size_t i = 0; i < KT_COUNT(names); i++)
        if (!kt_metric_state(m, names[i], kt_object_dtype(m->object),
                             KT_SHAPE(micro ? 1 : y_pred->shape.dim[1]), f))
            return f->e.status;
    return KT_OK;
}

static kt_node *chosen(kt_graph *g, const config *c, kt_node *pred)
{
    double t;

    if (kt_value_number(c->threshold, &t))
        return kt_cast(g, kt_binary(g, KT_BI_GREATER, pred, kt_scalar(g, t)), g->floatx);
    kt_node *most = kt_reduce(g, KT_RE_MAX, pred, 2, true);
    kt_node *solid = kt_binary(g, KT_BI_GREATER, kt_unary(g, KT_UN_ABS, pred), kt_scalar(g, 1e-9));
    return kt_cast(g, kt_binary(g, KT_BI_AND, kt_binary(g, KT_BI_GREATER_EQUAL, pred, most), solid),
                   g->floatx);
}

static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight)
{
    const config *c = m->object->config;
    bool          micro = kt_streq(kt_value_text(c->average), "micro");
    kt_node      *pred = chosen(g, c, y_pred), *label = kt_cast(g, y_true, g->floatx);
    kt_node      *one = kt_scalar(g, 1);
    kt_node      *part[] = {kt_mul(g, pred, label), kt_mul(g, pred, kt_sub(g, one, label)),
                            kt_mul(g, kt_sub(g, one, pred), label), label};
    if (weight)
        weight = kt_expand_dims(g, kt_cast(g, weight, g->floatx), 1);
    for (size_t i = 0; i < KT_COUNT(part) && !kt_graph_failed(g); i++) {
        kt_node *x = weight ? kt_mul(g, part[i], weight) : part[i];
        x = micro ? kt_reshape(g, kt_sum_all(g, x), KT_SHAPE(1))
                  : kt_reduce(g, KT_RE_SUM, x, 1, false);
        kt_metric_add(g, m, i, x);
    }
}

static double score_at(const kt_metric *m, int64_t i)
{
    double tp = kt_metric_at(m, 0, i), beta = 1;

    if (m->object->cls->config == &config_type)
        (void)kt_value_number(((const config *)m->object->config)->beta, &beta);
    double precision = tp / (tp + kt_metric_at(m, 1, i) + EPSILON);
    double recall = tp / (tp + kt_metric_at(m, 2, i) + EPSILON);
    double sum = beta * beta * precision + recall;
    return precision * recall / (sum + EPSILON) * (1 + beta * beta);
}

static void result(const kt_metric *m, double *out, int *n, int max)
{
    const config *c = m->object->config;
    const char   *average = kt_value_text(c->average);
    int64_t       classes = ((kt_variable *)m->state.at[0])->value->count;
    double        sum = 0, weights = 0;

    for (int64_t i = 0; i < classes; i++)
        weights += kt_metric_at(m, 3, i);
    for (int64_t i = 0; i < classes; i++) {
        if (!average && i < max)
            out[i] = score_at(m, i);
        sum += score_at(m, i) * (kt_streq(average, "weighted")
                                     ? kt_metric_at(m, 3, i) / (weights + EPSILON)
                                     : 1 / (double)classes);
    }
    *n = average ? 1 : (int)(classes < max ? classes : max);
    if (average)
        out[0] = sum;
}

static bool by_class(const kt_metric *m)
{
    return kt_is_none(((const config *)m->object->config)->average);
}

static const kt_metric_type f_beta = {
    .cls = {.class_name = "FBetaScore",
            .aliases = "f_beta_score",
            .module = "keras.metrics",
            .config = &config_type,
            .summary = "Weighted harmonic mean of precision and recall.",
            .check = check},
    .build = build,
    .update = update,
    .result = result,
    .list = by_class,
    .direction = 1,
};

static const kt_metric_type f_one = {
    .cls = {.class_name = "F1Score",
            .aliases = "f1_score",
            .module = "keras.metrics",
            .config = &f_one_type,
            .summary = "Harmonic mean of precision and recall.",
            .check = check_one},
    .build = build,
    .update = update,
    .result = result,
    .list = by_class,
    .direction = 1,
};

const kt_class *const kt_metrics_f_score[] = {&f_beta.cls, &f_one.cls, NULL};
