/* masking.c - Masking: steps whose features all have one value are masked, and become 0. */
#include "nn/layer.h"

#define FIELDS(F) F(FLOAT, mask_value, "0.0", "kept", "The value of steps that do not count.")
KT_CONFIG(FIELDS);

/* [batch, steps.., features] */
static void call(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *x = c->in[0];
    kt_node  *value = kt_scalar_as(g, ((const config *)self->config)->mask_value, x->dtype);
    kt_node  *counts = kt_cast(g, kt_binary(g, KT_BI_NOT_EQUAL, x, value), KT_F32);

    if (x->shape.rank == 0) { /* has no steps */
        c->out[0] = c->t->eager ? x
                                : kt_call_fail(self, c, KT_E_VALUE,
                                               "axis -1 is out of bounds for an array with "
                                               "dimension 0.");
        return;
    }
    kt_node *any = kt_cast(g, kt_reduce_last(g, KT_RE_MAX, counts), KT_BOOLEAN);
    c->out_mask[0] = any;
    c->out[0] = kt_select(g, kt_expand_dims(g, any, -1), x, kt_scalar_as(g, 0, x->dtype));
}

static const kt_layer_type type = {
    .cls = {.class_name = "Masking",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Masks the steps that hold nothing but one value."},
    .flags = KT_LAYER_READY,
    .call = call,
    .sample = "Masking(); Masking(mask_value=-1.0)",
    .sample_input = "(2, 3, 4); (2, 5)",
};

const kt_layer_type *const kt_layers_masking[] = {&type, NULL};
