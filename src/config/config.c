/* config.c - whole configurations: defaults, reading arguments, writing them back. */
#include "config/config.h"

const kt_config_type kt_no_config = {1, NULL, 0};

const kt_field *kt_config_find(const kt_config_type *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++) {
        if (kt_streq(t->fields[i].name, name))
            return &t->fields[i];
    }
    return NULL;
}

/* --- defaults -------------------------------------------------------------------------------- */

/* The default of a STR is its text itself, unless it is None or stands in quotes. */
static kt_value *read_default(kt_arena *a, const kt_field *field, kt_fault *f)
{
    const char *text = field->initial;
    bool raw = field->kind == KT_F_STR && !kt_streq(text, "None") && *text != '\'' && *text != '"';
    kt_value *v = raw ? kt_value_str(a, text) : kt_expr_parse(text, a, f);

    if (!v)
        kt_raise_memory(f);
    return v;
}

void *kt_config_new(kt_arena *a, const kt_config_type *t, kt_fault *f)
{
    void *config = kt_arena_alloc(a, t->size);

    if (!config) {
        kt_raise_memory(f);
        return NULL;
    }
    for (size_t i = 0; i < t->n; i++) {
        const kt_field *field = &t->fields[i];
        if (!field->initial)
            continue;
        kt_value *v = read_default(a, field, f);
        if (!v || kt_config_set(a, field, config, v, "the defaults", f) != KT_OK)
            return NULL;
    }
    return config;
}

/* --- arguments, in the order and words of Python --------------------------------------------- */

typedef struct binding {
    const kt_config_type *t;
    const char           *owner;
    const kt_value       *args;
    const char *const    *skip;
    bool                  strict; /* what is unknown is Python's error, not the class' */
    const kt_value      **given;  /* one for each field; NULL: not given */
    size_t                n_positional;
    kt_value             *unknown; /* DICT */
    kt_arena             *a;
    kt_fault             *f;
} binding;

static bool is_skipped(const binding *b, const char *key)
{
    for (size_t i = 0; b->skip && b->skip[i]; i++) {
        if (kt_streq(b->skip[i], key))
            return true;
    }
    return false;
}

static void bind_positional(binding *b)
{
    size_t k = 0;

    while (b->n_positional < b->args->n && !b->args->keys[b->n_positional]) {
        while (k < b->t->n && b->t->fields[k].hidden)
            k++;
        if (k < b->t->n)
            b->given[k++] = b->args->items[b->n_positional];
        b->n_positional++;
    }
}

static void hint_name(const binding *b, const char *key)
{
    kt_str      hint = {0};
    kt_vec      names = {0};
    bool        good = true;
    const char *near = NULL;

    for (size_t i = 0; i < b->t->n; i++)
        good &= kt_vec_push(&names, (void *)(uintptr_t)b->t->fields[i].name);
    for (size_t i = 0; b->skip && b->skip[i]; i++)
        good &= kt_vec_push(&names, (void *)(uintptr_t)b->skip[i]);
    if (good && names.n > 0)
        near = kt_did_you_mean(key, (const char *const *)names.at, names.n);
    if (near) {
        kt_str_printf(&hint, "did you mean '%s'?", near);
        kt_fault_hint(b->f, kt_str_text(&hint));
    }
    kt_str_free(&hint);
    kt_vec_free(&names);
}

static kt_status bind_unknown(binding *b, const char *key, kt_value *v)
{
    if (is_skipped(b, key))
        return KT_OK;
    if (b->strict) {
        kt_raise(b->f, KT_E_TYPE, "%s.__init__() got an unexpected keyword argument '%s'", b->owner,
                 key);
        hint_name(b, key);
        return KT_E_TYPE;
    }
    return kt_value_set(b->a, b->unknown, key, v) ? KT_OK : kt_raise_memory(b->f);
}

static kt_status bind_keywords(binding *b)
{
    for (size_t i = b->n_positional; i < b->args->n; i++) {
        const char     *key = b->args->keys[i];
        const kt_field *field = kt_config_find(b->t, key);
        kt_status       status = KT_OK;

        if (!field)
            status = bind_unknown(b, key, b->args->items[i]);
        else if (b->given[field - b->t->fields])
            status = kt_raise(b->f, KT_E_TYPE,
                              "%s.__init__() got multiple values for argument '%s'", b->owner, key);
        else
            b->given[field - b->t->fields] = b->args->items[i];
        if (status != KT_OK)
            return status;
    }
    return KT_OK;
}

/* "takes from 2 to 3 positional arguments but 4 were given": Python counts self as one. */
static kt_status check_count(const binding *b)
{
    size_t most = 1, least = 1;

    for (size_t i = 0; i < b->t->n; i++) {
        most += !b->t->fields[i].hidden;
        least += !b->t->fields[i].hidden && !b->t->fields[i].initial;
    }
    if (b->n_positional + 1 <= most)
        return KT_OK;
    if (least == most)
        return kt_raise(b->f, KT_E_TYPE,
                        "%s.__init__() takes %zu positional argument%s but %zu were given",
                        b->owner, most, most == 1 ? "" : "s", b->n_positional + 1);
    return kt_raise(b->f, KT_E_TYPE,
                    "%s.__init__() takes from %zu to %zu positional arguments but %zu were given",
                    b->owner, least, most, b->n_positional + 1);
}

