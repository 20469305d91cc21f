/* integer_lookup.c - IntegerLookup: whole numbers by their place in a vocabulary, or back. The
 * vocabulary is given, learnt from data, or read beside the model. */
#include "nn/encode.h"
#include "nn/vocabulary.h"

#define FIELDS(F)                                                                               \
    F(OPTINT, max_tokens, "None", "", "The most that the vocabulary may have.")                 \
    F(INT, num_oov_indices, "1", "", "How many places there are for other numbers.")            \
    F(OPTINT, mask_token, "None", "", "A number that stands for nothing: it gets place 0.")     \
    F(OPTINT, oov_token, "-1", "", "What other numbers come back as.")                          \
    F(ANY, vocabulary, "None", "", "The numbers in their order.")                               \
    F(STR, vocabulary_dtype, "int64", "", "Only 'int64'.")                                      \
    F(ANY, idf_weights, "None", "", "A weight for each, for 'tf_idf'.")                         \
    F(BOOL, invert, "False", "", "Places become numbers.")                                      \
    F(STR, output_mode, "int", "", "'int', 'one_hot', 'multi_hot', 'count' or 'tf_idf'.")       \
    F(BOOL, sparse, "False", "", "Sparse tensors; only False is supported.")                    \
    F(BOOL, pad_to_max_tokens, "False", "", "Vectors have max_tokens entries.")                 \
    F(STR, oov_method, "floormod", "", "How other numbers are spread: 'floormod', 'farmhash'.") \
    F(ANY, salt, "None", "", "A number or two: SipHash with this key instead of FarmHash.")     \
    F(OPTINT, vocabulary_size, "None", "", "Of a learnt vocabulary; written by Keras.")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_hash_attr  hash;
    kt_vocabulary known;
} state;

static bool is_int(const config *c)
{
    return kt_streq(c->output_mode, "int");
}

/* --- the constructor --- */

static kt_status fail(kt_layer *self, const char *text)
{
    return kt_layer_fail(self, KT_E_VALUE, "%s", text);
}

static kt_status check_counts(kt_layer *self, const config *c)
{
    if (c->max_tokens.set && c->max_tokens.v <= 1)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "If `max_tokens` is set for `IntegerLookup`, it must be greater than 1. Received: max_tokens=%lld",
            (long long)c->max_tokens.v);
    if (c->num_oov_indices < 0)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "The value of `num_oov_indices` argument for `IntegerLookup` must >= 0. Received: num_oov_indices=%lld",
            (long long)c->num_oov_indices);
    if (c->num_oov_indices > INT32_MAX || (c->max_tokens.set && c->max_tokens.v > INT32_MAX))
        return kt_layer_fail(self, KT_E_VALUE, "IntegerLookup: at most %d places", INT32_MAX);
    if (!kt_streq(c->vocabulary_dtype, "int64"))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Only `vocabulary_dtype='int64'` is supported at this time. Received: vocabulary_dtype=%s",
            c->vocabulary_dtype ? c->vocabulary_dtype : "None");
    if (c->pad_to_max_tokens && !c->max_tokens.set)
        return fail(
            self, "If pad_to_max_tokens is True, must set `max_tokens`. Received: max_tokens=None");
    return KT_OK;
}

static kt_status check_modes(kt_layer *self, config *c)
{
    static const char *const methods[] = {"floormod", "farmhash"};
    static const char *const modes[] = {"int", "one_hot", "multi_hot", "count", "tf_idf"};
    state                   *s = self->state;

    if (kt_check_word(self, "oov_method", c->oov_method, methods, KT_COUNT(methods)) != KT_OK)
        return kt_layer_status(self);
    if (!kt_is_none(c->salt) && !kt_streq(c->oov_method, "farmhash"))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`salt` can only be used when `oov_method='farmhash'`. Received: oov_method=%s",
            c->oov_method);
    if (kt_check_salt(self, "IndexLookup", &c->salt, &s->hash) != KT_OK)
        return kt_layer_status(self);
    if (kt_streq(c->output_mode, "binary"))
        c->output_mode = "multi_hot";
    if (kt_streq(c->output_mode, "tf-idf"))
        c->output_mode = "tf_idf";
    if (kt_check_word(self, "output_mode", c->output_mode, modes, KT_COUNT(modes)) != KT_OK)
        return kt_layer_status(self);
    if (c->invert && !is_int(c))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`output_mode` must be `'int'` when `invert` is true. Received: output_mode=%s",
            c->output_mode);
    if (c->sparse && is_int(c))
        return fail(
            self,
            "`sparse` may only be true if `output_mode` is `'one_hot'`, `'multi_hot'`, `'count'` or `'tf_idf'`. Received: sparse=True and output_mode=int");
    return KT_OK;
}

