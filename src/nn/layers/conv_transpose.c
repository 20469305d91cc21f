/* conv_transpose.c - Conv1DTranspose, Conv2DTranspose, Conv3DTranspose: the gradient of a
 * convolution as a layer; it makes maps larger. */
#include "nn/shared/window.h"

#define FIELDS(F)                                                                                  \
    F(ANY, filters, REQUIRED, "int", "Channels of the output.")                                    \
    F(ANY, kernel_size, REQUIRED, "ints", "Size of the kernel along each axis.")                   \
    F(ANY, strides, "1", "ints", "How much larger the output is.")                                 \
    F(ANY, padding, "valid", "", "'valid', or 'same' for an output of input * strides.")           \
    F(ANY, output_padding, "None", "ints", "Cells more at the end; None: by padding.")             \
    F(STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")   \
    F(ANY, dilation_rate, "1", "ints", "Gap between the kernel's cells.")                          \
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
    bool      padded; /* output_padding is given */
    int64_t   output_padding[KT_MAX_SPATIAL];
} state;

static kt_status check_output_padding(kt_layer *self, config *c, state *s)
{
    if (kt_is_none(c->output_padding))
        return KT_OK;
    if (kt_check_tuple(self, "output_padding", c->output_padding, s->w.rank, 0,
                       s->output_padding) != KT_OK)
        return kt_layer_status(self);
    s->padded = true;
    c->output_padding = kt_tuple_value(&self->arena, s->w.rank, s->output_padding);
    return c->output_padding ? KT_OK : kt_raise_memory(&self->fault);
}

static kt_status compare_output_padding(kt_layer *self, const config *c, const state *s)
{
    for (int i = 0; s->padded && i < s->w.rank; i++)
        if (s->output_padding[i] >= s->w.strides[i])
            return kt_layer_fail(
                self, KT_E_VALUE,
                "`output_padding` must be strictly less than `strides` for all dimensions. At dimension %d, `output_padding` is "
                "%lld but `strides` is %lld. Received: output_padding=%s, strides=%s",
                i, (long long)s->output_padding[i], (long long)s->w.strides[i],
                kt_python_text(self, c->output_padding), kt_python_text(self, c->strides));
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

    return kt_window_settle(self, &((state *)self->state)->w, &f, false);
}

static kt_status check(kt_layer *self)
{
    config          *c = self->config;
    state           *s = self->state;
    kt_window_fields f = fields_of(c);

    if (check_output_padding(self, c, s) != KT_OK ||
        kt_check_positive(self, "filters", c->filters) != KT_OK ||
        compare_output_padding(self, c, s) != KT_OK)
        return kt_layer_status(self);
    return kt_check_strides(self, &s->w, &f);
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;
    const state  *s = self->state;
    int           axis = s->w.channels_first ? 1 : -1;
    int64_t       channels = kt_dim(&in[0], axis);
    kt_shape      kernel = kt_kernel_shape(&s->w, 0, channels);

    (void)n_in;
    if (!kt_put_sizes(&self->fault, &kernel, &(kt_size){kernel.rank - 2, c->filters}, 1))
        return kt_layer_status(self);
    kt_expect_axis(self, axis, channels);
    if (kt_add_weight(self, "kernel", kernel, c->kernel_initializer, c->kernel_regularizer,
                      c->kernel_constraint, true) &&
        c->use_bias)
        kt_add_weight(self, "bias", KT_SHAPE(c->filters->i), c->bias_initializer,
                      c->bias_regularizer, c->bias_constraint, true);
    return kt_layer_status(self);
}

/* [batch, s.., in] -> [batch, s'.., filters] */
static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config  *cfg = self->config;
    const state   *s = self->state;
    kt_window_attr attr = kt_window_attrs(&s->w, 1, false);

    if (x->shape.rank != s->w.rank + 2)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    x = kt_channels_last(c->g, &s->w, kt_cast(c->g, x, self->dtype));
    attr.like = kt_transposed_shape(&s->w, s->padded ? s->output_padding : NULL, &x->shape,
                                    cfg->filters->i);
    kt_node *y = c->t->eager ? kt_conv_grad_input(c->g, kt_weight(self, c, "kernel"), x, &attr)
                             : kt_stand_in(c, x, attr.like);
    y = kt_with_bias(self, c, &s->w, y, cfg->use_bias && c->t->eager);
    return kt_layer_activate(c, cfg->activation, y);
}

#define TRANSPOSE(axes, samples, shapes)                                                           \
    {                                                                                              \
        .cls = {.class_name = "Conv" #axes "DTranspose",                                           \
                .aliases = "Convolution" #axes "DTranspose",                                       \
                .module = "keras.layers",                                                          \
                .config = &config_type,                                                            \
                .summary = "The gradient of a convolution: makes maps larger."},                   \
        .flags = KT_LAYER_ACTIVITY, .input = {.min_ndim = (axes) + 2, .dtype = -1},                \
        .early = early, .check = check, .build = build, .call1 = call,                             \
        .state_size = sizeof(state), .variant = (axes), .sample = samples, .sample_input = shapes, \
    }
static const kt_layer_type types[] = {
    TRANSPOSE(1,
              "Conv1DTranspose(3, 2, strides=3); Conv1DTranspose(2, 3, strides=2, padding='same')",
              "(2, 4, 2); (2, 3, 2)"),
    TRANSPOSE(
        2,
        "Conv2DTranspose(3, 3, strides=2, padding='same'); Conv2DTranspose(2, 2, dilation_rate=2); "
        "Conv2DTranspose(2, 2, strides=2, data_format='channels_first')",
        "(2, 2, 3, 2); (1, 3, 2, 2); (1, 2, 2, 3)"),
    TRANSPOSE(3, "Conv3DTranspose(2, 2, strides=2); Conv3DTranspose(2, 3, padding='same')",
              "(1, 2, 2, 2, 2); (1, 2, 3, 2, 1)"),
};

const kt_layer_type *const kt_layers_conv_transpose[] = {&types[0], &types[1], &types[2], NULL};
