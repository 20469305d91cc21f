/* elementwise.c - operations on one tensor, element by element. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <math.h>

/* --- rows of KT_UNARY_LIST: integers keep their dtype, or become real --- */

static void keep(kt_layer *self, kt_call *c)
{
    c->out[0] = kt_unary(c->g, (kt_unary_fn)self->type->variant, kt_tensor_of(self, c, 0));
}

/* Truth as integers. */
static void square(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);

    c->out[0] = kt_unary(c->g, KT_UN_SQUARE,
                         kt_cast(c->g, x, x->dtype == KT_BOOLEAN ? KT_I32 : x->dtype));
}

static void real(kt_layer *self, kt_call *c)
{
    c->out[0] = kt_unary(c->g, (kt_unary_fn)self->type->variant, kt_real_of(self, c, 0));
}

/* floor, ceil, trunc: there is nothing to do for integers. */
static void whole(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);

    c->out[0] = kt_dtype_is_float(x->dtype) ? kt_unary(c->g, (kt_unary_fn)self->type->variant, x)
                                            : x;
}

/* --- compositions --- */

static void scaled(kt_layer *self, kt_call *c, double factor)
{
    c->out[0] = kt_mul_scalar(c->g, kt_real_of(self, c, 0), factor);
}

static void deg2rad(kt_layer *self, kt_call *c)
{
    scaled(self, c, 0.017453292519943295);
}

static void rad2deg(kt_layer *self, kt_call *c)
{
    scaled(self, c, 57.295779513082323);
}

/* sin(pi x) / (pi x), 1 at 0 */
static void sinc(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *x = kt_mul_scalar(g, kt_real_of(self, c, 0), 3.14159265358979323846);
    kt_node  *zero = kt_scalar_as(g, 0, x->dtype), *one = kt_scalar_as(g, 1, x->dtype);
    kt_node  *at_zero = kt_binary(g, KT_BI_EQUAL, x, zero);
    kt_node  *safe = kt_select(g, at_zero, one, x);

    c->out[0] = kt_select(g, at_zero, one, kt_div(g, kt_unary(g, KT_UN_SIN, safe), safe));
}

/* The tensor itself: these mean something else of complex numbers only. */
static void same(kt_layer *self, kt_call *c)
{
    c->out[0] = kt_tensor_of(self, c, 0);
}

static void imag(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);

    c->out[0] = kt_broadcast_to(c->g, kt_scalar_as(c->g, 0, x->dtype), x->shape);
}

/* 0 of positive, pi of negative numbers. */
static void angle(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *x = kt_real_of(self, c, 0), *zero = kt_scalar_as(g, 0, x->dtype);

    c->out[0] = kt_select(g, kt_binary(g, KT_BI_LESS, x, zero),
                          kt_scalar_as(g, 3.14159265358979323846, x->dtype), zero);
}

static void isfinite_(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);
    kt_node *bad = kt_binary(c->g, KT_BI_OR, kt_unary(c->g, KT_UN_IS_NAN, x),
                             kt_unary(c->g, KT_UN_IS_INF, x));

    c->out[0] = kt_unary(c->g, KT_UN_NOT, bad);
}

static void infinite(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);
    kt_node *at = kt_scalar_as(c->g, self->type->variant > 0 ? HUGE_VAL : -HUGE_VAL,
                               kt_real_dtype(x->dtype));

    c->out[0] = kt_binary(c->g, KT_BI_EQUAL, x, at);
}

static void isreal(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);

    c->out[0] = kt_broadcast_to(c->g, kt_scalar_as(c->g, 1, KT_BOOLEAN), x->shape);
}

/* --- rounding --- */

#define ROUND(F, T) F(T, INT, decimals, "0", "kept", "Digits behind the point; below 0: before it.")
KT_CONFIG_OF(rounding, ROUND);

/* Halves go to the even one. */
static void rounded(kt_layer *self, kt_call *c)
{
    int64_t  decimals = ((const rounding *)self->config)->decimals;
    kt_node *x = kt_tensor_of(self, c, 0);
    double   factor = pow(10, (double)decimals);

    c->out[0] = x;
    if (!kt_dtype_is_float(x->dtype) && decimals >= 0)
        return;
    kt_node *y = kt_cast(c->g, x, kt_real_dtype(x->dtype));
    y = kt_unary(c->g, KT_UN_ROUND, decimals ? kt_mul_scalar(c->g, y, factor) : y);
    c->out[0] = kt_cast(c->g, decimals ? kt_mul_scalar(c->g, y, 1 / factor) : y, x->dtype);
}

