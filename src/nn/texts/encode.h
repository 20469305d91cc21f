/* encode.h - numbers of categories as Keras' preprocessing layers give them: as they are, or as
 * vectors of zeros, ones and counts. */
#ifndef KT_ENCODE_H
#define KT_ENCODE_H

#include "nn/layer.h"

/* Keras' encode_categorical_inputs on TensorFlow. mode: "int", "one_hot", "multi_hot" or "count";
 * depth: the last axis of vectors; weight (count only): of index's shape, or NULL. */
kt_node *kt_encoded(kt_graph *g, kt_node *index, const char *mode, int64_t depth, kt_dtype dtype,
                    kt_node *weight);
/* The wanted mode among these words, or Keras' ValueError of validate_string_arg. */
kt_status kt_check_word(kt_layer *l, const char *name, const char *word, const char *const *words,
                        size_t n);
/* A salt of None, a number or two of them as a list of two (*salt), and as a key. `owner`: of the
 * message. */
kt_status kt_check_salt(kt_layer *l, const char *owner, const kt_value **salt, kt_hash_attr *attr);
/* Keras' get_config of some layers has the dtype as a word and no `trainable`. */
kt_status kt_write_plain(const kt_layer *l, kt_arena *a, kt_value *config, kt_fault *f);

#endif
