/* eigh.c - eigenvalues and -vectors of symmetric matrices, by Jacobi's rotations. The sign of a
 * vector is such that its largest component is positive. */
#include "ops/linalg.h"

#include <math.h>

static kt_status shape(kt_op_call *c)
{
    if (kt__matrix(c, 0, true) != KT_OK)
        return c->g->fault->e.status;
    kt__matrix_result(c, 0, 2, kt_dim(&c->in[0]->shape, -1), -2);
    kt_like(c, 1, 0);
    c->n_out = 2;
    return KT_OK;
}

/* x' = c x - s z, z' = s x + c z for n pairs of elements `step` apart. */
static void rotate(double *x, double *z, int64_t n, int64_t step, double cosine, double sine)
{
    for (int64_t i = 0; i < n; i++) {
        double a = x[i * step], b = z[i * step];
        x[i * step] = cosine * a - sine * b;
        z[i * step] = sine * a + cosine * b;
    }
}

/* Clears a[p][q] of the symmetric a. */
static void clear(double *a, double *v, int64_t n, int64_t p, int64_t q)
{
    double off = a[p * n + q];

    if (off == 0)
        return;
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
    double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
    double cosine = 1 / sqrt(t * t + 1), sine = t * cosine;

    rotate(a + p, a + q, n, n, cosine, sine);
    rotate(a + p * n, a + q * n, n, 1, cosine, sine);
    rotate(v + p, v + q, n, n, cosine, sine);
    a[p * n + q] = a[q * n + p] = 0;
}

static double off_diagonal(const double *a, int64_t n)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++)
            sum += fabs(a[i * n + j]);
    return sum;
}

/* Writes value and vector k: the column of v at `from`. */
static void store(const kt_run *r, int64_t matrix, int64_t k, const double *a, const double *v,
                  int64_t from)
{
    int64_t n = kt__columns(&r->in[0]), best = 0;

    for (int64_t i = 1; i < n; i++)
        if (fabs(v[i * n + from]) > fabs(v[best * n + from]) * (1 + 1e-9))
            best = i;
    double sign = v[best * n + from] < 0 ? -1 : 1;
    r->out[0].f64[matrix * n + k] = a[from * n + from];
    for (int64_t i = 0; i < n; i++)
        r->out[1].f64[(matrix * n + i) * n + k] = sign * v[i * n + from];
}

static void decompose(const kt_run *r, int64_t matrix)
{
    int64_t       n = kt__columns(&r->in[0]);
    const double *from = r->in[0].f64 + matrix * n * n;
    double       *a = r->scratch, *v = a + n * n, *used = v + n * n;

    for (int64_t i = 0; i < n * n; i++) {
        int64_t row = i / n, column = i % n;
        a[i] = row >= column ? from[i] : from[column * n + row];
        v[i] = row == column;
    }
    for (int sweep = 0; sweep < 60 && off_diagonal(a, n) > 0; sweep++)
        for (int64_t p = 0; p < n; p++)
            for (int64_t q = p + 1; q < n; q++)
                clear(a, v, n, p, q);
    for (int64_t i = 0; i < n; i++)
        used[i] = 0;
    for (int64_t k = 0; k < n; k++) {
        int64_t next = -1;
        for (int64_t i = 0; i < n; i++)
            if (used[i] == 0 && (next < 0 || a[i * n + i] < a[next * n + next]))
                next = i;
        used[next] = 1;
        store(r, matrix, k, a, v, next);
    }
}

static size_t scratch(const kt_run *r)
{
    size_t n = (size_t)kt__columns(&r->in[0]);

    return (2 * n * n + n) * sizeof(double);
}

static void reference(const kt_run *r)
{
    if (r->in[0].count > 0)
        for (int64_t k = 0; k < kt__matrices(&r->in[0].shape); k++)
            decompose(r, k);
}

/* v (diag(dw) + (v^T dv) / (w_j - w_i)) v^T, of the lower triangle. */
static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    kt_node *v = kt_part(y, 1), *inner = dy[0] ? kt__diagonal(g, dy[0]) : NULL;

    if (dy[1]) {
        kt_node *turn = kt_mul(g, kt__gaps(g, y), kt_matmul(g, v, dy[1], true, false));
        inner = inner ? kt_add(g, inner, turn) : turn;
    }
    kt_node *s = kt_matmul(g, kt_matmul(g, v, inner, false, false), v, false, true);
    s = kt_mul_scalar(g, kt_add(g, s, kt__transposed(g, s)), 0.5);
    dx[0] = kt__of_lower(g, s);
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 5);

    switch (variant) {
    case 0: return kt_eigh(s->g, s->real(s, KT_SHAPE(n, n), -1, 1));
    case 1: return kt_part(kt_eigh(s->g, s->real(s, KT_SHAPE(2, n, n), -1, 1)), 1);
    case 2: return kt_eigh(s->g, s->real(s, KT_SHAPE(0, n, n), -1, 1));
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "eigh",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .scratch = scratch,
    .sample = sample,
};

kt_node *kt_eigh(kt_graph *g, kt_node *a)
{
    kt_linalg_attr attr = {.vectors = true};

    return kt_emit(g, &type, &attr, sizeof attr, 1, &a);
}

const kt_op_type *const kt_ops_eigh[] = {&type, NULL};
