/* embedding.c - Embedding: a row of a table for each integer. */
#include "nn/layer.h"

#define FIELDS(F)                                                                     \
    F(ANY, input_dim, REQUIRED, "int", "Rows of the table: the largest id + 1.")      \
    F(ANY, output_dim, REQUIRED, "int", "Size of a row.")                             \
    F(OBJ, embeddings_initializer, "uniform", "initializer", "How the table starts.") \
    F(OBJ, embeddings_regularizer, "None", "regularizer", "Penalty on the table.")    \
    F(OBJ, embeddings_constraint, "None", "constraint",                               \
      "Projection of the table after each update.")                                   \
    F(BOOL, mask_zero, "False", "", "Id 0 is padding: it is masked.")                 \
    F(ANY, weights, "None", "", "Initial table; only None is supported.")             \
    F(OPTINT, lora_rank, "None", "", "Low-rank adaptation; only None is supported.")  \
    F(ANY, lora_alpha, "None", "", "Scale of the low-rank adaptation.")               \
    F(ANY, input_length, "None", "", "Accepted as Keras does, without effect.")       \
    F(ANY, quantization_config, "None", "", "Quantisation; only None is supported.")
KT_CONFIG(FIELDS);

static kt_status need_positive(kt_layer *self, const char *name, const kt_value *v)
{
    kt_str text = {0};

    if (kt_is_int(v) && v->i > 0)
        return KT_OK;
    kt_python_str(&text, v);
    kt_layer_fail(self, KT_E_VALUE,
                  "`%s` must be a positive integer. Received: %s=%s (of type %s).", name, name,
                  kt_str_text(&text), kt_python_type(v));
    kt_str_free(&text);
    return kt_layer_status(self);
}

static kt_status check(kt_layer *self)
{
    const config *c = self->config;

    if (need_positive(self, "input_dim", c->input_dim) != KT_OK ||
        need_positive(self, "output_dim", c->output_dim) != KT_OK)
        return kt_layer_status(self);
    if (c->lora_rank.set)
        return kt_layer_fail(self, KT_E_NOT_IMPLEMENTED, "Layer '%s': lora_rank is not supported",
                             self->name);
    return KT_OK;
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;

    (void)n_in;
    (void)in;
    kt_add_weight(self, "embeddings", KT_SHAPE(c->input_dim->i, c->output_dim->i),
                  c->embeddings_initializer, c->embeddings_regularizer, c->embeddings_constraint,
                  true);
    return kt_layer_status(self);
}

/* Floats are cut to integers; what is no number is none of the table's, as TensorFlow casts it. */
static kt_node *whole(kt_graph *g, kt_node *ids)
{
    if (kt_dtype_is_int(ids->dtype))
        return ids;
    if (kt_dtype_is_float(ids->dtype))
        ids = kt_select(g, kt_binary(g, KT_BI_EQUAL, ids, ids), ids,
                        kt_scalar_as(g, (double)INT32_MIN, ids->dtype));
    return kt_cast(g, ids, KT_I32);
}

/* [..] ids -> [.., output_dim] */
static void call(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    kt_node      *ids = whole(c->g, c->in[0]);

    c->out[0] = kt_gather(c->g, kt_weight(self, c, "embeddings"), ids, 0);
    if (cfg->mask_zero)
        c->out_mask[0] = kt_binary(c->g, KT_BI_NOT_EQUAL, ids, kt_scalar_as(c->g, 0, ids->dtype));
}

static const kt_layer_type type = {
    .cls = {.class_name = "Embedding",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Looks up a row of its table for each integer.",
            .unwritten = "weights|input_length|lora_rank|lora_alpha"},
    .flags = KT_LAYER_NO_CAST | KT_LAYER_OWN_MASK | KT_LAYER_ACTIVITY,
    .check = check,
    .build = build,
    .call = call,
    .sample = "Embedding(10, 3); Embedding(5, 2, mask_zero=True)",
    .sample_input = "(2, 4) int:10; (2, 3) int:5",
};

const kt_layer_type *const kt_layers_embedding[] = {&type, NULL};
