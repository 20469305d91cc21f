/* rearranging.c - operations that move, repeat or surround elements. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

/* --- backwards --- */

#define AXES(F, T) F(T, INTS, axis, "None", "met: range(x[i])", "The axes; None: all of them.")
KT_CONFIG_OF(along, AXES);

static void flip(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);
    unsigned axes = 0;

    kt_axes_mask(c->g, &x->shape, &((const along *)self->config)->axis, &axes);
    for (int i = 0; i < x->shape.rank; i++)
        x = axes >> i & 1 ? kt_reverse(c->g, x, i) : x;
    c->out[0] = x;
}

/* variant: the axis. */
static void flip_fixed(kt_layer *self, kt_call *c)
{
    c->out[0] = kt_reverse(c->g, kt_tensor_of(self, c, 0), self->type->variant);
}

#define ROTATE(F, T)                            \
    F(T, INT, k, "1", "", "How many quarters.") \
    F(T, INTS, axes, "(0, 1)", "", "From which axis to which.")
KT_CONFIG_OF(rotating, ROTATE);

/* The last two axes a quarter round. */
static kt_node *quarter(kt_graph *g, kt_node *x)
{
    int perm[KT_MAX_RANK], rank = x->shape.rank;

    for (int i = 0; i < rank; i++)
        perm[i] = i < rank - 2 ? i : 2 * rank - 3 - i;
    return kt_transpose(g, kt_reverse(g, x, -1), perm);
}

/* As Keras does it on TensorFlow: after the first quarter, and at the end, the numbers are read
 * anew in the sizes that the result has, which for two quarters of what is not square are not those
 * that they lie in. */
static kt_node *turned(kt_graph *g, kt_node *x, int quarters)
{
    if (kt_is_poison(g, x))
        return x;
    kt_shape shape = x->shape;
    int64_t *h = &shape.dim[shape.rank - 2], *w = &shape.dim[shape.rank - 1], rows = *h;

    if (quarters % 2) {
        *h = *w;
        *w = rows;
    }
    for (int i = 0; i < quarters; i++) {
        x = quarter(g, x);
        x = i == 0 ? kt_reshape(g, x, shape) : x;
    }
    return kt_reshape(g, x, shape);
}

static void rot90(kt_layer *self, kt_call *c)
{
    const rotating *cfg = self->config;
    kt_node        *x = kt_tensor_of(self, c, 0);
    int             rank = x->shape.rank, perm[KT_MAX_RANK], back[KT_MAX_RANK], n = 0;
    int             a = kt_axis(&x->shape, cfg->axes.v[0]), b = kt_axis(&x->shape, cfg->axes.v[1]);
    int             quarters = (int)((cfg->k % 4 + 4) % 4);

    if (cfg->axes.n != 2 || a < 0 || b < 0 || a == b) {
        c->out[0] = kt_call_fail(self, c, KT_E_VALUE,
                                 "Invalid axes: rot90 takes two different axes of the tensor");
        return;
    }
    for (int i = 0; i < rank; i++)
        if (i != a && i != b)
            perm[n++] = i;
    perm[n] = a;
    perm[n + 1] = b;
    for (int i = 0; i < rank; i++)
        back[perm[i]] = i;
    x = quarters ? kt_transpose(c->g, turned(c->g, kt_transpose(c->g, x, perm), quarters), back)
                 : x;
    c->out[0] = x;
}

#define ROLL(F, T)                                             \
    F(T, INTS, shift, REQUIRED, "", "How far, for each axis.") \
    F(T, INTS, axis, "None", "met: range(x[i])", "The axes; None: as one row of elements.")
KT_CONFIG_OF(rolling, ROLL);

