/* test_calls.c - predict, evaluate, fit and train_on_batch as calls: what comes back, list or
 * number, and what they say to arrays, targets, losses and weights that do not belong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/fact_model.h"

enum { MOST = 8 };
#define TOLERANCE 1e-5

static double number_of(const kt_value *row, const char *key, double otherwise)
{
    kt_value_number(kt_value_get(row, key), &otherwise);
    return otherwise;
}

/* --- results ---------------------------------------------------------------------------------- */

static void compare_number(const kt_value *row, const char *key, const kt_value *want, double got)
{
    const char *text = kt_value_text(want);
    double      x = text ? strtod(text, NULL) : NAN;

    if (!text)
        assert_true(kt_value_number(want, &x));
    if (!fact_near(got, x, TOLERANCE))
        fail_msg("%s: %s: %.9g, Keras gives %.9g", fact_name(row), key, got, x);
}

/* One epoch: a number, or a list of numbers. */
static void compare_epoch(const kt_value *row, const char *key, const kt_value *want,
                          const kt_history *h, int epoch)
{
    bool list = kt_value_is_seq(want);

    if (list != (kt_history_is_list(h, key) != 0))
        fail_msg("%s: %s is %s in Keras", fact_name(row), key, list ? "a list" : "a number");
    if (!list) {
        compare_number(row, key, want, kt_history_get(h, key, epoch));
        return;
    }
    assert_int_equal((size_t)kt_history_width(h, key), want->n);
    for (size_t i = 0; i < want->n; i++)
        compare_number(row, key, want->items[i], kt_history_at(h, key, epoch, (int)i));
    assert_true(isnan(kt_history_at(h, key, epoch, (int)want->n)));
}

static void compare_history(const kt_value *row, const kt_history *h, bool epochs)
{
    const kt_value *want = kt_value_get(row, "result");

    for (size_t i = 0; i < want->n; i++)
        if (!epochs)
            compare_epoch(row, want->keys[i], want->items[i], h, -1);
        else
            for (size_t k = 0; k < want->items[i]->n; k++)
                compare_epoch(row, want->keys[i], want->items[i]->items[k], h, (int)k);
    assert_int_equal((size_t)kt_history_keys(h), want->n);
}

static void compare_weights(const kt_value *row, const kt_model *m)
{
    const kt_value *want = kt_value_get(row, "trained");

    for (size_t i = 0; want && i < want->n; i++) {
        const char *path = NULL;
        kt_tensor  *t = kt_weight_at(m, (int)i, &path);
        for (size_t k = 0; k < want->items[i]->n; k++)
            compare_number(row, path, want->items[i]->items[k], kt_tensor_get(t, (int64_t)k));
    }
}

/* --- calls ------------------------------------------------------------------------------------ */

static void predict(const kt_value *row, kt_model *m, const kt_data *d)
{
    const kt_value *want = kt_value_get(row, "out");
    kt_tensor      *y[MOST] = {0};

    kt_predict_many(m, d, (int64_t)number_of(row, "batch_size", 0), y, MOST);
    fact_error(fact_name(row), kt_value_get(row, "error"), kt_model_error(m));
    for (size_t i = 0; want && i < want->n; i++)
        fact_tensor_close(fact_name(row), want->items[i], y[i], TOLERANCE);
    for (int i = 0; i < MOST; i++)
        kt_tensor_unref(y[i]);
}

static kt_history *evaluate(const kt_value *row, kt_model *m, kt_data *d, kt_tensor *weight)
{
    kt_evaluate_args args = {.model = m,
                             .data = d,
                             .sample_weight = weight,
                             .batch_size = (int64_t)number_of(row, "batch_size", 32)};

    args.at.size = sizeof args;
    return kt_evaluate_with(&args);
}

/* kt_check_fit foresees what fit says, but for numbers that only a run meets. */
static void foresee(const kt_value *row, kt_data *d)
{
    const kt_value *error = kt_value_get(row, "error");
    const char     *message = kt_value_text(kt_value_get(error, "message"));
    kt_model       *m = fact_model(row);

    fact_compile(m, row);
    fact_check_fit(m, row, d);
    fact_error(fact_name(row), message && strncmp(message, "indices", 7) == 0 ? NULL : error,
               kt_model_error(m));
    kt_model_free(m);
}

static void measure(const kt_value *row, kt_model *m, kt_data *d)
{
    const char     *what = kt_value_text(kt_value_get(row, "do"));
    const kt_value *weight = kt_value_get(row, "sample_weight");
    kt_tensor      *w = weight && !fact_weights_by_name(weight) ? fact_tensor(weight) : NULL;
    kt_history     *h = NULL;

    fact_compile(m, row);
    if (kt_value_get(row, "weights"))
        fact_weights(m, row);
    if (kt_streq(what, "fit")) {
        foresee(row, d);
        h = fact_fit(m, row, d);
    } else if (kt_streq(what, "evaluate")) {
        h = evaluate(row, m, d, w);
    } else {
        h = kt_train_on_batch(m, kt_data_x(d, 0), kt_data_y(d, 0));
    }
    fact_error(fact_name(row), kt_value_get(row, "error"), kt_model_error(m));
    if (kt_value_get(row, "result")) {
        assert_non_null(h);
        compare_history(row, h, kt_streq(what, "fit"));
        compare_weights(row, m);
    }
    kt_history_free(h);
    kt_tensor_unref(w);
}

/* Weights of each target by its name. */
static void add_weights(kt_data *d, const kt_value *row)
{
    const kt_value *fit = kt_value_get(row, "fit");
    const kt_value *dict = kt_value_get(fit ? fit : row, "sample_weight");

    for (size_t i = 0; fact_weights_by_name(dict) && i < dict->n; i++) {
        kt_tensor *t = fact_tensor(dict->items[i]);
        kt_data_add_weight(d, dict->keys[i], t);
        kt_tensor_unref(t);
    }
}

/* "unnamed" names the side, x or y, whose arrays were a list in Python. */
static void add_arrays(kt_data *d, const kt_value *row, const char *side)
{
    const char     *unnamed = kt_value_text(kt_value_get(row, "unnamed"));
    const kt_value *dict = kt_value_get(row, side);

    if (!unnamed || !strstr(unnamed, side)) {
        fact_arrays(d, dict, *side == 'y');
        return;
    }
    for (size_t i = 0; dict && i < dict->n; i++) {
        kt_tensor *t = fact_tensor(dict->items[i]);
        if (*side == 'y')
            kt_data_add_y(d, "", t);
        else
            kt_data_add_x(d, "", t);
        kt_tensor_unref(t);
    }
}

static void check(const kt_value *row)
{
    kt_model *m = fact_model(row);
    kt_data  *d = kt_data_new();

    add_arrays(d, row, "x");
    add_arrays(d, row, "y");
    add_weights(d, row);
    if (kt_streq(kt_value_text(kt_value_get(row, "do")), "predict")) {
        if (kt_value_get(row, "weights"))
            fact_weights(m, row);
        predict(row, m, d);
    } else {
        measure(row, m, d);
    }
    kt_data_free(d);
    kt_model_free(m);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("calls", check);
    facts_each("arguments", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
