/* joining.c - operations that put several tensors together. */
#include "nn/operation.h"
#include "ops/ops.h"

#define FIELDS(F) F(INT, axis, "-1", "", "The axis that grows, or the new one.")
KT_CONFIG(FIELDS);

/* The tensors of the call in their common dtype; returns how many, 0 after a failure. */
static int tensors(kt_layer *self, kt_call *c, kt_node **out)
{
    kt_operand x[KT_MAX_IO];
    int        n = kt_operands_of(self, c, 0, x, KT_MAX_IO);
    kt_dtype   dtype = n > 0 ? kt_result_dtype(x, n, KT_STRONG) : KT_F32;

    for (int i = 0; i < n; i++)
        out[i] = kt_as(c, x[i], dtype);
    return n;
}

static void concatenate(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    kt_node      *x[KT_MAX_IO];
    int           n = tensors(self, c, x);

    c->out[0] = n > 0 ? kt_concat(c->g, n, x, (int)cfg->axis) : c->g->poison;
}

static void stack(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    kt_node      *x[KT_MAX_IO];
    int           n = tensors(self, c, x);

    for (int i = 0; i < n; i++)
        x[i] = kt_expand_dims(c->g, x[i], (int)cfg->axis);
    c->out[0] = n > 0 ? kt_concat(c->g, n, x, (int)cfg->axis) : c->g->poison;
}

#define ROWS(F)                                               \
    F(Concatenate, numpy, &config_type, "xs", concatenate, 0) \
    F(Stack, numpy, &config_type, "x", stack, 0)
KT_OPERATIONS(joining, ROWS);
