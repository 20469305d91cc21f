/* mel_spectrogram.c - MelSpectrogram: how loud a signal is in bands that are even to the ear, frame
 * by frame. A frame's Fourier transform is a convolution with cosines and sines. */
#include <math.h>

#include "nn/layer.h"
#include "nn/shared/taper.h"

#define FIELDS(F)                                                                              \
    F(INT, fft_length, "2048", "> 0", "Of the transform.")                                     \
    F(INT, sequence_stride, "512", "> 0", "From one frame to the next.")                       \
    F(OPTINT, sequence_length, "None", "", "Steps of a frame; None: fft_length.")              \
    F(ANY, window, "hann", "", "'hann', 'hamming', its values, or None.")                      \
    F(FLOAT, sampling_rate, "16000", "", "Steps in a second.")                                 \
    F(INT, num_mel_bins, "128", "> 0", "How many bands.")                                      \
    F(FLOAT, min_freq, "20.0", "kept", "Where the lowest begins, in hertz.")                   \
    F(OPTFLOAT, max_freq, "None", "", "Where the highest ends; None: half the sampling rate.") \
    F(BOOL, power_to_db, "True", "", "In decibels.")                                           \
    F(FLOAT, top_db, "80.0", "kept", "The most below the loudest.")                            \
    F(FLOAT, mag_exp, "2.0", "kept", "The magnitude's exponent: 1 or, for power, 2.")          \
    F(FLOAT, min_power, "1e-10", "kept", "The least that a logarithm is taken of.")            \
    F(FLOAT, ref_power, "1.0", "kept", "What counts as 0 decibels.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    if (!c->sequence_length.set || c->sequence_length.v == 0)
        c->sequence_length = (kt_optint){.set = true, .v = c->fft_length};
    if (!c->max_freq.set || c->max_freq.v == 0)
        c->max_freq = (kt_optfloat){true, trunc(c->sampling_rate / 2)};
    if (c->fft_length < c->sequence_length.v)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`fft_length` must be greater than or equal to   `sequence_length`. Received: `sequence_length`=%lld, `fft_length`=%lld.",
            (long long)c->sequence_length.v, (long long)c->fft_length);
    if (c->fft_length > INT32_MAX || c->num_mel_bins > INT32_MAX || c->sequence_length.v < 1)
        return kt_layer_fail(self, KT_E_VALUE, "MelSpectrogram: lengths from 1 to %d", INT32_MAX);
    return KT_OK;
}

static kt_node *stand_in(kt_layer *self, kt_call *c, const kt_node *x)
{
    const config *cfg = self->config;
    bool          bare = x->shape.rank == 1;
    int64_t       steps = kt_dim(&x->shape, bare ? 0 : 1), stride = cfg->sequence_stride;

    if (x->shape.rank == 0)
        return kt_call_fail(self, c, KT_E_INDEX,
                            c->t->eager ? "list assignment index out of range"
                                        : "tuple index out of range");
    if (steps != KT_UNKNOWN)
        steps = (steps + stride + 1) / stride;
    return kt_placeholder(c->g, "", self->dtype,
                          bare ? KT_SHAPE(cfg->num_mel_bins, steps)
                               : KT_SHAPE(x->shape.dim[0], cfg->num_mel_bins, steps));
}

/* --- frames --- */

static kt_node *constant(kt_call *c, kt_tensor *t)
{
    if (!t)
        kt_raise_memory(c->g->fault);
    return t ? kt_constant(c->g, t) : c->g->poison;
}

/* Half a transform before and behind the signal [n, steps], mirrored at its ends. */
static kt_node *mirrored(kt_layer *self, kt_call *c, kt_node *x, int64_t half)
{
    int64_t    steps = x->shape.dim[1];
    kt_tensor *index;

    if (half >= steps)
        return kt_call_fail(
            self, c, KT_E_INVALID_ARGUMENT,
            "The paddings must be less than the dimension size: %lld, %lld not less than %lld",
            (long long)half, (long long)half, (long long)steps);
    index = kt_tensor_new(KT_I32, KT_SHAPE(steps + 2 * half));
    for (int64_t i = 0; index && i < index->count; i++) {
        int64_t at = i < half ? half - i : i - half;
        kt_tensor_set(index, i, (double)(at < steps ? at : 2 * steps - 2 - at));
    }
    return kt_gather(c->g, x, constant(c, index), 1);
}

