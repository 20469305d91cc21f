/* test_codec_csv.c - CSV: delimiters, quotes, headers, numbers, words, and the errors that name a
 * place. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "codec/codec.h"
#include "support/damage.h"

static kt_csv table(const char *text)
{
    kt_fault f = {0};
    kt_csv   csv;

    if (kt_csv_read("t.csv", text, strlen(text), &csv, &f) != KT_OK)
        fail_msg("%s", f.e.message);
    return csv;
}

static void assert_cells(const kt_csv *csv, int64_t rows, int cols, const double *want)
{
    assert_int_equal(csv->rows, rows);
    assert_int_equal(csv->cols, cols);
    for (int64_t i = 0; i < rows * cols; i++)
        if (csv->cells[i] != want[i])
            fail_msg("cell %d is %g instead of %g", (int)i, csv->cells[i], want[i]);
}

static void assert_refused(const char *text, const char *want)
{
    kt_fault f = {0};
    kt_csv   csv;

    if (kt_csv_read("t.csv", text, strlen(text), &csv, &f) != KT_E_VALUE)
        fail_msg("accepted: %s", text);
    assert_string_equal(f.e.message, want);
    kt_fault_clear(&f);
}

static void numbers(void **state)
{
    static const double want[] = {1, -2.5, 0.03, 4, 5e-324, 0.1};
    kt_csv              csv = table("1,-2.5,3e-2\n+4,5e-324, .1 \n");

    (void)state;
    assert_cells(&csv, 2, 3, want);
    assert_null(csv.header);
    assert_null(csv.words[0]);
    kt_csv_free(&csv);
}

static void the_locale_does_not_matter(void **state)
{
    static const double want[] = {1.5, 2.5};

    (void)state;
    setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is installed, its decimal point is a comma */
    kt_csv csv = table("1.5\n2.5");
    setlocale(LC_ALL, "C");
    assert_cells(&csv, 2, 1, want);
    kt_csv_free(&csv);
}

static void delimiters_and_line_ends(void **state)
{
    static const double      want[] = {1, 2, 3, 4};
    static const char *const texts[] = {
        "1,2\n3,4\n",
        "1;2\r\n3;4",
        "1\t2\r3\t4\r\r",
        "\n \n1,2\n\n3,4\n\n",
        "\xef\xbb\xbf\"1\",2\n3 ,\t4",
        "\"1\" , 2\n3,4",
    };

    (void)state;
    for (size_t i = 0; i < KT_COUNT(texts); i++) {
        kt_csv csv = table(texts[i]);
        assert_cells(&csv, 2, 2, want);
        kt_csv_free(&csv);
    }
}

static void words_are_numbered_in_order(void **state)
{
    static const double want[] = {1, 2, 2, 1, 3, 0, 4, 2};
    kt_csv              csv = table("1,b\n2,\"a \"\"x\"\"\"\n3,\"B,\nc\"\n4,b\n");

    (void)state;
    assert_int_equal(csv.n_words[1], 3);
    assert_string_equal(csv.words[1][0], "B,\nc");
    assert_string_equal(csv.words[1][1], "a \"x\"");
    assert_string_equal(csv.words[1][2], "b");
    assert_cells(&csv, 4, 2, want);
    assert_null(csv.words[0]);
    kt_csv_free(&csv);
}

static void headers(void **state)
{
    static const double want[] = {1, 0};
    kt_csv              csv = table("\"x, m\",kind\n1,a\n");

    (void)state;
    assert_cells(&csv, 1, 2, want);
    assert_string_equal(csv.header[0], "x, m");
    assert_string_equal(csv.header[1], "kind");
    kt_csv_free(&csv);

    csv = table("a,b\nc,d\n"); /* nothing tells them apart: no header */
    assert_null(csv.header);
    assert_int_equal(csv.rows, 2);
    kt_csv_free(&csv);

    csv = table(",x\n0,1\n"); /* pandas writes its index so */
    assert_string_equal(csv.header[0], "");
    kt_csv_free(&csv);
}

