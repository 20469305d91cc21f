/* resizing.c - Resize and ScaleAndTranslate: images in another size. */
#include "nn/images/images.h"
#include "nn/images/resize.h"

#define RESIZE(F, T)                                                                            \
    F(T, ANY, size, REQUIRED, "", "Rows and columns of the result.")                            \
    F(T, STR, interpolation, "bilinear", "", "How pixels of the result are made.")              \
    F(T, BOOL, antialias, "False", "", "Take all pixels into account where the image shrinks.") \
    F(T, BOOL, crop_to_aspect_ratio, "False", "", "Cut to the wanted ratio of sides before.")   \
    F(T, BOOL, pad_to_aspect_ratio, "False", "", "Pad to the wanted ratio of sides before.")    \
    F(T, STR, fill_mode, "constant", "", "How padding is filled: only 'constant'.")             \
    F(T, FLOAT, fill_value, "0.0", "kept", "What padding is filled with.")                      \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(resizing, RESIZE);

static bool is_size(const kt_value *v)
{
    return kt_value_is_seq(v) && v->n == 2 && kt_is_int(v->items[0]) && kt_is_int(v->items[1]);
}

static void resize(kt_layer *self, kt_call *c)
{
    const resizing *cfg = self->config;
    const kt_value *size = cfg->size;
    kt_node        *x = kt_tensor_of(self, c, 0), *y;
    bool            first = kt_streq(cfg->data_format, "channels_first");

    c->out[0] = c->g->poison;
    if (kt_graph_failed(c->g) || !kt_has_image_rank(self, c, &x->shape))
        return;
    if (!is_size(size)) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "Expected `size` to be a tuple of 2 integers. Received: size=%s",
                     kt_python_text(self, size));
        return;
    }
    if (size->items[0]->i <= 0 || size->items[1]->i <= 0) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "`size` must have positive height and width. Received: size=%s",
                     kt_python_text(self, size));
        return;
    }
    kt_image  at = kt_image_of(&x->shape, first);
    kt_resize how = {.height = size->items[0]->i,
                     .width = size->items[1]->i,
                     .interpolation = cfg->interpolation,
                     .antialias = cfg->antialias,
                     .crop = cfg->crop_to_aspect_ratio,
                     .pad = cfg->pad_to_aspect_ratio,
                     .channels_first = first,
                     .fill_mode = cfg->fill_mode ? cfg->fill_mode : "None",
                     .fill_value = cfg->fill_value};
    if (x->shape.dim[at.rows] == KT_UNKNOWN || x->shape.dim[at.columns] == KT_UNKNOWN) {
        kt_shape out = x->shape;
        out.dim[at.rows] = how.height;
        out.dim[at.columns] = how.width;
        c->out[0] = kt_unsized(c, x->dtype, out);
        return;
    }
    y = kt_resized(c->g, x, &how);
    c->out[0] = kt_is_poison(c->g, y) ? y : kt_saturated(c->g, y, x->dtype);
}

/* --- ScaleAndTranslate --- */

#define SCALE(F, T)                                                               \
    F(T, ANY, spatial_dims, REQUIRED, "", "The axes that are scaled.")            \
    F(T, STR, method, REQUIRED, "", "'linear', 'cubic', 'lanczos3', 'lanczos5'.") \
    F(T, BOOL, antialias, "True", "", "Take all pixels into account where it shrinks.")
KT_CONFIG_OF(scaling, SCALE);

/* The method under one name; NULL: there is none. */
static const char *method_of(const char *name)
{
    static const char *const names[][2] = {{"linear", "linear"},     {"bilinear", "linear"},
                                           {"trilinear", "linear"},  {"cubic", "cubic"},
                                           {"bicubic", "cubic"},     {"tricubic", "cubic"},
                                           {"lanczos3", "lanczos3"}, {"lanczos5", "lanczos5"}};

    for (size_t i = 0; i < KT_COUNT(names); i++)
        if (kt_streq(name, names[i][0]))
            return names[i][1];
    return NULL;
}

static kt_node *less(kt_graph *g, kt_node *x, double v)
{
    return kt_compare(g, KT_BI_LESS, x, v);
}

