/* resize.c - images in another size: cut or padded to the wanted ratio of sides where that is asked
 * for, then one axis after the other. */
#include "nn/images/resize.h"

kt_image kt_image_of(const kt_shape *s, bool channels_first)
{
    int r = s->rank;

    return channels_first ? (kt_image){r - 2, r - 1, r - 3} : (kt_image){r - 3, r - 2, r - 1};
}

kt_node *kt_cropped(kt_graph *g, kt_node *x, kt_image at, int64_t top, int64_t left, int64_t height,
                    int64_t width)
{
    if (kt_is_poison(g, x))
        return x;
    return kt_slice_axis(g, kt_slice_axis(g, x, at.rows, top, height), at.columns, left, width);
}

kt_node *kt_saturated(kt_graph *g, kt_node *x, kt_dtype dtype)
{
    if (kt_dtype_is_float(x->dtype) && !kt_dtype_is_float(dtype))
        x = kt_unary(g, KT_UN_ROUND, x);
    return kt_cast(g, x, dtype); /* which holds numbers within the dtype */
}

/* --- one axis --- */

/* Which pixel is the nearest, in TensorFlow's float32. */
static kt_node *nearest(kt_graph *g, kt_node *x, int axis, int64_t to)
{
    int64_t    from = x->shape.dim[axis];
    float      scale = (float)from / (float)to;
    kt_tensor *index = kt_tensor_new(KT_I32, KT_SHAPE(to));

    for (int64_t j = 0; index && j < to; j++) {
        int64_t at = (int64_t)(((float)j + 0.5f) * scale);
        kt_tensor_set(index, j, (double)(at < from ? at : from - 1));
    }
    if (!index) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    return kt_gather(g, x, kt_constant(g, index), axis);
}

/* Along n axes from this one on. */
static kt_node *along(kt_graph *g, kt_node *x, int axis, int n, const int64_t *to,
                      const kt_resize *how)
{
    kt_node *taps[4];

    if (kt_is_poison(g, x))
        return x;
    for (int d = 0; d < n; d++)
        if (kt_streq(how->interpolation, "nearest"))
            x = nearest(g, x, axis + d, to[d]);
        else if (!kt_resize_band(g, how->interpolation, how->antialias, x->shape.dim[axis + d],
                                 to[d], x->dtype, &taps[2 * d], &taps[2 * d + 1]))
            return g->poison;
    return kt_streq(how->interpolation, "nearest") ? x : kt_band(g, x, axis, n, taps);
}

/* --- the whole image --- */

