/* test_predict.c - what layers and models predict from given weights, as Keras. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/fact_model.h"

enum { MOST = 8 };

static void compare(const kt_value *row, kt_model *m, kt_tensor **y)
{
    const kt_value *want = kt_value_get(row, "y");

    if (kt_failed(m))
        fail_msg("%s: %s", fact_name(row), kt_model_error(m)->message);
    assert_int_equal((size_t)kt_model_outputs(m), want->n);
    for (size_t i = 0; i < want->n; i++)
        fact_tensor_close(fact_name(row), want->items[i], y[i], 2e-6);
}

static void check(const kt_value *row)
{
    kt_model  *m = fact_model(row);
    kt_data   *d = kt_data_new();
    kt_tensor *y[MOST] = {0};
    double     calls = 1;

    fact_weights(m, row);
    fact_arrays(d, kt_value_get(row, "x"), false);
    assert_true(kt_model_outputs(m) <= MOST);
    kt_value_number(kt_value_get(row, "calls"), &calls);
    for (int k = 0; k < (int)calls; k++) {
        for (int i = 0; i < MOST; i++) {
            kt_tensor_unref(y[i]);
            y[i] = NULL;
        }
        kt_predict_many(m, d, 0, y, kt_model_outputs(m));
    }
    compare(row, m, y);
    for (int i = 0; i < MOST; i++)
        kt_tensor_unref(y[i]);
    kt_data_free(d);
    kt_model_free(m);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("layers", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
