/* csv_scan.c - the fields of a CSV text, one after the other, and which of them are numbers. */
#include "codec/csv_scan.h"

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

static bool is_blank(const kt_csv_scanner *s, char c)
{
    return (c == ' ' || c == '\t') && c != s->delimiter;
}

/* Skips empty lines. False at the end of the text. */
bool kt__csv_next_line(kt_csv_scanner *s)
{
    for (;;) {
        const char *start = s->p;
        while (s->p < s->end && is_blank(s, *s->p))
            s->p++;
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
    s->p++;
    while (s->p < s->end && is_blank(s, *s->p))
        s->p++;
    if (!at_line_end(s) && *s->p != s->delimiter)
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
    while (s->p < s->end && is_blank(s, *s->p))
        s->p++;
    if (s->p < s->end && *s->p == '"') {
        kt_status st = read_quoted(s);
        if (st != KT_OK)
            return st;
    } else {
        const char *start = s->p, *stop;
        while (!at_line_end(s) && *s->p != s->delimiter)
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
    s->last = at_line_end(s);
    if (s->last)
        skip_line_end(s);
    else
        s->p++;
    return KT_OK;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static const char *skip_digits(const char *p)
{
    while (*p >= '0' && *p <= '9')
        p++;
    return p;
}

/* Decimal numbers and inf, nothing else that strtod might take (hexadecimal, "nan(1)"). */
bool kt__csv_is_number(const char *t)
{
    const char *p = t + (*t == '+' || *t == '-'), *q = skip_digits(p);
    int         digits = (int)(q > p);

    if (strlen(t) > NUMBER_LIMIT)
        return false;
    if (strcmp(p, "inf") == 0 || strcmp(p, "Inf") == 0 || strcmp(p, "Infinity") == 0)
        return true;
    if (*q == '.') {
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

bool kt__csv_is_missing(const char *t)
{
    static const char *const words[] = {"", "NA", "N/A", "nan", "NaN", "NAN", "null", "NULL"};

    for (size_t i = 0; i < KT_COUNT(words); i++)
        if (strcmp(t, words[i]) == 0)
            return true;
    return false;
}