static kt_node *roll_axis(kt_graph *g, kt_node *x, int axis, int64_t shift)
{
    int64_t n = x->shape.dim[axis];

    if (n == KT_UNKNOWN || n == 0)
        return x;
    shift = (shift % n + n) % n;
    kt_node *parts[] = {kt_slice_axis(g, x, axis, n - shift, shift),
                        kt_slice_axis(g, x, axis, 0, n - shift)};
    return shift ? kt_concat(g, 2, parts, axis) : x;
}

static void roll(kt_layer *self, kt_call *c)
{
    const rolling *cfg = self->config;
    kt_node       *x = kt_tensor_of(self, c, 0);
    kt_shape       shape = x->shape;

    c->out[0] = c->g->poison;
    if (kt_is_poison(c->g, x))
        return;
    if (cfg->axis.n == 0) {
        x = roll_axis(c->g, kt_reshape(c->g, x, KT_SHAPE(KT_UNKNOWN)), 0, cfg->shift.v[0]);
        c->out[0] = kt_reshape(c->g, x, shape);
        return;
    }
    for (int i = 0; i < cfg->axis.n; i++) {
        int axis = kt_axis(&shape, cfg->axis.v[i]);
        if (axis < 0) {
            kt_call_fail(self, c, KT_E_VALUE,
                         "axis %lld is out of bounds for an array with dimension %d.",
                         (long long)cfg->axis.v[i], shape.rank);
            return;
        }
        int last = i < cfg->shift.n ? i : cfg->shift.n - 1;
        x = roll_axis(c->g, x, axis, last < 0 ? 0 : cfg->shift.v[last]);
    }
    c->out[0] = x;
}

/* --- repeated --- */

#define TILE(F, T) F(T, INTS, repeats, REQUIRED, "", "How often along each axis, the last ones.")
KT_CONFIG_OF(tiling, TILE);

/* One axis n times behind itself: through an axis of its own. */
static kt_node *repeat_axis(kt_graph *g, kt_node *x, int axis, int64_t n, bool each)
{
    kt_shape to, merged = x->shape;
    kt_node *y = kt_expand_dims(g, x, each ? axis + 1 : axis);

    if (n == 1)
        return x;
    to = y->shape;
    to.dim[each ? axis + 1 : axis] = n;
    if (merged.dim[axis] != KT_UNKNOWN)
        merged.dim[axis] *= n;
    return kt_reshape(g, kt_broadcast_to(g, y, to), merged);
}

static void tile(kt_layer *self, kt_call *c)
{
    const kt_ints *n = &((const tiling *)self->config)->repeats;
    kt_node       *x = kt_tensor_of(self, c, 0);

    while (x->shape.rank < n->n && !kt_graph_failed(c->g))
        x = kt_expand_dims(c->g, x, 0);
    for (int i = 0; i < n->n && !kt_graph_failed(c->g); i++)
        x = repeat_axis(c->g, x, x->shape.rank - n->n + i, n->v[i], false);
    c->out[0] = x;
}

#define REPEAT(F, T)                                                               \
    F(T, ANY, repeats, REQUIRED, "int", "How often each element, or one for all.") \
    F(T, OPTINT, axis, "None", "met: list[x]", "The axis; None: as one row of elements.")
KT_CONFIG_OF(repeating, REPEAT);

/* Element i of the axis counts[i] times. */
static kt_node *repeat_each(kt_graph *g, kt_node *x, int axis, const kt_value *counts)
{
    kt_vec   pieces = {0};
    kt_node *y = g->poison;
    bool     ok = true;

    for (size_t i = 0; ok && i < counts->n; i++)
        for (int64_t k = 0; ok && k < counts->items[i]->i; k++)
            ok = kt_vec_push(&pieces, kt_slice_axis(g, x, axis, (int64_t)i, 1));
    if (!ok)
        kt_raise_memory(g->fault);
    else if (pieces.n > 0)
        y = kt_concat(g, (int)pieces.n, (kt_node **)pieces.at, axis);
    kt_vec_free(&pieces);
    return y;
}

