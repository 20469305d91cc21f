/* normal.c - RandomNormal and TruncatedNormal. */
#include "nn/initializers/draw.h"

#define FIELDS(F)                                                                            \
    F(FLOAT, mean, "0.0", "kept: cast", "Mean of the values.")                               \
    F(FLOAT, stddev, "0.05", "kept: cast", "Standard deviation, before values are cut off.") \
    F(ANY, seed, "None", "", "An integer: the same values at each call.")
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *self, kt_fault *f)
{
    (void)a;
    return kt_check_seed(((const config *)self)->seed, f);
}

static kt_status fill_random(const void *self, const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    const config *c = self;
    return kt_fill_normal(seed, c->mean, c->stddev, value, f);
}

static kt_status fill_truncated(const void *self, const int64_t seed[2], kt_tensor *value,
                                kt_fault *f)
{
    const config *c = self;
    return kt_fill_truncated(seed, c->mean, c->stddev, value, f);
}

static const kt_initializer_type random_normal = {
    .cls = {.class_name = "RandomNormal",
            .aliases = "random_normal|normal",
            .module = "keras.initializers",
            .config = &config_type,
            .summary = "Values of a normal distribution.",
            .check = check},
    .fill = fill_random,
};

static const kt_initializer_type truncated_normal = {
    .cls = {.class_name = "TruncatedNormal",
            .aliases = "truncated_normal",
            .module = "keras.initializers",
            .config = &config_type,
            .summary = "Values of a normal distribution, none beyond two standard deviations.",
            .check = check},
    .fill = fill_truncated,
};

const kt_class *const kt_initializers_normal[] = {&random_normal.cls, &truncated_normal.cls, NULL};
