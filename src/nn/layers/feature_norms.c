/* feature_norms.c - LayerNormalization, RMSNormalization, GroupNormalization, UnitNormalization:
 * each sample is normalised for itself. */
#include "nn/layer.h"

/* --- the axes that are normalised --- */

typedef struct axes {
    int      n;
    int      axis[KT_MAX_RANK]; /* sorted, not below 0 */
    unsigned mask;
} axes;

/* An integer or a list of them; sorted as Keras sorts them, before they are counted from the
 * front. */
static kt_status read_axes(kt_layer *self, const kt_value *v, const kt_shape *in, axes *out)
{
    size_t n = kt_value_is_seq(v) ? v->n : 1;

    *out = (axes){.n = 0};
    for (size_t i = 0; i < n && i < KT_MAX_RANK; i++) {
        const kt_value *item = kt_value_is_seq(v) ? v->items[i] : v;
        int             axis = kt_is_int(item) ? kt_axis(in, item->i) : -1;
        if (axis < 0)
            return kt_layer_fail(self, KT_E_INDEX, "tuple index out of range");
        out->mask |= 1u << axis;
    }
    for (int i = 0; i < in->rank; i++)
        if (out->mask >> i & 1)
            out->axis[out->n++] = i;
    return KT_OK;
}

/* As Keras keeps it after build: a list. */
static const kt_value *listed(kt_arena *a, const kt_value *v)
{
    kt_value *list = kt_value_is_seq(v) ? NULL : kt_value_new(a, KT_LIST);

    return list && kt_value_add(a, list, NULL, kt_value_copy(a, v)) ? list : v;
}

static kt_shape sizes(const axes *s, const kt_shape *in)
{
    kt_shape shape = {.rank = s->n};

    for (int i = 0; i < s->n; i++)
        shape.dim[i] = in->dim[s->axis[i]];
    return shape;
}

/* A weight over the axes, so that it broadcasts against x. */
static kt_node *along(kt_graph *g, kt_node *w, const kt_node *x, const axes *s)
{
    kt_shape shape = {.rank = x->shape.rank};

    if (s->n == 1 && s->axis[0] == x->shape.rank - 1)
        return w;
    for (int i = 0; i < shape.rank; i++)
        shape.dim[i] = s->mask >> i & 1 ? x->shape.dim[i] : 1;
    return kt_reshape(g, w, shape);
}

/* In a symbolic call with other sizes than declared Keras only looks whether the axes are there. */
static bool only_shapes(kt_layer *self, kt_call *c, const kt_value *v, const kt_node *x, bool whole)
{
    size_t n = kt_value_is_seq(v) ? v->n : 1;
    kt_str text = {0};

    for (size_t i = 0; !c->t->eager && i < n; i++) {
        const kt_value *item = kt_value_is_seq(v) ? v->items[i] : v;
        if (!kt_is_int(item) || kt_axis(&x->shape, item->i) >= 0)
            continue;
        kt_python_str(&text, v);
        if (whole)
            kt_call_fail(self, c, KT_E_VALUE, "Axis %s is out of bounds for input shape %s.",
                         kt_str_text(&text), kt_shape_text(&c->g->arena, &x->shape));
        else
            kt_call_fail(self, c, KT_E_VALUE,
                         "Axis %lld is out of bounds for input shape %s. Received: axis=%s",
                         (long long)item->i, kt_shape_text(&c->g->arena, &x->shape),
                         kt_str_text(&text));
        kt_str_free(&text);
        return true;
    }
    return c->t->lenient;
}

typedef struct moments {
    kt_node *mean, *variance; /* axes kept */
} moments;

static moments moments_of(kt_graph *g, kt_node *x, unsigned mask)
{
    kt_node *mean = kt_reduce(g, KT_RE_MEAN, x, mask, true);
    kt_node *off = kt_unary(g, KT_UN_SQUARE, kt_sub(g, x, mean));

    return (moments){mean, kt_reduce(g, KT_RE_MEAN, off, mask, true)};
}

static kt_node *inverse_root(kt_graph *g, kt_node *variance, double epsilon)
{
    return kt_unary(g, KT_UN_RSQRT, kt_add_scalar(g, variance, epsilon));
}

/* x inv gamma + (beta - mean inv gamma), in Keras' order of operations. */
static kt_node *scaled(kt_graph *g, kt_node *x, kt_node *mean, kt_node *inv, kt_node *gamma,
                       kt_node *beta)
{
    inv = gamma ? kt_mul(g, inv, gamma) : inv;
    kt_node *shift = kt_unary(g, KT_UN_NEG, kt_mul(g, mean, inv));
    shift = beta ? kt_add(g, shift, beta) : shift;
    return kt_add(g, kt_mul(g, x, inv), shift);
}

/* --- LayerNormalization ----------------------------------------------------------------------- */

