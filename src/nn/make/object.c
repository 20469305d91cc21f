/* object.c - classes by name, and configured instances of them. */
#include <string.h>
#include <strings.h>

#include "nn/make/identity.h"
#include "nn/make/registered.h"
#include "nn/layer.h"
#include "nn/optimizer.h"

const kt_family *kt_family_find(const char *name)
{
    for (const kt_family *f = kt_family_table; f->name; f++)
        if (kt_streq(f->name, name))
            return f;
    return NULL;
}

const kt_class *kt_family_class(const kt_family *f, size_t i)
{
    for (const kt_class *const *const *file = f->files; *file; file++)
        for (const kt_class *const *cls = *file; *cls; cls++)
            if (i-- == 0)
                return *cls;
    return NULL;
}

bool kt_is_listed(const char *words, const char *name)
{
    size_t n = strlen(name);

    while (words && *words) {
        const char *end = strchr(words, '|');
        size_t      len = end ? (size_t)(end - words) : strlen(words);

        if (len == n && memcmp(words, name, n) == 0)
            return true;
        words = end ? end + 1 : NULL;
    }
    return false;
}

bool kt_class_answers(const kt_class *c, const char *name)
{
    return name &&
           (kt_streq(c->class_name, name) || (c->aliases && kt_is_listed(c->aliases, name)));
}

const kt_class *kt_class_find(const char *family, const char *name)
{
    const kt_family *f = kt_family_find(family);

    if (!f || !name)
        return NULL;
    for (const kt_class *const *const *file = f->files; *file; file++)
        for (const kt_class *const *cls = *file; *cls; cls++)
            if (kt_class_answers(*cls, name) ||
                (kt_streq(family, "optimizer") && strcasecmp((*cls)->class_name, name) == 0))
                return *cls; /* Keras looks for optimizers without regard to case */
    return kt_registered_find(family, name);
}

size_t kt_family_names(const char *family, const char **names, size_t max)
{
    const kt_family *f = kt_family_find(family);
    const kt_class  *cls;
    size_t           n = 0;

    while (f && n < max && (cls = kt_family_class(f, n)) != NULL)
        names[n++] = cls->class_name;
    return n;
}

static void hint_nearest(const char *family, const char *name, kt_fault *f)
{
    const char *names[512];
    size_t      n = kt_family_names(family, names, KT_COUNT(names));
    const char *near = name ? kt_did_you_mean(name, names, n) : NULL;
    kt_str      text = {0};

    if (near) {
        kt_str_printf(&text, "did you mean '%s'?", near);
        kt_fault_hint(f, kt_str_text(&text));
    }
    kt_str_free(&text);
}

/* A serialised object, or one that Keras has or somebody else's: said as for layers. A word that
 * nobody knows: as Keras' get. */
static const kt_object *unknown(const char *family, const kt_value *v, const char *name,
                                kt_fault *f)
{
    kt_str text = {0};
    bool   dict = v && v->kind == KT_DICT && kt_value_get(v, "config") && name;
    bool   part = kt_streq(family, "initializer") || kt_streq(family, "regularizer") ||
                kt_streq(family, "constraint");
    bool here = part && dict && kt_value_text(kt_value_get(v, "module"));

    if (part && v && v->kind == KT_DICT && !name) {
        kt_value_repr(&text, v);
        kt_raise(f, KT_E_VALUE, "Unknown `config` as a `dict`, config=%s", kt_str_text(&text));
        kt_str_free(&text);
        return NULL;
    }
    if (name && !here &&
        (kt_missing_kind(family, v) != KT_MISSING_NOWHERE ||
         (dict && kt_value_text(kt_value_get(v, "module"))))) {
        kt_raise_missing(family, v, NULL, f);
        return NULL;
    }
    if (v && v->kind == KT_STR)
        kt_str_add(&text, v->s);
    else if (v)
        kt_value_repr(&text, v);
    kt_raise(f, KT_E_VALUE, "Could not interpret %s identifier: %s", kt_family_word(family),
             kt_str_text(&text));
    hint_nearest(family, name, f);
    kt_str_free(&text);
    return NULL;
}

/* The words that every loss takes, checked where Keras' base class checks them. */
static kt_status check_reduction(kt_arena *a, const kt_class *cls, const void *config, kt_fault *f)
{
    static const char *const words[] = {"mean", "mean_with_sample_weight", "none", "sum",
                                        "sum_over_batch_size"};
    const kt_field          *field = kt_config_find(cls->config, "reduction");
    const char              *word = field ? kt_value_text(kt_config_get(a, field, config)) : NULL;

    for (size_t i = 0; word && i < KT_COUNT(words); i++)
        if (kt_streq(word, words[i]))
            word = NULL;
    if (!word)
        return KT_OK;
    return kt_raise(f, KT_E_VALUE,
                    "Invalid value for argument `reduction`. Expected one of {'mean', "
                    "'mean_with_sample_weight', 'none', 'sum', 'sum_over_batch_size', None}. "
                    "Received: reduction=%s",
                    word);
}

bool kt_class_lacks(const kt_class *c, const kt_value *args, kt_fault *f)
{
    for (const char *key = c->needs; key; key = strchr(key, '|') ? strchr(key, '|') + 1 : NULL) {
        int    n = (int)strcspn(key, "|");
        size_t i = 0;
        while (args && i < args->n &&
               !(strncmp(args->keys[i], key, (size_t)n) == 0 && !args->keys[i][n]))
            i++;
        if (!args || i == args->n)
            return kt_raise(f, KT_E_KEY, "'%.*s'", n, key) != KT_OK;
    }
    return false;
}

