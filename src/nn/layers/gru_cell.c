/* gru_cell.c - GRUCell: the weights of a GRU, and one step of it. */
#include "nn/recurrence/rnn.h"

#define FIELDS(F)                                      \
    KT_GRU_CELL_FIELDS(F)                              \
    KT_RESET_AFTER(F)                                  \
    F(OPTINT, seed, "None", "kept", "Of the dropout.") \
    KT_IMPLEMENTATION(F)
KT_CONFIG(FIELDS);

static kt_node *part(kt_graph *g, const kt_cell *p, kt_node *x, int first, int n)
{
    return kt_slice_axis(g, x, 1, first * p->units, n * p->units);
}

/* What the state adds to the candidate where it is reset before the product. */
static kt_node *reset_before(kt_graph *g, const kt_cell *p, kt_node *r, kt_node *h)
{
    kt_node *seen = p->masks.state[2] ? kt_mul(g, h, p->masks.state[2]) : h;

    return kt_matmul(g, kt_mul(g, r, seen), part(g, p, p->recurrent, 2, 1), false, false);
}

/* h = z * h + (1 - z) * candidate (Cho et al. 2014). */
static void step(kt_graph *g, const void *cell, kt_node *x, kt_node **state)
{
    const kt_cell *p = cell;
    kt_node       *h = state[0], *weights = p->recurrent;
    kt_cell        gates = *p;

    if (!p->act || !p->recurrent_act)
        return;
    if (!p->reset_after) {
        weights = part(g, p, weights, 0, 2);
        gates.gates = 2;
    }
    kt_node *inner = kt_cell_product(g, &gates, h, weights, p->masks.state);
    if (p->recurrent_bias)
        inner = kt_add(g, inner, p->recurrent_bias);
    kt_node *zr = kt_add(g, part(g, p, x, 0, 2), part(g, p, inner, 0, 2));
    kt_node *z = kt_activate(g, p->recurrent_act, part(g, p, zr, 0, 1));
    kt_node *r = kt_activate(g, p->recurrent_act, part(g, p, zr, 1, 1));
    kt_node *seen = p->reset_after ? kt_mul(g, r, part(g, p, inner, 2, 1))
                                   : reset_before(g, p, r, h);
    kt_node *fresh = kt_activate(g, p->act, kt_add(g, part(g, p, x, 2, 1), seen));
    kt_node *rest = kt_add_scalar(g, kt_mul_scalar(g, z, -1), 1);
    state[0] = kt_add(g, kt_mul(g, z, h), kt_mul(g, rest, fresh));
}

static const kt_cell_type cell_type = {.count = kt_cell_one,
                                       .states = kt_cell_vectors,
                                       .open = kt_cell_open,
                                       .run = kt_cell_run,
                                       .gates = 3,
                                       .step = step};

static const kt_layer_type type = {
    .cls = {.class_name = "GRUCell",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "One step of a GRU.",
            .unwritten = "implementation"},
    .flags = KT_LAYER_EARLY,
    .early = kt_check_units,
    .positional = "inputs|states",
    .check = kt_cell_check,
    .build = kt_cell_build,
    .call = kt_cell_call,
    .cell = &cell_type,
    .sample = "GRUCell(3); GRUCell(2, reset_after=False)",
    .sample_input = "(2, 4) | (2, 3); (2, 4) | (2, 2)",
};

const kt_layer_type *const kt_layers_gru_cell[] = {&type, NULL};
