/* test_tensor_print.c - tensors print as NumPy 2.4 prints them; the expected texts are its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "tensor/tensor.h"

static const struct {
    kt_dtype    dtype;
    kt_shape    shape;
    double      value[32];
    const char *text;
} cases[] = {
    {KT_F32,
     {2, {2, 3}},
     {0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
     "[[0. 0. 0.]\n"
     " [0. 0. 0.]]"},
    {KT_F32,
     {1, {2}},
     {0x1.99999a0000000p-4, 0x1.6fee0c0000000p+33},
     "[1.0000000e-01 1.2345678e+10]"},
    {KT_F32,
     {1, {2}},
     {0x1.99999a0000000p-4, 0x1.b7ce080000000p-34},
     "[1.00000001e-01 1.00000036e-10]"},
    {KT_F32,
     {1, {2}},
     {0x1.0000000000000p+24, 0x1.a666660000000p+1},
     "[1.6777216e+07 3.3000000e+00]"},
    {KT_F32, {1, {2}}, {999999.0, 1.0}, "[9.99999e+05 1.00000e+00]"},
    {KT_F32, {1, {2}}, {1000.0, 1.0}, "[1000.    1.]"},
    {KT_F32, {1, {2}}, {0x1.f40ccc0000000p+9, 1.0}, "[1.0001e+03 1.0000e+00]"},
    {KT_F32, {1, {2}}, {0x1.a36e2e0000000p-14, 0x1.0624de0000000p-10}, "[0.0001 0.001 ]"},
    {KT_F64, {1, {2}}, {0x1.a36e2eb1c432dp-14, 0x1.0624dd2f1a9fcp-10}, "[0.0001 0.001 ]"},
    {KT_F64, {1, {2}}, {0x1.7d783fc000000p+26, 100000.0}, "[99999999.   100000.]"},
    {KT_F64,
     {1, {2}},
     {0x1.d6f3454000000p+26, 0x1.8000000000000p+0},
     "[1.23456789e+08 1.50000000e+00]"},
    {KT_F64,
     {1, {2}},
     {0x1.0000000000000p-44, 0x1.8000000000000p+0},
     "[5.68434189e-14 1.50000000e+00]"},
    {KT_F64, {1, {1}}, {0x1.fffffffff627ap-972}, "[5.0104209e-293]"},
    {KT_F64, {1, {2}}, {0x1.0000000000001p+0, 0x1.fffffffbb47d0p+0}, "[1. 2.]"},
    {KT_F64, {1, {2}}, {0x1.7e43c8800759cp+996, -0x1.56e1fc2f8f359p-997}, "[ 1.e+300 -1.e-300]"},
    {KT_F64,
     {2, {2, 2}},
     {NAN, 0x1.8000000000000p+0, -INFINITY, -0.0},
     "[[ nan  1.5]\n"
     " [-inf -0. ]]"},
    {KT_F64, {1, {2}}, {NAN, INFINITY}, "[nan inf]"},
    {KT_F32, {1, {2}}, {1.0, -INFINITY}, "[  1. -inf]"},
    {KT_F32,
     {3, {2, 1, 7}},
     {0x1.1a022e0000000p-1, 0x1.6a925a0000000p-1, 0x1.29e2ee0000000p-2, 0x1.058b320000000p-1,
      0x1.c930580000000p-1, 0x1.cae6ee0000000p-1, 0x1.0132e00000000p-3, 0x1.a86ef40000000p-3,
      0x1.a59e8c0000000p-5, 0x1.c363a80000000p-2, 0x1.e97dea0000000p-6, 0x1.d3cc160000000p-2,
      0x1.4c5c9c0000000p-1, 0x1.1d2bc60000000p-2},
     "[[[0.5507979  0.7081478  0.29090473 0.5108276  0.89294696 0.8962931\n"
     "   0.12558532]]\n"
     "\n"
     " [[0.20724288 0.0514672  0.44080985 0.02987621 0.4568332  0.64914405\n"
     "   0.2784873 ]]]"},
    {KT_F64,
     {2, {3, 2}},
     {0x1.c33c1e514feadp-1, 0x1.b5a6948e830e8p+0, 0x1.99e0271b2e20cp-5, -0x1.9e63c1949008fp-2,
      -0x1.17396b4725f7dp-1, -0x1.8be5eff66f49dp+0},
     "[[ 0.88131804  1.70957306]\n"
     " [ 0.05003364 -0.40467741]\n"
     " [-0.54535995 -1.54647732]]"},
    {KT_F32,
     {1, {12}},
     {-1.0, -0x1.a2e8ba0000000p-1, -0x1.45d1740000000p-1, -0x1.d1745e0000000p-2,
      -0x1.1745d20000000p-2, -0x1.745d180000000p-4, 0x1.745d180000000p-4, 0x1.1745d20000000p-2,
      0x1.d1745e0000000p-2, 0x1.45d1740000000p-1, 0x1.a2e8ba0000000p-1, 1.0},
     "[-1.         -0.8181818  -0.6363636  -0.45454547 -0.27272728 -0.09090909\n"
     "  0.09090909  0.27272728  0.45454547  0.6363636   0.8181818   1.        ]"},
    {KT_I32,
     {1, {30}},
     {-3, -2, -1, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
      12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26},
     "[-3 -2 -1  0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20\n"
     " 21 22 23 24 25 26]"},
    {KT_U8,
     {2, {2, 2}},
     {1, 200, 30, 4},
     "[[  1 200]\n"
     " [ 30   4]]"},
    {KT_BOOLEAN, {2, {1, 2}}, {1, 0}, "[[ True False]]"},
    {KT_F32, {2, {0, 3}}, {0}, "[]"},
    {KT_F32, {0, {0}}, {0x1.99999a0000000p-4}, "0.1"},
    {KT_F32, {0, {0}}, {0x1.0000000000000p+24}, "1.6777216e+07"},
    {KT_F64, {0, {0}}, {0x1.0000000000000p+24}, "16777216.0"},
    {KT_F64, {0, {0}}, {0x1.1c37937e08000p+53}, "1e+16"},
    {KT_F64, {0, {0}}, {-0x1.0c6f7a0b5ed8dp-23}, "-1.25e-07"},
    {KT_F64, {0, {0}}, {NAN}, "nan"},
    {KT_I64, {0, {0}}, {-5}, "-5"},
    {KT_BOOLEAN, {0, {0}}, {1}, "True"},
};

static void check_text(const kt_tensor *t, const char *expected)
{
    kt_str text = {0};
    kt_tensor_print(&text, t);
    assert_string_equal(kt_str_text(&text), expected);
    kt_str_free(&text);
}

static void small_arrays_print_as_numpy_does(void **state)
{
    (void)state;
    for (size_t k = 0; k < KT_COUNT(cases); k++) {
        kt_tensor *t = kt_tensor_new(cases[k].dtype, cases[k].shape);
        assert_non_null(t);
        for (int64_t i = 0; i < t->count; i++)
            kt_tensor_set(t, i, cases[k].value[i]);
        check_text(t, cases[k].text);
        kt_tensor_unref(t);
    }
}

static void integers_beyond_doubles_keep_their_digits(void **state)
{
    (void)state;
    const int64_t v[] = {9007199254740993, -7};
    kt_tensor    *t = kt_tensor_from(v, KT_I64, KT_SHAPE(2));
    check_text(t, "[9007199254740993               -7]");
    kt_tensor_unref(t);
}

static kt_tensor *counting(kt_dtype dtype, kt_shape shape)
{
    kt_tensor *t = kt_tensor_new(dtype, shape);
    assert_non_null(t);
    for (int64_t i = 0; i < t->count; i++)
        kt_tensor_set(t, i, (double)i);
    return t;
}

static void thousand_elements_print_whole(void **state)
{
    (void)state;
    kt_str     text = {0};
    kt_tensor *t = counting(KT_I32, KT_SHAPE(1000));
    kt_tensor_print(&text, t);
    assert_null(strstr(text.data, "..."));
    assert_non_null(strstr(text.data, "\n 990 991 992"));
    kt_str_free(&text);
    kt_tensor_unref(t);
}

static void more_than_thousand_show_the_edges(void **state)
{
    (void)state;
    kt_tensor *t = counting(KT_F32, KT_SHAPE(1001));
    check_text(t, "[   0.    1.    2. ...  998.  999. 1000.]");
    kt_tensor_unref(t);
    t = counting(KT_F32, KT_SHAPE(2, 7, 80));
    check_text(t, "[[[0.000e+00 1.000e+00 2.000e+00 ... 7.700e+01 7.800e+01 7.900e+01]\n"
                  "  [8.000e+01 8.100e+01 8.200e+01 ... 1.570e+02 1.580e+02 1.590e+02]\n"
                  "  [1.600e+02 1.610e+02 1.620e+02 ... 2.370e+02 2.380e+02 2.390e+02]\n"
                  "  ...\n"
                  "  [3.200e+02 3.210e+02 3.220e+02 ... 3.970e+02 3.980e+02 3.990e+02]\n"
                  "  [4.000e+02 4.010e+02 4.020e+02 ... 4.770e+02 4.780e+02 4.790e+02]\n"
                  "  [4.800e+02 4.810e+02 4.820e+02 ... 5.570e+02 5.580e+02 5.590e+02]]\n"
                  "\n"
                  " [[5.600e+02 5.610e+02 5.620e+02 ... 6.370e+02 6.380e+02 6.390e+02]\n"
                  "  [6.400e+02 6.410e+02 6.420e+02 ... 7.170e+02 7.180e+02 7.190e+02]\n"
                  "  [7.200e+02 7.210e+02 7.220e+02 ... 7.970e+02 7.980e+02 7.990e+02]\n"
                  "  ...\n"
                  "  [8.800e+02 8.810e+02 8.820e+02 ... 9.570e+02 9.580e+02 9.590e+02]\n"
                  "  [9.600e+02 9.610e+02 9.620e+02 ... 1.037e+03 1.038e+03 1.039e+03]\n"
                  "  [1.040e+03 1.041e+03 1.042e+03 ... 1.117e+03 1.118e+03 1.119e+03]]]");
    kt_tensor_unref(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_arrays_print_as_numpy_does),
        cmocka_unit_test(integers_beyond_doubles_keep_their_digits),
        cmocka_unit_test(thousand_elements_print_whole),
        cmocka_unit_test(more_than_thousand_show_the_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
