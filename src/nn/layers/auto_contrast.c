/* auto_contrast.c - AutoContrast and ContrastLimitedAdaptiveHistogramEqualization: what is in an
 * image is spread over all brightnesses, as a whole or tile by tile. Also when predicting. */
#include "nn/images/augment.h"

#define FORMAT(F, T) \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
#define RANGE(F, T) \
    F(T, ANY, value_range, "(0, 255)", "", "The least and the largest number of a pixel.")
#define BOXES(F, T) \
    F(T, ANY, bounding_box_format, "None", "", "Accepted as Keras does; boxes are not there.")
#define CONTRAST(F, T) RANGE(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(contrast, CONTRAST);
#define CLAHE(F, T)                                                       \
    RANGE(F, T)                                                           \
    F(T, FLOAT, clip_limit, "4.0", "kept",                                \
      "How often a brightness may be, beside the mean; 0: any.")          \
    F(T, ANY, tile_grid_size, "(8, 8)", "ints", "Tiles down and across.") \
    FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(clahe, CLAHE);

static kt_status check(kt_layer *self)
{
    static const kt_augment_rule rules[] = {{"value_range", KT_AUGMENT_PIXELS, 0, 0, NULL}, {0}};

    return kt_augment_check(self, self->type->variant ? NULL : rules);
}

static const double bytes[] = {0, 255};

/* As Python unpacks a sequence. */
static bool has_two(kt_layer *self, kt_call *c, const kt_value *v)
{
    if (v->n < 2)
        kt_call_fail(self, c, KT_E_VALUE, "not enough values to unpack (expected 2, got %zu)",
                     v->n);
    else if (v->n > 2)
        kt_call_fail(self, c, KT_E_VALUE, "too many values to unpack (expected 2)");
    return v->n == 2;
}

/* AutoContrast has looked at it before. */
static bool read_range(kt_layer *self, kt_call *c, const kt_value *v, double out[2])
{
    if (!kt_value_is_seq(v))
        kt_call_fail(self, c, KT_E_TYPE, "'%s' object is not subscriptable", kt_kept_type(v));
    else if (v->n == 0)
        kt_call_fail(self, c, KT_E_INDEX, "%s index out of range", kt_python_type(v));
    else if (has_two(self, c, v) &&
             (!kt_value_number(v->items[0], &out[0]) || !kt_value_number(v->items[1], &out[1])))
        kt_call_fail(self, c, KT_E_TYPE, "%s: value_range must be two numbers",
                     self->type->cls.class_name);
    return !kt_graph_failed(c->g);
}

/* --- tiles --- */

typedef struct tiles {
    int64_t down, across;  /* how many */
    int64_t height, width; /* of one */
    int64_t batch, channels;
    int64_t rows, columns; /* of the image, filled up */
} tiles;

/* As Python unpacks and divides by them. */
static bool tiles_fit(kt_layer *self, kt_call *c, const kt_value *v)
{
    if (!kt_value_is_seq(v))
        kt_call_fail(self, c, KT_E_TYPE, "cannot unpack non-iterable %s object", kt_kept_type(v));
    else
        has_two(self, c, v);
    for (size_t i = 0; i < 2 && !kt_graph_failed(c->g); i++)
        if (kt_is_int(v->items[i]) && v->items[i]->i == 0)
            kt_call_fail(self, c, KT_E_ZERO_DIVISION, "integer division or modulo by zero");
        else if (!kt_is_int(v->items[i]) || v->items[i]->i < 0 || v->items[i]->i > INT32_MAX)
            kt_call_fail(self, c, KT_E_TYPE, "tile_grid_size must be two positive integers");
    return !kt_graph_failed(c->g);
}

static bool read_tiles(kt_layer *self, kt_call *c, const kt_shape *s, tiles *t)
{
    const kt_value *v = ((const clahe *)self->config)->tile_grid_size;

    if (!tiles_fit(self, c, v))
        return false;
    t->down = v->items[0]->i;
    t->across = v->items[1]->i;
    t->height = (s->dim[1] + t->down - 1) / t->down;
    t->width = (s->dim[2] + t->across - 1) / t->across;
    t->rows = t->height * t->down;
    t->columns = t->width * t->across;
    t->batch = s->dim[0];
    t->channels = s->dim[3];
    for (int i = 1; i <= 2; i++) {
        int64_t more = (i == 1 ? t->rows : t->columns) - s->dim[i];
        if (more > s->dim[i] && !kt_graph_failed(c->g))
            kt_call_fail(self, c, KT_E_INVALID_ARGUMENT,
                         "paddings must be no greater than the dimension size: 0, %lld greater "
                         "than %lld",
                         (long long)more, (long long)s->dim[i]);
    }
    return !kt_graph_failed(c->g);
}