/* The n values of the window; TensorFlow's periodic ones of an odd length are symmetric. */
static bool read_window(kt_layer *self, kt_call *c, int64_t n, double *out)
{
    const kt_value *w = ((const config *)self->config)->window;
    const char     *name = kt_value_text(w);

    for (int64_t i = 0; i < n; i++)
        out[i] = 1;
    if (kt_is_none(w))
        return true;
    if (name && !kt_streq(name, "hann") && !kt_streq(name, "hamming")) {
        kt_call_fail(
            self, c, KT_E_VALUE,
            "If a string is passed to `window`, it must be one of `\"hann\"`, `\"hamming\"`. Received: window=%s",
            name);
        return false;
    }
    if (name) {
        kt_taper(name, n, n % 2 == 0, out);
        return true;
    }
    bool fits = kt_value_is_seq(w) && (int64_t)w->n == n;
    for (int64_t i = 0; fits && i < n; i++)
        fits = kt_value_number(w->items[i], &out[i]);
    if (!fits)
        kt_call_fail(
            self, c, KT_E_VALUE,
            "The shape of `window` must be equal to [sequence_length].Received: window shape=(%lld,)",
            kt_value_is_seq(w) ? (long long)w->n : 0LL);
    return fits;
}

/* Steps of a frame: without a window Keras takes all of the transform's. */
static int64_t frame_of(const config *cfg)
{
    return kt_is_none(cfg->window) ? cfg->fft_length : cfg->sequence_length.v;
}

/* Cosines, then sines, under the window: [frame, 1, 2 * frequencies]. A frame lies in the middle of
 * one of the transform's length. */
static kt_node *waves(kt_layer *self, kt_call *c, const double *window)
{
    const config *cfg = self->config;
    int64_t       n = frame_of(cfg), fft = cfg->fft_length, bins = fft / 2 + 1;
    int64_t       left = (fft - n) / 2;
    kt_tensor    *t = kt_tensor_new(self->dtype, KT_SHAPE(n, 1, 2 * bins));

    for (int64_t i = 0; t && i < n; i++)
        for (int64_t k = 0; k < bins; k++) {
            double angle = 2 * acos(-1) * (double)((i + left) * k % fft) / (double)fft;
            kt_tensor_set(t, i * 2 * bins + k, window[i] * cos(angle));
            kt_tensor_set(t, i * 2 * bins + bins + k, -window[i] * sin(angle));
        }
    return constant(c, t);
}

/* [n, steps] -> [n, frames, frequencies], the magnitudes. */
static kt_node *magnitudes(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    kt_graph     *g = c->g;
    int64_t       n = frame_of(cfg), fft = cfg->fft_length, bins = fft / 2 + 1;
    double       *window = kt_arena_alloc(&g->arena, (size_t)n * sizeof *window);

    if (!window)
        kt_raise_memory(g->fault);
    if (!window || !read_window(self, c, n, window))
        return g->poison;
    x = mirrored(self, c, x, fft / 2);
    if (kt_is_poison(g, x))
        return x;
    int64_t left = (fft - n) / 2, steps = x->shape.dim[1] - (fft - n);
    x = kt_slice_axis(g, x, 1, left, steps); /* what frames see: their outermost steps are zero */
    kt_window_attr attr = {.spatial = 1, .stride = {cfg->sequence_stride}, .groups = 1};
    kt_node       *both = kt_conv(g, kt_expand_dims(g, x, 2), waves(self, c, window), &attr);
    kt_node       *squares = kt_unary(g, KT_UN_SQUARE, both);
    return kt_unary(
        g, KT_UN_SQRT,
        kt_add(g, kt_slice_axis(g, squares, 2, 0, bins), kt_slice_axis(g, squares, 2, bins, bins)));
}

/* --- bands --- */

static float mel_of(float hertz)
{
    return 1127.0f * logf(1.0f + hertz / 700.0f);
}

