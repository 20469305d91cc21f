/* test_data_table.c - tables as arrays: columns by name and place, texts and their numbers, legends
 * from one file to the next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/config.h"
#include "data/data.h"

static char folder[] = "/tmp/keratin-table-XXXXXX";
static char path_x[64], path_y[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path_x, sizeof path_x, "%s/x.csv", folder);
    snprintf(path_y, sizeof path_y, "%s/y.csv", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path_x);
    unlink(path_y);
    return rmdir(folder);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

/* Reads a table by the rules of `a`, whose csv is set here. */
static kt_data *read_table(const char *text, kt_data_args a)
{
    write_file(path_x, text);
    a.at.size = sizeof a;
    a.csv = path_x;
    return kt_data_load_with(&a);
}

static kt_data *table(const char *text, kt_data_args a)
{
    kt_data *d = read_table(text, a);

    if (kt_data_error(d))
        fail_msg("%s", kt_data_error(d)->message);
    return d;
}

static void refuse(const char *text, kt_data_args a, const char *want)
{
    kt_data *d = read_table(text, a);

    if (!kt_data_error(d) || !strstr(kt_data_error(d)->message, want))
        fail_msg("not refused with '%s': %s", want,
                 kt_data_error(d) ? kt_data_error(d)->message : "no error");
    kt_data_free(d);
}

static void assert_x(const kt_data *d, int64_t rows, int64_t cols, const double *want)
{
    const kt_tensor *x = kt_data_x(d, 0);

    assert_int_equal(x->shape.rank, 2);
    assert_int_equal(x->shape.dim[0], rows);
    assert_int_equal(x->shape.dim[1], cols);
    for (int64_t i = 0; i < rows * cols; i++)
        if (kt_tensor_get(x, i) != want[i])
            fail_msg("element %d is %g instead of %g", (int)i, kt_tensor_get(x, i), want[i]);
}

static void assert_y(const kt_data *d, int64_t rows, const double *want)
{
    const kt_tensor *y = kt_data_y(d, 0);

    assert_non_null(y);
    assert_int_equal(y->shape.dim[0], rows);
    for (int64_t i = 0; i < rows; i++)
        if (kt_tensor_get(y, i) != want[i])
            fail_msg("target %d is %g instead of %g", (int)i, kt_tensor_get(y, i), want[i]);
}

static const char training[] = "size,colour,kind\n1,red,yes\n2,blue,no\n3,red,yes\n";

static void texts_are_numbered_and_told(void **state)
{
    static const double x[] = {1, 1, 2, 0, 3, 1}, y[] = {1, 0, 1};
    kt_data            *d = table(training, (kt_data_args){.target = "kind"});
    const kt_legend    *l = kt_data_legend(d);
    char                want[128];

    (void)state;
    assert_x(d, 3, 2, x);
    assert_y(d, 3, y);
    assert_int_equal(kt_tensor_dtype(kt_data_y(d, 0)), KT_I32);
    assert_int_equal(kt_legend_columns(l, false), 2);
    assert_int_equal(kt_legend_columns(l, true), 1);
    assert_string_equal(kt_legend_name(l, false, 1), "colour");
    assert_int_equal(kt_legend_words(l, false, 0), 0);
    assert_int_equal(kt_legend_words(l, false, 1), 2);
    assert_string_equal(kt_legend_word(l, false, 1, 0), "blue");
    assert_string_equal(kt_legend_word(l, true, 0, 1), "yes");
    assert_null(kt_legend_word(l, true, 0, 2));
    assert_null(kt_legend_word(l, true, 1, 0));
    snprintf(want, sizeof want, "'%s', column 2 ('colour'): 0 = blue, 1 = red", path_x);
    assert_string_equal(kt_data_note_at(d, 0), want);
    assert_non_null(strstr(kt_data_note_at(d, 1), "column 3 ('kind'): 0 = no, 1 = yes"));
    assert_null(kt_data_note_at(d, 2));
    kt_data_free(d);
}