static kt_status check_idf(kt_layer *self, const config *c)
{
    bool   tf_idf = kt_streq(c->output_mode, "tf_idf");
    kt_str text = {0};

    if (!kt_is_none(c->idf_weights) && !tf_idf) {
        kt_value_repr(&text, c->idf_weights);
        kt_layer_fail(
            self, KT_E_VALUE,
            "`idf_weights` should only be set if `output_mode` is `'tf_idf'`. Received: idf_weights=%s and output_mode=%s",
            kt_str_text(&text), c->output_mode);
        kt_str_free(&text);
    } else if (tf_idf && !kt_is_none(c->vocabulary) && kt_is_none(c->idf_weights)) {
        fail(
            self,
            "When specifying the `vocabulary` argument, in TF-IDF output mode, the `idf_weights` argument must also be provided.");
    } else if (!kt_is_none(c->idf_weights) && !kt_value_is_seq(c->idf_weights)) {
        kt_layer_fail(self, KT_E_TYPE, "IntegerLookup: idf_weights must be a list of numbers");
    }
    return kt_layer_status(self);
}

/* --- the vocabulary --- */

/* After the vocabulary was set: its size is part of the configuration. */
static kt_status keep(kt_layer *self, kt_status status)
{
    const kt_vocabulary *known = &((const state *)self->state)->known;

    if (status == KT_OK && known->set)
        ((config *)self->config)->vocabulary_size = (kt_optint){true, known->size};
    return status;
}

