/* shapes.c - questions to shapes that remedies ask: one axis more, another order, numbers. */
#include "doctor/remedy.h"

kt_shape kt_batch_of(const kt_shape *inner)
{
    return kt_put_axis(inner, 0, KT_UNKNOWN);
}

kt_shape kt_drop_axis(const kt_shape *s, int axis)
{
    kt_shape out = {.rank = s->rank - 1};

    for (int i = 0, n = 0; i < s->rank; i++)
        if (i != axis)
            out.dim[n++] = s->dim[i];
    return out;
}

kt_shape kt_put_axis(const kt_shape *s, int axis, int64_t size)
{
    kt_shape out = {.rank = s->rank + 1};

    if (s->rank < 0 || s->rank == KT_MAX_RANK)
        return (kt_shape){.rank = -1};
    for (int i = 0, n = 0; i < out.rank; i++)
        out.dim[i] = i == axis ? size : s->dim[n++];
    return out;
}

bool kt_one_more(const kt_shape *shorter, const kt_shape *longer, int *axis)
{
    *axis = -1;
    if (shorter->rank < 0 || longer->rank != shorter->rank + 1)
        return false;
    for (int i = 0; i < longer->rank; i++) {
        kt_shape rest = kt_drop_axis(longer, i);
        if (kt_shape_fits(&rest, shorter) && (*axis < 0 || longer->dim[i] == 1))
            *axis = i;
    }
    return *axis >= 0;
}

bool kt_permutation(const kt_shape *from, const kt_shape *to, int *perm)
{
    unsigned used = 0;
    bool     moved = false;

    if (from->rank != to->rank || from->rank < 2 || !kt_shape_known(from) || !kt_shape_known(to))
        return false;
    for (int i = 0; i < to->rank; i++) {
        int found = -1;
        for (int a = 0; a < from->rank && found < 0; a++)
            if (!(used >> a & 1) && from->dim[a] == to->dim[i])
                found = a;
        if (found < 0)
            return false;
        used |= 1u << found;
        perm[i] = found;
        moved = moved || from->dim[i] != to->dim[i];
    }
    return moved;
}

bool kt_same_but_last(const kt_shape *a, const kt_shape *b)
{
    if (a->rank != b->rank || a->rank < 1)
        return false;
    for (int i = 0; i + 1 < a->rank; i++)
        if (a->dim[i] != b->dim[i] && a->dim[i] != KT_UNKNOWN && b->dim[i] != KT_UNKNOWN)
            return false;
    return kt_dim(a, -1) != kt_dim(b, -1) && kt_dim(a, -1) > 0 && kt_dim(b, -1) > 0;
}

bool kt_squeezed(const kt_shape *s, const kt_shape *to)
{
    kt_shape less = {.rank = 0};

    for (int i = 0; i < s->rank; i++)
        if (s->dim[i] != 1)
            less.dim[less.rank++] = s->dim[i];
    return less.rank < s->rank && less.rank == to->rank && kt_shape_fits(&less, to);
}

int64_t kt_numbers(const kt_shape *s)
{
    int64_t n = s->rank >= 0 ? kt_shape_count(s) : 0;

    return n > 0 ? n : 0;
}
