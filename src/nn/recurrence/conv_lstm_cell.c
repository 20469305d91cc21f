/* conv_lstm_cell.c - the cell of ConvLSTM (Shi et al. 2015): its weights, and its steps.
 *
 * Inside, channels come last: sequences, states and masks are turned round where they come in and
 * go out. */
#include "nn/recurrence/conv_lstm.h"

KT_CONFIG(KT_CONV_LSTM_FIELDS);

/* --- constructor ------------------------------------------------------------------------------ */

static kt_status settle(kt_layer *self, kt_window *w, const char *name, const kt_value **v,
                        int64_t least, int64_t *out)
{
    if (kt_check_tuple(self, name, *v, w->rank, least, out) != KT_OK)
        return kt_layer_status(self);
    *v = kt_tuple_value(&self->arena, w->rank, out);
    return *v ? KT_OK : kt_raise_memory(&self->fault);
}

static bool above_one(const kt_window *w, const int64_t *v)
{
    bool some = false;

    for (int i = 0; i < w->rank; i++)
        some = some || v[i] > 1;
    return some;
}

static kt_status check_window(kt_layer *self, config *c, kt_window *w)
{
    w->rank = self->type->variant;
    if (settle(self, w, "kernel_size", &c->kernel_size, 1, w->size) != KT_OK ||
        settle(self, w, "strides", &c->strides, 0, w->strides) != KT_OK ||
        kt_check_padding(self, &c->padding, false) != KT_OK)
        return kt_layer_status(self);
    if (kt_check_data_format(self, &c->data_format) != KT_OK ||
        settle(self, w, "dilation_rate", &c->dilation_rate, 1, w->dilation) != KT_OK)
        return kt_layer_status(self);
    w->same = kt_streq(kt_value_text(c->padding), "same");
    w->channels_first = kt_streq(c->data_format, "channels_first");
    if (above_one(w, w->strides) && above_one(w, w->dilation))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Specifying `strides > 1` is not compatible with `dilation_rate > 1`. Please provide `strides=1` or "
            "`dilation_rate=1`. Received: strides=%s and dilation_rate=%s",
            kt_python_text(self, c->strides), kt_python_text(self, c->dilation_rate));
    return KT_OK;
}

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    kt_make_seed(self, c->seed); /* Keras' first deed */
    return check_window(self, c, self->state) == KT_OK ? kt_check_gates(self)
                                                       : kt_layer_status(self);
}

/* --- weights ---------------------------------------------------------------------------------- */

static kt_status check_shape(kt_layer *self, const kt_window *w, const kt_shape *in)
{
    int channels = w->channels_first ? 1 : w->rank + 1, first = w->channels_first ? 2 : 1;

    if (in->rank != w->rank + 2)
        return kt_layer_fail(self, KT_E_VALUE, "Layer '%s': steps need %d axes, not %s", self->name,
                             w->rank + 2, kt_shape_text(&self->arena, in));
    for (int i = 0; i < w->rank; i++)
        if (in->dim[first + i] == KT_UNKNOWN)
            return kt_layer_fail(
                self, KT_E_VALUE,
                "ConvLSTM layers only support static input shapes for the spatial dimension. Received invalid input shape: "
                "input_shape=%s",
                kt_shape_text(&self->arena, in));
    if (in->dim[channels] == KT_UNKNOWN)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "The channel dimension of the inputs (last axis) should be defined. Found None. Full input shape received: "
            "input_shape=%s",
            kt_shape_text(&self->arena, in));
    self->spec[0] = (kt_input_spec){.ndim = in->rank, .has_shape = true, .shape = *in, .dtype = -1};
    self->spec[0].shape.dim[0] = KT_UNKNOWN;
    self->n_spec = 1;
    return KT_OK;
}

/* Gates i f c o: kernel [k.., in, 4 filters], recurrent_kernel [k.., filters, 4 filters], bias [4
 * filters]. */
static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config    *c = self->config;
    const kt_window *w = self->state;

    (void)n_in;
    if (check_shape(self, w, &in[0]) != KT_OK)
        return kt_layer_status(self);
    if (!kt_is_int(c->filters) || c->filters->i < 0 || c->filters->i > INT32_MAX)
        return kt_layer_fail(self, KT_E_TYPE, "Layer '%s': `filters` must be an integer",
                             self->name);
    int64_t filters = c->filters->i, channels = kt_dim(&in[0], w->channels_first ? 1 : -1);
    kt_add_weight(self, "kernel", kt_kernel_shape(w, channels, 4 * filters), c->kernel_initializer,
                  c->kernel_regularizer, c->kernel_constraint, true);
    kt_add_weight(self, "recurrent_kernel", kt_kernel_shape(w, filters, 4 * filters),
                  c->recurrent_initializer, c->recurrent_regularizer, c->recurrent_constraint,
                  true);
    if (!c->use_bias)
        return kt_layer_status(self);
    kt_variable *bias = kt_add_weight(self, "bias", KT_SHAPE(4 * filters), c->bias_initializer,
                                      c->bias_regularizer, c->bias_constraint, true);
    for (int64_t i = filters; bias && c->unit_forget_bias && i < 2 * filters; i++)
        kt_tensor_set(bias->value, i, 1);
    return kt_layer_status(self);
}

