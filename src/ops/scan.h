/* scan.h - what scan.c, scan_back.c and scan_reference.c share. */
#ifndef KT_OPS_SCAN_H
#define KT_OPS_SCAN_H

#include "ops/shared.h"

extern const kt_op_type kt__op_scan;

/* Where the kinds of inputs begin among those of the node and of its body. */
static inline int kt__scan_state(const kt_scan_attr *a) /* of the node */
{
    return a->n_x + (a->n_read > 0);
}
static inline int kt__scan_body_state(const kt_scan_attr *a)
{
    return a->n_x + a->n_read;
}

/* Emits a scan of the body, whose reference it takes. */
kt_node *kt__scan_emit(kt_graph *g, const kt_scan_attr *a, int n_in, kt_node *const *in);
/* How many numbers the n nodes hold, and the dtype that holds all of them. */
int64_t  kt__scan_width(int n, kt_node *const *node);
kt_dtype kt__scan_reserve_dtype(int n, kt_node *const *node);

void   kt__scan_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx);
void   kt__scan_reference(const kt_run *r);
size_t kt__scan_scratch(const kt_run *r);

#endif
