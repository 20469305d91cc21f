/* lstm_grad.c - the sequential part of the gradient of an LSTM: dz of every step, backwards.
 * Threads take rows. */
#include "backend/cpu/gates.h"

#include <string.h>

/* Inputs: recurrent, reserve, [mask], [dy], [dh], [dc]; results: dz, dh0, dc0. */
enum { ROWS = 48 };

typedef struct job {
    const kt_lstm_attr *a;
    const kt_run       *r;
    kt_gates            gates;
    int64_t             batch, time;
    const uint8_t      *mask;
    const float        *dy, *dh, *dc;
    float              *packed; /* recurrent, turned */
    float              *back;   /* [batch, units]: d h before the step, where rows may be masked */
} job;

static bool is_masked(const job *j, int64_t b, int64_t t)
{
    return j->mask && !j->mask[b * j->time + t];
}

static int64_t time_of(const job *j, int64_t s)
{
    return j->a->go_backwards ? j->time - 1 - s : s;
}

/* Whether the output of step s is the state after it (and not zeros). */
static bool gives(const job *j, int64_t b, int64_t s)
{
    if (!j->mask || !is_masked(j, b, time_of(j, s)))
        return true;
    if (j->a->zero_output_for_mask)
        return false;
    for (int64_t q = 0; q < s; q++)
        if (!is_masked(j, b, time_of(j, q)))
            return true;
    return false;
}

/* d h after step s gets what flows into the output. */
static void add_output(const job *j, int64_t b, int64_t s)
{
    int64_t      u = j->a->units;
    float       *dh = j->r->out[1].f32 + b * u;
    const float *dy = j->dy;

    if (!dy || !(j->a->return_sequences || s == j->time - 1) || !gives(j, b, s))
        return;
    dy += (j->a->return_sequences ? b * j->time + s : b) * u;
    kt_isa()->binary[KT_BI_ADD](u, dh, 1, dy, 1, dh, 0, 0);
}

/* d h before the step, from dz. */
static void through_recurrent(const job *j, int64_t begin, int64_t end, int64_t t)
{
    int64_t u = j->a->units;
    float  *dh = j->r->out[1].f32;
    kt_gemm g = {.m = end - begin,
                 .n = u,
                 .k = 4 * u,
                 .a = j->r->out[0].f32 + (begin * j->time + t) * 4 * u,
                 .a_row = j->time * 4 * u,
                 .a_col = 1,
                 .c = (j->mask ? j->back : dh) + begin * u,
                 .c_row = u};

    kt_isa()->gemm_packed(&g, j->packed);
    for (int64_t b = begin; b < end && j->mask; b++)
        if (!is_masked(j, b, t))
            memcpy(dh + b * u, j->back + b * u, (size_t)u * sizeof *dh);
}

static void run_step(const job *j, int64_t begin, int64_t end, int64_t s)
{
    int64_t u = j->a->units, t = time_of(j, s);

    for (int64_t b = begin; b < end; b++) {
        int64_t at = b * j->time + t;
        float  *dz = j->r->out[0].f32 + at * 4 * u;

        add_output(j, b, s);
        if (is_masked(j, b, t))
            memset(dz, 0, (size_t)(4 * u) * sizeof *dz);
        else
            kt_gates_grad_row(&j->gates, b, j->r->in[1].f32 + at * KT_LSTM_RESERVE * u,
                              j->r->out[1].f32 + b * u, j->r->out[2].f32 + b * u, dz);
    }
    through_recurrent(j, begin, end, t);
}

/* Rows [begin, end) of a state: what comes in, or zeros. */
static void start(float *to, const float *from, int64_t begin, int64_t end, int64_t u)
{
    size_t bytes = (size_t)((end - begin) * u) * sizeof *to;

    if (from)
        memcpy(to + begin * u, from + begin * u, bytes);
    else
        memset(to + begin * u, 0, bytes);
}

static void run_some(const job *j, int64_t begin, int64_t end)
{
    start(j->r->out[1].f32, j->dh, begin, end, j->a->units);
    start(j->r->out[2].f32, j->dc, begin, end, j->a->units);
    for (int64_t s = j->time - 1; s >= 0; s--)
        run_step(j, begin, end, s);
}

/* A few rows at a time: a step's rows lie far apart in memory, and fewer of them stay in the
 * cache. */
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
    const kt_lstm_grad_attr *a = r->attr;
    int64_t                  u = a->lstm.units, batch = r->in[1].shape.dim[0];
    kt_gates                 gates = kt_gates_of(&a->lstm, NULL);

    return (size_t)(packed_size(4 * u, u) + batch * (gates.row + u)) * sizeof(float);
}

static void find_inputs(job *j, const kt_lstm_grad_attr *a, const kt_run *r)
{
    int i = 2;

    if (a->lstm.masked)
        j->mask = r->in[i++].u8;
    if (a->dy)
        j->dy = r->in[i++].f32;
    if (a->dh)
        j->dh = r->in[i++].f32;
    if (a->dc)
        j->dc = r->in[i++].f32;
}

static void run(const kt_run *r)
{
    const kt_lstm_grad_attr *a = r->attr;
    int64_t                  u = a->lstm.units, batch = r->in[1].shape.dim[0];
    float                   *packed = r->scratch, *back = packed + packed_size(4 * u, u);
    job                      j = {.a = &a->lstm,
                                  .r = r,
                                  .gates = kt_gates_of(&a->lstm, back + batch * u),
                                  .batch = batch,
                                  .time = r->in[1].shape.dim[1],
                                  .packed = packed,
                                  .back = back};
    kt_gemm g = {.n = u, .k = 4 * u, .b = r->in[0].f32, .b_row = 1, .b_col = 4 * u};
    double  flops = 8.0 * (double)j.time * (double)u * (double)u;

    find_inputs(&j, a, r);
    kt_isa()->pack(&g, packed);
    kt_parallel(batch, (int64_t)(KT_FLOPS_WORTH_A_THREAD / (flops + 1)) + 1, run_rows, &j);
}

static bool accepts(const kt_run *r, const char **why)
{
    const kt_lstm_grad_attr *a = r->attr;

    *why = "not float32";
    for (int i = 0; i < r->n_in; i++)
        if (r->in[i].dtype != (i == 2 && a->lstm.masked ? KT_BOOLEAN : KT_F32))
            return false;
    return true;
}

static const kt_kernel kernel = {
    .op = "lstm_grad", .name = "cpu_lstm_grad", .accepts = accepts, .run = run, .scratch = scratch};

const kt_kernel *const kt_kernels_lstm_grad[] = {&kernel, NULL};
