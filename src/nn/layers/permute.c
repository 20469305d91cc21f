/* permute.c - Permute: the axes of each sample in another order. */
#include "nn/layer.h"

#define FIELDS(F) \
    F(ANY, dims, REQUIRED, "ints", "The axes in their new order, from 1; the batch stays first.")
KT_CONFIG(FIELDS);

/* Are the dims 1 to n, each once? */
static bool is_permutation(const kt_value *dims)
{
    unsigned seen = 0;

    if (!kt_value_is_seq(dims) || dims->n >= KT_MAX_RANK)
        return false;
    for (size_t i = 0; i < dims->n; i++) {
        double at = 0;
        if (!kt_is_int(dims->items[i]) || !kt_value_number(dims->items[i], &at) || at < 1 ||
            at > (double)dims->n)
            return false;
        seen |= 1u << (unsigned)at;
    }
    return seen == (2u << dims->n) - 2;
}

static kt_status check(kt_layer *self)
{
    const kt_value *dims = ((const config *)self->config)->dims;

    if (!kt_value_is_seq(dims) && (!dims || (dims->kind != KT_STR && dims->kind != KT_DICT)))
        return kt_layer_fail(self, KT_E_TYPE, "'%s' object is not iterable", kt_python_type(dims));
    if (!is_permutation(dims))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Invalid permutation argument `dims` for Permute Layer. The set of indices in "
            "`dims` must be consecutive and start from 1. Received dims=%s",
            kt_python_text(self, dims));
    self->n_spec = 1;
    self->spec[0].ndim = (int)dims->n + 1;
    return KT_OK;
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const kt_value *dims = ((const config *)self->config)->dims;
    int             perm[KT_MAX_RANK] = {0};

    kt_shape out = {.rank = (int)dims->n + 1, .dim = {kt_dim(&x->shape, 0)}};

    /* A declared model infers shapes without a look at the number of axes. */
    if (x->shape.rank < out.rank)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    for (size_t i = 0; i < dims->n; i++) {
        perm[i + 1] = (int)dims->items[i]->i;
        out.dim[i + 1] = x->shape.dim[perm[i + 1]];
    }
    if (x->shape.rank > out.rank)
        return kt_stand_in(c, x, out);
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
