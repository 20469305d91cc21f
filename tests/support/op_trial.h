/* op_trial.h - one sample of an op, with numbers for its inputs: what the table test of ops checks.
 *
 * A trial is a graph that the op's sample() emits, with placeholders for its inputs ("leaves") and
 * random numbers for these. The same op, variant and seed give the same graph and numbers, whether
 * in float32 or float64.
 */
#ifndef KT_TEST_OP_TRIAL_H
#define KT_TEST_OP_TRIAL_H

#include "exec/kernel.h"
#include "graph/op.h"

enum { TRIAL_LEAVES = 16, ALL_KNOWN = -2, ALL_UNKNOWN = -1 };

typedef struct op_trial {
    kt_sampler        sampler; /* first, so that its functions find the trial */
    const kt_op_type *op;
    int               variant;
    uint32_t          seed;
    kt_dtype          floatx;
    int               scale;   /* random sizes may be that many times larger than the op asks for */
    int64_t           most;    /* elements of a leaf; a larger one gets no numbers; 0: no limit */
    int               unknown; /* the leaf of which the first axis is unknown, or as above */
    kt_str           *report;  /* where complaints go, one line each */
    kt_fault          fault;
    kt_graph         *g;
    kt_mt             random;
    int               n_leaf;
    kt_node          *leaf[TRIAL_LEAVES];
    double           *value[TRIAL_LEAVES]; /* NULL where sizes are unknown, or too large */
    kt_node          *y;                   /* what sample() gave */
    kt_node          *node;                /* the op's node in it, or NULL */
    double          **at;                  /* after trial_eval: results by id, in doubles */
    kt_arena          arena;
} op_trial;

/* Makes the graph of t->variant; false if there is no such variant. */
bool trial_start(op_trial *t);
void trial_free(op_trial *t);
/* Adds a line "name variant 3 seed 1: ..." to the report. */
void trial_complain(op_trial *t, const char *fmt, ...) KT_PRINTF(2, 3);

/* Runs every node's reference kernel by itself. Complains of kernels that write more or less than
 * their results. */
bool trial_eval(op_trial *t);
/* Runs kernel k on every node of its op after trial_eval, if it accepts, and compares. Returns for
 * how many it accepted. */
int trial_kernel(op_trial *t, const kt_kernel *k);
/* Complains if `data`, result `part` of node n as `who` computed it, is not what trial_eval
 * gave. */
bool trial_compare(op_trial *t, const kt_node *n, int part, const void *data, const char *who,
                   const char *how);

/* Memory of n elements of a dtype with guards around. */
typedef struct guarded {
    unsigned char *block;
    size_t         bytes, lead;
    void          *data;
} guarded;
/* `shift`: 1 begins one element off the alignment. */
bool guarded_new(guarded *m, int64_t n, kt_dtype dtype, int shift, unsigned char fill);
bool guarded_is_whole(const guarded *m);
void guarded_free(guarded *m);

#endif
