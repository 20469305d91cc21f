/* images.c - operations on images: colors, borders, and small filters. */
#include "nn/operation.h"
#include "nn/window.h"
#include "ops/ops.h"

#include <math.h>

#define LAYOUT(F, T) \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(layout, LAYOUT);

/* The images of the call as a batch with channels last. */
typedef struct images {
    kt_node *x;
    bool     first, single;
} images;

static images begin(kt_layer *self, kt_call *c, int i, const char *data_format)
{
    images im = {.x = kt_tensor_of(self, c, i), .first = kt_streq(data_format, "channels_first")};
    int    rank = im.x->shape.rank;

    c->out[0] = c->g->poison;
    if (rank != 3 && rank != 4 && !kt_graph_failed(c->g))
        kt_call_fail(self, c, KT_E_VALUE,
                     "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of "
                     "images). Received input with shape: images.shape=%s",
                     kt_shape_text(&c->g->arena, &im.x->shape));
    if (kt_graph_failed(c->g)) {
        im.x = c->g->poison;
        return im;
    }
    im.single = rank == 3;
    im.x = im.single ? kt_expand_dims(c->g, im.x, 0) : im.x;
    im.x = im.first ? kt_move_axis(c->g, im.x, 1, -1) : im.x;
    return im;
}

/* The result as the images were; more: axes behind the channels. */
static void finish(kt_call *c, const images *im, kt_node *y, int more)
{
    y = im->first ? kt_move_axis(c->g, y, -1 - more, 1) : y;
    c->out[0] = im->single ? kt_squeeze(c->g, y, 0) : y;
}

/* --- colors --- */

static kt_node *channel(kt_graph *g, kt_node *x, int i)
{
    return kt_slice_axis(g, x, 3, i, 1);
}

static bool has_channels(kt_layer *self, kt_call *c, const images *im, int64_t n)
{
    int64_t own = kt_dim(&im->x->shape, -1);

    if (!kt_graph_failed(c->g) && own != n)
        kt_call_fail(self, c, KT_E_VALUE,
                     "Invalid channel size: expected 3 (RGB) or 1 (Grayscale). Received input with "
                     "shape: images.shape=%s",
                     kt_shape_text(&c->g->arena, &im->x->shape));
    return !kt_graph_failed(c->g);
}

static void rgb_to_grayscale(kt_layer *self, kt_call *c)
{
    static const double weight[] = {0.2989, 0.5870, 0.1140};
    images              im = begin(self, c, 0, ((const layout *)self->config)->data_format);
    kt_graph           *g = c->g;

    if (!kt_graph_failed(g) && kt_dim(&im.x->shape, -1) == 1) {
        finish(c, &im, im.x, 0);
        return;
    }
    if (!has_channels(self, c, &im, 3))
        return;
    kt_dtype dtype = im.x->dtype;
    kt_node *x = kt_cast(g, im.x, kt_real_dtype(dtype)), *y = NULL;
    for (int i = 0; i < 3; i++) {
        kt_node *part = kt_mul_scalar(g, channel(g, x, i), weight[i]);
        y = y ? kt_add(g, y, part) : part;
    }
    finish(c, &im, kt_cast(g, y, dtype), 0);
}

/* The part of the hue that a difference of two channels makes. */
static kt_node *sector(kt_graph *g, kt_node *a, kt_node *b, kt_node *norm, double offset)
{
    return kt_add_scalar(g, kt_mul(g, norm, kt_sub(g, a, b)), offset / 6);
}

