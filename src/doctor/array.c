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

static int64_t index_of(const kt_shape *s, const place *p)
{
    int64_t i = 0;

    for (int a = 0; a < s->rank; a++)
        i = i * s->dim[a] + p->at[a];
    return i;
}

static double channel(const kt_change *c, const kt_tensor *t, place p)
{
    int     last = t->shape.rank - 1;
    int64_t have = t->shape.dim[last], colours = have == 4 ? 3 : have;
    double  sum = 0;

    if (c->size == 1 && have > 1) { /* grey: the mean of the colours, without alpha */
        for (p.at[last] = 0; p.at[last] < colours; p.at[last]++)
            sum += kt_tensor_get(t, index_of(&t->shape, &p));
        return sum / (double)colours;
    }
    if (have == 1)
        p.at[last] = 0;
    return p.at[last] < have ? kt_tensor_get(t, index_of(&t->shape, &p)) : 0;
}

/* The element of the old array that lands at p, or 0 outside of it. */
static double moved(const kt_change *c, const kt_tensor *t, const kt_shape *to, place p)
{
    place from = p;

    for (int a = 0; a < to->rank; a++) {
        int64_t have = t->shape.dim[a < t->shape.rank ? a : 0];
        if (c->kind == KT_CH_TRANSPOSE)
            from.at[c->axis[a]] = p.at[a];
        else if (c->kind == KT_CH_RESIZE)
            from.at[a] = p.at[a] * have / to->dim[a];
        else if (c->kind == KT_CH_PAD && a == c->axis[0])
            from.at[a] = p.at[a] - (to->dim[a] - have);
        else if (c->kind == KT_CH_COLUMNS && a == to->rank - 1)
            from.at[a] = p.at[a] + c->begin;
        else if (c->kind == KT_CH_ROWS && a == 0)
            from.at[a] = p.at[a] + c->begin;
        if (c->kind != KT_CH_TRANSPOSE && (from.at[a] < 0 || from.at[a] >= have))
            return 0;
    }
    return kt_tensor_get(t, index_of(&t->shape, &from));
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

static double element(const kt_change *c, const kt_tensor *t, const kt_shape *to, int64_t i)
{
    switch (c->kind) {
    case KT_CH_RESHAPE: return kt_tensor_get(t, i);
    case KT_CH_ADD: return kt_tensor_get(t, i) + c->number;
    case KT_CH_CLIP: return clipped(c, kt_tensor_get(t, i));
    case KT_CH_ONE_HOT: return (int64_t)llrint(kt_tensor_get(t, i / c->size)) == i % c->size;
    case KT_CH_ARGMAX: return largest(t, i, kt_dim(&t->shape, -1));
    case KT_CH_LAST_STEP: return last_step(t, i);
    case KT_CH_CHANNELS: return channel(c, t, place_of(to, i));
    default: return moved(c, t, to, place_of(to, i));
    }
}

kt_tensor *kt_changed(const kt_change *c, const kt_tensor *t)
{
    kt_shape   to = kt_changed_shape(c, &t->shape);
    kt_dtype   dtype = c->kind == KT_CH_ONE_HOT ? KT_F32
                     : c->kind == KT_CH_ARGMAX  ? KT_I32
                                                : t->dtype;
    kt_tensor *out = to.rank >= 0 && t->data ? kt_tensor_new(dtype, to) : NULL;

    for (int64_t i = 0; out && i < out->count; i++)
        kt_tensor_set(out, i, element(c, t, &to, i));
    return out;
}
