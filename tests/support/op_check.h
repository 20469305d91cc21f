/* op_check.h - checks of one op or kernel by samples; each adds its complaints to a report.
 * test_ops.c runs them over the tables, test_op_check.c on ops that are wrong on purpose. */
#ifndef KT_TEST_OP_CHECK_H
#define KT_TEST_OP_CHECK_H

#include "exec/exec.h"
#include "support/op_trial.h"

/* Declaration, shapes, origins, reference kernel and gradient, for all variants and some seeds. */
void check_op(const kt_op_type *op, kt_str *report);
/* The gradients of a trial in float64, for all inputs that have one, against central
 * differences. */
void check_gradients(op_trial *t);
/* Emits the first sample and its gradients with ever more memory: the lack of it must be raised. */
void check_memory(const kt_op_type *op, kt_str *report);

/* Random shapes of each sample. A sanitizer makes each 10 to 20 times as long, and what it looks
 * for hangs less on the sizes. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SEEDS = 1 };
#else
enum { SEEDS = 3 };
#endif
enum { MAX_VARIANTS = 1000, MAX_KERNELS = 512 };

typedef struct kernels {
    int              n;
    const kt_kernel *at[MAX_KERNELS];
    int              accepted[MAX_KERNELS]; /* nodes of samples, so far */
    bool             scarce;                /* each is tried with little memory, too */
} kernels;

kernels list_kernels(const kt_kernel *const *const *table);
/* Every kernel on all samples of the op, small and larger ones, against the reference; each sample
 * with seeds 1 to `seeds`. */
void check_kernels(const kt_op_type *op, uint32_t seeds, kernels *all, kt_str *report);
/* Complains of kernels that accepted nothing. */
void check_reached(const kernels *all, kt_str *report);

/* A plan of the trial with its numbers written, or NULL after a complaint. */
kt_plan *trial_plan(op_trial *t, kt_node *const *keep, int n);
/* The trial's numbers go into a plan. */
void trial_write(const op_trial *t, kt_plan *p);

#endif
