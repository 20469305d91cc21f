/* piecewise.c - activations made of pieces, each chosen by comparing x. */
#include "nn/nn.h"

/* cond(x, at) ? yes : no */
static kt_node *where(kt_graph *g, kt_binary_fn test, kt_node *x, double at, kt_node *yes,
                      kt_node *no)
{
    return kt_select(g, kt_binary(g, test, x, kt_scalar_as(g, at, x->dtype)), yes, no);
}

static kt_node *number(kt_graph *g, double v, const kt_node *like)
{
    return kt_scalar_as(g, v, like->dtype);
}

/* The slope is 0 at both ends, as TensorFlow's: no clip, whose slope there is 1. */
static kt_node *apply_relu6(kt_graph *g, kt_node *x)
{
    kt_node *y = kt_unary(g, KT_UN_RELU, x);
    return where(g, KT_BI_LESS, y, 6, y, number(g, 6, x));
}

static kt_node *apply_hard_silu(kt_graph *g, kt_node *x)
{
    return kt_mul(g, x, kt_unary(g, KT_UN_HARD_SIGMOID, x));
}

/* hard_sigmoid as it was up to Keras 2.15; its slope is 0 at both ends. */
static kt_node *apply_hard_sigmoid_keras2(kt_graph *g, kt_node *x)
{
    kt_node *line = kt_add_scalar(g, kt_mul_scalar(g, x, 0.2), 0.5);
    kt_node *upper = where(g, KT_BI_GREATER, x, 2.5, number(g, 1, x), line);
    return where(g, KT_BI_LESS, x, -2.5, number(g, 0, x), upper);
}

static kt_node *apply_hard_shrink(kt_graph *g, kt_node *x)
{
    return where(g, KT_BI_GREATER, kt_unary(g, KT_UN_ABS, x), 0.5, x, number(g, 0, x));
}

static kt_node *apply_soft_shrink(kt_graph *g, kt_node *x)
{
    kt_node *low = where(g, KT_BI_LESS, x, -0.5, kt_add_scalar(g, x, 0.5), number(g, 0, x));
    return where(g, KT_BI_GREATER, x, 0.5, kt_add_scalar(g, x, -0.5), low);
}

/* The parabola (x + 1)^2 / 4 joins 0 to x. */
static kt_node *apply_sparse_plus(kt_graph *g, kt_node *x)
{
    kt_node *square = kt_unary(g, KT_UN_SQUARE, kt_add_scalar(g, x, 1));
    kt_node *upper = where(g, KT_BI_LESS, x, 1, kt_mul_scalar(g, square, 0.25), x);
    return where(g, KT_BI_LESS_EQUAL, x, -1, number(g, 0, x), upper);
}

static kt_node *apply_sparse_sigmoid(kt_graph *g, kt_node *x)
{
    kt_node *line = kt_mul_scalar(g, kt_add_scalar(g, x, 1), 0.5);
    kt_node *upper = where(g, KT_BI_GREATER_EQUAL, x, 1, number(g, 1, x), line);
    return where(g, KT_BI_LESS_EQUAL, x, -1, number(g, 0, x), upper);
}

/* Keras has it by name, but a name cannot carry its two arguments: only data show that. */
static kt_node *apply_threshold(kt_graph *g, kt_node *x)
{
    if (kt_is_poison(g, x) || !kt_shape_known(&x->shape))
        return x;
    kt_raise(g->fault, KT_E_TYPE,
             "threshold() missing 2 required positional arguments: 'threshold' and "
             "'default_value'");
    return g->poison;
}

#define ACTIVATION(name, other_names, sentence)     \
    static const kt_activation_type name##_type = { \
        .cls = {.class_name = #name,                \
                .aliases = other_names,             \
                .module = "keras.activations",      \
                .config = &kt_no_config,            \
                .summary = sentence},               \
        .fn = {.fn = KT_UN_IDENTITY},               \
        .apply = apply_##name,                      \
    };

ACTIVATION(relu6, NULL, "x, but at least 0 and at most 6.")
ACTIVATION(hard_silu, "hard_swish", "x hard_sigmoid(x).")

/* Keras has none of this name, so that it refuses a file with it instead of computing another. */
static const kt_activation_type hard_sigmoid_keras2_type = {
    .cls = {.class_name = "hard_sigmoid_keras2",
            .module = "keratin.activations",
            .config = &kt_no_config,
            .summary = "x / 5 + 0.5 between 0 and 1: hard_sigmoid in files of Keras 1 and 2."},
    .fn = {.fn = KT_UN_IDENTITY},
    .apply = apply_hard_sigmoid_keras2,
};

ACTIVATION(hard_shrink, NULL, "x where |x| is above 0.5, else 0.")
ACTIVATION(soft_shrink, NULL, "x moved towards 0 by 0.5, 0 between.")
ACTIVATION(sparse_plus, NULL, "0 up to -1, x from 1 on, a parabola between.")
ACTIVATION(sparse_sigmoid, NULL, "(x + 1) / 2, but at least 0 and at most 1.")
ACTIVATION(threshold, NULL, "x where it is above a threshold, else a default value.")

const kt_class *const kt_activations_piecewise[] = {
    &relu6_type.cls,          &hard_silu_type.cls,   &hard_sigmoid_keras2_type.cls,
    &hard_shrink_type.cls,    &soft_shrink_type.cls, &sparse_plus_type.cls,
    &sparse_sigmoid_type.cls, &threshold_type.cls,   NULL,
};
