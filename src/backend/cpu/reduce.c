/* reduce.c - sum, mean, max, min and product along axes. Neighbouring axes of one kind are merged;
 * then x is [before, reduced, after], or its second reduced group is treated in a second pass. */
#include "backend/cpu/cpu.h"

#include <string.h>

enum { CHUNKS = 16, GROUPS = 4, SHORT = 8 /* numbers of a row that fills no vector */ };

/* Merged axes: group i is reduced or kept. */
typedef struct groups {
    int     n;
    int64_t size[GROUPS];
    bool    reduced[GROUPS];
} groups;

static bool merge(const kt_shape *x, unsigned axes, groups *g)
{
    *g = (groups){0};
    for (int i = 0; i < x->rank; i++) {
        bool reduced = axes >> i & 1u;
        if (x->dim[i] == 1)
            continue;
        if (g->n > 0 && g->reduced[g->n - 1] == reduced) {
            g->size[g->n - 1] *= x->dim[i];
        } else {
            if (g->n == GROUPS)
                return false;
            g->size[g->n] = x->dim[i];
            g->reduced[g->n++] = reduced;
        }
    }
    return true;
}

typedef struct job {
    kt_reduce_fn fn;
    int64_t      before, reduced, after;
    const float *x;    /* [before, reduced, after] */
    float       *y;    /* [before, after] */
    float       *part; /* [CHUNKS, after] */
} job;

static bool accepts(const kt_run *r, const char **why)
{
    const kt_reduce_attr *a = r->attr;
    groups                g;

    if (!kt_all_f32(r, why))
        return false;
    *why = "too many groups of axes";
    return merge(&r->in[0].shape, a->axes, &g);
}

/* Rows one behind another, a loop a function. */
static void reduce_short(kt_reduce_fn fn, int64_t rows, int64_t n, const float *x, float *y)
{
#define EACH_ROW(combined, result)               \
    for (int64_t i = 0; i < rows; i++, x += n) { \
        float a = x[0];                          \
        for (int64_t k = 1; k < n; k++) {        \
            float b = x[k];                      \
            a = combined;                        \
        }                                        \
        y[i] = result;                           \
    }                                            \
    break;

    switch (fn) {
    case KT_RE_MAX: EACH_ROW(a > b || a != a ? a : b, a)
    case KT_RE_MIN: EACH_ROW(a < b || a != a ? a : b, a)
    case KT_RE_PROD: EACH_ROW(a * b, a)
    case KT_RE_MEAN: EACH_ROW(a + b, a / (float)n)
    case KT_RE_SUM: EACH_ROW(a + b, a)
    }
#undef EACH_ROW
}

static void reduce_before(void *ctx, int64_t begin, int64_t end)
{
    const job *j = ctx;

    if (j->after == 1 && j->reduced <= SHORT) {
        reduce_short(j->fn, end - begin, j->reduced, j->x + begin * j->reduced, j->y + begin);
        return;
    }
    for (int64_t i = begin; i < end; i++) {
        const float *x = j->x + i * j->reduced * j->after;
        if (j->after == 1)
            j->y[i] = kt_isa()->reduce_row(j->fn, j->reduced, x);
        else
            kt_isa()->reduce_columns(j->fn, j->reduced, j->after, x, j->after, j->y + i * j->after);
    }
}

static int64_t chunk_begin(const job *j, int64_t i)
{
    return j->reduced * i / CHUNKS;
}

static void reduce_chunks(void *ctx, int64_t begin, int64_t end)
{
    const job   *j = ctx;
    kt_reduce_fn fn = j->fn == KT_RE_MEAN ? KT_RE_SUM : j->fn;

    for (int64_t i = begin; i < end; i++) {
        int64_t      row = chunk_begin(j, i), rows = chunk_begin(j, i + 1) - row;
        const float *x = j->x + row * j->after;
        if (j->after == 1)
            j->part[i] = kt_isa()->reduce_row(fn, rows, x);
        else
            kt_isa()->reduce_columns(fn, rows, j->after, x, j->after, j->part + i * j->after);
    }
}

