/* stft.c - STFT: the kernel of a convolution that is a short-time Fourier transform. */
#include <math.h>

#include "nn/initializers/draw.h"
#include "nn/nn.h"
#include "nn/shared/taper.h"

#define FIELDS(F)                                                                    \
    F(STR, side, "real", "", "real: the cosines, imag: the sines.")                  \
    F(ANY, window, "hann", "", "Name of a window, an array of its values, or None.") \
    F(STR, scaling, "density", "", "density, spectrum or None.")                     \
    F(BOOL, periodic, "False", "", "A named window is periodic, else symmetric.")
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *self, kt_fault *f)
{
    const config *c = self;
    const char   *name = kt_value_text(c->window);

    (void)a;
    if (!kt_streq(c->side, "real") && !kt_streq(c->side, "imag"))
        return kt_raise(f, KT_E_VALUE, "side should be 'real' or 'imag', not %s",
                        c->side ? c->side : "None");
    if (name && !kt_taper_known(name))
        return kt_raise(f, KT_E_VALUE, "Invalid window name '%s' in parameter window='%s'!", name,
                        name);
    if (c->scaling && !kt_streq(c->scaling, "density") && !kt_streq(c->scaling, "spectrum"))
        return kt_raise(f, KT_E_VALUE,
                        "Scaling is invalid, it must be `None`, 'density' or 'spectrum'. Received "
                        "scaling=%s",
                        c->scaling);
    return KT_OK;
}

/* The window's n values: named, or given. */
static kt_status read_window(const config *c, int64_t n, double *out, kt_fault *f)
{
    const kt_value *w = c->window;
    const char     *name = kt_value_text(w);

    if (name) {
        kt_taper(name, n, c->periodic, out);
        return KT_OK;
    }
    int64_t size = kt_value_is_seq(w) ? (int64_t)w->n : 0;
    if (size != n)
        return kt_raise(f, KT_E_VALUE,
                        "The shape of `window` must be equal to [frame_length].Received: window "
                        "shape=(%lld,)",
                        (long long)size);
    kt_shape  shape;
    kt_status status = kt_numbers_shape(w, &shape, f);
    for (int64_t i = 0; status == KT_OK && i < n; i++)
        (void)kt_value_number(w->items[i], &out[i]);
    return status;
}

static double scale_of(const config *c, const double *window, int64_t n)
{
    double squares = 0, sizes = 0;

    for (int64_t i = 0; i < n; i++) {
        squares += window[i] * window[i];
        sizes += fabs(window[i]);
    }
    if (kt_streq(c->scaling, "density"))
        return sqrt(squares);
    return kt_streq(c->scaling, "spectrum") ? sizes : 1;
}

/* -2 pi time k / length. In float32 each step is rounded as Keras' is: the angle of a long frame
 * is many turns, so that rounding shows in the values. */
static double angle(int64_t time, int64_t k, int64_t length, bool narrow)
{
    double pi = acos(-1);

    if (!narrow)
        return -2.0 * (double)time * ((double)k / (double)length) * pi;
    volatile float freq = (float)k / (float)length;
    volatile float turns = -2.0f * (float)time * freq;
    volatile float x = turns * (float)pi;
    return (double)x;
}

/* [frame length, channels, frequencies] */
static void fill_kernel(const config *c, const double *window, double scale, kt_tensor *value)
{
    const int64_t *dim = value->shape.dim;
    bool           sine = kt_streq(c->side, "imag");

    for (int64_t i = 0; i < value->count; i++) {
        int64_t time = i / (dim[1] * dim[2]);
        double  x = angle(time, i % dim[2], (dim[2] - 1) * 2, value->dtype == KT_F32);
        double  y = sine ? sin(x) : cos(x);
        kt_poke(value->data, value->dtype, i, window ? y * window[time] / scale : y);
    }
}

static kt_status fill(const void *self, const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    const config *c = self;
    int           rank = value->shape.rank;
    bool          bare = !c->window || c->window->kind == KT_NONE;

    (void)seed;
    if (rank != 3)
        return rank < 3
                 ? kt_raise(f, KT_E_VALUE, "not enough values to unpack (expected 3, got %d)", rank)
                 : kt_raise(f, KT_E_VALUE, "too many values to unpack (expected 3)");
    if (bare) {
        fill_kernel(c, NULL, 1, value);
        return KT_OK;
    }
    int64_t n = value->shape.dim[0];
    double *window = kt_calloc((size_t)(n > 0 ? n : 1), sizeof *window);
    if (!window)
        return kt_raise_memory(f);
    kt_status status = read_window(c, n, window, f);
    if (status == KT_OK)
        fill_kernel(c, window, scale_of(c, window, n), value);
    kt_free(window);
    return status;
}

static const kt_initializer_type stft = {
    .cls = {.class_name = "STFT",
            .aliases = "stft|STFTInitializer",
            .module = "keras.initializers",
            .config = &config_type,
            .summary = "Cosines or sines, so that a convolution is a Fourier transform.",
            .check = check},
    .fill = fill,
};

const kt_class *const kt_initializers_stft[] = {&stft.cls, NULL};
