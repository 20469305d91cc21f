/* resizing.c - Resizing and CenterCrop: images in another size. Also single images, without a
 * batch. */
#include "nn/images/augment.h"
#include "nn/images/resize.h"

#define BOXES "Accepted as Keras does; boxes are not there."
#define RESIZING(F, T)                                                                          \
    F(T, ANY, height, REQUIRED, "int", "Rows of the result.")                                   \
    F(T, ANY, width, REQUIRED, "int", "Columns of the result.")                                 \
    F(T, STR, interpolation, "bilinear", "",                                                    \
      "'bilinear', 'nearest', 'bicubic', 'lanczos3', 'lanczos5' or 'area'.")                    \
    F(T, BOOL, crop_to_aspect_ratio, "False", "", "Cut to the wanted ratio of sides before.")   \
    F(T, BOOL, pad_to_aspect_ratio, "False", "", "Pad to the wanted ratio of sides before.")    \
    F(T, STR, fill_mode, "constant", "", "How padding is filled: only 'constant'.")             \
    F(T, FLOAT, fill_value, "0.0", "kept", "What padding is filled with.")                      \
    F(T, BOOL, antialias, "False", "", "Take all pixels into account where the image shrinks.") \
    F(T, STR, data_format, "None", "",                                                          \
      "'channels_last' or 'channels_first'; None: channels_last.")                              \
    F(T, ANY, bounding_box_format, "None", "", BOXES)
KT_CONFIG_OF(resizing, RESIZING);
#define CROP(F, T)                                                 \
    F(T, ANY, height, REQUIRED, "int", "Rows of the result.")      \
    F(T, ANY, width, REQUIRED, "int", "Columns of the result.")    \
    F(T, STR, data_format, "None", "",                             \
      "'channels_last' or 'channels_first'; None: channels_last.") \
    F(T, ANY, bounding_box_format, "None", "", BOXES)
KT_CONFIG_OF(center_crop, CROP);

static kt_status check_resizing(kt_layer *self)
{
    resizing *c = self->config;

    return kt_check_data_format(self, &c->data_format);
}

static kt_status check_crop(kt_layer *self)
{
    center_crop *c = self->config;

    return kt_check_data_format(self, &c->data_format);
}

/* What comes out where only shapes are asked for: Keras' compute_output_shape puts the sizes where
 * an image of four axes has them, or else where one of three has. */
static kt_node *stand_in(kt_layer *self, kt_call *c, kt_node *x, const kt_value *height,
                         const kt_value *width, bool channels_first)
{
    kt_shape out = x->shape;
    int      first = (out.rank == 4) + (channels_first ? 1 : 0);

    if (out.rank < first + 2)
        return kt_call_fail(self, c, KT_E_INDEX, "list assignment index out of range");
    const kt_size sizes[] = {{first, height}, {first + 1, width}};
    return kt_put_sizes(c->g->fault, &out, sizes, 2) ? kt_placeholder(c->g, "", self->dtype, out)
                                                     : c->g->poison;
}

/* Keras' BaseImagePreprocessingLayer looks at the axis of the rows before it counts the axes. */
static bool is_image(kt_layer *self, kt_call *c, const kt_node *x, bool channels_first)
{
    if (x->shape.rank < (channels_first ? 2 : 3)) {
        kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
        return false;
    }
    return kt_augment_is_image(self, c, x);
}

static kt_node *resize(kt_layer *self, kt_call *c, kt_node *x)
{
    const resizing *cfg = self->config;
    bool            first = kt_streq(cfg->data_format, "channels_first");

    if (!c->t->eager)
        return stand_in(self, c, x, cfg->height, cfg->width, first);
    if (!is_image(self, c, x, first))
        return c->g->poison;
    if (!kt_is_int(cfg->height) || !kt_is_int(cfg->width))
        return kt_call_fail(self, c, KT_E_VALUE, "'size' must be a 1-D int32 Tensor");
    kt_resize how = {.height = cfg->height->i,
                     .width = cfg->width->i,
                     .interpolation = cfg->interpolation,
                     .antialias = cfg->antialias,
                     .crop = cfg->crop_to_aspect_ratio,
                     .pad = cfg->pad_to_aspect_ratio,
                     .channels_first = first,
                     .fill_mode = cfg->fill_mode ? cfg->fill_mode : "None",
                     .fill_value = cfg->fill_value};
    return kt_saturated(c->g, kt_resized(c->g, x, &how), x->dtype);
}

