/* text_vectorization.c - TextVectorization: texts cut into words or characters, and those by their
 * place in a vocabulary, which is given, learnt from data, or read beside the model. */
#include "nn/texts/lookup.h"

#define FIELDS(F)                                                                           \
    F(OPTINT, max_tokens, "None", "", "The most that the vocabulary may have.")             \
    F(ANY, standardize, "'lower_and_strip_punctuation'", "",                                \
      "What is done first: also 'lower', 'strip_punctuation' or None. ASCII alone.")        \
    F(ANY, split, "'whitespace'", "", "Where texts are cut: also 'character' or None.")     \
    F(ANY, ngrams, "None", "", "Runs of 1 to so many tokens, or of these numbers of them.") \
    F(STR, output_mode, "int", "", "'int', 'one_hot', 'multi_hot', 'count' or 'tf_idf'.")   \
    F(ANY, output_sequence_length, "None", "int",                                           \
      "How long rows are, cut or filled with 0; None: as the longest of the batch.")        \
    F(BOOL, pad_to_max_tokens, "False", "", "Vectors have max_tokens entries.")             \
    F(ANY, vocabulary, "None", "", "The tokens in their order.")                            \
    F(ANY, idf_weights, "None", "", "A weight for each, for 'tf_idf'.")                     \
    F(BOOL, sparse, "False", "", "Of Keras' tensors; the numbers are the same.")            \
    F(BOOL, ragged, "False", "", "Rows of their own lengths; only False is supported.")     \
    F(ANY, encoding, "'utf-8'", "", "Of the texts that Keras gives back; kept.")            \
    F(OPTINT, vocabulary_size, "None", "", "Of a learnt vocabulary; written by Keras.")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_index_lookup lookup;
    bool            sized; /* output_sequence_length is given */
    int64_t         length;
} state;

static bool is_int(const config *c)
{
    return kt_streq(c->output_mode, "int");
}

/* --- the constructor --- */

/* One of the words, None, or Keras' error. */
static kt_status check_choice(kt_layer *self, const char *name, const kt_value *v,
                              const char *const *words, size_t n)
{
    kt_str    text = {0};
    kt_status status = KT_OK;

    if (!kt_is_none(v)) {
        kt_python_str(&text, v);
        status = text.failed ? kt_raise_memory(&self->fault)
                             : kt_check_word(self, name, kt_str_text(&text), words, n);
    }
    kt_str_free(&text);
    return status;
}

static kt_status check_words(kt_layer *self, config *c)
{
    static const char *const ways[] = {"lower_and_strip_punctuation", "lower", "strip_punctuation"},
                             *const cuts[] = {"whitespace", "character"},
                             *const modes[] = {"int", "one_hot", "multi_hot", "count", "tf_idf"};

    if (check_choice(self, "standardize", c->standardize, ways, KT_COUNT(ways)) != KT_OK ||
        check_choice(self, "split", c->split, cuts, KT_COUNT(cuts)) != KT_OK)
        return kt_layer_status(self);
    if (kt_streq(c->output_mode, "binary"))
        c->output_mode = "multi_hot";
    if (kt_streq(c->output_mode, "tf-idf"))
        c->output_mode = "tf_idf";
    return kt_check_word(self, "output_mode", c->output_mode, modes, KT_COUNT(modes));
}

/* A number or a tuple of numbers; a file has a list for it. */
static kt_status check_ngrams(kt_layer *self, const kt_value *v)
{
    bool   tuple = v && (v->kind == KT_TUPLE || (v->kind == KT_LIST && self->from_file));
    bool   good = kt_is_none(v) || tuple || kt_is_int(v);
    kt_str text = {0};

    for (size_t i = 0; tuple && i < v->n; i++)
        good = good && kt_is_int(v->items[i]);
    if (good)
        return KT_OK;
    kt_python_str(&text, v);
    kt_layer_fail(self, KT_E_VALUE,
                  "`ngrams` must be None, an integer, or a tuple of integers. Received: ngrams=%s",
                  kt_str_text(&text));
    kt_str_free(&text);
    return kt_layer_status(self);
}

static kt_status check_length(kt_layer *self, const config *c)
{
    const kt_value *v = c->output_sequence_length;
    kt_str          text = {0};

    if (is_int(c) && !kt_is_none(v) && !kt_is_int(v)) {
        kt_python_str(&text, v);
        kt_layer_fail(
            self, KT_E_VALUE,
            "`output_sequence_length` must be either None or an integer when `output_mode` is 'int'. Received: output_sequence_length=%s",
            kt_str_text(&text));
    } else if (!is_int(c) && !kt_is_none(v)) {
        kt_python_str(&text, v);
        kt_layer_fail(
            self, KT_E_VALUE,
            "`output_sequence_length` must not be set if `output_mode` is not 'int'. Received output_sequence_length=%s.",
            kt_str_text(&text));
    }
    kt_str_free(&text);
    return kt_layer_status(self);
}