/* a * b / c as TensorFlow's float32 cuts it to an integer. */
static int64_t ratio(int64_t a, int64_t b, int64_t c)
{
    return (int64_t)((float)(a * b) / (float)c);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static kt_node *cut_to_ratio(kt_graph *g, kt_node *x, kt_image at, const kt_resize *how)
{
    int64_t h = x->shape.dim[at.rows], w = x->shape.dim[at.columns];
    int64_t rows = most(least(h, ratio(w, how->height, how->width)), 1),
            columns = most(least(w, ratio(h, how->width, how->height)), 1);

    return kt_cropped(g, x, at, (h - rows) / 2, (w - columns) / 2, rows, columns);
}

/* As much on both sides: what is odd is left out. */
static kt_node *padded_to_ratio(kt_graph *g, kt_node *x, kt_image at, const kt_resize *how)
{
    int64_t     h = x->shape.dim[at.rows], w = x->shape.dim[at.columns];
    kt_pad_attr pad = {.value = how->fill_value};

    pad.before[at.rows] = (most(h, ratio(w, how->height, how->width)) - h) / 2;
    pad.before[at.columns] = (most(w, ratio(h, how->width, how->height)) - w) / 2;
    pad.after[at.rows] = pad.before[at.rows];
    pad.after[at.columns] = pad.before[at.columns];
    if (!kt_dtype_is_float(x->dtype) && pad.before[at.rows] + pad.before[at.columns] > 0) {
        kt_str value = {0};
        kt_value_repr(&value, &(kt_value){.kind = KT_FLOAT, .f = how->fill_value});
        kt_raise(g->fault, KT_E_TYPE, "Cannot convert %s to EagerTensor of dtype %s",
                 kt_str_text(&value), kt_dtype_name(x->dtype));
        kt_str_free(&value);
    }
    return kt_pad(g, x, &pad);
}

static bool is_method(const char *name)
{
    static const char *const names[] = {"bilinear", "nearest", "lanczos3",
                                        "lanczos5", "bicubic", "area"};

    for (size_t i = 0; i < KT_COUNT(names); i++)
        if (kt_streq(name, names[i]))
            return true;
    return false;
}

/* Keras' own checks of the arguments, then TensorFlow's. */
static bool acceptable(kt_graph *g, const kt_node *x, const kt_resize *how)
{
    kt_image at = kt_image_of(&x->shape, how->channels_first);

    if (!is_method(how->interpolation))
        kt_raise(
            g->fault, KT_E_VALUE,
            "Invalid value for argument `interpolation`. Expected of one ('bilinear', 'nearest', 'lanczos3', 'lanczos5', 'bicubic', 'area'). Received: interpolation=%s",
            how->interpolation ? how->interpolation : "None");
    else if (how->fill_mode && !kt_streq(how->fill_mode, "constant"))
        kt_raise(
            g->fault, KT_E_VALUE,
            "Invalid value for argument `fill_mode`. Only `'constant'` is supported. Received: fill_mode=%s",
            how->fill_mode);
    else if (how->pad && how->crop)
        kt_raise(g->fault, KT_E_VALUE,
                 "Only one of `pad_to_aspect_ratio` & `crop_to_aspect_ratio` can be `True`.");
    else if (x->shape.rank != 3 && x->shape.rank != 4)
        kt_raise(
            g->fault, KT_E_VALUE,
            "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). Received input with shape: images.shape=%s",
            kt_shape_text(&g->arena, &x->shape));
    else if (how->height <= 0 || how->width <= 0)
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT, "output dimensions must be positive");
    else if (how->height > INT32_MAX || how->width > INT32_MAX ||
             x->shape.dim[at.rows] > INT32_MAX || x->shape.dim[at.columns] > INT32_MAX)
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT, "an image has at most %d rows and columns",
                 INT32_MAX);
    else if (x->shape.dim[at.rows] == 0 || x->shape.dim[at.columns] == 0)
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT, "input image must be of non-zero size");
    return !kt_graph_failed(g);
}

kt_node *kt_resized(kt_graph *g, kt_node *x, const kt_resize *how)
{
    if (kt_is_poison(g, x) || !acceptable(g, x, how))
        return g->poison;
    kt_image at = kt_image_of(&x->shape, how->channels_first);
    if (how->crop)
        x = cut_to_ratio(g, x, at, how);
    else if (how->pad)
        x = padded_to_ratio(g, x, at, how);
    if (kt_is_poison(g, x))
        return x;
    int64_t h = x->shape.dim[at.rows], w = x->shape.dim[at.columns];
    if (h == how->height && w == how->width)
        return x;
    if (!kt_dtype_is_float(x->dtype) && !kt_streq(how->interpolation, "nearest"))
        x = kt_cast(g, x, KT_F32);
    const int64_t to[] = {how->height, how->width};
    if (how->height * w <= 2 * h * how->width) /* rows first: each is mixed on the way */
        return along(g, x, at.rows, 2, to, how);
    return along(g, along(g, x, at.columns, 1, to + 1, how), at.rows, 1, to, how);
}

kt_node *kt_smart_resized(kt_graph *g, kt_node *x, int64_t height, int64_t width,
                          bool channels_first)
{
    kt_resize how = {.height = height,
                     .width = width,
                     .interpolation = "bilinear",
                     .channels_first = channels_first};

    if (kt_is_poison(g, x) || !acceptable(g, x, &how))
        return g->poison;
    kt_image at = kt_image_of(&x->shape, channels_first);
    int64_t  h = x->shape.dim[at.rows], w = x->shape.dim[at.columns];
    int64_t  rows = most(least(h, (int64_t)((double)(w * height) / (double)width)), 1),
            columns = most(least(w, (int64_t)((double)(h * width) / (double)height)), 1);
    return kt_resized(g, kt_cropped(g, x, at, (h - rows) / 2, (w - columns) / 2, rows, columns),
                      &how);
}
