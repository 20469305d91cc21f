/* length.c - lengths of the vectors of a weight, for the constraints that bound them. */
#include "nn/constraints/length.h"

#define EPSILON 1e-7

kt_node *kt_lengths(kt_graph *g, kt_node *w, const kt_ints *axes)
{
    unsigned mask = 0;

    if (kt_is_poison(g, w) || !kt_axes_mask(g, &w->shape, axes, &mask))
        return g->poison;
    kt_node *squares = kt_unary(g, KT_UN_SQUARE, w);
    return kt_unary(g, KT_UN_SQRT, mask ? kt_reduce(g, KT_RE_SUM, squares, mask, true) : squares);
}

kt_node *kt_with_lengths(kt_graph *g, kt_node *w, kt_node *norms, kt_node *desired)
{
    return kt_mul(g, w, kt_div(g, desired, kt_add_scalar(g, norms, EPSILON)));
}
