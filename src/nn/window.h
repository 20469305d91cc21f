/* window.h - what convolution and pooling layers of every rank share. */
#ifndef KT_WINDOW_H
#define KT_WINDOW_H

#include "nn/layer.h"

/* The settled arguments of a window layer. */
typedef struct kt_window {
    int     rank; /* spatial axes */
    int64_t size[KT_MAX_SPATIAL], strides[KT_MAX_SPATIAL], dilation[KT_MAX_SPATIAL];
    bool    same, channels_first;
} kt_window;

/* Attributes of the op for this window. */
kt_window_attr kt_window_attrs(const kt_window *w, int64_t groups, bool max);
/* x with channels last, and back. */
kt_node *kt_channels_last(kt_graph *g, const kt_window *w, kt_node *x);
kt_node *kt_channels_back(kt_graph *g, const kt_window *w, kt_node *y);
/* Keras' check of the output size of a convolution (filters -1: None) or pooling; in: with the
 * layer's own layout. */
kt_status kt_check_conv_shape(kt_fault *f, kt_arena *a, const kt_window *w, const kt_shape *in,
                              int64_t filters);
kt_status kt_check_pool_shape(kt_fault *f, kt_arena *a, const kt_window *w, const kt_shape *in);

#endif
