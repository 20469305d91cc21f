/* lstm.c - LSTM: long short-term memory over a sequence. */
#include "nn/rnn.h"

#define CELL_FIELDS(F)                                                                             \
    F(ANY, units, REQUIRED, "int", "Size of the state and the output.")                            \
    F(OBJ, activation, "tanh", "activation", "Of the candidate and the output.")                   \
    F(OBJ, recurrent_activation, "sigmoid", "activation", "Of the three gates.")                   \
    F(BOOL, use_bias, "True", "", "Add a bias vector.")                                            \
    F(OBJ, kernel_initializer, "glorot_uniform", "initializer", "How the kernel starts.")          \
    F(OBJ, recurrent_initializer, "orthogonal", "initializer", "How the recurrent kernel starts.") \
    F(OBJ, bias_initializer, "zeros", "initializer", "How the bias starts.")                       \
    F(BOOL, unit_forget_bias, "True", "", "The forget gate's bias starts at one.")                 \
    F(OBJ, kernel_regularizer, "None", "regularizer", "Penalty on the kernel.")                    \
    F(OBJ, recurrent_regularizer, "None", "regularizer", "Penalty on the recurrent kernel.")       \
    F(OBJ, bias_regularizer, "None", "regularizer", "Penalty on the bias.")                        \
    F(OBJ, kernel_constraint, "None", "constraint", "Projection of the kernel after each update.") \
    F(OBJ, recurrent_constraint, "None", "constraint",                                             \
      "Projection of the recurrent kernel after each update.")                                     \
    F(OBJ, bias_constraint, "None", "constraint", "Projection of the bias after each update.")     \
    F(FLOAT, dropout, "0.0", "", "Share of the inputs that is dropped in training.")               \
    F(FLOAT, recurrent_dropout, "0.0", "", "Share of the state that is dropped in training.")      \
    F(OPTINT, seed, "None", "", "Of the dropout.")
#define FIELDS(F)                                                                            \
    CELL_FIELDS(F)                                                                           \
    F(BOOL, return_sequences, "False", "", "Return every step's output, not only the last.") \
    F(BOOL, return_state, "False", "", "Return the two final states too.")                   \
    F(BOOL, go_backwards, "False", "",                                                       \
      "Read the sequence from its end; the output stays in that order.")                     \
    F(BOOL, stateful, "False", "", "Start each batch from the last batch's states.")         \
    F(BOOL, unroll, "False", "", "Write the steps out where no op does them all.")           \
    F(ANY, use_cudnn, "'auto'", "", "Accepted as Keras does, without effect.")               \
    F(BOOL, zero_output_for_mask, "False", "",                                               \
      "Masked steps give zeros instead of the step before.")                                 \
    F(ANY, implementation, "2", "int", "1: each gate drops another share of the inputs.")
KT_CONFIG(FIELDS);

static const char *const cell_fields[] = {
#define NAME(kind, name, initial, rule, help) #name,
    CELL_FIELDS(NAME) "implementation",
#undef NAME
};

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    c->dropout = kt_share(c->dropout);
    c->recurrent_dropout = kt_share(c->recurrent_dropout);
    if (kt_check_units(self, c->units) != KT_OK)
        return kt_layer_status(self);
    return kt_rnn_add_cell(self, "LSTMCell", cell_fields, KT_COUNT(cell_fields));
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;

    (void)n_in;
    return kt_rnn_build(self, "lstm_cell", c->stateful, in);
}

static void call(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;

    kt_rnn_call(self, c, KT_RNN_FLAGS(cfg));
}

static const kt_layer_type type = {
    .cls = {.class_name = "LSTM",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Long short-term memory over a sequence.",
            .unwritten = "use_cudnn|implementation"},
    .flags = KT_LAYER_OWN_MASK | KT_LAYER_HANDS_DOWN | KT_LAYER_ACTIVITY,
    .input = {.ndim = 3, .dtype = -1},
    .check = check,
    .build = build,
    .call = call,
    .reset = kt_rnn_reset,
    .free = kt_rnn_release,
    .state_size = sizeof(kt_rnn_state),
    .shapes = "sequences_shape|initial_state_shape",
    .sample =
        "LSTM(3); LSTM(2, return_sequences=True, go_backwards=True); LSTM(2, return_state=True, use_bias=False)",
    .sample_input = "(2, 4, 3); (2, 3, 2); (2, 3, 2)",
};

const kt_layer_type *const kt_layers_lstm[] = {&type, NULL};
