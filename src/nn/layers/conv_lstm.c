/* conv_lstm.c - ConvLSTM1D, ConvLSTM2D, ConvLSTM3D: an LSTM over sequences of images, whose
 * products are convolutions. */
#include <string.h>

#include "nn/recurrence/conv_lstm.h"

#define FIELDS(F)          \
    KT_CONV_LSTM_FIELDS(F) \
    KT_RNN_FIELDS(F)       \
    KT_ZERO_OUTPUT(F)
KT_CONFIG(FIELDS);

static kt_layer *cell_of(const kt_layer *self)
{
    return self->sublayers.at[0];
}

/* The cell brings these to the form that get_config gives. */
static void take_back(kt_layer *self)
{
    config           *c = self->config;
    const kt_layer   *cell = cell_of(self);
    const char *const names[] = {"kernel_size", "strides", "padding", "dilation_rate"};
    const kt_value  **to[] = {&c->kernel_size, &c->strides, &c->padding, &c->dilation_rate};

    for (size_t i = 0; i < KT_COUNT(names); i++)
        *to[i] = kt_config_get(&self->arena, kt_config_find(cell->type->cls.config, names[i]),
                               cell->config);
    c->data_format = kt_value_text(kt_config_get(
        &self->arena, kt_config_find(cell->type->cls.config, "data_format"), cell->config));
}

static kt_status check(kt_layer *self)
{
    const kt_layer_type *cell = kt_conv_lstm_cell_type(self->type->variant);

    if (kt_rnn_add_cell(self, cell, "conv_lstm_cell") == KT_OK)
        take_back(self);
    return kt_layer_status(self);
}

/* The cell knows its inputs' sizes: another is refused where it is called. */
static bool fits_cell(kt_layer *self, kt_call *c)
{
    kt_layer *cell = cell_of(self);
    kt_node  *step = kt_squeeze(c->g, kt_slice_axis(c->g, c->in[0], 1, 0, 1), 1);
    kt_call   inner = {.t = c->t, .g = c->g, .n_in = 1, .in = &step};

    return !kt_graph_failed(c->g) && kt_check_inputs(cell, &inner) == KT_OK;
}

/* [batch, time, s.., in] -> [batch, s'.., filters] or with time, then both states if asked for. */
static void call(kt_layer *self, kt_call *c)
{
    kt_shape step = kt_shape_slice(&c->in[0]->shape, 0, 1);
    kt_shape rest = kt_shape_slice(&c->in[0]->shape, 2, c->in[0]->shape.rank);

    step = kt_shape_concat(&step, &rest);
    if (kt_conv_lstm_check_step(cell_of(self), &step, &c->g->arena, c->g->fault) != KT_OK)
        return;
    if (!c->t->eager || c->in[0]->shape.dim[1] == 0 || fits_cell(self, c))
        kt_rnn_call(self, c);
}

#define CONV_LSTM(axes, samples, inputs)                                                       \
    {                                                                                          \
        .cls = {.class_name = "ConvLSTM" #axes "D",                                            \
                .module = "keras.layers",                                                      \
                .config = &config_type,                                                        \
                .summary = "An LSTM over sequences whose steps have " #axes " spatial axes."}, \
        .flags = KT_LAYER_HANDS_DOWN | KT_LAYER_ACTIVITY | KT_LAYER_SAYS_MASK |                \
                 KT_LAYER_SAYS_INFERENCE,                                                      \
        .input = {.ndim = (axes) + 3, .dtype = -1}, .check = check, .build = kt_rnn_build,     \
        .call = call, .free = kt_rnn_release, .state_size = sizeof(kt_rnn_state),              \
        .shapes = "sequences_shape|initial_state_shape", .variant = (axes), .sample = samples, \
        .sample_input = inputs,                                                                \
    }

static const kt_layer_type types[] = {
    CONV_LSTM(1,
              "ConvLSTM1D(2, 2); ConvLSTM1D(2, 3, padding='same', return_sequences=True, "
              "go_backwards=True); ConvLSTM1D(2, 2, data_format='channels_first', strides=2, "
              "return_state=True)",
              "(2, 3, 4, 2); (2, 3, 3, 2); (2, 2, 3, 5)"),
    CONV_LSTM(2,
              "ConvLSTM2D(2, 2, use_bias=False); ConvLSTM2D(2, (2, 1), dilation_rate=2, "
              "return_sequences=True, data_format='channels_first')",
              "(2, 2, 3, 4, 1); (1, 2, 1, 4, 3)"),
    CONV_LSTM(3, "ConvLSTM3D(2, 2, padding='same', recurrent_activation='hard_sigmoid')",
              "(1, 2, 2, 3, 2, 1)"),
};

const kt_layer_type *const kt_layers_conv_lstm[] = {&types[0], &types[1], &types[2], NULL};
