/* elementwise.c - operations that are one scalar function of one tensor. */
#include "nn/operation.h"
#include "ops/ops.h"

/* Integers keep their dtype. */
static void keep(kt_layer *self, kt_call *c)
{
    kt_operand x = kt_operand_of(self, c, 0);

    c->out[0] = x.node ? kt_unary(c->g, (kt_unary_fn)self->type->variant, x.node) : c->g->poison;
}

/* Integers become real numbers first. */
static void real(kt_layer *self, kt_call *c)
{
    kt_operand x = kt_operand_of(self, c, 0);
    kt_node   *y = x.node ? kt_as(c, x, kt_real_dtype(x.node->dtype)) : c->g->poison;

    c->out[0] = kt_unary(c->g, (kt_unary_fn)self->type->variant, y);
}

#define ROWS(F)                                                      \
    F(Absolute, numpy, &kt_no_config, "x", keep, KT_UN_ABS)          \
    F(Negative, numpy, &kt_no_config, "x", keep, KT_UN_NEG)          \
    F(Sign, numpy, &kt_no_config, "x", keep, KT_UN_SIGN)             \
    F(Square, numpy, &kt_no_config, "x", keep, KT_UN_SQUARE)         \
    F(Isnan, numpy, &kt_no_config, "x", keep, KT_UN_IS_NAN)          \
    F(LogicalNot, numpy, &kt_no_config, "x", keep, KT_UN_NOT)        \
    F(Sqrt, numpy, &kt_no_config, "x", real, KT_UN_SQRT)             \
    F(Rsqrt, math, &kt_no_config, "x", real, KT_UN_RSQRT)            \
    F(Reciprocal, numpy, &kt_no_config, "x", real, KT_UN_RECIPROCAL) \
    F(Exp, numpy, &kt_no_config, "x", real, KT_UN_EXP)               \
    F(Expm1, numpy, &kt_no_config, "x", real, KT_UN_EXPM1)           \
    F(Log, numpy, &kt_no_config, "x", real, KT_UN_LOG)               \
    F(Log1p, numpy, &kt_no_config, "x", real, KT_UN_LOG1P)           \
    F(Sin, numpy, &kt_no_config, "x", real, KT_UN_SIN)               \
    F(Cos, numpy, &kt_no_config, "x", real, KT_UN_COS)               \
    F(Tanh, numpy, &kt_no_config, "x", real, KT_UN_TANH)             \
    F(Floor, numpy, &kt_no_config, "x", real, KT_UN_FLOOR)           \
    F(Ceil, numpy, &kt_no_config, "x", real, KT_UN_CEIL)
KT_OPERATIONS(elementwise, ROWS);
