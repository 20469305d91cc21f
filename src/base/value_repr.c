/* value_repr.c - values and doubles as Python's repr prints them. */
#include "base/base.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- doubles ------------------------------------------------------------------------------- */

enum { MOST_DIGITS = 17 };

/* Adds 1 to the last digit of "-d.ddde-05"; false where all digits are nines. The point is whatever
 * the locale has. */
static bool next_up(char *text)
{
    char *at = strchr(text, 'e');
    while (at-- > text) {
        if (*at >= '0' && *at < '9') {
            ++*at;
            return true;
        }
        if (*at == '9') {
            *at = '0';
        }
    }
    return false;
}

/* Fewest digits in scientific notation that read back as x, which is finite. */
static void shortest(char *text, size_t size, double x)
{
    /* A normal double whose text has 15 digits or fewer gets it from 15, with zeros behind. */
    int  digits = fabs(x) >= DBL_MIN || x == 0.0 ? 15 : 1;
    int  exponent;
    bool lopsided = fabs(frexp(x, &exponent)) == 0.5;
    for (;; digits++) {
        snprintf(text, size, "%.*e", digits - 1, x);
        if (digits == MOST_DIGITS || strtod(text, NULL) == x) {
            return;
        }
        /* Above a power of two there is twice the room as below: the nearest text may miss, and the
         * next one hit. */
        if (lopsided && next_up(text) && strtod(text, NULL) == x) {
            return;
        }
    }
}

static void add_zeros(kt_str *out, int n)
{
    for (int i = 0; i < n; i++) {
        kt_str_addc(out, '0');
    }
}

/* 0.d1 d2 ... times 10 to the power `point`, without an exponent. */
static void add_plain(kt_str *out, const char *digits, int n, int point)
{
    if (point <= 0) {
        kt_str_add(out, "0.");
        add_zeros(out, -point);
        kt_str_addn(out, digits, (size_t)n);
    } else if (n <= point) {
        kt_str_addn(out, digits, (size_t)n);
        add_zeros(out, point - n);
        kt_str_add(out, ".0");
    } else {
        kt_str_addn(out, digits, (size_t)point);
        kt_str_addc(out, '.');
        kt_str_addn(out, digits + point, (size_t)(n - point));
    }
}

void kt_repr_double(kt_str *out, double x)
{
    if (isnan(x) || isinf(x)) {
        kt_str_add(out, isnan(x) ? "nan" : x < 0 ? "-inf" : "inf");
        return;
    }
    char text[40];
    shortest(text, sizeof text, x);
    char  digits[MOST_DIGITS];
    int   n = 0;
    char *at = text;
    for (; *at && *at != 'e' && n < MOST_DIGITS; at++) {
        if (*at >= '0' && *at <= '9') {
            digits[n++] = *at;
        }
    }
    at = strchr(text, 'e');
    int exponent = at ? (int)strtol(at + 1, NULL, 10) : 0;
    while (n > 1 && digits[n - 1] == '0') {
        n--;
    }
    if (signbit(x)) {
        kt_str_addc(out, '-');
    }
    if (exponent >= -4 && exponent < 16) {
        add_plain(out, digits, n, exponent + 1);
        return;
    }
    kt_str_addn(out, digits, 1);
    if (n > 1) {
        kt_str_addc(out, '.');
        kt_str_addn(out, digits + 1, (size_t)(n - 1));
    }
    kt_str_printf(out, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

/* --- text ---------------------------------------------------------------------------------- */

/* Length that the first byte of a UTF-8 sequence promises; 0: it begins none. */
static int sequence_length(unsigned char first)
{
    static const signed char by_high_bits[16] = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 2, 2, 3, 4};
    return first < 0xF8 ? by_high_bits[first >> 4] : 0;
}

/* Length of the UTF-8 sequence at s, and its code point; 0 where there is none. */
static int decode(const char *s, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char         first = (unsigned char)s[0];
    int                   n = sequence_length(first);
    if (n == 0) {
        return 0;
    }
    uint32_t c = n == 1 ? first : first & (0xFFu >> (n + 1));
    for (int i = 1; i < n; i++) {
        unsigned char next = (unsigned char)s[i];
        if (next >> 6 != 2) {
            return 0;
        }
        c = c << 6 | (next & 0x3F);
    }
    *code = c;
    bool valid = c >= least[n] && c <= 0x10FFFF && !(c >= 0xD800 && c < 0xE000);
    return valid ? n : 0;
}

/* One character of a text in quotes; returns how many bytes it took. */
static int add_character(kt_str *out, const char *s, char quote)
{
    static const char named[] = "\n\r\t\\";
    uint32_t          code = (unsigned char)*s;
    int               n = decode(s, &code);
    const char       *found = strchr(named, *s);
    if (found) {
        kt_str_printf(out, "\\%c", "nrt\\"[found - named]);
    } else if (*s == quote) {
        kt_str_printf(out, "\\%c", quote);
    } else if (n == 0 || code < 0x20 || (code >= 0x7F && code <= 0xA0) || code == 0xAD) {
        kt_str_printf(out, "\\x%02x", n ? (unsigned)code : (unsigned)(unsigned char)*s);
    } else {
        kt_str_addn(out, s, (size_t)n);
    }
    return n ? n : 1;
}

static void add_text(kt_str *out, const char *s)
{
    char quote = strchr(s, '\'') && !strchr(s, '"') ? '"' : '\'';
    kt_str_addc(out, quote);
    while (*s) {
        s += add_character(out, s, quote);
    }
    kt_str_addc(out, quote);
}

/* --- values -------------------------------------------------------------------------------- */

static void add_items(kt_str *out, const kt_value *v)
{
    for (size_t i = 0; i < v->n; i++) {
        kt_str_add(out, i ? ", " : "");
        if (v->kind == KT_DICT) {
            add_text(out, v->keys[i] ? v->keys[i] : "");
            kt_str_add(out, ": ");
        } else if (v->kind == KT_CALL && v->keys[i]) {
            kt_str_printf(out, "%s=", v->keys[i]);
        }
        kt_value_repr(out, v->items[i]);
    }
}

void kt_value_repr(kt_str *out, const kt_value *v)
{
    static const char *const brackets[][2] = {
        [KT_LIST] = {"[", "]"},
        [KT_TUPLE] = {"(", ")"},
        [KT_DICT] = {"{", "}"},
        [KT_CALL] = {"(", ")"},
    };
    kt_kind kind = v ? v->kind : KT_NONE;
    switch (kind) {
    case KT_NONE: kt_str_add(out, "None"); return;
    case KT_BOOL: kt_str_add(out, v->b ? "True" : "False"); return;
    case KT_INT: kt_str_printf(out, "%lld", (long long)v->i); return;
    case KT_FLOAT: kt_repr_double(out, v->f); return;
    case KT_STR: add_text(out, v->s ? v->s : ""); return;
    case KT_CALL: kt_str_add(out, v->s); break;
    case KT_LIST:
    case KT_TUPLE:
    case KT_DICT: break;
    }
    kt_str_add(out, brackets[kind][0]);
    add_items(out, v);
    kt_str_add(out, kind == KT_TUPLE && v->n == 1 ? "," : "");
    kt_str_add(out, brackets[kind][1]);
}
