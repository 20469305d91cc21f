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
    if (!kt_graph_failed(c->g))
        kt_has_image_rank(self, c, &im.x->shape);
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

#define WRONG_CHANNELS                                                                     \
    "Invalid channel size: expected 3 (RGB) or 1 (Grayscale). Received input with shape: " \
    "images.shape=%s"

static bool has_channels(kt_layer *self, kt_call *c, const images *im, int64_t n)
{
    int64_t own = kt_dim(&im->x->shape, -1);

    if (!kt_graph_failed(c->g) && own != n)
        kt_call_fail(self, c, KT_E_VALUE, WRONG_CHANNELS,
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

typedef kt_node *(*colors)(kt_graph *g, kt_node *x);

/* Between colors and their hues. */
static void turn_colors(kt_layer *self, kt_call *c, colors turned)
{
    images    im = begin(self, c, 0, ((const layout *)self->config)->data_format);
    kt_graph *g = c->g;

    if (has_channels(self, c, &im, 3))
        finish(c, &im, turned(g, im.x), 0);
}

static void rgb_to_hsv(kt_layer *self, kt_call *c)
{
    turn_colors(self, c, kt_hsv_of_rgb);
}

static void hsv_to_rgb(kt_layer *self, kt_call *c)
{
    turn_colors(self, c, kt_rgb_of_hsv);
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

/* What an axis is given by: before it, behind it, its size. */
static const char *const sides[2][3] = {{"top", "bottom", "height"}, {"left", "right", "width"}};

static const char *kind_of(const kt_layer *self)
{
    return self->type->variant == 1 ? "padding" : "cropping";
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
            const char *name = sides[i][first >= 0], *kind = kind_of(self);
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

#define SIMILARITY(F, T)                                                              \
    F(T, FLOAT, max_val, "1.0", "kept", "How far the brightest is from the darkest.") \
    F(T, INT, filter_size, "11", "> 0", "Of the windows that are compared.")          \
    F(T, FLOAT, filter_sigma, "1.5", "kept", "How wide the bell over a window is.")   \
    F(T, FLOAT, k1, "0.01", "kept", "Keeps the brightness's denominator from 0.")     \
    F(T, FLOAT, k2, "0.03", "kept", "Keeps the contrast's denominator from 0.")       \
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

/* --- as Keras infers it --- */

/* Of a single image or a batch; false after a refusal. */
static bool image_shape(kt_layer *self, kt_call *c, kt_shape *s)
{
    kt_argument_shapes(self, c, 1, s);
    return (s->rank == 3 || s->rank == 4 ||
            kt_refuses(self, c,
                       "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of "
                       "images). Received: images.shape=%s",
                       kt_listed_shape(c->g, s)));
}

static int channels_axis(kt_layer *self, const kt_shape *s)
{
    return kt_axis(s, kt_streq(((const layout *)self->config)->data_format, "channels_first") ? -3
                                                                                              : -1);
}

static int infer_gray(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    if (!image_shape(self, c, &s))
        return 0;
    int64_t *n = &s.dim[channels_axis(self, &s)];
    if (*n != KT_UNKNOWN && *n != 1 && *n != 3)
        return kt_refuses(self, c, WRONG_CHANNELS, kt_shape_text(&c->g->arena, &s));
    *n = 1;
    return kt_infers(out, s);
}

/* Between two ways to write colors. */
static int infer_colors(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    if (!image_shape(self, c, &s))
        return 0;
    if (!kt_dtype_is_float(c->in[0]->dtype))
        return kt_refuses(self, c,
                          "Invalid images dtype: expected float dtype. Received: images.dtype=%s",
                          kt_dtype_name(c->in[0]->dtype));
    int64_t n = s.dim[channels_axis(self, &s)];
    if (n != KT_UNKNOWN && n != 3)
        return kt_refuses(self, c,
                          "Input images must have 3 channels, but received images with %lld "
                          "channels.",
                          (long long)n);
    return kt_infers(out, s);
}

/* Two of three say the third. */
static bool two_given(kt_layer *self, kt_call *c, int way, const kt_optint *v)
{
    const char *kind = kind_of(self), *const *name = sides[way];
    kt_str      text[3] = {{0}};

    if (v[0].set + v[1].set + v[2].set == 2)
        return true;
    for (int i = 0; i < 3; i++)
        kt_str_printf(&text[i], v[i].set ? "%lld" : "None", (long long)v[i].v);
    kt_refuses(self, c,
               "Must specify exactly two of %s_%s, %s_%s, target_%s. Received: %s_%s=%s, %s_%s=%s, "
               "target_%s=%s",
               name[0], kind, name[1], kind, name[2], name[0], kind, kt_str_text(&text[0]), name[1],
               kind, kt_str_text(&text[1]), name[2], kt_str_text(&text[2]));
    for (int i = 0; i < 3; i++)
        kt_str_free(&text[i]);
    return false;
}

/* The new size of an axis; two of before, behind and that size are given. */
static bool border(kt_layer *self, kt_call *c, int way, int64_t *size, const kt_optint *v)
{
    bool               pads = self->type->variant == 1;
    int64_t            own = *size, n[3] = {v[0].v, v[1].v, v[2].v}, sum;
    const char        *kind = kind_of(self);
    const char *const *name = sides[way];

    *size = v[2].set ? v[2].v : KT_UNKNOWN;
    if (own == KT_UNKNOWN)
        return true;
    sum = pads ? n[2] - own : own - n[2];
    if (!v[2].set)
        n[2] = *size = pads ? own + n[0] + n[1] : own - n[0] - n[1];
    else
        n[v[0].set] = sum - n[!v[0].set];
    for (int i = 0; i < 2; i++)
        if (n[i] < 0)
            return kt_refuses(self, c, "%s_%s must be >= 0. Received: %s_%s=%lld", name[i], kind,
                              name[i], kind, (long long)n[i]);
    return n[2] >= 0 || kt_refuses(self, c, "target_%s must be >= 0. Received: target_%s=%lld",
                                   name[2], name[2], (long long)n[2]);
}

/* What is cropped must be known, or what is left. */
static int infer_borders(kt_layer *self, kt_call *c, kt_result *out)
{
    const padding *p = self->config; /* cropping has the same fields */
    bool           pads = self->type->variant == 1;
    kt_optint      v[2][3] = {{p->top_padding, p->bottom_padding, p->target_height},
                              {p->left_padding, p->right_padding, p->target_width}};
    kt_shape       s;

    if (!image_shape(self, c, &s) || !two_given(self, c, 0, v[0]) || !two_given(self, c, 1, v[1]))
        return 0;
    int first = s.rank - (kt_streq(p->data_format, "channels_first") ? 2 : 3);
    for (int i = 0; i < 2; i++)
        if (!pads && s.dim[first + i] == KT_UNKNOWN && !v[i][2].set)
            return kt_refuses(self, c,
                              "When the %s of the images is unknown, `target_%s` must be "
                              "specified.Received images.shape=%s and target_%s=None",
                              sides[i][2], sides[i][2], kt_listed_shape(c->g, &s), sides[i][2]);
    for (int i = 0; i < 2; i++)
        if (!border(self, c, i, &s.dim[first + i], v[i]))
            return 0;
    return kt_infers(out, s);
}

static int infer_blurred(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    return kt_has_image_rank(self, c, &s) ? kt_infers(out, s) : 0;
}

static int infer_sobel(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s, two = KT_SHAPE(2);

    kt_argument_shapes(self, c, 1, &s);
    if (s.rank != 4)
        return kt_refuses(self, c,
                          "Invalid images rank: expected rank 4 (batch of images). Received: "
                          "images.shape=%s",
                          kt_listed_shape(c->g, &s));
    return kt_infers(out, kt_shape_concat(&s, &two));
}

static int infer_ssim(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[2];

    kt_argument_shapes(self, c, 2, s);
    for (int i = 0; i < 2; i++)
        if (s[i].rank != 3 && s[i].rank != 4)
            return kt_refuses(self, c,
                              "Invalid image%d rank: expected rank 3 (single image) or rank 4 "
                              "(batch of images). Received input with shape: image%d.shape=%s",
                              i + 1, i + 1, kt_shape_text(&c->g->arena, &s[i]));
    return kt_infers(out, kt_shape_slice(&s[0], 0, s[0].rank - 3));
}

#define ROWS(F)                                                                                \
    F(RGBToGrayscale, image, &layout_type, "images", rgb_to_grayscale, 0, .infer = infer_gray, \
      .check = kt_check_layout)                                                                \
    F(RGBToHSV, image, &layout_type, "images", rgb_to_hsv, 0, .infer = infer_colors,           \
      .check = kt_check_layout)                                                                \
    F(HSVToRGB, image, &layout_type, "images", hsv_to_rgb, 0, .infer = infer_colors,           \
      .check = kt_check_layout)                                                                \
    F(PadImages, image, &padding_type, "images", pad_images, 1, .infer = infer_borders,        \
      .check = kt_check_layout)                                                                \
    F(CropImages, image, &cropping_type, "images", crop_images, 0, .infer = infer_borders,     \
      .check = kt_check_layout)                                                                \
    F(GaussianBlur, image, &blur_type, "images", gaussian_blur, 0, .infer = infer_blurred,     \
      .check = kt_check_layout)                                                                \
    F(SobelEdges, image, &layout_type, "images", sobel_edges, 0, .infer = infer_sobel,         \
      .check = kt_check_layout)                                                                \
    F(SSIM, image, &similarity_type, "image1 image2", ssim, 0, .infer = infer_ssim,            \
      .check = kt_check_layout)
KT_OPERATIONS(images, ROWS);
