/* tfjs.c - TensorFlow.js layers-models: model.json with the configuration (modelTopology) and a
 * list of the weights (weightsManifest), whose numbers lie in files beside it (tfjs_shards.c). */
#include <string.h>

#include "io/tfjs.h"
#include "nn/container.h"

/* --- the configuration ------------------------------------------------------------------------ */

static bool contains(const uint8_t *data, size_t size, const char *text)
{
    size_t         n = strlen(text);
    const uint8_t *at = data, *end = data + size;

    while (at && (size_t)(end - at) >= n) {
        at = memchr(at, text[0], (size_t)(end - at) - n + 1);
        if (at && memcmp(at, text, n) == 0)
            return true;
        at = at ? at + 1 : NULL;
    }
    return false;
}

bool kt_is_tfjs(const uint8_t *data, size_t size)
{
    return size > 0 && memchr(data, '{', size < 16 ? size : 16) &&
           contains(data, size, "\"modelTopology\"");
}

static kt_value *read_json(const char *name, const void *data, size_t size, kt_arena *a,
                           kt_fault *f)
{
    kt_value *v = kt_json_parse(name, data, size, a, f);

    if (v && kt_value_get(kt_value_get(v, "modelTopology"), "node")) {
        kt_raise(
            f, KT_E_NOT_IMPLEMENTED,
            "%s: this is a TensorFlow.js graph model, which holds no layers that Keratin could "
            "read: convert the Keras model with `tensorflowjs_converter "
            "--output_format=tfjs_layers_model`, or save it with model.save(\"model.keras\")",
            name);
        return NULL;
    }
    return v;
}

/* Keras 2's words, unless Keras 3 wrote it; "tfjs-layers 1.2.9" has those of Keras 2. */
static int keras_of(const kt_value *topology)
{
    int keras = kt_keras_of(kt_value_text(kt_value_get(topology, "keras_version")), 2);

    return keras < 2 ? 2 : keras;
}

static kt_value *model_config(const kt_value *file, const char *name, kt_arena *a, kt_fault *f)
{
    kt_value *topology = kt_value_get(file, "modelTopology");
    kt_value *v = kt_value_get(topology, "model_config");

    v = v ? v : topology;
    return v && kt_translate(v, keras_of(topology), name, a, f) == KT_OK ? v : NULL;
}

static kt_model *load(const char *name, const void *data, size_t size, kt_fault *f)
{
    kt_arena  a = {0};
    kt_value *file = read_json(name, data, size, &a, f);
    kt_value *v = file ? model_config(file, name, &a, f) : NULL;
    kt_model *m = v ? kt_model_from_value(v, name, f) : NULL;
    kt_value *topology = kt_value_get(file, "modelTopology");
    kt_value *training = kt_value_get(topology, "training_config");

    if (m && !kt_failed(m) && training &&
        kt_translate(training, keras_of(topology), name, &a, f) == KT_OK)
        kt_compile_legacy(m, training, &a);
    kt_arena_free(&a);
    return m;
}

static kt_value *config(const char *name, const void *data, size_t size, kt_arena *a, bool *weights,
                        kt_fault *f)
{
    kt_value *file = read_json(name, data, size, a, f);

    *weights = file && kt_value_get(file, "weightsManifest") != NULL;
    return file ? model_config(file, name, a, f) : NULL;
}

/* --- which weight is which -------------------------------------------------------------------- */

typedef struct target {
    const char *layer;
    kt_vec      weights;
    size_t      next; /* the weight that the layer's next array is for */
} target;

typedef struct targets {
    target        *at;
    size_t         n;
    const char    *file;
    kt_load_rules *rules;
    kt_fault      *f;
} targets;

/* Of "sequential/dense/kernel": the layer that one of its parts names. */
static target *target_of(targets *t, const char *name)
{
    for (const char *at = name; at && *at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL) {
        size_t n = strcspn(at, "/");
        for (size_t i = 0; i < t->n; i++)
            if (strlen(t->at[i].layer) == n && memcmp(t->at[i].layer, at, n) == 0)
                return &t->at[i];
    }
    return NULL;
}

static kt_status skip(targets *t)
{
    t->rules->skipped++;
    return KT_OK;
}

