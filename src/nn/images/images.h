/* images.h - images [batch, rows, columns, channels] in other colors, filtered, and read between
 * their pixels: what keras.ops.image and the layers that change images share. */
#ifndef KT_IMAGES_H
#define KT_IMAGES_H

#include "nn/tracing/operation.h"
#include "ops/ops.h"

/* Is it an image or a batch of them? If not: Keras' ValueError. */
bool kt_has_image_rank(kt_layer *self, kt_call *c, const kt_shape *s);

/* --- colors (images.c): of three channels --- */

kt_node *kt_gray(kt_graph *g, kt_node *x); /* one channel, of x's dtype */
kt_node *kt_hsv_of_rgb(kt_graph *g, kt_node *x);
kt_node *kt_rgb_of_hsv(kt_graph *g, kt_node *x);

/* --- filters (images.c) --- */

/* A filter [h, w] over each channel. */
kt_node *kt_filtered(kt_graph *g, kt_node *x, kt_node *filter, bool same);
/* Gauss' bell over n places, of sum 1: [n]. reach: how far from the middle it goes; NULL: to the
 * ends. */
kt_node *kt_bell(kt_graph *g, int64_t n, kt_node *sigma, kt_node *reach);
kt_node *kt_outer(kt_graph *g, kt_node *rows, kt_node *columns); /* [n], [m] -> [n, m] */
/* By a bell along rows and one along columns; sigmas are numbers of one axis at most. */
kt_node *kt_blurred(kt_graph *g, kt_node *x, int64_t rows, int64_t columns, kt_node *row_sigma,
                    kt_node *column_sigma);

/* --- transforms (warp.c) --- */

/* Images through transforms [N, 8], as TensorFlow's ImageProjectiveTransformV3: what stands at x, y
 * of the result is read at (a x + b y + c) / k, (d x + e y + f) / k, where k = g x + h y + 1.
 * mode: "constant", "nearest", "reflect" or "wrap". */
kt_node *kt_projected(kt_graph *g, kt_node *images, kt_node *t, const char *interpolation,
                      const char *mode, double fill);
/* The transform [N, 8] that takes the end points [N, 4, 2] to the start points: two equations for
 * each. */
kt_node *kt_homography(kt_graph *g, kt_node *start, kt_node *end);

/* --- coordinates of any kind (coordinates.c) --- */

typedef struct kt_reading {
    int         order; /* 0: the nearest element, 1: linear between elements */
    const char *mode;
    double      fill;
    unsigned    whole; /* bit k: along axis k of x, and of the result, all is read in its place */
} kt_reading;
/* x at coordinates, one node for each of its axes that is not read whole (of others NULL), that
 * broadcast to the result. */
kt_node *kt_read_at(kt_graph *g, kt_node *x, kt_node *const *at, const kt_reading *how);
/* Images whose pixels are moved by normal numbers of `seed` that a bell evens out, times alpha.
 * widest: the largest number that sigma may be. */
kt_node *kt_bent(kt_graph *g, kt_node *x, kt_node *seed, kt_node *alpha, kt_node *sigma,
                 double widest, const kt_reading *how);

#endif
