/* lookup.c - looking tokens up in a vocabulary: the constructor's checks, and the graph from tokens
 * to places or vectors. */
#include "nn/texts/lookup.h"

#include <string.h>

static bool is_int(const kt_index_lookup *s)
{
    return kt_streq(s->mode, "int");
}

/* --- the constructor --- */

static kt_status fail(kt_layer *self, const char *text)
{
    return kt_layer_fail(self, KT_E_VALUE, "%s", text);
}

static kt_status check_counts(kt_layer *self, const kt_lookup_args *a)
{
    if (a->max_tokens.set && a->max_tokens.v <= 1)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "If set, `max_tokens` must be greater than 1. Received: max_tokens=%lld",
            (long long)a->max_tokens.v);
    if (a->pad && !a->max_tokens.set)
        return fail(
            self, "If pad_to_max_tokens is True, must set `max_tokens`. Received: max_tokens=None");
    if (a->num_oov_indices < 0)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`num_oov_indices` must be greater than or equal to 0. Received: num_oov_indices=%lld",
            (long long)a->num_oov_indices);
    if (a->num_oov_indices > INT32_MAX || (a->max_tokens.set && a->max_tokens.v > INT32_MAX))
        return kt_layer_fail(self, KT_E_VALUE, "%s: at most %d places", self->type->cls.class_name,
                             INT32_MAX);
    return KT_OK;
}

static kt_status check_hashing(kt_layer *self, const kt_lookup_args *a)
{
    static const char *const methods[] = {"floormod", "farmhash"};
    kt_index_lookup         *s = self->state;

    if (a->oov_method &&
        kt_check_word(self, "oov_method", a->oov_method, methods, KT_COUNT(methods)) != KT_OK)
        return kt_layer_status(self);
    s->hashed = s->texts || kt_streq(a->oov_method, "farmhash");
    s->hash.bins = a->num_oov_indices;
    if (!a->salt)
        return KT_OK;
    if (!kt_is_none(*a->salt) && !s->hashed)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`salt` can only be used when `oov_method='farmhash'`. Received: oov_method=%s",
            a->oov_method);
    return kt_check_salt(self, "IndexLookup", a->salt, &s->hash);
}

static kt_status check_mode(kt_layer *self, const kt_lookup_args *a)
{
    static const char *const modes[] = {"int", "one_hot", "multi_hot", "count", "tf_idf"};
    const char             **mode = a->output_mode;

    if (kt_streq(*mode, "binary"))
        *mode = "multi_hot";
    if (kt_streq(*mode, "tf-idf"))
        *mode = "tf_idf";
    ((kt_index_lookup *)self->state)->mode = *mode;
    if (kt_check_word(self, "output_mode", *mode, modes, KT_COUNT(modes)) != KT_OK)
        return kt_layer_status(self);
    if (a->invert && !kt_streq(*mode, "int"))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`output_mode` must be `'int'` when `invert` is true. Received: output_mode=%s", *mode);
    if (a->sparse && kt_streq(*mode, "int"))
        return fail(
            self,
            "`sparse` may only be true if `output_mode` is `'one_hot'`, `'multi_hot'`, `'count'` or `'tf_idf'`. Received: sparse=True and output_mode=int");
    return KT_OK;
}

static kt_status check_idf(kt_layer *self, const kt_lookup_args *a)
{
    bool   tf_idf = kt_streq(*a->output_mode, "tf_idf");
    kt_str text = {0};

    if (!kt_is_none(a->idf_weights) && !tf_idf) {
        kt_value_repr(&text, a->idf_weights);
        kt_layer_fail(
            self, KT_E_VALUE,
            "`idf_weights` should only be set if `output_mode` is `'tf_idf'`. Received: idf_weights=%s and output_mode=%s",
            kt_str_text(&text), *a->output_mode);
        kt_str_free(&text);
    } else if (tf_idf && !kt_is_none(*a->vocabulary) && kt_is_none(a->idf_weights)) {
        fail(
            self,
            "When specifying the `vocabulary` argument, in TF-IDF output mode, the `idf_weights` argument must also be provided.");
    } else if (!kt_is_none(a->idf_weights) && !kt_value_is_seq(a->idf_weights)) {
        kt_layer_fail(self, KT_E_TYPE, "%s: idf_weights must be a list of numbers",
                      self->type->cls.class_name);
    }
    return kt_layer_status(self);
}

