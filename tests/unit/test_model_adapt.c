/* test_model_adapt.c - statistics learnt behind other layers; what kt_adapt, kt_bench and
 * predictions of several batches refuse. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/keratin.h"
#include "support/needs.h"

enum { ROWS = 600 }; /* more than are run at once */

static kt_tensor *numbers(int64_t rows, int64_t columns)
{
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(rows, columns));

    for (int64_t i = 0; i < rows * columns; i++)
        kt_tensor_set(t, i, (double)(i * 7 % 11) + (double)(i % columns));
    return t;
}

static kt_data *data_of(int n, kt_tensor *const *x)
{
    kt_data *d = kt_data_new();

    for (int i = 0; i < n; i++)
        kt_data_add_x(d, NULL, x[i]);
    return d;
}

/* Of what a layer before makes of all rows: mean 0, variance 1. */
static void behind_another_layer(void **state)
{
    (void)state;
    kt_model  *m = kt_model_from("Sequential([Input((2,)), Rescaling(2.0, 3.0), Normalization()])");
    kt_tensor *x = numbers(ROWS, 2);
    kt_data   *d = data_of(1, &x);

    assert_int_equal(kt_adapt(m, d), 1);
    kt_tensor *y = kt_predict(m, x);
    assert_non_null(y);
    for (int c = 0; c < 2; c++) {
        double sum = 0, square = 0;
        for (int64_t i = 0; i < ROWS; i++) {
            double v = kt_tensor_get(y, 2 * i + c);
            sum += v;
            square += v * v;
        }
        assert_float_equal(sum / ROWS, 0, 1e-4);
        assert_float_equal(square / ROWS, 1, 1e-3);
    }
    assert_int_equal(kt_adapt(m, d), 0); /* it has learnt */
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    kt_data_free(d);
    kt_model_free(m);
}

static void refuses(const char *model, const kt_data *d, const char *words)
{
    kt_model       *m = kt_model_from(model);
    int             n = kt_adapt(m, d);
    const kt_error *e = kt_model_error(m);

    assert_int_equal(n, 0);
    if (!e || !strstr(e->message, words))
        fail_msg("%s: '%s' is not in '%s'", model, words, e ? e->message : "no error");
    kt_model_free(m);
}

static void what_can_not_be_learnt(void **state)
{
    (void)state;
    kt_tensor *x = numbers(6, 2);
    kt_data   *d = data_of(1, &x);

    refuses("Sequential([Input((2,)), Normalization()])", NULL, "kt_adapt: no data was given");
    refuses("Sequential([Input((2, 1)), TimeDistributed(Normalization(name='n'), name='t')])", d,
            "layer 'n' inside 't' has no statistics, and they can not be learnt there");
    kt_model *m = kt_model_from("Sequential([Input((2,)), Dense(1)])"); /* nothing to learn */
    assert_int_equal(kt_adapt(m, d), 0);
    assert_false(kt_failed(m));
    kt_model_free(m);
    m = kt_model_from("Sequential([Input((2,)), Normalization(mean=1.0, variance=4.0)])");
    assert_int_equal(kt_adapt(m, d), 0); /* it is given */
    assert_false(kt_failed(m));
    kt_model_free(m);
    kt_data_free(d);
    kt_tensor_unref(x);
}

static void times_nothing(const char *model, bool train, const char *words)
{
    kt_model *m = kt_model_from(model);
    kt_bench *b = kt_bench_new(m, 4, train);

    assert_null(b);
    if (!kt_failed(m) || !strstr(kt_model_error(m)->message, words))
        fail_msg("%s: '%s' is not in '%s'", model, words,
                 kt_failed(m) ? kt_model_error(m)->message : "no error");
    kt_model_free(m);
}

static void what_can_not_be_timed(void **state)
{
    (void)state;
    times_nothing("Sequential([Dense(1)])", false, "the model has no input shape yet");
    times_nothing("Sequential([Input((None, 3), name='x'), Dense(1)])", false,
                  "the sizes of 'x' are not all known");
    times_nothing("Sequential([Input((3,)), Dense(1)])", true, "You must call `compile()`");
}

/* Transposed, a last batch of fewer rows has another width. */
static void outputs_that_do_not_join(void **state)
{
    (void)state;
    static const char model[] =
        "{\"module\": \"keras\", \"class_name\": \"Functional\", \"config\": {\"name\": \"m\", "
        "\"layers\": [{\"module\": \"keras.layers\", \"class_name\": \"InputLayer\", \"name\": "
        "\"x\", \"config\": {\"batch_shape\": [null, 3], \"name\": \"x\"}, \"inbound_nodes\": []}, "
        "{\"module\": \"keras.src.ops.numpy\", \"class_name\": \"Transpose\", \"name\": \"t\", "
        "\"config\": {\"name\": \"t\", \"axes\": null}, \"inbound_nodes\": [{\"args\": "
        "[{\"class_name\": \"__keras_tensor__\", \"config\": {\"shape\": [null, 3], \"dtype\": "
        "\"float32\", \"keras_history\": [\"x\", 0, 0]}}], \"kwargs\": {}}]}], \"input_layers\": "
        "[[\"x\", 0, 0]], \"output_layers\": [[\"t\", 0, 0]]}}";

    need_reading(false);
    kt_model  *m = kt_from_json(model);
    kt_tensor *x = numbers(7, 3), *out = NULL;
    kt_data   *d = data_of(1, &x);

    assert_false(kt_failed(m));
    assert_int_equal(kt_predict_many(m, d, 7, &out, 1), KT_OK);
    assert_true(kt_tensor_shape(out)->dim[0] == 3 && kt_tensor_shape(out)->dim[1] == 7);
    kt_tensor_unref(out);
    out = NULL;
    assert_int_equal(kt_predict_many(m, d, 4, &out, 1), KT_E_NOT_IMPLEMENTED);
    assert_non_null(strstr(kt_model_error(m)->message,
                           "The outputs of two batches have the shapes (3, 4) and (3, 3)"));
    assert_null(out);
    kt_data_free(d);
    kt_tensor_unref(x);
    kt_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_another_layer),
        cmocka_unit_test(what_can_not_be_learnt),
        cmocka_unit_test(what_can_not_be_timed),
        cmocka_unit_test(outputs_that_do_not_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
