/* reduce.c - sum, mean, maximum, minimum and product over some axes. */
#include "ops/shared.h"

#include <math.h>

static kt_status shape(kt_op_call *c)
{
    const kt_reduce_attr *a = c->attr;
    const kt_shape       *x = &c->in[0]->shape;
    int                   rank = 0;

    c->out[0].dtype = c->in[0]->dtype;
    for (int i = 0; i < x->rank; i++) {
        if (!(a->axes & 1u << i))
            kt_from_axis(c, 0, rank++, 0, i);
        else if (a->keepdims)
            kt_from(c, 0, rank++, 1, KT_FROM_NOWHERE, -1, -1, -1);
    }
    c->out[0].shape.rank = rank;
    return KT_OK;
}

/* x's shape with 1 where it is reduced. */
static kt_shape kept_shape(const kt_shape *x, unsigned axes)
{
    kt_shape s = *x;

    for (int i = 0; i < s.rank; i++)
        if (axes & 1u << i)
            s.dim[i] = 1;
    return s;
}

/* How many elements each result is made of. */
static int64_t reduced_count(const kt_shape *x, unsigned axes)
{
    int64_t n = 1;

    for (int i = 0; i < x->rank; i++)
        if (axes & 1u << i)
            n *= x->dim[i];
    return n;
}

/* dy is shared by all elements that equal the result. */
static kt_node *extremum_gradient(kt_graph *g, kt_node *x, kt_node *y, kt_node *dy, unsigned axes)
{
    kt_node *equal = kt_cast(g, kt_binary(g, KT_BI_EQUAL, x, y), x->dtype);

    return kt_mul(g, equal, kt_div(g, dy, kt_reduce(g, KT_RE_SUM, equal, axes, true)));
}

/* The product of the others: y / x without zeros; with one zero, the rest there alone. */
static kt_node *product_gradient(kt_graph *g, kt_node *x, kt_node *y, kt_node *dy, unsigned axes)
{
    kt_node *zero = kt_scalar_as(g, 0, x->dtype), *one = kt_scalar_as(g, 1, x->dtype);
    kt_node *is_zero = kt_binary(g, KT_BI_EQUAL, x, zero);
    kt_node *zeros = kt_reduce(g, KT_RE_SUM, kt_cast(g, is_zero, x->dtype), axes, true);
    kt_node *filled = kt_select(g, is_zero, one, x);
    kt_node *rest = kt_reduce(g, KT_RE_PROD, filled, axes, true);
    kt_node *at_zero = kt_select(g, kt_binary(g, KT_BI_EQUAL, zeros, one), rest, zero);

    return kt_mul(g, dy, kt_select(g, is_zero, at_zero, kt_div(g, y, filled)));
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dys, kt_node **dx)
{
    const kt_reduce_attr *a = y->attr;
    kt_node              *x = y->in[0], *dy, *kept;
    kt_shape              shape_kept = kept_shape(&x->shape, a->axes);

    dy = kt_reshape(g, dys[0], shape_kept);
    kept = kt_reshape(g, y, shape_kept);
    switch (a->fn) {
    case KT_RE_SUM: dx[0] = kt_broadcast_to(g, dy, x->shape); break;
    case KT_RE_MEAN:
        dy = kt_mul_scalar(g, dy, 1.0 / (double)reduced_count(&x->shape, a->axes));
        dx[0] = kt_broadcast_to(g, dy, x->shape);
        break;
    case KT_RE_MAX:
    case KT_RE_MIN: dx[0] = extremum_gradient(g, x, kept, dy, a->axes); break;
    case KT_RE_PROD: dx[0] = product_gradient(g, x, kept, dy, a->axes); break;
    }
}

static double start(kt_reduce_fn fn)
{
    return fn == KT_RE_MAX ? -INFINITY : fn == KT_RE_MIN ? INFINITY : fn == KT_RE_PROD ? 1 : 0;
}

