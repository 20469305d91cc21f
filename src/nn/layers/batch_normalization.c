/* batch_normalization.c - BatchNormalization: each channel to mean 0 and variance 1, by the batch
 * in training and by moving statistics in inference. Formula: gamma * (x - mean) / sqrt(variance +
 * epsilon) + beta (Ioffe and Szegedy, 2015). */
#include <math.h>
#include <stdlib.h>

#include "nn/layer.h"

#define FIELDS(F)                                                                                 \
    F(ANY, axis, "-1", "int", "The channel axis.")                                                \
    F(FLOAT, momentum, "0.99", "", "moving = moving * momentum + batch * (1 - momentum).")        \
    F(FLOAT, epsilon, "0.001", "", "Added to the variance.")                                      \
    F(BOOL, center, "True", "", "Add beta.")                                                      \
    F(BOOL, scale, "True", "", "Multiply by gamma.")                                              \
    F(OBJ, beta_initializer, "zeros", "initializer", "How beta starts.")                          \
    F(OBJ, gamma_initializer, "ones", "initializer", "How gamma starts.")                         \
    F(OBJ, moving_mean_initializer, "zeros", "initializer", "How the moving mean starts.")        \
    F(OBJ, moving_variance_initializer, "ones", "initializer", "How the moving variance starts.") \
    F(OBJ, beta_regularizer, "None", "regularizer", "Penalty on beta.")                           \
    F(OBJ, gamma_regularizer, "None", "regularizer", "Penalty on gamma.")                         \
    F(OBJ, beta_constraint, "None", "constraint", "Projection of beta after each update.")        \
    F(OBJ, gamma_constraint, "None", "constraint", "Projection of gamma after each update.")      \
    F(BOOL, renorm, "False", "", "Batch renormalisation.")                                        \
    F(ANY, renorm_clipping, "None", "", "Of batch renormalisation.")                              \
    F(FLOAT, renorm_momentum, "0.99", "", "Of batch renormalisation.")                            \
    F(BOOL, synchronized, "False", "", "Over many machines; one is all that there is.")
KT_CONFIG(FIELDS);

static kt_status only_known(kt_layer *self, const kt_value *clipping)
{
    for (size_t i = 0; clipping && clipping->kind == KT_DICT && i < clipping->n; i++) {
        const char *key = clipping->keys[i];
        if (kt_streq(key, "rmax") || kt_streq(key, "rmin") || kt_streq(key, "dmax"))
            continue;
        return kt_layer_fail(self, KT_E_VALUE,
                             "Received invalid keys for `renorm_clipping` argument: %s. Supported "
                             "values: ['rmax', 'rmin', 'dmax'].",
                             kt_python_text(self, clipping));
    }
    return KT_OK;
}

static kt_status check(kt_layer *self)
{
    const config *c = self->config;

    if (kt_value_is_seq(c->axis) || kt_is_none(c->axis))
        return kt_layer_fail(
            self, KT_E_TYPE,
            "int() argument must be a string, a bytes-like object or a real number, not '%s'",
            kt_python_type(c->axis));
    if (c->axis && c->axis->kind == KT_STR) { /* Keras calls int() on it */
        char   *end;
        int64_t axis = strtoll(c->axis->s, &end, 10);
        if (end == c->axis->s || *end)
            return kt_layer_fail(self, KT_E_VALUE, "invalid literal for int() with base 10: '%s'",
                                 c->axis->s);
        ((config *)self->config)->axis = kt_value_int(&self->arena, axis);
    }
    if (c->axis->kind == KT_FLOAT && fabs(c->axis->f) < KT_MAX_RANK)
        ((config *)self->config)->axis = kt_value_int(&self->arena, (int64_t)c->axis->f);
    if (!kt_is_int(c->axis))
        return kt_layer_fail(self, KT_E_TYPE, "BatchNormalization: `axis` must be an integer");
    if (c->renorm && only_known(self, c->renorm_clipping) != KT_OK)
        return kt_layer_status(self);
    return KT_OK;
}

