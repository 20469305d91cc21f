/* convolving.c - operations that move a window over the spatial axes: convolutions and pooling. */
#include "nn/tracing/operation.h"
#include "nn/shared/window.h"
#include "ops/ops.h"

/* Reads one number for all axes, or one for each. */
static bool spread(kt_layer *self, kt_call *c, const kt_ints *v, int64_t missing, int rank,
                   int64_t *out)
{
    bool fits = v->n == 0 || v->n == 1 || v->n == rank;

    for (int i = 0; i < rank; i++) {
        out[i] = v->n == 0 ? missing : v->v[v->n == rank ? i : 0];
        fits = fits && out[i] >= 1;
    }
    if (!fits)
        kt_call_fail(self, c, KT_E_VALUE,
                     "Layer '%s': sizes must be positive, one or one for each of %d axes",
                     self->name, rank);
    return fits;
}

static bool begin(kt_layer *self, kt_call *c, const kt_node *x, const char *padding,
                  const char *data_format, kt_window *w)
{
    *w = (kt_window){.rank = x->shape.rank - 2,
                     .same = kt_streq(padding, "same"),
                     .channels_first = kt_streq(data_format, "channels_first")};
    c->out[0] = c->g->poison;
    if (w->rank >= 1 && w->rank <= KT_MAX_SPATIAL)
        return true;
    kt_call_fail(self, c, KT_E_VALUE, "Input rank not supported: %d. Expected values are [3, 4, 5]",
                 x->shape.rank);
    return false;
}

/* --- convolutions --- */

#define STEPS(F, T)                                                                       \
    F(T, INTS, strides, "1", "", "Step of the kernel.")                                   \
    F(T, STR, padding, "valid", "valid|same", "Whether the border is filled with zeros.") \
    F(T, STR, data_format, "None", "",                                                    \
      "'channels_last' or 'channels_first'; None: channels_last.")                        \
    F(T, INTS, dilation_rate, "1", "", "Gap between the kernel's cells.")
KT_CONFIG_OF(steps, STEPS);
#define TRANSPOSED(F, T)                                                               \
    F(T, INTS, strides, "1", "", "How much larger the result is.")                     \
    F(T, STR, padding, "valid", "valid|same", "Whether the border is cut off.")        \
    F(T, INTS, output_padding, "None", "", "Cells more at the end; None: by padding.") \
    F(T, STR, data_format, "None", "",                                                 \
      "'channels_last' or 'channels_first'; None: channels_last.")                     \
    F(T, INTS, dilation_rate, "1", "", "Gap between the kernel's cells.")
KT_CONFIG_OF(transposed, TRANSPOSED);

/* Whether a kernel of `per` input channels fits the channels of x; in Keras' words if not. */
static bool channels_fit(kt_layer *self, kt_call *c, const kt_node *x, const kt_node *kernel,
                         int64_t per, bool grouped, bool first)
{
    int64_t in = kt_dim(&x->shape, first ? 1 : -1);
    bool    fits = in == KT_UNKNOWN || per == KT_UNKNOWN ||
                (grouped && per > 0 ? in % per == 0 : in == per);

    if (kt_graph_failed(c->g) || (fits && kernel->shape.rank == x->shape.rank))
        return !kt_graph_failed(c->g);
    kt_call_fail(self, c, KT_E_VALUE,
                 "The number of input channels must match the kernel's input channels. Received: "
                 "input channels=%lld, kernel input channels=%lld, data_format='channels_%s'.",
                 (long long)in, (long long)per, first ? "first" : "last");
    return false;
}

/* The window of a kernel [k.., in, out]. */
static bool settle(kt_layer *self, kt_call *c, const kt_node *x, const kt_node *kernel,
                   bool grouped, kt_window *w)
{
    const steps *cfg = self->config;

    if (!begin(self, c, x, cfg->padding, cfg->data_format, w) ||
        !spread(self, c, &cfg->strides, 1, w->rank, w->strides) ||
        !spread(self, c, &cfg->dilation_rate, 1, w->rank, w->dilation) ||
        !channels_fit(self, c, x, kernel, kt_dim(&kernel->shape, -2), grouped, w->channels_first))
        return false;
    for (int i = 0; i < w->rank; i++)
        w->size[i] = kernel->shape.dim[i];
    return kt_check_conv_shape(c->g->fault, &c->g->arena, w, &x->shape,
                               kt_dim(&kernel->shape, -1)) == KT_OK;
}

static kt_node *real_of(kt_layer *self, kt_call *c, int i, kt_dtype *dtype)
{
    kt_node *x = kt_real_of(self, c, i);

    *dtype = i == 0 ? x->dtype : *dtype;
    return kt_cast(c->g, x, *dtype);
}

