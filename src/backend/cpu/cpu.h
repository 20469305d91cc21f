/* cpu.h - what the kernels of this folder share. */
#ifndef KT_CPU_H
#define KT_CPU_H

#include "backend/cpu/isa.h"
#include "exec/kernel.h"

/* Waking a thread costs 20 to 50 us: it must get this much work (about 50 to 100 us of one
 * core). */
#define KT_FLOPS_WORTH_A_THREAD 1e7
#define KT_BYTES_WORTH_A_THREAD (1 << 20)

/* The product, by as many threads as it pays. */
void kt_cpu_gemm(const kt_gemm *g);
/* y[i] = f(x[i]) on one thread; y may be x. */
void kt_cpu_unary(kt_unary_attr f, int64_t n, const float *x, float *y);

#endif
