/* axis.c - activations that look at the whole last axis. */
#include "nn/nn.h"

static kt_node *apply_softmax(kt_graph *g, kt_node *x)
{
    return kt_softmax(g, x, -1);
}

static kt_node *apply_log_softmax(kt_graph *g, kt_node *x)
{
    return kt_log_softmax(g, x, -1);
}

/* a sigmoid(b), where a and b are the halves of the axis. */
static kt_node *apply_glu(kt_graph *g, kt_node *x)
{
    int64_t size = kt_dim(&x->shape, -1), half = size / 2;

    if (kt_is_poison(g, x) || size == KT_UNKNOWN)
        return x;
    if (size % 2 != 0) {
        kt_raise(g->fault, KT_E_VALUE,
                 "axis size must be divisible by 2. Received: x.shape=%s with axis=-1",
                 kt_shape_text(&g->arena, &x->shape));
        return g->poison;
    }
    int axis = x->shape.rank - 1;
    return kt_mul(g, kt_slice_axis(g, x, axis, 0, half),
                  kt_unary(g, KT_UN_SIGMOID, kt_slice_axis(g, x, axis, half, half)));
}

/* max(x - tau, 0). As Keras 3.15 computes tau: from the sum of the running sums over the largest
 * values that stay above it (Martins and Astudillo 2016 take the last of these sums only). */
static kt_node *apply_sparsemax(kt_graph *g, kt_node *x)
{
    if (kt_is_poison(g, x))
        return x;
    unsigned last = 1u << (x->shape.rank > 0 ? x->shape.rank - 1 : 0);
    kt_node *sorted = kt_sort(g, x, -1, true), *sums = kt_cumsum(g, sorted, -1, false);
    kt_node *one = kt_cast(g, kt_binary(g, KT_BI_EQUAL, sorted, sorted), x->dtype);
    kt_node *rank = kt_cumsum(g, one, -1, false); /* 1, 2, ... */
    kt_node *zero = kt_scalar_as(g, 0, x->dtype);
    kt_node *mean = kt_div(g, kt_add_scalar(g, sums, -1), rank);
    kt_node *support = kt_binary(g, KT_BI_GREATER, kt_sub(g, sorted, mean), zero);
    kt_node *count = kt_reduce(g, KT_RE_SUM, kt_cast(g, support, x->dtype), last, true);
    kt_node *total = kt_reduce(g, KT_RE_SUM, kt_select(g, support, sums, zero), last, true);
    kt_node *tau = kt_div(g, kt_add_scalar(g, total, -1), count);

    return kt_binary(g, KT_BI_MAXIMUM, kt_sub(g, x, tau), zero);
}

#define ACTIVATION(name, sentence)                  \
    static const kt_activation_type name##_type = { \
        .cls = {.class_name = #name,                \
                .module = "keras.activations",      \
                .config = &kt_no_config,            \
                .summary = sentence},               \
        .fn = {.fn = KT_UN_IDENTITY},               \
        .apply = apply_##name,                      \
        .reshapes = apply_##name == apply_glu,      \
    };

ACTIVATION(softmax, "exp(x) divided by its sum over the last axis.")
ACTIVATION(log_softmax, "The logarithm of softmax(x).")
ACTIVATION(sparsemax, "Probabilities of which many are exactly 0.")
ACTIVATION(glu, "The first half of the last axis, gated by the second.")

const kt_class *const kt_activations_axis[] = {
    &softmax_type.cls, &log_softmax_type.cls, &sparsemax_type.cls, &glu_type.cls, NULL,
};
