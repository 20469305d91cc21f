/* softmax.c - softmax and its logarithm along one axis, and the gradients of both. */
#include "ops/lanes.h"
#include "ops/shared.h"

#include <math.h>

static double maximum(const double *x, const kt_lanes *l)
{
    double most = -INFINITY;

    for (int64_t j = 0; j < l->n; j++)
        if (x[j * l->step] > most)
            most = x[j * l->step];
    return most;
}

/* Sum of exp(x - most). */
static double sum_exp(const double *x, const kt_lanes *l, double most)
{
    double sum = 0;

    for (int64_t j = 0; j < l->n; j++)
        sum += exp(x[j * l->step] - most);
    return sum;
}

static void softmax_reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    kt_lanes            l = kt__lanes(&r->in[0].shape, a->axis);

    for (int64_t k = 0; k < l.count; k++) {
        const double *x = r->in[0].f64 + kt__lane(&l, k);
        double       *y = r->out[0].f64 + kt__lane(&l, k), most = maximum(x, &l);
        double        sum = sum_exp(x, &l, most);

        for (int64_t j = 0; j < l.n; j++)
            y[j * l.step] = exp(x[j * l.step] - most) / sum;
    }
}

static void log_softmax_lane(const double *x, const kt_lanes *l, double *y)
{
    double most = maximum(x, l), log_sum = log(sum_exp(x, l, most));

    for (int64_t j = 0; j < l->n; j++)
        y[j * l->step] = x[j * l->step] - most - log_sum;
}

void kt__log_softmax_row(const double *x, int64_t n, double *out)
{
    log_softmax_lane(x, &(kt_lanes){.n = n, .step = 1}, out);
}

static void log_softmax_reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    kt_lanes            l = kt__lanes(&r->in[0].shape, a->axis);

    for (int64_t k = 0; k < l.count; k++)
        log_softmax_lane(r->in[0].f64 + kt__lane(&l, k), &l, r->out[0].f64 + kt__lane(&l, k));
}

/* dx = y (dy - sum of y dy) */
static void softmax_grad_reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    kt_lanes            l = kt__lanes(&r->in[0].shape, a->axis);

    for (int64_t k = 0; k < l.count; k++) {
        int64_t       at = kt__lane(&l, k);
        const double *y = r->in[0].f64 + at, *dy = r->in[1].f64 + at;
        double       *dx = r->out[0].f64 + at, sum = 0;

        for (int64_t j = 0; j < l.n; j++)
            sum += y[j * l.step] * dy[j * l.step];
        for (int64_t j = 0; j < l.n; j++)
            dx[j * l.step] = y[j * l.step] * (dy[j * l.step] - sum);
    }
}

/* dx = dy - exp(y) sum of dy */
static void log_softmax_grad_reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    kt_lanes            l = kt__lanes(&r->in[0].shape, a->axis);

    for (int64_t k = 0; k < l.count; k++) {
        int64_t       at = kt__lane(&l, k);
        const double *y = r->in[0].f64 + at, *dy = r->in[1].f64 + at;
        double       *dx = r->out[0].f64 + at, sum = 0;

        for (int64_t j = 0; j < l.n; j++)
            sum += dy[j * l.step];
        for (int64_t j = 0; j < l.n; j++)
            dx[j * l.step] = dy[j * l.step] - exp(y[j * l.step]) * sum;
    }
}

/* The last axis, an inner one, the first; a lane of one element; a vector; no rows. */
static kt_node *sample_input(kt_sampler *s, int variant, int *axis)
{
    int64_t  a = s->size(s, 1, 5), b = s->size(s, 1, 6), n = s->size(s, 2, 20);
    kt_shape shapes[] = {KT_SHAPE(a, n),    KT_SHAPE(a, n, b), KT_SHAPE(n, a),
                         KT_SHAPE(a, b, 1), KT_SHAPE(n),       KT_SHAPE(0, n)};
    int      axes[] = {1, 1, 0, 2, 0, 1};

    if (variant >= (int)KT_COUNT(shapes))
        return NULL;
    *axis = axes[variant];
    return s->real(s, shapes[variant], -3, 3);
}

