/* translate.c - configurations of Keras 1.2 to 2.15 (tf.keras, too) in today's form, before the one
 * reader sees them.
 *
 * What differs stands in the two tables: names of classes, and fields of their configurations. The
 * rest is what inbound nodes and a Sequential look like.
 */
#include <string.h>

#include "io/io.h"

/* --- the tables ------------------------------------------------------------------------------- */

/* A class that was called otherwise. */
static const struct {
    const char *old, *new;
} classes[] = {
    {"Model", "Functional"},
    {"Network", "Functional"},
    {"BatchNormalizationV1", "BatchNormalization"},
    {"BatchNormalizationV2", "BatchNormalization"},
    {"UnifiedLSTM", "LSTM"},
    {"LSTMV1", "LSTM"},
    {"LSTMV2", "LSTM"},
    {"UnifiedGRU", "GRU"},
    {"GRUV1", "GRU"},
    {"GRUV2", "GRU"},
    {"GlorotUniformV2", "GlorotUniform"},
    {"GlorotNormalV2", "GlorotNormal"},
    {"VarianceScalingV2", "VarianceScaling"},
    {"RandomUniformV2", "RandomUniform"},
    {"RandomNormalV2", "RandomNormal"},
    {"TruncatedNormalV2", "TruncatedNormal"},
    {"OrthogonalV2", "Orthogonal"},
    {"ZerosV2", "Zeros"},
    {"OnesV2", "Ones"},
    {"ConstantV2", "Constant"},
};

typedef enum change {
    RENAME,  /* the field has another name */
    DROP,    /* it had no effect on what the model computes */
    ONLY,    /* the only value that is understood is `value`; then it is dropped */
    ONE,     /* a list of one number was what is the number */
    REPLACE, /* the text `value` is now called `into` */
    MEANT,   /* the same, in files of Keras 1 and 2 alone */
    DEFAULT, /* where it is absent it meant `value` */
} change;

#define RECURRENT  "LSTM|GRU|SimpleRNN|RNN|ConvLSTM1D|ConvLSTM2D|ConvLSTM3D"
#define SEPARATED  "DepthwiseConv1D|DepthwiseConv2D|SeparableConv1D|SeparableConv2D"
#define TRANSPOSED "Conv1DTranspose|Conv2DTranspose|Conv3DTranspose"
#define INITIALIZER                                                                              \
    "Zeros|Ones|Constant|RandomUniform|RandomNormal|TruncatedNormal|VarianceScaling|Orthogonal|" \
    "GlorotUniform|GlorotNormal|HeUniform|HeNormal|LecunUniform|LecunNormal|Identity"
#define OPTIMIZER "SGD|RMSprop|Adam|AdamW|Adadelta|Adagrad|Adamax|Nadam|Ftrl"

/* Fields, in the order in which they are looked at. Classes are named as today; "*" is any. */
static const struct {
    const char *classes, *old;
    change      what;
    const char *value, *into; /* of RENAME, `into` is the new name */
} fields[] = {
    {"InputLayer", "batch_input_shape", RENAME, NULL, "batch_shape"},
    {"InputLayer", "input_dtype", RENAME, NULL, "dtype"},
    {"InputLayer", "type_spec", DROP, NULL, NULL},
    {RECURRENT "|Bidirectional", "time_major", ONLY, "False", NULL},
    {"Bidirectional", "input_spec", DROP, NULL, NULL},
    {RECURRENT, "consume_less", DROP, NULL, NULL},
    {RECURRENT "|Bidirectional", "input_length", DROP, NULL, NULL},
    {"GRU", "reset_after", DEFAULT, "False", NULL},
    {"GRU", "implementation", DROP, NULL, NULL},
    {"SimpleRNN", "implementation", DROP, NULL, NULL},
    {SEPARATED "|" TRANSPOSED, "groups", ONLY, "1", NULL},
    {SEPARATED, "kernel_initializer", DROP, NULL, NULL},
    {SEPARATED, "kernel_regularizer", DROP, NULL, NULL},
    {SEPARATED, "kernel_constraint", DROP, NULL, NULL},
    {"DepthwiseConv1D|DepthwiseConv2D", "filters", DROP, NULL, NULL},
    {"BatchNormalization|LayerNormalization", "axis", ONE, NULL, NULL},
    {"BatchNormalization", "virtual_batch_size", ONLY, "None", NULL},
    {"BatchNormalization", "adjustment", ONLY, "None", NULL},
    {"BatchNormalization", "fused", DROP, NULL, NULL},
    {"LeakyReLU", "alpha", RENAME, NULL, "negative_slope"},
    {"Dropout", "p", RENAME, NULL, "rate"},
    {"*", "activation", REPLACE, "softmax_v2", "softmax"},
    {"*", "activation", REPLACE, "swish", "silu"},
    {"*", "activation", MEANT, "hard_sigmoid", "hard_sigmoid_keras2"},
    {"*", "recurrent_activation", MEANT, "hard_sigmoid", "hard_sigmoid_keras2"},
    {INITIALIZER, "dtype", DROP, NULL, NULL},
    {"VarianceScaling", "distribution", REPLACE, "normal", "truncated_normal"},
    {OPTIMIZER, "lr", RENAME, NULL, "learning_rate"},
    {OPTIMIZER, "decay", DROP, NULL, NULL},
    {OPTIMIZER, "schedule_decay", DROP, NULL, NULL},
    {OPTIMIZER, "jit_compile", DROP, NULL, NULL},
    {OPTIMIZER, "is_legacy_optimizer", DROP, NULL, NULL},
};

