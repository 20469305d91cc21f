/* vocabulary.c - the tokens that a lookup layer knows: checked, learnt from data, looked up. */
#include "nn/texts/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int64_t kt_oov_start(const kt_vocabulary *s)
{
    return s->mask.set && s->is_int;
}

int64_t kt_token_start(const kt_vocabulary *s)
{
    return kt_oov_start(s) + s->oov_indices;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* As Python prints it: "str" of a number or a text, or "repr" in a list, as NumPy's scalars. */
static void add_token(kt_str *out, const kt_vocabulary *s, int64_t token, bool repr, bool numpy)
{
    kt_value v = {.kind = KT_STR,
                  .s = kt_text_bytes(s->words ? kt_words_text(s->words, token) : NULL)};

    kt_str_add(out, !numpy ? "" : s->words ? "np.str_(" : "np.int64(");
    if (!s->words)
        kt_str_printf(out, "%lld", (long long)token);
    else if (repr)
        kt_value_repr(out, &v);
    else
        kt_str_add(out, v.s);
    kt_str_add(out, numpy ? ")" : "");
}

/* "[np.int64(2), np.int64(5)]": those that stand in the list more than once, in its order. */
static kt_status check_repeated(kt_layer *self, const kt_vocabulary *s)
{
    kt_str   text = {0};
    int64_t *sorted = kt_calloc((size_t)s->n + 1, sizeof *sorted);

    if (!sorted)
        return kt_raise_memory(&self->fault);
    memcpy(sorted, s->token, (size_t)s->n * sizeof *sorted);
    qsort(sorted, (size_t)s->n, sizeof *sorted, by_size);
    bool repeated = false;
    for (int64_t i = 0; i + 1 < s->n; i++)
        repeated = repeated || sorted[i] == sorted[i + 1];
    for (int64_t i = 0; repeated && i < s->n; i++) {
        const int64_t *at = bsearch(&s->token[i], sorted, (size_t)s->n, sizeof *at, by_size);
        bool twice = (at > sorted && at[-1] == *at) || (at + 1 < sorted + s->n && at[1] == *at);
        for (int64_t k = 0; twice && k < i; k++)
            twice = s->token[k] != s->token[i];
        if (twice) {
            kt_str_add(&text, text.len ? ", " : "");
            add_token(&text, s, s->token[i], true, true);
        }
    }
    kt_free(sorted);
    if (repeated)
        kt_layer_fail(
            self, KT_E_VALUE,
            "The passed vocabulary has at least one repeated term. Please uniquify your dataset. The repeated terms are: [%s]",
            kt_str_text(&text));
    kt_str_free(&text);
    return kt_layer_status(self);
}

static void special_text(kt_str *out, const kt_vocabulary *s)
{
    kt_str_add(out, "[");
    if (kt_oov_start(s))
        add_token(out, s, s->mask.v, true, false);
    for (int64_t i = 0; i < s->oov_indices && i < 1000; i++) {
        kt_str_add(out, i + kt_oov_start(s) ? ", " : "");
        if (s->oov.set)
            add_token(out, s, s->oov.v, true, false);
        else
            kt_str_add(out, "None");
    }
    kt_str_add(out, "]");
}

/* A special token among the others is an error. `what`: "mask"; skipped: how many were left out in
 * front. */
static kt_status check_reserved(kt_layer *self, const kt_vocabulary *s, const char *what,
                                kt_optint token, int64_t skipped)
{
    kt_str  special = {0}, shown = {0};
    int64_t found = -1;
    bool    mask = kt_streq(what, "mask");

    for (int64_t i = 0; token.set && i < s->n; i++)
        if (s->token[i] == token.v)
            found = i;
    if (found < 0)
        return KT_OK;
    special_text(&special, s);
    add_token(&shown, s, token.v, false, false);
    kt_layer_fail(
        self, KT_E_VALUE,
        "Found reserved %s token at unexpected location in `vocabulary`. Note that passed `vocabulary` does not need to include the OOV and mask tokens. Either remove all mask and OOV tokens, or include them only at the start of the vocabulary in precisely this order: %s. Received: %s_token=%s at vocabulary index [%lld]",
        mask ? "mask" : "OOV", kt_str_text(&special), mask ? "mask" : "oov", kt_str_text(&shown),
        (long long)found + (long long)skipped);
    kt_str_free(&special);
    kt_str_free(&shown);
    return kt_layer_status(self);
}

/* Do the special tokens stand in front of the n tokens? */
static bool begins_special(const kt_vocabulary *s, const int64_t *token, int64_t n)
{
    int64_t start = kt_token_start(s);

    if (start > n || (s->oov_indices > 0 && !s->oov.set))
        return false;
    for (int64_t i = 0; i < start; i++)
        if (token[i] != (i < kt_oov_start(s) ? s->mask.v : s->oov.v))
            return false;
    return true;
}

/* The weights of vectors: what stands for others in front gets the mean, what fills up gets 0. */
static kt_status set_idf(kt_layer *self, kt_vocabulary *s, const double *idf, int64_t n,
                         bool special)
{
    int64_t front = special ? 0 : kt_token_start(s), all = front + n;
    double  mean = 0;

    if (s->pad && s->max_tokens.v > all)
        all = s->max_tokens.v;
    s->idf = kt_arena_alloc(&self->arena, (size_t)(all + 1) * sizeof *s->idf);
    if (!s->idf)
        return kt_raise_memory(&self->fault);
    for (int64_t i = 0; i < n; i++)
        mean += idf[i] / (double)n;
    for (int64_t i = 0; i < all; i++)
        s->idf[i] = i < front ? mean : i < front + n ? idf[i - front] : 0;
    s->n_idf = all;
    return KT_OK;
}

kt_status kt_vocabulary_set(kt_layer *self, kt_vocabulary *s, int64_t *token, int64_t n,
                            const double *idf, int64_t n_idf)
{
    bool    special = begins_special(s, token, n);
    int64_t skip = special ? kt_token_start(s) : 0, size;

    if (n == 0)
        return kt_layer_fail(self, KT_E_VALUE,
                             "Cannot set an empty vocabulary. Received: vocabulary=[]");
    s->token = token + skip;
    s->n = n - skip;
    if (check_repeated(self, s) != KT_OK ||
        check_reserved(self, s, "mask", s->mask, skip) != KT_OK ||
        (s->invert && check_reserved(self, s, "OOV", s->oov, skip) != KT_OK))
        return kt_layer_status(self);
    size = kt_token_start(s) + s->n;
    if (s->max_tokens.set && size > s->max_tokens.v)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Attempted to set a vocabulary larger than the maximum vocab size. Received vocabulary size is %lld; `max_tokens` is %lld.",
            (long long)size, (long long)s->max_tokens.v);
    s->size = size;
    s->set = true;
    if (!idf)
        return KT_OK;
    if (n != n_idf)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`idf_weights` must be the same length as vocabulary. len(idf_weights) is %lld; len(vocabulary) is %lld",
            (long long)n_idf, (long long)n);
    return set_idf(self, s, idf, n, special);
}

