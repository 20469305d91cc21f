/* select.c - y = cond ? x : z, element by element with broadcasting. */
#include "ops/shared.h"

static kt_status shape(kt_op_call *c)
{
    kt_misfit bad;

    if (!kt__broadcast(c, &bad))
        return kt_op_fail_tf(
            c, "SelectV2", " name: ", bad.input, bad.axis, bad.expected, bad.received,
            "condition %s, then %s, and else %s must be broadcastable",
            kt__shape_text(c->g, &c->in[0]->shape), kt__shape_text(c->g, &c->in[1]->shape),
            kt__shape_text(c->g, &c->in[2]->shape));
    c->out[0].dtype = c->in[1]->dtype;
    return KT_OK;
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    kt_node *zero = kt_scalar_as(g, 0, y->dtype);

    dx[1] = kt_sum_to(g, kt_select(g, y->in[0], dy[0], zero), &y->in[1]->shape);
    dx[2] = kt_sum_to(g, kt_select(g, y->in[0], zero, dy[0]), &y->in[2]->shape);
}

static void reference(const kt_run *r)
{
    kt_walk w = kt__walk(&r->out[0].shape);

    for (int k = 0; k < 3; k++)
        kt__walk_broadcast(&w, &r->in[k].shape);
    for (int64_t i = 0; i < r->out[0].count; i++, kt__walk_next(&w)) {
        bool first = r->in[0].f64[w.pos[0]] != 0;
        r->out[0].f64[i] = first ? r->in[1].f64[w.pos[1]] : r->in[2].f64[w.pos[2]];
    }
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t  m = s->size(s, 2, 5), n = s->size(s, 2, 9);
    kt_shape full = KT_SHAPE(m, n), row = KT_SHAPE(n), column = KT_SHAPE(m, 1);

    switch (variant) {
    case 0:
        return kt_select(s->g, s->integer(s, full, 0, 2), s->real(s, full, -1, 1),
                         s->real(s, full, -1, 1));
    case 1:
        return kt_select(s->g, s->integer(s, column, 0, 2), s->real(s, row, -1, 1),
                         s->real(s, KT_SCALAR_SHAPE, -1, 1));
    case 2:
        return kt_select(s->g, s->integer(s, row, 0, 2), s->real(s, column, -1, 1),
                         s->real(s, full, -1, 1));
    default: return NULL;
    }
}

const kt_op_type kt_op_select = {
    .name = "select",
    .min_in = 3,
    .max_in = 3,
    .flags = KT_OP_POINT,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
    .no_gradient = 1,
};

kt_node *kt_select(kt_graph *g, kt_node *cond, kt_node *x, kt_node *z)
{
    kt_dtype dtype = kt__common_dtype(x->dtype, z->dtype);
    kt_node *in[] = {kt_cast(g, cond, KT_BOOLEAN), kt_cast(g, x, dtype), kt_cast(g, z, dtype)};

    return kt_emit(g, &kt_op_select, NULL, 0, 3, in);
}

/* atan(y / x), turned where x is below 0. */
kt_node *kt_angle(kt_graph *g, kt_node *y, kt_node *x)
{
    static const double pi = 3.14159265358979323846;
    kt_node            *zero = kt_scalar_as(g, 0, y->dtype);
    kt_node *turn = kt_select(g, kt_unary(g, KT_UN_SIGNBIT, y), kt_scalar_as(g, -pi, y->dtype),
                              kt_scalar_as(g, pi, y->dtype));
    kt_node *upright = kt_mul_scalar(g, kt_unary(g, KT_UN_SIGN, y), pi / 2);
    kt_node *at_zero = kt_binary(g, KT_BI_EQUAL, x, zero);
    kt_node *safe = kt_select(g, at_zero, kt_scalar_as(g, 1, y->dtype), x);
    kt_node *angle = kt_unary(g, KT_UN_ATAN, kt_div(g, y, safe));

    angle = kt_add(g, angle, kt_select(g, kt_binary(g, KT_BI_LESS, x, zero), turn, zero));
    return kt_select(g, at_zero, upright, angle);
}

const kt_op_type *const kt_ops_select[] = {&kt_op_select, NULL};
