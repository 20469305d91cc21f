/* test_metrics.c - losses and metrics of given outputs over two batches, weighted and not, as
 * Keras' evaluate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/fact_model.h"

static kt_history *evaluate(kt_model *m, const kt_value *row)
{
    const kt_value  *weight = kt_value_get(row, "sample_weight");
    kt_data         *d = kt_data_new();
    kt_tensor       *w = weight ? fact_tensor(weight) : NULL;
    kt_evaluate_args args = {.model = m, .data = d, .sample_weight = w, .batch_size = 4};

    args.at.size = sizeof args;
    fact_arrays(d, kt_value_get(row, "x"), false);
    fact_arrays(d, kt_value_get(row, "y"), true);
    kt_history *h = kt_evaluate_with(&args);
    kt_tensor_unref(w);
    kt_data_free(d);
    return h;
}

/* A metric of several numbers is kept as their mean, which is what Keras' progress bar shows. */
static double mean_of(const kt_value *numbers)
{
    double sum = 0;

    for (size_t i = 0; i < numbers->n; i++)
        sum += fact_number(numbers, i);
    return sum / (double)numbers->n;
}

static void compare(const char *name, const kt_value *want, const kt_history *h)
{
    for (size_t i = 0; i < want->n; i++) {
        double x = kt_history_get(h, want->keys[i], -1), y = mean_of(want->items[i]);
        if (!fact_near(x, y, 2e-6))
            fail_msg("%s: %s: %.9g, Keras gives %.9g", name, want->keys[i], x, y);
    }
    assert_int_equal((size_t)kt_history_keys(h), want->n);
}

static void check(const kt_value *row)
{
    kt_model *m = fact_model(row);
    kt_str    name = {0};

    kt_str_printf(&name, "%s, %s", fact_name(row), kt_value_text(kt_value_get(row, "loss")));
    fact_compile(m, row);
    kt_history *h = evaluate(m, row);
    if (!h)
        fail_msg("%s: %s", kt_str_text(&name), kt_model_error(m)->message);
    compare(kt_str_text(&name), kt_value_get(row, "result"), h);
    kt_history_free(h);
    kt_model_free(m);
    kt_str_free(&name);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("metrics", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
