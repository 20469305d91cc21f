/* arithmetic.c - operations on two tensors, element by element. */
#include "nn/operation.h"
#include "ops/ops.h"

static void two(kt_layer *self, kt_call *c, kt_weak least)
{
    kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_dtype   dtype = x[0].node && x[1].node ? kt_result_dtype(x, 2, least) : KT_F32;

    c->out[0] = kt_binary(c->g, (kt_binary_fn)self->type->variant, kt_as(c, x[0], dtype),
                          kt_as(c, x[1], dtype));
}

static void plain(kt_layer *self, kt_call *c)
{
    two(self, c, KT_STRONG);
}

/* The result is real also of integers. */
static void real(kt_layer *self, kt_call *c)
{
    two(self, c, KT_WEAK_FLOAT);
}

#define ROWS(F)                                                                \
    F(Add, numpy, &kt_no_config, "x1 x2", plain, KT_BI_ADD)                    \
    F(Subtract, numpy, &kt_no_config, "x1 x2", plain, KT_BI_SUB)               \
    F(Multiply, numpy, &kt_no_config, "x1 x2", plain, KT_BI_MUL)               \
    F(Divide, numpy, &kt_no_config, "x1 x2", real, KT_BI_DIV)                  \
    F(TrueDivide, numpy, &kt_no_config, "x1 x2", real, KT_BI_DIV)              \
    F(DivideNoNan, numpy, &kt_no_config, "x1 x2", real, KT_BI_DIV_NO_NAN)      \
    F(Power, numpy, &kt_no_config, "x1 x2", plain, KT_BI_POW)                  \
    F(Maximum, numpy, &kt_no_config, "x1 x2", plain, KT_BI_MAXIMUM)            \
    F(Minimum, numpy, &kt_no_config, "x1 x2", plain, KT_BI_MINIMUM)            \
    F(Mod, numpy, &kt_no_config, "x1 x2", plain, KT_BI_MOD)                    \
    F(Equal, numpy, &kt_no_config, "x1 x2", plain, KT_BI_EQUAL)                \
    F(NotEqual, numpy, &kt_no_config, "x1 x2", plain, KT_BI_NOT_EQUAL)         \
    F(Less, numpy, &kt_no_config, "x1 x2", plain, KT_BI_LESS)                  \
    F(LessEqual, numpy, &kt_no_config, "x1 x2", plain, KT_BI_LESS_EQUAL)       \
    F(Greater, numpy, &kt_no_config, "x1 x2", plain, KT_BI_GREATER)            \
    F(GreaterEqual, numpy, &kt_no_config, "x1 x2", plain, KT_BI_GREATER_EQUAL) \
    F(LogicalAnd, numpy, &kt_no_config, "x1 x2", plain, KT_BI_AND)             \
    F(LogicalOr, numpy, &kt_no_config, "x1 x2", plain, KT_BI_OR)
KT_OPERATIONS(arithmetic, ROWS);
