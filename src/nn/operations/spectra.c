/* spectra.c - Fourier transforms: of sequences, planes, and of windows that move along. Complex
 * numbers are pairs of tensors. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <math.h>

typedef struct pair {
    kt_node *re, *im;
} pair;

#define PARTS_DIFFER                                                                      \
    "Input `x` should be a tuple of two tensors - real and imaginary. Both the real and " \
    "imaginary parts should have the same shape. Received: x[0].shape = %s, x[1].shape = %s"

/* The two tensors of the call's first argument, real numbers of one dtype. */
static pair complex_of(kt_layer *self, kt_call *c)
{
    kt_operand x[2] = {{NULL, KT_STRONG}, {NULL, KT_STRONG}};
    int        n = kt_operands_of(self, c, 0, x, 2);

    if (n == 2 && !kt_graph_failed(c->g)) {
        const kt_shape *re = &x[0].node->shape, *im = &x[1].node->shape;
        if (re->rank != im->rank || !kt_shape_fits(re, im)) {
            kt_call_fail(self, c, KT_E_VALUE, PARTS_DIFFER, kt_shape_text(&c->g->arena, re),
                         kt_shape_text(&c->g->arena, im));
            return (pair){c->g->poison, c->g->poison};
        }
        kt_dtype dtype = kt_real_dtype(kt_result_dtype(x, 2, KT_STRONG));
        return (pair){kt_as(c, x[0], dtype), kt_as(c, x[1], dtype)};
    }
    kt_call_fail(self, c, KT_E_VALUE,
                 "Input `x` should be a tuple of two tensors - real and imaginary.");
    return (pair){c->g->poison, c->g->poison};
}

static pair transformed(kt_graph *g, pair x, bool inverse)
{
    kt_node *y = kt_fft(g, x.re, x.im, inverse);

    return (pair){y, kt_part(y, 1)};
}

static pair scaled(kt_graph *g, pair x, double by)
{
    return (pair){kt_mul_scalar(g, x.re, by), kt_mul_scalar(g, x.im, by)};
}

static void give(kt_call *c, pair y)
{
    c->out[0] = y.re;
    c->out[1] = y.im;
    c->n_out = 2;
}

static void fft(kt_layer *self, kt_call *c)
{
    give(c, transformed(c->g, complex_of(self, c), false));
}

static pair turned(kt_graph *g, pair x)
{
    return (pair){kt_move_axis(g, x.re, -1, -2), kt_move_axis(g, x.im, -1, -2)};
}

enum { LINE, PLANE, INVERSE_PLANE };

/* The inverse is divided by the number of elements. */
static void fft2(kt_layer *self, kt_call *c)
{
    bool    inverse = self->type->variant == INVERSE_PLANE;
    pair    x = complex_of(self, c);
    int64_t h = kt_dim(&x.re->shape, -2), w = kt_dim(&x.re->shape, -1);
    pair    y = transformed(c->g, turned(c->g, transformed(c->g, x, inverse)), inverse);

    y = turned(c->g, y);
    give(c, inverse && h > 0 && w > 0 ? scaled(c->g, y, 1 / ((double)h * (double)w)) : y);
}

/* --- of real numbers --- */

/* The last axis cut, or filled up with zeros, to n. */
static kt_node *resized(kt_graph *g, kt_node *x, int64_t n)
{
    int         last = x->shape.rank - 1;
    int64_t     own = kt_dim(&x->shape, -1);
    kt_pad_attr pad = {.value = 0};

    if (kt_graph_failed(g))
        return x;
    if (own >= n)
        return own == n ? x : kt_slice_axis(g, x, last, 0, n);
    pad.after[last] = n - own;
    return kt_pad(g, x, &pad);
}

/* The first n / 2 + 1 coefficients; the others are their mirror image. */
static pair of_real(kt_graph *g, kt_node *x, int64_t n)
{
    x = resized(g, x, n);
    pair y = transformed(g, (pair){x, kt_mul_scalar(g, x, 0)}, false);
    return (pair){resized(g, y.re, n / 2 + 1), resized(g, y.im, n / 2 + 1)};
}

