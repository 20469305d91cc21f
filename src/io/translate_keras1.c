/* translate_keras1.c - what Keras 1 did by layers that are none today: Merge with its modes,
 * TimeDistributedDense, and a Sequential that begins with branches. */
#include <string.h>

#include "io/translate.h"

/* --- Merge ------------------------------------------------------------------------------------ */

/* A mode's class today, and which field of the configuration is called how. */
static const struct {
    const char *mode, *class_name, *field, *into;
} modes[] = {
    {"sum", "Add", NULL, NULL},     {"mul", "Multiply", NULL, NULL},
    {"ave", "Average", NULL, NULL}, {"concat", "Concatenate", "concat_axis", "axis"},
    {"max", "Maximum", NULL, NULL}, {"dot", "Dot", "dot_axes", "axes"},
};

static kt_status merge(kt_translation *t, kt_value *layer, kt_value *config)
{
    const kt_value *mode = kt_value_get(config, "mode");
    kt_value       *c = kt_value_new(t->a, KT_DICT);
    size_t          i = 0;

    while (i < KT_COUNT(modes) && !kt_streq(kt_value_text(mode), modes[i].mode))
        i++;
    if (i == KT_COUNT(modes))
        return kt__refuse_field(t, config, "Merge", "mode", mode ? mode : c);
    bool ok = c && kt_value_set(t->a, layer, "class_name", kt_value_str(t->a, modes[i].class_name));
    for (size_t k = 0; ok && k < config->n; k++) {
        const char *key = config->keys[k];
        if (modes[i].field && kt_streq(key, modes[i].field))
            key = modes[i].into;
        else if (!kt_streq(key, "name") && !kt_streq(key, "layers")) /* branches: see below */
            continue;
        ok = kt_value_add(t->a, c, key, config->items[k]);
    }
    return ok && kt_value_set(t->a, layer, "config", c) ? KT_OK : kt_raise_memory(t->f);
}

/* --- TimeDistributedDense --------------------------------------------------------------------- */

/* A Dense layer, applied to each step: fields of the wrapper stay with it. */
static kt_status distribute(kt_translation *t, kt_value *layer, kt_value *config)
{
    static const char *const outer[] = {"name", "batch_input_shape", "trainable"};
    kt_value                *dense = kt_value_new(t->a, KT_DICT), *c = kt_value_new(t->a, KT_DICT);
    bool                     ok = dense && c;

    for (size_t i = 0; ok && i < KT_COUNT(outer); i++) {
        kt_value *v = kt_value_get(config, outer[i]);
        ok = !v || kt_value_add(t->a, c, outer[i], v);
        kt__drop(config, outer[i]);
    }
    ok = ok && kt_value_add(t->a, dense, "class_name", kt_value_str(t->a, "Dense")) &&
         kt_value_add(t->a, dense, "config", config) && kt_value_add(t->a, c, "layer", dense) &&
         kt_value_set(t->a, layer, "class_name", kt_value_str(t->a, "TimeDistributed")) &&
         kt_value_set(t->a, layer, "config", c);
    return ok ? KT_OK : kt_raise_memory(t->f);
}

/* --- a Sequential of branches ----------------------------------------------------------------- */

/* What such a Sequential becomes: a Functional's configuration. */
typedef struct graph {
    kt_translation *t;
    kt_value       *layers, *inputs;
} graph;

static const char *name_of(const kt_value *layer)
{
    return kt_value_text(kt_value_get(kt_value_get(layer, "config"), "name"));
}

/* [name, 0, 0] */
static kt_value *reference(graph *g, const char *name)
{
    kt_value *v = kt_value_new(g->t->a, KT_LIST);
    bool      ok = v && kt_value_add(g->t->a, v, NULL, kt_value_str(g->t->a, name)) &&
              kt_value_add(g->t->a, v, NULL, kt_value_int(g->t->a, 0)) &&
              kt_value_add(g->t->a, v, NULL, kt_value_int(g->t->a, 0));

    if (!ok)
        kt_raise_memory(g->t->f);
    return ok ? v : NULL;
}