/* The same numbers in every file, whatever texts it holds, wherever its columns stand. */
static void a_legend_keeps_the_numbers(void **state)
{
    static const double one[] = {9, 1}, yes[] = {1};
    kt_data            *d = table(training, (kt_data_args){.target = "kind"});
    const kt_legend    *l = kt_data_legend(d);
    kt_data            *e = table("size,colour,kind\n9,red,yes\n",
                                  (kt_data_args){.target = "kind", .legend = l});

    (void)state;
    assert_x(e, 1, 2, one);
    assert_y(e, 1, yes);
    assert_null(kt_data_note_at(e, 0)); /* nothing new was numbered */
    kt_data_free(e);
    e = table("id,kind,colour,size\nx7,yes,red,9\n", (kt_data_args){.legend = l});
    assert_x(e, 1, 2, one);
    assert_y(e, 1, yes); /* training's target is known */
    assert_non_null(strstr(kt_data_note_at(e, 0), "not used: 'id'"));
    kt_data_free(e);
    e = table("kind,colour,size\n?,red,9\n", (kt_data_args){.legend = l, .inputs_only = true});
    assert_x(e, 1, 2, one); /* what is not read may hold anything */
    assert_null(kt_data_y(e, 0));
    kt_data_free(e);
    e = table("9,red,yes\n", (kt_data_args){.legend = l}); /* no header: by place */
    assert_x(e, 1, 2, one);
    assert_y(e, 1, yes);
    kt_data_free(e);
    e = table("9,red\n", (kt_data_args){.legend = l});
    assert_x(e, 1, 2, one);
    kt_data_free(e);
    kt_data_free(d);
}

static void what_training_has_not_seen_is_refused(void **state)
{
    kt_data     *d = table(training, (kt_data_args){.target = "kind"});
    kt_data_args a = {.target = "kind", .legend = kt_data_legend(d)};

    (void)state;
    refuse("size,colour,kind\n9,green,yes\n", a,
           "line 2, column 2 ('colour'): 'green' is none of the texts that this column had in "
           "training: 'blue', 'red'");
    refuse("size,colour,kind\n9,red,perhaps\n", a, "'perhaps' is none of the texts");
    refuse("size,color,kind\n9,red,yes\n", a, "the column 'colour' of training is missing");
    refuse("size,colour,kind\nbig,red,yes\nbig,red,no\n", a,
           "column 1 ('size') is text, but held numbers in training");
    refuse("9,red,4,yes\n", (kt_data_args){.target = "-1", .legend = a.legend},
           "has 3 columns of inputs, in training there were 2");
    a.target = "colour";
    refuse(training, a, "the column 'colour' was an input in training: it can not be the target");
    a.texts = true;
    refuse(training, a, "the column 'colour' was an input in training: it can not be the target");
    kt_data_free(d);
}

/* A target that bears the name of an input is known by its place. */
static void names_may_be_twice(void **state)
{
    static const char   text[] = "a,b,a\n1,2,3\n4,5,6\n";
    static const double x[] = {1, 2, 4, 5}, y[] = {3, 6};
    kt_data            *d = table(text, (kt_data_args){.target = "-1"});
    kt_data            *again = table(text, (kt_data_args){.legend = kt_data_legend(d)});

    (void)state;
    assert_x(again, 2, 2, x);
    assert_y(again, 2, y);
    kt_data_free(again);
    kt_data_free(d);
}

