/* gemm.c - a matrix product over threads, and small things that several kernels need. */
#include "backend/cpu/cpu.h"

void kt_cpu_unary(kt_unary_attr f, int64_t n, const float *x, float *y)
{
    kt_isa()->unary[f.fn](n, x, 1, y, (float)f.a, (float)f.b);
}

static void rows(void *ctx, int64_t begin, int64_t end)
{
    kt_gemm g = *(const kt_gemm *)ctx;

    g.a += begin * g.a_row;
    g.c += begin * g.c_row;
    g.m = end - begin;
    kt_isa()->gemm(&g);
}

/* Groups of 16 columns. */
static void columns(void *ctx, int64_t begin, int64_t end)
{
    kt_gemm g = *(const kt_gemm *)ctx;
    int64_t last = end * 16 < g.n ? end * 16 : g.n;

    g.b += begin * 16 * g.b_col;
    g.c += begin * 16;
    g.bias = g.bias ? g.bias + begin * 16 : NULL;
    g.n = last - begin * 16;
    kt_isa()->gemm(&g);
}

void kt_cpu_gemm(const kt_gemm *g)
{
    kt_gemm copy = *g;
    double  flops = 2.0 * (double)g->m * (double)g->n * (double)g->k;

    if (flops < 2 * KT_FLOPS_WORTH_A_THREAD || (g->m < 2 && g->n < 32))
        kt_isa()->gemm(g);
    else if (g->m >= g->n || g->n < 64)
        kt_parallel(g->m, (int64_t)(KT_FLOPS_WORTH_A_THREAD * (double)g->m / flops) + 1, rows,
                    &copy);
    else
        kt_parallel((g->n + 15) / 16,
                    (int64_t)(KT_FLOPS_WORTH_A_THREAD * (double)g->n / 16 / flops) + 1, columns,
                    &copy);
}
