/* test_training.c - losses, metrics and weights of trainings, step by step as Keras: losses,
 * optimizers, clipping, schedules, regularizers, constraints, frozen layers, weights of classes and
 * samples, validation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/fact_model.h"

static void compare_history(const char *name, const kt_value *want, const kt_history *h)
{
    assert_int_equal((size_t)kt_history_keys(h), want->n);
    for (size_t i = 0; i < want->n; i++)
        for (size_t k = 0; k < want->items[i]->n; k++) {
            double x = kt_history_get(h, want->keys[i], (int)k), y = fact_number(want->items[i], k);
            if (!(fabs(x - y) <= 1e-5 * (1 + fabs(y))))
                fail_msg("%s: %s of epoch %zu: %.9g, Keras gives %.9g", name, want->keys[i], k, x,
                         y);
        }
}

static void compare_weights(const char *name, const kt_value *want, const kt_model *m)
{
    for (size_t i = 0; i < want->n; i++) {
        const char *path = NULL;
        kt_tensor  *t = kt_weight_at(m, (int)i, &path);
        for (size_t k = 0; k < want->items[i]->n; k++) {
            double x = kt_tensor_get(t, (int64_t)k), y = fact_number(want->items[i], k);
            if (!(fabs(x - y) <= 2e-5 * (1 + fabs(y))))
                fail_msg("%s: %s[%zu]: %.9g, Keras gives %.9g", name, path, k, x, y);
        }
    }
}

/* The training's own words, so that a failure says which it is. */
static void name_of(kt_str *out, const kt_value *row)
{
    kt_str_printf(out, "%s, %s, %s", fact_name(row), kt_value_text(kt_value_get(row, "optimizer")),
                  kt_value_text(kt_value_get(row, "loss")));
}

static void check(const kt_value *row)
{
    kt_model *m = fact_model(row);
    kt_data  *d = kt_data_new();
    kt_str    name = {0};

    name_of(&name, row);
    fact_compile(m, row);
    fact_weights(m, row);
    fact_arrays(d, kt_value_get(row, "x"), false);
    fact_arrays(d, kt_value_get(row, "y"), true);
    kt_history *h = fact_fit(m, row, d);
    if (!h)
        fail_msg("%s: %s", kt_str_text(&name), kt_model_error(m)->message);
    compare_history(kt_str_text(&name), kt_value_get(row, "history"), h);
    compare_weights(kt_str_text(&name), kt_value_get(row, "trained"), m);
    kt_history_free(h);
    kt_data_free(d);
    kt_model_free(m);
    kt_str_free(&name);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("training", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
