/* flatten.c - Flatten: all axes but the batch become one. */
#include "nn/layer.h"

#define FIELDS(F) \
    F(STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    return kt_check_data_format(self, &c->data_format);
}

/* [batch, a, b, ..] -> [batch, a * b * ..]; [batch] -> [batch, 1]. channels_first: channels go last
 * first. */
static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;

    if (x->shape.rank == 1)
        return kt_expand_dims(c->g, x, 1);
    if (kt_streq(cfg->data_format, "channels_first") && x->shape.rank > 1) {
        int perm[KT_MAX_RANK] = {0};
        for (int i = 1; i < x->shape.rank - 1; i++)
            perm[i] = i + 1;
        perm[x->shape.rank - 1] = 1;
        x = kt_transpose(c->g, x, perm);
    }
    return kt_flatten_from(c->g, x, 1);
}

static const kt_layer_type type = {
    .cls = {.class_name = "Flatten",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "All axes but the batch become one."},
    .input = {.min_ndim = 1, .dtype = -1},
    .check = check,
    .call1 = call,
    .sample = "Flatten(); Flatten(data_format='channels_first'); Flatten()",
    .sample_input = "(2, 3, 4); (2, 3, 2, 2); (3,)",
};

const kt_layer_type *const kt_layers_flatten[] = {&type, NULL};