/* A number, or a list of numbers. */
static bool counts_fit(kt_layer *self, kt_call *c, const kt_value *v)
{
    bool fits = true;

    if (kt_is_int(v))
        return true;
    if (!kt_value_is_seq(v)) {
        kt_call_fail(self, c, KT_E_TYPE, "object of type '%s' has no len()", kt_python_type(v));
        return false;
    }
    for (size_t i = 0; i < v->n; i++)
        fits = fits && kt_is_int(v->items[i]);
    if (!fits)
        kt_call_fail(self, c, KT_E_TYPE, "Layer '%s': `repeats` must be integers", self->name);
    return fits;
}

static void repeat(kt_layer *self, kt_call *c)
{
    const repeating *cfg = self->config;
    kt_node         *x = kt_tensor_of(self, c, 0);

    if (!cfg->axis.set)
        x = kt_reshape(c->g, x, KT_SHAPE(KT_UNKNOWN));
    int axis = kt_axis(&x->shape, cfg->axis.set ? cfg->axis.v : 0);
    c->out[0] = c->g->poison;
    if (kt_is_poison(c->g, x) || axis < 0 || !counts_fit(self, c, cfg->repeats))
        return;
    if (kt_is_int(cfg->repeats))
        c->out[0] = repeat_axis(c->g, x, axis, cfg->repeats->i, true);
    else if (cfg->repeats->n == 1)
        c->out[0] = repeat_axis(c->g, x, axis, cfg->repeats->items[0]->i, true);
    else if ((int64_t)cfg->repeats->n == x->shape.dim[axis])
        c->out[0] = repeat_each(c->g, x, axis, cfg->repeats);
    else
        kt_call_fail(self, c, KT_E_VALUE,
                     "repeats must have one number for each of the %lld elements",
                     (long long)x->shape.dim[axis]);
}

/* --- surrounded --- */

#define PAD(F, T)                                                                    \
    F(T, ANY, pad_width, REQUIRED, "", "How many before and behind, for each axis.") \
    F(T, STR, mode, "constant", "constant|reflect|symmetric", "What they are.")
KT_CONFIG_OF(padding, PAD);

/* pad_width: n, (before, behind) for all axes, or one pair for each. */
static bool read_widths(const kt_value *v, int axis, int64_t *before, int64_t *after)
{
    const kt_value *pair = v;

    if (kt_value_is_seq(v) && v->n > 0 && kt_value_is_seq(v->items[0]))
        pair = v->items[v->n == 1 ? 0 : axis];
    const kt_value *lo = kt_value_is_seq(pair) && pair->n > 0 ? pair->items[0] : pair;
    const kt_value *hi = kt_value_is_seq(pair) && pair->n > 1 ? pair->items[1] : lo;

    if (!kt_is_int(lo) || !kt_is_int(hi) || lo->i < 0 || hi->i < 0)
        return false;
    *before = lo->i;
    *after = hi->i;
    return true;
}

/* The mirror image of `n` elements at one end; symmetric ones begin with the last itself. */
static kt_node *mirrored(kt_graph *g, kt_node *x, int axis, int64_t n, bool end, bool symmetric)
{
    int64_t size = x->shape.dim[axis], skip = symmetric ? 0 : 1;

    return kt_reverse(g, kt_slice_axis(g, x, axis, end ? size - skip - n : skip, n), axis);
}

static kt_node *pad_mirrored(kt_graph *g, kt_node *x, const kt_pad_attr *p, bool symmetric)
{
    for (int i = 0; i < x->shape.rank && !kt_graph_failed(g); i++) {
        kt_node *parts[3];
        int      n = 0;
        int64_t  most = x->shape.dim[i] - (symmetric ? 0 : 1);

        if (p->before[i] == 0 && p->after[i] == 0)
            continue;
        if (p->before[i] > most || p->after[i] > most) {
            kt_raise(g->fault, KT_E_INVALID_ARGUMENT,
                     "paddings must be no greater than the dimension size: %lld, %lld greater than "
                     "%lld",
                     (long long)p->before[i], (long long)p->after[i], (long long)most);
            return g->poison;
        }
        if (p->before[i])
            parts[n++] = mirrored(g, x, i, p->before[i], false, symmetric);
        parts[n++] = x;
        if (p->after[i])
            parts[n++] = mirrored(g, x, i, p->after[i], true, symmetric);
        x = kt_concat(g, n, parts, i);
    }
    return x;
}

