/* csv_scan.c - the fields of a CSV text, one after the other, and which of them are numbers. */
#include "codec/csv_scan.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER_LIMIT 400 /* characters; the longest double has some 325 significant places */

/* --- fields ----------------------------------------------------------------------------------- */

static bool at_line_end(const kt_csv_scanner *s)
{
    return s->p == s->end || *s->p == '\n' || *s->p == '\r';
}

static void skip_line_end(kt_csv_scanner *s)
{
    if (s->p < s->end && *s->p == '\r')
        s->p++;
    if (s->p < s->end && *s->p == '\n')
        s->p++;
    s->next++;
}

/* Blanks around a field mean nothing, nor do they where they separate by themselves. */
static bool is_blank(const kt_csv_scanner *s, char c)
{
    return c == ' ' || (c == '\t' && s->sep != '\t');
}

static void skip_blanks(kt_csv_scanner *s)
{
    while (s->p < s->end && is_blank(s, *s->p))
        s->p++;
}

static bool is_sep(const kt_csv_scanner *s, char c)
{
    return c == s->sep || (c == '\t' && s->sep == ' ');
}

/* Skips empty lines. False at the end of the text. */
bool kt__csv_next_line(kt_csv_scanner *s)
{
    for (;;) {
        const char *start = s->p;
        skip_blanks(s);
        if (s->p == s->end)
            return false;
        if (!at_line_end(s)) {
            s->p = start;
            return true;
        }
        skip_line_end(s);
    }
}

/* After the opening quote: up to the closing one, with "" for a quote. */
static kt_status read_quoted(kt_csv_scanner *s)
{
    for (s->p++; s->p < s->end; s->p++) {
        if (*s->p == '"') {
            if (s->p + 1 == s->end || s->p[1] != '"')
                break;
            s->p++;
        } else if (*s->p == '\n') {
            s->next++;
        }
        kt_str_addc(&s->field, *s->p);
    }
    if (s->p == s->end)
        return kt_raise(s->fault, KT_E_VALUE, "'%s', line %lld: a quote is never closed", s->name,
                        (long long)s->line);
    bool separated = ++s->p < s->end && is_sep(s, *s->p);
    skip_blanks(s);
    if (!at_line_end(s) && !separated && !is_sep(s, *s->p))
        return kt_raise(s->fault, KT_E_VALUE, "'%s', line %lld: text follows a closing quote",
                        s->name, (long long)s->line);
    return KT_OK;
}

kt_status kt__csv_field(kt_csv_scanner *s)
{
    s->line = s->next;
    s->field.len = 0;
    if (s->field.data)
        s->field.data[0] = '\0';
    skip_blanks(s);
    if (s->p < s->end && *s->p == '"') {
        kt_status st = read_quoted(s);
        if (st != KT_OK)
            return st;
    } else {
        const char *start = s->p, *stop;
        while (!at_line_end(s) && !is_sep(s, *s->p))
            s->p++;
        for (stop = s->p; stop > start && is_blank(s, stop[-1]); stop--)
            ;
        for (; start < stop && !s->field.failed; start++)
            kt_str_addc(&s->field, *start);
    }
    if (s->field.failed && s->field.len < KT_CSV_FIELD_LIMIT)
        return kt_raise_memory(s->fault);
    if (s->field.failed)
        return kt_raise(s->fault, KT_E_VALUE,
                        "'%s', line %lld: a field has more than %d characters", s->name,
                        (long long)s->line, KT_CSV_FIELD_LIMIT);
    if (memchr(kt_str_text(&s->field), '\0', s->field.len))
        return kt_raise(s->fault, KT_E_VALUE,
                        "'%s', line %lld: a NUL character; this is no text file", s->name,
                        (long long)s->line);
    if (s->sep == ' ')
        skip_blanks(s);
    s->last = at_line_end(s);
    if (s->last)
        skip_line_end(s);
    else if (s->sep != ' ')
        s->p++;
    return KT_OK;
}

kt_status kt__csv_cell(kt_csv_scanner *s, int col, int cols)
{
    kt_status st = kt__csv_field(s);

    if (st == KT_OK && s->last != (col + 1 == cols))
        return kt_raise(s->fault, KT_E_VALUE,
                        "'%s', line %lld has %s fields than the first line, which has %d", s->name,
                        (long long)s->line, s->last ? "fewer" : "more", cols);
    return st;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static const char *skip_digits(const char *p)
{
    while (*p >= '0' && *p <= '9')
        p++;
    return p;
}

/* The rules of strtod in the C locale, without what else it takes. */
bool kt__csv_is_number(const char *t, char decimal)
{
    const char *p = t + (*t == '+' || *t == '-'), *q = skip_digits(p);
    int         digits = (int)(q > p);

    if (strlen(t) > NUMBER_LIMIT)
        return false;
    if (strcmp(p, "inf") == 0 || strcmp(p, "Inf") == 0 || strcmp(p, "Infinity") == 0)
        return true;
    if (*q && *q == (decimal ? decimal : '.')) {
        p = q + 1;
        q = skip_digits(p);
        digits += q > p;
    }
    if (digits == 0)
        return false;
    if (*q == 'e' || *q == 'E') {
        p = q + 1 + (q[1] == '+' || q[1] == '-');
        q = skip_digits(p);
        if (q == p)
            return false;
    }
    return *q == '\0';
}

double kt__csv_value(const char *text, char decimal)
{
    char  copy[NUMBER_LIMIT + 1];
    char *sign;

    if (!decimal || decimal == '.')
        return strtod(text, NULL);
    strncpy(copy, text, sizeof copy - 1);
    copy[sizeof copy - 1] = '\0';
    sign = strchr(copy, decimal);
    if (sign)
        *sign = '.';
    return strtod(copy, NULL);
}

bool kt__csv_is_missing(const char *t, const kt_csv_rules *rules)
{
    static const char *const words[] = {"", "NA", "N/A", "nan", "NaN", "NAN", "null", "NULL"};

    for (size_t i = 0; i < KT_COUNT(words); i++)
        if (strcmp(t, words[i]) == 0)
            return true;
    for (const char *const *na = rules->na; na && *na; na++)
        if (strcmp(t, *na) == 0)
            return true;
    return false;
}
