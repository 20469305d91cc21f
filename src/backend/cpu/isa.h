/* isa.h - the loops that exist once per instruction set (isa_base.c, isa_avx2.c, isa_avx512.c), as one table each.
 *
 * Kernel files look at shapes and call kt_isa()->...; the .inc files hold the loops. All pointers may be unaligned, all
 * counts may be zero. Threads: everything here is pure.
 */
#ifndef KT_ISA_H
#define KT_ISA_H

#include "graph/attrs.h"

/* c[i, j] = (add ? c[i, j] : 0) + sum over p of a[i, p] * b[p, j] + bias[j]. Element [i, p] of a is at
 * a[i * a_row + p * a_col]; so is b's; one of b_row, b_col is 1. c's columns are contiguous. */
typedef struct kt_gemm {
    int64_t      m, n, k;
    const float *a, *b;
    float       *c;
    int64_t      a_row, a_col, b_row, b_col, c_row;
    const float *bias; /* or NULL */
    bool         add, relu;
} kt_gemm;

/* Element-wise loops over n elements. An operand's step is 1, or 0 for a scalar of which KT_SPREAD copies lie there. The
 * result may be an operand's memory. a, b: the function's parameters. */
#define KT_SPREAD 16
typedef void (*kt_loop1)(int64_t n, const float *x, int64_t x_step, float *y, float a, float b);
typedef void (*kt_loop2)(int64_t n, const float *x, int64_t x_step, const float *z, int64_t z_step, float *y, float a,
                         float b);

typedef struct kt_isa_table {
    const char *name;
    void (*gemm)(const kt_gemm *g);
    kt_loop1 unary[KT_UN_COUNT];
    kt_loop2 slope[KT_UN_COUNT]; /* y = z * f'(x), where x is f's argument or value, as KT_UNARY_LIST says */
    kt_loop2 binary[KT_BI_COUNT];
    void (*select)(int64_t n, const float *c, int64_t c_step, const float *x, int64_t x_step, const float *z,
                   int64_t z_step, float *y);
} kt_isa_table;

/* The best table that this processor can run (KERATIN_ISA=base|avx2|avx512 asks for less). */
const kt_isa_table *kt_isa(void);

extern const kt_isa_table kt_isa_base, kt_isa_avx2, kt_isa_avx512;

#endif
