/* borders.c - ZeroPadding and Cropping over one, two or three axes: a border is put on or taken
 * off. */
#include "nn/shared/window.h"

#define PADDING(F, T)                                                                        \
    F(T, ANY, padding, "1", "ints", "How many before and behind, for all axes or for each.") \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(zero_padding, PADDING);
#define CROPPING_1(F, T) F(T, ANY, cropping, "(1, 1)", "ints", "How many before and behind.")
KT_CONFIG_OF(cropping_1, CROPPING_1);
#define CROPPING(F, T, all)                                                                   \
    F(T, ANY, cropping, all, "ints", "How many before and behind, for all axes or for each.") \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
#define CROPPING_2(F, T) CROPPING(F, T, "((0, 0), (0, 0))")
#define CROPPING_3(F, T) CROPPING(F, T, "1")
KT_CONFIG_OF(cropping_2, CROPPING_2);
KT_CONFIG_OF(cropping_3, CROPPING_3); /* the same members */

typedef struct state {
    int     rank;
    bool    channels_first;
    int64_t before[KT_MAX_SPATIAL], after[KT_MAX_SPATIAL];
} state;

static kt_status read_pair(kt_layer *self, const char *name, const kt_value *v, state *s, int i)
{
    int64_t pair[2];

    if (kt_check_tuple(self, name, v, 2, 0, pair) != KT_OK)
        return kt_layer_status(self);
    s->before[i] = pair[0];
    s->after[i] = pair[1];
    return KT_OK;
}

/* What is neither an int nor a list of one entry for each axis, in the words of the class. */
static kt_status bad_entries(kt_layer *self, const char *name, const kt_value *v, int rank)
{
    bool list = kt_value_is_seq(v) || (v && (v->kind == KT_STR || v->kind == KT_DICT)),
         crop = kt_streq(name, "cropping");

    if (list && rank == 2)
        return kt_layer_fail(self, KT_E_VALUE, "`%s` should have two elements. Received: %s=%s.",
                             name, name, kt_python_text(self, v));
    if (list)
        return kt_layer_fail(self, KT_E_VALUE, "`%s` should have 3 elements. Received: %s.", name,
                             kt_python_text(self, v));
    if (rank == 2)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`%s` should be either an int, a tuple of 2 ints (symmetric_height_crop, "
            "symmetric_width_crop), or a tuple of 2 tuples of 2 ints ((top_crop, bottom_crop), "
            "(left_crop, right_crop)). Received: %s=%s.",
            name, name, kt_python_text(self, v));
    return kt_layer_fail(
        self, KT_E_VALUE,
        crop ? "`%s` should be either an int, a tuple of 3 ints (symmetric_dim1_crop, "
               "symmetric_dim2_crop, symmetric_dim3_crop), or a tuple of 3 tuples of 2 ints "
               "((left_dim1_crop, right_dim1_crop), (left_dim2_crop, right_dim2_crop), "
               "(left_dim3_crop, right_dim2_crop)). Received: %s%s."
             : "`%s` should be either an int, a tuple of 3 ints (symmetric_dim1_pad, "
               "symmetric_dim2_pad, symmetric_dim3_pad), or a tuple of 3 tuples of 2 ints "
               "((left_dim1_pad, right_dim1_pad), (left_dim2_pad, right_dim2_pad), "
               "(left_dim3_pad, right_dim2_pad)). Received: padding=%s%s.",
        name, kt_python_text(self, v), "");
}

/* ((before, behind), ...) as get_config gives it; one pair alone for one axis. */
static kt_value *border_value(kt_arena *a, const state *s)
{
    kt_value *all = kt_value_new(a, KT_TUPLE);

    for (int i = 0; i < s->rank; i++) {
        kt_value *pair = kt_tuple_value(a, 2, (const int64_t[]){s->before[i], s->after[i]});
        if (s->rank == 1)
            return pair;
        if (!kt_value_add(a, all, NULL, pair))
            return NULL;
    }
    return all;
}

static kt_status read_border(kt_layer *self, const char *name, const kt_value **field)
{
    static const char *const entries[] = {"1st", "2nd", "3rd"};
    state                   *s = self->state;
    const kt_value          *v = *field;
    char                     entry[64];

    s->rank = self->type->variant;
    if (s->rank == 1) {
        read_pair(self, name, v, s, 0);
    } else if (v && v->kind == KT_INT) {
        if (v->i < 0 && kt_streq(name, "cropping"))
            return kt_layer_fail(self, KT_E_VALUE,
                                 "`cropping` cannot be negative. Received: cropping=%lld.",
                                 (long long)v->i);
        for (int i = 0; i < s->rank; i++)
            s->before[i] = s->after[i] = v->i;
    } else if (kt_value_is_seq(v) && (int)v->n == s->rank && v->n <= KT_COUNT(entries)) {
        for (int i = 0; i < (int)v->n && kt_layer_status(self) == KT_OK; i++) {
            snprintf(entry, sizeof entry, "%s entry of %s", entries[i], name);
            read_pair(self, entry, v->items[i], s, i);
        }
    } else {
        bad_entries(self, name, v, s->rank);
    }
    *field = border_value(&self->arena, s);
    if (!*field)
        kt_raise_memory(&self->fault);
    return kt_layer_status(self);
}