/* [frequencies, bands]: triangles on the mel scale, in Keras' float32. */
static kt_node *bands(kt_layer *self, kt_call *c, int64_t bins)
{
    const config *cfg = self->config;
    int64_t       n = cfg->num_mel_bins;
    kt_tensor    *t = kt_tensor_new(self->dtype, KT_SHAPE(bins, n));
    float         nyquist = (float)cfg->sampling_rate / 2, least = mel_of((float)cfg->min_freq),
          most = mel_of((float)cfg->max_freq.v), apart = (most - least) / (float)(n + 1);

    for (int64_t i = 0; t && i < bins; i++)
        for (int64_t k = 0; k < n; k++) {
            float mel = mel_of(nyquist / (float)(bins - 1) * (float)i);
            float lower = least + apart * (float)k, centre = least + apart * (float)(k + 1),
                  upper = k + 2 == n + 1 ? most : least + apart * (float)(k + 2);
            float up = (mel - lower) / (centre - lower), down = (upper - mel) / (upper - centre);
            kt_tensor_set(t, i * n + k, i ? (double)fmaxf(0, fminf(up, down)) : 0);
        }
    return constant(c, t);
}

static kt_node *at_least(kt_graph *g, kt_node *x, double least)
{
    return kt_binary(g, KT_BI_MAXIMUM, x, kt_scalar_as(g, least, x->dtype));
}

/* 10 log10, with nothing more than top_db below the loudest of all. */
static kt_node *decibels(const config *cfg, kt_graph *g, kt_node *x)
{
    double   zero = 10 * log10(fmax(fabs(cfg->ref_power), cfg->min_power));
    kt_node *y = kt_mul_scalar(g, kt_unary(g, KT_UN_LOG10, at_least(g, x, cfg->min_power)), 10);

    y = kt_add_scalar(g, y, -zero);
    if (kt_is_poison(g, y))
        return y;
    kt_node *top = kt_reduce(g, KT_RE_MAX, y, (1u << y->shape.rank) - 1, false);
    return kt_binary(g, KT_BI_MAXIMUM, y, kt_add_scalar(g, top, -cfg->top_db));
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    kt_graph     *g = c->g;
    kt_shape      s = x->shape;

    if (!c->t->eager || !kt_shape_known(&s) || s.rank == 0)
        return stand_in(self, c, x);
    if (s.rank >= KT_MAX_RANK)
        return kt_call_fail(self, c, KT_E_VALUE, "The result has more than %d axes", KT_MAX_RANK);
    int64_t steps = s.dim[s.rank - 1], n = kt_shape_product(&s, 0, s.rank - 1);
    x = kt_reshape(g, kt_cast(g, x, self->dtype), KT_SHAPE(n, steps));
    kt_node *y = magnitudes(self, c, x);
    if (kt_is_poison(g, y))
        return y;
    y = kt_binary(g, KT_BI_POW, y, kt_scalar_as(g, cfg->mag_exp, y->dtype));
    y = kt_matmul(g, y, bands(self, c, cfg->fft_length / 2 + 1), false, false);
    if (cfg->power_to_db)
        y = decibels(cfg, g, y);
    y = kt_transpose(g, y, (int[]){0, 2, 1});
    if (kt_is_poison(g, y))
        return y;
    int64_t frames = y->shape.dim[2];
    s.dim[s.rank - 1] = cfg->num_mel_bins;
    s.dim[s.rank++] = frames;
    return kt_reshape(g, y, s);
}

static const kt_layer_type type = {
    .cls = {.class_name = "MelSpectrogram",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "How loud a signal is in bands of the mel scale, frame by frame."},
    .input = {.dtype = -1},
    .check = check,
    .call1 = call,
    .sample = "MelSpectrogram(8, 4, num_mel_bins=3, sampling_rate=200); "
              "MelSpectrogram(8, 3, 6, 'hamming', 100, 4, power_to_db=False)",
    .sample_input = "(2, 12); (2, 9)",
};

const kt_layer_type *const kt_layers_mel_spectrogram[] = {&type, NULL};
