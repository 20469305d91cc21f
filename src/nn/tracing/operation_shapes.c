/* operation_shapes.c - what Keras infers of symbolic calls of keras.ops: where such a call gives
 * another shape than numbers would, or other words. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

/* --- the call --------------------------------------------------------------------------------- */

/* Numbers of such shapes can not be computed with: Keras finds out when they come. What Keratin can
 * not do at all is no such failure. */
static bool about_numbers(const kt_fault *f)
{
    return f->e.status == KT_OK || f->e.status == KT_E_VALUE ||
           f->e.status == KT_E_INVALID_ARGUMENT;
}

static void stand_in(kt_call *c, int n, const kt_result *r)
{
    kt_fault_clear(c->g->fault);
    c->n_out = n;
    for (int i = 0; i < n; i++)
        c->out[i] = kt_placeholder(c->g, "", r[i].dtype, r[i].shape);
}

void kt_call_inferred(kt_layer *self, kt_call *c)
{
    kt_result r[KT_MAX_PARTS];

    for (int i = 0; i < KT_MAX_PARTS; i++)
        r[i].dtype = c->n_in > 0 ? c->in[0]->dtype : KT_F32;
    c->out[0] = c->g->poison;
    int n = self->type->infer(self, c, r);
    for (int i = 0; i < n && kt_is_shape(c, &r[i].shape, false); i++)
        continue;
    if (kt_graph_failed(c->g))
        return;
    self->type->call(self, c);
    if (n == 0 || !about_numbers(c->g->fault))
        return;
    if (kt_graph_failed(c->g) || kt_is_poison(c->g, c->out[0]) || c->n_out < n) {
        stand_in(c, n, r);
        return;
    }
    for (int i = 0; i < n; i++)
        if (!kt_shape_equal(&c->out[i]->shape, &r[i].shape))
            c->out[i] = kt_stand_in(c, c->out[i], r[i].shape);
}

/* --- arguments -------------------------------------------------------------------------------- */

/* getattr(x, "shape", []) */
static kt_shape shape_of(const kt_layer *self, const kt_call *c, const kt_value *v)
{
    return v->kind == KT_DICT ? kt_operand_at(self, c, v).node->shape : KT_SCALAR_SHAPE;
}

void kt_argument_shapes(const kt_layer *self, const kt_call *c, int n, kt_shape *out)
{
    for (int i = 0; i < n; i++)
        out[i] = kt_argument(self, c, i) ? shape_of(self, c, kt_argument(self, c, i))
                                         : kt_tensor_of(self, c, i)->shape;
}

int kt_item_shapes(const kt_layer *self, const kt_call *c, int i, kt_shape *out, int max)
{
    const kt_value *v = kt_argument(self, c, i);

    if (!kt_value_is_seq(v) || v->n > (size_t)max)
        return 0;
    for (size_t k = 0; k < v->n; k++)
        out[k] = shape_of(self, c, v->items[k]);
    return kt_graph_failed(c->g) ? 0 : (int)v->n;
}

bool kt_is_shape(kt_call *c, const kt_shape *s, bool list)
{
    kt_str text = {0};
    bool   good = true;

    for (int i = 0; i < s->rank; i++) {
        int64_t n = s->dim[i] < KT_UNKNOWN ? s->dim[i] + 1 : s->dim[i];
        good = good && n == s->dim[i];
        kt_str_add(&text, i ? ", " : "");
        kt_str_printf(&text, s->dim[i] == KT_UNKNOWN ? "None" : "%lld", (long long)n);
    }
    if (!good)
        kt_raise(c->g->fault, KT_E_VALUE,
                 list           ? "Cannot convert '[%s]' to a shape. Negative dimensions are not "
                                  "allowed."
                 : s->rank == 1 ? "Cannot convert '(%s,)' to a shape. Negative dimensions are not "
                                  "allowed."
                                : "Cannot convert '(%s)' to a shape. Negative dimensions are not "
                                  "allowed.",
                 kt_str_text(&text));
    kt_str_free(&text);
    return good;
}

/* --- rules ------------------------------------------------------------------------------------ */

