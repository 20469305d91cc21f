/* lookup_learn.c - the vocabulary of a lookup layer learnt from data, and how a file keeps it: in
 * the configuration, or as Keras' archive does, apart in vocabulary.txt and idf_weights. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nn/texts/lookup.h"

static kt_status keep(kt_layer *self, kt_status status)
{
    const kt_index_lookup *s = self->state;

    if (status == KT_OK && s->known.set)
        *s->size = (kt_optint){.set = true, .v = s->known.size};
    return status;
}

/* --- learning --- */

/* Tokens as they come, document by document. */
typedef struct gathering {
    kt_words words; /* of the data, in an arena of their own */
    kt_seen *seen;
    int64_t  n, room, document;
} gathering;

static bool note(gathering *g, int64_t token)
{
    if (g->n == g->room) {
        int64_t  room = g->room ? g->room * 2 : 256;
        kt_seen *more = kt_realloc(g->seen, (size_t)room * sizeof *more);
        if (!more)
            return false;
        g->seen = more;
        g->room = room;
    }
    g->seen[g->n++] = (kt_seen){token, g->document, kt_words_text(&g->words, token)};
    return true;
}

static bool note_text(void *user, const char *bytes, size_t size)
{
    gathering *g = user;
    int64_t    token = kt_words_add(&g->words, bytes, size);

    return token >= 0 && note(g, token);
}

/* Rows are documents: of a vector, every one of its elements is one. */
static bool gather(const kt_index_lookup *s, const kt_tensor *x, gathering *g)
{
    int64_t documents = x->shape.rank > 0 ? x->shape.dim[0] : 1;
    int64_t each = documents > 0 ? x->count / documents : 0;

    for (; g->document < documents; g->document++)
        for (int64_t i = 0; i < each; i++) {
            int64_t at = g->document * each + i;
            bool    split = s->tokens.split != KT_SPLIT_NONE;
            if (!s->texts && !note(g, (int64_t)kt_tensor_get(x, at)))
                return false;
            if (s->texts && (split || i == 0) &&
                !kt_tokens_each(&s->tokens, kt_text_items(x) + at, split ? 1 : each, note_text, g))
                return false;
        }
    return true;
}

/* What was seen gets the numbers that the layer's own words give it; special tokens have theirs
 * already. */
static bool renumber(kt_index_lookup *s, gathering *g)
{
    for (int64_t i = 0; i < g->n; i++) {
        const kt_text *t = g->seen[i].text;
        g->seen[i].token = kt_words_add(&s->words, t->bytes, t->size);
        if (g->seen[i].token < 0)
            return false;
    }
    return true;
}

kt_status kt_lookup_adapt(kt_layer *self, const kt_tensor *x)
{
    kt_index_lookup *s = self->state;
    kt_arena         a = {0};
    gathering        g = {.words = {.arena = &a}};
    kt_status        status;

    if (s->texts != (x->dtype == KT_STRING))
        return kt_raise_no_cast(&self->fault, x->dtype, s->texts ? KT_STRING : KT_I64);
    if (!gather(s, x, &g) || (s->texts && !renumber(s, &g)))
        status = kt_raise_memory(&self->fault);
    else
        status = keep(self, kt_vocabulary_learn(self, &s->known, g.seen, g.n, g.document));
    kt_free(g.seen);
    kt_words_free(&g.words);
    kt_arena_free(&a);
    return status;
}

bool kt_lookup_needs_adapt(const kt_layer *self)
{
    return !((const kt_index_lookup *)self->state)->known.set;
}

/* --- the configuration --- */

static _Thread_local bool apart;

bool kt_set_assets_apart(bool on)
{
    bool before = apart;

    apart = on;
    return before;
}

static bool is_given(const kt_index_lookup *s)
{
    return !kt_is_none(*s->vocabulary);
}

static kt_value *token_value(const kt_index_lookup *s, kt_arena *a, int64_t token)
{
    return s->texts ? kt_value_str(a, kt_text_bytes(kt_words_text(&s->words, token)))
                    : kt_value_int(a, token);
}

/* Without a file beside it the configuration holds what was learnt, as if it had been given. */
kt_status kt_lookup_write(const kt_layer *self, kt_arena *a, kt_value *v, kt_fault *f)
{
    const kt_index_lookup *s = self->state;
    const kt_vocabulary   *known = &s->known;

    if (!known->set || is_given(s) || apart)
        return KT_OK;
    kt_value *tokens = kt_value_new(a, KT_LIST), *weights = kt_value_new(a, KT_LIST);
    bool      ok = tokens && weights;
    for (int64_t i = 0; ok && i < known->n; i++)
        ok = kt_value_add(a, tokens, NULL, token_value(s, a, known->token[i])) &&
             (!known->idf ||
              kt_value_add(a, weights, NULL,
                           kt_value_float(a, known->idf[kt_token_start(known) + i])));
    ok = ok && kt_value_set(a, v, "vocabulary", tokens) &&
         (!known->idf || kt_value_set(a, v, "idf_weights", weights));
    return ok ? KT_OK : kt_raise_memory(f);
}

/* --- beside it: idf_weights --- */

/* Those that fill vectors up are left out with a learnt vocabulary: Keras writes them, and then
 * does not open its own file. */
