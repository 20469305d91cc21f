/* test_ops_order.c - sorting with equals and nan, the largest, entries of tables, random
 * numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "goldens/op_order.h"
#include "support/op_golden.h"

static void check_integers(golden *t, kt_node *y, const int32_t *want, int n)
{
    float as_float[16];

    for (int i = 0; i < n; i++)
        as_float[i] = (float)want[i];
    golden_check(t, "indices", y, as_float, (size_t)n);
}

static void equals_keep_their_order(void **state)
{
    static const float x[] = {3, 1, 2, 1, 3, 0};
    golden             t;
    kt_node           *in, *up, *down;

    (void)state;
    golden_start(&t);
    in = golden_values(&t, KT_SHAPE(1, 6), x);
    up = kt_sort(t.g, in, -1, false);
    down = kt_sort(t.g, in, 1, true);
    CHECK(&t, up, sorted_up);
    CHECK(&t, down, sorted_down);
    check_integers(&t, kt_part(up, 1), order_up, 6);
    check_integers(&t, kt_part(down, 1), order_down, 6);
    golden_end(&t);
}

static void nan_comes_last(void **state)
{
    static const float x[] = {3, NAN, 1, 2};
    golden             t;
    kt_node           *in;

    (void)state;
    golden_start(&t);
    in = golden_values(&t, KT_SHAPE(4), x);
    check_integers(&t, kt_part(kt_sort(t.g, in, 0, false), 1), (int32_t[]){2, 3, 0, 1}, 4);
    check_integers(&t, kt_part(kt_sort(t.g, in, 0, true), 1), (int32_t[]){0, 3, 2, 1}, 4);
    golden_end(&t);
}

/* tf.argmax([[1, 5, 5], [nan, 1, 3]], 1); tf.argmax of no elements */
static void the_first_of_equals_is_the_largest(void **state)
{
    static const float x[] = {1, 5, 5, NAN, 1, 3};
    golden             t;
    kt_node           *in;

    (void)state;
    golden_start(&t);
    in = golden_values(&t, KT_SHAPE(2, 3), x);
    check_integers(&t, kt_argmax(t.g, in, -1), (int32_t[]){1, 2}, 2);
    in = kt_placeholder(t.g, "empty", KT_F32, KT_SHAPE(0, 3));
    assert_ptr_equal(kt_argmax(t.g, in, 0), t.g->poison);
    assert_string_equal(
        t.fault.e.message,
        "{{function_node __wrapped__ArgMax_device_/job:localhost/replica:0/task:0/"
        "device:CPU:0}} Reduction axis 0 is empty in shape [0,3] [Op:ArgMax] name: ");
    golden_end(&t);
}

static void numbers_below_zero_count_from_the_end(void **state)
{
    static const int   index[] = {1, 0, -1, 1};
    static const float table[] = {1, 2, 3, 4, 5, 6};
    static const float rows[] = {3, 4, 1, 2, 5, 6, 3, 4},
                       hot[] = {0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0};
    static const float sums[] = {1, 1, 2, 2, 1, 1};
    golden             t;
    kt_node           *in, *number, *y, *grad, *loss;

    (void)state;
    golden_start(&t);
    in = golden_values(&t, KT_SHAPE(3, 2), table);
    number = golden_integers(&t, KT_I32, KT_SHAPE(4), index);
    y = kt_gather(t.g, in, number, 0);
    CHECK(&t, y, rows);
    CHECK(&t, kt_one_hot(t.g, number, 3), hot);
    loss = kt_sum_all(t.g, y);
    assert_int_equal(kt_gradients(t.g, loss, &in, 1, &grad), KT_OK);
    CHECK(&t, grad, sums);
    golden_end(&t);
}

/* A run stops there, by fast kernels and by the reference, and says which one, as TensorFlow. */
static void numbers_out_of_range_are_refused(void **state)
{
    static const int   index[] = {1, 0, -4, 7}; /* -4 + 3 rows is still below 0 */
    static const float table[] = {1, 2, 3, 4, 5, 6};
    golden             t;

    (void)state;
    golden_start(&t);
    kt_node *in = golden_values(&t, KT_SHAPE(3, 2), table);
    kt_node *y = kt_gather(t.g, in, golden_integers(&t, KT_I32, KT_SHAPE(2, 2), index), 0);
    for (int forced = 0; forced < 2; forced++) {
        kt_fault f = {0};
        kt_force_kernel(forced ? "reference" : NULL);
        kt_plan *p = kt_plan_new(t.g, &y, 1, &t.fault);
        kt_force_kernel(NULL);
        assert_non_null(p);
        kt_plan_bind(p, t.input[0], t.value[0]);
        assert_false(kt_plan_run(p));
        assert_int_equal(kt_plan_refusal(p, &f), KT_E_INVALID_ARGUMENT);
        assert_string_equal(f.e.message, "indices[1,0] = -1 is not in [0, 3)");
        kt_fault_clear(&f);
        kt_plan_free(p);
    }
    golden_end(&t);
}

/* tf.cumsum([[1, 2, 3], [4, 5, 6]], axis, reverse=...) */
static void sums_run_from_either_end(void **state)
{
    static const float x[] = {1, 2, 3, 4, 5, 6}, right[] = {1, 3, 6, 4, 9, 15};
    static const float up[] = {5, 7, 9, 4, 5, 6};
    golden             t;
    kt_node           *in;

    (void)state;
    golden_start(&t);
    in = golden_values(&t, KT_SHAPE(2, 3), x);
    CHECK(&t, kt_cumsum(t.g, in, 1, false), right);
    CHECK(&t, kt_cumsum(t.g, in, 0, true), up);
    golden_end(&t);
}

/* keras.ops.cumsum counts booleans: the sums are int32. */
static void cumsum_counts_booleans(void **state)
{
    static const float values[] = {3, -1, 2, 5}, sums[] = {1, 1, 2, 3};
    golden             t;
    kt_node           *in, *y;

    (void)state;
    golden_start(&t);
    in = golden_values(&t, KT_SHAPE(4), values);
    y = kt_cumsum(t.g, kt_binary(t.g, KT_BI_GREATER, in, kt_scalar_as(t.g, 0, KT_F32)), 0, false);
    assert_int_equal(y->dtype, KT_I32);
    CHECK(&t, y, sums);
    golden_end(&t);
}

static void random_numbers_are_those_of_tensorflow(void **state)
{
    static const int seed[] = {12, 34567};
    kt_random_attr   a = {KT_RA_UNIFORM, KT_F32, -2, 3, KT_SHAPE(7)};
    golden           t;
    kt_node         *in;

    (void)state;
    golden_start(&t);
    in = golden_integers(&t, KT_I64, KT_SHAPE(2), seed);
    CHECK(&t, kt_random(t.g, in, &a), uniform);
    a.fn = KT_RA_NORMAL;
    a.a = 1;
    a.b = 0.5;
    CHECK(&t, kt_random(t.g, in, &a), normal);
    a.fn = KT_RA_TRUNCATED;
    a.a = 0;
    a.b = 2;
    CHECK(&t, kt_random(t.g, in, &a), truncated);
    golden_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cumsum_counts_booleans),
        cmocka_unit_test(equals_keep_their_order),
        cmocka_unit_test(nan_comes_last),
        cmocka_unit_test(the_first_of_equals_is_the_largest),
        cmocka_unit_test(numbers_below_zero_count_from_the_end),
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(sums_run_from_either_end),
        cmocka_unit_test(random_numbers_are_those_of_tensorflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
