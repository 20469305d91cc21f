/* view.c - the bytes of an array as numbers of another dtype: the last axis has fewer of the wider
 * ones. Neither dtype is of 64 bits but float64: a double does not hold their integers. */
#include "ops/shared.h"

static kt_status shape(kt_op_call *c)
{
    const kt_bytes_attr *a = c->attr;
    const kt_shape      *x = &c->in[0]->shape;
    int64_t              from = (int64_t)kt_dtype_size(a->from), to = (int64_t)kt_dtype_size(a->to);
    int                  last = x->rank - 1;

    kt_like(c, 0, 0);
    c->out[0].dtype = a->to;
    if (from == to)
        return KT_OK;
    if (last < 0 || (x->dim[last] != KT_UNKNOWN && x->dim[last] * from % to != 0))
        return kt_op_fail(
            c, 0, last, KT_NO_FACT, KT_NO_FACT,
            "Cannot view array of shape %s and dtype %s as dtype %s because the total "
            "number of bytes is not divisible by the new itemsize.",
            kt_shape_text(&c->g->arena, x), kt_dtype_name(a->from), kt_dtype_name(a->to));
    kt_from(c, 0, last, x->dim[last] == KT_UNKNOWN ? KT_UNKNOWN : x->dim[last] * from / to,
            KT_FROM_WINDOW, 0, last, 0);
    return KT_OK;
}

static void reference(const kt_run *r)
{
    const kt_bytes_attr *a = r->attr;
    size_t               from = kt_dtype_size(a->from), to = kt_dtype_size(a->to);
    int64_t              wide = (int64_t)(from > to ? from : to);
    int64_t              reads = wide / (int64_t)from, writes = wide / (int64_t)to;
    double               bytes = 0;

    for (int64_t i = 0; i * reads < r->in[0].count; i++) {
        for (int64_t k = 0; k < reads; k++)
            kt_poke(&bytes, a->from, k, r->in[0].f64[i * reads + k]);
        for (int64_t k = 0; k < writes; k++)
            r->out[0].f64[i * writes + k] = kt_peek(&bytes, a->to, k);
    }
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t a = s->size(s, 1, 4), b = s->size(s, 1, 5);

    switch (variant) {
    case 0: return kt_bytes_as(s->g, s->integer(s, KT_SHAPE(a, b), -90, 90), KT_U8);
    case 1:
        return kt_bytes_as(s->g, kt_bytes_as(s->g, s->integer(s, KT_SHAPE(b), -9, 9), KT_U8),
                           KT_I32);
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "view",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .reference = reference,
    .sample = sample,
    .no_gradient = 1,
};

kt_node *kt_bytes_as(kt_graph *g, kt_node *x, kt_dtype to)
{
    kt_bytes_attr a = {x->dtype, to};

    return x->dtype == to ? x : kt_emit(g, &type, &a, sizeof a, 1, &x);
}

const kt_op_type *const kt_ops_view[] = {&type, NULL};