/* Appends a layer that is called with these references. */
static kt_status append(graph *g, kt_value *layer, const char *name, kt_value *inputs)
{
    kt_value *nodes = kt_value_new(g->t->a, KT_LIST);
    bool      ok = nodes && (!inputs || kt_value_add(g->t->a, nodes, NULL, inputs)) &&
              kt_value_set(g->t->a, layer, "name", kt_value_str(g->t->a, name)) &&
              kt_value_set(g->t->a, layer, "inbound_nodes", nodes) &&
              kt_value_add(g->t->a, g->layers, NULL, layer);

    return ok ? KT_OK : kt_raise_memory(g->t->f);
}

/* The input of a branch whose first layer says its shape. */
static const char *append_input(graph *g, const kt_value *first)
{
    kt_arena   *a = g->t->a;
    kt_value   *layer = kt_value_new(a, KT_DICT), *c = kt_value_new(a, KT_DICT);
    kt_value   *shape = kt_value_get(kt_value_get(first, "config"), "batch_input_shape");
    const char *name = kt_arena_printf(a, "%s_input", name_of(first));

    if (!shape) {
        kt_raise(g->t->f, KT_E_VALUE, "%s: layer '%s' begins a branch and has no batch_input_shape",
                 g->t->file, name_of(first));
        return NULL;
    }
    bool ok = layer && c && name && kt_value_add(a, c, "batch_shape", shape) &&
              kt_value_add(a, c, "name", kt_value_str(a, name)) &&
              kt_value_add(a, layer, "class_name", kt_value_str(a, "InputLayer")) &&
              kt_value_add(a, layer, "config", c);
    kt_value *end = ok ? reference(g, name) : NULL;
    if (!ok)
        kt_raise_memory(g->t->f);
    if (!end || append(g, layer, name, NULL) != KT_OK)
        return NULL;
    if (kt_value_add(a, g->inputs, NULL, end))
        return name;
    kt_raise_memory(g->t->f);
    return NULL;
}

static kt_value *branches_of(const kt_value *layer)
{
    const char *name = kt_value_text(kt_value_get(layer, "class_name"));
    kt_value   *layers = kt_value_get(kt_value_get(layer, "config"), "layers");
    bool        model = kt_streq(name, "Sequential") || kt_streq(name, "Functional");

    return model || !kt_value_is_seq(layers) ? NULL : layers;
}

static const char *chain(graph *g, const kt_value *sequential, int depth);

/* Every branch, and what the first layer is called with. */
static kt_value *join(graph *g, const kt_value *first, const kt_value *branches, int depth)
{
    kt_value *inputs = kt_value_new(g->t->a, KT_LIST);

    for (size_t i = 0; inputs && i < branches->n; i++) {
        const char *end = chain(g, branches->items[i], depth + 1);
        if (!end)
            return NULL;
        if (!kt_value_add(g->t->a, inputs, NULL, reference(g, end)))
            inputs = NULL;
    }
    if (!inputs && g->t->f->e.status == KT_OK)
        kt_raise_memory(g->t->f);
    kt__drop(kt_value_get(first, "config"), "layers");
    return inputs;
}

/* Appends the layers of a Functional with one output: branches that were branches, and a Model's.
 * The name of the layer at its end. */
static const char *append_graph(graph *g, const kt_value *config)
{
    const kt_value *layers = kt_value_get(config, "layers"),
                   *inputs = kt_value_get(config, "input_layers"),
                   *outputs = kt_value_get(config, "output_layers");
    const kt_value *end = kt_value_is_seq(outputs) && outputs->n == 1 ? outputs->items[0] : NULL;
    const char *name = kt_value_is_seq(end) && end->n == 3 ? kt_value_text(end->items[0]) : NULL;
    bool        ok = true;

    if (!name || !kt_value_is_seq(layers) || !kt_value_is_seq(inputs)) {
        kt_raise(g->t->f, KT_E_NOT_IMPLEMENTED,
                 "%s: a branch of a Merge layer is a model of several outputs", g->t->file);
        return NULL;
    }
    for (size_t i = 0; ok && i < layers->n; i++)
        ok = kt_value_add(g->t->a, g->layers, NULL, layers->items[i]);
    for (size_t i = 0; ok && i < inputs->n; i++)
        ok = kt_value_add(g->t->a, g->inputs, NULL, inputs->items[i]);
    if (!ok)
        kt_raise_memory(g->t->f);
    return ok ? name : NULL;
}

