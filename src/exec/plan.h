/* plan.h - what the files of src/exec share: the finished plan, and the draft of it while it is
 * made.
 *
 * Making a plan: values.c notes which nodes are needed and how long each value lives; choose.c
 * picks a kernel for each node; share.c lets values live in the same memory (in place, in a pack,
 * in the variable that they are assigned to); memory.c gives the rest its place in the arena;
 * plan.c writes the list of steps.
 */
#ifndef KT_EXEC_PLAN_H
#define KT_EXEC_PLAN_H

#include <limits.h>

#include "exec/exec.h"

typedef void kt__kernel_fn(const kt_run *r);

/* One call of a kernel. */
typedef struct kt__step {
    kt__kernel_fn  *fn;
    const kt_guard *guard; /* NULL: it always runs */
    kt_run          r;
} kt__step;

/* What is told about a step. */
typedef struct kt__note {
    const char *op, *kernel, *scope;
    double      seconds, flops;
    size_t      held; /* memory of the kernel's state */
    void (*release)(void *state);
} kt__note;

/* A buffer that lies in a placeholder or bound value, `at` bytes from its begin. */
typedef struct kt__patch {
    kt_buf *buf;
    size_t  at;
} kt__patch;

typedef struct kt__input {
    char      *data; /* where it is now: memory of the plan, or the caller's */
    char      *own;
    kt__patch *patch;
    int        n_patch;
} kt__input;

/* Where kt_plan_data finds a placeholder or a kept value. */
typedef struct kt__slot {
    kt__input *input; /* or NULL: data is fixed */
    char      *data;
    size_t     at; /* bytes from the begin of the input */
} kt__slot;

struct kt_plan {
    int       n_steps;
    kt__step *step;
    kt__note *note;
    kt_map    slot;    /* kt_node * -> kt__slot * */
    kt_vec    tensors; /* referenced constants */
    kt_vec    bodies;  /* and what nodes run themselves */
    char     *memory;
    void     *block; /* that it lies in */
    size_t    bytes;
    kt_arena  arena; /* everything that is small */
    /* Of the last run, and the step that refused. */
    kt_refusal refusal;
    int        refused;
};

typedef enum kt__home { KT__ARENA, KT__VARIABLE, KT__CONSTANT, KT__INPUT } kt__home;

/* What will run for a node. */
typedef struct kt__choice {
    kt__kernel_fn *fn; /* NULL: nothing runs */
    const char    *name;
    kt_run         r;
    size_t         scratch;
    size_t         held;     /* memory of the state */
    unsigned       in_place; /* as in kt_kernel */
    void (*release)(void *state);
} kt__choice;

#define KT__FOREVER INT_MAX

/* The value of one node. Ids serve as time: node i runs at time i. */
typedef struct kt__value {
    const kt_node *node; /* NULL: nobody needs it */
    kt__choice     run;
    kt__home       home;
    int            parent; /* id of the value in whose memory this one lies, or its own */
    size_t         at;     /* bytes from the begin of the parent */
    size_t         bytes;
    int            first,
        last; /* when its memory is first written and last read; of a root: by all that share it */
    bool
        /* an alias that needs memory of its own, or an assign or pack whose inputs are copied */
               copied;
    char      *data;   /* of roots, once known; of variables and constants from the start */
    size_t     offset; /* of arena roots */
    size_t     scratch_offset;
    kt__input *input; /* of placeholders and bound values */

    const kt_guard *guard; /* NULL: it is always computed */
} kt__value;

typedef struct kt__draft {
    const kt_graph *g;
    kt_plan        *p;
    kt_fault       *f;
    int             n;
    kt__value      *value; /* by id */
    bool            bound; /* placeholders need no memory */
} kt__draft;

enum { KT__KERNEL_BYTES = 4096 }; /* what a kernel's state is guessed to take */

/* The id of the value whose memory holds value id, and how many bytes from its begin. */
static inline int kt__root(const kt__draft *d, int id, size_t *at)
{
    size_t sum = 0;

    while (d->value[id].parent != id) {
        sum += d->value[id].at;
        id = d->value[id].parent;
    }
    *at = sum;
    return id;
}

kt_status kt__values(kt__draft *d, kt_node *const *keep, int n_keep); /* values.c */
kt_status kt__choose(kt__draft *d);                                   /* choose.c */
void      kt__share(kt__draft *d);                                    /* share.c */
kt_status kt__place(kt__draft *d);                                    /* memory.c */

/* Whether a step runs, once those before it have. */
static inline bool kt__is_asked(const kt_guard *g)
{
    return !g || (kt__is_asked(g->outer) && *g->which->i32 == g->option);
}

/* Whether the assign node a converts, and whether its value was computed right in the variable's
 * memory (share.c). */
bool kt__is_stored(const kt__draft *d, const kt_node *assign);

/* The reference kernel of an op, with conversions from and to the dtypes of r (reference.c). */
bool kt__reference_prepare(kt__choice *c, const kt_op_type *op);
/* A kernel that `search` finds for the node with float32 in place of 16 bits (widen.c). */
bool kt__widen(kt__choice *c, const kt_node *n, bool (*search)(kt__choice *c, const kt_node *n));
/* Copies in[0] to out[0], converting where the dtypes differ (copy.c). */
void kt__copy_run(const kt_run *r);

/* KERATIN_VERBOSE=kernels: whether to tell, and the one function that prints (log.c). */
bool kt__verbose(void);
void kt__log(const char *fmt, ...) KT_PRINTF(1, 2);

/* Floating-point operations of a step, roughly (time.c). */
double kt__flops(const char *op, const kt_run *r);

#endif
