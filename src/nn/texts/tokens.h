/* tokens.h - what a text is made of: its words or characters, standardised, and runs of them, each
 * as the number that it has among a layer's words. Nothing is copied and nothing allocated. */
#ifndef KT_TOKENS_H
#define KT_TOKENS_H

#include "nn/texts/words.h"

typedef enum kt_split { KT_SPLIT_NONE, KT_SPLIT_WHITESPACE, KT_SPLIT_CHARACTER } kt_split;

typedef struct kt_tokens {
    bool            lower, strip; /* ASCII alone, as tf.strings does it: capitals, punctuation */
    kt_split        split;        /* none: each text is a token */
    bool            grams;        /* runs of tokens in place of them */
    int64_t         upto;         /* runs of 1 .. upto; else of these widths, each > 0 */
    const int64_t  *width;
    int64_t         n_widths;
    const kt_words *words;
    int64_t         pad; /* the number that fills a row up */
} kt_tokens;

/* How many tokens, or runs of them, a row of n texts has. */
int64_t kt_tokens_count(const kt_tokens *s, const kt_text *const *text, int64_t n);
/* The same of so many tokens. */
int64_t kt_tokens_runs(const kt_tokens *s, int64_t tokens);
/* The numbers of the first `width` of them; -1: none of the words. self: a kt_tokens. */
void kt_tokens_read(const void *self, const kt_text *const *text, int64_t n, double *out,
                    int64_t width);
/* Calls `take` with each of them as bytes, until it says false. False then, and without memory. */
bool kt_tokens_each(const kt_tokens *s, const kt_text *const *text, int64_t n,
                    bool (*take)(void *user, const char *bytes, size_t size), void *user);

#endif
