/* fixed.c - Zeros and Ones. */
#include "nn/nn.h"

static kt_status fill_with(kt_tensor *value, double x)
{
    for (int64_t i = 0; i < value->count; i++)
        kt_poke(value->data, value->dtype, i, x);
    return KT_OK;
}

static kt_status fill_zeros(const void *config, const int64_t seed[2], kt_tensor *value,
                            kt_fault *f)
{
    (void)config;
    (void)seed;
    (void)f;
    return fill_with(value, 0);
}

static kt_status fill_ones(const void *config, const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    (void)config;
    (void)seed;
    (void)f;
    return fill_with(value, 1);
}

static const kt_initializer_type zeros = {
    .cls = {.class_name = "Zeros",
            .aliases = "zeros|zero",
            .module = "keras.initializers",
            .config = &kt_no_config,
            .summary = "All values are 0."},
    .fill = fill_zeros,
};

static const kt_initializer_type ones = {
    .cls = {.class_name = "Ones",
            .aliases = "ones|one",
            .module = "keras.initializers",
            .config = &kt_no_config,
            .summary = "All values are 1."},
    .fill = fill_ones,
};

const kt_class *const kt_initializers_fixed[] = {&zeros.cls, &ones.cls, NULL};
