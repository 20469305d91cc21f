/* matmul.c - y[.., m, n] = sum over k of a[.., m, k] . b[.., k, n]; leading axes broadcast. */
#include "ops/shared.h"

/* Which axes of an operand are rows and columns after the transposition. */
static int row_axis(const kt_shape *s, bool transposed)
{
    return s->rank - (transposed ? 1 : 2);
}

static int column_axis(const kt_shape *s, bool transposed)
{
    return s->rank - (transposed ? 2 : 1);
}

/* [2, 3, 4] -> [6, 4]: what TensorFlow multiplies a matrix with, and prints. */
static kt_shape folded(const kt_shape *s)
{
    return KT_SHAPE(kt_shape_product(s, 0, s->rank - 1), kt_dim(s, -1));
}

static kt_status fail_size(kt_op_call *c, int axis, int64_t expected, int64_t received)
{
    const kt_shape *a = &c->in[0]->shape, *b = &c->in[1]->shape;
    kt_shape        shown = b->rank == 2 ? folded(a) : *a;

    return kt_op_fail_tf(c, b->rank == 2 ? "MatMul" : "BatchMatMulV2", " name: ", 0, axis, expected,
                         received, "Matrix size-incompatible: In[0]: %s, In[1]: %s",
                         kt__shape_text(c->g, &shown), kt__shape_text(c->g, b));
}

/* The axis `from_end` of the result, which comes from whichever operand has more than 1 there. */
static bool batch_axis(kt_op_call *c, int from_end)
{
    const kt_shape *a = &c->in[0]->shape, *b = &c->in[1]->shape;
    int             axis = c->out[0].shape.rank - from_end;
    int64_t         x = from_end <= a->rank ? a->dim[a->rank - from_end] : 1;
    int64_t         z = from_end <= b->rank ? b->dim[b->rank - from_end] : 1;
    bool            second = from_end > a->rank || (x == 1 && from_end <= b->rank) ||
                  (x == KT_UNKNOWN && z > 1);

    if (x >= 0 && z >= 0 && x != z && x != 1 && z != 1 && !c->g->lenient)
        return false;
    kt_from_axis(c, 0, axis, second, (second ? b : a)->rank - from_end);
    return true;
}

kt_status kt__matmul_shape(kt_op_call *c, bool ta, bool tb)
{
    const kt_shape *a = &c->in[0]->shape, *b = &c->in[1]->shape;
    kt_result      *y = &c->out[0];
    int             ka, kb;

    for (int i = 0; i < 2; i++)
        if (c->in[i]->shape.rank < 2)
            return kt_op_fail_tf(c, "MatMul", " name: ", i, -1, 2, c->in[i]->shape.rank,
                                 "In[%d] ndims must be >= 2: %d", i, c->in[i]->shape.rank);
    ka = column_axis(a, ta);
    kb = row_axis(b, tb);
    if (a->dim[ka] != b->dim[kb] && a->dim[ka] != KT_UNKNOWN && b->dim[kb] != KT_UNKNOWN &&
        !c->g->lenient)
        return fail_size(c, ka, b->dim[kb], a->dim[ka]);

    y->dtype = c->in[0]->dtype;
    y->shape.rank = a->rank > b->rank ? a->rank : b->rank;
    for (int from_end = y->shape.rank; from_end > 2; from_end--)
        if (!batch_axis(c, from_end))
            return kt_op_fail_tf(c, "BatchMatMulV2", " name: ", 1, b->rank - from_end,
                                 a->dim[a->rank - from_end], b->dim[b->rank - from_end],
                                 "In[0] and In[1] must have compatible batch dimensions: %s vs. %s",
                                 kt__shape_text(c->g, a), kt__shape_text(c->g, b));
    kt_from_axis(c, 0, y->shape.rank - 2, 0, row_axis(a, ta));
    kt_from_axis(c, 0, y->shape.rank - 1, 1, column_axis(b, tb));
    return KT_OK;
}

static kt_status shape(kt_op_call *c)
{
    const kt_matmul_attr *attr = c->attr;

    return kt__matmul_shape(c, attr->ta, attr->tb);
}

