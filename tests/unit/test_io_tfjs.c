/* test_io_tfjs.c - numbers of TensorFlow.js files that are kept with fewer bits: every one that two
 * bytes can hold, by its definition. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "io/tfjs.h"

enum { ALL = 65536 };

/* IEEE 754: the fraction counts steps of 2^-24 below the smallest exponent, above it 1.fraction
 * times 2^(exponent - 15); the last exponent has infinity and what is no number. */
static double half(unsigned h)
{
    int    exponent = (int)(h >> 10 & 31), fraction = (int)(h & 1023);
    double size = exponent == 0 ? ldexp(fraction, -24)
                : exponent < 31 ? ldexp(1024 + fraction, exponent - 25)
                : fraction == 0 ? (double)INFINITY
                                : (double)NAN;

    return h & 0x8000 ? -size : size;
}

static double scaled(unsigned h)
{
    return 0.25 * h - 100;
}

static void check_all(const char *dtype, double scale, double min, double (*want)(unsigned))
{
    static uint8_t bytes[2 * ALL];
    kt_arena       a = {0};
    kt_fault       f = {0};
    kt_array       out;
    kt_value      *w = kt_value_new(&a, KT_DICT), *q = kt_value_new(&a, KT_DICT);
    kt_value      *shape = kt_value_new(&a, KT_LIST);
    const uint8_t *at = bytes;
    size_t         left = sizeof bytes;

    for (unsigned i = 0; i < ALL; i++) {
        bytes[2 * i] = (uint8_t)i;
        bytes[2 * i + 1] = (uint8_t)(i >> 8);
    }
    kt_value_add(&a, shape, NULL, kt_value_int(&a, ALL));
    kt_value_add(&a, q, "dtype", kt_value_str(&a, dtype));
    kt_value_add(&a, q, "scale", kt_value_float(&a, scale));
    kt_value_add(&a, q, "min", kt_value_float(&a, min));
    kt_value_add(&a, w, "name", kt_value_str(&a, "w"));
    kt_value_add(&a, w, "shape", shape);
    kt_value_add(&a, w, "dtype", kt_value_str(&a, "float32"));
    kt_value_add(&a, w, "quantization", q);
    assert_int_equal(kt__tfjs_decode(w, &at, &left, "file", &out, &f), KT_OK);
    assert_int_equal(left, 0);
    assert_ptr_equal(at, bytes + sizeof bytes);
    for (unsigned i = 0; i < ALL; i++) {
        double x = ((const float *)out.data)[i], y = want(i);
        if (isnan(y) ? !isnan(x) : x != y || (signbit(x) != 0) != (signbit(y) != 0))
            fail_msg("%s %04x is %.9g, not %.9g", dtype, i, x, y);
    }
    kt_array_free(&out);
    kt_arena_free(&a);
}

static void halves(void **state)
{
    (void)state;
    check_all("float16", 1, 0, half);
}

static void steps_of_a_range(void **state)
{
    (void)state;
    check_all("uint16", 0.25, -100, scaled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(halves),
                                       cmocka_unit_test(steps_of_a_range)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
