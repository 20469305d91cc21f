/* simple_rnn_cell.c - SimpleRNNCell: the weights of a SimpleRNN, and one step of it. */
#include "nn/rnn.h"

#define FIELDS(F)                \
    KT_SIMPLE_RNN_CELL_FIELDS(F) \
    F(OPTINT, seed, "None", "", "Of the dropout.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    if (kt_check_units(self, c->units) != KT_OK)
        return kt_layer_status(self);
    return kt_cell_check(self, &c->dropout, &c->recurrent_dropout, c->seed);
}

/* kernel [features, units], recurrent_kernel [units, units], bias [units]. */
static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;
    int64_t       units = c->units->i;

    (void)n_in;
    if (!kt_is_int(c->units))
        return kt_layer_fail(self, KT_E_TYPE, "Layer '%s': `units` must be an integer", self->name);
    kt_add_weight(self, "kernel", KT_SHAPE(kt_dim(&in[0], -1), units), c->kernel_initializer,
                  c->kernel_regularizer, c->kernel_constraint, true);
    kt_add_weight(self, "recurrent_kernel", KT_SHAPE(units, units), c->recurrent_initializer,
                  c->recurrent_regularizer, c->recurrent_constraint, true);
    if (c->use_bias)
        kt_add_weight(self, "bias", KT_SHAPE(units), c->bias_initializer, c->bias_regularizer,
                      c->bias_constraint, true);
    return kt_layer_status(self);
}

static kt_cell parts(kt_layer *cell, kt_call *c)
{
    const config *cfg = cell->config;
    kt_cell       p = {.units = cfg->units->i,
                       .gates = 1,
                       .dropout = cfg->dropout,
                       .recurrent_dropout = cfg->recurrent_dropout,
                       .seed = cfg->seed,
                       .n_masks = 1,
                       .drops_all = true};

    p.kernel = kt_weight(cell, c, "kernel");
    p.recurrent = kt_weight(cell, c, "recurrent_kernel");
    p.bias = cfg->use_bias ? kt_weight(cell, c, "bias") : NULL;
    p.act = kt_activation_find(cfg->activation, c->g->fault);
    return p;
}

static void step(kt_graph *g, const void *cell, kt_node *z, kt_node **state)
{
    const kt_cell *p = cell;

    z = kt_add(g, z, kt_cell_product(g, p, state[0], p->recurrent, p->masks.state));
    if (p->act)
        state[0] = kt_activate(g, p->act, z);
}

static void call(kt_layer *self, kt_call *c)
{
    kt_cell p = parts(self, c);

    kt_cell_call(self, c, &p, 1, step);
}

static const void *open_cell(kt_layer *cell, kt_call *c, const kt_shape *inputs)
{
    kt_cell p = parts(cell, c);

    return kt_cell_open(cell, c, &p, inputs);
}

static kt_node *run(kt_graph *g, const void *open, const kt_rnn_flags *flags, kt_node *x,
                    kt_node *mask, kt_node **state)
{
    kt_steps s = {.step = step, .cell = open, .n_state = 1, .flags = flags};

    return kt_rnn_steps(g, &s, kt_cell_inputs(g, open, x), mask, state);
}

static const kt_cell_type cell_type = {
    .count = kt_cell_one, .states = kt_cell_vectors, .open = open_cell, .run = run};

static const kt_layer_type type = {
    .cls = {.class_name = "SimpleRNNCell",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "One step of a SimpleRNN."},
    .check = check,
    .build = build,
    .call = call,
    .cell = &cell_type,
    .sample = "SimpleRNNCell(3)",
    .sample_input = "(2, 4) | (2, 3)",
};

const kt_layer_type *const kt_layers_simple_rnn_cell[] = {&type, NULL};
