/* activations.c - operations that are an activation function, or one with arguments. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

static kt_node *where(kt_graph *g, kt_binary_fn test, kt_node *x, double at, kt_node *yes,
                      kt_node *no)
{
    return kt_select(g, kt_binary(g, test, x, kt_scalar_as(g, at, x->dtype)), yes, no);
}

/* The activation of the class' name: HardSilu is hard_silu. */
static const kt_activation_type *named_as(const kt_layer *self, kt_call *c)
{
    const kt_activation_type *f = NULL;
    kt_str                    text = {0};

    kt_snake_case(&text, self->type->cls.class_name);
    if (text.failed)
        kt_raise_memory(c->g->fault);
    else
        f = kt_activation_find(&(kt_value){.kind = KT_STR, .s = kt_str_text(&text)}, c->g->fault);
    kt_str_free(&text);
    return f;
}

/* variant 1: integers stay integers. */
static void by_name(kt_layer *self, kt_call *c)
{
    const kt_activation_type *f = named_as(self, c);

    c->out[0] = f ? kt_activate(c->g, f, kt_real_of(self, c, 0)) : c->g->poison;
    if (self->type->variant == 1)
        c->out[0] = kt_cast(c->g, c->out[0], kt_tensor_of(self, c, 0)->dtype);
}

/* --- arguments ------------------------------------------------------------------------------- */

#define EXPONENTIAL(F, T) F(T, FLOAT, alpha, "1.0", "kept", "What it tends to below 0.")
KT_CONFIG_OF(exponential, EXPONENTIAL);

static void elu(kt_layer *self, kt_call *c)
{
    const exponential *cfg = self->config;

    c->out[0] = kt_unary_with(c->g, (kt_unary_attr){KT_UN_ELU, cfg->alpha, 0},
                              kt_real_of(self, c, 0));
}

/* alpha (exp(x / alpha) - 1) below 0, whatever the sign of alpha */
static void celu(kt_layer *self, kt_call *c)
{
    double   alpha = ((const exponential *)self->config)->alpha;
    kt_node *x = kt_real_of(self, c, 0), *above = kt_unary(c->g, KT_UN_RELU, x);
    kt_node *below = kt_mul_scalar(c->g, kt_sub(c->g, x, above), 1 / alpha);

    below = kt_mul_scalar(c->g, kt_unary(c->g, KT_UN_EXPM1, below), alpha);
    c->out[0] = kt_add(c->g, above, below);
}

#define LEAKY(F, T) F(T, FLOAT, negative_slope, "0.2", "kept", "The slope below 0.")
KT_CONFIG_OF(leaky, LEAKY);

static void leaky_relu(kt_layer *self, kt_call *c)
{
    kt_unary_attr f = {KT_UN_LEAKY_RELU, ((const leaky *)self->config)->negative_slope, 0};

    c->out[0] = kt_unary_with(c->g, f, kt_real_of(self, c, 0));
}

#define SHRINK(F, T) F(T, FLOAT, threshold, "0.5", "kept", "What lies nearer to 0 becomes 0.")
KT_CONFIG_OF(shrink, SHRINK);

static void hard_shrink(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_real_of(self, c, 0), *zero = kt_scalar_as(c->g, 0, x->dtype);

    c->out[0] = where(c->g, KT_BI_GREATER, kt_unary(c->g, KT_UN_ABS, x),
                      ((const shrink *)self->config)->threshold, x, zero);
}

static void soft_shrink(kt_layer *self, kt_call *c)
{
    double   t = ((const shrink *)self->config)->threshold;
    kt_node *x = kt_real_of(self, c, 0), *zero = kt_scalar_as(c->g, 0, x->dtype);
    kt_node *low = where(c->g, KT_BI_LESS, x, -t, kt_add_scalar(c->g, x, t), zero);

    c->out[0] = where(c->g, KT_BI_GREATER, x, t, kt_add_scalar(c->g, x, -t), low);
}

