/* rnn.h - what recurrent layers and their cells share. */
#ifndef KT_RNN_H
#define KT_RNN_H

#include "nn/layer.h"

enum { KT_GATES = 4, KT_MAX_STATES = KT_MAX_IO - 2 };

/* --- cells ------------------------------------------------------------------------------------ */

/* What every recurrent layer is told. */
typedef struct kt_rnn_flags {
    bool return_sequences, return_state, go_backwards, stateful, zero_output_for_mask, unroll;
    bool turned; /* x and mask stand in the order of steps that went backwards */
} kt_rnn_flags;

/* Where a field of the layer lies; it must have one of that name. */
void *kt_field_of(const kt_layer *l, const char *name);

typedef void (*kt_step_fn)(kt_graph *g, const void *cell, kt_node *z, kt_node **state);
/* What makes a layer a cell: `cell` of its type. A cell called as a layer takes the inputs of one
 * step and its states, and gives the output and the next states. */
typedef struct kt_cell_type {
    int (*count)(const kt_layer *cell); /* how many states it has, at most KT_MAX_STATES */
    /* Of the built cell: their shapes where one step's inputs are [batch, ..]. Returns how many;
     * *y: which of them is the output too, -1 if there is none. */
    int (*states)(const kt_layer *cell, const kt_shape *step, kt_shape *out, int *y);
    /* The cell in c's graph for sequences of that shape, which says only [batch, 1, ..] of it, with
     * its masks drawn. Lives as long as the graph; NULL after a failure. */
    const void *(*open)(kt_layer *cell, kt_call *c, const kt_shape *step);
    /* All steps of x [batch, time, ..], time above 0, from the states to the last ones;
     * mask [batch, time] or NULL. Returns [batch, time, ..] in the order of the steps, or the last
     * output. */
    kt_node *(*run)(kt_graph *g, const void *open, const kt_rnn_flags *flags, kt_node *x,
                    kt_node *mask, kt_node **state);
    /* Of cells whose states are vectors: kernels have gates * units columns. One step from z, which
     * kt_cell_inputs gives; state[0] is the output too. */
    int        gates;
    kt_step_fn step;
} kt_cell_type;

/* By which inputs and the state h are multiplied in training, one for each gate or the first for
 * all; NULL: nothing is dropped. */
typedef struct kt_cell_masks {
    kt_node *in[KT_GATES], *state[KT_GATES];
} kt_cell_masks;

/* The weights in a graph of a cell whose states are vectors, and what it drops. */
typedef struct kt_cell {
    int64_t                   units;
    int                       gates;                     /* kernels have gates * units columns */
    kt_node                  *kernel, *recurrent, *bias; /* bias NULL: none */
    kt_node                  *recurrent_bias; /* of a GRU that resets after the product, or NULL */
    bool                      reset_after;
    bool                      drops_all; /* a share of 1 makes zeros, instead of being ignored */
    const kt_activation_type *act, *recurrent_act; /* the second NULL where there are no gates */
    kt_step_fn                step;
    int                       n_states;
    double                    dropout, recurrent_dropout;
    kt_optint                 seed;
    int                       n_masks; /* of each kind: Keras' dropout_mask_count */
    kt_cell_masks             masks;
} kt_cell;
/* Draws those masks that are missing, of the inputs' and the state's shape. */
void kt_cell_draw(kt_layer *cell, kt_call *c, const kt_cell *p, const kt_shape *inputs,
                  const kt_shape *state, kt_cell_masks *masks);
/* What these cells do all the same, by their fields and their row: `check` and `build` of the
 * layer, its call (inputs x, states -> outputs y, states, as Keras' (output, [h, c])); count,
 * states, open and run of the cell. */
