/* rnn.c - RNN: any cell over a sequence. */
#include "nn/recurrence/rnn.h"

#define FIELDS(F)                                                                              \
    F(OBJ, cell, REQUIRED, "layer", "What does one step; a list of cells is StackedRNNCells.") \
    KT_RNN_FIELDS(F)                                                                           \
    KT_ZERO_OUTPUT(F)
KT_CONFIG(FIELDS);

static bool is_layer(const kt_value *v)
{
    return v && (v->kind == KT_CALL || v->kind == KT_DICT);
}

/* A list of cells becomes a call of StackedRNNCells. NULL without memory. */
static const kt_value *cell_value(kt_layer *self, const kt_value *v)
{
    kt_value *call;

    if (!kt_value_is_seq(v))
        return v;
    call = kt_value_new(&self->arena, KT_CALL);
    if (call)
        call->s = "StackedRNNCells";
    return call && kt_value_add(&self->arena, call, "cells", kt_value_copy(&self->arena, v)) ? call
                                                                                             : NULL;
}

static kt_status check(kt_layer *self)
{
    const config   *c = self->config;
    const kt_value *v = cell_value(self, c->cell);
    kt_str          text = {0};

    if (!v)
        return kt_raise_memory(&self->fault);
    if (!is_layer(v)) {
        kt_python_str(&text, v);
        kt_layer_fail(self, KT_E_VALUE,
                      "Argument `cell` should have a `call` method. Received: cell=%s",
                      kt_str_text(&text));
        kt_str_free(&text);
        return kt_layer_status(self);
    }
    if (kt_add_sublayer(self, "cell", kt_layer_from_value(v)) != KT_OK)
        return kt_layer_status(self);
    const kt_layer *cell = self->sublayers.at[0];
    if (kt_is_cell(cell))
        return KT_OK;
    return kt_layer_fail(
        self, KT_E_VALUE,
        "The RNN cell should have a `state_size` attribute (single integer or list of integers, "
        "one integer per RNN state). Received: cell=<%s name=%s, built=%s>",
        cell->type->cls.class_name, cell->name, kt_counts_as_built(cell) ? "True" : "False");
}

static kt_status write(const kt_layer *self, kt_arena *a, kt_value *v, kt_fault *f)
{
    return kt_value_set(a, v, "cell", kt_layer_value(self->sublayers.at[0], a, f))
             ? KT_OK
             : kt_raise_memory(f);
}

static const kt_layer_type type = {
    .cls = {.class_name = "RNN",
            .module = "keras.layers",
            .needs = "cell",
            .config = &config_type,
            .summary = "Any cell over a sequence."},
    .flags = KT_LAYER_SAYS_MASK | KT_LAYER_SAYS_INFERENCE,
    .input = {.dtype = -1},
    .check = check,
    .build = kt_rnn_build,
    .call = kt_rnn_call,
    .write = write,
    .free = kt_rnn_release,
    .state_size = sizeof(kt_rnn_state),
    .shapes = "sequences_shape|initial_state_shape",
    .sample =
        "RNN(SimpleRNNCell(3)); RNN(LSTMCell(2), return_sequences=True, go_backwards=True); RNN([GRUCell(3), LSTMCell(2), GRUCell(2)], return_state=True)",
    .sample_input = "(2, 4, 3); (2, 3, 2); (2, 3, 2)",
};

const kt_layer_type *const kt_layers_rnn[] = {&type, NULL};
