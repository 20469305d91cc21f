/* shared.c - walking over arrays in reference kernels, broadcasting in shape rules. */
#include "ops/shared.h"

kt_walk kt__walk(const kt_shape *over)
{
    return (kt_walk){.over = *over};
}

void kt__walk_add(kt_walk *w, const int64_t *stride, int64_t begin)
{
    int k = w->n++;

    KT_ASSERT(k < KT_WALK_ARRAYS);
    w->pos[k] = begin;
    for (int i = 0; i < w->over.rank; i++)
        w->stride[k][i] = stride[i];
}

void kt__walk_broadcast(kt_walk *w, const kt_shape *s)
{
    int64_t own[KT_MAX_RANK], stride[KT_MAX_RANK] = {0};
    int     skip = w->over.rank - s->rank;

    kt__strides(s, own);
    for (int i = 0; i < s->rank; i++)
        stride[skip + i] = s->dim[i] == 1 ? 0 : own[i];
    kt__walk_add(w, stride, 0);
}

void kt__walk_next(kt_walk *w)
{
    for (int axis = w->over.rank - 1; axis >= 0; axis--) {
        bool wrap = ++w->at[axis] == w->over.dim[axis];

        for (int k = 0; k < w->n; k++)
            w->pos[k] += wrap ? (1 - w->over.dim[axis]) * w->stride[k][axis] : w->stride[k][axis];
        if (!wrap)
            return;
        w->at[axis] = 0;
    }
}

void kt__strides(const kt_shape *s, int64_t *stride)
{
    int64_t step = 1;

    for (int i = s->rank - 1; i >= 0; i--) {
        stride[i] = step;
        step *= s->dim[i];
    }
}

void kt__copy(const kt_run *r)
{
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = r->in[0].f64[i];
}

kt_status kt__same_shape(kt_op_call *c)
{
    kt_like(c, 0, 0);
    return KT_OK;
}

/* Broadcasts one axis of the result: counted from the end, 1 is the last. */
static bool broadcast_axis(kt_op_call *c, int axis, int from_end, kt_misfit *bad)
{
    int64_t size = 1;
    int     input = -1;

    for (int i = 0; i < c->n_in; i++) {
        const kt_shape *s = &c->in[i]->shape;
        int64_t         d = s->rank >= from_end ? s->dim[s->rank - from_end] : 1;

        if (s->rank < from_end || (input >= 0 && (d == 1 || d == size)))
            continue;
        if (size == 1 || (size == KT_UNKNOWN && d != KT_UNKNOWN)) {
            size = d;
            input = i;
        } else if (d != KT_UNKNOWN && !c->g->lenient) {
            *bad = (kt_misfit){i, s->rank - from_end, size, d};
            return false;
        }
    }
    kt_from_axis(c, 0, axis, input, c->in[input]->shape.rank - from_end);
    return true;
}

bool kt__broadcast(kt_op_call *c, kt_misfit *bad)
{
    int rank = 0;

    for (int i = 0; i < c->n_in; i++)
        if (c->in[i]->shape.rank > rank)
            rank = c->in[i]->shape.rank;
    c->out[0].shape.rank = rank;
    for (int axis = 0; axis < rank; axis++)
        if (!broadcast_axis(c, axis, rank - axis, bad))
            return false;
    return true;
}

int64_t kt__plus(int64_t a, int64_t b)
{
    return a == KT_UNKNOWN || b == KT_UNKNOWN || a > INT64_MAX - b ? KT_UNKNOWN : a + b;
}

const char *kt__shape_text(kt_graph *g, const kt_shape *s)
{
    kt_str      text = {0};
    const char *kept;

    kt_shape_print_tf(&text, s);
    kept = kt_str_keep(&text, &g->arena);
    return kept ? kept : "";
}

kt_dtype kt__common_dtype(kt_dtype a, kt_dtype b)
{
    static const int order[KT_DTYPE_COUNT] = {
        [KT_BOOLEAN] = 0, [KT_U8] = 1,   [KT_I8] = 2,  [KT_U16] = 3, [KT_I16] = 4,
        [KT_I32] = 5,     [KT_U32] = 6,  [KT_I64] = 7, [KT_U64] = 8, [KT_F16] = 9,
        [KT_BF16] = 9,    [KT_F32] = 10, [KT_F64] = 11};

    if (order[a] == order[b] && a != b) /* two kinds of 16 bits */
        return KT_F32;
    return order[a] >= order[b] ? a : b;
}
