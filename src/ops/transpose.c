/* transpose.c - axes in another order: axis i of the result is axis perm[i] of x. */
#include "ops/shared.h"

static kt_status shape(kt_op_call *c)
{
    const kt_perm_attr *attr = c->attr;
    int                 rank = c->in[0]->shape.rank;
    unsigned            seen = 0;

    for (int i = 0; i < rank; i++) {
        if (attr->perm[i] < 0 || attr->perm[i] >= rank || (seen & 1u << attr->perm[i]))
            return kt_op_fail(c, 0, i, KT_NO_FACT, KT_NO_FACT, "axes don't match array");
        seen |= 1u << attr->perm[i];
        kt_from_axis(c, 0, i, 0, attr->perm[i]);
    }
    c->out[0].dtype = c->in[0]->dtype;
    c->out[0].shape.rank = rank;
    return KT_OK;
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_perm_attr *attr = y->attr;
    int                 back[KT_MAX_RANK] = {0};

    for (int i = 0; i < y->shape.rank; i++)
        back[attr->perm[i]] = i;
    dx[0] = kt_transpose(g, dy[0], back);
}

static void reference(const kt_run *r)
{
    const kt_perm_attr *attr = r->attr;
    const kt_buf       *y = &r->out[0];
    kt_walk             w = kt__walk(&y->shape);
    int64_t             own[KT_MAX_RANK], stride[KT_MAX_RANK];

    kt__strides(&r->in[0].shape, own);
    for (int i = 0; i < y->shape.rank; i++)
        stride[i] = own[attr->perm[i]];
    kt__walk_add(&w, stride, 0);
    for (int64_t i = 0; i < y->count; i++, kt__walk_next(&w))
        y->f64[i] = r->in[0].f64[w.pos[0]];
}

static kt_node *sample(kt_sampler *s, int variant)
{
    static const struct {
        int rank, perm[KT_MAX_RANK];
    } orders[] = {{2, {1, 0}},       {3, {0, 2, 1}},       {3, {2, 0, 1}}, {4, {0, 3, 1, 2}},
                  {4, {0, 2, 3, 1}}, {5, {4, 0, 3, 1, 2}}, {0, {0}}};
    kt_shape shape = KT_SCALAR_SHAPE;

    if ((size_t)variant >= KT_COUNT(orders))
        return NULL;
    shape.rank = orders[variant].rank;
    for (int i = 0; i < shape.rank; i++)
        shape.dim[i] = s->size(s, 1, 6);
    return kt_transpose(s->g, s->real(s, shape, -1, 1), orders[variant].perm);
}

static const kt_op_type type = {
    .name = "transpose",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
};

kt_node *kt_transpose(kt_graph *g, kt_node *x, const int *perm)
{
    kt_perm_attr attr = {{0}};

    for (int i = 0; i < x->shape.rank; i++)
        attr.perm[i] = perm[i];
    return kt_emit(g, &type, &attr, sizeof attr, 1, &x);
}

const kt_op_type *const kt_ops_transpose[] = {&type, NULL};
