/* csv_words.c - the texts of a CSV column and the numbers that stand for them. */
#include <stdlib.h>
#include <string.h>

#include "codec/csv_scan.h"

/* --- given beforehand ------------------------------------------------------------------------- */

typedef struct entry {
    const char *text;
    int         number;
} entry;

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const entry *)a)->text, ((const entry *)b)->text);
}

static kt_status sort_given(kt_csv_found *w, const kt_csv_col *c, kt_arena *a, kt_fault *f)
{
    entry *all = kt_calloc((size_t)c->n_words + 1, sizeof *all);

    w->order = kt_arena_calloc(a, (size_t)c->n_words + 1, sizeof *w->order);
    if (!all || !w->order) {
        kt_free(all);
        return kt_raise_memory(f);
    }
    for (int i = 0; i < c->n_words; i++)
        all[i] = (entry){c->words[i], i};
    qsort(all, (size_t)c->n_words, sizeof *all, compare_entries);
    for (int i = 0; i < c->n_words; i++)
        w->order[i] = all[i].number;
    kt_free(all);
    return KT_OK;
}

kt_status kt__csv_words_start(kt_csv_found *w, const kt_csv_col *c, int64_t rows, kt_arena *a,
                              kt_fault *f)
{
    if (c->use != KT_CSV_WORDS)
        return KT_OK;
    if (c->words)
        return sort_given(w, c, a, f);
    w->text = kt_arena_calloc(a, (size_t)rows + 1, sizeof *w->text);
    return w->text ? KT_OK : kt_raise_memory(f);
}

int kt__csv_word_number(const kt_csv_found *w, const kt_csv_col *c, const char *text)
{
    int low = 0, high = c->n_words;

    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strcmp(c->words[w->order[middle]], text);
        if (order == 0)
            return w->order[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/* --- found in the file ------------------------------------------------------------------------ */

typedef struct word {
    const char *text;
    double      value;
    bool        number;
    int64_t     row;
} word;

/* Numbers by their value, before all other text. */
static int compare_words(const void *a, const void *b)
{
    const word *x = a, *y = b;

    if (x->number != y->number)
        return x->number ? -1 : 1;
    if (x->number && x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return strcmp(x->text, y->text);
}

static kt_status keep_words(kt_csv *csv, int col, const word *all, kt_fault *f)
{
    kt_csv_col *c = &csv->col[col];
    int         n = 0;

    for (int64_t i = 0; i < csv->rows; i++) {
        n += i > 0 && strcmp(all[i].text, all[i - 1].text) != 0;
        csv->cells[all[i].row * csv->cols + col] = n;
    }
    c->words = kt_arena_calloc(&csv->arena, (size_t)n + 1, sizeof *c->words);
    for (int64_t i = 0; c->words && i < csv->rows; i++) {
        char **slot = &c->words[(int)csv->cells[all[i].row * csv->cols + col]];
        if (!*slot && !(*slot = kt_arena_strdup(&csv->arena, all[i].text)))
            c->words = NULL;
    }
    if (!c->words)
        return kt_raise_memory(f);
    c->n_words = n + 1;
    return KT_OK;
}

kt_status kt__csv_words_finish(kt_csv *csv, int col, const kt_csv_found *w, kt_fault *f)
{
    word *all = w->text ? kt_calloc((size_t)csv->rows + 1, sizeof *all) : NULL;

    if (!w->text)
        return KT_OK;
    if (!all)
        return kt_raise_memory(f);
    for (int64_t i = 0; i < csv->rows; i++) {
        bool number = kt__csv_is_number(w->text[i], csv->rules.decimal);
        all[i] = (word){w->text[i], number ? kt__csv_value(w->text[i], csv->rules.decimal) : 0,
                        number, i};
    }
    qsort(all, (size_t)csv->rows, sizeof *all, compare_words);
    kt_status st = keep_words(csv, col, all, f);
    kt_free(all);
    return st;
}