int kt_infers(kt_result *out, kt_shape shape)
{
    out[0].shape = shape;
    return 1;
}

int kt_refuses(kt_layer *self, kt_call *c, const char *fmt, ...)
{
    kt_str  text = {0};
    va_list ap;

    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    kt_call_fail(self, c, KT_E_VALUE, "%s", kt_str_text(&text));
    kt_str_free(&text);
    return 0;
}

int kt_no_index(kt_layer *self, kt_call *c, const char *what)
{
    kt_call_fail(self, c, KT_E_INDEX, "%s index out of range", what);
    return 0;
}

int64_t kt_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static const char *type_of(int64_t size)
{
    return size == KT_UNKNOWN ? "NoneType" : "int";
}

int kt_no_operand(kt_layer *self, kt_call *c, const char *op, int64_t a, int64_t b)
{
    bool compares = *op == '<' || *op == '>';

    kt_call_fail(self, c, KT_E_TYPE,
                 compares ? "'%s' not supported between instances of '%s' and '%s'"
                          : "unsupported operand type(s) for %s: '%s' and '%s'",
                 op, type_of(a), type_of(b));
    return 0;
}

bool kt_unpacks(kt_layer *self, kt_call *c, int want, int rank)
{
    if (rank < want)
        kt_refuses(self, c, "not enough values to unpack (expected %d, got %d)", want, rank);
    else if (rank > want)
        kt_refuses(self, c, "too many values to unpack (expected %d)", want);
    return rank == want;
}

int kt_infer_same(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    return kt_infers(out, s);
}

int kt_infer_broadcast(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[2], both;

    kt_argument_shapes(self, c, 2, s);
    return kt_infer_both(c, &s[0], &s[1], &both) ? kt_infers(out, both) : 0;
}

int kt_infer_along(kt_layer *self, kt_call *c, const kt_ints *axes, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    return kt_has_axes(c, &s, axes) ? kt_infers(out, s) : 0;
}

int kt_infer_reduced(kt_layer *self, kt_call *c, const kt_ints *axes, bool keepdims, kt_result *out)
{
    int      times[KT_MAX_RANK] = {0};
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    if (!kt_has_axes(c, &s, axes))
        return 0;
    for (int i = 0; i < axes->n; i++)
        times[kt_axis(&s, axes->v[i])]++;
    for (int i = s.rank; i-- > 0;) {
        if (axes->n == 0 && axes->scalar)
            times[i] = 1;
        s.dim[i] = times[i] > 0 && keepdims ? 1 : s.dim[i];
        /* who is named twice takes the next along */
        for (; times[i] > 0 && !keepdims; times[i]--) {
            if (i >= s.rank)
                return kt_no_index(self, c, "list assignment");
            for (int k = i + 1; k < s.rank; k++)
                s.dim[k - 1] = s.dim[k];
            s.rank--;
        }
    }
    return kt_infers(out, s);
}

int kt_infer_axis(kt_layer *self, kt_call *c, int64_t axis, kt_result *out)
{
    kt_ints one = {.n = 1, .scalar = true, .v = {axis}};

    return kt_infer_along(self, c, &one, out);
}

int kt_infer_flat(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    return kt_infers(out, KT_SHAPE(kt_shape_count(&s)));
}

int64_t kt_inferred_size(int64_t n)
{
    return n < 0 ? n - 1 : n; /* -1 stands for a size that is not known */
}

bool kt_infer_both(kt_call *c, const kt_shape *a, const kt_shape *b, kt_shape *out)
{
    return kt_fits_broadcast(c, a, b) && kt_shape_broadcast(a, b, out);
}

bool kt_shapes_agree(const kt_shape *a, const kt_shape *b, int axis)
{
    for (int i = 0; i < a->rank && i < b->rank; i++)
        if (i != axis && a->dim[i] != b->dim[i] && a->dim[i] != KT_UNKNOWN &&
            b->dim[i] != KT_UNKNOWN)
            return false;
    return a->rank == b->rank;
}

int kt_canonical_axis(const kt_call *c, int64_t axis, int rank)
{
    int64_t at = axis < 0 ? axis + rank : axis;

    if (at >= 0 && at < rank)
        return (int)at;
    kt_refuse_axis(c->g, axis, rank);
    return -1;
}

