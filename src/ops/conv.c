/* conv.c - convolution over 1 to 3 spatial axes and its two gradients.
 *
 *   y[b, o, m] = sum over w, c of x[b, o * stride - pad + w * dilation, c] . kernel[w, c, m]
 *
 * x [batch, s.., in], kernel [w.., in / groups, out], y [batch, o.., out]; group k of the inputs
 * feeds group k of the outputs. All three ops are the same sum, with another of the three arrays as
 * its result; so each one's gradients are the other two. /
 */
#include "ops/window.h"

#include <string.h>

static const char *tf_name(const kt_window_attr *a)
{
    return a->spatial == 3 ? "Conv3D" : "Conv2D";
}

static bool agree(int64_t a, int64_t b)
{
    return a == b || a == KT_UNKNOWN || b == KT_UNKNOWN;
}

/* The window is the kernel's; without its shape there is no convolution to speak of. */
static kt_window_attr with_kernel(const kt_window_attr *attr, const kt_shape *kernel)
{
    kt_window_attr a = *attr;

    for (int i = 0; i < a.spatial && i < KT_MAX_SPATIAL; i++)
        a.window[i] = kt_dim(kernel, i);
    return a;
}

/* --- forward: inputs x and kernel --- */

static kt_status check_ranks(kt_op_call *c, const kt_window_attr *a)
{
    static const char *const what[] = {"input", "filter"};

    if (a->spatial < 1 || a->spatial > KT_MAX_SPATIAL)
        return kt_op_fail(c, -1, -1, KT_NO_FACT, a->spatial, "%s over %d axes", c->op->name,
                          a->spatial);
    for (int i = 0; i < 2; i++)
        if (c->in[i]->shape.rank != a->spatial + 2)
            return kt_op_fail_tf(c, tf_name(a), " name: ", i, -1, a->spatial + 2,
                                 c->in[i]->shape.rank, "convolution %s must be %d-dimensional: %s",
                                 what[i], a->spatial + 2, kt__shape_text(c->g, &c->in[i]->shape));
    return KT_OK;
}

static kt_status check_channels(kt_op_call *c, const kt_window_attr *a)
{
    const kt_shape *k = &c->in[1]->shape;
    int64_t         in = kt_dim(&c->in[0]->shape, -1), depth = kt_dim(k, -2), out = kt_dim(k, -1);

    if (c->g->lenient || in == KT_UNKNOWN || depth == KT_UNKNOWN)
        return KT_OK;
    if (a->groups < 1 || depth < 1 || in % depth)
        return kt_op_fail_tf(c, tf_name(a), "", 0, a->spatial + 1, depth, in,
                             "input depth must be evenly divisible by filter depth: %lld vs %lld",
                             (long long)in, (long long)depth);
    if (in / depth != a->groups)
        return kt_op_fail(
            c, 0, a->spatial + 1, depth * a->groups, in,
            "convolution of %lld channels in %lld groups takes a filter of depth %lld, not %lld",
            (long long)in, (long long)a->groups, (long long)(in / a->groups), (long long)depth);
    if (out != KT_UNKNOWN && out % a->groups)
        return kt_op_fail_tf(
            c, tf_name(a), "", 1, a->spatial + 1, KT_NO_FACT, out,
            "output depth must be evenly divisible by number of groups: %lld vs %lld",
            (long long)out, (long long)a->groups);
    return KT_OK;
}

static kt_status conv_shape(kt_op_call *c)
{
    const kt_window_attr *a = c->attr;

    if (check_ranks(c, a) != KT_OK || check_channels(c, a) != KT_OK)
        return c->g->fault->e.status;
    c->out[0].dtype = c->in[0]->dtype;
    c->out[0].shape.rank = a->spatial + 2;
    kt_from_axis(c, 0, 0, 0, 0);
    kt_from_axis(c, 0, a->spatial + 1, 1, a->spatial + 1);
    return kt__window_shape(c, a, tf_name(a));
}

