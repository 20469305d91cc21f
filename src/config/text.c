/* text.c - which names a call's text sets: `128, .activation = "relu", .use_bias = false` sets two.
 *
 * The text is what the preprocessor makes of a call's arguments. Strings, characters, comments
 * and brackets are stepped over; a designator stands at the beginning or behind a comma. */
#include <string.h>

#include "config/config.h"

/* Behind the string, character or comment that begins at s; s itself if none does. */
static const char *skip_opaque(const char *s)
{
    if (s[0] == '/' && s[1] == '*') {
        const char *end = strstr(s + 2, "*/");
        return end ? end + 2 : s + strlen(s);
    }
    if (s[0] == '/' && s[1] == '/')
        return s + strcspn(s, "\n");
    if (*s != '"' && *s != '\'')
        return s;
    for (char quote = *s++; *s && *s != quote; s++)
        s += *s == '\\' && s[1];
    return *s ? s + 1 : s;
}

static const char *skip_blanks(const char *s)
{
    for (const char *next = s;; s = next) {
        next = s + strspn(s, " \t\r\n");
        if (*next == '/')
            next = skip_opaque(next);
        if (next == s)
            return s;
    }
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Is s ".name" followed by "=" (or by a part of it: ".name[0] =", ".name.n =")? */
static bool sets(const char *s, const char *name)
{
    if (*s != '.')
        return false;
    s = skip_blanks(s + 1);
    size_t n = strlen(name);
    if (strncmp(s, name, n) != 0 || is_word(s[n]))
        return false;
    s = skip_blanks(s + n);
    return (*s == '=' && s[1] != '=') || *s == '[' || *s == '.';
}

bool kt_text_names(const char *text, const char *name)
{
    int  depth = 0;
    bool begins = true; /* an argument begins here */

    if (!text || !name || !*name)
        return false;
    for (const char *s = skip_blanks(text); *s; s = skip_blanks(s)) {
        if (depth == 0 && begins && sets(s, name))
            return true;
        begins = *s == ',';
        depth += *s == '(' || *s == '[' || *s == '{';
        depth -= *s == ')' || *s == ']' || *s == '}';
        const char *next = skip_opaque(s);
        s = next == s ? s + 1 : next;
    }
    return false;
}

/* The end of what begins at s: the next comma outside brackets, or the end of the text or of the
 * bracket around it. */
static const char *argument_end(const char *s, const char *end)
{
    int depth = 0;

    while (s < end && *s && (depth > 0 || *s != ',')) {
        depth += *s == '(' || *s == '[' || *s == '{';
        depth -= *s == ')' || *s == ']' || *s == '}';
        const char *next = skip_opaque(s);
        s = next == s ? s + 1 : next;
    }
    return s < end ? s : end;
}

bool kt_text_next(const char **at, kt_text_item *out)
{
    const char *s = skip_blanks(*at), *end = argument_end(s, s + strlen(s));

    *out = (kt_text_item){.value = s};
    *at = *end ? end + 1 : end;
    if (!*s)
        return false;
    if (*s == '.') {
        out->name = skip_blanks(s + 1);
        s = out->name;
        while (is_word(*s))
            s++;
        out->name_length = (size_t)(s - out->name);
        s = skip_blanks(s);
        if (s < end && *s == '=')
            out->value = skip_blanks(s + 1);
    }
    out->length = out->value < end ? (size_t)(end - out->value) : 0;
    return true;
}

int kt_text_elements(const kt_text_item *item)
{
    const char *s = item->value, *end = s + item->length;
    int         n = 0;

    if (item->length == 0 || *s != '{')
        return -1;
    while (end > s && end[-1] != '}')
        end--;
    for (s = skip_blanks(s + 1), end--; s < end; s = skip_blanks(s + 1), n++)
        s = argument_end(s, end);
    return n;
}