static bool is_missing(const binding *b, size_t i)
{
    return !b->t->fields[i].initial && !b->given[i];
}

/* 'a'; 'a' and 'b'; 'a', 'b', and 'c'. */
static kt_status check_missing(const binding *b)
{
    size_t n = 0, k = 0;
    kt_str names = {0};

    for (size_t i = 0; i < b->t->n; i++)
        n += is_missing(b, i);
    if (n == 0)
        return KT_OK;
    for (size_t i = 0; i < b->t->n; i++) {
        if (!is_missing(b, i))
            continue;
        const char *before = k == 0 ? "" : k + 1 < n ? ", " : n == 2 ? " and " : ", and ";
        kt_str_printf(&names, "%s'%s'", before, b->t->fields[i].name);
        k++;
    }
    kt_raise(b->f, KT_E_TYPE, "%s.__init__() missing %zu required positional argument%s: %s",
             b->owner, n, n == 1 ? "" : "s", kt_str_text(&names));
    kt_str_free(&names);
    return KT_E_TYPE;
}

/* Python's order: keywords, too many, too few. */
static kt_status bind(binding *b)
{
    kt_status status = KT_OK;

    /* a class without a constructor has object's */
    if (b->strict && b->t->n == 0 && !b->skip && b->args && b->args->n > 0)
        return kt_raise(b->f, KT_E_TYPE, "%s() takes no arguments", b->owner);
    if (b->args && b->args->kind == KT_CALL)
        bind_positional(b);
    if (b->args)
        status = bind_keywords(b);
    if (status == KT_OK)
        status = check_count(b);
    return status == KT_OK ? check_missing(b) : status;
}

static binding binding_of(kt_arena *a, const kt_config_type *t, const char *owner,
                          const kt_value *args, const char *const *skip, kt_fault *f)
{
    bool keyed = args && (args->kind == KT_DICT || args->kind == KT_CALL);

    return (binding){
        .t = t, .owner = owner, .args = keyed ? args : NULL, .skip = skip, .a = a, .f = f};
}

kt_status kt_config_bind(kt_arena *a, const kt_config_type *t, const char *owner,
                         const kt_value *args, const char *const *skip, bool strict, kt_bound *out,
                         kt_fault *f)
{
    binding b = binding_of(a, t, owner, args, skip, f);

    b.strict = strict;
    b.given = kt_arena_calloc(a, t->n + 1, sizeof *b.given);
    b.unknown = kt_value_new(a, KT_DICT);
    *out = (kt_bound){.given = b.given, .unknown = b.unknown};
    return b.given && b.unknown ? bind(&b) : kt_raise_memory(f);
}

kt_status kt_config_known(const kt_config_type *t, const char *owner, const char *sentence,
                          const kt_bound *bound, const char *const *skip, kt_fault *f)
{
    binding b = binding_of(NULL, t, owner, NULL, skip, f);
    kt_str  repr = {0};

    if (bound->unknown->n == 0 || (sentence && !*sentence))
        return KT_OK;
    kt_value_repr(&repr, bound->unknown);
    if (sentence)
        kt_raise(f, KT_E_VALUE, "%s: %s", sentence, kt_str_text(&repr));
    else
        kt_raise(f, KT_E_VALUE, "Unrecognized keyword arguments passed to %s: %s", owner,
                 kt_str_text(&repr));
    kt_str_free(&repr);
    hint_name(&b, bound->unknown->keys[0]);
    return KT_E_VALUE;
}

/* An object as it was given, whether or not somebody knows its name. */
static kt_status set_unseen(kt_arena *a, const kt_field *field, void *config, const kt_value *v,
                            kt_fault *f)
{
    const kt_value **slot = (const kt_value **)(void *)((char *)config + field->offset);

    *slot = v->kind == KT_NONE ? NULL : kt_value_copy(a, v);
    return *slot || v->kind == KT_NONE ? KT_OK : kt_raise_memory(f);
}

void *kt_config_fill(kt_arena *a, const kt_config_type *t, const char *owner, const kt_bound *bound,
                     kt_fault *f)
{
    void *config = kt_config_new(a, t, f);

    for (size_t i = 0; config && i < t->n; i++) {
        const kt_field *field = &t->fields[i];
        const kt_value *v = bound->given[i];
        bool            unseen = bound->names_later && field->kind == KT_F_OBJ;
        kt_status       status = !v     ? KT_OK
                               : unseen ? set_unseen(a, field, config, v, f)
                                        : kt_config_set(a, field, config, v, owner, f);
        if (status != KT_OK)
            return NULL;
    }
    return config;
}

void *kt_config_read(kt_arena *a, const kt_config_type *t, const char *owner, const kt_value *args,
                     const char *const *skip, kt_fault *f)
{
    kt_bound bound;

    if (kt_config_bind(a, t, owner, args, skip, !skip, &bound, f) != KT_OK ||
        kt_config_known(t, owner, NULL, &bound, skip, f) != KT_OK)
        return NULL;
    return kt_config_fill(a, t, owner, &bound, f);
}

kt_status kt_config_write(kt_arena *a, const kt_config_type *t, const void *config, kt_value *dict,
                          kt_fault *f)
{
    for (size_t i = 0; i < t->n; i++) {
        const kt_field *field = &t->fields[i];
        if (!field->hidden && !kt_value_set(a, dict, field->name, kt_config_get(a, field, config)))
            return kt_raise_memory(f);
    }
    return KT_OK;
}
