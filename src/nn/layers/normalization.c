/* normalization.c - Normalization: (x - mean) / sqrt(variance) with statistics learnt from data
 * (adapt) or given. */
#include <math.h>

#include "nn/layer.h"

#define FIELDS(F)                                                                            \
    F(ANY, axis, "-1", "ints", "Axes that keep statistics of their own; None: one for all.") \
    F(ANY, mean, "None", "", "Given mean: a number or one per feature.")                     \
    F(ANY, variance, "None", "", "Given variance.")                                          \
    F(BOOL, invert, "False", "", "Undo the normalisation instead.")
KT_CONFIG(FIELDS);

typedef struct state {
    int     n;                 /* axes that are kept */
    int64_t axis[KT_MAX_RANK]; /* as given */
    bool    adapted;           /* statistics were learnt or loaded */
} state;

static kt_status read_axes(kt_layer *self, config *c, state *s)
{
    kt_value *t = kt_value_new(&self->arena, KT_TUPLE);

    if (kt_is_int(c->axis))
        s->axis[s->n++] = c->axis->i;
    else if (!kt_is_none(c->axis) && !kt_value_is_seq(c->axis))
        return kt_layer_fail(self, KT_E_TYPE, "'%s' object is not iterable",
                             kt_python_type(c->axis));
    for (size_t i = 0; kt_value_is_seq(c->axis) && i < c->axis->n && s->n < KT_MAX_RANK; i++) {
        if (!kt_is_int(c->axis->items[i]))
            return kt_layer_fail(self, KT_E_TYPE, "Normalization: `axis` must be integers");
        s->axis[s->n++] = c->axis->items[i]->i;
    }
    for (int i = 0; i < s->n; i++)
        if (!kt_value_add(&self->arena, t, NULL, kt_value_int(&self->arena, s->axis[i])))
            return kt_raise_memory(&self->fault);
    c->axis = t;
    return KT_OK;
}

static bool given(const kt_value *v)
{
    return !kt_is_none(v);
}

/* Of nested lists, by the first of each; what has more axes than a tensor is left to build. */
static kt_shape shape_of(const kt_value *v)
{
    kt_shape s = {0};

    for (; kt_value_is_seq(v) && s.rank<KT_MAX_RANK; v = v->n> 0 ? v->items[0] : NULL)
        s.dim[s.rank++] = (int64_t)v->n;
    return s;
}

static kt_status check_alike(kt_layer *self, const config *c)
{
    kt_shape mean = shape_of(c->mean), variance = shape_of(c->variance);

    if (kt_shape_equal(&mean, &variance))
        return KT_OK;
    return kt_layer_fail(
        self, KT_E_VALUE,
        "When setting values directly, `mean` and `variance` must have the same shape. Received: mean shape %s and variance shape %s",
        kt_shape_text(&self->arena, &mean), kt_shape_text(&self->arena, &variance));
}

static kt_status check(kt_layer *self)
{
    config *c = self->config;
    kt_str  mean = {0}, variance = {0};

    if (read_axes(self, c, self->state) != KT_OK)
        return kt_layer_status(self);
    if (given(c->mean) != given(c->variance)) {
        kt_value_repr(&mean, c->mean);
        kt_value_repr(&variance, c->variance);
        kt_layer_fail(
            self, KT_E_VALUE,
            "When setting values directly, both `mean` and `variance` must be set. Received: mean=%s and variance=%s",
            kt_str_text(&mean), kt_str_text(&variance));
        kt_str_free(&mean);
        kt_str_free(&variance);
    }
    return kt_layer_status(self) == KT_OK ? check_alike(self, c) : kt_layer_status(self);
}

static const char *axes_text(kt_layer *self)
{
    kt_str text = {0};

    kt_value_repr(&text, ((const config *)self->config)->axis);
    const char *kept = kt_str_keep(&text, &self->arena);
    return kept ? kept : "";
}

