/* unique.c - what only data say how many there are: places that are not 0, and different rows.
 *
 * Results have room for as many as there can be; one more part says how many there are, and the
 * rows behind them are filled with 0. kt_node.length ties the two together.
 */
#include "ops/shared.h"

#include <math.h>

/* --- places that are not 0: [rank, room], how many [] --- */

static kt_status nonzero_shape(kt_op_call *c)
{
    int64_t room = kt_shape_count(&c->in[0]->shape);

    kt_from(c, 0, 0, c->in[0]->shape.rank, KT_FROM_NOWHERE, -1, -1, -1);
    kt_from(c, 0, 1, room, KT_FROM_NOWHERE, -1, -1, -1);
    c->out[0].shape.rank = 2;
    c->out[0].dtype = c->out[1].dtype = KT_I32;
    c->out[1].shape.rank = 0;
    c->n_out = 2;
    return KT_OK;
}

static void nonzero_reference(const kt_run *r)
{
    const kt_shape *s = &r->in[0].shape;
    int64_t         room = r->in[0].count, n = 0;

    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = 0;
    for (int64_t i = 0; i < room; i++) {
        if (r->in[0].f64[i] == 0)
            continue;
        for (int64_t axis = s->rank, rest = i; axis-- > 0; rest /= s->dim[axis])
            r->out[0].f64[axis * room + n] = (double)(rest % s->dim[axis]);
        n++;
    }
    r->out[1].f64[0] = (double)n;
}

static kt_node *nonzero_sample(kt_sampler *s, int variant)
{
    int64_t a = s->size(s, 1, 5), b = s->size(s, 1, 6);

    switch (variant) {
    case 0: return kt_nonzero(s->g, s->integer(s, KT_SHAPE(a, b), 0, 2));
    case 1: return kt_part(kt_nonzero(s->g, s->integer(s, KT_SHAPE(a), 0, 2)), 1);
    case 2: return kt_nonzero(s->g, s->integer(s, KT_SHAPE(a, 0, 2), 0, 2));
    default: return NULL;
    }
}

static const kt_op_type nonzero_type = {
    .name = "nonzero",
    .min_in = 1,
    .max_in = 1,
    .shape = nonzero_shape,
    .reference = nonzero_reference,
    .sample = nonzero_sample,
    .no_gradient = 1,
};

kt_node *kt_nonzero(kt_graph *g, kt_node *x)
{
    kt_axis_attr a = {.axis = 0};

    return kt_emit(g, &nonzero_type, &a, sizeof a, 1, &x);
}

/* --- different rows of [n, b]: the rows, [3, n] numbers, how many [] --- */

static kt_status unique_shape(kt_op_call *c)
{
    kt_like(c, 0, 0);
    kt_from(c, 1, 0, 3, KT_FROM_NOWHERE, -1, -1, -1);
    kt_from_axis(c, 1, 1, 0, 0);
    c->out[1].shape.rank = 2;
    c->out[1].dtype = c->out[2].dtype = KT_I32;
    c->out[2].shape.rank = 0;
    c->n_out = 3;
    return KT_OK;
}

/* -1, 0 or 1 as row i stands before row k; no number equals nothing, and stands last. */
static int compare(const double *x, int64_t width, int64_t i, int64_t k)
{
    for (int64_t j = 0; j < width; j++) {
        double a = x[i * width + j], b = x[k * width + j];

        if (a < b || (b != b && a == a))
            return -1;
        if (a > b || (a != a && b == b))
            return 1;
        if (a != a)
            return i < k ? -1 : i > k;
    }
    return 0;
}

static void merge_sort(int64_t *order, int64_t *other, int64_t n, const double *x, int64_t width)
{
    for (int64_t run = 1; run < n; run *= 2) {
        for (int64_t begin = 0; begin < n; begin += 2 * run) {
            int64_t middle = begin + run < n ? begin + run : n;
            int64_t end = middle + run < n ? middle + run : n, i = begin, j = middle;

            for (int64_t k = begin; k < end; k++) {
                bool second = j < end && (i == middle || compare(x, width, order[j], order[i]) < 0);
                other[k] = second ? order[j++] : order[i++];
            }
        }
        for (int64_t k = 0; k < n; k++)
            order[k] = other[k];
    }
}

/* order, a second array for sorting (later: the first of each kind, by row), and the number of
 * each kind by its first row */
static size_t unique_scratch(const kt_run *r)
{
    return 3 * sizeof(int64_t) * (size_t)r->in[0].shape.dim[0];
}

/* Writes kind number `to`, whose first row is `first`. */
static void write_kind(const kt_run *r, int64_t to, int64_t first)
{
    int64_t n = r->in[0].shape.dim[0], width = n > 0 ? r->in[0].count / n : 0;

    for (int64_t j = 0; j < width; j++)
        r->out[0].f64[to * width + j] = r->in[0].f64[first * width + j];
    r->out[1].f64[to] = (double)first;
}

static void unique_reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr; /* flag: in order, else as they come */
    int64_t  n = r->in[0].shape.dim[0], width = n > 0 ? r->in[0].count / n : 0, kinds = 0;
    int64_t *order = r->scratch, *first = order + n, *number = first + n;

    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = 0;
    for (int64_t i = 0; i < 3 * n; i++)
        r->out[1].f64[i] = 0;
    for (int64_t i = 0; i < n; i++)
        order[i] = i;
    merge_sort(order, first, n, r->in[0].f64, width);
    for (int64_t k = 0; k < n; k++) { /* equals lie together, the first of them first */
        bool same = k > 0 && compare(r->in[0].f64, width, order[k - 1], order[k]) == 0;
        first[order[k]] = same ? first[order[k - 1]] : order[k];
        if (!same && a->flag) {
            number[order[k]] = kinds;
            write_kind(r, kinds++, order[k]);
        }
    }
    for (int64_t i = 0; i < n && !a->flag; i++)
        if (first[i] == i) {
            number[i] = kinds;
            write_kind(r, kinds++, i);
        }
    for (int64_t i = 0; i < n; i++) {
        int64_t kind = number[first[i]];
        r->out[1].f64[n + i] = (double)kind;
        r->out[1].f64[2 * n + kind] += 1;
    }
    r->out[2].f64[0] = (double)kinds;
}

static kt_node *unique_sample(kt_sampler *s, int variant)
{
    int64_t n = s->size(s, 1, 12), b = s->size(s, 1, 3);

    switch (variant) {
    case 0: return kt_unique(s->g, s->integer(s, KT_SHAPE(n, b), 0, 3), true);
    case 1: return kt_part(kt_unique(s->g, s->integer(s, KT_SHAPE(n, 1), 0, 5), false), 1);
    case 2: return kt_part(kt_unique(s->g, s->real(s, KT_SHAPE(n, b), -1, 1), true), 2);
    case 3: return kt_unique(s->g, s->integer(s, KT_SHAPE(0, b), 0, 3), true);
    default: return NULL;
    }
}

static const kt_op_type unique_type = {
    .name = "unique",
    .min_in = 1,
    .max_in = 1,
    .shape = unique_shape,
    .reference = unique_reference,
    .scratch = unique_scratch,
    .sample = unique_sample,
    .no_gradient = 1,
};

kt_node *kt_unique(kt_graph *g, kt_node *x, bool sorted)
{
    kt_axis_attr a = {.axis = 0, .flag = sorted};

    if (kt_is_poison(g, x) || x->shape.rank != 2)
        return g->poison;
    return kt_emit(g, &unique_type, &a, sizeof a, 1, &x);
}

const kt_op_type *const kt_ops_unique[] = {&nonzero_type, &unique_type, NULL};
