/* identity.c - which class a serialised object is: that of its module and registered name.
 *
 * A user's own class may have the name of one of Keras' (`my>Dense`, or `Rescaling` of `__main__`):
 * computing it as Keras' would be a wrong number in silence. Keras' modules have had many
 * spellings: keras.layers, keras.src.layers.core.dense, tensorflow.python.keras.layers, tf_keras...
 */
#include <string.h>

#include "nn/make/identity.h"
#include "nn/make/registered.h"

/* --- modules ---------------------------------------------------------------------------------- */

static bool among(const char *const *words, size_t n, const char *s, size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(words[i]) == len && memcmp(words[i], s, len) == 0)
            return true;
    return false;
}

/* Steps over the components of *at that are among the words; true if there was one. */
static bool skip(const char **at, const char *const *words, size_t n)
{
    bool found = false;

    while (**at) {
        size_t len = strcspn(*at, ".");
        if (!among(words, n, *at, len))
            break;
        found = true;
        *at += len + ((*at)[len] == '.');
    }
    return found;
}

/* "layers" in "keras.src.layers.core.dense", "" in "keras"; its length in *n. NULL where the module
 * is not one of Keras'. */
static const char *package_of(const char *module, size_t *n)
{
    static const char *const before[] = {"tensorflow", "tensorflow_core", "python", "_api", "v1",
                                         "v2"};
    static const char *const root[] = {"keras", "tf_keras", "keratin" /* what only we have */};
    static const char *const behind[] = {"api", "_v1",    "_v2",   "v1",        "v2",
                                         "src", "legacy", "keras", "_tf_keras", "__internal__"};
    const char              *at = module;

    skip(&at, before, KT_COUNT(before));
    if (!skip(&at, root, KT_COUNT(root)))
        return NULL;
    skip(&at, behind, KT_COUNT(behind));
    *n = strcspn(at, ".");
    return at;
}

/* Where classes of a package have been, too. */
static const struct {
    const char *package, *places[6];
} moved[] = {
    {"", {"", "models", "engine"}}, /* Sequential */
    {"models", {"", "models", "engine"}},
    {"layers", {"layers", "engine"}},
    {"initializers", {"initializers", "initializers_v1", "initializers_v2"}},
    {"optimizers", {"optimizers", "optimizer_v1", "optimizer_v2", "optimizer_experimental"}},
};

static bool may_lie_in(const char *package, size_t n, const char *place, size_t len)
{
    for (size_t i = 0; i < KT_COUNT(moved); i++) {
        if (strlen(moved[i].package) != n || memcmp(moved[i].package, package, n) != 0)
            continue;
        for (size_t k = 0; k < KT_COUNT(moved[i].places) && moved[i].places[k]; k++)
            if (strlen(moved[i].places[k]) == len && memcmp(moved[i].places[k], place, len) == 0)
                return true;
        return false;
    }
    return n == len && memcmp(package, place, n) == 0;
}

/* --- values ----------------------------------------------------------------------------------- */

static const char *module_of(const kt_value *v)
{
    return v && v->kind == KT_DICT ? kt_value_text(kt_value_get(v, "module")) : NULL;
}

static const char *registered_of(const kt_value *v)
{
    return v && v->kind == KT_DICT ? kt_value_text(kt_value_get(v, "registered_name")) : NULL;
}

/* A function as Keras saves it: its name is all that there is. */
static bool is_function(const kt_value *v)
{
    return v && v->kind == KT_DICT && kt_value_text(kt_value_get(v, "config"));
}

const char *kt_own_name(const kt_value *v)
{
    const char     *registered = registered_of(v), *name = NULL;
    const kt_value *args = NULL;

    if (registered && strchr(registered, '>'))
        return registered;
    return kt_object_parts(v, &name, &args) ? name : NULL;
}

bool kt_is_foreign(const kt_value *v)
{
    const char *name = kt_own_name(v), *module = module_of(v);
    size_t      n;

    if (name && strchr(name, '>'))
        return true;
    if (!v || v->kind != KT_DICT || is_function(v))
        return false;
    /* without a module: written before Keras had one, so the name is all that there is */
    if (!kt_value_get(v, "module"))
        return false;
    return !module || !package_of(module, &n);
}

