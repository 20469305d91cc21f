/* conv_grad.c - the gradients of convolution. The kernel's: the windows, turned, times dy. The
 * input's: dy times the turned kernel gives windows, which are added to their places.
 */
#include "backend/cpu/conv_plan.h"

#include <string.h>

/* Parts are ranges of images. */
static kt_conv *new_conv(const kt_run *r, const kt_shape *x, const kt_shape *kernel,
                         const kt_shape *y)
{
    const kt_window_attr *a = r->attr;

    return kt_conv_new(kt_window_of(a, x, y), a->groups, kt_dim(kernel, -2),
                       kt_dim(kernel, -1) / a->groups, x->dim[0]);
}

/* --- gradient of the kernel: inputs x, dy ----------------------------------------------------- */

/* Every part sums up its own images; the parts are added at the end. */
static void *kernel_prepare(const kt_run *r)
{
    kt_conv *c = new_conv(r, &r->in[0].shape, &r->out[0].shape, &r->in[1].shape);

    if (!c)
        return NULL;
    c->shared = c->w.out[0] * c->w.out[1] * 2; /* int64: where each row of windows begins */
    c->buffer = r->out[0].count + (c->w.is_padded ? kt_window_padded_image(&c->w) : 0);
    return c;
}

static void row_places(const kt_conv *c, int64_t *at)
{
    for (int64_t row = 0; row < c->w.out[0] * c->w.out[1]; row++)
        at[row] = kt_conv_row_place(c, row);
}

/* dkernel += windows^T . dy of one image */
static void kernel_image(const kt_conv_job *j, const float *image, const float *dy, float *dkernel)
{
    const kt_conv *c = j->c;
    kt_gemm        g = {.m = c->run,
                        .n = c->width,
                        .k = c->w.out[0] * c->w.out[1] * c->w.out[2],
                        .a_row = 1,
                        .a_col = c->w.stride[2] * c->w.channels,
                        .b_row = kt_conv_out_channels(c),
                        .b_col = 1,
                        .c_row = kt_conv_out_channels(c),
                        .run = c->w.out[2],
                        .at = (const int64_t *)(const void *)j->shared,
                        .add = true};

    for (int64_t k = 0; k < c->groups; k++)
        for (int64_t q = 0; q < c->n_runs; q++) {
            g.a = image + c->at[q] + k * c->depth;
            g.b = dy + k * c->width;
            g.c = dkernel + q * c->run * kt_conv_out_channels(c) + k * c->width;
            kt_isa()->gemm(&g);
        }
}

static void kernel_parts(void *ctx, int64_t begin, int64_t end)
{
    const kt_conv_job *j = ctx;
    const kt_conv     *c = j->c;
    int64_t            count = j->count;

    for (int64_t part = begin; part < end; part++) {
        float  *sum = part ? kt_conv_buffer(j, part) : j->y;
        float  *padded = kt_conv_buffer(j, part) + count;
        int64_t last = c->w.batch * (part + 1) / c->parts;

        memset(sum, 0, (size_t)count * sizeof *sum);
        for (int64_t i = c->w.batch * part / c->parts; i < last; i++) {
            const float *x = j->x + i * kt_window_image(&c->w);
            if (c->w.is_padded)
                kt_window_pad(&c->w, x, padded);
            kernel_image(j, c->w.is_padded ? padded : x, j->dy + i * kt_conv_out_image(c), sum);
        }
    }
}

static void kernel_run(const kt_run *r)
{
    const kt_conv *c = r->state;
    float         *y = r->out[0].f32;
    kt_conv_job    j = {.c = c,
                        .x = r->in[0].f32,
                        .dy = r->in[1].f32,
                        .y = y,
                        .count = r->out[0].count,
                        .shared = r->scratch};

    row_places(c, r->scratch);
    kt_parallel(c->parts, 1, kernel_parts, &j);
    kt_conv_add_parts(&j);
}

/* --- gradient of x: inputs kernel, dy --------------------------------------------------------- */

