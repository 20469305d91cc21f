/* operation_nodes.c - nodes that many families of operations make. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

kt_node *kt_series(kt_graph *g, int64_t n, int64_t begin, int64_t step)
{
    kt_tensor *t = kt_tensor_new(KT_I64, KT_SHAPE(n));

    for (int64_t i = 0; t && t->data && i < n; i++)
        ((int64_t *)t->data)[i] = begin + i * step;
    if (!t)
        kt_raise_memory(g->fault);
    return t ? kt_constant(g, t) : g->poison;
}

kt_node *kt_table(kt_graph *g, kt_dtype dtype, kt_shape shape, const double *v)
{
    kt_tensor *t = kt_tensor_new(dtype, shape);

    for (int64_t i = 0; t && t->data && i < t->count; i++)
        kt_poke(t->data, dtype, i, v[i]);
    if (!t)
        kt_raise_memory(g->fault);
    return t ? kt_constant(g, t) : g->poison;
}

kt_node *kt_unsized(kt_call *c, kt_dtype dtype, kt_shape shape)
{
    return kt_graph_failed(c->g) ? c->g->poison : kt_placeholder(c->g, "", dtype, shape);
}

kt_node *kt_move_axis(kt_graph *g, kt_node *x, int from, int to)
{
    int perm[KT_MAX_RANK], rank = x->shape.rank, next = 0;

    from = kt_axis(&x->shape, from);
    to = kt_axis(&x->shape, to);
    if (kt_is_poison(g, x) || from == to)
        return x;
    if (from < 0 || to < 0) {
        kt_raise(g->fault, KT_E_VALUE, "There is no such axis in a tensor of shape %s",
                 kt_shape_text(&g->arena, &x->shape));
        return g->poison;
    }
    for (int i = 0; i < rank; i++) {
        next += next == from;
        perm[i] = i == to ? from : next++;
    }
    return kt_transpose(g, x, perm);
}

kt_node *kt_flat(kt_graph *g, kt_node *x)
{
    return kt_reshape(g, x, KT_SHAPE(KT_UNKNOWN));
}

kt_node *kt_part_of(kt_call *c, kt_node *x, int axis, int64_t begin, int64_t size)
{
    kt_shape shape = x->shape;
    int      at = kt_axis(&shape, axis);

    if (at < 0) /* of what has no such axis the shape is told elsewhere */
        return x;
    if (kt_is_poison(c->g, x) || shape.dim[at] != KT_UNKNOWN)
        return kt_slice_axis(c->g, x, at, begin, size);
    shape.dim[at] = size;
    return kt_unsized(c, x->dtype, shape);
}

kt_node *kt_where(kt_graph *g, kt_node *cond, kt_node *x, double v)
{
    return kt_select(g, cond, x, kt_scalar_as(g, v, x->dtype));
}

kt_node *kt_compare(kt_graph *g, kt_binary_fn test, kt_node *x, double v)
{
    return kt_binary(g, test, x, kt_scalar_as(g, v, x->dtype));
}

kt_node *kt_places(kt_call *c, kt_node *x, int axis)
{
    if (!c->t->eager || !kt_shape_known(&x->shape))
        return kt_unsized(c, KT_I32, KT_SHAPE(KT_UNKNOWN));
    kt_node *found = kt_nonzero(c->g, x);
    kt_node *y = kt_squeeze(c->g, kt_slice_axis(c->g, found, 0, axis, 1), 0);
    if (!kt_graph_failed(c->g))
        y->length = kt_part(found, 1);
    return y;
}
