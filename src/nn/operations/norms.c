/* norms.c - operations that bring numbers to a common scale, and the moments that they use. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <math.h>
#include <string.h>

static const double epsilon = 1e-7; /* Keras' backend.epsilon() */

static kt_node *rsqrt_of(kt_graph *g, kt_node *x, double more)
{
    return kt_unary(g, KT_UN_RSQRT, kt_add_scalar(g, x, more));
}

/* --- moments --- */

static void mean_and_variance(kt_graph *g, kt_node *x, unsigned axes, bool keepdims, kt_node **mean,
                              kt_node **variance)
{
    kt_node *middle = kt_reduce(g, KT_RE_MEAN, x, axes, true);
    kt_node *off = kt_unary(g, KT_UN_SQUARE, kt_sub(g, x, middle));

    *mean = keepdims ? middle : kt_reduce(g, KT_RE_MEAN, x, axes, false);
    *variance = kt_reduce(g, KT_RE_MEAN, off, axes, keepdims);
}

#define MOMENTS(F, T)                                                            \
    F(T, INTS, axes, REQUIRED, "met: range(x[i])", "The axes that are reduced.") \
    F(T, BOOL, keepdims, "False", "", "Keep them, as axes of 1.")                \
    F(T, BOOL, synchronized, "False", "", "Over all replicas; there is one.")
KT_CONFIG_OF(moments_of, MOMENTS);

static void moments(kt_layer *self, kt_call *c)
{
    const moments_of *cfg = self->config;
    kt_node          *x = kt_real_of(self, c, 0);
    unsigned          axes = 0;

    c->out[0] = c->out[1] = c->g->poison;
    c->n_out = 2;
    if (!kt_is_poison(c->g, x) && kt_axes_mask(c->g, &x->shape, &cfg->axes, &axes))
        mean_and_variance(c->g, x, axes, cfg->keepdims, &c->out[0], &c->out[1]);
}

#define AVERAGE(F, T) F(T, INTS, axis, "None", "met: range(x[i])", "The axes; None: all of them.")
KT_CONFIG_OF(average_of, AVERAGE);

/* The mean, or the sum of x * weights / sum of weights; weights of one axis belong to `axis`. */
static void average(kt_layer *self, kt_call *c)
{
    const kt_ints *axis = &((const average_of *)self->config)->axis;
    kt_graph      *g = c->g;
    kt_operand     x[] = {kt_operand_of(self, c, 0), kt_optional_operand(self, c, 1)};
    kt_dtype       dtype = kt_result_dtype(x, 2, KT_WEAK_FLOAT);
    kt_node       *y = kt_as(c, x[0], dtype);
    unsigned       axes = 0;

    c->out[0] = g->poison;
    if (kt_graph_failed(g) || !kt_axes_mask(g, &y->shape, axis, &axes))
        return;
    if (!x[1].node) {
        c->out[0] = kt_reduce(g, KT_RE_MEAN, y, axes, false);
        return;
    }
    kt_node *w = kt_as(c, x[1], dtype);
    if (axis->n == 1 && w->shape.rank != y->shape.rank) {
        y = kt_mul(g, kt_move_axis(g, y, (int)axis->v[0], -1), w);
        c->out[0] = kt_div(g, kt_reduce_last(g, KT_RE_SUM, y), kt_sum_all(g, w));
        return;
    }
    c->out[0] = kt_div(g, kt_reduce(g, KT_RE_SUM, kt_mul(g, y, w), axes, false),
                       kt_reduce(g, KT_RE_SUM, w, axes, false));
}

/* --- normalization --- */

/* An argument in x's dtype, with as many axes as x: its own ones at `axes`. NULL: None. */
static kt_node *parameter(kt_layer *self, kt_call *c, int i, const kt_node *x, unsigned axes)
{
    kt_operand v = kt_optional_operand(self, c, i);
    kt_shape   shape = {.rank = x->shape.rank};

    if (!v.node)
        return NULL;
    if (v.node->shape.rank == x->shape.rank || kt_graph_failed(c->g))
        return kt_as(c, v, x->dtype);
    for (int k = 0, n = 0; k < shape.rank; k++)
        shape.dim[k] = !(axes >> k & 1)        ? 1
                     : v.node->shape.rank == 1 ? kt_shape_product(&x->shape, k, k + 1)
                                               : v.node->shape.dim[n++];
    return kt_reshape(c->g, kt_as(c, v, x->dtype), shape);
}

#define BATCH(F, T)                                             \
    F(T, INT, axis, REQUIRED, "met: tuple[x]", "The channels.") \
    F(T, FLOAT, epsilon, "0.001", "kept", "Added to the variance.")
