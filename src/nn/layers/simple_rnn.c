/* simple_rnn.c - SimpleRNN: each output is an input of the next step. */
#include "nn/rnn.h"

#define FIELDS(F)                                  \
    KT_SIMPLE_RNN_CELL_FIELDS(F)                   \
    KT_RNN_FIELDS(F)                               \
    F(OPTINT, seed, "None", "", "Of the dropout.") \
    F(BOOL, zero_output_for_mask, "False", "",     \
      "Masked steps give zeros instead of the step before.")
KT_CONFIG(FIELDS);

static const char *const cell_fields[] = {
#define NAME(kind, name, initial, rule, help) #name,
    KT_SIMPLE_RNN_CELL_FIELDS(NAME) "seed",
#undef NAME
};

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    c->dropout = kt_share(c->dropout);
    c->recurrent_dropout = kt_share(c->recurrent_dropout);
    if (kt_check_units(self, c->units) != KT_OK)
        return kt_layer_status(self);
    return kt_rnn_add_cell(self, "SimpleRNNCell", cell_fields, KT_COUNT(cell_fields));
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;

    (void)n_in;
    return kt_rnn_build(self, "simple_rnn_cell", c->stateful, in);
}

static void call(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;

    kt_rnn_call(self, c, KT_RNN_FLAGS(cfg));
}

static const kt_layer_type type = {
    .cls = {.class_name = "SimpleRNN",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Recurrent layer whose output is its state.",
            .unwritten = "seed"},
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
        "SimpleRNN(3); SimpleRNN(2, return_sequences=True, go_backwards=True); SimpleRNN(2, return_state=True, use_bias=False)",
    .sample_input = "(2, 4, 3); (2, 3, 2); (2, 3, 2)",
};

const kt_layer_type *const kt_layers_simple_rnn[] = {&type, NULL};
