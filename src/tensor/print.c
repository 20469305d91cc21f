/* print.c - tensors as NumPy's str() shows them.
 *
 * All numbers of an array are printed alike: with the fewest digits that tell them apart (8
 * decimals at most), in scientific notation when they are very large, very small or far apart,
 * padded to one width. Arrays of more than 1000 elements show three at each edge, and only those
 * decide the look. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tensor/tensor.h"

enum { EDGE = 3, SUMMARY_ABOVE = 1000, LINE_WIDTH = 75, PRECISION = 8, ALL_DIGITS = 400 };

/* A number cut at its point: "-12", "5", "+03" is -12.5e+03. */
typedef struct parts {
    char whole[48], frac[48], exp[12];
} parts;

typedef struct printer {
    const kt_tensor *t;
    kt_str          *out;
    bool             summary, single, scientific, odd; /* odd: there is a nan or an infinity */
    double           least, most;            /* of the absolute values that are not zero */
    int              left, right, frac, exp; /* widths; frac < 0: not looked at yet */
    bool             minus_inf, finite;
    size_t           column;
} printer;
typedef void visitor(printer *p, int64_t i);

/* The shortest digits that read back as x > 0, without point; the value is d.ddd * 10^*exp. */
static void shortest(double x, bool single, char digits[24], int *exp)
{
    char text[48];

    for (int n = 0; n < 17; n++) {
        snprintf(text, sizeof text, "%.*e", n, x);
        double back = single ? (double)strtof(text, NULL) : strtod(text, NULL);
        /* Below a power of two numbers lie closer than above it, so the next decimal up may do
         * as well. */
        char *last = &text[n ? n + 1 : 0];
        if (back < x && *last < '9') {
            ++*last;
            double up = single ? (double)strtof(text, NULL) : strtod(text, NULL);
            *last = (char)(*last - (up != x));
            back = up == x ? x : back;
        }
        if (back == x)
            break;
    }
    size_t n = 0;
    for (const char *c = text; *c != 'e'; c++) {
        if (*c >= '0' && *c <= '9')
            digits[n++] = *c;
    }
    digits[n] = '\0';
    *exp = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
}

/* Cuts what printf made of a number. The point is a comma where the program has chosen such a
 * locale. */
static void cut(const char *text, parts *p)
{
    size_t whole = strcspn(text, ".,e"), frac = 0;

    snprintf(p->whole + strlen(p->whole), sizeof p->whole - 1, "%.*s", (int)whole, text);
    text += whole;
    if (*text == '.' || *text == ',') {
        frac = strcspn(++text, "e");
        snprintf(p->frac, sizeof p->frac, "%.*s", (int)frac, text);
        text += frac;
    }
    snprintf(p->exp, sizeof p->exp, "%s", *text ? text + 1 : "");
}

static void trim_zeros(char *s)
{
    for (size_t n = strlen(s); n > 0 && s[n - 1] == '0'; n--)
        s[n - 1] = '\0';
}

/* Between `least` and `most` decimals: the shortest digits if they fit, else the exact value
 * rounded. */
static void split_scientific(double x, bool single, int least, int most, parts *p)
{
    char digits[24] = "0", text[48];
    int  exp = 0;

    if (x > 0)
        shortest(x, single, digits, &exp);
    int n = (int)strlen(digits) - 1;
    if (n < least || n > most) {
        snprintf(text, sizeof text, "%.*e", n < least ? least : most, x);
        cut(text, p);
        if (least == 0)
            trim_zeros(p->frac);
        return;
    }
    snprintf(text, sizeof text, "%c.%se%c%02d", digits[0], digits + 1, exp < 0 ? '-' : '+',
             abs(exp));
    cut(text, p);
}

static void split_positional(double x, bool single, int most, parts *p)
{
    char digits[24] = "0", text[64];
    int  exp = 0;

    if (x > 0)
        shortest(x, single, digits, &exp);
    int n = (int)strlen(digits);
    if (n - 1 - exp > most)
        snprintf(text, sizeof text, "%.*f", most, x);
    else if (exp < 0)
        snprintf(text, sizeof text, "0.%.*s%s", -exp - 1, "0000000000000000000000", digits);
    else if (exp < n)
        snprintf(text, sizeof text, "%.*s.%s", exp + 1, digits, digits + exp + 1);
    else
        snprintf(text, sizeof text, "%s%.*s.", digits, exp + 1 - n, "0000000000000000000000");
    cut(text, p);
    trim_zeros(p->frac);
}

