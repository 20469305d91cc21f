/* conv.c - convolution; and the gradient of its input where all strides are 1, which is a
 * convolution of dy with the kernel turned around.
 */
#include "backend/cpu/conv_plan.h"

/* --- forward: inputs x, kernel --- */

static void *forward_prepare(const kt_run *r)
{
    const kt_window_attr *a = r->attr;
    const kt_shape       *kernel = &r->in[1].shape;
    kt_window             w = kt_window_of(a, &r->in[0].shape, &r->out[0].shape);
    kt_conv *c = kt_conv_new(w, a->groups, kt_dim(kernel, -2), kt_dim(kernel, -1) / a->groups,
                             w.batch * w.out[0] * w.out[1]);

    if (c)
        kt_conv_forward_room(c);
    return c;
}

static void forward_run(const kt_run *r)
{
    const kt_conv *c = r->state;
    kt_conv_job    j = {.c = c, .x = r->in[0].f32, .y = r->out[0].f32, .shared = r->scratch};
    kt_gemm g = {.n = c->width, .k = c->window, .b_row = kt_conv_out_channels(c), .b_col = 1};

    for (int64_t k = 0; k < c->groups; k++) {
        g.b = r->in[1].f32 + k * c->width;
        kt_isa()->pack(&g, j.shared + k * kt_conv_packed(c->window, c->width));
    }
    kt_conv_forward(&j);
}

/* --- gradient of the input: inputs kernel, dy --- */

/* Measured on Zen 3: with fewer channels a panel is mostly empty (1 channel: half as fast as adding
 * windows up); with borders that make more results than dy has places, the gain of a third to a
 * half is eaten up. */
#define FLIP_CHANNELS    16
#define FLIP_MORE_PLACES 1.5

/* The convolution that takes dy to dx. */
static kt_window flipped(const kt_run *r)
{
    kt_window w = kt_window_of(r->attr, &r->out[0].shape, &r->in[1].shape), f = w;

    f.channels = kt_dim(&r->in[1].shape, -1);
    f.is_padded = false;
    for (int i = 0; i < 3; i++) {
        int64_t reach = (w.size[i] - 1) * w.dilation[i];
        f.in[i] = w.out[i];
        f.out[i] = w.in[i];
        f.lo[i] = reach - w.lo[i];
        f.padded[i] = f.out[i] + reach > f.lo[i] + f.in[i] ? f.out[i] + reach : f.lo[i] + f.in[i];
        f.is_padded |= f.padded[i] != f.in[i];
    }
    return f;
}

static bool flipped_accepts(const kt_run *r, const char **why)
{
    kt_window f = flipped(r);
    double    places = 1;

    if (!kt_all_f32(r, why))
        return false;
    *why = "strides, or wide borders";
    for (int i = 0; i < 3; i++) {
        if (f.stride[i] != 1 || f.lo[i] < 0)
            return false;
        places *= (double)f.out[i] / (double)f.in[i];
    }
    *why = "few channels, or small images";
    return kt_is_forced("cpu_conv_flipped") ||
           (kt_dim(&r->in[0].shape, -2) >= FLIP_CHANNELS && places <= FLIP_MORE_PLACES);
}

static void *flipped_prepare(const kt_run *r)
{
    const kt_window_attr *a = r->attr;
    const kt_shape       *kernel = &r->in[0].shape;
    kt_window             f = flipped(r);
    kt_conv *c = kt_conv_new(f, a->groups, kt_dim(kernel, -1) / a->groups, kt_dim(kernel, -2),
                             f.batch * f.out[0] * f.out[1]);

    if (!c)
        return NULL;
    kt_conv_forward_room(c);
    c->buffer += c->window * c->width; /* the first part's is used for the turned kernel before */
    return c;
}

/* Group k of the kernel [w.., in, out] as [w.. backwards, out, in]. */
static void turn_kernel(const kt_conv *c, int64_t k, const float *kernel, float *turned)
{
    int64_t row = c->groups * c->depth, cells = c->window / c->depth;

    for (int64_t i = 0; i < cells; i++)
        kt_isa()->turn(turned + (cells - 1 - i) * c->depth * c->width, c->width,
                       kernel + i * c->width * row + k * c->depth, row, c->width, c->depth);
}

static void flipped_run(const kt_run *r)
{
    const kt_conv *c = r->state;
    kt_conv_job    j = {.c = c, .x = r->in[1].f32, .y = r->out[0].f32, .shared = r->scratch};
    kt_gemm        g = {.n = c->width, .k = c->window, .b_row = c->width, .b_col = 1};
    float         *turned = kt_conv_buffer(&j, 0);

    g.b = turned;
    for (int64_t k = 0; k < c->groups; k++) {
        turn_kernel(c, k, r->in[0].f32, turned);
        kt_isa()->pack(&g, j.shared + k * kt_conv_packed(c->window, c->width));
    }
    kt_conv_forward(&j);
}

static const kt_kernel forward = {
    .op = "conv",
    .name = "cpu_conv",
    .accepts = kt_all_f32,
    .run = forward_run,
    .scratch = kt_conv_scratch,
    .prepare = forward_prepare,
    .release = kt_conv_free,
};

static const kt_kernel flip = {
    .op = "conv_grad_input",
    .name = "cpu_conv_flipped",
    .accepts = flipped_accepts,
    .run = flipped_run,
    .scratch = kt_conv_scratch,
    .prepare = flipped_prepare,
    .release = kt_conv_free,
};

const kt_kernel *const kt_kernels_conv[] = {&forward, &flip, NULL};