static kt_node *softmax_sample(kt_sampler *s, int variant)
{
    int      axis = 0;
    kt_node *x = sample_input(s, variant, &axis);

    return x ? kt_softmax(s->g, x, axis) : NULL;
}

static kt_node *log_softmax_sample(kt_sampler *s, int variant)
{
    int      axis = 0;
    kt_node *x = sample_input(s, variant, &axis);

    return x ? kt_log_softmax(s->g, x, axis - x->shape.rank) : NULL;
}

static kt_node *grad_sample(kt_sampler *s, int variant, const kt_op_type *op, bool logarithm)
{
    kt_axis_attr a = {0};
    kt_node     *x = sample_input(s, variant, &a.axis), *in[2];

    if (!x)
        return NULL;
    in[0] = logarithm ? kt_log_softmax(s->g, x, a.axis) : kt_softmax(s->g, x, a.axis);
    in[1] = s->real(s, x->shape, -1, 1);
    return kt_emit(s->g, op, &a, sizeof a, 2, in);
}

static const kt_op_type softmax_grad_type, log_softmax_grad_type;

static kt_node *softmax_grad_sample(kt_sampler *s, int variant)
{
    return grad_sample(s, variant, &softmax_grad_type, false);
}

static kt_node *log_softmax_grad_sample(kt_sampler *s, int variant)
{
    return grad_sample(s, variant, &log_softmax_grad_type, true);
}

/* --- the gradient ops: inputs y and dy --- */

static const kt_op_type softmax_grad_type = {
    .name = "softmax_grad",
    .min_in = 2,
    .max_in = 2,
    .shape = kt__same_shape,
    .reference = softmax_grad_reference,
    .sample = softmax_grad_sample,
};

static const kt_op_type log_softmax_grad_type = {
    .name = "log_softmax_grad",
    .min_in = 2,
    .max_in = 2,
    .shape = kt__same_shape,
    .reference = log_softmax_grad_reference,
    .sample = log_softmax_grad_sample,
};

static void softmax_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_emit(g, &softmax_grad_type, y->attr, y->attr_size, 2, (kt_node *[]){y, dy[0]});
}

static void log_softmax_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_emit(g, &log_softmax_grad_type, y->attr, y->attr_size, 2, (kt_node *[]){y, dy[0]});
}

/* --- the ops --- */

const kt_op_type kt_op_softmax = {
    .name = "softmax",
    .min_in = 1,
    .max_in = 1,
    .shape = kt__same_shape,
    .gradient = softmax_gradient,
    .reference = softmax_reference,
    .sample = softmax_sample,
};

static const kt_op_type log_softmax_type = {
    .name = "log_softmax",
    .min_in = 1,
    .max_in = 1,
    .shape = kt__same_shape,
    .gradient = log_softmax_gradient,
    .reference = log_softmax_reference,
    .sample = log_softmax_sample,
};

static kt_node *along_axis(kt_graph *g, const kt_op_type *op, kt_node *x, int axis)
{
    kt_axis_attr a = {.axis = kt_axis(&x->shape, axis)};

    if (kt_is_poison(g, x))
        return x;
    if (a.axis < 0) {
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT, "%s: axis %d is out of bounds for rank %d",
                 op->name, axis, x->shape.rank);
        return g->poison;
    }
    if (!kt_dtype_is_float(x->dtype))
        x = kt_cast(g, x, g->floatx);
    return kt_emit(g, op, &a, sizeof a, 1, &x);
}

kt_node *kt_softmax(kt_graph *g, kt_node *x, int axis)
{
    return along_axis(g, &kt_op_softmax, x, axis);
}

kt_node *kt_log_softmax(kt_graph *g, kt_node *x, int axis)
{
    return along_axis(g, &log_softmax_type, x, axis);
}

const kt_op_type *const kt_ops_softmax[] = {
    &kt_op_softmax, &softmax_grad_type, &log_softmax_type, &log_softmax_grad_type, NULL,
};
