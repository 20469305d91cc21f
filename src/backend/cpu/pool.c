/* pool.c - maximum and average over windows, and their gradients: window by window, all channels at
 * once. */
#include "backend/cpu/window.h"

#include <math.h>
#include <string.h>

enum { MOST_CELLS = 256 };

static bool accepts(const kt_run *r, const char **why)
{
    const kt_window_attr *a = r->attr;
    double                cells = 1;

    for (int i = 0; i < a->spatial; i++)
        cells *= (double)a->window[i];
    if (!kt_all_f32(r, why))
        return false;
    *why = "a large window";
    return cells <= MOST_CELLS;
}

typedef struct job {
    const kt_window_attr *a;
    const kt_run         *r;
    kt_window             w;
    bool                  apart;  /* no cell is in two windows */
    bool                  covers; /* and each is in one */
} job;

/* The cells of the image that place [a, b, d] sees. */
static int64_t find_cells(const kt_window *w, const int64_t *place, int64_t *cell)
{
    int64_t n = 0, lo[3], at[3];

    for (int i = 0; i < 3; i++)
        lo[i] = place[i] * w->stride[i] - w->lo[i];
    for (int64_t a = 0; a < w->size[0]; a++)
        for (int64_t b = 0; b < w->size[1]; b++)
            for (int64_t d = 0; d < w->size[2]; d++) {
                at[0] = lo[0] + a * w->dilation[0];
                at[1] = lo[1] + b * w->dilation[1];
                at[2] = lo[2] + d * w->dilation[2];
                if (at[0] >= 0 && at[0] < w->in[0] && at[1] >= 0 && at[1] < w->in[1] &&
                    at[2] >= 0 && at[2] < w->in[2])
                    cell[n++] = ((at[0] * w->in[1] + at[1]) * w->in[2] + at[2]) * w->channels;
            }
    return n;
}

static void pool_window(const job *j, int64_t image, const int64_t *cell, int64_t n, int64_t at)
{
    const float *x = j->r->in[0].f32 + image, *cells[MOST_CELLS];
    float       *y = j->r->out[0].f32 + at;

    for (int64_t i = 0; i < n; i++)
        cells[i] = x + cell[i];
    if (n > 0)
        (j->a->max ? kt_isa()->pool_max : kt_isa()->pool_mean)(n, cells, j->w.channels, y);
    else
        for (int64_t i = 0; i < j->w.channels; i++)
            y[i] = j->a->max ? -INFINITY : 0;
}

static void grad_window(const job *j, int64_t image, const int64_t *cell, int64_t n, int64_t at)
{
    const float *cells[MOST_CELLS];
    float       *dx[MOST_CELLS];

    for (int64_t i = 0; i < n; i++) {
        cells[i] = j->r->in[0].f32 + image + cell[i];
        dx[i] = j->r->out[0].f32 + image + cell[i];
    }
    if (j->a->max)
        kt_isa()->pool_max_grad(n, cells, j->w.channels, j->r->in[1].f32 + at, j->r->in[2].f32 + at,
                                dx, j->apart);
    else if (n > 0)
        kt_isa()->pool_mean_grad(n, j->w.channels, j->r->in[2].f32 + at, dx, j->apart);
}

/* Whether windows at this place of an axis see nothing but real cells along it. */
static bool is_inner(const kt_window *w, int axis, int64_t place)
{
    int64_t first = place * w->stride[axis] - w->lo[axis];

    return first >= 0 && first + (w->size[axis] - 1) * w->dilation[axis] < w->in[axis];
}

typedef void window_fn(const job *j, int64_t image, const int64_t *cell, int64_t n, int64_t at);

/* One row of results. Windows within the image differ by where they begin only. */
static void visit_row(const job *j, int64_t image, int64_t a, int64_t b, int64_t at,
                      window_fn *window)
{
    const kt_window *w = &j->w;
    bool             inner = is_inner(w, 0, a) && is_inner(w, 1, b);
    /* the place that `cell` is of, if inner */
    int64_t cell[MOST_CELLS], n = 0, known = -1;

    for (int64_t d = 0; d < w->out[2]; d++, at += w->channels) {
        int64_t place[3] = {a, b, d};
        bool    whole = inner && is_inner(w, 2, d);

        if (!whole || known < 0)
            n = find_cells(w, place, cell);
        if (whole && known < 0)
            known = d;
        if (!whole)
            known = -1;
        window(j, image + (known < 0 ? 0 : (d - known) * w->stride[2] * w->channels), cell, n, at);
    }
}

/* All windows of images [begin, end). */
static void visit(const job *j, int64_t begin, int64_t end, window_fn *window)
{
    const int64_t *out = j->w.out;
    int64_t        row = out[2] * j->w.channels, at = begin * out[0] * out[1] * row;

    for (int64_t image = begin; image < end; image++)
        for (int64_t a = 0; a < out[0]; a++)
            for (int64_t b = 0; b < out[1]; b++, at += row)
                visit_row(j, image * kt_window_image(&j->w), a, b, at, window);
}

static void pool_images(void *ctx, int64_t begin, int64_t end)
{
    visit(ctx, begin, end, pool_window);
}

static void grad_images(void *ctx, int64_t begin, int64_t end)
{
    const job *j = ctx;
    int64_t    image = kt_window_image(&j->w);

    if (!j->covers)
        memset(j->r->out[0].f32 + begin * image, 0,
               (size_t)((end - begin) * image) * sizeof(float));
    visit(j, begin, end, grad_window);
}

static void find_overlap(job *j)
{
    const kt_window *w = &j->w;

    j->apart = j->covers = true;
    for (int i = 0; i < 3; i++) {
        j->apart &= w->stride[i] > (w->size[i] - 1) * w->dilation[i];
        j->covers &= w->stride[i] == w->size[i] && w->dilation[i] == 1 &&
                     w->out[i] * w->stride[i] - w->lo[i] >= w->in[i];
    }
}

static void run(const kt_run *r, const kt_shape *x, const kt_shape *y,
                void (*images)(void *ctx, int64_t begin, int64_t end))
{
    job     j = {.a = r->attr, .r = r, .w = kt_window_of(r->attr, x, y)};
    int64_t bytes = kt_window_image(&j.w) * (int64_t)sizeof(float) + 1;

    find_overlap(&j);
    kt_parallel(j.w.batch, KT_BYTES_WORTH_A_THREAD / 4 / bytes + 1, images, &j);
}

static void pool_run(const kt_run *r)
{
    run(r, &r->in[0].shape, &r->out[0].shape, pool_images);
}

static void grad_run(const kt_run *r)
{
    run(r, &r->in[0].shape, &r->in[1].shape, grad_images);
}

static const kt_kernel pool = {
    .op = "pool", .name = "cpu_pool", .accepts = accepts, .run = pool_run};
static const kt_kernel grad = {
    .op = "pool_grad", .name = "cpu_pool_grad", .accepts = accepts, .run = grad_run};

const kt_kernel *const kt_kernels_pool[] = {&pool, &grad, NULL};
