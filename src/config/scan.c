/* scan.c - the words of a Keras expression: blanks, identifiers, numbers, strings. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "config/expr.h"

void kt__skip_space(kt__reader *r)
{
    for (;; r->at++) {
        if (*r->at == '#')
            r->at += strcspn(r->at, "\n");
        else if (*r->at == '\\' && r->at[1 + (r->at[1] == '\r')] == '\n')
            r->at++;
        if (!*r->at || !strchr(" \t\r\n\f", *r->at))
            return;
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool kt__is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c)
{
    return kt__is_name_start(c) || is_digit(c);
}

const char *kt__scan_name(kt__reader *r)
{
    const char *begin = r->at;

    while (is_name(*r->at))
        r->at++;
    const char *name = kt_arena_strndup(r->arena, begin, (size_t)(r->at - begin));
    if (!name)
        kt__expr_memory(r);
    return name;
}

/* --- numbers --------------------------------------------------------------------------------- */

/* Value of a digit in bases up to 16, or 16. */
static int digit_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* Digits of a base, single underscores between them; how many digits. */
static size_t skip_digits(const char **at, int base)
{
    size_t n = 0;

    while (digit_value(**at) < base || (**at == '_' && n > 0 && digit_value((*at)[1]) < base)) {
        n += **at != '_';
        ++*at;
    }
    return n;
}

/* strtod understands the point of the program's locale only. */
static double to_double(const char *begin, const char *end, bool *memory)
{
    kt_str text = {0};

    for (const char *c = begin; c < end; c++) {
        if (*c == '.')
            kt_str_add(&text, localeconv()->decimal_point);
        else if (*c != '_')
            kt_str_addc(&text, *c);
    }
    double x = strtod(kt_str_text(&text), NULL);
    *memory = !text.failed;
    kt_str_free(&text);
    return x;
}

static bool to_int(const char *begin, const char *end, int base, int64_t *out)
{
    *out = 0;
    for (const char *c = begin; c < end; c++) {
        if (*c != '_' && (__builtin_mul_overflow(*out, base, out) ||
                          __builtin_add_overflow(*out, digit_value(*c), out)))
            return false;
    }
    return true;
}

static kt_value *finish_int(kt__reader *r, const char *begin, const char *end, int base)
{
    int64_t i;
    if (!to_int(begin, end, base, &i))
        return kt__expr_fail(r, r->at,
                             "integers have 64 bits here; write it as a float, such as 1e20",
                             "the integer is too large");
    r->at = end;
    return kt__expr_made(r, kt_value_int(r->arena, i));
}

static kt_value *finish_float(kt__reader *r, const char *end)
{
    bool   memory;
    double x = to_double(r->at, end, &memory);

    r->at = end;
    return kt__expr_made(r, memory ? kt_value_float(r->arena, x) : NULL);
}

/* 0x1F, 0o17, 0b101: the base, or 10. */
static int prefix_base(const char *at)
{
    if (at[0] != '0' || !at[1])
        return 10;
    return strchr("xX", at[1]) ? 16 : strchr("oO", at[1]) ? 8 : strchr("bB", at[1]) ? 2 : 10;
}

static bool has_leading_zero(const char *begin, const char *end)
{
    return *begin == '0' && strspn(begin, "0_") < (size_t)(end - begin);
}

kt_value *kt__scan_number(kt__reader *r)
{
    const char *begin = r->at, *at = begin;
    int         base = prefix_base(at);
    bool        real = false, good;

    if (base != 10) {
        at += 2;
        at += *at == '_';
        good = skip_digits(&at, base) > 0;
    } else {
        good = skip_digits(&at, 10) > 0;
        if (*at == '.') {
            real = true;
            at++;
            good |= skip_digits(&at, 10) > 0;
        }
        if (good && (*at == 'e' || *at == 'E')) {
            real = true;
            at += 1 + (at[1] == '+' || at[1] == '-');
            good = skip_digits(&at, 10) > 0;
        }
    }
    if (!good || is_name(*at) || (!real && base == 10 && has_leading_zero(begin, at)))
        return kt__expr_fail(r, begin, "numbers look like 12, 1_000, 0.5, 1e-3 or 0x1F",
                             "invalid number %s", kt__expr_found(r, begin));
    return real ? finish_float(r, at) : finish_int(r, base == 10 ? begin : begin + 2, at, base);
}

/* --- strings --------------------------------------------------------------------------------- */

static void add_utf8(kt_str *out, uint32_t c)
{
    if (c < 0x80) {
        kt_str_addc(out, (char)c);
        return;
    }
    static const uint32_t lead[] = {0, 0xC0, 0xE0, 0xF0};
    int                   more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    kt_str_addc(out, (char)(lead[more] | c >> (6 * more)));
    while (more-- > 0)
        kt_str_addc(out, (char)(0x80U | (c >> (6 * more) & 0x3FU)));
}

/* \ooo, \xhh, \uhhhh, \Uhhhhhhhh at r->at, behind the backslash. */
static bool scan_code(kt__reader *r, kt_str *out)
{
    char     kind = *r->at;
    bool     octal = is_digit(kind);
    int      most = octal ? 3 : kind == 'x' ? 2 : kind == 'u' ? 4 : 8, n = 0;
    uint32_t c = 0;

    r->at += !octal;
    for (; n < most && digit_value(*r->at) < (octal ? 8 : 16); n++, r->at++)
        c = c * (octal ? 8 : 16) + (uint32_t)digit_value(*r->at);
    if ((!octal && n < most) || c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return false;
    add_utf8(out, c);
    return true;
}

/* What follows a backslash; an unknown letter keeps it, as in Python. */
static bool scan_escape(kt__reader *r, kt_str *out)
{
    static const char letters[] = "abfnrtv\\'\"", values[] = "\a\b\f\n\r\t\v\\'\"";
    const char       *found = *r->at ? strchr(letters, *r->at) : NULL;

    if (found) {
        kt_str_addc(out, values[found - letters]);
        r->at++;
        return true;
    }
    if ((*r->at >= '0' && *r->at <= '7') || (*r->at && strchr("xuU", *r->at)))
        return scan_code(r, out);
    r->at += *r->at == '\r' && r->at[1] == '\n';
    if (*r->at == '\n')
        r->at++;
    else
        kt_str_addc(out, '\\');
    return true;
}

/* One string in quotes. */
static void scan_quoted(kt__reader *r, kt_str *out)
{
    const char *begin = r->at;
    char        quote = *r->at++;

    while (*r->at != quote) {
        const char *where = r->at;
        if (!*r->at || *r->at == '\n') {
            kt__expr_fail(r, begin, "strings end with the quote that they begin with",
                          "unterminated string");
            return;
        }
        if (*r->at++ != '\\') {
            kt_str_addc(out, *where);
        } else if (!scan_escape(r, out)) {
            kt__expr_fail(r, where, NULL, "invalid escape in a string");
            return;
        }
    }
    r->at++;
}

kt_value *kt__scan_string(kt__reader *r)
{
    kt_str    text = {0};
    kt_value *v = NULL;

    while (!r->failed && (*r->at == '\'' || *r->at == '"')) {
        scan_quoted(r, &text);
        kt__skip_space(r);
    }
    if (!r->failed)
        v = kt__expr_made(r, text.failed ? NULL : kt_value_str(r->arena, kt_str_text(&text)));
    kt_str_free(&text);
    return v;
}