static void conv(kt_layer *self, kt_call *c)
{
    kt_dtype  dtype;
    kt_node  *x = real_of(self, c, 0, &dtype), *kernel = real_of(self, c, 1, &dtype);
    kt_window w;

    if (!settle(self, c, x, kernel, true, &w))
        return;
    x = kt_channels_last(c->g, &w, x);
    int64_t        in = kt_dim(&x->shape, -1), per = kt_dim(&kernel->shape, -2);
    int64_t        groups = in == KT_UNKNOWN || per < 1 ? 1 : in / per;
    kt_window_attr attr = kt_window_attrs(&w, groups, false);
    c->out[0] = kt_channels_back(c->g, &w, kt_conv(c->g, x, kernel, &attr));
}

/* kernel [k.., in, m], read as [k.., 1, in m] of as many groups as channels. */
static kt_node *convolve_each(kt_call *c, const kt_window *w, kt_node *x, kt_node *kernel)
{
    int64_t        in = kt_dim(&kernel->shape, -2), m = kt_dim(&kernel->shape, -1);
    kt_window_attr attr = kt_window_attrs(w, in, false);

    return kt_conv(c->g, x, kt_reshape(c->g, kernel, kt_kernel_shape(w, 1, in * m)), &attr);
}

/* variant 1: and a kernel of one cell over all channels. */
static void depthwise_conv(kt_layer *self, kt_call *c)
{
    kt_dtype       dtype;
    kt_node       *x = real_of(self, c, 0, &dtype), *kernel = real_of(self, c, 1, &dtype);
    kt_window      w;
    kt_window_attr one = {.spatial = x->shape.rank - 2};

    if (!settle(self, c, x, kernel, false, &w))
        return;
    if (w.rank > 2) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "`inputs` rank must be 3 (1D conv) or 4 (2D conv). Received: %d.",
                     x->shape.rank);
        return;
    }
    kt_node *y = convolve_each(c, &w, kt_channels_last(c->g, &w, x), kernel);
    if (self->type->variant == 1)
        y = kt_conv(c->g, y, real_of(self, c, 2, &dtype), &one);
    c->out[0] = kt_channels_back(c->g, &w, y);
}

/* kernel [k.., out, in] */
static void conv_transpose(kt_layer *self, kt_call *c)
{
    const transposed *cfg = self->config;
    kt_dtype          dtype;
    kt_node          *x = real_of(self, c, 0, &dtype), *kernel = real_of(self, c, 1, &dtype);
    int64_t           more[KT_MAX_SPATIAL] = {0};
    kt_window         w;

    if (!begin(self, c, x, cfg->padding, cfg->data_format, &w) ||
        !spread(self, c, &cfg->strides, 1, w.rank, w.strides) ||
        !spread(self, c, &cfg->dilation_rate, 1, w.rank, w.dilation) ||
        !channels_fit(self, c, x, kernel, kt_dim(&kernel->shape, -1), false, w.channels_first))
        return;
    for (int i = 0; i < w.rank; i++) {
        const kt_ints *add = &cfg->output_padding;
        w.size[i] = kernel->shape.dim[i];
        more[i] = add->n == 0 ? 0 : add->v[add->n == w.rank ? i : 0];
    }
    kt_window_attr attr = kt_window_attrs(&w, 1, false);
    x = kt_channels_last(c->g, &w, x);
    attr.like = kt_transposed_shape(&w, cfg->output_padding.n ? more : NULL, &x->shape,
                                    kt_dim(&kernel->shape, -2));
    kt_node *y = kt_shape_known(&attr.like) ? kt_conv_grad_input(c->g, kernel, x, &attr)
                                            : kt_unsized(c, x->dtype, attr.like);
    c->out[0] = kt_channels_back(c->g, &w, y);
}

/* --- pooling --- */

#define POOL(F, T)                                                                          \
    F(T, INTS, pool_size, REQUIRED, "", "Size of the window.")                              \
    F(T, INTS, strides, "None", "", "Its step; None: its size.")                            \
    F(T, STR, padding, "valid", "valid|same", "Whether windows may reach over the border.") \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(pooling, POOL);

/* variant 1: the largest, 0: the mean. */
static void pool(kt_layer *self, kt_call *c)
{
    const pooling *cfg = self->config;
    bool           largest = self->type->variant == 1;
    kt_node       *x = kt_tensor_of(self, c, 0);
    kt_window      w;

    if (!begin(self, c, x, cfg->padding, cfg->data_format, &w) ||
        !spread(self, c, &cfg->pool_size, 1, w.rank, w.size) ||
        !spread(self, c, cfg->strides.n ? &cfg->strides : &cfg->pool_size, 1, w.rank, w.strides))
        return;
    for (int i = 0; i < w.rank; i++)
        w.dilation[i] = 1;
    if (kt_check_pool_shape(c->g->fault, &c->g->arena, &w, &x->shape) != KT_OK)
        return;
    kt_window_attr attr = kt_window_attrs(&w, 1, largest);
    c->out[0] = kt_channels_back(c->g, &w, kt_pool(c->g, kt_channels_last(c->g, &w, x), &attr));
}

