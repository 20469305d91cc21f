/* activation.c - Activation: one of keras.activations as a layer. */
#include "nn/layer.h"

#define FIELDS(F) F(OBJ, activation, REQUIRED, "activation", "Name of the function.")
KT_CONFIG(FIELDS);

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    return kt_layer_activate(c, ((const config *)self->config)->activation, x);
}

static const kt_layer_type type = {
    .cls = {.class_name = "Activation",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Applies an activation function."},
    .flags = KT_LAYER_MASKING | KT_LAYER_READY,
    .call1 = call,
    .sample = "Activation('relu'); Activation('softmax')",
    .sample_input = "(2, 3); (2, 3, 4)",
};

const kt_layer_type *const kt_layers_activation[] = {&type, NULL};
