/* test_locale.c - a program whose locale has a decimal comma reads and writes the same numbers:
 * tables, expressions, rules, JSON, models, what training prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>

#include "codec/codec.h"
#include "config/config.h"
#include "keratin/io.h"
#include "keratin/model.h"
#include "support/comma.h"
#include "support/needs.h"
#include "tensor/tensor.h"

static void the_comma_is_there(void **state)
{
    char text[8];

    (void)state;
    snprintf(text, sizeof text, "%.1f", 0.5);
    assert_string_equal(text, "0,5"); /* else nothing below says anything */
}

static void tables(void **state)
{
    kt_fault   f = {0};
    kt_csv     csv;
    const char text[] = "1.5;2\n0.25;3\n";

    (void)state;
    assert_int_equal(kt_csv_open("t.csv", text, sizeof text - 1, NULL, &csv, &f), KT_OK);
    assert_int_equal(csv.cols, 2);
    assert_int_equal(kt_csv_settle(&csv, 0, &f), KT_OK);
    assert_int_equal(kt_csv_settle(&csv, 1, &f), KT_OK);
    assert_int_equal(kt_csv_fill(&csv, &f), KT_OK);
    assert_true(csv.cells[0] == 1.5 && csv.cells[1] == 2 && csv.cells[2] == 0.25);
    kt_csv_free(&csv);
}

static void values_and_tensors(void **state)
{
    static const double numbers[] = {0.5, 1.25e-9, 0.1, 1e22};
    static const char  *texts[] = {"0.5", "1.25e-09", "0.1", "1e+22"};
    kt_tensor          *t = kt_tensor_new(KT_F32, KT_SHAPE(2));
    kt_str              s = {0};
    char               *end;

    (void)state;
    for (size_t i = 0; i < KT_COUNT(numbers); i++) {
        kt_value v = {.kind = KT_FLOAT, .f = numbers[i]};
        s.len = 0;
        kt_value_repr(&s, &v);
        assert_string_equal(kt_str_text(&s), texts[i]);
        assert_true(kt_strtod(texts[i], &end) == numbers[i] && *end == '\0');
    }
    s.len = 0;
    kt_tensor_set(t, 0, 0.5);
    kt_tensor_set(t, 1, 2.25);
    kt_tensor_print(&s, t);
    assert_non_null(strstr(kt_str_text(&s), "0.5"));
    assert_non_null(strstr(kt_str_text(&s), "2.25"));
    kt_str_free(&s);
    kt_tensor_unref(t);
}

static void expressions(void **state)
{
    kt_arena  a = {0};
    kt_fault  f = {0};
    kt_value *v = kt_expr_parse("[0.25, 1.5e-3, .5]", &a, &f);
    kt_str    s = {0};

    (void)state;
    assert_non_null(v);
    kt_value_repr(&s, v);
    assert_string_equal(kt_str_text(&s), "[0.25, 0.0015, 0.5]");
    kt_str_free(&s);
    kt_arena_free(&a);
}

#define FIELDS(F)                              \
    F(FLOAT, low, "0.5", "[0.25, 0.75]", "A.") \
    F(FLOAT, high, "0.5", "> 0.25", "A.")
KT_CONFIG(FIELDS);

static bool accepts(const char *arguments)
{
    kt_arena        a = {0};
    kt_fault        f = {0};
    const kt_value *v = kt_expr_parse(arguments, &a, &f);
    bool            good = v && kt_config_read(&a, &config_type, "Comma", v, NULL, &f);

    kt_fault_clear(&f);
    kt_arena_free(&a);
    return good;
}

static void rules(void **state)
{
    (void)state;
    assert_true(accepts("{'low': 0.25}"));
    assert_true(accepts("{'low': 0.75}"));
    assert_false(accepts("{'low': 0.76}"));
    assert_false(accepts("{'low': 0.24}"));
    assert_true(accepts("{'high': 0.26}"));
    assert_false(accepts("{'high': 0.25}"));
}

static void json(void **state)
{
    kt_arena  a = {0};
    kt_fault  f = {0};
    kt_value *v;
    kt_str    s = {0};

    (void)state;
    if (!build_reads(false))
        skip();
    v = kt_json_parse("t.json", "[0.5, 1e-7]", 11, &a, &f);
    assert_non_null(v);
    kt_json_print(&s, v, -1);
    assert_string_equal(kt_str_text(&s), "[0.5, 1e-07]");
    kt_str_free(&s);
    kt_arena_free(&a);
}

static char *printed_by_training(void)
{
    static char text[4096];
    FILE       *out = tmpfile();
    kt_model   *m = kt_model_from(
          "Sequential([Dense(300, input_shape=(3,)), Dropout(0.25), Dense(1)])");
    kt_tensor *x = kt_numpy_rand(1, KT_SHAPE(8, 3)), *y = kt_numpy_rand(2, KT_SHAPE(8, 1));

    assert_non_null(out);
    kt_compile(m, .optimizer = "SGD(learning_rate=0.05)", .loss = "mse");
    kt_history_free(kt_fit(m, x, y, .epochs = 2, .verbose = 2, .out = out));
    assert_false(kt_failed(m));
    assert_true(kt_learning_rate(m) > 0.049 && kt_learning_rate(m) < 0.051);
    kt_summary(m, out);
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = '\0';
    fclose(out);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_model_free(m);
    return text;
}

static void what_training_prints(void **state)
{
    const char *text = printed_by_training(), *loss = strstr(text, "loss: 0");

    (void)state;
    assert_non_null(loss);
    assert_int_equal(loss[7], '.');
    assert_non_null(strstr(text, "5.86 KB")); /* the size of 1501 weights */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_comma_is_there),
        cmocka_unit_test(tables),
        cmocka_unit_test(values_and_tensors),
        cmocka_unit_test(expressions),
        cmocka_unit_test(rules),
        cmocka_unit_test(json),
        cmocka_unit_test(what_training_prints),
    };

    if (!set_comma()) {
        fprintf(stderr,
                "skipped: no locale with a decimal comma, and localedef can not make one\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
