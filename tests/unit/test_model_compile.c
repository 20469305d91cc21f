/* test_model_compile.c - what a file's compile_config may say that the C call cannot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "config/config.h"
#include "model/model.h"

static void refused(const char *key, const char *given, const char *words)
{
    kt_arena  a = {0};
    kt_fault  f = {0};
    kt_str    call = {0}, want = {0};
    kt_model *m = kt_model_from("Sequential([Dense(1, input_shape=(2,))])");

    kt_str_printf(&call, "{'optimizer': 'sgd', 'loss': 'mse', '%s': %s}", key, given);
    kt_str_printf(&want,
                  "Expected `%s` argument to be a list, tuple, or dict. Received instead: %s=%s",
                  key, key, words);
    if (kt_model_compile(m, kt_expr_parse(kt_str_text(&call), &a, &f)) == KT_OK) {
        kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(3, 2)),
                  *y = kt_tensor_new(KT_F32, KT_SHAPE(3, 1));
        kt_history_free(kt_fit(m, x, y, .epochs = 1));
        kt_tensor_unref(x);
        kt_tensor_unref(y);
    }
    assert_true(kt_failed(m));
    assert_string_equal(kt_model_error(m)->message, kt_str_text(&want));
    kt_model_free(m);
    kt_str_free(&call);
    kt_str_free(&want);
    kt_arena_free(&a);
}

/* The words are Keras'. */
static void metrics_are_lists(void **state)
{
    static const char *const cases[][2] = {{"'accuracy'", "accuracy of type <class 'str'>"},
                                           {"5", "5 of type <class 'int'>"},
                                           {"True", "True of type <class 'bool'>"},
                                           {"1.5", "1.5 of type <class 'float'>"}};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(cases); i++) {
        refused("metrics", cases[i][0], cases[i][1]);
        refused("weighted_metrics", cases[i][0], cases[i][1]);
    }
}

/* Also where it would get one around it, which scales losses: what is compiled stays as it was. */
static void optimizers_that_are_none(void **state)
{
    static const char *const policies[] = {"float32", "mixed_float16"};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(policies); i++) {
        assert_int_equal(kt_set_dtype_policy(policies[i]), KT_OK);
        kt_model *m = kt_model_from("Sequential([Dense(1, input_shape=(2,))])");
        assert_int_equal(kt_compile(m, .optimizer = "adm", .loss = "mse"), KT_E_VALUE);
        assert_non_null(strstr(kt_model_error(m)->message, "adm"));
        kt_clear_error(m);
        assert_true(kt_learning_rate(m) != kt_learning_rate(m)); /* it is not compiled */
        kt_model_free(m);
    }
    assert_int_equal(kt_set_dtype_policy("float32"), KT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(metrics_are_lists),
                                       cmocka_unit_test(optimizers_that_are_none)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
