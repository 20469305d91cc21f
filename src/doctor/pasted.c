/* pasted.c - reading a pasted error: one line without colours, and the shapes in it. */
#include <ctype.h>
#include <string.h>

#include "doctor/explain.h"

/* A colour is ESC [ numbers letter; also where only "[1m" survived the copying. */
static size_t colour(const char *p)
{
    size_t n = *p == 27 ? 1 : 0;

    if (p[n] != '[')
        return n;
    size_t k = n + 1;
    while (isdigit((unsigned char)p[k]) || p[k] == ';')
        k++;
    return p[k] == 'm' ? k + 1 : n;
}

const char *kt_one_line(kt_arena *a, const char *text)
{
    kt_str out = {0};

    for (const char *p = text; *p;) {
        size_t skip = colour(p);
        if (skip) {
            p += skip;
        } else if (isspace((unsigned char)*p)) {
            if (out.len && out.data[out.len - 1] != ' ')
                kt_str_addc(&out, ' ');
            p++;
        } else {
            kt_str_addc(&out, *p++);
        }
    }
    const char *line = kt_str_keep(&out, a);
    return line ? line : "";
}

const char *kt_behind(const char *text, const char *words)
{
    const char *at = text ? strstr(text, words) : NULL;

    return at ? at + strlen(words) : NULL;
}

/* One size: a number, or None, null, ? for an open one; false otherwise. */
static bool read_size(const char **p, int64_t *out)
{
    static const char *const open[] = {"None", "null", "?", "-1"};

    while (**p == ' ' || **p == ',')
        ++*p;
    for (size_t i = 0; i < KT_COUNT(open); i++)
        if (strncmp(*p, open[i], strlen(open[i])) == 0) {
            *p += strlen(open[i]);
            *out = KT_UNKNOWN;
            return true;
        }
    if (!isdigit((unsigned char)**p))
        return false;
    for (*out = 0; isdigit((unsigned char)**p) && *out < INT64_MAX / 16; ++*p)
        *out = *out * 10 + (**p - '0');
    return true;
}

kt_shape kt_read_shape(const char *p, const char **after)
{
    for (; p && *p; p++) {
        if (*p != '(' && *p != '[')
            continue;
        kt_shape    s = {.rank = 0};
        const char *at = p + 1;
        int64_t     size;
        while (s.rank < KT_MAX_RANK && read_size(&at, &size))
            s.dim[s.rank++] = size;
        while (*at == ' ' || *at == ',')
            at++;
        if (*at != ')' && *at != ']')
            continue;
        if (after)
            *after = at + 1;
        return s;
    }
    return (kt_shape){.rank = -1};
}

bool kt_read_number(const char *p, int64_t *out)
{
    while (p && *p && !isdigit((unsigned char)*p))
        p++;
    return p && *p && read_size(&p, out);
}

const char *kt_read_layer(kt_arena *a, const char *text)
{
    const char *at = kt_behind(text, "layer ");

    while (at && strncmp(at, "is incompatible", 15) == 0)
        at = kt_behind(at, "layer ");
    if (!at)
        return "";
    if (*at == '\'' || *at == '"')
        at++;

    const char *name = kt_arena_strndup(a, at, strcspn(at, "'\" ,:."));
    return name ? name : "";
}
