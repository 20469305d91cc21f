/* category_encoding.c - CategoryEncoding: whole numbers as vectors of zeros, ones and counts. */
#include "nn/texts/encode.h"

#define FIELDS(F)                                                                          \
    F(ANY, num_tokens, "None", "int", "How many numbers there are: 0 to num_tokens - 1.")  \
    F(STR, output_mode, "multi_hot", "",                                                   \
      "'one_hot': each number a vector; 'multi_hot' or 'count': one vector for a sample.") \
    F(BOOL, sparse, "False", "", "Of Keras' tensors; the numbers are the same.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    config *c = self->config;
    double  n = 0;

    if (kt_streq(c->output_mode, "binary"))
        c->output_mode = "multi_hot";
    if (!kt_streq(c->output_mode, "count") && !kt_streq(c->output_mode, "one_hot") &&
        !kt_streq(c->output_mode, "multi_hot"))
        return kt_layer_fail(self, KT_E_VALUE, "Unknown arg for output_mode: %s",
                             c->output_mode ? c->output_mode : "None");
    if (kt_is_none(c->num_tokens))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "num_tokens must be set to use this layer. If the number of tokens is not known beforehand, use the IntegerLookup layer instead.");
    if (!kt_python_orders(self, c->num_tokens, "<", "int", 0))
        return kt_layer_status(self);
    if (kt_value_number(c->num_tokens, &n) && n < 1)
        return kt_layer_fail(self, KT_E_VALUE,
                             "`num_tokens` must be >= 1. Received: num_tokens=%s.",
                             kt_python_text(self, c->num_tokens));
    return KT_OK;
}

/* Keras' compute_output_shape, which differs from what comes out for 'multi_hot' and 'count' of
 * more than two axes. */
static kt_node *stand_in(kt_layer *self, kt_call *c, const kt_node *x)
{
    const config *cfg = self->config;
    kt_shape      s = x->shape;
    bool          one_hot = kt_streq(cfg->output_mode, "one_hot");

    if (s.rank == 0 || (one_hot && (s.rank == 1 || s.dim[s.rank - 1] != 1)))
        s.rank++;
    if (s.rank > KT_MAX_RANK)
        return kt_call_fail(self, c, KT_E_VALUE, "The result has more than %d axes", KT_MAX_RANK);
    const kt_size tokens = {s.rank - 1, cfg->num_tokens};
    return kt_put_sizes(c->g->fault, &s, &tokens, 1) ? kt_placeholder(c->g, "", self->dtype, s)
                                                     : c->g->poison;
}

static void call(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    kt_node      *weight = kt_keyword_tensor(c, "count_weights");

    if (weight && !kt_streq(cfg->output_mode, "count")) {
        c->out[0] = kt_call_fail(
            self, c, KT_E_VALUE,
            "`count_weights` is not used when `output_mode` is not `'count'`. Received `count_weights=%s`.",
            kt_shape_text(&self->arena, &weight->shape));
        return;
    }
    if (c->t->eager && cfg->sparse && !kt_streq(cfg->output_mode, "one_hot")) {
        c->out[0] = kt_call_fail(self, c, KT_E_TYPE,
                                 "Value passed to parameter 'values' has DataType %s not in list "
                                 "of allowed values: int32, int64",
                                 kt_dtype_name(c->in[0]->dtype));
        return;
    }
    if (c->t->eager && !kt_is_int(cfg->num_tokens)) {
        c->out[0] = kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                                 "Layer '%s': `num_tokens` that is no integer is not supported",
                                 self->name);
        return;
    }
    c->out[0] = c->t->eager ? kt_encoded(c->g, c->in[0], cfg->output_mode, cfg->num_tokens->i,
                                         self->dtype, weight)
                            : stand_in(self, c, c->in[0]);
}

static const kt_layer_type type = {
    .cls = {.class_name = "CategoryEncoding",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Whole numbers as vectors of zeros, ones and counts.",
            .unwritten = "sparse"},
    .flags = KT_LAYER_NO_CAST,
    .input = {.dtype = -1},
    .check = check,
    .call = call,
    .sample = "CategoryEncoding(5); CategoryEncoding(4, 'one_hot'); CategoryEncoding(4, 'count')",
    .sample_input = "(2, 3) int:5; (3, 1) int:4; (2, 3) int:4",
};

const kt_layer_type *const kt_layers_category_encoding[] = {&type, NULL};
