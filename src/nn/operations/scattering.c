/* scattering.c - operations that write where numbers say: scatter, segments, one-hot. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <float.h>
#include <math.h>

static kt_node *whole(kt_graph *g, kt_node *index)
{
    return kt_cast(g, index, KT_I64);
}

/* --- scatter --- */

/* indices [.., k] -> [n]: the number of the row in the first k axes of `shape` as one; -1 where
 * there is no such row. */
static kt_node *row_numbers(kt_graph *g, kt_node *indices, const kt_shape *shape)
{
    int64_t  k = kt_dim(&indices->shape, -1), stride = 1;
    kt_node *rows = NULL, *good = NULL;

    indices = kt_reshape(g, indices, KT_SHAPE(KT_UNKNOWN, k));
    for (int i = (int)k; i-- > 0; stride *= shape->dim[i]) {
        kt_node *at = kt_squeeze(g, kt_slice_axis(g, indices, 1, i, 1), 1);
        kt_node *in = kt_binary(g, KT_BI_AND, kt_compare(g, KT_BI_GREATER_EQUAL, at, 0),
                                kt_compare(g, KT_BI_LESS, at, (double)shape->dim[i]));
        kt_node *step = kt_mul_scalar(g, at, (double)stride);
        rows = rows ? kt_add(g, rows, step) : step;
        good = good ? kt_binary(g, KT_BI_AND, good, in) : in;
    }
    return rows ? kt_where(g, good, rows, -1) : g->poison;
}

/* base with values written where indices [.., k] name a place in its first k axes. */
static kt_node *scattered(kt_layer *self, kt_call *c, kt_scatter_fn fn, kt_node *base,
                          kt_node *indices, kt_node *values)
{
    kt_graph *g = c->g;
    kt_shape  shape = base->shape;

    if (kt_graph_failed(g))
        return g->poison;
    int64_t k = kt_dim(&indices->shape, -1);
    if (!kt_shape_known(&shape) || !kt_shape_known(&indices->shape) ||
        !kt_shape_known(&values->shape))
        return kt_unsized(c, base->dtype, shape);
    if (indices->shape.rank == 0 || k < 1 || k > shape.rank)
        return kt_call_fail(self, c, KT_E_INVALID_ARGUMENT,
                            "The inner dimension of indices must name axes of shape %s",
                            kt_shape_text(&g->arena, &shape));
    kt_shape table = kt_shape_slice(&shape, (int)k, shape.rank);
    kt_shape rows = KT_SHAPE(kt_shape_product(&shape, 0, (int)k)), of = KT_SHAPE(KT_UNKNOWN);

    rows = kt_shape_concat(&rows, &table);
    of.dim[0] = kt_shape_product(&indices->shape, 0, indices->shape.rank - 1);
    of = kt_shape_concat(&of, &table);
    kt_node *y = kt_scatter(g, fn, kt_reshape(g, base, rows), row_numbers(g, indices, &shape),
                            kt_reshape(g, values, of));
    return kt_reshape(g, y, shape);
}

#define SCATTER(F, T) F(T, SHAPE, shape, REQUIRED, "", "Of the result.")
KT_CONFIG_OF(scattering, SCATTER);

static void scatter(kt_layer *self, kt_call *c)
{
    kt_node *indices = whole(c->g, kt_tensor_of(self, c, 0)), *values = kt_tensor_of(self, c, 1);
    kt_node *zeros = kt_broadcast_to(c->g, kt_scalar_as(c->g, 0, values->dtype),
                                     ((const scattering *)self->config)->shape.v);

    c->out[0] = scattered(self, c, KT_SC_ADD, zeros, indices, values);
}

#define UPDATE(F, T) F(T, STR, reduction, "None", "add|max|min|mul", "None: the last one stays.")
KT_CONFIG_OF(updating, UPDATE);

static void scatter_update(kt_layer *self, kt_call *c)
{
    const char   *how = ((const updating *)self->config)->reduction;
    kt_scatter_fn fn = !how                 ? KT_SC_SET
                     : kt_streq(how, "add") ? KT_SC_ADD
                     : kt_streq(how, "mul") ? KT_SC_MUL
                     : kt_streq(how, "max") ? KT_SC_MAX
                                            : KT_SC_MIN;

    c->out[0] = scattered(self, c, fn, kt_tensor_of(self, c, 0),
                          whole(c->g, kt_tensor_of(self, c, 1)), kt_tensor_of(self, c, 2));
}

