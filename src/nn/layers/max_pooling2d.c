/* max_pooling2d.c - MaxPooling2D: the largest value of each window. */
#include "nn/window.h"

#define FIELDS(F)                                                           \
    F(ANY, pool_size, "(2, 2)", "ints", "Height and width of the window.")  \
    F(ANY, strides, "None", "ints", "Step of the window; None: pool_size.") \
    F(ANY, padding, "valid", "",                                            \
      "'valid', or 'same' for an output as large as the input / strides.")  \
    F(STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG(FIELDS);

enum { RANK = 2 };

static kt_status check(kt_layer *self)
{
    config    *c = self->config;
    kt_window *w = self->state;

    w->rank = RANK;
    w->dilation[0] = w->dilation[1] = 1;
    if (kt_is_none(c->strides))
        c->strides = c->pool_size;
    /* Keras lets a step of 0 pass, and fails when it divides by it: we refuse it here. */
    if (kt_check_tuple(self, "pool_size", c->pool_size, RANK, 1, w->size) != KT_OK ||
        kt_check_tuple(self, "strides", c->strides, RANK, 0, w->strides) != KT_OK ||
        kt_check_tuple(self, "strides", c->strides, RANK, 1, w->strides) != KT_OK)
        return kt_layer_status(self);
    if (!c->data_format)
        c->data_format = "channels_last";
    if (kt_check_data_format(self, c->data_format) != KT_OK)
        return kt_layer_status(self);
    w->same = kt_streq(kt_value_text(c->padding), "same");
    w->channels_first = kt_streq(c->data_format, "channels_first");
    c->pool_size = kt_tuple_value(&self->arena, RANK, w->size);
    c->strides = kt_tuple_value(&self->arena, RANK, w->strides);
    return c->pool_size && c->strides ? KT_OK : kt_raise_memory(&self->fault);
}

/* [batch, height, width, channels] -> [batch, height', width', channels] */
static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const kt_window *w = self->state;
    kt_window_attr   attr = kt_window_attrs(w, 1, true);

    const kt_value *padding = ((const config *)self->config)->padding;
    if (!kt_streq(kt_value_text(padding), "valid") && !w->same)
        return kt_call_fail(
            self, c, KT_E_VALUE,
            "Argument `padding` must be either 'valid' or 'same'. Received: padding=%s",
            kt_value_text(padding) ? kt_value_text(padding) : "None");
    if (kt_check_pool_shape(c->g->fault, &c->g->arena, w, &x->shape) != KT_OK)
        return c->g->poison;
    return kt_channels_back(c->g, w, kt_pool(c->g, kt_channels_last(c->g, w, x), &attr));
}

static const kt_layer_type type = {
    .cls = {.class_name = "MaxPooling2D",
            .aliases = "MaxPool2D",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "The largest value of each window."},
    .input = {.ndim = RANK + 2, .dtype = -1},
    .flags = KT_LAYER_READY,
    .check = check,
    .call1 = call,
    .state_size = sizeof(kt_window),
    .sample =
        "MaxPooling2D(); MaxPooling2D(3, strides=2, padding='same'); MaxPooling2D(2, data_format='channels_first')",
    .sample_input = "(2, 5, 4, 2); (2, 5, 6, 3); (2, 3, 4, 5)",
};

const kt_layer_type *const kt_layers_max_pooling2d[] = {&type, NULL};
