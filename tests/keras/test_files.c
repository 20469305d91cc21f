/* test_files.c - files that Keras wrote: weights, what they predict, and how training goes on from
 * the state of their optimizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/fact_model.h"

enum { MOST = 4 };

static kt_model *load(const char *name)
{
    const char *root = getenv("KERATIN_SOURCE");
    char        path[4096];

    snprintf(path, sizeof path, "%s/tests/goldens/%s", root ? root : ".", name);
    kt_model *m = kt_load(path);
    if (kt_failed(m))
        fail_msg("%s: %s", path, kt_model_error(m)->message);
    return m;
}

static void compare_outputs(const char *name, const kt_value *want, kt_model *m, const kt_data *d)
{
    kt_tensor *y[MOST] = {0};

    assert_int_equal((size_t)kt_model_outputs(m), want->n);
    assert_int_equal(kt_predict_many(m, d, 4, y, MOST), KT_OK);
    for (int i = 0; i < (int)want->n; i++)
        fact_tensor_close(name, want->items[i], y[i], 2e-6);
    for (int i = 0; i < MOST; i++)
        kt_tensor_unref(y[i]);
}

static void check(const kt_value *row)
{
    const char *name = kt_value_text(kt_value_get(row, "file"));
    kt_model   *m = load(name);
    kt_data    *d = kt_data_new();

    fact_arrays(d, kt_value_get(row, "x"), false);
    fact_weights_close(name, kt_value_get(row, "weights"), m);
    compare_outputs(name, kt_value_get(row, "predicted"), m, d);
    fact_arrays(d, kt_value_get(row, "y"), true);
    kt_history *h = fact_fit(m, row, d);
    if (!h)
        fail_msg("%s: %s", name, kt_model_error(m)->message);
    fact_history_close(name, kt_value_get(row, "history"), h);
    fact_weights_close(name, kt_value_get(row, "trained"), m);
    kt_history_free(h);
    kt_data_free(d);
    kt_model_free(m);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("files", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};

    need_reading(true);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
