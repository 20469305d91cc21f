/* spectral_normalization.c - SpectralNormalization (Miyato et al. 2018): each training step divides
 * the kernel of the layer inside by its largest singular value, which power iterations find. */
#include "nn/layer.h"

#define FIELDS(F)                                                               \
    F(OBJ, layer, REQUIRED, "layer", "The layer, with a kernel or embeddings.") \
    F(ANY, power_iterations, "1", "int", "How many iterations a training step does.")
KT_CONFIG(FIELDS);

enum { MOST_ITERATIONS = 1000 }; /* each is some nodes of the graph */

typedef struct state {
    kt_variable *kernel; /* that of the layer inside, among our own weights too, as in Keras */
} state;

static kt_layer *inner(const kt_layer *self)
{
    return self->sublayers.at[0];
}

static kt_status check(kt_layer *self)
{
    const config   *c = self->config;
    const kt_value *layer = c->layer, *args = NULL;
    const char     *name = NULL;
    double          n = 0;

    if (!layer || !kt_object_parts(layer, &name, &args) || layer->kind == KT_STR)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Layer %s supplied to Wrapper isn't a supported layer type. Please ensure wrapped layer is a valid Keras layer.",
            kt_python_text(self, layer));
    if (kt_add_sublayer(self, "layer", kt_layer_from_value(layer)) != KT_OK)
        return kt_layer_status(self);
    if (!kt_value_number(c->power_iterations, &n))
        return kt_layer_fail(self, KT_E_TYPE,
                             "'<=' not supported between instances of '%s' and 'int'",
                             kt_python_type(c->power_iterations));
    if (n <= 0)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`power_iterations` should be greater than zero. Received: `power_iterations=%s`",
            kt_python_text(self, c->power_iterations));
    if (n > MOST_ITERATIONS)
        return kt_layer_fail(self, KT_E_NOT_IMPLEMENTED,
                             "Layer '%s': more than %d power iterations", self->name,
                             MOST_ITERATIONS);
    return KT_OK;
}

/* The kernel comes first among the weights, then vector_u [1, columns]. */
static kt_status add_weights(kt_layer *self, kt_variable *kernel)
{
    state    *s = self->state;
    kt_arena *a = &self->arena;
    kt_value *start = kt_value_new(a, KT_CALL);

    if (start)
        start->s = "TruncatedNormal";
    if (!start || !kt_value_add(a, start, "stddev", kt_value_float(a, 0.02)) ||
        !kt_vec_push(&self->weights, kernel))
        return kt_raise_memory(&self->fault);
    s->kernel = kernel;
    kt_add_weight(self, "vector_u", KT_SHAPE(1, kt_dim(&kernel->shape, -1)),
                  kt_object_normal(a, "initializer", start, &self->fault), NULL, NULL, false);
    return kt_layer_status(self);
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    kt_layer *l = inner(self);

    (void)n_in;
    if (in[0].rank == 0)
        return kt_layer_fail(self, KT_E_INDEX, "tuple index out of range");
    l->scope = kt_layer_path(self);
    kt_layer_build(l, 1, in);
    if (kt_fault_copy(&self->fault, &l->fault) != KT_OK)
        return kt_layer_status(self);
    self->spec[0] = (kt_input_spec){.min_ndim = 1, .dtype = -1};
    kt_expect_axis(self, -1, kt_dim(&in[0], -1));
    kt_variable *kernel = kt_weight_find(l, "kernel");
    if (!kernel)
        kernel = kt_weight_find(l, "embeddings");
    if (!kernel)
        return kt_layer_fail(self, KT_E_VALUE,
                             "%s object has no attribute 'kernel' nor 'embeddings'",
                             l->type->cls.class_name);
    return add_weights(self, kernel);
}

/* --- call ------------------------------------------------------------------------------------- */

