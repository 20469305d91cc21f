/* stacked_rnn_cells.c - StackedRNNCells: cells one behind the other as one cell.
 *
 * Over a sequence each cell runs through all steps before the next one begins: what a cell does
 * depends on those before it only. */
#include <string.h>

#include "nn/recurrence/rnn.h"

#define FIELDS(F) F(ANY, cells, REQUIRED, "", "The cells; each gets the output of the one before.")
KT_CONFIG(FIELDS);

typedef struct stack {
    int n_state; /* of all cells */
} stack;

static int count(const kt_layer *self)
{
    return (int)self->sublayers.n;
}

static kt_layer *cell_at(const kt_layer *self, int i)
{
    return self->sublayers.at[i];
}

/* --- making ----------------------------------------------------------------------------------- */

static kt_status refuse(kt_layer *self, const char *method, const kt_value *v)
{
    kt_str text = {0};

    kt_python_str(&text, v);
    kt_layer_fail(self, KT_E_VALUE,
                  "All cells must have a `%s` method. Received cell without a `%s` method: %s",
                  method, method, kt_str_text(&text));
    kt_str_free(&text);
    return kt_layer_status(self);
}

static kt_status add(kt_layer *self, const kt_value *v)
{
    stack *s = self->state;

    if (!v || (v->kind != KT_CALL && v->kind != KT_DICT))
        return refuse(self, "call", v);
    kt_layer *cell = kt_layer_from_value(v);
    if (kt_add_sublayer(self, "cells/", cell) != KT_OK)
        return kt_layer_status(self);
    if (!kt_is_cell(cell))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "All cells must have a `state_size` attribute. Received cell without a `state_size`: "
            "<%s name=%s, built=%s>",
            cell->type->cls.class_name, cell->name, kt_counts_as_built(cell) ? "True" : "False");
    s->n_state += cell->type->cell->count(cell);
    if (s->n_state > KT_MAX_STATES)
        return kt_layer_fail(self, KT_E_NOT_IMPLEMENTED,
                             "Layer '%s': cells with more than %d states in all", self->name,
                             KT_MAX_STATES);
    return KT_OK;
}

static kt_status check(kt_layer *self)
{
    const kt_value *cells = ((const config *)self->config)->cells;

    if (!kt_value_is_seq(cells))
        return kt_layer_fail(self, KT_E_TYPE, "'%s' object is not iterable",
                             cells && cells->kind == KT_CALL ? cells->s : kt_python_type(cells));
    for (size_t i = 0; i < cells->n; i++)
        if (add(self, cells->items[i]) != KT_OK)
            return kt_layer_status(self);
    return KT_OK;
}

static kt_status write(const kt_layer *self, kt_arena *a, kt_value *v, kt_fault *f)
{
    kt_value *list = kt_value_new(a, KT_LIST);
    bool      ok = list != NULL;

    for (int i = 0; ok && i < count(self); i++)
        ok = kt_value_add(a, list, NULL, kt_layer_value(cell_at(self, i), a, f));
    return ok && kt_value_set(a, v, "cells", list) ? KT_OK : kt_raise_memory(f);
}

/* The output of the built cell for inputs of one step. */
static kt_shape output_of(const kt_layer *cell, const kt_shape *step)
{
    kt_shape shape[KT_MAX_STATES];
    int      y;

    cell->type->cell->states(cell, step, shape, &y);
    return y < 0 ? *step : shape[y];
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    kt_shape shape = in[0];

    (void)n_in;
    for (int i = 0; i < count(self) && kt_layer_status(self) == KT_OK; i++) {
        kt_layer *cell = cell_at(self, i);
        cell->scope = kt_layer_path(self);
        kt_layer_build(cell, 1, &shape);
        if (kt_fault_copy(&self->fault, &cell->fault) == KT_OK)
            shape = output_of(cell, &shape);
    }
    return kt_layer_status(self);
}

/* --- one step --------------------------------------------------------------------------------- */

/* One cell's call, with its states among the inputs from `at` on; gives where the next one's
 * begin. */
static int call_cell(kt_layer *cell, kt_call *c, kt_node **x, int at)
{
    int       n = cell->type->cell->count(cell);
    kt_call  *sub = kt_arena_calloc(&c->g->arena, 1, sizeof *sub);
    kt_node **io = kt_arena_calloc(&c->g->arena, 2 * ((size_t)n + 1), sizeof *io);

    if (!sub || !io) {
        kt_raise_memory(c->g->fault);
        return at;
    }
    io[0] = *x;
    for (int i = 0; i < n; i++)
        io[i + 1] = c->in[at + i];
    *sub = (kt_call){
        .t = c->t, .g = c->g, .training = c->training, .n_in = n + 1, .in = io, .mask = io + n + 1};
    kt_layer_call(cell, sub);
    *x = sub->out[0];
    for (int i = 0; i < n; i++)
        c->out[at + i] = sub->out[i + 1];
    return at + n;
}

