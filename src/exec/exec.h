/* exec.h - the door of src/exec: from a graph with known shapes to a flat list of kernel calls.
 *
 * kt_plan_new picks a kernel for each node (first of the table that accepts, the reference last),
 * drops nodes that nobody needs, gives every value a place in one arena by liveness, and resolves
 * all pointers. kt_plan_run is a loop over that list: no allocation, no lookup, no lock. Threads: a
 * plan is run by one thread at a time.
 */
#ifndef KT_EXEC_H
#define KT_EXEC_H

#include "exec/kernel.h"
#include "graph/graph.h"

typedef struct kt_plan kt_plan;

/* The graph is only read, and may be freed afterwards (the plan keeps the constants it needs);
 * variables must outlive the plan and have values, whose memory must not move. `keep`: values that
 * the caller reads after a run. */
kt_plan *kt_plan_new(const kt_graph *g, kt_node *const *keep, int n_keep, kt_fault *f);
/* The same without memory for placeholders: the caller binds each of them before a run, and each
 * value to keep for which bind[i] is set. It stays set where the value is not part of another. */
kt_plan *kt_plan_new_bound(const kt_graph *g, kt_node *const *keep, int n_keep, bool *bind,
                           kt_fault *f);
void     kt_plan_free(kt_plan *p);
/* Stops at the first step that refuses its data: false, and kt_plan_refusal says what. */
bool kt_plan_run(kt_plan *p);
/* What the last run refused, if it is set. */
const kt_refusal *kt_plan_refused(const kt_plan *p);
/* Raises TensorFlow's InvalidArgumentError for a run that was refused. */
kt_status kt_plan_refusal(const kt_plan *p, kt_fault *f);

/* The memory of a placeholder (to write before a run) or of a kept value (to read after it). NULL
 * if it is neither. */
void *kt_plan_data(kt_plan *p, const kt_node *n);
/* Lets a placeholder read the caller's memory (64-byte alignment not needed) from now on instead of
 * copying into it. */
void kt_plan_bind(kt_plan *p, const kt_node *n, const void *data);
/* Lets a kept value that is bound be written to the caller's memory. */
void kt_plan_bind_result(kt_plan *p, const kt_node *n, void *data);

/* For `bench`, the tests and the curious. */
typedef struct kt_plan_step_info {
    const char *op, *kernel, *scope;
    double      seconds; /* of the last kt_plan_run_timed */
    double      flops;
} kt_plan_step_info;
int               kt_plan_steps(const kt_plan *p);
kt_plan_step_info kt_plan_step(const kt_plan *p, int i);
void              kt_plan_run_timed(kt_plan *p);
size_t            kt_plan_bytes(const kt_plan *p); /* arena size */
/* All memory of the plan: what kernels keep for themselves is guessed. Constants, which the graph
 * has too, are not counted. */
size_t kt_plan_footprint(const kt_plan *p);

#endif
