/* rnn_layer.c - what layers around a cell share: its making and building, and the call. */
#include <string.h>

#include "nn/rnn.h"

kt_status kt_rnn_add_cell(kt_layer *self, const char *class_name, const char *const *fields,
                          size_t n)
{
    const kt_config_type *type = self->type->cls.config;
    kt_arena             *a = &self->arena;
    kt_value             *v = kt_value_new(a, KT_CALL);
    bool                  ok = v != NULL;

    if (v)
        v->s = class_name;
    for (size_t i = 0; i < n && ok; i++)
        ok = kt_value_add(a, v, fields[i],
                          kt_config_get(a, kt_config_find(type, fields[i]), self->config));
    ok = ok && kt_value_add(a, v, "trainable", kt_value_bool(a, self->trainable)) &&
         kt_value_add(a, v, "dtype", kt_value_str(a, kt_dtype_name(self->dtype)));
    return kt_add_sublayer(self, "cell", ok ? kt_layer_from_value(v) : NULL);
}

kt_status kt_rnn_build(kt_layer *self, const char *cell_name, int kept, const kt_value *units,
                       const kt_shape *in)
{
    kt_layer *cell = self->sublayers.at[0];
    kt_shape  step = {.rank = 1, .dim = {in->dim[0]}}, rest = kt_shape_slice(in, 2, in->rank);

    step = kt_shape_concat(&step, &rest);
    cell->name = cell_name;
    cell->scope = kt_layer_path(self);
    kt_layer_build(cell, 1, &step);
    if (kt_fault_copy(&self->fault, &cell->fault) == KT_OK && kept)
        kt_rnn_state_build(self, self->state, kept, in, units->i);
    return kt_layer_status(self);
}

void kt_rnn_infer(kt_call *c, bool return_sequences, int states, int64_t units)
{
    const kt_node *x = c->in[0];
    int64_t        batch = x->shape.dim[0], time = x->shape.rank > 1 ? x->shape.dim[1] : 0;
    kt_shape       y = return_sequences ? KT_SHAPE(batch, time, units) : KT_SHAPE(batch, units);

    c->out[0] = kt_stand_in(c, x, y);
    for (int i = 0; i < states; i++)
        c->out[c->n_out++] = kt_stand_in(c, x, KT_SHAPE(batch, units));
}

/* Keras draws new masks in each call, the same for all steps, also where it does not use them. */
static void drop(kt_layer *cell, kt_call *c, kt_cell *p)
{
    const kt_node *x = c->in[0];
    kt_shape       one = KT_SHAPE(x->shape.dim[0], 1, x->shape.dim[2]);
    kt_cell_masks  masks = {{0}, {0}};

    kt_cell_draw(cell, c, p, &one, &masks);
    if (c->training)
        p->masks = masks;
}

/* [batch, time, units] or [batch, units]. Without any step the state is what it was, and the
 * output is zero. */
static kt_node *run(kt_graph *g, const kt_rnn_flags *flags, kt_cell *p, const kt_steps *s,
                    kt_node *x, kt_node *mask, kt_node **state)
{
    int64_t batch = x->shape.dim[0];

    if (x->shape.dim[1] == 0)
        return kt_broadcast_to(g, kt_scalar_as(g, 0, x->dtype),
                               flags->return_sequences ? KT_SHAPE(batch, 0, p->units)
                                                       : KT_SHAPE(batch, p->units));
    return kt_rnn_steps(g, s, kt_cell_inputs(g, p, x), mask, state);
}

void kt_rnn_call(kt_layer *self, kt_call *c, kt_rnn_flags flags, kt_cell *p,
                 void (*step)(kt_graph *g, const void *cell, kt_node *z, kt_node **state))
{
    kt_rnn_state *kept = self->state;
    kt_node      *x = c->in[0], *mask = c->mask ? c->mask[0] : NULL, *h = NULL;
    kt_steps      s = {.step = step,
                       .cell = p,
                       .n_state = 1,
                       .return_sequences = flags.return_sequences,
                       .go_backwards = flags.go_backwards,
                       .zero_output_for_mask = flags.zero_output_for_mask};

    c->out_mask[0] = flags.return_sequences ? mask : NULL;
    if (!c->t->eager || x->shape.rank != 3) {
        kt_rnn_infer(c, flags.return_sequences, flags.return_state ? 1 : 0, p->units);
        return;
    }
    kt_rnn_start(self, c, kept, flags.stateful, 1, p->units, &h);
    if (kt_graph_failed(c->g) || !p->act)
        return;
    drop(self->sublayers.at[0], c, p);
    c->out[0] = run(c->g, &flags, p, &s, x, mask, &h);
    if (kt_graph_failed(c->g))
        return;
    if (flags.return_state)
        c->out[c->n_out++] = h;
    if (flags.stateful && kept->state[0])
        kt_assign(c->g, kept->state[0], h);
}

void kt_rnn_reset(kt_layer *self)
{
    kt_rnn_state *s = self->state;

    for (int i = 0; i < s->n; i++)
        if (s->state[i])
            memset(s->state[i]->value->data, 0,
                   (size_t)s->state[i]->value->count * kt_dtype_size(s->state[i]->dtype));
}

void kt_rnn_release(kt_layer *self)
{
    kt_rnn_state_free(self->state);
}