static parts split(const printer *p, double x)
{
    parts r = {"", "", ""};

    if (signbit(x))
        r.whole[0] = '-';
    if (p->scientific && p->frac < 0)
        split_scientific(fabs(x), p->single, 0, PRECISION, &r);
    else if (p->scientific)
        split_scientific(fabs(x), p->single, p->frac, p->frac, &r);
    else
        split_positional(fabs(x), p->single, PRECISION, &r);
    return r;
}

static void widen(int *width, size_t n)
{
    if ((int)n > *width)
        *width = (int)n;
}

/* --- looking: what range and widths the shown numbers have ----------------------------------- */

static void see_range(printer *p, int64_t i)
{
    double x = fabs(kt_peek(p->t->data, p->t->dtype, i));

    if (!isfinite(x)) {
        p->odd = true;
        p->minus_inf |= isinf(x) && kt_peek(p->t->data, p->t->dtype, i) < 0;
        return;
    }
    p->finite = true;
    if (x == 0)
        return;
    p->least = p->least == 0 || x < p->least ? x : p->least;
    p->most = x > p->most ? x : p->most;
}

static void see_width(printer *p, int64_t i)
{
    double x = kt_peek(p->t->data, p->t->dtype, i);

    if (!isfinite(x))
        return;
    parts r = split(p, x);
    widen(&p->left, strlen(r.whole));
    widen(&p->right, strlen(r.frac));
    if (p->scientific)
        widen(&p->exp, strlen(r.exp) - 1);
}

static int print_int(const kt_tensor *t, int64_t i, char text[24])
{
    int64_t v = t->dtype == KT_I64 ? ((const int64_t *)t->data)[i]
                                   : (int64_t)kt_peek(t->data, t->dtype, i);
    return snprintf(text, 24, "%lld", (long long)v);
}

static void see_int(printer *p, int64_t i)
{
    char text[24];
    widen(&p->left, (size_t)print_int(p->t, i, text));
}

static bool is_summarised(const printer *p, int axis)
{
    return p->summary && p->t->shape.dim[axis] > 2 * EDGE;
}

static void walk(printer *p, int axis, int64_t offset, visitor *visit)
{
    const kt_shape *s = &p->t->shape;
    int64_t         step = kt_shape_product(s, axis + 1, s->rank);

    if (axis == s->rank) {
        visit(p, offset);
        return;
    }
    for (int64_t i = 0; i < s->dim[axis]; i++) {
        if (i == EDGE && is_summarised(p, axis))
            i = s->dim[axis] - EDGE;
        walk(p, axis + 1, offset + i * step, visit);
    }
}

/* NumPy compares in the array's own type, hence the detour through float. */
static bool wants_scientific(const printer *p)
{
    if (p->most == 0)
        return false;
    if (p->single) {
        float ratio = (float)p->most / (float)p->least;
        return p->most >= 1e6 || (float)p->least < 0.0001F || ratio > 1000.0F;
    }
    return p->most >= 1e8 || p->least < 0.0001 || p->most / p->least > 1000.0;
}

static void look(printer *p)
{
    if (!kt_dtype_is_float(p->t->dtype)) {
        if (kt_dtype_is_int(p->t->dtype))
            walk(p, 0, 0, see_int);
        return;
    }
    walk(p, 0, 0, see_range);
    p->scientific = wants_scientific(p);
    p->frac = -1;
    walk(p, 0, 0, see_width);
    p->frac = p->right;
    if (p->scientific)
        p->right += p->exp + 2;
    if (p->odd) {
        widen(&p->left, (size_t)(p->right < 2 ? 2 - p->right : 0));
        widen(&p->left, (size_t)(p->minus_inf && p->right < 3 ? 3 - p->right : 0));
    }
}

/* --- printing -------------------------------------------------------------------------------- */

static void real_word(const printer *p, double x, char *out, size_t size)
{
    if (!isfinite(x)) {
        snprintf(out, size, "%*s", p->left + p->right + 1,
                 isnan(x) ? "nan"
                 : x < 0  ? "-inf"
                          : "inf");
        return;
    }
    parts r = split(p, x);
    if (p->scientific)
        snprintf(out, size, "%*s.%se%c%0*d", p->left, r.whole, r.frac, r.exp[0], p->exp,
                 (int)strtol(r.exp + 1, NULL, 10));
    else
        snprintf(out, size, "%*s.%-*s", p->left, r.whole, p->right, r.frac);
}

