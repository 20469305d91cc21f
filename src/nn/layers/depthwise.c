/* depthwise.c - DepthwiseConv and SeparableConv over one or two axes: a kernel for each channel;
 * the latter mixes the channels after it. */
#include "nn/shared/window.h"

#define KERNEL_SIZE(F, T) \
    F(T, ANY, kernel_size, REQUIRED, "ints", "Size of the kernel along each axis.")
#define STEPS(F, T)                                        \
    F(T, ANY, strides, "1", "ints", "Step of the kernel.") \
    F(T, ANY, padding, "valid", "",                        \
      "'valid', or 'same' for an output as large as the input / strides.")
#define MULTIPLIER(F, T) F(T, ANY, depth_multiplier, "1", "int", "Outputs of each channel.")
#define LAYOUT(F, T)                                               \
    F(T, STR, data_format, "None", "",                             \
      "'channels_last' or 'channels_first'; None: channels_last.") \
    F(T, ANY, dilation_rate, "1", "ints", "Gap between the kernel's cells.")
#define AFTER(F, T)                                                       \
    F(T, OBJ, activation, "None", "activation", "Applied to the result.") \
    F(T, BOOL, use_bias, "True", "", "Add a bias per output channel.")
#define PART(F, T, part)                                                                     \
    F(T, OBJ, part##_initializer, "glorot_uniform", "initializer", "How the kernel starts.") \
    F(T, OBJ, part##_regularizer, "None", "regularizer", "Penalty on the kernel.")           \
    F(T, OBJ, part##_constraint, "None", "constraint",                                       \
      "Projection of the kernel after each update.")
#define BIAS(F, T)                                                              \
    F(T, OBJ, bias_initializer, "zeros", "initializer", "How the bias starts.") \
    F(T, OBJ, bias_regularizer, "None", "regularizer", "Penalty on the bias.")  \
    F(T, OBJ, bias_constraint, "None", "constraint", "Projection of the bias after each update.")

#define DEPTHWISE(F, T) \
    KERNEL_SIZE(F, T)   \
    STEPS(F, T) MULTIPLIER(F, T) LAYOUT(F, T) AFTER(F, T) PART(F, T, depthwise) BIAS(F, T)
KT_CONFIG_OF(depthwise, DEPTHWISE);
#define SEPARABLE(F, T)                                            \
    F(T, ANY, filters, REQUIRED, "int", "Channels of the output.") \
    KERNEL_SIZE(F, T)                                              \
    STEPS(F, T)                                                    \
    LAYOUT(F, T) MULTIPLIER(F, T) AFTER(F, T) PART(F, T, depthwise) PART(F, T, pointwise) BIAS(F, T)
KT_CONFIG_OF(separable, SEPARABLE);

typedef struct state {
    kt_window w;
    int64_t   multiplier;
} state;

static kt_status settle(kt_layer *self, const kt_value **size, const kt_value **strides,
                        const kt_value **dilation, const kt_value **padding, const char **format)
{
    kt_window_fields f = {size, strides, dilation, padding, format};

    return kt_window_settle(self, &((state *)self->state)->w, &f, false);
}

static kt_status settle_depthwise(kt_layer *self)
{
    depthwise *c = self->config;

    return settle(self, &c->kernel_size, &c->strides, &c->dilation_rate, &c->padding,
                  &c->data_format);
}

static kt_status settle_separable(kt_layer *self)
{
    separable *c = self->config;

    return settle(self, &c->kernel_size, &c->strides, &c->dilation_rate, &c->padding,
                  &c->data_format);
}

static kt_status check_multiplier(kt_layer *self, const kt_value *multiplier)
{
    state *s = self->state;

    if (kt_check_positive(self, "depth_multiplier", multiplier) != KT_OK)
        return kt_layer_status(self);
    if (!kt_is_int(multiplier))
        return kt_layer_fail(self, KT_E_TYPE, "%s: `depth_multiplier` must be an integer",
                             self->type->cls.class_name);
    s->multiplier = multiplier->i;
    return KT_OK;
}

static kt_status check_depthwise(kt_layer *self)
{
    return check_multiplier(self, ((const depthwise *)self->config)->depth_multiplier);
}

static kt_status check_separable(kt_layer *self)
{
    const separable *c = self->config;

    if (check_multiplier(self, c->depth_multiplier) != KT_OK)
        return kt_layer_status(self);
    return kt_check_positive(self, "filters", c->filters);
}

/* The channels of the input, which must be known; expected from now on. */
static int64_t channels_of(kt_layer *self, const kt_shape *in)
{
    const state *s = self->state;
    int          axis = s->w.channels_first ? 1 : -1;
    int64_t      channels = kt_dim(in, axis);

    if (channels == KT_UNKNOWN)
        kt_layer_fail(self, KT_E_TYPE, "unsupported operand type(s) for *: 'int' and 'NoneType'");
    else
        kt_expect_axis(self, axis, channels);
    return channels;
}

static kt_status build_depthwise(kt_layer *self, int n_in, const kt_shape *in)
{
    const depthwise *c = self->config;
    const state     *s = self->state;
    int64_t          channels = channels_of(self, &in[0]);

    (void)n_in;
    if (channels == KT_UNKNOWN || kt_check_conv_shape(&self->fault, &self->arena, &s->w, &in[0],
                                                      s->multiplier * channels) != KT_OK)
        return kt_layer_status(self);
    kt_add_weight(self, "kernel", kt_kernel_shape(&s->w, channels, s->multiplier),
                  c->depthwise_initializer, c->depthwise_regularizer, c->depthwise_constraint,
                  true);
    if (c->use_bias)
        kt_add_weight(self, "bias", KT_SHAPE(s->multiplier * channels), c->bias_initializer,
                      c->bias_regularizer, c->bias_constraint, true);
    return kt_layer_status(self);
}

static kt_status build_separable(kt_layer *self, int n_in, const kt_shape *in)
{
    const separable *c = self->config;
    const state     *s = self->state;
    kt_window        one = {.rank = s->w.rank, .size = {1, 1, 1}};
    int64_t          channels = channels_of(self, &in[0]);
    kt_shape         kernel = kt_kernel_shape(&one, s->multiplier * channels, 0);
    int64_t          filters = kt_is_int(c->filters) ? c->filters->i : KT_UNKNOWN;

    (void)n_in;
    if (channels == KT_UNKNOWN ||
        kt_check_conv_shape(&self->fault, &self->arena, &s->w, &in[0], filters) != KT_OK)
        return kt_layer_status(self);
    kt_add_weight(self, "depthwise_kernel", kt_kernel_shape(&s->w, channels, s->multiplier),
                  c->depthwise_initializer, c->depthwise_regularizer, c->depthwise_constraint,
                  true);
    if (kt_put_sizes(&self->fault, &kernel, &(kt_size){kernel.rank - 1, c->filters}, 1) &&
        kt_add_weight(self, "pointwise_kernel", kernel, c->pointwise_initializer,
                      c->pointwise_regularizer, c->pointwise_constraint, true) &&
        c->use_bias)
        kt_add_weight(self, "bias", KT_SHAPE(filters), c->bias_initializer, c->bias_regularizer,
                      c->bias_constraint, true);
    return kt_layer_status(self);
}

/* A convolution of as many groups as channels: kernel [w.., in, m] read as [w.., 1, in m]. x:
 * channels last. */
static kt_node *convolve_each(kt_layer *self, kt_call *c, kt_node *x, kt_node *kernel)
{
    const state   *s = self->state;
    int64_t        channels = kt_dim(&x->shape, -1);
    kt_window_attr attr = kt_window_attrs(&s->w, channels, false);
    kt_shape       shape = kt_kernel_shape(&s->w, 1, channels * s->multiplier);

    return kt_conv(c->g, x, kt_reshape(c->g, kernel, shape), &attr);
}

static kt_node *finished(kt_layer *self, kt_call *c, kt_node *y, bool use_bias,
                         const kt_value *activation)
{
    const state *s = self->state;

    return kt_layer_activate(c, activation, kt_with_bias(self, c, &s->w, y, use_bias));
}

/* x with channels last; poison where it is too small, or (only where shapes are computed) has
 * another number of channels. */
static kt_node *prepared(kt_layer *self, kt_call *c, kt_node *x, int64_t filters)
{
    const state *s = self->state;

    if (kt_check_conv_shape(c->g->fault, &c->g->arena, &s->w, &x->shape, filters) != KT_OK)
        return c->g->poison;
    return kt_channels_last(c->g, &s->w, kt_cast(c->g, x, self->dtype));
}

/* What Keras infers of an input that the kernel does not fit: [batch, s'.., filters]. */
static kt_node *inferred(kt_layer *self, kt_call *c, kt_node *x, int64_t filters)
{
    const state   *s = self->state;
    kt_window_attr attr = kt_window_attrs(&s->w, 1, false);
    kt_shape       kernel = kt_kernel_shape(&s->w, kt_dim(&x->shape, -1), filters);

    return kt_channels_back(c->g, &s->w, kt_conv(c->g, x, kt_stand_in(c, x, kernel), &attr));
}

/* [batch, s.., in] -> [batch, s'.., in depth_multiplier] */
static kt_node *call_depthwise(kt_layer *self, kt_call *c, kt_node *x)
{
    const depthwise *cfg = self->config;
    const state     *s = self->state;
    int64_t          channels = kt_dim(&x->shape, s->w.channels_first ? 1 : -1);

    if (channels == KT_UNKNOWN)
        return kt_call_fail(self, c, KT_E_TYPE,
                            "unsupported operand type(s) for *: 'int' and 'NoneType'");
    x = prepared(self, c, x, channels * s->multiplier);
    if (c->t->lenient && !kt_graph_failed(c->g))
        return inferred(self, c, x, channels * s->multiplier);
    kt_node *y = kt_is_poison(c->g, x) ? x
                                       : convolve_each(self, c, x, kt_weight(self, c, "kernel"));
    return finished(self, c, y, cfg->use_bias, cfg->activation);
}

/* [batch, s.., in] -> [batch, s'.., filters] */
static kt_node *call_separable(kt_layer *self, kt_call *c, kt_node *x)
{
    const separable *cfg = self->config;
    kt_window_attr   one = {.spatial = self->type->variant};

    x = prepared(self, c, x, cfg->filters->i);
    if (c->t->lenient && !kt_graph_failed(c->g))
        return inferred(self, c, x, cfg->filters->i);
    kt_node *y = kt_is_poison(c->g, x)
                   ? x
                   : convolve_each(self, c, x, kt_weight(self, c, "depthwise_kernel"));
    y = kt_conv(c->g, y, kt_weight(self, c, "pointwise_kernel"), &one);
    return finished(self, c, y, cfg->use_bias, cfg->activation);
}

#define DEEP(name, axes, fields, settle, start, make, emit, sentence, samples, shapes)             \
    {                                                                                              \
        .cls = {.class_name = name #axes "D",                                                      \
                .module = "keras.layers",                                                          \
                .config = fields,                                                                  \
                .summary = sentence},                                                              \
        .flags = KT_LAYER_ACTIVITY, .input = {.min_ndim = (axes) + 2, .dtype = -1},                \
        .early = settle, .check = start, .build = make, .call1 = emit,                             \
        .state_size = sizeof(state), .variant = (axes), .sample = samples, .sample_input = shapes, \
    }
#define EACH(axes, samples, shapes)                                                 \
    DEEP("DepthwiseConv", axes, &depthwise_type, settle_depthwise, check_depthwise, \
         build_depthwise, call_depthwise, "A kernel for each channel.", samples, shapes)
#define MIXED(axes, samples, shapes)                                                \
    DEEP("SeparableConv", axes, &separable_type, settle_separable, check_separable, \
         build_separable, call_separable,                                           \
         "A kernel for each channel, then one cell over all of them.", samples, shapes)

static const kt_layer_type types[] = {
    EACH(1, "DepthwiseConv1D(2); DepthwiseConv1D(3, strides=2, padding='same', depth_multiplier=2)",
         "(2, 4, 3); (2, 5, 2)"),
    EACH(2,
         "DepthwiseConv2D(2, depth_multiplier=2); DepthwiseConv2D(2, data_format='channels_first')",
         "(2, 3, 4, 2); (2, 2, 3, 4)"),
    MIXED(1, "SeparableConv1D(3, 2); SeparableConv1D(2, 3, padding='same', depth_multiplier=2)",
          "(2, 4, 3); (2, 5, 2)"),
    MIXED(
        2,
        "SeparableConv2D(3, 2, activation='tanh'); SeparableConv2D(2, 2, data_format='channels_first')",
        "(2, 3, 4, 2); (2, 2, 3, 4)"),
};

const kt_layer_type *const kt_layers_depthwise[] = {&types[0], &types[1], &types[2], &types[3],
                                                    NULL};
