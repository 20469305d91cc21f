/* array.c - the changes that remedies make to arrays: their shapes, and the arrays themselves. */
#include <math.h>
#include <string.h>

#include "doctor/doctor.h"

static const kt_shape none = {.rank = -1};

/* --- shapes ----------------------------------------------------------------------------------- */

static kt_shape permuted(const kt_change *c, const kt_shape *s)
{
    kt_shape out = *s;
    unsigned seen = 0;

    for (int i = 0; i < s->rank; i++) {
        if (c->axis[i] < 0 || c->axis[i] >= s->rank || (seen >> c->axis[i] & 1))
            return none;
        seen |= 1u << c->axis[i];
        out.dim[i] = s->dim[c->axis[i]];
    }
    return out;
}

static kt_shape without(const kt_shape *s, int axis)
{
    kt_shape out = {.rank = s->rank - 1};

    for (int i = 0, k = 0; i < s->rank; i++)
        if (i != axis)
            out.dim[k++] = s->dim[i];
    return out;
}

static kt_shape one_hot_shape(const kt_change *c, const kt_shape *s)
{
    kt_shape out = *s;

    if (s->rank > 1 && s->dim[s->rank - 1] == 1)
        out.rank--;
    if (out.rank >= KT_MAX_RANK)
        return none;
    out.dim[out.rank++] = c->size;
    return out;
}

static kt_shape with_axis(const kt_shape *s, int axis, int64_t size)
{
    kt_shape out = *s;

    if (axis < 0 || axis >= s->rank)
        return none;
    out.dim[axis] = size;
    return out;
}

static kt_shape reshaped(const kt_change *c, const kt_shape *s)
{
    return kt_shape_count(&c->shape) == kt_shape_count(s) ? c->shape : none;
}

kt_shape kt_changed_shape(const kt_change *c, const kt_shape *s)
{
    int last = s->rank - 1;

    switch (c->kind) {
    case KT_CH_RESHAPE: return reshaped(c, s);
    case KT_CH_TRANSPOSE: return permuted(c, s);
    case KT_CH_LAST_STEP: return s->rank >= 2 && s->dim[1] > 0 ? without(s, 1) : none;
    case KT_CH_ONE_HOT: return one_hot_shape(c, s);
    case KT_CH_ARGMAX: return s->rank >= 2 ? without(s, last) : none;
    case KT_CH_RESIZE: return s->rank == c->shape.rank && kt_shape_count(s) > 0 ? c->shape : none;
    case KT_CH_PAD: return with_axis(s, c->axis[0], c->size);
    case KT_CH_COLUMNS:
    case KT_CH_CHANNELS: return with_axis(s, last, c->size);
    case KT_CH_ROWS: return c->begin + c->size <= kt_dim(s, 0) ? with_axis(s, 0, c->size) : none;
    case KT_CH_ADD:
    case KT_CH_CLIP: break;
    }
    return *s;
}

/* --- forms ------------------------------------------------------------------------------------ */

static kt_form within(kt_form f, double min, double max)
{
    f.min = f.min < min ? min : f.min;
    f.max = f.max > max ? max : f.max;
    return f;
}

/* Colours become their mean. */
static bool averages(const kt_change *c, const kt_shape *s)
{
    return c->kind == KT_CH_CHANNELS && c->size == 1 && kt_dim(s, -1) > 1;
}

kt_form kt_changed_form(const kt_change *c, const kt_shape *s, kt_form f)
{
    switch (c->kind) {
    case KT_CH_ONE_HOT:
        return (kt_form){true, true, true, .one_hot = true, .shares = true, .max = 1};
    case KT_CH_ARGMAX:
        return (kt_form){.known = f.known, .whole = true, .max = (double)kt_dim(s, -1) - 1};
    case KT_CH_CLIP: return within(f, 0, (double)(c->size - 1));
    case KT_CH_ADD:
        f.min += c->number;
        f.max += c->number;
        f.zero_one = false;
        break;
    case KT_CH_PAD:
    case KT_CH_COLUMNS: /* zeros come in */
        f.min = f.min > 0 ? 0 : f.min;
        f.max = f.max < 0 ? 0 : f.max;
        break;
    default: f.whole = f.whole && !averages(c, s); break;
    }
    f.zero_one = f.zero_one && !averages(c, s);
    f.one_hot = f.shares = f.crowded = false;
    return f;
}

/* --- numbers ---------------------------------------------------------------------------------- */

typedef struct place {
    int64_t at[KT_MAX_RANK];
} place;

static place place_of(const kt_shape *s, int64_t i)
{
    place p = {{0}};

    for (int a = s->rank - 1; a >= 0; a--) {
        p.at[a] = i % s->dim[a];
        i /= s->dim[a];
    }
    return p;
}

/* --- elements that only move ------------------------------------------------------------------ */

/* The place in the old array's axis (*of) that lands at place p of axis a; -1: none, a zero. */
static int64_t origin(const kt_change *c, const kt_shape *from, const kt_shape *to, int a,
                      int64_t p, int *of)
{
    bool last = a == to->rank - 1;

    *of = c->kind == KT_CH_TRANSPOSE ? c->axis[a] : a;
    int64_t have = from->dim[*of];
    if (c->kind == KT_CH_RESIZE)
        p = p * have / to->dim[a];
    else if (c->kind == KT_CH_PAD && a == c->axis[0])
        p -= to->dim[a] - have;
    else if (c->kind == KT_CH_CHANNELS && last && have == 1)
        p = 0;
    else if ((c->kind == KT_CH_COLUMNS && last) || (c->kind == KT_CH_ROWS && a == 0))
        p += c->begin;
    return p >= 0 && p < have ? p : -1;
}

