/* conv.c - convolution and its two gradients as matrix products.
 *
 * With an image padded by zeros, the windows of one row of results are rows of a matrix that need
 * not be copied: they lie a fixed step apart, and each is a few runs of neighbouring elements (see
 * kt_gemm). The forward pass multiplies them by the kernel, the kernel's gradient sums them up
 * against dy. The input's gradient multiplies dy by the turned kernel and adds the windows that
 * come out to their places.
 */
#include "backend/cpu/window.h"

#include <string.h>

/* What is made once: sizes, and how much scratch each part of the work has. */
typedef struct conv {
    kt_window w;
    int64_t   groups, depth, width; /* channels of a group: in, out */
    int64_t   n_runs, run;          /* of a window in one group */
    int64_t   window;               /* n_runs * run: rows of the kernel's matrix */
    int64_t   parts;                /* of the work, each with its own buffer */
    int64_t   shared, buffer;       /* floats of scratch: for all, for one part */
    /* n_runs: where each run of a window begins in a padded image */
    int64_t *at;
} conv;

/* Spatial rows of results: places of the last axis lie side by side. */
static int64_t rows_of(const conv *c)
{
    return c->w.batch * c->w.out[0] * c->w.out[1];
}

static int64_t out_channels(const conv *c)
{
    return c->groups * c->width;
}

static int64_t out_image(const conv *c)
{
    return c->w.out[0] * c->w.out[1] * c->w.out[2] * out_channels(c);
}

/* Neighbouring cells of a window are one run where their channels are. */
static void find_runs(conv *c)
{
    const kt_window *w = &c->w;
    bool             joined = w->dilation[2] == 1 && c->groups == 1;
    int64_t          cells = joined ? 1 : w->size[2], n = 0;

    c->run = joined ? w->size[2] * c->depth : c->depth;
    c->n_runs = w->size[0] * w->size[1] * cells;
    c->window = c->n_runs * c->run;
    c->at = kt_calloc((size_t)c->n_runs, sizeof *c->at);
    for (int64_t i = 0; c->at && i < w->size[0]; i++)
        for (int64_t j = 0; j < w->size[1]; j++)
            for (int64_t k = 0; k < cells; k++)
                c->at[n++] = ((i * w->dilation[0] * w->padded[1] + j * w->dilation[1]) *
                                  w->padded[2] +
                              k * w->dilation[2]) *
                             w->channels;
}

static double flops(const conv *c)
{
    return 2.0 * (double)rows_of(c) * (double)c->w.out[2] * (double)c->window *
           (double)out_channels(c);
}

static void free_conv(void *state)
{
    conv *c = state;

    kt_free(c->at);
    kt_free(c);
}

static conv *new_conv(const kt_run *r, const kt_shape *x, const kt_shape *kernel, const kt_shape *y,
                      int64_t most_parts)
{
    const kt_window_attr *a = r->attr;
    conv                 *c = kt_alloc(sizeof *c);
    double                worth;

    if (!c)
        return NULL;
    c->w = kt_window_of(a, x, y);
    c->groups = a->groups;
    c->depth = kt_dim(kernel, -2);
    c->width = kt_dim(kernel, -1) / a->groups;
    find_runs(c);
    if (!c->at) {
        kt_free(c);
        return NULL;
    }
    worth = flops(c) / KT_FLOPS_WORTH_A_THREAD;
    c->parts = most_parts < kt_threads() ? most_parts : kt_threads();
    c->parts = worth < (double)c->parts ? (int64_t)worth : c->parts;
    c->parts = c->parts < 1 ? 1 : c->parts;
    return c;
}

static size_t scratch(const kt_run *r)
{
    const conv *c = r->state;

    return (size_t)(c->shared + c->parts * c->buffer) * sizeof(float);
}

/* Floats of a packed matrix [k, n]. */
static int64_t packed_size(int64_t k, int64_t n)
{
    int64_t panel = kt_isa()->panel;

    return (n + panel - 1) / panel * panel * k;
}

/* What a part of the work sees. */
typedef struct job {
    const conv   *c;
    const kt_run *r;
    float        *shared;
} job;

static float *buffer_of(const job *j, int64_t part)
{
    return j->shared + j->c->shared + part * j->c->buffer;
}

/* --- forward: inputs x, kernel ---------------------------------------------------------------- */

static void *forward_prepare(const kt_run *r)
{
    conv *c = new_conv(r, &r->in[0].shape, &r->in[1].shape, &r->out[0].shape, INT32_MAX);

    if (!c)
        return NULL;
    if (c->parts > rows_of(c))
        c->parts = rows_of(c) ? rows_of(c) : 1;
    c->shared = c->groups * packed_size(c->window, c->width);
    c->buffer = c->w.is_padded ? kt_window_padded_image(&c->w) : 0;
    return c;
}