static void conv_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    kt_window_attr a;

    memcpy(&a, y->attr, sizeof a);
    a.like = y->in[0]->shape;
    dx[0] = kt_conv_grad_input(g, y->in[1], dy[0], &a);
    a.like = y->in[1]->shape;
    dx[1] = kt_conv_grad_kernel(g, y->in[0], dy[0], &a);
}

/* --- the sum that all three are --- */

typedef enum target { TO_Y, TO_X, TO_KERNEL } target;

typedef struct sum {
    target  to;
    int64_t groups, in, out; /* channels of one group */
    double *x, *kernel, *y;
} sum;

/* Adds the products of one cell of x, one of the window and one of y, whose channels are
 * [groups, in], [in, groups, out] and [groups, out]. */
static void add_products(void *context, int64_t x_cell, int64_t w_cell, int64_t y_cell)
{
    const sum *s = context;
    int64_t    width = s->groups * s->out;

    for (int64_t g = 0; g < s->groups; g++)
        for (int64_t c = 0; c < s->in; c++)
            for (int64_t m = 0; m < s->out; m++) {
                double *x = &s->x[(x_cell * s->groups + g) * s->in + c];
                double *k = &s->kernel[(w_cell * s->in + c) * width + g * s->out + m];
                double *y = &s->y[y_cell * width + g * s->out + m];

                if (s->to == TO_Y)
                    *y += *x * *k;
                else if (s->to == TO_X)
                    *x += *y * *k;
                else
                    *k += *x * *y;
            }
}

static void run(const kt_run *r, target to, const kt_buf *x, const kt_buf *kernel, const kt_buf *y)
{
    const kt_window_attr *a = r->attr;
    kt_windows            g = kt__windows(a, &x->shape, &y->shape);
    sum                   s = {to,
                               a->groups,
                               kt_dim(&kernel->shape, -2),
                               kt_dim(&kernel->shape, -1) / a->groups,
                               x->f64,
                               kernel->f64,
                               y->f64};

    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = 0;
    kt__windows_visit(&g, add_products, &s);
}

static void conv_reference(const kt_run *r)
{
    run(r, TO_Y, &r->in[0], &r->in[1], &r->out[0]);
}

static void input_reference(const kt_run *r)
{
    run(r, TO_X, &r->out[0], &r->in[0], &r->in[1]);
}

static void kernel_reference(const kt_run *r)
{
    run(r, TO_KERNEL, &r->in[0], &r->out[0], &r->in[1]);
}

/* --- samples --- */

typedef struct example {
    kt_shape       x, kernel;
    kt_window_attr a;
} example;

/* 1, 2 and 3 axes; strides, dilation, groups, SAME and explicit pads; a stride over the window;
 * no rows; 1x1. */
static bool make_example(kt_sampler *s, int variant, example *e)
{
    static const kt_window_attr kinds[] = {
        {.spatial = 1},
        {.spatial = 1, .same = true, .stride = {2}},
        {.spatial = 1, .dilation = {2}, .pad_lo = {4}, .pad_hi = {0}},
        {.spatial = 2},
        {.spatial = 2, .same = true},
        {.spatial = 2, .same = true, .stride = {2, 3}},
        {.spatial = 2, .same = true, .dilation = {2, 1}},
        {.spatial = 2, .stride = {2, 1}, .pad_lo = {1, 0}, .pad_hi = {0, 2}},
        {.spatial = 2, .same = true, .groups = 2},
        {.spatial = 2, .groups = 3, .stride = {2, 2}},
        {.spatial = 3, .same = true, .stride = {1, 2, 1}},
        {.spatial = 3, .dilation = {1, 2, 1}, .groups = 2},
        {.spatial = 2, .same = true}, /* no rows */
        {.spatial = 2},               /* 1x1 */
        {.spatial = 2, .stride = {4, 3}},
        {.spatial = 2, .same = true, .groups = 19}, /* a kernel for each channel */
        {.spatial = 2, .groups = 5, .stride = {2, 1}, .dilation = {1, 2}},
        {.spatial = 1, .groups = 33, .same = true},
    };

    if (variant >= (int)KT_COUNT(kinds))
        return false;
    e->a = kinds[variant];
    e->x.rank = e->kernel.rank = e->a.spatial + 2;
    e->x.dim[0] = variant == 12 ? 0 : s->size(s, 1, 3);
    for (int i = 0; i < e->a.spatial; i++) {
        e->x.dim[i + 1] = s->size(s, 5, 8);
        e->kernel.dim[i] = variant == 13 ? 1 : s->size(s, 1, 3);
    }
    e->kernel.dim[e->a.spatial] = variant < 15 ? s->size(s, 1, 4) : 1;
    e->x.dim[e->a.spatial + 1] = e->kernel.dim[e->a.spatial] * (e->a.groups ? e->a.groups : 1);
    e->kernel.dim[e->a.spatial + 1] = s->size(s, 1, 5) * (e->a.groups ? e->a.groups : 1);
    return true;
}

