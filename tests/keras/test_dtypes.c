/* test_dtypes.c - what layers predict in 16 bits and how models train in them, as Keras. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "support/fact_model.h"

static double largest(const kt_tensor *t)
{
    double most = 0;

    for (int64_t i = 0; i < t->count; i++)
        most = fmax(most, fabs(kt_tensor_get(t, i)));
    return most;
}

static void predicts(const kt_value *row, kt_model *m, double tolerance)
{
    kt_data   *d = kt_data_new();
    kt_tensor *y = NULL, *want = fact_tensor(kt_value_get(row, "y")->items[0]);

    fact_arrays(d, kt_value_get(row, "x"), false);
    kt_predict_many(m, d, 0, &y, 1);
    if (kt_failed(m))
        fail_msg("%s: %s", fact_name(row), kt_model_error(m)->message);
    assert_true(kt_shape_equal(&y->shape, &want->shape));
    for (int64_t i = 0; i < want->count; i++)
        if (!(fabs(kt_tensor_get(y, i) - kt_tensor_get(want, i)) <= tolerance * largest(want)))
            fail_msg("%s: %lld: %g, expected %g", fact_name(row), (long long)i, kt_tensor_get(y, i),
                     kt_tensor_get(want, i));
    kt_tensor_unref(y);
    kt_tensor_unref(want);
    kt_data_free(d);
}

static void trains(const kt_value *row, kt_model *m, double tolerance)
{
    const kt_value *want = kt_value_get(kt_value_get(row, "history"), "loss");
    kt_data        *d = kt_data_new();

    fact_compile(m, row);
    fact_arrays(d, kt_value_get(row, "x"), false);
    fact_arrays(d, kt_value_get(row, "y"), true);
    kt_history *h = fact_fit(m, row, d);
    assert_non_null(h);
    for (size_t i = 0; i < want->n; i++) {
        double loss = 0;
        assert_true(kt_value_number(want->items[i], &loss));
        assert_true(fabs(kt_history_get(h, "loss", (int)i) - loss) <= tolerance * loss);
    }
    kt_history_free(h);
    kt_data_free(d);
}

static void check(const kt_value *row)
{
    kt_model *m = fact_model(row);
    double    tolerance = 0;

    fact_weights(m, row);
    assert_true(kt_value_number(kt_value_get(row, "tolerance"), &tolerance) && tolerance > 0);
    if (kt_value_get(row, "fit"))
        trains(row, m, tolerance);
    else
        predicts(row, m, tolerance);
    kt_model_free(m);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("dtypes", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