/* Deviations start as the root of what moving_variance starts as. */
static void add_renorm_weights(kt_layer *self, const config *c, kt_shape channels)
{
    static const char *const names[] = {"moving_stddev", "renorm_mean", "renorm_stddev"};

    for (size_t i = 0; i < KT_COUNT(names); i++) {
        bool         mean = i == 1;
        kt_variable *v = kt_add_weight(
            self, names[i], channels,
            mean ? c->moving_mean_initializer : c->moving_variance_initializer, NULL, NULL, false);
        for (int64_t k = 0; v && !mean && k < v->value->count; k++)
            kt_tensor_set(v->value, k, sqrt(kt_tensor_get(v->value, k)));
    }
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;
    int           axis = kt_axis(&in[0], c->axis->i);

    (void)n_in;
    if (axis < 0)
        return kt_layer_fail(self, KT_E_INDEX, "tuple index out of range");
    kt_shape channels = KT_SHAPE(in[0].dim[axis]);
    if (c->scale)
        kt_add_weight(self, "gamma", channels, c->gamma_initializer, c->gamma_regularizer,
                      c->gamma_constraint, true);
    if (c->center)
        kt_add_weight(self, "beta", channels, c->beta_initializer, c->beta_regularizer,
                      c->beta_constraint, true);
    kt_add_weight(self, "moving_mean", channels, c->moving_mean_initializer, NULL, NULL, false);
    kt_add_weight(self, "moving_variance", channels, c->moving_variance_initializer, NULL, NULL,
                  false);
    if (c->renorm)
        add_renorm_weights(self, c, channels);
    kt_expect_axis(self, (int)c->axis->i, in[0].dim[axis]);
    self->spec[0].ndim = in[0].rank;
    return kt_layer_status(self);
}

typedef struct moments {
    kt_node *mean, *variance; /* [channels] */
} moments;

/* Over all axes but the channels'; biased variance. A mask leaves out the masked steps. */
static moments batch_moments(kt_graph *g, kt_node *x, int axis, kt_node *mask)
{
    unsigned others = ((1u << x->shape.rank) - 1) & ~(1u << axis);

    if (!mask) {
        kt_node *mean = kt_reduce(g, KT_RE_MEAN, x, others, true);
        kt_node *variance = kt_reduce(g, KT_RE_MEAN, kt_unary(g, KT_UN_SQUARE, kt_sub(g, x, mean)),
                                      others, false);
        return (moments){kt_reshape(g, mean, KT_SHAPE(x->shape.dim[axis])), variance};
    }
    kt_node *w = kt_cast(g, mask, x->dtype);
    w = kt_expand_dims(g, w, w->shape.rank);
    kt_node *all = kt_broadcast_to(g, w, x->shape);
    kt_node *count = kt_add_scalar(g, kt_reduce(g, KT_RE_SUM, all, others, true),
                                   1e-7); /* as Keras: no division by zero */
    kt_node *mean = kt_div(g, kt_reduce(g, KT_RE_SUM, kt_mul(g, x, w), others, true), count);
    kt_node *off = kt_mul(g, kt_unary(g, KT_UN_SQUARE, kt_sub(g, x, mean)), w);
    kt_node *variance = kt_div(g, kt_reduce(g, KT_RE_SUM, off, others, true), count);
    kt_shape channels = KT_SHAPE(x->shape.dim[axis]);
    return (moments){kt_reshape(g, mean, channels), kt_reshape(g, variance, channels)};
}

/* The statistic after this batch. */
static kt_node *move(kt_layer *self, kt_call *c, const char *name, kt_node *batch, double m)
{
    kt_variable *v = kt_weight_find(self, name);

    if (!v || kt_is_poison(c->g, batch))
        return c->g->poison;
    kt_node *moved = kt_add(c->g, kt_mul_scalar(c->g, kt_read(c->g, v), m),
                            kt_mul_scalar(c->g, batch, 1 - m));
    kt_assign(c->g, v, moved);
    return moved;
}

typedef struct correction {
    kt_node *r, *d; /* [channels]; r scales and d shifts the normalised values */
} correction;

static kt_node *clipped(kt_graph *g, kt_node *x, kt_binary_fn fn, const kt_value *limit,
                        double sign)
{
    double v = 0;

    return kt_value_number(limit, &v) ? kt_binary(g, fn, x, kt_scalar_as(g, sign * v, x->dtype))
                                      : x;
}

/* Batch renormalisation (Ioffe, 2017): towards the statistics that inference will use; no gradient
 * flows through it. */