#define WEIGHTS(F, T)                                                                         \
    F(T, BOOL, center, "True", "", "Add beta.")                                               \
    F(T, BOOL, scale, "True", "", "Multiply by gamma.")                                       \
    F(T, OBJ, beta_initializer, "zeros", "initializer", "How beta starts.")                   \
    F(T, OBJ, gamma_initializer, "ones", "initializer", "How gamma starts.")                  \
    F(T, OBJ, beta_regularizer, "None", "regularizer", "Penalty on beta.")                    \
    F(T, OBJ, gamma_regularizer, "None", "regularizer", "Penalty on gamma.")                  \
    F(T, OBJ, beta_constraint, "None", "constraint", "Projection of beta after each update.") \
    F(T, OBJ, gamma_constraint, "None", "constraint", "Projection of gamma after each update.")
#define LAYER(F, T)                                                           \
    F(T, ANY, axis, "-1", "int", "The axis, or several, that is normalised.") \
    F(T, FLOAT, epsilon, "0.001", "kept", "Added to the variance.")           \
    WEIGHTS(F, T)                                                             \
    F(T, BOOL, rms_scaling, "False", "", "Scale by the deviation alone: no mean, no beta.")
KT_CONFIG_OF(layer_norm, LAYER);

static kt_status check_layer(kt_layer *self)
{
    const layer_norm *c = self->config;
    kt_str            text = {0};

    if (kt_is_int(c->axis) || kt_value_is_seq(c->axis))
        return KT_OK;
    kt_value_repr(&text, c->axis);
    kt_layer_fail(
        self, KT_E_TYPE,
        "Expected an int or a list/tuple of ints for the argument 'axis', but received: %s",
        kt_str_text(&text));
    kt_str_free(&text);
    return kt_layer_status(self);
}

static kt_status build_layer(kt_layer *self, int n_in, const kt_shape *in)
{
    layer_norm *c = self->config;
    axes        s;

    (void)n_in;
    if (read_axes(self, c->axis, &in[0], &s) != KT_OK)
        return kt_layer_status(self);
    c->axis = listed(&self->arena, c->axis);
    kt_shape shape = sizes(&s, &in[0]);
    if (c->scale || c->rms_scaling)
        kt_add_weight(self, "gamma", shape, c->gamma_initializer, c->gamma_regularizer,
                      c->gamma_constraint, true);
    if (c->center && !c->rms_scaling)
        kt_add_weight(self, "beta", shape, c->beta_initializer, c->beta_regularizer,
                      c->beta_constraint, true);
    return kt_layer_status(self);
}

static kt_node *call_layer(kt_layer *self, kt_call *c, kt_node *x)
{
    const layer_norm *cfg = self->config;
    kt_graph         *g = c->g;
    axes              s;

    if (only_shapes(self, c, cfg->axis, x, false))
        return kt_graph_failed(g) ? g->poison : x;
    if (read_axes(self, cfg->axis, &x->shape, &s) != KT_OK)
        return g->poison;
    x = kt_cast(g, x, self->dtype);
    moments  m = moments_of(g, x, s.mask);
    kt_node *inv = inverse_root(g, m.variance, cfg->epsilon);
    bool     scaling = cfg->scale || cfg->rms_scaling;
    kt_node *gamma = scaling ? along(g, kt_weight(self, c, "gamma"), x, &s) : NULL;
    if (cfg->rms_scaling)
        return kt_mul(g, kt_mul(g, x, inv), gamma);
    kt_node *beta = cfg->center ? along(g, kt_weight(self, c, "beta"), x, &s) : NULL;
    return scaled(g, x, m.mean, inv, gamma, beta);
}

/* --- RMSNormalization ------------------------------------------------------------------------- */

#define RMS(F, T)                                                             \
    F(T, ANY, axis, "-1", "int", "The axis, or several, that is normalised.") \
    F(T, FLOAT, epsilon, "1e-06", "kept", "Added to the mean square.")
KT_CONFIG_OF(rms_norm, RMS);

static kt_status build_rms(kt_layer *self, int n_in, const kt_shape *in)
{
    static const kt_value ones = {.kind = KT_STR, .s = "ones"};
    rms_norm             *c = self->config;
    axes                  s;

    (void)n_in;
    if (read_axes(self, c->axis, &in[0], &s) != KT_OK)
        return kt_layer_status(self);
    c->axis = listed(&self->arena, c->axis);
    kt_add_weight(self, "scale", sizes(&s, &in[0]), &ones, NULL, NULL, true);
    return kt_layer_status(self);
}

