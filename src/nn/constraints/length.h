/* length.h - lengths of the vectors of a weight, for the constraints that bound them. */
#ifndef KT_CONSTRAINTS_LENGTH_H
#define KT_CONSTRAINTS_LENGTH_H

#include "nn/nn.h"

/* sqrt(sum(w^2)) over the axes (None: all), which stay with size 1. */
kt_node *kt_lengths(kt_graph *g, kt_node *w, const kt_ints *axes);
/* w with these lengths instead of `norms`. */
kt_node *kt_with_lengths(kt_graph *g, kt_node *w, kt_node *norms, kt_node *desired);

#endif
