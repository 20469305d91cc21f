/* indexing.c - operations that read a tensor by numbers, and that look for numbers. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#define AXIS(F, T) F(T, OPTINT, axis, "None", "met: range(x)", "The axis; None: all, flat.")
KT_CONFIG_OF(along, AXIS);

static kt_node *whole(kt_graph *g, kt_node *index)
{
    return kt_dtype_is_int(index->dtype) ? index : kt_cast(g, index, KT_I64);
}

static void take(kt_layer *self, kt_call *c)
{
    const along *cfg = self->config;
    kt_node     *x = kt_tensor_of(self, c, 0);

    x = cfg->axis.set ? x : kt_flat(c->g, x);
    c->out[0] = kt_gather(c->g, x, whole(c->g, kt_tensor_of(self, c, 1)),
                          cfg->axis.set ? (int)cfg->axis.v : 0);
}

/* --- along an axis --- */

/* The shapes of x and of the indices, broadcast against each other but for the axis. */
static bool broadcast_both(kt_call *c, kt_shape *x, kt_shape *index, int axis)
{
    kt_shape a = *x, b = *index, both;
    int64_t  n = x->dim[axis], m = index->dim[axis];

    a.dim[axis] = b.dim[axis] = 1;
    if (!kt_shape_broadcast(&a, &b, &both)) {
        a.dim[axis] = b.dim[axis] = m;
        kt_refuse_broadcast(c->g, &a, &b);
        return false;
    }
    *x = *index = both;
    x->dim[axis] = n;
    index->dim[axis] = m;
    return true;
}

/* Where the row of each index begins in the flat tensor of shape x: the places along all axes but
 * one. */
static kt_node *row_begins(kt_graph *g, const kt_shape *x, int axis, kt_node *flat)
{
    int64_t stride = 1;

    for (int i = x->rank; i-- > 0; stride *= x->dim[i]) {
        kt_shape one = {.rank = x->rank};

        if (i == axis || x->dim[i] == 1)
            continue;
        for (int k = 0; k < x->rank; k++)
            one.dim[k] = k == i ? x->dim[i] : 1;
        flat = kt_add(g, flat, kt_reshape(g, kt_series(g, x->dim[i], 0, stride), one));
    }
    return flat;
}

#define RANKS_DIFFER                                                                       \
    "`x` and `indices` must have the same number of dimensions, but receive shape %s and " \
    "%s."

static void take_along_axis(kt_layer *self, kt_call *c)
{
    const along *cfg = self->config;
    kt_graph    *g = c->g;
    kt_node     *x = kt_tensor_of(self, c, 0), *index = whole(g, kt_tensor_of(self, c, 1));

    x = cfg->axis.set ? x : kt_flat(g, x);
    int axis = kt_axis(&x->shape, cfg->axis.set ? cfg->axis.v : 0);
    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    if (axis < 0 || index->shape.rank != x->shape.rank) {
        kt_call_fail(self, c, KT_E_VALUE, RANKS_DIFFER, kt_listed_shape(c->g, &x->shape),
                     kt_listed_shape(c->g, &index->shape));
        return;
    }
    kt_shape from = x->shape, to = index->shape;
    if (!broadcast_both(c, &from, &to, axis))
        return;
    if (!kt_shape_known(&from) || !kt_shape_known(&to)) {
        c->out[0] = kt_unsized(c, x->dtype, to);
        return;
    }
    int64_t n = from.dim[axis], step = kt_shape_product(&from, axis + 1, from.rank);
    index = kt_cast(g, index, KT_I64);
    index = kt_select(g, kt_compare(g, KT_BI_LESS, index, 0), kt_add_scalar(g, index, (double)n),
                      index);
    index = row_begins(g, &from, axis, kt_mul_scalar(g, index, (double)step));
    c->out[0] = kt_gather(g, kt_flat(g, kt_broadcast_to(g, x, from)), kt_broadcast_to(g, index, to),
                          0);
}

/* --- parts of a tensor --- */

#define SLICE(F, T) F(T, INTS, shape, REQUIRED, "", "How much of each axis; -1: to its end.")
KT_CONFIG_OF(slicing, SLICE);

