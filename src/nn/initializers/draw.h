/* draw.h - what initializers share: their seed, drawing into a tensor, and lists of numbers. */
#ifndef KT_INITIALIZERS_DRAW_H
#define KT_INITIALIZERS_DRAW_H

#include "nn/nn.h"

/* The `seed` argument: None, an integer or a SeedGenerator. */
kt_status kt_check_seed(const kt_value *seed, kt_fault *f);

/* As TensorFlow draws in the dtype of value. */
kt_status kt_fill_uniform(const int64_t seed[2], double lo, double hi, kt_tensor *value,
                          kt_fault *f);
kt_status kt_fill_normal(const int64_t seed[2], double mean, double stddev, kt_tensor *value,
                         kt_fault *f);
kt_status kt_fill_truncated(const int64_t seed[2], double mean, double stddev, kt_tensor *value,
                            kt_fault *f);

typedef struct kt_scaling {
    double          scale;
    const char     *mode;         /* "fan_in", "fan_out", "fan_avg" */
    const char     *distribution; /* "uniform", "truncated_normal", "untruncated_normal" */
    const kt_value *input_axes, *output_axes;
} kt_scaling;
/* VarianceScaling: the spread follows from the number of inputs and outputs of a unit. */
kt_status kt_fill_scaled(const kt_scaling *s, const int64_t seed[2], kt_tensor *value, kt_fault *f);

/* The shape of a number or of nested lists of such (constant.c); anything else is refused as
 * TensorFlow makes no tensor of it. */
kt_status kt_numbers_shape(const kt_value *v, kt_shape *s, kt_fault *f);

#endif