#define ADAPTIVE(F, T)                                           \
    F(T, INTS, output_size, REQUIRED, "", "Size of the result.") \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(adaptive, ADAPTIVE);

static void adaptive_pool(kt_layer *self, kt_call *c)
{
    const adaptive *cfg = self->config;
    kt_node        *x = kt_tensor_of(self, c, 0);
    kt_window       w;

    if (!begin(self, c, x, NULL, cfg->data_format, &w) ||
        !spread(self, c, &cfg->output_size, 1, w.rank, w.size))
        return;
    kt_shape shape = x->shape;
    for (int i = 0; i < w.rank; i++)
        shape.dim[i + (w.channels_first ? 2 : 1)] = w.size[i];
    for (int i = 0; i < w.rank; i++) {
        int axis = i + (w.channels_first ? 2 : 1);
        if (x->shape.dim[axis] == KT_UNKNOWN) {
            c->out[0] = kt_unsized(c, x->dtype, shape);
            return;
        }
        x = kt_adaptive_pool(c->g, x, axis, w.size[i], (kt_reduce_fn)self->type->variant);
    }
    c->out[0] = x;
}

/* --- as Keras infers it --- */

/* The kernel's input channels, on axis `at` of it, are those of the images; false after a refusal.
 */
static bool same_channels(kt_layer *self, kt_call *c, const kt_shape *s, int at, bool first)
{
    int64_t in = kt_dim(&s[0], first ? 1 : -1), per = kt_dim(&s[1], at);

    if (s[1].rank < 2 || s[0].rank < (first ? 2 : 1))
        return kt_no_index(self, c, "tuple");
    if (in == KT_UNKNOWN || per == KT_UNKNOWN || in == per)
        return true;
    return kt_refuses(self, c,
                      "The number of input channels must match the kernel's input channels. "
                      "Received: input channels=%lld, kernel input channels=%lld, "
                      "data_format='channels_%s'.",
                      (long long)in, (long long)per, first ? "first" : "last");
}

/* Convolutions look at it in the call. */
static bool is_layout(kt_layer *self, kt_call *c, const char *data_format)
{
    kt_check_data_format(self, &data_format);
    kt_fault_copy(c->g->fault, &self->fault);
    return !kt_graph_failed(c->g);
}

/* Channels, axes and sizes in this order; call says the rest. */
static int infer_conv(kt_layer *self, kt_call *c, kt_result *out)
{
    const steps *cfg = self->config;
    bool         first = kt_streq(cfg->data_format, "channels_first"), empty = false;
    kt_shape     s[2], kernel;

    (void)out;
    kt_argument_shapes(self, c, 2, s);
    if (!is_layout(self, c, cfg->data_format) || !same_channels(self, c, s, -2, first))
        return 0;
    int     n = s[1].rank - 2;
    int64_t filters = s[1].dim[n + 1];
    if (self->type->call == depthwise_conv && filters != KT_UNKNOWN)
        filters = s[1].dim[n] == KT_UNKNOWN ? KT_UNKNOWN : filters * s[1].dim[n];
    kernel = s[1];
    kernel.dim[n] = kt_dim(&s[0], first ? 1 : -1);
    kernel.dim[n + 1] = filters;
    if (s[0].rank != kernel.rank)
        return kt_refuses(self, c, KT_KERNEL_RANK, kt_shape_text(&c->g->arena, &kernel),
                          kt_shape_text(&c->g->arena, &s[0]));
    for (int i = 0; i < n && !kt_streq(cfg->padding, "same"); i++) {
        int64_t size = s[0].dim[i + (first ? 2 : 1)], window = kernel.dim[i];
        int64_t gap = cfg->dilation_rate.v[cfg->dilation_rate.n == n ? i : 0];
        empty = empty ||
                (size != KT_UNKNOWN && window != KT_UNKNOWN && size < gap * (window - 1) + 1);
    }
    if (empty)
        kt_refuse_conv(c->g->fault, kt_shape_text(&c->g->arena, &s[0]),
                       kt_shape_text(&c->g->arena, &kernel),
                       kt_printed_ints(c->g, &cfg->dilation_rate, n, true),
                       kt_printed_ints(c->g, &cfg->strides, n, false));
    return 0;
}

/* One number for each of n axes; false where a list is shorter. */
static bool each(const kt_ints *v, int n, int64_t *out)
{
    for (int i = 0; i < n && i < KT_MAX_SPATIAL; i++)
        out[i] = v->n == 0 ? 0 : v->v[v->scalar ? 0 : i < v->n ? i : 0];
    return n <= KT_MAX_SPATIAL && (v->scalar || v->n >= n);
}

