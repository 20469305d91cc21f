/* band.c - weighted sums of neighbours along an axis, row by row: a row is the axes behind it. */
#include "backend/cpu/cpu.h"

#include <string.h>

/* x as [outer, entries, inner], the result as [outer, results, inner]. */
typedef struct job {
    int64_t       outer, entries, inner, results, width;
    const kt_buf *start;
    const float  *weight, *from;
    float        *to;
} job;

static job job_of(const kt_run *r, const kt_shape *s, const kt_buf *start, const kt_buf *weight)
{
    const kt_band_attr *a = r->attr;

    return (job){.outer = kt_shape_product(s, 0, a->axis),
                 .entries = a->entries,
                 .inner = kt_shape_product(s, a->axis + 1, s->rank),
                 .results = weight->shape.dim[0],
                 .width = weight->shape.dim[1],
                 .start = start,
                 .weight = weight->f32};
}

static bool accepts(const kt_run *r, const char **why)
{
    *why = "another dtype than float32, or starts that are not int32";
    return r->in[0].dtype == KT_F32 && r->out[0].dtype == KT_F32 && r->in[1].dtype == KT_I32 &&
           r->in[2].dtype == KT_F32;
}

static void add_row(int64_t n, float weight, const float *restrict x, float *restrict y)
{
    for (int64_t i = 0; i < n; i++)
        y[i] += weight * x[i];
}

/* Which of the neighbours of result j lie in x: from *first, behind which *n follow. */
static void inside(const job *b, int64_t j, int64_t *first, int64_t *n)
{
    int64_t start = b->start->i32[j], end = start + b->width;

    *first = start < 0 ? -start : 0;
    *n = (end > b->entries ? b->entries : end) - start - *first;
}

static void rows(void *ctx, int64_t begin, int64_t end)
{
    const job *b = ctx;

    for (int64_t row = begin; row < end; row++) {
        int64_t      o = row / b->results, j = row % b->results, first, n;
        float       *y = b->to + row * b->inner;
        const float *weight = b->weight + j * b->width;

        inside(b, j, &first, &n);
        memset(y, 0, (size_t)b->inner * sizeof *y);
        const float *x = b->from + (o * b->entries + b->start->i32[j]) * b->inner;
        for (int64_t k = first; k < first + n; k++)
            add_row(b->inner, weight[k], x + k * b->inner, y);
    }
}

static void band_run(const kt_run *r)
{
    job     b = job_of(r, &r->in[0].shape, &r->in[1], &r->in[2]);
    int64_t bytes = (b.inner * b.width + 1) * (int64_t)sizeof(float);

    b.from = r->in[0].f32;
    b.to = r->out[0].f32;
    kt_parallel(b.outer * b.results, KT_BYTES_WORTH_A_THREAD / bytes + 1, rows, &b);
}

static bool grad_accepts(const kt_run *r, const char **why)
{
    *why = "another dtype than float32, or starts that are not int32";
    return r->in[2].dtype == KT_F32 && r->out[0].dtype == KT_F32 && r->in[0].dtype == KT_I32 &&
           r->in[1].dtype == KT_F32;
}

static void grad_blocks(void *ctx, int64_t begin, int64_t end)
{
    const job *b = ctx;

    memset(b->to + begin * b->entries * b->inner, 0,
           (size_t)((end - begin) * b->entries * b->inner) * sizeof(float));
    for (int64_t row = begin * b->results; row < end * b->results; row++) {
        int64_t o = row / b->results, j = row % b->results, first, n;

        inside(b, j, &first, &n);
        for (int64_t k = first; k < first + n; k++)
            add_row(b->inner, b->weight[j * b->width + k], b->from + row * b->inner,
                    b->to + (o * b->entries + b->start->i32[j] + k) * b->inner);
    }
}

static void grad_run(const kt_run *r)
{
    job     b = job_of(r, &r->out[0].shape, &r->in[0], &r->in[1]);
    int64_t bytes = (b.results * b.inner * b.width + 1) * (int64_t)sizeof(float);

    b.from = r->in[2].f32;
    b.to = r->out[0].f32;
    kt_parallel(b.outer, KT_BYTES_WORTH_A_THREAD / bytes + 1, grad_blocks, &b);
}

static const kt_kernel band = {
    .op = "band", .name = "cpu_band", .accepts = accepts, .run = band_run};
static const kt_kernel band_grad = {
    .op = "band_grad", .name = "cpu_band_grad", .accepts = grad_accepts, .run = grad_run};

const kt_kernel *const kt_kernels_band[] = {&band, &band_grad, NULL};
