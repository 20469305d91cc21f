/* table.c - a CSV file as arrays: what is text, and which number stands for it. */
#include <stdlib.h>
#include <string.h>

#include "data/table.h"

static kt_status status_of(const kt_reading *r)
{
    return r->d->fault.e.status;
}

static const kt_legend_column *known_column(const kt_reading *r, int col)
{
    bool target = r->as_y || col == r->target;
    int  i = r->known ? r->known_for[col] : -1;

    return i >= 0 && i < r->known->n[target] ? &r->known->col[target][i] : NULL;
}

/* --- numbers or text -------------------------------------------------------------------------- */

/* A name, or an index that counts through the columns of x and then those of y, as if the files
 * stood side by side. -1: none of this file's. */
static int find_categorical(const kt_reading *r, const char *wanted)
{
    int   by_name = r->csv.header ? kt__table_find(&r->csv, wanted) : -1;
    char *end;
    long  i = strtol(wanted, &end, 10);

    if (by_name >= 0 || end == wanted || *end)
        return by_name;
    if (i < 0)
        i = r->rules->more_follows ? -1 : i + r->csv.cols;
    else
        i -= r->rules->cols_before;
    return i >= 0 && i < r->csv.cols ? (int)i : -1;
}

static bool is_categorical(const kt_reading *r, int col)
{
    const char *const *wanted = r->rules->categorical;

    for (int i = 0; wanted && wanted[i]; i++)
        if (find_categorical(r, wanted[i]) == col)
            return true;
    return false;
}

kt_status kt_table_check_categorical(const kt_table_rules *rules, kt_fault *f)
{
    for (int i = 0; rules->categorical && rules->categorical[i]; i++)
        if (!rules->categorical_seen[i])
            return kt_raise(f, KT_E_KEY, "there is no column '%s' that could be categorical",
                            rules->categorical[i]);
    return KT_OK;
}

/* Before anything is said about their fields. */
static kt_status find_all_categorical(kt_reading *r)
{
    kt_table_rules *rules = r->rules;

    for (int i = 0; rules->categorical && rules->categorical[i]; i++)
        rules->categorical_seen[i] = rules->categorical_seen[i] ||
                                     find_categorical(r, rules->categorical[i]) >= 0;
    return rules->more_follows ? KT_OK : kt_table_check_categorical(rules, &r->d->fault);
}

static kt_status raise_other_sort(kt_reading *r, int col, const char *what)
{
    bool named = r->csv.header && *r->csv.col[col].first;

    return kt_raise(&r->d->fault, KT_E_VALUE, "'%s': column %d%s%s%s %s", r->csv.name, col + 1,
                    named ? " ('" : "", named ? r->csv.col[col].first : "", named ? "')" : "",
                    what);
}

/* An input that stays text. */
static bool is_text(const kt_reading *r, int col)
{
    return r->rules->texts && !r->as_y && col != r->target;
}

static kt_status settle_column(kt_reading *r, int col)
{
    kt_csv_col             *c = &r->csv.col[col];
    const kt_legend_column *known = known_column(r, col);
    bool                    text = is_categorical(r, col);

    if (is_text(r, col)) {
        c->use = KT_CSV_WORDS;
        return KT_OK;
    }
    if (known && known->words) {
        c->use = KT_CSV_WORDS;
        c->words = known->words;
        c->n_words = known->n_words;
        return KT_OK;
    }
    if (text)
        c->use = KT_CSV_WORDS;
    else if (kt_csv_settle(&r->csv, col, &r->d->fault) != KT_OK)
        return status_of(r);
    if (known && c->use == KT_CSV_WORDS)
        return raise_other_sort(r, col, "is text, but held numbers in training");
    return KT_OK;
}

static kt_status settle_columns(kt_reading *r)
{
    for (int c = 0; c < r->csv.cols && status_of(r) == KT_OK; c++)
        if (r->csv.col[c].use != KT_CSV_LEFT_OUT)
            settle_column(r, c);
    return status_of(r);
}

/* --- arrays ----------------------------------------------------------------------------------- */

/* The chosen columns as float32 [rows, columns]. */
static kt_tensor *matrix(const kt_reading *r)
{
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(r->csv.rows, r->n));

    for (int64_t row = 0; t && row < r->csv.rows; row++)
        for (int i = 0; i < r->n; i++)
            kt_tensor_f32(t)[row * r->n + i] = (float)r->csv.cells[row * r->csv.cols + r->from[i]];
    return t;
}

/* The chosen columns as texts [rows, columns]. */
static kt_tensor *texts(const kt_reading *r)
{
    kt_arena   a = {0};
    kt_tensor *t = kt_tensor_new(KT_STRING, KT_SHAPE(r->csv.rows, r->n)), *whole = NULL;

    for (int64_t row = 0; t && !a.failed && row < r->csv.rows; row++)
        for (int i = 0; i < r->n; i++) {
            int         word = (int)r->csv.cells[row * r->csv.cols + r->from[i]];
            const char *text = r->csv.col[r->from[i]].words[word];
            ((kt_text **)t->data)[row * r->n + i] = kt_text_new(&a, text, strlen(text));
        }
    if (t && !a.failed)
        whole = kt_texts_own(kt_text_items(t), t->shape);
    kt_tensor_unref(t);
    kt_arena_free(&a);
    return whole;
}

