/* arithmetic.c - operations on two tensors, element by element. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

typedef struct pair {
    kt_node *x, *z;
} pair;

/* Both operands in the dtype that Keras gives the result; `least` as for kt_result_dtype. */
static pair operands(kt_layer *self, kt_call *c, kt_weak least)
{
    kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_dtype   dtype = kt_result_dtype(x, 2, least);

    if (!kt_graph_failed(c->g) && !kt_fits_broadcast(c, &x[0].node->shape, &x[1].node->shape))
        return (pair){c->g->poison, c->g->poison};
    return (pair){kt_as(c, x[0], dtype), kt_as(c, x[1], dtype)};
}

static kt_node *number(kt_call *c, double v, const kt_node *like)
{
    return kt_scalar_as(c->g, v, like->dtype);
}

/* --- rows of KT_BINARY_LIST --- */

static void plain(kt_layer *self, kt_call *c)
{
    pair p = operands(self, c, KT_STRONG);

    c->out[0] = kt_binary(c->g, (kt_binary_fn)self->type->variant, p.x, p.z);
}

/* The result is real also of integers. */
static void real(kt_layer *self, kt_call *c)
{
    pair p = operands(self, c, KT_WEAK_FLOAT);

    c->out[0] = kt_binary(c->g, (kt_binary_fn)self->type->variant, p.x, p.z);
}

/* --- compositions --- */

static void logical_xor(kt_layer *self, kt_call *c)
{
    pair p = operands(self, c, KT_STRONG);

    c->out[0] = kt_binary(c->g, KT_BI_NOT_EQUAL, kt_cast(c->g, p.x, KT_BOOLEAN),
                          kt_cast(c->g, p.z, KT_BOOLEAN));
}

static void floor_divide(kt_layer *self, kt_call *c)
{
    pair     p = operands(self, c, KT_STRONG);
    kt_dtype dtype = p.x->dtype == KT_BOOLEAN ? KT_I32 : p.x->dtype;

    c->out[0] = kt_cast(c->g, kt_unary(c->g, KT_UN_FLOOR, kt_div(c->g, p.x, p.z)), dtype);
}

/* x - trunc(x / z) z: the sign of x. */
static void fmod_(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    pair      p = operands(self, c, KT_STRONG);
    kt_node  *whole = kt_cast(g, kt_unary(g, KT_UN_TRUNC, kt_div(g, p.x, p.z)), p.x->dtype);

    c->out[0] = kt_sub(g, p.x, kt_mul(g, whole, p.z));
}

/* The operand that is a number, where the other is none. */
static void ignoring_nan(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    pair      p = operands(self, c, KT_STRONG);
    kt_node  *x = kt_select(g, kt_unary(g, KT_UN_IS_NAN, p.x), p.z, p.x);
    kt_node  *z = kt_select(g, kt_unary(g, KT_UN_IS_NAN, p.z), p.x, p.z);

    c->out[0] = kt_binary(g, (kt_binary_fn)self->type->variant, x, z);
}

/* log(exp(x) + exp(z)) = max + log1p(exp(-|x - z|)) */
static kt_node *logaddexp(kt_graph *g, kt_node *x, kt_node *z)
{
    kt_node *most = kt_binary(g, KT_BI_MAXIMUM, x, z);
    kt_node *less = kt_unary(g, KT_UN_NEG, kt_unary(g, KT_UN_ABS, kt_sub(g, x, z)));

    return kt_add(g, most, kt_unary(g, KT_UN_LOG1P, kt_unary(g, KT_UN_EXP, less)));
}

static void log_of_sum(kt_layer *self, kt_call *c)
{
    pair p = operands(self, c, KT_WEAK_FLOAT);

    c->out[0] = logaddexp(c->g, p.x, p.z);
}

static void log_of_sum_2(kt_layer *self, kt_call *c)
{
    static const double ln2 = 0.69314718055994531;
    pair                p = operands(self, c, KT_WEAK_FLOAT);
    kt_node *y = logaddexp(c->g, kt_mul_scalar(c->g, p.x, ln2), kt_mul_scalar(c->g, p.z, ln2));

    c->out[0] = kt_mul_scalar(c->g, y, 1 / ln2);
}

static void hypot_(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    pair      p = operands(self, c, KT_WEAK_FLOAT);
    kt_node  *x = kt_unary(g, KT_UN_ABS, p.x), *z = kt_unary(g, KT_UN_ABS, p.z);
    kt_node  *most = kt_binary(g, KT_BI_MAXIMUM, x, z), *least = kt_binary(g, KT_BI_MINIMUM, x, z);
    kt_node  *ratio = kt_binary(g, KT_BI_DIV_NO_NAN, least, most);
    kt_node  *root = kt_unary(g, KT_UN_SQRT, kt_add_scalar(g, kt_unary(g, KT_UN_SQUARE, ratio), 1));

    c->out[0] = kt_mul(g, most, root);
}

