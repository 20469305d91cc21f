/* test_doctor_failed.c - the doctor behind kt_explain: a model that could not be made, a call that
 * failed, a prediction of one thread; the real step of a proof; arrays that are shapes alone. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/keratin.h"

/* What kt_explain prints; the caller frees it. */
static char *explained(const kt_model *m)
{
    char  *text = NULL;
    size_t n = 0;
    FILE  *out = open_memstream(&text, &n);

    assert_non_null(out);
    kt_explain(m, out);
    fclose(out);
    return text;
}

static void check_said(char *text, const char *what)
{
    if (!strstr(text, what))
        fail_msg("not said: %s\n%s", what, text);
    free(text);
}

static kt_tensor *labels(int64_t n, int classes)
{
    kt_tensor *t = kt_tensor_new(KT_I64, KT_SHAPE(n));

    for (int64_t i = 0; i < n; i++)
        kt_tensor_set(t, i, (double)(i % classes));
    return t;
}

/* --- what failed ------------------------------------------------------------------------------ */

static void a_failed_fit_is_answered(void **state)
{
    (void)state;
    kt_tensor *x = kt_numpy_rand(1, KT_SHAPE(40, 6)), *y = labels(40, 5);
    kt_model  *m = kt_sequential(kt_dense(8, .activation = "relu", .input_shape = {6}),
                                 kt_dense(5, .activation = "softmax"));

    kt_compile(m, .optimizer = "adam", .loss = "categorical_crossentropy");
    assert_null(kt_fit(m, x, y, .batch_size = 16, .verbose = 0));
    kt_tensor_unref(x); /* the doctor has its own references */
    kt_tensor_unref(y);
    kt_diagnosis *d = kt_diagnose_failed(m);
    assert_non_null(d);
    assert_false(d->ok);
    assert_string_equal(d->error->message, kt_model_error(m)->message);
    assert_string_equal(d->cause->kind, "labels_vs_loss");
    assert_string_equal(d->remedies[0].kind, "loss_sparse_categorical");
    assert_true(d->remedies[0].ran);
    assert_non_null(strstr(d->remedies[0].proof, "a training step on 16 rows ran"));
    kt_diagnosis_free(d);
    check_said(explained(m), "cause: the labels do not have the form that the loss wants");
    check_said(explained(m), "loss='sparse_categorical_crossentropy'");
    kt_clear_error(m);
    assert_null(kt_diagnose_failed(m));
    kt_model_free(m);
}

static void a_failed_prediction_is_answered(void **state)
{
    (void)state;
    kt_tensor *x = kt_numpy_rand(1, KT_SHAPE(4, 28, 28));
    kt_model  *m = kt_sequential(kt_dense(8, .input_shape = {784}));

    assert_null(kt_predict(m, x));
    check_said(explained(m), "1. give x the shape (4, 784)");
    check_said(explained(m), "predict on 4 rows ran"); /* a second time: nothing was lost */
    kt_diagnosis *d = kt_diagnose_failed(m);
    assert_string_equal(d->remedies[0].kind, "flatten_data");
    kt_diagnosis_free(d);
    assert_non_null(kt_model_error(m));
    kt_tensor_unref(x);
    kt_model_free(m);
}

