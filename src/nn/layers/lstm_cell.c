/* lstm_cell.c - LSTMCell: the weights of an LSTM, one step of it, and an op for all steps. */
#include "nn/recurrence/rnn.h"

#define FIELDS(F)          \
    KT_LSTM_CELL_FIELDS(F) \
    KT_IMPLEMENTATION(F)
KT_CONFIG(FIELDS);

static kt_node *gate(kt_graph *g, const kt_cell *p, kt_node *z, int k,
                     const kt_activation_type *act)
{
    return kt_activate(g, act, kt_slice_axis(g, z, 1, k * p->units, p->units));
}

/* c = f * c + i * candidate, h = o * act(c) (Hochreiter and Schmidhuber 1997; forget gate Gers et
 * al. 2000). */
static void step(kt_graph *g, const void *cell, kt_node *z, kt_node **state)
{
    const kt_cell *p = cell;
    kt_node       *h = state[0], *c = state[1];

    z = kt_add(g, z, kt_cell_product(g, p, h, p->recurrent, p->masks.state));
    if (!p->act || !p->recurrent_act)
        return;
    kt_node *fresh = kt_mul(g, gate(g, p, z, 0, p->recurrent_act), gate(g, p, z, 2, p->act));
    state[1] = kt_add(g, kt_mul(g, gate(g, p, z, 1, p->recurrent_act), c), fresh);
    state[0] = kt_mul(g, gate(g, p, z, 3, p->recurrent_act), kt_activate(g, p->act, state[1]));
}

/* --- all steps -------------------------------------------------------------------------------- */

static kt_node *by_op(kt_graph *g, const kt_cell *p, const kt_rnn_flags *f, kt_node *x,
                      kt_node *mask, kt_node **state)
{
    kt_lstm_attr attr = {.units = p->units,
                         .act = p->act->fn,
                         .recurrent_act = p->recurrent_act->fn,
                         .return_sequences = f->return_sequences,
                         .go_backwards = f->go_backwards,
                         .zero_output_for_mask = f->zero_output_for_mask,
                         .masked = mask != NULL,
                         .biased = p->bias != NULL};
    kt_node     *dropped = p->masks.in[0] ? kt_mul(g, x, p->masks.in[0]) : x;
    kt_node     *y = kt_lstm(g, dropped, state[0], state[1], p->kernel, p->recurrent, p->bias, mask,
                             &attr);

    for (int i = 0; i < 2 && !kt_graph_failed(g); i++)
        state[i] = kt_part(y, i + 1);
    return y;
}

/* The op does scalar activations, drops inputs the same for all gates, and leaves out masked
 * outputs step by step. */
static kt_node *run(kt_graph *g, const void *open, const kt_rnn_flags *flags, kt_node *x,
                    kt_node *mask, kt_node **state)
{
    const kt_cell *p = open;
    bool           unrolled = mask && flags->unroll && flags->zero_output_for_mask;

    if (!p->act || !p->recurrent_act)
        return g->poison;
    if (unrolled || p->act->apply || p->recurrent_act->apply || p->masks.state[0] || p->masks.in[1])
        return kt_cell_run(g, open, flags, x, mask, state);
    return by_op(g, p, flags, x, mask, state);
}

const kt_cell_type kt_lstm_cell = {.count = kt_cell_two,
                                   .states = kt_cell_vectors,
                                   .open = kt_cell_open,
                                   .run = run,
                                   .gates = KT_GATES,
                                   .step = step};

static const kt_layer_type type = {
    .cls = {.class_name = "LSTMCell",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "One step of an LSTM.",
            .unwritten = "implementation"},
    .flags = KT_LAYER_EARLY,
    .early = kt_check_units,
    .positional = "inputs|states",
    .check = kt_cell_check,
    .build = kt_cell_build,
    .call = kt_cell_call,
    .cell = &kt_lstm_cell,
    .sample = "LSTMCell(3)",
    .sample_input = "(2, 4) | (2, 3) | (2, 3)",
};

const kt_layer_type *const kt_layers_lstm_cell[] = {&type, NULL};