/* One pair stands for all axes. */
static bool enough_widths(kt_layer *self, kt_call *c, const kt_value *v, const kt_shape *s)
{
    kt_str text = {0};
    bool enough = !kt_value_is_seq(v) || v->n == 0 || !kt_value_is_seq(v->items[0]) || v->n == 1 ||
                  v->n == (size_t)s->rank;

    if (!enough) {
        kt_value_repr(&text, v);
        kt_call_fail(self, c, KT_E_VALUE,
                     "`pad_width` must have the same length as `x.shape`. Received: pad_width=%s "
                     "(of length %zu) and x.shape=%s (of length %d)",
                     kt_str_text(&text), v->n, kt_shape_text(&c->g->arena, s), s->rank);
        kt_str_free(&text);
    }
    return enough;
}

static void pad(kt_layer *self, kt_call *c)
{
    const padding  *cfg = self->config;
    kt_node        *x = kt_tensor_of(self, c, 0);
    const kt_value *value = kt_argument(self, c, 1);
    kt_pad_attr     attr = {.value = 0};

    c->out[0] = c->g->poison;
    if (kt_is_poison(c->g, x) || !enough_widths(self, c, cfg->pad_width, &x->shape))
        return;
    for (int i = 0; i < x->shape.rank; i++)
        if (!read_widths(cfg->pad_width, i, &attr.before[i], &attr.after[i])) {
            c->out[0] = kt_call_fail(self, c, KT_E_VALUE,
                                     "Layer '%s': pad_width must be pairs of "
                                     "integers that are not below 0",
                                     self->name);
            return;
        }
    if (value)
        kt_value_number(value, &attr.value);
    c->out[0] = kt_streq(cfg->mode, "constant")
                  ? kt_pad(c->g, x, &attr)
                  : pad_mirrored(c->g, x, &attr, kt_streq(cfg->mode, "symmetric"));
}

/* --- as Keras infers it --- */

static int infer_flip(kt_layer *self, kt_call *c, kt_result *out)
{
    return kt_infer_along(self, c, &((const along *)self->config)->axis, out);
}

static int infer_flip_fixed(kt_layer *self, kt_call *c, kt_result *out)
{
    int      axis = self->type->variant;
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    return s.rank > axis
             ? kt_infers(out, s)
             : kt_refuses(self, c,
                          "`flip%s` requires input with %d or more dimensions. "
                          "Received: x.shape=%s",
                          axis ? "lr" : "ud", axis + 1, kt_shape_text(&c->g->arena, &s));
}

/* Keras changes the two sizes, however often it turns. */
static int infer_rot90(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_ints *axes = &((const rotating *)self->config)->axes;
    kt_shape       s;

    kt_argument_shapes(self, c, 1, &s);
    if (s.rank < 2)
        return kt_refuses(self, c,
                          "Input array must have at least 2 dimensions. Received: array.shape=%s",
                          kt_listed_shape(c->g, &s));
    if (axes->n != 2 || axes->v[0] == axes->v[1])
        return 0;
    int a = kt_axis(&s, axes->v[0]), b = kt_axis(&s, axes->v[1]);
    if (a < 0 || b < 0)
        return kt_no_index(self, c, "list");
    kt_infers(out, s);
    out[0].shape.dim[a] = s.dim[b];
    out[0].shape.dim[b] = s.dim[a];
    return 1;
}

