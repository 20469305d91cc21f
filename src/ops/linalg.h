/* linalg.h - what the decompositions of matrices share: shape rules, small matrices in kernels,
 * triangles in gradients. */
#ifndef KT_OPS_LINALG_H
#define KT_OPS_LINALG_H

#include "ops/shared.h"

/* --- shape rules --- */

/* The rows and columns of input i; fails where it has less than two axes, or is not square though
 * it must be. */
kt_status kt__matrix(kt_op_call *c, int i, bool square);
/* Whether inputs 0 and 1 have the same axes before the last two, and 1 as many rows as 0. */
kt_status kt__same_matrices(kt_op_call *c);
/* out[k] := the axes of input 0 without its last `drop`, then m (and n), unless -2. */
void kt__matrix_result(kt_op_call *c, int k, int drop, int64_t m, int64_t n);

/* The smaller size; unknown where one is. */
static inline int64_t kt__least(int64_t m, int64_t n)
{
    return m == KT_UNKNOWN || n == KT_UNKNOWN ? KT_UNKNOWN : m < n ? m : n;
}

/* --- kernels --- */

static inline int64_t kt__matrices(const kt_shape *s)
{
    return kt_shape_product(s, 0, s->rank - 2);
}
static inline int64_t kt__rows(const kt_buf *x)
{
    return x->shape.dim[x->shape.rank - 2];
}
static inline int64_t kt__columns(const kt_buf *x)
{
    return x->shape.dim[x->shape.rank - 1];
}

/* --- gradients: nodes of known shape --- */

kt_node *kt__transposed(kt_graph *g, kt_node *x);
/* The lower triangle of the last two axes up to diagonal k, or the upper one from it on. */
kt_node *kt__triangle(kt_graph *g, kt_node *x, bool lower, int64_t k);
/* x [b.., n] on the diagonal of matrices. */
kt_node *kt__diagonal(kt_graph *g, kt_node *x);
/* Unit matrices as many and as large as those of x. */
kt_node *kt__units(kt_graph *g, const kt_node *x);
/* What belongs to the lower triangle alone of a gradient s that is that of a symmetric matrix. */
kt_node *kt__of_lower(kt_graph *g, kt_node *s);
/* 1 / (x_j - x_i) where i is not j, and x_i is not x_j; x [b.., n] -> [b.., n, n]. */
kt_node *kt__gaps(kt_graph *g, kt_node *x);

#endif
