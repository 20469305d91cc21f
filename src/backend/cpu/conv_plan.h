/* conv_plan.h - what the kernels of convolution and its gradients make once, and the forward pass
 * that two of them share.
 *
 * With an image padded by zeros, the windows of one row of results are rows of a matrix that need
 * not be copied: they lie a fixed step apart, and each is a few runs of neighbouring elements (see
 * kt_gemm).
 */
#ifndef KT_CPU_CONV_PLAN_H
#define KT_CPU_CONV_PLAN_H

#include "backend/cpu/window.h"

/* Sizes, and how much scratch each part of the work has. */
typedef struct kt_conv {
    kt_window w;
    int64_t   groups, depth, width; /* channels of a group: in, out */
    int64_t   n_runs, run;          /* of a window in one group */
    int64_t   window;               /* n_runs * run: rows of the kernel's matrix */
    int64_t   parts;                /* of the work, each with its own buffer */
    int64_t   shared, buffer;       /* floats of scratch: for all, for one part */
    /* n_runs: where each run of a window begins in a padded image */
    int64_t *at;
} kt_conv;

/* At most `parts` parts, fewer where threads do not pay. NULL without memory. */
kt_conv *kt_conv_new(kt_window w, int64_t groups, int64_t depth, int64_t width, int64_t parts);
void     kt_conv_free(void *conv);
/* Scratch of a kernel with a kt_conv as its state. */
size_t kt_conv_scratch(const kt_run *r);
/* Floats of a packed matrix [k, n]. */
int64_t kt_conv_packed(int64_t k, int64_t n);
int64_t kt_conv_rows(const kt_conv *c); /* of results: places of the last axis lie side by side */
/* Where the windows of such a row begin in an image with borders. */
int64_t kt_conv_row_place(const kt_conv *c, int64_t row);
int64_t kt_conv_out_channels(const kt_conv *c);
int64_t kt_conv_out_image(const kt_conv *c); /* elements of an image of results */

/* What a part of the work sees. */
typedef struct kt_conv_job {
    const kt_conv *c;
    const float   *x, *dy; /* dy: of the gradients */
    float         *y;      /* the result, whatever it is */
    int64_t        count;  /* of it */
    float         *shared;
} kt_conv_job;

float *kt_conv_buffer(const kt_conv_job *j, int64_t part);
/* y += the sums at the beginning of each further part's buffer. */
void kt_conv_add_parts(const kt_conv_job *j);
/* y = windows of x . packed kernels; the kernels [window, width] lie packed in `shared`, one for
 * each group. */
void kt_conv_forward(kt_conv_job *j);
/* Sets c->shared and c->buffer for that. */
void kt_conv_forward_room(kt_conv *c);

#endif
