/* reductions.c - operations that make one number of all elements along axes. */
#include "nn/operation.h"
#include "ops/ops.h"

#define FIELDS(F)                                             \
    F(INTS, axis, "None", "", "The axes; None: all of them.") \
    F(BOOL, keepdims, "False", "", "Keep them, as axes of 1.")
KT_CONFIG(FIELDS);

static void reduce(kt_layer *self, kt_call *c, bool real)
{
    const config *cfg = self->config;
    kt_operand    x = kt_operand_of(self, c, 0);
    unsigned      axes;

    c->out[0] = c->g->poison;
    if (!x.node || !kt_axes_mask(c->g, &x.node->shape, &cfg->axis, &axes))
        return;
    kt_node *y = kt_as(c, x, real ? kt_real_dtype(x.node->dtype) : x.node->dtype);
    c->out[0] = kt_reduce(c->g, (kt_reduce_fn)self->type->variant, y, axes, cfg->keepdims);
}

static void keep(kt_layer *self, kt_call *c)
{
    reduce(self, c, false);
}

static void real(kt_layer *self, kt_call *c)
{
    reduce(self, c, true);
}

#define ROWS(F)                                         \
    F(Sum, numpy, &config_type, "x", keep, KT_RE_SUM)   \
    F(Mean, numpy, &config_type, "x", real, KT_RE_MEAN) \
    F(Amax, numpy, &config_type, "x", keep, KT_RE_MAX)  \
    F(Amin, numpy, &config_type, "x", keep, KT_RE_MIN)
KT_OPERATIONS(reductions, ROWS);
