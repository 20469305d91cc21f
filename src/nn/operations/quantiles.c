/* quantiles.c - operations that read between the sorted elements: quantiles, percentiles, medians.
 *
 * The places of the quantiles are computed as Keras does it: in float64, after the shares went
 * through float32. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <math.h>

#define MEDIAN(F, T)                                                             \
    F(T, INTS, axis, "None", "met: range(x[i])", "The axes; None: all of them.") \
    F(T, BOOL, keepdims, "False", "", "Keep them, as axes of 1.")
KT_CONFIG_OF(median_of, MEDIAN);
#define QUANTILE(F, T)                                                                       \
    F(T, INTS, axis, "None", "met: range(x[i])", "The axes; None: all of them.")             \
    F(T, STR, method, "linear", "linear|lower|higher|midpoint|nearest", "Between elements.") \
    F(T, BOOL, keepdims, "False", "", "Keep the axes, as axes of 1.")
KT_CONFIG_OF(quantile_of, QUANTILE);

/* LINEAR: Keras' Quantile has a method and does not look at it. */
enum { PERCENT = 1, MIDDLE = 2, IGNORE_NAN = 4, LINEAR = 8 };

/* x as lanes [other.., n], and what is asked of them. */
typedef struct question {
    kt_graph   *g;
    kt_node    *x, *q; /* q: float64 shares */
    unsigned    axes;
    bool        keepdims;
    const char *method;
    int         rank; /* of the tensor that was given */
    kt_shape    other;
    kt_node    *lanes;
    kt_node    *last; /* the number of the last element of each lane, float64; to broadcast */
} question;

static void read_fields(kt_layer *self, question *k, const kt_ints **axis)
{
    const median_of   *m = self->config;
    const quantile_of *c = self->config;
    bool               middle = self->type->variant & MIDDLE;

    *axis = middle ? &m->axis : &c->axis;
    k->keepdims = middle ? m->keepdims : c->keepdims;
    k->method = self->type->variant & (MIDDLE | LINEAR) ? "linear" : c->method;
}

/* The shares: float32 (in hundredths, divided there), then float64. */
static kt_node *shares(kt_layer *self, kt_call *c)
{
    if (self->type->variant & MIDDLE)
        return kt_scalar_as(c->g, 0.5, KT_F64);
    kt_node *q = kt_tensor_of(self, c, 1);
    if (self->type->variant & (PERCENT | IGNORE_NAN))
        q = kt_cast(c->g, q, KT_F32);
    if (self->type->variant & PERCENT)
        q = kt_div(c->g, q, kt_scalar_as(c->g, 100, KT_F32));
    return kt_cast(c->g, q, KT_F64);
}

/* The result: axes of q, then those that are left of x. */
static kt_shape result_shape(const question *k)
{
    kt_shape left = k->other;

    if (k->keepdims) {
        left = k->x->shape;
        for (int i = 0; i < left.rank; i++)
            left.dim[i] = k->axes >> i & 1 ? 1 : left.dim[i];
    }
    return kt_shape_concat(&k->q->shape, &left);
}

static bool begin(kt_layer *self, kt_call *c, question *k)
{
    const kt_ints *axis;

    *k = (question){.g = c->g, .q = shares(self, c), .x = kt_real_of(self, c, 0)};
    read_fields(self, k, &axis);
    if (kt_graph_failed(c->g) || !kt_axes_mask(c->g, &k->x->shape, axis, &k->axes))
        return false;
    k->rank = k->x->shape.rank;
    for (int i = 0; i < k->rank; i++)
        if (!(k->axes >> i & 1))
            k->other.dim[k->other.rank++] = k->x->shape.dim[i];
    if (k->q->shape.rank + k->rank <= KT_MAX_RANK)
        return true;
    kt_call_fail(self, c, KT_E_VALUE, "The result has more than %d axes", KT_MAX_RANK);
    return false;
}

/* Moves the axes to the end and makes one of them. */
static void lay_out(question *k)
{
    int perm[KT_MAX_RANK], n = 0;

    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < k->rank; i++)
            if ((int)(k->axes >> i & 1) == pass)
                perm[n++] = i;
    k->lanes = kt_flatten_from(k->g, kt_transpose(k->g, k->x, perm), k->other.rank);
}

static kt_node *with_ones(kt_graph *g, kt_node *x, int n)
{
    for (int i = 0; i < n; i++)
        x = kt_expand_dims(g, x, x->shape.rank);
    return x;
}

