/* test_ops_window.c - convolution and pooling: pads, strides, dilation, groups and ties as Keras
 * has them, and TensorFlow's words where sizes do not fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "goldens/op_window.h"
#include "support/op_golden.h"

static void check_conv(kt_shape x, kt_shape kernel, kt_window_attr a, golden *t, kt_node **y,
                       kt_node **grad)
{
    golden_start(t);
    golden_input(t, x, 0, 1);
    golden_input(t, kernel, 1, 1);
    *y = kt_conv(t->g, t->input[0], t->input[1], &a);
    golden_gradients(t, 1, y, grad);
}

#define CONV(name, x, kernel, ...)                                          \
    do {                                                                    \
        golden   t;                                                         \
        kt_node *y, *grad[GOLDEN_INPUTS];                                   \
        check_conv(x, kernel, (kt_window_attr){__VA_ARGS__}, &t, &y, grad); \
        CHECK(&t, y, conv_##name##_y);                                      \
        CHECK(&t, grad[0], conv_##name##_dx);                               \
        CHECK(&t, grad[1], conv_##name##_dkernel);                          \
        golden_end(&t);                                                     \
    } while (0)

static void convolutions(void **state)
{
    (void)state;
    CONV(1d_same, KT_SHAPE(2, 5, 3), KT_SHAPE(3, 3, 2), .spatial = 1, .stride = {2}, .same = true);
    CONV(2d_same, KT_SHAPE(1, 5, 4, 2), KT_SHAPE(3, 2, 2, 3), .spatial = 2, .stride = {2, 3},
         .same = true);
    CONV(2d_valid, KT_SHAPE(1, 5, 4, 2), KT_SHAPE(3, 2, 2, 3), .spatial = 2, .stride = {2, 1});
    CONV(2d_dilated, KT_SHAPE(1, 6, 6, 1), KT_SHAPE(3, 2, 1, 2), .spatial = 2, .dilation = {2, 3},
         .same = true);
    CONV(2d_groups, KT_SHAPE(1, 3, 3, 4), KT_SHAPE(2, 2, 2, 4), .spatial = 2, .same = true,
         .groups = 2);
    CONV(3d_same, KT_SHAPE(1, 3, 4, 3, 1), KT_SHAPE(2, 3, 2, 1, 2), .spatial = 3,
         .stride = {1, 2, 2}, .same = true);
}

/* A transposed convolution is the gradient of a convolution, for an input of the wanted size. */
static void transposed_convolutions(void **state)
{
    kt_window_attr a = {.spatial = 2, .stride = {2, 2}, .same = true};
    golden         t;

    (void)state;
    golden_start(&t);
    golden_input(&t, KT_SHAPE(1, 3, 2, 3), 0, 1);
    golden_input(&t, KT_SHAPE(3, 2, 2, 3), 1, 1);
    a.like = KT_SHAPE(1, 6, 4, 2);
    CHECK(&t, kt_conv_grad_input(t.g, t.input[1], t.input[0], &a), transpose_same_y);
    a.same = false;
    a.like = KT_SHAPE(1, 7, 4, 2);
    CHECK(&t, kt_conv_grad_input(t.g, t.input[1], t.input[0], &a), transpose_valid_y);
    golden_end(&t);
}

