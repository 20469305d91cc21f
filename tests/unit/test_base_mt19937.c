/* test_base_mt19937.c - the numbers of numpy.random.RandomState and of Python's random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "base/base.h"

/* python3 -c "import numpy as np; R = np.random.RandomState(s); print(R.rand(4), R.randn(5),
 * R.rand())" */
static const struct {
    uint32_t seed;
    double   rand[4], randn[5], after;
} numpy_floats[] = {
    {0,
     {0.5488135039273248, 0.7151893663724195, 0.6027633760716439, 0.5448831829968969},
     {1.8675579901499675, -0.977277879876411, 0.9500884175255894, -0.1513572082976979,
      -0.10321885179355784},
     0.7917250380826646},
    {42,
     {0.3745401188473625, 0.9507143064099162, 0.7319939418114051, 0.5986584841970366},
     {-0.23415337472333597, -0.23413695694918055, 1.5792128155073915, 0.7674347291529088,
      -0.4694743859349521},
     0.18182496720710062},
};

static void floats_are_numpys(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(numpy_floats); i++) {
        kt_mt r;
        kt_mt_seed(&r, numpy_floats[i].seed);
        for (size_t j = 0; j < 4; j++) {
            assert_true(kt_mt_double(&r) == numpy_floats[i].rand[j]);
        }
        for (size_t j = 0; j < 5; j++) {
            double expected = numpy_floats[i].randn[j];
            assert_true(fabs(kt_mt_gauss(&r) - expected) <= 1e-15 * fabs(expected));
        }
        assert_true(kt_mt_double(&r) == numpy_floats[i].after);
    }
}

static void seeding_forgets_the_second_gauss(void **state)
{
    (void)state;
    kt_mt r;
    kt_mt_seed(&r, 42);
    double first = kt_mt_gauss(&r);
    kt_mt_seed(&r, 42);
    assert_true(kt_mt_gauss(&r) == first);
}

/* python3 -c "import numpy as np; print(np.random.RandomState(s).randint(lo, hi, size=5,
 * dtype=np.int64))" */
static const struct {
    uint32_t seed;
    int64_t  lo, hi, drawn[5];
} numpy_ints[] = {
    {0, 0, 10, {5, 0, 3, 3, 7}},
    {0, 0, 2, {0, 1, 1, 0, 1}},
    {0, 0, INT64_C(1) << 32, {2357136044, 2546248239, 3071714933, 3626093760, 2588848963}},
    {0,
     -(INT64_C(1) << 40),
     INT64_C(1) << 45,
     {10636885273135, 17684031264498, 27866918866316, 32265481325393, 28628740904852}},
    {0,
     INT64_MIN,
     INT64_MAX,
     {900450186894289455, 3969543146641149120, 1895649597198586619, 827948490035658087,
      -1408320422220276013}},
    {42, 0, 10, {6, 3, 7, 4, 6}},
    {42, 0, 2, {0, 1, 0, 0, 0}},
    {42, 7, 8, {7, 7, 7, 7, 7}},
};

static void ints_are_numpys(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(numpy_ints); i++) {
        kt_mt r;
        kt_mt_seed(&r, numpy_ints[i].seed);
        for (size_t j = 0; j < 5; j++) {
            int64_t drawn = kt_mt_randint(&r, numpy_ints[i].lo, numpy_ints[i].hi);
            assert_int_equal(drawn, numpy_ints[i].drawn[j]);
        }
    }
}

/* R = np.random.RandomState(42); R.rand(2000); R.randint(0, 1000, size=3): beyond the first 624
 * words. */
static void later_words_are_numpys(void **state)
{
    (void)state;
    kt_mt r;
    kt_mt_seed(&r, 42);
    for (int i = 0; i < 2000; i++) {
        kt_mt_double(&r);
    }
    assert_int_equal(kt_mt_randint(&r, 0, 1000), 219);
    assert_int_equal(kt_mt_randint(&r, 0, 1000), 902);
    assert_int_equal(kt_mt_randint(&r, 0, 1000), 162);
}

/* One number to choose from takes no word from the generator. */
static void a_sure_number_draws_nothing(void **state)
{
    (void)state;
    kt_mt r;
    kt_mt_seed(&r, 0);
    assert_int_equal(kt_mt_randint(&r, -3, -2), -3);
    assert_true(kt_mt_double(&r) == numpy_floats[0].rand[0]);
}

/* np.random.RandomState(s).permutation(10) */
static void permutations_are_numpys(void **state)
{
    (void)state;
    static const int64_t of_0[] = {2, 8, 4, 9, 1, 6, 7, 3, 0, 5};
    static const int64_t of_42[] = {8, 1, 5, 0, 7, 2, 9, 4, 3, 6};
    int64_t              drawn[10];
    kt_mt                r;
    kt_mt_seed(&r, 0);
    kt_mt_permutation(&r, 10, drawn);
    assert_memory_equal(drawn, of_0, sizeof drawn);
    kt_mt_seed(&r, 42);
    kt_mt_permutation(&r, 0, drawn);
    kt_mt_permutation(&r, 10, drawn);
    assert_memory_equal(drawn, of_42, sizeof drawn);
}

/* random.seed(s); [random.randint(1, 10**9) for _ in range(4)]; [random.randint(-3, 4) for _ in
 * range(6)]; random.randint(0, 2**63 - 1); random.randint(-2**63, 2**63 - 1); random.randint(5,
 * 5); random.random() */
static const struct {
    uint64_t seed;
    int64_t  seeds[4], small[6], large, any;
    double   after;
} python_ints[] = {
    {0,
     {906691060, 413654000, 813847340, 955892129},
     {3, -3, 1, 4, 3, 1},
     8791662011684601223,
     -4024381387931422438,
     0.6183689966753316},
    {42,
     {686579304, 119540832, 26855093, 796233791},
     {1, 0, 0, -1, -2, -2},
     7783083932390163561,
     -8673710308383856397,
     0.2326608933907396},
    {UINT64_C(1) << 32,
     {121326710, 377217776, 448640322, 17906119},
     {-3, 2, 4, -3, -1, -2},
     7990405110602684428,
     -3428174148268521011,
     0.4791413167669615},
    {UINT64_MAX,
     {23435168, 267123915, 363027089, 664379077},
     {0, 4, -2, 2, -3, 0},
     8917442887871811355,
     -3428715084214174618,
     0.7512150449512007},
};

static void ints_are_pythons(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(python_ints); i++) {
        kt_mt r;
        kt_mt_seed_python(&r, python_ints[i].seed);
        for (size_t j = 0; j < 4; j++) {
            assert_int_equal(kt_mt_randint_python(&r, 1, 1000000000), python_ints[i].seeds[j]);
        }
        for (size_t j = 0; j < 6; j++) {
            assert_int_equal(kt_mt_randint_python(&r, -3, 4), python_ints[i].small[j]);
        }
        assert_int_equal(kt_mt_randint_python(&r, 0, INT64_MAX), python_ints[i].large);
        assert_int_equal(kt_mt_randint_python(&r, INT64_MIN, INT64_MAX), python_ints[i].any);
        assert_int_equal(kt_mt_randint_python(&r, 5, 5), 5);
        assert_true(kt_mt_double(&r) == python_ints[i].after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_are_numpys),
        cmocka_unit_test(seeding_forgets_the_second_gauss),
        cmocka_unit_test(ints_are_numpys),
        cmocka_unit_test(later_words_are_numpys),
        cmocka_unit_test(a_sure_number_draws_nothing),
        cmocka_unit_test(permutations_are_numpys),
        cmocka_unit_test(ints_are_pythons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