kt_status   kt_cell_check(kt_layer *cell);
kt_status   kt_check_gates(kt_layer *cell);
kt_status   kt_cell_build(kt_layer *cell, int n_in, const kt_shape *in);
void        kt_cell_call(kt_layer *self, kt_call *c);
int         kt_cell_one(const kt_layer *cell);
int         kt_cell_two(const kt_layer *cell);
int         kt_cell_vectors(const kt_layer *cell, const kt_shape *step, kt_shape *out, int *y);
const void *kt_cell_open(kt_layer *cell, kt_call *c, const kt_shape *step);
kt_node    *kt_cell_run(kt_graph *g, const void *open, const kt_rnn_flags *flags, kt_node *x,
                        kt_node *mask, kt_node **state);
/* x . weights [.., gates * units], in which each gate's columns see x times that gate's mask. */
kt_node *kt_cell_product(kt_graph *g, const kt_cell *p, kt_node *x, kt_node *weights,
                         kt_node *const *mask);
/* x [batch, time, features], or the first two the other way round, . kernel + bias -> [..,
 * gates * units], with the inputs' masks */
kt_node *kt_cell_inputs(kt_graph *g, const void *cell, kt_node *x, bool time_first);

extern const kt_cell_type kt_lstm_cell; /* lstm_cell.c */

/* [a, b, ..] -> [b, a, ..] */
kt_node *kt_rnn_swapped(kt_graph *g, kt_node *x);
/* z of all steps' inputs: [batch, time, ..], or the first two the other way round. */
typedef kt_node *kt_inputs_fn(kt_graph *g, const void *cell, kt_node *x, bool time_first);
/* A recurrent layer's steps one after another, for what no op does as a whole: as a scan, or as
 * nodes for each step where it unrolls. */
typedef struct kt_steps {
    kt_step_fn          step;
    kt_inputs_fn       *inputs;
    int64_t             width; /* numbers in z for a step of a sample */
    const void         *cell;
    int                 n_state;
    const kt_rnn_flags *flags;
} kt_steps;
/* What a cell's `run` does, with x [batch, time, ..]. */
kt_node *kt_rnn_steps(kt_graph *g, const kt_steps *s, kt_node *x, kt_node *mask, kt_node **state);

/* --- checks ----------------------------------------------------------------------------------- */

/* Field `units` of cells and layers around them. */
kt_status kt_check_units(kt_layer *l);

/* --- states that a stateful layer keeps between batches --------------------------------------- */

typedef struct kt_rnn_state {
    int           n;
    kt_variable **state;
} kt_rnn_state;

/* Fields that cells, and layers around them, have in common: without seed and reset_after, whose
 * places differ. */
#define KT_CELL_INITIALIZERS(F)                                                                    \
    F(OBJ, kernel_initializer, "glorot_uniform", "initializer", "How the kernel starts.")          \
    F(OBJ, recurrent_initializer, "orthogonal", "initializer", "How the recurrent kernel starts.") \
    F(OBJ, bias_initializer, "zeros", "initializer", "How the bias starts.")
#define KT_CELL_LIMITS(F)                                                                          \
    F(OBJ, kernel_regularizer, "None", "regularizer", "Penalty on the kernel.")                    \
    F(OBJ, recurrent_regularizer, "None", "regularizer", "Penalty on the recurrent kernel.")       \
    F(OBJ, bias_regularizer, "None", "regularizer", "Penalty on the bias.")                        \
    F(OBJ, kernel_constraint, "None", "constraint", "Projection of the kernel after each update.") \
    F(OBJ, recurrent_constraint, "None", "constraint",                                             \
      "Projection of the recurrent kernel after each update.")                                     \
    F(OBJ, bias_constraint, "None", "constraint", "Projection of the bias after each update.")     \
    F(FLOAT, dropout, "0.0", "share", "Share of the inputs that is dropped in training.")          \
    F(FLOAT, recurrent_dropout, "0.0", "share", "Share of the state that is dropped in training.")
#define KT_IMPLEMENTATION(F) \
    F(ANY, implementation, "2", "int", "1: each gate drops another share of the inputs.")
#define KT_SIMPLE_RNN_CELL_FIELDS(F)                                    \
    F(ANY, units, REQUIRED, "int", "Size of the state and the output.") \
    F(OBJ, activation, "tanh", "activation", "Of the output.")          \
    F(BOOL, use_bias, "True", "", "Add a bias vector.")                 \
    KT_CELL_INITIALIZERS(F)                                             \
    KT_CELL_LIMITS(F)
