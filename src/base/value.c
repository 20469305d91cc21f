/* value.c - Python's literals in an arena: making, finding, copying, comparing. */
#include "base/base.h"

#include <math.h>
#include <string.h>

kt_value *kt_value_new(kt_arena *a, kt_kind kind)
{
    kt_value *v = kt_arena_alloc(a, sizeof *v);
    if (v) {
        v->kind = kind;
    }
    return v;
}

kt_value *kt_value_bool(kt_arena *a, bool b)
{
    kt_value *v = kt_value_new(a, KT_BOOL);
    if (v) {
        v->b = b;
        v->i = b;
    }
    return v;
}

kt_value *kt_value_int(kt_arena *a, int64_t i)
{
    kt_value *v = kt_value_new(a, KT_INT);
    if (v) {
        v->i = i;
    }
    return v;
}

kt_value *kt_value_float(kt_arena *a, double f)
{
    kt_value *v = kt_value_new(a, KT_FLOAT);
    if (v) {
        v->f = f;
    }
    return v;
}

kt_value *kt_value_str(kt_arena *a, const char *s)
{
    kt_value *v = kt_value_new(a, KT_STR);
    if (!v) {
        return NULL;
    }
    v->s = kt_arena_strdup(a, s ? s : "");
    return v->s ? v : NULL;
}

static bool is_keyed(const kt_value *v)
{
    return v->kind == KT_DICT || v->kind == KT_CALL;
}

/* Room for one more item. The old arrays stay in the arena until it goes. */
static bool reserve(kt_arena *a, kt_value *v)
{
    if (v->n < v->cap) {
        return true;
    }
    size_t       cap = v->cap ? v->cap * 2 : 4;
    kt_value   **items = kt_arena_calloc(a, cap, sizeof *items);
    const char **keys = is_keyed(v) ? kt_arena_calloc(a, cap, sizeof *keys) : NULL;
    if (!items || (is_keyed(v) && !keys)) {
        return false;
    }
    if (v->n) {
        memcpy(items, v->items, v->n * sizeof *items);
    }
    if (v->n && keys) {
        memcpy(keys, v->keys, v->n * sizeof *keys);
    }
    v->items = items;
    v->keys = keys;
    v->cap = cap;
    return true;
}

bool kt_value_add(kt_arena *a, kt_value *to, const char *key, kt_value *v)
{
    KT_ASSERT(!to || is_keyed(to) || (kt_value_is_seq(to) && !key));
    if (!to || !v || !reserve(a, to)) {
        return false;
    }
    if (is_keyed(to)) {
        const char *copy = kt_arena_strdup(a, key);
        if (key && !copy) {
            return false;
        }
        to->keys[to->n] = copy;
    }
    to->items[to->n++] = v;
    return true;
}

/* Index of the item named `key`, or n. */
static size_t index_of(const kt_value *dict, const char *key)
{
    size_t i = 0;
    while (i < dict->n && !(dict->keys[i] && kt_streq(dict->keys[i], key))) {
        i++;
    }
    return i;
}

void kt_value_drop(kt_value *dict, const char *key)
{
    size_t n = 0;

    for (size_t i = 0; i < dict->n; i++) {
        if (kt_streq(dict->keys[i], key))
            continue;
        dict->keys[n] = dict->keys[i];
        dict->items[n++] = dict->items[i];
    }
    dict->n = n;
}

bool kt_value_set(kt_arena *a, kt_value *dict, const char *key, kt_value *v)
{
    if (!dict || !v) {
        return false;
    }
    KT_ASSERT(is_keyed(dict) && key);
    size_t i = index_of(dict, key);
    if (i == dict->n) {
        return kt_value_add(a, dict, key, v);
    }
    dict->items[i] = v;
    return true;
}

kt_value *kt_value_get(const kt_value *dict, const char *key)
{
    if (!dict || !key || !is_keyed(dict)) {
        return NULL;
    }
    size_t i = index_of(dict, key);
    return i < dict->n ? dict->items[i] : NULL;
}

const char *kt_value_text(const kt_value *v)
{
    return v && v->kind == KT_STR ? v->s : NULL;
}

bool kt_value_number(const kt_value *v, double *out)
{
    if (!v || (v->kind != KT_INT && v->kind != KT_FLOAT && v->kind != KT_BOOL)) {
        return false;
    }
    *out = v->kind == KT_FLOAT ? v->f : v->kind == KT_INT ? (double)v->i : (double)v->b;
    return true;
}

/* As deep as the value: those who read text into values bound how deep they nest. */
kt_value *kt_value_copy(kt_arena *a, const kt_value *v)
{
    kt_value *copy = v ? kt_value_new(a, v->kind) : NULL;
    if (!copy) {
        return NULL;
    }
    copy->b = v->b;
    copy->i = v->i;
    copy->f = v->f;
    copy->s = kt_arena_strdup(a, v->s);
    if (v->s && !copy->s) {
        return NULL;
    }
    for (size_t i = 0; i < v->n; i++) {
        kt_value *item = kt_value_copy(a, v->items[i]);
        if (!kt_value_add(a, copy, is_keyed(v) ? v->keys[i] : NULL, item)) {
            return NULL;
        }
    }
    return copy;
}

/* --- equality, as Python's == -------------------------------------------------------------- */

static bool same_number(const kt_value *a, const kt_value *b)
{
    if (a->kind == KT_FLOAT && b->kind == KT_FLOAT) {
        return a->f == b->f;
    }
    if (a->kind == KT_FLOAT) {
        return same_number(b, a);
    }
    int64_t i = a->kind == KT_BOOL ? a->b : a->i;
    if (b->kind != KT_FLOAT) {
        return i == (b->kind == KT_BOOL ? (int64_t)b->b : b->i);
    }
    /* Whole numbers beyond 2^53 are compared as such: rounding them would make neighbours equal. */
    bool fits = b->f >= -0x1p63 && b->f < 0x1p63 && floor(b->f) == b->f;
    return fits && (int64_t)b->f == i;
}

static bool same_items(const kt_value *a, const kt_value *b)
{
    for (size_t i = 0; i < a->n; i++) {
        bool            named = is_keyed(a) && a->keys[i];
        bool            other_named = !named && is_keyed(b) && b->keys[i];
        const kt_value *other = named ? kt_value_get(b, a->keys[i]) : b->items[i];
        if (!other || other_named || !kt_value_equal(a->items[i], other)) {
            return false;
        }
    }
    return true;
}

bool kt_value_equal(const kt_value *a, const kt_value *b)
{
    double unused;
    if (!a || !b) {
        return a == b;
    }
    if (kt_value_number(a, &unused) && kt_value_number(b, &unused)) {
        return same_number(a, b);
    }
    return a->kind == b->kind && a->n == b->n && kt_streq(a->s, b->s) && same_items(a, b);
}