/* --- segments --- */

#define SEGMENTS(F, T)                                                                    \
    F(T, OPTINT, num_segments, "None", "", "How many; None: as many as the numbers say.") \
    F(T, BOOL, sorted, "False", "", "The numbers are in order.")
KT_CONFIG_OF(segments, SEGMENTS);

/* What a segment of no element is: TensorFlow's, the end of the dtype for extrema. */
static double nothing(kt_scatter_fn fn, kt_dtype dtype)
{
    double most = dtype == KT_F64 ? DBL_MAX
                : dtype == KT_F32 ? (double)FLT_MAX
                                  : kt_dtype_most(dtype);
    double least = kt_dtype_is_float(dtype) ? -most : kt_dtype_is_unsigned(dtype) ? 0 : -most - 1;

    return fn == KT_SC_ADD ? 0 : fn == KT_SC_MUL ? 1 : fn == KT_SC_MAX ? least : most;
}

/* How many segments there are where the call does not say it: the numbers must be constants. For
 * unsorted sums Keras counts the different ones. -1: only data say it. */
static int64_t count_segments(const kt_node *ids, bool different)
{
    int64_t most = -1, kinds = 0;

    if (!ids->constant)
        return -1;
    for (int64_t i = 0; i < ids->constant->count; i++) {
        int64_t id = (int64_t)kt_peek(ids->constant->data, ids->dtype, i), k = 0;

        while (k < i && (int64_t)kt_peek(ids->constant->data, ids->dtype, k) != id)
            k++;
        kinds += k == i;
        most = id > most ? id : most;
    }
    return different ? kinds : most + 1;
}

/* y, and 0 in the rows that no number names. */
static kt_node *where_named(kt_graph *g, kt_node *y, kt_node *rows)
{
    kt_shape one = y->shape, ones = rows->shape;

    for (int i = 1; i < one.rank; i++)
        one.dim[i] = 1;
    ones.rank = one.rank;
    for (int i = 1; i < ones.rank; i++)
        ones.dim[i] = 1;
    kt_node *named = kt_broadcast_to(g, kt_scalar_as(g, 0, KT_I32), one);
    named = kt_scatter(g, KT_SC_SET, named, rows,
                       kt_broadcast_to(g, kt_scalar_as(g, 1, KT_I32), ones));
    return kt_where(g, kt_cast(g, named, KT_BOOLEAN), y, 0);
}

static void segment(kt_layer *self, kt_call *c)
{
    const segments *cfg = self->config;
    kt_scatter_fn   fn = (kt_scatter_fn)self->type->variant;
    kt_node        *x = kt_tensor_of(self, c, 0), *ids = kt_tensor_of(self, c, 1);
    kt_shape        shape = x->shape;
    int64_t         n = cfg->num_segments.v;

    c->out[0] = c->g->poison;
    if (kt_graph_failed(c->g))
        return;
    if (!cfg->num_segments.set)
        n = count_segments(ids, fn == KT_SC_ADD && !cfg->sorted);
    shape.dim[0] = n < 0 ? KT_UNKNOWN : n;
    if (shape.rank == 0 || (n < 0 && !c->t->eager))
        return;
    if (n < 0) {
        kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                     "Layer '%s': without `num_segments` the result's size depends on the data, "
                     "which is not supported",
                     self->name);
        return;
    }
    if (!kt_shape_known(&shape)) {
        c->out[0] = kt_unsized(c, x->dtype, shape);
        return;
    }
    kt_node *start = kt_scalar_as(c->g, nothing(fn, x->dtype), x->dtype);
    kt_node *rows = whole(c->g, kt_flat(c->g, ids));
    kt_node *y = kt_scatter(c->g, fn, kt_broadcast_to(c->g, start, shape), rows, x);
    c->out[0] = cfg->sorted && (fn == KT_SC_MAX || fn == KT_SC_MIN) ? where_named(c->g, y, rows)
                                                                    : y;
}

/* --- one-hot --- */

#define HOT(F, T)                                                        \
    F(T, ANY, num_classes, "None", "int", "How many classes there are.") \
    F(T, INT, axis, "-1", "met: x >= 0; range(x)", "The new axis.")      \
    F(T, STR, dtype, "None", "", "Of the result; None: floatx.")         \
    F(T, BOOL, sparse, "False", "", "Keras keeps the ones only: the numbers are the same.")
