/* stft_spectrogram.c - STFTSpectrogram: how much of each frequency there is in a signal, frame by
 * frame. A frame's Fourier transform is a convolution with cosines and sines, its weights. */
#include <string.h>

#include "nn/shared/taper.h"
#include "nn/shared/window.h"

#define STFT(F, T)                                                                              \
    F(T, STR, mode, "log", "", "'log', 'magnitude', 'psd', 'real', 'imag', 'angle' or 'stft'.") \
    F(T, INT, frame_length, "256", "> 0", "Steps of a frame.")                                  \
    F(T, OPTINT, frame_step, "None", "", "From one frame to the next; None: half a frame.")     \
    F(T, OPTINT, fft_length, "None", "", "Of the transform; None: the next power of two.")      \
    F(T, ANY, window, "hann", "", "Name of a window, its values, or None.")                     \
    F(T, BOOL, periodic, "False", "", "The window is periodic, else symmetric.")                \
    F(T, STR, scaling, "density", "", "'density', 'spectrum' or None.")                         \
    F(T, STR, padding, "valid", "", "'valid' or 'same'.")                                       \
    F(T, BOOL, expand_dims, "False", "", "Frequencies and channels on axes of their own.")      \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(stft, STFT);

typedef struct state {
    int64_t step, length, bins; /* of frames; of the transform; frequencies */
    bool    channels_first;
} state;

/* --- the constructor --- */

static kt_status check_lengths(kt_layer *self, const stft *c, state *s)
{
    int64_t frame = c->frame_length;

    if (frame > INT32_MAX || (c->fft_length.set && c->fft_length.v > INT32_MAX))
        return kt_layer_fail(self, KT_E_VALUE, "STFTSpectrogram: a frame has at most %d steps",
                             INT32_MAX);
    if (c->frame_step.set && (c->frame_step.v > frame || c->frame_step.v < 1))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`frame_step` should be a positive integer not greater than `frame_length`. Received frame_step=%lld, frame_length=%lld",
            (long long)c->frame_step.v, (long long)frame);
    if (c->fft_length.set && c->fft_length.v < frame)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`fft_length` should be not less than `frame_length`. Received fft_length=%lld, frame_length=%lld",
            (long long)c->fft_length.v, (long long)frame);
    s->step = c->frame_step.set ? c->frame_step.v : frame / 2;
    s->length = c->fft_length.set ? c->fft_length.v : 1;
    while (s->length < frame)
        s->length *= 2;
    s->bins = s->length / 2 + 1;
    return KT_OK;
}

static bool among(const char *word, const char *words)
{
    size_t n = word ? strlen(word) : 0;

    for (const char *p = words; n && (p = strstr(p, word)); p += n)
        if ((p == words || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
            return true;
    return false;
}

static kt_status check(kt_layer *self)
{
    stft       *c = self->config;
    state      *s = self->state;
    const char *window = kt_value_text(c->window);

    if (check_lengths(self, c, s) != KT_OK)
        return kt_layer_status(self);
    if (!among(c->mode, "log magnitude psd real imag angle stft"))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Output mode is invalid, it must be one of log, magnitude, psd, real, imag, angle, stft. Received: mode=%s",
            c->mode ? c->mode : "None");
    if (c->scaling && !among(c->scaling, "density spectrum"))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Scaling is invalid, it must be `None`, 'density' or 'spectrum'. Received scaling=%s",
            c->scaling);
    if (!among(c->padding, "valid same"))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Padding is invalid, it should be 'valid', 'same'. Received: padding=%s",
            c->padding ? c->padding : "None");
    if (window && !kt_taper_known(window))
        return kt_layer_fail(self, KT_E_VALUE, "Invalid window name '%s' in parameter window='%s'!",
                             window, window);
    kt_check_data_format(self, &c->data_format);
    s->channels_first = kt_streq(c->data_format, "channels_first");
    return kt_layer_status(self);
}

/* --- weights --- */

