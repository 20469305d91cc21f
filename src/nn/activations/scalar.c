/* scalar.c - activations that are one row of KT_UNARY_LIST: fused kernels and the gates of
 * recurrent layers take them as they are. */
#include "nn/nn.h"

#define ACTIVATION(name, other_names, sentence, ...) \
    static const kt_activation_type name##_type = {  \
        .cls = {.class_name = #name,                 \
                .aliases = other_names,              \
                .module = "keras.activations",       \
                .config = &kt_no_config,             \
                .summary = sentence},                \
        .fn = {__VA_ARGS__},                         \
    };

ACTIVATION(linear, NULL, "x itself.", KT_UN_IDENTITY, 0, 0)
ACTIVATION(relu, NULL, "max(x, 0).", KT_UN_RELU, 0, 0)
ACTIVATION(leaky_relu, NULL, "x where it is positive, else 0.2 x.", KT_UN_LEAKY_RELU, 0.2, 0)
ACTIVATION(elu, NULL, "x where it is positive, else exp(x) - 1.", KT_UN_ELU, 1, 0)
ACTIVATION(celu, NULL, "x where it is positive, else exp(x) - 1.", KT_UN_ELU, 1, 0)
ACTIVATION(softplus, NULL, "log(1 + exp(x)).", KT_UN_SOFTPLUS, 0, 0)
ACTIVATION(softsign, NULL, "x / (1 + |x|).", KT_UN_SOFTSIGN, 0, 0)
ACTIVATION(silu, "swish", "x sigmoid(x).", KT_UN_SILU, 0, 0)
ACTIVATION(gelu, NULL, "x times the normal distribution up to x.", KT_UN_GELU, 0, 0)
ACTIVATION(tanh, NULL, "The hyperbolic tangent.", KT_UN_TANH, 0, 0)
ACTIVATION(hard_tanh, NULL, "x, but at least -1 and at most 1.", KT_UN_CLIP, -1, 1)
ACTIVATION(sigmoid, NULL, "1 / (1 + exp(-x)).", KT_UN_SIGMOID, 0, 0)
ACTIVATION(hard_sigmoid, NULL, "x / 6 + 0.5 between 0 and 1.", KT_UN_HARD_SIGMOID, 0, 0)
ACTIVATION(exponential, NULL, "exp(x).", KT_UN_EXP, 0, 0)

const kt_class *const kt_activations_scalar[] = {
    &linear_type.cls,       &relu_type.cls,        &leaky_relu_type.cls,
    &elu_type.cls,          &celu_type.cls,        &softplus_type.cls,
    &softsign_type.cls,     &silu_type.cls,        &gelu_type.cls,
    &tanh_type.cls,         &hard_tanh_type.cls,   &sigmoid_type.cls,
    &hard_sigmoid_type.cls, &exponential_type.cls, NULL,
};