/* The windows of one row of results, as a matrix. */
static void forward_row(const job *j, const float *image, int64_t row)
{
    const conv      *c = j->c;
    const kt_window *w = &c->w;
    int64_t          a = row / w->out[1] % w->out[0], b = row % w->out[1];
    int64_t at = (a * w->stride[0] * w->padded[1] + b * w->stride[1]) * w->padded[2] * w->channels;
    kt_gemm g = {.m = w->out[2],
                 .n = c->width,
                 .k = c->window,
                 .a_row = w->stride[2] * w->channels,
                 .a_col = 1,
                 .c_row = out_channels(c),
                 .run = c->run,
                 .at = c->at};

    for (int64_t k = 0; k < c->groups; k++) {
        g.a = image + at + k * c->depth;
        g.c = j->r->out[0].f32 + row * w->out[2] * out_channels(c) + k * c->width;
        kt_isa()->gemm_packed(&g, j->shared + k * packed_size(c->window, c->width));
    }
}

static void forward_parts(void *ctx, int64_t begin, int64_t end)
{
    const job  *j = ctx;
    const conv *c = j->c;
    int64_t     image_rows = c->w.out[0] * c->w.out[1], known = -1;

    for (int64_t part = begin; part < end; part++) {
        int64_t first = rows_of(c) * part / c->parts, last = rows_of(c) * (part + 1) / c->parts;
        for (int64_t row = first; row < last; row++) {
            int64_t      image = row / image_rows;
            const float *x = j->r->in[0].f32 + image * kt_window_image(&c->w);
            if (c->w.is_padded && image != known)
                kt_window_pad(&c->w, x, buffer_of(j, part));
            known = image;
            forward_row(j, c->w.is_padded ? buffer_of(j, part) : x, row);
        }
        known = -1;
    }
}

static void forward_run(const kt_run *r)
{
    const conv *c = r->state;
    job         j = {c, r, r->scratch};
    kt_gemm     g = {.n = c->width, .k = c->window, .b_row = out_channels(c), .b_col = 1};

    for (int64_t k = 0; k < c->groups; k++) {
        g.b = r->in[1].f32 + k * c->width;
        kt_isa()->pack(&g, j.shared + k * packed_size(c->window, c->width));
    }
    kt_parallel(c->parts, 1, forward_parts, &j);
}

/* --- gradient of the kernel: inputs x, dy ----------------------------------------------------- */

/* Every part sums up its own images; the parts are added at the end. */
static void *kernel_prepare(const kt_run *r)
{
    const kt_shape *x = &r->in[0].shape;
    conv *c = new_conv(r, x, &r->out[0].shape, &r->in[1].shape, x->dim[0] ? x->dim[0] : 1);

    if (!c)
        return NULL;
    c->shared = c->w.out[0] * c->w.out[1] * 2; /* int64: where each row of windows begins */
    c->buffer = r->out[0].count + (c->w.is_padded ? kt_window_padded_image(&c->w) : 0);
    return c;
}

static void row_places(const conv *c, int64_t *at)
{
    const kt_window *w = &c->w;

    for (int64_t a = 0; a < w->out[0]; a++)
        for (int64_t b = 0; b < w->out[1]; b++)
            at[a * w->out[1] + b] = (a * w->stride[0] * w->padded[1] + b * w->stride[1]) *
                                    w->padded[2] * w->channels;
}

/* dkernel += windows^T . dy of one image */
static void kernel_image(const job *j, const float *image, const float *dy, float *dkernel)
{
    const conv *c = j->c;
    kt_gemm     g = {.m = c->run,
                     .n = c->width,
                     .k = c->w.out[0] * c->w.out[1] * c->w.out[2],
                     .a_row = 1,
                     .a_col = c->w.stride[2] * c->w.channels,
                     .b_row = out_channels(c),
                     .b_col = 1,
                     .c_row = out_channels(c),
                     .run = c->w.out[2],
                     .at = (const int64_t *)(const void *)j->shared,
                     .add = true};

    for (int64_t k = 0; k < c->groups; k++)
        for (int64_t q = 0; q < c->n_runs; q++) {
            g.a = image + c->at[q] + k * c->depth;
            g.b = dy + k * c->width;
            g.c = dkernel + q * c->run * out_channels(c) + k * c->width;
            kt_isa()->gemm(&g);
        }
}

static void kernel_parts(void *ctx, int64_t begin, int64_t end)
{
    const job  *j = ctx;
    const conv *c = j->c;
    int64_t     count = j->r->out[0].count;

    for (int64_t part = begin; part < end; part++) {
        float  *sum = part ? buffer_of(j, part) : j->r->out[0].f32;
        float  *padded = buffer_of(j, part) + count;
        int64_t last = c->w.batch * (part + 1) / c->parts;

        memset(sum, 0, (size_t)count * sizeof *sum);
        for (int64_t i = c->w.batch * part / c->parts; i < last; i++) {
            const float *x = j->r->in[0].f32 + i * kt_window_image(&c->w);
            if (c->w.is_padded)
                kt_window_pad(&c->w, x, padded);
            kernel_image(j, c->w.is_padded ? padded : x, j->r->in[1].f32 + i * out_image(c), sum);
        }
    }
}