/* How often an element is there, in all. */
static int64_t sum_of(const kt_value *v)
{
    int64_t sum = 0;

    for (size_t i = 0; i < v->n; i++)
        sum += kt_is_int(v->items[i]) ? v->items[i]->i : 0;
    return sum;
}

static int infer_repeat(kt_layer *self, kt_call *c, kt_result *out)
{
    const repeating *cfg = self->config;
    const kt_value  *n = cfg->repeats;
    kt_shape         s;

    kt_argument_shapes(self, c, 1, &s);
    if (!counts_fit(self, c, n))
        return 0;
    int     axis = cfg->axis.set ? kt_axis(&s, cfg->axis.v) : 0;
    size_t  counts = kt_value_is_seq(n) ? n->n : 1;
    int64_t one = kt_is_int(n) ? n->i : sum_of(n);
    if (axis < 0)
        return kt_no_index(self, c, "list");
    if (!cfg->axis.set)
        s = KT_SHAPE(kt_shape_count(&s));
    if (s.dim[axis] == KT_UNKNOWN)
        return kt_infers(out, s);
    if (counts != 1 && s.dim[axis] != (int64_t)counts)
        return cfg->axis.set
                 ? kt_refuses(self, c,
                              "Size of `repeats` and dimensions of `axis %lld of x` should be "
                              "compatible. Received: %zu and %s",
                              (long long)cfg->axis.v, counts, kt_listed_shape(c->g, &s))
                 : kt_refuses(self, c,
                              "Size of `repeats` and dimensions of `x` after flattening should be "
                              "compatible. Received: %zu and %lld",
                              counts, (long long)s.dim[0]);
    s.dim[axis] = counts == 1 ? s.dim[axis] * one : one;
    return kt_infers(out, s);
}

static int infer_pad(kt_layer *self, kt_call *c, kt_result *out)
{
    const padding *cfg = self->config;
    kt_shape       s;
    int64_t        before, after;

    kt_argument_shapes(self, c, 1, &s);
    if (!enough_widths(self, c, cfg->pad_width, &s))
        return 0;
    for (int i = 0; i < s.rank; i++) {
        if (!read_widths(cfg->pad_width, i, &before, &after))
            return 0;
        s.dim[i] = s.dim[i] == KT_UNKNOWN ? KT_UNKNOWN : s.dim[i] + before + after;
    }
    return kt_infers(out, s);
}

static int infer_tile(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_ints *n = &((const tiling *)self->config)->repeats;
    kt_shape       s, one = KT_SHAPE(1);

    kt_argument_shapes(self, c, 1, &s);
    while (s.rank < n->n)
        s = kt_shape_concat(&one, &s);
    for (int i = 0; i < n->n; i++) {
        int64_t *size = &s.dim[s.rank - n->n + i];
        *size = *size == KT_UNKNOWN ? KT_UNKNOWN : kt_inferred_size(*size * n->v[i]);
    }
    return kt_is_shape(c, &s, true) ? kt_infers(out, s) : 0;
}

#define ROWS(F)                                                                    \
    F(Flip, numpy, &along_type, "x", flip, 0, .infer = infer_flip)                 \
    F(Flipud, numpy, &kt_no_config, "x", flip_fixed, 0, .infer = infer_flip_fixed) \
    F(Fliplr, numpy, &kt_no_config, "x", flip_fixed, 1, .infer = infer_flip_fixed) \
    F(Rot90, numpy, &rotating_type, "array", rot90, 0, .infer = infer_rot90)       \
    F(Roll, numpy, &rolling_type, "x", roll, 0)                                    \
    F(Tile, numpy, &tiling_type, "x", tile, 0, .infer = infer_tile)                \
    F(Repeat, numpy, &repeating_type, "x", repeat, 0, .infer = infer_repeat)       \
    F(Pad, numpy, &padding_type, "x constant_values", pad, 0, .infer = infer_pad)
KT_OPERATIONS(rearranging, ROWS);
