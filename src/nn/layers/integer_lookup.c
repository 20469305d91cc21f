/* integer_lookup.c - IntegerLookup: whole numbers by their place in a vocabulary, or back. The
 * vocabulary is given, learnt from data, or read beside the model. */
#include "nn/texts/lookup.h"

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
    F(BOOL, sparse, "False", "", "Of Keras' tensors; the numbers are the same.")                \
    F(BOOL, pad_to_max_tokens, "False", "", "Vectors have max_tokens entries.")                 \
    F(STR, oov_method, "floormod", "", "How other numbers are spread: 'floormod', 'farmhash'.") \
    F(ANY, salt, "None", "", "A number or two: SipHash with this key instead of FarmHash.")     \
    F(OPTINT, vocabulary_size, "None", "", "Of a learnt vocabulary; written by Keras.")
KT_CONFIG(FIELDS);

/* In the words of this class. */
static kt_status check_own(kt_layer *self, const config *c)
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
    if (!kt_streq(c->vocabulary_dtype, "int64"))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Only `vocabulary_dtype='int64'` is supported at this time. Received: vocabulary_dtype=%s",
            c->vocabulary_dtype ? c->vocabulary_dtype : "None");
    return KT_OK;
}

static kt_status check(kt_layer *self)
{
    config        *c = self->config;
    kt_lookup_args a = {KT_LOOKUP_ARGS(c), .mask = c->mask_token, .oov = c->oov_token};

    kt_set_dtype(self, KT_F32); /* Keras passes over a dtype and `trainable` */
    self->trainable = true;
    return check_own(self, c) == KT_OK ? kt_lookup_check(self, false, &a) : kt_layer_status(self);
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    if (!c->t->eager)
        return kt_lookup_stand_in(self, c, x->shape);
    if (!kt_lookup_ready(self, c))
        return c->g->poison;
    return kt_lookup_places(self, c, kt_cast(c->g, x, KT_I64), NULL);
}

static const kt_layer_type type = {
    .cls = {.class_name = "IntegerLookup",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Whole numbers by their place in a vocabulary."},
    .flags = KT_LAYER_NO_CAST | KT_LAYER_BUILD_EMPTY,
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
    .sample = "IntegerLookup(vocabulary=[3, 7, 1]); "
              "IntegerLookup(vocabulary=[5, 2], mask_token=0, num_oov_indices=2); "
              "IntegerLookup(vocabulary=[3, 7, 1], output_mode='multi_hot')",
    .sample_input = "(2, 3) int:9; (2, 4) int:9; (3, 5) int:9",
};

const kt_layer_type *const kt_layers_integer_lookup[] = {&type, NULL};
