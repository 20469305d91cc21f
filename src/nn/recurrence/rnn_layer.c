/* rnn_layer.c - what layers around a cell share: its making and building, and the call. */
#include <string.h>

#include "nn/recurrence/rnn.h"

static kt_layer *cell_of(const kt_layer *self)
{
    return self->sublayers.at[0];
}

static bool flag(const kt_layer *self, const char *name)
{
    return *(const bool *)kt_field_of(self, name);
}

bool kt_is_cell(const kt_layer *l)
{
    return l->type->cell != NULL;
}

/* --- making and building ---------------------------------------------------------------------- */

/* A call of the cell's class with those of its fields that the layer has too. NULL without
 * memory. */
static kt_value *cell_call(kt_layer *self, const kt_layer_type *cell)
{
    const kt_config_type *type = self->type->cls.config, *inner = cell->cls.config;
    kt_arena             *a = &self->arena;
    kt_value             *v = kt_value_new(a, KT_CALL);
    bool                  ok = v != NULL;

    if (v)
        v->s = cell->cls.class_name;
    for (size_t i = 0; i < inner->n && ok; i++) {
        const kt_field *f = kt_config_find(type, inner->fields[i].name);
        ok = !f || kt_value_add(a, v, f->name, kt_config_get(a, f, self->config));
    }
    ok = ok && kt_value_add(a, v, "trainable", kt_value_bool(a, self->trainable)) &&
         kt_value_add(a, v, "dtype", kt_value_str(a, kt_policy_name(kt_layer_policy(self))));
    return ok ? v : NULL;
}

kt_status kt_rnn_add_cell(kt_layer *self, const kt_layer_type *type, const char *name)
{
    const kt_value *v = cell_call(self, type);
    kt_layer       *cell = v ? kt_layer_of(type, v) : NULL;

    if (cell)
        cell->name = name;
    return kt_add_sublayer(self, "cell", cell);
}

kt_status kt_rnn_check(kt_layer *self)
{
    const kt_cell_inside *in = self->type->inside;

    return kt_rnn_add_cell(self, kt_layer_type_find(in->class_name), in->name);
}

/* One step of [batch, time, ..]. */
static kt_shape step_of(const kt_shape *in)
{
    kt_shape step = kt_shape_slice(in, 0, 1), rest = kt_shape_slice(in, 2, in->rank);

    return kt_shape_concat(&step, &rest);
}

/* Unknown batch sizes are refused in Keras' words. */
static kt_status keep_states(kt_layer *self, kt_rnn_state *s, const kt_shape *in)
{
    kt_shape shape[KT_MAX_STATES], step = step_of(in);
    int      y, n = cell_of(self)->type->cell->states(cell_of(self), &step, shape, &y);

    if (in->dim[0] == KT_UNKNOWN)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: sequence.shape=%s",
            kt_shape_text(&self->arena, in));
    s->state = kt_arena_calloc(&self->arena, (size_t)n + 1, sizeof(kt_variable *));
    for (s->n = 0; s->state && s->n < n; s->n++) {
        kt_variable *v = kt_arena_alloc(&self->arena, sizeof *v);
        if (v)
            v->value = kt_tensor_new(self->dtype, shape[s->n]);
        if (!v || !v->value)
            return kt_raise_memory(&self->fault);
        v->name = v->path = "rnn_state";
        v->dtype = self->dtype;
        v->shape = shape[s->n];
        s->state[s->n] = v;
    }
    return s->state ? KT_OK : kt_raise_memory(&self->fault);
}

kt_status kt_rnn_build(kt_layer *self, int n_in, const kt_shape *in)
{
    kt_layer *cell = cell_of(self);
    kt_shape  step = step_of(in);

    (void)n_in;
    if (in->rank == 0)
        return kt_layer_fail(self, KT_E_INDEX, "tuple index out of range");
    cell->scope = kt_layer_path(self);
    kt_layer_build(cell, 1, &step);
    if (kt_fault_copy(&self->fault, &cell->fault) == KT_OK && flag(self, "stateful"))
        keep_states(self, self->state, in);
    return kt_layer_status(self);
}

/* --- the call --------------------------------------------------------------------------------- */

typedef struct running {
    kt_layer           *cell;
    const kt_rnn_flags *flags;
    int                 n, y; /* states, and which is the output too */
    kt_shape            shape[KT_MAX_STATES];
    kt_node            *state[KT_MAX_STATES];
} running;

/* Keras' compute_output_shape: [batch, time, ..] whatever follows. */
static void infer(kt_call *c, const running *r)
{
    const kt_node *x = c->in[0];
    kt_shape       y = {.rank = 2};

    y.dim[0] = x->shape.dim[0];
    y.dim[1] = x->shape.dim[1];
    kt_shape rest = kt_shape_slice(&r->shape[r->y], 1, r->shape[r->y].rank);
    y = r->flags->return_sequences ? kt_shape_concat(&y, &rest) : r->shape[r->y];
    c->out[0] = kt_placeholder(c->g, "", x->dtype, y);
    for (int i = 0; i < r->n && r->flags->return_state; i++)
        c->out[c->n_out++] = kt_placeholder(c->g, "", x->dtype, r->shape[i]);
}

