/* field.c - one field of a configuration: a checked value into the struct, and out of it again. */
#include <math.h>
#include <string.h>

#include "config/rules.h"

/* The member of the struct, as a pointer to its C type. */
static void *member(const kt_field *field, const void *config)
{
    return (char *)(uintptr_t)config + field->offset;
}

const void *kt_config_member(const kt_config_type *t, const char *name, const void *config)
{
    const kt_field *field = kt_config_find(t, name);

    return field ? member(field, config) : NULL;
}

/* --- setting: false where the value is refused; a shortage of memory sets *memory ------------ */

/* None may stand where it is the default, and where nothing is asked of the value. */
static bool takes_none(const kt_field *field)
{
    return kt_streq(field->initial, "None") || !field->rule || !field->rule[0] ||
           strncmp(field->rule, "kept", 4) == 0 || strncmp(field->rule, "met: ", 5) == 0;
}

static bool to_int(const kt_field *field, const kt_value *v, int64_t *out)
{
    kt__range range = kt__rule_range(field->rule);

    if (!kt_is_int(v))
        return false;
    *out = v->i;
    return kt__in_range(&range, (double)*out);
}

static bool to_float(const kt_field *field, const kt_value *v, double *out)
{
    kt__range range = kt__rule_range(field->rule);

    if (!kt_value_number(v, out) || !kt__in_range(&range, *out))
        return false;
    if (kt_streq(field->rule, "share"))
        *out = *out < 0 ? 0 : *out > 1 ? 1 : *out;
    return true;
}

/* Python's truth of a value, since Keras' constructors do not look at its type. */
bool kt_value_true(const kt_value *v)
{
    if (!v)
        return false;
    switch (v->kind) {
    case KT_NONE: return false;
    case KT_BOOL:
    case KT_INT: return v->i != 0;
    case KT_FLOAT: return v->f != 0;
    case KT_STR: return v->s[0] != '\0';
    default: return v->kind == KT_CALL || v->n > 0;
    }
}

static bool to_str(kt_arena *a, const kt_field *field, const kt_value *v, const char **out,
                   bool *memory)
{
    *out = NULL;
    if (v->kind == KT_NONE)
        return takes_none(field);
    kt_str text = {0};
    kt__value_str(&text, v);
    const char *word = kt_str_text(&text);
    *out = kt__rule_has_words(field) ? kt__rule_word(a, field, word) : kt_arena_strdup(a, word);
    *memory = !text.failed && (*out || !a->failed);
    kt_str_free(&text);
    return *out != NULL;
}

static bool to_ints(const kt_field *field, const kt_value *v, kt_ints *out)
{
    kt__range              range = kt__rule_range(field->rule);
    bool                   seq = kt_value_is_seq(v);
    const kt_value *const *items = seq ? (const kt_value *const *)v->items : &v;
    size_t                 n = seq ? v->n : 1;
    bool                   kept = field->rule &&
                (strncmp(field->rule, "kept", 4) == 0 || strncmp(field->rule, "met: ", 5) == 0);

    *out = (kt_ints){.scalar = !seq, .list = v->kind == KT_LIST};
    if (v->kind == KT_NONE)
        return takes_none(field);
    if (n > KT_MAX_RANK || (seq && range.count > 0 && n != (size_t)range.count))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool number = kept ? kt_is_int(items[i]) : items[i]->kind == KT_INT;
        if (!number || !kt__in_range(&range, (double)items[i]->i))
            return false;
        out->v[i] = items[i]->i;
    }
    out->n = (int)n;
    if (range.count > 0) {
        for (; out->n < range.count && out->n < KT_MAX_RANK; out->n++)
            out->v[out->n] = out->v[0];
        out->scalar = out->list = false;
    }
    return true;
}

static bool to_shape(const kt_field *field, const kt_value *v, kt_optshape *out)
{
    *out = (kt_optshape){.set = v->kind != KT_NONE};
    if (!out->set)
        return takes_none(field);
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n; i++) {
        if (v->items[i]->kind == KT_INT && v->items[i]->i < 0)
            return false;
    }
    return (v->kind != KT_INT || v->i >= 0) && kt_shape_from_value(v, &out->v);
}

/* None is NULL. Only names are looked up here; who makes the object checks the rest. */
static bool to_value(kt_arena *a, const kt_field *field, const kt_value *v, const kt_value **out,
                     bool *memory)
{
    *out = NULL;
    if (v->kind == KT_NONE)
        return true;
    if (field->kind == KT_F_OBJ && v->kind == KT_STR && !kt__is_known_object(field->rule, v->s))
        return false;
    *out = kt_value_copy(a, v);
    *memory = *out != NULL;
    return *out != NULL;
}

