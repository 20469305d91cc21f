/* rescaling.c - Rescaling: x * scale + offset. */
#include "nn/layer.h"

#define FIELDS(F)                                                                 \
    F(ANY, scale, "None", "float, first", "Factor: a number or one per channel.") \
    F(ANY, offset, "0.0", "float", "Added after: a number or one per channel.")
KT_CONFIG(FIELDS);

/* A number, or a list as a vector for the last axis. */
static kt_node *constant(kt_call *c, const kt_value *v, kt_dtype d)
{
    double x = 0;

    if (!kt_value_is_seq(v)) {
        (void)kt_value_number(v, &x);
        return kt_scalar_as(c->g, x, d);
    }
    kt_tensor *t = kt_tensor_new(d, KT_SHAPE((int64_t)v->n));
    for (size_t i = 0; t && i < v->n; i++) {
        (void)kt_value_number(v->items[i], &x);
        kt_tensor_set(t, (int64_t)i, x);
    }
    return kt_constant(c->g, t);
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;

    x = kt_cast(c->g, x, self->dtype);
    /* Keras does not look at the sizes of scale and offset before there is data */
    if (!c->t->eager)
        return x;
    x = kt_mul(c->g, x, constant(c, cfg->scale, self->dtype));
    return kt_add(c->g, x, constant(c, cfg->offset, self->dtype));
}

static bool numbers(const kt_value *v)
{
    double x;

    for (size_t i = 0; kt_value_is_seq(v) && i < v->n; i++)
        if (!kt_value_number(v->items[i], &x))
            return false;
    return kt_value_is_seq(v) || kt_value_number(v, &x);
}

static kt_status check(kt_layer *self)
{
    const config *c = self->config;

    if (kt_is_none(c->scale))
        return kt_layer_fail(
            self, KT_E_TYPE,
            "Rescaling.__init__() missing 1 required positional argument: 'scale'");
    if (!numbers(c->scale) || !numbers(c->offset))
        return kt_layer_fail(self, KT_E_TYPE,
                             "Rescaling: `scale` and `offset` must be numbers or lists of numbers");
    return KT_OK;
}

static const kt_layer_type type = {
    .cls = {.class_name = "Rescaling",
            .needs = "scale|offset",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Multiplies by a scale and adds an offset."},
    .flags = KT_LAYER_MASKING,
    .check = check,
    .call1 = call,
    .sample = "Rescaling(1./255); Rescaling([0.5, 2.0, 1.0], offset=-1)",
    .sample_input = "(2, 3); (2, 3)",
};

const kt_layer_type *const kt_layers_rescaling[] = {&type, NULL};