/* A column of words becomes class numbers (int32), numbers stay float32: [rows] or [rows, 1]. */
static kt_tensor *target_column(const kt_reading *r)
{
    bool       words = r->csv.col[r->target].use == KT_CSV_WORDS;
    kt_tensor *t = words ? kt_tensor_new(KT_I32, KT_SHAPE(r->csv.rows))
                         : kt_tensor_new(KT_F32, KT_SHAPE(r->csv.rows, 1));

    for (int64_t row = 0; t && row < r->csv.rows; row++)
        kt_tensor_set(t, row, r->csv.cells[row * r->csv.cols + r->target]);
    return t;
}

static void add_array(kt_reading *r, bool as_y, kt_tensor *t)
{
    if (!t)
        kt_raise_memory(&r->d->fault);
    else if (as_y)
        kt_data_add_y(r->d, "", t);
    else
        kt_data_add_x(r->d, "", t);
    kt_tensor_unref(t);
}

static void note_words(kt_reading *r, int col)
{
    const kt_csv_col *c = &r->csv.col[col];
    kt_str            text = {0};

    for (int k = 0; k < c->n_words && k < 20; k++)
        kt_str_printf(&text, "%s%d = %s", k ? ", " : "", k, c->words[k]);
    if (c->n_words > 20)
        kt_str_printf(&text, ", ... (%d in all)", c->n_words);
    kt_data_note(r->d, "'%s', column %d%s%s%s: %s", r->csv.name, col + 1,
                 r->csv.header ? " ('" : "", r->csv.header ? c->first : "",
                 r->csv.header ? "')" : "", kt_str_text(&text));
    kt_str_free(&text);
}

static bool keep_column(kt_reading *r, bool target, int i, int col)
{
    const kt_csv_col *c = &r->csv.col[col];
    bool              words = c->use == KT_CSV_WORDS && !is_text(r, col);
    kt_legend_column  l = {.name = r->csv.header ? (char *)(uintptr_t)c->first : NULL,
                           .words = words ? c->words : NULL,
                           .n_words = words ? c->n_words : 0,
                           .at = target && !r->as_y ? col : -1};

    if (words && !(known_column(r, col) && known_column(r, col)->words))
        note_words(r, col);
    return kt_legend_set(r->d->legend, target, i, &l);
}

static kt_status keep_legend(kt_reading *r)
{
    kt_data *d = r->d;
    bool     with_y = r->target >= 0 && !r->rules->inputs_only;

    if (!d->legend)
        d->legend = kt_legend_new();
    bool ok = d->legend && kt_legend_start(d->legend, r->as_y, r->n);
    for (int i = 0; ok && i < r->n; i++)
        ok = keep_column(r, r->as_y, i, r->from[i]);
    if (ok && with_y)
        ok = kt_legend_start(d->legend, true, 1) && keep_column(r, true, 0, r->target);
    return ok ? KT_OK : kt_raise_memory(&d->fault);
}

static kt_status read_table(kt_reading *r)
{
    kt_fault *f = &r->d->fault;

    if (kt__table_choose(r) != KT_OK || find_all_categorical(r) != KT_OK ||
        settle_columns(r) != KT_OK)
        return f->e.status;
    if (r->n == 0)
        return kt_raise(f, KT_E_VALUE, "'%s' has no column besides the target", r->csv.name);
    r->csv.drop_rows = r->rules->drop_rows;
    if (kt_csv_fill(&r->csv, f) != KT_OK || keep_legend(r) != KT_OK)
        return f->e.status;
    if (r->csv.dropped > 0)
        kt_data_note(r->d, "'%s': %lld row%s with a missing value left out", r->csv.name,
                     (long long)r->csv.dropped, r->csv.dropped > 1 ? "s" : "");
    add_array(r, r->as_y, r->rules->texts && !r->as_y ? texts(r) : matrix(r));
    if (r->target >= 0 && !r->rules->inputs_only)
        add_array(r, true, target_column(r));
    r->rules->cols_before += r->csv.cols;
    return f->e.status;
}

kt_status kt_table_read(kt_data *d, const char *name, const kt_bytes *b, bool as_y,
                        kt_table_rules *rules)
{
    kt_reading r = {.d = d, .rules = rules, .known = rules->known, .as_y = as_y};

    if (kt_csv_open(name, (const char *)b->data, b->size, &rules->csv, &r.csv, &d->fault) ==
        KT_OK) {
        read_table(&r);
        kt_csv_free(&r.csv);
    }
    return d->fault.e.status;
}