#define THRESHOLD(F, T)                                                                   \
    F(T, FLOAT, threshold, REQUIRED, "kept", "What is not above it becomes the default.") \
    F(T, FLOAT, default_value, REQUIRED, "kept", "The default.")
KT_CONFIG_OF(threshold, THRESHOLD);

static void above_threshold(kt_layer *self, kt_call *c)
{
    const threshold *cfg = self->config;
    kt_node         *x = kt_real_of(self, c, 0);

    c->out[0] = where(c->g, KT_BI_GREATER, x, cfg->threshold, x,
                      kt_scalar_as(c->g, cfg->default_value, x->dtype));
}

#define SQUAREPLUS(F, T) F(T, FLOAT, b, "4", "kept", "How smooth it is at 0.")
KT_CONFIG_OF(squareplus, SQUAREPLUS);

/* (x + sqrt(x^2 + b)) / 2 */
static void smooth_relu(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *x = kt_real_of(self, c, 0), *square = kt_unary(g, KT_UN_SQUARE, x);
    kt_node  *root = kt_unary(g, KT_UN_SQRT,
                              kt_add_scalar(g, square, ((const squareplus *)self->config)->b));

    c->out[0] = kt_mul_scalar(g, kt_add(g, x, root), 0.5);
}

#define GELU(F, T) F(T, BOOL, approximate, "True", "", "By tanh instead of erf.")
KT_CONFIG_OF(gelu, GELU);

/* x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))): Hendrycks and Gimpel 2016. */
static void gaussian(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *x = kt_real_of(self, c, 0);

    if (!((const gelu *)self->config)->approximate) {
        c->out[0] = kt_unary(g, KT_UN_GELU, x);
        return;
    }
    kt_node *cube = kt_mul(g, x, kt_unary(g, KT_UN_SQUARE, x));
    kt_node *inner = kt_mul_scalar(g, kt_add(g, x, kt_mul_scalar(g, cube, 0.044715)),
                                   0.79788456080286536);
    c->out[0] = kt_mul(g, kt_mul_scalar(g, x, 0.5),
                       kt_add_scalar(g, kt_unary(g, KT_UN_TANH, inner), 1));
}

/* --- along an axis: the activation works on the last one -------------------------------------- */

#define ALONG(F, T) F(T, ANY, axis, "-1", "", "The axis, or for softmax several.")
KT_CONFIG_OF(along, ALONG);

/* Exchanges two axes. */
static kt_node *exchange(kt_graph *g, kt_node *x, int a, int b)
{
    int perm[KT_MAX_RANK];

    for (int i = 0; i < x->shape.rank; i++)
        perm[i] = i == a ? b : i == b ? a : i;
    return a == b ? x : kt_transpose(g, x, perm);
}

static void along_axis(kt_layer *self, kt_call *c)
{
    const along              *cfg = self->config;
    const kt_activation_type *f = named_as(self, c);
    kt_node                  *x = kt_real_of(self, c, 0);
    int                       last = x->shape.rank - 1;
    int                       axis = kt_is_int(cfg->axis) ? kt_axis(&x->shape, cfg->axis->i) : -1;

    if (axis < 0) {
        kt_call_fail(self, c, KT_E_INVALID_ARGUMENT, "%s: there is no such axis in %s",
                     self->type->cls.class_name, kt_shape_text(&c->g->arena, &x->shape));
        c->out[0] = c->g->poison;
    } else if (axis == last && f) {
        c->out[0] = kt_activate(c->g, f, x);
    } else if (f) {
        c->out[0] = exchange(c->g, kt_activate(c->g, f, exchange(c->g, x, axis, last)), axis, last);
    }
}

/* --- as Keras infers it --- */

enum { ONE_AXIS = 1 }; /* no list of them */