static kt_status read_format(kt_layer *self, const char **format)
{
    state *s = self->state;

    kt_check_data_format(self, format);
    s->channels_first = kt_streq(*format, "channels_first");
    return kt_layer_status(self);
}

static kt_status check_padding(kt_layer *self)
{
    zero_padding *c = self->config;

    return read_format(self, &c->data_format) == KT_OK ? read_border(self, "padding", &c->padding)
                                                       : kt_layer_status(self);
}

static kt_status check_cropping_1(kt_layer *self)
{
    return read_border(self, "cropping", &((cropping_1 *)self->config)->cropping);
}

static kt_status check_cropping(kt_layer *self)
{
    cropping_3 *c = self->config;

    return read_format(self, &c->data_format) == KT_OK ? read_border(self, "cropping", &c->cropping)
                                                       : kt_layer_status(self);
}

static kt_node *pad(kt_layer *self, kt_call *c, kt_node *x)
{
    const state *s = self->state;
    int          first = s->channels_first ? 2 : 1;
    kt_pad_attr  attr = {.value = 0};

    for (int i = 0; i < s->rank; i++) {
        attr.before[first + i] = s->before[i];
        attr.after[first + i] = s->after[i];
    }
    return kt_pad(c->g, x, &attr);
}

static kt_node *nothing_left(kt_layer *self, kt_call *c, const kt_node *x, const kt_value *cropping)
{
    const char *shape = kt_shape_text(&c->g->arena, &x->shape);
    const char *what = c->t->eager ? "inputs.shape" : "input_shape";

    if (self->type->variant == 1)
        return kt_call_fail(self, c, KT_E_VALUE,
                            "`cropping` parameter of `Cropping1D` layer must be smaller than the "
                            "input length. Received: %s=%s, cropping=%s",
                            what, shape, kt_python_text(self, cropping));
    return kt_call_fail(self, c, KT_E_VALUE,
                        "Values in `cropping` argument should be smaller than the corresponding "
                        "spatial dimension of the input. Received: %s=%s, cropping=%s",
                        what, shape, kt_python_text(self, cropping));
}

static kt_node *crop(kt_layer *self, kt_call *c, kt_node *x)
{
    const state  *s = self->state;
    int           first = s->channels_first ? 2 : 1;
    kt_slice_attr box = {{0}, {0}, {0}};

    for (int i = 0; i < s->rank; i++) {
        int64_t size = x->shape.dim[first + i], left = size - s->before[i] - s->after[i];
        if (size != KT_UNKNOWN && left <= 0) /* all of these configurations begin with the field */
            return nothing_left(self, c, x, ((const cropping_1 *)self->config)->cropping);
    }
    for (int i = 0; i < x->shape.rank; i++)
        box.size[i] = KT_UNKNOWN;
    for (int i = 0; i < s->rank; i++) {
        int64_t size = x->shape.dim[first + i];
        if (size == KT_UNKNOWN)
            continue;
        box.begin[first + i] = s->before[i];
        box.size[first + i] = size - s->before[i] - s->after[i];
    }
    return kt_slice(c->g, x, &box);
}

#define SHAPES_1 "(2, 5, 2); (2, 6, 3)"
#define SHAPES_2 "(2, 5, 6, 2); (2, 2, 6, 5)"
#define SHAPES_3 "(1, 3, 4, 5, 2); (1, 2, 3, 4, 5)"
#define BORDER(name, axes, fields, start, emit, sentence, samples)                              \
    {                                                                                           \
        .cls = {.class_name = name #axes "D",                                                   \
                .module = "keras.layers",                                                       \
                .config = fields,                                                               \
                .summary = sentence},                                                           \
        .flags = KT_LAYER_READY, .input = {.ndim = (axes) + 2, .dtype = -1}, .variant = (axes), \
        .check = start, .call1 = emit, .state_size = sizeof(state), .sample = samples,          \
        .sample_input = SHAPES_##axes,                                                          \
    }
#define PAD(axes, samples)                                                                    \
    BORDER("ZeroPadding", axes, &zero_padding_type, check_padding, pad, "A border of zeros.", \
           samples)
#define CROP(axes, fields, start, samples) \
    BORDER("Cropping", axes, fields, start, crop, "Takes a border off.", samples)

static const kt_layer_type types[] = {
    PAD(1, "ZeroPadding1D(); ZeroPadding1D((2, 0))"),
    PAD(2, "ZeroPadding2D(); ZeroPadding2D(((1, 0), (2, 1)), data_format='channels_first')"),
    PAD(3,
        "ZeroPadding3D(); ZeroPadding3D(((1, 0), (2, 1), (0, 1)), data_format='channels_first')"),
    CROP(1, &cropping_1_type, check_cropping_1, "Cropping1D(); Cropping1D((2, 0))"),
    CROP(2, &cropping_2_type, check_cropping,
         "Cropping2D(); Cropping2D(((1, 0), (2, 1)), data_format='channels_first')"),
    CROP(3, &cropping_3_type, check_cropping,
         "Cropping3D(); Cropping3D(((1, 0), (2, 1), (0, 1)), data_format='channels_first')"),
};

const kt_layer_type *const kt_layers_borders[] = {&types[0], &types[1], &types[2], &types[3],
                                                  &types[4], &types[5], NULL};
