/* legacy_form.c - a model's configuration as whole .h5 files have it, so that Keras 3 and Keras 2
 * (tf_keras) open it: layers without modules, dtypes by name, calls as lists, and none of the
 * fields that Keras 2 does not know, as long as they say nothing.
 */
#include <string.h>

#include "io/io.h"

/* --- fields ----------------------------------------------------------------------------------- */

/* Fields that came with Keras 3: left out where they have this value. "*" is any object. */
static const struct {
    const char *class_name, *field, *value;
} newer[] = {
    {"*", "quantization_config", "None"},
    {"*", "lora_rank", "None"},
    {"*", "lora_alpha", "None"},
    {"*", "input_axes", "None"},
    {"*", "output_axes", "None"},
    {"*", "zero_output_for_mask", "False"},
    {"*", "use_cudnn", "'auto'"},
    {"*", "loss_scale_factor", "None"},
    {"*", "gradient_accumulation_steps", "None"},
    {"*", "weight_decay", "None"},
    {"*", "clipnorm", "None"},
    {"*", "clipvalue", "None"},
    {"*", "global_clipnorm", "None"},
    {"*", "synchronized", "False"},
    {"*", "rms_scaling", "False"},
    {"*", "flash_attention", "None"},
    {"*", "gate", "None"},
    {"InputLayer", "optional", "False"},
    {"*", "seed", "None"},
    {"*", "oov_method", "'floormod'"},
    {"IntegerLookup", "salt", "None"},
    {"StringLookup", "salt", "None"},
    {"Resizing", "pad_to_aspect_ratio", "False"},
    {"Resizing", "fill_mode", "'constant'"},
    {"Resizing", "fill_value", "0.0"},
    {"Resizing", "antialias", "False"},
    {"Resizing", "data_format", "'channels_last'"},
    {"CenterCrop", "data_format", "'channels_last'"},
    {"RandomFlip", "data_format", "'channels_last'"},
    {"RandomZoom", "data_format", "'channels_last'"},
    {"RandomCrop", "data_format", "'channels_last'"},
    {"RandomContrast", "data_format", "'channels_last'"},
    {"RandomBrightness", "data_format", "'channels_last'"},
    {"RandomTranslation", "data_format", "'channels_last'"},
    {"RandomRotation", "data_format", "'channels_last'"},
    {"RandomContrast", "value_range", "[0, 255]"},
    {"IntegerLookup", "dtype", "'float32'"},
    {"StringLookup", "dtype", "'float32'"},
};

/* Fields that say nothing while the switch is off. */
static const struct {
    const char *on, *field;
} switched[] = {
    {"renorm", "renorm"},   {"renorm", "renorm_clipping"}, {"renorm", "renorm_momentum"},
    {"use_ema", "use_ema"}, {"use_ema", "ema_momentum"},   {"use_ema", "ema_overwrite_frequency"},
};

static const struct {
    const char *class_name, *today, *then;
} renamed[] = {
    {"InputLayer", "batch_shape", "batch_input_shape"},
    {"LeakyReLU", "negative_slope", "alpha"},
};

static bool left_out(kt_arena *a, const char *class_name, const kt_value *config, const char *key,
                     const kt_value *v)
{
    for (size_t i = 0; i < KT_COUNT(newer); i++)
        if (kt_streq(newer[i].field, key) && kt__says(a, v, newer[i].value) &&
            (*newer[i].class_name == '*' || kt_streq(newer[i].class_name, class_name)))
            return true;
    for (size_t i = 0; i < KT_COUNT(switched); i++)
        if (kt_streq(switched[i].field, key))
            return kt__says(a, kt_value_get(config, switched[i].on), "False");
    return false;
}

static const char *name_then(const char *class_name, const char *key)
{
    for (size_t i = 0; i < KT_COUNT(renamed); i++)
        if (kt_streq(renamed[i].class_name, class_name) && kt_streq(renamed[i].today, key))
            return renamed[i].then;
    return key;
}

/* --- calls ------------------------------------------------------------------------------------ */

typedef struct writer {
    kt_arena *a;
    bool      lists; /* every call can be written as a list */
} writer;

static bool is_tensor(const kt_value *v)
{
    return kt_streq(kt_value_text(kt_value_get(v, "class_name")), "__keras_tensor__");
}

static bool has_tensor(const kt_value *v)
{
    if (is_tensor(v))
        return true;
    for (size_t i = 0; v && i < v->n; i++)
        if (has_tensor(v->items[i]))
            return true;
    return false;
}

/* The tensors of a call that is f(x) or f([x, y]); NULL: it is another. */
static const kt_value *plain_inputs(const kt_value *node)
{
    const kt_value *args = kt_value_get(node, "args"), *kwargs = kt_value_get(node, "kwargs");

    if (!args || args->n != 1 || has_tensor(kwargs))
        return NULL;
    if (is_tensor(args->items[0]))
        return args;
    for (size_t i = 0; i < args->items[0]->n; i++)
        if (!is_tensor(args->items[0]->items[i]))
            return NULL;
    return kt_value_is_seq(args->items[0]) ? args->items[0] : NULL;
}

