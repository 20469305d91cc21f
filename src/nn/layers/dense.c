/* dense.c - Dense: y = activation(x . kernel + bias), over the last axis of x. */
#include "nn/layer.h"

#define FIELDS(F)                                                                                  \
    F(ANY, units, REQUIRED, "int", "Size of the last output axis.")                                \
    F(OBJ, activation, "None", "activation", "Applied to the result.")                             \
    F(BOOL, use_bias, "True", "", "Add a bias vector.")                                            \
    F(OBJ, kernel_initializer, "glorot_uniform", "initializer", "How the kernel starts.")          \
    F(OBJ, bias_initializer, "zeros", "initializer", "How the bias starts.")                       \
    F(OBJ, kernel_regularizer, "None", "regularizer", "Penalty on the kernel.")                    \
    F(OBJ, bias_regularizer, "None", "regularizer", "Penalty on the bias.")                        \
    F(OBJ, kernel_constraint, "None", "constraint", "Projection of the kernel after each update.") \
    F(OBJ, bias_constraint, "None", "constraint", "Projection of the bias after each update.")     \
    F(ANY, lora_rank, "None", "int", "Learn a product of this rank that is added to the kernel.")  \
    F(ANY, lora_alpha, "None", "float", "Without effect, as in Keras.")                            \
    F(ANY, quantization_config, "None", "", "Quantisation; only None is supported.")
KT_CONFIG(FIELDS);

/* Features: kernel [features, units], bias [units]; input [.., features] -> [.., units]. */
static kt_status early(kt_layer *self)
{
    const config *c = self->config;

    if (kt_is_int(c->units) && c->units->i > 0)
        return KT_OK;
    return kt_layer_fail(
        self, KT_E_VALUE,
        "Received an invalid value for `units`, expected a positive integer. Received: units=%s",
        kt_python_text(self, c->units));
}

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    kt_settle_lora(&c->lora_rank, &c->lora_alpha);
    return KT_OK;
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    config *c = self->config;
    int64_t features = kt_dim(&in[0], -1), units = c->units->i;

    (void)n_in;
    kt_add_weight(self, "kernel", KT_SHAPE(features, units), c->kernel_initializer,
                  c->kernel_regularizer, c->kernel_constraint, true);
    if (c->use_bias)
        kt_add_weight(self, "bias", KT_SHAPE(units), c->bias_initializer, c->bias_regularizer,
                      c->bias_constraint, true);
    kt_expect_axis(self, -1, features);
    c->lora_alpha = c->lora_rank; /* whatever was given, as in Keras */
    return kt_add_lora(self, "kernel", c->lora_rank, c->lora_alpha);
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;

    if (x->dtype == KT_STRING) /* Keras looks for a dtype of both operands, and casts neither */
        return kt_call_fail(self, c, KT_E_VALUE,
                            "dtype='string' is not a valid dtype for Keras type promotion.");
    x = kt_cast(c->g, x, self->dtype);
    if (x->shape.rank < 2) /* only where shapes alone are computed: [features] -> [units] */
        return kt_stand_in(c, x, KT_SHAPE(cfg->units->i));
    kt_node *y = kt_matmul(c->g, x, kt_adapted(self, c, "kernel"), false, false);

    if (cfg->use_bias)
        y = kt_add(c->g, y, kt_weight(self, c, "bias"));
    return kt_layer_activate(c, cfg->activation, y);
}

static const kt_layer_type type = {
    .cls = {.class_name = "Dense",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Every output unit sees every input feature.",
            .unwritten = "lora_rank|lora_alpha"},
    .flags = KT_LAYER_MASKING | KT_LAYER_EARLY,
    .input = {.min_ndim = 2, .dtype = -1},
    .early = early,
    .check = check,
    .build = build,
    .call1 = call,
    .sample = "Dense(4, activation='relu'); Dense(2, use_bias=False, kernel_regularizer=L2(0.1))",
    .sample_input = "(2, 3); (2, 3, 5)",
};

const kt_layer_type *const kt_layers_dense[] = {&type, NULL};
