/* cumsum.c - running sums and products along an axis, from either end. */
#include "ops/lanes.h"
#include "ops/shared.h"

/* Each element is part of all sums from its place on. */
static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_axis_attr *a = y->attr;

    dx[0] = kt_cumsum(g, dy[0], a->axis, !a->flag);
}

static void reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    kt_lanes            l = kt__lanes(&r->in[0].shape, a->axis);

    for (int64_t k = 0; k < l.count; k++) {
        int64_t at = kt__lane(&l, k);
        double  sum = 0;

        for (int64_t j = 0; j < l.n; j++) {
            int64_t i = at + (a->flag ? l.n - 1 - j : j) * l.step;
            sum += r->in[0].f64[i];
            r->out[0].f64[i] = sum;
        }
    }
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t a = s->size(s, 1, 5), b = s->size(s, 1, 6), n = s->size(s, 1, 20);

    switch (variant) {
    case 0: return kt_cumsum(s->g, s->real(s, KT_SHAPE(a, n), -1, 1), -1, false);
    case 1: return kt_cumsum(s->g, s->real(s, KT_SHAPE(a, n, b), -1, 1), 1, true);
    case 2: return kt_cumsum(s->g, s->integer(s, KT_SHAPE(n, a), -5, 5), 0, false);
    case 3: return kt_cumsum(s->g, s->real(s, KT_SHAPE(a, 0), -1, 1), 1, true);
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "cumsum",
    .min_in = 1,
    .max_in = 1,
    .shape = kt__same_shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
};

/* --- products --- */

/* The sum of what each product owes to x, where x is not 0; nothing where it is, as in
 * TensorFlow. */
static void product_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_axis_attr *a = y->attr;

    dx[0] = kt_binary(g, KT_BI_DIV_NO_NAN, kt_cumsum(g, kt_mul(g, y, dy[0]), a->axis, !a->flag),
                      y->in[0]);
}

static void product_reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    kt_lanes            l = kt__lanes(&r->in[0].shape, a->axis);

    for (int64_t k = 0; k < l.count; k++) {
        int64_t at = kt__lane(&l, k);
        double  product = 1;

        for (int64_t j = 0; j < l.n; j++) {
            int64_t i = at + (a->flag ? l.n - 1 - j : j) * l.step;
            product *= r->in[0].f64[i];
            r->out[0].f64[i] = product;
        }
    }
}

static kt_node *product_sample(kt_sampler *s, int variant)
{
    int64_t a = s->size(s, 1, 5), b = s->size(s, 1, 6), n = s->size(s, 1, 12);

    switch (variant) {
    case 0: return kt_cumprod(s->g, s->real(s, KT_SHAPE(a, n), 0.5, 1.5), -1, false);
    case 1: return kt_cumprod(s->g, s->real(s, KT_SHAPE(a, n, b), -1.5, -0.5), 1, true);
    case 2: return kt_cumprod(s->g, s->integer(s, KT_SHAPE(n, a), 1, 3), 0, false);
    case 3: return kt_cumprod(s->g, s->real(s, KT_SHAPE(a, 0), 0.5, 1), 1, true);
    default: return NULL;
    }
}

static const kt_op_type product_type = {
    .name = "cumprod",
    .min_in = 1,
    .max_in = 1,
    .shape = kt__same_shape,
    .gradient = product_gradient,
    .reference = product_reference,
    .sample = product_sample,
};

static kt_node *run_along(kt_graph *g, const kt_op_type *op, kt_node *x, int axis, bool reverse)
{
    kt_axis_attr a = {kt_axis(&x->shape, axis), reverse};

    if (kt_is_poison(g, x))
        return x;
    if (a.axis < 0) {
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT,
                 "ScanOp: Expected scan axis in the range [%d, %d), but got %d", -x->shape.rank,
                 x->shape.rank, axis);
        return g->poison;
    }
    if (x->dtype == KT_BOOLEAN)
        x = kt_cast(g, x, KT_I32);
    return kt_emit(g, op, &a, sizeof a, 1, &x);
}

kt_node *kt_cumsum(kt_graph *g, kt_node *x, int axis, bool reverse)
{
    return run_along(g, &type, x, axis, reverse);
}

kt_node *kt_cumprod(kt_graph *g, kt_node *x, int axis, bool reverse)
{
    return run_along(g, &product_type, x, axis, reverse);
}

const kt_op_type *const kt_ops_cumsum[] = {&type, &product_type, NULL};
