/* hashing.c - Hashing and HashedCrossing: numbers or texts, or several numbers together, in one of
 * some bins by their hash. */
#include <string.h>

#include "nn/texts/encode.h"
#include "nn/texts/tokens.h"

#define HASHING(F, T)                                                                     \
    F(T, ANY, num_bins, REQUIRED, "int", "How many bins.")                                \
    F(T, ANY, mask_value, "None", "", "A number or text that gets bin 0 for itself.")     \
    F(T, ANY, salt, "None", "", "A number or two: SipHash with this key, else FarmHash.") \
    F(T, STR, output_mode, "int", "", "'int', 'one_hot', 'multi_hot' or 'count'.")        \
    F(T, BOOL, sparse, "False", "", "Of Keras' tensors; the numbers are the same.")
KT_CONFIG_OF(hashing, HASHING);
#define CROSSING(F, T)                                       \
    F(T, INT, num_bins, REQUIRED, "", "How many bins.")      \
    F(T, STR, output_mode, "int", "", "'int' or 'one_hot'.") \
    F(T, BOOL, sparse, "False", "", "Of Keras' tensors; the numbers are the same.")
KT_CONFIG_OF(hashed_crossing, CROSSING);

static bool is_int(const char *mode)
{
    return kt_streq(mode, "int");
}

/* --- Hashing --- */

typedef struct hashing_state {
    kt_hash_attr hash;
    kt_words     words; /* the text that is masked */
    kt_tokens    tokens;
} hashing_state;

static kt_status keep_mask(kt_layer *self, const kt_value *mask)
{
    hashing_state *s = self->state;

    s->words.arena = &self->arena;
    s->tokens.words = &s->words;
    if (kt_value_text(mask) && kt_words_add(&s->words, mask->s, strlen(mask->s)) < 0)
        return kt_raise_memory(&self->fault);
    return KT_OK;
}

static void free_hashing(kt_layer *self)
{
    kt_words_free(&((hashing_state *)self->state)->words);
}

static kt_status check_mode(kt_layer *self, const hashing *c)
{
    bool known = is_int(c->output_mode) || kt_streq(c->output_mode, "one_hot") ||
                 kt_streq(c->output_mode, "multi_hot") || kt_streq(c->output_mode, "count");

    if (is_int(c->output_mode) && self->dtype != KT_I32 && self->dtype != KT_I64)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "When `output_mode=\"int\"`, `dtype` should be an integer type, 'int32' or 'in64'. Received: dtype=%s%s",
            self->variable_dtype == self->dtype ? "" : "mixed_", kt_dtype_name(self->dtype));
    if (!known)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Invalid value for argument `output_mode`. Expected one of ('int', 'one_hot', 'multi_hot', 'count'). Received: output_mode=%s",
            c->output_mode ? c->output_mode : "None");
    if (c->sparse && is_int(c->output_mode))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`sparse` may only be true if `output_mode` is `\"one_hot\"`, `\"multi_hot\"`, or `\"count\"`. Received: sparse=True and output_mode=int");
    return KT_OK;
}

static kt_status check_hashing(kt_layer *self)
{
    hashing *c = self->config;
    kt_str   text = {0};

    if (!self->dtype_given && is_int(c->output_mode))
        kt_set_dtype(self, KT_I64);
    if (!kt_is_int(c->num_bins) || c->num_bins->i <= 0) {
        kt_python_str(&text, c->num_bins);
        kt_layer_fail(
            self, KT_E_VALUE,
            "The `num_bins` for `Hashing` cannot be `None` or non-positive values. Received: num_bins=%s.",
            kt_str_text(&text));
        kt_str_free(&text);
        return kt_layer_status(self);
    }
    if (check_mode(self, c) != KT_OK ||
        kt_check_salt(self, "Hashing", &c->salt, &((hashing_state *)self->state)->hash) != KT_OK)
        return kt_layer_status(self);
    return keep_mask(self, c->mask_value);
}

