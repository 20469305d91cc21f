/* rnn.h - what recurrent layers and their cells share. */
#ifndef KT_RNN_H
#define KT_RNN_H

#include "nn/layer.h"

enum { KT_GATES = 4 };

/* By which inputs and the state h are multiplied in training, one for each gate or the first for
 * all; NULL: nothing is dropped. */
typedef struct kt_cell_masks {
    kt_node *in[KT_GATES], *state[KT_GATES];
} kt_cell_masks;

/* A cell's weights in a graph, and what it drops. */
typedef struct kt_cell {
    int64_t                   units;
    kt_node                  *kernel, *recurrent, *bias; /* bias NULL: none */
    const kt_activation_type *act, *recurrent_act;
    double                    dropout, recurrent_dropout;
    kt_optint                 seed;
    int                       n_masks; /* of each kind: Keras' dropout_mask_count */
    kt_cell_masks             masks;
} kt_cell;
kt_cell kt_lstm_cell_parts(kt_layer *cell, kt_call *c);
/* Draws those that are missing, of one step's inputs [batch, .., features] and of h [batch,
 * units]. */
void kt_lstm_cell_masks(kt_layer *cell, kt_call *c, const kt_cell *p, const kt_shape *inputs,
                        kt_cell_masks *masks);
/* x [.., features] . kernel + bias -> [.., 4 units], with the inputs' masks */
kt_node *kt_lstm_cell_inputs(kt_graph *g, const kt_cell *p, kt_node *x);
/* From z, one step of the inputs [batch, 4 units], to the next h and c. */
void kt_lstm_cell_step(kt_graph *g, const kt_cell *p, kt_node *z, kt_node **h, kt_node **c);

/* A recurrent layer's steps one after another, as nodes: for what no op does as a whole. */
typedef struct kt_steps {
    /* state[0] is the output too */
    void (*step)(kt_graph *g, const void *cell, kt_node *x, kt_node **state);
    const void *cell;
    int         n_state;
    bool        return_sequences, go_backwards, zero_output_for_mask;
} kt_steps;
/* x [batch, time, ..] with a known time above 0, mask [batch, time] or NULL; state: from the first
 * to the last. Returns [batch, time, units] in the order of the steps, or the last [batch,
 * units]. */
kt_node *kt_rnn_steps(kt_graph *g, const kt_steps *s, kt_node *x, kt_node *mask, kt_node **state);

/* Keras takes any number as a share, and cuts it to [0, 1]. */
double    kt_share(double x);
kt_status kt_check_units(kt_layer *l, const kt_value *units);

/* States that a stateful layer keeps between batches: [batch, units] each. */
typedef struct kt_rnn_state {
    int          n;
    kt_variable *state[2];
} kt_rnn_state;
/* Frees them: they are no weights, files do not hold them. */
void kt_rnn_state_free(kt_rnn_state *s);
/* Makes them when the layer is built; unknown batch sizes are refused in Keras' words. */
kt_status kt_rnn_state_build(kt_layer *l, kt_rnn_state *s, int n, const kt_shape *in,
                             int64_t units);
/* The n states that the call starts from: its further inputs, the kept ones, or zeros. */
void kt_rnn_start(kt_layer *l, kt_call *c, const kt_rnn_state *s, bool stateful, int n,
                  int64_t units, kt_node **out);

#endif
