/* window.h - what convolution and pooling share: windows that slide over 1 to 3 spatial axes,
 * channels last. */
#ifndef KT_OPS_WINDOW_H
#define KT_OPS_WINDOW_H

#include "ops/shared.h"

/* Attributes with their defaults (stride, dilation, groups: 1) and, where `same` and x's sizes
 * are known, the pads. */
kt_window_attr kt__window_resolve(kt_window_attr a, const kt_shape *x);
/* out[0]'s spatial axes from input 0's, with a.window; fails as TensorFlow's `tf_op` where a
 * size is below 0. */
kt_status kt__window_shape(kt_op_call *c, const kt_window_attr *a, const char *tf_op);
/* Whether windows over `x` have as many places along every axis as `y` has, as far as sizes are
 * known. */
bool kt__window_fits(const kt_window_attr *a, const kt_shape *x, const kt_shape *y);

/* The sizes of one run, always over 3 spatial axes (missing ones are 1 and come first). */
typedef struct kt_windows {
    int64_t batch;
    int64_t in[3], out[3], window[3], stride[3], dilation[3], lo[3];
} kt_windows;

kt_windows kt__windows(const kt_window_attr *a, const kt_shape *x, const kt_shape *y);
/* Calls visit for every real cell that each window sees: x, w and y number the cells of all
 * inputs, of the window and of all results, channels aside. One window after another, its cells
 * in memory order. */
typedef void kt_window_visit(void *context, int64_t x, int64_t w, int64_t y);
void         kt__windows_visit(const kt_windows *g, kt_window_visit *visit, void *context);

#endif
