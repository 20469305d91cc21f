/* axes.c - the axes that a configuration names. */
#include "nn/nn.h"

bool kt_axes_mask(kt_graph *g, const kt_shape *s, const kt_ints *axes, unsigned *mask)
{
    bool all = axes->n == 0 && axes->scalar;

    *mask = all ? (1u << s->rank) - 1 : 0;
    for (int i = 0; i < axes->n; i++) {
        int axis = kt_axis(s, axes->v[i]);
        if (axis < 0) {
            kt_raise(g->fault, KT_E_INVALID_ARGUMENT,
                     "Invalid reduction dimension (%lld for input with %d dimension(s)",
                     (long long)axes->v[i], s->rank);
            return false;
        }
        *mask |= 1u << axis;
    }
    return true;
}