static void kernel_run(const kt_run *r)
{
    const conv *c = r->state;
    job         j = {c, r, r->scratch};
    float      *y = r->out[0].f32;

    row_places(c, r->scratch);
    kt_parallel(c->parts, 1, kernel_parts, &j);
    for (int64_t part = 1; part < c->parts; part++)
        kt_isa()->binary[KT_BI_ADD](r->out[0].count, y, 1, buffer_of(&j, part), 1, y, 0, 0);
}

/* --- gradient of x: inputs kernel, dy --------------------------------------------------------- */

enum { PLACES = 128 }; /* windows that are computed before they are added to x */

static void *input_prepare(const kt_run *r)
{
    const kt_shape *x = &r->out[0].shape;
    conv           *c = new_conv(r, x, &r->in[0].shape, &r->in[1].shape, x->dim[0] ? x->dim[0] : 1);

    if (!c)
        return NULL;
    c->shared = c->groups * packed_size(c->width, c->window);
    c->buffer = PLACES * c->window + kt_window_padded_image(&c->w);
    return c;
}

static void add_window(const conv *c, const float *window, float *x)
{
    kt_loop2 add = kt_isa()->binary[KT_BI_ADD];

    for (int64_t q = 0; q < c->n_runs; q++, window += c->run) {
        float *to = x + c->at[q];
        add(c->run, to, 1, window, 1, to, 0, 0);
    }
}

/* Adds windows [first, first + n) of an image to their places in group k of x. */
static void add_windows(const conv *c, const float *windows, int64_t first, int64_t n, float *x)
{
    const kt_window *w = &c->w;

    for (int64_t i = first; i < first + n; i++, windows += c->window) {
        int64_t a = i / w->out[2] / w->out[1], b = i / w->out[2] % w->out[1], d = i % w->out[2];
        add_window(c, windows,
                   x + ((a * w->stride[0] * w->padded[1] + b * w->stride[1]) * w->padded[2] +
                        d * w->stride[2]) *
                           w->channels);
    }
}

static void input_image(const job *j, const float *dy, float *windows, float *x)
{
    const conv *c = j->c;
    int64_t     places = c->w.out[0] * c->w.out[1] * c->w.out[2];
    kt_gemm     g = {.n = c->window,
                     .k = c->width,
                     .a_row = out_channels(c),
                     .a_col = 1,
                     .c = windows,
                     .c_row = c->window};

    for (int64_t i = 0; i < places; i += PLACES) {
        g.m = places - i < PLACES ? places - i : PLACES;
        for (int64_t k = 0; k < c->groups; k++) {
            g.a = dy + i * out_channels(c) + k * c->width;
            kt_isa()->gemm_packed(&g, j->shared + k * packed_size(c->width, c->window));
            add_windows(c, windows, i, g.m, x + k * c->depth);
        }
    }
}

static void input_parts(void *ctx, int64_t begin, int64_t end)
{
    const job  *j = ctx;
    const conv *c = j->c;

    for (int64_t part = begin; part < end; part++) {
        float  *windows = buffer_of(j, part), *padded = windows + PLACES * c->window;
        int64_t last = c->w.batch * (part + 1) / c->parts;

        for (int64_t i = c->w.batch * part / c->parts; i < last; i++) {
            float *dx = j->r->out[0].f32 + i * kt_window_image(&c->w);
            float *sum = c->w.is_padded ? padded : dx;
            memset(sum, 0, (size_t)kt_window_padded_image(&c->w) * sizeof *sum);
            input_image(j, j->r->in[1].f32 + i * out_image(c), windows, sum);
            if (c->w.is_padded)
                kt_window_unpad(&c->w, padded, dx);
        }
    }
}

static void input_run(const kt_run *r)
{
    const conv *c = r->state;
    job         j = {c, r, r->scratch};
    kt_gemm     g = {.n = c->window, .k = c->width, .b_row = 1, .b_col = out_channels(c)};

    for (int64_t k = 0; k < c->groups; k++) {
        g.b = r->in[0].f32 + k * c->width;
        kt_isa()->pack(&g, j.shared + k * packed_size(c->width, c->window));
    }
    kt_parallel(c->parts, 1, input_parts, &j);
}

#define KERNEL(id, op_name)                \
    static const kt_kernel id##_kernel = { \
        .op = op_name,                     \
        .name = "cpu_" op_name,            \
        .accepts = kt_cpu_all_f32,         \
        .run = id##_run,                   \
        .scratch = scratch,                \
        .prepare = id##_prepare,           \
        .release = free_conv,              \
    }
KERNEL(forward, "conv");
KERNEL(kernel, "conv_grad_kernel");
KERNEL(input, "conv_grad_input");

const kt_kernel *const kt_kernels_conv[] = {&forward_kernel, &kernel_kernel, &input_kernel, NULL};
