/* translate.c - configurations of Keras 1.0 to 2.15 (tf.keras, too) in today's form, before the one
 * reader sees them. What differs stands in translate_table.c; the rest is what inbound nodes and a
 * Sequential look like.
 */
#include <stdlib.h>
#include <string.h>

#include "io/translate.h"

/* --- fields ----------------------------------------------------------------------------------- */

bool kt__among(const char *words, const char *word)
{
    size_t n = strlen(word);

    if (kt_streq(words, "*"))
        return true;
    for (const char *at = words; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (strncmp(at, word, n) == 0 && (at[n] == '|' || at[n] == '\0'))
            return true;
    return false;
}

void kt__drop(kt_value *dict, const char *key)
{
    size_t to = 0;

    for (size_t i = 0; i < dict->n; i++)
        if (!kt_streq(dict->keys[i], key)) {
            dict->keys[to] = dict->keys[i];
            dict->items[to++] = dict->items[i];
        }
    dict->n = to;
}

kt_status kt__refuse_field(kt_translation *t, const kt_value *config, const char *class_name,
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

kt_status kt__set_literal(kt_translation *t, kt_value *dict, const char *key, const char *literal)
{
    kt_value *v = kt_expr_parse(literal, t->a, t->f);

    if (v && !kt_value_set(t->a, dict, key, v))
        kt_raise_memory(t->f);
    return t->f->e.status;
}

static void rename_field(kt_value *config, const char *old, const char *new)
{
    if (kt_value_get(config, new))
        kt__drop(config, old);
    for (size_t i = 0; i < config->n; i++)
        if (kt_streq(config->keys[i], old))
            config->keys[i] = new;
}

/* The fields "nb_row|nb_col" as one list. */
static kt_status join(kt_translation *t, kt_value *config, const char *fields, const char *into)
{
    kt_value *list = kt_value_new(t->a, KT_LIST);

    for (const char *at = fields; list && *at;) {
        size_t      n = strcspn(at, "|");
        const char *field = kt_arena_printf(t->a, "%.*s", (int)n, at);
        kt_value   *v = field ? kt_value_get(config, field) : NULL;
        if (!v)
            return field ? KT_OK
                         : kt_raise_memory(t->f); /* the layer's reader says what it lacks */
        if (!kt_value_add(t->a, list, NULL, v))
            return kt_raise_memory(t->f);
        kt__drop(config, field);
        at += n + (at[n] == '|');
    }
    return list && kt_value_set(t->a, config, into, list) ? KT_OK : kt_raise_memory(t->f);
}

/* Keras 1 and 2 divided the learning rate by 1 + decay * steps. */
static kt_status decay(kt_translation *t, kt_value *config, const kt_value *v)
{
    kt_value *rate = kt_value_get(config, "learning_rate");
    double    is = 0;

    if (!kt_value_number(v, &is) || is == 0 || !rate || !kt_value_number(rate, &is))
        return KT_OK;
    kt_value *schedule = kt_value_new(t->a, KT_DICT), *c = kt_value_new(t->a, KT_DICT);
    bool      ok = schedule && c && kt_value_add(t->a, c, "initial_learning_rate", rate) &&
              kt_value_add(t->a, c, "decay_steps", kt_value_int(t->a, 1)) &&
              kt_value_add(t->a, c, "decay_rate", kt_value_copy(t->a, v)) &&
              kt_value_add(t->a, schedule, "class_name", kt_value_str(t->a, "InverseTimeDecay")) &&
              kt_value_add(t->a, schedule, "config", c) &&
              kt_value_set(t->a, config, "learning_rate", schedule);
    return ok ? KT_OK : kt_raise_memory(t->f);
}

static kt_value *pair(kt_translation *t, kt_value *x, kt_value *y)
{
    kt_value *v = kt_value_new(t->a, KT_LIST);

    x = x ? x : kt_value_int(t->a, 0);
    y = y ? y : kt_value_int(t->a, 0);
    if (v && kt_value_add(t->a, v, NULL, x) && kt_value_add(t->a, v, NULL, y))
        return v;
    kt_raise_memory(t->f);
    return NULL;
}

/* [1, 2, 3, 4] or {"top_pad": 1, ...} of rows and columns; of one axis {"left_pad": 1, ...}. */
static kt_status pairs(kt_translation *t, kt_value *config, const char *key, const kt_value *v)
{
    kt_value *rows = NULL, *columns = NULL;

    if (kt_value_is_seq(v) && v->n == 4) {
        rows = pair(t, v->items[0], v->items[1]);
        columns = pair(t, v->items[2], v->items[3]);
    } else if (v->kind == KT_DICT) {
        bool both = kt_value_get(v, "top_pad") || kt_value_get(v, "bottom_pad");
        rows = both ? pair(t, kt_value_get(v, "top_pad"), kt_value_get(v, "bottom_pad")) : NULL;
        columns = pair(t, kt_value_get(v, "left_pad"), kt_value_get(v, "right_pad"));
    }
    kt_value *whole = rows && columns ? pair(t, rows, columns) : columns;
    if (whole && !kt_value_set(t->a, config, key, whole))
        kt_raise_memory(t->f);
    return t->f->e.status;
}

static kt_status change_field(kt_translation *t, const char *class_name, kt_value *config,
                              const kt_old_field *row)
{
    const char *key = row->field;
    kt_value   *v = kt_value_get(config, key);

    if (!v && row->what == KT_DEFAULT)
        return kt__set_literal(t, config, key, row->value);
    if (!v && row->what == KT_ORDER && t->order &&
        !kt_value_add(t->a, config, key, kt_value_str(t->a, t->order)))
        return kt_raise_memory(t->f);
    if (!v)
        return KT_OK;
    switch (row->what) {
    case KT_RENAME: rename_field(config, key, row->into); break;
    case KT_ONLY:
        if (!kt__says(t->a, v, row->value))
            return kt__refuse_field(t, config, class_name, key, v);
        kt__drop(config, key);
        break;
    case KT_DROP: kt__drop(config, key); break;
    case KT_ONE:
        if (kt_value_is_seq(v) && v->n == 1)
            kt_value_set(t->a, config, key, v->items[0]);
        break;
    case KT_REPLACE:
        if (kt__says(t->a, v, row->value))
            return kt__set_literal(t, config, key, row->into);
        break;
    case KT_JOIN: return join(t, config, row->value, row->into);
    case KT_DECAY: return decay(t, config, v);
    case KT_PAIRS: return pairs(t, config, key, v);
    case KT_DEFAULT:
    case KT_ORDER: break;
    }
    return t->a->failed ? kt_raise_memory(t->f) : KT_OK;
}

/* --- objects ---------------------------------------------------------------------------------- */

static kt_status translate(kt_translation *t, kt_value *v);

/* Keras 1 wrote {"name": "MaxNorm", "m": 2} where today is {"class_name", "config"}. */
static kt_status settle_named(kt_translation *t, kt_value *config)
{
    for (size_t i = 0; t->keras == 1 && i < config->n; i++) {
        const char *key = config->keys[i], *last = strrchr(key, '_');
        kt_value   *v = config->items[i], *name = kt_value_get(v, "name");
        bool named = last && (kt_streq(last, "_regularizer") || kt_streq(last, "_constraint"));
        if (!named || !kt_value_text(name) || kt_value_get(v, "class_name"))
            continue;
        kt_value *object = kt_value_new(t->a, KT_DICT);
        kt__drop(v, "name");
        if (!object || !kt_value_add(t->a, object, "class_name", name) ||
            !kt_value_add(t->a, object, "config", v))
            return kt_raise_memory(t->f);
        config->items[i] = object;
    }
    return KT_OK;
}

static kt_status translate_parts(kt_translation *t, kt_value *v)
{
    for (size_t i = 0; v && i < v->n && (v->kind == KT_DICT || kt_value_is_seq(v)); i++)
        if (translate(t, v->items[i]) != KT_OK)
            break;
    return t->f->e.status;
}

static kt_status refuse_class(kt_translation *t, const kt_value *config, const kt_old_class *c)
{
    const char *name = kt_value_text(kt_value_get(config, "name"));

    return kt_raise(t->f, KT_E_NOT_IMPLEMENTED, "%s: '%s' is a %s, which is not supported: %s",
                    t->file, name ? name : c->old, c->old, c->why);
}

/* Sequential's configuration as a bare list of layers. */
static kt_value *wrap_list(kt_translation *t, kt_value *v, kt_value *layers)
{
    kt_value *config = kt_value_new(t->a, KT_DICT);

    if (config && kt_value_add(t->a, config, "layers", layers) &&
        kt_value_set(t->a, v, "config", config))
        return config;
    kt_raise_memory(t->f);
    return NULL;
}

static kt_status translate_fields(kt_translation *t, const char *old, const char *name,
                                  kt_value *config)
{
    for (const kt_old_field *row = kt_old_fields; row->classes; row++)
        if (t->keras <= row->until &&
            (kt__among(row->classes, name) || kt__among(row->classes, old)) &&
            change_field(t, name, config, row) != KT_OK)
            break;
    return t->f->e.status;
}

static kt_status translate_object(kt_translation *t, kt_value *v, const char *old)
{
    const char *name = old;
    kt_value   *config = kt_value_get(v, "config");

    for (const kt_old_class *c = kt_old_classes; c->old; c++)
        if (kt_streq(c->old, old)) {
            if (!c->new)
                return refuse_class(t, config, c);
            name = c->new;
        }
    if (!kt_value_set(t->a, v, "class_name", kt_value_str(t->a, name)))
        return kt_raise_memory(t->f);
    if (kt_streq(name, "Sequential") && kt_value_is_seq(config))
        config = wrap_list(t, v, config);
    if (!config || config->kind != KT_DICT)
        return t->f->e.status;
    if (settle_named(t, config) != KT_OK || translate_parts(t, config) != KT_OK ||
        translate_fields(t, old, name, config) != KT_OK)
        return t->f->e.status;
    if (kt_streq(name, "Functional"))
        return kt__translate_nodes(t, config);
    return t->keras == 1 ? kt__translate_keras1(t, v, old) : KT_OK;
}

static kt_status translate(kt_translation *t, kt_value *v)
{
    const char *name = kt_value_text(kt_value_get(v, "class_name"));
    bool        own = name && strncmp(name, "Custom>", 7) == 0; /* optimizers of 2.11 to 2.15 */

    if (!name || !kt_value_get(v, "config"))
        return translate_parts(t, v);
    if (kt_is_foreign(v) && !own)
        return KT_OK;
    if (own)
        kt__drop(v, "registered_name");
    if (translate_object(t, v, own ? name + 7 : name) != KT_OK)
        return t->f->e.status;
    return translate_parts(t, kt_value_get(v, "compile_config"));
}

/* --- the whole -------------------------------------------------------------------------------- */

/* The first dim_ordering that any layer has. */
static const char *order_of(const kt_value *v)
{
    const char *own = kt_value_text(kt_value_get(v, "dim_ordering"));

    if (own && !kt_streq(own, "default"))
        return kt_streq(own, "th") ? "channels_first" : "channels_last";
    for (size_t i = 0; !own && v && i < v->n; i++)
        if ((own = order_of(v->items[i])) != NULL)
            return own;
    return NULL;
}

kt_status kt_translate(kt_value *v, int keras, const char *file, kt_arena *a, kt_fault *f)
{
    kt_translation t = {
        .a = a, .keras = keras, .order = keras == 1 ? order_of(v) : NULL, .file = file, .f = f};

    return translate(&t, v);
}

int kt_keras_of(const char *version, int without)
{
    long major = version ? strtol(version, NULL, 10) : without;

    return major < 1 ? without : major > 3 ? 3 : (int)major;
}