/* Where x is the masked number or text; NULL: nothing is. */
static kt_node *mask_of(const hashing *cfg, const hashing_state *s, kt_graph *g, kt_node *x)
{
    kt_text_attr read = {.read = kt_tokens_read, .self = &s->tokens};
    double       value = 0;

    if (kt_is_none(cfg->mask_value) || cfg->num_bins->i <= 1)
        return NULL;
    if (x->dtype == KT_STRING && s->words.n > 0)
        return kt_binary(g, KT_BI_EQUAL, kt_text_read(g, x, &read), kt_scalar_as(g, 0, KT_I64));
    if (!kt_value_number(cfg->mask_value, &value))
        return NULL;
    return kt_binary(g, KT_BI_EQUAL, x, kt_scalar_as(g, value, x->dtype));
}

static kt_node *bins_of(const hashing *cfg, const hashing_state *s, kt_graph *g, kt_node *x)
{
    kt_node     *mask = mask_of(cfg, s, g, x);
    kt_hash_attr attr = s->hash;

    attr.bins = cfg->num_bins->i - (mask != NULL);
    kt_node *bin = x->dtype == KT_STRING ? kt_text_hash(g, x, &attr) : kt_hash(g, x, &attr);
    if (!mask)
        return bin;
    return kt_select(g, mask, kt_scalar_as(g, 0, KT_I64),
                     kt_add(g, bin, kt_scalar_as(g, 1, KT_I64)));
}

static kt_node *call_hashing(kt_layer *self, kt_call *c, kt_node *x)
{
    const hashing *cfg = self->config;
    kt_shape       s = x->shape;

    if (!c->t->eager) {
        if (!is_int(cfg->output_mode)) {
            s.rank += s.rank == 0;
            s.dim[s.rank - 1] = cfg->num_bins->i;
        }
        return kt_placeholder(c->g, "", self->dtype, s);
    }
    if (kt_streq(cfg->output_mode, "one_hot") && s.rank > 0 && s.dim[s.rank - 1] == 1)
        x = kt_squeeze(c->g, x, s.rank - 1);
    if (kt_is_poison(c->g, x))
        return x;
    return kt_encoded(c->g, bins_of(cfg, self->state, c->g, x), cfg->output_mode, cfg->num_bins->i,
                      self->dtype, NULL);
}

/* --- HashedCrossing --- */

static kt_status check_crossing(kt_layer *self)
{
    hashed_crossing         *c = self->config;
    static const char *const modes[] = {"int", "one_hot"};

    if (!self->dtype_given && is_int(c->output_mode))
        kt_set_dtype(self, KT_I64);
    return kt_check_word(self, "output_mode", c->output_mode, modes, KT_COUNT(modes));
}

/* ((None, 1), (None, 1)) */
static const char *shapes_text(kt_layer *self, const kt_call *c)
{
    kt_str text = {0};

    if (c->n_in == 1)
        return kt_shape_text(&self->arena, &c->in[0]->shape);
    for (int i = 0; i < c->n_in; i++)
        kt_str_printf(&text, "%s%s", i ? ", " : "[", kt_shape_text(&self->arena, &c->in[i]->shape));
    kt_str_add(&text, "]");
    const char *kept = kt_str_keep(&text, &self->arena);
    return kept ? kept : "";
}

static int64_t last_of(const kt_node *x)
{
    return x->shape.rank ? x->shape.dim[x->shape.rank - 1] : 1;
}

static kt_node *crossing_shape(kt_layer *self, kt_call *c)
{
    const hashed_crossing *cfg = self->config;
    kt_shape               s = c->in[0]->shape;

    if (c->n_in != 2)
        return kt_call_fail(self, c, KT_E_VALUE,
                            "Expected as input a list/tuple of 2 tensors. Received input_shape=%s",
                            shapes_text(self, c));
    if (s.rank == 0 || c->in[1]->shape.rank == 0)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    if (last_of(c->in[0]) != last_of(c->in[1]))
        return kt_call_fail(
            self, c, KT_E_VALUE,
            "Expected the two input tensors to have identical shapes. Received input_shape=%s",
            shapes_text(self, c));
    if (!is_int(cfg->output_mode)) {
        s.rank += s.dim[s.rank - 1] != 1;
        if (s.rank > KT_MAX_RANK)
            return kt_call_fail(self, c, KT_E_VALUE, "The result has more than %d axes",
                                KT_MAX_RANK);
        s.dim[s.rank - 1] = cfg->num_bins;
    }
    return kt_placeholder(c->g, "", self->dtype, s);
}

