/* mlp.h - a training step as the model builds it: two dense layers, softmax cross-entropy, Adam on
 * one flat block. */
#ifndef KT_TEST_MLP_H
#define KT_TEST_MLP_H

#include "graph/op.h"
#include "ops/ops.h"
#include "passes/passes.h"

enum { MLP_WEIGHTS = 4 };

typedef struct mlp {
    kt_fault    fault;
    kt_graph   *g;
    kt_variable block, m, v, iterations, weight[MLP_WEIGHTS];
    kt_node    *x, *y, *loss;
} mlp;

static inline kt_variable mlp_variable(const char *name, kt_dtype dtype, kt_shape shape)
{
    return (kt_variable){.name = name,
                         .path = name,
                         .dtype = dtype,
                         .shape = shape,
                         .value = kt_tensor_new(dtype, shape)};
}

/* The weights as views of one block, so that one kernel updates them all. */
static inline void mlp_weights(mlp *p, kt_dtype d, const kt_shape *shape)
{
    int64_t total = 0, at = 0;

    for (int i = 0; i < MLP_WEIGHTS; i++)
        total += kt_shape_count(&shape[i]);
    p->block = mlp_variable("weights", d, KT_SHAPE(total));
    p->m = mlp_variable("m", d, KT_SHAPE(total));
    p->v = mlp_variable("v", d, KT_SHAPE(total));
    p->iterations = mlp_variable("iterations", KT_I64, KT_SCALAR_SHAPE);
    for (int64_t i = 0; i < total; i++)
        kt_tensor_set(p->block.value, i, (double)(i * 37 % 101) / 101 - 0.5);
    for (int i = 0; i < MLP_WEIGHTS; i++) {
        int64_t    count = kt_shape_count(&shape[i]);
        kt_tensor *rows = kt_tensor_rows(p->block.value, at, at + count);
        p->weight[i] = (kt_variable){
            .name = "w", .path = "w", .dtype = d, .shape = shape[i], .block = &p->block};
        p->weight[i].value = kt_tensor_reshape(rows, shape[i]);
        kt_tensor_unref(rows);
        at += count;
    }
}

static inline kt_node *mlp_dense(mlp *p, kt_node *x, int i)
{
    return kt_add(p->g, kt_matmul(p->g, x, kt_read(p->g, &p->weight[i]), false, false),
                  kt_read(p->g, &p->weight[i + 1]));
}

static inline kt_node *mlp_correction(kt_graph *g, kt_node *t, double beta)
{
    return kt_sub(g, kt_scalar(g, 1), kt_binary(g, KT_BI_POW, kt_scalar(g, beta), t));
}

/* x += (target - x) * rate */
static inline kt_node *mlp_decay(kt_graph *g, kt_node *x, kt_node *target, double rate)
{
    return kt_add(g, x, kt_mul_scalar(g, kt_sub(g, target, x), rate));
}

static inline void mlp_adam(mlp *p, kt_node *grad)
{
    kt_graph *g = p->g;
    kt_node  *w = kt_read(g, &p->block), *m = kt_read(g, &p->m), *v = kt_read(g, &p->v);
    kt_node  *i = kt_add_scalar(g, kt_read(g, &p->iterations), 1), *t = kt_cast(g, i, g->floatx);
    kt_node  *rate = kt_mul_scalar(
         g,
         kt_div(g, kt_unary(g, KT_UN_SQRT, mlp_correction(g, t, 0.999)), mlp_correction(g, t, 0.9)),
         0.001);

    m = mlp_decay(g, m, grad, 1 - 0.9);
    v = mlp_decay(g, v, kt_unary(g, KT_UN_SQUARE, grad), 1 - 0.999);
    kt_assign(g, &p->m, m);
    kt_assign(g, &p->v, v);
    w = kt_sub(g, w,
               kt_div(g, kt_mul(g, m, rate), kt_add_scalar(g, kt_unary(g, KT_UN_SQRT, v), 1e-7)));
    kt_assign(g, &p->block, w);
    kt_assign(g, &p->iterations, i);
}

static inline bool mlp_build(mlp *p, kt_dtype d, int64_t batch, int64_t in, int64_t hidden,
                             int64_t out)
{
    kt_node *wrt[MLP_WEIGHTS], *grad[MLP_WEIGHTS];

    *p = (mlp){.g = NULL};
    p->g = kt_graph_new(&p->fault);
    if (!p->g)
        return false;
    p->g->floatx = d;
    mlp_weights(
        p, d,
        (kt_shape[]){KT_SHAPE(in, hidden), KT_SHAPE(hidden), KT_SHAPE(hidden, out), KT_SHAPE(out)});
    p->x = kt_placeholder(p->g, "x", d, KT_SHAPE(batch, in));
    p->y = kt_placeholder(p->g, "y", KT_I64, KT_SHAPE(batch));
    p->loss = kt_mean_all(
        p->g, kt_sparse_softmax_xent(
                  p->g, mlp_dense(p, kt_unary(p->g, KT_UN_RELU, mlp_dense(p, p->x, 0)), 2), p->y));
    for (int i = 0; i < MLP_WEIGHTS; i++)
        wrt[i] = kt_read(p->g, &p->weight[i]);
    if (kt_gradients(p->g, p->loss, wrt, MLP_WEIGHTS, grad) != KT_OK)
        return false;
    mlp_adam(p, kt_pack(p->g, MLP_WEIGHTS, grad));
    return !kt_graph_failed(p->g);
}

static inline void mlp_free(mlp *p)
{
    kt_graph_free(p->g);
    for (int i = 0; i < MLP_WEIGHTS; i++)
        kt_tensor_unref(p->weight[i].value);
    kt_tensor_unref(p->block.value);
    kt_tensor_unref(p->m.value);
    kt_tensor_unref(p->v.value);
    kt_tensor_unref(p->iterations.value);
    kt_fault_clear(&p->fault);
}

#endif