static int infer_conv_transpose(kt_layer *self, kt_call *c, kt_result *out)
{
    const transposed *cfg = self->config;
    bool              first = kt_streq(cfg->data_format, "channels_first");
    kt_shape          s[2], y;
    int64_t           more[KT_MAX_SPATIAL];

    kt_argument_shapes(self, c, 2, s);
    if (!is_layout(self, c, cfg->data_format) || !same_channels(self, c, s, -1, first))
        return 0;
    int64_t   filters = kt_dim(&s[1], -2);
    kt_window w = {.rank = s[0].rank - 2, .same = kt_streq(cfg->padding, "same")};
    if (w.rank < 1)
        return kt_infers(out, KT_SHAPE(s[0].dim[0], filters));
    if (w.rank > s[1].rank - 2 || !each(&cfg->strides, w.rank, w.strides) ||
        !each(&cfg->dilation_rate, w.rank, w.dilation) || !each(&cfg->output_padding, w.rank, more))
        return kt_no_index(self, c, "tuple");
    y = s[0];
    for (int i = 0; i < w.rank; i++) {
        w.size[i] = s[1].dim[i];
        y.dim[i + 1] = s[0].dim[i + (first ? 2 : 1)];
    }
    y = kt_transposed_shape(&w, cfg->output_padding.n ? more : NULL, &y, filters);
    for (int i = 0; i < w.rank; i++)
        s[0].dim[i + (first ? 2 : 1)] = y.dim[i + 1];
    s[0].dim[first ? 1 : w.rank + 1] = filters;
    return kt_infers(out, s[0]);
}

/* NumPy subtracts and divides the sizes of n axes and a list. */
static bool spreads(kt_layer *self, kt_call *c, int n, const kt_ints *v)
{
    if (!v->scalar && v->n != n && v->n != 1)
        kt_refuses(self, c, "operands could not be broadcast together with shapes (%d,) (%d,) ", n,
                   v->n);
    return v->scalar || v->n == n || v->n == 1;
}

/* Of any number of axes. */
static int infer_pool(kt_layer *self, kt_call *c, kt_result *out)
{
    const pooling *cfg = self->config;
    bool           first = kt_streq(cfg->data_format, "channels_first"), empty = false;
    bool           same = kt_streq(cfg->padding, "same");
    const kt_ints *size = &cfg->pool_size, *step = cfg->strides.n ? &cfg->strides : size;
    kt_shape       s, in;

    kt_argument_shapes(self, c, 1, &s);
    if (s.rank < (first ? 2 : 1))
        return kt_no_index(self, c, "list");
    int n = s.rank > 2 ? s.rank - 2 : 0;
    if ((!same && !spreads(self, c, n, size)) || !spreads(self, c, n, step))
        return 0;
    in = s;
    for (int i = 0; i < n; i++) {
        int64_t *dim = &s.dim[i + (first ? 2 : 1)], by = step->v[step->n == n ? i : 0];
        int64_t  window = same ? 1 : size->v[size->n == n ? i : 0], left;
        if (by < 1)
            return 0;
        left = kt_floor_div(*dim - window, by) + 1;
        empty = empty || (!same && *dim != KT_UNKNOWN && left <= 0);
        *dim = *dim == KT_UNKNOWN ? KT_UNKNOWN : left;
    }
    if (!empty)
        return kt_infers(out, s.rank == 1 ? KT_SHAPE(s.dim[0], s.dim[0]) : s);
    kt_refuse_pool(c->g->fault, &in, first, kt_printed_ints(c->g, size, 0, true),
                   kt_printed_ints(c->g, step, 0, false));
    return 0;
}

#define ROWS(F)                                                                                   \
    F(Conv, nn, &steps_type, "inputs kernel", conv, 0, .infer = infer_conv)                       \
    F(DepthwiseConv, nn, &steps_type, "inputs kernel", depthwise_conv, 0, .infer = infer_conv)    \
    F(SeparableConv, nn, &steps_type, "inputs depthwise_kernel pointwise_kernel", depthwise_conv, \
      1, .infer = infer_conv)                                                                     \
    F(ConvTranspose, nn, &transposed_type, "inputs kernel", conv_transpose, 0,                    \
      .infer = infer_conv_transpose)                                                              \
    F(MaxPool, nn, &pooling_type, "inputs", pool, 1, .infer = infer_pool)                         \
    F(AveragePool, nn, &pooling_type, "inputs", pool, 0, .infer = infer_pool)                     \
    F(AdaptiveMaxPool, nn, &adaptive_type, "inputs", adaptive_pool, KT_RE_MAX)                    \
    F(AdaptiveAveragePool, nn, &adaptive_type, "inputs", adaptive_pool, KT_RE_MEAN)
KT_OPERATIONS(convolving, ROWS);
