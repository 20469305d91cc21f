/* point.h - clusters of element-wise nodes that will become one kernel (fuse_point.c, cluster.c,
 * point.c).
 *
 * The nodes of a graph are partitioned into clusters, each of which runs as one piece; `order`
 * lists the clusters in an order that respects all dependencies. Two clusters may be joined if no
 * third one lies on a way between them.
 */
#ifndef KT_PASSES_POINT_H
#define KT_PASSES_POINT_H

#include "passes/order.h"

#define KT__POINT_INPUTS 16 /* as many as the op takes */
#define KT__POINT_LIVE   20 /* values that live at the same time */

typedef struct kt__clusters {
    const kt__pass *p;
    kt__order       deps;
    int             n;
    int            *of;    /* by id: the cluster, named by the id of one of its nodes */
    int            *next;  /* by id: the next node of the cluster, or -1 */
    int            *last;  /* by cluster: the last node of its list */
    int            *order; /* clusters, -1 where one has moved away */
    int            *pos;   /* by cluster: its place in order */
    int            *stamp; /* by cluster: when it was last visited */
    int             now;
    int            *stack, *moved; /* n each, for searching and reordering */
    kt_arena        arena;
    kt_guard      **guard; /* by id, of kt_guards; or NULL */
} kt__clusters;

/* False without memory. Freed with kt__clusters_free either way. */
bool kt__clusters_new(kt__clusters *c, const kt__pass *p);
void kt__clusters_free(kt__clusters *c);
/* Joins two clusters. False, and nothing changed, if something must run between them. */
bool kt__clusters_join(kt__clusters *c, int a, int b);
/* Puts the graph's nodes in the order of the clusters, each cluster's nodes side by side. False
 * without memory. */
bool kt__clusters_apply(kt__clusters *c);

/* Whether node n may be part of a cluster at all. */
bool kt__is_point(const kt__pass *p, const kt_node *n);
/* Whether the nodes of clusters a and b fit one `point` node. */
bool kt__point_fits(const kt__clusters *c, int a, int b);
/* Whether the value of node id, of cluster a or b, is read outside of both. */
bool kt__is_result(const kt__clusters *c, int id, int a, int b);

/* The nodes of one cluster, which lie side by side in the graph, and which of them are read
 * outside. */
typedef struct kt__group {
    kt_node **node;
    bool     *is_result;
    int       n;
} kt__group;

/* Makes the last node the `point` node of all, and the other results its parts. */
kt_status kt__point_make(kt_graph *g, const kt__group *group);

#endif