static void rgb_to_hsv(kt_layer *self, kt_call *c)
{
    images    im = begin(self, c, 0, ((const layout *)self->config)->data_format);
    kt_graph *g = c->g;

    if (!has_channels(self, c, &im, 3))
        return;
    kt_node *red = channel(g, im.x, 0), *green = channel(g, im.x, 1), *blue = channel(g, im.x, 2);
    kt_node *value = kt_reduce(g, KT_RE_MAX, im.x, 8, true);
    kt_node *range = kt_sub(g, value, kt_reduce(g, KT_RE_MIN, im.x, 8, true));
    kt_node *some = kt_compare(g, KT_BI_GREATER, value, 0);
    kt_node *saturation = kt_where(g, some, kt_div(g, range, kt_where(g, some, value, 1)), 0);
    kt_node *colored = kt_compare(g, KT_BI_GREATER, range, 0);
    kt_node *norm = kt_unary(g, KT_UN_RECIPROCAL,
                             kt_mul_scalar(g, kt_where(g, colored, range, 1), 6));
    kt_node *hue = kt_select(g, kt_binary(g, KT_BI_EQUAL, value, green),
                             sector(g, blue, red, norm, 2), sector(g, red, green, norm, 4));
    hue = kt_select(g, kt_binary(g, KT_BI_EQUAL, value, red), sector(g, green, blue, norm, 0), hue);
    hue = kt_where(g, colored, hue, 0);
    hue = kt_select(g, kt_compare(g, KT_BI_LESS, hue, 0), kt_add_scalar(g, hue, 1), hue);
    finish(c, &im, kt_concat(g, 3, (kt_node *[]){hue, saturation, value}, 3), 0);
}

/* clip(|6 h - a| - b, 0, 1), or clip(b - |6 h - a|, 0, 1) */
static kt_node *ramp(kt_graph *g, kt_node *h6, double a, double b, bool down)
{
    kt_node *off = kt_unary(g, KT_UN_ABS, kt_add_scalar(g, h6, -a));

    off = down ? kt_add_scalar(g, kt_unary(g, KT_UN_NEG, off), b) : kt_add_scalar(g, off, -b);
    return kt_unary_with(g, (kt_unary_attr){KT_UN_CLIP, 0, 1}, off);
}

static void hsv_to_rgb(kt_layer *self, kt_call *c)
{
    images    im = begin(self, c, 0, ((const layout *)self->config)->data_format);
    kt_graph *g = c->g;

    if (!has_channels(self, c, &im, 3))
        return;
    kt_node *h6 = kt_mul_scalar(g, channel(g, im.x, 0), 6), *s = channel(g, im.x, 1);
    kt_node *v = channel(g, im.x, 2), *dull = kt_add_scalar(g, kt_unary(g, KT_UN_NEG, s), 1);
    kt_node *part[] = {ramp(g, h6, 3, 1, false), ramp(g, h6, 2, 2, true), ramp(g, h6, 4, 2, true)};

    for (int i = 0; i < 3; i++)
        part[i] = kt_mul(g, kt_add(g, dull, kt_mul(g, s, part[i])), v);
    finish(c, &im, kt_concat(g, 3, part, 3), 0);
}

/* --- borders --- */

#define PAD(F, T)                                                             \
    F(T, OPTINT, top_padding, "None", "", "Rows before; None: what is left.") \
    F(T, OPTINT, left_padding, "None", "", "Columns before.")                 \
    F(T, OPTINT, bottom_padding, "None", "", "Rows behind.")                  \
    F(T, OPTINT, right_padding, "None", "", "Columns behind.")                \
    F(T, OPTINT, target_height, "None", "", "Rows of the result.")            \
    F(T, OPTINT, target_width, "None", "", "Columns of the result.")          \
    LAYOUT(F, T)
KT_CONFIG_OF(padding, PAD);
#define CROP(F, T)                                                             \
    F(T, OPTINT, top_cropping, "None", "", "Rows before; None: what is left.") \
    F(T, OPTINT, left_cropping, "None", "", "Columns before.")                 \
    F(T, OPTINT, bottom_cropping, "None", "", "Rows behind.")                  \
    F(T, OPTINT, right_cropping, "None", "", "Columns behind.")                \
    F(T, OPTINT, target_height, "None", "", "Rows of the result.")             \
    F(T, OPTINT, target_width, "None", "", "Columns of the result.")           \
    LAYOUT(F, T)
KT_CONFIG_OF(cropping, CROP);

/* What stands before and behind, where the larger size and all but one of three are given. */
static void divide(int64_t larger, int64_t smaller, kt_optint before, kt_optint behind,
                   int64_t *first, int64_t *last)
{
    *first = before.set ? before.v : larger - smaller - behind.v;
    *last = larger - smaller - *first;
}

