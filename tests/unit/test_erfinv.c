/* test_erfinv.c - the inverse of erf, near 0, near 1 and at its ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "graph/attrs.h"

static void gives_back_what_erf_takes(void **state)
{
    (void)state;
    for (double x = -4; x <= 4; x += 0.125)
        if (!(fabs(kt_erfinv(erf(x)) - x) <= 1e-6 * (1 + fabs(x))))
            fail_msg("erfinv(erf(%g)) is %.17g", x, kt_erfinv(erf(x)));
    for (double v = 1e-300; v < 1e-3; v *= 1e6) /* erf(x) = 2 x / sqrt(pi) there */
        assert_true(fabs(kt_erfinv(v) / v - 0.88622692545275801) < 1e-6);
}

static void ends(void **state)
{
    (void)state;
    assert_true(kt_erfinv(1) == HUGE_VAL && kt_erfinv(-1) == -HUGE_VAL);
    assert_true(isnan(kt_erfinv(1.5)) && isnan(kt_erfinv(NAN)));
    assert_true(kt_erfinv(0) == 0 && signbit(kt_erfinv(-0.0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gives_back_what_erf_takes),
                                       cmocka_unit_test(ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
