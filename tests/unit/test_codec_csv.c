/* test_codec_csv.c - CSV: delimiters, quotes, headers, numbers, words, and the errors that name a
 * place. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "codec/codec.h"
#include "support/damage.h"

/* As a caller without any knowledge reads it. */
static kt_status read_by(const char *text, size_t size, const kt_csv_rules *rules, bool drop,
                         kt_csv *csv, kt_fault *f)
{
    kt_status s = kt_csv_open("t.csv", text, size, rules, csv, f);

    csv->header = s == KT_OK && kt_csv_guess_header(csv) > 0;
    csv->drop_rows = drop;
    for (int c = 0; s == KT_OK && c < csv->cols; c++)
        s = kt_csv_settle(csv, c, f);
    return s == KT_OK ? kt_csv_fill(csv, f) : s;
}

static kt_csv table_by(const char *text, const kt_csv_rules *rules, bool drop)
{
    kt_fault f = {0};
    kt_csv   csv;

    if (read_by(text, strlen(text), rules, drop, &csv, &f) != KT_OK)
        fail_msg("%s", f.e.message);
    return csv;
}

static kt_csv table(const char *text)
{
    return table_by(text, NULL, false);
}

static void assert_cells(const kt_csv *csv, int64_t rows, int cols, const double *want)
{
    assert_int_equal(csv->rows, rows);
    assert_int_equal(csv->cols, cols);
    for (int64_t i = 0; i < rows * cols; i++)
        if (csv->cells[i] != want[i])
            fail_msg("cell %d is %g instead of %g", (int)i, csv->cells[i], want[i]);
}

static void assert_refused_with(const char *text, const kt_csv_rules *rules, const char *want,
                                const char *hint)
{
    kt_fault f = {0};
    kt_csv   csv;

    if (read_by(text, strlen(text), rules, false, &csv, &f) != KT_E_VALUE)
        fail_msg("accepted: %s", text);
    assert_string_equal(f.e.message, want);
    if (hint)
        assert_string_equal(f.e.hint, hint);
    kt_csv_free(&csv);
    kt_fault_clear(&f);
}

static void assert_refused(const char *text, const char *want)
{
    assert_refused_with(text, NULL, want, NULL);
}

static void numbers(void **state)
{
    static const double want[] = {1, -2.5, 0.03, 4, 5e-324, 0.1};
    kt_csv              csv = table("1,-2.5,3e-2\n+4,5e-324, .1 \n");

    (void)state;
    assert_cells(&csv, 2, 3, want);
    assert_false(csv.header);
    assert_null(csv.col[0].words);
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
    assert_int_equal(csv.col[1].n_words, 3);
    assert_string_equal(csv.col[1].words[0], "B,\nc");
    assert_string_equal(csv.col[1].words[1], "a \"x\"");
    assert_string_equal(csv.col[1].words[2], "b");
    assert_cells(&csv, 4, 2, want);
    assert_null(csv.col[0].words);
    kt_csv_free(&csv);
}

static int guess(const char *text)
{
    kt_fault f = {0};
    kt_csv   csv;

    assert_int_equal(kt_csv_open("t.csv", text, strlen(text), NULL, &csv, &f), KT_OK);
    int yes = kt_csv_guess_header(&csv);
    kt_csv_free(&csv);
    return yes;
}

static void headers(void **state)
{
    static const double want[] = {1, 0};
    kt_csv              csv = table("\"x, m\",kind\n1,a\n");

    (void)state;
    assert_cells(&csv, 1, 2, want);
    assert_true(csv.header);
    assert_string_equal(csv.col[0].first, "x, m");
    kt_csv_free(&csv);
    assert_int_equal(guess("x,y\n1,2\n"), 1);
    assert_int_equal(guess("x\n?\n1\n"), 1);    /* names above a number */
    assert_int_equal(guess(",x\n0,1\n"), 1);    /* pandas writes its index so */
    assert_int_equal(guess("x;y\n1,5;2\n"), 1); /* decimal commas are numbers here */
    assert_int_equal(guess("1,2\n3,4\n"), 0);
    assert_int_equal(guess("1,a\n2,b\n"), 0);     /* a number, and text as below it */
    assert_int_equal(guess("?,a\n1,b\n"), 0);     /* no letter, no name */
    assert_int_equal(guess("yes\nno\nyes\n"), 0); /* stands below, too */
    assert_int_equal(guess("a,b\nc,d\n"), -1);    /* nothing tells names from text */
    assert_int_equal(guess("answer\nno\nyes\n"), -1);
    assert_int_equal(guess("x,2\n1,2\n"), -1); /* a name, or a mistake in a row of numbers? */
    assert_int_equal(guess("a\n"), -1);
    assert_int_equal(guess("1\n"), 0);
}

