/* lstm_cell.c - LSTMCell: the weights of an LSTM, one step of it, and an op for all steps. */
#include "nn/rnn.h"

#define FIELDS(F)                                                                                  \
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
    F(OPTINT, seed, "None", "", "Of the dropout.")                                                 \
    F(ANY, implementation, "2", "int", "1: each gate drops another share of the inputs.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    if (kt_check_units(self, c->units) != KT_OK)
        return kt_layer_status(self);
    return kt_cell_check(self, &c->dropout, &c->recurrent_dropout, c->seed);
}

/* Gates i f c o: kernel [features, 4 units], recurrent_kernel [units, 4 units], bias [4 units]. */
static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;
    int64_t       units = c->units->i;

    (void)n_in;
    if (!kt_is_int(c->units))
        return kt_layer_fail(self, KT_E_TYPE, "Layer '%s': `units` must be an integer", self->name);
    kt_add_weight(self, "kernel", KT_SHAPE(kt_dim(&in[0], -1), 4 * units), c->kernel_initializer,
                  c->kernel_regularizer, c->kernel_constraint, true);
    kt_add_weight(self, "recurrent_kernel", KT_SHAPE(units, 4 * units), c->recurrent_initializer,
                  c->recurrent_regularizer, c->recurrent_constraint, true);
    if (!c->use_bias)
        return kt_layer_status(self);
    kt_variable *bias = kt_add_weight(self, "bias", KT_SHAPE(4 * units), c->bias_initializer,
                                      c->bias_regularizer, c->bias_constraint, true);
    for (int64_t i = units; bias && c->unit_forget_bias && i < 2 * units; i++)
        kt_tensor_set(bias->value, i, 1);
    return kt_layer_status(self);
}

static kt_cell parts(kt_layer *cell, kt_call *c)
{
    const config             *cfg = cell->config;
    const kt_activation_type *act = kt_activation_find(cfg->activation, c->g->fault);
    const kt_activation_type *rec = kt_activation_find(cfg->recurrent_activation, c->g->fault);
    kt_cell                   p = {.units = cfg->units->i,
                                   .gates = KT_GATES,
                                   .dropout = cfg->dropout,
                                   .recurrent_dropout = cfg->recurrent_dropout,
                                   .seed = cfg->seed,
                                   .n_masks = 1};
    double                    implementation = 0;

    if (cfg->recurrent_dropout > 0 ||
        (kt_value_number(cfg->implementation, &implementation) && implementation == 1))
        p.n_masks = KT_GATES;
    p.kernel = kt_weight(cell, c, "kernel");
    p.recurrent = kt_weight(cell, c, "recurrent_kernel");
    p.bias = cfg->use_bias ? kt_weight(cell, c, "bias") : NULL;
    p.act = act;
    p.recurrent_act = rec;
    return p;
}

static kt_node *gate(kt_graph *g, const kt_cell *p, kt_node *z, int k,
                     const kt_activation_type *act)
{
    return kt_activate(g, act, kt_slice_axis(g, z, 1, k * p->units, p->units));
}

/* c = f * c + i * candidate, h = o * act(c) (Hochreiter and Schmidhuber 1997; forget gate Gers et
 * al. 2000). */
void kt_lstm_cell_step(kt_graph *g, const void *cell, kt_node *z, kt_node **state)
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

static void call(kt_layer *self, kt_call *c)
{
    kt_cell p = parts(self, c);

    kt_cell_call(self, c, &p, 2, kt_lstm_cell_step);
}

/* --- all steps -------------------------------------------------------------------------------- */

static const void *open_cell(kt_layer *cell, kt_call *c, const kt_shape *inputs)
{
    kt_cell p = parts(cell, c);

    return kt_cell_open(cell, c, &p, inputs);
}

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
kt_node *kt_lstm_cell_run(kt_graph *g, const void *open, const kt_rnn_flags *flags, kt_node *x,
                          kt_node *mask, kt_node **state)
{
    const kt_cell *p = open;
    kt_steps       s = {.step = kt_lstm_cell_step, .cell = p, .n_state = 2, .flags = flags};
    bool           unrolled = mask && flags->unroll && flags->zero_output_for_mask;

    if (!p->act || !p->recurrent_act)
        return g->poison;
    if (unrolled || p->act->apply || p->recurrent_act->apply || p->masks.state[0] || p->masks.in[1])
        return kt_rnn_steps(g, &s, kt_cell_inputs(g, p, x), mask, state);
    return by_op(g, p, flags, x, mask, state);
}

static const kt_cell_type cell_type = {
    .count = kt_cell_two, .states = kt_cell_vectors, .open = open_cell, .run = kt_lstm_cell_run};

static const kt_layer_type type = {
    .cls = {.class_name = "LSTMCell",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "One step of an LSTM.",
            .unwritten = "implementation"},
    .check = check,
    .build = build,
    .call = call,
    .cell = &cell_type,
    .sample = "LSTMCell(3)",
    .sample_input = "(2, 4) | (2, 3) | (2, 3)",
};

const kt_layer_type *const kt_layers_lstm_cell[] = {&type, NULL};
