/* solve.c - linear systems, determinants and the LU decomposition, by elimination with the largest
 * pivot of each column. */
#include "ops/linalg.h"

#include <math.h>
#include <string.h>

/* --- elimination --- */

/* L and U in place of a [n, n], row[i]: which row of a row i is; the sign of that permutation. A
 * column without a pivot leaves 0 on the diagonal. */
static int eliminate(double *a, int64_t n, int64_t *row)
{
    int sign = 1;

    for (int64_t i = 0; i < n; i++)
        row[i] = i;
    for (int64_t k = 0; k < n; k++) {
        int64_t best = k;

        for (int64_t i = k + 1; i < n; i++)
            if (fabs(a[i * n + k]) > fabs(a[best * n + k]))
                best = i;
        if (best != k) {
            int64_t swap = row[k];
            row[k] = row[best];
            row[best] = swap;
            sign = -sign;
            for (int64_t j = 0; j < n; j++) {
                double value = a[k * n + j];
                a[k * n + j] = a[best * n + j];
                a[best * n + j] = value;
            }
        }
        for (int64_t i = k + 1; i < n && a[k * n + k] != 0; i++) {
            double factor = a[i * n + k] /= a[k * n + k];
            for (int64_t j = k + 1; j < n; j++)
                a[i * n + j] -= factor * a[k * n + j];
        }
    }
    return sign;
}

static size_t elimination_scratch(const kt_run *r)
{
    size_t n = (size_t)kt__columns(&r->in[0]);

    return n * n * sizeof(double) + n * sizeof(int64_t);
}

/* A copy of matrix k, or its transpose, in scratch, decomposed; the rows lie behind it. */
static double *decomposed(const kt_run *r, int64_t k, bool transposed, int64_t **row, int *sign)
{
    int64_t       n = kt__columns(&r->in[0]);
    const double *from = r->in[0].f64 + k * n * n;
    double       *a = r->scratch;

    *row = (int64_t *)(void *)(a + n * n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            a[i * n + j] = from[transposed ? j * n + i : i * n + j];
    *sign = eliminate(a, n, *row);
    return a;
}

/* --- solve --- */

static kt_status solve_shape(kt_op_call *c)
{
    if (kt__matrix(c, 0, true) != KT_OK || kt__matrix(c, 1, false) != KT_OK)
        return c->g->fault->e.status;
    kt_like(c, 0, 1);
    return kt__same_matrices(c);
}

static void solve_reference(const kt_run *r)
{
    const kt_linalg_attr *attr = r->attr;
    int64_t               n = kt__columns(&r->in[0]), m = kt__columns(&r->in[1]), *row;
    int                   sign;

    for (int64_t k = 0; k < kt__matrices(&r->in[0].shape); k++) {
        const double *a = decomposed(r, k, attr->transposed, &row, &sign);
        const double *b = r->in[1].f64 + k * n * m;
        double       *x = r->out[0].f64 + k * n * m;

        for (int64_t i = 0; i < n; i++) {
            if (a[i * n + i] == 0)
                kt_refuse_words(r, "Input matrix is not invertible.");
            for (int64_t j = 0; j < m; j++) {
                double sum = b[row[i] * m + j];
                for (int64_t l = 0; l < i; l++)
                    sum -= a[i * n + l] * x[l * m + j];
                x[i * m + j] = sum;
            }
        }
        for (int64_t i = n; i-- > 0;)
            for (int64_t j = 0; j < m; j++) {
                double sum = x[i * m + j];
                for (int64_t l = i + 1; l < n; l++)
                    sum -= a[i * n + l] * x[l * m + j];
                x[i * m + j] = sum / a[i * n + i];
            }
    }
}

/* db = a^-T dy, da = -db x^T (or of the transposes). */
static void solve_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_linalg_attr *attr = y->attr;

    dx[1] = kt_solve(g, y->in[0], dy[0], !attr->transposed);
    kt_node *da = attr->transposed ? kt_matmul(g, y, dx[1], false, true)
                                   : kt_matmul(g, dx[1], y, false, true);
    dx[0] = kt_unary(g, KT_UN_NEG, da);
}

/* Matrices with a heavy diagonal, so that they are far from singular. */
static kt_node *regular(kt_sampler *s, kt_shape shape)
{
    kt_node *x = s->real(s, shape, -1, 1);

    return kt_shape_known(&shape) ? kt_add(s->g, x, kt_mul_scalar(s->g, kt__units(s->g, x), 4)) : x;
}

static kt_node *solve_sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 5), m = s->size(s, 1, 4);

    switch (variant) {
    case 0:
        return kt_solve(s->g, regular(s, KT_SHAPE(n, n)), s->real(s, KT_SHAPE(n, m), -1, 1), false);
    case 1:
        return kt_solve(s->g, regular(s, KT_SHAPE(2, n, n)), s->real(s, KT_SHAPE(2, n, m), -1, 1),
                        true);
    case 2:
        return kt_solve(s->g, regular(s, KT_SHAPE(0, n, n)), s->real(s, KT_SHAPE(0, n, m), -1, 1),
                        false);
    default: return NULL;
    }
}