static kt_node *conv_sample(kt_sampler *s, int variant)
{
    example e;

    if (!make_example(s, variant, &e))
        return NULL;
    return kt_conv(s->g, s->real(s, e.x, -1, 1), s->real(s, e.kernel, -1, 1), &e.a);
}

/* The gradient ops on what a convolution of the same example is given. */
static kt_node *gradient_sample(kt_sampler *s, int variant, bool to_kernel)
{
    example  e;
    kt_node *x, *kernel, *dy;

    if (!make_example(s, variant, &e))
        return NULL;
    x = s->real(s, e.x, -1, 1);
    kernel = s->real(s, e.kernel, -1, 1);
    dy = s->real(s, kt_conv(s->g, x, kernel, &e.a)->shape, -1, 1);
    e.a.like = to_kernel ? e.kernel : e.x;
    return to_kernel ? kt_conv_grad_kernel(s->g, x, dy, &e.a)
                     : kt_conv_grad_input(s->g, kernel, dy, &e.a);
}

static kt_node *input_sample(kt_sampler *s, int variant)
{
    return gradient_sample(s, variant, false);
}

static kt_node *kernel_sample(kt_sampler *s, int variant)
{
    return gradient_sample(s, variant, true);
}

static const kt_op_type conv_type = {
    .name = "conv",
    .min_in = 2,
    .max_in = 2,
    .shape = conv_shape,
    .gradient = conv_gradient,
    .reference = conv_reference,
    .sample = conv_sample,
};

kt_node *kt_conv(kt_graph *g, kt_node *x, kt_node *kernel, const kt_window_attr *attr)
{
    kt_window_attr a = with_kernel(attr, &kernel->shape);
    kt_dtype       dtype = kt__common_dtype(x->dtype, kernel->dtype);

    a = kt__window_resolve(a, &x->shape);
    return kt_emit(g, &conv_type, &a, sizeof a, 2,
                   (kt_node *[]){kt_cast(g, x, dtype), kt_cast(g, kernel, dtype)});
}

/* --- gradient of x: inputs kernel and dy; also what a transposed convolution computes --- */

static kt_status check_gradient(kt_op_call *c, const kt_shape *x, const kt_shape *kernel,
                                const kt_shape *dy)
{
    const kt_window_attr *a = c->attr;
    int                   rank = a->spatial + 2;
    bool fits = a->spatial >= 1 && a->spatial <= KT_MAX_SPATIAL && x->rank == rank &&
                kernel->rank == rank && dy->rank == rank;

    fits = fits && a->groups >= 1 && kt__window_fits(a, x, dy);
    if (fits && !c->g->lenient)
        fits = agree(x->dim[0], dy->dim[0]) && agree(kt_dim(kernel, -1), kt_dim(dy, -1)) &&
               agree(kt_dim(x, -1), kt_dim(kernel, -2) * a->groups) &&
               agree(kt_dim(kernel, -1) / a->groups * a->groups, kt_dim(kernel, -1));
    if (fits)
        return KT_OK;
    return kt_op_fail(c, 1, -1, KT_NO_FACT, KT_NO_FACT,
                      "%s: input %s, filter %s and out_backprop %s do not belong together",
                      c->op->name, kt__shape_text(c->g, x), kt__shape_text(c->g, kernel),
                      kt__shape_text(c->g, dy));
}