static const kt_value *kernel_of(kt_layer *self, const char *side)
{
    const stft     *c = self->config;
    kt_arena       *a = &self->arena;
    kt_value       *v = kt_value_new(a, KT_DICT), *args = kt_value_new(a, KT_DICT);
    const kt_value *window = c->window;
    bool            ok = v && args && kt_value_add(a, args, "side", kt_value_str(a, side)) &&
              kt_value_add(a, args, "window",
                           window ? kt_value_copy(a, window) : kt_value_new(a, KT_NONE)) &&
              kt_value_add(a, args, "scaling",
                           c->scaling ? kt_value_str(a, c->scaling) : kt_value_new(a, KT_NONE)) &&
              kt_value_add(a, args, "periodic", kt_value_bool(a, c->periodic)) &&
              kt_value_add(a, v, "class_name", kt_value_str(a, "STFT")) &&
              kt_value_add(a, v, "config", args);

    if (!ok)
        kt_raise_memory(&self->fault);
    return ok ? v : NULL;
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const stft  *c = self->config;
    const state *s = self->state;
    kt_shape     shape = KT_SHAPE(c->frame_length, 1, s->bins);

    (void)n_in;
    (void)in;
    if (!kt_streq(c->mode, "imag"))
        kt_add_weight(self, "real_kernel", shape, kernel_of(self, "real"), NULL, NULL, true);
    if (!kt_streq(c->mode, "real") && kt_layer_status(self) == KT_OK)
        kt_add_weight(self, "imag_kernel", shape, kernel_of(self, "imag"), NULL, NULL, true);
    return kt_layer_status(self);
}

/* --- computing --- */

static kt_node *stand_in(kt_layer *self, kt_call *c, const kt_node *x)
{
    const stft  *cfg = self->config;
    const state *s = self->state;
    kt_window    w = {.rank = 1,
                      .size = {cfg->frame_length},
                      .strides = {s->step},
                      .dilation = {1},
                      .same = kt_streq(cfg->padding, "same"),
                      .channels_first = s->channels_first};
    int64_t      channels = x->shape.dim[s->channels_first ? 1 : 2],
            t = x->shape.dim[s->channels_first ? 2 : 1],
            bins = s->bins * (kt_streq(cfg->mode, "stft") ? 2 : 1);

    if (channels == KT_UNKNOWN)
        return kt_call_fail(self, c, KT_E_TYPE,
                            "unsupported operand type(s) for *: 'int' and 'NoneType'");
    if (s->step == 0)
        return kt_call_fail(self, c, KT_E_VALUE, "frame_step is 0");
    if (kt_check_conv_shape(c->g->fault, &self->arena, &w, &x->shape, bins * channels) != KT_OK)
        return c->g->poison;
    if (t != KT_UNKNOWN)
        t = w.same ? (t - 1) / s->step + 1 : (t - cfg->frame_length) / s->step + 1;
    kt_shape out = KT_SHAPE(x->shape.dim[0], t, bins * channels);
    if (cfg->expand_dims)
        out = s->channels_first ? KT_SHAPE(x->shape.dim[0], channels, t, bins)
                                : KT_SHAPE(x->shape.dim[0], t, bins, channels);
    else if (s->channels_first)
        out = KT_SHAPE(x->shape.dim[0], bins * channels, t);
    return kt_placeholder(c->g, "", self->dtype, out);
}

/* [batch * channels, steps, 1] -> [batch * channels, frames, frequencies] */
static kt_node *transformed(kt_layer *self, kt_call *c, kt_node *x, const char *weight)
{
    const state   *s = self->state;
    bool           same = kt_streq(((const stft *)self->config)->padding, "same");
    kt_window_attr attr = {.spatial = 1, .same = same, .stride = {s->step}, .groups = 1};

    return kt_conv(c->g, x, kt_weight(self, c, weight), &attr);
}

/* Inner frequencies stand for two of the whole transform. */
static kt_node *doubled_inside(kt_graph *g, kt_node *power)
{
    int64_t     bins = kt_dim(&power->shape, -1);
    kt_pad_attr pad = {0};

    if (kt_is_poison(g, power) || bins < 2)
        return power;
    pad.before[2] = pad.after[2] = 1;
    return kt_add(g, power, kt_pad(g, kt_slice_axis(g, power, 2, 1, bins - 2), &pad));
}

