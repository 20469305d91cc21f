/* scaled.c - GlorotUniform, HeNormal and their like: VarianceScaling under its authors' names. */
#include "nn/initializers/draw.h"

#define FIELDS(F)                                                                     \
    F(ANY, seed, "None", "", "An integer: the same values at each call.")             \
    F(ANY, input_axes, "None", "ints", "Axes whose product is the number of inputs.") \
    F(ANY, output_axes, "None", "ints", "Axes whose product is the number of outputs.")
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *self, kt_fault *f)
{
    (void)a;
    return kt_check_seed(((const config *)self)->seed, f);
}

static kt_status fill(const config *c, double scale, const char *mode, const char *distribution,
                      const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    kt_scaling s = {scale, mode, distribution, c->input_axes, c->output_axes};
    return kt_fill_scaled(&s, seed, value, f);
}

#define SCALED(id, name, alias, scale, mode, distribution, sentence)                      \
    static kt_status fill_##id(const void *self, const int64_t seed[2], kt_tensor *value, \
                               kt_fault *f)                                               \
    {                                                                                     \
        return fill(self, scale, mode, distribution, seed, value, f);                     \
    }                                                                                     \
    static const kt_initializer_type id = {                                               \
        .cls = {.class_name = name,                                                       \
                .aliases = alias,                                                         \
                .module = "keras.initializers",                                           \
                .config = &config_type,                                                   \
                .summary = sentence,                                                      \
                .check = check},                                                          \
        .fill = fill_##id,                                                                \
    };

SCALED(glorot_uniform, "GlorotUniform", "glorot_uniform", 1, "fan_avg", "uniform",
       "Uniform values of variance 2 / (inputs + outputs).")
SCALED(glorot_normal, "GlorotNormal", "glorot_normal", 1, "fan_avg", "truncated_normal",
       "Truncated normal values of variance 2 / (inputs + outputs).")
SCALED(he_uniform, "HeUniform", "he_uniform", 2, "fan_in", "uniform",
       "Uniform values of variance 2 / inputs.")
SCALED(he_normal, "HeNormal", "he_normal", 2, "fan_in", "truncated_normal",
       "Truncated normal values of variance 2 / inputs.")
SCALED(lecun_uniform, "LecunUniform", "lecun_uniform", 1, "fan_in", "uniform",
       "Uniform values of variance 1 / inputs.")
SCALED(lecun_normal, "LecunNormal", "lecun_normal", 1, "fan_in", "truncated_normal",
       "Truncated normal values of variance 1 / inputs.")

const kt_class *const kt_initializers_scaled[] = {
    &glorot_uniform.cls,
    &glorot_normal.cls,
    &he_uniform.cls,
    &he_normal.cls,
    &lecun_uniform.cls,
    &lecun_normal.cls,
    NULL,
};
