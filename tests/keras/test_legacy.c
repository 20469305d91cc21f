/* test_legacy.c - model files of Keras 2 and 3 compute what they did there, and training goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/io.h"
#include "support/fact_model.h"

enum { MOST = 4 };

static kt_model *load(const kt_value *row)
{
    const char *root = getenv("KERATIN_SOURCE"), *weights;
    char        path[4096];

    snprintf(path, sizeof path, "%s/tests/goldens/legacy/%s", root ? root : ".",
             kt_value_text(kt_value_get(row, "file")));
    kt_model *m = kt_load(path);
    weights = kt_value_text(kt_value_get(row, "weights"));
    if (weights) {
        snprintf(path, sizeof path, "%s/tests/goldens/legacy/%s", root ? root : ".", weights);
        kt_load_weights(m, path);
    }
    if (kt_failed(m))
        fail_msg("%s: %s", path, kt_model_error(m)->message);
    assert_false(kt_weights_are_fresh(m));
    return m;
}

static void train(const kt_value *row, kt_model *m)
{
    kt_data *d = kt_data_new();

    fact_arrays(d, kt_value_get(row, "x"), false);
    fact_arrays(d, kt_value_get(row, "target"), true);
    kt_history *h = fact_fit(m, row, d);
    if (kt_failed(m))
        fail_msg("%s", kt_model_error(m)->message);
    assert_int_equal(kt_history_epochs(h), 3);
    for (int i = 0; i < 3; i++) {
        double loss = kt_history_get(h, "loss", i);
        fact_close(
            kt_value_text(kt_value_get(row, "file")),
            &(kt_value){.kind = KT_LIST, .n = 1, .items = &kt_value_get(row, "loss")->items[i]},
            &loss, 1, 1e-5);
    }
    kt_history_free(h);
    kt_data_free(d);
}

static void check(const kt_value *row)
{
    const kt_value *want = kt_value_get(row, "y");
    kt_model       *m = load(row);
    kt_data        *d = kt_data_new();
    kt_tensor      *y[MOST] = {0};

    fact_arrays(d, kt_value_get(row, "x"), false);
    assert_int_equal(kt_model_outputs(m), (int)want->n);
    kt_predict_many(m, d, 0, y, (int)want->n);
    if (kt_failed(m))
        fail_msg("%s", kt_model_error(m)->message);
    for (size_t i = 0; i < want->n; i++) {
        fact_tensor_close(kt_value_text(kt_value_get(row, "file")), want->items[i], y[i], 2e-6);
        kt_tensor_unref(y[i]);
    }
    if (kt_value_get(row, "loss"))
        train(row, m);
    kt_data_free(d);
    kt_model_free(m);
}

static void as_keras_3(void **state)
{
    (void)state;
    facts_each("legacy/keras3_files", check);
}

static void as_keras_2(void **state)
{
    (void)state;
    facts_each("legacy/keras2_files", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras_3), cmocka_unit_test(as_keras_2)};

    need_reading(true);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
