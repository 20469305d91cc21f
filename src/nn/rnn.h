/* rnn.h - what recurrent layers and their cells share. */
#ifndef KT_RNN_H
#define KT_RNN_H

#include "nn/layer.h"

/* A cell's weights in a graph. */
typedef struct kt_cell {
    int64_t                   units;
    kt_node                  *kernel, *recurrent, *bias; /* bias NULL: none */
    const kt_activation_type *act, *recurrent_act;
    double                    dropout;
    kt_optint                 seed;
} kt_cell;
kt_cell kt_lstm_cell_parts(kt_layer *cell, kt_call *c);
void    kt_lstm_cell_step(kt_graph *g, const kt_cell *p, kt_node *x, kt_node **h, kt_node **c);

kt_status kt_check_units(kt_layer *l, const kt_value *units);

/* States that a stateful layer keeps between batches: [batch, units] each. */
typedef struct kt_rnn_state {
    int          n;
    kt_variable *state[2];
} kt_rnn_state;
/* Makes them when the layer is built; unknown batch sizes are refused in Keras' words. */
/* Frees them: they are no weights, files do not hold them. */
void      kt_rnn_state_free(kt_rnn_state *s);
kt_status kt_rnn_state_build(kt_layer *l, kt_rnn_state *s, int n, const kt_shape *in,
                             int64_t units);
/* The n states that the call starts from: its further inputs, the kept ones, or zeros. */
void kt_rnn_start(kt_layer *l, kt_call *c, const kt_rnn_state *s, bool stateful, int n,
                  int64_t units, kt_node **out);

#endif