/* --- fields ----------------------------------------------------------------------------------- */

typedef struct translation {
    kt_arena   *a;
    bool        old; /* of Keras 1 or 2 */
    const char *file;
    kt_fault   *f;
} translation;

static bool among(const char *words, const char *word)
{
    size_t n = strlen(word);

    if (kt_streq(words, "*"))
        return true;
    for (const char *at = words; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (strncmp(at, word, n) == 0 && (at[n] == '|' || at[n] == '\0'))
            return true;
    return false;
}

static void drop(kt_value *dict, const char *key)
{
    size_t to = 0;

    for (size_t i = 0; i < dict->n; i++)
        if (!kt_streq(dict->keys[i], key)) {
            dict->keys[to] = dict->keys[i];
            dict->items[to++] = dict->items[i];
        }
    dict->n = to;
}

static bool says(const kt_value *v, const char *text)
{
    kt_str s = {0};

    kt_value_repr(&s, v);
    bool same = kt_streq(kt_str_text(&s), text);
    kt_str_free(&s);
    return same;
}

static kt_status refuse_field(translation *t, const kt_value *config, const char *class_name,
                              const char *key, const kt_value *v)
{
    const char *name = kt_value_text(kt_value_get(config, "name"));
    kt_str      s = {0};

    kt_value_repr(&s, v);
    kt_raise(t->f, KT_E_NOT_IMPLEMENTED, "%s: layer '%s' (%s) has %s=%s, which is not supported",
             t->file, name ? name : "", class_name, key, kt_str_text(&s));
    kt_str_free(&s);
    return t->f->e.status;
}

static void rename_field(kt_value *config, const char *old, const char *new)
{
    if (kt_value_get(config, new))
        drop(config, old);
    for (size_t i = 0; i < config->n; i++)
        if (kt_streq(config->keys[i], old))
            config->keys[i] = new;
}

static kt_status change_field(translation *t, const char *class_name, kt_value *config, size_t row)
{
    const char *key = fields[row].old, *value = fields[row].value, *into = fields[row].into;
    kt_value   *v = kt_value_get(config, key);

    if (!t->old && (fields[row].what == DEFAULT || fields[row].what == MEANT))
        return KT_OK;
    if (fields[row].what == DEFAULT && !v &&
        !kt_value_add(t->a, config, key, kt_expr_parse(value, t->a, t->f)))
        return kt_raise_memory(t->f);
    if (!v)
        return KT_OK;
    switch (fields[row].what) {
    case RENAME: rename_field(config, key, into); break;
    case ONLY:
        if (!says(v, value))
            return refuse_field(t, config, class_name, key, v);
        drop(config, key);
        break;
    case DROP: drop(config, key); break;
    case ONE:
        if (kt_value_is_seq(v) && v->n == 1)
            kt_value_set(t->a, config, key, v->items[0]);
        break;
    case REPLACE:
    case MEANT:
        if (kt_streq(kt_value_text(v), value))
            kt_value_set(t->a, config, key, kt_value_str(t->a, into));
        break;
    case DEFAULT: break;
    }
    return t->a->failed ? kt_raise_memory(t->f) : KT_OK;
}

/* --- inbound nodes ---------------------------------------------------------------------------- */

static bool is_reference(const kt_value *v)
{
    return kt_value_is_seq(v) && v->n >= 3 && v->items[0]->kind == KT_STR &&
           v->items[1]->kind == KT_INT && v->items[2]->kind == KT_INT;
}

static const kt_value *layer_of(const kt_value *layers, const char *name)
{
    for (size_t i = 0; kt_value_is_seq(layers) && i < layers->n; i++) {
        const kt_value *l = layers->items[i];
        const char     *own = kt_value_text(kt_value_get(l, "name"));
        if (!own)
            own = kt_value_text(kt_value_get(kt_value_get(l, "config"), "name"));
        if (kt_streq(own, name))
            return l;
    }
    return NULL;
}

/* A model has a node of its own before those of its calls; `ends`: a Functional's ends are still
 * counted so. */
static int64_t node_of(const kt_value *layers, const kt_value *reference, bool ends)
{
    const kt_value *l = layer_of(layers, reference->items[0]->s);
    const char     *name = kt_value_text(kt_value_get(l, "class_name"));
    int64_t         node = reference->items[1]->i;
    bool            model = kt_streq(name, "Sequential") || (kt_streq(name, "Functional") && !ends);

    return model && node > 0 ? node - 1 : node;
}

/* {"class_name": "__keras_tensor__", "config": {"keras_history": [layer, node, tensor]}} */
static kt_value *tensor_value(translation *t, const kt_value *layers, const kt_value *reference)
{
    kt_value *v = kt_value_new(t->a, KT_DICT), *c = kt_value_new(t->a, KT_DICT),
             *h = kt_value_new(t->a, KT_LIST);
    bool ok = v && c && h && kt_value_add(t->a, h, NULL, reference->items[0]) &&
              kt_value_add(t->a, h, NULL, kt_value_int(t->a, node_of(layers, reference, false))) &&
              kt_value_add(t->a, h, NULL, reference->items[2]) &&
              kt_value_add(t->a, c, "keras_history", h) &&
              kt_value_add(t->a, v, "class_name", kt_value_str(t->a, "__keras_tensor__")) &&
              kt_value_add(t->a, v, "config", c);

    if (!ok)
        kt_raise_memory(t->f);
    return ok ? v : NULL;
}

/* A keyword argument: references to layers that exist are tensors. */
static kt_value *argument(translation *t, const kt_value *layers, kt_value *v)
{
    if (is_reference(v) && v->n <= 4 && layer_of(layers, v->items[0]->s))
        return tensor_value(t, layers, v);
    if (!kt_value_is_seq(v))
        return v;
    for (size_t i = 0; v && i < v->n; i++)
        if (!(v->items[i] = argument(t, layers, v->items[i])))
            return NULL;
    return v;
}

static bool add_keywords(translation *t, const kt_value *layers, kt_value *kwargs,
                         const kt_value *given)
{
    for (size_t i = 0; given && given->kind == KT_DICT && i < given->n; i++)
        if (!kt_is_none(given->items[i]) && !kt_value_get(kwargs, given->keys[i]) &&
            !kt_value_add(t->a, kwargs, given->keys[i], argument(t, layers, given->items[i])))
            return false;
    return true;
}

/* [[name, node, tensor, {keywords}], ...], or one of these by itself, as {"args", "kwargs"}. A
 * recurrent layer's states came behind its input. */
static kt_value *node_value(translation *t, const kt_value *layers, const char *class_name,
                            kt_value *node)
{
    kt_value *v = kt_value_new(t->a, KT_DICT), *args = kt_value_new(t->a, KT_LIST),
             *kwargs = kt_value_new(t->a, KT_DICT), *all = kt_value_new(t->a, KT_LIST),
             *states = kt_value_new(t->a, KT_LIST);
    bool   recurrent = among(RECURRENT "|Bidirectional", class_name), one = is_reference(node);
    size_t n = one ? 1 : node->n;
    bool   ok = v && args && kwargs && all && states;

    for (size_t i = 0; ok && i < n; i++) {
        const kt_value *r = one ? node : node->items[i];
        if (!is_reference(r))
            return node; /* the reader names it */
        ok = kt_value_add(t->a, recurrent && i > 0 ? states : all, NULL,
                          tensor_value(t, layers, r)) &&
             (r->n < 4 || add_keywords(t, layers, kwargs, r->items[3]));
    }
    ok = ok && (n <= 1 || recurrent ? all->n == 0 || kt_value_add(t->a, args, NULL, all->items[0])
                                    : kt_value_add(t->a, args, NULL, all));
    ok = ok && (states->n == 0 || kt_value_add(t->a, kwargs, "initial_state", states)) &&
         kt_value_add(t->a, v, "args", args) && kt_value_add(t->a, v, "kwargs", kwargs);
    if (!ok && t->f->e.status == KT_OK)
        kt_raise_memory(t->f);
    return ok ? v : NULL;
}

static kt_status connect(translation *t, const kt_value *layers)
{
    for (size_t i = 0; kt_value_is_seq(layers) && i < layers->n; i++) {
        kt_value   *nodes = kt_value_get(layers->items[i], "inbound_nodes");
        const char *name = kt_value_text(kt_value_get(layers->items[i], "class_name"));
        for (size_t k = 0; name && kt_value_is_seq(nodes) && k < nodes->n; k++) {
            if (!kt_value_is_seq(nodes->items[k]))
                continue;
            nodes->items[k] = node_value(t, layers, name, nodes->items[k]);
            if (!nodes->items[k])
                return t->f->e.status;
        }
    }
    return KT_OK;
}

static void settle_ends(translation *t, const kt_value *layers, kt_value *ends)
{
    if (is_reference(ends))
        ends->items[1] = kt_value_int(t->a, node_of(layers, ends, true));
    for (size_t i = 0; ends && !is_reference(ends) && i < ends->n; i++)
        if (is_reference(ends->items[i]))
            ends->items[i]->items[1] = kt_value_int(t->a, node_of(layers, ends->items[i], true));
}

/* --- objects ---------------------------------------------------------------------------------- */

static kt_status translate(translation *t, kt_value *v);

static kt_status translate_parts(translation *t, kt_value *v)
{
    for (size_t i = 0; v && i < v->n && (v->kind == KT_DICT || kt_value_is_seq(v)); i++)
        if (translate(t, v->items[i]) != KT_OK)
            break;
    return t->f->e.status;
}

static kt_status translate_object(translation *t, kt_value *v, const char *name)
{
    kt_value *config = kt_value_get(v, "config"), *layers;

    if (strncmp(name, "Custom>", 7) == 0) { /* Keras' own optimizers of 2.11 to 2.15 */
        name += 7;
        drop(v, "registered_name");
    }
    for (size_t i = 0; i < KT_COUNT(classes); i++)
        if (kt_streq(classes[i].old, name))
            name = classes[i].new;
    kt_value_set(t->a, v, "class_name", kt_value_str(t->a, name));
    if (kt_streq(name, "Sequential") && kt_value_is_seq(config)) { /* a bare list */
        layers = config;
        config = kt_value_new(t->a, KT_DICT);
        if (!kt_value_add(t->a, config, "layers", layers) ||
            !kt_value_set(t->a, v, "config", config))
            return kt_raise_memory(t->f);
    }
    if (translate_parts(t, config) != KT_OK || !config || config->kind != KT_DICT)
        return t->f->e.status;
    for (size_t i = 0; i < KT_COUNT(fields); i++)
        if (among(fields[i].classes, name) && change_field(t, name, config, i) != KT_OK)
            return t->f->e.status;
    layers = kt_value_get(config, "layers");
    if (kt_streq(name, "Functional") && connect(t, layers) == KT_OK) {
        settle_ends(t, layers, kt_value_get(config, "input_layers"));
        settle_ends(t, layers, kt_value_get(config, "output_layers"));
    }
    return t->a->failed ? kt_raise_memory(t->f) : t->f->e.status;
}

static kt_status translate(translation *t, kt_value *v)
{
    const char *name = kt_value_text(kt_value_get(v, "class_name"));

    if (!name || !kt_value_get(v, "config"))
        return translate_parts(t, v);
    if (kt_is_foreign(v) && strncmp(name, "Custom>", 7) != 0)
        return KT_OK;
    if (translate_object(t, v, name) != KT_OK)
        return t->f->e.status;
    return translate_parts(t, kt_value_get(v, "compile_config"));
}

kt_status kt_translate(kt_value *v, bool old, const char *file, kt_arena *a, kt_fault *f)
{
    translation t = {.a = a, .old = old, .file = file, .f = f};

    return translate(&t, v);
}
