/* lookup.h - what IntegerLookup, StringLookup and TextVectorization share: their arguments, a
 * vocabulary, and the way from tokens to places or vectors. */
#ifndef KT_LOOKUP_H
#define KT_LOOKUP_H

#include "nn/texts/encode.h"
#include "nn/texts/tokens.h"
#include "nn/texts/vocabulary.h"

/* The first member of such a layer's state. */
typedef struct kt_index_lookup {
    kt_vocabulary known;
    kt_hash_attr  hash;   /* of tokens that it does not know */
    bool          texts;  /* tokens are the numbers of words */
    bool          hashed; /* tokens that it does not know are spread by their hash */
    const char   *mode;   /* "int", "one_hot" ... */
    kt_words      words;
    kt_tokens     tokens;
    /* In the layer's configuration. */
    kt_optint       *size;
    const kt_value **vocabulary;
    /* Weights that a file keeps apart, until the vocabulary that they belong to is there. */
    const double *own_idf;
    int64_t       n_own_idf;
} kt_index_lookup;

/* The arguments, as places in the layer's configuration. */
typedef struct kt_lookup_args {
    kt_optint        max_tokens;
    int64_t          num_oov_indices;
    const char      *oov_method; /* NULL: there is none */
    const kt_value **salt;       /* or NULL */
    const char     **output_mode;
    bool             invert, sparse, pad;
    const kt_value **vocabulary;
    const kt_value  *idf_weights;
    kt_optint       *vocabulary_size;
    kt_optint        mask, oov;            /* of whole numbers */
    const char      *mask_text, *oov_text; /* of texts; NULL: None */
} kt_lookup_args;
/* Of the two lookups' configurations, whose fields have the same names; the tokens' own follow. */
#define KT_LOOKUP_ARGS(c)                                                                \
    .max_tokens = (c)->max_tokens, .num_oov_indices = (c)->num_oov_indices,              \
    .oov_method = (c)->oov_method, .salt = &(c)->salt, .output_mode = &(c)->output_mode, \
    .invert = (c)->invert, .sparse = (c)->sparse, .pad = (c)->pad_to_max_tokens,         \
    .vocabulary = &(c)->vocabulary, .idf_weights = (c)->idf_weights,                     \
    .vocabulary_size = &(c)->vocabulary_size

/* Keras' errors of the constructor; then the vocabulary, if it is given. */
kt_status kt_lookup_check(kt_layer *self, bool texts, const kt_lookup_args *a);
/* What a symbolic call gives for an input of this shape. */
kt_node *kt_lookup_stand_in(kt_layer *self, kt_call *c, kt_shape s);
/* What a call needs to have learnt; false, and Keras' error is raised, if it has not. */
bool kt_lookup_ready(kt_layer *self, kt_call *c);
/* Tokens (int64) as output_mode says. bins: where each goes if it is not known, or NULL. */
kt_node *kt_lookup_places(kt_layer *self, kt_call *c, kt_node *tokens, kt_node *bins);

/* Of the layer type. */
kt_status kt_lookup_adapt(kt_layer *self, const kt_tensor *x);
bool      kt_lookup_needs_adapt(const kt_layer *self);
kt_status kt_lookup_write(const kt_layer *self, kt_arena *a, kt_value *v, kt_fault *f);
void      kt_lookup_free(kt_layer *self);
extern const kt_asset_type kt_lookup_asset, kt_lookup_inner_asset;

#endif