static kt_node *call_rms(kt_layer *self, kt_call *c, kt_node *x)
{
    const rms_norm *cfg = self->config;
    kt_graph       *g = c->g;
    axes            s;

    if (only_shapes(self, c, cfg->axis, x, false))
        return kt_graph_failed(g) ? g->poison : x;
    if (!c->t->eager) /* Keras infers the shape without a look at the sizes */
        return x;
    if (read_axes(self, cfg->axis, &x->shape, &s) != KT_OK)
        return g->poison;
    x = kt_cast(g, x, self->dtype);
    kt_node *square = kt_reduce(g, KT_RE_MEAN, kt_unary(g, KT_UN_SQUARE, x), s.mask, true);
    kt_node *y = kt_mul(g, x, inverse_root(g, square, cfg->epsilon));
    return kt_mul(g, y, kt_weight(self, c, "scale")); /* Keras broadcasts it over the last axes */
}

/* --- GroupNormalization ----------------------------------------------------------------------- */

#define GROUP(F, T)                                                                  \
    F(T, ANY, groups, "32", "int", "How many groups of channels; -1: one for each.") \
    F(T, INT, axis, "-1", "", "The channel axis.")                                   \
    F(T, FLOAT, epsilon, "0.001", "kept", "Added to the variance.")                  \
    WEIGHTS(F, T)
KT_CONFIG_OF(group_norm, GROUP);

static kt_status check_group(kt_layer *self)
{
    const group_norm *c = self->config;
    kt_str            text = {0};

    if (kt_is_int(c->groups) && (c->groups->i > 0 || c->groups->i == -1))
        return KT_OK;
    kt_python_str(&text, c->groups);
    kt_layer_fail(
        self, KT_E_VALUE,
        "Received an invalid value for argument `groups`, expected a positive integer (or "
        "`-1` for instance normalization). Received: groups=%s",
        kt_str_text(&text));
    kt_str_free(&text);
    return kt_layer_status(self);
}

static kt_status check_channels(kt_layer *self, const group_norm *c, const kt_shape *in,
                                int64_t dim)
{
    long long groups = c->groups->i, channels = dim;

    if (dim == KT_UNKNOWN)
        return kt_layer_fail(self, KT_E_VALUE,
                             "Axis %lld of input tensor should have a defined dimension but the "
                             "layer received an input with shape %s.",
                             (long long)c->axis, kt_shape_text(&self->arena, in));
    if (groups == 0)
        return kt_layer_fail(self, KT_E_ZERO_DIVISION, "integer modulo by zero");
    if (channels < groups)
        return kt_layer_fail(self, KT_E_VALUE,
                             "Number of groups (%lld) cannot be more than the number of channels "
                             "(%lld).",
                             groups, channels);
    if (channels % groups != 0)
        return kt_layer_fail(self, KT_E_VALUE,
                             "Number of groups (%lld) must be a multiple of the number of channels "
                             "(%lld).",
                             groups, channels);
    return KT_OK;
}

static kt_status build_group(kt_layer *self, int n_in, const kt_shape *in)
{
    group_norm *c = self->config;
    int         axis = kt_axis(&in[0], c->axis);

    (void)n_in;
    if (axis < 0)
        return kt_layer_fail(self, KT_E_INDEX, "tuple index out of range");
    int64_t dim = in[0].dim[axis];
    if (c->groups->i == -1 && dim != KT_UNKNOWN)
        c->groups = kt_value_int(&self->arena, dim);
    if (!c->groups)
        return kt_raise_memory(&self->fault);
    if (check_channels(self, c, &in[0], dim) != KT_OK)
        return kt_layer_status(self);
    kt_expect_axis(self, (int)c->axis, dim);
    self->n_spec = 1;
    self->spec[0].ndim = in[0].rank;
    if (c->scale)
        kt_add_weight(self, "gamma", KT_SHAPE(dim), c->gamma_initializer, c->gamma_regularizer,
                      c->gamma_constraint, true);
    if (c->center)
        kt_add_weight(self, "beta", KT_SHAPE(dim), c->beta_initializer, c->beta_regularizer,
                      c->beta_constraint, true);
    return kt_layer_status(self);
}

/* [batch, .., channels, ..] -> [batch, .., groups, channels / groups, ..] with one axis for what is
 * before and one for what is behind; the batch may be the channels themselves. */
static kt_shape grouped(const kt_shape *s, int axis, int64_t groups)
{
    int first = axis > 0 ? 1 : 0;

    return KT_SHAPE(kt_shape_product(s, 0, first), kt_shape_product(s, first, axis), groups,
                    s->dim[axis] / groups, kt_shape_product(s, axis + 1, s->rank));
}

