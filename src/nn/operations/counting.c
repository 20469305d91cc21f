/* counting.c - operations that count, and those whose results are as long as the data say. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

/* --- places --- */

static void nonzero(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_cast(c->g, kt_tensor_of(self, c, 0), KT_BOOLEAN);

    c->out[0] = c->g->poison;
    if (x->shape.rank == 0) {
        kt_call_fail(self, c, KT_E_VALUE, "A single number has no places");
        return;
    }
    c->n_out = x->shape.rank;
    for (int i = 0; i < c->n_out; i++)
        c->out[i] = kt_places(c, x, i);
}

/* --- kinds --- */

#define UNIQUE(F, T)                                                                             \
    F(T, BOOL, sorted, "True", "", "In order, else as they come.")                               \
    F(T, BOOL, return_index, "False", "", "Also where each is first.")                           \
    F(T, BOOL, return_inverse, "False", "", "Also which of them each element is.")               \
    F(T, BOOL, return_counts, "False", "", "Also how often each is there.")                      \
    F(T, OPTINT, axis, "None", "met: range(x)", "The axis of what is compared; None: elements.") \
    F(T, OPTINT, size, "None", "", "How many there are in the result; None: all.")               \
    F(T, ANY, fill_value, "None", "float", "Where there are less; None: 0.")
KT_CONFIG_OF(kinds, UNIQUE);

/* The first `size` rows of y, those from `length` on filled; without a size y as it is. */
static kt_node *sized(kt_call *c, const kinds *cfg, kt_node *y, kt_node *length, double fill)
{
    kt_graph *g = c->g;

    if (kt_graph_failed(g))
        return g->poison;
    if (!cfg->size.set) {
        y->length = length;
        return y;
    }
    int64_t     n = y->shape.dim[0], size = cfg->size.v > 0 ? cfg->size.v : 0;
    kt_pad_attr pad = {.after = {size > n ? size - n : 0}, .value = fill};
    kt_shape    one = {.rank = y->shape.rank};

    for (int i = 0; i < one.rank; i++)
        one.dim[i] = i == 0 ? n : 1;
    kt_node *good = kt_binary(g, KT_BI_LESS, kt_series(g, n, 0, 1), length);
    y = kt_where(g, kt_reshape(g, good, one), y, fill);
    return kt_slice_axis(g, kt_pad(g, y, &pad), 0, 0, size);
}

/* [n, b..] with the axis first; the kinds with their axis back. */
static void find(kt_layer *self, kt_call *c, kt_node *x, int axis, kt_shape inverse)
{
    const kinds *cfg = self->config;
    kt_graph    *g = c->g;
    kt_shape     shape;
    double       fill = 0;

    x = kt_move_axis(g, x, axis, 0);
    shape = x->shape;
    int64_t  n = shape.dim[0], width = kt_shape_product(&shape, 1, shape.rank);
    kt_node *y = kt_unique(g, kt_reshape(g, x, KT_SHAPE(n, width)), cfg->sorted);
    kt_node *length = kt_part(y, 2), *table[3];

    if (kt_graph_failed(g))
        return;
    for (int i = 0; i < 3; i++)
        table[i] = kt_squeeze(g, kt_slice_axis(g, kt_part(y, 1), 0, i, 1), 0);
    kt_value_number(cfg->fill_value, &fill);
    y = sized(c, cfg, kt_reshape(g, y, shape), length, fill);
    if (axis != 0 && !cfg->size.set) {
        kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                     "Layer '%s': a result whose size along another axis than the first depends "
                     "on the data is not supported without `size`",
                     self->name);
        return;
    }
    c->n_out = 0;
    c->out[c->n_out++] = kt_move_axis(g, y, 0, axis);
    if (cfg->return_index)
        c->out[c->n_out++] = sized(c, cfg, table[0], length, 1);
    if (cfg->return_inverse)
        c->out[c->n_out++] = kt_reshape(g, table[1], inverse);
    if (cfg->return_counts)
        c->out[c->n_out++] = sized(c, cfg, table[2], length, 0);
}

static void unique(kt_layer *self, kt_call *c)
{
    const kinds *cfg = self->config;
    kt_node     *given = kt_tensor_of(self, c, 0), *x = given;

    c->out[0] = c->g->poison;
    if (kt_graph_failed(c->g))
        return;
    x = cfg->axis.set ? x : kt_flat(c->g, x);
    int axis = kt_axis(&x->shape, cfg->axis.set ? cfg->axis.v : 0);
    if (axis < 0) {
        kt_call_fail(self, c, KT_E_VALUE, "unique: there is no axis %lld", (long long)cfg->axis.v);
        return;
    }
    kt_shape inverse = cfg->axis.set ? KT_SHAPE(x->shape.dim[axis]) : given->shape;
    if (c->t->eager && kt_shape_known(&x->shape)) {
        find(self, c, x, axis, inverse);
        return;
    }
    kt_shape shape = x->shape, list = KT_SHAPE(cfg->size.set ? cfg->size.v : KT_UNKNOWN);
    shape.dim[axis] = list.dim[0];
    c->n_out = 0;
    c->out[c->n_out++] = kt_unsized(c, x->dtype, shape);
    if (cfg->return_index)
        c->out[c->n_out++] = kt_unsized(c, KT_I32, list);
    if (cfg->return_inverse)
        c->out[c->n_out++] = kt_unsized(c, KT_I32, inverse);
    if (cfg->return_counts)
        c->out[c->n_out++] = kt_unsized(c, KT_I32, list);
}

/* --- counts --- */