static bool keeps(const state *s, const kt_shape *in, int axis)
{
    for (int i = 0; i < s->n; i++)
        if (kt_axis(in, s->axis[i]) == axis)
            return true;
    return false;
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;
    const state  *s = self->state;
    kt_shape      kept = {0};

    (void)n_in;
    for (int i = 0; i < s->n; i++)
        if (kt_axis(&in[0], s->axis[i]) < 0)
            return kt_layer_fail(
                self, KT_E_VALUE,
                "All `axis` values must be in the range [-ndim, ndim). Received inputs with ndim=%d, while axis=%s",
                in[0].rank, axes_text(self));
    for (int d = 0; d < in[0].rank; d++) {
        if (!keeps(s, &in[0], d))
            continue;
        if (in[0].dim[d] == KT_UNKNOWN)
            return kt_layer_fail(
                self, KT_E_VALUE,
                "All `axis` values to be kept must have a known shape. Received axis=%s, inputs.shape=%s, with unknown axis at index %d",
                axes_text(self), kt_shape_text(&self->arena, &in[0]), d);
        kept.dim[kept.rank++] = in[0].dim[d];
    }
    if (given(c->mean))
        return KT_OK;
    static const kt_value one = {.kind = KT_STR, .s = "ones"},
                          zero = {.kind = KT_STR, .s = "zeros"};
    kt_add_weight(self, "mean", kept, &zero, NULL, NULL, false);
    kt_add_weight(self, "variance", kept, &one, NULL, NULL, false);
    kt_add_state(self, "count", KT_I64, KT_SCALAR_SHAPE);
    return kt_layer_status(self);
}

/* A statistic, [kept axes], as a shape that broadcasts with x; a reshape between the two by the
 * layer's axes. */
static kt_node *spread(kt_layer *self, kt_call *c, kt_node *v, const kt_node *x)
{
    const state *s = self->state;
    kt_shape     shape = {.rank = x->shape.rank};

    for (int d = 0; d < shape.rank; d++)
        shape.dim[d] = keeps(s, &x->shape, d) ? x->shape.dim[d] : 1;
    if (v->shape.rank == 0)
        return v;
    return kt_reshape(c->g, v, shape);
}

/* Given statistics align with the kept axes from the right, as NumPy would; nested lists give
 * further axes. */
static void fill(const kt_value *v, kt_tensor *t, int64_t *at)
{
    double x = 0;

    if (kt_value_number(v, &x) && *at < t->count)
        kt_tensor_set(t, (*at)++, x);
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n; i++)
        fill(v->items[i], t, at);
}

static kt_node *constant(kt_layer *self, kt_call *c, const kt_value *v, const kt_node *x)
{
    const state *s = self->state;
    kt_shape     shape = {0};
    int          depth = 0, keep = 0;

    for (const kt_value *p = v; kt_value_is_seq(p) && depth < KT_MAX_RANK;
         p = p->n ? p->items[0] : NULL)
        shape.dim[depth++] = (int64_t)p->n;
    shape.rank = depth;
    kt_tensor *t = kt_tensor_new(self->dtype, shape);
    int64_t    at = 0;
    if (t)
        fill(v, t, &at);
    kt_node *n = kt_constant(c->g, t);
    if (depth == 0 || kt_graph_failed(c->g))
        return n;
    kt_shape full = {.rank = x->shape.rank};
    for (int d = full.rank - 1; d >= 0; d--) {
        bool here = keeps(s, &x->shape, d) && keep < depth;
        full.dim[d] = here ? shape.dim[depth - 1 - keep++] : 1;
        if (here && full.dim[d] != 1 && x->shape.dim[d] != KT_UNKNOWN &&
            full.dim[d] != x->shape.dim[d]) {
            kt_call_fail(
                self, c, KT_E_INVALID_ARGUMENT,
                "{{function_node __wrapped__BroadcastTo_device_/job:localhost/replica:0/task:0/device:CPU:0}} Incompatible shapes: [1,%lld] vs. [1,%lld] [Op:BroadcastTo]",
                (long long)full.dim[d], (long long)x->shape.dim[d]);
            return c->g->poison;
        }
    }
    return kt_reshape(c->g, n, full);
}

/* max(sqrt(variance), 1e-7) guards constant features, as Keras' backend.epsilon(). */
static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    kt_graph     *g = c->g;
    kt_node      *mean, *variance;

    x = kt_cast(g, x, self->dtype);
    if (c->t->lenient) /* whatever the sizes are, they stay */
        return x;
    if (given(cfg->mean)) {
        mean = constant(self, c, cfg->mean, x);
        variance = constant(self, c, cfg->variance, x);
    } else {
        mean = spread(self, c, kt_weight(self, c, "mean"), x);
        variance = spread(self, c, kt_weight(self, c, "variance"), x);
    }
    kt_node *deviation = kt_binary(g, KT_BI_MAXIMUM, kt_unary(g, KT_UN_SQRT, variance),
                                   kt_scalar_as(g, 1e-7, self->dtype));
    if (cfg->invert)
        return kt_add(g, mean, kt_mul(g, x, deviation));
    return kt_div(g, kt_sub(g, x, mean), deviation);
}