KT_CONFIG_OF(batch, BATCH);

static void batch_norm(kt_layer *self, kt_call *c)
{
    const batch *cfg = self->config;
    kt_graph    *g = c->g;
    kt_node     *x = kt_real_of(self, c, 0), *p[4] = {NULL};
    int          axis = kt_axis(&x->shape, cfg->axis);

    c->out[0] = g->poison;
    for (int i = 0; i < 4 && axis >= 0 && !kt_graph_failed(g); i++) {
        kt_operand v = i < 2 ? kt_operand_of(self, c, i + 1) : kt_optional_operand(self, c, i + 1);
        kt_shape   shape = {.rank = x->shape.rank};
        int64_t    m = v.node ? kt_dim(&v.node->shape, 0) : 1;

        for (int k = 0; v.node && k < shape.rank; k++)
            shape.dim[k] = k == axis ? m : 1;
        p[i] = !v.node                 ? NULL
             : v.node->shape.rank == 1 ? kt_reshape(g, kt_as(c, v, x->dtype), shape)
                                       : kt_as(c, v, x->dtype);
    }
    if (axis < 0 || kt_graph_failed(g))
        return;
    kt_node *scale = rsqrt_of(g, p[1], cfg->epsilon);
    scale = p[3] ? kt_mul(g, scale, p[3]) : scale;
    kt_node *shift = kt_unary(g, KT_UN_NEG, kt_mul(g, p[0], scale));
    shift = p[2] ? kt_add(g, p[2], shift) : shift;
    c->out[0] = kt_add(g, kt_mul(g, x, scale), shift);
}

#define LAYER(F, T)                                                               \
    F(T, INTS, axis, "-1", "", "The axes that are normalized.")                   \
    F(T, OPTFLOAT, epsilon, "None", "kept", "Added to the variance; None: 1e-7.") \
    F(T, BOOL, rms_scaling, "False", "", "The mean stays where it is.")
KT_CONFIG_OF(layer, LAYER);

static void layer_norm(kt_layer *self, kt_call *c)
{
    const layer *cfg = self->config;
    kt_graph    *g = c->g;
    kt_node *given = kt_tensor_of(self, c, 0), *x = kt_cast(g, given, kt_real_dtype(given->dtype));
    double   more = cfg->epsilon.set ? cfg->epsilon.v : epsilon;
    unsigned axes = 0;
    kt_node *mean, *variance;

    c->out[0] = g->poison;
    if (kt_is_poison(g, x) || !kt_axes_mask(g, &x->shape, &cfg->axis, &axes))
        return;
    kt_node *gamma = parameter(self, c, 1, x, axes), *beta = parameter(self, c, 2, x, axes);
    mean_and_variance(g, x, axes, true, &mean, &variance);
    kt_node *scale = rsqrt_of(g, variance, more);
    scale = gamma ? kt_mul(g, scale, gamma) : scale;
    kt_node *y = kt_mul(g, x, scale);
    if (!cfg->rms_scaling) {
        kt_node *shift = kt_unary(g, KT_UN_NEG, kt_mul(g, mean, scale));
        y = kt_add(g, y, beta ? kt_add(g, shift, beta) : shift);
    }
    c->out[0] = kt_cast(g, y, given->dtype);
}

#define RMS(F, T)                                               \
    F(T, INTS, axis, "-1", "", "The axes that are normalized.") \
    F(T, OPTFLOAT, epsilon, "None", "kept", "Added to the mean square; None: 1e-7.")
KT_CONFIG_OF(rms, RMS);

static void rms_norm(kt_layer *self, kt_call *c)
{
    const rms *cfg = self->config;
    kt_graph  *g = c->g;
    kt_node *given = kt_tensor_of(self, c, 0), *x = kt_cast(g, given, kt_real_dtype(given->dtype));
    kt_operand scale = kt_optional_operand(self, c, 1);
    unsigned   axes = 0;

    c->out[0] = g->poison;
    if (kt_is_poison(g, x) || !kt_axes_mask(g, &x->shape, &cfg->axis, &axes))
        return;
    kt_node *mean = kt_reduce(g, KT_RE_MEAN, kt_unary(g, KT_UN_SQUARE, x), axes, true);
    kt_node *y = kt_mul(g, x, rsqrt_of(g, mean, cfg->epsilon.set ? cfg->epsilon.v : epsilon));
    y = scale.node ? kt_mul(g, y, kt_as(c, scale, x->dtype)) : y;
    c->out[0] = kt_cast(g, y, given->dtype);
}