static kt_tensor *save_weights(const kt_layer *l)
{
    const kt_index_lookup *s = l->state;
    const kt_vocabulary   *known = &s->known;
    int64_t                n = is_given(s) ? known->n_idf : kt_token_start(known) + known->n;
    kt_tensor             *t = known->idf ? kt_tensor_new(KT_F32, KT_SHAPE(n)) : NULL;

    for (int64_t i = 0; t && i < n; i++)
        kt_tensor_set(t, i, known->idf[i]);
    return t;
}

static kt_status load_weights(kt_layer *l, const kt_tensor *t)
{
    kt_index_lookup *s = l->state;
    double          *idf = kt_arena_calloc(&l->arena, (size_t)t->count + 1, sizeof *idf);

    if (!idf)
        return kt_raise_memory(&l->fault);
    for (int64_t i = 0; i < t->count; i++)
        idf[i] = kt_tensor_get(t, i);
    s->own_idf = idf;
    s->n_own_idf = t->count;
    if (s->known.idf && s->known.n_idf == t->count) /* of the vocabulary that is there */
        s->known.idf = idf;
    return KT_OK;
}

/* --- vocabulary.txt: a token on each line, the special ones in front --- */

static void add_line(kt_str *out, const kt_index_lookup *s, kt_optint token, bool first)
{
    const kt_text *t = s->texts && token.set ? kt_words_text(&s->words, token.v) : NULL;

    kt_str_add(out, first ? "" : "\n");
    if (t)
        kt_str_addn(out, t->bytes, t->size);
    else if (!token.set)
        kt_str_add(out, "None");
    else
        kt_str_printf(out, "%lld", (long long)token.v);
}

static bool save_vocabulary(const kt_layer *l, kt_str *out)
{
    const kt_index_lookup *s = l->state;
    const kt_vocabulary   *v = &s->known;
    int64_t                start = kt_token_start(v), n = v->set ? start + v->n : start;

    if (is_given(s))
        return false;
    for (int64_t i = 0; i < n && !out->failed; i++)
        add_line(out, s,
                 i < kt_oov_start(v) ? v->mask
                 : i < start         ? v->oov
                                     : (kt_optint){.set = true, .v = v->token[i - start]},
                 i == 0);
    return true;
}

/* The token of a line; false if it is none. */
static bool read_line(kt_index_lookup *s, const char *line, size_t size, int64_t *out)
{
    char text[32], *end;
    bool fits = size > 0 && size < sizeof text;

    if (s->texts)
        *out = kt_words_add(&s->words, line, size);
    if (s->texts || !fits)
        return s->texts && *out >= 0;
    memcpy(text, line, size);
    text[size] = '\0';
    errno = 0;
    *out = strtoll(text, &end, 10);
    return *end == '\0' && errno == 0;
}

static size_t without_empty_end(const char *text, size_t size)
{
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
        size--;
    return size;
}

static kt_status set_learnt(kt_layer *l, int64_t *token, int64_t n)
{
    kt_index_lookup *s = l->state;
    int64_t          n_idf = s->n_own_idf > n ? n : s->n_own_idf; /* padded ones are longer */

    if (s->known.tf_idf && !s->own_idf)
        return kt_layer_fail(l, KT_E_VALUE,
                             "Layer '%s': the file has a vocabulary, but no idf_weights", l->name);
    return keep(
        l, kt_vocabulary_set(l, &s->known, token, n, s->known.tf_idf ? s->own_idf : NULL, n_idf));
}

static kt_status load_vocabulary(kt_layer *l, const char *text, size_t size)
{
    kt_index_lookup *s = l->state;
    int64_t          n = 1, k = 0;

    if (is_given(s))
        return KT_OK;
    size = without_empty_end(text, size);
    for (size_t i = 0; i < size; i++)
        n += text[i] == '\n';
    int64_t *token = kt_arena_calloc(&l->arena, (size_t)n, sizeof *token);
    if (!token)
        return kt_raise_memory(&l->fault);
    for (const char *p = text, *end = text + size; k < n; k++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        size_t      width = (size_t)((stop ? stop : end) - p);
        if (!read_line(s, p, width - (width > 0 && p[width - 1] == '\r'), &token[k]))
            return l->arena.failed
                     ? kt_raise_memory(&l->fault)
                     : kt_layer_fail(l, KT_E_VALUE,
                                     "Layer '%s': line %lld of its vocabulary.txt is no integer",
                                     l->name, (long long)k + 1);
        p = stop ? stop + 1 : end;
    }
    if (k == kt_token_start(&s->known)) /* the special ones alone: nothing was learnt */
        return KT_OK;
    return set_learnt(l, token, k);
}

#define ASSET                                                                         \
    .numbers = "idf_weights", .text = "vocabulary.txt", .save_numbers = save_weights, \
    .load_numbers = load_weights, .save_text = save_vocabulary, .load_text = load_vocabulary
const kt_asset_type kt_lookup_asset = {ASSET};
/* Keras' TextVectorization has the lookup layer as an attribute, and a file has both. */
const kt_asset_type kt_lookup_inner_asset = {ASSET, .inner = "_lookup_layer"};