#define KT_GRU_CELL_FIELDS(F)                                                  \
    F(ANY, units, REQUIRED, "int", "Size of the state and the output.")        \
    F(OBJ, activation, "tanh", "activation", "Of the candidate.")              \
    F(OBJ, recurrent_activation, "sigmoid", "activation", "Of the two gates.") \
    F(BOOL, use_bias, "True", "", "Add a bias vector.")                        \
    KT_CELL_INITIALIZERS(F)                                                    \
    KT_CELL_LIMITS(F)
#define KT_LSTM_CELL_FIELDS(F)                                                     \
    F(ANY, units, REQUIRED, "int", "Size of the state and the output.")            \
    F(OBJ, activation, "tanh", "activation", "Of the candidate and the output.")   \
    F(OBJ, recurrent_activation, "sigmoid", "activation", "Of the three gates.")   \
    F(BOOL, use_bias, "True", "", "Add a bias vector.")                            \
    KT_CELL_INITIALIZERS(F)                                                        \
    F(BOOL, unit_forget_bias, "True", "", "The forget gate's bias starts at one.") \
    KT_CELL_LIMITS(F)                                                              \
    F(OPTINT, seed, "None", "kept", "Of the dropout.")
#define KT_RNN_FIELDS(F)                                                                     \
    F(BOOL, return_sequences, "False", "", "Return every step's output, not only the last.") \
    F(BOOL, return_state, "False", "", "Return the final state too.")                        \
    F(BOOL, go_backwards, "False", "",                                                       \
      "Read the sequence from its end; the output stays in that order.")                     \
    F(BOOL, stateful, "False", "", "Start each batch from the last batch's states.")         \
    F(BOOL, unroll, "False", "", "Write the steps out where no op does them all.")

#define KT_RESET_AFTER(F)            \
    F(BOOL, reset_after, "True", "", \
      "Reset the state behind the product with the recurrent kernel, not before.")
#define KT_USE_CUDNN(F) F(ANY, use_cudnn, "'auto'", "", "Accepted as Keras does, without effect.")
#define KT_ZERO_OUTPUT(F)                      \
    F(BOOL, zero_output_for_mask, "False", "", \
      "Masked steps give zeros instead of the step before.")

/* --- layers around a cell --------------------------------------------------------------------- */

/* What Keras' own layers have inside: `inside` of their type. */
typedef struct kt_cell_inside {
    const char *class_name, *name;
} kt_cell_inside;
/* Makes the layer's cell under that name; it gets those fields of the layer that it has too. */
kt_status kt_rnn_add_cell(kt_layer *self, const kt_layer_type *type, const char *name);
/* `check` of a layer whose type says what is inside. */
kt_status kt_rnn_check(kt_layer *self);
/* Is it a cell? */
bool kt_is_cell(const kt_layer *l);
/* `build` of layers: builds the cell for one step of in, and the states that a stateful layer
 * keeps. */
kt_status kt_rnn_build(kt_layer *self, int n_in, const kt_shape *in);
/* The call: x [batch, time, ..], initial states or none -> outputs, then the last states if asked
 * for. */
void kt_rnn_call(kt_layer *self, kt_call *c);
/* A row of such a layer but for name, fields, summary, samples and what is inside. */
#define KT_RNN_LAYER                                                                         \
    .flags = KT_LAYER_HANDS_DOWN | KT_LAYER_ACTIVITY | KT_LAYER_EARLY | KT_LAYER_SAYS_MASK | \
             KT_LAYER_SAYS_INFERENCE,                                                        \
    .input = {.ndim = 3, .dtype = -1}, .early = kt_check_units, .check = kt_rnn_check,       \
    .build = kt_rnn_build, .call = kt_rnn_call, .free = kt_rnn_release,                      \
    .state_size = sizeof(kt_rnn_state), .shapes = "sequences_shape|initial_state_shape"
void kt_rnn_release(kt_layer *self); /* self->state is a kt_rnn_state */

#endif
