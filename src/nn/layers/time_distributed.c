/* time_distributed.c - TimeDistributed: a layer on every step of the second axis. */
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

/* [batch, time, ..] -> [batch * time, ..] -> layer -> [batch, time, ..]. Weights are shared, and
 * statistics such as batch normalisation's run over all steps of a batch, as in Keras. */
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
    int64_t  batch = x->shape.dim[0], time = x->shape.dim[1];
    bool     lenient = c->t->lenient;
    kt_shape flat = kt_shape_slice(&x->shape, 1, x->shape.rank);
    flat.dim[0] = product(batch, time);
    /* the inner layer is asked for its shape */
    c->t->lenient = g->lenient = lenient || !c->t->eager;
    kt_node *in[] = {kt_reshape(g, x, flat), NULL};
    kt_call sub = {.t = c->t, .g = g, .training = c->training, .n_in = 1, .in = in, .mask = in + 1};
    kt_layer_call(inner(self), &sub);
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
    kt_shape out = {.rank = 2, .dim = {batch, time}},
             rest = kt_shape_slice(&y->shape, 1, y->shape.rank);
    out = kt_shape_concat(&out, &rest);
    c->out[0] = kt_reshape(g, y, out);
    c->out_mask[0] = mask;
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
    .flags = KT_LAYER_OWN_MASK | KT_LAYER_SAYS_MASK,
    .check = check,
    .build = build,
    .call = call,
    .write = write,
    .sample = "TimeDistributed(Dense(3)); TimeDistributed(Flatten())",
    .sample_input = "(2, 4, 5); (2, 3, 2, 2)",
};

const kt_layer_type *const kt_layers_time_distributed[] = {&type, NULL};
