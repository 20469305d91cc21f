/* uniform.c - RandomUniform. */
#include "nn/initializers/draw.h"

#define FIELDS(F)                                                          \
    F(FLOAT, minval, "-0.05", "kept: cast", "Least value.")                \
    F(FLOAT, maxval, "0.05", "kept: cast", "Bound that no value reaches.") \
    F(ANY, seed, "None", "", "An integer: the same values at each call.")
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *self, kt_fault *f)
{
    (void)a;
    return kt_check_seed(((const config *)self)->seed, f);
}

static kt_status fill(const void *self, const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    const config *c = self;
    return kt_fill_uniform(seed, c->minval, c->maxval, value, f);
}

static const kt_initializer_type random_uniform = {
    .cls = {.class_name = "RandomUniform",
            .aliases = "random_uniform|uniform",
            .module = "keras.initializers",
            .config = &config_type,
            .summary = "Values spread evenly over an interval.",
            .check = check},
    .fill = fill,
};

const kt_class *const kt_initializers_uniform[] = {&random_uniform.cls, NULL};
