/* conv_lstm.h - the cell inside ConvLSTM1D, 2D and 3D: an LSTM's step with convolutions for
 * products. */
#ifndef KT_CONV_LSTM_H
#define KT_CONV_LSTM_H

#include "nn/recurrence/rnn.h"
#include "nn/shared/window.h"

/* The cell over 1, 2 or 3 spatial axes. Keras has no name for it outside of the layers, so no table
 * has it. */
const kt_layer_type *kt_conv_lstm_cell_type(int axes);
/* Is a step of that shape, with the layer's own layout, large enough? Raises Keras' sentence. */
kt_status kt_conv_lstm_check_step(const kt_layer *cell, const kt_shape *step, kt_arena *a,
                                  kt_fault *f);

/* Fields of cell and layer. */
#define KT_CONV_LSTM_FIELDS(F)                                                                     \
    F(ANY, filters, REQUIRED, "int", "Channels of the state and the output.")                      \
    F(ANY, kernel_size, REQUIRED, "ints", "Size of both kernels along each axis.")                 \
    F(ANY, strides, "1", "ints", "Step of the inputs' kernel.")                                    \
    F(ANY, padding, "valid", "", "'valid', or 'same': as large as the input / strides.")           \
    F(STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")   \
    F(ANY, dilation_rate, "1", "ints", "Gap between the cells of the inputs' kernel.")             \
    F(OBJ, activation, "tanh", "activation", "Of the candidate and the output.")                   \
    F(OBJ, recurrent_activation, "sigmoid", "activation", "Of the three gates.")                   \
    F(BOOL, use_bias, "True", "", "Add a bias per filter and gate.")                               \
    F(OBJ, kernel_initializer, "glorot_uniform", "initializer", "How the inputs' kernel starts.")  \
    F(OBJ, recurrent_initializer, "orthogonal", "initializer", "How the state's kernel starts.")   \
    F(OBJ, bias_initializer, "zeros", "initializer", "How the bias starts.")                       \
    F(BOOL, unit_forget_bias, "True", "", "The forget gate's bias starts at one.")                 \
    F(OBJ, kernel_regularizer, "None", "regularizer", "Penalty on the inputs' kernel.")            \
    F(OBJ, recurrent_regularizer, "None", "regularizer", "Penalty on the state's kernel.")         \
    F(OBJ, bias_regularizer, "None", "regularizer", "Penalty on the bias.")                        \
    F(OBJ, kernel_constraint, "None", "constraint", "Projection of the kernel after each update.") \
    F(OBJ, recurrent_constraint, "None", "constraint",                                             \
      "Projection of the recurrent kernel after each update.")                                     \
    F(OBJ, bias_constraint, "None", "constraint", "Projection of the bias after each update.")     \
    F(FLOAT, dropout, "0.0", "share", "Share of the inputs that is dropped in training.")          \
    F(FLOAT, recurrent_dropout, "0.0", "share", "Share of the state that is dropped in training.") \
    F(OPTINT, seed, "None", "kept", "Of the dropout.")

#endif