static kt_status input_shape(kt_op_call *c)
{
    const kt_window_attr *a = c->attr;
    int                   last = a->spatial + 1;

    if (check_gradient(c, &a->like, &c->in[0]->shape, &c->in[1]->shape) != KT_OK)
        return c->g->fault->e.status;
    c->out[0].dtype = c->in[1]->dtype;
    c->out[0].shape.rank = a->like.rank;
    kt_from_axis(c, 0, 0, 1, 0);
    for (int i = 1; i <= a->spatial; i++)
        kt_from(c, 0, i, a->like.dim[i], KT_FROM_WINDOW, 1, i, i + 1);
    kt_from(c, 0, last, a->like.dim[last], a->groups == 1 ? KT_FROM_AXIS : KT_FROM_NOWHERE, 0,
            a->spatial, last);
    return KT_OK;
}

static void input_gradient(kt_graph *g, kt_node *dx, kt_node *const *ddx, kt_node **d)
{
    kt_window_attr a;

    memcpy(&a, dx->attr, sizeof a);
    a.like = dx->in[0]->shape;
    d[0] = kt_conv_grad_kernel(g, ddx[0], dx->in[1], &a);
    d[1] = kt_conv(g, ddx[0], dx->in[0], &a);
}

static const kt_op_type input_type = {
    .name = "conv_grad_input",
    .min_in = 2,
    .max_in = 2,
    .shape = input_shape,
    .gradient = input_gradient,
    .reference = input_reference,
    .sample = input_sample,
};

kt_node *kt_conv_grad_input(kt_graph *g, kt_node *kernel, kt_node *dy, const kt_window_attr *attr)
{
    kt_window_attr a = with_kernel(attr, &kernel->shape);

    a = kt__window_resolve(a, &a.like);
    return kt_emit(g, &input_type, &a, sizeof a, 2, (kt_node *[]){kernel, dy});
}

/* --- gradient of the kernel: inputs x and dy --- */

static kt_status kernel_shape(kt_op_call *c)
{
    const kt_window_attr *a = c->attr;

    if (check_gradient(c, &c->in[0]->shape, &a->like, &c->in[1]->shape) != KT_OK)
        return c->g->fault->e.status;
    c->out[0].dtype = c->in[1]->dtype;
    c->out[0].shape = a->like;
    return KT_OK;
}

static void kernel_gradient(kt_graph *g, kt_node *dk, kt_node *const *ddk, kt_node **d)
{
    kt_window_attr a;

    memcpy(&a, dk->attr, sizeof a);
    a.like = dk->in[0]->shape;
    d[0] = kt_conv_grad_input(g, ddk[0], dk->in[1], &a);
    d[1] = kt_conv(g, dk->in[0], ddk[0], &a);
}

static const kt_op_type kernel_type = {
    .name = "conv_grad_kernel",
    .min_in = 2,
    .max_in = 2,
    .shape = kernel_shape,
    .gradient = kernel_gradient,
    .reference = kernel_reference,
    .sample = kernel_sample,
};

kt_node *kt_conv_grad_kernel(kt_graph *g, kt_node *x, kt_node *dy, const kt_window_attr *attr)
{
    kt_window_attr a = with_kernel(attr, &attr->like);

    a = kt__window_resolve(a, &x->shape);
    return kt_emit(g, &kernel_type, &a, sizeof a, 2, (kt_node *[]){x, dy});
}

const kt_op_type *const kt_ops_conv[] = {&conv_type, &input_type, &kernel_type, NULL};
