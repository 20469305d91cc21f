/* rnn_cell.c - what cells whose states are vectors share: weights, dropout masks, products by
 * gates, the call of one step and of all. */
#include <stdio.h>

#include "nn/recurrence/rnn.h"

/* --- fields and weights ----------------------------------------------------------------------- */

static bool has(const kt_layer *cell, const char *name)
{
    return kt_config_find(cell->type->cls.config, name) != NULL;
}

static bool is_set(const kt_layer *cell, const char *name)
{
    return has(cell, name) && *(const bool *)kt_field_of(cell, name);
}

static const kt_value *value_of(const kt_layer *cell, const char *name)
{
    return *(const kt_value *const *)kt_field_of(cell, name);
}

/* Gates are rows of functions: a cell can not step through a layer. */
kt_status kt_check_gates(kt_layer *cell)
{
    const kt_config_type *t = cell->type->cls.config;

    for (size_t i = 0; i < t->n; i++)
        if (kt_streq(t->fields[i].rule, "activation") &&
            kt_is_layer_activation(value_of(cell, t->fields[i].name)))
            return kt_layer_fail(cell, KT_E_NOT_IMPLEMENTED,
                                 "Layer '%s': a layer as `%s` of a cell is not supported",
                                 cell->name, t->fields[i].name);
    return KT_OK;
}

kt_status kt_cell_check(kt_layer *cell)
{
    if (kt_check_gates(cell) != KT_OK)
        return kt_layer_status(cell);
    return kt_make_seed(cell, *(const kt_optint *)kt_field_of(cell, "seed"));
}

static kt_variable *add(kt_layer *cell, const char *name, const char *what, kt_shape shape)
{
    const char     *kind[] = {"initializer", "regularizer", "constraint"};
    const kt_value *v[3];

    for (size_t i = 0; i < KT_COUNT(kind); i++) {
        char field[40];
        snprintf(field, sizeof field, "%s_%s", what, kind[i]);
        v[i] = value_of(cell, field);
    }
    return kt_add_weight(cell, name, shape, v[0], v[1], v[2], true);
}

/* kernel [features, gates * units], recurrent_kernel [units, gates * units], bias [gates * units],
 * or two rows of it if a reset gate comes after the product. */
kt_status kt_cell_build(kt_layer *cell, int n_in, const kt_shape *in)
{
    const kt_value *value = value_of(cell, "units");
    int64_t         units = value->i, width = cell->type->cell->gates * units;

    (void)n_in;
    if (!kt_is_int(value))
        return kt_layer_fail(cell, KT_E_TYPE, "Layer '%s': `units` must be an integer", cell->name);
    add(cell, "kernel", "kernel", KT_SHAPE(kt_dim(&in[0], -1), width));
    add(cell, "recurrent_kernel", "recurrent", KT_SHAPE(units, width));
    if (!is_set(cell, "use_bias"))
        return kt_layer_status(cell);
    kt_variable *bias = add(cell, "bias", "bias",
                            is_set(cell, "reset_after") ? KT_SHAPE(2, width) : KT_SHAPE(width));
    for (int64_t i = units; bias && is_set(cell, "unit_forget_bias") && i < 2 * units; i++)
        kt_tensor_set(bias->value, i, 1);
    return kt_layer_status(cell);
}

/* Two rows of bias: the first is added to the inputs' product, the second to the state's. */
static void read_bias(kt_layer *cell, kt_call *c, kt_cell *p)
{
    kt_node *bias = kt_weight(cell, c, "bias");

    if (p->reset_after) {
        p->bias = kt_squeeze(c->g, kt_slice_axis(c->g, bias, 0, 0, 1), 0);
        p->recurrent_bias = kt_squeeze(c->g, kt_slice_axis(c->g, bias, 0, 1, 1), 0);
    } else {
        p->bias = bias;
    }
}

/* Whether each gate drops shares of its own. */
static bool drops_apart(const kt_layer *cell)
{
    double n = 0;

    return cell->type->cell->gates > 1 &&
           (*(const double *)kt_field_of(cell, "recurrent_dropout") > 0 ||
            (kt_value_number(value_of(cell, "implementation"), &n) && n == 1));
}

/* The cell in a graph, nothing drawn yet. */
static kt_cell cell_in(kt_layer *cell, kt_call *c)
{
    int     gates = cell->type->cell->gates;
    kt_cell p = {.units = value_of(cell, "units")->i,
                 .gates = gates,
                 .step = cell->type->cell->step,
                 .n_states = cell->type->cell->count(cell),
                 .dropout = *(const double *)kt_field_of(cell, "dropout"),
                 .recurrent_dropout = *(const double *)kt_field_of(cell, "recurrent_dropout"),
                 .seed = *(const kt_optint *)kt_field_of(cell, "seed"),
                 .n_masks = drops_apart(cell) ? gates : 1,
                 .drops_all = gates == 1,
                 .reset_after = is_set(cell, "reset_after")};

    p.kernel = kt_weight(cell, c, "kernel");
    p.recurrent = kt_weight(cell, c, "recurrent_kernel");
    if (is_set(cell, "use_bias"))
        read_bias(cell, c, &p);
    p.act = kt_activation_find(value_of(cell, "activation"), c->g->fault);
    if (gates > 1)
        p.recurrent_act = kt_activation_find(value_of(cell, "recurrent_activation"), c->g->fault);
    return p;
}