static void a_model_that_is_not_made_is_answered(void **state)
{
    (void)state;
    if (!KERATIN_JANSSON) /* models as JSON */
        skip();
    kt_model *m = kt_sequential(kt_lstm(4, .input_shape = {10, 3}), kt_lstm(4), kt_dense(1));

    assert_true(kt_failed(m));
    check_said(explained(m), "return_sequences=True");
    kt_model_free(m);
    m = kt_from_json(
        "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": ["
        "{\"class_name\": \"InputLayer\", \"config\": {\"batch_shape\": [null, 4], \"name\": \"i\"}},"
        "{\"class_name\": \"LSTM\", \"config\": {\"units\": 3, \"name\": \"l\"}}]}}");
    check_said(explained(m), "insert Reshape((4, 1))");
    kt_model_free(m);
}

/* Weights that were learned stay, and the words say so. */
static void a_trained_model_keeps_its_weights(void **state)
{
    (void)state;
    kt_tensor *x = kt_numpy_rand(1, KT_SHAPE(8, 6)), *y = kt_numpy_rand(2, KT_SHAPE(8, 1));
    kt_tensor *wide = kt_numpy_rand(3, KT_SHAPE(8, 7));
    kt_model  *m = kt_sequential(kt_dense(1, .input_shape = {6}));

    kt_compile(m, .loss = "mse");
    kt_history_free(kt_fit(m, x, y, .verbose = 0));
    assert_null(kt_predict(m, wide));
    kt_diagnosis *d = kt_diagnose_failed(m);
    assert_string_equal(d->remedies[0].kind, "data_features");
    assert_non_null(strstr(d->remedies[0].proof, "the trained weights stay"));
    kt_model *fixed = kt_repaired_model(d, 0);
    assert_true(kt_tensor_get(kt_weight_at(fixed, 0, NULL), 3) ==
                kt_tensor_get(kt_weight_at(m, 0, NULL), 3));
    kt_model_free(fixed);
    kt_diagnosis_free(d);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_tensor_unref(wide);
    kt_model_free(m);
}

/* Of other errors it has nothing to say. */
static void what_is_no_shape_is_left_alone(void **state)
{
    (void)state;
    kt_model *m = kt_sequential(kt_dense(1, .input_shape = {6}));

    kt_compile(m, .optimizer = "nobody", .loss = "mse");
    char *text = explained(m);
    assert_null(strstr(text, "cause:"));
    assert_null(strstr(text, "repair"));
    free(text);
    kt_model_free(m);
    assert_null(kt_diagnose_failed(NULL));
}

/* --- proofs ----------------------------------------------------------------------------------- */

/* The seeds of what is made after it are those without it. */
static void a_proof_draws_no_seed(void **state)
{
    (void)state;
    double first[2];

    for (int i = 0; i < 2; i++) {
        kt_tensor *x = kt_numpy_rand(1, KT_SHAPE(12, 6)), *y = labels(12, 3);
        kt_set_seed(5);
        kt_model *bad = kt_sequential(kt_dense(3, .activation = "softmax", .input_shape = {6}));
        kt_compile(bad, .loss = "categorical_crossentropy");
        assert_null(kt_fit(bad, x, y, .verbose = 0));
        kt_diagnosis *d = i == 1 ? kt_diagnose_failed(bad) : NULL;
        assert_true(i == 0 || d->remedies[0].ran);
        kt_diagnosis_free(d);
        kt_model *m = kt_sequential(kt_dense(3, .input_shape = {4}));
        first[i] = kt_tensor_get(kt_weight_at(m, 0, NULL), 0);
        kt_model_free(m);
        kt_model_free(bad);
        kt_tensor_unref(x);
        kt_tensor_unref(y);
    }
    assert_true(first[0] == first[1]);
}

static int steps_taken(int prove)
{
    const char *model = "Sequential([Input((6,)), Dense(5, activation='softmax')])";
    kt_tensor  *x = kt_numpy_rand(1, KT_SHAPE(40, 6)), *y = labels(40, 5);
    kt_data    *data = kt_data_new();
    int         n = 0;

    kt_data_add_x(data, "", x);
    kt_data_add_y(data, "", y);
    kt_diagnosis *d = kt_diagnose(.source = model, .data = data, .loss = "categorical_crossentropy",
                                  .prove = prove);
    assert_true(d->n_remedies > 1);
    for (int i = 0; i < d->n_remedies; i++)
        n += d->remedies[i].ran;
    n = n == d->n_remedies ? 99 : n;
    kt_diagnosis_free(d);
    kt_data_free(data);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    return n;
}

static void steps_are_taken_as_asked(void **state)
{
    (void)state;
    assert_int_equal(steps_taken(-1), 0);
    assert_int_equal(steps_taken(0), 1);
    assert_int_equal(steps_taken(1), 99);
}

/* --- shapes alone ----------------------------------------------------------------------------- */

static void shapes_are_for_checks(void **state)
{
    (void)state;
    kt_data  *data = kt_data_new();
    kt_model *m = kt_sequential(kt_dense(1, .input_shape = {6}));

    kt_compile(m, .loss = "mse");
    kt_data_add_x_shape(data, "", KT_SHAPE(1000000000, 6));
    kt_data_add_y_shape(data, "", KT_SHAPE(1000000000, 1));
    assert_null(kt_data_x(data, 0));
    assert_null(kt_data_error(data));
    kt_fit_args f = {.at = {.size = sizeof f}, .model = m, .data = data};
    assert_int_equal(kt_check_fit(&f), KT_OK);
    assert_null(kt_fit_with(&f));
    assert_non_null(strstr(kt_model_error(m)->message, "array 0 of x is a shape without numbers"));
    kt_clear_error(m);
    assert_null(kt_evaluate(m, .data = data));
    kt_clear_error(m);
    kt_tensor *out = NULL;
    assert_int_not_equal(kt_predict_many(m, data, 32, &out, 1), KT_OK);
    f.class_weight = "{0: 1.0}";
    assert_null(kt_fit_with(&f));
    kt_clear_error(m);
    assert_int_not_equal(kt_data_shuffle(data), KT_OK);
    kt_data_free(data);
    data = kt_data_new();
    kt_data_add_x_shape(data, "", KT_SHAPE(KT_UNKNOWN, 6));
    assert_non_null(kt_data_error(data));
    kt_data_free(data);
    kt_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_fit_is_answered),
        cmocka_unit_test(a_failed_prediction_is_answered),
        cmocka_unit_test(a_model_that_is_not_made_is_answered),
        cmocka_unit_test(a_trained_model_keeps_its_weights),
        cmocka_unit_test(what_is_no_shape_is_left_alone),
        cmocka_unit_test(a_proof_draws_no_seed),
        cmocka_unit_test(steps_are_taken_as_asked),
        cmocka_unit_test(shapes_are_for_checks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
