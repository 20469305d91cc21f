/* dropout.c - Dropout: in training, sets a random share of the input to zero and scales the rest
 * up. */
#include "nn/layer.h"

#define FIELDS(F)                                                                           \
    F(ANY, rate, REQUIRED, "float", "Share that is dropped, in [0, 1].")                    \
    F(SHAPE, noise_shape, "None", "", "Shape of the mask; axes of 1 are dropped together.") \
    F(OPTINT, seed, "None", "kept", "Of the random numbers.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    const config *c = self->config;
    double        rate = 0;

    if (!kt_python_orders(self, c->rate, "<=", "int", KT_SECOND))
        return kt_layer_status(self);
    if (!kt_value_number(c->rate, &rate) || rate < 0 || rate > 1) {
        kt_str text = {0};
        kt_python_str(&text, c->rate);
        kt_layer_fail(
            self, KT_E_VALUE,
            "Invalid value received for argument `rate`. Expected a float value between 0 and 1. Received: rate=%s",
            kt_str_text(&text));
        kt_str_free(&text);
    } else if (rate > 0) {
        kt_make_seed(self, c->seed);
    }
    return kt_layer_status(self);
}

/* noise_shape's None stands for the input's own size. */
static kt_shape mask_shape(const config *c, const kt_shape *x)
{
    kt_shape s = *x;

    for (int i = 0; c->noise_shape.set && i < s.rank && i < c->noise_shape.v.rank; i++)
        if (c->noise_shape.v.dim[i] != KT_UNKNOWN)
            s.dim[i] = c->noise_shape.v.dim[i];
    return s;
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    kt_shape      mask = mask_shape(cfg, &x->shape);
    double        rate = 0;

    (void)kt_value_number(cfg->rate, &rate);
    return c->training && rate > 0 ? kt_drop(self, c, x, &mask, rate, cfg->seed) : x;
}

static const kt_layer_type type = {
    .cls = {.class_name = "Dropout",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Drops a random share of its input in training."},
    .flags = KT_LAYER_MASKING | KT_LAYER_READY | KT_LAYER_SAYS_INFERENCE,
    .check = check,
    .call1 = call,
    .sample = "Dropout(0.5); Dropout(0.2, seed=3, noise_shape=(None, 1))",
    .sample_input = "(2, 6); (3, 4)",
};

const kt_layer_type *const kt_layers_dropout[] = {&type, NULL};