#define NORMALIZE(F, T)                                                         \
    F(T, INTS, axis, "-1", "met: range(x[i])", "The axes whose norm is taken.") \
    F(T, INT, order, "2", "", "Of the norm.")                                   \
    F(T, OPTFLOAT, epsilon, "None", "kept", "The least norm; None: 1e-7.")
KT_CONFIG_OF(normalizing, NORMALIZE);

static void normalize(kt_layer *self, kt_call *c)
{
    const normalizing *cfg = self->config;
    kt_graph          *g = c->g;
    kt_node           *x = kt_real_of(self, c, 0);
    double             least = cfg->epsilon.set ? cfg->epsilon.v : epsilon;
    unsigned           axes = 0;

    x = x->shape.rank == 0 && !kt_is_poison(g, x) ? kt_expand_dims(g, x, 0) : x;
    c->out[0] = g->poison;
    if (kt_is_poison(g, x) || !kt_axes_mask(g, &x->shape, &cfg->axis, &axes))
        return;
    if (cfg->order < 1) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "Argument `order` must be an int >= 1. Received: order=%lld",
                     (long long)cfg->order);
    } else if (cfg->order == 2) {
        kt_node *sum = kt_reduce(g, KT_RE_SUM, kt_unary(g, KT_UN_SQUARE, x), axes, true);
        kt_node *most = kt_scalar_as(g, 1 / least, x->dtype);
        c->out[0] = kt_mul(g, x, kt_binary(g, KT_BI_MINIMUM, kt_unary(g, KT_UN_RSQRT, sum), most));
    } else {
        kt_value order = {.kind = KT_INT, .i = cfg->order};
        kt_node *norm = kt_norm(self, c, x, &order, &cfg->axis, true);
        kt_node *floor = kt_scalar_as(g, least, x->dtype);
        c->out[0] = kt_div(g, x, kt_binary(g, KT_BI_MAXIMUM, norm, floor));
    }
}

#define NORM(F, T)                                                                          \
    F(T, ANY, ord, "None", "", "A number, inf, -inf, 'fro' or 'nuc'.")                      \
    F(T, INTS, axis, "None", "met: range(x[i])", "One axis: of vectors, two: of matrices.") \
    F(T, BOOL, keepdims, "False", "", "Keep them, as axes of 1.")
KT_CONFIG_OF(norm_of, NORM);

static void norm(kt_layer *self, kt_call *c)
{
    const norm_of *cfg = self->config;
    kt_node       *x = kt_tensor_of(self, c, 0);

    x = kt_cast(c->g, x, kt_real_dtype(x->dtype));
    c->out[0] = kt_norm(self, c, x, cfg->ord, &cfg->axis, cfg->keepdims);
}

#define RANGE(F, T) F(T, FLOAT, max_val, REQUIRED, "kept", "The largest number that there can be.")
KT_CONFIG_OF(range, RANGE);

/* 20 log10(max_val) - 10 log10(mean square difference) */
static void psnr(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *x = kt_tensor_of(self, c, 0), *z = kt_tensor_of(self, c, 1);
    kt_node  *error = kt_mean_all(g, kt_unary(g, KT_UN_SQUARE, kt_sub(g, x, z)));
    kt_node  *most = kt_scalar_as(g, ((const range *)self->config)->max_val, error->dtype);

    c->out[0] = kt_sub(g, kt_mul_scalar(g, kt_unary(g, KT_UN_LOG10, most), 20),
                       kt_mul_scalar(g, kt_unary(g, KT_UN_LOG10, error), 10));
}

/* --- as Keras infers it --- */

static int infer_moments(kt_layer *self, kt_call *c, kt_result *out)
{
    const moments_of *cfg = self->config;

    if (!kt_infer_reduced(self, c, &cfg->axes, cfg->keepdims, out))
        return 0;
    out[1] = out[0];
    return 2;
}

static int infer_psnr(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[2];

    kt_argument_shapes(self, c, 2, s);
    if (s[0].rank != s[1].rank)
        return kt_refuses(self, c, "Inputs must have the same rank");
    out[0].dtype = KT_F32;
    return kt_infers(out, KT_SCALAR_SHAPE);
}

