/* attention.c - Attention (Luong) and AdditiveAttention (Bahdanau): values, weighted by how well
 * their keys answer each query. Inputs: query [batch, q.., dim], value [batch, v.., dim'], key as
 * value's, or the value itself. */
#include "nn/shared/merge.h"

#define LUONG(F, T)                                                                 \
    F(T, BOOL, use_scale, "False", "", "A learned factor of the scores.")           \
    F(T, STR, score_mode, "dot", "", "'dot', or 'concat' for tanh(query + key).")   \
    F(T, ANY, dropout, "0.0", "float", "Share of the weights that training drops.") \
    F(T, OPTINT, seed, "None", "kept", "Of the dropout.")
KT_CONFIG_OF(luong, LUONG);
#define ADDITIVE(F, T)                                                                   \
    F(T, BOOL, use_scale, "True", "", "A learned factor of each feature in the scores.") \
    F(T, ANY, dropout, "0.0", "float", "Share of the weights that training drops.")      \
    F(T, OPTINT, seed, "None", "kept", "Of the dropout.")
KT_CONFIG_OF(additive, ADDITIVE);

static double share(const kt_value *dropout)
{
    double x = 0;

    (void)kt_value_number(dropout, &x);
    return x;
}

/* A share above 0 has a seed generator. */
static kt_status check_dropout(kt_layer *self, const kt_value *dropout, kt_optint seed)
{
    if (kt_python_orders(self, dropout, ">", "int", KT_KEPT) && share(dropout) > 0)
        kt_make_seed(self, seed);
    return kt_layer_status(self);
}

static kt_status check_luong(kt_layer *self)
{
    const luong *c = self->config;

    if (check_dropout(self, c->dropout, c->seed) != KT_OK)
        return kt_layer_status(self);
    if (!kt_streq(c->score_mode, "dot") && !kt_streq(c->score_mode, "concat"))
        return kt_layer_fail(self, KT_E_VALUE,
                             "Invalid value for argument score_mode. Expected one of {'concat', "
                             "'dot'}. Received: score_mode=%s",
                             c->score_mode ? c->score_mode : "None");
    return kt_layer_status(self);
}

static kt_status check_additive(kt_layer *self)
{
    const additive *c = self->config;

    return check_dropout(self, c->dropout, c->seed);
}

/* Two or three inputs in a list. A lone one arrives at build as one shape. */
static kt_status need_list(kt_layer *self, int n, const kt_shape *in)
{
    const char *name = self->type->cls.class_name;

    if (n < 2)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "%s layer must be called on a list of inputs, namely [query, value] or "
            "[query, value, key]. Received: inputs=%s.",
            name, kt_shape_text(&self->arena, &in[0]));
    if (n > 3)
        return kt_layer_fail(self, KT_E_VALUE,
                             "%s layer accepts inputs list of length 2 or 3, namely [query, value] "
                             "or [query, value, key]. Received length: %d.",
                             name, n);
    return KT_OK;
}

static kt_status build_luong(kt_layer *self, int n, const kt_shape *in)
{
    static const kt_value ones = {.kind = KT_STR, .s = "ones"};
    const luong          *c = self->config;

    if (need_list(self, n, in) != KT_OK)
        return kt_layer_status(self);
    if (c->use_scale)
        kt_add_weight(self, "scale", KT_SCALAR_SHAPE, &ones, NULL, NULL, true);
    if (kt_streq(c->score_mode, "concat"))
        kt_add_weight(self, "concat_score_weight", KT_SCALAR_SHAPE, &ones, NULL, NULL, true);
    return kt_layer_status(self);
}

static kt_status build_additive(kt_layer *self, int n, const kt_shape *in)
{
    const additive *c = self->config;

    if (need_list(self, n, in) != KT_OK)
        return kt_layer_status(self);
    if (c->use_scale) /* no initializer: glorot_uniform */
        kt_add_weight(self, "scale", KT_SHAPE(kt_dim(&in[0], -1)), NULL, NULL, NULL, true);
    return kt_layer_status(self);
}

/* tanh(factor (query + key)) for each pair: [batch, q.., v, dim] */
static kt_node *pairs(kt_graph *g, kt_node *query, kt_node *key, kt_node *factor)
{
    kt_node *sum = kt_add(g, kt_expand_dims(g, query, query->shape.rank - 1),
                          kt_expand_dims(g, key, key->shape.rank - 2));

    return kt_unary(g, KT_UN_TANH, factor ? kt_mul(g, factor, sum) : sum);
}

static kt_node *luong_scores(kt_layer *self, kt_call *c, kt_node *query, kt_node *key)
{
    const luong *cfg = self->config;
    kt_graph    *g = c->g;
    kt_node     *scale = cfg->use_scale ? kt_weight(self, c, "scale") : NULL;

    if (kt_streq(cfg->score_mode, "concat"))
        return kt_mul(g, kt_weight(self, c, "concat_score_weight"),
                      kt_reduce_last(g, KT_RE_SUM, pairs(g, query, key, scale)));
    kt_node *scores = kt_matmul(g, query, key, false, true);
    return scale ? kt_mul(g, scores, scale) : scores;
}

static kt_node *additive_scores(kt_layer *self, kt_call *c, kt_node *query, kt_node *key)
{
    kt_node *terms = pairs(c->g, query, key, NULL);

    if (((const additive *)self->config)->use_scale)
        terms = kt_mul(c->g, kt_weight(self, c, "scale"), terms);
    return kt_reduce_last(c->g, KT_RE_SUM, terms);
}

static bool wanted(const kt_call *c, const char *keyword)
{
    const kt_value *v = kt_value_get(c->kwargs, keyword);

    return v && v->kind == KT_BOOL && v->b;
}

