/* csv.c - comma-separated values: the first walk over the text, and what its counts tell. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/csv_scan.h"

#define COL_LIMIT 65536 /* columns */

/* --- the first line --------------------------------------------------------------------------- */

static kt_status read_first_line(kt_csv_scanner *s, kt_csv *csv)
{
    kt_vec    fields = {0};
    kt_status st = KT_OK;

    do {
        st = kt__csv_field(s);
        if (st == KT_OK && fields.n == COL_LIMIT)
            st = kt_raise(s->fault, KT_E_VALUE, "'%s' has more than %d columns", s->name,
                          COL_LIMIT);
        if (st == KT_OK &&
            !kt_vec_push(&fields, kt_arena_strdup(&csv->arena, kt_str_text(&s->field))))
            st = kt_raise_memory(s->fault);
    } while (st == KT_OK && !s->last);
    csv->col = kt_arena_calloc(&csv->arena, fields.n + 1, sizeof *csv->col);
    if (st == KT_OK && csv->arena.failed)
        st = kt_raise_memory(s->fault);
    for (size_t i = 0; st == KT_OK && i < fields.n; i++)
        csv->col[i].first = fields.at[i];
    csv->cols = (int)fields.n;
    kt_vec_free(&fields);
    return st;
}

/* --- the lines below -------------------------------------------------------------------------- */

