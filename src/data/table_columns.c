/* table_columns.c - the header of a CSV file, and which of its columns are inputs and targets. What
 * training saw (a legend) decides for every later file. */
#include <string.h>

#include "data/table.h"

/* --- the header ------------------------------------------------------------------------------- */

int kt__table_find(const kt_csv *csv, const char *name)
{
    for (int c = 0; c < csv->cols; c++)
        if (kt_streq(csv->col[c].first, name))
            return c;
    return -1;
}

/* All columns of the array had names in training, and no two the same. */
static bool has_names(const kt_legend *l, bool as_y)
{
    for (int i = 0; l && i < l->n[as_y]; i++) {
        const char *name = l->col[as_y][i].name;
        if (!name || !*name)
            return false;
        for (int k = 0; k < i; k++)
            if (kt_streq(name, l->col[as_y][k].name))
                return false;
    }
    return l && l->n[as_y] > 0;
}

static bool names_stand_first(const kt_reading *r)
{
    if (!has_names(r->known, r->as_y))
        return false;
    for (int i = 0; i < r->known->n[r->as_y]; i++)
        if (kt__table_find(&r->csv, r->known->col[r->as_y][i].name) < 0)
            return false;
    return true;
}

static bool is_word_of(const kt_legend_column *c, const char *text)
{
    for (int k = 0; k < c->n_words; k++)
        if (kt_streq(c->words[k], text))
            return true;
    return false;
}

/* The first line holds texts that stood in the same place in training: it is data. */
static bool words_stand_first(const kt_reading *r)
{
    const kt_legend *l = r->known;

    if (!l || r->csv.cols < l->n[r->as_y])
        return false;
    for (int i = 0, col = 0; i < l->n[r->as_y]; i++, col++) {
        col += !r->as_y && l->n[1] == 1 && r->csv.cols > l->n[0] && l->col[1][0].at == col;
        if (col < r->csv.cols && is_word_of(&l->col[r->as_y][i], r->csv.col[col].first))
            return true;
    }
    for (int i = 0; !r->as_y && i < l->n[1]; i++)
        if (l->col[1][i].at >= 0 && l->col[1][i].at < r->csv.cols &&
            is_word_of(&l->col[1][i], r->csv.col[l->col[1][i].at].first))
            return true;
    return false;
}

static kt_status settle_header(kt_reading *r)
{
    int yes = r->rules->header > 0 || names_stand_first(r) ? 1 : words_stand_first(r) ? 0 : -1;

    if (r->rules->header < 0)
        yes = 0;
    if (yes < 0)
        yes = kt_csv_guess_header(&r->csv);
    if (yes < 0) {
        kt_raise(&r->d->fault, KT_E_VALUE,
                 "'%s': whether the first line (%.60s%s) holds the names of the columns can not be "
                 "told",
                 r->csv.name, r->csv.col[0].first, r->csv.cols > 1 ? ", ..." : "");
        kt_fault_hint(&r->d->fault, "say --header or --no-header");
    }
    r->csv.header = yes > 0;
    return r->d->fault.e.status;
}

/* --- which columns ---------------------------------------------------------------------------- */

/* The column of --target; without it that of training, where the file has one. */
static void find_target(kt_reading *r)
{
    const kt_legend *l = r->known;

    r->target = -1;
    if (r->rules->target) {
        r->target = kt_csv_column(&r->csv, r->rules->target, &r->d->fault);
    } else if (r->rules->with_target && l && l->n[1] == 1) {
        const kt_legend_column *c = &l->col[1][0];
        bool there = c->at >= 0 && c->at < r->csv.cols; /* where it was in training */
        if (r->csv.header && c->name)
            r->target = there && kt_streq(r->csv.col[c->at].first, c->name)
                          ? c->at
                          : kt__table_find(&r->csv, c->name);
        else if (r->csv.cols == l->n[0] + 1)
            r->target = there ? c->at : -1;
    }
}