static void columns(void **state)
{
    kt_csv   named = table("x,y,2\n1,2,3\n"), plain = table("1,2,3\n");
    kt_fault f = {0};

    (void)state;
    assert_int_equal(kt_csv_column(&named, "y", &f), 1);
    assert_int_equal(kt_csv_column(&named, "-1", &f), 2);
    assert_int_equal(kt_csv_column(&named, "0", &f), 0);
    assert_int_equal(kt_csv_column(&plain, "-3", &f), 0);
    assert_int_equal(kt_csv_column(&named, "z", &f), -1);
    assert_string_equal(f.e.message, "there is no column 'z'; the columns are 'x', 'y', '2'");
    assert_int_equal(f.e.status, KT_E_KEY);
    kt_fault_clear(&f);
    assert_int_equal(kt_csv_column(&plain, "3", &f), -1);
    assert_string_equal(
        f.e.message, "there is no column '3'; the columns have no names, their numbers are 0 to 2");
    kt_fault_clear(&f);
    assert_int_equal(kt_csv_column(&plain, "-4", &f), -1);
    kt_fault_clear(&f);
    assert_int_equal(kt_csv_column(&plain, "99999999999999999999", &f), -1);
    kt_fault_clear(&f);
    kt_csv_free(&named);
    kt_csv_free(&plain);
}

static void mistakes_are_placed(void **state)
{
    (void)state;
    assert_refused("", "'t.csv' is empty");
    assert_refused(" \n\n", "'t.csv' is empty");
    assert_refused("1,2\n3\n", "'t.csv', line 2 has fewer fields than the first line, which has 2");
    assert_refused("1,2\n\n3,4,5\n",
                   "'t.csv', line 3 has more fields than the first line, which has 2");
    assert_refused("1,2\n3,\n", "'t.csv', line 2, column 2: the value is missing (an empty field)");
    assert_refused("x,y\n1,2\n3,NA\n",
                   "'t.csv', line 3, column 2 ('y'): the value is missing (NA)");
    assert_refused("1,nan\n", "'t.csv', line 1, column 2: the value is missing (nan)");
    assert_refused("a\n\"\"\n", "'t.csv', line 2, column 1: the value is missing (an empty field)");
    assert_refused("1,\"2\n3,4\n", "'t.csv', line 1: a quote is never closed");
    assert_refused("\"1\"2,3\n", "'t.csv', line 1: text follows a closing quote");
}

static void no_numbers_to_strtod_alone(void **state)
{
    kt_csv csv = table("0x10,1e,inf\n1,2,3");

    (void)state;
    assert_non_null(csv.header); /* neither is a number */
    assert_int_equal(csv.rows, 1);
    kt_csv_free(&csv);
    csv = table("-inf,1e999\n1,2");
    assert_true(isinf(csv.cells[0]) && csv.cells[0] < 0 && isinf(csv.cells[1]));
    kt_csv_free(&csv);
}

static kt_status read_csv(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_csv    csv;
    kt_status s = kt_csv_read("damaged", (const char *)data, size, &csv, f);

    kt_csv_free(&csv);
    return s;
}

static void damage(void **state)
{
    static const char text[] = "\"x \"\"1\"\"\";y\r\n1;\"a\"\r\n\r\n3.5e2;b\r\n";
    const uint8_t    *data = (const uint8_t *)text;

    (void)state;
    assert_true(damage_cut(read_csv, data, sizeof text - 1) >
                0); /* a CSV does not know its length */
    assert_in_range(damage_flip(read_csv, data, sizeof text - 1, 8), 10,
                    8 * (long)sizeof text - 20);
    assert_in_range(damage_memory(read_csv, data, sizeof text - 1), 3, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(the_locale_does_not_matter),
        cmocka_unit_test(delimiters_and_line_ends),
        cmocka_unit_test(words_are_numbered_in_order),
        cmocka_unit_test(headers),
        cmocka_unit_test(columns),
        cmocka_unit_test(mistakes_are_placed),
        cmocka_unit_test(no_numbers_to_strtod_alone),
        cmocka_unit_test(damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