static correction renormalise(kt_layer *self, kt_call *c, moments m)
{
    const config   *cfg = self->config;
    const kt_value *clip = cfg->renorm_clipping;
    kt_graph       *g = c->g;
    kt_node        *deviation = kt_unary(g, KT_UN_SQRT, kt_add_scalar(g, m.variance, cfg->epsilon));
    kt_node        *kept = kt_binary(g, KT_BI_MAXIMUM, kt_weight(self, c, "renorm_stddev"),
                                     kt_scalar_as(g, sqrt(cfg->epsilon), deviation->dtype));
    kt_node        *r = kt_div(g, deviation, kept),
            *d = kt_div(g, kt_sub(g, m.mean, kt_weight(self, c, "renorm_mean")), kept);

    r = clipped(g, clipped(g, r, KT_BI_MAXIMUM, kt_value_get(clip, "rmin"), 1), KT_BI_MINIMUM,
                kt_value_get(clip, "rmax"), 1);
    d = clipped(g, clipped(g, d, KT_BI_MAXIMUM, kt_value_get(clip, "dmax"), -1), KT_BI_MINIMUM,
                kt_value_get(clip, "dmax"), 1);
    correction out = {kt_stop_gradient(g, r), kt_stop_gradient(g, d)};
    move(self, c, "renorm_mean", m.mean, cfg->renorm_momentum);
    move(self, c, "renorm_stddev", deviation, cfg->renorm_momentum);
    kt_node *moved = move(self, c, "moving_stddev", deviation, cfg->momentum);
    kt_node *variance = kt_add_scalar(g, kt_unary(g, KT_UN_SQUARE, moved), -cfg->epsilon);
    variance = kt_binary(g, KT_BI_MAXIMUM, variance, kt_scalar_as(g, 0, variance->dtype));
    if (!kt_is_poison(g, variance))
        kt_assign(g, kt_weight_find(self, "moving_variance"), variance);
    return out;
}

/* [channels] so that it broadcasts along `axis` of x. */
static kt_node *along(kt_graph *g, kt_node *v, const kt_node *x, int axis)
{
    kt_shape s = {.rank = x->shape.rank};

    if (axis == x->shape.rank - 1)
        return v;
    for (int i = 0; i < s.rank; i++)
        s.dim[i] = i == axis ? x->shape.dim[i] : 1;
    return kt_reshape(g, v, s);
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    kt_graph     *g = c->g;
    int           axis = kt_axis(&x->shape, cfg->axis->i);
    moments       m = {kt_weight(self, c, "moving_mean"), kt_weight(self, c, "moving_variance")};

    if (axis < 0 && c->t->lenient)
        return kt_call_fail(self, c, KT_E_VALUE,
                            "Axis %lld is out of bounds for input shape %s. Received: axis=%lld",
                            (long long)cfg->axis->i, kt_shape_text(&g->arena, &x->shape),
                            (long long)cfg->axis->i);
    if (axis < 0)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    if (c->t->eager && c->mask && c->mask[0] && c->mask[0]->shape.rank != x->shape.rank - 1)
        return kt_call_fail(self, c, KT_E_VALUE,
                            "The mask provided should be one dimension less than the inputs. "
                            "Received: mask.shape=%s, inputs.shape=%s",
                            kt_shape_text(&g->arena, &c->mask[0]->shape),
                            kt_shape_text(&g->arena, &x->shape));
    x = kt_cast(g, x, self->dtype);
    if (c->t->lenient) /* whatever the sizes are, they stay */
        return x;
    correction re = {NULL, NULL};
    if (c->training && self->trainable) {
        m = batch_moments(g, x, axis, c->mask ? c->mask[0] : NULL);
        if (cfg->renorm)
            re = renormalise(self, c, m);
        move(self, c, "moving_mean", m.mean, cfg->momentum);
        if (!cfg->renorm)
            move(self, c, "moving_variance", m.variance, cfg->momentum);
    }
    kt_node *inv = kt_unary(g, KT_UN_RSQRT, kt_add_scalar(g, m.variance, cfg->epsilon));
    kt_node *gamma = cfg->scale ? kt_weight(self, c, "gamma") : NULL,
            *beta = cfg->center ? kt_weight(self, c, "beta") : NULL;
    if (re.r) { /* (x r + d) gamma + beta */
        kt_node *moved = gamma ? kt_mul(g, re.d, gamma) : re.d;
        gamma = gamma ? kt_mul(g, re.r, gamma) : re.r;
        beta = beta ? kt_add(g, moved, beta) : moved;
    }
    if (gamma)
        inv = kt_mul(g, inv, gamma);
    kt_node *shift = kt_unary(g, KT_UN_NEG, kt_mul(g, m.mean, inv));
    if (beta)
        shift = kt_add(g, shift, beta);
    return kt_add(g, kt_mul(g, x, along(g, inv, x, axis)), along(g, shift, x, axis));
}

static const kt_layer_type type = {
    .cls = {.class_name = "BatchNormalization",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Normalises each channel over the batch."},
    .flags = KT_LAYER_MASKING | KT_LAYER_WIDE | KT_LAYER_SAYS_MASK,
    .check = check,
    .build = build,
    .call1 = call,
    .sample = "BatchNormalization(); BatchNormalization(axis=1, scale=False, momentum=0.5)",
    .sample_input = "(4, 3); (2, 3, 4)",
};

const kt_layer_type *const kt_layers_batch_normalization[] = {&type, NULL};
