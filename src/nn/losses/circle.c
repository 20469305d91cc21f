/* circle.c - Circle: embeddings of one class together, those of others apart (Sun et al., 2020). */
#include <math.h>

#include "nn/loss.h"

#define FIELDS(F)                                                                              \
    F(FLOAT, gamma, "80.0", "kept: -1 * x", "What distances are multiplied by.")               \
    F(FLOAT, margin, "0.4", "kept: 1 + x", "How far the distances may be from the best ones.") \
    F(BOOL, remove_diagonal, "True", "", "A sample is no pair with itself.")                   \
    KT_LOSS_FIELDS(F, "circle")
KT_CONFIG(FIELDS);

/* 1 where two of the batch have one label: [batch, batch], without the diagonal if so asked. */
static kt_node *same_label(kt_graph *g, const config *c, kt_node *label)
{
    int64_t  n = kt_shape_count(&label->shape);
    kt_node *row = kt_reshape(g, label, KT_SHAPE(1, n)),
            *column = kt_reshape(g, label, KT_SHAPE(n, 1));
    kt_node *same = kt_cast(g, kt_binary(g, KT_BI_EQUAL, column, row), g->floatx);

    if (!c->remove_diagonal || n == KT_UNKNOWN || kt_graph_failed(g)) /* unknown: only shapes */
        return same;
    kt_tensor *others = kt_tensor_new(g->floatx, KT_SHAPE(n, n));
    for (int64_t i = 0; others && i < n * n; i++)
        kt_tensor_set(others, i, i % (n + 1) != 0);
    return kt_mul(g, same, kt_constant(g, others));
}

/* log(sum(exp(x))) over the pairs that count, which are not 0 in `pairs`; minus infinity without
 * any. */
static kt_node *log_sum(kt_graph *g, kt_node *x, kt_node *pairs)
{
    kt_node *counts = kt_cast(g, pairs, KT_BOOLEAN);
    kt_node *most = kt_select(g, counts, x, kt_scalar(g, -HUGE_VAL));

    most = kt_stop_gradient(g, kt_reduce(g, KT_RE_MAX, most, 1u << 1, true));
    most = kt_select(g, kt_unary(g, KT_UN_IS_INF, most), kt_scalar(g, 0), most);
    kt_node *parts = kt_select(g, counts, kt_unary(g, KT_UN_EXP, kt_sub(g, x, most)),
                               kt_scalar(g, 0));
    kt_node *total = kt_reduce_last(g, KT_RE_SUM, parts);
    kt_node *none = kt_binary(g, KT_BI_EQUAL, total, kt_scalar(g, 0));
    kt_node *log = kt_unary(g, KT_UN_LOG, kt_select(g, none, kt_scalar(g, 1), total));
    return kt_select(g, none, kt_scalar(g, -HUGE_VAL),
                     kt_add(g, log, kt_reduce_last(g, KT_RE_SUM, most)));
}

/* Distances of pairs, weighted by how far they are from their best value. */
static kt_node *weighted(kt_graph *g, kt_node *distance, kt_node *pairs, double sign,
                         double optimum, double delta)
{
    kt_node *far = kt_mul(g, kt_add_scalar(g, kt_mul_scalar(g, distance, sign), optimum), pairs);

    far = kt_unary(g, KT_UN_RELU, far);
    return kt_mul(g, far, kt_sub(g, kt_scalar(g, delta), distance));
}

static kt_node *call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    const config *c = cfg;

    if (!kt_graph_failed(g) && y_pred->shape.rank != 2)
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT,
                 "In[0] and In[1] must have compatible batch dimensions: outputs of shape %s",
                 kt_shape_text(&g->arena, &y_pred->shape));
    if (kt_graph_failed(g))
        return g->poison;
    kt_node *positive = same_label(g, c, kt_cast(g, y_true, KT_I32));
    kt_node *all = same_label(g, &(config){.remove_diagonal = false}, kt_cast(g, y_true, KT_I32));
    kt_node *negative = kt_sub(g, kt_scalar(g, 1), all);
    kt_node *cosine = kt_matmul(g, y_pred, y_pred, false, true);
    kt_node *distance = kt_unary(g, KT_UN_RELU, kt_sub(g, kt_scalar(g, 1), cosine));
    kt_node *near = weighted(g, distance, positive, 1, c->margin, c->margin);
    kt_node *far = weighted(g, distance, negative, -1, 1 + c->margin, 1 - c->margin);

    near = log_sum(g, kt_mul_scalar(g, near, -c->gamma), positive);
    far = log_sum(g, kt_mul_scalar(g, far, c->gamma), negative);
    return kt_unary(g, KT_UN_SOFTPLUS, kt_add(g, near, far));
}

static kt_node *valid(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *values)
{
    (void)cfg;
    (void)y_true;
    return kt_binary(g, KT_BI_GREATER, values, kt_scalar(g, 0));
}

static const kt_loss_type circle = {
    .cls = {.class_name = "Circle",
            .aliases = "circle",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Embeddings of one class together, those of others apart.",
            .dropped = "dtype"},
    .fn_name = "circle",
    .call = call,
    .valid = valid,
};

const kt_class *const kt_losses_circle[] = {&circle.cls, NULL};