static kt_status read_vocabulary(kt_layer *self)
{
    const config   *c = self->config;
    kt_vocabulary  *known = &((state *)self->state)->known;
    const kt_value *v = c->vocabulary, *w = kt_is_none(c->idf_weights) ? NULL : c->idf_weights;

    if (v->kind == KT_STR)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Requested the loading of a vocabulary file outside of the model archive. This carries a potential risk of loading arbitrary and sensitive files and thus it is disallowed by default. If you trust the source of the artifact, you can override this error by passing `safe_mode=False` to the loading function, or calling `keras.config.enable_unsafe_deserialization(). Vocabulary file: '%s'",
            v->s);
    if (!kt_value_is_seq(v))
        return kt_layer_fail(self, KT_E_TYPE,
                             "IntegerLookup: vocabulary must be a list of integers");
    int64_t *token = kt_arena_alloc(&self->arena, (v->n + 1) * sizeof *token);
    double  *idf = kt_arena_alloc(&self->arena, ((w ? w->n : 0) + 1) * sizeof *idf);
    if (!token || !idf)
        return kt_raise_memory(&self->fault);
    for (size_t i = 0; i < v->n; i++) {
        if (!kt_is_int(v->items[i]))
            return kt_layer_fail(self, KT_E_TYPE,
                                 "IntegerLookup: vocabulary must be a list of integers");
        token[i] = v->items[i]->i;
    }
    for (size_t i = 0; w && i < w->n; i++)
        if (!kt_value_number(w->items[i], &idf[i]))
            return kt_layer_fail(self, KT_E_TYPE,
                                 "IntegerLookup: idf_weights must be a list of numbers");
    return keep(self, kt_vocabulary_set(self, known, token, (int64_t)v->n, w ? idf : NULL,
                                        w ? (int64_t)w->n : 0));
}

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    kt_set_dtype(self, KT_F32); /* Keras passes over a dtype and `trainable` */
    self->trainable = true;
    if (check_counts(self, c) != KT_OK || check_modes(self, c) != KT_OK ||
        check_idf(self, c) != KT_OK || kt_refuse_sparse(self, c->sparse) != KT_OK)
        return kt_layer_status(self);
    ((state *)self->state)->known = (kt_vocabulary){.max_tokens = c->max_tokens,
                                                    .mask = c->mask_token,
                                                    .oov = c->oov_token,
                                                    .oov_indices = c->num_oov_indices,
                                                    .pad = c->pad_to_max_tokens,
                                                    .invert = c->invert,
                                                    .is_int = is_int(c),
                                                    .tf_idf = kt_streq(c->output_mode, "tf_idf")};
    return kt_is_none(c->vocabulary) ? KT_OK : read_vocabulary(self);
}

/* --- computing --- */

static int64_t depth_of(const config *c)
{
    if (c->pad_to_max_tokens)
        return c->max_tokens.v;
    return c->vocabulary_size.set ? c->vocabulary_size.v : KT_UNKNOWN;
}

static kt_node *stand_in(kt_layer *self, kt_call *c, const kt_node *x)
{
    const config *cfg = self->config;
    kt_shape      s = x->shape;

    if (is_int(cfg))
        return kt_placeholder(c->g, "", KT_I64, s);
    if (kt_streq(cfg->output_mode, "one_hot") || s.rank == 0)
        s.rank += !(s.rank > 1 && s.dim[s.rank - 1] == 1);
    if (s.rank > KT_MAX_RANK)
        return kt_call_fail(self, c, KT_E_VALUE, "The result has more than %d axes", KT_MAX_RANK);
    s.dim[s.rank - 1] = depth_of(cfg);
    return kt_placeholder(c->g, "", self->dtype, s);
}

static kt_node *number(kt_graph *g, int64_t v)
{
    kt_tensor *t = kt_tensor_new(KT_I64, KT_SCALAR_SHAPE);

    if (t)
        *(int64_t *)t->data = v;
    else
        kt_raise_memory(g->fault);
    return t ? kt_constant(g, t) : g->poison;
}

/* Numbers that are not in the vocabulary, each in one of several places. */
static kt_node *spread(const config *cfg, const state *s, kt_graph *g, kt_node *x, kt_node *place)
{
    kt_hash_attr hash = s->hash;
    kt_node     *oov;

    hash.bins = cfg->num_oov_indices;
    if (kt_streq(cfg->oov_method, "farmhash"))
        oov = kt_hash(g, x, &hash);
    else
        oov = kt_binary(g, KT_BI_MOD, x, number(g, cfg->num_oov_indices));
    oov = kt_add(g, oov, number(g, kt_oov_start(&s->known)));
    return kt_select(g, kt_binary(g, KT_BI_EQUAL, place, number(g, -1)), oov, place);
}

/* The places themselves, where what has none (it is beyond all) is refused. */
static kt_node *refused(kt_graph *g, kt_node *place, kt_node *masked, int64_t size)
{
    kt_tensor *t = kt_tensor_new(KT_I64, KT_SHAPE(size));

    for (int64_t i = 0; t && i < size; i++)
        kt_tensor_set(t, i, (double)i);
    if (!t) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    if (masked)
        place = kt_select(g, masked, number(g, 0), place);
    return kt_gather(g, kt_constant(g, t), place, 0);
}

static kt_node *places(const config *cfg, const state *s, kt_graph *g, kt_node *x)
{
    int64_t  n = cfg->num_oov_indices;
    int64_t  missing = n == 0 ? s->known.size : n == 1 ? kt_oov_start(&s->known) : -1;
    kt_node *y = kt_vocabulary_find(&s->known, g, x, cfg->invert ? cfg->oov_token.v : missing),
            *masked = NULL;
    int64_t key = cfg->invert ? 0 : cfg->mask_token.v;
    int64_t value = cfg->invert ? cfg->mask_token.v : is_int(cfg) ? 0 : INT32_MAX;

    if (cfg->mask_token.set)
        masked = kt_binary(g, KT_BI_EQUAL, x, number(g, key));
    if (!cfg->invert && n == 0)
        y = refused(g, y, masked, s->known.size);
    if (masked) /* what stands for nothing is beyond all vectors */
        y = kt_select(g, masked, number(g, value), y);
    return !cfg->invert && n > 1 ? spread(cfg, s, g, x, y) : y;
}

static kt_node *weights_of(const kt_vocabulary *s, kt_call *c, kt_dtype dtype)
{
    kt_tensor *t = kt_tensor_new(dtype, KT_SHAPE(s->n_idf));

    for (int64_t i = 0; t && i < s->n_idf; i++)
        kt_tensor_set(t, i, s->idf[i]);
    if (!t)
        kt_raise_memory(c->g->fault);
    return t ? kt_constant(c->g, t) : c->g->poison;
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    const state  *s = self->state;
    bool          tf_idf = kt_streq(cfg->output_mode, "tf_idf");

    if (!c->t->eager)
        return stand_in(self, c, x);
    if (!is_int(cfg) && depth_of(cfg) == KT_UNKNOWN)
        return kt_call_fail(
            self, c, KT_E_RUNTIME,
            "When using `output_mode=%s` and `pad_to_max_tokens=False`, you must set the layer's vocabulary before calling it. Either pass a `vocabulary` argument to the layer, or call `adapt` with some sample data.",
            cfg->output_mode);
    if (!s->known.set)
        return kt_call_fail(self, c, KT_E_RUNTIME, "Table not initialized.");
    if (tf_idf && !s->known.idf)
        return kt_call_fail(self, c, KT_E_VALUE,
                            "When `output_mode` is `'tf_idf'`, `idf_weights` must be provided.");
    kt_node *y = places(cfg, s, c->g, kt_cast(c->g, x, KT_I64));
    y = kt_encoded(c->g, y, tf_idf ? "count" : cfg->output_mode, depth_of(cfg),
                   tf_idf ? c->g->floatx : KT_I64, NULL);
    return tf_idf ? kt_mul(c->g, y, weights_of(&s->known, c, c->g->floatx)) : y;
}

/* --- learning --- */

static kt_status adapt(kt_layer *self, const kt_tensor *x)
{
    return keep(self, kt_vocabulary_learn(self, &((state *)self->state)->known, x));
}

/* A learnt vocabulary is written as if it had been given: Keras keeps it in a file beside the
 * configuration, and takes it from the configuration, too. */
static kt_status write(const kt_layer *self, kt_arena *a, kt_value *v, kt_fault *f)
{
    const config        *c = self->config;
    const kt_vocabulary *known = &((const state *)self->state)->known;
    kt_value            *tokens = kt_value_new(a, KT_LIST), *weights = kt_value_new(a, KT_LIST);
    bool                 ok = tokens && weights;

    if (!known->set || !kt_is_none(c->vocabulary))
        return KT_OK;
    for (int64_t i = 0; ok && i < known->n; i++)
        ok = kt_value_add(a, tokens, NULL, kt_value_int(a, known->token[i])) &&
             (!known->idf ||
              kt_value_add(a, weights, NULL,
                           kt_value_float(a, known->idf[kt_token_start(known) + i])));
    ok = ok && kt_value_set(a, v, "vocabulary", tokens) &&
         (!known->idf || kt_value_set(a, v, "idf_weights", weights));
    return ok ? KT_OK : kt_raise_memory(f);
}

static bool needs_adapt(const kt_layer *self)
{
    return !((const state *)self->state)->known.set;
}

static const kt_layer_type type = {
    .cls = {.class_name = "IntegerLookup",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Whole numbers by their place in a vocabulary."},
    .flags = KT_LAYER_NO_CAST | KT_LAYER_BUILD_EMPTY,
    .input = {.dtype = -1},
    .check = check,
    .call1 = call,
    .adapt = adapt,
    .needs_adapt = needs_adapt,
    .write = write,
    .state_size = sizeof(state),
    .sample = "IntegerLookup(vocabulary=[3, 7, 1]); "
              "IntegerLookup(vocabulary=[5, 2], mask_token=0, num_oov_indices=2); "
              "IntegerLookup(vocabulary=[3, 7, 1], output_mode='multi_hot')",
    .sample_input = "(2, 3) int:9; (2, 4) int:9; (3, 5) int:9",
};

const kt_layer_type *const kt_layers_integer_lookup[] = {&type, NULL};
