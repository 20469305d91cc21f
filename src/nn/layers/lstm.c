/* lstm.c - LSTM: long short-term memory over a sequence. */
#include "nn/recurrence/rnn.h"

#define FIELDS(F)          \
    KT_LSTM_CELL_FIELDS(F) \
    KT_RNN_FIELDS(F)       \
    KT_USE_CUDNN(F)        \
    KT_ZERO_OUTPUT(F)      \
    KT_IMPLEMENTATION(F)
KT_CONFIG(FIELDS);

static const kt_cell_inside cell = {"LSTMCell", "lstm_cell"};

static const kt_layer_type type = {
    .cls = {.class_name = "LSTM",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Long short-term memory over a sequence.",
            .unwritten = "use_cudnn|implementation"},
    KT_RNN_LAYER,
    .inside = &cell,
    .sample =
        "LSTM(3); LSTM(2, return_sequences=True, go_backwards=True); LSTM(2, return_state=True, use_bias=False)",
    .sample_input = "(2, 4, 3); (2, 3, 2); (2, 3, 2)",
};

const kt_layer_type *const kt_layers_lstm[] = {&type, NULL};
