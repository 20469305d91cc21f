/* simple_rnn_cell.c - SimpleRNNCell: the weights of a SimpleRNN, and one step of it. */
#include "nn/recurrence/rnn.h"

#define FIELDS(F)                \
    KT_SIMPLE_RNN_CELL_FIELDS(F) \
    F(OPTINT, seed, "None", "kept", "Of the dropout.")
KT_CONFIG(FIELDS);

static void step(kt_graph *g, const void *cell, kt_node *z, kt_node **state)
{
    const kt_cell *p = cell;

    z = kt_add(g, z, kt_cell_product(g, p, state[0], p->recurrent, p->masks.state));
    if (p->act)
        state[0] = kt_activate(g, p->act, z);
}

static const kt_cell_type cell_type = {.count = kt_cell_one,
                                       .states = kt_cell_vectors,
                                       .open = kt_cell_open,
                                       .run = kt_cell_run,
                                       .gates = 1,
                                       .step = step};

static const kt_layer_type type = {
    .cls = {.class_name = "SimpleRNNCell",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "One step of a SimpleRNN."},
    .flags = KT_LAYER_EARLY,
    .early = kt_check_units,
    .positional = "sequence|states",
    .check = kt_cell_check,
    .build = kt_cell_build,
    .call = kt_cell_call,
    .cell = &cell_type,
    .sample = "SimpleRNNCell(3)",
    .sample_input = "(2, 4) | (2, 3)",
};

const kt_layer_type *const kt_layers_simple_rnn_cell[] = {&type, NULL};
