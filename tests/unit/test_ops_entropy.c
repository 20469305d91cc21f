/* test_ops_entropy.c - softmax and cross-entropies, far from and near to 1: as TensorFlow has
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "goldens/op_entropy.h"
#include "support/op_golden.h"

static const int labels[] = {0, 3, 1};

static void targets_are_probabilities(void **state)
{
    golden   t;
    kt_node *x, *z, *y, *grad[GOLDEN_INPUTS], *dz;

    (void)state;
    golden_start(&t);
    x = golden_input(&t, KT_SHAPE(3, 4), 0, 30);
    z = kt_softmax(t.g, kt_constant(t.g, wave(KT_SHAPE(3, 4), 1, 2)), -1);
    y = kt_softmax_xent(t.g, x, z);
    golden_gradients(&t, 1, &y, grad);
    CHECK(&t, y, softmax_loss);
    CHECK(&t, grad[0], softmax_dx);
    dz = kt_constant(t.g, wave(KT_SHAPE(3), 10, 1));
    assert_int_equal(kt_gradients(t.g, kt_sum_all(t.g, kt_mul(t.g, y, dz)), &z, 1, &dz), KT_OK);
    CHECK(&t, dz, softmax_dt);
    golden_end(&t);
}

static void targets_are_classes(void **state)
{
    golden   t;
    kt_node *y, *grad[GOLDEN_INPUTS];

    (void)state;
    golden_start(&t);
    y = kt_sparse_softmax_xent(t.g, golden_input(&t, KT_SHAPE(3, 4), 0, 30),
                               golden_integers(&t, KT_I64, KT_SHAPE(3), labels));
    golden_gradients(&t, 1, &y, grad);
    CHECK(&t, y, sparse_loss);
    CHECK(&t, grad[0], sparse_dx);
    golden_end(&t);
}

static void two_classes(void **state)
{
    golden   t;
    kt_node *x, *z, *y, *grad[GOLDEN_INPUTS], *dz;

    (void)state;
    golden_start(&t);
    x = golden_input(&t, KT_SHAPE(3, 4), 0, 30);
    z = kt_softmax(t.g, kt_constant(t.g, wave(KT_SHAPE(3, 4), 1, 2)), -1);
    y = kt_sigmoid_xent(t.g, x, z);
    golden_gradients(&t, 1, &y, grad);
    CHECK(&t, y, sigmoid_loss);
    CHECK(&t, grad[0], sigmoid_dx);
    dz = kt_constant(t.g, wave(KT_SHAPE(3, 4), 10, 1));
    assert_int_equal(kt_gradients(t.g, kt_sum_all(t.g, kt_mul(t.g, y, dz)), &z, 1, &dz), KT_OK);
    CHECK(&t, dz, sigmoid_dt);
    golden_end(&t);
}

static void softmax_along(int axis, golden *t, kt_node **y, kt_node **grad)
{
    kt_node *x;

    golden_start(t);
    x = golden_input(t, KT_SHAPE(2, 3, 2), 2, 3);
    y[0] = kt_softmax(t->g, x, axis);
    y[1] = kt_log_softmax(t->g, x, axis);
    golden_gradients(t, 2, y, grad);
}

static void softmax_along_any_axis(void **state)
{
    golden   t;
    kt_node *y[2], *grad[GOLDEN_INPUTS];

    (void)state;
    softmax_along(1, &t, y, grad);
    CHECK(&t, y[0], axis1_softmax);
    CHECK(&t, y[1], axis1_log_softmax);
    CHECK(&t, grad[0], axis1_dx);
    golden_end(&t);
    softmax_along(-1, &t, y, grad);
    CHECK(&t, y[0], axis2_softmax);
    CHECK(&t, y[1], axis2_log_softmax);
    CHECK(&t, grad[0], axis2_dx);
    golden_end(&t);
}

/* tf.nn.sparse_softmax_cross_entropy_with_logits on a device that cannot fail gives nan. */
static void a_label_out_of_range_gives_nan(void **state)
{
    static const int wrong[] = {0, 4, -1};
    golden           t;
    kt_node         *y, *keep[2];
    kt_plan         *p;
    const float     *loss;

    (void)state;
    golden_start(&t);
    y = kt_sparse_softmax_xent(t.g, golden_input(&t, KT_SHAPE(3, 4), 0, 1),
                               golden_integers(&t, KT_I32, KT_SHAPE(3), wrong));
    keep[0] = y;
    keep[1] = kt_part(y, 1);
    p = kt_plan_new(t.g, keep, 2, &t.fault);
    assert_non_null(p);
    kt_plan_bind(p, t.input[0], t.value[0]);
    kt_plan_run(p);
    loss = kt_plan_data(p, y);
    assert_true(isfinite(loss[0]) && isnan(loss[1]) && isnan(loss[2]));
    kt_plan_free(p);
    golden_end(&t);
}

static void shapes_must_agree(void **state)
{
    golden   t;
    kt_node *x, *z;

    (void)state;
    golden_start(&t);
    x = golden_input(&t, KT_SHAPE(2, 4), 0, 1);
    z = golden_input(&t, KT_SHAPE(2, 3), 0, 1);
    assert_ptr_equal(kt_softmax_xent(t.g, x, z), t.g->poison);
    assert_string_equal(t.fault.e.message,
                        "{{function_node __wrapped__SoftmaxCrossEntropyWithLogits_device_/job:"
                        "localhost/replica:0/task:0/device:CPU:0}} logits and labels must be "
                        "broadcastable: logits_size=[2,4] labels_size=[2,3] "
                        "[Op:SoftmaxCrossEntropyWithLogits] name: ");
    assert_int_equal(t.fault.e.axis, 1);
    golden_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_probabilities),
        cmocka_unit_test(targets_are_classes),
        cmocka_unit_test(two_classes),
        cmocka_unit_test(softmax_along_any_axis),
        cmocka_unit_test(a_label_out_of_range_gives_nan),
        cmocka_unit_test(shapes_must_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
