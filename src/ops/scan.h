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

/* --- while the gradient is made (scan_back.c, scan_save.c) ------------------------------------ */

/* Inputs or results of the scan that is being made: nodes of the joint graph, and of the graph
 * around. */
typedef struct kt__scan_list {
    kt_vec   joint, outer;
    unsigned turned;
} kt__scan_list;

/* A sum over steps: the operands' rows, side by side in the order of the steps, then one op. */
typedef struct kt__scan_term {
    const kt_node *op; /* of the joint graph */
    int            input;
    kt_node       *operand[2];
    int            result[2]; /* which y of the scan, or -1: saved */
} kt__scan_term;

enum { KT__MOST_TERMS = 2 * KT_MAX_PARTS };

typedef struct kt__back {
    kt_graph     *g;
    kt_node      *y;
    kt_scan_attr  a; /* of y */
    kt_body      *joint, *body;
    int           n;      /* nodes of the joint graph that are copies */
    kt_node     **source; /* by id: of what */
    bool         *direct, *needed;
    kt__scan_list x, state, rest, out, after; /* inputs; y and the states behind a step */
    kt_vec        read;                       /* joint nodes whose values are saved */
    kt__scan_term terms[KT__MOST_TERMS];
    int           n_terms;
    int           carried[KT_MAX_PARTS]; /* by state of the new scan: gradient of which input */
    int          *slope;                 /* by input of x: which y is its gradient, or -1 */
} kt__back;

void kt__back_push(kt__back *b, kt_vec *v, void *p);
/* One more of a list; turned: gone through from its end. */
void kt__back_add(kt__back *b, kt__scan_list *l, kt_node *joint, kt_node *outer);
void kt__back_add_turned(kt__back *b, kt__scan_list *l, kt_node *joint, kt_node *outer,
                         bool turned);
/* The y that gives the joint node, rows in the order `turned`; a new one if there is none. */
int kt__back_result(kt__back *b, kt_node *joint, bool turned);
/* From the results to the new scan: what must be saved, its inputs, the scan itself, and dx by the
 * inputs of y. */
void kt__back_emit(kt__back *b, kt_node **dx);

void   kt__scan_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx);
void   kt__scan_reference(const kt_run *r);
size_t kt__scan_scratch(const kt_run *r);

#endif
