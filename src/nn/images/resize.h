/* resize.h - images in another size, as tf.image.resize computes them: what Resizing, CenterCrop,
 * UpSampling2D and keras.ops.image share. */
#ifndef KT_RESIZE_H
#define KT_RESIZE_H

#include "nn/layer.h"

/* Which axes of an image are its height and width: of rank 3 or, with a batch in front, 4. */
typedef struct kt_image {
    int rows, columns, channels;
} kt_image;
kt_image kt_image_of(const kt_shape *s, bool channels_first);

typedef struct kt_resize {
    int64_t     height, width;
    const char *interpolation;
    bool        antialias, crop, pad, channels_first;
    const char *fill_mode; /* NULL: "constant" */
    double      fill_value;
} kt_resize;
/* x of rank 3 or 4, its height and width known. Floats keep their dtype; integers become float32
 * where the method computes, and stay what they are where it only chooses. Raises Keras' errors of
 * ops.image.resize into the graph. */
kt_node *kt_resized(kt_graph *g, kt_node *x, const kt_resize *how);
/* Rows [top, top + height) and columns [left, left + width). */
kt_node *kt_cropped(kt_graph *g, kt_node *x, kt_image at, int64_t top, int64_t left, int64_t height,
                    int64_t width);
/* The largest box of the wanted ratio of sides in the middle of the image, then the wanted size:
 * keras.utils.image_utils.smart_resize. */
kt_node *kt_smart_resized(kt_graph *g, kt_node *x, int64_t height, int64_t width,
                          bool channels_first);
/* Numbers made of integers as their dtype again: rounded, and held within it. */
kt_node *kt_saturated(kt_graph *g, kt_node *x, kt_dtype dtype);

/* Makes the constants of a band op for a method of tf.image.resize that is not "nearest"; false
 * without memory (raised). */
bool kt_resize_band(kt_graph *g, const char *method, bool antialias, int64_t from, int64_t to,
                    kt_dtype dtype, kt_node **start, kt_node **weight);

#endif