/* For each place of each axis, one after another, how far its element lies in the old array; -1:
 * nowhere. NULL without memory. */
static int64_t *distances(const kt_change *c, const kt_shape *from, const kt_shape *to)
{
    int64_t n = 0, *d, *next;

    for (int a = 0; a < to->rank; a++)
        n += to->dim[a];
    d = next = kt_calloc((size_t)n, sizeof *d);
    for (int a = 0; d && a < to->rank; a++)
        for (int64_t p = 0; p < to->dim[a]; p++) {
            int     of;
            int64_t at = origin(c, from, to, a, p, &of);
            *next++ = at < 0 ? -1 : at * kt_shape_product(from, of + 1, from->rank);
        }
    return d;
}

/* `out` is all zeros before. */
static bool move(const kt_change *c, const kt_tensor *t, kt_tensor *out)
{
    const kt_shape *to = &out->shape;
    size_t          size = kt_dtype_size(t->dtype);
    int64_t         width = kt_dim(to, -1), *d = distances(c, &t->shape, to);
    kt_shape        outer = kt_shape_slice(to, 0, to->rank - 1);

    for (int64_t row = 0; d && width > 0 && row < out->count / width; row++) {
        place          p = place_of(&outer, row);
        const int64_t *axis = d;
        int64_t        from = 0;
        for (int a = 0; a < outer.rank; axis += outer.dim[a++])
            from = from < 0 || axis[p.at[a]] < 0 ? -1 : from + axis[p.at[a]];
        for (int64_t k = 0; from >= 0 && k < width; k++)
            if (axis[k] >= 0)
                memcpy((char *)out->data + (size_t)(row * width + k) * size,
                       (const char *)t->data + (size_t)(from + axis[k]) * size, size);
    }
    kt_free(d);
    return d != NULL;
}

/* --- elements that are made anew -------------------------------------------------------------- */

/* Grey: the mean of the colours, without alpha. */
static double grey(const kt_tensor *t, int64_t i)
{
    int64_t have = kt_dim(&t->shape, -1), colours = have == 4 ? 3 : have;
    double  sum = 0;

    for (int64_t k = 0; k < colours; k++)
        sum += kt_tensor_get(t, i * have + k);
    return sum / (double)colours;
}

static double largest(const kt_tensor *t, int64_t row, int64_t width)
{
    int64_t best = 0;

    for (int64_t k = 1; k < width; k++)
        if (kt_tensor_get(t, row * width + k) > kt_tensor_get(t, row * width + best))
            best = k;
    return (double)best;
}

static double last_step(const kt_tensor *t, int64_t i)
{
    int64_t inner = kt_shape_product(&t->shape, 2, t->shape.rank), steps = t->shape.dim[1];

    return kt_tensor_get(t, (i / inner * steps + steps - 1) * inner + i % inner);
}

static double clipped(const kt_change *c, double v)
{
    return v < 0 ? 0 : v > (double)(c->size - 1) ? (double)(c->size - 1) : v;
}

static double element(const kt_change *c, const kt_tensor *t, int64_t i)
{
    switch (c->kind) {
    case KT_CH_ADD: return kt_tensor_get(t, i) + c->number;
    case KT_CH_CLIP: return clipped(c, kt_tensor_get(t, i));
    case KT_CH_ONE_HOT: return (int64_t)llrint(kt_tensor_get(t, i / c->size)) == i % c->size;
    case KT_CH_ARGMAX: return largest(t, i, kt_dim(&t->shape, -1));
    case KT_CH_LAST_STEP: return last_step(t, i);
    default: return grey(t, i);
    }
}

static bool moves(const kt_change *c, const kt_shape *s)
{
    switch (c->kind) {
    case KT_CH_TRANSPOSE:
    case KT_CH_RESIZE:
    case KT_CH_PAD:
    case KT_CH_COLUMNS:
    case KT_CH_CHANNELS: return !averages(c, s);
    case KT_CH_ROWS: return true;
    default: return false;
    }
}

kt_tensor *kt_changed(const kt_change *c, const kt_tensor *t)
{
    kt_shape to = kt_changed_shape(c, &t->shape);
    kt_dtype dtype = c->kind == KT_CH_ONE_HOT ? KT_F32
                   : c->kind == KT_CH_ARGMAX  ? KT_I32
                                              : t->dtype;

    if (to.rank < 0 || !t->data)
        return NULL;
    if (c->kind == KT_CH_RESHAPE)
        return kt_tensor_from(t->data, dtype, to);
    kt_tensor *out = kt_tensor_new(dtype, to);
    if (out && moves(c, &t->shape)) {
        if (!move(c, t, out)) {
            kt_tensor_unref(out);
            return NULL;
        }
        return out;
    }
    for (int64_t i = 0; out && i < out->count; i++)
        kt_tensor_set(out, i, element(c, t, i));
    return out;
}
