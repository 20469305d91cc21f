/* csv_sep.c - which sign separates the fields of a CSV text. */
#include <string.h>

#include "codec/csv_scan.h"

/* The first lines are enough: a table has as many separators in each. */
typedef struct lines {
    const char *begin[2], *end[2];
    int         n;
} lines;

static const char *line_end(const char *p, const char *end)
{
    bool quoted = false;

    for (; p < end && (quoted || (*p != '\n' && *p != '\r')); p++)
        if (*p == '"')
            quoted = !quoted;
    return p;
}

static bool is_blank_line(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p == end;
}

static void take_lines(lines *l, const char *p, const char *end)
{
    l->n = 0;
    while (p < end && l->n < 2) {
        const char *stop = line_end(p, end);
        if (!is_blank_line(p, stop)) {
            l->begin[l->n] = p;
            l->end[l->n++] = stop;
        }
        p = stop < end ? stop + 1 : end;
    }
}

static int64_t count(const lines *l, int i, char sep)
{
    int64_t n = 0;
    bool    quoted = false;

    for (const char *p = l->begin[i]; p < l->end[i]; p++) {
        if (*p == '"')
            quoted = !quoted;
        n += !quoted && *p == sep;
    }
    return n;
}

/* All fields of the last line that was taken, cut at `sep`, are numbers; *n: how many. */
static bool all_numbers(const char *name, const lines *l, char sep, char decimal, int64_t *n)
{
    kt_fault       f = {0};
    kt_csv_scanner s = {.name = name,
                        .p = l->begin[l->n - 1],
                        .end = l->end[l->n - 1],
                        .sep = sep,
                        .next = 1,
                        .fault = &f};
    bool           all = true;

    s.field.limit = KT_CSV_FIELD_LIMIT;
    *n = 0;
    do {
        all = kt__csv_field(&s) == KT_OK && kt__csv_is_number(kt_str_text(&s.field), decimal);
        ++*n;
    } while (all && !s.last);
    kt_str_free(&s.field);
    kt_fault_clear(&f);
    return all;
}

/* "1,5;2,5": more commas than semicolons, and yet those separate. */
static bool has_decimal_commas(const lines *l)
{
    int64_t n = 0;

    return count(l, 0, ';') > 0 && count(l, 0, ';') == count(l, l->n - 1, ';') &&
           all_numbers("", l, ';', ',', &n) && n > 1;
}

static bool is_blank_separated(const lines *l, char decimal)
{
    lines   first = {{l->begin[0]}, {l->end[0]}, 1};
    int64_t n = 0, n_first = 0;

    if (!all_numbers("", l, ' ', decimal, &n) || n < 2)
        return false;
    kt_csv_scanner s = {
        .name = "", .p = first.begin[0], .end = first.end[0], .sep = ' ', .next = 1};
    kt_status st;
    s.field.limit = KT_CSV_FIELD_LIMIT;
    do {
        st = kt__csv_field(&s);
        n_first++;
    } while (st == KT_OK && !s.last);
    kt_str_free(&s.field);
    return st == KT_OK && n == n_first;
}

char kt__csv_find_sep(const char *p, const char *end, char decimal)
{
    static const char candidates[] = ",;\t";
    lines             l;
    int64_t           most = 0;
    bool              even = false; /* as many in the second line as in the first */
    char              best = 0;

    take_lines(&l, p, end);
    if (l.n == 0)
        return ',';
    for (const char *c = candidates; *c; c++) {
        int64_t n = count(&l, 0, *c);
        bool    same = n == count(&l, l.n - 1, *c);
        if (*c == decimal || n == 0 || same < even || (same == even && n <= most))
            continue;
        best = *c;
        most = n;
        even = same;
    }
    if (best == ',' && has_decimal_commas(&l))
        return ';';
    if (best)
        return best;
    return is_blank_separated(&l, decimal) ? ' ' : decimal == ',' ? ';' : ',';
}
