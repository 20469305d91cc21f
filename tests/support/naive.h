/* naive.h - runs a graph in the plainest way: node after node, every value in memory of its own, in
 * doubles. What plans and passes are compared with. */
#ifndef KT_TEST_NAIVE_H
#define KT_TEST_NAIVE_H

#include "graph/op.h"

typedef struct naive {
    const kt_graph *g;
    kt_arena        arena;
    double        **value; /* by id */
    void          **input; /* by id: data of placeholders, set by the caller */
} naive;

static inline bool naive_new(naive *n, const kt_graph *g)
{
    *n = (naive){.g = g};
    n->value = kt_arena_calloc(&n->arena, g->nodes.n, sizeof *n->value);
    n->input = kt_arena_calloc(&n->arena, g->nodes.n, sizeof *n->input);
    for (size_t i = 0; n->value && n->input && i < g->nodes.n; i++) {
        const kt_node *x = g->nodes.at[i];
        n->value[i] = kt_arena_calloc(&n->arena, (size_t)kt_shape_count(&x->shape) + 1,
                                      sizeof(double));
        n->input[i] = kt_arena_calloc(&n->arena, (size_t)kt_shape_count(&x->shape) + 1,
                                      kt_dtype_size(x->dtype));
    }
    return !n->arena.failed;
}

static inline void naive_free(naive *n)
{
    kt_arena_free(&n->arena);
}

static inline bool naive_is_variable(const kt_node *x)
{
    return x->op == &kt_op_variable || x->op == &kt_op_assign;
}

static inline kt_buf naive_buffer(naive *n, const kt_node *x)
{
    kt_buf b = {.dtype = KT_F64, .shape = x->shape, .count = kt_shape_count(&x->shape)};

    b.data = n->value[x->id];
    if (naive_is_variable(x)) /* what it holds now, not what it held when first read */
        kt_convert(x->var->value->data, x->dtype, b.data, KT_F64, b.count);
    return b;
}

/* What memory of the node's dtype would make of its doubles. */
static inline void naive_round(naive *n, const kt_node *x)
{
    double *v = n->value[x->id];

    for (int64_t i = 0; i < kt_shape_count(&x->shape); i++) {
        int64_t cell = 0; /* room for any dtype */
        kt_convert(&v[i], KT_F64, &cell, x->dtype, 1);
        kt_convert(&cell, x->dtype, &v[i], KT_F64, 1);
    }
}

static inline void naive_node(naive *n, const kt_node *x)
{
    kt_buf  in[64], out[KT_MAX_PARTS];
    kt_run  r = {.attr = x->attr, .n_in = x->n_in, .n_out = x->n_part, .in = in, .out = out};
    int64_t count = kt_shape_count(&x->shape);

    if (x->op == &kt_op_placeholder)
        kt_convert(n->input[x->id], x->dtype, n->value[x->id], KT_F64, count);
    if (x->op == &kt_op_constant)
        kt_convert(x->constant->data, x->dtype, n->value[x->id], KT_F64, count);
    if (x->op->flags & KT_OP_SOURCE)
        return;
    for (int i = 0; i < x->n_in; i++)
        in[i] = naive_buffer(n, x->in[i]);
    if (x->op == &kt_op_assign) {
        kt_convert(in[0].data, KT_F64, x->var->value->data, x->var->dtype, count);
        return;
    }
    if (x->op->flags & KT_OP_ALIAS) {
        kt_convert(in[0].data, KT_F64, n->value[x->id], KT_F64, count);
        return;
    }
    for (int k = 0; k < x->n_part; k++)
        out[k] = (kt_buf){.dtype = KT_F64,
                          .shape = x->part[k]->shape,
                          .count = kt_shape_count(&x->part[k]->shape),
                          .data = n->value[x->part[k]->id]};
    r.scratch = kt_alloc(x->op->scratch ? x->op->scratch(&r) + 1 : 1);
    x->op->reference(&r);
    kt_free(r.scratch);
    for (int k = 0; k < x->n_part; k++)
        naive_round(n, x->part[k]);
}

static inline void naive_run(naive *n)
{
    for (size_t id = 0; id < n->g->nodes.n; id++)
        naive_node(n, n->g->nodes.at[id]);
}

#endif
