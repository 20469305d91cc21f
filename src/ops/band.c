/* band.c - weighted sums of neighbours along an axis, or along two that lie side by side: what
 * resizing an image by any method is. The gradient spreads each entry over what it came from.
 *
 * x [a.., n, b..], start [m], weight [m, width] -> [a.., m, b..], and the same along b's first axis
 */
#include "ops/shared.h"

enum { MOST = 2 }; /* axes */

static bool same(int64_t a, int64_t b)
{
    return a == b || a == KT_UNKNOWN || b == KT_UNKNOWN;
}

static kt_status shape(kt_op_call *c)
{
    const kt_band_attr *a = c->attr;

    kt_like(c, 0, 0);
    for (int d = 0; d < a->n; d++) {
        const kt_shape *start = &c->in[1 + 2 * d]->shape, *weight = &c->in[2 + 2 * d]->shape;
        int             from = 2 * d + (kt_dim(start, 0) == KT_UNKNOWN ? 2 : 1);

        if (start->rank != 1 || weight->rank != 2 || !same(weight->dim[0], start->dim[0]))
            return kt_op_fail(c, 2 + 2 * d, -1, KT_NO_FACT, KT_NO_FACT,
                              "band: weights %s do not fit starts %s", kt__shape_text(c->g, weight),
                              kt__shape_text(c->g, start));
        kt_from(c, 0, a->axis + d, c->in[from]->shape.dim[0], KT_FROM_WINDOW, 0, a->axis + d, -1);
    }
    return KT_OK;
}

/* --- what both definitions walk over --- */

typedef struct side {
    int64_t       entries, results, width;
    const double *start, *weight;
} side;

/* x as [outer, entries, entries, inner]; one axis has a second one of one entry. */
typedef struct places {
    int64_t outer, inner;
    side    at[MOST];
} places;

/* s: of x or of its gradient; in: starts and weights in turn. */
static places places_of(const kt_band_attr *a, const kt_shape *s, const kt_buf *in)
{
    static const double none = 0, all = 1;
    places              p = {.outer = kt_shape_product(s, 0, a->axis),
                             .inner = kt_shape_product(s, a->axis + a->n, s->rank)};

    for (int d = 0; d < MOST; d++) {
        const kt_buf *weight = &in[2 * d + 1];
        p.at[d] = d < a->n ? (side){a->entries[d], weight->shape.dim[0], weight->shape.dim[1],
                                    in[2 * d].f64, weight->f64}
                           : (side){1, 1, 1, &none, &all};
    }
    return p;
}

typedef void visit(const kt_run *r, int64_t x, int64_t y, double weight);

static void visit_neighbours(const places *p, const kt_run *r, int64_t o, int64_t i, int64_t j,
                             visit *to)
{
    const side *a = &p->at[0], *b = &p->at[1];
    int64_t     y = ((o * a->results + i) * b->results + j) * p->inner;

    for (int64_t k = 0; k < a->width; k++)
        for (int64_t l = 0; l < b->width; l++) {
            int64_t row = (int64_t)a->start[i] + k, column = (int64_t)b->start[j] + l;
            int64_t x = ((o * a->entries + row) * b->entries + column) * p->inner;
            double  weight = a->weight[i * a->width + k] * b->weight[j * b->width + l];
            if (row < 0 || row >= a->entries || column < 0 || column >= b->entries)
                continue;
            for (int64_t in = 0; in < p->inner; in++)
                to(r, x + in, y + in, weight);
        }
}

/* Every pair of an element and what it is made of. */
static void visit_all(const places *p, const kt_run *r, visit *to)
{
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = 0;
    for (int64_t o = 0; o < p->outer; o++)
        for (int64_t i = 0; i < p->at[0].results; i++)
            for (int64_t j = 0; j < p->at[1].results; j++)
                visit_neighbours(p, r, o, i, j, to);
}

static void gather(const kt_run *r, int64_t x, int64_t y, double weight)
{
    r->out[0].f64[y] += weight * r->in[0].f64[x];
}

static void spread(const kt_run *r, int64_t x, int64_t y, double weight)
{
    r->out[0].f64[x] += weight * r->in[0].f64[y];
}

static void reference(const kt_run *r)
{
    places p = places_of(r->attr, &r->in[0].shape, &r->in[1]);

    visit_all(&p, r, gather);
}

static void grad_reference(const kt_run *r)
{
    places p = places_of(r->attr, &r->out[0].shape, &r->in[1]);

    visit_all(&p, r, spread);
}

/* --- the ops --- */

static kt_status grad_shape(kt_op_call *c)
{
    const kt_band_attr *a = c->attr;

    kt_like(c, 0, 0);
    for (int d = 0; d < a->n; d++)
        kt_from(c, 0, a->axis + d, a->entries[d], KT_FROM_NOWHERE, -1, -1, -1);
    return KT_OK;
}