/* Where axis i of the part begins: a number, or a tensor. */
static kt_node *start_of(kt_layer *self, kt_call *c, int axis)
{
    const kt_value *starts = kt_argument(self, c, 1);
    kt_operand      all = {NULL, KT_STRONG};

    if (kt_value_is_seq(starts)) {
        if ((size_t)axis < starts->n)
            all = kt_operand_at(self, c, starts->items[axis]);
        return all.node ? kt_reshape(c->g, whole(c->g, all.node), KT_SCALAR_SHAPE) : c->g->poison;
    }
    all = kt_operand_at(self, c, starts);
    if (!all.node || kt_graph_failed(c->g))
        return c->g->poison;
    kt_node *x = all.node->shape.rank == 0 ? kt_expand_dims(c->g, all.node, 0) : all.node;
    return kt_squeeze(c->g, kt_slice_axis(c->g, whole(c->g, x), 0, axis, 1), 0);
}

static bool enough_starts(kt_layer *self, kt_call *c, int rank)
{
    const kt_value *starts = kt_argument(self, c, 1);

    if (!starts || (kt_value_is_seq(starts) && starts->n != (size_t)rank)) {
        kt_call_fail(self, c, KT_E_VALUE, "`start_indices` must have one number for each axis");
        return false;
    }
    return !kt_graph_failed(c->g);
}

/* A start that is a number; false where it is a tensor. */
static bool fixed_start(kt_layer *self, kt_call *c, int axis, int64_t *out)
{
    const kt_value *starts = kt_argument(self, c, 1);
    const kt_value *v = kt_value_is_seq(starts) ? starts->items[axis] : NULL;

    if (v && kt_is_int(v))
        *out = v->i;
    return v && kt_is_int(v);
}

static void slice(kt_layer *self, kt_call *c)
{
    const kt_ints *size = &((const slicing *)self->config)->shape;
    kt_node       *x = kt_tensor_of(self, c, 0);
    int64_t        begin = 0;

    c->out[0] = c->g->poison;
    if (kt_is_poison(c->g, x) || !enough_starts(self, c, x->shape.rank) || size->n != x->shape.rank)
        return;
    for (int i = 0; i < size->n; i++) {
        int64_t n = x->shape.dim[i];
        bool    fixed = fixed_start(self, c, i, &begin);

        if (fixed && begin == 0 && (size->v[i] < 0 || size->v[i] == n))
            continue;
        int64_t length = size->v[i] >= 0 ? size->v[i] : n == KT_UNKNOWN || !fixed ? n : n - begin;
        if (fixed)
            x = kt_part_of(c, x, i, begin, length);
        else
            x = kt_gather(c->g, x,
                          kt_add(c->g, kt_cast(c->g, start_of(self, c, i), KT_I64),
                                 kt_series(c->g, length > 0 ? length : 0, 0, 1)),
                          i);
    }
    c->out[0] = x;
}

/* The updates spread to the size of axis i of the tensor, and where they lie. As XLA does it, the
 * part is moved to lie within. */
static kt_node *spread(kt_layer *self, kt_call *c, kt_node *updates, int axis, int64_t n,
                       kt_node **inside)
{
    kt_graph *g = c->g;
    int64_t   size = updates->shape.dim[axis], room = n - size;
    kt_node  *start = kt_cast(g, start_of(self, c, axis), KT_I64);
    kt_shape  one = {.rank = updates->shape.rank};

    start = kt_binary(g, KT_BI_MINIMUM,
                      kt_binary(g, KT_BI_MAXIMUM, start, kt_scalar_as(g, 0, KT_I64)),
                      kt_scalar_as(g, (double)room, KT_I64));
    kt_node *at = kt_sub(g, kt_series(g, n, 0, 1), start);
    kt_node *within = kt_binary(g, KT_BI_AND, kt_compare(g, KT_BI_GREATER_EQUAL, at, 0),
                                kt_compare(g, KT_BI_LESS, at, (double)size));
    at = kt_select(g, within, at, kt_scalar_as(g, 0, KT_I64));
    for (int i = 0; i < one.rank; i++)
        one.dim[i] = i == axis ? n : 1;
    within = kt_reshape(g, within, one);
    *inside = *inside ? kt_binary(g, KT_BI_AND, *inside, within) : within;
    return kt_gather(g, updates, at, axis);
}

