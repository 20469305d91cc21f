/* einsum.h - sums of products by the letters of their axes. */
#ifndef KT_EINSUM_H
#define KT_EINSUM_H

#include "nn/layer.h"

/* "bij,bjk->bik" of n nodes of one dtype, made of transpositions, reductions and matrix products;
 * without "->" the result's axes are the letters that occur once, in their order. "..." stands for
 * the axes that no letter names. A letter twice in one term (a diagonal) is refused. Errors go to
 * the graph's fault. */
kt_node *kt_einsum(kt_call *c, const char *subscripts, int n, kt_node *const *x);

#endif