/* Always the same chunks, so that the result does not depend on the number of threads. */
static bool is_chunked(int64_t before, int64_t reduced, int64_t after)
{
    return before == 1 && reduced >= 64 * CHUNKS &&
           reduced * after * (int64_t)sizeof(float) > 2 * KT_BYTES_WORTH_A_THREAD;
}

static void reduce(job *j)
{
    int64_t bytes = j->reduced * j->after * (int64_t)sizeof(float);

    if (j->reduced == 1) { /* whatever the function is */
        memcpy(j->y, j->x, (size_t)(j->before * j->after) * sizeof *j->y);
    } else if (is_chunked(j->before, j->reduced, j->after)) {
        kt_parallel(CHUNKS, KT_BYTES_WORTH_A_THREAD * CHUNKS / bytes + 1, reduce_chunks, j);
        kt_isa()->reduce_columns(j->fn == KT_RE_MEAN ? KT_RE_SUM : j->fn, CHUNKS, j->after, j->part,
                                 j->after, j->y);
        for (int64_t i = 0; i < j->after && j->fn == KT_RE_MEAN; i++)
            j->y[i] /= (float)j->reduced;
    } else if (j->before * bytes < 2 * KT_BYTES_WORTH_A_THREAD) {
        reduce_before(j, 0, j->before);
    } else {
        kt_parallel(j->before, KT_BYTES_WORTH_A_THREAD / bytes + 1, reduce_before, j);
    }
}

/* Groups as [before, reduced, after], from the first reduced one on; `skip` groups come before it
 * as they are. */
static job job_of(const groups *g, kt_reduce_fn fn, const kt_run *r)
{
    job j = {.fn = fn,
             .before = 1,
             .reduced = 1,
             .after = 1,
             .x = r->in[0].f32,
             .y = r->out[0].f32,
             .part = r->scratch};
    int i = 0;

    if (i < g->n && !g->reduced[i])
        j.before = g->size[i++];
    if (i < g->n)
        j.reduced = g->size[i++];
    for (; i < g->n; i++)
        j.after *= g->size[i];
    return j;
}

static bool two_passes(const groups *g)
{
    return g->n - !g->reduced[0] > 2;
}

static size_t scratch(const kt_run *r)
{
    const kt_reduce_attr *a = r->attr;
    groups                g;
    job                   j;

    merge(&r->in[0].shape, a->axes, &g);
    if (g.n == 0)
        return 0;
    j = job_of(&g, a->fn, r);
    return (size_t)(CHUNKS * j.after + (two_passes(&g) ? j.before * j.after : 0)) * sizeof(float);
}

/* [.., reduced, kept, reduced, ..]: the first group, then the second in what is left. */
static void run_twice(const kt_run *r, const groups *g, kt_reduce_fn fn)
{
    job     j = job_of(g, fn, r);
    float  *first = (float *)r->scratch + CHUNKS * j.after;
    int     second = g->reduced[0] ? 2 : 3;
    int64_t kept = g->size[second - 1];
    float  *y = j.y;

    j.y = first;
    reduce(&j);
    j.x = first;
    j.y = y;
    j.before *= kept;
    j.reduced = g->size[second];
    j.after = second + 1 < g->n ? g->size[second + 1] : 1;
    reduce(&j);
}

static void run(const kt_run *r)
{
    const kt_reduce_attr *a = r->attr;
    groups                g;
    job                   j;

    merge(&r->in[0].shape, a->axes, &g);
    if (g.n > 0 && two_passes(&g)) {
        run_twice(r, &g, a->fn);
        return;
    }
    j = job_of(&g, a->fn, r);
    reduce(&j);
}

static const kt_kernel kernel = {
    .op = "reduce",
    .name = "cpu_reduce",
    .accepts = accepts,
    .run = run,
    .scratch = scratch,
};

const kt_kernel *const kt_kernels_reduce[] = {&kernel, NULL};