static kt_node *call_group(kt_layer *self, kt_call *c, kt_node *x)
{
    const group_norm *cfg = self->config;
    kt_graph         *g = c->g;
    int               axis = kt_axis(&x->shape, cfg->axis);
    kt_shape          whole = x->shape;

    if (!c->t->eager || axis < 0) /* whatever the sizes are, they stay */
        return axis < 0 ? kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range") : x;
    if (whole.rank == 1)
        return kt_call_fail(self, c, KT_E_INDEX, "pop index out of range");
    kt_shape split = grouped(&whole, axis, cfg->groups->i),
             one = KT_SHAPE(1, 1, split.dim[2], split.dim[3], 1);

    x = kt_reshape(g, kt_cast(g, x, self->dtype), split);
    moments  m = moments_of(g, x, 1u << 1 | 1u << 3 | 1u << 4);
    kt_node *inv = inverse_root(g, m.variance, cfg->epsilon);
    kt_node *gamma = cfg->scale ? kt_reshape(g, kt_weight(self, c, "gamma"), one) : NULL;
    kt_node *beta = cfg->center ? kt_reshape(g, kt_weight(self, c, "beta"), one) : NULL;
    return kt_reshape(g, scaled(g, x, m.mean, inv, gamma, beta), whole);
}

/* --- UnitNormalization ------------------------------------------------------------------------ */

#define UNIT(F, T) F(T, ANY, axis, "-1", "int", "The axis, or several, whose norm becomes 1.")
KT_CONFIG_OF(unit_norm, UNIT);

static kt_status check_unit(kt_layer *self)
{
    const unit_norm *c = self->config;
    kt_str           text = {0};

    if (kt_is_int(c->axis) || kt_value_is_seq(c->axis))
        return KT_OK;
    kt_python_str(&text, c->axis);
    kt_layer_fail(self, KT_E_TYPE,
                  "Invalid value for `axis` argument: expected an int or a list/tuple of ints. "
                  "Received: axis=%s",
                  kt_str_text(&text));
    kt_str_free(&text);
    return kt_layer_status(self);
}

/* x / max(norm, 1e-12), as the root of the larger of square sum and 1e-24. */
static kt_node *call_unit(kt_layer *self, kt_call *c, kt_node *x)
{
    const unit_norm *cfg = self->config;
    kt_graph        *g = c->g;
    axes             s;

    if (only_shapes(self, c, cfg->axis, x, true))
        return kt_graph_failed(g) ? g->poison : x;
    if (read_axes(self, cfg->axis, &x->shape, &s) != KT_OK)
        return g->poison;
    kt_node *square = kt_reduce(g, KT_RE_SUM, kt_unary(g, KT_UN_SQUARE, x), s.mask, true);
    kt_node *safe = kt_binary(g, KT_BI_MAXIMUM, square, kt_scalar_as(g, 1e-24, x->dtype));
    return kt_mul(g, x, kt_unary(g, KT_UN_RSQRT, safe));
}

/* --- types ------------------------------------------------------------------------------------ */

#define NORM(name, fields, emit, sentence, ...)            \
    {                                                      \
        .cls = {.class_name = name,                        \
                .module = "keras.layers",                  \
                .config = fields,                          \
                .summary = sentence},                      \
        .input = {.dtype = -1}, .call1 = emit, __VA_ARGS__ \
    }
static const kt_layer_type types[] = {
    NORM("LayerNormalization", &layer_norm_type, call_layer,
         "Mean 0 and variance 1 for each sample.", .flags = KT_LAYER_MASKING | KT_LAYER_WIDE,
         .check = check_layer, .build = build_layer,
         .sample = "LayerNormalization(); LayerNormalization(axis=[1, 2], scale=False); "
                   "LayerNormalization(axis=1, center=False); LayerNormalization(rms_scaling=True)",
         .sample_input = "(2, 4); (2, 3, 4); (2, 3, 4); (2, 5)"),
    NORM("RMSNormalization", &rms_norm_type, call_rms, "Mean square 1 for each sample.",
         .build = build_rms, .sample = "RMSNormalization(); RMSNormalization(epsilon=1e-3)",
         .sample_input = "(2, 4); (2, 3, 4)"),
    NORM("GroupNormalization", &group_norm_type, call_group,
         "Mean 0 and variance 1 for each sample and group of channels.",
         .flags = KT_LAYER_MASKING | KT_LAYER_WIDE | KT_LAYER_EARLY, .early = check_group,
         .build = build_group,
         .sample = "GroupNormalization(2); GroupNormalization(groups=-1, axis=1, scale=False)",
         .sample_input = "(2, 3, 4); (2, 3, 4)"),
    NORM("UnitNormalization", &unit_norm_type, call_unit, "Norm 1 for each sample.",
         .flags = KT_LAYER_MASKING | KT_LAYER_READY, .check = check_unit,
         .sample = "UnitNormalization(); UnitNormalization(axis=[1, 2])",
         .sample_input = "(2, 3); (2, 3, 4)"),
};

const kt_layer_type *const kt_layers_feature_norms[] = {&types[0], &types[1], &types[2], &types[3],
                                                        NULL};
