/* lstm.h - what lstm.c and lstm_grad.c share. */
#ifndef KT_OPS_LSTM_H
#define KT_OPS_LSTM_H

#include "ops/shared.h"

/* Blocks of a row of the reserve (graph/attrs.h). */
enum { GATE_I, GATE_F, GATE_C, GATE_O, BEFORE_C, BEFORE_H, ACT_C };

/* The input at which step s looks. */
static inline int64_t kt__lstm_time(const kt_lstm_attr *a, int64_t s, int64_t time)
{
    return a->go_backwards ? time - 1 - s : s;
}

/* Emits the gradient op of the lstm node y for the gradients dy[0..3) of output, h and c, each
 * may be NULL. */
kt_node *kt__lstm_grad(kt_graph *g, kt_node *y, kt_node *const *dy);
/* An lstm node for table tests: each variant with other flags, activations and sizes. */
kt_node *kt__lstm_sample(kt_sampler *s, int variant);

#endif
