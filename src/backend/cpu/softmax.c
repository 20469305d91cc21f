/* softmax.c - softmax, its logarithm, their gradients and the cross-entropies over classes; along
 * the last axis. */
#include "backend/cpu/cpu.h"

#include <math.h>

typedef void row_fn(const kt_run *r, int64_t row, int64_t n);

typedef struct job {
    const kt_run *r;
    row_fn       *fn;
    int64_t       n;
} job;

static void run_rows(void *ctx, int64_t begin, int64_t end)
{
    const job *j = ctx;

    for (int64_t i = begin; i < end; i++)
        j->fn(j->r, i, j->n);
}

/* About a nanosecond an element. */
static void run(const kt_run *r, row_fn *fn, int64_t n)
{
    job     j = {r, fn, n};
    int64_t rows = r->in[0].count / n;

    if (r->in[0].count < 100000)
        run_rows(&j, 0, rows);
    else
        kt_parallel(rows, 50000 / n + 1, run_rows, &j);
}

static bool last_axis(const kt_run *r, const char **why)
{
    const kt_axis_attr *a = r->attr;

    if (!kt_all_f32(r, why))
        return false;
    *why = "not the last axis";
    return kt_shape_product(&r->in[0].shape, a->axis + 1, r->in[0].shape.rank) == 1;
}

static void softmax_row(const kt_run *r, int64_t i, int64_t n)
{
    kt_isa()->softmax_row(n, r->in[0].f32 + i * n, r->out[0].f32 + i * n);
}

static void log_softmax_row(const kt_run *r, int64_t i, int64_t n)
{
    kt_isa()->log_softmax_row(n, r->in[0].f32 + i * n, r->out[0].f32 + i * n);
}

static void softmax_grad_row(const kt_run *r, int64_t i, int64_t n)
{
    kt_isa()->softmax_grad_row(n, r->in[0].f32 + i * n, r->in[1].f32 + i * n,
                               r->out[0].f32 + i * n);
}

static void log_softmax_grad_row(const kt_run *r, int64_t i, int64_t n)
{
    kt_isa()->log_softmax_grad_row(n, r->in[0].f32 + i * n, r->in[1].f32 + i * n,
                                   r->out[0].f32 + i * n);
}

/* --- cross-entropies: part 0 the loss of each row, part 1 its gradient --- */

static void softmax_xent_row(const kt_run *r, int64_t i, int64_t n)
{
    r->out[0].f32[i] = kt_isa()->softmax_xent_row(n, r->in[0].f32 + i * n, r->in[1].f32 + i * n,
                                                  r->out[1].f32 + i * n);
}

/* A label out of range gives nan, as a kernel cannot fail. */
static void sparse_row(const kt_run *r, int64_t i, int64_t n)
{
    const float *x = r->in[0].f32 + i * n;
    float       *dx = r->out[1].f32 + i * n;
    int64_t      label = (int64_t)kt_peek(r->in[1].data, r->in[1].dtype, i);

    if (label < 0 || label >= n) {
        for (int64_t j = 0; j < n; j++)
            dx[j] = NAN;
        r->out[0].f32[i] = NAN;
        return;
    }
    r->out[0].f32[i] = kt_isa()->softmax_log_row(n, x, dx) - x[label];
    dx[label] -= 1;
}

static bool sparse_accepts(const kt_run *r, const char **why)
{
    *why = "not float32 logits and integer labels";
    return r->in[0].dtype == KT_F32 && kt_dtype_is_int(r->in[1].dtype);
}

/* The axis may be followed by others of size 1. */
static int64_t axis_size(const kt_run *r)
{
    return r->in[0].shape.dim[((const kt_axis_attr *)r->attr)->axis];
}

static int64_t classes(const kt_run *r)
{
    return kt_dim(&r->in[0].shape, -1);
}

#define KERNEL(id, op_name, accept, size, places) \
    static void run_##id(const kt_run *r)         \
    {                                             \
        run(r, id##_row, size(r));                \
    }                                             \
    static const kt_kernel id = {                 \
        .op = op_name,                            \
        .name = "cpu_" op_name,                   \
        .accepts = accept,                        \
        .run = run_##id,                          \
        .in_place = places,                       \
    };
KERNEL(softmax, "softmax", last_axis, axis_size, 1)
KERNEL(log_softmax, "log_softmax", last_axis, axis_size, 1)
KERNEL(softmax_grad, "softmax_grad", last_axis, axis_size, 3)
KERNEL(log_softmax_grad, "log_softmax_grad", last_axis, axis_size, 3)
KERNEL(softmax_xent, "softmax_xent", kt_all_f32, classes, 0)
KERNEL(sparse, "sparse_softmax_xent", sparse_accepts, classes, 0)

const kt_kernel *const kt_kernels_softmax[] = {
    &softmax, &log_softmax, &softmax_grad, &log_softmax_grad, &softmax_xent, &sparse, NULL};