static int64_t size_of(int64_t own, kt_optint before, kt_optint behind, kt_optint target, int sign)
{
    if (target.set && !(before.set && behind.set))
        return target.v;
    return own == KT_UNKNOWN || !before.set || !behind.set ? KT_UNKNOWN
                                                           : own + sign * (before.v + behind.v);
}

static void pad_or_crop(kt_layer *self, kt_call *c, const kt_optint *edge, kt_optint height,
                        kt_optint width, const char *data_format)
{
    bool        pads = self->type->variant == 1;
    images      im = begin(self, c, 0, data_format);
    kt_node    *y = im.x;
    kt_pad_attr pad = {.value = 0};
    kt_optint   target[] = {height, width};

    if (kt_graph_failed(c->g))
        return;
    kt_shape shape = y->shape;
    for (int i = 0; i < 2; i++) {
        kt_optint before = edge[i], behind = edge[i + 2];
        int64_t   own = shape.dim[i + 1], first = 0, last = 0;
        int64_t   size = size_of(own, before, behind, target[i], pads ? 1 : -1);

        shape.dim[i + 1] = size;
        if (own == KT_UNKNOWN || size == KT_UNKNOWN)
            continue;
        divide(pads ? size : own, pads ? own : size, before, behind, &first, &last);
        if (first < 0 || last < 0) {
            static const char *const names[] = {"top", "left", "bottom", "right"};
            const char *name = names[first < 0 ? i : i + 2], *kind = pads ? "padding" : "cropping";
            kt_call_fail(self, c, KT_E_VALUE, "%s_%s must be >= 0. Received: %s_%s=%lld", name,
                         kind, name, kind, (long long)(first < 0 ? first : last));
            return;
        }
        pad.before[i + 1] = first;
        pad.after[i + 1] = last;
        y = pads ? y : kt_slice_axis(c->g, y, i + 1, first, size);
    }
    y = !kt_shape_known(&(kt_shape){2, {shape.dim[1], shape.dim[2]}})
          ? kt_unsized(c, y->dtype, shape)
      : pads ? kt_pad(c->g, y, &pad)
             : y;
    finish(c, &im, y, 0);
}

static void pad_images(kt_layer *self, kt_call *c)
{
    const padding  *p = self->config;
    const kt_optint edge[] = {p->top_padding, p->left_padding, p->bottom_padding, p->right_padding};

    pad_or_crop(self, c, edge, p->target_height, p->target_width, p->data_format);
}

static void crop_images(kt_layer *self, kt_call *c)
{
    const cropping *p = self->config;
    const kt_optint edge[] = {p->top_cropping, p->left_cropping, p->bottom_cropping,
                              p->right_cropping};

    pad_or_crop(self, c, edge, p->target_height, p->target_width, p->data_format);
}

/* --- filters --- */

/* A filter [h, w] over each channel. */
static kt_node *filtered(kt_graph *g, kt_node *x, int64_t h, int64_t w, const double *filter,
                         bool same)
{
    int64_t        channels = kt_dim(&x->shape, -1);
    kt_window_attr attr = {.spatial = 2, .same = same, .groups = channels};
    kt_node       *one = kt_table(g, x->dtype, KT_SHAPE(h, w, 1, 1), filter);

    return kt_conv(g, x, kt_broadcast_to(g, one, KT_SHAPE(h, w, 1, channels)), &attr);
}

#define BLUR(F, T)                                                                     \
    F(T, INTS, kernel_size, "(3, 3)", "", "Size of the filter, the first of columns.") \
    F(T, ANY, sigma, "(1.0, 1.0)", "", "How wide it is, the first along columns.")     \
    LAYOUT(F, T)
KT_CONFIG_OF(blur, BLUR);

enum { LONGEST = 512 };

/* Gauss' bell over n places, of sum 1. */
static void bell(double *v, int64_t n, double sigma)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++) {
        double x = ((double)i - (double)(n - 1) / 2) / sigma;
        sum += v[i] = exp(-0.5 * x * x);
    }
    for (int64_t i = 0; i < n; i++)
        v[i] /= sum;
}

