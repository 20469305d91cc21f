/* axes.c - the axes that a configuration names. */
#include "nn/nn.h"

bool kt_axis_bit(kt_graph *g, const kt_shape *s, int64_t axis, unsigned *mask)
{
    int at = kt_axis(s, axis);

    *mask = at < 0 ? 0 : 1u << at;
    if (at < 0)
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT,
                 "Invalid reduction dimension (%lld for input with %d dimension(s)",
                 (long long)axis, s->rank);
    return at >= 0;
}

bool kt_axes_mask(kt_graph *g, const kt_shape *s, const kt_ints *axes, unsigned *mask)
{
    bool all = axes->n == 0 && axes->scalar;

    *mask = all ? (1u << s->rank) - 1 : 0;
    for (int i = 0; i < axes->n; i++) {
        unsigned one;
        if (!kt_axis_bit(g, s, axes->v[i], &one))
            return false;
        *mask |= one;
    }
    return true;
}
