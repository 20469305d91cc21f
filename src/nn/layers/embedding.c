/* embedding.c - Embedding: a row of a table for each integer; ReversibleEmbedding: and the way
 * back, from rows to a score for each integer. */
#include "nn/layer.h"

#define SIZES(F)                                                                 \
    F(ANY, input_dim, REQUIRED, "int", "Rows of the table: the largest id + 1.") \
    F(ANY, output_dim, REQUIRED, "int", "Size of a row.")
#define TABLE(F)                                                                      \
    F(OBJ, embeddings_initializer, "uniform", "initializer", "How the table starts.") \
    F(OBJ, embeddings_regularizer, "None", "regularizer", "Penalty on the table.")    \
    F(OBJ, embeddings_constraint, "None", "constraint",                               \
      "Projection of the table after each update.")                                   \
    F(BOOL, mask_zero, "False", "", "Id 0 is padding: it is masked.")
#define REST(F)                                                                                  \
    F(ANY, weights, "None", "", "Initial table; only None is supported.")                        \
    F(ANY, lora_rank, "None", "int", "Learn a product of this rank that is added to the table.") \
    F(ANY, lora_alpha, "None", "float", "Without effect, as in Keras.")                          \
    F(ANY, input_length, "None", "", "Accepted as Keras does, without effect.")                  \
    F(ANY, quantization_config, "None", "", "Quantisation; only None is supported.")
/* Those of the reversible one; an Embedding reads the same struct, and knows some of them. */
#define FIELDS(F)                                                                                 \
    SIZES(F)                                                                                      \
    F(BOOL, tie_weights, "True", "", "The way back uses the same table, else one of its own.")    \
    TABLE(F)                                                                                      \
    F(STR, reverse_dtype, "None", "", "Dtype of the way back; None: the layer's.")                \
    F(ANY, logit_soft_cap, "None", "float", "Scores on the way back stay below this, by a tanh.") \
    REST(F)
KT_CONFIG(FIELDS);

static const kt_field       embedding_fields[] = {SIZES(KT_ROW) TABLE(KT_ROW) REST(KT_ROW)};
static const kt_config_type embedding_config = {sizeof(config), embedding_fields,
                                                KT_COUNT(embedding_fields)};

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

static kt_status early(kt_layer *self)
{
    const config *c = self->config;

    return need_positive(self, "input_dim", c->input_dim) == KT_OK
             ? need_positive(self, "output_dim", c->output_dim)
             : kt_layer_status(self);
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

    (void)n_in;
    (void)in;
    kt_add_weight(self, "embeddings", KT_SHAPE(c->input_dim->i, c->output_dim->i),
                  c->embeddings_initializer, c->embeddings_regularizer, c->embeddings_constraint,
                  true);
    c->lora_alpha = c->lora_rank; /* whatever was given, as in Keras */
    return kt_add_lora(self, "embeddings", c->lora_rank, c->lora_alpha);
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
    if (self->lora.a) {
        kt_node *rows = kt_gather(c->g, kt_weight(self, c, self->lora.a->name), ids, 0);
        c->out[0] = kt_add(c->g, c->out[0], kt_lora_of(self, c, rows));
    }
    if (cfg->mask_zero)
        c->out_mask[0] = kt_binary(c->g, KT_BI_NOT_EQUAL, ids, kt_scalar_as(c->g, 0, ids->dtype));
}

static const kt_layer_type type = {
    .cls = {.class_name = "Embedding",
            .module = "keras.layers",
            .config = &embedding_config,
            .summary = "Looks up a row of its table for each integer.",
            .unwritten = "weights|input_length|lora_rank|lora_alpha"},
    .flags = KT_LAYER_NO_CAST | KT_LAYER_ACTIVITY | KT_LAYER_EARLY,
    .early = early,
    .check = check,
    .build = build,
    .call = call,
    .sample = "Embedding(10, 3); Embedding(5, 2, mask_zero=True)",
    .sample_input = "(2, 4) int:10; (2, 3) int:5",
};