/* What is cut off. */
static int64_t rest_of(kt_layer *self, kt_call *c, const kt_value *size, int64_t whole)
{
    if (kt_is_int(size) && size->i >= 0)
        return whole - size->i;
    if (kt_is_int(size) || kt_value_number(size, &(double){0}))
        kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                     "Layer '%s': a size of the result must be a number of pixels, not %s",
                     self->name, kt_python_text(self, size));
    else
        kt_call_fail(self, c, KT_E_TYPE, "unsupported operand type(s) for -: 'int' and '%s'",
                     kt_kept_type(size));
    return 0;
}

static kt_node *crop(kt_layer *self, kt_call *c, kt_node *x)
{
    const center_crop *cfg = self->config;
    bool               first = kt_streq(cfg->data_format, "channels_first");

    if (!c->t->eager && x->shape.rank == 0)
        return kt_call_fail(self, c, KT_E_INDEX, "list index out of range");
    if (!c->t->eager && x->shape.rank != 3 && x->shape.rank != 4)
        return kt_call_fail(
            self, c, KT_E_VALUE,
            "`input_shape` must be a non-nested tuple or list of rank-1 with size 3 (unbatched) or 4 (batched). ");
    if (c->t->eager && !kt_augment_is_image(self, c, x))
        return c->g->poison;
    if (!c->t->eager)
        return stand_in(self, c, x, cfg->height, cfg->width, first);
    kt_image at = kt_image_of(&x->shape, first);
    int64_t  down = rest_of(self, c, cfg->height, x->shape.dim[at.rows]),
            right = rest_of(self, c, cfg->width, x->shape.dim[at.columns]);
    if (kt_graph_failed(c->g))
        return c->g->poison;
    int64_t height = cfg->height->i, width = cfg->width->i;
    x = kt_cast(c->g, x, self->dtype);
    if (down < 0 || right < 0)
        return kt_smart_resized(c->g, x, height, width, first);
    return kt_cropped(c->g, x, at, down / 2, right / 2, height, width);
}

static const kt_layer_type types[] = {
    {
        .cls = {.class_name = "Resizing",
                .module = "keras.layers",
                .config = &resizing_type,
                .summary = "Brings images to a size.",
                .unwritten = "bounding_box_format"},
        .flags = KT_LAYER_SAYS_TRAINING,
        .input = {.dtype = -1},
        .check = check_resizing,
        .call1 = resize,
        .sample =
            "Resizing(3, 2); Resizing(5, 7, 'bicubic', antialias=True); "
            "Resizing(4, 4, 'lanczos5', data_format='channels_first'); "
            "Resizing(3, 3, 'nearest', True); Resizing(4, 2, 'area', pad_to_aspect_ratio=True)",
        .sample_input = "(2, 4, 5, 3); (1, 3, 9, 2); (2, 2, 3, 5); (2, 5, 4, 1); (1, 3, 4, 2)",
    },
    {
        .cls = {.class_name = "CenterCrop",
                .module = "keras.layers",
                .config = &center_crop_type,
                .summary = "Cuts the middle out of images, or enlarges smaller ones.",
                .unwritten = "bounding_box_format"},
        .flags = KT_LAYER_SAYS_TRAINING,
        .input = {.dtype = -1},
        .check = check_crop,
        .call1 = crop,
        .sample = "CenterCrop(2, 3); CenterCrop(4, 3, 'channels_first')",
        .sample_input = "(2, 5, 4, 2); (1, 2, 3, 5)",
    },
};

const kt_layer_type *const kt_layers_resizing[] = {&types[0], &types[1], NULL};