/* dB of a matrix b under batches of a: one product over all rows at once. */
static kt_node *folded_gradient(kt_graph *g, kt_node *a, kt_node *dy, bool tb)
{
    kt_node *a2 = kt_reshape(g, a, folded(&a->shape)), *dy2 = kt_reshape(g, dy, folded(&dy->shape));

    return tb ? kt_matmul(g, dy2, a2, true, false) : kt_matmul(g, a2, dy2, true, false);
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dys, kt_node **dx)
{
    const kt_matmul_attr *attr = y->attr;
    bool                  ta = attr->ta, tb = attr->tb;
    kt_node              *a = y->in[0], *b = y->in[1], *dy = dys[0];

    dx[0] = kt_sum_to(g, ta ? kt_matmul(g, b, dy, tb, true) : kt_matmul(g, dy, b, false, !tb),
                      &a->shape);
    if (b->shape.rank == 2 && a->shape.rank > 2 && !ta)
        dx[1] = folded_gradient(g, a, dy, tb);
    else
        dx[1] = kt_sum_to(g, tb ? kt_matmul(g, dy, a, true, ta) : kt_matmul(g, a, dy, !ta, false),
                          &b->shape);
}

typedef struct matrix {
    const double *at;
    int64_t       row, column; /* elements from one row, and one column, to the next */
} matrix;

static matrix matrix_at(const kt_buf *b, int64_t begin, bool transposed)
{
    int64_t width = kt_dim(&b->shape, -1);

    return (matrix){b->f64 + begin, transposed ? 1 : width, transposed ? width : 1};
}

static void multiply(matrix a, matrix b, double *y, int64_t m, int64_t k, int64_t n)
{
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;

            for (int64_t p = 0; p < k; p++)
                sum += a.at[i * a.row + p * a.column] * b.at[p * b.row + j * b.column];
            y[i * n + j] = sum;
        }
}

/* The leading axes of an operand, each a matrix apart from the next. */
static void walk_matrices(kt_walk *w, const kt_shape *s)
{
    kt_shape batch = kt_shape_slice(s, 0, s->rank - 2);

    kt__walk_broadcast(w, &batch);
}

void kt__matmul_run(const kt_run *r, bool ta, bool tb)
{
    const kt_buf *a = &r->in[0], *b = &r->in[1], *y = &r->out[0];
    int64_t       m = kt_dim(&y->shape, -2), n = kt_dim(&y->shape, -1),
            k = a->shape.dim[column_axis(&a->shape, ta)];
    kt_shape batch = kt_shape_slice(&y->shape, 0, y->shape.rank - 2);
    kt_walk  w = kt__walk(&batch);

    walk_matrices(&w, &a->shape);
    walk_matrices(&w, &b->shape);
    for (int64_t i = 0; i < kt_shape_count(&batch); i++, kt__walk_next(&w))
        multiply(matrix_at(a, w.pos[0] * m * k, ta), matrix_at(b, w.pos[1] * k * n, tb),
                 y->f64 + i * m * n, m, k, n);
}

static void reference(const kt_run *r)
{
    const kt_matmul_attr *attr = r->attr;

    kt__matmul_run(r, attr->ta, attr->tb);
}

/* All four transpositions of: matrices, a batch of a, batches of both, one of them broadcast, sizes
 * 0 and 1. */
static kt_node *sample(kt_sampler *s, int variant)
{
    bool    ta = variant & 1, tb = variant & 2;
    int64_t m = s->size(s, 1, 6), k = s->size(s, 1, 9), n = s->size(s, 1, 18),
            batch = s->size(s, 2, 4);
    kt_shape a, b, none = KT_SCALAR_SHAPE;
    kt_shape lead_a[] = {none,        KT_SHAPE(batch, 2), KT_SHAPE(batch),
                         KT_SHAPE(1), KT_SHAPE(batch, 1), none};
    kt_shape lead_b[] = {none, none, KT_SHAPE(batch), KT_SHAPE(batch), KT_SHAPE(3), none};
    size_t   kind = (size_t)variant / 4;

    if (kind >= KT_COUNT(lead_a))
        return NULL;
    if (kind == 5)
        k = variant & 1 ? 0 : 1;
    a = ta ? KT_SHAPE(k, m) : KT_SHAPE(m, k);
    b = tb ? KT_SHAPE(n, k) : KT_SHAPE(k, n);
    a = kt_shape_concat(&lead_a[kind], &a);
    b = kt_shape_concat(&lead_b[kind], &b);
    return kt_matmul(s->g, s->real(s, a, -1, 1), s->real(s, b, -1, 1), ta, tb);
}

const kt_op_type kt_op_matmul = {
    .name = "matmul",
    .min_in = 2,
    .max_in = 2,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
};

kt_node *kt_matmul(kt_graph *g, kt_node *a, kt_node *b, bool ta, bool tb)
{
    kt_matmul_attr attr = {ta, tb};
    kt_dtype       dtype = kt__common_dtype(a->dtype, b->dtype);

    return kt_emit(g, &kt_op_matmul, &attr, sizeof attr, 2,
                   (kt_node *[]){kt_cast(g, a, dtype), kt_cast(g, b, dtype)});
}

const kt_op_type *const kt_ops_matmul[] = {&kt_op_matmul, NULL};
