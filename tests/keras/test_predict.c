/* test_predict.c - what layers and models predict from given weights, as Keras. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "nn/tracing/operation.h"
#include "support/fact_model.h"

enum { MOST = 16 };

static void compare(const kt_value *row, kt_model *m, kt_tensor **y)
{
    const kt_value *want = kt_value_get(row, "y");

    if (kt_failed(m))
        fail_msg("%s: %s", fact_name(row), kt_model_error(m)->message);
    assert_int_equal((size_t)kt_model_outputs(m), want->n);
    for (size_t i = 0; i < want->n; i++)
        fact_tensor_close(fact_name(row), want->items[i], y[i], 2e-6);
}

/* Layers learn from the array, if there is one. */
static void adapt(kt_model *m, const kt_value *array)
{
    kt_data *d = kt_data_new();

    if (array) {
        kt_tensor *x = fact_tensor(array);
        kt_data_add_x(d, "x", x);
        kt_tensor_unref(x);
        kt_adapt(m, d);
    }
    kt_data_free(d);
}

/* The same model out of its configuration: what it learnt is part of it. */
static kt_model *read_again(kt_model *m)
{
    char     *json = kt_to_json(m);
    kt_model *copy = kt_from_json(json);

    kt_text_free(json);
    kt_model_free(m);
    return copy;
}

/* Though layers are called "a" and "a_1", and "a" gives two results. */
static void different_names(const kt_value *row, const kt_model *m)
{
    for (int i = 0; i < kt_model_outputs(m); i++)
        for (int k = 0; k < i; k++)
            if (strcmp(kt_model_output_name(m, i), kt_model_output_name(m, k)) == 0)
                fail_msg("%s: two outputs are called '%s'", fact_name(row),
                         kt_model_output_name(m, i));
}

static void check(const kt_value *row)
{
    kt_model  *m = fact_model(row);
    kt_data   *d = kt_data_new();
    kt_tensor *y[MOST] = {0};
    double     calls = 1;

    adapt(m, kt_value_get(row, "adapt"));
    if (kt_value_get(row, "adapt"))
        m = read_again(m);
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
    different_names(row, m);
    for (int i = 0; i < MOST; i++)
        kt_tensor_unref(y[i]);
    kt_data_free(d);
    kt_model_free(m);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("layers", check);
    facts_each("options", check);
    facts_each("plain", check);
}

static void preprocessing_as_keras(void **state)
{
    (void)state;
    facts_each("preprocessing", check);
    facts_each("preprocessing_adapted", check);
    facts_each("texts", check);
    facts_each("texts_adapted", check);
    facts_each("augmentation", check);
}

static void operations_as_keras(void **state)
{
    (void)state;
    facts_each("operations", check);
}

/* The same random numbers as Keras, call by call. */
static void check_training(const kt_value *row)
{
    const kt_value *want = kt_value_get(row, "y");
    const char     *text = kt_value_text(kt_value_get(row, "layer"));
    kt_layer       *l = kt_layer_from(text);
    kt_tensor      *x = fact_tensor(kt_value_get(row, "x"));

    for (size_t i = 0; i < want->n; i++) {
        kt_tensor *y = kt_layer_training_on(l, x);
        if (!y)
            fail_msg("%s: %s", text, kt_layer_error(l)->message);
        fact_tensor_close(text, want->items[i], y, 6e-5);
        kt_tensor_unref(y);
    }
    kt_tensor_unref(x);
    kt_layer_free(l);
}

static void training_as_keras(void **state)
{
    (void)state;
    facts_each("augmentation_training", check_training);
    facts_each("drawn", check_training);
}

static bool calls(const kt_value *row, const kt_layer_type *operation)
{
    const kt_value *config = kt_value_get(kt_value_get(row, "model"), "config");
    const kt_value *layers = kt_value_get(config, "layers");

    for (size_t i = 0; layers && i < layers->n; i++)
        if (kt_layer_type_of(layers->items[i]) == operation)
            return true;
    return false;
}

static void every_operation_has_a_fact(void **state)
{
    const kt_layer_type *operation;
    facts                t;

    (void)state;
    facts_open(&t, "operations");
    for (size_t i = 0; (operation = kt_operation_at(i)); i++) {
        bool found = false;
        for (size_t k = 0; !found && k < t.rows.n; k++)
            found = calls(t.rows.at[k], operation);
        if (!found)
            fail_msg("operations.jsonl: no call of %s.%s", operation->cls.module,
                     operation->cls.class_name);
    }
    facts_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_keras),
        cmocka_unit_test(preprocessing_as_keras),
        cmocka_unit_test(training_as_keras),
        cmocka_unit_test(operations_as_keras),
        cmocka_unit_test(every_operation_has_a_fact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