/* --- all lanes are equally long --- */

static kt_node *place(const question *k, kt_unary_fn round, kt_node *exact)
{
    kt_node *at = kt_unary(k->g, round, exact);
    kt_node *zero = kt_scalar_as(k->g, 0, KT_F64);

    return kt_binary(k->g, KT_BI_MAXIMUM, kt_binary(k->g, KT_BI_MINIMUM, at, k->last), zero);
}

/* Reads the lanes at places, float64; they have a place for each share, and for each lane where
 * lanes differ. */
typedef kt_node *(*read_fn)(const question *k, kt_node *sorted, kt_node *at);

static kt_node *read_same(const question *k, kt_node *sorted, kt_node *at)
{
    return kt_gather(k->g, sorted, kt_cast(k->g, at, KT_I32), -1);
}

static kt_node *between(const question *k, read_fn read, kt_node *sorted)
{
    kt_graph *g = k->g;
    kt_node  *exact = kt_mul(g, k->last, k->q), *low, *high, *one;

    if (kt_streq(k->method, "nearest"))
        return read(k, sorted, place(k, KT_UN_ROUND, exact));
    if (kt_streq(k->method, "lower"))
        return read(k, sorted, place(k, KT_UN_FLOOR, exact));
    high = place(k, KT_UN_CEIL, exact);
    if (kt_streq(k->method, "higher"))
        return read(k, sorted, high);
    if (kt_streq(k->method, "midpoint"))
        return kt_mul_scalar(
            g, kt_add(g, read(k, sorted, place(k, KT_UN_FLOOR, exact)), read(k, sorted, high)),
            0.5);
    one = kt_scalar_as(g, 1, KT_F64);
    low = kt_binary(g, KT_BI_MAXIMUM, kt_sub(g, high, one), kt_scalar_as(g, 0, KT_F64));
    high = kt_binary(g, KT_BI_MINIMUM, kt_add(g, low, one), k->last);
    kt_node *part = kt_cast(g, kt_sub(g, high, exact), sorted->dtype);
    kt_node *rest = kt_sub(g, kt_scalar_as(g, 1, sorted->dtype), part);
    return kt_add(g, kt_mul(g, read(k, sorted, high), rest), kt_mul(g, read(k, sorted, low), part));
}

/* [other.., q..] -> [q.., other..] */
static kt_node *shares_first(const question *k, kt_node *y)
{
    int perm[KT_MAX_RANK], other = k->other.rank, rank = y->shape.rank;

    for (int i = 0; i < rank; i++)
        perm[i] = (i + other) % rank;
    return rank < 2 || other == 0 ? y : kt_transpose(k->g, y, perm);
}

static kt_node *any_nan(const question *k)
{
    kt_node *nan = kt_cast(k->g, kt_unary(k->g, KT_UN_IS_NAN, k->lanes), KT_I32);

    return kt_cast(k->g, kt_reduce_last(k->g, KT_RE_MAX, nan), KT_BOOLEAN);
}

static void quantile(kt_layer *self, kt_call *c)
{
    question k;

    c->out[0] = c->g->poison;
    if (!begin(self, c, &k))
        return;
    kt_shape shape = result_shape(&k);
    if (!kt_shape_known(&k.x->shape) || !kt_shape_known(&k.q->shape)) {
        c->out[0] = kt_unsized(c, k.x->dtype, shape);
        return;
    }
    lay_out(&k);
    int64_t n = kt_dim(&k.lanes->shape, -1);
    if (n == 0) {
        kt_call_fail(self, c, KT_E_VALUE, "There is no quantile of no element");
        return;
    }
    k.last = kt_scalar_as(c->g, (double)(n - 1), KT_F64);
    kt_node *y = between(&k, read_same, kt_sort(c->g, k.lanes, -1, false));
    kt_node *bad = with_ones(c->g, any_nan(&k), k.q->shape.rank);
    y = kt_select(c->g, bad, kt_scalar_as(c->g, NAN, y->dtype), y);
    c->out[0] = kt_reshape(c->g, shares_first(&k, y), shape);
}

/* --- lanes are as long as they have numbers --- */

/* sorted [lanes, n], at [lanes, q] -> [lanes, q] */
static kt_node *read_own(const question *k, kt_node *sorted, kt_node *at)
{
    int64_t  lanes = sorted->shape.dim[0], n = sorted->shape.dim[1];
    kt_node *begin = kt_expand_dims(k->g, kt_series(k->g, lanes, 0, n), 1);
    kt_node *flat = kt_add(k->g, kt_cast(k->g, at, KT_I64), begin);

    return kt_gather(k->g, kt_flat(k->g, sorted), flat, 0);
}

