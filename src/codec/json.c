/* json.c - reads JSON over jansson into kt_value.
 *
 * Python writes NaN, Infinity and -Infinity, which JSON does not have and jansson refuses. Such
 * bare words are rewritten as strings that start with a NUL character before jansson sees them, and
 * turned into numbers after. No text of the file can be mistaken for one, since a NUL inside a
 * string is refused on the way (a kt_value's text could not hold it either).
 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "codec/codec.h"

#define DEPTH_LIMIT 512 /* nested lists and dicts; Python itself gives up near 1000 */

/* --- the words that JSON lacks ---------------------------------------------------------------- */

typedef struct word {
    const char *text;
    const char *marker; /* as it is written into the JSON */
    char        code;   /* what follows the NUL after parsing */
} word;

static const word words[] = {
    {"NaN", "\"\\u0000n\"", 'n'},
    {"Infinity", "\"\\u0000p\"", 'p'},
    {"-Infinity", "\"\\u0000m\"", 'm'},
};

static const word *word_at(const char *p, const char *end)
{
    for (size_t i = 0; i < KT_COUNT(words); i++) {
        size_t n = strlen(words[i].text);
        if ((size_t)(end - p) >= n && memcmp(p, words[i].text, n) == 0)
            return &words[i];
    }
    return NULL;
}

/* The end of the string that starts at p (on its quote), or NULL if it holds an escaped NUL. */
static const char *skip_string(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++) {
        if (*p != '\\' || p + 1 == end)
            continue;
        if (end - p >= 6 && memcmp(p, "\\u0000", 6) == 0)
            return NULL;
        p++;
    }
    return p < end ? p + 1 : end;
}

/* Copies text to out with the words replaced. False if a string holds an escaped NUL. */
static bool replace_words(kt_str *out, const char *text, size_t size)
{
    const char *p = text, *end = text + size, *from = text;

    while (p < end) {
        if (*p == '"') {
            p = skip_string(p, end);
            if (!p)
                return false;
            continue;
        }
        const word *w = *p == 'N' || *p == 'I' || *p == '-' ? word_at(p, end) : NULL;
        if (!w) {
            p++;
            continue;
        }
        kt_str_addn(out, from, (size_t)(p - from));
        kt_str_add(out, w->marker);
        p += strlen(w->text);
        from = p;
    }
    kt_str_addn(out, from, (size_t)(end - from));
    return true;
}

/* --- jansson's tree to ours ------------------------------------------------------------------- */

typedef struct reader {
    const char *name;
    kt_arena   *arena;
    kt_fault   *fault;
} reader;

static kt_value *convert(reader *r, const json_t *j, int depth);

static kt_value *convert_string(reader *r, const json_t *j)
{
    const char *s = json_string_value(j);

    if (json_string_length(j) == 2 && s[0] == '\0')
        return kt_value_float(r->arena, s[1] == 'n' ? NAN : s[1] == 'p' ? INFINITY : -INFINITY);
    return kt_value_str(r->arena, s);
}

static kt_value *convert_array(reader *r, const json_t *j, int depth)
{
    kt_value *list = kt_value_new(r->arena, KT_LIST);
    size_t    n = json_array_size(j);

    for (size_t i = 0; list && i < n; i++) {
        kt_value *item = convert(r, json_array_get(j, i), depth);
        if (!kt_value_add(r->arena, list, NULL, item))
            return NULL;
    }
    return list;
}

static kt_value *convert_object(reader *r, json_t *j, int depth)
{
    kt_value *dict = kt_value_new(r->arena, KT_DICT);

    for (void *at = json_object_iter(j); dict && at; at = json_object_iter_next(j, at)) {
        const char *key = kt_arena_strdup(r->arena, json_object_iter_key(at));
        kt_value   *item = convert(r, json_object_iter_value(at), depth);
        if (!key || !kt_value_add(r->arena, dict, key, item))
            return NULL;
    }
    return dict;
}

/* NULL without memory, or with an error raised. */
static kt_value *convert(reader *r, const json_t *j, int depth)
{
    if (depth > DEPTH_LIMIT) {
        kt_raise(r->fault, KT_E_VALUE, "'%s' nests more than %d levels deep", r->name, DEPTH_LIMIT);
        return NULL;
    }
    switch (json_typeof(j)) {
    case JSON_OBJECT:
        /* Iterating does not change the object; jansson's signature only lacks the const. */
        return convert_object(r, (json_t *)(uintptr_t)j, depth + 1);
    case JSON_ARRAY: return convert_array(r, j, depth + 1);
    case JSON_STRING: return convert_string(r, j);
    case JSON_INTEGER: return kt_value_int(r->arena, (int64_t)json_integer_value(j));
    case JSON_REAL: return kt_value_float(r->arena, json_real_value(j));
    case JSON_TRUE: return kt_value_bool(r->arena, true);
    case JSON_FALSE: return kt_value_bool(r->arena, false);
    case JSON_NULL: return kt_value_new(r->arena, KT_NONE);
    }
    return NULL;
}

static json_t *load(reader *r, const kt_str *plain)
{
    json_error_t error;
    json_t      *j = json_loadb(kt_str_text(plain), plain->len, JSON_DECODE_ANY | JSON_ALLOW_NUL,
                                &error);

    /* Replaced words keep their line, but not their column. */
    if (!j && json_error_code(&error) == json_error_out_of_memory)
        kt_raise_memory(r->fault);
    else if (!j)
        kt_raise(r->fault, KT_E_VALUE, "'%s' is no valid JSON: line %d: %s", r->name, error.line,
                 error.text);
    return j;
}

kt_value *kt_json_parse(const char *name, const char *text, size_t size, kt_arena *a, kt_fault *f)
{
    reader    r = {name, a, f};
    kt_str    plain = {.limit = size * 4 + 16}; /* the longest marker is thrice its word */
    kt_value *v = NULL;

    if (size > kt_json_limit()) {
        kt_raise(f, KT_E_VALUE,
                 "'%s' is a JSON text of %zu bytes; more than %zu are not read "
                 "(kt_set_config_limit)",
                 name, size, kt_json_limit());
        return NULL;
    }
    if (size >= 3 &&
        memcmp(text, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark, as Windows editors write */
        text += 3;
        size -= 3;
    }
    if (!replace_words(&plain, text, size)) {
        kt_raise(f, KT_E_VALUE, "'%s' holds a NUL character in a string", name);
    } else if (plain.failed) {
        kt_raise_memory(f);
    } else {
        json_t *j = load(&r, &plain);
        if (j) {
            v = convert(&r, j, 0);
            if (!v)
                kt_raise_memory(f); /* changes nothing where the nesting was refused */
            json_decref(j);
        }
    }
    kt_str_free(&plain);
    return v;
}