static kt_node *at_least(kt_graph *g, kt_node *x, double least)
{
    return kt_binary(g, KT_BI_MAXIMUM, x, kt_scalar_as(g, least, x->dtype));
}

static kt_node *in_mode(kt_graph *g, const char *mode, kt_node *re, kt_node *im)
{
    if (kt_streq(mode, "real"))
        return re;
    if (kt_streq(mode, "imag"))
        return im;
    if (kt_streq(mode, "angle"))
        return kt_angle(g, im, re);
    if (kt_streq(mode, "stft"))
        return kt_concat(g, 2, (kt_node *[]){re, im}, 2);
    kt_node *power = kt_add(g, kt_unary(g, KT_UN_SQUARE, re), kt_unary(g, KT_UN_SQUARE, im));
    if (kt_streq(mode, "psd"))
        return doubled_inside(g, power);
    kt_node *size = kt_unary(g, KT_UN_SQRT, at_least(g, power, 1e-7)); /* backend.epsilon() */
    return kt_streq(mode, "magnitude") ? size : kt_unary(g, KT_UN_LOG, at_least(g, size, 1e-7));
}

/* [batch * channels, frames, frequencies] as the layer's data format and expand_dims say. */
static kt_node *arranged(kt_layer *self, kt_graph *g, kt_node *y, int64_t batch, int64_t channels)
{
    const stft *cfg = self->config;
    bool        first = ((const state *)self->state)->channels_first;

    if (kt_is_poison(g, y))
        return y;
    int64_t frames = y->shape.dim[1], bins = y->shape.dim[2];
    y = kt_reshape(g, y, KT_SHAPE(batch, channels, frames, bins));
    if (cfg->expand_dims)
        return first ? y : kt_transpose(g, y, (int[]){0, 2, 3, 1});
    y = kt_transpose(g, y, first ? (int[]){0, 1, 3, 2} : (int[]){0, 2, 1, 3});
    return kt_reshape(g, y,
                      first ? KT_SHAPE(batch, channels * bins, frames)
                            : KT_SHAPE(batch, frames, channels * bins));
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const stft  *cfg = self->config;
    const state *s = self->state;
    kt_node     *re = NULL, *im = NULL;

    if (!c->t->eager)
        return stand_in(self, c, x);
    if (!kt_dtype_is_float(x->dtype))
        return kt_call_fail(
            self, c, KT_E_TYPE,
            "Invalid input type. Expected `float16`, `float32` or `float64`. Received: input type=<dtype: '%s'>",
            kt_dtype_name(x->dtype));
    if (s->step == 0 || !kt_shape_known(&x->shape))
        return stand_in(self, c, x);
    int64_t batch = x->shape.dim[0];
    if (!s->channels_first)
        x = kt_transpose(c->g, x, (int[]){0, 2, 1});
    int64_t channels = x->shape.dim[1], steps = x->shape.dim[2];
    x = kt_reshape(c->g, x, KT_SHAPE(batch * channels, steps, 1));
    if (!kt_streq(cfg->mode, "imag"))
        re = transformed(self, c, x, "real_kernel");
    if (!kt_streq(cfg->mode, "real"))
        im = transformed(self, c, x, "imag_kernel");
    return arranged(self, c->g, in_mode(c->g, cfg->mode, re, im), batch, channels);
}

static const kt_layer_type type = {
    .cls = {.class_name = "STFTSpectrogram",
            .module = "keras.layers",
            .config = &stft_type,
            .summary = "The spectrum of each frame of a signal."},
    .input = {.ndim = 3, .dtype = -1},
    .check = check,
    .build = build,
    .call1 = call,
    .state_size = sizeof(state),
    .sample = "STFTSpectrogram(frame_length=4); "
              "STFTSpectrogram('psd', 4, 2, 8, padding='same', expand_dims=True); "
              "STFTSpectrogram('stft', 4, window=None, scaling=None, data_format='channels_first')",
    .sample_input = "(2, 9, 2); (1, 9, 2); (2, 2, 8)",
};

const kt_layer_type *const kt_layers_stft_spectrogram[] = {&type, NULL};
