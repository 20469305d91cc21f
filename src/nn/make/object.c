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

const kt_value *kt_object_given(const kt_object *o, const char *name)
{
    const kt_field *field = kt_config_find(o->cls->config, name);

    return field && o->given ? o->given[field - o->cls->config->fields] : NULL;
}

/* The words that every loss takes, looked up in a set. */
static kt_status check_reduction(const kt_object *o, kt_fault *f)
{
    static const char *const words[] = {"mean", "mean_with_sample_weight", "none", "sum",
                                        "sum_over_batch_size"};
    const kt_value          *v = kt_object_given(o, "reduction");
    const char              *word = kt_value_text(v);
    kt_str                   text = {0};

    for (size_t i = 0; i < KT_COUNT(words); i++)
        if (kt_streq(word, words[i]))
            return KT_OK;
    if (!v || kt_is_none(v))
        return KT_OK;
    if (v->kind == KT_LIST || v->kind == KT_DICT)
        return kt_raise(f, KT_E_TYPE, "unhashable type: '%s'", kt_python_type(v));
    kt_python_str(&text, v);
    kt_raise(f, KT_E_VALUE,
             "Invalid value for argument `reduction`. Expected one of {'mean', "
             "'mean_with_sample_weight', 'none', 'sum', 'sum_over_batch_size', None}. "
             "Received: reduction=%s",
             kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
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

/* A name that is not text is kept; a metric makes variables below it. */
static kt_status check_name(const kt_object *o, kt_fault *f)
{
    const kt_value *name = kt_object_given(o, "name");

    if (!name || name->kind == KT_STR || !kt_value_true(name))
        return KT_OK;
    return kt_raise(f, KT_E_ATTRIBUTE, "'%s' object has no attribute 'replace'",
                    kt_python_type(name));
}

/* In the order of Keras' constructors: metrics call their base's first, losses last. */
static kt_status check_object(kt_arena *a, const kt_object *o, bool metric, void *config,
                              kt_fault *f)
{
    const kt_class *cls = o->cls;

    if (metric && kt_check_policy(a, cls, config, true, f) != KT_OK)
        return f->e.status;
    if (cls->check && cls->check(a, config, f) != KT_OK)
        return f->e.status;
    if (cls->check_given && cls->check_given(o, f) != KT_OK)
        return f->e.status;
    if (metric)
        return check_name(o, f);
    return check_reduction(o, f) == KT_OK ? kt_check_policy(a, cls, config, false, f) : f->e.status;
}

static void *read_config(kt_arena *a, kt_object *o, const kt_value *args, kt_fault *f)
{
    const kt_class *c = o->cls;
    kt_bound        bound;

    if (kt_config_bind(a, c->config, c->class_name, args, NULL, !c->lenient, &bound, f) != KT_OK)
        return NULL;
    for (size_t i = 0; i < c->config->n; i++)
        if (bound.given[i] && !(bound.given[i] = kt_value_copy(a, bound.given[i]))) {
            kt_raise_memory(f);
            return NULL;
        }
    o->given = bound.given;
    return kt_config_fill(a, c->config, c->class_name, &bound, f);
}

kt_status kt_object_refuse(const kt_object *o, const char *field, const char *sentence,
                           const char *end, kt_fault *f)
{
    kt_str text = {0};

    kt_python_str(&text, kt_object_given(o, field));
    kt_raise(f, KT_E_VALUE, "%s%s%s", sentence, kt_str_text(&text), end);
    kt_str_free(&text);
    return KT_E_VALUE;
}

kt_status kt_object_use(const kt_object *o, bool tracked, kt_fault *f)
{
    const kt_config_type *t = o->cls->config;

    for (size_t i = 0; o->given && i < t->n; i++) {
        const kt_value *v = o->given[i];
        bool            at_once = false;
        const char     *how = v ? kt_field_keeps(&t->fields[i], v, &at_once) : NULL;
        if (how && !at_once && kt_stumble(how, v, tracked, f) != KT_OK)
            return f->e.status;
        if (how && !at_once && kt_value_is_seq(v) && v->n > 1 && !kt_streq(how, "nothing"))
            return kt_raise(f, KT_E_INVALID_ARGUMENT,
                            "Incompatible shapes: `%s` is a list of %zu numbers.",
                            t->fields[i].name, v->n);
    }
    return KT_OK;
}

kt_status kt_raise_scope(const char *name, kt_fault *f)
{
    return kt_raise(f, KT_E_VALUE,
                    "Argument `name` must be a string and cannot contain character `/`. Received: "
                    "name=%s",
                    name);
}

kt_status kt_check_scope(const kt_value *name, kt_fault *f)
{
    const char *word = kt_value_text(name);
    kt_str      text = {0};

    if (word && !strchr(word, '/'))
        return KT_OK;
    kt_python_str(&text, name);
    kt_raise_scope(kt_str_text(&text), f);
    kt_str_free(&text);
    return KT_E_VALUE;
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
    void *config = read_config(a, o, args, f);
    o->config = config;
    o->name = o->by_name ? kt_arena_strdup(a, name) : kt_value_text(kt_value_get(args, "name"));
    if (o->by_name && !o->name) {
        kt_raise_memory(f);
        return NULL;
    }
    return config && check_object(a, o, kt_streq(family, "metric"), config, f) == KT_OK ? o : NULL;
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

/* What get_config gives for a field: Keras keeps what it was given where it only asks whether it is
 * true, and where it looks at a number no sooner than it is used. */
static kt_value *field_value(kt_arena *a, const kt_field *field, const void *config,
                             const kt_value *given)
{
    bool at_once = false;
    bool name = given && kt_streq(field->name, "name");
    if (name && field->kind == KT_F_STR && !kt_value_true(given)) /* `name or auto_name()` */
        return kt_value_new(a, KT_NONE);
    bool raw = given &&
               (name || field->kind == KT_F_BOOL || kt_field_keeps(field, given, &at_once));

    return raw ? kt_value_copy(a, given) : kt_config_get(a, field, config);
}

kt_status kt_class_write(kt_arena *a, const kt_class *c, const void *config,
                         const kt_value *const *given, bool whole, kt_value *dict, kt_fault *f)
{
    const kt_config_type *t = c->config;
    bool                  compares = c->unwritten || (c->dropped && whole);
    const void           *initial = compares ? kt_config_new(a, t, f) : NULL;

    for (size_t i = 0; i < t->n && f->e.status == KT_OK; i++) {
        kt_value *v = field_value(a, &t->fields[i], config, given ? given[i] : NULL);
        if (kt_streq(t->fields[i].rule, "activation") &&
            kt_registered_find("activation", kt_value_text(v)))
            v = function_form(a, v);
        bool forgotten = kt_is_listed(c->dropped, t->fields[i].name);
        if ((forgotten && !whole) ||
            ((forgotten || kt_is_listed(c->unwritten, t->fields[i].name)) &&
             is_initial(a, &t->fields[i], v, initial)))
            continue;
        if (!kt_value_set(a, dict, t->fields[i].name, v))
            kt_raise_memory(f);
    }
    return f->e.status;
}

kt_value *kt_object_field(kt_arena *a, const kt_object *o, const char *name)
{
    const kt_field *field = kt_config_find(o->cls->config, name);

    return field_value(a, field, o->config, kt_object_given(o, name));
}

static bool is_none(const kt_value *v)
{
    return v && v->kind == KT_NONE;
}

/* None stands for the name of the class. */
static kt_status write_names(kt_arena *a, const kt_class *c, kt_value *config, kt_fault *f)
{
    kt_str text = {0};
    bool   ok = true;

    const kt_field *name = kt_config_find(c->config, "name");
    if (name && name->kind == KT_F_STR && is_none(kt_value_get(config, "name"))) {
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

static kt_value *object_value(kt_arena *a, const kt_object *o, bool whole, kt_fault *f)
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
    bool written = kt_class_write(a, o->cls, o->config, o->given, whole, config, f) == KT_OK;
    return written && write_names(a, o->cls, config, f) == KT_OK ? v : NULL;
}

kt_value *kt_object_value(kt_arena *a, const kt_object *o, kt_fault *f)
{
    return object_value(a, o, false, f);
}

kt_value *kt_object_whole(kt_arena *a, const kt_object *o, kt_fault *f)
{
    return object_value(a, o, true, f);
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