KT_CONFIG_OF(hot, HOT);

/* variant 1: the ones of axis 1 (0 of a vector) together. */
static void one_hot(kt_layer *self, kt_call *c)
{
    const hot *cfg = self->config;
    kt_graph  *g = c->g;
    kt_node   *x = kt_cast(g, kt_tensor_of(self, c, 0), KT_I64);
    kt_dtype   dtype = KT_F32;

    c->out[0] = g->poison;
    if (!kt_is_int(cfg->num_classes)) {
        kt_call_fail(self, c, KT_E_VALUE, "Argument `num_classes` must be specified.");
        return;
    }
    if (cfg->dtype && !kt_dtype_parse(cfg->dtype, &dtype)) {
        kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED, "Layer '%s': dtype '%s' is not supported",
                     self->name, cfg->dtype);
        return;
    }
    bool     together = self->type->variant == 1;
    int      reduced = x->shape.rank > 1 ? 1 : 0;
    kt_node *y = kt_one_hot(g, x, cfg->num_classes->i);

    y = kt_move_axis(g, y, -1, (int)cfg->axis);
    y = together ? kt_reduce(g, KT_RE_MAX, y, 1u << reduced, false) : y;
    c->out[0] = kt_cast(g, y, dtype);
}

static int infer_scatter(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_operand values = kt_operand_of(self, c, 1);

    out[0].dtype = values.node->dtype;
    return kt_infers(out, ((const scattering *)self->config)->shape.v);
}

static int infer_hot(kt_layer *self, kt_call *c, kt_result *out)
{
    const hot *cfg = self->config;
    bool       together = self->type->variant == 1;
    kt_shape   s, y;

    kt_argument_shapes(self, c, 1, &s);
    if (!kt_is_int(cfg->num_classes))
        return 0;
    int at = cfg->axis == -1 ? s.rank : (int)cfg->axis;
    if (at < 0 || (cfg->axis != -1 && at >= s.rank))
        return kt_refuses(self, c, "axis must be -1 or between [0, %d), but received %lld.", s.rank,
                          (long long)cfg->axis);
    kt_shape n = KT_SHAPE(cfg->num_classes->i), behind = kt_shape_slice(&s, at, s.rank);
    y = kt_shape_slice(&s, 0, at);
    y = kt_shape_concat(&y, &n);
    y = kt_shape_concat(&y, &behind);
    if (together && y.rank == 2) {
        y = KT_SHAPE(y.dim[1]);
    } else if (together && y.rank > 2) {
        behind = kt_shape_slice(&y, 2, y.rank);
        y = kt_shape_slice(&y, 0, 1);
        y = kt_shape_concat(&y, &behind);
    }
    return kt_infers(out, y);
}

static int infer_segments(kt_layer *self, kt_call *c, kt_result *out)
{
    const segments *cfg = self->config;
    kt_shape        s, n = KT_SHAPE(cfg->num_segments.set ? cfg->num_segments.v : KT_UNKNOWN);

    kt_argument_shapes(self, c, 1, &s);
    s = kt_shape_slice(&s, s.rank > 0 ? 1 : 0, s.rank);
    return kt_infers(out, kt_shape_concat(&n, &s));
}

#define ROWS(F)                                                                              \
    F(Scatter, core, &scattering_type, "indices values", scatter, 0, .infer = infer_scatter) \
    F(ScatterUpdate, core, &updating_type, "inputs indices updates", scatter_update, 0,      \
      .infer = kt_infer_same)                                                                \
    F(SegmentSum, math, &segments_type, "data segment_ids", segment, KT_SC_ADD,              \
      .infer = infer_segments)                                                               \
    F(SegmentMax, math, &segments_type, "data segment_ids", segment, KT_SC_MAX,              \
      .infer = infer_segments)                                                               \
    F(SegmentMin, math, &segments_type, "data segment_ids", segment, KT_SC_MIN,              \
      .infer = infer_segments)                                                               \
    F(SegmentProd, math, &segments_type, "data segment_ids", segment, KT_SC_MUL,             \
      .infer = infer_segments)                                                               \
    F(OneHot, nn, &hot_type, "x", one_hot, 0, .infer = infer_hot)                            \
    F(MultiHot, nn, &hot_type, "inputs", one_hot, 1, .infer = infer_hot)
KT_OPERATIONS(scattering, ROWS);