kt_status kt_conv_lstm_check_step(const kt_layer *cell, const kt_shape *step, kt_arena *a,
                                  kt_fault *f)
{
    const config *c = cell->config;

    return kt_check_conv_shape(f, a, cell->state, step, c->filters->i);
}

/* Output and both states: what the convolution of the inputs leaves of the axes. */
static int states(const kt_layer *cell, const kt_shape *step, kt_shape *out, int *y)
{
    const config    *c = cell->config;
    const kt_window *w = cell->state;
    int              first = w->channels_first ? 2 : 1;

    *y = 0;
    out[0] = *step;
    out[0].dim[w->channels_first ? 1 : w->rank + 1] = c->filters->i;
    for (int i = 0; i < w->rank; i++) {
        int64_t n = step->dim[first + i], stride = w->strides[i] > 0 ? w->strides[i] : 1;
        if (n != KT_UNKNOWN && !w->same)
            n -= w->dilation[i] * (w->size[i] - 1);
        out[0].dim[first + i] = n == KT_UNKNOWN ? n : (n + stride - 1) / stride;
    }
    out[1] = out[0];
    return 2;
}

/* --- steps ------------------------------------------------------------------------------------ */

typedef struct parts {
    kt_window                 inputs, states; /* how each is convolved */
    int64_t                   filters;
    kt_node                  *kernel, *recurrent, *bias;
    const kt_activation_type *act, *recurrent_act;
    kt_cell_masks             masks; /* channels last, [batch, s.., channels] */
} parts;

/* [a, .., channels at axis `at`, s..] -> channels last, or back */
static kt_node *turn(kt_graph *g, const kt_window *w, kt_node *x, int at, bool back)
{
    int perm[KT_MAX_RANK], rank = x->shape.rank;

    if (!w->channels_first)
        return x;
    for (int i = 0; i < rank; i++)
        perm[i] = i;
    for (int i = at; i < rank; i++)
        if (back)
            perm[i] = i == at ? rank - 1 : i - 1;
        else
            perm[i] = i == rank - 1 ? at : i + 1;
    return kt_transpose(g, x, perm);
}

/* Four of each, of the shapes of one step's inputs and of the state; Keras draws them in every
 * call, training or not. A share of 1 is ignored. */
static void draw(kt_layer *cell, kt_call *c, parts *p, const kt_shape *inputs)
{
    const config *cfg = cell->config;
    kt_cell       k = {.dropout = cfg->dropout,
                       .recurrent_dropout = cfg->recurrent_dropout,
                       .seed = cfg->seed,
                       .n_masks = KT_GATES};
    kt_shape      state[2];
    int           y;

    states(cell, inputs, state, &y);
    kt_cell_draw(cell, c, &k, inputs, &state[0], &p->masks);
    for (int i = 0; i < KT_GATES; i++) {
        p->masks.in[i] = p->masks.in[i] && c->training
                           ? turn(c->g, &p->inputs, p->masks.in[i], 1, false)
                           : NULL;
        p->masks.state[i] = p->masks.state[i] && c->training
                              ? turn(c->g, &p->inputs, p->masks.state[i], 1, false)
                              : NULL;
    }
}

static const void *open_cell(kt_layer *cell, kt_call *c, const kt_shape *step)
{
    const config *cfg = cell->config;
    parts        *p = kt_arena_alloc(&c->g->arena, sizeof *p);
    kt_shape      one = kt_shape_slice(step, 0, 1), rest = kt_shape_slice(step, 2, step->rank);

    if (!p) {
        kt_raise_memory(c->g->fault);
        return NULL;
    }
    p->inputs = p->states = *(const kt_window *)cell->state;
    p->states.same = true;
    for (int i = 0; i < p->states.rank; i++)
        p->states.strides[i] = p->states.dilation[i] = 1;
    p->filters = cfg->filters->i;
    p->kernel = kt_weight(cell, c, "kernel");
    p->recurrent = kt_weight(cell, c, "recurrent_kernel");
    p->bias = cfg->use_bias ? kt_weight(cell, c, "bias") : NULL;
    p->act = kt_activation_find(cfg->activation, c->g->fault);
    p->recurrent_act = kt_activation_find(cfg->recurrent_activation, c->g->fault);
    one = kt_shape_concat(&one, &rest);
    draw(cell, c, p, &one);
    return kt_graph_failed(c->g) ? NULL : p;
}

static kt_node *part(kt_graph *g, const parts *p, kt_node *x, int k)
{
    return kt_slice_axis(g, x, x->shape.rank - 1, k * p->filters, p->filters);
}

