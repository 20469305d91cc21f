/* pairs.c - functions of two numbers, element by element with broadcasting, that no fused kernel
 * has: of bits, divisors, and the next number of a format. */
#include "ops/shared.h"

#include <math.h>

static kt_status shape(kt_op_call *c)
{
    kt_misfit bad;

    if (!kt__broadcast(c, &bad))
        return kt_op_fail(c, bad.input, bad.axis, bad.expected, bad.received,
                          "Incompatible shapes: %s vs. %s", kt__shape_text(c->g, &c->in[0]->shape),
                          kt__shape_text(c->g, &c->in[1]->shape));
    c->out[0].dtype = c->in[0]->dtype;
    return KT_OK;
}

/* Only what is real has slopes: the next number moves with x. */
static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_sum_to(g, dy[0], &y->in[0]->shape);
}

static void reference(const kt_run *r)
{
    kt_walk w = kt__walk(&r->out[0].shape);

    kt__walk_broadcast(&w, &r->in[0].shape);
    kt__walk_broadcast(&w, &r->in[1].shape);
    for (int64_t i = 0; i < r->out[0].count; i++, kt__walk_next(&w))
        kt_pair_values(r->attr, 1, r->in[0].f64 + w.pos[0], r->in[1].f64 + w.pos[1],
                       r->out[0].f64 + i);
}

/* Whole numbers of each other dtype, by the functions that take them. */
static kt_node *sample_of(kt_sampler *s, kt_dtype dtype, kt_pair_fn fn)
{
    kt_shape shape = KT_SHAPE(s->size(s, 1, 9));
    kt_node *x = s->integer(s, shape, kt_dtype_is_unsigned(dtype) ? 0 : -100, 100);

    return kt_pair(s->g, fn, kt_cast(s->g, x, dtype),
                   kt_cast(s->g, s->integer(s, shape, 0, 40), dtype));
}

static kt_node *sample(kt_sampler *s, int variant)
{
    static const kt_dtype dtypes[] = {KT_I8, KT_U8, KT_I16, KT_U16, KT_U32, KT_I64, KT_U64};
    int64_t               m = s->size(s, 1, 5), n = s->size(s, 1, 9);
    kt_pair_fn            fn = (kt_pair_fn)(variant / 2);
    kt_shape              xs = variant % 2 ? KT_SHAPE(m, 1) : KT_SHAPE(m, n), zs = KT_SHAPE(m, n);
    int                   other = variant - 2 * KT_PA_COUNT;

    if (other >= (int)KT_COUNT(dtypes) * KT_PA_NEXTAFTER)
        return NULL;
    if (other >= 0)
        return sample_of(s, dtypes[other / KT_PA_NEXTAFTER], (kt_pair_fn)(other % KT_PA_NEXTAFTER));
    if (fn == KT_PA_NEXTAFTER)
        return kt_pair(s->g, fn, s->real(s, xs, -1, 1), s->real(s, zs, 2, 3));
    return kt_pair(s->g, fn, s->integer(s, xs, -40, 40), s->integer(s, zs, -5, 40));
}

static const kt_op_type type = {
    .name = "pair",
    .min_in = 2,
    .max_in = 2,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
    .no_gradient = 2,
};

kt_node *kt_pair(kt_graph *g, kt_pair_fn fn, kt_node *x, kt_node *z)
{
    kt_dtype     dtype = kt__common_dtype(x->dtype, z->dtype);
    kt_pair_attr a = {fn, dtype};

    return kt_emit(g, &type, &a, sizeof a, 2,
                   (kt_node *[]){kt_cast(g, x, dtype), kt_cast(g, z, dtype)});
}

const kt_op_type *const kt_ops_pairs[] = {&type, NULL};
