/* program.h - a chain of element-wise steps, prepared once and then run block by block (see
 * program.c). */
#ifndef KT_CPU_PROGRAM_H
#define KT_CPU_PROGRAM_H

#include "backend/cpu/cpu.h"
#include "backend/cpu/spread.h"

enum {
    KT_PROGRAM_INPUTS = KT_SPREAD_MAX,
    KT_PROGRAM_REGISTERS = KT_PROGRAM_INPUTS + KT_MAX_POINT_STEPS,
    KT_PROGRAM_SLOTS = 24,  /* buffers of a block: more live values than that are declined */
    KT_PROGRAM_BLOCK = 512, /* elements: some buffers of 2 KB stay in the first-level cache */
    KT_PROGRAM_READS = KT_JOINED_READS
};

/* How an element-wise loop finds an operand. */
typedef enum kt_operand {
    KT_OPERAND_SCALAR,  /* one number for all elements */
    KT_OPERAND_DIRECT,  /* float32 of the result's shape: read where it lies */
    KT_OPERAND_CONVERT, /* another dtype of the result's shape */
    KT_OPERAND_SPREAD   /* broadcast along some axes: spread into a buffer */
} kt_operand;

/* What runs: a step of the chain, or several as one loop. */
typedef struct kt_program_code {
    kt_point_step step;
    int           joined;                         /* row of KT_JOINED_LIST; -1: a step */
    int           n_read, read[KT_PROGRAM_READS]; /* registers */
    int           result;
} kt_program_code;

typedef struct kt_program {
    kt_point_attr   chain;
    int             n_in;
    int             n_code; /* without steps on scalars alone */
    kt_program_code code[KT_MAX_POINT_STEPS];
    kt_operand      in[KT_PROGRAM_INPUTS];
    int             last_read[KT_PROGRAM_INPUTS]; /* by which code; -1: never */
    /* one number for all elements: computed once, in double */
    bool        scalar[KT_PROGRAM_REGISTERS];
    signed char slot[KT_PROGRAM_REGISTERS]; /* buffer, or -1 */
    bool        any_scalar;
    int64_t     grain; /* blocks that make a thread worth while */
    kt_spread   spread;
} kt_program;

/* False, with the reason, where the loops cannot run this chain. */
bool kt_program_make(kt_program *p, const kt_point_attr *chain, const kt_run *r, const char **why);
void kt_program_run(const kt_program *p, const kt_run *r);

/* Registers that a step reads. */
int kt_point_operands(const kt_point_step *s, int reg[3]);
/* Makes p->code (program_join.c). */
void kt_program_join(kt_program *p);
/* The result of one step on numbers (scalar.c). */
double kt_program_scalar(const kt_point_step *s, const double *reg);

#endif