static int infer_along(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_value *axis = ((const along *)self->config)->axis;
    bool            several = kt_value_is_seq(axis) && self->type->variant != ONE_AXIS;
    kt_ints         axes = {.n = several ? (int)axis->n : 1};

    if (kt_is_none(axis))
        return kt_infer_same(self, c, out);
    for (int i = 0; i < axes.n && axes.n <= KT_MAX_RANK; i++) {
        const kt_value *v = several ? axis->items[i] : axis;
        if (!kt_is_int(v)) {
            kt_stumble("range(x)", v, false, c->g->fault);
            return 0;
        }
        axes.v[i] = v->i;
    }
    return axes.n <= KT_MAX_RANK ? kt_infer_along(self, c, &axes, out) : 0;
}

/* Half of the axis gates the other. */
static int infer_glu(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_value *axis = ((const along *)self->config)->axis;
    kt_shape        s;

    kt_argument_shapes(self, c, 1, &s);
    if (!kt_is_int(axis)) {
        kt_stumble("list[x]", axis, false, c->g->fault);
        return 0;
    }
    int at = kt_axis(&s, axis->i);
    if (at < 0)
        return kt_no_index(self, c, "list");
    if (s.dim[at] != KT_UNKNOWN && s.dim[at] % 2 != 0)
        return kt_refuses(self, c,
                          "axis size must be divisible by 2. Received: x.shape=%s with axis=%lld",
                          kt_shape_text(&c->g->arena, &s), (long long)axis->i);
    s.dim[at] = s.dim[at] == KT_UNKNOWN ? KT_UNKNOWN : s.dim[at] / 2;
    return kt_infers(out, s);
}

#define ROWS(F)                                                                    \
    F(Relu, nn, &kt_no_config, "x", by_name, 1)                                    \
    F(Relu6, nn, &kt_no_config, "x", by_name, 1)                                   \
    F(Sigmoid, nn, &kt_no_config, "x", by_name, 0)                                 \
    F(Silu, nn, &kt_no_config, "x", by_name, 0)                                    \
    F(Softplus, nn, &kt_no_config, "x", by_name, 0)                                \
    F(Softsign, nn, &kt_no_config, "x", by_name, 0)                                \
    F(Selu, nn, &kt_no_config, "x", by_name, 0)                                    \
    F(HardSigmoid, nn, &kt_no_config, "x", by_name, 0)                             \
    F(HardSilu, nn, &kt_no_config, "x", by_name, 0)                                \
    F(HardTanh, nn, &kt_no_config, "x", by_name, 0)                                \
    F(TanhShrink, nn, &kt_no_config, "x", by_name, 0)                              \
    F(LogSigmoid, nn, &kt_no_config, "x", by_name, 0)                              \
    F(SparsePlus, nn, &kt_no_config, "x", by_name, 0)                              \
    F(SparseSigmoid, nn, &kt_no_config, "x", by_name, 0)                           \
    F(Elu, nn, &exponential_type, "x", elu, 0)                                     \
    F(Celu, nn, &exponential_type, "x", celu, 0)                                   \
    F(LeakyRelu, nn, &leaky_type, "x", leaky_relu, 0)                              \
    F(HardShrink, nn, &shrink_type, "x", hard_shrink, 0)                           \
    F(SoftShrink, nn, &shrink_type, "x", soft_shrink, 0)                           \
    F(Threshold, nn, &threshold_type, "x", above_threshold, 0)                     \
    F(Squareplus, nn, &squareplus_type, "x", smooth_relu, 0)                       \
    F(Gelu, nn, &gelu_type, "x", gaussian, 0)                                      \
    F(Softmax, nn, &along_type, "x", along_axis, 0, .infer = infer_along)          \
    F(LogSoftmax, nn, &along_type, "x", along_axis, 0, .infer = infer_along)       \
    F(Sparsemax, nn, &along_type, "x", along_axis, ONE_AXIS, .infer = infer_along) \
    F(Glu, nn, &along_type, "x", along_axis, 0, .infer = infer_glu)
KT_OPERATIONS(activations, ROWS);