/* The numbers 0 .. n - 1. */
static kt_node *count(kt_graph *g, int64_t n)
{
    kt_tensor *t = kt_tensor_new(KT_I32, KT_SHAPE(n));

    for (int64_t i = 0; t && i < n; i++)
        kt_tensor_set(t, i, (double)i);
    if (!t)
        kt_raise_memory(g->fault);
    return t ? kt_constant(g, t) : g->poison;
}

/* Which values a query may see: [batch, 1, v] or with a causal mask [.., q, v]; NULL: all. */
static kt_node *visible(kt_call *c, const kt_node *scores, kt_node *value_mask)
{
    kt_graph *g = c->g;
    kt_node  *seen = value_mask ? kt_expand_dims(g, value_mask, value_mask->shape.rank - 1) : NULL;

    if (!wanted(c, "use_causal_mask"))
        return seen;
    kt_node *row = kt_expand_dims(g, count(g, kt_dim(&scores->shape, -2)), 1);
    kt_node *causal = kt_binary(g, KT_BI_GREATER_EQUAL, row, count(g, kt_dim(&scores->shape, -1)));
    return seen ? kt_binary(g, KT_BI_AND, seen, causal) : causal;
}

/* softmax of the scores over the values that are visible. */
static kt_node *weights_of(kt_layer *self, kt_call *c, kt_node *scores, kt_node *seen,
                           double dropout, kt_optint seed)
{
    kt_graph *g = c->g;

    if (seen)
        scores = kt_select(g, seen, scores, kt_add_scalar(g, scores, -1e9));
    kt_node *weights = kt_softmax(g, scores, -1);
    return c->training && dropout > 0 ? kt_drop(self, c, weights, &weights->shape, dropout, seed)
                                      : weights;
}

static void attend(kt_layer *self, kt_call *c, double dropout, kt_optint seed,
                   kt_node *(*score)(kt_layer *self, kt_call *c, kt_node *query, kt_node *key))
{
    kt_graph *g = c->g;
    kt_node  *query = c->in[0], *value = c->in[1], *key = c->n_in > 2 ? c->in[2] : value;
    kt_node  *mask = c->mask ? c->mask[0] : NULL;
    kt_shape  out = query->shape, shape = query->shape;

    c->out_mask[0] = mask;
    if (!c->t->eager) { /* Keras infers the shapes alone */
        out.dim[out.rank - 1] = kt_dim(&value->shape, -1);
        shape.dim[shape.rank - 1] = kt_dim(&key->shape, -2);
        c->out[0] = kt_stand_in(c, query, out);
        c->out[1] = kt_stand_in(c, query, shape);
    } else {
        kt_node *scores = score(self, c, query, key);
        kt_node *seen = visible(c, scores, c->mask ? c->mask[1] : NULL);
        kt_node *weights = weights_of(self, c, scores, seen, dropout, seed);
        kt_node *y = kt_matmul(g, weights, value, false, false);
        if (mask)
            y = kt_select(g, kt_expand_dims(g, mask, mask->shape.rank), y,
                          kt_scalar_as(g, 0, y->dtype));
        c->out[0] = y;
        c->out[1] = weights;
    }
    c->n_out = wanted(c, "return_attention_scores") ? 2 : 1;
}

static bool good_inputs(kt_layer *self, kt_call *c)
{
    kt_shape in[KT_MAX_IO];

    for (int i = 0; i < c->n_in && i < KT_MAX_IO; i++)
        in[i] = c->in[i]->shape;
    bool fits = need_list(self, c->list ? c->n_in : 1, in) == KT_OK;
    for (int i = 0; fits && i < c->n_in; i++)
        if (in[i].rank < 2) {
            kt_call_fail(self, c, KT_E_VALUE, "%s: input %d needs at least 2 axes, not shape %s",
                         self->type->cls.class_name, i, kt_shape_text(&c->g->arena, &in[i]));
            fits = false;
        }
    c->out[0] = c->g->poison;
    return fits;
}

static void call_luong(kt_layer *self, kt_call *c)
{
    const luong *cfg = self->config;

    if (good_inputs(self, c))
        attend(self, c, share(cfg->dropout), cfg->seed, luong_scores);
}

static void call_additive(kt_layer *self, kt_call *c)
{
    const additive *cfg = self->config;

    if (good_inputs(self, c))
        attend(self, c, share(cfg->dropout), cfg->seed, additive_scores);
}

static const kt_layer_type types[] = {
    {.cls = {.class_name = "Attention",
             .module = "keras.layers",
             .config = &luong_type,
             .summary = "Values, weighted by the products of queries and keys."},
     .flags = KT_LAYER_LIST,
     .check = check_luong,
     .build = build_luong,
     .call = call_luong,
     .sample = "Attention(use_scale=True); Attention(score_mode='concat')",
     .sample_input = "(2, 3, 4) | (2, 5, 4); (2, 3, 4) | (2, 5, 2) | (2, 5, 4)"},
    {.cls = {.class_name = "AdditiveAttention",
             .module = "keras.layers",
             .config = &additive_type,
             .summary = "Values, weighted by tanh of the sums of queries and keys."},
     .flags = KT_LAYER_LIST,
     .check = check_additive,
     .build = build_additive,
     .call = call_additive,
     .sample = "AdditiveAttention(); AdditiveAttention(use_scale=False)",
     .sample_input = "(2, 3, 4) | (2, 5, 4); (2, 3, 4) | (2, 5, 2) | (2, 5, 4)"},
};

const kt_layer_type *const kt_layers_attention[] = {&types[0], &types[1], NULL};