#define ROWS(F)                                                      \
    F(Absolute, numpy, &kt_no_config, "x", keep, KT_UN_ABS)          \
    F(Abs, numpy, &kt_no_config, "x", keep, KT_UN_ABS)               \
    F(Negative, numpy, &kt_no_config, "x", keep, KT_UN_NEG)          \
    F(Sign, numpy, &kt_no_config, "x", keep, KT_UN_SIGN)             \
    F(Square, numpy, &kt_no_config, "x", square, 0)                  \
    F(Isnan, numpy, &kt_no_config, "x", keep, KT_UN_IS_NAN)          \
    F(Isinf, numpy, &kt_no_config, "x", keep, KT_UN_IS_INF)          \
    F(Signbit, numpy, &kt_no_config, "x", keep, KT_UN_SIGNBIT)       \
    F(LogicalNot, numpy, &kt_no_config, "x", keep, KT_UN_NOT)        \
    F(Fabs, numpy, &kt_no_config, "x", real, KT_UN_ABS)              \
    F(Sqrt, numpy, &kt_no_config, "x", real, KT_UN_SQRT)             \
    F(Cbrt, numpy, &kt_no_config, "x", real, KT_UN_CBRT)             \
    F(Rsqrt, math, &kt_no_config, "x", real, KT_UN_RSQRT)            \
    F(Reciprocal, numpy, &kt_no_config, "x", real, KT_UN_RECIPROCAL) \
    F(Exp, numpy, &kt_no_config, "x", real, KT_UN_EXP)               \
    F(Exp2, numpy, &kt_no_config, "x", real, KT_UN_EXP2)             \
    F(Expm1, numpy, &kt_no_config, "x", real, KT_UN_EXPM1)           \
    F(Log, numpy, &kt_no_config, "x", real, KT_UN_LOG)               \
    F(Log2, numpy, &kt_no_config, "x", real, KT_UN_LOG2)             \
    F(Log10, numpy, &kt_no_config, "x", real, KT_UN_LOG10)           \
    F(Log1p, numpy, &kt_no_config, "x", real, KT_UN_LOG1P)           \
    F(Sin, numpy, &kt_no_config, "x", real, KT_UN_SIN)               \
    F(Cos, numpy, &kt_no_config, "x", real, KT_UN_COS)               \
    F(Tan, numpy, &kt_no_config, "x", real, KT_UN_TAN)               \
    F(Arcsin, numpy, &kt_no_config, "x", real, KT_UN_ASIN)           \
    F(Arccos, numpy, &kt_no_config, "x", real, KT_UN_ACOS)           \
    F(Arctan, numpy, &kt_no_config, "x", real, KT_UN_ATAN)           \
    F(Sinh, numpy, &kt_no_config, "x", real, KT_UN_SINH)             \
    F(Cosh, numpy, &kt_no_config, "x", real, KT_UN_COSH)             \
    F(Tanh, numpy, &kt_no_config, "x", real, KT_UN_TANH)             \
    F(Arcsinh, numpy, &kt_no_config, "x", real, KT_UN_ASINH)         \
    F(Arccosh, numpy, &kt_no_config, "x", real, KT_UN_ACOSH)         \
    F(Arctanh, numpy, &kt_no_config, "x", real, KT_UN_ATANH)         \
    F(Erf, math, &kt_no_config, "x", real, KT_UN_ERF)                \
    F(Erfc, math, &kt_no_config, "x", real, KT_UN_ERFC)              \
    F(Erfinv, math, &kt_no_config, "x", real, KT_UN_ERFINV)          \
    F(I0, numpy, &kt_no_config, "x", real, KT_UN_BESSEL_I0)          \
    F(Floor, numpy, &kt_no_config, "x", real, KT_UN_FLOOR)           \
    F(Ceil, numpy, &kt_no_config, "x", real, KT_UN_CEIL)             \
    F(Trunc, numpy, &kt_no_config, "x", whole, KT_UN_TRUNC)          \
    F(Deg2rad, numpy, &kt_no_config, "x", deg2rad, 0)                \
    F(Rad2deg, numpy, &kt_no_config, "x", rad2deg, 0)                \
    F(Sinc, numpy, &kt_no_config, "x", sinc, 0)                      \
    F(Copy, numpy, &kt_no_config, "x", same, 0)                      \
    F(Conjugate, numpy, &kt_no_config, "x", same, 0)                 \
    F(Conj, numpy, &kt_no_config, "x", same, 0)                      \
    F(Real, numpy, &kt_no_config, "x", same, 0)                      \
    F(Imag, numpy, &kt_no_config, "x", imag, 0)                      \
    F(Angle, numpy, &kt_no_config, "x", angle, 0)                    \
    F(Isfinite, numpy, &kt_no_config, "x", isfinite_, 0)             \
    F(Isposinf, numpy, &kt_no_config, "x", infinite, 1)              \
    F(Isneginf, numpy, &kt_no_config, "x", infinite, -1)             \
    F(Isreal, numpy, &kt_no_config, "x", isreal, 0)                  \
    F(Round, numpy, &rounding_type, "x", rounded, 0)
KT_OPERATIONS(elementwise, ROWS);
