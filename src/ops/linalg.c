/* linalg.c - what the decompositions of matrices share. */
#include "ops/linalg.h"

kt_status kt__matrix(kt_op_call *c, int i, bool square)
{
    const kt_shape *s = &c->in[i]->shape;

    if (s->rank < 2)
        return kt_op_fail(c, i, -1, 2, s->rank, "Input must have rank >= 2, got %d", s->rank);
    int64_t m = s->dim[s->rank - 2], n = s->dim[s->rank - 1];
    if (square && m != n && m != KT_UNKNOWN && n != KT_UNKNOWN)
        return kt_op_fail(c, i, s->rank - 1, m, n, "Input matrix must be square, got: %lld != %lld",
                          (long long)m, (long long)n);
    return KT_OK;
}

kt_status kt__same_matrices(kt_op_call *c)
{
    const kt_shape *a = &c->in[0]->shape, *b = &c->in[1]->shape;
    bool            good = a->rank == b->rank;

    for (int i = 0; good && i < a->rank - 1; i++)
        good = a->dim[i] == b->dim[i] || a->dim[i] == KT_UNKNOWN || b->dim[i] == KT_UNKNOWN;
    if (good)
        return KT_OK;
    return kt_op_fail(c, 1, -1, KT_NO_FACT, KT_NO_FACT,
                      "Input tensors must have the same number of rows, got: %s and %s",
                      kt__shape_text(c->g, a), kt__shape_text(c->g, b));
}

void kt__matrix_result(kt_op_call *c, int k, int drop, int64_t m, int64_t n)
{
    int rank = c->in[0]->shape.rank - drop;

    c->out[k].dtype = c->in[0]->dtype;
    for (int i = 0; i < rank; i++)
        kt_from_axis(c, k, i, 0, i);
    if (m != -2)
        kt_from(c, k, rank++, m, KT_FROM_NOWHERE, -1, -1, -1);
    if (n != -2)
        kt_from(c, k, rank++, n, KT_FROM_NOWHERE, -1, -1, -1);
    c->out[k].shape.rank = rank;
}

kt_node *kt__transposed(kt_graph *g, kt_node *x)
{
    int perm[KT_MAX_RANK], rank = x->shape.rank;

    for (int i = 0; i < rank; i++)
        perm[i] = i < rank - 2 ? i : 2 * rank - 3 - i;
    return rank < 2 ? x : kt_transpose(g, x, perm);
}

/* row - column of an m x n matrix compared with what `test` says, as booleans. */
static kt_node *mask(kt_graph *g, int64_t m, int64_t n, int64_t k, int test)
{
    kt_tensor *t = kt_tensor_new(KT_BOOLEAN, KT_SHAPE(m, n));

    if (!t) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    for (int64_t i = 0; t->data && i < m; i++)
        for (int64_t j = 0; j < n; j++)
            ((uint8_t *)t->data)[i * n + j] = test == 0 ? j - i == k
                                            : test < 0  ? j - i <= k
                                                        : j - i >= k;
    return kt_constant(g, t);
}

static kt_node *masked(kt_graph *g, kt_node *x, int64_t k, int test)
{
    kt_node *keep = mask(g, kt_dim(&x->shape, -2), kt_dim(&x->shape, -1), k, test);

    return kt_select(g, keep, x, kt_scalar_as(g, 0, x->dtype));
}

kt_node *kt__triangle(kt_graph *g, kt_node *x, bool lower, int64_t k)
{
    return kt_is_poison(g, x) ? x : masked(g, x, k, lower ? -1 : 1);
}

kt_node *kt__diagonal(kt_graph *g, kt_node *x)
{
    int64_t n = kt_dim(&x->shape, -1);

    if (kt_is_poison(g, x))
        return x;
    return kt_select(g, mask(g, n, n, 0, 0), kt_expand_dims(g, x, x->shape.rank - 1),
                     kt_scalar_as(g, 0, x->dtype));
}

kt_node *kt__units(kt_graph *g, const kt_node *x)
{
    kt_shape s = x->shape;
    int64_t  n = kt_dim(&s, -1);

    return s.rank < 2 ? g->poison
                      : kt_broadcast_to(g, kt_cast(g, mask(g, n, n, 0, 0), x->dtype), s);
}

kt_node *kt__of_lower(kt_graph *g, kt_node *s)
{
    kt_node *both = kt_add(g, s, kt__transposed(g, s));

    if (kt_is_poison(g, both))
        return both;
    return kt_sub(g, kt__triangle(g, both, true, 0), masked(g, s, 0, 0));
}

kt_node *kt__gaps(kt_graph *g, kt_node *x)
{
    int      rank = x->shape.rank;
    kt_node *gap = kt_sub(g, kt_expand_dims(g, x, rank - 1), kt_expand_dims(g, x, rank));

    return kt_binary(g, KT_BI_DIV_NO_NAN, kt_scalar_as(g, 1, x->dtype), gap);
}
