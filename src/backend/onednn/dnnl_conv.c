/* dnnl_conv.c - large convolutions over 1..3 axes and their gradients, channels last. */
#include "backend/onednn/onednn.h"

enum { AXES = 3 + KT_MAX_SPATIAL }; /* groups, out, in, and places */

/* A convolution as oneDNN describes it, from the shapes of its forward pass. */
typedef struct conv {
    kt_dnnl_work      *w;
    dnnl_memory_desc_t x, kernel, y; /* as they lie in our memory */
    dnnl_dims_t        stride, dilation, lo, hi;
} conv;

/* [batch, places.., channels] as batch, channels, places. */
static dnnl_memory_desc_t images(kt_dnnl_work *w, const kt_shape *s)
{
    int64_t size[AXES] = {s->dim[0], kt_dim(s, -1)}, stride[AXES] = {0, 1};
    int64_t step = kt_dim(s, -1);

    for (int i = s->rank - 2; i > 0; i--) {
        size[i + 1] = s->dim[i];
        stride[i + 1] = step;
        step *= s->dim[i];
    }
    stride[0] = step;
    return kt_dnnl_strided(w, s->rank, size, stride);
}

/* [places.., in of a group, out] as (groups,) out of a group, in, places. */
static dnnl_memory_desc_t kernel_of(kt_dnnl_work *w, const kt_shape *s, int64_t groups)
{
    int64_t in = kt_dim(s, -2), out = kt_dim(s, -1), step = in * out;
    int64_t size[AXES] = {groups, out / groups, in}, stride[AXES] = {out / groups, 1, out};
    int     skip = groups == 1;

    for (int i = s->rank - 3; i >= 0; i--) {
        size[i + 3] = s->dim[i];
        stride[i + 3] = step;
        step *= s->dim[i];
    }
    return kt_dnnl_strided(w, s->rank + 1 - skip, size + skip, stride + skip);
}

static bool conv_make(conv *c, const kt_window_attr *a, const kt_shape *x, const kt_shape *kernel,
                      const kt_shape *y)
{
    *c = (conv){.w = kt_dnnl_work_new()};
    if (!c->w)
        return false;
    for (int i = 0; i < a->spatial; i++) {
        int64_t reach = (y->dim[i + 1] - 1) * a->stride[i] + (kernel->dim[i] - 1) * a->dilation[i];
        c->stride[i] = a->stride[i];
        c->dilation[i] = a->dilation[i] - 1; /* counts the cells in between */
        c->lo[i] = a->pad_lo[i];
        /* the last window may end before x does */
        c->hi[i] = reach + 1 - a->pad_lo[i] - x->dim[i + 1];
        c->hi[i] = c->hi[i] < 0 ? 0 : c->hi[i];
    }
    c->x = images(c->w, x);
    c->kernel = kernel_of(c->w, kernel, a->groups);
    c->y = images(c->w, y);
    return true;
}

/* Channels from which on oneDNN is faster, by pass. */
static const int64_t least_channels[] = {
    [KT_CONV_FORWARD] = 128, [KT_CONV_INPUT] = 256, [KT_CONV_KERNEL] = 256};

/* Every result is a window's sum over the channels of its group. */
static bool accepts(const kt_run *r, const char *kernel, kt_conv_pass what, const char **why)
{
    kt_conv_shapes s = kt_conv_shapes_of(r, what);
    double         flops = 2.0 * (double)kt_shape_count(s.y) * (double)kt_shape_count(s.kernel) /
                   (double)kt_dim(s.kernel, -1);

    return kt_dnnl_accepts(r, kernel, kt_dim(s.kernel, -2) >= least_channels[what], flops, why);
}

