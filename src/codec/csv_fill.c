/* csv_fill.c - the second walk over a CSV text: its table of numbers. */
#define _XOPEN_SOURCE 700
#include <locale.h>
#include <string.h>

#include "codec/csv_scan.h"

typedef struct filler {
    kt_csv        *csv;
    kt_csv_scanner s;
    kt_csv_found  *found; /* [cols] */
    kt_arena       scratch;
    int64_t        row;
    bool           missing; /* the present row lacks a value */
} filler;

static kt_status raise_at(filler *t, int col, const char *what, const char *text, const char *hint)
{
    kt_str place = {0};

    kt__csv_place(t->csv, t->s.line, col, &place);
    kt_raise(t->s.fault, KT_E_VALUE, "%s: %s (%s)", kt_str_text(&place), what, text);
    if (hint)
        kt_fault_hint(t->s.fault, hint);
    kt_str_free(&place);
    return KT_E_VALUE;
}

static kt_status raise_unknown(filler *t, int col, const char *text)
{
    const kt_csv_col *c = &t->csv->col[col];
    kt_str            place = {0}, words = {.limit = 300};

    kt__csv_place(t->csv, t->s.line, col, &place);
    for (int i = 0; i < c->n_words; i++)
        kt_str_printf(&words, "%s'%s'", i ? ", " : "", c->words[i]);
    kt_raise(t->s.fault, KT_E_VALUE,
             "%s: '%.60s' is none of the texts that this column had in training: %s%s",
             kt_str_text(&place), text, kt_str_text(&words), words.failed ? " ..." : "");
    kt_str_free(&place);
    kt_str_free(&words);
    return KT_E_VALUE;
}

static kt_status fill_word(filler *t, int col, const char *text, double *cell)
{
    kt_csv_found *w = &t->found[col];

    if (w->text) {
        w->text[t->row] = kt_arena_strdup(&t->scratch, text);
        return w->text[t->row] ? KT_OK : kt_raise_memory(t->s.fault);
    }
    int number = kt__csv_word_number(w, &t->csv->col[col], text);
    *cell = number;
    return number >= 0 ? KT_OK : raise_unknown(t, col, text);
}

static kt_status fill_cell(filler *t, int col)
{
    kt_csv     *csv = t->csv;
    const char *text = kt_str_text(&t->s.field);
    double     *cell = &csv->cells[t->row * csv->cols + col];

    *cell = 0;
    if (csv->col[col].use == KT_CSV_LEFT_OUT || t->missing)
        return KT_OK;
    if (kt__csv_is_missing(text, &csv->rules)) {
        t->missing = true;
        return csv->drop_rows
                 ? KT_OK
                 : raise_at(t, col, "the value is missing", *text ? text : "an empty field",
                            "--drop-na leaves out the rows where a value is missing");
    }
    if (csv->col[col].use == KT_CSV_WORDS)
        return fill_word(t, col, text, cell);
    *cell = kt__csv_value(text, csv->rules.decimal);
    return KT_OK;
}

static kt_status fill(filler *t)
{
    kt_csv   *csv = t->csv;
    kt_status st = KT_OK;

    for (int64_t line = 0; st == KT_OK && line < csv->lines && kt__csv_next_line(&t->s); line++) {
        t->missing = false;
        for (int c = 0; st == KT_OK && c < csv->cols; c++) {
            st = kt__csv_cell(&t->s, c, csv->cols);
            if (st == KT_OK && (line > 0 || !csv->header))
                st = fill_cell(t, c);
        }
        t->row += (line > 0 || !csv->header) && !t->missing;
        csv->dropped += t->missing;
    }
    csv->rows = t->row;
    if (st == KT_OK && csv->rows == 0)
        st = kt_raise(t->s.fault, KT_E_VALUE, "'%s': a value is missing in each of its rows",
                      csv->name);
    for (int c = 0; st == KT_OK && c < csv->cols; c++)
        st = kt__csv_words_finish(csv, c, &t->found[c], t->s.fault);
    return st;
}

/* Memory for the table. */
static kt_status prepare(filler *t)
{
    kt_csv   *csv = t->csv;
    int64_t   rows = csv->lines - csv->header;
    kt_fault *f = t->s.fault;
    kt_status st = KT_OK;

    if (rows == 0)
        return kt_raise(f, KT_E_VALUE, "'%s' has a header, but no data", csv->name);
    csv->cells = kt_arena_calloc(&csv->arena, (size_t)csv->cols * (size_t)rows, sizeof *csv->cells);
    t->found = kt_arena_calloc(&t->scratch, (size_t)csv->cols, sizeof *t->found);
    if (!csv->cells || !t->found)
        return kt_raise_memory(f);
    for (int c = 0; st == KT_OK && c < csv->cols; c++)
        st = kt__csv_words_start(&t->found[c], &csv->col[c], rows, &t->scratch, f);
    return st;
}

kt_status kt_csv_fill(kt_csv *csv, kt_fault *f)
{
    filler t = {.csv = csv,
                .s = {.name = csv->name,
                      .p = csv->text,
                      .end = csv->end,
                      .sep = csv->rules.sep,
                      .next = 1,
                      .fault = f}};

    /* strtod follows the program's locale, where the decimal point may be a comma; numbers in files
     * do not. */
    locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (!plain)
        return kt_raise_memory(f);
    t.s.field.limit = KT_CSV_FIELD_LIMIT;
    locale_t  before = uselocale(plain);
    kt_status st = prepare(&t);
    if (st == KT_OK)
        st = fill(&t);
    uselocale(before);
    freelocale(plain);
    kt_str_free(&t.s.field);
    kt_arena_free(&t.scratch);
    return st;
}