/* The states that the call starts from: its further inputs, the kept ones, or zeros. */
static void start(kt_layer *self, kt_call *c, running *r)
{
    const kt_rnn_state *kept = self->state;
    int64_t             batch = c->in[0]->shape.dim[0];
    int64_t             expected = kept->n > 0 ? kept->state[0]->shape.dim[0] : KT_UNKNOWN;

    if (r->flags->stateful && expected != KT_UNKNOWN && batch != KT_UNKNOWN && batch != expected) {
        kt_call_fail(
            self, c, KT_E_VALUE,
            "If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial "
            "state. \n- Expected batch size: %lld\n- Received batch size: %lld",
            (long long)expected, (long long)batch);
        return;
    }
    if (c->n_in > 1 && c->n_in <= r->n) {
        kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
        return;
    }
    for (int i = 0; i < r->n; i++) {
        if (c->n_in > 1)
            r->state[i] = kt_cast(c->g, c->in[i + 1], r->cell->dtype);
        else if (r->flags->stateful && i < kept->n)
            r->state[i] = kt_cast(c->g, kt_read_kept(c->t, kept->state[i]), r->cell->dtype);
        else
            r->state[i] = kt_broadcast_to(c->g, kt_scalar_as(c->g, 0, r->cell->dtype), r->shape[i]);
    }
}

static void finish(kt_layer *self, kt_call *c, running *r, kt_node *y)
{
    kt_rnn_state *kept = self->state;

    c->out[0] = kt_cast(c->g, y, self->dtype);
    for (int i = 0; i < r->n && r->flags->return_state; i++)
        c->out[c->n_out++] = kt_cast(c->g, r->state[i], self->dtype);
    for (int i = 0; i < kept->n && r->flags->stateful; i++)
        kt_assign_later(c->t, kept->state[i], r->state[i]);
}

static kt_rnn_flags flags_of(const kt_layer *self)
{
    return (kt_rnn_flags){.return_sequences = flag(self, "return_sequences"),
                          .return_state = flag(self, "return_state"),
                          .go_backwards = flag(self, "go_backwards"),
                          .stateful = flag(self, "stateful"),
                          .zero_output_for_mask = flag(self, "zero_output_for_mask"),
                          .unroll = flag(self, "unroll")};
}

/* A diagnosis may ask about data whose batch is open: steps of vectors go on with it, no more. */
static bool known(const kt_node *x)
{
    return x->shape.dim[1] != KT_UNKNOWN && (x->shape.rank <= 3 || x->shape.dim[0] != KT_UNKNOWN);
}

void kt_rnn_call(kt_layer *self, kt_call *c)
{
    const kt_rnn_flags flags = flags_of(self);
    running            r = {.cell = cell_of(self), .flags = &flags};
    kt_node           *x = c->in[0], *mask = kt_call_mask(c);

    kt_shape one = step_of(&x->shape);

    r.n = r.cell->type->cell->states(r.cell, &one, r.shape, &r.y);
    if (r.y < 0 || x->shape.rank < 2) {
        kt_call_fail(self, c, KT_E_INDEX, "%s index out of range", r.y < 0 ? "list" : "tuple");
        return;
    }
    c->out_mask[0] = flags.return_sequences && c->mask ? c->mask[0] : NULL;
    if (!c->t->eager || !known(x)) {
        infer(c, &r);
        return;
    }
    if (x->shape.rank != r.shape[r.y].rank + 1) {
        kt_call_fail(self, c, KT_E_INVALID_ARGUMENT, "%s: steps of inputs %s do not fit the cell",
                     self->type->cls.class_name, kt_shape_text(&c->g->arena, &x->shape));
        return;
    }
    if (x->shape.dim[1] == 0) { /* as TensorFlow looks at the first step */
        kt_call_fail(self, c, KT_E_INVALID_ARGUMENT,
                     "{{function_node __wrapped__StridedSlice_device_/job:localhost/replica:0/"
                     "task:0/device:CPU:0}} slice index 0 of dimension 1 out of bounds. "
                     "[Op:StridedSlice] name: %s/strided_slice/",
                     kt_layer_path(self));
        return;
    }
    kt_shape step = x->shape;
    step.dim[1] = 1;
    start(self, c, &r);
    const void *open = kt_graph_failed(c->g) ? NULL : r.cell->type->cell->open(r.cell, c, &step);
    if (!open)
        return;
    mask = mask ? kt_cast(c->g, mask, KT_BOOLEAN) : NULL;
    x = kt_cast(c->g, x, r.cell->dtype);
    kt_node *y = r.cell->type->cell->run(c->g, open, &flags, x, mask, r.state);
    if (!kt_graph_failed(c->g))
        finish(self, c, &r, y);
}

/* --- kept states ------------------------------------------------------------------------------ */

/* They are no weights: files do not hold them, and no list of the layer's. */
void kt_rnn_release(kt_layer *self)
{
    kt_rnn_state *s = self->state;

    for (int i = 0; i < s->n; i++)
        kt_tensor_unref(s->state[i]->value);
    s->n = 0;
}
