/* search.c - numbers found in a sorted list: how many of its entries are not above a number, and
 * which value belongs to the entry that equals it.
 *
 * search: x [..], sorted [n] -> int32 [..]     lookup: x [..], keys [n], values [n] -> [..]
 */
#include "ops/shared.h"

/* Entries [0, result) of the list are not above v: what is no number is above all. */
static int64_t not_above(const double *sorted, int64_t n, double v)
{
    int64_t lo = 0;

    while (n > 0) {
        int64_t half = n / 2;
        if (v < sorted[lo + half]) {
            n = half;
        } else {
            lo += half + 1;
            n -= half + 1;
        }
    }
    return lo;
}

static kt_status shape(kt_op_call *c)
{
    if (c->in[1]->shape.rank != 1)
        return kt_op_fail(c, 1, -1, 1, c->in[1]->shape.rank, "search: the list has one axis");
    kt_like(c, 0, 0);
    c->out[0].dtype = KT_I32;
    return KT_OK;
}

static void reference(const kt_run *r)
{
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = (double)not_above(r->in[1].f64, r->in[1].count, r->in[0].f64[i]);
}

/* 0, 1, ... n - 1 as a list of the dtype. */
static kt_node *counted(kt_graph *g, int64_t n, kt_dtype dtype, double times)
{
    kt_tensor *t = kt_tensor_new(dtype, KT_SHAPE(n));

    for (int64_t i = 0; t && i < n; i++)
        kt_tensor_set(t, i, (double)i * times);
    if (!t)
        kt_raise_memory(g->fault);
    return t ? kt_constant(g, t) : g->poison;
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t a = s->size(s, 1, 4), b = s->size(s, 1, 9), n = s->size(s, 1, 9);

    switch (variant) {
    case 0:
        return kt_bucket(s->g, s->real(s, KT_SHAPE(a, b), -1, (double)n),
                         counted(s->g, n, s->g->floatx, 1));
    case 1:
        return kt_bucket(s->g, s->integer(s, KT_SHAPE(b), -1, n + 1),
                         counted(s->g, n, s->g->floatx, 1));
    case 2:
        return kt_bucket(s->g, s->real(s, KT_SHAPE(a), -1, 1), counted(s->g, 0, s->g->floatx, 1));
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "search",
    .min_in = 2,
    .max_in = 2,
    .shape = shape,
    .reference = reference,
    .sample = sample,
    .no_gradient = 3,
};

kt_node *kt_bucket(kt_graph *g, kt_node *x, kt_node *sorted)
{
    return kt_emit(g, &type, NULL, 0, 2, (kt_node *[]){x, sorted});
}

/* --- lookup --- */

static kt_status lookup_shape(kt_op_call *c)
{
    const kt_shape *keys = &c->in[1]->shape, *values = &c->in[2]->shape;

    if (keys->rank != 1 || values->rank != 1 ||
        (kt_shape_known(keys) && kt_shape_known(values) && keys->dim[0] != values->dim[0]))
        return kt_op_fail(c, 1, -1, KT_NO_FACT, KT_NO_FACT,
                          "lookup: keys %s and values %s do not fit", kt__shape_text(c->g, keys),
                          kt__shape_text(c->g, values));
    kt_like(c, 0, 0);
    c->out[0].dtype = c->in[2]->dtype;
    return KT_OK;
}

static void lookup_reference(const kt_run *r)
{
    const kt_lookup_attr *a = r->attr;
    const double         *keys = r->in[1].f64;

    for (int64_t i = 0; i < r->out[0].count; i++) {
        double  v = r->in[0].f64[i];
        int64_t at = not_above(keys, r->in[1].count, v) - 1;
        bool    found = at >= 0 && keys[at] == v;

        r->out[0].f64[i] = found ? r->in[2].f64[at] : (double)a->missing;
    }
}

static kt_node *lookup_sample(kt_sampler *s, int variant)
{
    int64_t a = s->size(s, 1, 4), b = s->size(s, 1, 9), n = s->size(s, 1, 9);

    switch (variant) {
    case 0:
        return kt_lookup(s->g, kt_cast(s->g, s->integer(s, KT_SHAPE(a, b), -1, 2 * n), KT_I64),
                         counted(s->g, n, KT_I64, 2), counted(s->g, n, KT_I64, -3), 7);
    case 1:
        return kt_lookup(s->g, s->integer(s, KT_SHAPE(b), -1, 2), counted(s->g, 0, KT_I64, 1),
                         counted(s->g, 0, KT_I64, 1), -1);
    default: return NULL;
    }
}

static const kt_op_type lookup_type = {
    .name = "lookup",
    .min_in = 3,
    .max_in = 3,
    .shape = lookup_shape,
    .reference = lookup_reference,
    .sample = lookup_sample,
    .no_gradient = 7,
};

kt_node *kt_lookup(kt_graph *g, kt_node *x, kt_node *keys, kt_node *values, int64_t missing)
{
    kt_lookup_attr a = {missing};

    return kt_emit(g, &lookup_type, &a, sizeof a, 3,
                   (kt_node *[]){kt_cast(g, x, KT_I64), keys, values});
}

const kt_op_type *const kt_ops_search[] = {&type, &lookup_type, NULL};