static kt_node *emit(kt_graph *g, const kt_op_type *type, const kt_band_attr *a, kt_node *x,
                     kt_node *const *taps)
{
    kt_node *in[1 + 2 * MOST] = {x};

    for (int i = 0; i < 2 * a->n; i++)
        in[1 + i] = taps[i];
    return kt_emit(g, type, a, sizeof *a, 1 + 2 * a->n, in);
}

static void     gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx);
static void     grad_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx);
static kt_node *sample(kt_sampler *s, int variant);
static kt_node *grad_sample(kt_sampler *s, int variant);

/* The gradient reads dy in the place of x. */
static const kt_op_type type = {
    .name = "band",
    .min_in = 3,
    .max_in = 1 + 2 * MOST,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
    .no_gradient = 0x1e,
};

static const kt_op_type grad_type = {
    .name = "band_grad",
    .min_in = 3,
    .max_in = 1 + 2 * MOST,
    .shape = grad_shape,
    .gradient = grad_gradient,
    .reference = grad_reference,
    .sample = grad_sample,
    .no_gradient = 0x1e,
};

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = emit(g, &grad_type, y->attr, dy[0], y->in + 1);
}

static void grad_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = emit(g, &type, y->attr, dy[0], y->in + 1);
}

kt_node *kt_band(kt_graph *g, kt_node *x, int axis, int n, kt_node *const *taps)
{
    kt_band_attr a = {.axis = kt_axis(&x->shape, axis), .n = n};

    if (kt_is_poison(g, x))
        return x;
    if (a.axis < 0 || n < 1 || n > MOST || a.axis + n > x->shape.rank) {
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT,
                 "band: %d axes from axis %d on are out of bounds for rank %d", n, axis,
                 x->shape.rank);
        return g->poison;
    }
    for (int d = 0; d < n; d++)
        a.entries[d] = x->shape.dim[a.axis + d];
    return emit(g, &type, &a, x, taps);
}

/* --- samples: starts are any, weights too --- */

static void sample_taps(kt_sampler *s, int64_t results, int64_t least, int64_t entries,
                        int64_t width, kt_node **taps)
{
    taps[0] = s->integer(s, KT_SHAPE(results), least, entries);
    taps[1] = s->real(s, KT_SHAPE(results, width), -1, 1);
}

/* A band of one, one that hangs over both ends, an empty axis; rows and columns. */
static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 7), m = s->size(s, 1, 8), a = s->size(s, 1, 3), b = s->size(s, 1, 40),
            width = s->size(s, 1, 4);
    kt_node *taps[2 * MOST];

    switch (variant) {
    case 0:
        sample_taps(s, m, 0, n, width, taps);
        return kt_band(s->g, s->real(s, KT_SHAPE(a, n, b), -1, 1), 1, 1, taps);
    case 1:
        sample_taps(s, m, -3, n, 6, taps);
        return kt_band(s->g, s->real(s, KT_SHAPE(n, 3), -1, 1), 0, 1, taps);
    case 2:
        sample_taps(s, m, 0, n, 1, taps);
        return kt_band(s->g, s->real(s, KT_SHAPE(a, b, n), -1, 1), -1, 1, taps);
    case 3:
        sample_taps(s, m, 0, n, width, taps);
        return kt_band(s->g, s->real(s, KT_SHAPE(0, n, b), -1, 1), 1, 1, taps);
    case 4:
        sample_taps(s, m, -1, n, width, taps);
        sample_taps(s, n, 0, m, 2, taps + 2);
        return kt_band(s->g, s->real(s, KT_SHAPE(a, n, m, b), -1, 1), 1, 2, taps);
    case 5:
        sample_taps(s, n, 0, a, 2, taps);
        sample_taps(s, m, -3, n, 6, taps + 2);
        return kt_band(s->g, s->real(s, KT_SHAPE(3, a, n), -1, 1), -2, 2, taps);
    default: return NULL;
    }
}

static kt_node *grad_sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 7), m = s->size(s, 1, 8), a = s->size(s, 1, 3), b = s->size(s, 1, 40),
            width = s->size(s, 1, 4);
    kt_band_attr one = {.axis = 1, .n = 1, .entries = {n}},
                 two = {.axis = 1, .n = 2, .entries = {n, a}};
    kt_node *taps[2 * MOST];

    switch (variant) {
    case 0:
        sample_taps(s, m, -1, n, width, taps);
        return emit(s->g, &grad_type, &one, s->real(s, KT_SHAPE(a, m, b), -1, 1), taps);
    case 1:
        sample_taps(s, m, 0, n, 1, taps);
        return emit(s->g, &grad_type, &one, s->real(s, KT_SHAPE(b, m), -1, 1), taps);
    case 2:
        sample_taps(s, m, -1, n, width, taps);
        sample_taps(s, b, 0, a, 2, taps + 2);
        return emit(s->g, &grad_type, &two, s->real(s, KT_SHAPE(2, m, b, 3), -1, 1), taps);
    default: return NULL;
    }
}

const kt_op_type *const kt_ops_band[] = {&type, &grad_type, NULL};