/* sin(pi x) sin(pi x / r) r / (pi x)^2 up to r */
static kt_node *lanczos(kt_graph *g, kt_node *x, double radius)
{
    const double pi = 3.14159265358979323846;
    kt_node     *a = kt_unary(g, KT_UN_SIN, kt_mul_scalar(g, x, pi));
    kt_node     *b = kt_unary(g, KT_UN_SIN, kt_mul_scalar(g, x, pi / radius));
    kt_node     *square = kt_mul_scalar(g, kt_unary(g, KT_UN_SQUARE, x), pi * pi);
    kt_node     *beyond = kt_compare(g, KT_BI_GREATER, x, radius), *near = less(g, x, 1e-3);

    kt_node *one = kt_scalar_as(g, 1, x->dtype);

    square = kt_select(g, near, one, square);
    kt_node *y = kt_div(g, kt_mul_scalar(g, kt_mul(g, a, b), radius), square);
    y = kt_select(g, near, one, y);
    return kt_select(g, beyond, kt_scalar_as(g, 0, x->dtype), y);
}

/* c3 x^3 + c2 x^2 + c1 x + c0 */
static kt_node *cubic(kt_graph *g, kt_node *x, double c3, double c2, double c1, double c0)
{
    kt_node *y = kt_mul(g, kt_add_scalar(g, kt_mul_scalar(g, x, c3), c2), x);

    return kt_add_scalar(g, kt_mul(g, kt_add_scalar(g, y, c1), x), c0);
}

static kt_node *kernel(kt_graph *g, const char *method, kt_node *x)
{
    if (kt_streq(method, "cubic")) {
        kt_node *near = cubic(g, x, 1.5, -2.5, 0, 1), *far = cubic(g, x, -0.5, 2.5, -4, 2);
        return kt_where(g, less(g, x, 2), kt_select(g, less(g, x, 1), near, far), 0);
    }
    if (kt_streq(method, "linear"))
        return kt_unary(g, KT_UN_RELU, kt_add_scalar(g, kt_unary(g, KT_UN_NEG, x), 1));
    return lanczos(g, x, kt_streq(method, "lanczos3") ? 3 : 5);
}

/* How much each of n places [n, 1] counts for each of m places of the result: [n, m]. */
static kt_node *weights(kt_graph *g, const scaling *cfg, int64_t n, int64_t m, kt_node *scale,
                        kt_node *move)
{
    kt_dtype dtype = scale->dtype;
    kt_node *inverse = kt_unary(g, KT_UN_RECIPROCAL, scale), *one = kt_scalar_as(g, 1, dtype);
    kt_node *wide = cfg->antialias ? kt_binary(g, KT_BI_MAXIMUM, inverse, one) : one;
    kt_node *to = kt_add_scalar(g, kt_cast(g, kt_series(g, m, 0, 1), dtype), 0.5);
    kt_node *from = kt_reshape(g, kt_cast(g, kt_series(g, n, 0, 1), dtype), KT_SHAPE(n, 1));

    to = kt_sub(g, kt_mul(g, to, inverse), kt_mul(g, move, inverse));
    to = kt_add_scalar(g, to, -0.5);
    kt_node *apart = kt_unary(g, KT_UN_ABS, kt_sub(g, kt_expand_dims(g, to, 0), from));
    kt_node *w = kernel(g, method_of(cfg->method), kt_div(g, apart, wide));
    kt_node *sum = kt_reduce(g, KT_RE_SUM, w, 1, true);
    kt_node *some = kt_compare(g, KT_BI_GREATER, kt_unary(g, KT_UN_ABS, sum), 1000 * 1.1920929e-07);
    w = kt_where(g, some, kt_div(g, w, kt_where(g, some, sum, 1)), 0);
    kt_node *inside = kt_binary(g, KT_BI_AND, kt_compare(g, KT_BI_GREATER_EQUAL, to, -0.5),
                                kt_compare(g, KT_BI_LESS_EQUAL, to, (double)n - 0.5));
    return kt_where(g, kt_expand_dims(g, inside, 0), w, 0);
}

/* Number k of a vector, or the only one. */
static kt_node *entry(kt_graph *g, kt_node *v, int64_t k)
{
    return kt_squeeze(g, kt_slice_axis(g, v, 0, k, 1), 0);
}

static bool good_vectors(kt_layer *self, kt_call *c, const kt_node *scale, const kt_node *move)
{
    const kt_value *axes = ((const scaling *)self->config)->spatial_dims;

    if (kt_graph_failed(c->g))
        return false;
    if (!kt_value_is_seq(axes) || scale->shape.rank != 1 || move->shape.rank != 1 ||
        kt_dim(&scale->shape, 0) < (int64_t)axes->n || kt_dim(&move->shape, 0) < (int64_t)axes->n)
        kt_call_fail(self, c, KT_E_VALUE,
                     "Layer '%s': `scale` and `translation` must have a number for each of the "
                     "axes %s",
                     self->name, kt_python_text(self, axes));
    return !kt_graph_failed(c->g);
}