enum { PLACES = 128 }; /* windows that are computed before they are added to x */

static void *input_prepare(const kt_run *r)
{
    kt_conv *c = new_conv(r, &r->out[0].shape, &r->in[0].shape, &r->in[1].shape);

    if (!c)
        return NULL;
    c->shared = c->groups * kt_conv_packed(c->width, c->window);
    c->buffer = PLACES * c->window + kt_window_padded_image(&c->w);
    return c;
}

static void add_window(const kt_conv *c, const float *window, float *x)
{
    kt_loop2 add = kt_isa()->binary[KT_BI_ADD];

    for (int64_t q = 0; q < c->n_runs; q++, window += c->run) {
        float *to = x + c->at[q];
        add(c->run, to, 1, window, 1, to, 0, 0);
    }
}

/* Adds windows [first, first + n) of an image to their places in group k of x. */
static void add_windows(const kt_conv *c, const float *windows, int64_t first, int64_t n, float *x)
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

static void input_image(const kt_conv_job *j, const float *dy, float *windows, float *x)
{
    const kt_conv *c = j->c;
    int64_t        places = c->w.out[0] * c->w.out[1] * c->w.out[2];
    kt_gemm        g = {.n = c->window,
                        .k = c->width,
                        .a_row = kt_conv_out_channels(c),
                        .a_col = 1,
                        .c = windows,
                        .c_row = c->window};

    for (int64_t i = 0; i < places; i += PLACES) {
        g.m = places - i < PLACES ? places - i : PLACES;
        for (int64_t k = 0; k < c->groups; k++) {
            g.a = dy + i * kt_conv_out_channels(c) + k * c->width;
            kt_isa()->gemm_packed(&g, j->shared + k * kt_conv_packed(c->width, c->window));
            add_windows(c, windows, i, g.m, x + k * c->depth);
        }
    }
}

static void input_parts(void *ctx, int64_t begin, int64_t end)
{
    const kt_conv_job *j = ctx;
    const kt_conv     *c = j->c;

    for (int64_t part = begin; part < end; part++) {
        float  *windows = kt_conv_buffer(j, part), *padded = windows + PLACES * c->window;
        int64_t last = c->w.batch * (part + 1) / c->parts;

        for (int64_t i = c->w.batch * part / c->parts; i < last; i++) {
            float *dx = j->y + i * kt_window_image(&c->w);
            float *sum = c->w.is_padded ? padded : dx;
            memset(sum, 0, (size_t)kt_window_padded_image(&c->w) * sizeof *sum);
            input_image(j, j->dy + i * kt_conv_out_image(c), windows, sum);
            if (c->w.is_padded)
                kt_window_unpad(&c->w, padded, dx);
        }
    }
}

static void input_run(const kt_run *r)
{
    const kt_conv *c = r->state;
    kt_conv_job    j = {.c = c, .dy = r->in[1].f32, .y = r->out[0].f32, .shared = r->scratch};
    kt_gemm g = {.n = c->window, .k = c->width, .b_row = 1, .b_col = kt_conv_out_channels(c)};

    for (int64_t k = 0; k < c->groups; k++) {
        g.b = r->in[0].f32 + k * c->width;
        kt_isa()->pack(&g, j.shared + k * kt_conv_packed(c->width, c->window));
    }
    kt_parallel(c->parts, 1, input_parts, &j);
}

#define KERNEL(id, op_name)                \
    static const kt_kernel id##_kernel = { \
        .op = op_name,                     \
        .name = "cpu_" op_name,            \
        .accepts = kt_all_f32,             \
        .run = id##_run,                   \
        .scratch = kt_conv_scratch,        \
        .prepare = id##_prepare,           \
        .release = kt_conv_free,           \
    }
KERNEL(kernel, "conv_grad_kernel");
KERNEL(input, "conv_grad_input");

const kt_kernel *const kt_kernels_conv_grad[] = {&kernel_kernel, &input_kernel, NULL};
