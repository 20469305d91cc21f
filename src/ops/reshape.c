/* reshape.c - the same numbers under another shape; no kernel, the result is the input's memory. */
#include "ops/shared.h"

/* Product of the known sizes (at most INT64_MAX); *unknown counts the others. */
static int64_t known_product(const kt_shape *s, int begin, int end, int *unknown)
{
    int64_t product = 1;

    *unknown = 0;
    for (int i = begin; i < end; i++) {
        if (s->dim[i] == KT_UNKNOWN)
            ++*unknown;
        else if (s->dim[i] > 0 && product > INT64_MAX / s->dim[i])
            product = INT64_MAX;
        else
            product *= s->dim[i];
    }
    return product;
}

static kt_status fail_count(kt_op_call *c, int64_t have, int64_t want, bool multiple)
{
    return kt_op_fail_tf(c, "Reshape", "", 0, -1, want, have,
                         "Input to reshape is a tensor with %lld values, but the requested shape "
                         "%s %lld",
                         (long long)have, multiple ? "requires a multiple of" : "has",
                         (long long)want);
}

/* The product of all sizes but those that are 0 or unknown. */
static int64_t product_but_zeros(const kt_shape *s)
{
    int64_t product = 1;

    for (int i = 0; i < s->rank; i++)
        product *= s->dim[i] > 0 ? s->dim[i] : 1;
    return product;
}

/* Fills in the one unknown size of `to` where all of x is known; fails where the counts differ. */
static kt_status resolve(kt_op_call *c, const kt_shape *x, kt_shape *to)
{
    int64_t have = kt_shape_count(x), want;
    int     unknown;

    want = known_product(to, 0, to->rank, &unknown);
    if (!kt_shape_known(x) || (unknown == 0 && have == want))
        return KT_OK;
    if (unknown > 1)
        return kt_op_fail_tf(c, "Reshape", "", -1, -1, KT_NO_FACT, KT_NO_FACT,
                             "Only one input size may be -1, not both");
    if (unknown == 0 || (want == 0 ? have != 0 : have % want != 0))
        return c->g->lenient ? KT_OK : fail_count(c, have, want, unknown > 0);
    for (int i = 0; i < to->rank; i++)
        if (to->dim[i] == KT_UNKNOWN)
            to->dim[i] = want ? have / want : product_but_zeros(x) / product_but_zeros(to);
    return KT_OK;
}

/* Whether axis i of both is the same axis: equal so far, and what follows can be equal too. */
static bool same_axis(const kt_shape *x, const kt_shape *to, int i)
{
    int     x_unknown, to_unknown;
    int64_t x_rest, to_rest;

    if (i >= x->rank || i >= to->rank || x->dim[i] != to->dim[i])
        return false;
    x_rest = known_product(x, i + 1, x->rank, &x_unknown);
    to_rest = known_product(to, i + 1, to->rank, &to_unknown);
    return to_unknown > 0 || (x_unknown == 0 && x_rest == to_rest);
}

/* Axes that both shapes share at their ends are copied; those between are products or the field's
 * sizes. */
