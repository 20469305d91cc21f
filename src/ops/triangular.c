/* triangular.c - the Cholesky decomposition, and systems of triangular matrices. */
#include "ops/linalg.h"

#include <math.h>

/* --- Cholesky --- */

static kt_status square_shape(kt_op_call *c)
{
    kt_like(c, 0, 0);
    return kt__matrix(c, 0, true);
}

static void cholesky_reference(const kt_run *r)
{
    int64_t n = kt__columns(&r->in[0]);

    for (int64_t k = 0; k < kt__matrices(&r->in[0].shape); k++) {
        const double *a = r->in[0].f64 + k * n * n;
        double       *l = r->out[0].f64 + k * n * n;

        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++) {
                double sum = a[i * n + j];

                for (int64_t m = 0; m < j && j <= i; m++)
                    sum -= l[i * n + m] * l[j * n + m];
                if (i == j && !(sum > 0))
                    kt_refuse_words(r, "Cholesky decomposition was not successful. The input might "
                                       "not be valid.");
                l[i * n + j] = j > i ? 0 : i == j ? sqrt(sum) : sum / l[j * n + j];
            }
    }
}

/* l^-T phi(l^T dl) l^-1, where phi is the lower triangle with half the diagonal. */
static void cholesky_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    kt_node *p = kt_matmul(g, y, kt__triangle(g, dy[0], true, 0), true, false);
    kt_node *below = kt__triangle(g, p, true, -1), *all = kt__triangle(g, p, true, 0);

    p = kt_mul_scalar(g, kt_add(g, below, all), 0.5);
    p = kt_triangular_solve(g, y, p, true, true);
    p = kt__transposed(g, kt_triangular_solve(g, y, kt__transposed(g, p), true, true));
    kt_node *half = kt_mul_scalar(g, kt_add(g, p, kt__transposed(g, p)), 0.5);
    dx[0] = kt__of_lower(g, half);
}

/* x x^T and a heavy diagonal. */
static kt_node *positive(kt_sampler *s, kt_shape shape)
{
    kt_node *x = s->real(s, shape, -1, 1);

    if (!kt_shape_known(&x->shape))
        return x;
    return kt_add(s->g, kt_matmul(s->g, x, x, false, true),
                  kt_mul_scalar(s->g, kt__units(s->g, x), 2));
}

static kt_node *cholesky_sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 5);

    return variant == 0 ? kt_cholesky(s->g, positive(s, KT_SHAPE(n, n)))
         : variant == 1 ? kt_cholesky(s->g, positive(s, KT_SHAPE(2, n, n)))
                        : NULL;
}

static const kt_op_type cholesky_type = {
    .name = "cholesky",
    .min_in = 1,
    .max_in = 1,
    .shape = square_shape,
    .gradient = cholesky_gradient,
    .reference = cholesky_reference,
    .sample = cholesky_sample,
};

kt_node *kt_cholesky(kt_graph *g, kt_node *a)
{
    kt_linalg_attr attr = {.lower = true};

    return kt_emit(g, &cholesky_type, &attr, sizeof attr, 1, &a);
}

/* --- triangular systems --- */

static kt_status system_shape(kt_op_call *c)
{
    if (kt__matrix(c, 0, true) != KT_OK || kt__matrix(c, 1, false) != KT_OK)
        return c->g->fault->e.status;
    kt_like(c, 0, 1);
    return kt__same_matrices(c);
}

static void system_reference(const kt_run *r)
{
    const kt_linalg_attr *attr = r->attr;
    int64_t               n = kt__columns(&r->in[0]), m = kt__columns(&r->in[1]);
    bool                  forward = attr->lower != attr->transposed;
    int64_t               down = attr->transposed ? 1 : n, right = attr->transposed ? n : 1;

    for (int64_t k = 0; k < kt__matrices(&r->in[0].shape); k++) {
        const double *a = r->in[0].f64 + k * n * n, *b = r->in[1].f64 + k * n * m;
        double       *x = r->out[0].f64 + k * n * m;

        for (int64_t step = 0; step < n; step++) {
            int64_t i = forward ? step : n - 1 - step, begin = forward ? 0 : i + 1,
                    end = forward ? i : n;

            if (a[i * n + i] == 0)
                kt_refuse_words(r, "Input matrix is not invertible.");
            for (int64_t j = 0; j < m; j++) {
                double sum = b[i * m + j];

                for (int64_t l = begin; l < end; l++)
                    sum -= a[i * down + l * right] * x[l * m + j];
                x[i * m + j] = sum / a[i * n + i];
            }
        }
    }
}

static void system_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_linalg_attr *attr = y->attr;

    dx[1] = kt_triangular_solve(g, y->in[0], dy[0], attr->lower, !attr->transposed);
    kt_node *da = attr->transposed ? kt_matmul(g, y, dx[1], false, true)
                                   : kt_matmul(g, dx[1], y, false, true);
    dx[0] = kt__triangle(g, kt_unary(g, KT_UN_NEG, da), attr->lower, 0);
}

static kt_node *system_sample(kt_sampler *s, int variant)
{
    int64_t  n = s->size(s, 1, 5), m = s->size(s, 1, 4);
    kt_shape a = variant % 2 ? KT_SHAPE(2, n, n) : KT_SHAPE(n, n);
    kt_shape b = variant % 2 ? KT_SHAPE(2, n, m) : KT_SHAPE(n, m);

    if (variant >= 4)
        return NULL;
    return kt_triangular_solve(s->g, s->real(s, a, 0.7, 1.4), s->real(s, b, -1, 1), variant < 2,
                               variant % 2);
}

static const kt_op_type system_type = {
    .name = "triangular_solve",
    .min_in = 2,
    .max_in = 2,
    .shape = system_shape,
    .gradient = system_gradient,
    .reference = system_reference,
    .sample = system_sample,
};

kt_node *kt_triangular_solve(kt_graph *g, kt_node *a, kt_node *b, bool lower, bool transposed)
{
    kt_linalg_attr attr = {.lower = lower, .transposed = transposed};

    return kt_emit(g, &system_type, &attr, sizeof attr, 2, (kt_node *[]){a, b});
}

const kt_op_type *const kt_ops_triangular[] = {&cholesky_type, &system_type, NULL};