static kt_status raise_missing_column(kt_reading *r, const char *name)
{
    kt_str names = {.limit = 2000};

    for (int c = 0; c < r->csv.cols; c++)
        kt_str_printf(&names, "%s'%s'", c ? ", " : "", r->csv.col[c].first);
    kt_raise(&r->d->fault, KT_E_VALUE,
             "'%s': the column '%s' of training is missing; the columns are %s%s", r->csv.name,
             name, kt_str_text(&names), names.failed ? " ..." : "");
    kt_str_free(&names);
    return KT_E_VALUE;
}

static kt_status choose_by_name(kt_reading *r)
{
    const kt_legend *l = r->known;

    r->n = l->n[r->as_y];
    for (int i = 0; i < r->n; i++) {
        r->from[i] = kt__table_find(&r->csv, l->col[r->as_y][i].name);
        if (r->from[i] < 0)
            return raise_missing_column(r, l->col[r->as_y][i].name);
        if (r->from[i] == r->target)
            return kt_raise(&r->d->fault, KT_E_VALUE,
                            "'%s': the column '%s' was an input in training: it can not be the "
                            "target",
                            r->csv.name, l->col[r->as_y][i].name);
        r->known_for[r->from[i]] = i;
    }
    return KT_OK;
}

static kt_status choose_by_place(kt_reading *r)
{
    const kt_legend *l = r->known;

    r->n = 0;
    for (int c = 0; c < r->csv.cols; c++)
        if (c != r->target) {
            r->known_for[c] = r->n;
            r->from[r->n++] = c;
        }
    if (l && l->n[r->as_y] > 0 && r->n != l->n[r->as_y] && kt_legend_has_words(l, r->as_y))
        return kt_raise(&r->d->fault, KT_E_VALUE,
                        "'%s' has %d columns of %s, in training there were %d", r->csv.name, r->n,
                        r->as_y ? "targets" : "inputs", l->n[r->as_y]);
    return KT_OK;
}

static void note_left_out(kt_reading *r)
{
    kt_str names = {.limit = 500};
    int    n = 0;

    for (int c = 0; c < r->csv.cols; c++)
        if (r->csv.col[c].use == KT_CSV_LEFT_OUT && c != r->target)
            kt_str_printf(&names, "%s'%s'", n++ ? ", " : "", r->csv.col[c].first);
    if (n > 0)
        kt_data_note(r->d, "'%s': not used: %s%s", r->csv.name, kt_str_text(&names),
                     names.failed ? " ..." : "");
    kt_str_free(&names);
}

static kt_status take_columns(kt_reading *r)
{
    size_t cols = (size_t)r->csv.cols;

    find_target(r);
    r->from = kt_arena_calloc(&r->csv.arena, cols, sizeof *r->from);
    r->known_for = kt_arena_calloc(&r->csv.arena, cols, sizeof *r->known_for);
    if (!r->from || !r->known_for)
        return kt_raise_memory(&r->d->fault);
    if (r->d->fault.e.status != KT_OK)
        return r->d->fault.e.status;
    bool named = r->csv.header && has_names(r->known, r->as_y);
    if ((named ? choose_by_name(r) : choose_by_place(r)) != KT_OK)
        return r->d->fault.e.status;
    for (int c = 0; c < r->csv.cols; c++)
        r->csv.col[c].use = KT_CSV_LEFT_OUT;
    for (int i = 0; i < r->n; i++)
        r->csv.col[r->from[i]].use = KT_CSV_NUMBERS;
    if (r->target >= 0 && !r->rules->inputs_only) {
        r->csv.col[r->target].use = KT_CSV_NUMBERS;
        r->known_for[r->target] = 0;
    }
    note_left_out(r);
    return r->d->fault.e.status;
}

kt_status kt__table_choose(kt_reading *r)
{
    return settle_header(r) == KT_OK ? take_columns(r) : r->d->fault.e.status;
}
