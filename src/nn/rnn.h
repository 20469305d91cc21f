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
    int                       gates;                     /* kernels have gates * units columns */
    kt_node                  *kernel, *recurrent, *bias; /* bias NULL: none */
    kt_node                  *recurrent_bias; /* of a GRU that resets after the product, or NULL */
    bool                      reset_after;
    bool                      drops_all; /* a share of 1 makes zeros, instead of being ignored */
    const kt_activation_type *act, *recurrent_act;
    double                    dropout, recurrent_dropout;
    kt_optint                 seed;
    int                       n_masks; /* of each kind: Keras' dropout_mask_count */
    kt_cell_masks             masks;
} kt_cell;
kt_cell kt_lstm_cell_parts(kt_layer *cell, kt_call *c);
kt_cell kt_simple_rnn_cell_parts(kt_layer *cell, kt_call *c);
kt_cell kt_gru_cell_parts(kt_layer *cell, kt_call *c);
/* Draws those masks that are missing, of one step's inputs [batch, .., features] and of h [batch,
 * units]. */
void kt_cell_draw(kt_layer *cell, kt_call *c, const kt_cell *p, const kt_shape *inputs,
                  kt_cell_masks *masks);
/* x . weights [.., gates * units], in which each gate's columns see x times that gate's mask. */
kt_node *kt_cell_product(kt_graph *g, const kt_cell *p, kt_node *x, kt_node *weights,
                         kt_node *const *mask);
/* x [.., features] . kernel + bias -> [.., gates * units], with the inputs' masks */
kt_node *kt_cell_inputs(kt_graph *g, const kt_cell *p, kt_node *x);
/* The call of a cell of one state: inputs x, h -> outputs h, h, as Keras' (output, [h]). */
void kt_cell_call(kt_layer *self, kt_call *c, kt_cell *p,
                  void (*step)(kt_graph *g, const void *cell, kt_node *z, kt_node **state));
/* From z, one step of the inputs [batch, 4 units], to the next h and c. */
void kt_lstm_cell_step(kt_graph *g, const kt_cell *p, kt_node *z, kt_node **h, kt_node **c);

/* From z, one step of the inputs, to the next h in state[0]. */
void kt_simple_rnn_cell_step(kt_graph *g, const void *cell, kt_node *z, kt_node **state);
void kt_gru_cell_step(kt_graph *g, const void *cell, kt_node *z, kt_node **state);

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

/* Fields that cells, and layers around them, have in common: without seed and reset_after, whose
 * places differ. */
#define KT_CELL_WEIGHTS(F)                                                                         \
    F(OBJ, kernel_initializer, "glorot_uniform", "initializer", "How the kernel starts.")          \
    F(OBJ, recurrent_initializer, "orthogonal", "initializer", "How the recurrent kernel starts.") \
    F(OBJ, bias_initializer, "zeros", "initializer", "How the bias starts.")                       \
    F(OBJ, kernel_regularizer, "None", "regularizer", "Penalty on the kernel.")                    \
    F(OBJ, recurrent_regularizer, "None", "regularizer", "Penalty on the recurrent kernel.")       \
    F(OBJ, bias_regularizer, "None", "regularizer", "Penalty on the bias.")                        \
    F(OBJ, kernel_constraint, "None", "constraint", "Projection of the kernel after each update.") \
    F(OBJ, recurrent_constraint, "None", "constraint",                                             \
      "Projection of the recurrent kernel after each update.")                                     \
    F(OBJ, bias_constraint, "None", "constraint", "Projection of the bias after each update.")     \
    F(FLOAT, dropout, "0.0", "", "Share of the inputs that is dropped in training.")               \
    F(FLOAT, recurrent_dropout, "0.0", "", "Share of the state that is dropped in training.")
#define KT_SIMPLE_RNN_CELL_FIELDS(F)                                    \
    F(ANY, units, REQUIRED, "int", "Size of the state and the output.") \
    F(OBJ, activation, "tanh", "activation", "Of the output.")          \
    F(BOOL, use_bias, "True", "", "Add a bias vector.")                 \
    KT_CELL_WEIGHTS(F)
#define KT_GRU_CELL_FIELDS(F)                                                  \
    F(ANY, units, REQUIRED, "int", "Size of the state and the output.")        \
    F(OBJ, activation, "tanh", "activation", "Of the candidate.")              \
    F(OBJ, recurrent_activation, "sigmoid", "activation", "Of the two gates.") \
    F(BOOL, use_bias, "True", "", "Add a bias vector.")                        \
    KT_CELL_WEIGHTS(F)
#define KT_RNN_FIELDS(F)                                                                     \
    F(BOOL, return_sequences, "False", "", "Return every step's output, not only the last.") \
    F(BOOL, return_state, "False", "", "Return the final state too.")                        \
    F(BOOL, go_backwards, "False", "",                                                       \
      "Read the sequence from its end; the output stays in that order.")                     \
    F(BOOL, stateful, "False", "", "Start each batch from the last batch's states.")         \
    F(BOOL, unroll, "False", "", "Accepted as Keras does, without effect.")

/* What every recurrent layer is told. */
typedef struct kt_rnn_flags {
    bool return_sequences, return_state, go_backwards, stateful, zero_output_for_mask;
} kt_rnn_flags;
#define KT_RNN_FLAGS(cfg)                                                              \
    ((kt_rnn_flags){(cfg)->return_sequences, (cfg)->return_state, (cfg)->go_backwards, \
                    (cfg)->stateful, (cfg)->zero_output_for_mask})
/* Makes the layer's cell, which gets the n fields that it shares with the layer in both directions
 * of a file. */
kt_status kt_rnn_add_cell(kt_layer *self, const char *class_name, const char *const *fields,
                          size_t n);
/* Builds the cell under the name for one step of in, and kept states of [batch, units]. */
kt_status kt_rnn_build(kt_layer *self, const char *cell_name, int kept, const kt_value *units,
                       const kt_shape *in);
/* Outputs of the right shapes where shapes alone are computed: [batch, time, ..] whatever
 * follows. */
void kt_rnn_infer(kt_call *c, bool return_sequences, int states, int64_t units);
/* The call of a layer whose cell has one state and is stepped: x [batch, time, features], h ->
 * outputs, then h if asked for. */
void kt_rnn_call(kt_layer *self, kt_call *c, kt_rnn_flags flags, kt_cell *p,
                 void (*step)(kt_graph *g, const void *cell, kt_node *z, kt_node **state));
void kt_rnn_reset(kt_layer *self);   /* self->state is a kt_rnn_state */
void kt_rnn_release(kt_layer *self); /* the same */

#endif