static kt_status set_one(targets *t, const kt_value *w, kt_array *a)
{
    const char *name = kt_value_text(kt_value_get(w, "name"));
    target     *to = name ? target_of(t, name) : NULL;

    if (!to || to->next == to->weights.n)
        return t->rules->skip_mismatch
                 ? skip(t)
                 : kt_raise(t->f, KT_E_VALUE, "%s: the model has no weight for '%s'", t->file,
                            name ? name : "");
    kt_weight_store(to->weights.at[to->next++], a, t->file, name, t->f);
    if (t->rules->skip_mismatch && t->f->e.status == KT_E_VALUE) {
        kt_fault_clear(t->f);
        t->rules->skipped++;
    } else {
        t->rules->set++;
    }
    return t->f->e.status;
}

static kt_status read_weights(targets *t, const kt_value *manifest)
{
    for (size_t g = 0; g < manifest->n && t->f->e.status == KT_OK; g++) {
        const kt_value *group = manifest->items[g], *list = kt_value_get(group, "weights");
        kt_bytes        b = {0};
        if (kt__tfjs_group(t->file, kt_value_get(group, "paths"), &b, t->f) == KT_OK) {
            const uint8_t *at = b.data;
            size_t         left = b.size;
            for (size_t i = 0; kt_value_is_seq(list) && i < list->n; i++) {
                kt_array a = {0};
                if (kt__tfjs_decode(list->items[i], &at, &left, t->file, &a, t->f) == KT_OK)
                    set_one(t, list->items[i], &a);
                kt_array_free(&a);
                if (t->f->e.status != KT_OK)
                    break;
            }
        }
        kt_bytes_free(&b);
    }
    for (size_t i = 0; i < t->n && t->f->e.status == KT_OK; i++)
        if (t->at[i].next < t->at[i].weights.n && !t->rules->skip_mismatch)
            kt_raise(t->f, KT_E_VALUE, "%s: layer '%s' has %zu weights, of which the file has %zu",
                     t->file, t->at[i].layer, t->at[i].weights.n, t->at[i].next);
    return t->f->e.status;
}

/* The layers that have weights of their own; of a model inside, its layers. */
static kt_status list_layers(const kt_layer *root, kt_vec *out, kt_fault *f)
{
    kt_vec layers = {0};

    kt_top_layers(root, &layers, f);
    for (size_t i = 0; i < layers.n && f->e.status == KT_OK; i++) {
        const kt_layer *l = layers.at[i];
        if (kt_container_of(l))
            list_layers(l, out, f);
        else if (!kt_vec_push(out, layers.at[i]))
            kt_raise_memory(f);
    }
    kt_vec_free(&layers);
    return f->e.status;
}

static kt_status find_targets(const kt_model *m, targets *t)
{
    kt_vec layers = {0};

    if (list_layers(m->root, &layers, t->f) == KT_OK) {
        t->at = kt_calloc(layers.n + 1, sizeof *t->at);
        if (!t->at)
            kt_raise_memory(t->f);
    }
    for (size_t i = 0; i < layers.n && t->f->e.status == KT_OK; i++) {
        const kt_layer *l = layers.at[i];
        t->at[t->n].layer = l->name;
        kt_legacy_weights(l, &t->at[t->n++].weights, t->f);
    }
    kt_vec_free(&layers);
    return t->f->e.status;
}

kt_status kt_tfjs_weights(kt_model *m, const char *path, const void *data, size_t size,
                          kt_load_rules *rules, kt_fault *f)
{
    kt_arena        a = {0};
    kt_load_rules   none = {0};
    targets         t = {.file = path, .rules = rules ? rules : &none, .f = f};
    const kt_value *file = read_json(path, data, size, &a, f);
    const kt_value *manifest = kt_value_get(file, "weightsManifest");

    if (f->e.status == KT_OK && kt_value_is_seq(manifest) &&
        kt__tfjs_has_files(path, manifest, f) && f->e.status == KT_OK &&
        find_targets(m, &t) == KT_OK)
        read_weights(&t, manifest);
    for (size_t i = 0; i < t.n; i++)
        kt_vec_free(&t.at[i].weights);
    kt_free(t.at);
    kt_arena_free(&a);
    m->weights_set = m->weights_set || (f->e.status == KT_OK && t.rules->set > 0);
    return f->e.status;
}

const kt_format kt_format_tfjs = {.name = "TensorFlow.js layers-model",
                                  .suffix = ".json",
                                  .matches = kt_is_tfjs,
                                  .load = load,
                                  .config = config};
