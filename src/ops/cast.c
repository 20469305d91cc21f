/* cast.c - the same numbers in another dtype; and the same value cut off from its gradient. */
#include "ops/shared.h"

static kt_status cast_shape(kt_op_call *c)
{
    const kt_cast_attr *attr = c->attr;

    kt_like(c, 0, 0);
    c->out[0].dtype = attr->to;
    return KT_OK;
}

static void cast_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_cast(g, dy[0], y->in[0]->dtype);
}

/* Storing the double in the result's dtype is the conversion. */
static kt_node *cast_sample(kt_sampler *s, int variant)
{
    kt_shape shape = KT_SHAPE(s->size(s, 1, 4), s->size(s, 1, 9));

    switch (variant) {
    case 0: return kt_cast(s->g, s->integer(s, shape, -9, 9), s->g->floatx);
    case 1: return kt_cast(s->g, s->real(s, shape, -9, 9), KT_I32);
    case 2: return kt_cast(s->g, s->real(s, shape, -9, 9), KT_I64);
    case 3: return kt_cast(s->g, s->integer(s, shape, -1, 2), KT_BOOLEAN);
    case 4: return kt_cast(s->g, s->integer(s, shape, 0, 250), KT_U8);
    default: return NULL;
    }
}

const kt_op_type kt_op_cast = {
    .name = "cast",
    .min_in = 1,
    .max_in = 1,
    .flags = KT_OP_POINT,
    .shape = cast_shape,
    .gradient = cast_gradient,
    .reference = kt__copy,
    .sample = cast_sample,
};

kt_node *kt_cast(kt_graph *g, kt_node *x, kt_dtype to)
{
    kt_cast_attr attr = {to};

    if (x->dtype == to)
        return x;
    return kt_emit(g, &kt_op_cast, &attr, sizeof attr, 1, &x);
}

static kt_node *stop_sample(kt_sampler *s, int variant)
{
    return variant ? NULL : kt_stop_gradient(s->g, s->real(s, KT_SHAPE(s->size(s, 1, 5)), -1, 1));
}

const kt_op_type kt_op_stop_gradient = {
    .name = "stop_gradient",
    .min_in = 1,
    .max_in = 1,
    .flags = KT_OP_ALIAS,
    .shape = kt__same_shape,
    .sample = stop_sample,
    .no_gradient = 1,
};

kt_node *kt_stop_gradient(kt_graph *g, kt_node *x)
{
    return kt_emit(g, &kt_op_stop_gradient, NULL, 0, 1, &x);
}

const kt_op_type *const kt_ops_cast[] = {&kt_op_cast, &kt_op_stop_gradient, NULL};
