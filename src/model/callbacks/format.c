/* format.c - Python's str.format with numbers by name: [[fill]align][sign][0][width][.precision]
 * and one of d, e, E, f, F, g, G, %. */
#include "model/callbacks/format.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDEST = 200 };

typedef struct spec {
    char fill, align, sign;
    int  width, precision; /* -1: not given */
    char kind;             /* 0: not given */
} spec;

static int read_digits(const char **at)
{
    int n = 0;

    for (; isdigit((unsigned char)**at); (*at)++)
        n = n > WIDEST ? n : n * 10 + (**at - '0');
    return n;
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c);
}

/* False if something is left that it does not know, or that is larger than any name. */
static bool read_spec(const char *at, spec *s)
{
    *s = (spec){.fill = ' ', .sign = '-', .precision = -1};
    if (at[0] != '\0' && is_one_of(at[1], "<>=^")) {
        s->fill = at[0];
        s->align = at[1];
        at += 2;
    } else if (is_one_of(at[0], "<>=^")) {
        s->align = *at++;
    }
    if (is_one_of(*at, "+- "))
        s->sign = *at++;
    if (*at == '0') {
        s->align = s->align ? s->align : '=';
        s->fill = s->fill == ' ' ? '0' : s->fill;
    }
    s->align = s->align ? s->align : '>';
    s->width = read_digits(&at);
    if (*at == '.') {
        at++;
        if (!isdigit((unsigned char)*at))
            return false;
        s->precision = read_digits(&at);
    }
    s->kind = *at ? *at++ : '\0';
    return *at == '\0' && s->width <= WIDEST && s->precision <= WIDEST;
}

/* As 'g', but never without a point or an exponent, so that it reads as a float. */
static void add_short(kt_str *out, double v, int digits)
{
    char text[WIDEST + 16];

    snprintf(text, sizeof text, "%.*e", digits - 1, v);
    char *e = strchr(text, 'e'), *end = e ? e : text + strlen(text); /* none: inf, nan */
    long  power = e ? strtol(e + 1, NULL, 10) : 0;
    if (e && power >= -4 && power < digits - 1) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        kt_str_printf(out, "%s%s", text, strchr(text, '.') ? "" : ".0");
        return;
    }
    while (strchr(text, '.') && (end[-1] == '0' || end[-1] == '.'))
        memmove(end - 1, end, strlen(end) + 1), end--;
    kt_str_add(out, text);
}

/* The digits of |x|, without a sign. */
static bool add_digits(kt_str *out, const spec *s, const kt_number *x)
{
    double v = fabs(x->v);
    int    digits = s->precision < 0 ? 6 : s->precision;

    switch (s->kind) {
    case '\0':
        if (x->whole)
            kt_str_printf(out, "%.0f", v);
        else if (s->precision < 0)
            kt_repr_double(out, v);
        else
            add_short(out, v, digits ? digits : 1);
        return !x->whole || s->precision < 0;
    case 'd': kt_str_printf(out, "%.0f", v); return x->whole && s->precision < 0;
    case 'e': kt_str_printf(out, "%.*e", digits, v); return true;
    case 'E': kt_str_printf(out, "%.*E", digits, v); return true;
    case 'f': kt_str_printf(out, "%.*f", digits, v); return true;
    case 'F': kt_str_printf(out, "%.*F", digits, v); return true;
    case 'g': kt_str_printf(out, "%.*g", digits ? digits : 1, v); return true;
    case 'G': kt_str_printf(out, "%.*G", digits ? digits : 1, v); return true;
    case '%': kt_str_printf(out, "%.*f%%", digits, v * 100); return true;
    default: return false;
    }
}

static void add_fill(kt_str *out, char fill, int n)
{
    for (int i = 0; i < n; i++)
        kt_str_addc(out, fill);
}

static bool add_number(kt_str *out, const spec *s, const kt_number *x)
{
    kt_str digits = {0};
    char   sign = signbit(x->v) ? '-' : s->sign == '-' ? '\0' : s->sign;
    bool   good = add_digits(&digits, s, x);
    int    left = s->width - (int)digits.len - (sign != '\0');
    int    before = s->align == '^' ? left / 2 : s->align == '<' ? 0 : left;

    if (s->align != '=')
        add_fill(out, s->fill, before);
    if (sign)
        kt_str_addc(out, sign);
    if (s->align == '=')
        add_fill(out, s->fill, left);
    kt_str_add(out, kt_str_text(&digits));
    if (s->align != '=')
        add_fill(out, s->fill, left - before);
    out->failed = out->failed || digits.failed;
    kt_str_free(&digits);
    return good;
}

static kt_status refuse(const char *text, const kt_number *x, kt_fault *f)
{
    const char *type = x->whole ? "int" : "float";
    const char *dot = strchr(text, '.');
    spec        s;

    if (dot && !isdigit((unsigned char)dot[1]))
        return kt_raise(f, KT_E_VALUE, "Format specifier missing precision");
    if (read_spec(text, &s) && s.kind != '\0' && !is_one_of(s.kind, "d"))
        return kt_raise(f, KT_E_VALUE, "Unknown format code '%c' for object of type '%s'", s.kind,
                        type);
    if (read_spec(text, &s) && !x->whole)
        return kt_raise(f, KT_E_VALUE, "Unknown format code 'd' for object of type 'float'");
    if (read_spec(text, &s))
        return kt_raise(f, KT_E_VALUE, "Precision not allowed in integer format specifier");
    return kt_raise(f, KT_E_VALUE, "Invalid format specifier '%s' for object of type '%s'", text,
                    type);
}

/* One field, "name" or "name:spec". */
static kt_status add_field(kt_str *out, const char *field, kt_number_of number_of, void *with,
                           kt_fault *f)
{
    const char *colon = strchr(field, ':');
    kt_str      name = {0};
    kt_number   x;
    spec        s;

    kt_str_addn(&name, field, colon ? (size_t)(colon - field) : strlen(field));
    if (name.failed)
        kt_raise_memory(f);
    else if (strspn(kt_str_text(&name), "0123456789") == name.len)
        kt_raise(f, KT_E_INDEX, "Replacement index %s out of range for positional args tuple",
                 name.len ? kt_str_text(&name) : "0");
    else if (!number_of(with, kt_str_text(&name), &x))
        kt_raise(f, KT_E_KEY, "%s", kt_str_text(&name));
    else if (!read_spec(colon ? colon + 1 : "", &s) || !add_number(out, &s, &x))
        refuse(colon ? colon + 1 : "", &x, f);
    kt_str_free(&name);
    return f->e.status;
}

kt_status kt_format_text(kt_str *out, const char *text, kt_number_of number_of, void *with,
                         kt_fault *f)
{
    for (const char *p = text; *p && f->e.status == KT_OK; p++) {
        if (*p != '{' && *p != '}') {
            kt_str_addc(out, *p);
        } else if (p[1] == *p) {
            kt_str_addc(out, *p++);
        } else {
            const char *end = *p == '{' ? strchr(p, '}') : NULL;
            kt_str      field = {0};
            if (!end)
                return kt_raise(f, KT_E_VALUE,
                                *p == '}' ? "Single '}' encountered in format string"
                                : p[1]    ? "expected '}' before end of string"
                                          : "Single '{' encountered in format string");
            kt_str_addn(&field, p + 1, (size_t)(end - p) - 1);
            add_field(out, kt_str_text(&field), number_of, with, f);
            kt_str_free(&field);
            p = end;
        }
    }
    return out->failed ? kt_raise_memory(f) : f->e.status;
}
