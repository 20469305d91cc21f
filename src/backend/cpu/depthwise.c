/* depthwise.c - convolution of each channel by itself, with as many results as depth_multiplier
 * says, and its gradients. Channels lie side by side, so that all of them are computed at once:
 * where there are several results of a channel, it stands as often in a copy of the image. */
#include <string.h>

#include "backend/cpu/conv_plan.h"

/* With more results of a channel the copies cost more than products of matrices. */
enum { MOST_REPEATS = 8 };

static int64_t repeats(const kt_conv_shapes *s)
{
    return kt_dim(s->kernel, -1) / kt_dim(s->x, -1);
}

static bool accepts(const kt_run *r, kt_conv_pass what, const char **why)
{
    const kt_window_attr *a = r->attr;
    kt_conv_shapes        s = kt_conv_shapes_of(r, what);

    if (!kt_all_f32(r, why))
        return false;
    *why = "groups of several channels";
    if (a->groups < 2 || a->groups != kt_dim(s.x, -1))
        return false;
    *why = "many results of each channel";
    return repeats(&s) <= MOST_REPEATS;
}

/* --- plans ------------------------------------------------------------------------------------ */

/* Floats of an image with its channels repeated, and of the same with borders; 0 where x itself
 * will do. */
static int64_t wide_room(const kt_conv *c, int64_t m)
{
    return m > 1 ? kt_window_image(&c->w) : 0;
}

static int64_t padded_room(const kt_conv *c)
{
    return c->w.is_padded ? kt_window_padded_image(&c->w) : 0;
}

static kt_conv *prepare(const kt_run *r, kt_conv_pass what)
{
    kt_conv_shapes s = kt_conv_shapes_of(r, what);
    kt_window      w = kt_window_of(r->attr, s.x, s.y);
    int64_t        m = repeats(&s);

    w.channels *= m;
    kt_conv *c = kt_conv_new(w, w.channels, 1, 1,
                             what == KT_CONV_FORWARD ? w.batch * w.out[0] * w.out[1] : w.batch);
    if (!c)
        return NULL;
    c->buffer = wide_room(c, m) + padded_room(c) + (what == KT_CONV_KERNEL ? r->out[0].count : 0);
    return c;
}

typedef struct job {
    kt_conv_job  j;
    int64_t      m;      /* repeats */
    const float *kernel; /* [cells, channels m] */
} job;

static job job_of(const kt_run *r, kt_conv_pass what)
{
    kt_conv_shapes s = kt_conv_shapes_of(r, what);

    return (job){.j = {.c = r->state, .y = r->out[0].f32, .shared = r->scratch}, .m = repeats(&s)};
}

/* Image i of x as the loops take it; `room` is this part's. */
static const float *image_of(const job *d, int64_t i, float *room)
{
    const kt_conv *c = d->j.c;
    int64_t        n = kt_window_image(&c->w) / d->m;
    const float   *x = d->j.x + i * n;

    if (d->m > 1) {
        for (int64_t k = 0; k < n; k++)
            for (int64_t q = 0; q < d->m; q++)
                room[k * d->m + q] = x[k];
        x = room;
        room += n * d->m;
    }
    if (!c->w.is_padded)
        return x;
    kt_window_pad(&c->w, x, room);
    return room;
}

static kt_depthwise row_of(const kt_conv *c)
{
    return (kt_depthwise){.places = c->w.out[2],
                          .step = c->w.stride[2] * c->w.channels,
                          .n_cells = c->n_runs,
                          .n = c->w.channels,
                          .at = c->at};
}

/* --- forward: inputs x, kernel ---------------------------------------------------------------- */

static void forward_parts(void *ctx, int64_t begin, int64_t end)
{
    const job     *d = ctx;
    const kt_conv *c = d->j.c;
    kt_depthwise   one = row_of(c);
    int64_t        per_image = c->w.out[0] * c->w.out[1], line = one.places * one.n;

    for (int64_t part = begin; part < end; part++) {
        int64_t      last = kt_conv_rows(c) * (part + 1) / c->parts, known = -1;
        const float *x = NULL;
        for (int64_t row = kt_conv_rows(c) * part / c->parts; row < last; row++) {
            if (row / per_image != known)
                x = image_of(d, known = row / per_image, kt_conv_buffer(&d->j, part));
            kt_isa()->depthwise_row(&one, x + kt_conv_row_place(c, row), d->kernel,
                                    d->j.y + row * line);
        }
    }
}

static void forward_run(const kt_run *r)
{
    job d = job_of(r, KT_CONV_FORWARD);

    d.j.x = r->in[0].f32;
    d.kernel = r->in[1].f32;
    kt_parallel(d.j.c->parts, 1, forward_parts, &d);
}

