/* test_dtypes.c - what layers predict in 16 bits and how models train in them, as Keras. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "model/model.h"
#include "support/fact_model.h"

static double largest(const kt_tensor *t)
{
    double most = 0;

    for (int64_t i = 0; i < t->count; i++)
        most = fmax(most, fabs(kt_tensor_get(t, i)));
    return most;
}

static void predicts(const kt_value *row, kt_model *m, double tolerance)
{
    kt_data   *d = kt_data_new();
    kt_tensor *y = NULL, *want = fact_tensor(kt_value_get(row, "y")->items[0]);

    fact_arrays(d, kt_value_get(row, "x"), false);
    kt_predict_many(m, d, 0, &y, 1);
    if (kt_failed(m))
        fail_msg("%s: %s", fact_name(row), kt_model_error(m)->message);
    assert_true(kt_shape_equal(&y->shape, &want->shape));
    for (int64_t i = 0; i < want->count; i++)
        if (!(fabs(kt_tensor_get(y, i) - kt_tensor_get(want, i)) <= tolerance * largest(want)))
            fail_msg("%s: %lld: %g, expected %g", fact_name(row), (long long)i, kt_tensor_get(y, i),
                     kt_tensor_get(want, i));
    kt_tensor_unref(y);
    kt_tensor_unref(want);
    kt_data_free(d);
}

/* Compiled under a policy, so that Keras' compile scales the loss or not. */
static void compile(const kt_value *row, kt_model *m)
{
    const kt_value *scale = kt_value_get(row, "auto_scale_loss");

    if (scale && !scale->b)
        kt_compile(m, .optimizer = kt_value_text(kt_value_get(row, "optimizer")),
                   .loss = kt_value_text(kt_value_get(row, "loss")), .auto_scale_loss = false);
    else
        fact_compile(m, row);
}

/* What the optimizer around another holds: scale, steps with finite gradients, steps inside. */
static void scaled(const kt_value *want, const kt_optimizer *o)
{
    if (!want)
        return;
    assert_int_equal(o->around != NULL, want->kind != KT_NONE);
    if (!o->around)
        return;
    const kt_tensor *got[] = {o->scale->value, o->good_steps->value, o->iterations->value};
    for (size_t i = 0; i < KT_COUNT(got); i++)
        assert_true(kt_tensor_get(got[i], 0) == fact_value(want, i));
}

static void trains(const kt_value *row, kt_model *m, double tolerance)
{
    const kt_value *want = kt_value_get(kt_value_get(row, "history"), "loss");
    kt_data        *d = kt_data_new();

    compile(row, m);
    fact_arrays(d, kt_value_get(row, "x"), false);
    fact_arrays(d, kt_value_get(row, "y"), true);
    kt_history *h = fact_fit(m, row, d);
    assert_non_null(h);
    for (size_t i = 0; i < want->n; i++) {
        double loss = 0;
        assert_true(kt_value_number(want->items[i], &loss));
        if (!(fabs(kt_history_get(h, "loss", (int)i) - loss) <= tolerance * loss))
            fail_msg("%s: loss %zu: %g, expected %g", fact_name(row), i,
                     kt_history_get(h, "loss", (int)i), loss);
    }
    scaled(kt_value_get(row, "scale"), m->optimizer);
    kt_history_free(h);
    kt_data_free(d);
}

static void check(const kt_value *row)
{
    const char *policy = kt_value_text(kt_value_get(row, "policy"));
    double      tolerance = 0;

    assert_int_equal(kt_set_dtype_policy(policy ? policy : "float32"), KT_OK);
    kt_model *m = fact_model(row);
    kt_set_dtype_policy("float32");
    fact_weights(m, row);
    assert_true(kt_value_number(kt_value_get(row, "tolerance"), &tolerance) && tolerance > 0);
    if (kt_value_get(row, "fit"))
        trains(row, m, tolerance);
    else
        predicts(row, m, tolerance);
    kt_model_free(m);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("dtypes", check);
}

static void refused(const char *policy, const char *type, const char *message)
{
    kt_clear_thread_error();
    assert_int_not_equal(kt_set_dtype_policy(policy), KT_OK);
    assert_string_equal(kt_thread_error()->type, type);
    assert_string_equal(kt_thread_error()->message, message);
    assert_string_equal(kt_dtype_policy(), "mixed_float16");
    kt_clear_thread_error();
}

/* What is no policy leaves the one that is there. */
static void policies(void **state)
{
    (void)state;
    assert_string_equal(kt_dtype_policy(), "float32");
    assert_int_equal(kt_set_dtype_policy("mixed_float16"), KT_OK);
    refused(NULL, "ValueError",
            "Invalid `policy` argument. Expected the string name of a policy (such as "
            "'mixed_float16') or a `DTypePolicy` instance. Received: policy=None (of type <class "
            "'NoneType'>)");
    refused("foo", "ValueError",
            "Cannot convert 'foo' to a mixed precision DTypePolicy. Valid policies include "
            "'mixed_float16', 'mixed_bfloat16', and the name of any float dtype such as "
            "'float32'.");
    refused("int8", "ValueError",
            "Cannot convert `policy` into a valid pair (`mode`, `source_name`) to instantiate "
            "`QuantizedDTypePolicy`. Received: policy=int8");
    refused("int8_from_float32", "NotImplementedError",
            "quantized weights (dtype policy 'int8_from_float32') are not supported");
    assert_int_equal(kt_set_dtype_policy("float32"), KT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras), cmocka_unit_test(policies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
