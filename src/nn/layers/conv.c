/* conv.c - Conv1D, Conv2D, Conv3D: a kernel slides over the spatial axes. */
#include <math.h>

#include "nn/shared/window.h"

#define FIELDS(F)                                                                                  \
    F(ANY, filters, REQUIRED, "int", "Channels of the output.")                                    \
    F(ANY, kernel_size, REQUIRED, "ints", "Size of the kernel along each axis.")                   \
    F(ANY, strides, "1", "ints", "Step of the kernel.")                                            \
    F(ANY, padding, "valid", "",                                                                   \
      "'valid', 'same': as large as the input / strides, or for Conv1D 'causal'.")                 \
    F(STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")   \
    F(ANY, dilation_rate, "1", "ints", "Gap between the kernel's cells.")                          \
    F(ANY, groups, "1", "int", "Channels are split into this many independent groups.")            \
    F(OBJ, activation, "None", "activation", "Applied to the result.")                             \
    F(BOOL, use_bias, "True", "", "Add a bias per filter.")                                        \
    F(OBJ, kernel_initializer, "glorot_uniform", "initializer", "How the kernel starts.")          \
    F(OBJ, bias_initializer, "zeros", "initializer", "How the bias starts.")                       \
    F(OBJ, kernel_regularizer, "None", "regularizer", "Penalty on the kernel.")                    \
    F(OBJ, bias_regularizer, "None", "regularizer", "Penalty on the bias.")                        \
    F(OBJ, kernel_constraint, "None", "constraint", "Projection of the kernel after each update.") \
    F(OBJ, bias_constraint, "None", "constraint", "Projection of the bias after each update.")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_window w;
    int64_t   filters, groups; /* filters KT_UNKNOWN: None was given */
    int64_t   before;          /* causal padding of the one axis */
} state;

static kt_status check_filters(kt_layer *self, const config *c, state *s)
{
    double filters = 1, groups = 1;
    bool   some = kt_value_number(c->filters, &filters);

    if (kt_check_positive(self, "filters", c->filters) != KT_OK ||
        !kt_python_orders(self, c->groups, "<=", "int", KT_KEPT))
        return kt_layer_status(self);
    (void)kt_value_number(c->groups, &groups);
    if (groups <= 0)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "The number of groups must be a positive integer. Received: groups=%s.",
            kt_python_text(self, c->groups));
    if (some && fmod(filters, groups) != 0)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "The number of filters must be evenly divisible by the number of groups. Received: groups=%s, filters=%s.",
            kt_python_text(self, c->groups), kt_python_text(self, c->filters));
    if (groups != floor(groups) || groups > INT32_MAX)
        return kt_layer_fail(self, KT_E_TYPE, "%s: `groups` must be an integer",
                             self->type->cls.class_name);
    s->filters = kt_is_int(c->filters) ? c->filters->i : KT_UNKNOWN;
    s->groups = (int64_t)groups;
    return KT_OK;
}

static kt_window_fields fields_of(config *c)
{
    return (kt_window_fields){&c->kernel_size, &c->strides, &c->dilation_rate, &c->padding,
                              &c->data_format};
}

static kt_status early(kt_layer *self)
{
    kt_window_fields f = fields_of(self->config);

    return kt_window_settle(self, &((state *)self->state)->w, &f, self->type->variant == 1);
}

static kt_status check(kt_layer *self)
{
    config          *c = self->config;
    state           *s = self->state;
    kt_window_fields f = fields_of(c);

    if (check_filters(self, c, s) != KT_OK || kt_check_strides(self, &s->w, &f) != KT_OK)
        return kt_layer_status(self);
    if (kt_streq(kt_value_text(c->padding), "causal"))
        s->before = s->w.dilation[0] * (s->w.size[0] - 1);
    return KT_OK;
}