static void slice_update(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0), *y = kt_tensor_of(self, c, 2), *inside = NULL;

    c->out[0] = c->g->poison;
    if (kt_graph_failed(c->g) || !enough_starts(self, c, x->shape.rank))
        return;
    if (!kt_shape_known(&x->shape) || !kt_shape_known(&y->shape)) {
        c->out[0] = kt_unsized(c, x->dtype, x->shape);
        return;
    }
    bool fits = y->shape.rank == x->shape.rank && kt_shape_count(&y->shape) > 0;
    for (int i = 0; fits && i < x->shape.rank; i++)
        fits = y->shape.dim[i] <= x->shape.dim[i];
    if (!fits) {
        kt_call_fail(self, c, KT_E_VALUE, "An update of shape %s does not fit into %s",
                     kt_shape_text(&c->g->arena, &y->shape),
                     kt_shape_text(&c->g->arena, &x->shape));
        return;
    }
    y = kt_cast(c->g, y, x->dtype);
    for (int i = 0; i < x->shape.rank; i++)
        y = spread(self, c, y, i, x->shape.dim[i], &inside);
    c->out[0] = inside ? kt_select(c->g, inside, y, x) : y;
}

/* --- looking for numbers --- */

/* How many of the numbers [n] make the test true with each element of x, int32. */
static kt_node *count(kt_graph *g, kt_binary_fn test, kt_node *numbers, kt_node *x)
{
    kt_node *hit = kt_binary(g, test, numbers, kt_expand_dims(g, x, x->shape.rank));

    return kt_reduce_last(g, KT_RE_SUM, kt_cast(g, hit, KT_I32));
}

#define SIDE(F, T) F(T, STR, side, "left", "left|right", "Before or behind equal numbers.")
KT_CONFIG_OF(searching, SIDE);

static void searchsorted(kt_layer *self, kt_call *c)
{
    bool     left = kt_streq(((const searching *)self->config)->side, "left");
    kt_node *numbers = kt_tensor_of(self, c, 0), *x = kt_tensor_of(self, c, 1);

    if (numbers->shape.rank != 1 && !kt_graph_failed(c->g)) {
        c->out[0] = kt_call_fail(self, c, KT_E_VALUE,
                                 "`searchsorted` only supports 1-D sorted sequences. You can use "
                                 "`keras.ops.vectorized_map` to extend it to N-D sequences. "
                                 "Received: sorted_sequence.shape=%s",
                                 kt_shape_text(&c->g->arena, &numbers->shape));
        return;
    }
    c->out[0] = count(c->g, left ? KT_BI_LESS : KT_BI_LESS_EQUAL, numbers, x);
}

/* How many bins begin at or below each element. */
static void digitize(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0), *bins = kt_cast(c->g, kt_tensor_of(self, c, 1), KT_F32);

    x = x->dtype == KT_BOOLEAN ? kt_cast(c->g, x, KT_I32) : x;
    c->out[0] = count(c->g, KT_BI_LESS_EQUAL, bins, x);
}

#define AMONG(F, T)                                                                         \
    F(T, BOOL, assume_unique, "False", "", "Nothing is there twice; this changes nothing.") \
    F(T, BOOL, invert, "False", "", "Whether it is not there.")
KT_CONFIG_OF(among, AMONG);

static void isin(kt_layer *self, kt_call *c)
{
    kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_dtype   dtype = kt_result_dtype(x, 2, KT_STRONG);
    kt_node   *all = kt_flat(c->g, kt_as(c, x[1], dtype)), *one = kt_as(c, x[0], dtype);
    kt_node   *found = kt_cast(c->g, count(c->g, KT_BI_EQUAL, all, one), KT_BOOLEAN);
    bool       empty = kt_shape_count(&all->shape) == 0;

    c->out[0] = ((const among *)self->config)->invert && !empty ? kt_unary(c->g, KT_UN_NOT, found)
                                                                : found;
}

#define UNRAVEL(F, T) F(T, INTS, shape, REQUIRED, "", "Of the tensor that the numbers count in.")
KT_CONFIG_OF(unraveling, UNRAVEL);

/* The places along each axis. Where the numbers have not one axis, Keras takes the sizes in the
 * other order. */
static void unravel_index(kt_layer *self, kt_call *c)
{
    const kt_ints *shape = &((const unraveling *)self->config)->shape;
    kt_graph      *g = c->g;
    kt_node       *x = kt_tensor_of(self, c, 0);
    kt_dtype       dtype = x->dtype;
    bool           row = x->shape.rank == 1;

    c->out[0] = g->poison;
    x = kt_cast(g, x, KT_F64);
    for (int i = 0; i < shape->n && !kt_graph_failed(g); i++) {
        int      at = shape->n - 1 - i;
        kt_node *n = kt_scalar_as(g, (double)shape->v[row ? at : i], KT_F64);

        c->out[at] = kt_cast(g, kt_binary(g, KT_BI_MOD, x, n), dtype);
        x = kt_unary(g, KT_UN_FLOOR, kt_div(g, x, n));
    }
    c->n_out = shape->n > 0 ? shape->n : 1;
}