bool kt_is_class(const kt_class *c, const kt_value *v)
{
    const char *module = module_of(v);
    size_t      n = 0, len = 0;

    if (kt_is_foreign(v))
        return false;
    if (!module || is_function(v) || c->registered)
        return true;
    const char *package = package_of(c->module, &n), *place = package_of(module, &len);
    return package && place && may_lie_in(package, n, place, len);
}

const kt_class *kt_class_of(const char *family, const kt_value *v)
{
    const char     *name = NULL;
    const kt_value *args = NULL;

    if (!kt_object_parts(v, &name, &args))
        return NULL;
    if (kt_is_foreign(v))
        return kt_registered_for(family, v);
    const kt_class *cls = kt_class_find(family, name);
    return cls && kt_is_class(cls, v) ? cls : NULL;
}

/* --- what is missing -------------------------------------------------------------------------- */

static const struct {
    const char *family, *name;
} keras_classes[] = {
#define KT_KERAS(family, name) {#family, #name},
#include "nn/classes.list"
#undef KT_KERAS
};

bool kt_keras_has(const char *family, const char *name)
{
    for (size_t i = 0; name && i < KT_COUNT(keras_classes); i++)
        if (kt_streq(keras_classes[i].family, family) && kt_streq(keras_classes[i].name, name))
            return true;
    return false;
}

const char *kt_nearest_class(const char *family, const char *name)
{
    const char *names[KT_COUNT(keras_classes)];
    size_t      n = 0;

    for (size_t i = 0; i < KT_COUNT(keras_classes); i++)
        if (kt_streq(keras_classes[i].family, family))
            names[n++] = keras_classes[i].name;
    return name ? kt_did_you_mean(name, names, n) : NULL;
}

/* A class of keras.ops in the place of a layer: an operation on tensors of a Functional model. */
static bool is_operation(const kt_value *v)
{
    const char *module = module_of(v);
    size_t      n = 0;
    const char *place = module ? package_of(module, &n) : NULL;

    return place && n == 3 && memcmp(place, "ops", n) == 0;
}

/* "losses" for "loss". */
static const char *package_for(const char *family)
{
    static const char *const packages[][2] = {{"layer", "layers"},
                                              {"activation", "activations"},
                                              {"initializer", "initializers"},
                                              {"regularizer", "regularizers"},
                                              {"constraint", "constraints"},
                                              {"loss", "losses"},
                                              {"metric", "metrics"},
                                              {"optimizer", "optimizers"},
                                              {"schedule", "optimizers"},
                                              {"callback", "callbacks"}};

    for (size_t i = 0; i < KT_COUNT(packages); i++)
        if (kt_streq(packages[i][0], family))
            return packages[i][1];
    return family;
}

/* Has Keratin a class of this name, whatever its module? */
static bool have(const char *family, const char *name)
{
    return kt_streq(family, "layer") ? kt_layer_type_find(name) != NULL
                                     : kt_class_find(family, name) != NULL;
}

kt_missing kt_missing_kind(const char *family, const kt_value *v)
{
    const char *module = module_of(v);
    size_t      n = 0;

    if (kt_is_foreign(v) || is_function(v))
        return KT_MISSING_FOREIGN;
    if (is_operation(v))
        return kt_keras_has("operation", kt_own_name(v)) ? KT_MISSING_YET : KT_MISSING_NOWHERE;
    const char *place = module ? package_of(module, &n) : NULL;
    bool here = !place || may_lie_in(package_for(family), strlen(package_for(family)), place, n);
    /* one that is here, but in another package of Keras, is none */
    bool known = kt_keras_has(family, kt_own_name(v)) && !have(family, kt_own_name(v));
    return known && here ? KT_MISSING_YET : KT_MISSING_NOWHERE;
}

const char *kt_family_word(const char *family)
{
    return kt_streq(family, "activation") ? "activation function" : family;
}

