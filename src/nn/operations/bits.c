/* bits.c - operations on the bits and divisors of integers, and the next number of a format. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

/* Both operands in their common dtype, which must be one of integers. */
static void pair(kt_layer *self, kt_call *c)
{
    kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_dtype   dtype = kt_result_dtype(x, 2, KT_STRONG);

    bool divisor = self->type->variant == KT_PA_GCD || self->type->variant == KT_PA_LCM;
    if (!c->t->eager && !kt_graph_failed(c->g)) {
        const kt_shape *a = &x[0].node->shape, *b = &x[1].node->shape;
        kt_shape        y = *a; /* of bits Keras takes the first one's, whatever both are */
        if (!divisor || (kt_fits_broadcast(c, a, b) && kt_shape_broadcast(a, b, &y)))
            c->out[0] = kt_unsized(c, dtype, y);
        return;
    }
    if (!kt_dtype_is_int(dtype)) {
        c->out[0] = kt_call_fail(self, c, KT_E_TYPE, "Layer '%s': the arguments must be integers",
                                 self->name);
        return;
    }
    c->out[0] = kt_pair(c->g, (kt_pair_fn)self->type->variant, kt_as(c, x[0], dtype),
                        kt_as(c, x[1], dtype));
}

/* All bits the other way: -1 - x, or 255 - x where there is no sign. */
static void invert(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);

    if (!c->t->eager && !kt_graph_failed(c->g)) {
        c->out[0] = kt_unsized(c, x->dtype, x->shape);
        return;
    }
    if (!kt_dtype_is_int(x->dtype) && !kt_is_poison(c->g, x)) {
        c->out[0] = kt_call_fail(self, c, KT_E_TYPE, "Layer '%s': the argument must be integers",
                                 self->name);
        return;
    }
    c->out[0] = kt_pair(c->g, KT_PA_XOR, x,
                        kt_scalar_as(c->g,
                                     kt_dtype_is_unsigned(x->dtype) ? kt_dtype_most(x->dtype) : -1,
                                     x->dtype));
}

/* Keras looks for the next number in float64, whatever the dtype: of float32 nothing is left of
 * the step but near 0. */
static void nextafter_(kt_layer *self, kt_call *c)
{
    kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_dtype   dtype = kt_result_dtype(x, 2, KT_WEAK_FLOAT);
    kt_node   *y = kt_pair(c->g, KT_PA_NEXTAFTER, kt_as(c, x[0], KT_F64), kt_as(c, x[1], KT_F64));

    c->out[0] = kt_cast(c->g, y, dtype);
}

#define ROWS(F)                                                          \
    F(BitwiseAnd, numpy, &kt_no_config, "x y", pair, KT_PA_AND)          \
    F(BitwiseOr, numpy, &kt_no_config, "x y", pair, KT_PA_OR)            \
    F(BitwiseXor, numpy, &kt_no_config, "x y", pair, KT_PA_XOR)          \
    F(BitwiseInvert, numpy, &kt_no_config, "x", invert, 0)               \
    F(BitwiseNot, numpy, &kt_no_config, "x", invert, 0)                  \
    F(BitwiseLeftShift, numpy, &kt_no_config, "x y", pair, KT_PA_LEFT)   \
    F(LeftShift, numpy, &kt_no_config, "x y", pair, KT_PA_LEFT)          \
    F(BitwiseRightShift, numpy, &kt_no_config, "x y", pair, KT_PA_RIGHT) \
    F(RightShift, numpy, &kt_no_config, "x y", pair, KT_PA_RIGHT)        \
    F(Gcd, numpy, &kt_no_config, "x1 x2", pair, KT_PA_GCD)               \
    F(Lcm, numpy, &kt_no_config, "x1 x2", pair, KT_PA_LCM)               \
    F(Nextafter, numpy, &kt_no_config, "x1 x2", nextafter_, 0, .infer = kt_infer_broadcast)
KT_OPERATIONS(bits, ROWS);