/* --- as Keras infers it --- */

static int infer_take(kt_layer *self, kt_call *c, kt_result *out)
{
    const along *cfg = self->config;
    kt_operand   x = kt_operand_of(self, c, 0), at = kt_operand_of(self, c, 1);

    if (kt_graph_failed(c->g))
        return 0;
    kt_shape s = x.node->shape, index = at.node->shape;
    if (!cfg->axis.set)
        return kt_infers(out, index);
    int axis = kt_canonical_axis(c, cfg->axis.v, s.rank);
    if (axis < 0)
        return 0;
    kt_shape before = kt_shape_slice(&s, 0, axis), behind = kt_shape_slice(&s, axis + 1, s.rank);
    before = kt_shape_concat(&before, &index);
    return kt_infers(out, kt_shape_concat(&before, &behind));
}

static int infer_slice(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_ints  *size = &((const slicing *)self->config)->shape;
    const kt_value *starts = kt_argument(self, c, 1);
    kt_shape        s;
    kt_str          text = {0};

    kt_argument_shapes(self, c, 1, &s);
    if (!starts)
        return 0;
    if (size->n != s.rank)
        return kt_refuses(
            self, c,
            "The number of dimensions in `inputs` must match the number of dimensions "
            "in `shape`. Received inputs.shape=%s and shape=%s",
            kt_shape_text(&c->g->arena, &s), kt_listed_ints(c->g, size->n, size->v, size->list));
    if (kt_value_is_seq(starts) && starts->n != (size_t)s.rank) {
        kt_value_repr(&text, starts);
        kt_refuses(
            self, c,
            "The number of dimensions in `start_indices` must match the number of dimensions "
            "in `inputs`. Received start_indices=%s and inputs.shape=%s",
            kt_str_text(&text), kt_shape_text(&c->g->arena, &s));
        kt_str_free(&text);
        return 0;
    }
    for (int i = 0; i < size->n; i++) {
        int64_t begin = 0, n = s.dim[i];
        if (size->v[i] != -1)
            s.dim[i] = size->v[i];
        else
            s.dim[i] = fixed_start(self, c, i, &begin) && n != KT_UNKNOWN ? n - begin : KT_UNKNOWN;
        if (s.dim[i] < KT_UNKNOWN)
            return 0;
    }
    return kt_infers(out, s);
}

static int infer_take_along(kt_layer *self, kt_call *c, kt_result *out)
{
    const along *cfg = self->config;
    kt_shape     s[2], both;

    kt_argument_shapes(self, c, 2, s);
    if (!cfg->axis.set)
        s[0] = KT_SHAPE(kt_shape_count(&s[0]));
    if (s[0].rank != s[1].rank)
        return kt_refuses(self, c, RANKS_DIFFER, kt_listed_shape(c->g, &s[0]),
                          kt_listed_shape(c->g, &s[1]));
    int axis = cfg->axis.set ? kt_canonical_axis(c, cfg->axis.v, s[0].rank) : 0;
    if (axis < 0)
        return 0;
    s[0].dim[axis] = s[1].dim[axis];
    return kt_infer_both(c, &s[0], &s[1], &both) ? kt_infers(out, both) : 0;
}

#define ROWS(F)                                                                           \
    F(Take, numpy, &along_type, "x indices", take, 0, .infer = infer_take)                \
    F(TakeAlongAxis, numpy, &along_type, "x indices", take_along_axis, 0,                 \
      .infer = infer_take_along)                                                          \
    F(Slice, core, &slicing_type, "inputs start_indices", slice, 0, .infer = infer_slice) \
    F(SliceUpdate, core, &kt_no_config, "inputs start_indices updates", slice_update, 0,  \
      .infer = kt_infer_same)                                                             \
    F(SearchSorted, numpy, &searching_type, "sorted_sequence values", searchsorted, 0)    \
    F(Digitize, numpy, &kt_no_config, "x bins", digitize, 0)                              \
    F(IsIn, numpy, &among_type, "x1 x2", isin, 0)                                         \
    F(UnravelIndex, numpy, &unraveling_type, "indices", unravel_index, 0)
KT_OPERATIONS(indexing, ROWS);