/* The shapes and dtypes that Keras' call takes. */
static bool crossing_fits(kt_layer *self, kt_call *c)
{
    const kt_shape *s = &c->in[0]->shape;
    const char     *bad = NULL;

    if (c->n_in < 2)
        bad = "`HashedCrossing` should be called on at least two inputs. Received: inputs=";
    else if (s->rank > 2 || (s->rank == 2 && s->dim[1] != 1))
        bad =
            "All `HashedCrossing` inputs should have shape `()`, `(batch_size)` or `(batch_size, 1)`. Received: inputs=";
    for (int i = 1; !bad && i < c->n_in; i++)
        if (!kt_shape_equal(s, &c->in[i]->shape))
            bad = "All `HashedCrossing` inputs should have equal shape. Received: inputs=";
    for (int i = 0; !bad && i < c->n_in; i++)
        if (c->in[i]->dtype == KT_STRING) {
            kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                         "Layer '%s': HashedCrossing takes whole numbers only", self->name);
            return false;
        } else if (!kt_dtype_is_int(c->in[i]->dtype))
            bad =
                "All `HashedCrossing` inputs should have an integer or string dtype. Received: inputs=";
    if (bad)
        kt_call_fail(self, c, KT_E_VALUE, "%s%s", bad, shapes_text(self, c));
    return !bad;
}

static void call_crossing(kt_layer *self, kt_call *c)
{
    const hashed_crossing *cfg = self->config;

    if (!c->t->eager) {
        c->out[0] = crossing_shape(self, c);
    } else if (!crossing_fits(self, c)) {
        c->out[0] = c->g->poison;
    } else { /* without a number of bins TensorFlow takes the rest of int64's largest */
        kt_node *bin = kt_cross(c->g, c->n_in, c->in, cfg->num_bins ? cfg->num_bins : INT64_MAX);
        c->out[0] = kt_encoded(c->g, bin, cfg->output_mode, cfg->num_bins, self->dtype, NULL);
    }
}

static const kt_layer_type types[] = {
    {
        .cls = {.class_name = "Hashing",
                .module = "keras.layers",
                .config = &hashing_type,
                .summary = "Whole numbers or texts in one of some bins by their hash."},
        .flags = KT_LAYER_NO_CAST,
        .input = {.dtype = -1},
        .check = check_hashing,
        .call1 = call_hashing,
        .free = free_hashing,
        .state_size = sizeof(hashing_state),
        .sample = "Hashing(7); Hashing(5, mask_value=2, output_mode='multi_hot'); "
                  "Hashing(6, salt=[133, 137], output_mode='one_hot')",
        .sample_input = "(2, 3) int:9; (2, 4) int:9; (3, 1) int:9",
    },
    {
        .cls = {.class_name = "HashedCrossing",
                .module = "keras.layers",
                .config = &hashed_crossing_type,
                .summary = "Two whole numbers together in one of some bins by their hash."},
        .flags = KT_LAYER_NO_CAST | KT_LAYER_LIST,
        .takes = "name|dtype",
        .unrecognized = "", /* it drops them */
        .input = {.dtype = -1},
        .check = check_crossing,
        .call = call_crossing,
        .write = kt_write_plain,
        .sample = "HashedCrossing(7); HashedCrossing(5, 'one_hot')",
        .sample_input = "(4, 1) int:9 | (4, 1) int:3; (3, 1) int:9 | (3, 1) int:3",
    },
};

const kt_layer_type *const kt_layers_hashing[] = {&types[0], &types[1], NULL};
