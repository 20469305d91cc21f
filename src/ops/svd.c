/* svd.c - singular values and vectors, by Jacobi's rotations of the columns of a (or of its
 * transpose, where it has less rows than columns). */
#include "ops/linalg.h"

#include <math.h>

static kt_status shape(kt_op_call *c)
{
    const kt_linalg_attr *attr = c->attr;

    if (kt__matrix(c, 0, false) != KT_OK)
        return c->g->fault->e.status;
    int64_t m = kt_dim(&c->in[0]->shape, -2), n = kt_dim(&c->in[0]->shape, -1), k = kt__least(m, n);
    kt__matrix_result(c, 0, 2, k, -2);
    if (!attr->vectors)
        return KT_OK;
    kt__matrix_result(c, 1, 2, m, attr->full ? m : k);
    kt__matrix_result(c, 2, 2, n, attr->full ? n : k);
    c->n_out = 3;
    return KT_OK;
}

/* The tall matrix of `rows` times `columns` whose columns are turned, the product of the
 * turns, and what remains to be written. Columns lie in memory one after another. */
typedef struct tall {
    int64_t rows, columns;
    double *a, *turns, *size, *used, *left;
} tall;

static double product(const double *x, const double *z, int64_t n)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++)
        sum += x[i] * z[i];
    return sum;
}

static void rotate(double *x, double *z, int64_t n, double cosine, double sine)
{
    for (int64_t i = 0; i < n; i++) {
        double a = x[i], b = z[i];
        x[i] = cosine * a - sine * b;
        z[i] = sine * a + cosine * b;
    }
}

/* Makes columns p and q orthogonal; false where they were. */
static bool turn(const tall *t, int64_t p, int64_t q)
{
    double *x = t->a + p * t->rows, *z = t->a + q * t->rows;
    double  xx = product(x, x, t->rows), zz = product(z, z, t->rows), xz = product(x, z, t->rows);

    if (!(fabs(xz) > 1e-16 * sqrt(xx * zz)))
        return false;
    double theta = (zz - xx) / (2 * xz);
    double tangent = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
    double cosine = 1 / sqrt(tangent * tangent + 1);
    rotate(x, z, t->rows, cosine, tangent * cosine);
    rotate(t->turns + p * t->columns, t->turns + q * t->columns, t->columns, cosine,
           tangent * cosine);
    return true;
}

static void turn_all(const tall *t)
{
    bool busy = true;

    for (int sweep = 0; sweep < 60 && busy; sweep++) {
        busy = false;
        for (int64_t p = 0; p < t->columns; p++)
            for (int64_t q = p + 1; q < t->columns; q++)
                busy = turn(t, p, q) || busy;
    }
    for (int64_t k = 0; k < t->columns; k++)
        t->size[k] = sqrt(product(t->a + k * t->rows, t->a + k * t->rows, t->rows));
}

/* Column k of `left` := a unit vector that is orthogonal to those before it. */
static void complete(const tall *t, int64_t k)
{
    double *x = t->left + k * t->rows;

    for (int64_t unit = 0; unit < t->rows; unit++) {
        for (int64_t i = 0; i < t->rows; i++)
            x[i] = i == unit;
        for (int pass = 0; pass < 2; pass++)
            for (int64_t j = 0; j < k; j++) {
                const double *z = t->left + j * t->rows;
                double        part = product(x, z, t->rows);
                for (int64_t i = 0; i < t->rows; i++)
                    x[i] -= part * z[i];
            }
        double size = sqrt(product(x, x, t->rows));
        if (size > 1e-3) {
            for (int64_t i = 0; i < t->rows; i++)
                x[i] /= size;
            return;
        }
    }
}

/* The largest value that is left. */
static int64_t next(const tall *t)
{
    int64_t best = -1;

    for (int64_t i = 0; i < t->columns; i++)
        if (t->used[i] == 0 && (best < 0 || t->size[i] > t->size[best]))
            best = i;
    t->used[best] = 1;
    return best;
}

