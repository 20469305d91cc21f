/* rectifiers.c - ReLU, LeakyReLU, ELU, PReLU: layers that treat what is below 0 in another way. */
#include "nn/layer.h"

/* Raises "<words> Received: name=value" with the value as Python prints it. */
static kt_status refuse(kt_layer *self, const char *words, const char *name, const kt_value *v)
{
    kt_str text = {0};

    kt_python_str(&text, v);
    kt_layer_fail(self, KT_E_VALUE, "%s Received: %s=%s", words, name, kt_str_text(&text));
    kt_str_free(&text);
    return kt_layer_status(self);
}

static bool negative_or_none(const kt_value *v)
{
    double x = 0;

    return !kt_value_number(v, &x) || x < 0;
}

static double number(const kt_value *v)
{
    double x = 0;

    (void)kt_value_number(v, &x);
    return x;
}

/* --- ReLU ------------------------------------------------------------------------------------- */

#define RELU(F, T)                                                                   \
    F(T, ANY, max_value, "None", "float", "The most that it gives; None: no limit.") \
    F(T, ANY, negative_slope, "0.0", "float", "The slope below the threshold.")      \
    F(T, ANY, threshold, "0.0", "float", "Where x begins to count.")
KT_CONFIG_OF(relu, RELU);

static kt_status check_relu(kt_layer *self)
{
    const relu *c = self->config;

    const kt_value *all[] = {c->max_value, c->negative_slope, c->threshold};

    for (int i = 0; i < 3; i++)
        if (!kt_is_none(all[i]) && !kt_python_orders(self, all[i], "<", "float", 0))
            return kt_layer_status(self);
    if (!kt_is_none(c->max_value) && negative_or_none(c->max_value))
        return refuse(self, "max_value of a ReLU layer cannot be a negative value.", "max_value",
                      c->max_value);
    if (negative_or_none(c->negative_slope))
        return refuse(self, "negative_slope of a ReLU layer cannot be None or a negative value.",
                      "negative_slope", c->negative_slope);
    if (negative_or_none(c->threshold))
        return refuse(self, "threshold of a ReLU layer cannot be None or a negative value.",
                      "threshold", c->threshold);
    return KT_OK;
}

/* x above the threshold, at most max_value; below it slope (x - threshold). */
static kt_node *call_relu(kt_layer *self, kt_call *c, kt_node *x)
{
    const relu *cfg = self->config;
    double      t = number(cfg->threshold), slope = number(cfg->negative_slope);
    kt_graph   *g = c->g;

    if (t == 0 && kt_is_none(cfg->max_value))
        return slope == 0 ? kt_unary(g, KT_UN_RELU, x)
                          : kt_unary_with(g, (kt_unary_attr){KT_UN_LEAKY_RELU, slope, 0}, x);
    kt_node *at = kt_scalar_as(g, t, x->dtype), *zero = kt_scalar_as(g, 0, x->dtype);
    kt_node *above = kt_binary(g, KT_BI_GREATER, x, at);
    kt_node *most = x;
    if (!kt_is_none(cfg->max_value))
        most = kt_binary(g, KT_BI_MINIMUM, x, kt_scalar_as(g, number(cfg->max_value), x->dtype));
    kt_node *below = slope == 0 ? zero : kt_mul_scalar(g, kt_sub(g, x, at), slope);
    return kt_select(g, above, most, below);
}

/* --- LeakyReLU, ELU --------------------------------------------------------------------------- */

#define LEAKY(F, T)                                                 \
    F(T, ANY, negative_slope, "0.3", "float", "The slope below 0.") \
    F(T, ANY, alpha, "None", "", "What negative_slope was called in Keras 2.")
KT_CONFIG_OF(leaky, LEAKY);

static kt_status check_leaky(kt_layer *self)
{
    leaky *c = self->config;

    if (!kt_is_none(c->alpha))
        c->negative_slope = c->alpha;
    if (!kt_is_none(c->negative_slope) && !kt_python_orders(self, c->negative_slope, "<", "int", 0))
        return kt_layer_status(self);
    return negative_or_none(c->negative_slope)
             ? refuse(self,
                      "The negative_slope value of a Leaky ReLU layer cannot be None or negative "
                      "value. Expected a float.",
                      "negative_slope", c->negative_slope)
             : KT_OK;
}

static kt_node *call_leaky(kt_layer *self, kt_call *c, kt_node *x)
{
    const leaky  *cfg = self->config;
    kt_unary_attr f = {KT_UN_LEAKY_RELU, number(cfg->negative_slope), 0};

    return kt_unary_with(c->g, f, x);
}

#define ELU(F, T) F(T, FLOAT, alpha, "1.0", "kept", "What it tends to, negative, below 0.")
KT_CONFIG_OF(elu, ELU);

static kt_node *call_elu(kt_layer *self, kt_call *c, kt_node *x)
{
    return kt_unary_with(c->g, (kt_unary_attr){KT_UN_ELU, ((const elu *)self->config)->alpha, 0},
                         x);
}

/* --- PReLU ------------------------------------------------------------------------------------ */

#define PRELU(F, T)                                                               \
    F(T, OBJ, alpha_initializer, "Zeros", "initializer", "How the slopes start.") \
    F(T, OBJ, alpha_regularizer, "None", "regularizer", "Penalty on the slopes.") \
    F(T, OBJ, alpha_constraint, "None", "constraint",                             \
      "Projection of the slopes after each update.")                              \
    F(T, ANY, shared_axes, "None", "ints", "Axes, from 1, along which slopes are the same.")
