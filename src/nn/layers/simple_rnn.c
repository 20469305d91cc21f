/* simple_rnn.c - SimpleRNN: each output is an input of the next step. */
#include "nn/recurrence/rnn.h"

#define FIELDS(F)                                      \
    KT_SIMPLE_RNN_CELL_FIELDS(F)                       \
    KT_RNN_FIELDS(F)                                   \
    F(OPTINT, seed, "None", "kept", "Of the dropout.") \
    KT_ZERO_OUTPUT(F)
KT_CONFIG(FIELDS);

static const kt_cell_inside cell = {"SimpleRNNCell", "simple_rnn_cell"};

static const kt_layer_type type = {
    .cls = {.class_name = "SimpleRNN",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Recurrent layer whose output is its state.",
            .unwritten = "seed"},
    KT_RNN_LAYER,
    .inside = &cell,
    .sample =
        "SimpleRNN(3); SimpleRNN(2, return_sequences=True, go_backwards=True); SimpleRNN(2, return_state=True, use_bias=False)",
    .sample_input = "(2, 4, 3); (2, 3, 2); (2, 3, 2)",
};

const kt_layer_type *const kt_layers_simple_rnn[] = {&type, NULL};
