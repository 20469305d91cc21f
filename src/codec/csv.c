/* csv.c - comma-separated values to a table of numbers.
 *
 * The text is walked twice: first to count lines and to see which columns are numeric, then to fill
 * the table. Nothing is kept of the fields in between, so a big file costs its numbers and no more.
 * Words of text columns are sorted and numbered at the end.
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/csv_scan.h"

#define COL_LIMIT 65536 /* columns */

/* --- the layout: delimiter, header, columns --------------------------------------------------- */

/* The one that the first line has most often outside quotes; the comma in doubt. */
static char find_delimiter(const char *p, const char *end)
{
    static const char candidates[] = ",;\t";
    int64_t           found[3] = {0};
    int               best = 0;
    bool              quoted = false;

    for (; p < end && (quoted || (*p != '\n' && *p != '\r')); p++) {
        const char *at = *p ? strchr(candidates, *p) : NULL;
        if (*p == '"')
            quoted = !quoted;
        else if (at && !quoted)
            found[at - candidates]++;
    }
    for (int i = 1; i < 3; i++)
        if (found[i] > found[best])
            best = i;
    return candidates[best];
}

/* What the first walk finds out. */
typedef struct layout {
    kt_arena scratch;
    int      cols;
    int64_t  lines; /* with the header */
    char   **first; /* fields of the first line */
    bool    *text;  /* per column: some field below the first line is no number */
    bool    *name;  /* per column: the first line's field is no number (and not missing) */
    bool     header;
} layout;

static kt_status read_first_line(kt_csv_scanner *s, layout *l)
{
    kt_vec    fields = {0};
    kt_status st = KT_OK;

    do {
        st = kt__csv_field(s);
        if (st == KT_OK && fields.n == COL_LIMIT)
            st = kt_raise(s->fault, KT_E_VALUE, "'%s' has more than %d columns", s->name,
                          COL_LIMIT);
        if (st == KT_OK &&
            !kt_vec_push(&fields, kt_arena_strdup(&l->scratch, kt_str_text(&s->field))))
            st = kt_raise_memory(s->fault);
    } while (st == KT_OK && !s->last);
    l->cols = (int)fields.n;
    l->first = kt_arena_calloc(&l->scratch, fields.n + 1, sizeof *l->first);
    l->text = kt_arena_calloc(&l->scratch, fields.n + 1, sizeof *l->text);
    l->name = kt_arena_calloc(&l->scratch, fields.n + 1, sizeof *l->name);
    if (st == KT_OK && l->scratch.failed)
        st = kt_raise_memory(s->fault);
    for (size_t i = 0; st == KT_OK && i < fields.n; i++) {
        l->first[i] = fields.at[i];
        l->name[i] = !kt__csv_is_number(l->first[i]) && !kt__csv_is_missing(l->first[i]);
    }
    kt_vec_free(&fields);
    return st;
}

/* Reads the field of column `col` and checks that the line has neither too few nor too many. */
static kt_status read_cell(kt_csv_scanner *s, int col, int cols)
{
    kt_status st = kt__csv_field(s);

    if (st == KT_OK && s->last != (col + 1 == cols))
        return kt_raise(s->fault, KT_E_VALUE,
                        "'%s', line %lld has %s fields than the first line, which has %d", s->name,
                        (long long)s->line, s->last ? "fewer" : "more", cols);
    return st;
}

static kt_status survey(kt_csv_scanner *s, layout *l)
{
    kt_status st;

    if (!kt__csv_next_line(s))
        return kt_raise(s->fault, KT_E_VALUE, "'%s' is empty", s->name);
    st = read_first_line(s, l);
    for (l->lines = 1; st == KT_OK && kt__csv_next_line(s); l->lines++)
        for (int c = 0; st == KT_OK && c < l->cols; c++) {
            st = read_cell(s, c, l->cols);
            if (st != KT_OK)
                break;
            bool number = kt__csv_is_number(kt_str_text(&s->field));
            if (l->lines == 1 && number && l->name[c])
                l->header = true;
            l->text[c] = l->text[c] || !number;
        }
    for (int c = 0; st == KT_OK && !l->header && c < l->cols; c++)
        l->text[c] = l->text[c] || l->name[c];
    if (st == KT_OK && l->header && l->lines == 1)
        return kt_raise(s->fault, KT_E_VALUE, "'%s' has a header, but no data", s->name);
    return st;
}

/* --- the table -------------------------------------------------------------------------------- */

typedef struct word {
    char   *text;
    int64_t row;
} word;

static int compare_words(const void *a, const void *b)
{
    return strcmp(((const word *)a)->text, ((const word *)b)->text);
}

/* Sorts the words of a column (found[rows]) and writes the number of each into its cell. */
static kt_status number_words(kt_csv *csv, int col, word *found, kt_fault *f)
{
    int n = 0;

    qsort(found, (size_t)csv->rows, sizeof *found, compare_words);
    for (int64_t i = 0; i < csv->rows; i++) {
        if (i > 0 && strcmp(found[i].text, found[i - 1].text) != 0)
            n++;
        csv->cells[found[i].row * csv->cols + col] = n;
    }
    char **words = kt_arena_calloc(&csv->arena, (size_t)n + 1, sizeof *words);
    if (!words)
        return kt_raise_memory(f);
    for (int64_t i = 0; i < csv->rows; i++) {
        char **slot = &words[(int)csv->cells[found[i].row * csv->cols + col]];
        if (!*slot)
            *slot = kt_arena_strdup(&csv->arena, found[i].text);
        if (!*slot)
            return kt_raise_memory(f);
    }
    csv->words[col] = words;
    csv->n_words[col] = n + 1;
    return KT_OK;
}

