/* gates.h - the element-wise part of an LSTM step, for any activations. */
#ifndef KT_CPU_GATES_H
#define KT_CPU_GATES_H

#include "backend/cpu/cpu.h"

typedef struct kt_gates {
    int64_t       units;
    kt_unary_attr act, recurrent;
    bool          usual; /* tanh and sigmoid: one fused loop */
    int64_t       row;   /* floats of scratch for each row of the batch */
    float        *scratch;
} kt_gates;

kt_gates kt_gates_of(const kt_lstm_attr *a, float *scratch);
/* Turns a row of the reserve, whose gates hold their arguments, into what the gradient needs; h and
 * c move on if `move`. b: number of the row in the batch. */
void kt_gates_row(const kt_gates *g, int64_t b, float *reserve, float *h, float *c, bool move);
/* dz [4 units] from d h and d c after the step; d c becomes that before it. */
void kt_gates_grad_row(const kt_gates *g, int64_t b, const float *reserve, const float *dh,
                       float *dc, float *dz);

#endif