#define HISTOGRAM(F, T)                              \
    F(T, INT, bins, "10", "", "How many there are.") \
    F(T, ANY, range, "None", "", "From where to where; None: all elements.")
KT_CONFIG_OF(bars, HISTOGRAM);

/* start + i step of the n + 1 edges, of which the last is the end. */
static kt_node *edges_of(kt_graph *g, kt_node *from, kt_node *to, int64_t n)
{
    kt_node *step = kt_div(g, kt_sub(g, to, from), kt_scalar_as(g, (double)n, from->dtype));
    kt_node *i = kt_series(g, n, 0, 1);
    kt_node *y = kt_add(g, kt_mul(g, kt_cast(g, i, from->dtype), step), from);

    return kt_concat(g, 2, (kt_node *[]){y, kt_expand_dims(g, to, 0)}, 0);
}

static void histogram(kt_layer *self, kt_call *c)
{
    const bars *cfg = self->config;
    kt_graph   *g = c->g;
    kt_node    *given = kt_tensor_of(self, c, 0), *x = kt_flat(g, given), *from, *to;
    double      low = 0, high = 0;
    int64_t     n = cfg->bins;

    c->out[0] = c->out[1] = g->poison;
    c->n_out = 2;
    if (kt_graph_failed(g))
        return;
    if (n < 1 || n > INT32_MAX) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "Argument `bins` should be a non-negative integer. Received: bins=%lld",
                     (long long)n);
        return;
    }
    x = kt_cast(g, x, kt_dtype_is_float(x->dtype) ? x->dtype : KT_F64);
    bool set = kt_value_is_seq(cfg->range) && cfg->range->n == 2 &&
               kt_value_number(cfg->range->items[0], &low) &&
               kt_value_number(cfg->range->items[1], &high);
    from = set ? kt_scalar_as(g, low, x->dtype) : kt_reduce(g, KT_RE_MIN, x, 1, false);
    to = set ? kt_scalar_as(g, high, x->dtype) : kt_reduce(g, KT_RE_MAX, x, 1, false);
    kt_node *edges = kt_cast(g, edges_of(g, from, to, n), given->dtype);
    kt_node *column = kt_expand_dims(g, x, 1);
    kt_node *inner = kt_cast(g, kt_slice_axis(g, edges, 0, n > 1 ? 1 : 0, n - 1), x->dtype);
    kt_node *bin = kt_binary(g, KT_BI_LESS_EQUAL, inner, column);
    bin = kt_reduce_last(g, KT_RE_SUM, kt_cast(g, bin, KT_I32));
    kt_node *in = kt_binary(g, KT_BI_AND, kt_binary(g, KT_BI_GREATER_EQUAL, x, from),
                            kt_binary(g, KT_BI_LESS_EQUAL, x, to));
    kt_node *hits = kt_mul(g, kt_one_hot(g, bin, n), kt_expand_dims(g, kt_cast(g, in, KT_F32), 1));
    c->out[0] = kt_cast(g, kt_reduce(g, KT_RE_SUM, hits, 1, false), given->dtype);
    c->out[1] = edges;
}

#define BINCOUNT(F, T)                                                   \
    F(T, ANY, weights, "None", "", "What each element counts; None: 1.") \
    F(T, INT, minlength, "0", "", "The least length of the result.")     \
    F(T, BOOL, sparse, "False", "", "Keras keeps what is not 0: the numbers are the same.")
KT_CONFIG_OF(tally, BINCOUNT);

/* The result has as many counts as minlength says: what Keras would lengthen it for is refused. */
static void bincount(kt_layer *self, kt_call *c)
{
    const tally *cfg = self->config;
    kt_graph    *g = c->g;
    kt_node     *x = kt_cast(g, kt_tensor_of(self, c, 0), KT_I32), *weights = NULL;
    kt_weak      weak;
    int64_t      n = cfg->minlength;

    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    kt_tensor *t = kt_is_none(cfg->weights) ? NULL
                                            : kt_literal_tensor(cfg->weights, &weak, g->fault);
    weights = t ? kt_constant(g, t) : NULL;
    kt_dtype dtype = weights ? weights->dtype : KT_I32;
    if (!c->t->eager || x->shape.rank == 0) {
        kt_shape shape = x->shape;
        shape.rank += shape.rank == 0;
        shape.dim[shape.rank - 1] = KT_UNKNOWN;
        c->out[0] = kt_unsized(c, dtype, shape);
        return;
    }
    if (n < 1) {
        kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                     "Layer '%s': without `minlength` the result's size depends on the data, which "
                     "is not supported",
                     self->name);
        return;
    }
    kt_node *checked = kt_gather(g, kt_series(g, n, 0, 1), x, 0); /* refuses what is out of it */
    kt_node *ones = kt_one_hot(g, checked, n);
    ones = weights ? kt_mul(g, ones, kt_expand_dims(g, weights, weights->shape.rank)) : ones;
    if (ones->shape.rank > 1)
        ones = kt_reduce(g, KT_RE_SUM, ones, 1u << (ones->shape.rank - 2), false);
    c->out[0] = kt_cast(g, ones, dtype);
}

#define ROWS(F)                                        \
    F(Nonzero, numpy, &kt_no_config, "x", nonzero, 0)  \
    F(Unique, numpy, &kinds_type, "x", unique, 0)      \
    F(Histogram, numpy, &bars_type, "x", histogram, 0) \
    F(Bincount, numpy, &tally_type, "x", bincount, 0)
KT_OPERATIONS(counting, ROWS);