static double combine(kt_reduce_fn fn, double y, double x)
{
    switch (fn) {
    case KT_RE_MAX: return x > y || x != x ? x : y;
    case KT_RE_MIN: return x < y || x != x ? x : y;
    case KT_RE_PROD: return y * x;
    default: return y + x;
    }
}

/* Every element of x is added to its place in y, which stands still along the reduced axes. */
static void reference(const kt_run *r)
{
    const kt_reduce_attr *a = r->attr;
    const kt_buf         *x = &r->in[0], *y = &r->out[0];
    kt_shape              kept = kept_shape(&x->shape, a->axes);
    kt_walk               w = kt__walk(&x->shape);

    kt__walk_broadcast(&w, &kept);
    for (int64_t i = 0; i < y->count; i++)
        y->f64[i] = start(a->fn);
    for (int64_t i = 0; i < x->count; i++, kt__walk_next(&w))
        y->f64[w.pos[0]] = combine(a->fn, y->f64[w.pos[0]], x->f64[i]);
    if (a->fn == KT_RE_MEAN)
        for (int64_t i = 0; i < y->count; i++)
            y->f64[i] /= (double)reduced_count(&x->shape, a->axes);
}

/* For each function: each axis, pairs of them, all; half of the cases keep the axes. The last one
 * has more stretches of axes to keep and to reduce than fast kernels take. */
static kt_node *sample(kt_sampler *s, int variant)
{
    static const unsigned axes[] = {4, 1, 2, 5, 7, 6, 3};
    int                   n = (int)KT_COUNT(axes), which = variant % n;
    kt_shape              shape = KT_SHAPE(s->size(s, 1, 4), s->size(s, 1, 5), s->size(s, 1, 20));

    if (variant == 5 * n)
        return kt_reduce(s->g, KT_RE_SUM, s->real(s, KT_SHAPE(2, 3, 2, 3, 2), -1, 1), 1 | 4 | 16,
                         false);
    if (variant > 5 * n)
        return NULL;
    return kt_reduce(s->g, (kt_reduce_fn)(variant / n), s->real(s, shape, 0.5, 1.5), axes[which],
                     which % 2);
}

const kt_op_type kt_op_reduce = {
    .name = "reduce",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
};

kt_node *kt_reduce(kt_graph *g, kt_reduce_fn fn, kt_node *x, unsigned axes, bool keepdims)
{
    kt_reduce_attr attr = {fn, axes & ((1u << x->shape.rank) - 1), keepdims};

    if (fn == KT_RE_MEAN && !kt_dtype_is_float(x->dtype))
        x = kt_cast(g, x, g->floatx);
    else if (x->dtype == KT_BOOLEAN && (fn == KT_RE_SUM || fn == KT_RE_PROD))
        x = kt_cast(g, x, KT_I32);
    return attr.axes ? kt_emit(g, &kt_op_reduce, &attr, sizeof attr, 1, &x) : x;
}

kt_node *kt_sum_all(kt_graph *g, kt_node *x)
{
    return kt_reduce(g, KT_RE_SUM, x, ~0u, false);
}

kt_node *kt_mean_all(kt_graph *g, kt_node *x)
{
    return kt_reduce(g, KT_RE_MEAN, x, ~0u, false);
}

kt_node *kt_reduce_last(kt_graph *g, kt_reduce_fn fn, kt_node *x)
{
    if (x->shape.rank == 0)
        return x;
    return kt_reduce(g, fn, x, 1u << (x->shape.rank - 1), false);
}

kt_node *kt_sum_to(kt_graph *g, kt_node *x, const kt_shape *to)
{
    unsigned axes = 0;
    int      skip = x->shape.rank - to->rank;

    if (kt_is_poison(g, x) || kt_shape_equal(&x->shape, to))
        return x;
    for (int i = 0; i < x->shape.rank; i++)
        if (i < skip || (to->dim[i - skip] == 1 && x->shape.dim[i] != 1))
            axes |= 1u << i;
    return kt_reshape(g, kt_reduce(g, KT_RE_SUM, x, axes, false), *to);
}

const kt_op_type *const kt_ops_reduce[] = {&kt_op_reduce, NULL};