const char *kt_listed_ints(kt_graph *g, int n, const int64_t *v, bool list)
{
    kt_str      text = {0};
    const char *kept;

    for (int i = 0; i < n; i++)
        kt_str_printf(&text, "%s%lld", i ? ", " : "", (long long)v[i]);
    kept = kt_arena_printf(&g->arena,
                           list     ? "[%s]"
                           : n == 1 ? "(%s,)"
                                    : "(%s)",
                           kt_str_text(&text));
    kt_str_free(&text);
    return kept ? kept : "";
}

const char *kt_printed_ints(kt_graph *g, const kt_ints *v, int n, bool array)
{
    kt_ints     all = *v;
    kt_str      text = {0};
    const char *kept;

    for (int i = 0; i < n && v->scalar; i++)
        all.v[i] = v->v[0];
    all.n = v->scalar ? n : v->n;
    if (!array && all.n > 0)
        return kt_listed_ints(g, all.n, all.v, v->list);
    for (int i = 0; i < all.n; i++)
        kt_str_printf(&text, "%s%lld", i ? " " : "", (long long)all.v[i]);
    kept = all.n > 0 ? kt_arena_printf(&g->arena, "[%s]", kt_str_text(&text))
                     : kt_arena_printf(&g->arena, "%lld", (long long)v->v[0]);
    kt_str_free(&text);
    return kept ? kept : "";
}

const char *kt_listed_shape(kt_graph *g, const kt_shape *s)
{
    kt_str      text = {0};
    const char *kept;

    for (int i = 0; i < s->rank; i++) {
        kt_str_add(&text, i ? ", " : "");
        kt_str_printf(&text, s->dim[i] == KT_UNKNOWN ? "None" : "%lld", (long long)s->dim[i]);
    }
    kept = kt_arena_printf(&g->arena, "[%s]", kt_str_text(&text));
    kt_str_free(&text);
    return kept ? kept : "";
}

/* The size of axis i of `rank`, 1 where the shape has fewer. */
static int64_t size_at(const kt_shape *s, int i, int rank)
{
    return i < rank - s->rank ? 1 : s->dim[i - (rank - s->rank)];
}

/* The first axis along which they do not fit; rank: there is none. */
static int failing_axis(const kt_shape *a, const kt_shape *b, int rank)
{
    for (int i = 0; i < rank; i++) {
        int64_t n = size_at(a, i, rank), m = size_at(b, i, rank);
        if (n != m && n != 1 && m != 1 && n != KT_UNKNOWN && m != KT_UNKNOWN)
            return i;
    }
    return rank;
}

void kt_refuse_broadcast(kt_graph *g, const kt_shape *a, const kt_shape *b)
{
    int rank = a->rank > b->rank ? a->rank : b->rank, i = failing_axis(a, b, rank);

    kt_raise(g->fault, KT_E_VALUE,
             "Cannot broadcast shape, the failure dim has value %lld, which cannot be "
             "broadcasted to %lld. Input shapes are: %s and %s.",
             (long long)size_at(a, i, rank), (long long)size_at(b, i, rank), kt_listed_shape(g, a),
             kt_listed_shape(g, b));
}

bool kt_fits_broadcast(const kt_call *c, const kt_shape *a, const kt_shape *b)
{
    int rank = a->rank > b->rank ? a->rank : b->rank;

    if (c->t->eager || failing_axis(a, b, rank) == rank)
        return true;
    kt_refuse_broadcast(c->g, a, b);
    return false;
}

void kt_refuse_axis(kt_graph *g, int64_t axis, int rank)
{
    kt_raise(g->fault, KT_E_VALUE, "axis %lld is out of bounds for an array with dimension %d.",
             (long long)axis, rank);
}

bool kt_has_axes(const kt_call *c, const kt_shape *s, const kt_ints *axes)
{
    for (int i = 0; i < axes->n && !c->t->eager; i++)
        if (kt_axis(s, axes->v[i]) < 0) {
            kt_refuse_axis(c->g, axes->v[i], s->rank);
            return false;
        }
    return true;
}
