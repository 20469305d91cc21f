/* pooling.c - MaxPooling and AveragePooling over one, two or three axes: one number of each
 * window. */
#include "nn/shared/window.h"

#define POOLING(F, T, size)                                                    \
    F(T, ANY, pool_size, size, "ints", "Size of the window along each axis.")  \
    F(T, ANY, strides, "None", "ints", "Step of the window; None: pool_size.") \
    F(T, ANY, padding, "valid", "",                                            \
      "'valid', or 'same' for an output as large as the input / strides.")     \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
#define MAXIMUM(F, T) POOLING(F, T, "2")
#define AVERAGE(F, T) POOLING(F, T, REQUIRED)
KT_CONFIG_OF(config, MAXIMUM);
KT_CONFIG_OF(average, AVERAGE); /* the same members: read as config */

static kt_status check(kt_layer *self)
{
    config    *c = self->config;
    kt_window *w = self->state;
    int        rank = self->type->variant;

    w->rank = rank;
    for (int i = 0; i < rank; i++)
        w->dilation[i] = 1;
    if (kt_is_none(c->strides))
        c->strides = c->pool_size;
    if (kt_check_tuple(self, "pool_size", c->pool_size, rank, 1, w->size) != KT_OK ||
        kt_check_tuple(self, "strides", c->strides, rank, 0, w->strides) != KT_OK)
        return kt_layer_status(self);
    if (kt_check_data_format(self, &c->data_format) != KT_OK)
        return kt_layer_status(self);
    w->same = kt_streq(kt_value_text(c->padding), "same");
    w->channels_first = kt_streq(c->data_format, "channels_first");
    c->pool_size = kt_tuple_value(&self->arena, rank, w->size);
    c->strides = kt_tuple_value(&self->arena, rank, w->strides);
    return c->pool_size && c->strides ? KT_OK : kt_raise_memory(&self->fault);
}

/* [batch, s.., channels] -> [batch, s'.., channels] */
static kt_node *pool(kt_layer *self, kt_call *c, kt_node *x, bool max)
{
    const kt_window *w = self->state;
    kt_window_attr   attr = kt_window_attrs(w, 1, max);

    const kt_value *padding = ((const config *)self->config)->padding;
    if (!kt_streq(kt_value_text(padding), "valid") && !w->same)
        return kt_call_fail(
            self, c, KT_E_VALUE,
            "Argument `padding` must be either 'valid' or 'same'. Received: padding=%s",
            kt_python_text(self, padding));
    for (int i = 0; i < w->rank; i++) /* the constructor lets it pass */
        if (w->strides[i] == 0)
            return kt_call_fail(self, c, KT_E_ZERO_DIVISION, "division by zero");
    if (kt_check_pool_shape(c->g->fault, &c->g->arena, w, &x->shape) != KT_OK)
        return c->g->poison;
    return kt_channels_back(c->g, w, kt_pool(c->g, kt_channels_last(c->g, w, x), &attr));
}

static kt_node *maximum(kt_layer *self, kt_call *c, kt_node *x)
{
    return pool(self, c, x, true);
}

static kt_node *mean(kt_layer *self, kt_call *c, kt_node *x)
{
    return pool(self, c, x, false);
}

#define SHAPES_1 "(2, 5, 2); (2, 6, 3); (2, 3, 5)"
#define SHAPES_2 "(2, 5, 4, 2); (2, 5, 6, 3); (2, 3, 4, 5)"
#define SHAPES_3 "(1, 3, 4, 3, 2); (1, 3, 3, 4, 2); (1, 2, 3, 3, 2)"
#define POOL(Kind, axes, fields, emit, sentence)                                                \
    {                                                                                           \
        .cls = {.class_name = Kind "Pooling" #axes "D",                                         \
                .aliases = Kind "Pool" #axes "D",                                               \
                .module = "keras.layers",                                                       \
                .config = fields,                                                               \
                .summary = sentence},                                                           \
        .input = {.ndim = (axes) + 2, .dtype = -1}, .flags = KT_LAYER_READY, .variant = (axes), \
        .check = check, .call1 = emit, .state_size = sizeof(kt_window),                         \
        .sample = Kind "Pooling" #axes "D(2); " Kind "Pooling" #axes                            \
                       "D(3, strides=2, padding='same'); " Kind "Pooling" #axes                 \
                       "D(2, data_format='channels_first')",                                    \
        .sample_input = SHAPES_##axes,                                                          \
    }
#define MAX_POOL(axes) POOL("Max", axes, &config_type, maximum, "The largest value of each window.")
#define AVERAGE_POOL(axes) \
    POOL("Average", axes, &average_type, mean, "The mean of each window's real cells.")

static const kt_layer_type types[] = {MAX_POOL(1),     MAX_POOL(2),     MAX_POOL(3),
                                      AVERAGE_POOL(1), AVERAGE_POOL(2), AVERAGE_POOL(3)};

const kt_layer_type *const kt_layers_pooling[] = {&types[0], &types[1], &types[2], &types[3],
                                                  &types[4], &types[5], NULL};
