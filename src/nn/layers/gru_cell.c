/* gru_cell.c - GRUCell: the weights of a GRU, and one step of it. */
#include "nn/rnn.h"

#define FIELDS(F)                                                                  \
    KT_GRU_CELL_FIELDS(F)                                                          \
    F(BOOL, reset_after, "True", "",                                               \
      "Reset the state behind the product with the recurrent kernel, not before.") \
    F(OPTINT, seed, "None", "", "Of the dropout.")                                 \
    F(ANY, implementation, "2", "int", "1: each gate drops another share of the inputs.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    if (kt_check_units(self, c->units) != KT_OK)
        return kt_layer_status(self);
    return kt_cell_check(self, &c->dropout, &c->recurrent_dropout, c->seed);
}

/* Gates z r h: kernel [features, 3 units], recurrent_kernel [units, 3 units], bias [3 units], or
 * [2, 3 units] if the reset gate comes after the product. */
static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;
    int64_t       units = c->units->i;

    (void)n_in;
    if (!kt_is_int(c->units))
        return kt_layer_fail(self, KT_E_TYPE, "Layer '%s': `units` must be an integer", self->name);
    kt_add_weight(self, "kernel", KT_SHAPE(kt_dim(&in[0], -1), 3 * units), c->kernel_initializer,
                  c->kernel_regularizer, c->kernel_constraint, true);
    kt_add_weight(self, "recurrent_kernel", KT_SHAPE(units, 3 * units), c->recurrent_initializer,
                  c->recurrent_regularizer, c->recurrent_constraint, true);
    if (c->use_bias)
        kt_add_weight(self, "bias", c->reset_after ? KT_SHAPE(2, 3 * units) : KT_SHAPE(3 * units),
                      c->bias_initializer, c->bias_regularizer, c->bias_constraint, true);
    return kt_layer_status(self);
}

/* Two rows of bias: the first is added to the inputs' product, the second to the state's. */
static void biases(kt_layer *cell, kt_call *c, kt_cell *p)
{
    kt_node *bias = kt_weight(cell, c, "bias");

    if (p->reset_after) {
        p->bias = kt_squeeze(c->g, kt_slice_axis(c->g, bias, 0, 0, 1), 0);
        p->recurrent_bias = kt_squeeze(c->g, kt_slice_axis(c->g, bias, 0, 1, 1), 0);
    } else {
        p->bias = bias;
    }
}

static kt_cell parts(kt_layer *cell, kt_call *c)
{
    const config *cfg = cell->config;
    double        implementation = 0;
    kt_cell       p = {.units = cfg->units->i,
                       .gates = 3,
                       .dropout = cfg->dropout,
                       .recurrent_dropout = cfg->recurrent_dropout,
                       .seed = cfg->seed,
                       .n_masks = 1,
                       .reset_after = cfg->reset_after};

    if (cfg->recurrent_dropout > 0 ||
        (kt_value_number(cfg->implementation, &implementation) && implementation == 1))
        p.n_masks = p.gates;
    p.kernel = kt_weight(cell, c, "kernel");
    p.recurrent = kt_weight(cell, c, "recurrent_kernel");
    if (cfg->use_bias)
        biases(cell, c, &p);
    p.act = kt_activation_find(cfg->activation, c->g->fault);
    p.recurrent_act = kt_activation_find(cfg->recurrent_activation, c->g->fault);
    return p;
}

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
    .cls = {.class_name = "GRUCell",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "One step of a GRU.",
            .unwritten = "implementation"},
    .check = check,
    .build = build,
    .call = call,
    .cell = &cell_type,
    .sample = "GRUCell(3); GRUCell(2, reset_after=False)",
    .sample_input = "(2, 4) | (2, 3); (2, 4) | (2, 2)",
};

const kt_layer_type *const kt_layers_gru_cell[] = {&type, NULL};
