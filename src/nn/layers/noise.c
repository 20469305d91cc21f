/* noise.c - SpatialDropout, GaussianNoise, GaussianDropout, AlphaDropout: what training adds or
 * takes at random. The random numbers are those of Keras on TensorFlow. */
#include "nn/texts/encode.h"

#include <math.h>

static double number(const kt_value *v)
{
    double x = 0;

    (void)kt_value_number(v, &x);
    return x;
}

/* Keras' check of a share; a share above 0 has a seed generator. */
static kt_status check_share(kt_layer *self, const char *name, const kt_value *v, kt_optint seed)
{
    double share = 0;

    if (!kt_python_orders(self, v, "<=", "int", KT_SECOND))
        return kt_layer_status(self);
    if (!kt_value_number(v, &share) || share < 0 || share > 1) {
        kt_str text = {0};
        kt_python_str(&text, v);
        kt_layer_fail(self, KT_E_VALUE,
                      "Invalid value received for argument `%s`. Expected a float value between 0 "
                      "and 1. Received: %s=%s",
                      name, name, kt_str_text(&text));
        kt_str_free(&text);
    } else if (share > 0) {
        kt_make_seed(self, seed);
    }
    return kt_layer_status(self);
}

static kt_value *seed_value(kt_arena *a, kt_optint seed)
{
    return seed.set ? kt_value_int(a, seed.v) : kt_value_new(a, KT_NONE);
}

/* Random numbers of x's shape. */
static kt_node *normal(kt_layer *self, kt_call *c, const kt_node *x, double mean, double stddev,
                       kt_optint seed)
{
    kt_value      *v = seed_value(&c->g->arena, seed);
    kt_random_attr attr = {KT_RA_NORMAL, x->dtype, mean, stddev, x->shape};

    return kt_cast(c->g, kt_random(c->g, kt_next_seed(self, c, v), &attr), x->dtype);
}

/* --- SpatialDropout --------------------------------------------------------------------------- */

#define SPATIAL(F, T)                                                       \
    F(T, ANY, rate, REQUIRED, "float", "Share of the channels, in [0, 1].") \
    F(T, OPTINT, seed, "None", "kept", "Of the random numbers.")
KT_CONFIG_OF(spatial, SPATIAL);
#define SPATIAL_FORMAT(F, T)                                                \
    F(T, ANY, rate, REQUIRED, "float", "Share of the channels, in [0, 1].") \
    F(T, STR, data_format, "None", "",                                      \
      "'channels_last' or 'channels_first'; None: channels_last.")          \
    F(T, OPTINT, seed, "None", "kept", "Of the random numbers.")
KT_CONFIG_OF(spatial_format, SPATIAL_FORMAT);

static kt_status check_spatial(kt_layer *self)
{
    const spatial *c = self->config;

    return check_share(self, "rate", c->rate, c->seed);
}

static kt_status check_format(kt_layer *self)
{
    spatial_format *c = self->config;

    if (check_share(self, "rate", c->rate, c->seed) != KT_OK)
        return kt_layer_status(self);
    return kt_check_data_format(self, &c->data_format);
}

/* Whole channels go: one random number for each sample and channel. */
static kt_node *drop_channels(kt_layer *self, kt_call *c, kt_node *x, bool first, double rate,
                              kt_optint seed)
{
    kt_shape mask = x->shape;

    for (int i = 1; i < mask.rank; i++)
        if (i != (first ? 1 : mask.rank - 1))
            mask.dim[i] = 1;
    return c->training && rate > 0 ? kt_drop(self, c, x, &mask, rate, seed) : x;
}

static kt_node *call_spatial(kt_layer *self, kt_call *c, kt_node *x)
{
    const spatial *cfg = self->config;

    return drop_channels(self, c, x, false, number(cfg->rate), cfg->seed);
}

static kt_node *call_format(kt_layer *self, kt_call *c, kt_node *x)
{
    const spatial_format *cfg = self->config;

    return drop_channels(self, c, x, kt_streq(cfg->data_format, "channels_first"),
                         number(cfg->rate), cfg->seed);
}

/* --- GaussianNoise, GaussianDropout ----------------------------------------------------------- */

#define NOISE(F, T)                                                        \
    F(T, ANY, stddev, REQUIRED, "float", "Standard deviation, in [0, 1].") \
    F(T, OPTINT, seed, "None", "kept", "Of the random numbers.")
KT_CONFIG_OF(noise, NOISE);

static kt_status check_noise(kt_layer *self)
{
    const noise *c = self->config;

    return check_share(self, "stddev", c->stddev, c->seed);
}

static kt_node *call_noise(kt_layer *self, kt_call *c, kt_node *x)
{
    const noise *cfg = self->config;
    double       stddev = number(cfg->stddev);

    return c->training && stddev > 0 ? kt_add(c->g, x, normal(self, c, x, 0, stddev, cfg->seed))
                                     : x;
}

static kt_node *call_gaussian(kt_layer *self, kt_call *c, kt_node *x)
{
    const spatial *cfg = self->config;
    double         rate = number(cfg->rate);

    if (!c->training || rate <= 0)
        return x;
    return kt_mul(c->g, x, normal(self, c, x, 1, sqrt(rate / (1 - rate)), cfg->seed));
}

