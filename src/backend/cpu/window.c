/* window.c - sizes of convolution and pooling, and images with zeros around them. */
#include "backend/cpu/window.h"

#include <string.h>

kt_window kt_window_of(const kt_window_attr *a, const kt_shape *x, const kt_shape *y)
{
    kt_window w = {.batch = x->dim[0], .channels = kt_dim(x, -1)};

    for (int i = 0; i < 3; i++) {
        int     from = i - 3 + a->spatial;
        bool    real = from >= 0;
        int64_t reach;

        w.in[i] = real ? x->dim[from + 1] : 1;
        w.out[i] = real ? y->dim[from + 1] : 1;
        w.size[i] = real ? a->window[from] : 1;
        w.stride[i] = real ? a->stride[from] : 1;
        w.dilation[i] = real ? a->dilation[from] : 1;
        w.lo[i] = real ? a->pad_lo[from] : 0;
        /* The last window may end before or after the end of x. */
        reach = (w.out[i] - 1) * w.stride[i] + (w.size[i] - 1) * w.dilation[i] + 1;
        w.padded[i] = w.lo[i] + w.in[i] > reach ? w.lo[i] + w.in[i] : reach;
        w.is_padded |= w.padded[i] != w.in[i];
    }
    return w;
}

int64_t kt_window_image(const kt_window *w)
{
    return w->in[0] * w->in[1] * w->in[2] * w->channels;
}

int64_t kt_window_padded_image(const kt_window *w)
{
    return w->padded[0] * w->padded[1] * w->padded[2] * w->channels;
}

/* Where row [a, b] of the image begins in the padded one. */
static int64_t padded_row(const kt_window *w, int64_t a, int64_t b)
{
    return (((a + w->lo[0]) * w->padded[1] + b + w->lo[1]) * w->padded[2] + w->lo[2]) * w->channels;
}

void kt_window_pad(const kt_window *w, const float *x, float *padded)
{
    size_t row = (size_t)(w->in[2] * w->channels);

    memset(padded, 0, (size_t)kt_window_padded_image(w) * sizeof *padded);
    for (int64_t a = 0; a < w->in[0]; a++)
        for (int64_t b = 0; b < w->in[1]; b++, x += row)
            memcpy(padded + padded_row(w, a, b), x, row * sizeof *x);
}

void kt_window_unpad(const kt_window *w, const float *padded, float *x)
{
    size_t row = (size_t)(w->in[2] * w->channels);

    for (int64_t a = 0; a < w->in[0]; a++)
        for (int64_t b = 0; b < w->in[1]; b++, x += row)
            memcpy(x, padded + padded_row(w, a, b), row * sizeof *x);
}
