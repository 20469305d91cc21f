/* time_distributed.c - TimeDistributed: a layer on every step of the second axis. */
#include "graph/op.h"
#include "nn/layer.h"

#define FIELDS(F) F(OBJ, layer, REQUIRED, "layer", "The layer that every step goes through.")
KT_CONFIG(FIELDS);

static kt_layer *inner(const kt_layer *self)
{
    return self->sublayers.at[0];
}

static kt_status check(kt_layer *self)
{
    const kt_value *layer = ((const config *)self->config)->layer, *args = NULL;
    const char     *name = NULL;

    if (!layer || !kt_object_parts(layer, &name, &args) || layer->kind == KT_STR)
        return kt_layer_fail(self, KT_E_VALUE,
                             "Please initialize `TimeDistributed` layer with a "
                             "`keras.layers.Layer` instance. Received: %s",
                             kt_python_text(self, layer));
    return kt_add_sublayer(self, "layer", kt_layer_from_value(layer));
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    kt_shape child = {.rank = 1};

    (void)n_in;
    if (in[0].rank < 3)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: %s",
            kt_shape_text(&self->arena, &in[0]));
    child.dim[0] = in[0].dim[0];
    kt_shape rest = kt_shape_slice(&in[0], 2, in[0].rank);
    child = kt_shape_concat(&child, &rest);
    inner(self)->scope = kt_layer_path(self);
    kt_layer_build(inner(self), 1, &child);
    return kt_fault_copy(&self->fault, &inner(self)->fault);
}

static int64_t product(int64_t a, int64_t b)
{
    return a == KT_UNKNOWN || b == KT_UNKNOWN ? KT_UNKNOWN : a * b;
}

/* The layer inside on this alone; Keras asks only its call, so that what it has for whoever calls a
 * layer (a penalty on what it gives) counts for nothing. */
static void call_inner(kt_layer *self, const kt_call *c, kt_call *sub, kt_node *x, kt_node *mask)
{
    kt_layer *l = inner(self);
    bool      takes_mask = (l->type->flags & (KT_LAYER_SAYS_MASK | KT_LAYER_CONTAINER)) != 0;
    kt_node **in = kt_arena_alloc(&c->g->arena, 2 * sizeof *in);

    if (!in) {
        kt_raise_memory(c->g->fault);
        return;
    }
    in[0] = x;
    in[1] = takes_mask ? mask : NULL;
    *sub = (kt_call){.t = c->t,
                     .g = c->g,
                     .training = c->training,
                     .n_in = 1,
                     .in = in,
                     .mask = in + 1,
                     .bare = true};
    kt_layer_call(l, sub);
}

static kt_node *step_of(kt_graph *g, kt_node *x, int64_t i)
{
    return x ? kt_squeeze(g, kt_slice_axis(g, x, 1, i, 1), 1) : NULL;
}

/* Were variables assigned since the graph had n nodes, or numbers drawn? */
static bool kept_some(const kt_trace *t, size_t n, size_t later, size_t seeds)
{
    bool found = t->later.n > later || t->seeds.n > seeds;

    for (; n < t->g->nodes.n && !found; n++)
        found = ((const kt_node *)t->g->nodes.at[n])->op == &kt_op_assign;
    return found;
}

/* Does the layer keep something from call to call (running statistics, states, random numbers)?
 * Then it is called step by step; true if so, and c->out[0] is the result. */
static bool call_steps(kt_layer *self, kt_call *c, kt_node *x, kt_node *mask)
{
    kt_graph *g = c->g;
    int64_t   time = x->shape.dim[1];
    size_t    before = g->nodes.n, later = c->t->later.n, seeds = c->t->seeds.n,
           losses = c->t->losses.n;
    kt_call   sub = {.n_out = 0};
    kt_node **y = time > 0 && c->t->eager && c->training
                    ? kt_arena_alloc(&g->arena, (size_t)time * sizeof(kt_node *))
                    : NULL;

    if (!y)
        return false;
    for (int64_t i = 0; i < time && !kt_graph_failed(g); i++) {
        call_inner(self, c, &sub, step_of(g, x, i), step_of(g, mask, i));
        if (!kept_some(c->t, before, later, seeds)) {
            c->t->losses.n = losses;
            return false;
        }
        y[i] = kt_expand_dims(g, sub.out[0], 1);
    }
    c->out[0] = kt_graph_failed(g) ? g->poison : kt_concat(g, (int)time, y, 1);
    return true;
}

/* [batch, time, ..] -> [batch * time, ..] -> layer -> [batch, time, ..]: weights are shared. */
static void call(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *x = c->in[0], *mask = c->mask ? c->mask[0] : NULL;

    if (x->shape.rank < 3) {
        kt_call_fail(
            self, c, KT_E_VALUE,
            "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: %s",
            kt_shape_text(&g->arena, &x->shape));
        return;
    }
    c->out_mask[0] = mask;
    if (call_steps(self, c, x, mask))
        return;
    int64_t  batch = x->shape.dim[0], time = x->shape.dim[1];
    bool     lenient = c->t->lenient;
    kt_shape flat = kt_shape_slice(&x->shape, 1, x->shape.rank);
    flat.dim[0] = product(batch, time);
    /* the inner layer is asked for its shape */
    c->t->lenient = g->lenient = lenient || !c->t->eager;
    kt_call sub = {.n_out = 0};
    call_inner(self, c, &sub, kt_reshape(g, x, flat),
               mask && c->t->eager ? kt_reshape(g, mask, KT_SHAPE(product(batch, time))) : NULL);
    c->t->lenient = g->lenient = lenient;
    if (kt_graph_failed(g))
        return;
    if (sub.n_out > 1) { /* Keras takes the shapes of several outputs for one shape */
        if (time == KT_UNKNOWN)
            kt_call_fail(self, c, KT_E_VALUE, "Undefined shapes are not supported.");
        else
            kt_call_fail(self, c, KT_E_VALUE, "Cannot convert '%lld' to a shape.", (long long)time);
        return;
    }
    kt_node *y = sub.out[0];
    if (!y)
        return;
    kt_shape out = {.rank = 2, .dim = {batch, time}},
             rest = kt_shape_slice(&y->shape, 1, y->shape.rank);
    out = kt_shape_concat(&out, &rest);
    c->out[0] = kt_reshape(g, y, out);
}

static kt_status write(const kt_layer *self, kt_arena *a, kt_value *v, kt_fault *f)
{
    return kt_value_set(a, v, "layer", kt_layer_value(inner(self), a, f)) ? KT_OK
                                                                          : kt_raise_memory(f);
}

static const kt_layer_type type = {
    .cls = {.class_name = "TimeDistributed",
            .module = "keras.layers",
            .needs = "layer",
            .config = &config_type,
            .summary = "Applies a layer to every time step."},
    .flags = KT_LAYER_SAYS_MASK,
    .check = check,
    .build = build,
    .call = call,
    .write = write,
    .sample = "TimeDistributed(Dense(3)); TimeDistributed(Flatten())",
    .sample_input = "(2, 4, 5); (2, 3, 2, 2)",
};

const kt_layer_type *const kt_layers_time_distributed[] = {&type, NULL};