/* --- looking up --- */

typedef struct entry {
    int64_t key, value;
} entry;

static int by_key(const void *a, const void *b)
{
    return by_size(&((const entry *)a)->key, &((const entry *)b)->key);
}

/* The vocabulary as a lookup: its numbers sorted, with their places; inverted it is in order. */
kt_node *kt_vocabulary_find(const kt_vocabulary *s, kt_graph *g, kt_node *x, int64_t missing)
{
    kt_tensor *keys = kt_tensor_new(KT_I64, KT_SHAPE(s->n)),
              *values = kt_tensor_new(KT_I64, KT_SHAPE(s->n));
    entry *all = kt_calloc((size_t)s->n + 1, sizeof *all);
    bool   made = keys && values && all;

    for (int64_t i = 0; made && i < s->n; i++) {
        int64_t place = kt_token_start(s) + i;
        all[i] = s->invert ? (entry){place, s->token[i]} : (entry){s->token[i], place};
    }
    if (made)
        qsort(all, (size_t)s->n, sizeof *all, by_key);
    for (int64_t i = 0; made && i < s->n; i++) { /* doubles would not hold all of them */
        ((int64_t *)keys->data)[i] = all[i].key;
        ((int64_t *)values->data)[i] = all[i].value;
    }
    kt_free(all);
    if (!made) {
        kt_tensor_unref(keys);
        kt_tensor_unref(values);
        kt_raise_memory(g->fault);
        return g->poison;
    }
    return kt_lookup(g, x, kt_constant(g, keys), kt_constant(g, values), missing);
}

/* --- learning --- */

static int by_order(const kt_seen *a, const kt_seen *b)
{
    return a->text ? kt_text_compare(a->text, b->text) : by_size(&a->token, &b->token);
}

static int by_token(const void *a, const void *b)
{
    const kt_seen *x = a, *y = b;
    int            order = by_order(x, y);

    return order ? order : by_size(&x->document, &y->document);
}

typedef struct counted {
    kt_seen first;
    int64_t count, documents;
} counted;

/* The most frequent first, the larger of equals. */
static int by_count(const void *a, const void *b)
{
    const counted *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return by_order(&y->first, &x->first);
}

static bool is_special(const kt_vocabulary *s, int64_t token)
{
    return (s->mask.set && token == s->mask.v) || (s->oov.set && token == s->oov.v);
}

/* The different tokens, sorted by how often they are there. Returns how many. */
static int64_t count_tokens(const kt_vocabulary *s, kt_seen *seen, int64_t n, counted *all)
{
    int64_t kept = 0;

    if (n > 0)
        qsort(seen, (size_t)n, sizeof *seen, by_token);
    for (int64_t i = 0; i < n; i++) {
        bool same = i > 0 && seen[i - 1].token == seen[i].token;
        if (is_special(s, seen[i].token))
            continue;
        if (!same)
            all[kept++] = (counted){.first = seen[i]};
        all[kept - 1].count++;
        all[kept - 1].documents += !same || seen[i - 1].document != seen[i].document;
    }
    if (kept > 0)
        qsort(all, (size_t)kept, sizeof *all, by_count);
    return kept;
}

kt_status kt_vocabulary_learn(kt_layer *self, kt_vocabulary *s, kt_seen *seen, int64_t n_seen,
                              int64_t documents)
{
    counted *all = kt_calloc((size_t)n_seen + 1, sizeof *all);
    int64_t  n = all ? count_tokens(s, seen, n_seen, all) : 0;

    if (s->max_tokens.set && n > s->max_tokens.v - kt_token_start(s))
        n = s->max_tokens.v - kt_token_start(s);
    n = n < 0 ? 0 : n;
    int64_t *token = kt_arena_alloc(&self->arena, (size_t)(n + 1) * sizeof *token);
    double  *idf = kt_arena_alloc(&self->arena, (size_t)(n + 1) * sizeof *idf);
    for (int64_t i = 0; all && token && idf && i < n; i++) {
        token[i] = all[i].first.token;
        idf[i] = s->tf_idf ? log(1 + (double)documents / (1 + (double)all[i].documents)) : 0;
    }
    bool made = all && token && idf;
    kt_free(all);
    if (!made)
        return kt_raise_memory(&self->fault);
    return n ? kt_vocabulary_set(self, s, token, n, s->tf_idf ? idf : NULL, n) : KT_OK;
}
