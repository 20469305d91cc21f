/* lstm.c - whole sequences: one product x . kernel for all steps, then step by step h . recurrent
 * and the gates. The rows of a batch do not see each other, so threads take rows, not steps. */
#include "backend/cpu/gates.h"

#include <string.h>

/* --- forward: x, h0, c0, kernel, recurrent, [bias], [mask] -> output, h, c, reserve ----------- */

enum { ROWS = 48 };

typedef struct job {
    const kt_lstm_attr *a;
    const kt_run       *r;
    kt_gates            gates;
    int64_t             time, features;
    const uint8_t      *mask;
    float              *packed; /* recurrent */
} job;

static float *reserve_row(const job *j, int64_t b, int64_t t)
{
    return j->r->out[3].f32 + (b * j->time + t) * KT_LSTM_RESERVE * j->a->units;
}

/* The output of one row after step s at time t. */
static void put_output(const job *j, int64_t b, int64_t s, int64_t t, bool *seen)
{
    int64_t      u = j->a->units;
    const float *h = j->r->out[1].f32 + b * u;
    float       *y = j->r->out[0].f32;
    bool         masked = j->mask && !j->mask[b * j->time + t];

    *seen |= !masked;
    if (!j->a->return_sequences && s + 1 < j->time)
        return;
    y += j->a->return_sequences ? (b * j->time + s) * u : b * u;
    if (j->a->zero_output_for_mask ? !masked : *seen)
        memcpy(y, h, (size_t)u * sizeof *y);
    else
        memset(y, 0, (size_t)u * sizeof *y);
}

/* Step s of rows [begin, end): gates += h . recurrent, then the activations. */
static void run_step(const job *j, int64_t begin, int64_t end, int64_t s)
{
    int64_t u = j->a->units, t = j->a->go_backwards ? j->time - 1 - s : s;
    float  *h = j->r->out[1].f32, *c = j->r->out[2].f32;
    kt_gemm g = {.m = end - begin,
                 .n = 4 * u,
                 .k = u,
                 .a = h + begin * u,
                 .a_row = u,
                 .a_col = 1,
                 .b = j->r->in[4].f32,
                 .b_row = 4 * u,
                 .b_col = 1,
                 .c = reserve_row(j, begin, t),
                 .c_row = j->time * KT_LSTM_RESERVE * u,
                 .add = true};

    if (g.m == 1)
        kt_isa()->gemm(&g);
    else
        kt_isa()->gemm_packed(&g, j->packed);
    for (int64_t b = begin; b < end; b++)
        kt_gates_row(&j->gates, b, reserve_row(j, b, t), h + b * u, c + b * u,
                     !j->mask || j->mask[b * j->time + t]);
}

static void run_some(const job *j, int64_t begin, int64_t end)
{
    const kt_run *r = j->r;
    int64_t       u = j->a->units;
    bool         *seen = (void *)(j->gates.scratch + r->in[1].shape.dim[0] * j->gates.row);
    kt_gemm       g = {.m = (end - begin) * j->time,
                       .n = 4 * u,
                       .k = j->features,
                       .a = r->in[0].f32 + begin * j->time * j->features,
                       .a_row = j->features,
                       .a_col = 1,
                       .b = r->in[3].f32,
                       .b_row = 4 * u,
                       .b_col = 1,
                       .c = reserve_row(j, begin, 0),
                       .c_row = KT_LSTM_RESERVE * u,
                       .bias = j->a->biased ? r->in[5].f32 : NULL};

    kt_isa()->gemm(&g);
    memcpy(r->out[1].f32 + begin * u, r->in[1].f32 + begin * u, (size_t)((end - begin) * u) * 4);
    memcpy(r->out[2].f32 + begin * u, r->in[2].f32 + begin * u, (size_t)((end - begin) * u) * 4);
    memset(seen + begin, 0, (size_t)(end - begin));
    for (int64_t s = 0; s < j->time; s++) {
        run_step(j, begin, end, s);
        for (int64_t b = begin; b < end; b++)
            put_output(j, b, s, j->a->go_backwards ? j->time - 1 - s : s, &seen[b]);
    }
}

/* A few rows at a time, so that what a step leaves is still in the cache for the next one. */
static void run_rows(void *ctx, int64_t begin, int64_t end)
{
    int64_t rows = end - begin, blocks = (rows + ROWS - 1) / ROWS;

    for (int64_t i = 0; i < blocks; i++)
        run_some(ctx, begin + rows * i / blocks, begin + rows * (i + 1) / blocks);
}

static int64_t packed_size(int64_t k, int64_t n)
{
    int64_t panel = kt_isa()->panel;

    return (n + panel - 1) / panel * panel * k;
}

static size_t scratch(const kt_run *r)
{
    const kt_lstm_attr *a = r->attr;
    int64_t             batch = r->in[0].shape.dim[0];
    kt_gates            gates = kt_gates_of(a, NULL);

    return (size_t)(packed_size(a->units, 4 * a->units) + batch * gates.row) * sizeof(float) +
           (size_t)batch;
}

static double flops_of_row(const kt_lstm_attr *a, int64_t time, int64_t features)
{
    return 8.0 * (double)time * (double)a->units * (double)(features + a->units);
}

static void run(const kt_run *r)
{
    const kt_lstm_attr *a = r->attr;
    int64_t             u = a->units;
    float              *packed = r->scratch;
    job                 j = {.a = a,
                             .r = r,
                             .gates = kt_gates_of(a, packed + packed_size(u, 4 * u)),
                             .time = r->in[0].shape.dim[1],
                             .features = r->in[0].shape.dim[2],
                             .mask = a->masked ? r->in[r->n_in - 1].u8 : NULL,
                             .packed = packed};
    kt_gemm             g = {.n = 4 * u, .k = u, .b = r->in[4].f32, .b_row = 4 * u, .b_col = 1};
    int64_t             batch = r->in[0].shape.dim[0];

    if (batch > 1)
        kt_isa()->pack(&g, packed);
    kt_parallel(batch, (int64_t)(KT_FLOPS_WORTH_A_THREAD / flops_of_row(a, j.time, j.features)) + 1,
                run_rows, &j);
}

static bool accepts(const kt_run *r, const char **why)
{
    const kt_lstm_attr *a = r->attr;

    *why = "not float32";
    for (int i = 0; i < r->n_in - a->masked; i++)
        if (r->in[i].dtype != KT_F32)
            return false;
    return !a->masked || r->in[r->n_in - 1].dtype == KT_BOOLEAN;
}

static const kt_kernel kernel = {
    .op = "lstm", .name = "cpu_lstm", .accepts = accepts, .run = run, .scratch = scratch};

const kt_kernel *const kt_kernels_lstm[] = {&kernel, NULL};
