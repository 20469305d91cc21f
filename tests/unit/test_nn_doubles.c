/* test_nn_doubles.c - one layer in two places: as in Keras it is shared in a Sequential; two layers
 * of one name are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "io/io.h"
#include "keratin/keratin.h"
#include "model/model.h"

/* Keras: Sequential([Input((4,)), l, l]) has 20 parameters and calls l on what l gave. */
static void twice_in_a_row(void **state)
{
    (void)state;
    kt_layer  *l = kt_dense(4, .kernel_initializer = "ones", .bias_initializer = "ones");
    kt_model  *m = kt_sequential(kt_input(.shape = {4}), l, l);
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(1, 4));

    assert_false(kt_failed(m));
    assert_int_equal(kt_count_parameters(m), 20);
    kt_tensor *y = kt_predict(m, x);
    assert_non_null(y);
    for (int64_t i = 0; i < 4; i++)
        assert_true(kt_tensor_get(y, i) == 5.0); /* 0 -> 1 -> 4 * 1 + 1 */
    assert_int_equal(kt_weights(m), 2);
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    kt_model_free(m);
}

/* Keras' files would hold it once, and the model read back would be another one. */
static void is_not_saved(void **state)
{
    (void)state;
    kt_layer *l = kt_dense(4);
    kt_model *m = kt_sequential(kt_input(.shape = {4}), l, l);

    assert_null(kt_to_json(m));
    assert_non_null(strstr(kt_model_error(m)->message, "Layer 'dense' stands more than once"));
    kt_model_free(m);
}

/* As Keras says it where the second call does not fit. */
static void must_fit_itself(void **state)
{
    (void)state;
    kt_layer *l = kt_dense(4);
    kt_model *m = kt_sequential(l, l);
    kt_shape  s = KT_SHAPE(KT_UNKNOWN, 3);

    assert_false(kt_failed(m));
    assert_int_not_equal(kt_build(m, 1, &s), KT_OK);
    assert_string_equal(kt_model_error(m)->message,
                        "Input 0 with name 'None' of layer 'dense' is incompatible with the layer: "
                        "expected axis -1 of input shape to have value 3, but received input with "
                        "shape (None, 4)");
    kt_model_free(m);
}

static void two_of_one_name(void **state)
{
    (void)state;
    kt_model *m = kt_sequential(kt_dense(4, .name = "a"), kt_dense(4, .name = "a"));

    assert_string_equal(
        kt_model_error(m)->message,
        "All layers added to a Sequential model should have unique names. Name 'a' is already the "
        "name of a layer in this model. Update the `name` argument to pass a unique name.");
    kt_model_free(m);
}

/* A layer that could not be made is given back once, wherever it stands. */
static void failed_ones(void **state)
{
    (void)state;
    kt_layer *bad = kt_dense(-4), *good = kt_dense(4);
    kt_model *m = kt_sequential(good, bad, good, bad, bad, good);

    assert_true(kt_failed(m));
    kt_model_free(m);
}

static void shared_by_others(void **state)
{
    (void)state;
    kt_layer *wrapped = kt_time_distributed(kt_dense(4));
    kt_model *m = kt_sequential(kt_input(.shape = {2, 4}), wrapped, kt_dense(4), wrapped);

    assert_false(kt_failed(m));
    assert_int_equal(kt_count_parameters(m), 40);
    kt_model_free(m);
}

static kt_status count(void *user, kt_layer *l, const char *path)
{
    (void)l;
    (void)path;
    ++*(int *)user;
    return KT_OK;
}

/* So a file of weights holds it once. */
static void is_walked_over_once(void **state)
{
    kt_layer *wrapped = kt_time_distributed(kt_dense(4));
    kt_model *m = kt_sequential(kt_input(.shape = {2, 4}), wrapped, kt_dense(4), wrapped);
    kt_fault  f = {0};
    int       n = 0;

    (void)state;
    assert_int_equal(kt_layers_walk(m->root, count, &n, &f), KT_OK);
    assert_int_equal(n, 5); /* the model, its input, two layers, the one that is wrapped */
    kt_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twice_in_a_row),      cmocka_unit_test(is_not_saved),
        cmocka_unit_test(must_fit_itself),     cmocka_unit_test(two_of_one_name),
        cmocka_unit_test(failed_ones),         cmocka_unit_test(shared_by_others),
        cmocka_unit_test(is_walked_over_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