static void separators(void **state)
{
    static const double      want[] = {1.5, 2, 3, 4.5};
    static const char *const comma[] = {"1,5;2\n3;4,5\n", "1,5\t2\n3\t4,5", "1,5 2\n3 4,5",
                                        "1,5|2\n3|4,5"};
    static const char        sep[] = {0, '\t', 0, '|'};
    static const char *const point[] = {" 1.5  2\n3 \t4.5\n", "1.5 2\n\n 3 4.5 \n", "1.5|2\n3|4.5"};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(comma); i++) {
        kt_csv csv = table_by(comma[i], &(kt_csv_rules){.sep = sep[i], .decimal = ','}, false);
        assert_cells(&csv, 2, 2, want);
        kt_csv_free(&csv);
    }
    for (size_t i = 0; i < KT_COUNT(point); i++) {
        kt_csv csv = table_by(point[i], &(kt_csv_rules){.sep = i == 2 ? '|' : 0}, false);
        assert_cells(&csv, 2, 2, want);
        kt_csv_free(&csv);
    }
    kt_csv csv = table("two words\nmore words\nmore words"); /* text: blanks separate nothing */
    assert_int_equal(csv.cols, 1);
    kt_csv_free(&csv);
    csv = table("x;y\n\"a;b\";1\n\"c\";2"); /* a separator inside quotes is none */
    assert_int_equal(csv.cols, 2);
    kt_csv_free(&csv);
    csv = table("  \t \nx;y\n \t\n1;2"); /* lines of blanks say nothing */
    assert_int_equal(csv.cols, 2);
    kt_csv_free(&csv);
}

static void decimal_commas_are_not_guessed(void **state)
{
    (void)state;
    assert_refused_with("1,5;2,5\n3,5;4,5\n", NULL,
                        "'t.csv', line 1, column 1: '1,5' looks like a number with ',' for its "
                        "decimal point",
                        "--decimal , reads it so; --categorical 0 takes it for text");
    assert_refused_with(
        "a;b\n1.5;x\n2;y\n", &(kt_csv_rules){.decimal = ','},
        "'t.csv', line 2, column 1 ('a'): '1.5' looks like a number with '.' for its "
        "decimal point",
        "--decimal . reads it so; --categorical 'a' takes it for text");
}

static void one_sort_in_a_column(void **state)
{
    (void)state;
    assert_refused_with(
        "1,2\n?,3\n4,5\n", NULL,
        "'t.csv', line 2, column 1: '?' is no number, but this column holds numbers",
        "--na '?' takes it for a missing value; --categorical 0 takes all of this "
        "column for text");
    assert_refused_with(
        "x,y\n1,2\n3,4\n5,-\n", NULL,
        "'t.csv', line 4, column 2 ('y'): '-' is no number, but this column holds "
        "numbers",
        "--na '-' takes it for a missing value; --categorical 'y' takes all of this "
        "column for text");
    assert_refused_with("A1,1\nB2,2\n77,3\n", NULL,
                        "'t.csv', line 3, column 1: '77' is a number, but this column holds text",
                        "--categorical 0 takes the numbers of this column for text");
    assert_refused("?,1\n2,3\n", /* in the first line, too */
                   "'t.csv', line 1, column 1: '?' is no number, but this column holds numbers");
}

static void missing_values(void **state)
{
    static const char *const na[] = {"?", "-9", NULL};
    static const double      want[] = {1, 0, 3, 1};
    kt_csv_rules             rules = {.na = na};

    (void)state;
    kt_csv csv = table_by("1,b\n?,b\n2,NA\n-9,c\n3,c\n", &rules, true);
    assert_cells(&csv, 2, 2, want);
    assert_int_equal(csv.dropped, 3);
    kt_csv_free(&csv);
    assert_refused_with("1,b\n?,c\n", &rules, "'t.csv', line 2, column 1: the value is missing (?)",
                        "--drop-na leaves out the rows where a value is missing");
    kt_fault f = {0};
    assert_int_equal(read_by("?,1\n1,?\n", 8, &rules, true, &csv, &f), KT_E_VALUE);
    assert_string_equal(f.e.message, "'t.csv': a value is missing in each of its rows");
    kt_csv_free(&csv);
    kt_fault_clear(&f);
}