static kt_status fill_cell(kt_csv_scanner *s, layout *l, kt_csv *csv, int64_t row, int col,
                           word **found)
{
    const char *text = kt_str_text(&s->field);

    if (kt__csv_is_missing(text))
        return kt_raise(s->fault, KT_E_VALUE,
                        "'%s', line %lld, column %d%s%s%s: the value is missing (%s)", s->name,
                        (long long)s->line, col + 1, csv->header ? " ('" : "",
                        csv->header ? csv->header[col] : "", csv->header ? "')" : "",
                        *text ? text : "an empty field");
    if (!l->text[col]) {
        csv->cells[row * csv->cols + col] = strtod(text, NULL);
        return KT_OK;
    }
    found[col][row].row = row;
    found[col][row].text = kt_arena_strdup(&l->scratch, text);
    return found[col][row].text ? KT_OK : kt_raise_memory(s->fault);
}

static kt_status fill(kt_csv_scanner *s, layout *l, kt_csv *csv, word **found)
{
    kt_status st = KT_OK;

    for (int64_t line = 0; st == KT_OK && line < l->lines && kt__csv_next_line(s); line++)
        for (int c = 0; st == KT_OK && c < l->cols; c++) {
            st = read_cell(s, c, l->cols);
            if (st == KT_OK && (line > 0 || !l->header))
                st = fill_cell(s, l, csv, line - l->header, c, found);
        }
    for (int c = 0; st == KT_OK && c < l->cols; c++)
        if (l->text[c])
            st = number_words(csv, c, found[c], s->fault);
    return st;
}

/* Memory for the table; found: per text column, its words in order of rows. */
static kt_status prepare(layout *l, kt_csv *csv, word ***found, kt_fault *f)
{
    kt_arena *a = &csv->arena;
    size_t    cols = (size_t)l->cols;

    csv->cols = l->cols;
    csv->rows = l->lines - l->header;
    csv->words = kt_arena_calloc(a, cols, sizeof *csv->words);
    csv->n_words = kt_arena_calloc(a, cols, sizeof *csv->n_words);
    csv->cells = kt_arena_calloc(a, cols * (size_t)csv->rows, sizeof *csv->cells);
    *found = kt_arena_calloc(&l->scratch, cols, sizeof **found);
    for (int c = 0; *found && c < l->cols; c++)
        if (l->text[c])
            (*found)[c] = kt_arena_calloc(&l->scratch, (size_t)csv->rows, sizeof ***found);
    if (l->header)
        csv->header = kt_arena_calloc(a, cols, sizeof *csv->header);
    for (int c = 0; csv->header && c < l->cols; c++)
        csv->header[c] = kt_arena_strdup(a, l->first[c]);
    return a->failed || l->scratch.failed ? kt_raise_memory(f) : KT_OK;
}

static kt_status read_table(kt_csv_scanner *s, kt_csv *out)
{
    layout         l = {0};
    word         **found = NULL;
    kt_csv_scanner start = *s;
    kt_status      st = survey(s, &l);

    if (st == KT_OK)
        st = prepare(&l, out, &found, s->fault);
    if (st == KT_OK) {
        s->p = start.p;
        s->next = start.next;
        st = fill(s, &l, out, found);
    }
    kt_arena_free(&l.scratch);
    return st;
}

kt_status kt_csv_read(const char *name, const char *text, size_t size, kt_csv *out, kt_fault *f)
{
    kt_csv_scanner s = {.name = name, .p = text, .end = text + size, .next = 1, .fault = f};

    *out = (kt_csv){0};
    if (size >= 3 &&
        memcmp(text, "\xef\xbb\xbf", 3) == 0) /* a byte order mark, as spreadsheets write */
        s.p += 3;
    s.field.limit = KT_CSV_FIELD_LIMIT;
    s.delimiter = find_delimiter(s.p, s.end);

    /* strtod follows the program's locale, where the decimal point may be a comma; numbers in files
     * do not. */
    locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (!plain)
        return kt_raise_memory(f);
    locale_t  before = uselocale(plain);
    kt_status st = read_table(&s, out);
    uselocale(before);
    freelocale(plain);
    kt_str_free(&s.field);
    if (st != KT_OK)
        kt_csv_free(out);
    return st;
}

void kt_csv_free(kt_csv *csv)
{
    kt_arena_free(&csv->arena);
    *csv = (kt_csv){0};
}

/* --- columns ---------------------------------------------------------------------------------- */

static int raise_no_column(const kt_csv *csv, const char *wanted, kt_fault *f)
{
    kt_str names = {.limit = 2000};

    for (int c = 0; csv->header && c < csv->cols; c++)
        kt_str_printf(&names, "%s'%s'", c ? ", " : "", csv->header[c]);
    if (csv->header)
        kt_raise(f, KT_E_KEY, "there is no column '%s'; the columns are %s%s", wanted,
                 kt_str_text(&names), names.failed ? " ..." : "");
    else
        kt_raise(f, KT_E_KEY,
                 "there is no column '%s'; the columns have no names, their numbers are 0 to %d",
                 wanted, csv->cols - 1);
    kt_str_free(&names);
    return -1;
}

int kt_csv_column(const kt_csv *csv, const char *name_or_index, kt_fault *f)
{
    char *end;
    long  i;

    for (int c = 0; csv->header && c < csv->cols; c++)
        if (strcmp(csv->header[c], name_or_index) == 0)
            return c;
    errno = 0;
    i = strtol(name_or_index, &end, 10);
    if (errno != 0 || end == name_or_index || *end != '\0')
        return raise_no_column(csv, name_or_index, f);
    if (i < 0)
        i += csv->cols;
    return i >= 0 && i < csv->cols ? (int)i : raise_no_column(csv, name_or_index, f);
}