/* One field, or its last line. */
static void limits(void **state)
{
    (void)state;
    kt_str s = {0};

    for (int i = 0; i <= 65536; i++)
        kt_str_add(&s, i ? ",1" : "1");
    refuse(kt_str_text(&s), (kt_data_args){.header = -1}, "has more than 65536 columns");
    kt_str_free(&s);
    for (int i = 0; i <= 1048576; i++)
        kt_str_addc(&s, 'x');
    refuse(kt_str_text(&s), (kt_data_args){.header = -1, .sep = ','},
           "line 1: a field has more than 1048576 characters");
    kt_str_free(&s);
    for (int digits = 400; digits <= 401; digits++) { /* as a text, where it is no number */
        kt_str_add(&s, "n\n");
        for (int i = 0; i < digits; i++)
            kt_str_addc(&s, '0');
        kt_data *d = table(kt_str_text(&s), (kt_data_args){.header = 1});
        assert_int_equal(kt_legend_words(kt_data_legend(d), false, 0), digits > 400);
        kt_data_free(d);
        kt_str_free(&s);
    }
}

static void all_text_asks_for_the_header(void **state)
{
    static const double y[] = {1, 0, 1};
    kt_data            *d = read_table("answer\nno\nyes\n", (kt_data_args){0});

    (void)state;
    assert_string_equal(kt_data_error(d)->hint, "say --header or --no-header");
    kt_data_free(d);
    d = table("answer\nno\nyes\n", (kt_data_args){.header = 1});
    assert_int_equal(kt_data_rows(d), 2);
    kt_data_free(d);
    d = table("answer\nno\nyes\n", (kt_data_args){.header = -1});
    assert_int_equal(kt_data_rows(d), 3);
    kt_data_free(d);
    d = table("yes\nno\nyes\n", (kt_data_args){0}); /* its first line stands below, too */
    assert_x(d, 3, 1, y);
    kt_data *e = table("no\n", (kt_data_args){.legend = kt_data_legend(d)}); /* a known text */
    assert_int_equal(kt_data_rows(e), 1);
    kt_data_free(e);
    kt_data_free(d);
    d = table("1,2\n3,4\n", (kt_data_args){.header = 1}); /* who says so is believed */
    assert_string_equal(kt_legend_name(kt_data_legend(d), false, 0), "1");
    kt_data_free(d);
}

static void categorical_columns(void **state)
{
    static const double x[] = {1, 0, 2, 2, 3, 1}, y[] = {0, 2, 1};
    kt_data_args        a = {.target = "-1", .categorical = {"code", "2"}};
    kt_data            *d = table("n,code,class\n1,-1,1\n2,?,3\n3,10,2\n", a);

    (void)state;
    assert_x(d, 3, 2, x);
    assert_y(d, 3, y);
    assert_string_equal(kt_legend_word(kt_data_legend(d), true, 0, 2), "3");
    kt_data_free(d);
    refuse("n,code\n1,2\n", (kt_data_args){.categorical = {"cod"}},
           "there is no column 'cod' that could be categorical");
}

/* An index counts through the columns of x and then of y. */
static void categorical_over_two_files(void **state)
{
    static const double      x[] = {5, 6, 7, 8}, y[] = {1, 0};
    static const char *const names[] = {"2", "-1"};

    (void)state;
    write_file(path_x, "5,6\n7,8\n");
    write_file(path_y, "9\n3\n");
    for (size_t i = 0; i < KT_COUNT(names); i++) {
        kt_data *d = kt_data_load(.x = path_x, .y = path_y, .categorical = {names[i]});
        assert_null(kt_data_error(d));
        assert_x(d, 2, 2, x);
        assert_y(d, 2, y);
        kt_data_free(d);
    }
}

static void missing_rows(void **state)
{
    static const double x[] = {1, 4}, y[] = {0, 1};
    kt_data *d = table("a,b\n1,n\n,y\n3,\n4,y\n", (kt_data_args){.target = "b", .drop_na = true});

    (void)state;
    assert_x(d, 2, 1, x);
    assert_y(d, 2, y);
    assert_non_null(strstr(kt_data_note_at(d, 1), "2 rows with a missing value left out"));
    kt_data_free(d);
    d = kt_data_load(.x = path_x, .y = path_x, .drop_na = true);
    assert_int_equal(kt_data_error(d)->status, KT_E_USAGE);
    kt_data_free(d);
}