/* --- ReversibleEmbedding ---------------------------------------------------------------------- */

static kt_status check_reversible(kt_layer *self)
{
    const config *c = self->config;
    kt_dtype      d;
    double        cap = 0;

    if (check(self) != KT_OK)
        return kt_layer_status(self);
    if (c->reverse_dtype && !kt_dtype_parse(c->reverse_dtype, &d))
        return kt_layer_fail(self, KT_E_NOT_IMPLEMENTED,
                             "Layer '%s': reverse_dtype '%s' is not supported", self->name,
                             c->reverse_dtype);
    if (!kt_is_none(c->logit_soft_cap) && !kt_value_number(c->logit_soft_cap, &cap))
        return kt_layer_fail(self, KT_E_TYPE, "Layer '%s': `logit_soft_cap` must be a number",
                             self->name);
    return KT_OK;
}

static kt_status build_reversible(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;

    if (build(self, n_in, in) == KT_OK && !c->tie_weights)
        kt_add_weight(self, "reverse_embeddings", KT_SHAPE(c->output_dim->i, c->input_dim->i),
                      c->embeddings_initializer, NULL, NULL, true);
    return kt_layer_status(self);
}

/* call(inputs, reverse=False); Keras takes it by keyword only. */
static bool reversed(const kt_call *c)
{
    const kt_value *v = kt_value_get(c->kwargs, "reverse");

    return v && v->kind == KT_BOOL && v->b;
}

/* Rows [.., output_dim] -> scores [.., input_dim]. */
static kt_node *back(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    kt_graph     *g = c->g;
    kt_node      *x = c->in[0];
    kt_node      *w = kt_weight(self, c, cfg->tie_weights ? "embeddings" : "reverse_embeddings");
    kt_dtype      d = self->dtype;
    double        cap = 0;

    if (cfg->reverse_dtype && kt_dtype_parse(cfg->reverse_dtype, &d)) {
        x = kt_cast(g, x, d);
        w = kt_cast(g, w, d);
    }
    kt_node *y = kt_matmul(g, x, w, false, cfg->tie_weights);
    if (!kt_value_number(cfg->logit_soft_cap, &cap))
        return y;
    y = kt_unary(g, KT_UN_TANH, kt_div(g, y, kt_scalar_as(g, cap, y->dtype)));
    return kt_mul_scalar(g, y, cap);
}

/* Shapes alone, as Keras' compute_output_spec: whatever the input's last size is. */
static void infer_back(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    kt_shape      y = c->in[0]->shape;

    if (y.rank == 0) {
        kt_call_fail(self, c, KT_E_INDEX, "list assignment index out of range");
        return;
    }
    y.dim[y.rank - 1] = cfg->input_dim->i;
    c->out[0] = kt_cast(c->g, kt_stand_in(c, c->in[0], y), self->dtype);
}

static void call_reversible(kt_layer *self, kt_call *c)
{
    if (!reversed(c))
        call(self, c);
    else if (c->t->eager)
        c->out[0] = back(self, c);
    else
        infer_back(self, c);
}

static const kt_layer_type reversible = {
    .cls = {.class_name = "ReversibleEmbedding",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "An Embedding that also goes back, from rows to scores of integers.",
            .unwritten = "weights|input_length|lora_rank|lora_alpha"},
    .flags = KT_LAYER_NO_CAST | KT_LAYER_ACTIVITY | KT_LAYER_EARLY,
    .early = early,
    .check = check_reversible,
    .build = build_reversible,
    .call = call_reversible,
    .sample = "ReversibleEmbedding(10, 3, tie_weights=False); ReversibleEmbedding(5, 2)",
    .sample_input = "(2, 4) int:10; (2, 3) int:5",
};

const kt_layer_type *const kt_layers_embedding[] = {&type, &reversible, NULL};
