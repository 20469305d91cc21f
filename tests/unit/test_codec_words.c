/* test_codec_words.c - files with one byte changed, left out or doubled: what is read of them, and
 * what is said of those that are refused, is what tests/support/damage_words.txt has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "codec/hdf5_check.h"
#include "config/config.h"
#include "support/damage.h"

/* --- readers ---------------------------------------------------------------------------------- */

static void saw_array(const kt_array *a)
{
    damage_saw(&a->type, sizeof a->type);
    damage_saw(a->dim, (size_t)a->rank * sizeof *a->dim);
    damage_saw(a->data, (size_t)kt_array_count(a) * (size_t)a->item);
}

static kt_status read_npy(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_array  a;
    kt_status s = kt_npy_read("x.npy", data, size, &a, f);

    if (s == KT_OK)
        saw_array(&a);
    kt_array_free(&a);
    return s;
}

static kt_status read_idx(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_array  a;
    kt_status s = kt_idx_read("x.idx", data, size, &a, f);

    if (s == KT_OK)
        saw_array(&a);
    kt_array_free(&a);
    return s;
}

static void saw_column(const kt_csv_col *c)
{
    damage_saw(&c->use, sizeof c->use);
    for (int w = 0; w < c->n_words; w++)
        damage_saw(c->words[w], strlen(c->words[w]) + 1);
}

static kt_status read_table(const uint8_t *data, size_t size, const kt_csv_rules *rules,
                            kt_fault *f)
{
    kt_csv    csv;
    kt_status s = kt_csv_open("x.csv", (const char *)data, size, rules, &csv, f);

    if (s != KT_OK)
        return s;
    csv.header = kt_csv_guess_header(&csv) > 0;
    for (int c = 0; s == KT_OK && c < csv.cols; c++)
        s = kt_csv_settle(&csv, c, f);
    if (s == KT_OK)
        s = kt_csv_fill(&csv, f);
    if (s == KT_OK) {
        damage_saw(csv.cells, (size_t)(csv.rows * csv.cols) * sizeof *csv.cells);
        for (int c = 0; c < csv.cols; c++)
            saw_column(&csv.col[c]);
    }
    kt_csv_free(&csv);
    return s;
}

static kt_status read_csv(const uint8_t *data, size_t size, kt_fault *f)
{
    return read_table(data, size, &(kt_csv_rules){0}, f);
}

static kt_status read_csv_of_commas(const uint8_t *data, size_t size, kt_fault *f)
{
    static const char *const na[] = {"?", NULL};

    return read_table(data, size, &(kt_csv_rules){.sep = ';', .decimal = ',', .na = na}, f);
}

static kt_status read_expression(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_arena  a = {0};
    kt_str    text = {0}, printed = {0};
    kt_value *v = NULL;

    kt_str_addn(&text, (const char *)data, size);
    v = kt_expr_parse(kt_str_text(&text), &a, f);
    if (v)
        kt_value_repr(&printed, v);
    damage_saw(kt_str_text(&printed), printed.len);
    kt_str_free(&printed);
    kt_str_free(&text);
    kt_arena_free(&a);
    return f->e.status;
}

#if KERATIN_HDF5
static kt_status check_hdf5(const uint8_t *data, size_t size, kt_fault *f)
{
    return kt__h5_check("x.h5", data, size, f);
}
#endif

/* --- the table -------------------------------------------------------------------------------- */

static const struct {
    const char    *seed; /* of the fuzzer */
    damage_reader *read;
    const char    *as;
} files[] = {
    {"npy/bytes", read_npy, NULL},
    {"npy/fortran", read_npy, " {}(),:'<>|=0123456789abfiuTUxLF\n"},
    {"npy/texts", read_npy, NULL},
    {"idx/bytes", read_idx, NULL},
    {"idx/floats", read_idx, NULL},
    {"csv/header", read_csv, ",;\t \n\r\"x1.-eE?#"},
    {"csv/plain", read_csv, ",;\t \n\r\"x1.-eE?#"},
    {"csv/tabs", read_csv, ",;\t \n\r\"x1.-eE?#"},
    {"csv/header", read_csv_of_commas, ",;\t \n\r\"x1.-eE?#"},
    {"expr/arguments", read_expression, "()[]{},:=+-*/%.'\"\\#0e_ x\n"},
    {"expr/arithmetic", read_expression, "()[]{},:=+-*/%.'\"\\#0e_ x\n"},
    {"expr/dict", read_expression, "()[]{},:=+-*/%.'\"\\#0e_ x\n"},
    {"expr/nested", read_expression, "()[]{},:=+-*/%.'\"\\#0e_ x\n"},
    {"expr/call_text", read_expression, "()[]{},:=+-*/%.'\"\\#0e_ x\n"},
#if KERATIN_HDF5
    {"hdf5/data_compact", check_hdf5, NULL},
    {"hdf5/legacy", check_hdf5, NULL},
    {"hdf5/link_soft_newest", check_hdf5, NULL},
    {"hdf5/newest", check_hdf5, NULL},
    {"hdf5/weights", check_hdf5, NULL},
#endif
};

static void read_file(const char *path, kt_bytes *b)
{
    const char *top = getenv("KERATIN_SOURCE");
    kt_str      name = {0};
    kt_fault    f = {0};

    kt_str_printf(&name, "%s/tests/%s", top ? top : ".", path);
    if (kt_file_read(kt_str_text(&name), b, &f) != KT_OK)
        fail_msg("%s", f.e.message);
    kt_str_free(&name);
}

static void words_of(size_t i, kt_str *out)
{
    kt_bytes b = {0};
    kt_str   path = {0}, name = {0};

    kt_str_printf(&path, "fuzz/seeds/%s", files[i].seed);
    kt_str_printf(&name, "%zu %s", i, files[i].seed);
    read_file(kt_str_text(&path), &b);
    damage_words(kt_str_text(&name), files[i].read, b.data, b.size, files[i].as, out);
    kt_bytes_free(&b);
    kt_str_free(&path);
    kt_str_free(&name);
}

static void what_is_said(void **state)
{
    kt_str lines = {0};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(files); i++)
        words_of(i, &lines);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