/* in as the convolution sees it: with the causal padding in front. */
static kt_shape padded(const state *s, const kt_shape *in)
{
    kt_shape shape = *in;
    int      axis = s->w.channels_first ? 2 : 1;

    if (s->before && shape.rank == s->w.rank + 2 && shape.dim[axis] != KT_UNKNOWN)
        shape.dim[axis] += s->before;
    return shape;
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;
    const state  *s = self->state;
    int           axis = s->w.channels_first ? 1 : -1;
    int64_t       channels = kt_dim(&in[0], axis);

    (void)n_in;
    if (channels == KT_UNKNOWN)
        return kt_layer_fail(self, KT_E_TYPE,
                             "unsupported operand type(s) for %%: 'NoneType' and 'int'");
    kt_expect_axis(self, axis, channels);
    if (channels % s->groups != 0)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "The number of input channels must be evenly divisible by the number of groups. Received groups=%lld, but the input "
            "has %lld channels (full input shape is %s).",
            (long long)s->groups, (long long)channels, kt_shape_text(&self->arena, &in[0]));
    kt_shape seen = padded(s, &in[0]);
    if (kt_check_conv_shape(&self->fault, &self->arena, &s->w, &seen, s->filters) != KT_OK)
        return kt_layer_status(self);
    kt_shape kernel = kt_kernel_shape(&s->w, channels / s->groups, s->filters);
    if (!kt_put_sizes(&self->fault, &kernel, &(kt_size){kernel.rank - 1, c->filters}, 1))
        return kt_layer_status(self);
    kt_add_weight(self, "kernel", kernel, c->kernel_initializer, c->kernel_regularizer,
                  c->kernel_constraint, true);
    if (c->use_bias)
        kt_add_weight(self, "bias", KT_SHAPE(s->filters), c->bias_initializer, c->bias_regularizer,
                      c->bias_constraint, true);
    return kt_layer_status(self);
}

/* x, channels last, with the causal padding before its first step. */
static kt_node *causal(kt_call *c, const state *s, kt_node *x)
{
    kt_pad_attr pad = {.before = {0, s->before}};

    return s->before ? kt_pad(c->g, x, &pad) : x;
}

/* [batch, s.., in] -> [batch, s'.., filters] */
static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config  *cfg = self->config;
    const state   *s = self->state;
    kt_window_attr attr = kt_window_attrs(&s->w, s->groups, false);
    kt_shape       seen = padded(s, &x->shape);

    if (kt_check_conv_shape(c->g->fault, &c->g->arena, &s->w, &seen, s->filters) != KT_OK)
        return c->g->poison;
    x = causal(c, s, kt_channels_last(c->g, &s->w, kt_cast(c->g, x, self->dtype)));
    kt_node *y = kt_conv(c->g, x, kt_weight(self, c, "kernel"), &attr);
    return kt_layer_activate(c, cfg->activation, kt_with_bias(self, c, &s->w, y, cfg->use_bias));
}

#define CONV(axes, sentence, samples, shapes)                                                      \
    {                                                                                              \
        .cls = {.class_name = "Conv" #axes "D",                                                    \
                .aliases = "Convolution" #axes "D",                                                \
                .module = "keras.layers",                                                          \
                .config = &config_type,                                                            \
                .summary = sentence},                                                              \
        .flags = KT_LAYER_ACTIVITY, .input = {.min_ndim = (axes) + 2, .dtype = -1},                \
        .early = early, .check = check, .build = build, .call1 = call,                             \
        .state_size = sizeof(state), .variant = (axes), .sample = samples, .sample_input = shapes, \
    }

static const kt_layer_type types[] = {
    CONV(
        1, "A kernel slides along one axis: time.",
        "Conv1D(3, 2, activation='relu'); Conv1D(4, 3, strides=2, padding='same', groups=2); "
        "Conv1D(2, 3, dilation_rate=2, padding='causal'); Conv1D(2, 2, data_format='channels_first')",
        "(2, 5, 2); (2, 6, 4); (2, 5, 3); (2, 3, 5)"),
    CONV(2, "A kernel slides over two spatial axes.",
         "Conv2D(3, 2, activation='relu'); Conv2D(4, (3, 2), strides=2, padding='same', groups=2); "
         "Conv2D(2, 2, data_format='channels_first')",
         "(2, 5, 4, 2); (2, 5, 6, 4); (2, 3, 4, 5)"),
    CONV(
        3, "A kernel slides over three spatial axes.",
        "Conv3D(2, 2, activation='relu'); Conv3D(2, (2, 1, 2), strides=(1, 2, 1), padding='same'); "
        "Conv3D(2, 2, data_format='channels_first')",
        "(1, 3, 4, 3, 2); (1, 3, 3, 4, 2); (1, 2, 3, 3, 2)"),
};

const kt_layer_type *const kt_layers_conv[] = {&types[0], &types[1], &types[2], NULL};
