/* test_cpu_joined.c - the loops of KT_JOINED_LIST on numbers at the ends of float32, where
 * shortcuts fail. Sizes and random numbers are the table test's (tests/table/test_ops.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <float.h>
#include <math.h>

#include "backend/cpu/isa.h"

/* Some lanes of a vector are ordinary, so that each extreme meets both ways through the loop. */
static const float squares[] = {0,       1e-45F, 1e-40F,   1e-36F,  FLT_MIN, 1e-20F,
                                1e-7F,   1,      3e9F,     9.9e29F, 1e30F,   3e38F,
                                FLT_MAX, 0.25F,  INFINITY, NAN,     -1e-3F};
static const float epsilons[] = {0, 1e-38F, 1e-12F, 1e-10F, 1e-7F, 1, 1e29F, 2e30F};

static void check(float y, double x, double z, double v, double a, double b)
{
    double want = x - z * a / (sqrt(v) + b);

    if (isnan(want) || isinf((float)want)) {
        assert_true(isnan(want) ? isnan(y) : y == (float)want);
        return;
    }
    if (!(fabs(y - want) <= 4e-7 * (fabs(want) + fabs(x))))
        fail_msg("x %g z %g v %g a %g b %g: %.9g, should be %.9g", x, z, v, a, b, (double)y, want);
}

static void check_block(const float *v, int n, float b)
{
    float x[KT_COUNT(squares)], z[KT_COUNT(squares)], y[KT_COUNT(squares)];
    float a_copies[KT_SPREAD], b_copies[KT_SPREAD];

    for (int i = 0; i < KT_SPREAD; i++) {
        a_copies[i] = 0.5F;
        b_copies[i] = b;
    }
    for (int i = 0; i < n; i++) {
        x[i] = (float)i;
        z[i] = (float)(i % 3) - 1;
    }
    kt_isa()->joined[KT_JO_STEP_OVER_ROOT](n, (const float *[]){x, z, v, a_copies, b_copies}, y);
    for (int i = 0; i < n; i++)
        check(y[i], x[i], z[i], v[i], 0.5, b);
}

static void extremes(void **state)
{
    (void)state;
    for (size_t e = 0; e < KT_COUNT(epsilons); e++) {
        check_block(squares, (int)KT_COUNT(squares), epsilons[e]);
        for (size_t i = 0; i < KT_COUNT(squares); i++) { /* alone, and a vector of it */
            float same[KT_SPREAD];
            for (int k = 0; k < KT_SPREAD; k++)
                same[k] = squares[i];
            check_block(same, 1, epsilons[e]);
            check_block(same, KT_SPREAD, epsilons[e]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(extremes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