static void given_words(void **state)
{
    char               *words[] = {"no", "yes", "maybe"}; /* in the caller's order */
    kt_csv              csv;
    kt_fault            f = {0};
    static const double want[] = {1, 2, 1};

    (void)state;
    for (int unknown = 0; unknown < 2; unknown++) {
        const char *text = unknown ? "yes\nnope\nyes\n" : "yes\nmaybe\nyes\n";
        assert_int_equal(kt_csv_open("t.csv", text, strlen(text), NULL, &csv, &f), KT_OK);
        csv.col[0].use = KT_CSV_WORDS;
        csv.col[0].words = words;
        csv.col[0].n_words = 3;
        assert_int_equal(kt_csv_fill(&csv, &f), unknown ? KT_E_VALUE : KT_OK);
        if (!unknown)
            assert_cells(&csv, 3, 1, want);
        kt_csv_free(&csv);
    }
    assert_string_equal(
        f.e.message, "'t.csv', line 2, column 1: 'nope' is none of the texts that this column had "
                     "in training: 'no', 'yes', 'maybe'");
    kt_fault_clear(&f);
}

static void numbers_as_words(void **state)
{
    static const double want[] = {1, 2, 0, 3, 2};
    kt_csv              csv;
    kt_fault            f = {0};

    (void)state;
    assert_int_equal(kt_csv_open("t.csv", "9\n10\n-1\n?\n10\n", 13, NULL, &csv, &f), KT_OK);
    csv.col[0].use = KT_CSV_WORDS;
    assert_int_equal(kt_csv_fill(&csv, &f), KT_OK);
    assert_cells(&csv, 5, 1, want); /* by value, other text behind */
    assert_string_equal(csv.col[0].words[3], "?");
    kt_csv_free(&csv);
}

static void columns(void **state)
{
    kt_csv   named = table("x,y,z2\n1,2,3\n"), plain = table("1,2,3\n");
    kt_fault f = {0};

    (void)state;
    assert_int_equal(kt_csv_column(&named, "y", &f), 1);
    assert_int_equal(kt_csv_column(&named, "-1", &f), 2);
    assert_int_equal(kt_csv_column(&named, "0", &f), 0);
    assert_int_equal(kt_csv_column(&plain, "-3", &f), 0);
    assert_int_equal(kt_csv_column(&named, "z", &f), -1);
    assert_string_equal(f.e.message, "there is no column 'z'; the columns are 'x', 'y', 'z2'");
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
    /* Line ends inside of quotes count; a field is said to be where it begins. */
    assert_refused("1,\"a\nb\"\n2\n",
                   "'t.csv', line 3 has fewer fields than the first line, which has 2");
    assert_refused("1,\"a\r\nb\nc\"\r\n\r\n2,3,4\r\n",
                   "'t.csv', line 5 has more fields than the first line, which has 2");
    assert_refused("1,\"a\nb\",2\n3,c,\n",
                   "'t.csv', line 3, column 3: the value is missing (an empty field)");
    assert_refused("\"a\nb\",\"c\"d\n", "'t.csv', line 2: text follows a closing quote");
    assert_refused("1,\"a\nb\"c\n", "'t.csv', line 1: text follows a closing quote");
    assert_refused("1,2\n\"3\n", "'t.csv', line 2: a quote is never closed");
}

static void no_numbers_to_strtod_alone(void **state)
{
    kt_csv csv = table("0x10,1e\n1,2");

    (void)state;
    assert_true(csv.header); /* neither is a number */
    assert_int_equal(csv.rows, 1);
    kt_csv_free(&csv);
    csv = table("-inf,1e999\n1,2");
    assert_true(isinf(csv.cells[0]) && csv.cells[0] < 0 && isinf(csv.cells[1]));
    kt_csv_free(&csv);
}

static kt_status read_csv(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_csv    csv;
    kt_status s = read_by((const char *)data, size, NULL, false, &csv, f);

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
        cmocka_unit_test(delimiters_and_line_ends),
        cmocka_unit_test(words_are_numbered_in_order),
        cmocka_unit_test(headers),
        cmocka_unit_test(separators),
        cmocka_unit_test(decimal_commas_are_not_guessed),
        cmocka_unit_test(one_sort_in_a_column),
        cmocka_unit_test(missing_values),
        cmocka_unit_test(given_words),
        cmocka_unit_test(numbers_as_words),
        cmocka_unit_test(columns),
        cmocka_unit_test(mistakes_are_placed),
        cmocka_unit_test(no_numbers_to_strtod_alone),
        cmocka_unit_test(damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
