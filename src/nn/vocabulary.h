/* vocabulary.h - the numbers that a lookup layer knows, each with its place. */
#ifndef KT_VOCABULARY_H
#define KT_VOCABULARY_H

#include "nn/layer.h"

typedef struct kt_vocabulary {
    /* Of the layer's arguments. */
    kt_optint max_tokens, mask, oov;
    int64_t   oov_indices;
    bool      pad, invert, is_int, tf_idf;
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
/* The numbers of x by how often they are there, at most max_tokens. x: a row is a document. */
kt_status kt_vocabulary_learn(kt_layer *self, kt_vocabulary *s, const kt_tensor *x);
/* The place of each number of x (int64), inverted the number of each place; missing where there is
 * none. */
kt_node *kt_vocabulary_find(const kt_vocabulary *s, kt_graph *g, kt_node *x, int64_t missing);

#endif