/* [lanes, q] -> [q.., other..]. Where q has several axes Keras turns all of them round before it
 * reads the numbers in the shape of the result. */
static kt_node *in_keras_order(const question *k, kt_node *y, kt_shape shape, bool all)
{
    kt_shape rows = kt_shape_concat(&(kt_shape){1, {y->shape.dim[0]}}, &k->q->shape);
    int      perm[KT_MAX_RANK];

    y = kt_reshape(k->g, y, rows);
    for (int i = 0; i < rows.rank; i++)
        perm[i] = rows.rank - 1 - i;
    if (!all && k->q->shape.rank > 0)
        y = kt_transpose(k->g, y, perm);
    return kt_reshape(k->g, y, shape);
}

static void nan_quantile(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    question  k;

    c->out[0] = g->poison;
    if (!begin(self, c, &k))
        return;
    kt_shape shape = result_shape(&k);
    if (!kt_shape_known(&k.x->shape) || !kt_shape_known(&k.q->shape)) {
        c->out[0] = kt_unsized(c, k.x->dtype, shape);
        return;
    }
    lay_out(&k);
    int64_t n = kt_dim(&k.lanes->shape, -1), lanes = kt_shape_count(&k.other);
    if (n == 0 || lanes == 0) {
        c->out[0] = kt_broadcast_to(g, kt_scalar_as(g, NAN, k.x->dtype), shape);
        return;
    }
    kt_node *x = kt_reshape(g, k.lanes, KT_SHAPE(lanes, n));
    kt_node *valid = kt_unary(g, KT_UN_NOT, kt_unary(g, KT_UN_IS_NAN, x));
    kt_node *count = kt_reduce(g, KT_RE_SUM, kt_cast(g, valid, KT_F64), 2, true);
    k.last = kt_sub(g, kt_binary(g, KT_BI_MAXIMUM, count, kt_scalar_as(g, 1, KT_F64)),
                    kt_scalar_as(g, 1, KT_F64));
    question flat = k;
    flat.q = kt_flat(g, k.q);
    kt_node *y = between(&flat, read_own, kt_sort(g, x, -1, false));
    y = kt_select(g, kt_compare(g, KT_BI_EQUAL, count, 0), kt_scalar_as(g, NAN, y->dtype), y);
    c->out[0] = in_keras_order(&k, y, shape, k.other.rank == 0);
}

/* The first axis of the shares, if they have one; of a list of one only percentiles. */
static int infer(kt_layer *self, kt_call *c, kt_result *out)
{
    question        k;
    const kt_ints  *axis;
    const kt_value *q = self->type->variant & MIDDLE ? NULL : kt_argument(self, c, 1);
    kt_shape        first = {.rank = 0}, s;

    read_fields(self, &k, &axis);
    if (!kt_infer_reduced(self, c, axis, k.keepdims, out))
        return 0;
    if (q && kt_value_is_seq(q)) {
        bool some = q->n > 1 || (self->type->variant & PERCENT);
        first = some ? KT_SHAPE((int64_t)q->n) : first;
    } else if (q) {
        s = kt_operand_at(self, c, q).node->shape;
        first = kt_shape_slice(&s, 0, s.rank > 0 ? 1 : 0);
    }
    s = kt_shape_concat(&first, &out[0].shape);
    return kt_graph_failed(c->g) ? 0 : kt_infers(out, s);
}

#define ROWS(F)                                                                               \
    F(Quantile, numpy, &quantile_of_type, "x q", quantile, LINEAR, .infer = infer)            \
    F(Percentile, numpy, &quantile_of_type, "x q", quantile, PERCENT, .infer = infer)         \
    F(Median, numpy, &median_of_type, "x", quantile, MIDDLE, .infer = infer)                  \
    F(Nanquantile, numpy, &quantile_of_type, "x q", nan_quantile, IGNORE_NAN, .infer = infer) \
    F(Nanpercentile, numpy, &quantile_of_type, "x q", nan_quantile, IGNORE_NAN | PERCENT,     \
      .infer = infer)                                                                         \
    F(Nanmedian, numpy, &median_of_type, "x", nan_quantile, IGNORE_NAN | MIDDLE, .infer = infer)
KT_OPERATIONS(quantiles, ROWS);
