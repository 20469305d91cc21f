/* band.c - weighted sums of neighbours along an axis or two, row by row: along two, the rows of x
 * that one of the result is made of are mixed to a row that stays in the first-level cache. */
#include "backend/cpu/cpu.h"

#include <string.h>

/* x is [outer, entries, row], the result [outer, results, made]: a row is of the axes behind the
 * first, a made one has the second axis' results. */
typedef struct job {
    int64_t      outer, results, row, made;
    kt_taps      first, second;
    bool         two;     /* axes */
    int64_t      columns; /* the second one's results */
    const float *from;
    float       *to;
    float       *room; /* a row for each part */
    int64_t      parts;
} job;

static kt_taps band_of(const kt_buf *taps, int64_t entries, int64_t inner)
{
    return (kt_taps){.entries = entries,
                     .inner = inner,
                     .width = taps[1].shape.dim[1],
                     .start = taps[0].i32,
                     .weight = taps[1].f32};
}

/* s: the shape of x, or of its gradient. */
static job job_of(const kt_run *r, const kt_shape *s)
{
    const kt_band_attr *a = r->attr;
    const kt_buf       *taps = r->in + 1;
    job                 j = {.outer = kt_shape_product(s, 0, a->axis),
                             .results = taps[0].count,
                             .row = kt_shape_product(s, a->axis + 1, s->rank),
                             .from = r->in[0].f32,
                             .to = r->out[0].f32,
                             .room = r->scratch,
                             .two = a->n == 2};
    int64_t             inner = kt_shape_product(s, a->axis + a->n, s->rank);

    j.first = band_of(taps, a->entries[0], j.row);
    j.made = j.row;
    if (j.two) {
        j.second = band_of(taps + 2, a->entries[1], inner);
        j.columns = taps[2].count;
        j.made = inner * j.columns;
    }
    return j;
}

static bool accepts(const kt_run *r, const char **why)
{
    *why = "another dtype than float32, or starts that are not int32";
    for (int i = 0; i < r->n_in; i++)
        if (r->in[i].dtype != (i % 2 ? KT_I32 : KT_F32))
            return false;
    return r->out[0].dtype == KT_F32;
}

/* --- parts: each has a row of its own for what is mixed --- */

static void *prepare(const kt_run *r)
{
    int64_t *parts = kt_alloc(sizeof *parts);

    (void)r;
    if (parts)
        *parts = kt_threads();
    return parts;
}

static size_t scratch(const kt_run *r)
{
    const kt_band_attr *a = r->attr;
    const int64_t      *parts = r->state;
    const kt_shape     *s = &r->in[0].shape;
    int64_t             inner = kt_shape_product(s, a->axis + a->n, s->rank);

    return a->n == 1 ? 0 : (size_t)(*parts * a->entries[1] * inner) * sizeof(float);
}

/* As many parts as it pays for n pieces of so many floats each. */
static int64_t parts_of(const kt_run *r, int64_t n, int64_t floats)
{
    int64_t most = *(const int64_t *)r->state,
            pays = n / (KT_BYTES_WORTH_A_THREAD / (floats + 1) / 4 + 1);

    return pays < 1 ? 1 : pays < most ? pays : most;
}

/* --- forward: parts are rows of the result, of all images ------------------------------------- */

/* Rows [begin, end) of image o. */
static void make_rows(const job *j, int64_t o, int64_t begin, int64_t end, float *mixed)
{
    const float *x = j->from + o * j->first.entries * j->row;
    float       *y = j->to + (o * j->results + begin) * j->made;

    if (!j->two)
        kt_isa()->band_rows(&j->first, begin, end, x, y);
    for (int64_t i = begin; i < end && j->two; i++, y += j->made) {
        kt_isa()->band_rows(&j->first, i, i + 1, x, mixed);
        kt_isa()->band_rows(&j->second, 0, j->columns, mixed, y);
    }
}

static void some_rows(void *ctx, int64_t begin, int64_t end)
{
    const job *j = ctx;
    int64_t    n = j->outer * j->results;

    for (int64_t part = begin; part < end; part++) {
        int64_t last = n * (part + 1) / j->parts;
        for (int64_t row = n * part / j->parts, next; row < last; row = next) {
            int64_t o = row / j->results, first = o * j->results;
            next = last < first + j->results ? last : first + j->results;
            make_rows(j, o, row - first, next - first, j->room + part * j->row);
        }
    }
}

static void band_run(const kt_run *r)
{
    job j = job_of(r, &r->in[0].shape);

    j.parts = parts_of(r, j.outer * j.results, j.row * j.first.width + j.made);
    kt_parallel(j.parts, 1, some_rows, &j);
}

/* --- gradient: parts are images --------------------------------------------------------------- */

static void spread_image(const job *j, const float *dy, float *mixed, float *dx)
{
    memset(dx, 0, (size_t)(j->first.entries * j->row) * sizeof *dx);
    if (!j->two)
        kt_isa()->band_grad_rows(&j->first, 0, j->results, dy, dx);
    for (int64_t i = 0; i < j->results && j->two; i++, dy += j->made) {
        memset(mixed, 0, (size_t)j->row * sizeof *mixed);
        kt_isa()->band_grad_rows(&j->second, 0, j->columns, dy, mixed);
        kt_isa()->band_grad_rows(&j->first, i, i + 1, mixed, dx);
    }
}

static void some_images(void *ctx, int64_t begin, int64_t end)
{
    const job *j = ctx;

    for (int64_t part = begin; part < end; part++)
        for (int64_t o = j->outer * part / j->parts; o < j->outer * (part + 1) / j->parts; o++)
            spread_image(j, j->from + o * j->results * j->made, j->room + part * j->row,
                         j->to + o * j->first.entries * j->row);
}

static void band_grad_run(const kt_run *r)
{
    job j = job_of(r, &r->out[0].shape);

    j.parts = parts_of(r, j.outer, j.results * (j.row * j.first.width + j.made));
    kt_parallel(j.parts, 1, some_images, &j);
}

#define KERNEL(id)                \
    static const kt_kernel id = { \
        .op = #id,                \
        .name = "cpu_" #id,       \
        .accepts = accepts,       \
        .run = id##_run,          \
        .scratch = scratch,       \
        .prepare = prepare,       \
        .release = kt_free,       \
    }
KERNEL(band);
KERNEL(band_grad);

const kt_kernel *const kt_kernels_band[] = {&band, &band_grad, NULL};