static bool is_model(const kt_value *layers, const char *name)
{
    for (size_t i = 0; name && i < layers->n; i++)
        if (kt_streq(kt_value_text(kt_value_get(layers->items[i], "name")), name)) {
            const char *is = kt_value_text(kt_value_get(layers->items[i], "class_name"));
            return kt_streq(is, "Sequential") || kt_streq(is, "Functional");
        }
    return false;
}

/* Is this tensor the result of a model inside? Keras 2 counts that model's calls from 1. */
static bool of_model(const kt_value *layers, const kt_value *tensor)
{
    const kt_value *h = kt_value_get(kt_value_get(tensor, "config"), "keras_history");

    return h && h->n > 0 && is_model(layers, kt_value_text(h->items[0]));
}

static bool plain_layer(const kt_value *layers, const kt_value *layer)
{
    const kt_value *nodes = kt_value_get(layer, "inbound_nodes");

    for (size_t i = 0; nodes && i < nodes->n; i++) {
        const kt_value *in = plain_inputs(nodes->items[i]);
        for (size_t k = 0; in && k < in->n; k++)
            if (of_model(layers, in->items[k]))
                return false;
        if (!in)
            return false;
    }
    return true;
}

/* Keras 2 knows calls as lists alone, and Keras 3 reads both; where a list would mean different
 * things to the two, or cannot say it, all are written as Keras 3 does. */
static bool all_plain(const kt_value *v)
{
    const kt_value *layers = kt_value_get(kt_value_get(v, "config"), "layers");

    for (size_t i = 0; layers && i < layers->n; i++)
        if (!plain_layer(layers, layers->items[i]) || !all_plain(layers->items[i]))
            return false;
    return true;
}

static kt_value *keywords(writer *w, const kt_value *kwargs)
{
    kt_value *v = kt_value_new(w->a, KT_DICT);

    for (size_t i = 0; v && kwargs && i < kwargs->n; i++)
        if (!kt_is_none(kwargs->items[i]) &&
            !kt_value_add(w->a, v, kwargs->keys[i], kt_value_copy(w->a, kwargs->items[i])))
            return NULL;
    return v;
}

/* [[name, node, tensor, {keywords}], ...] */
static kt_value *node_list(writer *w, const kt_value *node)
{
    const kt_value *in = plain_inputs(node);
    kt_value       *list = kt_value_new(w->a, KT_LIST);

    for (size_t i = 0; i < in->n; i++) {
        const kt_value *history = kt_value_get(kt_value_get(in->items[i], "config"),
                                               "keras_history");
        kt_value       *one = history ? kt_value_copy(w->a, history) : NULL;
        bool ok = one && kt_value_add(w->a, one, NULL, keywords(w, kt_value_get(node, "kwargs"))) &&
                  kt_value_add(w->a, list, NULL, one);
        if (!ok)
            return NULL;
    }
    return list;
}

static kt_value *node_lists(writer *w, const kt_value *nodes)
{
    kt_value *list = kt_value_new(w->a, KT_LIST);

    for (size_t i = 0; i < nodes->n; i++)
        if (!kt_value_add(w->a, list, NULL, node_list(w, nodes->items[i])))
            return NULL;
    return list;
}

/* --- objects ---------------------------------------------------------------------------------- */

static kt_value *form(writer *w, const kt_value *v, bool layer);

/* The name of {"class_name": "DTypePolicy", ...}. */
static const char *policy_name(const char *key, const kt_value *v)
{
    return kt_streq(key, "dtype") ? kt_value_text(kt_value_get(kt_value_get(v, "config"), "name"))
                                  : NULL;
}

static kt_value *config_form(writer *w, const char *class_name, const kt_value *config)
{
    const kt_layer_type *type = kt_layer_type_find(class_name);
    bool                 model = type && type->flags & KT_LAYER_CONTAINER;
    kt_value            *c = kt_value_new(w->a, KT_DICT);

    for (size_t i = 0; c && i < config->n; i++) {
        const char     *key = config->keys[i];
        const char     *dtype = policy_name(key, config->items[i]);
        const kt_value *item = dtype ? kt_value_str(w->a, dtype) : config->items[i];
        if (item && left_out(w->a, class_name, config, key, item))
            continue;
        if (!item || w->a->failed ||
            !kt_value_add(w->a, c, name_then(class_name, key),
                          form(w, item, model && kt_streq(key, "layers"))))
            return NULL;
    }
    return c;
}

/* Parts that only .keras files have; the module goes from the layers of a model, so that older
 * readers take them for their own. */
