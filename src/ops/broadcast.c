/* broadcast.c - x repeated to a larger shape, as NumPy broadcasts. */
#include "ops/shared.h"

static kt_status shape(kt_op_call *c)
{
    const kt_shape_attr *attr = c->attr;
    const kt_shape      *x = &c->in[0]->shape, *to = &attr->shape;
    int                  skip = to->rank - x->rank;

    if (skip < 0)
        return kt_op_fail_tf(
            c, "BroadcastTo", "", 0, -1, to->rank, x->rank,
            "Rank of input (%d) must be no greater than rank of output shape (%d).", x->rank,
            to->rank);
    c->out[0].dtype = c->in[0]->dtype;
    c->out[0].shape.rank = to->rank;
    for (int i = 0; i < to->rank; i++) {
        int64_t have = i < skip ? 1 : x->dim[i - skip], want = to->dim[i];

        if (have != want && have != 1 && have != KT_UNKNOWN && want != KT_UNKNOWN && !c->g->lenient)
            return kt_op_fail_tf(
                c, "BroadcastTo", "", 0, i - skip, want, have,
                want == 1 ? "Unable to broadcast tensor of shape %s to tensor of shape %s"
                          : "Incompatible shapes: %s vs. %s",
                kt__shape_text(c->g, x), kt__shape_text(c->g, to));
        if (i >= skip && (want == KT_UNKNOWN || want == have))
            kt_from_axis(c, 0, i, 0, i - skip);
        else
            kt_from_field(c, 0, i, want, attr->field);
    }
    return KT_OK;
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_sum_to(g, dy[0], &y->in[0]->shape);
}

static void reference(const kt_run *r)
{
    kt_walk w = kt__walk(&r->out[0].shape);

    kt__walk_broadcast(&w, &r->in[0].shape);
    for (int64_t i = 0; i < r->out[0].count; i++, kt__walk_next(&w))
        r->out[0].f64[i] = r->in[0].f64[w.pos[0]];
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t m = s->size(s, 2, 5), n = s->size(s, 2, 7);

    switch (variant) {
    case 0: return kt_broadcast_to(s->g, s->real(s, KT_SHAPE(n), -1, 1), KT_SHAPE(3, m, n));
    case 1: return kt_broadcast_to(s->g, s->real(s, KT_SHAPE(m, 1), -1, 1), KT_SHAPE(m, n));
    case 2: return kt_broadcast_to(s->g, s->real(s, KT_SCALAR_SHAPE, -1, 1), KT_SHAPE(m, n));
    case 3:
        return kt_broadcast_to(s->g, s->real(s, KT_SHAPE(m, 1, n, 1), -1, 1), KT_SHAPE(m, 2, n, 3));
    case 4: return kt_broadcast_to(s->g, s->real(s, KT_SHAPE(1, n), -1, 1), KT_SHAPE(0, n));
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "broadcast_to",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
};

kt_node *kt_broadcast_to(kt_graph *g, kt_node *x, kt_shape to)
{
    kt_shape_attr attr = {to, NULL};

    if (kt_shape_known(&x->shape) && kt_shape_equal(&x->shape, &to))
        return x;
    return kt_emit(g, &type, &attr, sizeof attr, 1, &x);
}

const kt_op_type *const kt_ops_broadcast[] = {&type, NULL};
