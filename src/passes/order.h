/* order.h - what may change places with what: the dependencies between nodes, those through
 * variables included.
 *
 * Nodes run in the order of their ids. They may be put in any other order in which each node comes
 * after its inputs and reads and stores of one variable's memory keep their order.
 */
#ifndef KT_PASSES_ORDER_H
#define KT_PASSES_ORDER_H

#include "graph/graph.h"

typedef struct kt__order {
    int  n;
    int *first; /* by id: successors of node id are to[first[id] .. first[id + 1]) */
    int *
        /* by id: those before to[data_end[id]] read its value, the others only share a variable */
         data_end;
    int *to;
    kt_variable **
        /* by id: the variable in whose memory the value lies (also under another shape), or NULL */
         var;
    bool failed; /* no memory */
} kt__order;

/* A part counts as its owner. guard: of kt_guards, NULL where there are none; what an option alone
 * needs comes after the number of the option. */
kt__order kt__order_new(const kt_graph *g, kt_guard *const *guard);
void      kt__order_free(kt__order *o);

static inline int kt__owner(const kt_graph *g, int id)
{
    const kt_node *n = g->nodes.at[id];

    return n->part_index ? n->in[0]->id : id;
}

/* Whether the memory of two variables may overlap. */
bool kt__same_memory(const kt_variable *a, const kt_variable *b);
/* var of kt__order alone; kt_alloc'd, NULL without memory. */
kt_variable **kt__variables_of(const kt_graph *g);

/* The passes of kt_optimise. keep[id]: the value is read from outside; needed[id]: as kt_needed. */
typedef struct kt__pass {
    kt_graph     *g;
    const bool   *keep, *needed;
    int          *readers; /* by id: needed nodes that read it */
    kt_variable **var;
} kt__pass;

kt_status kt__fold(const kt__pass *p);
kt_status kt__join(const kt__pass *p);
kt_status kt__fuse_dense(const kt__pass *p);
kt_status kt__fuse_point(const kt__pass *p);

/* Whether `from` may run as late as `to`: no variable that it reads is stored in between. */
bool kt__may_move(const kt__pass *p, const kt_node *from, const kt_node *to);

/* Takes nodes out of the graph that neither a kept value nor an effect needs, and renumbers the
 * rest (need.c). */
kt_status kt__drop_unneeded(kt_graph *g, kt_node *const *keep, int n_keep);

#endif
