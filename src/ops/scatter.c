/* scatter.c - rows of a table set, added to, multiplied or compared by their numbers, and the
 * gradient.
 *
 * base [rows, b..], index [n], values [n, b..] -> [rows, b..]. The values are taken one after
 * another; a number out of [0, rows) changes nothing.
 */
#include "ops/shared.h"

static kt_status rows_fit(kt_op_call *c)
{
    const kt_shape *base = &c->in[0]->shape, *values = &c->in[2]->shape;
    bool            good = base->rank >= 1 && values->rank == base->rank;

    for (int i = 1; good && i < base->rank; i++)
        good = values->dim[i] == base->dim[i] || values->dim[i] == KT_UNKNOWN ||
               base->dim[i] == KT_UNKNOWN;
    if (good && c->in[1]->shape.rank == 1)
        return KT_OK;
    return kt_op_fail(c, 2, -1, KT_NO_FACT, KT_NO_FACT, "Rows of shape %s do not fit into %s",
                      kt__shape_text(c->g, values), kt__shape_text(c->g, base));
}

static kt_status shape(kt_op_call *c)
{
    kt_like(c, 0, 0);
    return rows_fit(c);
}

/* The table as rows of `inner` numbers, and how many values there are for it. */
typedef struct places {
    int64_t       rows, inner, n;
    const double *index;
} places;

static places places_of(const kt_buf *base, const kt_buf *index)
{
    return (places){base->shape.dim[0], kt_shape_product(&base->shape, 1, base->shape.rank),
                    index->count, index->f64};
}

/* Where the row of value k begins; -1 if there is none. */
static int64_t row_of(const places *p, int64_t k)
{
    double i = p->index[k];

    return i >= 0 && i < (double)p->rows ? (int64_t)i * p->inner : -1;
}

static double joined(kt_scatter_fn fn, double old, double value)
{
    switch (fn) {
    case KT_SC_ADD: return old + value;
    case KT_SC_MUL: return old * value;
    case KT_SC_MAX: return value > old || value != value ? value : old;
    case KT_SC_MIN: return value < old || value != value ? value : old;
    default: return value;
    }
}

static void reference(const kt_run *r)
{
    const kt_scatter_attr *a = r->attr;
    places                 p = places_of(&r->in[0], &r->in[1]);
    double                *y = r->out[0].f64;

    kt__copy(r);
    for (int64_t k = 0; k < p.n; k++) {
        int64_t to = row_of(&p, k);

        for (int64_t j = 0; j < p.inner && to >= 0; j++)
            y[to + j] = joined(a->fn, y[to + j], r->in[2].f64[k * p.inner + j]);
    }
}

/* Rows that are named several times or never, numbers out of range; no inner axis; nothing. */
static kt_node *sample(kt_sampler *s, int variant)
{
    kt_scatter_fn fn = (kt_scatter_fn)(variant / 3);
    int64_t       rows = s->size(s, 1, 5), n = s->size(s, 1, 8), b = s->size(s, 1, 4);
    int64_t       count = variant % 3 == 2 ? 0 : n;
    kt_shape      base = variant % 3 ? KT_SHAPE(rows, b, 2) : KT_SHAPE(rows);
    kt_shape      values = base;

    if (fn > KT_SC_MIN)
        return NULL;
    values.dim[0] = count;
    return kt_scatter(s->g, fn, s->real(s, base, 0.5, 1.5),
                      s->integer(s, KT_SHAPE(count), -1, rows + 1), s->real(s, values, 0.5, 1.5));
}

/* --- gradient: base, index, values, y, dy -> those of base and values --- */

static kt_status grad_shape(kt_op_call *c)
{
    kt_like(c, 0, 0);
    kt_like(c, 1, 2);
    c->n_out = 2;
    return rows_fit(c);
}

typedef struct slopes {
    kt_scatter_fn fn;
    places        p;
    const double *base, *values, *y, *dy;
    double       *dbase, *dvalues;
} slopes;

/* The product of all that went into element j of the row at `to`, without value `but`, or without
 * the base (-1). */
static double product_of_others(const slopes *s, int64_t to, int64_t j, int64_t but)
{
    double product = but < 0 ? 1 : s->base[to + j];

    for (int64_t k = 0; k < s->p.n; k++)
        if (k != but && row_of(&s->p, k) == to)
            product *= s->values[k * s->p.inner + j];
    return product;
}

