/* conv_plan.c - sizes of a convolution, and the forward pass as matrix products row by row. */
#include "backend/cpu/conv_plan.h"

int64_t kt_conv_rows(const kt_conv *c)
{
    return c->w.batch * c->w.out[0] * c->w.out[1];
}

int64_t kt_conv_row_place(const kt_conv *c, int64_t row)
{
    const kt_window *w = &c->w;
    int64_t          a = row / w->out[1] % w->out[0], b = row % w->out[1];

    return (a * w->stride[0] * w->padded[1] + b * w->stride[1]) * w->padded[2] * w->channels;
}

int64_t kt_conv_out_channels(const kt_conv *c)
{
    return c->groups * c->width;
}

int64_t kt_conv_out_image(const kt_conv *c)
{
    return c->w.out[0] * c->w.out[1] * c->w.out[2] * kt_conv_out_channels(c);
}

/* Neighbouring cells of a window are one run where their channels are. */
static void find_runs(kt_conv *c)
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

static double flops(const kt_conv *c)
{
    return 2.0 * (double)kt_conv_rows(c) * (double)c->w.out[2] * (double)c->window *
           (double)kt_conv_out_channels(c);
}

void kt_conv_free(void *conv)
{
    kt_conv *c = conv;

    kt_free(c->at);
    kt_free(c);
}

kt_conv *kt_conv_new(kt_window w, int64_t groups, int64_t depth, int64_t width, int64_t parts)
{
    kt_conv *c = kt_alloc(sizeof *c);
    double   worth;

    if (!c)
        return NULL;
    *c = (kt_conv){.w = w, .groups = groups, .depth = depth, .width = width};
    find_runs(c);
    if (!c->at) {
        kt_free(c);
        return NULL;
    }
    worth = flops(c) / KT_FLOPS_WORTH_A_THREAD;
    c->parts = parts < kt_threads() ? parts : kt_threads();
    c->parts = worth < (double)c->parts ? (int64_t)worth : c->parts;
    c->parts = c->parts < 1 ? 1 : c->parts;
    return c;
}

size_t kt_conv_scratch(const kt_run *r)
{
    const kt_conv *c = r->state;

    return (size_t)(c->shared + c->parts * c->buffer) * sizeof(float);
}

int64_t kt_conv_packed(int64_t k, int64_t n)
{
    int64_t panel = kt_isa()->panel;

    return (n + panel - 1) / panel * panel * k;
}

void kt_conv_add_parts(const kt_conv_job *j)
{
    for (int64_t part = 1; part < j->c->parts; part++)
        kt_isa()->binary[KT_BI_ADD](j->count, j->y, 1, kt_conv_buffer(j, part), 1, j->y, 0, 0);
}

float *kt_conv_buffer(const kt_conv_job *j, int64_t part)
{
    return j->shared + j->c->shared + part * j->c->buffer;
}

void kt_conv_forward_room(kt_conv *c)
{
    c->shared = c->groups * kt_conv_packed(c->window, c->width);
    c->buffer = c->w.is_padded ? kt_window_padded_image(&c->w) : 0;
}

/* The windows of one row of results, as a matrix. */
static void forward_row(const kt_conv_job *j, const float *image, int64_t row)
{
    const kt_conv   *c = j->c;
    const kt_window *w = &c->w;
    int64_t          at = kt_conv_row_place(c, row);
    kt_gemm          g = {.m = w->out[2],
                          .n = c->width,
                          .k = c->window,
                          .a_row = w->stride[2] * w->channels,
                          .a_col = 1,
                          .c_row = kt_conv_out_channels(c),
                          .run = c->run,
                          .at = c->at};

    for (int64_t k = 0; k < c->groups; k++) {
        g.a = image + at + k * c->depth;
        g.c = j->y + row * w->out[2] * kt_conv_out_channels(c) + k * c->width;
        kt_isa()->gemm_packed(&g, j->shared + k * kt_conv_packed(c->window, c->width));
    }
}

static void forward_parts(void *ctx, int64_t begin, int64_t end)
{
    const kt_conv_job *j = ctx;
    const kt_conv     *c = j->c;
    int64_t            image_rows = c->w.out[0] * c->w.out[1], known = -1;

    for (int64_t part = begin; part < end; part++) {
        int64_t first = kt_conv_rows(c) * part / c->parts,
                last = kt_conv_rows(c) * (part + 1) / c->parts;
        for (int64_t row = first; row < last; row++) {
            int64_t      image = row / image_rows;
            const float *x = j->x + image * kt_window_image(&c->w);
            if (c->w.is_padded && image != known)
                kt_window_pad(&c->w, x, kt_conv_buffer(j, part));
            known = image;
            forward_row(j, c->w.is_padded ? kt_conv_buffer(j, part) : x, row);
        }
        known = -1;
    }
}

void kt_conv_forward(kt_conv_job *j)
{
    kt_parallel(j->c->parts, 1, forward_parts, j);
}
