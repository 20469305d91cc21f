/* input_layer.c - InputLayer: declares the shape and dtype of a model's input. */
#include "nn/container.h"

#define FIELDS(F)                                                               \
    F(SHAPE, shape, "None", "", "Shape of one sample, without the batch axis.") \
    F(OPTINT, batch_size, "None", "", "Static size of the batch.")              \
    F(STR, dtype, "None", "", "Of the data: 'float32', 'int32' ...")            \
    F(ANY, sparse, "None", "", "Sparse data; only False is supported.")         \
    F(ANY, ragged, "None", "", "Ragged data; only False is supported.")         \
    F(SHAPE, batch_shape, "None", "", "Shape with the batch axis.")             \
    F(BOOL, optional, "false", "", "May be left out; only False is supported.")
KT_CONFIG(FIELDS);

static bool is_true(const kt_value *v)
{
    return v && v->kind == KT_BOOL && v->b;
}

/* shape and batch_size become batch_shape, as Keras stores it. */
static kt_status settle_shape(kt_layer *self, config *c)
{
    kt_shape first = KT_SHAPE(c->batch_size.set ? c->batch_size.v : KT_UNKNOWN);

    if (c->shape.set && c->batch_shape.set)
        return kt_layer_fail(self, KT_E_VALUE,
                             "You cannot pass both `shape` and `batch_shape` at the same time.");
    if (!c->shape.set && !c->batch_shape.set)
        return kt_layer_fail(self, KT_E_VALUE, "You must pass a `shape` argument.");
    if (c->batch_shape.set)
        return KT_OK;
    if (c->shape.v.rank >= KT_MAX_RANK)
        return kt_layer_fail(self, KT_E_VALUE, "Input '%s' has more than %d axes", self->name,
                             KT_MAX_RANK);
    c->batch_shape.v = kt_shape_concat(&first, &c->shape.v);
    c->batch_shape.set = true;
    return KT_OK;
}

static kt_status check(kt_layer *self)
{
    config  *c = self->config;
    kt_dtype d = KT_F32;

    if (is_true(c->sparse) || is_true(c->ragged) || c->optional)
        return kt_layer_fail(self, KT_E_NOT_IMPLEMENTED,
                             "Input '%s': sparse, ragged and optional inputs are not supported",
                             self->name);
    if (settle_shape(self, c) != KT_OK)
        return kt_layer_status(self);
    if (!c->dtype)
        c->dtype = "float32";
    if (kt_streq(c->dtype, kt_dtype_name(KT_STRING)))
        d = KT_STRING;
    else if (!kt_dtype_parse(c->dtype, &d))
        return kt_layer_fail(self, KT_E_VALUE, "Invalid dtype: %s", c->dtype);

    kt_inbound *b = kt_arena_alloc(&self->arena, sizeof *b);
    kt_result  *out = kt_arena_alloc(&self->arena, sizeof *out);
    if (!b || !out || !kt_vec_push(&self->inbound, b))
        return kt_raise_memory(&self->fault);
    b->n_out = 1;
    b->out = out;
    b->out[0].dtype = d;
    b->out[0].shape = c->batch_shape.v;
    for (int i = 0; i < b->out[0].shape.rank; i++)
        b->out[0].origin[i] = (kt_origin){.kind = KT_FROM_DATA, .input = 0, .axis = i};
    self->built = true;
    return KT_OK;
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    (void)self;
    (void)c;
    return x;
}

/* get_config has batch_shape, dtype, sparse, ragged, name, optional: neither shape nor
 * batch_size. */
static kt_status write(const kt_layer *self, kt_arena *a, kt_value *config_value, kt_fault *f)
{
    const config *c = self->config;
    kt_value     *no = kt_value_bool(a, false);

    config_value->n = 0;
    bool ok = kt_value_add(a, config_value, "batch_shape", kt_shape_value(a, &c->batch_shape.v)) &&
              kt_value_add(a, config_value, "dtype", kt_value_str(a, c->dtype)) &&
              kt_value_add(a, config_value, "sparse", no) &&
              kt_value_add(a, config_value, "ragged", no) &&
              kt_value_add(a, config_value, "name", kt_value_str(a, self->name)) &&
              kt_value_add(a, config_value, "optional", no);
    return ok ? KT_OK : kt_raise_memory(f);
}

kt_layer *kt_input_new(const kt_shape *batch_shape, const char *dtype, const char *name)
{
    kt_arena  a = {0};
    kt_value *v = kt_value_new(&a, KT_CALL);
    bool      ok = v && (v->s = "InputLayer") &&
              kt_value_add(&a, v, "batch_shape", kt_shape_value(&a, batch_shape)) &&
              kt_value_add(&a, v, "dtype", kt_value_str(&a, dtype ? dtype : "float32")) &&
              (!name || kt_value_add(&a, v, "name", kt_value_str(&a, name)));
    kt_layer *l = ok ? kt_layer_from_value(v) : NULL;

    kt_arena_free(&a);
    return l;
}

kt_symbol kt_input_symbol(kt_layer *l)
{
    return (kt_symbol){l, l->inbound.n ? 0 : -1, 0};
}

static const kt_layer_type type = {
    .cls = {.class_name = "InputLayer",
            .aliases = "Input",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Declares the shape and dtype of a model's input."},
    .flags = KT_LAYER_MASKING | KT_LAYER_NO_CAST,
    .check = check,
    .call1 = call,
    .write = write,
    .sample = "InputLayer(shape=(3,))",
    .sample_input = "(2, 3)",
};

const kt_layer_type *const kt_layers_input_layer[] = {&type, NULL};
