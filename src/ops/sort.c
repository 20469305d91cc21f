/* sort.c - elements along an axis in order, and where each of them was (part 1). Equals keep
 * their order; nan comes last. */
#include "ops/lanes.h"
#include "ops/shared.h"

static kt_status shape(kt_op_call *c)
{
    kt_like(c, 0, 0);
    kt_like(c, 1, 0);
    c->out[1].dtype = KT_I32;
    c->n_out = 2;
    return KT_OK;
}

/* Whether z must stand before x, which stood before z. */
static bool overtakes(double z, double x, bool descending)
{
    if (z != z || x != x)
        return z == z && x != x;
    return descending ? z > x : z < x;
}

typedef struct sorter {
    const double *x;
    int64_t       step;
    bool          descending;
} sorter;

/* Merges the sorted runs from[begin, middle) and from[middle, end) into to. */
static void merge(const sorter *s, const int64_t *from, int64_t *to, int64_t begin, int64_t middle,
                  int64_t end)
{
    int64_t i = begin, j = middle;

    for (int64_t k = begin; k < end; k++) {
        bool second = j < end && (i == middle || overtakes(s->x[from[j] * s->step],
                                                           s->x[from[i] * s->step], s->descending));
        to[k] = second ? from[j++] : from[i++];
    }
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Order of the n elements of a lane: merges runs of doubling length between two arrays. Returns
 * the one that holds it. */
static const int64_t *sorted(const sorter *s, int64_t n, int64_t *order, int64_t *other)
{
    for (int64_t i = 0; i < n; i++)
        order[i] = i;
    for (int64_t run = 1; run < n; run *= 2) {
        int64_t *swap = order;

        for (int64_t begin = 0; begin < n; begin += 2 * run)
            merge(s, order, other, begin, least(begin + run, n), least(begin + 2 * run, n));
        order = other;
        other = swap;
    }
    return order;
}

static size_t scratch(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;

    return 2 * sizeof(int64_t) * (size_t)r->in[0].shape.dim[a->axis];
}

static void reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    kt_lanes            l = kt__lanes(&r->in[0].shape, a->axis);
    int64_t            *order = r->scratch;

    for (int64_t k = 0; k < l.count; k++) {
        int64_t        at = kt__lane(&l, k);
        sorter         s = {r->in[0].f64 + at, l.step, a->flag};
        const int64_t *place = sorted(&s, l.n, order, order + l.n);

        for (int64_t j = 0; j < l.n; j++) {
            r->out[0].f64[at + j * l.step] = s.x[place[j] * l.step];
            r->out[1].f64[at + j * l.step] = (double)place[j];
        }
    }
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t a = s->size(s, 1, 5), b = s->size(s, 1, 6), n = s->size(s, 1, 20);

    switch (variant) {
    case 0: return kt_sort(s->g, s->real(s, KT_SHAPE(a, n), -1, 1), -1, false);
    case 1: return kt_sort(s->g, s->real(s, KT_SHAPE(a, n, b), -1, 1), 1, true);
    case 2: return kt_sort(s->g, s->integer(s, KT_SHAPE(n, a), 0, 4), 0, true);
    case 3: return kt_sort(s->g, s->real(s, KT_SHAPE(a, 0), -1, 1), 1, false);
    default: return NULL;
    }
}

/* --- gradient: inputs dy and the indices --- */

static void grad_reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    kt_lanes            l = kt__lanes(&r->in[0].shape, a->axis);

    for (int64_t k = 0; k < l.count; k++) {
        int64_t at = kt__lane(&l, k);

        for (int64_t j = 0; j < l.n; j++) {
            int64_t from = at + j * l.step;
            r->out[0].f64[at + (int64_t)r->in[1].f64[from] * l.step] = r->in[0].f64[from];
        }
    }
}

static kt_node *grad_sample(kt_sampler *s, int variant);

static const kt_op_type grad_type = {
    .name = "sort_grad",
    .min_in = 2,
    .max_in = 2,
    .shape = kt__same_shape,
    .reference = grad_reference,
    .sample = grad_sample,
    .no_gradient = 2,
};

static kt_node *grad_sample(kt_sampler *s, int variant)
{
    kt_node *y = sample(s, variant), *dy;

    if (!y)
        return NULL;
    dy = s->real(s, y->shape, -1, 1);
    return kt_emit(s->g, &grad_type, y->attr, y->attr_size, 2, (kt_node *[]){dy, kt_part(y, 1)});
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_emit(g, &grad_type, y->attr, y->attr_size, 2, (kt_node *[]){dy[0], kt_part(y, 1)});
}

static const kt_op_type type = {
    .name = "sort",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .scratch = scratch,
    .sample = sample,
};

kt_node *kt_sort(kt_graph *g, kt_node *x, int axis, bool descending)
{
    kt_axis_attr a = {kt_axis(&x->shape, axis), descending};

    if (kt_is_poison(g, x))
        return x;
    if (a.axis < 0) {
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT, "sort: axis %d is out of bounds for rank %d",
                 axis, x->shape.rank);
        return g->poison;
    }
    return kt_emit(g, &type, &a, sizeof a, 1, &x);
}

const kt_op_type *const kt_ops_sort[] = {&type, &grad_type, NULL};
