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

const char *kt_listed_shape(kt_graph *g, const kt_shape *s)
{
    kt_str      text = {0};
    const char *kept;

    for (int i = 0; i < s->rank; i++) {
        kt_str_add(&text, i ? ", " : "");
        kt_str_printf(&text, s->dim[i] == KT_UNKNOWN ? "None" : "%lld", (long long)s->dim[i]);
    }
    kept = kt_arena_printf(&g->arena, "[%s]", kt_str_text(&text));
    kt_str_free(&text);
    return kept ? kept : "";
}

/* The size of axis i of `rank`, 1 where the shape has fewer. */
static int64_t size_at(const kt_shape *s, int i, int rank)
{
    return i < rank - s->rank ? 1 : s->dim[i - (rank - s->rank)];
}

/* The first axis along which they do not fit; rank: there is none. */
static int failing_axis(const kt_shape *a, const kt_shape *b, int rank)
{
    for (int i = 0; i < rank; i++) {
        int64_t n = size_at(a, i, rank), m = size_at(b, i, rank);
        if (n != m && n != 1 && m != 1 && n != KT_UNKNOWN && m != KT_UNKNOWN)
            return i;
    }
    return rank;
}

void kt_refuse_broadcast(kt_graph *g, const kt_shape *a, const kt_shape *b)
{
    int rank = a->rank > b->rank ? a->rank : b->rank, i = failing_axis(a, b, rank);

    kt_raise(g->fault, KT_E_VALUE,
             "Cannot broadcast shape, the failure dim has value %lld, which cannot be "
             "broadcasted to %lld. Input shapes are: %s and %s.",
             (long long)size_at(a, i, rank), (long long)size_at(b, i, rank), kt_listed_shape(g, a),
             kt_listed_shape(g, b));
}

bool kt_fits_broadcast(const kt_call *c, const kt_shape *a, const kt_shape *b)
{
    int rank = a->rank > b->rank ? a->rank : b->rank;

    if (c->t->eager || failing_axis(a, b, rank) == rank)
        return true;
    kt_refuse_broadcast(c->g, a, b);
    return false;
}

void kt_refuse_axis(kt_graph *g, int64_t axis, int rank)
{
    kt_raise(g->fault, KT_E_VALUE, "axis %lld is out of bounds for an array with dimension %d.",
             (long long)axis, rank);
}

bool kt_has_axes(const kt_call *c, const kt_shape *s, const kt_ints *axes)
{
    for (int i = 0; i < axes->n && !c->t->eager; i++)
        if (kt_axis(s, axes->v[i]) < 0) {
            kt_refuse_axis(c->g, axes->v[i], s->rank);
            return false;
        }
    return true;
}

kt_node *kt_flat(kt_graph *g, kt_node *x)
{
    return kt_reshape(g, x, KT_SHAPE(KT_UNKNOWN));
}

kt_node *kt_part_of(kt_call *c, kt_node *x, int axis, int64_t begin, int64_t size)
{
    kt_shape shape = x->shape;
    int      at = kt_axis(&shape, axis);

    if (kt_is_poison(c->g, x) || at < 0 || shape.dim[at] != KT_UNKNOWN)
        return kt_slice_axis(c->g, x, at < 0 ? axis : at, begin, size);
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