static void write_vectors(const kt_buf *to, int64_t matrix, const double *columns, int64_t rows)
{
    int64_t n = kt__columns(to);

    for (int64_t i = 0; i < rows; i++)
        for (int64_t k = 0; k < n; k++)
            to->f64[(matrix * rows + i) * n + k] = columns[k * rows + i];
}

/* Values in order; left vectors a / size in order, completed; right vectors: the turns, which go
 * to a's place. */
static void put_in_order(const kt_run *r, const tall *t, int64_t matrix, int64_t wanted)
{
    double most = 0;

    for (int64_t k = 0; k < t->columns; k++) {
        t->used[k] = 0;
        most = t->size[k] > most ? t->size[k] : most;
    }
    for (int64_t k = 0; k < t->columns; k++) {
        int64_t from = next(t);

        r->out[0].f64[matrix * t->columns + k] = t->size[from];
        if (wanted == 0)
            continue;
        for (int64_t i = 0; i < t->rows; i++)
            t->left[k * t->rows + i] = t->a[from * t->rows + i] / t->size[from];
        if (!(t->size[from] > 1e-14 * most))
            complete(t, k);
        t->used[from] = 1 + (double)k; /* where its turns go */
    }
    for (int64_t k = t->columns; k < wanted; k++)
        complete(t, k);
    for (int64_t from = 0; from < t->columns && wanted; from++)
        for (int64_t i = 0; i < t->columns; i++)
            t->a[(int64_t)(t->used[from] - 1) * t->columns + i] = t->turns[from * t->columns + i];
}

static void decompose(const kt_run *r, int64_t matrix)
{
    const kt_linalg_attr *attr = r->attr;
    int64_t               m = kt__rows(&r->in[0]), n = kt__columns(&r->in[0]);
    bool                  wide = m < n;
    tall                  t = {.rows = wide ? n : m, .columns = wide ? m : n};
    const double         *from = r->in[0].f64 + matrix * m * n;
    int64_t               wanted = attr->vectors ? kt__columns(&r->out[wide ? 2 : 1]) : 0;

    t.a = r->scratch;
    t.turns = t.a + m * n;
    t.size = t.turns + t.columns * t.columns;
    t.used = t.size + t.columns;
    t.left = t.used + t.columns;
    for (int64_t k = 0; k < t.columns; k++)
        for (int64_t i = 0; i < t.rows; i++)
            t.a[k * t.rows + i] = from[wide ? k * n + i : i * n + k];
    for (int64_t i = 0; i < t.columns * t.columns; i++)
        t.turns[i] = i % (t.columns + 1) == 0;
    turn_all(&t);
    put_in_order(r, &t, matrix, wanted);
    if (wanted) {
        write_vectors(&r->out[wide ? 2 : 1], matrix, t.left, t.rows);
        write_vectors(&r->out[wide ? 1 : 2], matrix, t.a, t.columns);
    }
}

static size_t scratch(const kt_run *r)
{
    const kt_linalg_attr *attr = r->attr;
    size_t                m = (size_t)kt__rows(&r->in[0]), n = (size_t)kt__columns(&r->in[0]);
    size_t                k = m < n ? m : n, rows = m < n ? n : m;

    return (m * n + k * k + 2 * k + (attr->vectors ? rows * (attr->full ? rows : k) : 0)) *
           sizeof(double);
}

/* Nothing but NaN comes of what is not finite. */
static void reference(const kt_run *r)
{
    if (r->in[0].count > 0)
        for (int64_t k = 0; k < kt__matrices(&r->in[0].shape); k++)
            decompose(r, k);
    for (int i = 1; i < r->n_out && r->in[0].count == 0; i++)
        for (int64_t k = 0; k < r->out[i].count; k++)
            r->out[i].f64[k] = k / kt__columns(&r->out[i]) % kt__rows(&r->out[i]) ==
                               k % kt__columns(&r->out[i]);
}

/* --- gradient --- */

/* gap * (x^T dx - dx^T x) */
static kt_node *spin(kt_graph *g, kt_node *gaps, kt_node *x, kt_node *dx)
{
    kt_node *p = kt_matmul(g, x, dx, true, false);

    return kt_mul(g, gaps, kt_sub(g, p, kt__transposed(g, p)));
}