/* --- learning --------------------------------------------------------------------------------- */

/* Index of element i of x among the statistics. */
static int64_t bin_of(const state *s, const kt_shape *shape, int64_t i)
{
    int64_t bin = 0, place = 1;

    for (int d = shape->rank - 1; d >= 0; d--) {
        int64_t at = i % shape->dim[d];
        i /= shape->dim[d];
        if (keeps(s, shape, d)) {
            bin += at * place;
            place *= shape->dim[d];
        }
    }
    return bin;
}

/* Are the statistics, which have the sizes that the layer was built with, those of x? */
static kt_status check_data(kt_layer *self, const kt_shape *x)
{
    const kt_shape *built = &self->build_shape[0];
    bool            same = x->rank == built->rank;

    for (int d = 0; same && d < x->rank; d++)
        same = x->dim[d] == built->dim[d] || !keeps(self->state, built, d);
    return same
             ? KT_OK
             : kt_layer_fail(
                   self, KT_E_VALUE,
                   "The layer was built with input_shape=%s, but adapt() is being called with data with an incompatible shape, data.shape=%s",
                   kt_shape_text(&self->arena, built), kt_shape_text(&self->arena, x));
}

static kt_status adapt(kt_layer *self, const kt_tensor *x)
{
    state *s = self->state;

    kt_shape any = x->shape;
    if (any.rank > 0)
        any.dim[0] = KT_UNKNOWN;
    if (!self->built &&
        kt_layer_build(self, 1, s->n && kt_axis(&x->shape, s->axis[0]) == 0 ? &x->shape : &any) !=
            KT_OK)
        return kt_layer_status(self);
    kt_variable *mean = kt_weight_find(self, "mean"), *variance = kt_weight_find(self, "variance");
    if (!mean || !variance)
        return KT_OK; /* given values need no learning */
    if (check_data(self, &x->shape) != KT_OK)
        return kt_layer_status(self);
    int64_t bins = mean->value->count, n = x->count;
    double *sum = kt_calloc((size_t)bins * 2 + 1, sizeof *sum);
    if (!sum)
        return kt_raise_memory(&self->fault);
    double *square = sum + bins;
    for (int64_t i = 0; i < n; i++)
        sum[bin_of(s, &x->shape, i)] += kt_tensor_get(x, i);
    double each = bins ? (double)n / (double)bins : 1;
    for (int64_t b = 0; b < bins && each > 0; b++)
        sum[b] /= each;
    for (int64_t i = 0; i < n; i++) {
        int64_t b = bin_of(s, &x->shape, i);
        double  off = kt_tensor_get(x, i) - sum[b];
        square[b] += off * off / each;
    }
    for (int64_t b = 0; b < bins; b++) {
        kt_tensor_set(mean->value, b, sum[b]);
        kt_tensor_set(variance->value, b, square[b]);
    }
    kt_free(sum);
    s->adapted = true;
    return KT_OK;
}

static bool needs_adapt(const kt_layer *self)
{
    const state       *s = self->state;
    const kt_variable *mean = kt_weight_find(self, "mean"),
                      *variance = kt_weight_find(self, "variance");

    if (given(((const config *)self->config)->mean) || s->adapted)
        return false;
    for (int64_t i = 0; mean && variance && i < mean->value->count;
         i++) /* a file's statistics are no longer 0 and 1 */
        if (kt_tensor_get(mean->value, i) != 0 || kt_tensor_get(variance->value, i) != 1)
            return false;
    return true;
}

static const kt_layer_type type = {
    .cls = {.class_name = "Normalization",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Shifts and scales features by statistics of the data."},
    .flags = KT_LAYER_MASKING,
    .check = check,
    .build = build,
    .call1 = call,
    .adapt = adapt,
    .needs_adapt = needs_adapt,
    .state_size = sizeof(state),
    .sample =
        "Normalization(); Normalization(axis=None); Normalization(mean=[1.0, 2.0], variance=[2.0, 3.0])",
    .sample_input = "(4, 3); (4, 3); (3, 2)",
};

const kt_layer_type *const kt_layers_normalization[] = {&type, NULL};