/* What it is of, of n numbers. */
static kt_node *to_real(kt_graph *g, pair x, int64_t n)
{
    int64_t half = n / 2 + 1, rest = n - half;

    x = (pair){resized(g, x.re, half), resized(g, x.im, half)};
    if (kt_graph_failed(g))
        return g->poison;
    int      last = x.re->shape.rank - 1;
    kt_node *re = kt_reverse(g, kt_slice_axis(g, x.re, last, rest > 0 ? 1 : 0, rest), last);
    kt_node *im = kt_reverse(g, kt_slice_axis(g, x.im, last, rest > 0 ? 1 : 0, rest), last);
    pair     all = {kt_concat(g, 2, (kt_node *[]){x.re, re}, last),
                    kt_concat(g, 2, (kt_node *[]){x.im, kt_unary(g, KT_UN_NEG, im)}, last)};
    return kt_mul_scalar(g, kt_fft(g, all.re, all.im, true), 1 / (double)n);
}

#define LENGTH(F, T) F(T, OPTINT, fft_length, "None", "", "How many numbers; None: all.")
KT_CONFIG_OF(length, LENGTH);

static pair unsized_pair(kt_call *c, const kt_node *like, kt_shape shape)
{
    return (pair){kt_unsized(c, like->dtype, shape), kt_unsized(c, like->dtype, shape)};
}

static bool good_length(kt_layer *self, kt_call *c, int64_t n)
{
    if (n < 1 || n > INT32_MAX)
        kt_call_fail(self, c, KT_E_VALUE,
                     "`fft_length` must be positive. Received: fft_length=%lld", (long long)n);
    return !kt_graph_failed(c->g);
}

static void rfft(kt_layer *self, kt_call *c)
{
    const length *cfg = self->config;
    kt_node      *x = kt_real_of(self, c, 0);
    int64_t       n = cfg->fft_length.set ? cfg->fft_length.v : kt_dim(&x->shape, -1);
    kt_shape      shape = x->shape;

    give(c, (pair){c->g->poison, c->g->poison});
    if (kt_is_poison(c->g, x) || shape.rank < 1)
        return;
    shape.dim[shape.rank - 1] = n == KT_UNKNOWN ? n : n / 2 + 1;
    if (kt_dim(&x->shape, -1) == KT_UNKNOWN)
        give(c, unsized_pair(c, x, shape));
    else if (good_length(self, c, n))
        give(c, of_real(c->g, x, n));
}

static void irfft(kt_layer *self, kt_call *c)
{
    const length *cfg = self->config;
    pair          x = complex_of(self, c);
    int64_t       m = kt_dim(&x.re->shape, -1);
    int64_t       n = cfg->fft_length.set ? cfg->fft_length.v : m == KT_UNKNOWN ? m : 2 * (m - 1);
    kt_shape      shape = x.re->shape;

    c->out[0] = c->g->poison;
    if (kt_graph_failed(c->g) || shape.rank < 1)
        return;
    shape.dim[shape.rank - 1] = n;
    if (m == KT_UNKNOWN)
        c->out[0] = kt_unsized(c, x.re->dtype, shape);
    else if (good_length(self, c, n))
        c->out[0] = to_real(c->g, x, n);
}

/* --- of windows that move along --- */

#define FRAMES(F, T)                                                  \
    F(T, INT, sequence_length, REQUIRED, "", "Elements of a window.") \
    F(T, INT, sequence_stride, REQUIRED, "", "From one to the next.") \
    F(T, INT, fft_length, REQUIRED, "", "Of each transform.")
#define LOOK(F, T)                                                       \
    F(T, ANY, window, "hann", "", "'hann', 'hamming', None or numbers.") \
    F(T, BOOL, center, "True", "", "Windows are centered on their place.")
#define STFT(F, T) FRAMES(F, T) LOOK(F, T)
KT_CONFIG_OF(forth, STFT);
#define ISTFT(F, T) \
    FRAMES(F, T)    \
    F(T, OPTINT, length, "None", "", "Of the result; None: all of it.") LOOK(F, T)