static bool part_left_out(const kt_value *v, const char *key, bool layer)
{
    const char *module = kt_value_text(kt_value_get(v, "module"));
    bool        own = module && (kt_streq(module, "keras.layers") || kt_streq(module, "keras") ||
                          strstr(module, "models.functional"));

    if (kt_streq(key, "build_config") || kt_streq(key, "compile_config"))
        return true;
    return layer && own && (kt_streq(key, "module") || kt_streq(key, "registered_name"));
}

/* Here a class goes by its own name, not by that which Keras 3 exports it under. */
static kt_value *own_name(writer *w, const kt_value *v, const char *name)
{
    const kt_layer_type *type = kt_layer_type_of(v);
    bool                 other = type && kt_streq(type->cls.exported, name);

    return kt_value_str(w->a, other ? type->cls.class_name : name);
}

static kt_value *object_form(writer *w, const kt_value *v, bool layer)
{
    const char *name = kt_value_text(kt_value_get(v, "class_name"));
    kt_value   *out = kt_value_new(w->a, KT_DICT);

    for (size_t i = 0; out && i < v->n; i++) {
        const char     *key = v->keys[i];
        const kt_value *item = v->items[i];
        kt_value       *made;
        if (part_left_out(v, key, layer))
            continue;
        if (kt_streq(key, "config") && item->kind == KT_DICT && !is_tensor(v))
            made = config_form(w, name, item);
        else if (kt_streq(key, "inbound_nodes") && w->lists)
            made = node_lists(w, item);
        else if (kt_streq(key, "class_name"))
            made = own_name(w, v, name);
        else
            made = kt_value_copy(w->a, item);
        if (!kt_value_add(w->a, out, key, made))
            return NULL;
    }
    return out;
}

static kt_value *form(writer *w, const kt_value *v, bool layer)
{
    if (kt_value_text(kt_value_get(v, "class_name")))
        return object_form(w, v, layer);
    if (v->kind != KT_DICT && !kt_value_is_seq(v))
        return kt_value_copy(w->a, v);
    kt_value *out = kt_value_new(w->a, v->kind);
    for (size_t i = 0; i < v->n; i++)
        if (!kt_value_add(w->a, out, v->kind == KT_DICT ? v->keys[i] : NULL,
                          form(w, v->items[i], layer)))
            return NULL;
    return out;
}

kt_value *kt_legacy_model(const kt_value *model, kt_arena *a)
{
    writer w = {.a = a, .lists = all_plain(model)};

    return form(&w, model, true);
}

/* "mse" by its whole name: .h5 files with the short one are those that Keras 3 writes and can not
 * open again. */
static kt_value *whole_names(kt_arena *a, kt_value *loss)
{
    const char     *name = kt_value_text(loss);
    const kt_class *cls = name && strchr("abcdefghijklmnopqrstuvwxyz", *name)
                            ? kt_class_find("loss", name)
                            : NULL;
    kt_str          whole = {0};

    if (cls && kt_streq(cls->module, "keras.losses")) {
        kt_snake_case(&whole, cls->class_name);
        const char *text = kt_str_keep(&whole, a);
        loss = text ? kt_value_str(a, text) : NULL;
    }
    bool parts = loss && !cls && !kt_value_get(loss, "class_name");
    for (size_t i = 0; parts && i < loss->n; i++)
        if (!(loss->items[i] = whole_names(a, loss->items[i])))
            return NULL;
    return loss;
}

/* By its name alone; the optimizers that came with Keras 2.11 are "Custom>Adam" there, and without
 * it the older ones are meant. */
static kt_value *optimizer_form(kt_arena *a, const kt_value *made, int optimizer_of)
{
    kt_value   *plain = kt_value_new(a, KT_DICT);
    const char *name = kt_value_text(kt_value_get(made, "class_name"));
    const char *custom = kt_arena_printf(a, "%s%s", optimizer_of == KT_OF_KERAS2 ? "Custom>" : "",
                                         name ? name : "");
    bool        ok = custom && kt_value_add(a, plain, "class_name", kt_value_str(a, custom)) &&
              kt_value_add(a, plain, "config", kt_value_get(made, "config"));

    return ok ? plain : NULL;
}

kt_value *kt_legacy_training(const kt_value *compile, int optimizer_of, kt_arena *a)
{
    writer    w = {.a = a};
    kt_value *v = kt_value_new(a, KT_DICT);

    for (size_t i = 0; v && i < compile->n; i++) {
        bool        optimizer = kt_streq(compile->keys[i], "optimizer");
        const char *key = optimizer ? "optimizer_config" : compile->keys[i];
        kt_value   *made = form(&w, compile->items[i], optimizer);
        if (made && kt_streq(key, "loss"))
            made = whole_names(a, made);
        if (made && optimizer && made->kind == KT_DICT)
            made = optimizer_form(a, made, optimizer_of);
        if (!made || !kt_value_add(a, v, key, made))
            return NULL;
    }
    return v;
}
