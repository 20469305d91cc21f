/* stand_in.c - StandIn: the shapes of a layer whose class is not here.
 *
 * The doctor puts it where a model has a layer of its author's own: shapes around that layer are
 * known, what it computes is not. Keras has no such class, so that it refuses a file with it. */
#include "nn/layer.h"

#define FIELDS(F)                                                               \
    F(STR, stands_for, REQUIRED, "", "The class that is not here.")             \
    F(SHAPE, given, REQUIRED, "", "What the layer was given, the batch first.") \
    F(SHAPE, gives, REQUIRED, "", "What it gave for that, the batch first.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    const config *c = self->config;

    if (!c->given.set || !c->gives.set || c->given.v.rank < 1 || c->gives.v.rank < 1)
        kt_layer_fail(self, KT_E_VALUE, "Layer '%s': given and gives are shapes with a batch axis",
                      self->name);
    return kt_layer_status(self);
}

/* Sizes that were open on both sides are taken to be the same. */
static bool result_for(const config *c, const kt_shape *in, kt_shape *out)
{
    if (!kt_shape_fits(&c->given.v, in))
        return false;
    *out = c->gives.v;
    for (int i = 0; i < out->rank; i++)
        if (out->dim[i] == KT_UNKNOWN && i < in->rank && c->given.v.dim[i] == KT_UNKNOWN)
            out->dim[i] = in->dim[i];
    return true;
}

/* [given] -> [gives]: each result is the mean of its sample, so that gradients have a way. */
static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    kt_shape      out;
    unsigned      axes = (1u << x->shape.rank) - 2;

    if (!result_for(cfg, &x->shape, &out)) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "What layer '%s' gives for an input of shape %s is not known: the class '%s' "
                     "is not here, and it was called on %s.",
                     self->name, kt_shape_text(&c->g->arena, &x->shape), cfg->stands_for,
                     kt_shape_text(&c->g->arena, &cfg->given.v));
        return c->g->poison;
    }
    kt_node *mean = axes ? kt_reduce(c->g, KT_RE_MEAN, x, axes, true) : x;
    kt_shape thin = {.rank = out.rank, .dim = {mean->shape.dim[0]}};
    for (int i = 1; i < thin.rank; i++)
        thin.dim[i] = 1;
    return kt_broadcast_to(c->g, kt_reshape(c->g, mean, thin), out);
}

static const kt_layer_type type = {
    .cls = {.class_name = "StandIn",
            .module = "keratin.layers",
            .config = &config_type,
            .summary = "The shapes of a layer whose class is not here."},
    .input = {.min_ndim = 1, .dtype = -1},
    .check = check,
    .call1 = call,
    .sample = "StandIn('Half', (None, 4, 3), (None, 2, 3)); StandIn('Sum', (None, None, 3), "
              "(None, None)); StandIn('Wide', (None,), (None, 4))",
    .sample_input = "(2, 4, 3); (2, 5, 3); (3,)",
};

const kt_layer_type *const kt_layers_stand_in[] = {&type, NULL};