static void arctan2(kt_layer *self, kt_call *c)
{
    pair p = operands(self, c, KT_WEAK_FLOAT);

    c->out[0] = kt_angle(c->g, p.x, p.z);
}

/* 0 below 0, 1 above, x2 at 0. */
static void heaviside(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    pair      p = operands(self, c, KT_WEAK_FLOAT);
    kt_node  *zero = number(c, 0, p.x);
    kt_node  *above = kt_select(g, kt_binary(g, KT_BI_LESS, p.x, zero), zero, number(c, 1, p.x));

    c->out[0] = kt_select(g, kt_binary(g, KT_BI_EQUAL, p.x, zero), p.z, above);
}

/* x1 * 2 ** x2, where x2 is whole. */
static void ldexp_(kt_layer *self, kt_call *c)
{
    kt_graph  *g = c->g;
    kt_operand x = kt_operand_of(self, c, 0), z = kt_operand_of(self, c, 1);
    kt_dtype   dtype = kt_real_dtype(x.node->dtype);

    c->out[0] = kt_mul(g, kt_as(c, x, dtype), kt_unary(g, KT_UN_EXP2, kt_as(c, z, dtype)));
}

#define ROWS(F)                                                                \
    F(Add, numpy, &kt_no_config, "x1 x2", plain, KT_BI_ADD)                    \
    F(Subtract, numpy, &kt_no_config, "x1 x2", plain, KT_BI_SUB)               \
    F(Multiply, numpy, &kt_no_config, "x1 x2", plain, KT_BI_MUL)               \
    F(Divide, numpy, &kt_no_config, "x1 x2", real, KT_BI_DIV)                  \
    F(TrueDivide, numpy, &kt_no_config, "x1 x2", real, KT_BI_DIV)              \
    F(DivideNoNan, numpy, &kt_no_config, "x1 x2", real, KT_BI_DIV_NO_NAN)      \
    F(FloorDivide, numpy, &kt_no_config, "x1 x2", floor_divide, 0)             \
    F(Power, numpy, &kt_no_config, "x1 x2", plain, KT_BI_POW)                  \
    F(Maximum, numpy, &kt_no_config, "x1 x2", plain, KT_BI_MAXIMUM)            \
    F(Minimum, numpy, &kt_no_config, "x1 x2", plain, KT_BI_MINIMUM)            \
    F(Fmax, numpy, &kt_no_config, "x1 x2", ignoring_nan, KT_BI_MAXIMUM)        \
    F(Fmin, numpy, &kt_no_config, "x1 x2", ignoring_nan, KT_BI_MINIMUM)        \
    F(Mod, numpy, &kt_no_config, "x1 x2", plain, KT_BI_MOD)                    \
    F(Fmod, numpy, &kt_no_config, "x1 x2", fmod_, 0)                           \
    F(Equal, numpy, &kt_no_config, "x1 x2", plain, KT_BI_EQUAL)                \
    F(NotEqual, numpy, &kt_no_config, "x1 x2", plain, KT_BI_NOT_EQUAL)         \
    F(Less, numpy, &kt_no_config, "x1 x2", plain, KT_BI_LESS)                  \
    F(LessEqual, numpy, &kt_no_config, "x1 x2", plain, KT_BI_LESS_EQUAL)       \
    F(Greater, numpy, &kt_no_config, "x1 x2", plain, KT_BI_GREATER)            \
    F(GreaterEqual, numpy, &kt_no_config, "x1 x2", plain, KT_BI_GREATER_EQUAL) \
    F(LogicalAnd, numpy, &kt_no_config, "x1 x2", plain, KT_BI_AND)             \
    F(LogicalOr, numpy, &kt_no_config, "x1 x2", plain, KT_BI_OR)               \
    F(LogicalXor, numpy, &kt_no_config, "x1 x2", logical_xor, 0)               \
    F(Logaddexp, numpy, &kt_no_config, "x1 x2", log_of_sum, 0)                 \
    F(Logaddexp2, numpy, &kt_no_config, "x1 x2", log_of_sum_2, 0)              \
    F(Hypot, numpy, &kt_no_config, "x1 x2", hypot_, 0)                         \
    F(Arctan2, numpy, &kt_no_config, "x1 x2", arctan2, 0)                      \
    F(Heaviside, numpy, &kt_no_config, "x1 x2", heaviside, 0)                  \
    F(Ldexp, numpy, &kt_no_config, "x1 x2", ldexp_, 0, .infer = kt_infer_broadcast)
KT_OPERATIONS(arithmetic, ROWS);
