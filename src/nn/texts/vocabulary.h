/* vocabulary.h - the tokens that a lookup layer knows, each with its place: whole numbers, or those
 * of words. */
#ifndef KT_VOCABULARY_H
#define KT_VOCABULARY_H

#include "nn/layer.h"
#include "nn/texts/words.h"

typedef struct kt_vocabulary {
    /* Of the layer's arguments. */
    kt_optint       max_tokens, mask, oov;
    const kt_words *words; /* tokens are the numbers of these; NULL: they are numbers */
    int64_t         oov_indices;
    bool            pad, invert, is_int, tf_idf;
    /* What it holds. */
    bool     set;
    int64_t  n; /* numbers, without the special ones */
    int64_t *token;
    int64_t  size; /* places, the special ones too */
    double  *idf;  /* a weight for each entry of vectors, or NULL */
    int64_t  n_idf;
} kt_vocabulary;

/* Where the places of numbers that are not in it begin, and where its own do. */
int64_t kt_oov_start(const kt_vocabulary *s);
int64_t kt_token_start(const kt_vocabulary *s);
/* token: n numbers that live as long as the layer, the special ones in front or not. idf: a weight
 * for each, or NULL. Keras' errors of set_vocabulary. */
kt_status kt_vocabulary_set(kt_layer *self, kt_vocabulary *s, int64_t *token, int64_t n,
                            const double *idf, int64_t n_idf);
/* One token of the data, in the document (counted in order) where it stands. */
typedef struct kt_seen {
    int64_t        token, document;
    const kt_text *text; /* where tokens are those of words */
} kt_seen;
/* The tokens by how often they were seen, at most max_tokens; seen is sorted. */
kt_status kt_vocabulary_learn(kt_layer *self, kt_vocabulary *s, kt_seen *seen, int64_t n_seen,
                              int64_t documents);
/* The place of each number of x (int64), inverted the number of each place; missing where there is
 * none. */
kt_node *kt_vocabulary_find(const kt_vocabulary *s, kt_graph *g, kt_node *x, int64_t missing);

#endif
