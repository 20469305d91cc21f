/* length.c - lengths of the vectors of a weight, for the constraints that bound them. */
#include "nn/constraints/length.h"

#define EPSILON 1e-7

/* *mask: the axes as bits. */
static bool read_axes(kt_graph *g, const kt_shape *s, const kt_ints *axes, unsigned *mask)
{
    bool all = axes->n == 0 && axes->scalar;

    *mask = all ? (1u << s->rank) - 1 : 0;
    for (int i = 0; i < axes->n; i++) {
        int axis = kt_axis(s, axes->v[i]);
        if (axis < 0) {
            kt_raise(g->fault, KT_E_INVALID_ARGUMENT,
                     "Invalid reduction dimension (%lld for input with %d dimension(s)",
                     (long long)axes->v[i], s->rank);
            return false;
        }
        *mask |= 1u << axis;
    }
    return true;
}

kt_node *kt_lengths(kt_graph *g, kt_node *w, const kt_ints *axes)
{
    unsigned mask = 0;

    if (kt_is_poison(g, w) || !read_axes(g, &w->shape, axes, &mask))
        return g->poison;
    kt_node *squares = kt_unary(g, KT_UN_SQUARE, w);
    return kt_unary(g, KT_UN_SQRT, mask ? kt_reduce(g, KT_RE_SUM, squares, mask, true) : squares);
}

kt_node *kt_with_lengths(kt_graph *g, kt_node *w, kt_node *norms, kt_node *desired)
{
    return kt_mul(g, w, kt_div(g, desired, kt_add_scalar(g, norms, EPSILON)));
}
