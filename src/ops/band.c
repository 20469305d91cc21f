/* band.c - weighted sums of neighbours along one axis: what resizing an image by any method is, one
 * axis after the other. The gradient spreads each entry over what it came from.
 *
 * x [a.., n, b..], start [m], weight [m, width] -> [a.., m, b..]
 */
#include "ops/shared.h"

static bool same(int64_t a, int64_t b)
{
    return a == b || a == KT_UNKNOWN || b == KT_UNKNOWN;
}

static kt_status shape(kt_op_call *c)
{
    const kt_band_attr *a = c->attr;
    const kt_shape     *start = &c->in[1]->shape, *weight = &c->in[2]->shape;
    int                 from = kt_dim(start, 0) == KT_UNKNOWN ? 2 : 1;

    if (start->rank != 1 || weight->rank != 2 || !same(weight->dim[0], start->dim[0]))
        return kt_op_fail(c, 2, -1, KT_NO_FACT, KT_NO_FACT, "band: weights %s do not fit starts %s",
                          kt__shape_text(c->g, weight), kt__shape_text(c->g, start));
    kt_like(c, 0, 0);
    kt_from(c, 0, a->axis, c->in[from]->shape.dim[0], KT_FROM_WINDOW, 0, a->axis, -1);
    return KT_OK;
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_band_attr *a = y->attr;

    dx[0] = kt_band_grad(g, y->in[1], y->in[2], dy[0], a->axis, a->entries);
}

/* x as [outer, entries, inner], and how many the result has. */
typedef struct places {
    int64_t outer, entries, inner, results, width;
} places;

static places places_of(const kt_band_attr *a, const kt_shape *s, const kt_buf *weight)
{
    return (places){kt_shape_product(s, 0, a->axis), a->entries,
                    kt_shape_product(s, a->axis + 1, s->rank), weight->shape.dim[0],
                    weight->shape.dim[1]};
}

static void reference(const kt_run *r)
{
    places        p = places_of(r->attr, &r->in[0].shape, &r->in[2]);
    const double *x = r->in[0].f64, *start = r->in[1].f64, *weight = r->in[2].f64;
    double       *y = r->out[0].f64;

    for (int64_t i = 0; i < r->out[0].count; i++) {
        int64_t o = i / p.inner / p.results, j = i / p.inner % p.results, in = i % p.inner;
        double  sum = 0;

        for (int64_t k = 0; k < p.width; k++) {
            int64_t at = (int64_t)start[j] + k;
            if (at >= 0 && at < p.entries)
                sum += weight[j * p.width + k] * x[(o * p.entries + at) * p.inner + in];
        }
        y[i] = sum;
    }
}

/* Starts are any, weights too; a band of one, one that hangs over both ends, an empty axis. */
static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 7), m = s->size(s, 1, 8), a = s->size(s, 1, 3), b = s->size(s, 1, 40),
            width = s->size(s, 1, 4);

    switch (variant) {
    case 0:
        return kt_band(s->g, s->real(s, KT_SHAPE(a, n, b), -1, 1), s->integer(s, KT_SHAPE(m), 0, n),
                       s->real(s, KT_SHAPE(m, width), -1, 1), 1);
    case 1:
        return kt_band(s->g, s->real(s, KT_SHAPE(n, 3), -1, 1), s->integer(s, KT_SHAPE(m), -3, n),
                       s->real(s, KT_SHAPE(m, 6), -1, 1), 0);
    case 2:
        return kt_band(s->g, s->real(s, KT_SHAPE(a, b, n), -1, 1), s->integer(s, KT_SHAPE(m), 0, n),
                       s->real(s, KT_SHAPE(m, 1), -1, 1), -1);
    case 3:
        return kt_band(s->g, s->real(s, KT_SHAPE(0, n, b), -1, 1), s->integer(s, KT_SHAPE(m), 0, n),
                       s->real(s, KT_SHAPE(m, width), -1, 1), 1);
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "band",
    .min_in = 3,
    .max_in = 3,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
    .no_gradient = 6,
};

kt_node *kt_band(kt_graph *g, kt_node *x, kt_node *start, kt_node *weight, int axis)
{
    kt_band_attr a = {kt_axis(&x->shape, axis), kt_dim(&x->shape, axis)};

    if (kt_is_poison(g, x))
        return x;
    if (a.axis < 0) {
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT, "band: axis %d is out of bounds for rank %d",
                 axis, x->shape.rank);
        return g->poison;
    }
    return kt_emit(g, &type, &a, sizeof a, 3, (kt_node *[]){x, start, weight});
}

/* --- gradient: inputs start, weight and dy --- */

static kt_status grad_shape(kt_op_call *c)
{
    const kt_band_attr *a = c->attr;

    kt_like(c, 0, 2);
    kt_from(c, 0, a->axis, a->entries, KT_FROM_NOWHERE, -1, -1, -1);
    return KT_OK;
}

static void grad_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_band_attr *a = y->attr;

    dx[2] = kt_band(g, dy[0], y->in[0], y->in[1], a->axis);
}

static void grad_reference(const kt_run *r)
{
    kt_buf       *dx = &r->out[0];
    places        p = places_of(r->attr, &dx->shape, &r->in[1]);
    const double *start = r->in[0].f64, *weight = r->in[1].f64, *dy = r->in[2].f64;

    for (int64_t i = 0; i < dx->count; i++)
        dx->f64[i] = 0;
    for (int64_t i = 0; i < r->in[2].count; i++) {
        int64_t o = i / p.inner / p.results, j = i / p.inner % p.results, in = i % p.inner;

        for (int64_t k = 0; k < p.width; k++) {
            int64_t at = (int64_t)start[j] + k;
            if (at >= 0 && at < p.entries)
                dx->f64[(o * p.entries + at) * p.inner + in] += weight[j * p.width + k] * dy[i];
        }
    }
}

static kt_node *grad_sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 7), m = s->size(s, 1, 8), a = s->size(s, 1, 3), b = s->size(s, 1, 40),
            width = s->size(s, 1, 4);

    switch (variant) {
    case 0:
        return kt_band_grad(s->g, s->integer(s, KT_SHAPE(m), -1, n),
                            s->real(s, KT_SHAPE(m, width), -1, 1),
                            s->real(s, KT_SHAPE(a, m, b), -1, 1), 1, n);
    case 1:
        return kt_band_grad(s->g, s->integer(s, KT_SHAPE(m), 0, n),
                            s->real(s, KT_SHAPE(m, 1), -1, 1), s->real(s, KT_SHAPE(b, m), -1, 1), 1,
                            n);
    default: return NULL;
    }
}

static const kt_op_type grad_type = {
    .name = "band_grad",
    .min_in = 3,
    .max_in = 3,
    .shape = grad_shape,
    .gradient = grad_gradient,
    .reference = grad_reference,
    .sample = grad_sample,
    .no_gradient = 3,
};

kt_node *kt_band_grad(kt_graph *g, kt_node *start, kt_node *weight, kt_node *dy, int axis,
                      int64_t entries)
{
    kt_band_attr a = {axis, entries};

    return kt_emit(g, &grad_type, &a, sizeof a, 3, (kt_node *[]){start, weight, dy});
}

const kt_op_type *const kt_ops_band[] = {&type, &grad_type, NULL};
