/* activation.c - Activation: one of keras.activations as a layer. */
#include "nn/layer.h"

#define FIELDS(F) F(OBJ, activation, REQUIRED, "activation", "Name of the function.")
KT_CONFIG(FIELDS);

/* Linear gives back what it gets, also a list. */
static void call(kt_layer *self, kt_call *c)
{
    const kt_value *activation = ((const config *)self->config)->activation;

    if (!kt_streq(kt_value_text(activation), "linear")) {
        c->out[0] = kt_layer_activate(c, activation, c->in[0]);
        return;
    }
    c->n_out = c->n_in < KT_MAX_IO ? c->n_in : KT_MAX_IO;
    for (int i = 0; i < c->n_out; i++)
        c->out[i] = c->in[i];
}

static const kt_layer_type type = {
    .cls = {.class_name = "Activation",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Applies an activation function."},
    .flags = KT_LAYER_MASKING | KT_LAYER_READY,
    .call = call,
    .sample = "Activation('relu'); Activation('softmax')",
    .sample_input = "(2, 3); (2, 3, 4)",
};

const kt_layer_type *const kt_layers_activation[] = {&type, NULL};
