/* joining.c - operations that put several tensors together. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#define AXIS(F, T) F(T, INT, axis, "0", "", "The axis that grows, or the new one.")
KT_CONFIG_OF(along, AXIS);

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

static kt_node *joined(kt_call *c, int n, kt_node **x, int axis)
{
    return n > 0 && !kt_graph_failed(c->g) ? kt_concat(c->g, n, x, axis) : c->g->poison;
}

static void concatenate(kt_layer *self, kt_call *c)
{
    kt_node *x[KT_MAX_IO];
    int      n = tensors(self, c, x);

    c->out[0] = joined(c, n, x, (int)((const along *)self->config)->axis);
}

static void stack(kt_layer *self, kt_call *c)
{
    kt_node *x[KT_MAX_IO];
    int      n = tensors(self, c, x), axis = (int)((const along *)self->config)->axis;
    int      at = n > 0 && axis < 0 ? axis + x[0]->shape.rank + 1 : axis;

    for (int i = 0; i < n; i++)
        x[i] = kt_expand_dims(c->g, x[i], at);
    c->out[0] = joined(c, n, x, at);
}

/* Axes of 1, before and behind, until there are three. */
static kt_node *with_depth(kt_graph *g, kt_node *x)
{
    while (x->shape.rank < 2)
        x = kt_expand_dims(g, x, 0);
    return x->shape.rank == 2 ? kt_expand_dims(g, x, 2) : x;
}

/* variant: side by side (1), one below the other (2; numbers in one axis too, unlike NumPy), or in
 * depth (3). */
static void stack_axes(kt_layer *self, kt_call *c)
{
    kt_node *x[KT_MAX_IO];
    int      n = tensors(self, c, x), way = self->type->variant;

    for (int i = 0; i < n && way == 3; i++)
        x[i] = with_depth(c->g, x[i]);
    int axis = way == 1 ? (n > 0 && x[0]->shape.rank > 1) : way == 2 ? 0 : 2;
    c->out[0] = joined(c, n, x, axis);
}

#define OPTIONAL_AXIS(F, T) F(T, OPTINT, axis, "None", "", "The axis that grows; None: flat.")
KT_CONFIG_OF(maybe_along, OPTIONAL_AXIS);

static void append(kt_layer *self, kt_call *c)
{
    const maybe_along *cfg = self->config;
    kt_operand         x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_node           *parts[2];

    for (int i = 0; i < 2; i++) {
        parts[i] = x[i].node ? kt_as(c, x[i], kt_result_dtype(x, 2, KT_STRONG)) : c->g->poison;
        if (!cfg->axis.set)
            parts[i] = kt_reshape(c->g, parts[i], KT_SHAPE(KT_UNKNOWN));
    }
    c->out[0] = joined(c, 2, parts, cfg->axis.set ? (int)cfg->axis.v : 0);
}

#define ROWS(F)                                              \
    F(Concatenate, numpy, &along_type, "xs", concatenate, 0) \
    F(Stack, numpy, &along_type, "x", stack, 0)              \
    F(Hstack, numpy, &kt_no_config, "xs", stack_axes, 1)     \
    F(Vstack, numpy, &kt_no_config, "xs", stack_axes, 2)     \
    F(Dstack, numpy, &kt_no_config, "xs", stack_axes, 3)     \
    F(Append, numpy, &maybe_along_type, "x1 x2", append, 0)
KT_OPERATIONS(joining, ROWS);