KT_CONFIG_OF(back, ISTFT);

/* The window in the middle of fft_length numbers, float64; NULL: none is wanted, or a failure. */
static kt_tensor *window_of(kt_layer *self, kt_call *c, const forth *f, const kt_value *window)
{
    const char *name = kt_value_text(window);
    bool        hann = kt_streq(name, "hann"), known = hann || kt_streq(name, "hamming");
    int64_t     n = f->sequence_length, before = (f->fft_length - n) / 2;
    kt_weak     weak;
    double     period = (double)(n % 2 ? n - 1 : n); /* TensorFlow's of odd lengths are symmetric */
    kt_tensor *own = NULL, *t;

    if (kt_is_none(window))
        return NULL;
    if (!known && !name)
        own = kt_literal_tensor(window, &weak, c->g->fault);
    if (!known && (!own || own->shape.rank != 1 || own->count != n)) {
        kt_tensor_unref(own);
        kt_call_fail(self, c, KT_E_VALUE,
                     "If a string is passed to `window`, it must be one of `\"hann\"`, "
                     "`\"hamming\"`; numbers must have the shape [sequence_length].");
        return NULL;
    }
    t = kt_tensor_new(KT_F64, KT_SHAPE(f->fft_length));
    for (int64_t i = 0; t && i < n; i++) {
        double turn = cos(2 * 3.14159265358979323846 * (double)i / period);
        double v = n == 1 ? 1 : hann ? 0.5 - 0.5 * turn : 0.54 - 0.46 * turn;
        kt_poke(t->data, KT_F64, before + i, own ? kt_peek(own->data, own->dtype, i) : v);
    }
    kt_tensor_unref(own);
    if (!t)
        kt_raise_memory(c->g->fault);
    return t;
}

static bool good_frames(kt_layer *self, kt_call *c, const forth *f)
{
    if (f->fft_length < f->sequence_length || f->sequence_length < 1 || f->sequence_stride < 1 ||
        f->fft_length > INT32_MAX)
        kt_call_fail(self, c, KT_E_VALUE,
                     "`fft_length` must equal or larger than `sequence_length`. Received: "
                     "sequence_length=%lld, fft_length=%lld",
                     (long long)f->sequence_length, (long long)f->fft_length);
    return !kt_graph_failed(c->g);
}

/* Which of n elements each element of each window is; outside, the mirror image. */
static kt_node *window_places(kt_graph *g, int64_t windows, int64_t size, int64_t stride,
                              int64_t before, int64_t n)
{
    kt_tensor *t = kt_tensor_new(KT_I64, KT_SHAPE(windows, size));

    for (int64_t i = 0; t && t->data && i < windows; i++)
        for (int64_t k = 0; k < size; k++) {
            int64_t at = i * stride + k - before;
            at = at < 0 ? -at : at;
            ((int64_t *)t->data)[i * size + k] = at < n ? at : 2 * (n - 1) - at;
        }
    if (!t)
        kt_raise_memory(g->fault);
    return t ? kt_constant(g, t) : g->poison;
}

static void stft(kt_layer *self, kt_call *c)
{
    const forth *f = self->config;
    kt_graph    *g = c->g;
    kt_node     *x = kt_real_of(self, c, 0);
    int64_t      n = kt_dim(&x->shape, -1), before = f->center ? f->fft_length / 2 : 0;
    kt_shape     shape = x->shape;

    give(c, (pair){g->poison, g->poison});
    if (kt_is_poison(g, x) || shape.rank < 1 || shape.rank == KT_MAX_RANK ||
        !good_frames(self, c, f))
        return;
    int64_t room = n == KT_UNKNOWN ? n : n + 2 * before - f->fft_length;
    int64_t windows = n == KT_UNKNOWN ? n : room < 0 ? 0 : room / f->sequence_stride + 1;
    shape.dim[shape.rank - 1] = windows;
    shape.dim[shape.rank++] = f->fft_length / 2 + 1;
    if (n == KT_UNKNOWN) {
        give(c, unsized_pair(c, x, shape));
        return;
    }
    if (before >= n && before > 0) {
        kt_call_fail(self, c, KT_E_INVALID_ARGUMENT,
                     "paddings must be less than the dimension size: %lld, %lld not less than %lld",
                     (long long)before, (long long)before, (long long)n);
        return;
    }
    kt_tensor *window = window_of(self, c, f, f->window);
    if (kt_graph_failed(g))
        return;
    kt_node *places = window_places(g, windows, f->fft_length, f->sequence_stride, before, n);
    kt_node *y = kt_gather(g, x, places, -1);
    y = window ? kt_mul(g, y, kt_cast(g, kt_constant(g, window), x->dtype)) : y;
    give(c, of_real(g, y, f->fft_length));
}

