/* splitting.c - operations that take a tensor apart along an axis. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#define SPLIT(F, T)                                                                        \
    F(T, ANY, indices_or_sections, REQUIRED, "", "How many equal parts, or where to cut.") \
    F(T, INT, axis, "0", "met: range(x)", "The axis that is cut.")
KT_CONFIG_OF(splitting, SPLIT);

/* Part i of n begins at bounds[i] and ends at bounds[i + 1]. */
typedef struct parts {
    int     n;
    int64_t bound[KT_MAX_IO + 1];
} parts;

static bool too_many(kt_call *c, int64_t n)
{
    if (n < 1 || n > KT_MAX_IO)
        kt_raise(c->g->fault, KT_E_VALUE, "A tensor is split into 1 to %d parts, not %lld",
                 KT_MAX_IO, (long long)n);
    return n < 1 || n > KT_MAX_IO;
}

/* Equal parts; where they need not be, the first ones are longer by one. */
static bool equal_parts(kt_call *c, int64_t n, int64_t size, bool even, parts *out)
{
    if (too_many(c, n))
        return false;
    if (even && size % n != 0) {
        kt_raise(c->g->fault, KT_E_VALUE,
                 "`x` size on given `axis` must be divisible by `indices_or_sections` when "
                 "`indices_or_sections` is an int. But received %lld and %lld.",
                 (long long)size, (long long)n);
        return false;
    }
    out->n = (int)n;
    for (int64_t i = 0; i <= n; i++)
        out->bound[i] = i * (size / n) + (i < size % n ? i : size % n);
    return true;
}

static int64_t clip(int64_t v, int64_t hi)
{
    return v < 0 ? 0 : v > hi ? hi : v;
}

static bool parts_at(kt_call *c, const kt_value *at, int64_t size, parts *out)
{
    if (too_many(c, (int64_t)at->n + 1))
        return false;
    out->n = (int)at->n + 1;
    for (size_t i = 0; i < at->n; i++) {
        int64_t v = kt_is_int(at->items[i]) ? at->items[i]->i : 0;
        out->bound[i + 1] = clip(v < 0 ? v + size : v, size);
    }
    out->bound[out->n] = size;
    return true;
}

static void cut(kt_call *c, kt_node *x, int axis, const parts *p)
{
    c->n_out = p->n;
    for (int i = 0; i < p->n; i++) {
        int64_t size = p->bound[i + 1] - p->bound[i];
        c->out[i] = kt_slice_axis(c->g, x, axis, p->bound[i], size > 0 ? size : 0);
    }
}

/* The size of part i, where both of its ends are said. */
static int64_t size_between(const kt_value *at, int i)
{
    bool known = kt_value_is_seq(at) && (size_t)i < at->n && kt_is_int(at->items[i]) &&
                 (i == 0 || kt_is_int(at->items[i - 1]));

    return known ? at->items[i]->i - (i > 0 ? at->items[i - 1]->i : 0) : KT_UNKNOWN;
}

static void split_along(kt_layer *self, kt_call *c, int64_t wanted, bool even)
{
    const kt_value *at = ((const splitting *)self->config)->indices_or_sections;
    kt_node        *x = kt_tensor_of(self, c, 0);
    int             axis = kt_axis(&x->shape, wanted);
    parts           p = {.n = 0};
    bool            good;

    c->out[0] = c->g->poison;
    if (kt_is_poison(c->g, x))
        return;
    if (axis >= 0 && x->shape.dim[axis] == KT_UNKNOWN) { /* only shapes are asked for */
        c->n_out = kt_value_is_seq(at) ? (int)at->n + 1 : kt_is_int(at) ? (int)at->i : 0;
        for (int i = 0; !too_many(c, c->n_out) && i < c->n_out; i++) {
            kt_shape s = x->shape;
            s.dim[axis] = size_between(at, i);
            c->out[i] = kt_stand_in(c, x, s);
        }
        return;
    }
    if (axis < 0) {
        kt_refuse_axis(c->g, wanted, x->shape.rank);
        return;
    }
    if (kt_value_is_seq(at))
        good = parts_at(c, at, x->shape.dim[axis], &p);
    else
        good = equal_parts(c, kt_is_int(at) ? at->i : 0, x->shape.dim[axis], even, &p);
    if (good)
        cut(c, x, axis, &p);
}

static void split(kt_layer *self, kt_call *c)
{
    split_along(self, c, ((const splitting *)self->config)->axis, true);
}

static void array_split(kt_layer *self, kt_call *c)
{
    split_along(self, c, ((const splitting *)self->config)->axis, false);
}

#define FIXED(F, T) \
    F(T, ANY, indices_or_sections, REQUIRED, "", "How many equal parts, or where to cut.")
KT_CONFIG_OF(fixed, FIXED);