/* Parameters are vectors as long as the axis, not known where it is not. */
static int infer_batch_norm(kt_layer *self, kt_call *c, kt_result *out)
{
    static const char *const names[] = {"mean", "variance", "offset", "scale"};

    const batch *cfg = self->config;
    kt_shape     s;

    kt_argument_shapes(self, c, 1, &s);
    if (kt_axis(&s, cfg->axis) < 0)
        return kt_no_index(self, c, "tuple");
    kt_shape want = KT_SHAPE(kt_dim(&s, (int)cfg->axis));
    for (int i = 0; i < 4; i++) {
        kt_operand v = kt_optional_operand(self, c, i + 1);
        if (v.node && !kt_graph_failed(c->g) && !kt_shape_equal(&v.node->shape, &want))
            return kt_refuses(self, c,
                              "Arguments `%s` must be a vector of length `x.shape[axis]`. "
                              "Expected: `%s`. Received: `%s.",
                              names[i], kt_shape_text(&c->g->arena, &want),
                              kt_shape_text(&c->g->arena, &v.node->shape));
    }
    return kt_infers(out, s);
}

static int infer_average(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_ints *axis = &((const average_of *)self->config)->axis;
    kt_operand     w = kt_optional_operand(self, c, 1);
    kt_shape       s;

    kt_argument_shapes(self, c, 1, &s);
    if (axis->n > 1)
        return 0;
    if (w.node && axis->n == 1 && kt_axis(&s, axis->v[0]) < 0)
        return kt_no_index(self, c, "tuple");
    if (!w.node || kt_shapes_agree(&s, &w.node->shape, -1))
        return kt_infer_reduced(self, c, axis, false, out);
    if (axis->n == 0)
        return kt_refuses(
            self, c,
            "`weights` must have the same shape as `x` when `axis=None`, but received "
            "`weights.shape=%s` and `x.shape=%s`.",
            kt_shape_text(&c->g->arena, &w.node->shape), kt_shape_text(&c->g->arena, &s));
    kt_shape along = KT_SHAPE(kt_dim(&s, (int)axis->v[0]));
    if (kt_shapes_agree(&along, &w.node->shape, -1))
        return kt_infer_reduced(self, c, axis, false, out);
    const char *size = kt_listed_shape(c->g, &along);
    return kt_refuses(self, c,
                      "`weights` must have the same size as `x` at `axis=%lld` but received "
                      "`weights.shape=%s` while x.shape at `%lld` is `%.*s`.",
                      (long long)axis->v[0], kt_shape_text(&c->g->arena, &w.node->shape),
                      (long long)axis->v[0], (int)strlen(size) - 2, size + 1);
}

static int infer_normalize(kt_layer *self, kt_call *c, kt_result *out)
{
    return kt_infer_along(self, c, &((const normalizing *)self->config)->axis, out);
}

/* The norms of matrices that Keras has. */
static bool is_matrix_norm(const kt_value *ord)
{
    const char *name = kt_value_text(ord);
    double      x;

    if (kt_is_none(ord) || kt_streq(name, "fro") || kt_streq(name, "nuc"))
        return true;
    return kt_value_number(ord, &x) && (isinf(x) || fabs(x) == 1 || fabs(x) == 2);
}

static int infer_norm(kt_layer *self, kt_call *c, kt_result *out)
{
    const norm_of *cfg = self->config;
    kt_shape       s;

    kt_argument_shapes(self, c, 1, &s);
    int  n = cfg->axis.n == 0 ? s.rank : cfg->axis.n;
    bool bad = n == 1 ? kt_value_text(cfg->ord) != NULL : n == 2 && !is_matrix_norm(cfg->ord);
    if (bad)
        return kt_refuses(self, c, "Invalid `ord` argument for %s norm. Received: ord=%s",
                          n == 1 ? "vector" : "matrix", kt_python_text(self, cfg->ord));
    return kt_infer_reduced(self, c, &cfg->axis, cfg->keepdims, out);
}

#define ROWS(F)                                                                          \
    F(Moments, nn, &moments_of_type, "x", moments, 0, .infer = infer_moments)            \
    F(Average, numpy, &average_of_type, "x weights", average, 0, .infer = infer_average) \
    F(BatchNorm, nn, &batch_type, "x mean variance offset scale", batch_norm, 0,         \
      .infer = infer_batch_norm)                                                         \
    F(LayerNorm, nn, &layer_type, "x gamma beta", layer_norm, 0, .infer = kt_infer_same) \
    F(RMSNorm, nn, &rms_type, "x scale", rms_norm, 0, .infer = kt_infer_same)            \
    F(Normalize, nn, &normalizing_type, "x", normalize, 0, .infer = infer_normalize)     \
    F(Norm, linalg, &norm_of_type, "x", norm, 0, .infer = infer_norm)                    \
    F(PSNR, nn, &range_type, "x1 x2", psnr, 0, .infer = infer_psnr)
KT_OPERATIONS(norms, ROWS);