static void word(const printer *p, int64_t i, char *out, size_t size)
{
    const kt_tensor *t = p->t;
    char             text[24];

    if (kt_dtype_is_float(t->dtype)) {
        real_word(p, kt_peek(t->data, t->dtype, i), out, size);
    } else if (t->dtype == KT_BOOLEAN) {
        snprintf(out, size, "%s", kt_peek(t->data, t->dtype, i) != 0 ? " True" : "False");
    } else {
        print_int(t, i, text);
        snprintf(out, size, "%*s", p->left, text);
    }
}

static void new_line(printer *p, size_t indent)
{
    kt_str_printf(p->out, "\n%*s", (int)indent, "");
    p->column = indent;
}

/* Adds a word of a row, on a new line where it does not fit; blanks at the end of a broken line
 * go. */
static void add_word(printer *p, const char *text, int axis, bool first)
{
    size_t indent = (size_t)axis + 1, width = (size_t)(LINE_WIDTH - axis - 1);

    if (first) {
        p->column = indent;
    } else {
        p->column++;
        if (p->column + strlen(text) > width && p->column > indent) {
            while (p->out->len > 0 && p->out->data[p->out->len - 1] == ' ')
                p->out->data[--p->out->len] = '\0';
            new_line(p, indent);
        } else {
            kt_str_addc(p->out, ' ');
        }
    }
    kt_str_add(p->out, text);
    p->column += strlen(text);
}

static void print_row(printer *p, int axis, int64_t offset)
{
    char text[128];

    for (int64_t i = 0; i < p->t->shape.dim[axis]; i++) {
        if (i == EDGE && is_summarised(p, axis)) {
            add_word(p, "...", axis, false);
            i = p->t->shape.dim[axis] - EDGE;
        }
        word(p, offset + i, text, sizeof text);
        add_word(p, text, axis, i == 0);
    }
}

static void print_axis(printer *p, int axis, int64_t offset)
{
    const kt_shape *s = &p->t->shape;
    int64_t         step = kt_shape_product(s, axis + 1, s->rank);
    int             gap = s->rank - axis - 2; /* empty lines between the items */

    kt_str_addc(p->out, '[');
    if (axis == s->rank - 1)
        print_row(p, axis, offset);
    for (int64_t i = 0; axis < s->rank - 1 && i < s->dim[axis]; i++) {
        bool dots = i == EDGE && is_summarised(p, axis);
        if (i > 0)
            kt_str_printf(p->out, "\n%.*s%*s", gap, "\n\n\n\n\n\n\n\n", axis + 1, "");
        if (dots) {
            kt_str_printf(p->out, "...\n%.*s%*s", gap, "\n\n\n\n\n\n\n\n", axis + 1, "");
            i = s->dim[axis] - EDGE;
        }
        print_axis(p, axis + 1, offset + i * step);
    }
    kt_str_addc(p->out, ']');
}

/* A number alone prints as Python prints it: 1.0, 1e-05, True. */
static void print_scalar(kt_str *out, const kt_tensor *t)
{
    double x = kt_peek(t->data, t->dtype, 0), size = fabs(x);
    char   text[24];
    parts  r = {"", "", ""};
    bool   single = t->dtype == KT_F32;

    if (t->dtype == KT_BOOLEAN) {
        kt_str_add(out, x != 0 ? "True" : "False");
    } else if (!kt_dtype_is_float(t->dtype)) {
        print_int(t, 0, text);
        kt_str_add(out, text);
    } else if (!isfinite(x)) {
        kt_str_add(out, isnan(x) ? "nan" : x < 0 ? "-inf" : "inf");
    } else if (size != 0 && (size < 1e-4 || size >= (single ? 1e6 : 1e16))) {
        split_scientific(size, single, 0, ALL_DIGITS, &r);
        kt_str_printf(out, "%s%s%s%se%s", x < 0 ? "-" : "", r.whole, *r.frac ? "." : "", r.frac,
                      r.exp);
    } else {
        split_positional(size, single, ALL_DIGITS, &r);
        kt_str_printf(out, "%s%s.%s", signbit(x) ? "-" : "", r.whole, *r.frac ? r.frac : "0");
    }
}

void kt_tensor_print(kt_str *out, const kt_tensor *t)
{
    printer p = {
        .t = t, .out = out, .summary = t->count > SUMMARY_ABOVE, .single = t->dtype == KT_F32};

    if (t->shape.rank == 0) {
        print_scalar(out, t);
    } else if (t->count == 0) {
        kt_str_add(out, "[]");
    } else {
        look(&p);
        print_axis(&p, 0, 0);
    }
}
