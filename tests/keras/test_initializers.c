/* test_initializers.c - the same seed gives the numbers that Keras on TensorFlow gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "keratin/io.h"
#include "support/facts.h"

static void check_numbers(const char *what, const kt_value *want, const kt_value *got, facts *t)
{
    double *x = kt_arena_calloc(&t->arena, want->n + 1, sizeof *x);

    assert_non_null(got);
    assert_non_null(x);
    assert_int_equal(got->n, want->n);
    for (size_t i = 0; i < got->n; i++)
        x[i] = fact_number(got, i);
    fact_close(what, want, x, want->n, 2e-6);
}

static void check_weights(const kt_value *want, const kt_value *got, facts *t)
{
    assert_non_null(got);
    for (size_t i = 0; i < want->n; i++)
        if (!strstr(want->keys[i], "seed_generator"))
            check_numbers(want->keys[i], want->items[i], kt_value_get(got, want->keys[i]), t);
}

static void check_error(const kt_value *want, const kt_value *got)
{
    assert_non_null(got);
    assert_string_equal(kt_value_text(kt_value_get(got, "message")),
                        kt_value_text(kt_value_get(want, "message")));
    assert_string_equal(kt_value_text(kt_value_get(got, "type")),
                        kt_value_text(kt_value_get(want, "type")));
}

static void check(const kt_value *row, facts *t)
{
    const kt_value *values = kt_value_get(row, "values"), *error = kt_value_get(row, "error");
    kt_str          call = {0};
    kt_status       status;

    kt_json_print(&call, kt_value_get(row, "call"), -1);
    char     *text = kt_initial_values(kt_str_text(&call), &status);
    kt_value *answer = kt_json_parse("answer", text, strlen(text), &t->arena, &t->fault);
    assert_non_null(answer);
    assert_int_equal(status == KT_OK, error == NULL);
    if (error)
        check_error(error, kt_value_get(answer, "error"));
    else if (values)
        check_numbers(kt_str_text(&call), values, kt_value_get(answer, "values"), t);
    else
        check_weights(kt_value_get(row, "weights"), kt_value_get(answer, "weights"), t);
    kt_text_free(text);
    kt_str_free(&call);
}

static void as_keras(void **state)
{
    (void)state;
    facts t;

    facts_open(&t, "initializers");
    for (size_t i = 0; i < t.rows.n; i++) {
        check(t.rows.at[i], &t);
        fact_done("initializers", i);
    }
    facts_close(&t);
}

static void refuse(const char *call, const char *part)
{
    kt_status status = KT_OK;
    char     *text = kt_initial_values(call, &status);

    assert_int_equal(status, KT_E_VALUE);
    assert_non_null(strstr(text, "{\"ok\": false, \"error\": {\"type\": \"ValueError\""));
    if (!strstr(text, part))
        fail_msg("%s: %s", call, text);
    kt_text_free(text);
}

static void calls_that_make_no_sense(void **state)
{
    (void)state;
    refuse("", "call");
    refuse("[1]", "expected");
    refuse("{\"initializer\": \"zeros\"}", "`shape`");
    refuse("{\"initializer\": \"zeros\", \"shape\": [null]}", "`shape`");
    refuse("{\"initializer\": \"zeros\", \"shape\": [1000000, 1000000]}", "`shape`");
    refuse("{\"initializer\": \"zeros\", \"shape\": [2], \"dtype\": \"int32\"}", "`dtype`");
    refuse("{\"initializer\": \"zeroes\", \"shape\": [2]}", "initializer identifier: zeroes");
    refuse("{\"function\": \"randx\", \"args\": [2]}", "randx");
    refuse("{\"function\": \"rand\", \"args\": [-2]}", "do not fit");
    refuse("{\"function\": \"randint\", \"args\": [3, 3, 2]}", "do not fit");
    refuse("{\"function\": \"randint\", \"args\": [3]}", "do not fit");
    refuse("{\"model\": {\"class_name\": \"Nope\", \"config\": {}}}", "Unknown layer");
}

/* Without memory there is no text, or one that says so; nothing is leaked. */
static void memory_may_end(void **state)
{
    (void)state;
    static const char *const calls[] = {
        "{\"initializer\": {\"class_name\": \"Orthogonal\", \"config\": {\"seed\": 1}}, "
        "\"shape\": [3, 4]}",
        "{\"initializer\": {\"class_name\": \"STFT\", \"config\": {}}, \"shape\": [4, 1, 3]}",
        "{\"initializer\": {\"class_name\": \"VarianceScaling\", \"config\": {\"scale\": -1}}, "
        "\"shape\": [3]}",
        "{\"initializer\": {\"class_name\": \"HeNormal\", \"config\": {\"seed\": 1}}, \"shape\": "
        "[3], \"dtype\": \"float64\"}",
        "{\"initializer\": {\"class_name\": \"HeNormal\", \"config\": {\"seed\": 1}}, \"shape\": "
        "[3], \"dtype\": \"float16\"}",
        "{\"function\": \"permutation\", \"args\": [5]}",
    };
    for (size_t i = 0; i < KT_COUNT(calls); i++) {
        bool done = false;
        for (int64_t n = 1; !done; n++) {
            kt_status status = KT_OK;
            int64_t   before = kt_alloc_count();
            kt_alloc_fail_after(n);
            char *text = kt_initial_values(calls[i], &status);
            kt_alloc_fail_after(0);
            done = kt_alloc_count() - before < n; /* it needed less than n */
            assert_true(done || !text || status != KT_OK);
            assert_true(done == (text != NULL) || status == KT_E_MEMORY);
            kt_text_free(text);
            assert_true(n < 10000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_keras),
        cmocka_unit_test(calls_that_make_no_sense),
        cmocka_unit_test(memory_may_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