/* Keras reads the filter of columns by rows as one of rows by columns. */
static void gaussian_blur(kt_layer *self, kt_call *c)
{
    const blur *cfg = self->config;
    images      im = begin(self, c, 0, cfg->data_format);
    kt_graph   *g = c->g;
    double      sigma[2], column[LONGEST], row[LONGEST], *filter;
    int64_t     m = cfg->kernel_size.v[0], n = cfg->kernel_size.v[cfg->kernel_size.n == 2];
    bool        pair = kt_value_is_seq(cfg->sigma) && cfg->sigma->n == 2;

    if (kt_graph_failed(g))
        return;
    if (cfg->kernel_size.n < 1 || m < 1 || n < 1 || m > LONGEST || n > LONGEST ||
        !kt_value_number(pair ? cfg->sigma->items[0] : cfg->sigma, &sigma[0]) ||
        !kt_value_number(pair ? cfg->sigma->items[1] : cfg->sigma, &sigma[1])) {
        kt_call_fail(self, c, KT_E_VALUE, "Layer '%s': a filter has 1 to %d rows and columns",
                     self->name, LONGEST);
        return;
    }
    filter = kt_arena_alloc(&g->arena, (size_t)(m * n) * sizeof *filter);
    if (!filter) {
        kt_raise_memory(g->fault);
        return;
    }
    bell(column, m, sigma[0]);
    bell(row, n, sigma[1]);
    for (int64_t i = 0; i < m * n; i++)
        filter[i] = row[i / m] * column[i % m];
    if (kt_dim(&im.x->shape, -1) == KT_UNKNOWN)
        finish(c, &im, kt_unsized(c, im.x->dtype, im.x->shape), 0);
    else
        finish(c, &im, filtered(g, im.x, m, n, filter, true), 0);
}

/* Rows and columns beyond the border are those before it. */
static kt_node *mirrored(kt_graph *g, kt_node *x, int axis)
{
    int64_t n = x->shape.dim[axis];

    if (n < 2) {
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT,
                 "paddings must be less than the dimension size: 1, 1 not less than %lld",
                 (long long)n);
        return g->poison;
    }
    kt_node *parts[] = {kt_slice_axis(g, x, axis, 1, 1), x, kt_slice_axis(g, x, axis, n - 2, 1)};
    return kt_concat(g, 3, parts, axis);
}

/* How steep it is down and to the right, as a last axis of two. */
static void sobel_edges(kt_layer *self, kt_call *c)
{
    static const double down[] = {-1, -2, -1, 0, 0, 0, 1, 2, 1};
    static const double right[] = {-1, 0, 1, -2, 0, 2, -1, 0, 1};
    images              im = begin(self, c, 0, ((const layout *)self->config)->data_format);
    kt_graph           *g = c->g;

    if (kt_graph_failed(g))
        return;
    kt_shape shape = im.x->shape;
    shape.dim[shape.rank++] = 2;
    for (int i = 1; i < 4; i++)
        if (shape.dim[i] == KT_UNKNOWN) {
            finish(c, &im, kt_unsized(c, im.x->dtype, shape), 1);
            return;
        }
    kt_node *x = mirrored(g, mirrored(g, kt_cast(g, im.x, kt_real_dtype(im.x->dtype)), 1), 2);
    kt_node *y[] = {kt_expand_dims(g, filtered(g, x, 3, 3, down, false), 4),
                    kt_expand_dims(g, filtered(g, x, 3, 3, right, false), 4)};
    finish(c, &im, kt_concat(g, 2, y, 4), 1);
}

#define ROWS(F)                                                           \
    F(RGBToGrayscale, image, &layout_type, "images", rgb_to_grayscale, 0) \
    F(RGBToHSV, image, &layout_type, "images", rgb_to_hsv, 0)             \
    F(HSVToRGB, image, &layout_type, "images", hsv_to_rgb, 0)             \
    F(PadImages, image, &padding_type, "images", pad_images, 1)           \
    F(CropImages, image, &cropping_type, "images", crop_images, 0)        \
    F(GaussianBlur, image, &blur_type, "images", gaussian_blur, 0)        \
    F(SobelEdges, image, &layout_type, "images", sobel_edges, 0)
KT_OPERATIONS(images, ROWS);
