/* matmul.c - matmul and dense (product, bias, activation) by the own matrix product. */
#include "backend/cpu/cpu.h"

/* One product: sizes, and how many of them lie one after another. */
typedef struct product {
    kt_gemm       g;
    kt_unary_attr act; /* after g; fn KT_UN_IDENTITY: none */
} product;

static kt_gemm plain(const kt_run *r, bool ta, bool tb)
{
    const kt_buf *a = &r->in[0], *b = &r->in[1], *y = &r->out[0];
    int64_t       a_width = kt_dim(&a->shape, -1), b_width = kt_dim(&b->shape, -1);

    return (kt_gemm){
        .m = kt_dim(&y->shape, -2),
        .n = kt_dim(&y->shape, -1),
        .k = kt_dim(&a->shape, ta ? -2 : -1),
        .a = a->f32,
        .b = b->f32,
        .c = y->f32,
        .a_row = ta ? 1 : a_width,
        .a_col = ta ? a_width : 1,
        .b_row = tb ? 1 : b_width,
        .b_col = tb ? b_width : 1,
        .c_row = kt_dim(&y->shape, -1),
    };
}

/* a's rows in all batches are the rows of one product where b is one matrix. */
static bool fold_rows(kt_gemm *g, const kt_run *r, bool ta)
{
    const kt_shape *a = &r->in[0].shape, *b = &r->in[1].shape;

    if (b->rank != 2 || (ta && a->rank > 2))
        return false;
    if (!ta)
        g->m = kt_shape_product(a, 0, a->rank - 1);
    return true;
}

/* With one term per sum, strides along k mean nothing: they are made such that the loops find the
 * cheap case. */
static void simplify(kt_gemm *g)
{
    if (g->k == 1)
        g->a_col = 1;
    if (g->k == 1 && g->b_row == 1) { /* a column is a row */
        g->b_row = g->n;
        g->b_col = 1;
    }
}

static void run_product(const product *p)
{
    kt_gemm g = p->g;

    g.relu = p->act.fn == KT_UN_RELU;
    simplify(&g);
    kt_cpu_gemm(&g);
    if (p->act.fn != KT_UN_IDENTITY && !g.relu) /* c's rows are contiguous here */
        kt_cpu_unary(p->act, g.m * g.n, g.c, g.c);
}

/* --- batches --- */

typedef struct batches {
    product       p;
    const kt_run *r;
} batches;

/* The matrix of operand s that belongs to matrix `index` of the result. */
static int64_t matrix_of(const kt_shape *s, const kt_shape *y, int64_t index)
{
    int64_t at = 0, step = 1;

    for (int i = y->rank - 3; i >= 0; i--) {
        int     axis = i - (y->rank - s->rank);
        int64_t place = index % y->dim[i];
        index /= y->dim[i];
        if (axis < 0)
            continue;
        at += s->dim[axis] > 1 ? place * step : 0;
        step *= s->dim[axis];
    }
    return at;
}

static void run_batches(void *ctx, int64_t begin, int64_t end)
{
    const batches  *b = ctx;
    const kt_shape *y = &b->r->out[0].shape;

    for (int64_t i = begin; i < end; i++) {
        kt_gemm g = b->p.g;
        g.a += matrix_of(&b->r->in[0].shape, y, i) * g.m * g.k;
        g.b += matrix_of(&b->r->in[1].shape, y, i) * g.k * g.n;
        g.c += i * g.m * g.n;
        kt_isa()->gemm(&g);
    }
}

static void run(const kt_run *r, bool ta, bool tb, kt_unary_attr act)
{
    product         p = {plain(r, ta, tb), act};
    const kt_shape *y = &r->out[0].shape;

    p.g.bias = r->n_in > 2 ? r->in[2].f32 : NULL;
    if (fold_rows(&p.g, r, ta)) {
        run_product(&p);
    } else {
        batches b = {p, r};
        double  flops = 2.0 * (double)p.g.m * (double)p.g.n * (double)p.g.k;
        simplify(&b.p.g);
        kt_parallel(kt_shape_product(y, 0, y->rank - 2),
                    (int64_t)(KT_FLOPS_WORTH_A_THREAD / (flops + 1)) + 1, run_batches, &b);
        if (act.fn != KT_UN_IDENTITY)
            kt_cpu_unary(act, r->out[0].count, r->out[0].f32, r->out[0].f32);
    }
}

static void run_matmul(const kt_run *r)
{
    const kt_matmul_attr *attr = r->attr;

    run(r, attr->ta, attr->tb, (kt_unary_attr){.fn = KT_UN_IDENTITY});
}

static void run_dense(const kt_run *r)
{
    const kt_dense_attr *attr = r->attr;

    run(r, attr->ta, attr->tb, attr->act);
}

static const kt_kernel matmul = {
    .op = "matmul", .name = "cpu_matmul", .accepts = kt_all_f32, .run = run_matmul};
static const kt_kernel dense = {
    .op = "dense", .name = "cpu_dense", .accepts = kt_all_f32, .run = run_dense};

const kt_kernel *const kt_kernels_matmul[] = {&matmul, &dense, NULL};
