/* dnnl_matmul.c - large matrix products, with bias and activation. */
#include "backend/onednn/onednn.h"

typedef struct product {
    bool            ta, tb;
    int64_t         m, n, k;
    dnnl_alg_kind_t after; /* dnnl_alg_kind_undef: nothing */
} product;

/* The activations that primitives have; dnnl_alg_kind_max: another one. */
static dnnl_alg_kind_t after_of(kt_unary_fn fn)
{
    switch (fn) {
    case KT_UN_IDENTITY: return dnnl_alg_kind_undef;
    case KT_UN_RELU: return dnnl_eltwise_relu;
    case KT_UN_TANH: return dnnl_eltwise_tanh;
    case KT_UN_SIGMOID: return dnnl_eltwise_logistic;
    default: return dnnl_eltwise_tanh_use_dst_for_bwd; /* none forward */
    }
}

static product product_of(const kt_run *r, bool is_dense)
{
    const kt_matmul_attr *plain = r->attr;
    const kt_dense_attr  *dense = r->attr;
    const kt_shape       *a = &r->in[0].shape;
    product               p = {.after = dnnl_alg_kind_undef};

    p.ta = is_dense ? dense->ta : plain->ta;
    p.tb = is_dense ? dense->tb : plain->tb;
    if (is_dense)
        p.after = after_of(dense->act.fn);
    p.k = kt_dim(a, p.ta ? -2 : -1);
    p.m = p.k ? r->in[0].count / p.k : 0;
    p.n = kt_dim(&r->out[0].shape, -1);
    return p;
}

enum { LEAST_SIDE = 128 }; /* of a matrix */

/* One product of two matrices: a's rows in all batches are rows where b is one matrix. */
static bool accepts(const kt_run *r, const char *kernel, bool is_dense, const char **why)
{
    product p = product_of(r, is_dense);
    bool    suits = p.m >= LEAST_SIDE && p.n >= LEAST_SIDE && p.k >= LEAST_SIDE;

    *why = "batches of products, or another activation";
    return r->in[1].shape.rank == 2 && !(p.ta && r->in[0].shape.rank > 2) &&
           p.after != dnnl_eltwise_tanh_use_dst_for_bwd &&
           kt_dnnl_accepts(r, kernel, suits, 2.0 * (double)p.m * (double)p.n * (double)p.k, why);
}

static dnnl_memory_desc_t matrix(kt_dnnl_work *w, int64_t rows, int64_t columns, bool turned)
{
    return kt_dnnl_strided(w, 2, (int64_t[]){rows, columns},
                           (int64_t[]){turned ? 1 : columns, turned ? rows : 1});
}

static void *prepare(const kt_run *r, bool is_dense)
{
    product            p = product_of(r, is_dense);
    kt_dnnl_work      *w = kt_dnnl_work_new();
    dnnl_matmul_desc_t op = {0};

    if (!w)
        return NULL;
    kt_dnnl_operand operand[] = {
        {DNNL_ARG_SRC, matrix(w, p.m, p.k, p.ta), {KT_DNNL_IN, 0}},
        {DNNL_ARG_WEIGHTS, matrix(w, p.k, p.n, p.tb), {KT_DNNL_IN, 1}},
        {DNNL_ARG_DST, matrix(w, p.m, p.n, false), {KT_DNNL_OUT, 0}},
        {r->n_in > 2 ? DNNL_ARG_BIAS : 0, matrix(w, 1, p.n, false), {KT_DNNL_IN, 2}},
    };
    w->failed |= w->lib->dnnl_matmul_desc_init(&op, &operand[0].md, &operand[1].md,
                                               r->n_in > 2 ? &operand[3].md : NULL,
                                               &operand[2].md) != dnnl_success;
    kt_dnnl_add(w, kt_dnnl_choose(w, &op, p.after), 4, operand);
    return kt_dnnl_work_end(w);
}

#define KERNEL(id, is_dense)                                    \
    static bool id##_accepts(const kt_run *r, const char **why) \
    {                                                           \
        return accepts(r, "onednn_" #id, is_dense, why);        \
    }                                                           \
    static void *id##_prepare(const kt_run *r)                  \
    {                                                           \
        return prepare(r, is_dense);                            \
    }                                                           \
    static const kt_kernel id = {                               \
        .op = #id,                                              \
        .name = "onednn_" #id,                                  \
        .accepts = id##_accepts,                                \
        .run = kt_dnnl_run,                                     \
        .scratch = kt_dnnl_scratch,                             \
        .prepare = id##_prepare,                                \
        .release = kt_dnnl_work_free,                           \
    };
KERNEL(matmul, false)
KERNEL(dense, true)

const kt_kernel *const kt_kernels_dnnl_matmul[] = {&matmul, &dense, NULL};
