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
#include "support/test_file.h"

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

/* --- checksums that are right again ----------------------------------------------------------- */

enum { MOST_SUMS = 64 };

typedef struct summed {
    size_t at, size; /* bytes, in front of their checksum */
} summed;

static summed sums[MOST_SUMS]; /* of the file before anything was changed */
static int    n_sums;
static size_t whole_size;

static uint64_t number(const uint8_t *p, int n)
{
    uint64_t x = 0;

    for (int i = n - 1; i >= 0; i--)
        x = x << 8 | p[i];
    return x;
}

/* The size of a continuation stands beside its address. */
static size_t size_of_continuation(const uint8_t *data, size_t size, size_t at)
{
    for (size_t i = 0; i + 16 <= size; i++)
        if (number(data + i, 8) == at)
            return (size_t)number(data + i + 8, 8);
    fail_msg("nothing leads to %zu", at);
    return 0;
}

static void find_sums(const uint8_t *data, size_t size)
{
    n_sums = 0;
    whole_size = size;
    sums[n_sums++] = (summed){0, 44};
    for (size_t i = 48; i + 4 <= size; i++) {
        const uint8_t *p = data + i;
        bool           more = memcmp(p, "OCHK", 4) == 0;
        if (!more && (memcmp(p, "OHDR", 4) != 0 || p[4] != 2))
            continue;
        size_t widths = (size_t)1 << (p[5] & 3),
               head = 6 + ((p[5] & 0x20) ? 16u : 0u) + ((p[5] & 0x10) ? 4u : 0u);
        assert_true(n_sums < MOST_SUMS);
        sums[n_sums++] = (summed){i, more ? size_of_continuation(data, size, i) - 4
                                          : head + widths + (size_t)number(p + head, (int)widths)};
    }
}

static uint32_t turned(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

/* Bob Jenkins' lookup3, as it is in its author's words. */
static uint32_t lookup3(const uint8_t *p, size_t n)
{
    uint32_t a = 0xdeadbeefu + (uint32_t)n, b = a, c = a;
    uint8_t  last[12] = {0};

#define MIX(x, y, z, by) x -= z, x ^= turned(z, by), z += y
#define END(x, y, by)    x ^= y, x -= turned(y, by)
    for (; n > 12; p += 12, n -= 12) {
        a += (uint32_t)number(p, 4), b += (uint32_t)number(p + 4, 4),
            c += (uint32_t)number(p + 8, 4);
        MIX(a, b, c, 4), MIX(b, c, a, 6), MIX(c, a, b, 8);
        MIX(a, b, c, 16), MIX(b, c, a, 19), MIX(c, a, b, 4);
    }
    memcpy(last, p, n);
    a += (uint32_t)number(last, 4), b += (uint32_t)number(last + 4, 4),
        c += (uint32_t)number(last + 8, 4);
    END(c, b, 14), END(a, c, 11), END(b, a, 25), END(c, b, 16);
    END(a, c, 4), END(b, a, 14), END(c, b, 24);
#undef MIX
#undef END
    return c;
}

static kt_status check_hdf5_mended(const uint8_t *data, size_t size, kt_fault *f)
{
    uint8_t *copy = malloc(size + 1);

    assert_non_null(copy);
    memcpy(copy, data, size);
    for (int i = 0; size == whole_size && i < n_sums; i++) {
        uint32_t sum = lookup3(copy + sums[i].at, sums[i].size);
        for (int k = 0; k < 4; k++)
            copy[sums[i].at + sums[i].size + (size_t)k] = (uint8_t)(sum >> 8 * k);
    }
    kt_status s = kt__h5_check("x.h5", copy, size, f);
    free(copy);
    return s;
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
    {"hdf5/rich", check_hdf5, NULL},
    {"hdf5/rich_newest", check_hdf5_mended, NULL},
    {"hdf5/newest", check_hdf5_mended, NULL},
#endif
};

static void words_of(size_t i, kt_str *out)
{
    kt_bytes b;
    kt_str   path = {0}, name = {0};

    kt_str_printf(&path, "fuzz/seeds/%s", files[i].seed);
    kt_str_printf(&name, "%zu %s", i, files[i].seed);
    b = test_file(kt_str_text(&path));
#if KERATIN_HDF5
    if (files[i].read == check_hdf5_mended)
        find_sums(b.data, b.size);
#endif
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
