/* fuse_dense.c - act(a . b + bias) becomes one node where nobody else reads what lies between.
 *
 * Functions whose slope is written in their value (relu, sigmoid, tanh ...) leave the sum before
 * them unread even in a training graph, so they fuse there too. */
#include "graph/op.h"
#include "ops/ops.h"
#include "passes/order.h"

/* Whether only one node reads n, so that n may vanish into it. */
static bool is_inner(const kt__pass *p, const kt_node *n)
{
    return p->readers[n->id] == 1 && !p->keep[n->id];
}

static bool is_product(const kt__pass *p, const kt_node *n)
{
    return n->op == &kt_op_matmul && n->in[1]->shape.rank == 2 && kt_dtype_is_float(n->dtype) &&
           !kt_dtype_is_half(n->dtype) && is_inner(p, n);
}

static bool rewrite(const kt__pass *p, kt_node *y, const kt_node *product, kt_node *bias,
                    kt_unary_attr act)
{
    const kt_matmul_attr *m = product->attr;
    kt_dense_attr         attr = {m->ta, m->tb, act};
    kt_node              *in[] = {product->in[0], product->in[1], bias};

    return kt__may_move(p, product, y) &&
           kt_rewrite(p->g, y, &kt_op_dense, &attr, sizeof attr, bias ? 3 : 2, in);
}

/* y = product + bias */
static void fuse_bias(const kt__pass *p, kt_node *y)
{
    for (int i = 0; i < 2; i++) {
        kt_node *product = y->in[i], *bias = y->in[1 - i];

        if (is_product(p, product) && bias->shape.rank == 1 &&
            bias->shape.dim[0] == kt_dim(&y->shape, -1) &&
            kt_shape_equal(&product->shape, &y->shape)) {
            rewrite(p, y, product, bias, (kt_unary_attr){.fn = KT_UN_IDENTITY});
            return;
        }
    }
}

/* y = act(x), x a dense node without activation (its bias moves too) or a bare product */
static void fuse_activation(const kt__pass *p, kt_node *y)
{
    const kt_unary_attr *act = y->attr;
    kt_node             *x = y->in[0];
    const kt_dense_attr *dense = x->attr;
    kt_dense_attr        attr;

    if (y->dtype != x->dtype)
        return;
    if (is_product(p, x)) {
        rewrite(p, y, x, NULL, *act);
    } else if (x->op == &kt_op_dense && dense->act.fn == KT_UN_IDENTITY && is_inner(p, x) &&
               kt__may_move(p, x, y)) {
        attr = *dense;
        attr.act = *act;
        kt_rewrite(p->g, y, &kt_op_dense, &attr, sizeof attr, x->n_in, x->in);
    }
}

kt_status kt__fuse_dense(const kt__pass *p)
{
    kt_graph *g = p->g;

    for (size_t id = 0; id < g->nodes.n && !kt_graph_failed(g); id++) {
        kt_node *n = g->nodes.at[id];

        if (!p->needed[id])
            continue;
        if (n->op == &kt_op_binary && ((const kt_binary_attr *)n->attr)->fn == KT_BI_ADD)
            fuse_bias(p, n);
        else if (n->op == &kt_op_unary)
            fuse_activation(p, n);
    }
    return g->fault->e.status;
}