/* --- AlphaDropout ----------------------------------------------------------------------------- */

#define ALPHA(F, T)                                                                            \
    F(T, ANY, rate, REQUIRED, "float", "Share that is dropped, in [0, 1].")                    \
    F(T, SHAPE, noise_shape, "None", "", "Shape of the mask; axes of 1 are dropped together.") \
    F(T, OPTINT, seed, "None", "kept", "Of the random numbers.")
KT_CONFIG_OF(alpha, ALPHA);

static kt_status check_alpha(kt_layer *self)
{
    const alpha *c = self->config;

    return check_share(self, "rate", c->rate, c->seed);
}

static kt_shape noise_shape(const alpha *cfg, const kt_shape *x)
{
    kt_shape s = *x;

    for (int i = 0; cfg->noise_shape.set && i < s.rank && i < cfg->noise_shape.v.rank; i++)
        if (cfg->noise_shape.v.dim[i] != KT_UNKNOWN)
            s.dim[i] = cfg->noise_shape.v.dim[i];
    return s;
}

/* Dropped values become selu's lower limit, and the result is scaled and moved so that mean and
 * variance stay (Klambauer et al. 2017). */
static kt_node *call_alpha(kt_layer *self, kt_call *c, kt_node *x)
{
    static const double limit = -1.6732632423543772 * 1.0507009873554805;
    const alpha        *cfg = self->config;
    kt_graph           *g = c->g;
    double              rate = number(cfg->rate);

    if (!c->training || rate <= 0)
        return x;
    kt_random_attr attr = {KT_RA_UNIFORM, KT_F32, 0, 1, noise_shape(cfg, &x->shape)};
    kt_node       *u = kt_random(g, kt_next_seed(self, c, seed_value(&g->arena, cfg->seed)), &attr);
    kt_node       *kept = kt_binary(g, KT_BI_GREATER_EQUAL, u, kt_scalar_as(g, rate, u->dtype));
    double         a = 1 / sqrt((1 - rate) * (1 + rate * limit * limit)), b = -a * limit * rate;
    kt_node       *y = kt_select(g, kept, x, kt_scalar_as(g, limit, x->dtype));
    return kt_add_scalar(g, kt_mul_scalar(g, y, a), b);
}

/* --- types ------------------------------------------------------------------------------------ */

#define NOISY(name, fields, start, emit, sentence, ...)                                       \
    {                                                                                         \
        .cls = {.class_name = name,                                                           \
                .module = "keras.layers",                                                     \
                .config = fields,                                                             \
                .summary = sentence},                                                         \
        .flags = KT_LAYER_MASKING | KT_LAYER_READY | KT_LAYER_SAYS_INFERENCE, .check = start, \
        .call1 = emit, __VA_ARGS__                                                            \
    }
#define CHANNELS "Drops a random share of the channels in training."

static const kt_layer_type types[] = {
    NOISY("SpatialDropout1D", &spatial_type, check_spatial, call_spatial, CHANNELS,
          .input = {.ndim = 3, .dtype = -1}, .takes = "name|dtype", .write = kt_write_plain,
          .sample = "SpatialDropout1D(0.5)", .sample_input = "(2, 4, 3)"),
    NOISY("SpatialDropout2D", &spatial_format_type, check_format, call_format, CHANNELS,
          .input = {.ndim = 4, .dtype = -1}, .takes = "name|dtype", .write = kt_write_plain,
          .sample = "SpatialDropout2D(0.5); SpatialDropout2D(0.3, data_format='channels_first')",
          .sample_input = "(2, 3, 3, 4); (2, 4, 3, 3)"),
    NOISY("SpatialDropout3D", &spatial_format_type, check_format, call_format, CHANNELS,
          .input = {.ndim = 5, .dtype = -1}, .takes = "name|dtype", .write = kt_write_plain,
          .sample = "SpatialDropout3D(0.5)", .sample_input = "(2, 2, 2, 2, 3)"),
    NOISY("GaussianNoise", &noise_type, check_noise, call_noise,
          "Adds normal random numbers in training.", .input = {.dtype = -1},
          .sample = "GaussianNoise(0.1)", .sample_input = "(2, 3)"),
    NOISY("GaussianDropout", &spatial_type, check_spatial, call_gaussian,
          "Multiplies with normal random numbers around 1 in training.", .input = {.dtype = -1},
          .sample = "GaussianDropout(0.2)", .sample_input = "(2, 3)"),
    NOISY("AlphaDropout", &alpha_type, check_alpha, call_alpha,
          "Dropout that keeps mean and variance of what selu gives.", .input = {.dtype = -1},
          .sample = "AlphaDropout(0.2); AlphaDropout(0.3, noise_shape=(None, 1))",
          .sample_input = "(2, 3); (3, 4)"),
};

const kt_layer_type *const kt_layers_noise[] = {&types[0], &types[1], &types[2], &types[3],
                                                &types[4], &types[5], NULL};