const kt_object *kt_object_make(kt_arena *a, const char *family, const kt_value *v, kt_fault *f)
{
    const char     *name = NULL;
    const kt_value *args = NULL;

    if (!kt_object_parts(v, &name, &args))
        return unknown(family, v, NULL, f);
    const kt_class *cls = kt_class_of(family, v);
    if (!cls || (cls->nameless && v->kind == KT_STR))
        return unknown(family, v, name, f);

    kt_object *o = kt_arena_alloc(a, sizeof *o);
    if (!o) {
        kt_raise_memory(f);
        return NULL;
    }
    o->cls = cls;
    o->by_name = v->kind == KT_STR;
    if (v->kind != KT_CALL && kt_class_lacks(cls, args, f))
        return NULL;
    if (kt_streq(family, "optimizer") && kt__optimizer_arguments(a, cls, &args, f) != KT_OK)
        return NULL;
    void *config = kt_config_read(a, cls->config, cls->class_name, args, NULL, f);
    o->config = config;
    o->name = o->by_name ? kt_arena_strdup(a, name) : kt_value_text(kt_value_get(args, "name"));
    if (!config || check_reduction(a, cls, config, f) != KT_OK ||
        kt_check_policy(a, cls, config, kt_streq(family, "metric"), f) != KT_OK)
        return NULL;
    return !cls->check || cls->check(a, config, f) == KT_OK ? o : NULL;
}

/* Has the field its default? */
static bool is_initial(kt_arena *a, const kt_field *field, const kt_value *v, const void *initial)
{
    const kt_value *other = initial ? kt_config_get(a, field, initial) : NULL;

    return v && other && kt_value_equal(v, other);
}

/* A function of a program's own, as Keras saves one. */
static kt_value *function_form(kt_arena *a, kt_value *v)
{
    kt_value *dict = kt_value_new(a, KT_DICT);
    bool      ok = dict && kt_value_add(a, dict, "module", kt_value_str(a, "builtins")) &&
              kt_value_add(a, dict, "class_name", kt_value_str(a, "function")) &&
              kt_value_add(a, dict, "config", v) &&
              kt_value_add(a, dict, "registered_name", kt_value_str(a, "function"));
    return ok ? dict : NULL;
}

kt_status kt_class_write(kt_arena *a, const kt_class *c, const void *config, kt_value *dict,
                         kt_fault *f)
{
    const kt_config_type *t = c->config;
    const void           *initial = c->unwritten ? kt_config_new(a, t, f) : NULL;

    for (size_t i = 0; i < t->n && f->e.status == KT_OK; i++) {
        kt_value *v = kt_config_get(a, &t->fields[i], config);
        if (kt_streq(t->fields[i].rule, "activation") &&
            kt_registered_find("activation", kt_value_text(v)))
            v = function_form(a, v);
        if (kt_is_listed(c->unwritten, t->fields[i].name) &&
            is_initial(a, &t->fields[i], v, initial))
            continue;
        if (!kt_value_set(a, dict, t->fields[i].name, v))
            kt_raise_memory(f);
    }
    return f->e.status;
}

static bool is_none(const kt_value *v)
{
    return v && v->kind == KT_NONE;
}

/* None stands for the name of the class, and for float32. */
static kt_status write_names(kt_arena *a, const kt_class *c, kt_value *config, kt_fault *f)
{
    kt_str text = {0};
    bool   ok = true;

    if (is_none(kt_value_get(config, "dtype")))
        ok = kt_value_set(a, config, "dtype", kt_value_str(a, "float32"));
    if (is_none(kt_value_get(config, "name"))) {
        kt_snake_case(&text, c->class_name);
        ok = ok && !text.failed &&
             kt_value_set(a, config, "name", kt_value_str(a, kt_str_text(&text)));
    }
    kt_str_free(&text);
    return ok ? KT_OK : kt_raise_memory(f);
}

static kt_value *text_or_none(kt_arena *a, const char *text)
{
    return text ? kt_value_str(a, text) : kt_value_new(a, KT_NONE);
}

kt_value *kt_object_value(kt_arena *a, const kt_object *o, kt_fault *f)
{
    kt_value *v = kt_value_new(a, KT_DICT), *config = kt_value_new(a, KT_DICT);
    bool      ok = v && config && kt_value_add(a, v, "module", text_or_none(a, o->cls->module)) &&
              kt_value_add(a, v, "class_name", kt_value_str(a, o->cls->class_name)) &&
              kt_value_add(a, v, "config", config) &&
              kt_value_add(a, v, "registered_name", text_or_none(a, o->cls->registered));

    if (!ok) {
        kt_raise_memory(f);
        return NULL;
    }
    bool written = kt_class_write(a, o->cls, o->config, config, f) == KT_OK;
    return written && write_names(a, o->cls, config, f) == KT_OK ? v : NULL;
}

/* --- names, for fields that take an object --------------------------------------------------- */

#define NAMES(family)                                           \
    static bool is_##family(const char *name)                   \
    {                                                           \
        return kt_class_find(#family, name) != NULL;            \
    }                                                           \
    static size_t list_##family(const char **names, size_t max) \
    {                                                           \
        return kt_family_names(#family, names, max);            \
    }
NAMES(activation)
NAMES(initializer)
NAMES(regularizer)
NAMES(constraint)

const kt_names kt_class_names[] = {
    {"activation", is_activation, list_activation},
    {"initializer", is_initializer, list_initializer},
    {"regularizer", is_regularizer, list_regularizer},
    {"constraint", is_constraint, list_constraint},
    {NULL, NULL, NULL},
};
