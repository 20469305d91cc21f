/* bench.h - how long one step of a model takes, and where the time goes.
 *
 *   kt_bench *b = kt_bench_new(model, 32, false);
 *   if (b) printf("%g s\n", kt_bench_seconds(b));
 *   kt_bench_free(b);
 */
#ifndef KERATIN_BENCH_H
#define KERATIN_BENCH_H

#include "keratin/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kt_bench kt_bench;

/* One kernel call of the step; texts live as long as the bench. */
typedef struct kt_bench_row {
    const char *layer; /* path of the layer that needed it; "" outside of layers */
    const char *op, *kernel;
    double      seconds, flops;
} kt_bench_row;

/* Runs steps on zeros for about half a second: prediction, or training of a compiled model, which
 * changes its weights. Sizes besides the batch must be declared. NULL on failure (see
 * kt_model_error). */
KT_API kt_bench    *kt_bench_new(kt_model *m, int64_t batch_size, bool training);
KT_API double       kt_bench_seconds(const kt_bench *b); /* the median step */
KT_API double       kt_bench_best(const kt_bench *b);    /* the fastest one */
KT_API int64_t      kt_bench_runs(const kt_bench *b);
KT_API size_t       kt_bench_bytes(const kt_bench *b); /* memory of the plan, without weights */
KT_API int          kt_bench_rows(const kt_bench *b);
KT_API kt_bench_row kt_bench_row_at(const kt_bench *b, int i);
KT_API void         kt_bench_free(kt_bench *b);

#ifdef __cplusplus
}
#endif
#endif
