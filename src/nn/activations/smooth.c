/* smooth.c - smooth activations that are compositions of scalar functions; fusion makes one loop
 * of each. */
#include "nn/nn.h"

/* alpha and scale keep mean and variance of a layer's values (Klambauer et al. 2017). */
static kt_node *apply_selu(kt_graph *g, kt_node *x)
{
    kt_unary_attr elu = {KT_UN_ELU, 1.6732632423543772848170429916717, 0};
    return kt_mul_scalar(g, kt_unary_with(g, elu, x), 1.0507009873554804934193349852946);
}

static kt_node *apply_mish(kt_graph *g, kt_node *x)
{
    return kt_mul(g, x, kt_unary(g, KT_UN_TANH, kt_unary(g, KT_UN_SOFTPLUS, x)));
}

/* (x + sqrt(x^2 + 4)) / 2 */
static kt_node *apply_squareplus(kt_graph *g, kt_node *x)
{
    kt_node *root = kt_unary(g, KT_UN_SQRT, kt_add_scalar(g, kt_unary(g, KT_UN_SQUARE, x), 4));
    return kt_mul_scalar(g, kt_add(g, x, root), 0.5);
}

static kt_node *apply_tanh_shrink(kt_graph *g, kt_node *x)
{
    return kt_sub(g, x, kt_unary(g, KT_UN_TANH, x));
}

static kt_node *apply_log_sigmoid(kt_graph *g, kt_node *x)
{
    kt_node *minus = kt_unary(g, KT_UN_NEG, x);
    return kt_unary(g, KT_UN_NEG, kt_unary(g, KT_UN_SOFTPLUS, minus));
}

#define ACTIVATION(name, sentence)                  \
    static const kt_activation_type name##_type = { \
        .cls = {.class_name = #name,                \
                .module = "keras.activations",      \
                .config = &kt_no_config,            \
                .summary = sentence},               \
        .fn = {.fn = KT_UN_IDENTITY},               \
        .apply = apply_##name,                      \
    };

ACTIVATION(selu, "elu, scaled so that mean and variance stay.")
ACTIVATION(mish, "x tanh(softplus(x)).")
ACTIVATION(squareplus, "(x + sqrt(x^2 + 4)) / 2.")
ACTIVATION(tanh_shrink, "x - tanh(x).")
ACTIVATION(log_sigmoid, "The logarithm of sigmoid(x).")

const kt_class *const kt_activations_smooth[] = {
    &selu_type.cls,        &mish_type.cls,        &squareplus_type.cls,
    &tanh_shrink_type.cls, &log_sigmoid_type.cls, NULL,
};