/* x [n, s.., channels] -> [n, s'.., 4 filters], each gate's filters of x times its mask. */
static kt_node *convolve(kt_graph *g, const parts *p, const kt_window *w, kt_node *x,
                         kt_node *kernel, kt_node *const *mask)
{
    kt_window_attr attr = kt_window_attrs(w, 1, false);
    kt_node       *y[KT_GATES];

    if (!mask[0])
        return kt_conv(g, x, kernel, &attr);
    for (int k = 0; k < KT_GATES; k++)
        y[k] = kt_conv(g, kt_mul(g, x, mask[k]), part(g, p, kernel, k), &attr);
    return kt_concat(g, KT_GATES, y, -1);
}

/* mask [batch, s.., channels] for each step of x [batch, time, s.., channels] or, time first, the
 * other way round; both as one axis. */
static kt_node *for_all(kt_graph *g, kt_node *mask, const kt_node *x, bool time_first)
{
    kt_shape flat = mask->shape;

    flat.dim[0] = x->shape.dim[0] * x->shape.dim[1];
    mask = kt_broadcast_to(g, kt_expand_dims(g, mask, time_first ? 0 : 1), x->shape);
    return kt_reshape(g, mask, flat);
}

static kt_node *all_inputs(kt_graph *g, const void *cell, kt_node *x, bool time_first)
{
    const parts *p = cell;
    kt_node     *mask[KT_GATES] = {NULL};

    if (kt_is_poison(g, x))
        return x;
    kt_shape steps = kt_shape_slice(&x->shape, 0, 2),
             flat = kt_shape_slice(&x->shape, 1, x->shape.rank);
    flat.dim[0] = steps.dim[0] * steps.dim[1];
    for (int k = 0; k < KT_GATES && p->masks.in[k]; k++)
        mask[k] = for_all(g, p->masks.in[k], x, time_first);
    kt_node *z = convolve(g, p, &p->inputs, kt_reshape(g, x, flat), p->kernel, mask);
    if (kt_graph_failed(g))
        return g->poison;
    kt_shape rest = kt_shape_slice(&z->shape, 1, z->shape.rank);
    z = kt_reshape(g, z, kt_shape_concat(&steps, &rest));
    return p->bias ? kt_add(g, z, p->bias) : z;
}

/* What looks at more than a value goes along Keras' last axis. */
static kt_node *activate(kt_graph *g, const parts *p, const kt_activation_type *act, kt_node *x)
{
    if (!act->apply)
        return kt_activate(g, act, x);
    x = kt_activate(g, act, turn(g, &p->inputs, x, 1, true));
    return turn(g, &p->inputs, x, 1, false);
}

static void step(kt_graph *g, const void *cell, kt_node *z, kt_node **state)
{
    const parts *p = cell;

    z = kt_add(g, z, convolve(g, p, &p->states, state[0], p->recurrent, p->masks.state));
    if (kt_graph_failed(g))
        return;
    kt_node *i = activate(g, p, p->recurrent_act, part(g, p, z, 0));
    kt_node *f = activate(g, p, p->recurrent_act, part(g, p, z, 1));
    kt_node *o = activate(g, p, p->recurrent_act, part(g, p, z, 3));
    kt_node *fresh = kt_mul(g, i, activate(g, p, p->act, part(g, p, z, 2)));
    state[1] = kt_add(g, kt_mul(g, f, state[1]), fresh);
    state[0] = kt_mul(g, o, activate(g, p, p->act, state[1]));
}

static kt_node *run(kt_graph *g, const void *open, const kt_rnn_flags *flags, kt_node *x,
                    kt_node *mask, kt_node **state)
{
    const parts *p = open;
    kt_steps     s = {.step = step, .inputs = all_inputs, .cell = p, .n_state = 2, .flags = flags};

    for (int i = 0; i < 2; i++)
        state[i] = turn(g, &p->inputs, state[i], 1, false);
    s.width = KT_GATES * kt_shape_product(&state[0]->shape, 1, state[0]->shape.rank);
    kt_node *y = kt_rnn_steps(g, &s, turn(g, &p->inputs, x, 2, false), mask, state);
    if (kt_graph_failed(g))
        return g->poison;
    for (int i = 0; i < 2; i++)
        state[i] = turn(g, &p->inputs, state[i], 1, true);
    return turn(g, &p->inputs, y, flags->return_sequences ? 2 : 1, true);
}

static const kt_cell_type cell_type = {
    .count = kt_cell_two, .states = states, .open = open_cell, .run = run};

#define CELL(axes)                                                                  \
    {                                                                               \
        .cls = {.class_name = "ConvLSTMCell",                                       \
                .module = "keras.src.layers.rnn.conv_lstm",                         \
                .config = &config_type,                                             \
                .summary = "One step of a ConvLSTM" #axes "D."},                    \
        .input = {.ndim = (axes) + 2, .dtype = -1}, .check = check, .build = build, \
        .cell = &cell_type, .state_size = sizeof(kt_window), .variant = (axes),     \
    }

const kt_layer_type *kt_conv_lstm_cell_type(int axes)
{
    static const kt_layer_type types[] = {CELL(1), CELL(2), CELL(3)};

    return &types[axes - 1];
}
