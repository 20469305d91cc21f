/* reverse.c - one axis backwards. */
#include "ops/shared.h"

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_reverse(g, dy[0], ((const kt_axis_attr *)y->attr)->axis);
}

static void reference(const kt_run *r)
{
    int           axis = ((const kt_axis_attr *)r->attr)->axis;
    const kt_buf *y = &r->out[0];
    kt_walk       w = kt__walk(&y->shape);
    int64_t       stride[KT_MAX_RANK], begin;

    kt__strides(&y->shape, stride);
    begin = (y->shape.dim[axis] - 1) * stride[axis];
    stride[axis] = -stride[axis];
    kt__walk_add(&w, stride, begin);
    for (int64_t i = 0; i < y->count; i++, kt__walk_next(&w))
        y->f64[i] = r->in[0].f64[w.pos[0]];
}

static kt_node *sample(kt_sampler *s, int variant)
{
    if (variant > 3)
        return NULL;
    return kt_reverse(
        s->g, s->real(s, KT_SHAPE(s->size(s, 1, 4), variant == 3 ? 0 : s->size(s, 1, 5), 3), -1, 1),
        variant % 3);
}

static const kt_op_type type = {
    .name = "reverse",
    .min_in = 1,
    .max_in = 1,
    .shape = kt__same_shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
};

kt_node *kt_reverse(kt_graph *g, kt_node *x, int axis)
{
    kt_axis_attr attr = {kt_axis(&x->shape, axis), false};

    if (attr.axis < 0) {
        kt_raise(g->fault, KT_E_VALUE, "axis %d is out of bounds for an array with dimension %d.",
                 axis, x->shape.rank);
        return g->poison;
    }
    return kt_emit(g, &type, &attr, sizeof attr, 1, &x);
}

const kt_op_type *const kt_ops_reverse[] = {&type, NULL};
