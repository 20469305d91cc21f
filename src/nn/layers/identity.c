/* identity.c - Identity and ActivityRegularization: the input as it is. */
#include "nn/layer.h"

static kt_node *same(kt_layer *self, kt_call *c, kt_node *x)
{
    (void)self;
    (void)c;
    return x;
}

#define PENALTY(F, T)                                                     \
    F(T, ANY, l1, "0.0", "float", "Share of the sum of absolute values.") \
    F(T, ANY, l2, "0.0", "float", "Share of the sum of squares.")
KT_CONFIG_OF(penalty, PENALTY);

static bool add_share(kt_arena *a, kt_value *call, const char *name, const kt_value *v)
{
    return kt_value_add(a, call, name, v ? kt_value_copy(a, v) : kt_value_new(a, KT_NONE));
}

/* The layer is an L1L2 regularizer of what goes through it. */
static kt_status check(kt_layer *self)
{
    const penalty *c = self->config;
    kt_arena      *a = &self->arena;
    kt_value      *call = kt_value_new(a, KT_CALL);

    if (call)
        call->s = "L1L2";
    if (!call || !add_share(a, call, "l1", c->l1) || !add_share(a, call, "l2", c->l2))
        return kt_raise_memory(&self->fault);
    self->activity_regularizer = kt_object_normal(a, "regularizer", call, &self->fault);
    return kt_layer_status(self);
}

/* Keras leaves the regularizer out: l1 and l2 say it. */
static kt_status write(const kt_layer *self, kt_arena *a, kt_value *config, kt_fault *f)
{
    size_t kept = 0;

    (void)self;
    (void)a;
    (void)f;
    for (size_t i = 0; i < config->n; i++)
        if (!kt_streq(config->keys[i], "activity_regularizer")) {
            config->keys[kept] = config->keys[i];
            config->items[kept++] = config->items[i];
        }
    config->n = kept;
    return KT_OK;
}

static const kt_layer_type types[] = {
    {.cls = {.class_name = "Identity",
             .module = "keras.layers",
             .config = &kt_no_config,
             .summary = "The input as it is."},
     .flags = KT_LAYER_MASKING | KT_LAYER_READY,
     .call1 = same,
     .sample = "Identity()",
     .sample_input = "(2, 3)"},
    {.cls = {.class_name = "ActivityRegularization",
             .module = "keras.layers",
             .config = &penalty_type,
             .summary = "The input as it is, with a penalty on it."},
     .flags = KT_LAYER_MASKING | KT_LAYER_READY,
     .check = check,
     .call1 = same,
     .write = write,
     .sample = "ActivityRegularization(l1=0.1); ActivityRegularization(l2=0.01)",
     .sample_input = "(2, 3); (2, 3, 4)"},
};

const kt_layer_type *const kt_layers_identity[] = {&types[0], &types[1], NULL};
