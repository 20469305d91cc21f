/* images.c - operations on images: colors, borders, small filters, and how alike two are. */
#include "nn/images/images.h"

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
    images    im = begin(self, c, 0, ((const layout *)self->config)->data_format);
    kt_graph *g = c->g;

    if (!kt_graph_failed(g) && kt_dim(&im.x->shape, -1) == 1) {
        finish(c, &im, im.x, 0);
        return;
    }
    if (!has_channels(self, c, &im, 3))
        return;
    finish(c, &im, kt_gray(g, im.x), 0);
}

static void rgb_to_hsv(kt_layer *self, kt_call *c)
{
    images    im = begin(self, c, 0, ((const layout *)self->config)->data_format);
    kt_graph *g = c->g;

    if (!has_channels(self, c, &im, 3))
        return;
    finish(c, &im, kt_hsv_of_rgb(g, im.x), 0);
}

static void hsv_to_rgb(kt_layer *self, kt_call *c)
{
    images    im = begin(self, c, 0, ((const layout *)self->config)->data_format);
    kt_graph *g = c->g;

    if (!has_channels(self, c, &im, 3))
        return;
    finish(c, &im, kt_rgb_of_hsv(g, im.x), 0);
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

#define BLUR(F, T)                                                                     \
    F(T, INTS, kernel_size, "(3, 3)", "", "Size of the filter, the first of columns.") \
    F(T, ANY, sigma, "(1.0, 1.0)", "", "How wide it is, the first along columns.")     \
    LAYOUT(F, T)
KT_CONFIG_OF(blur, BLUR);

enum { LONGEST = 512 };

static void gaussian_blur(kt_layer *self, kt_call *c)
{
    const blur *cfg = self->config;
    images      im = begin(self, c, 0, cfg->data_format);
    kt_graph   *g = c->g;
    double      sigma[2];
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
    if (kt_dim(&im.x->shape, -1) == KT_UNKNOWN)
        finish(c, &im, kt_unsized(c, im.x->dtype, im.x->shape), 0);
    else
        finish(c, &im,
               kt_blurred(g, im.x, m, n, kt_scalar_as(g, sigma[0], im.x->dtype),
                          kt_scalar_as(g, sigma[1], im.x->dtype)),
               0);
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
    kt_node *steep[] = {kt_table(g, x->dtype, KT_SHAPE(3, 3), down),
                        kt_table(g, x->dtype, KT_SHAPE(3, 3), right)};
    kt_node *y[] = {kt_expand_dims(g, kt_filtered(g, x, steep[0], false), 4),
                    kt_expand_dims(g, kt_filtered(g, x, steep[1], false), 4)};
    finish(c, &im, kt_concat(g, 2, y, 4), 1);
}

/* --- how alike two images are --- */

#define SIMILARITY(F, T)                                                          \
    F(T, FLOAT, max_val, "1.0", "", "How far the brightest is from the darkest.") \
    F(T, INT, filter_size, "11", "> 0", "Of the windows that are compared.")      \
    F(T, FLOAT, filter_sigma, "1.5", "", "How wide the bell over a window is.")   \
    F(T, FLOAT, k1, "0.01", "", "Keeps the brightness's denominator from 0.")     \
    F(T, FLOAT, k2, "0.03", "", "Keeps the contrast's denominator from 0.")       \
    LAYOUT(F, T)
KT_CONFIG_OF(similarity, SIMILARITY);

/* (2 a b + k) / (a^2 + b^2 + k), of the products and squares */
static kt_node *ratio(kt_graph *g, kt_node *product, kt_node *squares, double k)
{
    return kt_div(g, kt_add_scalar(g, kt_mul_scalar(g, product, 2), k),
                  kt_add_scalar(g, squares, k));
}

/* Of each window, then the mean. */
static kt_node *alike(kt_graph *g, const similarity *cfg, kt_node *x, kt_node *y)
{
    kt_node *bell = kt_bell(g, cfg->filter_size, kt_scalar_as(g, cfg->filter_sigma, KT_F32), NULL);
    kt_node *filter = kt_outer(g, bell, bell);
    double   c1 = cfg->k1 * cfg->max_val, c2 = cfg->k2 * cfg->max_val;
    kt_node *mean_x = kt_filtered(g, x, filter, false), *mean_y = kt_filtered(g, y, filter, false);
    kt_node *mean_xy = kt_mul(g, mean_x, mean_y);
    kt_node *means = kt_add(g, kt_mul(g, mean_x, mean_x), kt_mul(g, mean_y, mean_y));
    kt_node *xy = kt_filtered(g, kt_mul(g, x, y), filter, false);
    kt_node *xx = kt_filtered(g, kt_mul(g, x, x), filter, false);
    kt_node *yy = kt_filtered(g, kt_mul(g, y, y), filter, false);
    kt_node *contrast = ratio(g, kt_sub(g, xy, mean_xy), kt_sub(g, kt_add(g, xx, yy), means),
                              c2 * c2);

    return kt_reduce(g, KT_RE_MEAN, kt_mul(g, ratio(g, mean_xy, means, c1 * c1), contrast), 14,
                     false);
}

static void ssim(kt_layer *self, kt_call *c)
{
    const similarity *cfg = self->config;
    images            a = begin(self, c, 0, cfg->data_format);
    images            b = begin(self, c, 1, cfg->data_format);
    kt_graph         *g = c->g;

    if (kt_graph_failed(g))
        return;
    kt_dtype dtype = kt_result_dtype((kt_operand[]){{a.x, KT_STRONG}, {b.x, KT_STRONG}}, 2,
                                     KT_STRONG);
    if (!kt_shape_known(&a.x->shape) || !kt_shape_known(&b.x->shape)) {
        kt_node *one = kt_unsized(c, dtype, kt_shape_slice(&a.x->shape, 0, 1));
        c->out[0] = a.single ? kt_squeeze(g, one, 0) : one;
        return;
    }
    kt_node *y = alike(g, cfg, kt_cast(g, a.x, KT_F32), kt_cast(g, b.x, KT_F32));
    y = kt_cast(g, y, dtype);
    c->out[0] = a.single ? kt_squeeze(g, y, 0) : y;
}

#define ROWS(F)                                                           \
    F(RGBToGrayscale, image, &layout_type, "images", rgb_to_grayscale, 0) \
    F(RGBToHSV, image, &layout_type, "images", rgb_to_hsv, 0)             \
    F(HSVToRGB, image, &layout_type, "images", hsv_to_rgb, 0)             \
    F(PadImages, image, &padding_type, "images", pad_images, 1)           \
    F(CropImages, image, &cropping_type, "images", crop_images, 0)        \
    F(GaussianBlur, image, &blur_type, "images", gaussian_blur, 0)        \
    F(SobelEdges, image, &layout_type, "images", sobel_edges, 0)          \
    F(SSIM, image, &similarity_type, "image1 image2", ssim, 0)
KT_OPERATIONS(images, ROWS);