/* --- dropout ---------------------------------------------------------------------------------- */

/* Keras' cells with gates leave out a share of 1 like one of 0. */
static void draw(kt_layer *cell, kt_call *c, const kt_cell *p, double share, const kt_shape *shape,
                 kt_node **mask)
{
    if (p->drops_all && share >= 1 && !mask[0])
        mask[0] = kt_scalar_as(c->g, 0, cell->dtype);
    for (int k = 0; k < p->n_masks && !mask[k] && share > 0 && share < 1; k++)
        mask[k] = kt_drop(cell, c, kt_scalar_as(c->g, 1, cell->dtype), shape, share, p->seed);
}

void kt_cell_draw(kt_layer *cell, kt_call *c, const kt_cell *p, const kt_shape *inputs,
                  const kt_shape *state, kt_cell_masks *masks)
{
    draw(cell, c, p, p->dropout, inputs, masks->in);
    draw(cell, c, p, p->recurrent_dropout, state, masks->state);
}

/* Keras draws new masks in each call, the same for all steps, also where it does not use them. */
const void *kt_cell_open(kt_layer *cell, kt_call *c, const kt_shape *step)
{
    kt_cell      *kept = kt_arena_alloc(&c->g->arena, sizeof *kept);
    kt_cell_masks masks = {{0}, {0}};

    if (!kept) {
        kt_raise_memory(c->g->fault);
        return NULL;
    }
    *kept = cell_in(cell, c);
    kt_shape state = KT_SHAPE(step->dim[0], kept->units);
    kt_cell_draw(cell, c, kept, step, &state, &masks);
    if (c->training)
        kept->masks = masks;
    return kt_graph_failed(c->g) ? NULL : kept;
}

int kt_cell_one(const kt_layer *cell)
{
    (void)cell;
    return 1;
}

int kt_cell_two(const kt_layer *cell)
{
    (void)cell;
    return 2;
}

int kt_cell_vectors(const kt_layer *cell, const kt_shape *step, kt_shape *out, int *y)
{
    int n = cell->type->cell->count(cell);

    for (int i = 0; i < n; i++)
        out[i] = KT_SHAPE(step->rank > 0 ? step->dim[0] : KT_UNKNOWN, value_of(cell, "units")->i);
    *y = 0;
    return n;
}

/* --- steps ------------------------------------------------------------------------------------ */

kt_node *kt_cell_product(kt_graph *g, const kt_cell *p, kt_node *x, kt_node *weights,
                         kt_node *const *mask)
{
    kt_node *part[KT_GATES];

    if (!mask[0] || !mask[1])
        return kt_matmul(g, mask[0] ? kt_mul(g, x, mask[0]) : x, weights, false, false);
    for (int k = 0; k < p->gates; k++)
        part[k] = kt_matmul(g, kt_mul(g, x, mask[k]),
                            kt_slice_axis(g, weights, 1, k * p->units, p->units), false, false);
    return kt_concat(g, p->gates, part, -1);
}

kt_node *kt_cell_inputs(kt_graph *g, const void *cell, kt_node *x, bool time_first)
{
    const kt_cell *p = cell;
    kt_node       *mask[KT_GATES];

    for (int k = 0; k < KT_GATES; k++) {
        mask[k] = p->masks.in[k];
        if (time_first && mask[k] && mask[k]->shape.rank > 0)
            mask[k] = kt_rnn_swapped(g, mask[k]);
    }
    kt_node *z = kt_cell_product(g, p, x, p->kernel, mask);
    return p->bias ? kt_add(g, z, p->bias) : z;
}

/* All calls drop the same: in Keras only a layer around the cell makes it forget its masks. */
void kt_cell_call(kt_layer *self, kt_call *c)
{
    kt_cell        p = cell_in(self, c);
    kt_cell_masks *masks = c->training ? kt_trace_keep(c->t, self, sizeof *masks) : NULL;
    kt_node       *state[KT_GATES];
    int            n = p.n_states;

    if (kt_graph_failed(c->g))
        return;
    if (c->n_in < n + 1) {
        kt_call_fail(self, c, KT_E_INDEX, "list index out of range");
        return;
    }
    if (masks) {
        kt_cell_draw(self, c, &p, &c->in[0]->shape, &c->in[1]->shape, masks);
        p.masks = *masks;
    }
    for (int i = 0; i < n; i++)
        state[i] = c->in[i + 1];
    p.step(c->g, &p, kt_cell_inputs(c->g, &p, c->in[0], false), state);
    c->n_out = n + 1;
    c->out[0] = state[0];
    for (int i = 0; i < n; i++)
        c->out[i + 1] = state[i];
}

kt_node *kt_cell_run(kt_graph *g, const void *open, const kt_rnn_flags *flags, kt_node *x,
                     kt_node *mask, kt_node **state)
{
    const kt_cell *p = open;
    kt_steps       s = {.step = p->step,
                        .inputs = kt_cell_inputs,
                        .width = p->gates * p->units,
                        .cell = p,
                        .n_state = p->n_states,
                        .flags = flags};

    return kt_rnn_steps(g, &s, x, mask, state);
}