/* --- gradient of the kernel: inputs x, dy ----------------------------------------------------- */

/* Every part sums up its own images; the parts are added at the end. */
static void kernel_parts(void *ctx, int64_t begin, int64_t end)
{
    const job     *d = ctx;
    const kt_conv *c = d->j.c;
    kt_depthwise   one = row_of(c);
    int64_t        per_image = c->w.out[0] * c->w.out[1], line = one.places * one.n;

    for (int64_t part = begin; part < end; part++) {
        float  *own = kt_conv_buffer(&d->j, part), *sum = part ? own : d->j.y;
        int64_t last = c->w.batch * (part + 1) / c->parts;
        memset(sum, 0, (size_t)d->j.count * sizeof *sum);
        for (int64_t i = c->w.batch * part / c->parts; i < last; i++) {
            const float *x = image_of(d, i, own + d->j.count);
            for (int64_t row = 0; row < per_image; row++)
                kt_isa()->depthwise_kernel_row(&one, x + kt_conv_row_place(c, row),
                                               d->j.dy + (i * per_image + row) * line, sum);
        }
    }
}

static void kernel_run(const kt_run *r)
{
    job d = job_of(r, KT_CONV_KERNEL);

    d.j.x = r->in[0].f32;
    d.j.dy = r->in[1].f32;
    d.j.count = r->out[0].count;
    kt_parallel(d.j.c->parts, 1, kernel_parts, &d);
    kt_conv_add_parts(&d.j);
}

/* --- gradient of x: inputs kernel, dy --------------------------------------------------------- */

/* dx of one image from that of the image as the loops take it. */
static void fold(const job *d, const float *wide, float *dx)
{
    int64_t n = kt_window_image(&d->j.c->w) / d->m;

    for (int64_t k = 0; k < n; k++, wide += d->m) {
        float sum = 0;
        for (int64_t q = 0; q < d->m; q++)
            sum += wide[q];
        dx[k] = sum;
    }
}

static void input_parts(void *ctx, int64_t begin, int64_t end)
{
    const job     *d = ctx;
    const kt_conv *c = d->j.c;
    kt_depthwise   one = row_of(c);
    int64_t        per_image = c->w.out[0] * c->w.out[1], line = one.places * one.n;
    int64_t        image = kt_window_image(&c->w) / d->m;

    for (int64_t part = begin; part < end; part++) {
        float  *wide = kt_conv_buffer(&d->j, part), *padded = wide + wide_room(c, d->m);
        int64_t last = c->w.batch * (part + 1) / c->parts;
        for (int64_t i = c->w.batch * part / c->parts; i < last; i++) {
            float *dx = d->j.y + i * image, *plain = d->m > 1 ? wide : dx;
            float *sum = c->w.is_padded ? padded : plain;
            memset(sum, 0, (size_t)kt_window_padded_image(&c->w) * sizeof *sum);
            for (int64_t row = 0; row < per_image; row++)
                kt_isa()->depthwise_input_row(&one, d->kernel,
                                              d->j.dy + (i * per_image + row) * line,
                                              sum + kt_conv_row_place(c, row));
            if (c->w.is_padded)
                kt_window_unpad(&c->w, padded, plain);
            if (d->m > 1)
                fold(d, wide, dx);
        }
    }
}

static void input_run(const kt_run *r)
{
    job d = job_of(r, KT_CONV_INPUT);

    d.kernel = r->in[0].f32;
    d.j.dy = r->in[1].f32;
    kt_parallel(d.j.c->parts, 1, input_parts, &d);
}

#define KERNEL_OF(id, what, op_name)                                    \
    static bool id##_accepts(const kt_run *r, const char **why)         \
    {                                                                   \
        return accepts(r, what, why);                                   \
    }                                                                   \
    static void *id##_prepare(const kt_run *r)                          \
    {                                                                   \
        return prepare(r, what);                                        \
    }                                                                   \
    static const kt_kernel id##_kernel = {.op = op_name,                \
                                          .name = "cpu_depthwise_" #id, \
                                          .accepts = id##_accepts,      \
                                          .run = id##_run,              \
                                          .scratch = kt_conv_scratch,   \
                                          .prepare = id##_prepare,      \
                                          .release = kt_conv_free}
KERNEL_OF(forward, KT_CONV_FORWARD, "conv");
KERNEL_OF(kernel, KT_CONV_KERNEL, "conv_grad_kernel");
KERNEL_OF(input, KT_CONV_INPUT, "conv_grad_input");

const kt_kernel *const kt_kernels_depthwise[] = {&forward_kernel, &kernel_kernel, &input_kernel,
                                                 NULL};
