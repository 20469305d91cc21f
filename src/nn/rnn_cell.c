/* rnn_cell.c - what cells whose states are vectors share: dropout masks, products by gates, the
 * call of one step. */
#include "nn/rnn.h"

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
const void *kt_cell_open(kt_layer *cell, kt_call *c, const kt_cell *p, const kt_shape *step)
{
    kt_cell      *kept = kt_arena_alloc(&c->g->arena, sizeof *kept);
    kt_cell_masks masks = {{0}, {0}};
    kt_shape      state = KT_SHAPE(step->dim[0], p->units);

    if (!kept) {
        kt_raise_memory(c->g->fault);
        return NULL;
    }
    *kept = *p;
    kt_cell_draw(cell, c, p, step, &state, &masks);
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
    int             n = cell->type->cell->count(cell);
    const kt_field *f = kt_config_find(cell->type->cls.config, "units");
    const kt_value *units = *(const kt_value *const *)(const void *)((const char *)cell->config +
                                                                     f->offset);

    for (int i = 0; i < n; i++)
        out[i] = KT_SHAPE(step->rank > 0 ? step->dim[0] : KT_UNKNOWN, units->i);
    *y = 0;
    return n;
}

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

kt_node *kt_cell_inputs(kt_graph *g, const kt_cell *p, kt_node *x)
{
    kt_node *z = kt_cell_product(g, p, x, p->kernel, p->masks.in);

    return p->bias ? kt_add(g, z, p->bias) : z;
}

/* All calls drop the same: in Keras only a layer around the cell makes it forget its masks. */
void kt_cell_call(kt_layer *self, kt_call *c, kt_cell *p, int n, kt_step_fn step)
{
    kt_cell_masks *masks = c->training ? kt_trace_keep(c->t, self, sizeof *masks) : NULL;
    kt_node       *state[KT_GATES];

    if (kt_graph_failed(c->g))
        return;
    if (c->n_in < n + 1) {
        kt_call_fail(self, c, KT_E_INDEX, "list index out of range");
        return;
    }
    if (masks) {
        kt_cell_draw(self, c, p, &c->in[0]->shape, &c->in[1]->shape, masks);
        p->masks = *masks;
    }
    for (int i = 0; i < n; i++)
        state[i] = c->in[i + 1];
    step(c->g, p, kt_cell_inputs(c->g, p, c->in[0]), state);
    c->n_out = n + 1;
    c->out[0] = state[0];
    for (int i = 0; i < n; i++)
        c->out[i + 1] = state[i];
}
