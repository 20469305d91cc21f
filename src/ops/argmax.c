/* argmax.c - where the largest element along an axis is: the first of equals. int64, the axis is
 * dropped. */
#include "ops/lanes.h"
#include "ops/shared.h"

#include <math.h>

static kt_status shape(kt_op_call *c)
{
    const kt_axis_attr *a = c->attr;
    const kt_shape     *x = &c->in[0]->shape;
    int                 axis = 0;

    if (x->dim[a->axis] == 0)
        return kt_op_fail_tf(c, "ArgMax", " name: ", 0, a->axis, KT_NO_FACT, 0,
                             "Reduction axis %d is empty in shape %s", a->axis,
                             kt__shape_text(c->g, x));
    for (int i = 0; i < x->rank; i++)
        if (i != a->axis)
            kt_from_axis(c, 0, axis++, 0, i);
    c->out[0].shape.rank = axis;
    c->out[0].dtype = KT_I64;
    return KT_OK;
}

static void reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    kt_lanes            l = kt__lanes(&r->in[0].shape, a->axis);

    for (int64_t k = 0; k < l.count; k++) {
        const double *x = r->in[0].f64 + kt__lane(&l, k);
        double        most = -INFINITY;
        int64_t       at = 0;

        for (int64_t j = 0; j < l.n; j++)
            if (x[j * l.step] > most) {
                most = x[j * l.step];
                at = j;
            }
        r->out[0].f64[k] = (double)at;
    }
}

/* The last axis, an inner one, the first; integers with equals; no rows. */
static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t a = s->size(s, 1, 5), b = s->size(s, 1, 6), n = s->size(s, 1, 20);

    switch (variant) {
    case 0: return kt_argmax(s->g, s->real(s, KT_SHAPE(a, n), -1, 1), -1);
    case 1: return kt_argmax(s->g, s->real(s, KT_SHAPE(a, n, b), -1, 1), 1);
    case 2: return kt_argmax(s->g, s->integer(s, KT_SHAPE(n, a), 0, 3), 0);
    case 3: return kt_argmax(s->g, s->real(s, KT_SHAPE(0, n), -1, 1), 1);
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "argmax",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .reference = reference,
    .sample = sample,
    .no_gradient = 1,
};

kt_node *kt_argmax(kt_graph *g, kt_node *x, int axis)
{
    kt_axis_attr a = {.axis = kt_axis(&x->shape, axis)};

    if (kt_is_poison(g, x))
        return x;
    if (a.axis < 0) {
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT,
                 "Expected dimension in the range [%d, %d), but got %d", -x->shape.rank,
                 x->shape.rank, axis);
        return g->poison;
    }
    return kt_emit(g, &type, &a, sizeof a, 1, &x);
}

const kt_op_type *const kt_ops_argmax[] = {&type, NULL};
