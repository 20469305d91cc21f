/* dense.c - y = act(a . b + bias): what fusion makes of matmul by a matrix, bias and activation.
 * Made after differentiation, so it has no gradient. Inputs: a [.., m, k], b [k, n], bias [n] or
 * none. */
#include "ops/shared.h"

static kt_status shape(kt_op_call *c)
{
    const kt_dense_attr *attr = c->attr;
    const kt_shape      *b = &c->in[1]->shape;

    if (b->rank != 2)
        return kt_raise(c->g->fault, KT_E_RUNTIME, "dense: the second input is no matrix");
    if (c->n_in > 2 &&
        (c->in[2]->shape.rank != 1 || c->in[2]->shape.dim[0] != b->dim[attr->tb ? 0 : 1]))
        return kt_raise(c->g->fault, KT_E_RUNTIME, "dense: the bias does not fit");
    return kt__matmul_shape(c, attr->ta, attr->tb);
}

static void reference(const kt_run *r)
{
    const kt_dense_attr *attr = r->attr;
    const kt_buf        *y = &r->out[0];
    int64_t              n = kt_dim(&y->shape, -1);

    kt__matmul_run(r, attr->ta, attr->tb);
    for (int64_t i = 0; i < y->count; i++)
        y->f64[i] = kt_unary_value(attr->act, y->f64[i] + (r->n_in > 2 ? r->in[2].f64[i % n] : 0));
}

/* With and without bias, each transposition, several activations, a batch axis. */
static kt_node *sample(kt_sampler *s, int variant)
{
    static const kt_unary_attr acts[] = {{KT_UN_IDENTITY, 0, 0}, {KT_UN_RELU, 0, 0},
                                         {KT_UN_TANH, 0, 0},     {KT_UN_SIGMOID, 0, 0},
                                         {KT_UN_GELU, 0, 0},     {KT_UN_LEAKY_RELU, 0.3, 0},
                                         {KT_UN_SILU, 0, 0},     {KT_UN_SOFTPLUS, 0, 0}};
    kt_dense_attr              attr = {variant & 1, variant & 2, acts[variant % 8]};
    int64_t                    m = s->size(s, 1, 6), k = s->size(s, 1, 9), n = s->size(s, 1, 18);
    kt_shape                   a = attr.ta ? KT_SHAPE(k, m) : KT_SHAPE(m, k), batch = KT_SHAPE(3);
    kt_node                   *in[3];

    if (variant >= 24)
        return NULL;
    if (variant >= 16)
        a = kt_shape_concat(&batch, &a);
    in[0] = s->real(s, a, -1, 1);
    in[1] = s->real(s, attr.tb ? KT_SHAPE(n, k) : KT_SHAPE(k, n), -1, 1);
    in[2] = s->real(s, KT_SHAPE(n), -1, 1);
    return kt_emit(s->g, &kt_op_dense, &attr, sizeof attr, variant < 8 ? 2 : 3, in);
}

const kt_op_type kt_op_dense = {
    .name = "dense",
    .min_in = 2,
    .max_in = 3,
    .shape = shape,
    .reference = reference,
    .sample = sample,
};

const kt_op_type *const kt_ops_dense[] = {&kt_op_dense, NULL};