#define POOL(name, x, ...)                               \
    do {                                                 \
        kt_window_attr a = {__VA_ARGS__};                \
        golden         t;                                \
        kt_node       *y, *grad[GOLDEN_INPUTS];          \
        golden_start(&t);                                \
        y = kt_pool(t.g, golden_input(&t, x, 0, 1), &a); \
        golden_gradients(&t, 1, &y, grad);               \
        CHECK(&t, y, pool_##name##_y);                   \
        CHECK(&t, grad[0], pool_##name##_dx);            \
        golden_end(&t);                                  \
    } while (0)

static void pools(void **state)
{
    (void)state;
    POOL(max_same, KT_SHAPE(1, 5, 4, 2), .spatial = 2, .window = {3, 3}, .stride = {2, 2},
         .same = true, .max = true);
    POOL(max_valid, KT_SHAPE(1, 5, 4, 2), .spatial = 2, .window = {2, 2}, .max = true);
    POOL(average_same, KT_SHAPE(1, 5, 4, 2), .spatial = 2, .window = {3, 3}, .stride = {2, 2},
         .same = true);
    POOL(average_valid, KT_SHAPE(1, 5, 6, 1), .spatial = 2, .window = {2, 2}, .stride = {2, 2});
    POOL(average_1d, KT_SHAPE(2, 5, 2), .spatial = 1, .window = {3}, .same = true);
}

static void the_first_of_equal_maxima_gets_the_gradient(void **state)
{
    static const float ties[] = {1, 1, 2, 2, 2, 1, 1};
    kt_window_attr     a = {.spatial = 1, .window = {3}, .stride = {2}, .same = true, .max = true};
    golden             t;
    kt_node           *y, *grad[GOLDEN_INPUTS];

    (void)state;
    golden_start(&t);
    y = kt_pool(t.g, golden_values(&t, KT_SHAPE(1, 7, 1), ties), &a);
    golden_gradients(&t, 1, &y, grad);
    CHECK(&t, y, pool_ties_y);
    CHECK(&t, grad[0], pool_ties_dx);
    golden_end(&t);
}

static void unknown_sizes_stay_unknown(void **state)
{
    kt_window_attr a = {.spatial = 2, .stride = {2, 2}, .same = true};
    golden         t;
    kt_node       *x, *kernel, *y;

    (void)state;
    golden_start(&t);
    x = kt_placeholder(t.g, "x", KT_F32, KT_SHAPE(KT_UNKNOWN, KT_UNKNOWN, 5, 2));
    kernel = golden_input(&t, KT_SHAPE(3, 3, 2, 4), 0, 1);
    y = kt_conv(t.g, x, kernel, &a);
    assert_true(kt_shape_equal(&y->shape, &KT_SHAPE(KT_UNKNOWN, KT_UNKNOWN, 3, 4)));
    assert_int_equal(y->origin[0].kind, KT_FROM_AXIS);
    assert_int_equal(y->origin[2].kind, KT_FROM_WINDOW);
    assert_int_equal(y->origin[3].input, 1);
    golden_end(&t);
}

static void expect_conv_error(kt_shape x, kt_shape kernel, const char *message)
{
    kt_window_attr a = {.spatial = 2};
    golden         t;

    golden_start(&t);
    golden_input(&t, x, 0, 1);
    golden_input(&t, kernel, 1, 1);
    assert_ptr_equal(kt_conv(t.g, t.input[0], t.input[1], &a), t.g->poison);
    assert_int_equal(t.fault.e.status, KT_E_INVALID_ARGUMENT);
    assert_string_equal(t.fault.e.message, message);
    golden_end(&t);
}

#define TF_CONV \
    "{{function_node __wrapped__Conv2D_device_/job:localhost/replica:0/task:0/device:CPU:0}} "

/* tf.nn.conv2d(x, kernel, 1, "VALID") */
static void errors_are_those_of_tensorflow(void **state)
{
    (void)state;
    expect_conv_error(KT_SHAPE(2, 3, 4, 3), KT_SHAPE(3, 3, 2, 4),
                      TF_CONV "input depth must be evenly divisible by filter depth: 3 vs 2 "
                              "[Op:Conv2D]");
    expect_conv_error(KT_SHAPE(2, 3, 4, 3), KT_SHAPE(5, 3, 3, 4),
                      TF_CONV "Computed output size would be negative: -1 [input_size: 3, "
                              "effective_filter_size: 5, stride: 1] [Op:Conv2D] name: ");
    expect_conv_error(KT_SHAPE(3, 4, 3), KT_SHAPE(3, 3, 3, 4),
                      TF_CONV
                      "convolution input must be 4-dimensional: [3,4,3] [Op:Conv2D] name: ");
}

/* Sums of such sizes would overflow. */
static void absurd_sizes_are_refused(void **state)
{
    kt_window_attr a = {.spatial = 1, .dilation = {INT64_MAX}};
    golden         t;

    (void)state;
    golden_start(&t);
    golden_input(&t, KT_SHAPE(1, 9, 1), 0, 1);
    golden_input(&t, KT_SHAPE(3, 1, 1), 1, 1);
    assert_ptr_equal(kt_conv(t.g, t.input[0], t.input[1], &a), t.g->poison);
    assert_int_equal(t.fault.e.status, KT_E_INVALID_ARGUMENT);
    golden_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolutions),
        cmocka_unit_test(transposed_convolutions),
        cmocka_unit_test(pools),
        cmocka_unit_test(the_first_of_equal_maxima_gets_the_gradient),
        cmocka_unit_test(unknown_sizes_stay_unknown),
        cmocka_unit_test(errors_are_those_of_tensorflow),
        cmocka_unit_test(absurd_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
