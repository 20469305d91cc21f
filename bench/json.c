/* json.c - looking up values in JSON text that is known to be good: this program's own table. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static const char *blanks(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

static const char *text_end(const char *p)
{
    for (p++; *p && *p != '"'; p++)
        p += *p == '\\' && p[1];
    return *p ? p + 1 : p;
}

const char *json_end(const char *value)
{
    int depth = 0;

    for (const char *p = value; *p;) {
        if (*p == '"') {
            p = text_end(p);
        } else if (*p == '{' || *p == '[') {
            depth++;
            p++;
        } else if (*p == '}' || *p == ']') {
            depth--;
            p++;
        } else {
            p += depth > 0 ? 1 : strcspn(p, " \t\r\n,]}");
        }
        if (depth == 0)
            return p;
    }
    return value + strlen(value);
}

/* From a key, or from an item of a list, to the value. */
static const char *behind_key(const char *p)
{
    const char *colon = *p == '"' ? blanks(text_end(p)) : p;

    return *colon == ':' ? blanks(colon + 1) : p;
}

const char *json_first(const char *container)
{
    const char *p = container && (*container == '{' || *container == '[') ? blanks(container + 1)
                                                                          : "";

    return *p && *p != '}' && *p != ']' ? behind_key(p) : NULL;
}

const char *json_next(const char *value)
{
    const char *p = blanks(json_end(value));

    return *p == ',' ? behind_key(blanks(p + 1)) : NULL;
}

/* Walks back over the colon to the key's first quote; keys of the table hold no escapes. */
const char *json_key(const char *value)
{
    const char *p = value - 1;

    while (*p != '"')
        p--;
    for (p--; *p != '"'; p--)
        continue;
    return p;
}

const char *json_get(const char *object, const char *key)
{
    char name[WORD];
    bool is_object = object && *object == '{';

    for (const char *v = is_object ? json_first(object) : NULL; v; v = json_next(v))
        if (json_text(json_key(v), name, sizeof name) && strcmp(name, key) == 0)
            return v;
    return NULL;
}

bool json_text(const char *value, char *out, size_t size)
{
    const char *end = value && *value == '"' ? text_end(value) : NULL;
    size_t      n = end ? (size_t)(end - value) - 2 : 0;

    out[0] = 0;
    if (!end || n >= size)
        return false;
    memcpy(out, value + 1, n);
    out[n] = 0;
    return true;
}

int64_t json_int(const char *value, int64_t missing)
{
    return value ? strtoll(value, NULL, 10) : missing;
}
