/* gradient.h - inside src/nn: a gradient on its way to an optimizer's update
 * (optimizer_gradient.c). */
#ifndef KT_GRADIENT_H
#define KT_GRADIENT_H

#include "nn/nn.h"

typedef struct kt__gradient {
    kt_node *x;           /* NULL: there is none */
    kt_node *raw, *scale; /* as in kt_update */
} kt__gradient;

/* Whether it is a sum of gradients of lookups in a table, along its first axis. */
bool kt__by_rows(const kt_node *grad);
/* In the weight's dtype, without the scale of the loss. */
kt__gradient kt__gradient_start(kt_graph *g, const kt_optimizer_base *b, kt_node *grad,
                                kt_dtype dtype);
void         kt__unscale(kt_graph *g, const kt_optimizer_base *b, kt__gradient *d);
/* Clips n gradients. All but clipnorm, which is by variable, may be given the block as one. */
void kt__clip(kt_graph *g, const kt_optimizer_base *b, kt__gradient *d, size_t n);

static inline bool kt__above_zero(kt_optfloat x)
{
    return x.set && x.v > 0;
}

#endif
