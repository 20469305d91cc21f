/* global_pooling.c - GlobalMaxPooling and GlobalAveragePooling: one number of all places of each
 * channel. */
#include "nn/shared/window.h"

#define FIELDS(F)                                                                                \
    F(STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.") \
    F(BOOL, keepdims, "False", "", "Keep the spatial axes, as axes of 1.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    return kt_check_data_format(self, &c->data_format);
}

/* The spatial axes as bits. */
static unsigned axes_of(const kt_layer *self)
{
    const config *c = self->config;
    unsigned      spatial = (1u << self->type->variant) - 1;

    return spatial << (kt_streq(c->data_format, "channels_first") ? 2 : 1);
}

static kt_node *reduce(kt_layer *self, kt_call *c, kt_reduce_fn fn, kt_node *x)
{
    return kt_reduce(c->g, fn, x, axes_of(self), ((const config *)self->config)->keepdims);
}

static kt_node *maximum(kt_layer *self, kt_call *c, kt_node *x)
{
    return reduce(self, c, KT_RE_MAX, x);
}

/* The mean over the steps that the mask leaves. */
static void mean(kt_layer *self, kt_call *c)
{
    kt_node *x = c->in[0], *mask = self->type->variant == 1 ? c->mask[0] : NULL;

    if (!mask || !c->t->eager) { /* Keras infers the shape without a look at the mask */
        c->out[0] = reduce(self, c, KT_RE_MEAN, x);
        return;
    }
    bool first = kt_streq(((const config *)self->config)->data_format, "channels_first");
    mask = kt_expand_dims(c->g, kt_cast(c->g, mask, KT_BOOLEAN), first ? 1 : 2);
    x = kt_select(c->g, mask, x, kt_scalar_as(c->g, 0, x->dtype));
    c->out[0] = kt_div(c->g, reduce(self, c, KT_RE_SUM, x),
                       reduce(self, c, KT_RE_SUM, kt_cast(c->g, mask, x->dtype)));
}

#define SHAPES_1 "(2, 5, 2); (2, 3, 4)"
#define SHAPES_2 "(2, 3, 4, 2); (2, 3, 4, 2)"
#define SHAPES_3 "(2, 2, 3, 2, 2); (1, 2, 3, 2, 2)"
#define GLOBAL(Kind, axes, extra, sentence, ...)                                       \
    {                                                                                  \
        .cls = {.class_name = "Global" Kind "Pooling" #axes "D",                       \
                .aliases = "Global" Kind "Pool" #axes "D",                             \
                .module = "keras.layers",                                              \
                .config = &config_type,                                                \
                .summary = sentence},                                                  \
        .input = {.ndim = (axes) + 2, .dtype = -1}, .flags = KT_LAYER_READY | (extra), \
        .variant = (axes), .check = check,                                             \
        .sample = "Global" Kind "Pooling" #axes "D(); Global" Kind "Pooling" #axes     \
                  "D(data_format='channels_first', keepdims=True)",                    \
        .sample_input = SHAPES_##axes, __VA_ARGS__                                     \
    }
#define LARGEST(axes) GLOBAL("Max", axes, 0, "The largest value of each channel.", .call1 = maximum)
#define MEAN(axes)                                                                               \
    GLOBAL("Average", axes, ((axes) == 1 ? KT_LAYER_SAYS_MASK : 0), "The mean of each channel.", \
           .call = mean)

static const kt_layer_type types[] = {LARGEST(1), LARGEST(2), LARGEST(3),
                                      MEAN(1),    MEAN(2),    MEAN(3)};

const kt_layer_type *const kt_layers_global_pooling[] = {&types[0], &types[1], &types[2], &types[3],
                                                         &types[4], &types[5], NULL};