static const kt_op_type solve_type = {
    .name = "solve",
    .min_in = 2,
    .max_in = 2,
    .shape = solve_shape,
    .gradient = solve_gradient,
    .reference = solve_reference,
    .scratch = elimination_scratch,
    .sample = solve_sample,
};

kt_node *kt_solve(kt_graph *g, kt_node *a, kt_node *b, bool transposed)
{
    kt_linalg_attr attr = {.transposed = transposed};

    return kt_emit(g, &solve_type, &attr, sizeof attr, 2, (kt_node *[]){a, b});
}

/* --- determinant --- */

static kt_status slogdet_shape(kt_op_call *c)
{
    if (kt__matrix(c, 0, true) != KT_OK)
        return c->g->fault->e.status;
    kt__matrix_result(c, 0, 2, -2, -2);
    kt__matrix_result(c, 1, 2, -2, -2);
    c->n_out = 2;
    return KT_OK;
}

static void slogdet_reference(const kt_run *r)
{
    int64_t n = kt__columns(&r->in[0]), *row;

    for (int64_t k = 0; k < kt__matrices(&r->in[0].shape); k++) {
        int           sign;
        const double *a = decomposed(r, k, false, &row, &sign);
        double        sum = 0;

        for (int64_t i = 0; i < n; i++) {
            double pivot = a[i * n + i];
            sign = pivot < 0 ? -sign : pivot == 0 ? 0 : sign;
            sum += log(fabs(pivot));
        }
        r->out[0].f64[k] = sign;
        r->out[1].f64[k] = sum;
    }
}

/* The slope of log |det a| is a^-T. */
static void slogdet_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    if (!dy[1])
        return;
    kt_node *inverse = kt_solve(g, y->in[0], kt__units(g, y->in[0]), true);
    int      rank = dy[1]->shape.rank;

    dx[0] = kt_mul(g, inverse, kt_expand_dims(g, kt_expand_dims(g, dy[1], rank), rank + 1));
}

static kt_node *slogdet_sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 5);

    switch (variant) {
    case 0: return kt_part(kt_slogdet(s->g, regular(s, KT_SHAPE(n, n))), 1);
    case 1: return kt_part(kt_slogdet(s->g, regular(s, KT_SHAPE(3, n, n))), 1);
    case 2: return kt_slogdet(s->g, regular(s, KT_SHAPE(2, 0, 0)));
    default: return NULL;
    }
}

static const kt_op_type slogdet_type = {
    .name = "slogdet",
    .min_in = 1,
    .max_in = 1,
    .shape = slogdet_shape,
    .gradient = slogdet_gradient,
    .reference = slogdet_reference,
    .scratch = elimination_scratch,
    .sample = slogdet_sample,
};

kt_node *kt_slogdet(kt_graph *g, kt_node *a)
{
    kt_linalg_attr attr = {.lower = false};

    return kt_emit(g, &slogdet_type, &attr, sizeof attr, 1, &a);
}

/* --- LU --- */

static kt_status lu_shape(kt_op_call *c)
{
    if (kt__matrix(c, 0, true) != KT_OK)
        return c->g->fault->e.status;
    kt_like(c, 0, 0);
    kt__matrix_result(c, 1, 2, kt_dim(&c->in[0]->shape, -1), -2);
    c->out[1].dtype = KT_I32;
    c->n_out = 2;
    return KT_OK;
}

static void lu_reference(const kt_run *r)
{
    int64_t n = kt__columns(&r->in[0]), *row;
    int     sign;

    for (int64_t k = 0; k < kt__matrices(&r->in[0].shape); k++) {
        const double *a = decomposed(r, k, false, &row, &sign);

        if (n > 0)
            memcpy(r->out[0].f64 + k * n * n, a, (size_t)(n * n) * sizeof *a);
        for (int64_t i = 0; i < n; i++)
            r->out[1].f64[k * n + i] = (double)row[i];
    }
}

static kt_node *lu_sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 6);

    return variant == 0 ? kt_lu(s->g, s->real(s, KT_SHAPE(n, n), -1, 1))
         : variant == 1 ? kt_lu(s->g, s->real(s, KT_SHAPE(2, n, n), -1, 1))
                        : NULL;
}

/* It is there to be looked at: nothing is trained through it. */
static const kt_op_type lu_type = {
    .name = "lu",
    .min_in = 1,
    .max_in = 1,
    .shape = lu_shape,
    .reference = lu_reference,
    .scratch = elimination_scratch,
    .sample = lu_sample,
    .no_gradient = 1,
};

kt_node *kt_lu(kt_graph *g, kt_node *a)
{
    kt_linalg_attr attr = {.lower = false};

    return kt_emit(g, &lu_type, &attr, sizeof attr, 1, &a);
}

const kt_op_type *const kt_ops_solve[] = {&solve_type, &slogdet_type, &lu_type, NULL};