/* variant: the axis; hsplit cuts the only axis of a vector. */
static void split_fixed(kt_layer *self, kt_call *c)
{
    static const char *const names[] = {"vsplit", "hsplit", "dsplit"};
    static const int         least[] = {2, 1, 3};

    int            axis = self->type->variant;
    const kt_node *x = kt_tensor_of(self, c, 0);
    bool           vector = axis == 1 && x->shape.rank == 1;

    if (!kt_is_poison(c->g, x) && x->shape.rank < least[axis]) {
        c->out[0] = kt_call_fail(self, c, KT_E_VALUE,
                                 "`%s` only works on arrays of at least %d dimension%s. Received "
                                 "array with shape %s.",
                                 names[axis], least[axis], least[axis] > 1 ? "s" : "",
                                 kt_shape_text(&c->g->arena, &x->shape));
        return;
    }
    split_along(self, c, vector ? 0 : axis, true);
}

#define UNSTACK(F, T)                                                                         \
    F(T, OPTINT, num, "None", "met: range(x)", "How many, where the tensor does not say it.") \
    F(T, INT, axis, "0", "met: range(x)", "The axis that goes.")
KT_CONFIG_OF(unstacking, UNSTACK);

static void unstack(kt_layer *self, kt_call *c)
{
    const unstacking *cfg = self->config;
    kt_node          *x = kt_tensor_of(self, c, 0);
    int               axis = kt_axis(&x->shape, cfg->axis);
    int64_t           n = cfg->num.set ? cfg->num.v : kt_dim(&x->shape, (int)cfg->axis);

    c->out[0] = c->g->poison;
    if (kt_is_poison(c->g, x))
        return;
    if (axis < 0) {
        kt_refuse_axis(c->g, cfg->axis, x->shape.rank);
        return;
    }
    if (n == KT_UNKNOWN) {
        kt_raise(c->g->fault, KT_E_VALUE,
                 "Cannot infer argument `num` from shape %s. Either provide a tensor with a "
                 "concrete shape in the `axis` dimension or explicitly pass the `num` argument.",
                 kt_shape_text(&c->g->arena, &x->shape));
        return;
    }
    if (too_many(c, n))
        return;
    c->n_out = (int)n;
    for (int i = 0; i < c->n_out; i++)
        c->out[i] = kt_squeeze(c->g, kt_slice_axis(c->g, x, axis, i, 1), axis);
}

/* Keras looks for the axis with Python's index, so it may count from the end twice. */
static int infer_array_split(kt_layer *self, kt_call *c, kt_result *out)
{
    const splitting *cfg = self->config;
    const kt_value  *n = cfg->indices_or_sections;
    kt_shape         s;

    kt_argument_shapes(self, c, 1, &s);
    int axis = kt_axis(&s, cfg->axis < 0 ? cfg->axis + s.rank : cfg->axis);
    if (axis < 0)
        return kt_no_index(self, c, "tuple");
    if (!kt_is_int(n) || n->i < 1 || n->i > KT_MAX_PARTS)
        return 0;
    for (int i = 0; i < (int)n->i; i++) {
        int64_t *size = &out[i].shape.dim[axis];
        out[i].shape = s;
        *size = *size == KT_UNKNOWN ? KT_UNKNOWN : *size / n->i + (i < *size % n->i);
    }
    return (int)n->i;
}

/* Cut at places that lie behind each other, or the end, Keras finds a size below 0. */
static int infer_split(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_value *at = ((const fixed *)self->config)->indices_or_sections;
    kt_shape        s;
    int             fixed_axis = self->type->variant;

    (void)out;
    kt_argument_shapes(self, c, 1, &s);
    if (!kt_value_is_seq(at))
        return 0;
    int     axis = self->type->call == split ? kt_axis(&s, ((const splitting *)self->config)->axis)
                 : fixed_axis == 1 && s.rank == 1 ? 0
                                                  : fixed_axis;
    int64_t from = 0, whole = axis < 0 || axis >= s.rank ? KT_UNKNOWN : s.dim[axis];
    for (size_t i = 0; i <= at->n && axis >= 0 && axis < s.rank; i++) {
        int64_t to = i == at->n ? whole : kt_is_int(at->items[i]) ? at->items[i]->i : KT_UNKNOWN;
        s.dim[axis] = to == KT_UNKNOWN ? KT_UNKNOWN : kt_inferred_size(to - from);
        if (!kt_is_shape(c, &s, true))
            return 0;
        from = to;
    }
    return 0;
}

#define ROWS(F)                                                                            \
    F(Split, numpy, &splitting_type, "x", split, 0, .infer = infer_split)                  \
    F(ArraySplit, numpy, &splitting_type, "x", array_split, 0, .infer = infer_array_split) \
    F(Vsplit, numpy, &fixed_type, "x", split_fixed, 0, .infer = infer_split)               \
    F(Hsplit, numpy, &fixed_type, "x", split_fixed, 1, .infer = infer_split)               \
    F(Dsplit, numpy, &fixed_type, "x", split_fixed, 2, .infer = infer_split)               \
    F(Unstack, core, &unstacking_type, "x", unstack, 0)
KT_OPERATIONS(splitting, ROWS);
