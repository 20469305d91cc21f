/* up_sampling.c - UpSampling over one, two or three axes: each place several times, or an image
 * with places between its own. */
#include <ctype.h>

#include "nn/images/resize.h"

#define SIZE_1(F, T) F(T, ANY, size, "2", "int", "How often each step.")
KT_CONFIG_OF(size_1, SIZE_1);
#define SIZE_2(F, T)                                               \
    F(T, ANY, size, "2", "ints", "How often each row and column.") \
    F(T, STR, data_format, "None", "",                             \
      "'channels_last' or 'channels_first'; None: channels_last.") \
    F(T, ANY, interpolation, "nearest", "",                        \
      "'nearest', 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'.")
KT_CONFIG_OF(size_2, SIZE_2);
#define SIZE_3(F, T)                                           \
    F(T, ANY, size, "2", "ints", "How often along each axis.") \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(size_3, SIZE_3);

typedef struct state {
    bool    channels_first;
    int64_t size[KT_MAX_SPATIAL];
} state;

static kt_status check_1(kt_layer *self)
{
    const size_1 *c = self->config;
    state        *s = self->state;

    if (!c->size || c->size->kind != KT_INT)
        return kt_layer_fail(self, KT_E_TYPE,
                             "Expected an integer value for `size`, got <class '%s'>.",
                             kt_python_type(c->size));
    if (c->size->i <= 0)
        return kt_layer_fail(self, KT_E_VALUE,
                             "Argument `size` should be a positive integer. Received: size=%lld",
                             (long long)c->size->i);
    s->size[0] = c->size->i;
    return KT_OK;
}

static kt_status check_n(kt_layer *self, const kt_value **size, const char **format)
{
    state *s = self->state;
    int    rank = self->type->variant;

    if (kt_check_data_format(self, format) != KT_OK ||
        kt_check_tuple(self, "size", *size, rank, 1, s->size) != KT_OK)
        return kt_layer_status(self);
    s->channels_first = kt_streq(*format, "channels_first");
    *size = kt_tuple_value(&self->arena, rank, s->size);
    return *size ? KT_OK : kt_raise_memory(&self->fault);
}

static kt_status check_2(kt_layer *self)
{
    size_2     *c = self->config;
    const char *given = kt_value_text(c->interpolation);
    char       *word;

    if (check_n(self, &c->size, &c->data_format) != KT_OK)
        return kt_layer_status(self);
    if (!given)
        return kt_layer_fail(self, KT_E_ATTRIBUTE, "'%s' object has no attribute 'lower'",
                             kt_python_type(c->interpolation));
    word = kt_arena_strdup(&self->arena, given);
    for (char *p = word; p && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    c->interpolation = word ? kt_value_str(&self->arena, word) : NULL;
    return c->interpolation ? KT_OK : kt_raise_memory(&self->fault);
}

static kt_status check_3(kt_layer *self)
{
    size_3 *c = self->config;

    return check_n(self, &c->size, &c->data_format);
}

/* Each place of the axis n times, through an axis of its own behind it. */
static kt_node *repeat(kt_call *c, kt_node *x, int axis, int64_t n)
{
    kt_shape to, merged = x->shape;

    if (n == 1 || kt_is_poison(c->g, x))
        return x;
    if (merged.dim[axis] != KT_UNKNOWN)
        merged.dim[axis] *= n;
    if (!kt_shape_known(&x->shape)) /* only shapes are asked for */
        return kt_placeholder(c->g, "", x->dtype, merged);
    kt_node *y = kt_expand_dims(c->g, x, axis + 1);
    to = y->shape;
    to.dim[axis + 1] = n;
    return kt_reshape(c->g, kt_broadcast_to(c->g, y, to), merged);
}

/* Its output for an image of this shape: only shapes are asked for. */
static kt_node *resized_shape(const state *s, kt_call *c, kt_node *x)
{
    kt_shape out = x->shape;
    int      first = s->channels_first ? 2 : 1;

    for (int i = 0; i < 2; i++)
        if (out.dim[first + i] != KT_UNKNOWN)
            out.dim[first + i] *= s->size[i];
    return kt_placeholder(c->g, "", x->dtype, out);
}

static kt_node *resize(kt_layer *self, kt_call *c, kt_node *x, const char *interpolation)
{
    const state *s = self->state;
    kt_image     at = kt_image_of(&x->shape, s->channels_first);
    int64_t      h = x->shape.dim[at.rows], w = x->shape.dim[at.columns];

    if (!c->t->eager || h == KT_UNKNOWN || w == KT_UNKNOWN)
        return resized_shape(s, c, x);
    kt_node *y = kt_resized(c->g, x,
                            &(kt_resize){.height = h * s->size[0],
                                         .width = w * s->size[1],
                                         .interpolation = interpolation,
                                         .channels_first = s->channels_first});
    return kt_saturated(c->g, y, x->dtype);
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const state *s = self->state;
    const char  *method = self->type->variant == 2
                            ? kt_value_text(((const size_2 *)self->config)->interpolation)
                            : "nearest";

    if (c->t->lenient && x->shape.rank < self->type->variant + 2)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    if (!kt_streq(method, "nearest"))
        return resize(self, c, x, method);
    for (int i = 0; i < self->type->variant; i++)
        x = repeat(c, x, i + (s->channels_first ? 2 : 1), s->size[i]);
    return x;
}

#define UP(axes, start, samples, shapes)                                                        \
    {                                                                                           \
        .cls = {.class_name = "UpSampling" #axes "D",                                           \
                .module = "keras.layers",                                                       \
                .config = &size_##axes##_type,                                                  \
                .summary = "Each place several times."},                                        \
        .flags = KT_LAYER_READY, .input = {.ndim = (axes) + 2, .dtype = -1}, .variant = (axes), \
        .check = start, .call1 = call, .state_size = sizeof(state), .sample = samples,          \
        .sample_input = shapes,                                                                 \
    }
static const kt_layer_type types[] = {
    UP(1, check_1, "UpSampling1D(); UpSampling1D(3)", "(2, 3, 2); (2, 2, 3)"),
    UP(2, check_2,
       "UpSampling2D(); UpSampling2D((1, 3), data_format='channels_first'); "
       "UpSampling2D((3, 2), interpolation='bilinear'); UpSampling2D(2, interpolation='lanczos3'); "
       "UpSampling2D(2, data_format='channels_first', interpolation='bicubic')",
       "(2, 2, 3, 2); (2, 2, 2, 3); (2, 2, 3, 2); (1, 4, 3, 1); (1, 2, 4, 3)"),
    UP(3, check_3, "UpSampling3D(); UpSampling3D((1, 3, 2), data_format='channels_first')",
       "(1, 2, 2, 3, 2); (1, 2, 2, 2, 2)"),
};

const kt_layer_type *const kt_layers_up_sampling[] = {&types[0], &types[1], &types[2], NULL};
