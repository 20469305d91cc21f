/* lanes.h - an array as lanes along one axis, for the reference kernels that work on one axis.
 *
 *   kt_lanes l = kt__lanes(&x->shape, axis);
 *   for (int64_t k = 0; k < l.count; k++) {
 *       const double *lane = x->f64 + kt__lane(&l, k);
 *       for (int64_t j = 0; j < l.n; j++)
 *           visit(lane[j * l.step]);
 *   }
 */
#ifndef KT_OPS_LANES_H
#define KT_OPS_LANES_H

#include "tensor/tensor.h"

typedef struct kt_lanes {
    int64_t count; /* lanes */
    int64_t n;     /* elements of one lane */
    int64_t step;  /* from one element of a lane to the next */
} kt_lanes;

static inline kt_lanes kt__lanes(const kt_shape *s, int axis)
{
    kt_lanes l = {.n = s->dim[axis], .step = kt_shape_product(s, axis + 1, s->rank)};

    l.count = kt_shape_product(s, 0, axis) * l.step;
    return l;
}

/* Where lane k begins. */
static inline int64_t kt__lane(const kt_lanes *l, int64_t k)
{
    return k / l->step * l->n * l->step + k % l->step;
}

#endif