/* How many of them are the extremum. */
static double winners(const slopes *s, int64_t to, int64_t j)
{
    double n = s->base[to + j] == s->y[to + j];

    for (int64_t k = 0; k < s->p.n; k++)
        n += row_of(&s->p, k) == to && s->values[k * s->p.inner + j] == s->y[to + j];
    return n > 0 ? n : 1;
}

static bool is_last(const slopes *s, int64_t k)
{
    for (int64_t i = k + 1; i < s->p.n; i++)
        if (row_of(&s->p, i) == row_of(&s->p, k))
            return false;
    return true;
}

static bool is_named(const slopes *s, int64_t to)
{
    for (int64_t k = 0; k < s->p.n; k++)
        if (row_of(&s->p, k) == to)
            return true;
    return false;
}

/* What an element v of value k (-1: of the base) gets of dy. */
static double share(const slopes *s, int64_t to, int64_t j, int64_t k, double v)
{
    double dy = s->dy[to + j], y = s->y[to + j];

    switch (s->fn) {
    case KT_SC_ADD: return dy;
    case KT_SC_MUL: return dy * (v != 0 ? y / v : product_of_others(s, to, j, k));
    case KT_SC_MAX:
    case KT_SC_MIN: return v == y ? dy / winners(s, to, j) : 0;
    default: return k >= 0 ? dy : 0; /* SET: the base is gone */
    }
}

static void slopes_of_base(const slopes *s)
{
    for (int64_t row = 0; row < s->p.rows; row++) {
        int64_t to = row * s->p.inner;
        bool    named = is_named(s, to);

        for (int64_t j = 0; j < s->p.inner; j++)
            s->dbase[to + j] = named ? share(s, to, j, -1, s->base[to + j]) : s->dy[to + j];
    }
}

static void grad_reference(const kt_run *r)
{
    const kt_scatter_attr *a = r->attr;
    slopes                 s = {.fn = a->fn,
                                .p = places_of(&r->in[0], &r->in[1]),
                                .base = r->in[0].f64,
                                .values = r->in[2].f64,
                                .y = r->in[3].f64,
                                .dy = r->in[4].f64,
                                .dbase = r->out[0].f64,
                                .dvalues = r->out[1].f64};

    slopes_of_base(&s);
    for (int64_t k = 0; k < s.p.n; k++) {
        int64_t to = row_of(&s.p, k);
        bool    counts = to >= 0 && (a->fn != KT_SC_SET || is_last(&s, k));

        for (int64_t j = 0; j < s.p.inner; j++)
            s.dvalues[k * s.p.inner + j] = counts ? share(&s, to, j, k, s.values[k * s.p.inner + j])
                                                  : 0;
    }
}

static kt_node *grad_sample(kt_sampler *s, int variant);

static const kt_op_type grad_type = {
    .name = "scatter_grad",
    .min_in = 5,
    .max_in = 5,
    .shape = grad_shape,
    .reference = grad_reference,
    .sample = grad_sample,
    .no_gradient = 31,
};

static kt_node *grad_sample(kt_sampler *s, int variant)
{
    kt_node *y = sample(s, variant);

    if (!y || kt_is_poison(s->g, y))
        return y;
    return kt_emit(s->g, &grad_type, y->attr, y->attr_size, 5,
                   (kt_node *[]){y->in[0], y->in[1], y->in[2], y, s->real(s, y->shape, -1, 1)});
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    kt_node *d = kt_emit(g, &grad_type, y->attr, y->attr_size, 5,
                         (kt_node *[]){y->in[0], y->in[1], y->in[2], y, dy[0]});
    dx[0] = d;
    dx[2] = kt_part(d, 1);
}

static const kt_op_type type = {
    .name = "scatter",
    .min_in = 3,
    .max_in = 3,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
    .no_gradient = 2,
};

kt_node *kt_scatter(kt_graph *g, kt_scatter_fn fn, kt_node *base, kt_node *index, kt_node *values)
{
    kt_scatter_attr a = {fn};

    if (!kt_dtype_is_int(index->dtype))
        index = kt_cast(g, index, KT_I32);
    return kt_emit(g, &type, &a, sizeof a, 3,
                   (kt_node *[]){base, index, kt_cast(g, values, base->dtype)});
}

const kt_op_type *const kt_ops_scatter[] = {&type, &grad_type, NULL};