/* Keeps line and beginning of the first one; a character of several bytes is not cut. */
static void see(kt_csv_seen *seen, int64_t line, const char *text)
{
    size_t n = strlen(text), room = sizeof seen->text - 4;

    if (seen->line > 0)
        return;
    seen->line = line;
    if (n > room)
        for (n = room; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
            ;
    snprintf(seen->text, sizeof seen->text, "%.*s%s", (int)n, text, text[n] ? "..." : "");
}

static void see_field(kt_csv_col *c, const kt_csv_rules *rules, int64_t line, const char *text)
{
    if (kt__csv_is_missing(text, rules))
        return;
    if (kt__csv_is_number(text, rules->decimal)) {
        c->numbers++;
        see(&c->number, line, text);
        return;
    }
    c->texts++;
    see(&c->text, line, text);
    if (kt__csv_is_number(text, rules->decimal == ',' ? '.' : ',')) {
        c->commas++;
        see(&c->comma, line, text);
    }
}

static kt_status survey(kt_csv_scanner *s, kt_csv *csv)
{
    kt_status st;

    if (!kt__csv_next_line(s))
        return kt_raise(s->fault, KT_E_VALUE, "'%s' is empty", s->name);
    csv->first_line = s->next;
    st = read_first_line(s, csv);
    for (csv->lines = 1; st == KT_OK && kt__csv_next_line(s); csv->lines++)
        for (int c = 0; st == KT_OK && c < csv->cols; c++) {
            st = kt__csv_cell(s, c, csv->cols);
            if (st != KT_OK)
                break;
            const char *text = kt_str_text(&s->field);
            csv->col[c].repeats = csv->col[c].repeats || strcmp(text, csv->col[c].first) == 0;
            see_field(&csv->col[c], &csv->rules, s->line, text);
        }
    return st;
}

kt_status kt_csv_open(const char *name, const char *text, size_t size, const kt_csv_rules *rules,
                      kt_csv *out, kt_fault *f)
{
    *out = (kt_csv){.name = name, .text = text, .end = text + size};
    if (rules)
        out->rules = *rules;
    if (size >= 3 &&
        memcmp(text, "\xef\xbb\xbf", 3) == 0) /* a byte order mark, as spreadsheets write */
        out->text += 3;
    if (!out->rules.sep)
        out->rules.sep = kt__csv_find_sep(out->text, out->end, out->rules.decimal);
    kt_csv_scanner s = {.name = name,
                        .p = out->text,
                        .end = out->end,
                        .sep = out->rules.sep,
                        .next = 1,
                        .fault = f};
    s.field.limit = KT_CSV_FIELD_LIMIT;
    kt_status st = survey(&s, out);
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

/* --- what the counts tell --------------------------------------------------------------------- */

/* Names have a letter: '?' and '-' stand for something else. */
static bool looks_like_name(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (isalpha(*p) || *p == '_' || *p >= 0x80)
            return true;
    return false;
}

static bool is_any_number(const kt_csv *csv, const char *text)
{
    return kt__csv_is_number(text, csv->rules.decimal) || kt__csv_is_number(text, ',');
}

int kt_csv_guess_header(const kt_csv *csv)
{
    int names = 0, numbers = 0, odd = 0, repeats = 0; /* fields of the first line */

    for (int i = 0; i < csv->cols; i++) {
        const kt_csv_col *c = &csv->col[i];
        if (kt__csv_is_missing(c->first, &csv->rules))
            continue;
        bool number = is_any_number(csv, c->first), name = !number && looks_like_name(c->first);
        numbers += number;
        odd += !number && !name;
        repeats += c->repeats;
        names += name && (c->numbers > 0 || c->commas > 0);
    }
    if (names > 0)
        return numbers + odd > 0 ? -1 : 1;
    return numbers + odd + repeats > 0 ? 0 : -1;
}

void kt__csv_place(const kt_csv *csv, int64_t line, int col, kt_str *out)
{
    kt_str_printf(out, "'%s', line %lld, column %d", csv->name, (long long)line, col + 1);
    if (csv->header)
        kt_str_printf(out, " ('%s')", csv->col[col].first);
}

/* How --categorical names the column. */
static void name_column(const kt_csv *csv, int col, kt_str *out)
{
    if (csv->header && *csv->col[col].first)
        kt_str_printf(out, "'%s'", csv->col[col].first);
    else
        kt_str_printf(out, "%d", col);
}

static kt_status raise_mixed(const kt_csv *csv, int col, const kt_csv_col *c, kt_fault *f)
{
    bool               text = c->texts <= c->numbers; /* the rarer sort is the mistake */
    const kt_csv_seen *seen = text ? &c->text : &c->number;
    kt_str             place = {0}, name = {0}, hint = {0};

    kt__csv_place(csv, seen->line, col, &place);
    name_column(csv, col, &name);
    kt_raise(f, KT_E_VALUE, "%s: '%s' is %s, but this column holds %s", kt_str_text(&place),
             seen->text, text ? "no number" : "a number", text ? "numbers" : "text");
    if (text)
        kt_str_printf(&hint, "--na '%s' takes it for a missing value; ", seen->text);
    kt_str_printf(&hint, "--categorical %s takes %s of this column for text", kt_str_text(&name),
                  text ? "all" : "the numbers");
    kt_fault_hint(f, kt_str_text(&hint));
    kt_str_free(&place);
    kt_str_free(&name);
    kt_str_free(&hint);
    return KT_E_VALUE;
}

static kt_status raise_comma(const kt_csv *csv, int col, const kt_csv_col *c, kt_fault *f)
{
    char   other = csv->rules.decimal == ',' ? '.' : ',';
    kt_str place = {0}, name = {0}, hint = {0};

    kt__csv_place(csv, c->comma.line, col, &place);
    name_column(csv, col, &name);
    kt_raise(f, KT_E_VALUE, "%s: '%s' looks like a number with '%c' for its decimal point",
             kt_str_text(&place), c->comma.text, other);
    kt_str_printf(&hint, "--decimal %c reads it so; --categorical %s takes it for text", other,
                  kt_str_text(&name));
    kt_fault_hint(f, kt_str_text(&hint));
    kt_str_free(&place);
    kt_str_free(&name);
    kt_str_free(&hint);
    return KT_E_VALUE;
}

static void add_seen(kt_csv_seen *to, const kt_csv_seen *from)
{
    if (to->line == 0)
        *to = *from;
}

/* With the field of the first line, where that is data. */
static kt_csv_col all_of(const kt_csv *csv, const kt_csv_col *below)
{
    kt_csv_col all = {0};

    if (!csv->header)
        see_field(&all, &csv->rules, csv->first_line, below->first);
    all.numbers += below->numbers;
    all.texts += below->texts;
    all.commas += below->commas;
    add_seen(&all.number, &below->number);
    add_seen(&all.text, &below->text);
    add_seen(&all.comma, &below->comma);
    return all;
}

kt_status kt_csv_settle(kt_csv *csv, int col, kt_fault *f)
{
    kt_csv_col all = all_of(csv, &csv->col[col]);

    csv->col[col].use = all.texts > 0 ? KT_CSV_WORDS : KT_CSV_NUMBERS;
    if (all.commas > 0)
        return raise_comma(csv, col, &all, f);
    return all.texts > 0 && all.numbers > 0 ? raise_mixed(csv, col, &all, f) : KT_OK;
}

/* --- columns ---------------------------------------------------------------------------------- */

static int raise_no_column(const kt_csv *csv, const char *wanted, kt_fault *f)
{
    kt_str names = {.limit = 2000};

    for (int c = 0; csv->header && c < csv->cols; c++)
        kt_str_printf(&names, "%s'%s'", c ? ", " : "", csv->col[c].first);
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
        if (strcmp(csv->col[c].first, name_or_index) == 0)
            return c;
    errno = 0;
    i = strtol(name_or_index, &end, 10);
    if (errno != 0 || end == name_or_index || *end != '\0')
        return raise_no_column(csv, name_or_index, f);
    if (i < 0)
        i += csv->cols;
    return i >= 0 && i < csv->cols ? (int)i : raise_no_column(csv, name_or_index, f);
}
