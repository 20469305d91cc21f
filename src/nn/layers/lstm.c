/* lstm.c - LSTM: long short-term memory over a sequence, one op for all steps. */
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
    F(BOOL, unroll, "False", "", "Accepted as Keras does, without effect.")                  \
    F(ANY, use_cudnn, "'auto'", "", "Accepted as Keras does, without effect.")               \
    F(BOOL, zero_output_for_mask, "False", "",                                               \
      "Masked steps give zeros instead of the step before.")                                 \
    F(ANY, implementation, "2", "int", "1: each gate drops another share of the inputs.")
KT_CONFIG(FIELDS);

static kt_layer *cell_of(const kt_layer *self)
{
    return self->sublayers.at[0];
}

static const char *const cell_fields[] = {
#define NAME(kind, name, initial, rule, help) #name,
    CELL_FIELDS(NAME)
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
    return kt_rnn_build(self, "lstm_cell", c->stateful ? 2 : 0, c->units, in);
}

static kt_lstm_attr attributes(const config *cfg, const kt_cell *p, const kt_node *mask)
{
    return (kt_lstm_attr){.units = p->units,
                          .act = p->act->fn,
                          .recurrent_act = p->recurrent_act->fn,
                          .return_sequences = cfg->return_sequences,
                          .go_backwards = cfg->go_backwards,
                          .zero_output_for_mask = cfg->zero_output_for_mask,
                          .masked = mask != NULL,
                          .biased = p->bias != NULL};
}

static void step(kt_graph *g, const void *cell, kt_node *z, kt_node **state)
{
    kt_lstm_cell_step(g, cell, z, &state[0], &state[1]);
}

/* The op does scalar activations, and drops inputs the same for all gates. */
static bool needs_steps(const kt_call *c, const kt_cell *p)
{
    return c->t->eager && c->in[0]->shape.dim[1] > 0 &&
           (p->act->apply || p->recurrent_act->apply || p->masks.state[0] || p->masks.in[1]);
}

/* h, c: from the first to the last. */
static kt_node *run_steps(const config *cfg, kt_graph *g, const kt_cell *p, kt_node *x,
                          kt_node *mask, kt_node **state)
{
    kt_steps s = {.step = step,
                  .cell = p,
                  .n_state = 2,
                  .return_sequences = cfg->return_sequences,
                  .go_backwards = cfg->go_backwards,
                  .zero_output_for_mask = cfg->zero_output_for_mask};

    return kt_rnn_steps(g, &s, kt_cell_inputs(g, p, x), mask, state);
}

static kt_node *run_op(const config *cfg, kt_graph *g, const kt_cell *p, kt_node *x, kt_node *mask,
                       kt_node **state)
{
    kt_lstm_attr attr = attributes(cfg, p, mask);
    kt_node     *dropped = p->masks.in[0] ? kt_mul(g, x, p->masks.in[0]) : x;
    kt_node     *y = kt_lstm(g, dropped, state[0], state[1], p->kernel, p->recurrent, p->bias, mask,
                             &attr);

    for (int i = 0; i < 2 && !kt_graph_failed(g); i++)
        state[i] = kt_part(y, i + 1);
    return y;
}

/* Keras draws new masks in each call, the same for all steps, also where it does not use them. */
static void drop(kt_layer *self, kt_call *c, kt_cell *p)
{
    const config  *cfg = self->config;
    const kt_node *x = c->in[0];
    kt_shape       one = KT_SHAPE(x->shape.dim[0], 1, x->shape.dim[2]);
    kt_cell_masks  masks = {{0}, {0}};
    double         implementation = 0;

    if (kt_value_number(cfg->implementation, &implementation) && implementation == 1)
        p->n_masks = KT_GATES;
    kt_cell_draw(cell_of(self), c, p, &one, &masks);
    if (c->training)
        p->masks = masks;
}

/* x [batch, time, features] -> [batch, units] or [batch, time, units], then h and c [batch, units]
 * if asked for. */
static void call(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    kt_rnn_state *kept = self->state;
    kt_cell       p = kt_lstm_cell_parts(cell_of(self), c);
    kt_node      *x = c->in[0], *mask = c->mask ? c->mask[0] : NULL, *state[2] = {NULL, NULL};

    if (x->shape.rank != 3) { /* only where shapes alone are computed */
        kt_rnn_infer(c, cfg->return_sequences, cfg->return_state ? 2 : 0, p.units);
        return;
    }
    kt_rnn_start(self, c, kept, cfg->stateful, 2, p.units, state);
    if (kt_graph_failed(c->g) || !p.act || !p.recurrent_act)
        return;
    drop(self, c, &p);
    kt_node *y = needs_steps(c, &p) ? run_steps(cfg, c->g, &p, x, mask, state)
                                    : run_op(cfg, c->g, &p, x, mask, state);
    if (kt_graph_failed(c->g))
        return;
    c->out[0] = y;
    c->out_mask[0] = cfg->return_sequences ? mask : NULL;
    for (int i = 0; i < 2; i++) {
        if (cfg->return_state)
            c->out[c->n_out++] = state[i];
        if (cfg->stateful && kept->state[i] && c->t->eager)
            kt_assign(c->g, kept->state[i], state[i]);
    }
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