static kt_status check_ragged(kt_layer *self, const config *c)
{
    if (c->ragged && !is_int(c))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`ragged` must not be true if `output_mode` is `'int'`. Received: ragged=True and output_mode=%s",
            c->output_mode);
    if (c->ragged)
        return kt_layer_fail(self, KT_E_NOT_IMPLEMENTED,
                             "Layer '%s': ragged tensors are not supported", self->name);
    return KT_OK;
}

static int64_t whole(const kt_value *v)
{
    return v->kind == KT_BOOL ? v->b : v->i;
}

/* How texts are read. */
static kt_status settle(kt_layer *self, const config *c)
{
    state          *s = self->state;
    kt_tokens      *t = &s->lookup.tokens;
    const char     *way = kt_value_text(c->standardize), *cut = kt_value_text(c->split);
    const kt_value *grams = c->ngrams;

    t->lower = kt_streq(way, "lower") || kt_streq(way, "lower_and_strip_punctuation");
    t->strip = kt_streq(way, "strip_punctuation") || kt_streq(way, "lower_and_strip_punctuation");
    t->split = kt_streq(cut, "whitespace") ? KT_SPLIT_WHITESPACE
             : kt_streq(cut, "character")  ? KT_SPLIT_CHARACTER
                                           : KT_SPLIT_NONE;
    s->sized = !kt_is_none(c->output_sequence_length);
    s->length = s->sized ? whole(c->output_sequence_length) : KT_UNKNOWN;
    t->grams = !kt_is_none(grams);
    if (!t->grams)
        return KT_OK;
    if (!kt_value_is_seq(grams)) {
        t->upto = whole(grams);
        return KT_OK;
    }
    int64_t *width = kt_arena_calloc(&self->arena, grams->n + 1, sizeof *width);
    if (!width)
        return kt_raise_memory(&self->fault);
    for (size_t i = 0; i < grams->n; i++)
        width[i] = whole(grams->items[i]);
    t->width = width;
    t->n_widths = (int64_t)grams->n;
    return KT_OK;
}

static kt_status check(kt_layer *self)
{
    config        *c = self->config;
    kt_lookup_args a = {.max_tokens = c->max_tokens,
                        .num_oov_indices = 1,
                        .output_mode = &c->output_mode,
                        .sparse = c->sparse,
                        .pad = c->pad_to_max_tokens,
                        .vocabulary = &c->vocabulary,
                        .idf_weights = c->idf_weights,
                        .vocabulary_size = &c->vocabulary_size,
                        .mask_text = "",
                        .oov_text = "[UNK]"};

    if (check_words(self, c) != KT_OK || check_ngrams(self, c->ngrams) != KT_OK ||
        check_length(self, c) != KT_OK || check_ragged(self, c) != KT_OK)
        return kt_layer_status(self);
    return kt_lookup_check(self, true, &a) == KT_OK ? settle(self, c) : kt_layer_status(self);
}

/* --- computing --- */

static kt_node *stand_in(kt_layer *self, kt_call *c, kt_shape s)
{
    const config *cfg = self->config;
    const state  *own = self->state;

    if (is_int(cfg) && s.rank == 0)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    if (is_int(cfg))
        return kt_placeholder(c->g, "", KT_I64, KT_SHAPE(s.dim[0], own->length));
    if (s.rank == KT_MAX_RANK)
        return kt_call_fail(self, c, KT_E_VALUE, "The result has more than %d axes", KT_MAX_RANK);
    if (own->lookup.tokens.split != KT_SPLIT_NONE)
        s.dim[s.rank++] = KT_UNKNOWN;
    else if (s.rank <= 1)
        s.dim[s.rank++] = 1;
    return kt_lookup_stand_in(self, c, s);
}

static kt_node *refuse_width(kt_layer *self, kt_call *c)
{
    const state     *s = self->state;
    const kt_tokens *t = &s->lookup.tokens;

    for (int64_t i = 0; i < t->n_widths; i++)
        if (t->width[i] <= 0 && t->n_widths > 1) /* what TensorFlow's own message fails with */
            return kt_call_fail(self, c, KT_E_TYPE,
                                "not all arguments converted during string formatting");
        else if (t->width[i] <= 0)
            return kt_call_fail(self, c, KT_E_VALUE,
                                "All ngram_widths must be greater than 0. Got %lld",
                                (long long)t->width[i]);
    if (s->sized && s->length < 0)
        return kt_call_fail(self, c, KT_E_VALUE, "Dimension %lld must be >= 0",
                            (long long)s->length);
    return NULL;
}