/* Divides each element by the sum of the squares of those that come to lie over each other. */
static void even_out(kt_tensor *window, int64_t stride)
{
    double *w = window->data;
    int64_t n = window->count;

    for (int64_t phase = 0; phase < stride && phase < n; phase++) {
        double sum = 0;
        for (int64_t i = phase; i < n; i += stride)
            sum += w[i] * w[i];
        for (int64_t i = phase; i < n; i += stride)
            w[i] /= sum;
    }
}

static void istft(kt_layer *self, kt_call *c)
{
    const back  *b = self->config;
    const forth  frames = {.sequence_length = b->sequence_length,
                           .sequence_stride = b->sequence_stride,
                           .fft_length = b->fft_length};
    const forth *f = &frames;
    kt_graph    *g = c->g;
    pair         x = complex_of(self, c);
    kt_shape     shape = x.re->shape;
    int64_t      windows = kt_dim(&shape, -2), size = b->fft_length, cut = b->center ? size / 2 : 0;

    c->out[0] = g->poison;
    if (kt_graph_failed(g) || shape.rank < 2 || !good_frames(self, c, f))
        return;
    shape.rank--;
    if (!kt_shape_known(&x.re->shape)) {
        shape.dim[shape.rank - 1] = b->length.set ? b->length.v : KT_UNKNOWN;
        c->out[0] = kt_unsized(c, x.re->dtype, shape);
        return;
    }
    kt_tensor *window = window_of(self, c, f, b->window);
    if (kt_graph_failed(g))
        return;
    if (window)
        even_out(window, b->sequence_stride);
    kt_node *y = to_real(g, x, size);
    y = window ? kt_mul(g, y, kt_cast(g, kt_constant(g, window), y->dtype)) : y;
    int64_t  all = windows > 0 ? size + b->sequence_stride * (windows - 1) : 0;
    kt_node *places = window_places(g, windows, size, b->sequence_stride, 0, all);
    kt_shape table = shape;
    table.dim[shape.rank - 1] = all;
    y = kt_gather_grad(g, kt_flat(g, places), kt_flatten_from(g, y, shape.rank - 1), shape.rank - 1,
                       table);
    int64_t left = all - cut, end = b->length.set ? b->length.v : left - cut;
    end = end < 0 ? 0 : end > left ? left : end;
    c->out[0] = kt_slice_axis(g, y, shape.rank - 1, cut < all ? cut : 0, end);
}

/* --- as Keras infers it --- */

/* Both parts of the argument have one shape. */
static bool pair_shape(kt_layer *self, kt_call *c, int least, kt_shape *out)
{
    kt_shape s[2];

    if (kt_item_shapes(self, c, 0, s, 2) != 2)
        return false;
    *out = s[0];
    if (!kt_shape_equal(&s[0], &s[1]))
        return kt_refuses(self, c, PARTS_DIFFER, kt_shape_text(&c->g->arena, &s[0]),
                          kt_shape_text(&c->g->arena, &s[1]));
    if (s[0].rank < least)
        return kt_refuses(self, c, "Input should have rank >= %d. Received: input.shape = %s",
                          least, kt_shape_text(&c->g->arena, &s[0]));
    return true;
}

