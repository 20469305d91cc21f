/* permute.c - Permute: the axes of each sample in another order. */
#include "nn/layer.h"

#define FIELDS(F) \
    F(INTS, dims, REQUIRED, "", "The axes in their new order, from 1; the batch stays first.")
KT_CONFIG(FIELDS);

static bool is_permutation(const kt_ints *dims)
{
    unsigned seen = 0;

    for (int i = 0; i < dims->n; i++)
        if (dims->v[i] < 1 || dims->v[i] > dims->n)
            return false;
        else
            seen |= 1u << dims->v[i];
    return seen == (2u << dims->n) - 2;
}

static kt_status check(kt_layer *self)
{
    const config   *c = self->config;
    const kt_field *field = kt_config_find(self->type->cls.config, "dims");
    kt_str          text = {0};

    if (!is_permutation(&c->dims)) {
        kt_python_str(&text, kt_config_get(&self->arena, field, c));
        kt_layer_fail(
            self, KT_E_VALUE,
            "Invalid permutation argument `dims` for Permute Layer. The set of indices in "
            "`dims` must be consecutive and start from 1. Received dims=%s",
            kt_str_text(&text));
        kt_str_free(&text);
        return kt_layer_status(self);
    }
    self->n_spec = 1;
    self->spec[0].ndim = c->dims.n + 1;
    return KT_OK;
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    int           perm[KT_MAX_RANK] = {0};

    if (x->shape.rank != cfg->dims.n + 1)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    for (int i = 0; i < cfg->dims.n; i++)
        perm[i + 1] = (int)cfg->dims.v[i];
    return kt_transpose(c->g, x, perm);
}

static const kt_layer_type type = {
    .cls = {.class_name = "Permute",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "The axes of each sample in another order."},
    .flags = KT_LAYER_READY,
    .input = {.dtype = -1},
    .check = check,
    .call1 = call,
    .sample = "Permute((2, 1)); Permute((3, 1, 2))",
    .sample_input = "(2, 3, 4); (2, 3, 4, 2)",
};

const kt_layer_type *const kt_layers_permute[] = {&type, NULL};
