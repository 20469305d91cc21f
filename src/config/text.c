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
