/* string_lookup.c - StringLookup: texts by their place in a vocabulary, or back. The vocabulary is
 * given, learnt from data, or read beside the model. */
#include "nn/texts/lookup.h"

#define FIELDS(F)                                                                            \
    F(OPTINT, max_tokens, "None", "", "The most that the vocabulary may have.")              \
    F(INT, num_oov_indices, "1", "", "How many places there are for other texts.")           \
    F(STR, mask_token, "None", "", "A text that stands for nothing: it gets place 0.")       \
    F(STR, oov_token, "[UNK]", "", "What other texts come back as.")                         \
    F(ANY, vocabulary, "None", "", "The texts in their order.")                              \
    F(ANY, idf_weights, "None", "", "A weight for each, for 'tf_idf'.")                      \
    F(BOOL, invert, "False", "", "Places become texts.")                                     \
    F(STR, output_mode, "int", "", "'int', 'one_hot', 'multi_hot', 'count' or 'tf_idf'.")    \
    F(BOOL, pad_to_max_tokens, "False", "", "Vectors have max_tokens entries.")              \
    F(BOOL, sparse, "False", "", "Of Keras' tensors; the numbers are the same.")             \
    F(ANY, encoding, "'utf-8'", "", "Of the texts that Keras gives back; kept.")             \
    F(ANY, salt, "None", "", "A number or two: SipHash with this key instead of FarmHash.")  \
    F(STR, oov_method, "floormod", "", "Kept; other texts are always spread by their hash.") \
    F(OPTINT, vocabulary_size, "None", "", "Of a learnt vocabulary; written by Keras.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    config        *c = self->config;
    kt_lookup_args a = {KT_LOOKUP_ARGS(c), .mask_text = c->mask_token, .oov_text = c->oov_token};

    kt_set_dtype(self, KT_F32); /* Keras passes over a dtype and `trainable` */
    self->trainable = true;
    return kt_lookup_check(self, true, &a);
}

static const kt_text *text_of(const void *words, int64_t number)
{
    return kt_words_text(words, number);
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const kt_index_lookup *s = self->state;
    const config          *cfg = self->config;
    kt_text_attr           read = {.read = kt_tokens_read, .self = &s->tokens};

    if (!c->t->eager)
        return kt_lookup_stand_in(self, c, x->shape);
    if (!kt_lookup_ready(self, c))
        return c->g->poison;
    if (cfg->invert)
        return kt_text_of(c->g, kt_lookup_places(self, c, kt_cast(c->g, x, KT_I64), NULL), text_of,
                          &s->words);
    kt_node *bins = s->hash.bins > 1 ? kt_text_hash(c->g, x, &s->hash) : NULL;
    return kt_lookup_places(self, c, kt_text_read(c->g, x, &read), bins);
}

static const kt_layer_type type = {
    .cls = {.class_name = "StringLookup",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Texts by their place in a vocabulary."},
    .flags = KT_LAYER_NO_CAST | KT_LAYER_BUILD_EMPTY | KT_LAYER_TEXT,
    .takes = "name|dtype|trainable",
    .unrecognized = "Unrecognized keyword argument(s)",
    .input = {.dtype = -1},
    .check = check,
    .call1 = call,
    .adapt = kt_lookup_adapt,
    .needs_adapt = kt_lookup_needs_adapt,
    .write = kt_lookup_write,
    .asset = &kt_lookup_asset,
    .free = kt_lookup_free,
    .state_size = sizeof(kt_index_lookup),
    .sample = "StringLookup(vocabulary=['b', 'c', 'a']); "
              "StringLookup(vocabulary=['b', 'c'], mask_token='a', num_oov_indices=2); "
              "StringLookup(vocabulary=['b', 'c', 'a'], output_mode='multi_hot')",
    .sample_input = "(2, 3) text:5; (2, 4) text:5; (3, 5) text:5",
};

const kt_layer_type *const kt_layers_string_lookup[] = {&type, NULL};
