/* test_training.c - losses, metrics and weights of trainings, step by step as Keras: losses,
 * optimizers, clipping, schedules, regularizers, constraints, frozen layers, weights of classes and
 * samples, validation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/fact_model.h"

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
    fact_history_close(kt_str_text(&name), kt_value_get(row, "history"), h);
    fact_weights_close(kt_str_text(&name), kt_value_get(row, "trained"), m);
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
