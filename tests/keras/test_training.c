/* test_training.c - losses, metrics and weights of trainings, step by step as Keras: losses,
 * optimizers, clipping, schedules, regularizers, constraints, frozen layers, weights of classes and
 * samples, validation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/fact_model.h"

static double number_of(const kt_value *dict, const char *key, double otherwise)
{
    kt_value_number(kt_value_get(dict, key), &otherwise);
    return otherwise;
}

/* [x, y, weights] */
static kt_data *validation(const kt_value *arrays)
{
    kt_data   *d = kt_data_new();
    kt_tensor *t[3] = {0};

    for (size_t i = 0; i < 3; i++)
        t[i] = fact_tensor(arrays->items[i]);
    kt_data_add_x(d, "x", t[0]);
    kt_data_add_y(d, "y", t[1]);
    kt_data_set_weight(d, t[2]);
    for (size_t i = 0; i < 3; i++)
        kt_tensor_unref(t[i]);
    return d;
}

static kt_history *fit(kt_model *m, const kt_value *row, kt_data *d)
{
    const kt_value *how = kt_value_get(row, "fit"), *weight = kt_value_get(how, "sample_weight");
    const kt_value *held_out = kt_value_get(how, "validation_data");
    kt_tensor      *w = weight ? fact_tensor(weight) : NULL;
    kt_data        *val = held_out ? validation(held_out) : NULL;
    kt_fit_args     args = {.model = m,
                            .data = d,
                            .epochs = (int64_t)number_of(how, "epochs", 1),
                            .initial_epoch = (int64_t)number_of(how, "initial_epoch", 0),
                            .batch_size = (int64_t)number_of(how, "batch_size", 32),
                            .validation_split = number_of(how, "validation_split", 0),
                            .class_weight = kt_value_text(kt_value_get(how, "class_weight")),
                            .sample_weight = w,
                            .validation_data = val};

    args.at = (kt_site){.size = sizeof args, .text = ".shuffle = false"};
    kt_history *h = kt_fit_with(&args);
    kt_tensor_unref(w);
    kt_data_free(val);
    return h;
}

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
    kt_history *h = fit(m, row, d);
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
