/* softmax.c - Softmax: exp(x) divided by its sum over one or several axes. */
#include "nn/layer.h"

#define FIELDS(F) F(ANY, axis, "-1", "int", "The axis, or several.")
KT_CONFIG(FIELDS);

static kt_node *exchange(kt_graph *g, kt_node *x, int a, int b)
{
    int perm[KT_MAX_RANK];

    for (int i = 0; i < x->shape.rank; i++)
        perm[i] = i == a ? b : i == b ? a : i;
    return a == b ? x : kt_transpose(g, x, perm);
}

/* exp(x - log(sum(exp(x)))) */
static kt_node *over_several(kt_graph *g, kt_node *x, unsigned axes)
{
    kt_node *most = kt_stop_gradient(g, kt_reduce(g, KT_RE_MAX, x, axes, true));
    kt_node *e = kt_unary(g, KT_UN_EXP, kt_sub(g, x, most));

    return kt_div(g, e, kt_reduce(g, KT_RE_SUM, e, axes, true));
}

static kt_node *softmax(kt_layer *self, kt_call *c, kt_node *x)
{
    const kt_value *v = ((const config *)self->config)->axis;
    size_t          n = kt_value_is_seq(v) ? v->n : 1;
    int             axis = -1;
    unsigned        axes = 0;

    for (size_t i = 0; i < n; i++) {
        const kt_value *item = kt_value_is_seq(v) ? v->items[i] : v;
        axis = kt_is_int(item) ? kt_axis(&x->shape, item->i) : -1;
        if (axis < 0)
            return kt_call_fail(self, c, KT_E_INVALID_ARGUMENT,
                                "`dim` must be in the range [%d, %d) where %d is the number of "
                                "dimensions in the input. Received: dim=%lld",
                                -x->shape.rank, x->shape.rank, x->shape.rank,
                                kt_is_int(item) ? (long long)item->i : 0LL);
        axes |= 1u << axis;
    }
    if (n == 0)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    if (n > 1)
        return over_several(c->g, x, axes);
    int                       last = x->shape.rank - 1;
    const kt_value            name = {.kind = KT_STR, .s = "softmax"};
    const kt_activation_type *f = kt_activation_find(&name, c->g->fault);
    kt_node                  *y = exchange(c->g, x, axis, last);
    return f ? exchange(c->g, kt_activate(c->g, f, y), axis, last) : c->g->poison;
}

static bool mask_fits(kt_layer *self, kt_call *c, const kt_node *x, const kt_node *mask)
{
    const kt_shape *m = &mask->shape, *in = &x->shape;
    bool            fits = true;

    for (int i = 1; i <= m->rank && i <= in->rank; i++)
        fits = fits && (kt_dim(m, -i) == 1 || kt_dim(m, -i) == kt_dim(in, -i));
    if (!fits)
        c->out[0] = kt_call_fail(
            self, c, KT_E_VALUE,
            "The `mask` must be broadcastable to `inputs`. Each mask dimension must be 1 or match "
            "the corresponding input dimension. Received: inputs.shape=%s, mask.shape=%s",
            kt_shape_text(&c->g->arena, in), kt_shape_text(&c->g->arena, m));
    return fits;
}

/* Masked elements get no share. */
static void call(kt_layer *self, kt_call *c)
{
    kt_node *x = c->in[0], *mask = c->mask ? c->mask[0] : NULL;

    c->out_mask[0] = mask;
    if (!c->t->eager) { /* Keras infers the shape without a look at the axis */
        c->out[0] = kt_stand_in(c, x, x->shape);
        return;
    }
    if (mask && !mask_fits(self, c, x, mask))
        return;
    if (mask) {
        mask = kt_cast(c->g, mask, KT_BOOLEAN);
        x = kt_select(c->g, mask, x, kt_scalar_as(c->g, -1e9, x->dtype));
    }
    c->out[0] = softmax(self, c, x);
    if (mask)
        c->out[0] = kt_select(c->g, mask, c->out[0], kt_scalar_as(c->g, 0, x->dtype));
}

static const kt_layer_type type = {
    .cls = {.class_name = "Softmax",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Positive numbers that add up to 1."},
    .flags = KT_LAYER_READY | KT_LAYER_FUNCTION | KT_LAYER_SAYS_MASK,
    .call = call,
    .sample = "Softmax(); Softmax(axis=1); Softmax(axis=(1, 2))",
    .sample_input = "(2, 3); (2, 3, 4); (2, 3, 2)",
};

const kt_layer_type *const kt_layers_softmax[] = {&type, NULL};