static void add_foreign(kt_str *out, const char *family, const kt_value *v)
{
    const char *name = kt_own_name(v), *module = module_of(v);

    kt_str_printf(out, "'%s'", name ? name : "None");
    if (module && !is_function(v))
        kt_str_printf(out, " of module '%s'", module);
    kt_str_printf(out, " is no %s of Keras' own: whoever made the model wrote it",
                  kt_family_word(family));
}

/* Why some will not be there. */
static const char *reason(const char *family, const kt_value *v, const char *name)
{
    static const char *const complex[] = {"Polar", "ViewAsComplex", "ViewAsReal", "Eig"};
    static const char *const calls[] = {
        "AssociativeScan", "Cond",          "ForiLoop", "JVP", "Map", "Scan",
        "Switch",          "VectorizedMap", "WhileLoop"};

    if (is_operation(v) && among(complex, KT_COUNT(complex), name, strlen(name)))
        return ": it works with complex numbers, of which there is no dtype here";
    if (is_operation(v) && among(calls, KT_COUNT(calls), name, strlen(name)))
        return ": it calls a function written in Python";
    if (kt_streq(family, "callback") && kt_streq(name, "LambdaCallback"))
        return ": it calls functions written in Python; on_batch and on_epoch of kt_fit are the "
               "program's own";
    return " yet";
}

void kt_missing_text(kt_str *out, const char *family, const kt_value *v)
{
    const char *name = kt_own_name(v), *module = module_of(v);

    switch (kt_missing_kind(family, v)) {
    case KT_MISSING_FOREIGN: add_foreign(out, family, v); break;
    case KT_MISSING_YET:
        kt_str_printf(out, "Keras has the %s '%s', Keratin does not%s",
                      is_operation(v) ? "operation" : kt_family_word(family), name,
                      reason(family, v, name));
        break;
    case KT_MISSING_NOWHERE:
        if (module)
            kt_str_printf(out,
                          "Could not deserialize '%s.%s' because it is not a KerasSaveable "
                          "subclass",
                          module, name ? name : "None");
        else
            kt_str_printf(out, "Unknown %s: '%s'", kt_family_word(family), name ? name : "None");
        break;
    }
}

/* How a program can give it a C function; not all families have that. */
static void hint_register(const char *family, const kt_value *v, kt_fault *f)
{
    const char *name = kt_own_name(v), *module = is_function(v) ? NULL : module_of(v);
    kt_str      hint = {0};

    if (!kt_streq(family, "layer") && !kt_streq(family, "activation") && !kt_streq(family, "loss"))
        return;
    bool alone = !module || !name || strchr(name, '>');
    kt_str_printf(&hint, "a C program can give it a function: kt_register_%s(\"%s%s%s\", ...)",
                  family, alone ? "" : module, alone ? "" : ">", name ? name : "");
    kt_fault_hint(f, kt_str_text(&hint));
    kt_str_free(&hint);
}

kt_status kt_raise_missing(const char *family, const kt_value *v, const char *layer, kt_fault *f)
{
    kt_missing  kind = kt_missing_kind(family, v);
    const char *near = kind == KT_MISSING_NOWHERE ? kt_nearest_class(family, kt_own_name(v)) : NULL;
    kt_str      text = {0};

    kt_missing_text(&text, family, v);
    if (layer && kind != KT_MISSING_NOWHERE)
        kt_str_printf(&text, " (layer '%s')", layer);
    if (near && !module_of(v))
        kt_str_printf(&text, ". Did you mean '%s'?", near);
    kt_raise(f, kind == KT_MISSING_NOWHERE ? KT_E_VALUE : KT_E_NOT_IMPLEMENTED, "%s",
             kt_str_text(&text));
    kt_str_free(&text);
    if (kind == KT_MISSING_FOREIGN)
        hint_register(family, v, f);
    if (near && module_of(v)) {
        kt_str_printf(&text, "did you mean '%s'?", near);
        kt_fault_hint(f, kt_str_text(&text));
        kt_str_free(&text);
    }
    return f->e.status;
}
