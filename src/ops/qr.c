/* qr.c - the QR decomposition by Householder's reflections, signs as in LAPACK. */
#include "ops/linalg.h"

#include <math.h>
#include <string.h>

static kt_status shape(kt_op_call *c)
{
    const kt_linalg_attr *attr = c->attr;

    if (kt__matrix(c, 0, false) != KT_OK)
        return c->g->fault->e.status;
    int64_t m = kt_dim(&c->in[0]->shape, -2), n = kt_dim(&c->in[0]->shape, -1);
    int64_t inner = attr->full ? m : kt__least(m, n);
    kt__matrix_result(c, 0, 2, m, inner);
    kt__matrix_result(c, 1, 2, inner, n);
    c->n_out = 2;
    return KT_OK;
}

/* Reflects the rows from k on of x [rows, columns], columns from `from` on, at v. */
static void reflect(double *x, int64_t rows, int64_t columns, int64_t k, int64_t from,
                    const double *v, double scale)
{
    for (int64_t j = from; j < columns; j++) {
        double sum = 0;

        for (int64_t i = k; i < rows; i++)
            sum += v[i] * x[i * columns + j];
        for (int64_t i = k; i < rows; i++)
            x[i * columns + j] -= scale * sum * v[i];
    }
}

/* The reflection that clears column k of a below the diagonal; v [rows]; its scale. */
static double householder(const double *a, int64_t m, int64_t n, int64_t k, double *v)
{
    double tail = 0, head = a[k * n + k];

    for (int64_t i = k + 1; i < m; i++)
        tail += a[i * n + k] * a[i * n + k];
    for (int64_t i = 0; i < m; i++)
        v[i] = i <= k ? 0 : a[i * n + k];
    if (tail == 0)
        return 0;
    double norm = sqrt(head * head + tail);
    v[k] = head >= 0 ? head + norm : head - norm;
    return 2 / (v[k] * v[k] + tail);
}

/* a [m, n], the square q [m, m], and a reflection with its scale for each step. */
static size_t scratch(const kt_run *r)
{
    size_t m = (size_t)kt__rows(&r->in[0]), n = (size_t)kt__columns(&r->in[0]);

    return (m * n + m * m + (m < n ? m : n) * (m + 1) + m) * sizeof(double);
}

static void factor(const kt_run *r, int64_t matrix)
{
    int64_t m = kt__rows(&r->in[0]), n = kt__columns(&r->in[0]), inner = kt__columns(&r->out[0]);
    int64_t steps = m < n ? m : n;
    double *a = r->scratch, *q = a + m * n, *v = q + m * m, *scale = v + steps * m;

    memcpy(a, r->in[0].f64 + matrix * m * n, (size_t)(m * n) * sizeof *a);
    for (int64_t k = 0; k < steps; k++) {
        scale[k] = householder(a, m, n, k, v + k * m);
        reflect(a, m, n, k, k, v + k * m, scale[k]);
    }
    for (int64_t i = 0; i < m * m; i++)
        q[i] = i % (m + 1) == 0;
    for (int64_t k = steps; k-- > 0;)
        reflect(q, m, m, k, 0, v + k * m, scale[k]);
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < inner; j++)
            r->out[0].f64[(matrix * m + i) * inner + j] = q[i * m + j];
    for (int64_t i = 0; i < inner; i++)
        for (int64_t j = 0; j < n; j++)
            r->out[1].f64[(matrix * inner + i) * n + j] = j < i ? 0 : a[i * n + j];
}

static void reference(const kt_run *r)
{
    if (r->in[0].count > 0)
        for (int64_t k = 0; k < kt__matrices(&r->in[0].shape); k++)
            factor(r, k);
}

/* (dq + q sym(r dr^T - dq^T q)) r^-T, where sym takes the lower triangle for both. There is none
 * where r is not square. */
static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    kt_node *q = y, *r = kt_part(y, 1), *m = NULL;

    if (kt_dim(&r->shape, -1) != kt_dim(&r->shape, -2))
        return;
    if (dy[1])
        m = kt_matmul(g, r, kt__triangle(g, dy[1], false, 0), false, true);
    if (dy[0]) {
        kt_node *turn = kt_matmul(g, dy[0], q, true, false);
        m = m ? kt_sub(g, m, turn) : kt_unary(g, KT_UN_NEG, turn);
    }
    kt_node *low = kt__triangle(g, m, true, -1);
    m = kt_add(g, kt__triangle(g, m, true, 0), kt__transposed(g, low));
    kt_node *b = kt_matmul(g, q, m, false, false);
    b = dy[0] ? kt_add(g, dy[0], b) : b;
    dx[0] = kt__transposed(g, kt_triangular_solve(g, r, kt__transposed(g, b), false, false));
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t  n = s->size(s, 1, 4), m = n + s->size(s, 0, 3);
    kt_node *x;

    switch (variant) {
    case 0: return kt_qr(s->g, s->real(s, KT_SHAPE(m, n), -1, 1), false);
    case 1: x = kt_qr(s->g, s->real(s, KT_SHAPE(2, m, n), -1, 1), false); return kt_part(x, 1);
    case 2: return kt_qr(s->g, s->real(s, KT_SHAPE(n, n), -1, 1), true);
    case 3: return kt_part(kt_qr(s->g, s->real(s, KT_SHAPE(2, 0, n), -1, 1), false), 1);
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "qr",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .scratch = scratch,
    .sample = sample,
};

kt_node *kt_qr(kt_graph *g, kt_node *a, bool full)
{
    kt_linalg_attr attr = {.full = full};

    return kt_emit(g, &type, &attr, sizeof attr, 1, &a);
}

const kt_op_type *const kt_ops_qr[] = {&type, NULL};
