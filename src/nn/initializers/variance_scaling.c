/* variance_scaling.c - VarianceScaling. */
#include <ctype.h>

#include "nn/initializers/draw.h"
#include "nn/layer.h"

#define FIELDS(F)                                                                     \
    F(ANY, scale, "1.0", "", "Factor of the variance.")                               \
    F(STR, mode, "fan_in", "met: hash(x)",                                            \
      "What divides the variance: fan_in, fan_out or fan_avg.")                       \
    F(STR, distribution, "truncated_normal", "met: x.lower()",                        \
      "truncated_normal, untruncated_normal or uniform.")                             \
    F(ANY, seed, "None", "", "An integer: the same values at each call.")             \
    F(ANY, input_axes, "None", "ints", "Axes whose product is the number of inputs.") \
    F(ANY, output_axes, "None", "ints", "Axes whose product is the number of outputs.")
KT_CONFIG(FIELDS);

static kt_status check_scale(const kt_value *scale, kt_fault *f)
{
    double x = 0;

    if (!kt_value_number(scale, &x))
        return kt_raise(f, KT_E_TYPE, "'<=' not supported between instances of '%s' and 'float'",
                        kt_python_type(scale));
    if (x > 0)
        return KT_OK;
    kt_str text = {0};
    kt_value_repr(&text, scale);
    kt_raise(f, KT_E_VALUE, "Argument `scale` must be positive float. Received: scale=%s",
             kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

static bool one_of(const char *word, const char *const words[3])
{
    return kt_streq(word, words[0]) || kt_streq(word, words[1]) || kt_streq(word, words[2]);
}

/* In lower case; "normal" is the truncated one. */
static kt_status read_distribution(kt_arena *a, config *c, kt_fault *f)
{
    static const char *const known[] = {"truncated_normal", "uniform", "untruncated_normal"};
    char                    *word = kt_arena_strdup(a, c->distribution);

    if (!c->distribution)
        return kt_raise(f, KT_E_ATTRIBUTE, "'NoneType' object has no attribute 'lower'");
    if (!word)
        return kt_raise_memory(f);
    for (char *s = word; *s; s++)
        *s = (char)tolower((unsigned char)*s);
    c->distribution = kt_streq(word, "normal") ? "truncated_normal" : word;
    if (one_of(c->distribution, known))
        return KT_OK;
    return kt_raise(f, KT_E_VALUE,
                    "Invalid `distribution` argument: %s.Please use one of {'%s', '%s', '%s'}",
                    word, known[0], known[1], known[2]);
}

static kt_status check(kt_arena *a, void *self, kt_fault *f)
{
    static const char *const modes[] = {"fan_avg", "fan_in", "fan_out"};
    config                  *c = self;

    if (check_scale(c->scale, f) != KT_OK)
        return f->e.status;
    if (!one_of(c->mode, modes))
        return kt_raise(f, KT_E_VALUE,
                        "Invalid `mode` argument: %s. Please use one of {'%s', '%s', '%s'}",
                        c->mode ? c->mode : "None", modes[0], modes[1], modes[2]);
    if (read_distribution(a, c, f) != KT_OK)
        return f->e.status;
    return kt_check_seed(c->seed, f);
}

static kt_status fill(const void *self, const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    const config *c = self;
    kt_scaling    s = {.mode = c->mode,
                       .distribution = c->distribution,
                       .input_axes = c->input_axes,
                       .output_axes = c->output_axes};

    (void)kt_value_number(c->scale, &s.scale);
    return kt_fill_scaled(&s, seed, value, f);
}

static const kt_initializer_type variance_scaling = {
    .cls = {.class_name = "VarianceScaling",
            .aliases = "variance_scaling",
            .module = "keras.initializers",
            .config = &config_type,
            .summary = "Values whose variance follows from the shape of the weights.",
            .check = check},
    .fill = fill,
};

const kt_class *const kt_initializers_variance_scaling[] = {&variance_scaling.cls, NULL};
