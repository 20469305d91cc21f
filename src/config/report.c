/* report.c - what is wrong with an expression, and where. */
#include <stdarg.h>
#include <string.h>

#include "config/expr.h"

/* Line and column of a place, counted from 1; a column is a character of UTF-8, not a byte. */
static void locate(const kt__reader *r, const char *where, int *line, int *column)
{
    *line = *column = 1;
    for (const char *c = r->text; c < where; c++) {
        if (*c == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)*c & 0xC0) != 0x80) {
            ++*column;
        }
    }
}

kt_value *kt__expr_fail(kt__reader *r, const char *where, const char *hint, const char *fmt, ...)
{
    kt_str  text = {0};
    va_list ap;
    int     line, column;

    if (r->failed)
        return NULL;
    r->failed = true;
    locate(r, where, &line, &column);
    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    kt_raise(r->fault, KT_E_VALUE, "Invalid expression at line %d, column %d: %s", line, column,
             kt_str_text(&text));
    kt_fault_hint(r->fault, hint);
    kt_str_free(&text);
    return NULL;
}

void kt__expr_memory(kt__reader *r)
{
    r->failed = true;
    kt_raise_memory(r->fault);
}

kt_value *kt__expr_made(kt__reader *r, kt_value *v)
{
    if (!v)
        kt__expr_memory(r);
    return v;
}

/* A word, or one character of punctuation. */
static size_t word_length(const char *s)
{
    static const char ends[] = " \t\r\n,()[]{}=:'\"";
    enum { MOST = 24 };
    size_t n = 1;

    if (strchr(ends, s[0]))
        return 1;
    while (n < MOST && s[n] && !strchr(ends, s[n]))
        n++;
    while (n < MOST + 3 && ((unsigned char)s[n] & 0xC0) == 0x80)
        n++;
    return n;
}

const char *kt__expr_found(kt__reader *r, const char *where)
{
    kt_str   text = {0};
    kt_value word = {.kind = KT_STR};

    if (!*where)
        return "the end";
    word.s = kt_arena_strndup(r->arena, where, word_length(where));
    if (word.s)
        kt_value_repr(&text, &word);
    const char *quoted = kt_str_keep(&text, r->arena);
    return quoted && *quoted ? quoted : "this";
}

/* Quotes that word processors and web pages make of ' and ". */
static bool is_curly_quote(const char *at)
{
    return strncmp(at, "\xE2\x80", 2) == 0 && (unsigned char)at[2] >= 0x98 &&
           (unsigned char)at[2] <= 0x9F;
}

kt_value *kt__expr_expected(kt__reader *r, const char *what, const char *hint)
{
    if (is_curly_quote(r->at))
        hint = "use the plain quotes ' or \"";
    return kt__expr_fail(r, r->at, hint, "expected %s but found %s", what,
                         kt__expr_found(r, r->at));
}
