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

/* Where a convolution's configuration has the arguments that all of them share. */
typedef struct kt_window_fields {
    const kt_value **kernel_size, **strides, **dilation_rate, **padding;
    const char     **data_format;
} kt_window_fields;
/* Checks them in Keras' order and words, fills w for l->type->variant axes and brings the fields to
 * the form that get_config gives. */
kt_status kt_window_settle(kt_layer *l, kt_window *w, const kt_window_fields *f, bool causal);
/* Keras' "`strides > 1` not supported in conjunction with `dilation_rate > 1`". */
kt_status kt_check_strides(kt_layer *l, const kt_window *w, const kt_window_fields *f);
/* "Invalid value for argument `name`. Expected a strictly positive value. ..." */
kt_status kt_check_positive(kt_layer *l, const char *name, const kt_value *v);
/* kernel_size + (a, b): the shape of a kernel. */
kt_shape kt_kernel_shape(const kt_window *w, int64_t a, int64_t b);

/* Attributes of the op for this window. */
kt_window_attr kt_window_attrs(const kt_window *w, int64_t groups, bool max);
/* x with channels last, and back. */
kt_node *kt_channels_last(kt_graph *g, const kt_window *w, kt_node *x);
kt_node *kt_channels_back(kt_graph *g, const kt_window *w, kt_node *y);
/* y, channels last, with the layer's weight "bias" if it is used; in the layout of w. */
kt_node *kt_with_bias(kt_layer *l, kt_call *c, const kt_window *w, kt_node *y, bool use_bias);
/* The shape [batch, s'.., filters] of the transpose of a convolution of x, channels last; `more`:
 * the output_padding, or NULL. */
kt_shape kt_transposed_shape(const kt_window *w, const int64_t *more, const kt_shape *x,
                             int64_t filters);
/* An axis of known size in m windows as equal as can be, each reduced to one cell. */
kt_node *kt_adaptive_pool(kt_graph *g, kt_node *x, int axis, int64_t m, kt_reduce_fn fn);
/* Keras' check of the output size of a convolution (filters -1: None) or pooling; in: with the
 * layer's own layout. */
kt_status kt_check_conv_shape(kt_fault *f, kt_arena *a, const kt_window *w, const kt_shape *in,
                              int64_t filters);
kt_status kt_check_pool_shape(kt_fault *f, kt_arena *a, const kt_window *w, const kt_shape *in);
/* Its words. */
#define KT_KERNEL_RANK                                                                            \
    "Kernel shape must have the same length as input, but received kernel of shape %s and input " \
    "of shape %s."
kt_status kt_refuse_conv(kt_fault *f, const char *in, const char *kernel, const char *dilation,
                         const char *strides);
kt_status kt_refuse_pool(kt_fault *f, const kt_shape *in, bool channels_first, const char *size,
                         const char *strides);

#endif
