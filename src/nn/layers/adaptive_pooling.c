/* adaptive_pooling.c - AdaptiveMaxPooling and AdaptiveAveragePooling: windows of such sizes that
 * the output has the size that is asked for. */
#include "nn/shared/window.h"

#define FIELDS(F)                                                                \
    F(ANY, output_size, REQUIRED, "ints", "Size of the output along each axis.") \
    F(STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG(FIELDS);

static kt_status early(kt_layer *self)
{
    static const char *const tuples[] = {"tuple of 1 integer", "(height, width) tuple",
                                         "(depth, height, width) tuple"};
    config                  *c = self->config;
    kt_window               *w = self->state;
    int                      rank = self->type->variant;
    bool                     one = kt_is_int(c->output_size);
    bool                     seq = kt_value_is_seq(c->output_size);
    bool                     fits = one || (seq && (int)c->output_size->n == rank);

    w->rank = rank;
    for (int i = 0; fits && i < rank; i++) {
        const kt_value *v = one ? c->output_size : c->output_size->items[i];
        w->size[i] = kt_is_int(v) ? v->i : KT_UNKNOWN;
    }
    if (seq && !fits && rank == 1 && c->output_size->n != 1)
        return kt_layer_fail(self, KT_E_VALUE,
                             "For 1D input, `output_size` tuple must have length 1. Received: %s",
                             kt_python_text(self, c->output_size));
    if (!fits)
        return kt_layer_fail(
            self, KT_E_TYPE,
            "`output_size` must be an integer or %s. Received: %s of type <class '%s'>",
            tuples[rank - 1], kt_python_text(self, c->output_size), kt_python_type(c->output_size));
    kt_value *sizes = kt_value_new(&self->arena, KT_TUPLE);
    for (int i = 0; sizes && i < rank; i++) {
        const kt_value *v = one ? c->output_size : c->output_size->items[i];
        if (!kt_value_add(&self->arena, sizes, NULL, kt_value_copy(&self->arena, v)))
            sizes = NULL;
    }
    c->output_size = sizes;
    return sizes ? KT_OK : kt_raise_memory(&self->fault);
}

static kt_status check(kt_layer *self)
{
    config    *c = self->config;
    kt_window *w = self->state;

    if (!c->data_format || !*c->data_format)
        c->data_format = "channels_last";
    w->channels_first = kt_streq(c->data_format, "channels_first");
    if (!w->channels_first && !kt_streq(c->data_format, "channels_last"))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Invalid data_format: %s. Expected 'channels_first' or 'channels_last'.",
            c->data_format);
    return KT_OK;
}

static kt_node *pool(kt_layer *self, kt_call *c, kt_node *x, kt_reduce_fn fn)
{
    const config    *cfg = self->config;
    const kt_window *w = self->state;
    kt_size          sizes[KT_MAX_SPATIAL];
    int              first = w->channels_first ? 2 : 1;
    kt_shape         out = {.rank = w->rank + 2};

    int channels = kt_axis(&x->shape, w->channels_first ? 1 : -1);

    if (c->t->eager && (x->shape.rank < 3 || x->shape.rank > 5))
        return kt_call_fail(self, c, KT_E_VALUE,
                            "adaptive_%s_pool supports 1D, 2D, or 3D inputs only.",
                            fn == KT_RE_MAX ? "max" : "average");
    if (channels < 0)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    if (!c->t->eager) { /* Keras infers it of any rank */
        out.dim[0] = kt_dim(&x->shape, 0);
        out.dim[w->channels_first ? 1 : w->rank + 1] = x->shape.dim[channels];
        for (int i = 0; i < w->rank; i++)
            sizes[i] = (kt_size){first + i, cfg->output_size->items[i]};
        return kt_put_sizes(c->g->fault, &out, sizes, w->rank) ? kt_stand_in(c, x, out)
                                                               : c->g->poison;
    }
    for (int i = 0; i < w->rank; i++)
        if (w->size[i] < 0)
            return kt_call_fail(self, c, KT_E_VALUE, "Layer '%s': `output_size` must be known",
                                self->name);
    if (x->shape.rank != w->rank + 2)
        return kt_call_fail(self, c, KT_E_VALUE, "%s: expected an input of %d axes, not shape %s",
                            self->type->cls.class_name, w->rank + 2,
                            kt_shape_text(&c->g->arena, &x->shape));
    for (int i = 0; i < w->rank; i++)
        x = kt_adaptive_pool(c->g, x, first + i, w->size[i], fn);
    return x;
}

static kt_node *maximum(kt_layer *self, kt_call *c, kt_node *x)
{
    return pool(self, c, x, KT_RE_MAX);
}

static kt_node *mean(kt_layer *self, kt_call *c, kt_node *x)
{
    return pool(self, c, x, KT_RE_MEAN);
}

#define SHAPES_1 "(2, 5, 2); (2, 2, 4)"
#define SHAPES_2 "(2, 5, 4, 2); (2, 2, 4, 5)"
#define SHAPES_3 "(1, 3, 4, 5, 2); (1, 2, 3, 2, 4)"
#define ADAPTIVE(Kind, axes, emit, sentence)                                                \
    {                                                                                       \
        .cls = {.class_name = "Adaptive" Kind "Pooling" #axes "D",                          \
                .module = "keras.layers",                                                   \
                .config = &config_type,                                                     \
                .summary = sentence},                                                       \
        .input = {.dtype = -1}, .variant = (axes), .flags = KT_LAYER_EARLY, .early = early, \
        .check = check, .call1 = emit, .state_size = sizeof(kt_window),                     \
        .sample = "Adaptive" Kind "Pooling" #axes "D(3); Adaptive" Kind "Pooling" #axes     \
                  "D(2, data_format='channels_first')",                                     \
        .sample_input = SHAPES_##axes,                                                      \
    }
#define LARGEST(axes) \
    ADAPTIVE("Max", axes, maximum, "The largest values, as many as are asked for.")
#define MEAN(axes) ADAPTIVE("Average", axes, mean, "Means, as many as are asked for.")

static const kt_layer_type types[] = {LARGEST(1), LARGEST(2), LARGEST(3),
                                      MEAN(1),    MEAN(2),    MEAN(3)};

const kt_layer_type *const kt_layers_adaptive_pooling[] = {
    &types[0], &types[1], &types[2], &types[3], &types[4], &types[5], NULL};