/* Each text becomes a row of its tokens: [..] or [.., 1] -> [.., width]. */
static kt_node *split_rows(kt_layer *self, kt_call *c, kt_node *x)
{
    const state *s = self->state;
    int          last = x->shape.rank - 1;
    kt_text_attr read = {.read = kt_tokens_read, .self = &s->lookup.tokens, .listed = true};

    if (last > 0 && x->shape.dim[last] != 1)
        return kt_call_fail(
            self, c, KT_E_VALUE,
            "When using `TextVectorization` to tokenize strings, the input rank must be 1 or the last shape dimension must be 1. Received: inputs.shape=%s with rank=%d",
            kt_shape_text(&c->g->arena, &x->shape), x->shape.rank);
    if (kt_streq(s->lookup.mode, "one_hot"))
        return kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                            "Layer '%s': output_mode='one_hot' of split texts gives a ragged "
                            "tensor, which is not supported",
                            self->name);
    read.width = s->sized ? s->length : kt_text_width(self, c, x);
    return kt_text_read(c->g, last > 0 ? kt_squeeze(c->g, x, last) : x, &read);
}

/* The texts of the last axis are the tokens. */
static kt_node *whole_rows(kt_layer *self, kt_call *c, kt_node *x)
{
    const state     *s = self->state;
    const kt_tokens *t = &s->lookup.tokens;
    kt_text_attr     read = {.read = kt_tokens_read, .self = t, .width = s->length};

    if (!t->grams && !s->sized)
        return kt_text_read(c->g, x, &read);
    if (x->shape.rank == 0)
        return kt_call_fail(self, c, KT_E_VALUE, "Layer '%s': a lone text has no axis", self->name);
    read.taken = 1;
    read.listed = true;
    int64_t n = x->shape.dim[x->shape.rank - 1];
    int64_t runs = n == KT_UNKNOWN ? n : kt_tokens_runs(t, n);
    if (!s->sized)
        read.width = runs;
    kt_shape shape = x->shape;
    shape.dim[shape.rank - 1] = runs;
    if (s->sized && runs == 0 && s->length > 0) {
        kt_shape wanted = shape;
        wanted.dim[wanted.rank - 1] = s->length;
        return kt_call_fail(
            self, c, KT_E_VALUE, "Tensor's shape %s is not compatible with supplied shape %s.",
            kt_shape_text(&c->g->arena, &shape), kt_shape_text(&c->g->arena, &wanted));
    }
    return kt_text_read(c->g, x, &read);
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const state *s = self->state;
    kt_node     *tokens;

    if (!c->t->eager)
        return stand_in(self, c, x->shape);
    if (!kt_lookup_ready(self, c))
        return c->g->poison;
    kt_node *refused = refuse_width(self, c);
    if (refused)
        return refused;
    tokens = s->lookup.tokens.split == KT_SPLIT_NONE ? whole_rows(self, c, x)
                                                     : split_rows(self, c, x);
    return kt_is_poison(c->g, tokens) ? tokens : kt_lookup_places(self, c, tokens, NULL);
}

static int64_t text_width(const kt_layer *self, const kt_text *text)
{
    const state *s = self->state;

    if (s->sized || s->lookup.tokens.split == KT_SPLIT_NONE)
        return KT_UNKNOWN;
    return text ? kt_tokens_count(&s->lookup.tokens, &text, 1) : 0;
}

/* get_config has the size of the vocabulary always. */
static kt_status write(const kt_layer *self, kt_arena *a, kt_value *v, kt_fault *f)
{
    const kt_vocabulary *known = &((const state *)self->state)->lookup.known;
    int64_t              size = kt_token_start(known) + (known->set ? known->n : 0);

    if (!kt_value_set(a, v, "vocabulary_size", kt_value_int(a, size)))
        return kt_raise_memory(f);
    return kt_lookup_write(self, a, v, f);
}

static const kt_layer_type type = {
    .cls = {.class_name = "TextVectorization",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Texts cut into tokens, and those by their place in a vocabulary."},
    .flags = KT_LAYER_NO_CAST | KT_LAYER_TEXT,
    .input = {.dtype = -1},
    .check = check,
    .call1 = call,
    .text_width = text_width,
    .adapt = kt_lookup_adapt,
    .needs_adapt = kt_lookup_needs_adapt,
    .write = write,
    .asset = &kt_lookup_inner_asset,
    .free = kt_lookup_free,
    .state_size = sizeof(state),
    .sample =
        "TextVectorization(vocabulary=['b', 'c', 'a']); "
        "TextVectorization(vocabulary=['b', 'c b'], ngrams=2, output_sequence_length=3); "
        "TextVectorization(vocabulary=['b', 'c', 'a'], output_mode='count', split='character')",
    .sample_input = "(2, 1) text:5; (4, 1) text:5; (3,) text:5",
};

const kt_layer_type *const kt_layers_text_vectorization[] = {&type, NULL};