/* x, then the states of all cells -> y, then their next states. */
static void call(kt_layer *self, kt_call *c)
{
    const stack *s = self->state;
    kt_node     *x = c->in[0];
    int          at = 1;

    if (c->n_in < s->n_state + 1) {
        kt_call_fail(self, c, KT_E_INDEX, "list index out of range");
        return;
    }
    for (int i = 0; i < count(self) && !kt_graph_failed(c->g); i++)
        at = call_cell(cell_at(self, i), c, &x, at);
    c->n_out = s->n_state + 1;
    c->out[0] = x;
}

/* --- all steps -------------------------------------------------------------------------------- */

static int n_states(const kt_layer *self)
{
    return ((const stack *)self->state)->n_state;
}

static int states(const kt_layer *self, const kt_shape *step, kt_shape *out, int *y)
{
    kt_shape in = *step;
    int      n = 0, last = -1;

    *y = -1;
    for (int i = 0; i < count(self); i++) {
        int before = n;
        n += cell_at(self, i)->type->cell->states(cell_at(self, i), &in, out + n, &last);
        *y = last < 0 ? -1 : before + last;
        in = last < 0 ? in : out[*y];
    }
    return n;
}

typedef struct opened {
    int                  n;
    const kt_cell_type **type;
    const void         **cell;
    int                 *n_state;
} opened;

static opened *opened_new(const kt_layer *self, kt_graph *g)
{
    opened *o = kt_arena_alloc(&g->arena, sizeof *o);
    size_t  n = (size_t)count(self) + 1;

    if (o) {
        o->type = kt_arena_calloc(&g->arena, n, sizeof *o->type);
        o->cell = kt_arena_calloc(&g->arena, n, sizeof *o->cell);
        o->n_state = kt_arena_calloc(&g->arena, n, sizeof *o->n_state);
    }
    if (o && o->type && o->cell && o->n_state)
        return o;
    kt_raise_memory(g->fault);
    return NULL;
}

/* [batch, ..] -> [batch, 1, ..] */
static kt_shape with_time(const kt_shape *one)
{
    kt_shape step = KT_SHAPE(one->dim[0], 1), rest = kt_shape_slice(one, 1, one->rank);

    return kt_shape_concat(&step, &rest);
}

static const void *open_cells(kt_layer *self, kt_call *c, const kt_shape *inputs)
{
    opened  *o = opened_new(self, c->g);
    kt_shape first = kt_shape_slice(inputs, 0, 1), rest = kt_shape_slice(inputs, 2, inputs->rank);
    kt_shape step = *inputs, one = kt_shape_concat(&first, &rest);

    for (int i = 0; o && i < count(self); i++) {
        kt_layer *cell = cell_at(self, i);
        o->type[i] = cell->type->cell;
        o->n_state[i] = cell->type->cell->count(cell);
        o->cell[i] = cell->type->cell->open(cell, c, &step);
        if (!o->cell[i])
            return NULL;
        one = output_of(cell, &one);
        step = with_time(&one);
        o->n = i + 1;
    }
    return o;
}

/* The outputs of a cell that goes backwards stand in the order of its steps, and so does the mask
 * for the cells behind it. What is left out of a masked step's output only the last one says. */
static kt_node *run(kt_graph *g, const void *open, const kt_rnn_flags *flags, kt_node *x,
                    kt_node *mask, kt_node **state)
{
    const opened *o = open;

    for (int i = 0; i < o->n && !kt_graph_failed(g); i++) {
        bool         last = i == o->n - 1;
        kt_rnn_flags f = *flags;
        f.return_sequences = f.return_sequences || !last;
        f.zero_output_for_mask = f.zero_output_for_mask && last;
        f.turned = f.go_backwards && i > 0;
        f.go_backwards = f.go_backwards && i == 0;
        x = o->type[i]->run(g, o->cell[i], &f, x, mask, state);
        if (mask && f.go_backwards)
            mask = kt_reverse(g, mask, 1);
        state += o->n_state[i];
    }
    return x;
}

static const kt_cell_type cell_type = {
    .count = n_states, .states = states, .open = open_cells, .run = run};

static const kt_layer_type type = {
    .cls = {.class_name = "StackedRNNCells",
            .module = "keras.layers",
            .needs = "cells",
            .config = &config_type,
            .summary = "Cells one behind the other as one cell."},
    .positional = "inputs|states",
    .check = check,
    .build = build,
    .call = call,
    .write = write,
    .cell = &cell_type,
    .state_size = sizeof(stack),
    .sample = "StackedRNNCells([LSTMCell(3), GRUCell(2)])",
    .sample_input = "(2, 4) | (2, 3) | (2, 3) | (2, 2)",
};

const kt_layer_type *const kt_layers_stacked_rnn_cells[] = {&type, NULL};
