/* one_hot.c - [..] of integers -> [.., depth] with a one at each; zeros where the integer is out
 * of range. */
#include "ops/shared.h"

static kt_status shape(kt_op_call *c)
{
    const kt_one_hot_attr *a = c->attr;
    int                    rank = c->in[0]->shape.rank;

    if (rank == KT_MAX_RANK)
        return kt_op_fail(c, 0, -1, KT_MAX_RANK, rank + 1, "the result has more than %d axes",
                          KT_MAX_RANK);
    if (a->depth < 0)
        return kt_op_fail(c, 0, -1, KT_NO_FACT, a->depth, "depth must be non-negative, got: %lld",
                          (long long)a->depth);
    kt_like(c, 0, 0);
    kt_from(c, 0, rank, a->depth, KT_FROM_NOWHERE, -1, -1, -1);
    c->out[0].shape.rank = rank + 1;
    c->out[0].dtype = c->g->floatx;
    return KT_OK;
}

static void reference(const kt_run *r)
{
    const kt_one_hot_attr *a = r->attr;

    for (int64_t i = 0; i < r->in[0].count; i++)
        for (int64_t j = 0; j < a->depth; j++)
            r->out[0].f64[i * a->depth + j] = r->in[0].f64[i] == (double)j;
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t  a = s->size(s, 1, 5), b = s->size(s, 1, 6), depth = s->size(s, 1, 20);
    kt_shape shapes[] = {KT_SHAPE(a), KT_SHAPE(a, b), KT_SCALAR_SHAPE, KT_SHAPE(0)};

    if (variant >= (int)KT_COUNT(shapes))
        return NULL;
    return kt_one_hot(s->g, s->integer(s, shapes[variant], -1, depth + 1), depth);
}

static const kt_op_type type = {
    .name = "one_hot",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .reference = reference,
    .sample = sample,
    .no_gradient = 1,
};

kt_node *kt_one_hot(kt_graph *g, kt_node *index, int64_t depth)
{
    kt_one_hot_attr a = {depth};

    if (!kt_dtype_is_int(index->dtype))
        index = kt_cast(g, index, KT_I32);
    return kt_emit(g, &type, &a, sizeof a, 1, &index);
}

const kt_op_type *const kt_ops_one_hot[] = {&type, NULL};
