/* lstm_cell.c - LSTMCell: the weights of an LSTM, and one step of it. */
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
    F(OPTINT, seed, "None", "", "Of the dropout.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    c->dropout = kt_share(c->dropout);
    c->recurrent_dropout = kt_share(c->recurrent_dropout);
    if (kt_check_units(self, c->units) != KT_OK)
        return kt_layer_status(self);
    return kt_make_seed(self, c->seed);
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

kt_cell kt_lstm_cell_parts(kt_layer *cell, kt_call *c)
{
    const config             *cfg = cell->config;
    const kt_activation_type *act = kt_activation_find(cfg->activation, c->g->fault);
    const kt_activation_type *rec = kt_activation_find(cfg->recurrent_activation, c->g->fault);
    kt_cell                   p = {.units = cfg->units->i,
                                   .gates = KT_GATES,
                                   .dropout = cfg->dropout,
                                   .recurrent_dropout = cfg->recurrent_dropout,
                                   .seed = cfg->seed,
                                   .n_masks = cfg->recurrent_dropout > 0 ? KT_GATES : 1};

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
void kt_lstm_cell_step(kt_graph *g, const kt_cell *p, kt_node *z, kt_node **h, kt_node **c)
{
    z = kt_add(g, z, kt_cell_product(g, p, *h, p->recurrent, p->masks.state));
    if (!p->act || !p->recurrent_act)
        return;
    kt_node *fresh = kt_mul(g, gate(g, p, z, 0, p->recurrent_act), gate(g, p, z, 2, p->act));
    *c = kt_add(g, kt_mul(g, gate(g, p, z, 1, p->recurrent_act), *c), fresh);
    *h = kt_mul(g, gate(g, p, z, 3, p->recurrent_act), kt_activate(g, p->act, *c));
}

/* Inputs x, h, c -> outputs h, h, c, as Keras' (output, [h, c]). All calls drop the same: in Keras
 * only a layer around the cell makes it forget its masks. */
static void call(kt_layer *self, kt_call *c)
{
    if (c->n_in != 3) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "LSTMCell takes the inputs and a list of two states; got %d tensors", c->n_in);
        return;
    }
    kt_cell        p = kt_lstm_cell_parts(self, c);
    kt_node       *h = c->in[1], *state = c->in[2];
    kt_cell_masks *masks = c->training ? kt_trace_keep(c->t, self, sizeof *masks) : NULL;
    if (kt_graph_failed(c->g))
        return;
    if (masks) {
        kt_cell_draw(self, c, &p, &c->in[0]->shape, masks);
        p.masks = *masks;
    }
    kt_lstm_cell_step(c->g, &p, kt_cell_inputs(c->g, &p, c->in[0]), &h, &state);
    c->n_out = 3;
    c->out[0] = c->out[1] = h;
    c->out[2] = state;
}

static const kt_layer_type type = {
    .cls = {.class_name = "LSTMCell",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "One step of an LSTM."},
    .check = check,
    .build = build,
    .call = call,
    .sample = "LSTMCell(3)",
    .sample_input = "(2, 4) | (2, 3) | (2, 3)",
};

const kt_layer_type *const kt_layers_lstm_cell[] = {&type, NULL};