/* The last axes are known, as many as are transformed. */
static int infer_fft(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;
    int      n = self->type->variant == LINE ? 1 : 2;

    if (!pair_shape(self, c, n, &s))
        return 0;
    if (kt_dim(&s, -1) == KT_UNKNOWN || kt_dim(&s, -n) == KT_UNKNOWN)
        return kt_refuses(self, c,
                          n == 1 ? "Input should have its last dimension fully-defined. Received: "
                                   "input.shape = %s"
                                 : "Input should have its (-2, -1) axes fully-defined. Received: "
                                   "input.shape = %s",
                          kt_shape_text(&c->g->arena, &s));
    kt_infers(out, s);
    out[1] = out[0];
    return 2;
}

static int infer_irfft(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_optint n = ((const length *)self->config)->fft_length;
    kt_shape  s;

    if (!pair_shape(self, c, 1, &s))
        return 0;
    int64_t *last = &s.dim[s.rank - 1];
    *last = n.set ? n.v : *last == KT_UNKNOWN ? KT_UNKNOWN : kt_inferred_size(2 * (*last - 1));
    return kt_infers(out, s);
}

static int infer_istft(kt_layer *self, kt_call *c, kt_result *out)
{
    const back *b = self->config;
    kt_shape    s;

    if (!pair_shape(self, c, 2, &s))
        return 0;
    int64_t windows = kt_dim(&s, -2), *n = &s.dim[--s.rank - 1];
    int64_t all = (windows - 1) * b->sequence_stride + b->fft_length -
                  (b->center ? b->fft_length / 2 * 2 : 0);
    *n = b->length.set ? b->length.v : windows == KT_UNKNOWN ? KT_UNKNOWN : kt_inferred_size(all);
    return kt_infers(out, s);
}

static int infer_stft(kt_layer *self, kt_call *c, kt_result *out)
{
    const forth *f = self->config;
    kt_shape     s;

    kt_argument_shapes(self, c, 1, &s);
    if (s.rank == KT_MAX_RANK || f->sequence_stride < 1)
        return 0;
    if (s.rank < 1)
        return kt_no_index(self, c, "tuple");
    int64_t n = kt_dim(&s, -1), around = f->center ? f->fft_length / 2 * 2 : 0;
    s.dim[s.rank - 1] = n == KT_UNKNOWN
                          ? KT_UNKNOWN
                          : kt_inferred_size(
                                1 + kt_floor_div(n + around - f->fft_length, f->sequence_stride));
    s.dim[s.rank++] = f->fft_length / 2 + 1;
    kt_infers(out, s);
    out[1] = out[0];
    return 2;
}

static int infer_rfft(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_optint n = ((const length *)self->config)->fft_length;
    kt_shape  s;

    kt_argument_shapes(self, c, 1, &s);
    if (s.rank < 1)
        return kt_refuses(self, c, "Input should have rank >= 1. Received: input.shape = %s",
                          kt_shape_text(&c->g->arena, &s));
    int64_t *last = &s.dim[s.rank - 1];
    *last = n.set ? n.v : *last;
    *last = !n.set && *last == KT_UNKNOWN ? KT_UNKNOWN
                                          : kt_inferred_size(kt_floor_div(*last, 2) + 1);
    kt_infers(out, s);
    out[1] = out[0];
    return 2;
}

#define ROWS(F)                                                                 \
    F(FFT, math, &kt_no_config, "x", fft, LINE, .infer = infer_fft)             \
    F(FFT2, math, &kt_no_config, "x", fft2, PLANE, .infer = infer_fft)          \
    F(IFFT2, math, &kt_no_config, "x", fft2, INVERSE_PLANE, .infer = infer_fft) \
    F(RFFT, math, &length_type, "x", rfft, 0, .infer = infer_rfft)              \
    F(IRFFT, math, &length_type, "x", irfft, 0, .infer = infer_irfft)           \
    F(STFT, math, &forth_type, "x", stft, 0, .infer = infer_stft)               \
    F(ISTFT, math, &back_type, "x", istft, 0, .infer = infer_istft)
KT_OPERATIONS(spectra, ROWS);
