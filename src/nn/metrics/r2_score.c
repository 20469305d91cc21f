/* r2_score.c - R2Score: the share of the variance that is explained. */
#include "nn/layer.h"
#include "nn/loss.h"

#include <math.h>

#define FIELDS(F)                                                                      \
    F(ANY, class_aggregation, "'uniform_average'", "",                                 \
      "'uniform_average', 'variance_weighted_average', or None: one score an output.") \
    F(INT, num_regressors, "0", "", "Of the adjusted score; 0: not adjusted.")         \
    KT_METRIC_FIELDS(F, "r2_score")
KT_CONFIG(FIELDS);

enum { SUM, SQUARES, ERRORS, COUNT, SAMPLES };

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    const config *c = cfg;
    const char   *how = kt_value_text(c->class_aggregation);
    kt_str        text = {0};

    (void)a;
    if (!kt_is_none(c->class_aggregation) && !kt_streq(how, "uniform_average") &&
        !kt_streq(how, "variance_weighted_average")) {
        kt_python_str(&text, c->class_aggregation);
        kt_raise(f, KT_E_VALUE,
                 "Invalid value for argument `class_aggregation`. Expected one of (None, "
                 "'uniform_average', 'variance_weighted_average'). Received: "
                 "class_aggregation=%s",
                 kt_str_text(&text));
        kt_str_free(&text);
    } else if (c->num_regressors < 0) {
        kt_raise(f, KT_E_VALUE,
                 "Invalid value for argument `num_regressors`. Expected a value >= 0. Received: "
                 "num_regressors=%lld",
                 (long long)c->num_regressors);
    }
    return f->e.status;
}

static kt_status build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    static const char *const names[] = {"sum", "squared_sum", "residual", "count", "num_samples"};
    int                      rank = y_pred->shape.rank;
    bool                     wide = rank == 2 &&
                (y_true->shape.rank == 2 || (y_true->shape.rank == 1 && y_pred->shape.dim[1] == 1));

    if (!wide)
        return kt_raise(f, KT_E_VALUE,
                        "R2Score expects 2D inputs with shape (batch_size, output_dim). Received "
                        "input shapes: y_pred.shape=%s and y_true.shape=%s.",
                        kt_shape_text(&m->arena, &y_pred->shape),
                        kt_shape_text(&m->arena, &y_true->shape));
    for (size_t i = 0; i < KT_COUNT(names); i++)
        if (!kt_metric_state(m, names[i], KT_F32, KT_SHAPE(i == SAMPLES ? 1 : y_pred->shape.dim[1]),
                             f))
            return f->e.status;
    return KT_OK;
}

static kt_node *over_rows(kt_graph *g, kt_node *x)
{
    return kt_reduce(g, KT_RE_SUM, x, 1, false);
}

static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight)
{
    y_true = kt_cast(g, y_true, g->floatx);
    kt_same_rank(g, &y_true, &y_pred, true);
    weight = weight ? kt_cast(g, weight, g->floatx) : kt_scalar(g, 1);
    if (!kt_graph_failed(g) && weight->shape.rank == 1)
        weight = kt_expand_dims(g, weight, 1);
    if (kt_graph_failed(g))
        return;
    weight = kt_broadcast_to(g, weight, y_true->shape);
    kt_node *weighted = kt_mul(g, y_true, weight);
    kt_node *error = kt_unary(g, KT_UN_SQUARE, kt_sub(g, y_true, y_pred));
    kt_node *part[] = {over_rows(g, weighted), over_rows(g, kt_mul(g, y_true, weighted)),
                       over_rows(g, kt_mul(g, error, weight)), over_rows(g, weight)};
    for (size_t i = 0; i < KT_COUNT(part); i++)
        kt_metric_add(g, m, i, part[i]);
    if (!kt_graph_failed(g))
        kt_metric_add(
            g, m, SAMPLES,
            kt_reshape(g, kt_scalar(g, (double)kt_shape_count(&y_true->shape)), KT_SHAPE(1)));
}

/* The score of output i; *total: its variance times the weights. In float32, as Keras, whose zeros
 * are those of rounding. */
static double score_at(const kt_metric *m, int64_t i, double *total)
{
    float sum = (float)kt_metric_at(m, SUM, i), mean = sum / (float)kt_metric_at(m, COUNT, i);
    float all = (float)kt_metric_at(m, SQUARES, i) - sum * mean;
    float score = 1 - (float)kt_metric_at(m, ERRORS, i) / all;

    *total = (double)all;
    return isinf(score) ? 0 : (double)score;
}

static double adjusted(const kt_metric *m, double score)
{
    double p = (double)((const config *)m->object->config)->num_regressors;
    double n = kt_metric_at(m, SAMPLES, 0);

    return p == 0 || p >= n - 1 ? score : 1 - (1 - score) * (n - 1) / (n - p - 1);
}

static void result(const kt_metric *m, double *out, int *n, int max)
{
    const char *how = kt_value_text(((const config *)m->object->config)->class_aggregation);
    int64_t     outputs = ((kt_variable *)m->state.at[SUM])->value->count;
    bool        by_variance = kt_streq(how, "variance_weighted_average");
    double      sum = 0, weights = 0, total;

    for (int64_t i = 0; i < outputs; i++) {
        double score = score_at(m, i, &total), weight = by_variance ? total : 1;
        if (!how && i < max)
            out[i] = adjusted(m, score);
        sum += score * weight;
        weights += weight;
    }
    *n = how ? 1 : (int)(outputs < max ? outputs : max);
    if (how)
        out[0] = adjusted(m, sum / weights);
}

static bool by_output(const kt_metric *m)
{
    return kt_is_none(((const config *)m->object->config)->class_aggregation);
}

static const kt_metric_type r2_score = {
    .cls = {.class_name = "R2Score",
            .aliases = "r2_score",
            .module = "keras.metrics",
            .config = &config_type,
            .summary = "The share of the variance that is explained.",
            .check = check},
    .build = build,
    .update = update,
    .result = result,
    .list = by_output,
    .direction = 1,
};

const kt_class *const kt_metrics_r2_score[] = {&r2_score.cls, NULL};