static dnnl_status_t describe(const conv *c, kt_conv_pass what, const dnnl_memory_desc_t *kernel,
                              dnnl_convolution_desc_t *op)
{
    const kt_dnnl *lib = c->w->lib;

    switch (what) {
    case KT_CONV_INPUT:
        return lib->dnnl_dilated_convolution_backward_data_desc_init(
            op, dnnl_convolution_direct, &c->x, kernel, &c->y, c->stride, c->dilation, c->lo,
            c->hi);
    case KT_CONV_KERNEL:
        return lib->dnnl_dilated_convolution_backward_weights_desc_init(
            op, dnnl_convolution_direct, &c->x, kernel, NULL, &c->y, c->stride, c->dilation, c->lo,
            c->hi);
    case KT_CONV_FORWARD: break;
    }
    return lib->dnnl_dilated_convolution_forward_desc_init(
        op, dnnl_forward_training, dnnl_convolution_direct, &c->x, kernel, NULL, &c->y, c->stride,
        c->dilation, c->lo, c->hi);
}

/* Images stay as they lie; the kernel is brought into the layout that the primitive likes, or its
 * gradient back from there. */
static void *prepare(const kt_run *r, kt_conv_pass what)
{
    static const int          made[] = {DNNL_ARG_DST, DNNL_ARG_DIFF_SRC, DNNL_ARG_DIFF_WEIGHTS};
    static const dnnl_query_t kernels[] = {dnnl_query_weights_md, dnnl_query_weights_md,
                                           dnnl_query_diff_weights_md};
    const kt_dnnl_place       in0 = {KT_DNNL_IN, 0}, in1 = {KT_DNNL_IN, 1}, out = {KT_DNNL_OUT, 0};
    kt_conv_shapes            s = kt_conv_shapes_of(r, what);
    conv                      c;
    dnnl_convolution_desc_t   op = {0};

    if (!conv_make(&c, r->attr, s.x, s.kernel, s.y))
        return NULL;
    dnnl_memory_desc_t any = kt_dnnl_any(c.w, &c.kernel);
    c.w->failed |= describe(&c, what, &any, &op) != dnnl_success;
    dnnl_primitive_desc_t pd = kt_dnnl_choose(c.w, &op, dnnl_alg_kind_undef);
    dnnl_memory_desc_t    likes = kt_dnnl_chosen(c.w, pd, kernels[what]);
    bool                  differ = kt_dnnl_differ(c.w, &c.kernel, &likes);
    kt_dnnl_place         ours = what == KT_CONV_FORWARD ? in1 : what == KT_CONV_INPUT ? in0 : out;
    kt_dnnl_place         theirs = differ ? kt_dnnl_room(c.w, &likes) : ours;

    if (differ && what != KT_CONV_KERNEL)
        kt_dnnl_reorder(c.w, &c.kernel, ours, &likes, theirs);
    kt_dnnl_operand x = {DNNL_ARG_SRC, c.x, in0}, y = {DNNL_ARG_DIFF_DST, c.y, in1},
                    kernel = {DNNL_ARG_WEIGHTS, likes, theirs};
    kt_dnnl_operand *result = what == KT_CONV_FORWARD ? &y : what == KT_CONV_INPUT ? &x : &kernel;
    result->arg = made[what];
    if (what != KT_CONV_KERNEL)
        result->place = out;
    kt_dnnl_add(c.w, pd, 3, (kt_dnnl_operand[]){x, kernel, y});
    if (differ && what == KT_CONV_KERNEL)
        kt_dnnl_reorder(c.w, &likes, theirs, &c.kernel, ours);
    return kt_dnnl_work_end(c.w);
}

#define CONV(id, op_name, what)                                 \
    static bool id##_accepts(const kt_run *r, const char **why) \
    {                                                           \
        return accepts(r, "onednn_" op_name, what, why);        \
    }                                                           \
    static void *id##_prepare(const kt_run *r)                  \
    {                                                           \
        return prepare(r, what);                                \
    }                                                           \
    static const kt_kernel id = {                               \
        .op = op_name,                                          \
        .name = "onednn_" op_name,                              \
        .accepts = id##_accepts,                                \
        .run = kt_dnnl_run,                                     \
        .scratch = kt_dnnl_scratch,                             \
        .prepare = id##_prepare,                                \
        .release = kt_dnnl_work_free,                           \
    };
CONV(forward, "conv", KT_CONV_FORWARD)
CONV(input, "conv_grad_input", KT_CONV_INPUT)
CONV(kernel, "conv_grad_kernel", KT_CONV_KERNEL)

const kt_kernel *const kt_kernels_dnnl_conv[] = {&forward, &input, &kernel, NULL};