static kt_node *constant(kt_graph *g, kt_tensor *t)
{
    if (!t)
        kt_raise_memory(g->fault);
    return t ? kt_constant(g, t) : g->poison;
}

/* Mirrored behind its end up to n entries. */
static kt_node *filled_up(kt_graph *g, kt_node *x, int axis, int64_t n)
{
    int64_t from = kt_is_poison(g, x) ? n : x->shape.dim[axis];

    if (from == n)
        return x;
    kt_tensor *index = kt_tensor_new(KT_I32, KT_SHAPE(n));
    for (int64_t i = 0; index && i < n; i++)
        kt_tensor_set(index, i, (double)(i < from ? i : 2 * from - 1 - i));
    return kt_gather(g, x, constant(g, index), axis);
}

/* What each of 256 brightnesses becomes in each tile: [batch, down, across, channels, 256]. */
static kt_node *curves(kt_graph *g, kt_node *x, const tiles *t, double clip_limit)
{
    int64_t  n = t->height * t->width;
    kt_node *y = kt_reshape(
        g, x, KT_SHAPE(t->batch, t->down, t->height, t->across, t->width, t->channels));

    y = kt_transpose(g, y, (int[]){0, 1, 3, 5, 2, 4});
    y = kt_reshape(g, y, KT_SHAPE(t->batch, t->down, t->across, t->channels, n));
    y = kt_bincount(g, y, NULL, 256, false);
    if (clip_limit > 0) { /* what is cut off is shared among all */
        kt_node *kept = kt_clipped(g, y, 0, clip_limit * (double)n / 256);
        kt_node *off = kt_reduce(g, KT_RE_SUM, kt_sub(g, y, kept), 1u << 4, true);
        y = kt_add(g, kept, kt_mul_scalar(g, off, 1.0 / 256));
    }
    y = kt_cumsum(g, y, 4, false);
    kt_node *least = kt_reduce(g, KT_RE_MIN, y, 1u << 4, true);
    kt_node *rest = kt_add_scalar(g, kt_mul_scalar(g, least, -1), (double)n),
            *zero = kt_scalar_as(g, 0, rest->dtype), *one = kt_scalar_as(g, 1, rest->dtype);
    rest = kt_select(g, kt_binary(g, KT_BI_EQUAL, rest, zero), one, rest);
    return kt_clipped(g, kt_div(g, kt_mul_scalar(g, kt_sub(g, y, least), 255), rest), 0, 255);
}

/* Between which tiles the entries of an axis lie, and how far from the first, in Keras' float32. */
static float between(int64_t i, int64_t size, int64_t n, int64_t *first, int64_t *second)
{
    float at = ((float)i - (float)size / 2.0f) / (float)size + 1.0f;
    float below = at < 0 ? -1 : (float)(int64_t)at;

    *first = below < 0 ? 0 : (int64_t)below;
    *second = (int64_t)below + 1;
    /* a border of tiles repeats the outermost */
    *first = *first < 1 ? 0 : *first > n ? n - 1 : *first - 1;
    *second = *second < 1 ? 0 : *second > n ? n - 1 : *second - 1;
    return at - below;
}

/* Where the curve of a tile for each pixel begins among all: one of the four tiles around it. */
static kt_node *places(kt_graph *g, const tiles *t, bool lower, bool right)
{
    kt_shape   s = KT_SHAPE(t->batch, t->rows, t->columns, t->channels);
    kt_tensor *out = kt_tensor_new(KT_I64, s);
    int64_t    tile[2][2];

    for (int64_t i = 0; out && i < out->count; i++) {
        int64_t channel = i % t->channels, column = i / t->channels % t->columns,
                row = i / t->channels / t->columns % t->rows,
                image = i / t->channels / t->columns / t->rows;
        (void)between(row, t->height, t->down, &tile[0][0], &tile[0][1]);
        (void)between(column, t->width, t->across, &tile[1][0], &tile[1][1]);
        int64_t at = (image * t->down + tile[0][lower]) * t->across + tile[1][right];
        ((int64_t *)out->data)[i] = (at * t->channels + channel) * 256;
    }
    return constant(g, out);
}

static kt_node *weights(kt_graph *g, int64_t n, int64_t size, int64_t tiles_n, kt_shape shape,
                        kt_dtype dtype)
{
    kt_tensor *out = kt_tensor_new(dtype, shape);
    int64_t    first, second;

    for (int64_t i = 0; out && i < n; i++)
        kt_tensor_set(out, i, (double)between(i, size, tiles_n, &first, &second));
    return constant(g, out);
}

