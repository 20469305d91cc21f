/* json_print.c - writes a kt_value as Python's json.dumps does: ASCII only, floats at their
 * shortest. */
#include <math.h>
#include <string.h>

#include "codec/codec.h"

/* Decodes one character of UTF-8 at s; its length goes to *n. A byte that belongs to none becomes
 * the lone surrogate that Python's "surrogateescape" makes of it, so that nothing is lost and the
 * output stays ASCII. */
static uint32_t decode(const unsigned char *s, size_t *n)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t                len = s[0] < 0x80 ? 1
                              : s[0] < 0xC0 ? 0
                              : s[0] < 0xE0 ? 2
                              : s[0] < 0xF0 ? 3
                              : s[0] < 0xF8 ? 4
                                            : 0;
    uint32_t              c = len < 2 ? s[0] : s[0] & (0x7Fu >> len);

    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80) { /* the final NUL stops here too */
            len = 0;
            break;
        }
        c = c << 6 | (s[i] & 0x3Fu);
    }
    *n = 1;
    if (len == 0 || c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return 0xDC00u + s[0];
    *n = len;
    return c;
}

static void print_escape(kt_str *out, uint32_t c)
{
    static const char plain[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    const char       *at = c < 0x80 ? memchr(plain, (int)c, sizeof plain - 1) : NULL;

    if (at)
        kt_str_printf(out, "\\%c", names[at - plain]);
    else if (c < 0x10000)
        kt_str_printf(out, "\\u%04x", (unsigned)c);
    else
        kt_str_printf(out, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (c >> 10)),
                      (unsigned)(0xDC00 + (c & 0x3FF)));
}

static void print_string(kt_str *out, const char *s)
{
    kt_str_addc(out, '"');
    while (s && *s) {
        size_t n = 0;
        while (s[n] >= ' ' && s[n] <= '~' && s[n] != '"' && s[n] != '\\')
            n++;
        kt_str_addn(out, s, n);
        s += n;
        if (*s) {
            print_escape(out, decode((const unsigned char *)s, &n));
            s += n;
        }
    }
    kt_str_addc(out, '"');
}

static void print_float(kt_str *out, double x)
{
    if (isnan(x))
        kt_str_add(out, "NaN");
    else if (isinf(x))
        kt_str_add(out, x > 0 ? "Infinity" : "-Infinity");
    else
        kt_repr_double(out, x);
}

static void new_line(kt_str *out, int indent, int depth)
{
    kt_str_addc(out, '\n');
    for (int i = 0; i < indent * depth; i++)
        kt_str_addc(out, ' ');
}

static void print(kt_str *out, const kt_value *v, int indent, int depth);

static void print_items(kt_str *out, const kt_value *v, int indent, int depth)
{
    bool dict = v->kind == KT_DICT;

    kt_str_addc(out, dict ? '{' : '[');
    for (size_t i = 0; i < v->n; i++) {
        if (i > 0)
            kt_str_add(out, indent < 0 ? ", " : ",");
        if (indent >= 0)
            new_line(out, indent, depth + 1);
        if (dict) {
            print_string(out, v->keys[i]);
            kt_str_add(out, ": ");
        }
        print(out, v->items[i], indent, depth + 1);
    }
    if (indent >= 0 && v->n > 0)
        new_line(out, indent, depth);
    kt_str_addc(out, dict ? '}' : ']');
}

static void print(kt_str *out, const kt_value *v, int indent, int depth)
{
    switch (v->kind) {
    case KT_BOOL: kt_str_add(out, v->b ? "true" : "false"); break;
    case KT_INT: kt_str_printf(out, "%lld", (long long)v->i); break;
    case KT_FLOAT: print_float(out, v->f); break;
    case KT_STR: print_string(out, v->s); break;
    case KT_LIST:
    case KT_TUPLE:
    case KT_DICT: print_items(out, v, indent, depth); break;
    case KT_CALL: /* is in no value that is written */
    case KT_NONE: kt_str_add(out, "null"); break;
    }
}

void kt_json_print(kt_str *out, const kt_value *v, int indent)
{
    print(out, v, indent, 0);
}
