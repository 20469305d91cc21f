/* bincount.c - how often each number in [0, depth) stands in the last axis: [.., n] -> [.., depth].
 * Numbers beyond are passed over, and one below 0 is refused. With weights of the same shape, each
 * counts as much as its weight says; binary: 1 where there is any.
 */
#include "ops/shared.h"

static kt_status shape(kt_op_call *c)
{
    const kt_bincount_attr *a = c->attr;
    int                     last = c->in[0]->shape.rank - 1;

    if (last < 0)
        return kt_op_fail(c, 0, -1, KT_NO_FACT, KT_NO_FACT, "bincount: no axis to count along");
    kt_like(c, 0, 0);
    kt_from(c, 0, last, a->depth, KT_FROM_NOWHERE, -1, -1, -1);
    c->out[0].dtype = c->g->floatx;
    return KT_OK;
}

static void reference(const kt_run *r)
{
    const kt_bincount_attr *a = r->attr;
    const kt_shape         *s = &r->in[0].shape;
    int64_t                 n = s->dim[s->rank - 1];
    double                 *y = r->out[0].f64;

    for (int64_t i = 0; i < r->out[0].count; i++)
        y[i] = 0;
    for (int64_t i = 0; i < r->in[0].count; i++) {
        int64_t at = (int64_t)r->in[0].f64[i];
        double *to = y + i / n * a->depth + at;

        if (at < 0)
            kt_refuse(r, &r->in[0], i, at, a->depth);
        else if (at < a->depth)
            *to = a->binary ? 1 : *to + (r->n_in > 1 ? r->in[1].f64[i] : 1);
    }
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t a = s->size(s, 1, 4), b = s->size(s, 1, 9), depth = s->size(s, 1, 9);

    switch (variant) {
    case 0:
        return kt_bincount(s->g, s->integer(s, KT_SHAPE(a, b), 0, depth + 2), NULL, depth, false);
    case 1: return kt_bincount(s->g, s->integer(s, KT_SHAPE(b), 0, depth), NULL, depth, true);
    case 2:
        return kt_bincount(s->g, s->integer(s, KT_SHAPE(a, b), 0, depth + 1),
                           kt_cast(s->g, s->integer(s, KT_SHAPE(a, b), -3, 4), s->g->floatx), depth,
                           false);
    case 3: return kt_bincount(s->g, s->integer(s, KT_SHAPE(a, 0), 0, 1), NULL, depth, false);
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "bincount",
    .min_in = 1,
    .max_in = 2,
    .shape = shape,
    .reference = reference,
    .sample = sample,
    .no_gradient = 3,
};

kt_node *kt_bincount(kt_graph *g, kt_node *x, kt_node *weight, int64_t depth, bool binary)
{
    kt_bincount_attr a = {depth, binary};

    if (!kt_dtype_is_int(x->dtype))
        x = kt_cast(g, x, KT_I32);
    if (weight)
        weight = kt_cast(g, weight, g->floatx);
    return kt_emit(g, &type, &a, sizeof a, weight ? 2 : 1, (kt_node *[]){x, weight});
}

const kt_op_type *const kt_ops_bincount[] = {&type, NULL};