static void wrong_calls(void **state)
{
    kt_data *d = kt_data_load_with(NULL);

    (void)state;
    assert_int_equal(kt_data_error(d)->status, KT_E_TYPE);
    kt_data_free(d);
    d = kt_data_load_with(&(kt_data_args){.csv = "x"}); /* without its size */
    assert_string_equal(kt_data_error(d)->message,
                        "kt_data_args: .at.size is 0; write .at = {.size = sizeof(kt_data_args)}");
    kt_data_free(d);
    refuse("1,2\n", (kt_data_args){.sep = ',', .decimal = ','}, "can not separate");
    refuse("1,2\n", (kt_data_args){.decimal = '!'}, "decimal");
    refuse("1,2\n", (kt_data_args){.x = "also"}, "either x");
    refuse("1,2\n3,4\n", (kt_data_args){.target = "2"}, "there is no column '2'");
    refuse("1\n3\n", (kt_data_args){.target = "0"}, "no column besides the target");
}

static void legends_as_values(void **state)
{
    kt_data   *d = table(training, (kt_data_args){.target = "kind"});
    kt_arena   a = {0};
    kt_fault   f = {0};
    kt_str     text = {0};
    kt_value  *v = kt_legend_value(kt_data_legend(d), &a);
    kt_legend *l = kt_legend_from_value(v, "m.keras", &f);

    (void)state;
    kt_value_repr(&text, v);
    assert_string_equal(
        kt_str_text(&text),
        "{'inputs': [{'name': 'size'}, {'name': 'colour', 'words': ['blue', 'red']}], "
        "'targets': [{'name': 'kind', 'words': ['no', 'yes'], 'column': 2}]}");
    assert_non_null(l);
    assert_true(kt_legend_agrees(l, kt_data_legend(d)));
    assert_int_equal(l->col[1][0].at, 2);
    kt_legend_free(l);
    kt_data_free(d);
    kt_str_free(&text);
    d = table("kind\nno\nno\nyes\nmaybe\n", (kt_data_args){.header = 1});
    l = kt_legend_from_value(kt_legend_value(kt_data_legend(d), &a), "m", &f);
    assert_true(kt_legend_has_words(l, false) && !kt_legend_has_words(l, true));
    kt_legend_free(l);
    kt_data_free(d);
    kt_arena_free(&a);
}

/* A file may say anything about its columns. */
static void damaged_legends(void **state)
{
    static const char *const bad[] = {"{}",
                                      "[]",
                                      "{'inputs': [], 'targets': 3}",
                                      "{'inputs': [1], 'targets': []}",
                                      "{'inputs': [{'words': []}], 'targets': []}",
                                      "{'inputs': [{'words': [1]}], 'targets': []}",
                                      "{'inputs': [{'words': 'no'}], 'targets': []}",
                                      "{'inputs': [{'name': 1}], 'targets': []}",
                                      "{'inputs': [{'column': -1}], 'targets': []}"};
    kt_arena                 a = {0};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(bad); i++) {
        kt_fault f = {0};
        assert_null(kt_legend_from_value(kt_expr_parse(bad[i], &a, &f), "m.keras", &f));
        assert_string_equal(f.e.message,
                            "m.keras: what it says about the columns of its table is damaged");
        kt_fault_clear(&f);
    }
    kt_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_numbered_and_told),
        cmocka_unit_test(a_legend_keeps_the_numbers),
        cmocka_unit_test(what_training_has_not_seen_is_refused),
        cmocka_unit_test(all_text_asks_for_the_header),
        cmocka_unit_test(categorical_columns),
        cmocka_unit_test(categorical_over_two_files),
        cmocka_unit_test(missing_rows),
        cmocka_unit_test(wrong_calls),
        cmocka_unit_test(limits),
        cmocka_unit_test(names_may_be_twice),
        cmocka_unit_test(legends_as_values),
        cmocka_unit_test(damaged_legends),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
