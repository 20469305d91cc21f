/* window.h - convolution and pooling as the kernels see them: always over 3 spatial axes (missing
 * ones come first and have size 1), channels last. */
#ifndef KT_CPU_WINDOW_H
#define KT_CPU_WINDOW_H

#include "backend/cpu/cpu.h"

typedef struct kt_window {
    int64_t batch, channels; /* channels: of x */
    int64_t in[3], out[3], size[3], stride[3], dilation[3], lo[3];
    int64_t padded[3]; /* sizes of x with the borders that windows reach into */
    bool    is_padded;
} kt_window;

/* x and y: shapes of the input and of the result of the forward pass. */
kt_window kt_window_of(const kt_window_attr *a, const kt_shape *x, const kt_shape *y);
/* One image of x, [in.., channels], amid zeros: [padded.., channels]. */
void kt_window_pad(const kt_window *w, const float *x, float *padded);
/* The way back: the inner part of a padded image. */
void    kt_window_unpad(const kt_window *w, const float *padded, float *x);
int64_t kt_window_image(const kt_window *w);        /* elements of an image of x */
int64_t kt_window_padded_image(const kt_window *w); /* of a padded one */

#endif
