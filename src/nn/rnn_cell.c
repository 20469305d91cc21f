/* rnn_cell.c - what cells of recurrent layers share: dropout masks and products by gates. */
#include "nn/rnn.h"

/* Keras' cells with gates leave out a share of 1 like one of 0. */
static void draw(kt_layer *cell, kt_call *c, const kt_cell *p, double share, kt_shape shape,
                 kt_node **mask)
{
    if (p->drops_all && share >= 1 && !mask[0])
        mask[0] = kt_scalar_as(c->g, 0, cell->dtype);
    for (int k = 0; k < p->n_masks && !mask[k] && share > 0 && share < 1; k++)
        mask[k] = kt_drop(cell, c, kt_scalar_as(c->g, 1, cell->dtype), &shape, share, p->seed);
}

void kt_cell_draw(kt_layer *cell, kt_call *c, const kt_cell *p, const kt_shape *inputs,
                  kt_cell_masks *masks)
{
    draw(cell, c, p, p->dropout, *inputs, masks->in);
    draw(cell, c, p, p->recurrent_dropout, KT_SHAPE(inputs->dim[0], p->units), masks->state);
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
void kt_cell_call(kt_layer *self, kt_call *c, kt_cell *p,
                  void (*step)(kt_graph *g, const void *cell, kt_node *z, kt_node **state))
{
    if (c->n_in != 2) {
        kt_call_fail(self, c, KT_E_VALUE, "%s takes the inputs and one state; got %d tensors",
                     self->type->cls.class_name, c->n_in);
        return;
    }
    kt_node       *h = c->in[1];
    kt_cell_masks *masks = c->training ? kt_trace_keep(c->t, self, sizeof *masks) : NULL;
    if (kt_graph_failed(c->g))
        return;
    if (masks) {
        kt_cell_draw(self, c, p, &c->in[0]->shape, masks);
        p->masks = *masks;
    }
    step(c->g, p, kt_cell_inputs(c->g, p, c->in[0]), &h);
    c->n_out = 2;
    c->out[0] = c->out[1] = h;
}