/* x / |x|; a length below 1e-7 counts as that. */
static kt_node *unit(kt_graph *g, kt_node *x)
{
    kt_node *length = kt_unary(g, KT_UN_RSQRT, kt_sum_all(g, kt_mul(g, x, x)));

    return kt_mul(g, x, kt_binary(g, KT_BI_MINIMUM, length, kt_scalar_as(g, 1e7, x->dtype)));
}

static kt_node *all_zero(kt_graph *g, kt_node *x)
{
    kt_node *most = kt_reduce(g, KT_RE_MAX, kt_unary(g, KT_UN_ABS, x), (1u << x->shape.rank) - 1,
                              false);

    return kt_binary(g, KT_BI_EQUAL, most, kt_scalar_as(g, 0, x->dtype));
}

/* Both are stored before the layer inside reads its kernel; its gradient is that of the new one. */
static void normalize(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    const state  *s = self->state;
    kt_graph     *g = c->g;
    kt_variable  *at = kt_weight_find(self, "vector_u");
    kt_node      *kernel = kt_read(g, s->kernel), *u = kt_read(g, at), *v = NULL, *old = u;
    kt_node      *w = kt_reshape(g, kernel, KT_SHAPE(-1, kt_dim(&s->kernel->shape, -1)));
    double        n = 0;

    (void)kt_value_number(cfg->power_iterations, &n);
    for (double i = 0; i < n && !kt_graph_failed(g); i++) {
        v = unit(g, kt_matmul(g, u, w, false, true));
        u = unit(g, kt_matmul(g, v, w, false, false));
    }
    if (kt_graph_failed(g) || !v)
        return;
    kt_node *sigma = kt_matmul(g, kt_matmul(g, v, w, false, false), u, false, true);
    kt_node *fresh = kt_div(g, kernel, kt_reshape(g, sigma, KT_SCALAR_SHAPE));
    kt_node *none = all_zero(g, kernel);
    fresh = kt_select(g, none, kernel, fresh);
    u = kt_select(g, none, old, u);
    kt_assign(g, at, u);
    kt_assign(g, s->kernel, fresh);
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    bool lenient = c->t->lenient;

    if (c->training && c->t->eager)
        normalize(self, c);
    /* the layer inside is asked for its shape */
    c->t->lenient = c->g->lenient = lenient || !c->t->eager;
    kt_node *mask = NULL, *y = kt_layer_call1(inner(self), c->t, c->training, x,
                                              c->mask ? c->mask[0] : NULL, &mask);
    c->t->lenient = c->g->lenient = lenient;
    if (kt_graph_failed(c->g) || !c->t->eager)
        return y;
    c->out_mask[0] = y->dtype == x->dtype ? mask : NULL; /* the same tensor, with the mask on it */
    return kt_cast(c->g, y, x->dtype);
}

static kt_status write(const kt_layer *self, kt_arena *a, kt_value *v, kt_fault *f)
{
    return kt_value_set(a, v, "layer", kt_layer_value(inner(self), a, f)) ? KT_OK
                                                                          : kt_raise_memory(f);
}

/* The kernel belongs to the layer inside. */
static void release(kt_layer *self)
{
    state *s = self->state;

    for (size_t i = 0; s->kernel && i < self->weights.n; i++)
        if (self->weights.at[i] == s->kernel)
            self->weights.at[i] = NULL;
}

static const kt_layer_type type = {
    .cls = {.class_name = "SpectralNormalization",
            .module = "keras.layers",
            .needs = "layer",
            .config = &config_type,
            .summary = "Keeps the largest singular value of a layer's kernel at one."},
    .flags = KT_LAYER_SAYS_INFERENCE,
    .check = check,
    .build = build,
    .call1 = call,
    .write = write,
    .free = release,
    .state_size = sizeof(state),
    .sample = "SpectralNormalization(Dense(3)); SpectralNormalization(Conv2D(2, 2), "
              "power_iterations=3)",
    .sample_input = "(2, 4); (1, 3, 4, 2)",
};

const kt_layer_type *const kt_layers_spectral_normalization[] = {&type, NULL};