/* dx - x x^T dx */
static kt_node *outside(kt_graph *g, kt_node *x, kt_node *dx)
{
    return kt_sub(g, dx, kt_matmul(g, x, kt_matmul(g, x, dx, true, false), false, false));
}

/* Townsend's formula; u and v are those of the reduced decomposition. */
static kt_node *through_vectors(kt_graph *g, kt_node *s, kt_node *u, kt_node *v, kt_node *du,
                                kt_node *dv, kt_node *inner)
{
    int      rank = s->shape.rank;
    kt_node *gaps = kt__gaps(g, kt_unary(g, KT_UN_SQUARE, s)), *y = NULL;
    kt_node *row = kt_expand_dims(g, s, rank - 1), *column = kt_expand_dims(g, s, rank);

    if (du)
        inner = kt_add(g, inner, kt_mul(g, spin(g, gaps, u, du), row));
    if (dv)
        inner = kt_add(g, inner, kt_mul(g, column, spin(g, gaps, v, dv)));
    y = kt_matmul(g, kt_matmul(g, u, inner, false, false), v, false, true);
    if (du)
        y = kt_add(
            g, y,
            kt_matmul(g, kt_binary(g, KT_BI_DIV_NO_NAN, outside(g, u, du), row), v, false, true));
    if (dv)
        y = kt_add(
            g, y,
            kt_matmul(g, u, kt_binary(g, KT_BI_DIV_NO_NAN, outside(g, v, dv), row), false, true));
    return y;
}

/* Of the values alone it needs vectors, which that op does not have: it is computed anew. The
 * vectors that only complete a full decomposition have no gradient. */
static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_linalg_attr *attr = y->attr;
    kt_node              *all = attr->vectors ? y : kt_svd(g, y->in[0], KT_SVD_REDUCED);
    kt_node              *u = kt_part(all, 1), *v = kt_part(all, 2);
    kt_node              *du = attr->vectors ? dy[1] : NULL, *dv = attr->vectors ? dy[2] : NULL;
    int64_t               k = kt_dim(&y->shape, -1);
    int                   last = y->shape.rank;

    if (kt_graph_failed(g))
        return;
    if (attr->full) {
        u = kt_slice_axis(g, u, last, 0, k);
        v = kt_slice_axis(g, v, last, 0, k);
        du = du ? kt_slice_axis(g, du, last, 0, k) : NULL;
        dv = dv ? kt_slice_axis(g, dv, last, 0, k) : NULL;
    }
    kt_node *zero = kt_mul_scalar(g, y, 0);
    kt_node *inner = kt__diagonal(g, dy[0] ? dy[0] : zero);
    dx[0] = through_vectors(g, all, u, v, du, dv, inner);
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 4), m = n + s->size(s, 0, 3);

    switch (variant) {
    case 0: return kt_svd(s->g, s->real(s, KT_SHAPE(m, n), -1, 1), KT_SVD_VALUES);
    case 1: return kt_part(kt_svd(s->g, s->real(s, KT_SHAPE(2, m, n), -1, 1), KT_SVD_REDUCED), 1);
    case 2: return kt_part(kt_svd(s->g, s->real(s, KT_SHAPE(n, m), -1, 1), KT_SVD_REDUCED), 2);
    case 3: return kt_svd(s->g, s->real(s, KT_SHAPE(m, n), -1, 1), KT_SVD_FULL);
    case 4: return kt_svd(s->g, s->real(s, KT_SHAPE(2, 0, n), -1, 1), KT_SVD_REDUCED);
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "svd",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .scratch = scratch,
    .sample = sample,
};

kt_node *kt_svd(kt_graph *g, kt_node *a, kt_svd_kind kind)
{
    kt_linalg_attr attr = {.full = kind == KT_SVD_FULL, .vectors = kind != KT_SVD_VALUES};

    return kt_emit(g, &type, &attr, sizeof attr, 1, &a);
}

const kt_op_type *const kt_ops_svd[] = {&type, NULL};