static kt_status shape(kt_op_call *c)
{
    const kt_shape_attr *attr = c->attr;
    const kt_shape      *x = &c->in[0]->shape;
    kt_shape             to = attr->shape;
    int                  first = 0, last = 0;
    kt_status            status = resolve(c, x, &to);

    if (status != KT_OK)
        return status;
    while (same_axis(x, &to, first))
        first++;
    while (last < x->rank - first && last < to.rank - first &&
           kt_dim(&to, -1 - last) != KT_UNKNOWN && kt_dim(x, -1 - last) == kt_dim(&to, -1 - last))
        last++;

    c->out[0].dtype = c->in[0]->dtype;
    c->out[0].shape.rank = to.rank;
    for (int i = 0; i < to.rank; i++) {
        if (i < first)
            kt_from_axis(c, 0, i, 0, i);
        else if (i >= to.rank - last)
            kt_from_axis(c, 0, i, 0, i + x->rank - to.rank);
        else if (attr->field && attr->shape.dim[i] != KT_UNKNOWN)
            kt_from_field(c, 0, i, to.dim[i], attr->field);
        else
            kt_from(c, 0, i, to.dim[i], KT_FROM_PRODUCT, 0, first, x->rank - last);
    }
    return KT_OK;
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_reshape(g, dy[0], y->in[0]->shape);
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t a = s->size(s, 1, 4), b = s->size(s, 1, 5), c = s->size(s, 1, 6);

    switch (variant) {
    case 0: return kt_reshape(s->g, s->real(s, KT_SHAPE(a, b, c), -1, 1), KT_SHAPE(a * b, c));
    case 1: return kt_reshape(s->g, s->real(s, KT_SHAPE(a, b, c), -1, 1), KT_SHAPE(KT_UNKNOWN, b));
    case 2: return kt_reshape(s->g, s->real(s, KT_SHAPE(1), -1, 1), KT_SCALAR_SHAPE);
    case 3: return kt_reshape(s->g, s->real(s, KT_SHAPE(0, b), -1, 1), KT_SHAPE(b, 0));
    default: return NULL;
    }
}

const kt_op_type kt_op_reshape = {
    .name = "reshape",
    .min_in = 1,
    .max_in = 1,
    .flags = KT_OP_ALIAS,
    .shape = shape,
    .gradient = gradient,
    .sample = sample,
};

kt_node *kt_reshape_by(kt_graph *g, kt_node *x, kt_shape to, const char *field)
{
    kt_shape_attr attr = {to, field};

    return kt_emit(g, &kt_op_reshape, &attr, sizeof attr, 1, &x);
}

kt_node *kt_reshape(kt_graph *g, kt_node *x, kt_shape to)
{
    return kt_reshape_by(g, x, to, NULL);
}

kt_node *kt_flatten_from(kt_graph *g, kt_node *x, int axis)
{
    kt_shape to;

    if (kt_is_poison(g, x))
        return x;
    to = kt_shape_slice(&x->shape, 0, axis);
    to.dim[to.rank++] = kt_shape_product(&x->shape, axis, x->shape.rank);
    return kt_reshape(g, x, to);
}

kt_node *kt_expand_dims(kt_graph *g, kt_node *x, int axis)
{
    kt_shape to = x->shape;
    int      at = axis < 0 ? axis + to.rank + 1 : axis;

    if (kt_is_poison(g, x))
        return x;
    if (at < 0 || at > to.rank || to.rank == KT_MAX_RANK) {
        if (at >= 0 && at <= to.rank)
            kt_raise(g->fault, KT_E_VALUE, "the result has more than %d axes", KT_MAX_RANK);
        else
            kt_raise(g->fault, KT_E_VALUE,
                     "axis %d is out of bounds for an array with dimension %d.", axis, to.rank + 1);
        return g->poison;
    }
    for (int i = to.rank++; i > at; i--)
        to.dim[i] = to.dim[i - 1];
    to.dim[at] = 1;
    return kt_reshape(g, x, to);
}

kt_node *kt_squeeze(kt_graph *g, kt_node *x, int axis)
{
    kt_shape to = x->shape;
    int      at = kt_axis(&to, axis);

    if (at < 0 || (to.dim[at] != 1 && to.dim[at] != KT_UNKNOWN)) {
        kt_raise(g->fault, KT_E_VALUE, "Cannot squeeze axis=%d, because the dimension is not 1.",
                 axis);
        return g->poison;
    }
    to.rank--;
    for (int i = at; i < to.rank; i++)
        to.dim[i] = to.dim[i + 1];
    return kt_reshape(g, x, to);
}

const kt_op_type *const kt_ops_reshape[] = {&kt_op_reshape, NULL};
