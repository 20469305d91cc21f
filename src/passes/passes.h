/* passes.h - the door of src/passes: functions graph -> graph. */
#ifndef KT_PASSES_H
#define KT_PASSES_H

#include "graph/graph.h"

/* Reverse-mode differentiation: emits into g the gradient of the scalar `loss` for each of
 * wrt[0..n); grads[i] is NULL where loss does not depend on it. */
kt_status kt_gradients(kt_graph *g, kt_node *loss, kt_node *const *wrt, int n, kt_node **grads);

/* What kt_optimise does, in this order: fold (constants, operations that change nothing),
 * join (sums of pieces that are a whole), fuse_dense (matmul + bias + activation), fuse_point
 * (element-wise ops of one shape). keep: nodes whose values must survive. Nodes are rewritten in
 * place, so pointers to kept nodes and sources stay valid. Others may be dropped (id -1), and ids
 * change: nodes move where their inputs and the variables that they share with others allow it. */
kt_status kt_optimise(kt_graph *g, kt_node *const *keep, int n_keep);

/* needed[id] for every node that a kept or effect node depends on; kt_alloc'd, NULL without
 * memory. */
bool *kt_needed(const kt_graph *g, kt_node *const *keep, int n_keep);

#endif