static bool set_optional(kt_arena *a, const kt_field *field, void *slot, const kt_value *v,
                         bool *memory)
{
    bool none = v->kind == KT_NONE;

    if (field->kind == KT_F_OPTINT) {
        kt_optint *x = slot;
        *x = (kt_optint){.set = !none};
        bool kept = kt_streq(field->rule, "kept");
        if (none || ((!kept || v->kind == KT_INT) && to_int(field, v, &x->v)))
            return true;
        if (!kept)
            return false;
        x->odd = kt_value_copy(a, v);
        *memory = x->odd != NULL;
        return true;
    }
    kt_optfloat *x = slot;
    *x = (kt_optfloat){.set = !none};
    return none || to_float(field, v, &x->v);
}

kt_status kt_config_set(kt_arena *a, const kt_field *field, void *config, const kt_value *v,
                        const char *owner, kt_fault *f)
{
    static const kt_value none = {.kind = KT_NONE};
    void                 *slot = member(field, config);
    bool                  good, memory = true;

    v = v ? v : &none;
    bool        at_once = false;
    const char *how = kt_field_keeps(field, v, &at_once);
    if (how) { /* who has the object has the value, too */
        double one;
        if (at_once)
            return kt_stumble(how, v, false, f);
        if (field->kind == KT_F_INT && v->kind == KT_FLOAT && fabs(v->f) < 1e15)
            *(int64_t *)slot = (int64_t)ceil(v->f); /* what is compared with it is whole */
        if (!kt_value_is_seq(v) || v->n != 1 || !kt_value_number(v->items[0], &one))
            return KT_OK;
        v = v->items[0]; /* a tensor of one number is spread */
    }
    switch (field->kind) {
    case KT_F_INT: good = to_int(field, v, slot); break;
    case KT_F_FLOAT: good = to_float(field, v, slot); break;
    case KT_F_BOOL:
        *(bool *)slot = kt_value_true(v);
        good = true;
        break;
    case KT_F_STR: good = to_str(a, field, v, slot, &memory); break;
    case KT_F_INTS: good = to_ints(field, v, slot); break;
    case KT_F_SHAPE: good = to_shape(field, v, slot); break;
    case KT_F_OBJ:
    case KT_F_ANY: good = to_value(a, field, v, slot, &memory); break;
    default: good = set_optional(a, field, slot, v, &memory);
    }
    if (!memory)
        return kt_raise_memory(f);
    return good ? KT_OK : kt__refuse(field, owner, v, f);
}

/* --- getting --------------------------------------------------------------------------------- */

static kt_value *none(kt_arena *a)
{
    return kt_value_new(a, KT_NONE);
}

static kt_value *from_ints(kt_arena *a, const kt_ints *x)
{
    if (x->scalar && x->n <= 1)
        return x->n == 1 ? kt_value_int(a, x->v[0]) : none(a);

    kt_value *seq = kt_value_new(a, x->list ? KT_LIST : KT_TUPLE);
    for (int i = 0; seq && i < x->n; i++) {
        if (!kt_value_add(a, seq, NULL, kt_value_int(a, x->v[i])))
            return NULL;
    }
    return seq;
}

kt_value *kt_config_get(kt_arena *a, const kt_field *field, const void *config)
{
    const void *slot = member(field, config);

    switch (field->kind) {
    case KT_F_INT: return kt_value_int(a, *(const int64_t *)slot);
    case KT_F_FLOAT: return kt_value_float(a, *(const double *)slot);
    case KT_F_BOOL: return kt_value_bool(a, *(const bool *)slot);
    case KT_F_STR: {
        const char *s = *(const char *const *)slot;
        return s ? kt_value_str(a, s) : none(a);
    }
    case KT_F_OPTINT: {
        const kt_optint *x = slot;
        if (x->odd)
            return kt_value_copy(a, x->odd);
        return x->set ? kt_value_int(a, x->v) : none(a);
    }
    case KT_F_OPTFLOAT: {
        const kt_optfloat *x = slot;
        return x->set ? kt_value_float(a, x->v) : none(a);
    }
    case KT_F_INTS: return from_ints(a, slot);
    case KT_F_SHAPE: {
        const kt_optshape *x = slot;
        return x->set ? kt_shape_value(a, &x->v) : none(a);
    }
    default: {
        const kt_value *v = *(const kt_value *const *)slot;
        return v ? kt_value_copy(a, v) : none(a);
    }
    }
}

bool kt_field_says(const kt_field *field, const char *word)
{
    size_t      n = strlen(word);
    const char *s = field->kind == KT_F_ANY && field->rule ? field->rule : "";

    while (*s) {
        size_t length = strcspn(s, ",");
        if (length == n && memcmp(s, word, n) == 0)
            return true;
        s += length + strspn(s + length, ", ");
    }
    return false;
}
