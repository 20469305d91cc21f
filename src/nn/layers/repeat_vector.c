/* repeat_vector.c - RepeatVector: the input n times along a new axis. */
#include "nn/layer.h"

#define FIELDS(F) F(ANY, n, REQUIRED, "int", "How many times.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    const kt_value *n = ((const config *)self->config)->n;

    if (!kt_is_int(n))
        return kt_layer_fail(self, KT_E_TYPE,
                             "Expected an integer value for `n`, got <class '%s'>.",
                             kt_python_type(n));
    if (n->i <= 0)
        return kt_layer_fail(self, KT_E_VALUE,
                             "Argument `n` should be a positive integer. Received: n=%lld",
                             (long long)n->i);
    return KT_OK;
}

/* [batch, features] -> [batch, n, features] */
static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    kt_shape      s = {3, {x->shape.dim[0], cfg->n->i, x->shape.dim[1]}};

    if (x->shape.rank != 2)
        return kt_stand_in(c, x, s);
    return kt_broadcast_to(c->g, kt_expand_dims(c->g, x, 1), s);
}

static const kt_layer_type type = {
    .cls = {.class_name = "RepeatVector",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Repeats its input along a new time axis."},
    .input = {.ndim = 2, .dtype = -1},
    .check = check,
    .call1 = call,
    .sample = "RepeatVector(3)",
    .sample_input = "(2, 4)",
};

const kt_layer_type *const kt_layers_repeat_vector[] = {&type, NULL};