static kt_node *scaled_axis(kt_layer *self, kt_call *c, kt_node *x, const kt_value *dim, int64_t to,
                            kt_node *scale, kt_node *move)
{
    int axis = kt_is_int(dim) ? kt_axis(&x->shape, dim->i) : -1;

    if (axis < 0 || to < 0)
        return kt_call_fail(self, c, KT_E_VALUE, "Layer '%s': axis %s is not one of shape %s",
                            self->name, kt_python_text(self, dim),
                            kt_shape_text(&c->g->arena, &x->shape));
    int64_t n = x->shape.dim[axis];
    if (n == KT_UNKNOWN) {
        kt_shape out = x->shape;
        out.dim[axis] = to;
        return kt_unsized(c, x->dtype, out);
    }
    kt_node *w = weights(c->g, self->config, n, to, scale, move);
    x = kt_move_axis(c->g, x, axis, -1);
    return kt_move_axis(c->g, kt_matmul(c->g, x, w, false, false), -1, axis);
}

static void scale_and_translate(kt_layer *self, kt_call *c)
{
    const scaling  *cfg = self->config;
    const kt_value *shape = kt_argument(self, c, 1);
    kt_node        *x = kt_tensor_of(self, c, 0), *y;
    kt_dtype        real = kt_real_dtype(x->dtype);
    kt_node        *scale = kt_cast(c->g, kt_tensor_of(self, c, 2), real);
    kt_node        *move = kt_cast(c->g, kt_tensor_of(self, c, 3), real);

    c->out[0] = c->g->poison;
    if (!good_vectors(self, c, scale, move))
        return;
    if (!method_of(cfg->method)) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "Invalid value for argument `method`. Expected of one {'bilinear', "
                     "'lanczos5', 'lanczos3', 'linear', 'trilinear', 'bicubic', 'cubic', "
                     "'tricubic'}. Received: method=%s",
                     cfg->method ? cfg->method : "None");
        return;
    }
    if (!kt_value_is_seq(shape) || (int)shape->n != x->shape.rank) {
        kt_call_fail(self, c, KT_E_VALUE, "Layer '%s': output_shape must have %d sizes", self->name,
                     x->shape.rank);
        return;
    }
    y = kt_cast(c->g, x, real);
    for (size_t k = 0; k < cfg->spatial_dims->n && !kt_graph_failed(c->g); k++) {
        const kt_value *dim = cfg->spatial_dims->items[k];
        int             axis = kt_is_int(dim) ? kt_axis(&x->shape, dim->i) : -1;
        int64_t to = axis >= 0 && kt_is_int(shape->items[axis]) ? shape->items[axis]->i : -1;
        y = scaled_axis(self, c, y, dim, to, entry(c->g, scale, (int64_t)k),
                        entry(c->g, move, (int64_t)k));
    }
    c->out[0] = kt_graph_failed(c->g) ? c->g->poison : kt_saturated(c->g, y, x->dtype);
}

static int infer_resize(kt_layer *self, kt_call *c, kt_result *out)
{
    const resizing *cfg = self->config;
    kt_shape        s;

    kt_argument_shapes(self, c, 1, &s);
    if (!kt_has_image_rank(self, c, &s) || !is_size(cfg->size) || cfg->size->items[0]->i <= 0 ||
        cfg->size->items[1]->i <= 0)
        return 0;
    kt_image at = kt_image_of(&s, kt_streq(cfg->data_format, "channels_first"));
    s.dim[at.rows] = cfg->size->items[0]->i;
    s.dim[at.columns] = cfg->size->items[1]->i;
    return kt_infers(out, s);
}

static int infer_scaled(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape to;

    return kt_value_is_seq(kt_argument(self, c, 1)) &&
                   kt_shape_from_value(kt_argument(self, c, 1), &to)
             ? kt_infers(out, to)
             : 0;
}

#define ROWS(F)                                                                         \
    F(Resize, image, &resizing_type, "images", resize, 0, .infer = infer_resize,        \
      .check = kt_check_layout)                                                         \
    F(ScaleAndTranslate, image, &scaling_type, "images output_shape scale translation", \
      scale_and_translate, 0, .infer = infer_scaled)
KT_OPERATIONS(resizing, ROWS);