KT_CONFIG_OF(prelu, PRELU);

static kt_status check_prelu(kt_layer *self)
{
    prelu    *c = self->config;
    kt_value *list;

    if (kt_is_none(c->shared_axes) || c->shared_axes->kind == KT_LIST)
        return KT_OK;
    list = kt_value_new(&self->arena, KT_LIST);
    bool   several = c->shared_axes->kind == KT_TUPLE;
    size_t n = several ? c->shared_axes->n : 1;
    for (size_t i = 0; list && i < n; i++)
        if (!kt_value_add(
                &self->arena, list, NULL,
                kt_value_copy(&self->arena, several ? c->shared_axes->items[i] : c->shared_axes)))
            list = NULL;
    c->shared_axes = list;
    return list ? KT_OK : kt_raise_memory(&self->fault);
}

static bool is_shared(const prelu *c, int64_t axis)
{
    for (size_t i = 0; c->shared_axes && i < c->shared_axes->n; i++)
        if (kt_is_int(c->shared_axes->items[i]) && c->shared_axes->items[i]->i == axis)
            return true;
    return false;
}

static kt_status share_axes(kt_layer *self, const prelu *c, kt_shape *alpha)
{
    for (size_t i = 0; c->shared_axes && i < c->shared_axes->n; i++) {
        const kt_value *v = c->shared_axes->items[i];
        if (!kt_is_int(v))
            return kt_layer_fail(self, KT_E_TYPE,
                                 "unsupported operand type(s) for -: '%s' and 'int'",
                                 kt_python_type(v));
        int64_t at = v->i - 1 < 0 ? v->i - 1 + alpha->rank : v->i - 1;
        if (at < 0 || at >= alpha->rank)
            return kt_layer_fail(self, KT_E_INDEX, "list assignment index out of range");
        alpha->dim[at] = 1;
    }
    return KT_OK;
}

static kt_status build_prelu(kt_layer *self, int n_in, const kt_shape *in)
{
    const prelu   *c = self->config;
    kt_shape       alpha = kt_shape_slice(&in[0], 1, in[0].rank);
    kt_input_spec *spec = &self->spec[0];

    (void)n_in;
    if (share_axes(self, c, &alpha) != KT_OK ||
        !kt_add_weight(self, "alpha", alpha, c->alpha_initializer, c->alpha_regularizer,
                       c->alpha_constraint, true))
        return kt_layer_status(self);
    self->n_spec = 1;
    spec->ndim = in[0].rank;
    for (int i = 1; c->shared_axes && c->shared_axes->n && i < in[0].rank; i++)
        if (!is_shared(c, i))
            kt_expect_axis(self, i, in[0].dim[i]);
    return kt_layer_status(self);
}

static kt_node *call_prelu(kt_layer *self, kt_call *c, kt_node *x)
{
    kt_graph *g = c->g;

    if (c->t->lenient) /* whatever the sizes are, they stay */
        return x;
    kt_node *below = kt_unary(g, KT_UN_RELU, kt_unary(g, KT_UN_NEG, x));
    return kt_sub(g, kt_unary(g, KT_UN_RELU, x), kt_mul(g, kt_weight(self, c, "alpha"), below));
}

/* --- types ------------------------------------------------------------------------------------ */

#define RECTIFIER(name, fields, hidden, sentence, ...)                           \
    {                                                                            \
        .cls = {.class_name = name,                                              \
                .module = "keras.layers",                                        \
                .config = fields,                                                \
                .unwritten = hidden,                                             \
                .summary = sentence},                                            \
        .input = {.dtype = -1}, .sample_input = "(2, 3); (2, 3, 4)", __VA_ARGS__ \
    }
static const kt_layer_type types[] = {
    RECTIFIER("ReLU", &relu_type, NULL, "max(x, 0), with a limit, a slope and a threshold.",
              .flags = KT_LAYER_MASKING | KT_LAYER_READY | KT_LAYER_FUNCTION, .check = check_relu,
              .call1 = call_relu,
              .sample = "ReLU(); ReLU(max_value=0.5, negative_slope=0.1, threshold=0.2)"),
    RECTIFIER("LeakyReLU", &leaky_type, "alpha", "x where it is positive, else a share of it.",
              .flags = KT_LAYER_MASKING | KT_LAYER_READY | KT_LAYER_FUNCTION, .check = check_leaky,
              .call1 = call_leaky, .sample = "LeakyReLU(); LeakyReLU(alpha=0.2)"),
    RECTIFIER("ELU", &elu_type, NULL, "x where it is positive, else alpha (exp(x) - 1).",
              .flags = KT_LAYER_MASKING | KT_LAYER_READY | KT_LAYER_FUNCTION, .call1 = call_elu,
              .sample = "ELU(); ELU(alpha=0.5)"),
    RECTIFIER("PReLU", &prelu_type, NULL, "x where it is positive, else a learned share of it.",
              .flags = KT_LAYER_MASKING, .check = check_prelu, .build = build_prelu,
              .call1 = call_prelu,
              .sample = "PReLU(alpha_initializer=Constant(0.2)); PReLU(shared_axes=[1])"),
};

const kt_layer_type *const kt_layers_rectifiers[] = {&types[0], &types[1], &types[2], &types[3],
                                                     NULL};
