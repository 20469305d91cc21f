/* gru.c - GRU: gated recurrent units over a sequence. */
#include "nn/recurrence/rnn.h"

#define FIELDS(F)                                      \
    KT_GRU_CELL_FIELDS(F)                              \
    F(OPTINT, seed, "None", "kept", "Of the dropout.") \
    KT_RNN_FIELDS(F)                                   \
    KT_RESET_AFTER(F)                                  \
    KT_USE_CUDNN(F)                                    \
    KT_ZERO_OUTPUT(F)                                  \
    KT_IMPLEMENTATION(F)
KT_CONFIG(FIELDS);

static const kt_cell_inside cell = {"GRUCell", "gru_cell"};

static const kt_layer_type type = {
    .cls = {.class_name = "GRU",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Gated recurrent units over a sequence.",
            .unwritten = "use_cudnn|implementation"},
    KT_RNN_LAYER,
    .inside = &cell,
    .sample =
        "GRU(3); GRU(2, return_sequences=True, go_backwards=True); GRU(2, return_state=True, reset_after=False); GRU(2, use_bias=False)",
    .sample_input = "(2, 4, 3); (2, 3, 2); (2, 3, 2); (2, 3, 2)",
};

const kt_layer_type *const kt_layers_gru[] = {&type, NULL};
