/* isa.h - the loops that exist once per instruction set (isa_base.c, isa_avx2.c, isa_avx512.c), as
 * one table each.
 *
 * Kernel files look at shapes and call kt_isa()->...; the .inc files hold the loops. All pointers
 * may be unaligned, all counts may be zero. Threads: everything here is pure.
 */
#ifndef KT_ISA_H
#define KT_ISA_H

#include "graph/attrs.h"

/* c[i, j] = (add ? c[i, j] : 0) + sum over p of a[i, p] * b[p, j] + bias[j]. Element [i, p] of a is
 * at a[i * a_row + p * a_col]; so is b's; one of b_row, b_col is 1. c's columns are contiguous.
 * With runs, p is a run and a place in it: element [i, q * run + p] of a is at a[i * a_row + at[q]
 * + p * a_col]. So the windows of a convolution are rows of a without being copied. */
typedef struct kt_gemm {
    int64_t        m, n, k;
    const float   *a, *b;
    float         *c;
    int64_t        a_row, a_col, b_row, b_col, c_row;
    int64_t        run;  /* length of a run: k is a multiple; 0: no runs */
    const int64_t *at;   /* where each run begins */
    const float   *bias; /* or NULL */
    bool           add, relu;
} kt_gemm;

/* Element-wise loops over n elements. An operand's step is 1, or 0 for a scalar of which KT_SPREAD
 * copies lie there. The result may be an operand's memory. a, b: the function's parameters. */
#define KT_SPREAD 16
typedef void (*kt_loop1)(int64_t n, const float *x, int64_t x_step, float *y, float a, float b);
typedef void (*kt_loop2)(int64_t n, const float *x, int64_t x_step, const float *z, int64_t z_step,
                         float *y, float a, float b);

/* Element-wise steps that often come together, as one loop: a name, and the steps as an expression
 * with the operator first; the first row that fits is taken. + - * / are binary; 2 is the square, r
 * the root; x, z, v are operands of n elements, A and B scalars. The optimizers' updates are made
 * of these. */
#define KT_JOINED_LIST(F)        \
    F(TOWARD_SQUARE, "+x*-2zxA") \
    F(TOWARD, "+x*-zxA")         \
    F(STEP_OVER_ROOT, "-x/*zA+rvB")
typedef enum kt_joined_fn {
#define KT_JOINED_ID(name, steps) KT_JO_##name,
    KT_JOINED_LIST(KT_JOINED_ID)
#undef KT_JOINED_ID
        KT_JO_COUNT
} kt_joined_fn;
/* Operands x, z, v, A, B; those that the expression does not name are any of the others. A scalar
 * is KT_SPREAD copies. The result may be an operand's memory. */
#define KT_JOINED_READS 5
typedef void (*kt_loop_joined)(int64_t n, const float *const *operand, float *y);

/* n uniform numbers in [offset, offset + scale) from the stream of `key` and `high`
 * (kt_stateless_key). */
typedef struct kt_uniform {
    uint32_t key[2], high[2];
    float    scale, offset;
    int64_t  n;
} kt_uniform;

/* A row of places of a convolution of each channel by itself (depthwise.inc): n channels, a place
 * every `step` floats, the cells of its window at at[q] from it. */
typedef struct kt_depthwise {
    int64_t        places, step, n_cells, n;
    const int64_t *at;
} kt_depthwise;

/* Sums of `width` neighbours among entries of `inner` floats each (band.inc): those of result j
 * begin at start[j], their weights at weight[j * width]. */
typedef struct kt_taps {
    int64_t        entries, inner, width;
    const int32_t *start;
    const float   *weight;
} kt_taps;

typedef struct kt_isa_table {
    const char *name;
    void (*gemm)(const kt_gemm *g);
    /* For products with the same b again and again: `packed` gets b once, in floats rounded up to
     * whole panels. */
    int64_t panel;
    void (*pack)(const kt_gemm *g, float *packed);
    void (*gemm_packed)(const kt_gemm *g, const float *packed);
    kt_loop1 unary[KT_UN_COUNT];
    /* y = z * f'(x), where x is f's argument or value, as KT_UNARY_LIST says */
    kt_loop2       slope[KT_UN_COUNT];
    kt_loop2       binary[KT_BI_COUNT];
    kt_loop_joined joined[KT_JO_COUNT];
    void (*select)(int64_t n, const float *c, int64_t c_step, const float *x, int64_t x_step,
                   const float *z, int64_t z_step, float *y);
    float (*reduce_row)(kt_reduce_fn fn, int64_t n, const float *x);
    /* y[j] = all of x[i * row + j] */
    void (*reduce_columns)(kt_reduce_fn fn, int64_t rows, int64_t n, const float *x, int64_t row,
                           float *y);
    void (*softmax_row)(int64_t n, const float *x, float *y);      /* y may be x */
    float (*softmax_log_row)(int64_t n, const float *x, float *y); /* returns log(sum(exp(x))) */
    void (*log_softmax_row)(int64_t n, const float *x, float *y);
    void (*softmax_grad_row)(int64_t n, const float *y, const float *dy, float *dx);
    void (*log_softmax_grad_row)(int64_t n, const float *y, const float *dy, float *dx);
    /* dx = softmax(x) - t; returns the cross-entropy. */
    float (*softmax_xent_row)(int64_t n, const float *x, const float *t, float *dx);
    /* to[j * to_row + i] = from[i * from_row + j], i < rows, j < columns */
    void (*turn)(float *to, int64_t to_row, const float *from, int64_t from_row, int64_t rows,
                 int64_t columns);
    /* One window of a pooling: cells of n channels (pool.inc). */
    void (*pool_max)(int64_t n_cells, const float *const *cell, int64_t n, float *y);
    void (*pool_mean)(int64_t n_cells, const float *const *cell, int64_t n, float *y);
    void (*pool_max_grad)(int64_t n_cells, const float *const *cell, int64_t n, const float *y,
                          const float *dy, float *const *dx, bool fresh);
    void (*pool_mean_grad)(int64_t n_cells, int64_t n, const float *dy, float *const *dx,
                           bool fresh);
    void (*depthwise_row)(const kt_depthwise *d, const float *x, const float *kernel, float *y);
    void (*depthwise_kernel_row)(const kt_depthwise *d, const float *x, const float *dy,
                                 float *dkernel);
    void (*depthwise_input_row)(const kt_depthwise *d, const float *kernel, const float *dy,
                                float *dx);
    /* Results [begin, end) of a band, the first of them at y or dy; dx is added to. */
    void (*band_rows)(const kt_taps *b, int64_t begin, int64_t end, const float *x, float *y);
    void (*band_grad_rows)(const kt_taps *b, int64_t begin, int64_t end, const float *dy,
                           float *dx);
    /* One row of an LSTM step with sigmoid and tanh (lstm.inc). */
    void (*lstm_row)(int64_t units, float *reserve, float *h, float *c, bool move);
    void (*lstm_grad_row)(int64_t units, const float *reserve, const float *dh, float *dc,
                          float *dz);
    /* Blocks [begin, end) of four numbers each, to their places in out. */
    void (*uniform_blocks)(const kt_uniform *u, int64_t begin, int64_t end, float *out);
} kt_isa_table;

/* The best table that this processor can run (KERATIN_ISA=base|avx2|avx512 asks for less). */
const kt_isa_table *kt_isa(void);

extern const kt_isa_table kt_isa_base, kt_isa_avx2, kt_isa_avx512;

#endif