/* a + (b - a) * w, as Keras adds it up */
static kt_node *mixed(kt_graph *g, kt_node *a, kt_node *b, kt_node *w)
{
    kt_node *rest = kt_sub(g, kt_scalar_as(g, 1, w->dtype), w);

    return kt_add(g, kt_mul(g, a, rest), kt_mul(g, b, w));
}

/* x: [batch, rows, columns, channels] of whole numbers in [0, 255] */
static kt_node *interpolated(kt_graph *g, kt_node *x, kt_node *curve, const tiles *t)
{
    kt_node *flat = kt_reshape(g, curve, KT_SHAPE(KT_UNKNOWN)), *value[4];

    for (int i = 0; i < 4; i++)
        value[i] = kt_gather(g, flat, kt_add(g, places(g, t, i >= 2, i % 2 == 1), x), 0);
    kt_node *down = weights(g, t->rows, t->height, t->down, KT_SHAPE(t->rows, 1, 1), curve->dtype),
            *across = weights(g, t->columns, t->width, t->across, KT_SHAPE(t->columns, 1),
                              curve->dtype);
    return mixed(g, mixed(g, value[0], value[1], across), mixed(g, value[2], value[3], across),
                 down);
}

static kt_node *by_tiles(kt_layer *self, kt_call *c, kt_node *x, const double range[2])
{
    kt_graph *g = c->g;
    kt_dtype  given = x->dtype;
    kt_shape  s = x->shape;
    tiles     t;

    if (!read_tiles(self, c, &s, &t))
        return g->poison;
    x = kt_rescaled(g, x, range, bytes, KT_F32);
    x = filled_up(g, filled_up(g, x, 1, t.rows), 2, t.columns);
    x = kt_cast(g, kt_clipped(g, kt_cast(g, x, KT_I32), 0, 255), KT_I64);
    if (kt_is_poison(g, x))
        return x;
    kt_node *curve = curves(g, x, &t, ((const clahe *)self->config)->clip_limit);
    if (kt_is_poison(g, curve))
        return curve;
    kt_node *y = interpolated(g, x, curve, &t);
    y = kt_slice_axis(g, kt_slice_axis(g, y, 1, 0, s.dim[1]), 2, 0, s.dim[2]);
    return kt_cast(g, kt_rescaled(g, y, bytes, range, KT_F32), given);
}

/* --- the layers --- */

/* As a batch; CLAHE wants the channels last. */
static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    bool             tiled = self->type->variant == 1;
    const kt_value **field = kt_augment_field(self, "value_range");
    const char     **format = kt_augment_field(self, "data_format");
    bool             first = tiled && kt_streq(*format, "channels_first");
    double           range[2];

    if (!c->t->eager)
        return kt_augment_same(self, c, x);
    if (!kt_augment_is_image(self, c, x) || !read_range(self, c, *field, range))
        return c->g->poison;
    if (!kt_shape_known(&x->shape) || kt_shape_product(&x->shape, 0, x->shape.rank) == 0)
        return kt_augment_same(self, c, x);
    bool single = x->shape.rank == 3;
    x = single ? kt_expand_dims(c->g, x, 0) : x;
    if (first)
        x = kt_transpose(c->g, x, (int[]){0, 2, 3, 1});
    x = tiled ? by_tiles(self, c, x, range) : kt_spread(c->g, x, range, self->dtype);
    if (first)
        x = kt_transpose(c->g, x, (int[]){0, 3, 1, 2});
    return single ? kt_squeeze(c->g, x, 0) : x;
}

#define ROW(which, Class, fields, text, example)                                     \
    {                                                                                \
        .cls = {.class_name = Class,                                                 \
                .module = "keras.layers",                                            \
                .config = &fields##_type,                                            \
                .summary = text,                                                     \
                .unwritten = "bounding_box_format"},                                 \
        .flags = KT_LAYER_SAYS_TRAINING, .input = {.dtype = -1}, .variant = (which), \
        .check = check, .call1 = call, .sample = example,                            \
        .sample_input = "(2, 4, 3, 3); (2, 4, 3, 3)"                                 \
    }
static const kt_layer_type types[] = {
    ROW(0, "AutoContrast", contrast, "Spreads an image over all brightnesses.",
        "AutoContrast(); AutoContrast((-1, 1))"),
    ROW(1, "ContrastLimitedAdaptiveHistogramEqualization", clahe,
        "Spreads an image over all brightnesses, tile by tile.",
        "ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(2, 2)); "
        "ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(2, 1), clip_limit=0.0)"),
};

const kt_layer_type *const kt_layers_auto_contrast[] = {&types[0], &types[1], NULL};