/* Appends the layers of a Sequential; the name of the last one. */
static const char *chain(graph *g, const kt_value *sequential, int depth)
{
    const char *is = kt_value_text(kt_value_get(sequential, "class_name")), *last = NULL;
    kt_value   *layers = kt_value_get(kt_value_get(sequential, "config"), "layers");

    if (kt_streq(is, "Functional"))
        return append_graph(g, kt_value_get(sequential, "config"));
    if (!kt_streq(is, "Sequential") || !kt_value_is_seq(layers) || layers->n == 0 || depth > 32) {
        kt_raise(g->t->f, KT_E_NOT_IMPLEMENTED,
                 "%s: a branch of a Merge layer is a %s; only models are understood", g->t->file,
                 is ? is : "thing without a class");
        return NULL;
    }
    for (size_t i = 0; i < layers->n; i++) {
        kt_value   *layer = layers->items[i], *branches = i == 0 ? branches_of(layer) : NULL;
        const char *name = name_of(layer);
        if (!name) {
            kt_raise(g->t->f, KT_E_VALUE, "%s: a layer without a name", g->t->file);
            return NULL;
        }
        kt_value *inputs = branches ? join(g, layer, branches, depth)
                                    : kt_value_new(g->t->a, KT_LIST);
        if (inputs && !branches) {
            last = i == 0 ? append_input(g, layer) : last;
            if (last && !kt_value_add(g->t->a, inputs, NULL, reference(g, last)))
                last = NULL;
        }
        if (!inputs || (!branches && !last) || append(g, layer, name, inputs) != KT_OK)
            return NULL;
        last = name;
    }
    return last;
}

static kt_status branch_out(kt_translation *t, kt_value *sequential)
{
    kt_arena   *a = t->a;
    graph       g = {t, kt_value_new(a, KT_LIST), kt_value_new(a, KT_LIST)};
    kt_value   *c = kt_value_new(a, KT_DICT), *outputs = kt_value_new(a, KT_LIST);
    const char *last = g.layers && g.inputs && c && outputs ? chain(&g, sequential, 0) : NULL;
    kt_value   *name = kt_value_get(kt_value_get(sequential, "config"), "name");

    bool ok = last && kt_value_add(a, outputs, NULL, reference(&g, last)) &&
              kt_value_add(a, c, "name", name ? name : kt_value_str(a, "sequential")) &&
              kt_value_add(a, c, "layers", g.layers) &&
              kt_value_add(a, c, "input_layers", g.inputs) &&
              kt_value_add(a, c, "output_layers", outputs) &&
              kt_value_set(a, sequential, "class_name", kt_value_str(a, "Functional")) &&
              kt_value_set(a, sequential, "config", c);
    if (ok)
        return kt__translate_nodes(t, c);
    return t->f->e.status == KT_OK ? kt_raise_memory(t->f) : t->f->e.status;
}

kt_status kt__translate_keras1(kt_translation *t, kt_value *layer, const char *old)
{
    const char *name = kt_value_text(kt_value_get(layer, "class_name"));
    kt_value   *config = kt_value_get(layer, "config");
    kt_value   *layers = kt_value_get(config, "layers");

    if (kt_streq(name, "Merge"))
        return merge(t, layer, config);
    if (kt_streq(old, "TimeDistributedDense"))
        return distribute(t, layer, config);
    if (kt_streq(name, "Sequential") && kt_value_is_seq(layers) && layers->n > 0 &&
        branches_of(layers->items[0]))
        return branch_out(t, layer);
    return KT_OK;
}