/* --- the vocabulary --- */

/* After the vocabulary was set: its size is part of the configuration. */
static kt_status keep(kt_layer *self, kt_status status)
{
    const kt_index_lookup *s = self->state;

    if (status == KT_OK && s->known.set)
        *s->size = (kt_optint){.set = true, .v = s->known.size};
    return status;
}

/* The number of a token of the list; false if it can not be one. */
static bool read_token(kt_index_lookup *s, const kt_value *v, int64_t *out)
{
    const char *text = kt_value_text(v);

    if (s->texts)
        *out = text ? kt_words_add(&s->words, text, strlen(text)) : -1;
    else if (kt_is_int(v))
        *out = v->i;
    return s->texts ? *out >= 0 : kt_is_int(v);
}

static kt_status check_list(kt_layer *self, const kt_value *v)
{
    if (v->kind == KT_STR)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Requested the loading of a vocabulary file outside of the model archive. This carries a potential risk of loading arbitrary and sensitive files and thus it is disallowed by default. If you trust the source of the artifact, you can override this error by passing `safe_mode=False` to the loading function, or calling `keras.config.enable_unsafe_deserialization(). Vocabulary file: '%s'",
            v->s);
    if (!kt_value_is_seq(v))
        return kt_layer_fail(self, KT_E_ATTRIBUTE, "'%s' object has no attribute 'size'",
                             kt_python_type(v));
    return KT_OK;
}

static kt_status read_vocabulary(kt_layer *self, const kt_value *v, const kt_value *w)
{
    kt_index_lookup *s = self->state;

    if (check_list(self, v) != KT_OK)
        return kt_layer_status(self);
    int64_t *token = kt_arena_calloc(&self->arena, v->n + 1, sizeof *token);
    double  *idf = kt_arena_calloc(&self->arena, (w ? w->n : 0) + 1, sizeof *idf);
    if (!token || !idf)
        return kt_raise_memory(&self->fault);
    for (size_t i = 0; i < v->n; i++)
        if (!read_token(s, v->items[i], &token[i]))
            return self->arena.failed
                     ? kt_raise_memory(&self->fault)
                     : kt_layer_fail(self, KT_E_TYPE, "%s: vocabulary must be a list of %s",
                                     self->type->cls.class_name, s->texts ? "texts" : "integers");
    for (size_t i = 0; w && i < w->n; i++)
        if (!kt_value_number(w->items[i], &idf[i]))
            return kt_layer_fail(self, KT_E_TYPE, "%s: idf_weights must be a list of numbers",
                                 self->type->cls.class_name);
    return keep(self, kt_vocabulary_set(self, &s->known, token, (int64_t)v->n, w ? idf : NULL,
                                        w ? (int64_t)w->n : 0));
}

/* A text among the words, as a token; None stays None. */
static kt_optint special(kt_layer *self, const char *text)
{
    kt_index_lookup *s = self->state;
    int64_t          number = text ? kt_words_add(&s->words, text, strlen(text)) : -1;

    if (text && number < 0)
        kt_raise_memory(&self->fault);
    return (kt_optint){.set = number >= 0, .v = number};
}

kt_status kt_lookup_check(kt_layer *self, bool texts, const kt_lookup_args *a)
{
    kt_index_lookup *s = self->state;

    s->texts = texts;
    s->words.arena = &self->arena;
    s->size = a->vocabulary_size;
    s->vocabulary = a->vocabulary;
    if (check_counts(self, a) != KT_OK || check_hashing(self, a) != KT_OK ||
        check_mode(self, a) != KT_OK || check_idf(self, a) != KT_OK)
        return kt_layer_status(self);
    s->known = (kt_vocabulary){.max_tokens = a->max_tokens,
                               .mask = texts ? special(self, a->mask_text) : a->mask,
                               .oov = texts ? special(self, a->oov_text) : a->oov,
                               .words = texts ? &s->words : NULL,
                               .oov_indices = a->num_oov_indices,
                               .pad = a->pad,
                               .invert = a->invert,
                               .is_int = is_int(s),
                               .tf_idf = kt_streq(s->mode, "tf_idf")};
    s->tokens.words = &s->words;
    s->tokens.pad = s->known.mask.set ? s->known.mask.v : -1;
    if (kt_layer_status(self) != KT_OK || kt_is_none(*a->vocabulary))
        return kt_layer_status(self);
    return read_vocabulary(self, *a->vocabulary,
                           kt_is_none(a->idf_weights) ? NULL : a->idf_weights);
}

void kt_lookup_free(kt_layer *self)
{
    kt_words_free(&((kt_index_lookup *)self->state)->words);
}

/* --- computing --- */

static int64_t depth_of(const kt_index_lookup *s)
{
    if (s->known.pad)
        return s->known.max_tokens.v;
    return s->size->set ? s->size->v : KT_UNKNOWN;
}

kt_node *kt_lookup_stand_in(kt_layer *self, kt_call *c, kt_shape s)
{
    const kt_index_lookup *l = self->state;

    if (is_int(l))
        return kt_placeholder(c->g, "", KT_I64, s);
    if (kt_streq(l->mode, "one_hot") || s.rank == 0)
        s.rank += !(s.rank > 1 && s.dim[s.rank - 1] == 1);
    if (s.rank > KT_MAX_RANK)
        return kt_call_fail(self, c, KT_E_VALUE, "The result has more than %d axes", KT_MAX_RANK);
    s.dim[s.rank - 1] = depth_of(l);
    return kt_placeholder(c->g, "", KT_F32, s);
}

bool kt_lookup_ready(kt_layer *self, kt_call *c)
{
    const kt_index_lookup *s = self->state;

    if (!is_int(s) && depth_of(s) == KT_UNKNOWN)
        kt_call_fail(
            self, c, KT_E_RUNTIME,
            "When using `output_mode=%s` and `pad_to_max_tokens=False`, you must set the layer's vocabulary before calling it. Either pass a `vocabulary` argument to the layer, or call `adapt` with some sample data.",
            s->mode);
    else if (!s->known.set)
        kt_call_fail(
            self, c, KT_E_PRECONDITION,
            "{{function_node __wrapped__LookupTableFindV2_device_/job:localhost/replica:0/task:0/device:CPU:0}} Table not initialized. [Op:LookupTableFindV2] name: ");
    else if (s->known.tf_idf && !s->known.idf)
        kt_call_fail(self, c, KT_E_VALUE,
                     "When `output_mode` is `'tf_idf'`, `idf_weights` must be provided.");
    return !kt_graph_failed(c->g);
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

/* Tokens that are not in the vocabulary, each in one of several places. */
static kt_node *spread(const kt_index_lookup *s, kt_graph *g, kt_node *x, kt_node *bins,
                       kt_node *place)
{
    if (!bins)
        bins = s->hashed ? kt_hash(g, x, &s->hash)
                         : kt_binary(g, KT_BI_MOD, x, number(g, s->known.oov_indices));
    bins = kt_add(g, bins, number(g, kt_oov_start(&s->known)));
    return kt_select(g, kt_binary(g, KT_BI_EQUAL, place, number(g, -1)), bins, place);
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

static kt_node *places(const kt_index_lookup *s, kt_graph *g, kt_node *x, kt_node *bins)
{
    const kt_vocabulary *v = &s->known;
    int64_t              n = v->oov_indices;
    int64_t              missing = n == 0 ? v->size : n == 1 ? kt_oov_start(v) : -1;
    kt_node *y = kt_vocabulary_find(v, g, x, v->invert ? v->oov.v : missing), *masked = NULL;
    int64_t  key = v->invert ? 0 : v->mask.v;
    int64_t  value = v->invert ? v->mask.v : is_int(s) ? 0 : INT32_MAX;

    if (v->mask.set)
        masked = kt_binary(g, KT_BI_EQUAL, x, number(g, key));
    if (!v->invert && n == 0)
        y = refused(g, y, masked, v->size);
    if (masked) /* what stands for nothing is beyond all vectors */
        y = kt_select(g, masked, number(g, value), y);
    return !v->invert && n > 1 ? spread(s, g, x, bins, y) : y;
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

kt_node *kt_lookup_places(kt_layer *self, kt_call *c, kt_node *tokens, kt_node *bins)
{
    const kt_index_lookup *s = self->state;
    bool                   tf_idf = s->known.tf_idf;
    kt_node               *y = places(s, c->g, tokens, bins);

    y = kt_encoded(c->g, y, tf_idf ? "count" : s->mode, depth_of(s), tf_idf ? c->g->floatx : KT_I64,
                   NULL);
    return tf_idf ? kt_mul(c->g, y, weights_of(&s->known, c, c->g->floatx)) : y;
}
