/* test_base_value_repr.c - values and doubles as Python prints them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"
#include "support/damage.h"

static void check_double(double x, const char *expected)
{
    kt_str s = {0};
    kt_repr_double(&s, x);
    assert_string_equal(kt_str_text(&s), expected);
    kt_str_free(&s);
}

/* python3 -c "for x in (...): print(repr(x))" */
static const struct {
    double      x;
    const char *text;
} doubles[] = {
    {0.0, "0.0"},
    {-0.0, "-0.0"},
    {1.0, "1.0"},
    {-2.5, "-2.5"},
    {0.1, "0.1"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1e-3, "0.001"},
    {1e-4, "0.0001"},
    {1e-5, "1e-05"},
    {1e-7, "1e-07"},
    {1.5e-7, "1.5e-07"},
    {123456789.0, "123456789.0"},
    {1e15, "1000000000000000.0"},
    {1e16, "1e+16"},
    {1234567890123456.0, "1234567890123456.0"},
    {12345678901234567.0, "1.2345678901234568e+16"},
    {1e22, "1e+22"},
    {1e23, "1e+23"},
    {1e100, "1e+100"},
    {0x1p-1074, "5e-324"},
    {0x1p-1022, "2.2250738585072014e-308"},
    {0x0.fffffffffffffp-1022, "2.225073858507201e-308"},
    {0x1.fffffffffffffp+1023, "1.7976931348623157e+308"},
    {0x1p-44, "5.684341886080802e-14"}, /* nearest text of 16 digits ends in 1: another double */
    {0x1p53, "9007199254740992.0"},
    {0.001f, "0.0010000000474974513"},
    {3.141592653589793, "3.141592653589793"},
};

static const double powers_of_ten[] = {
    1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7,
    1e-6,  1e-5,  1e-4,  1e-3,  1e-2,  1e-1,  1e0,   1e1,   1e2,   1e3,   1e4,   1e5,  1e6,  1e7,
    1e8,   1e9,   1e10,  1e11,  1e12,  1e13,  1e14,  1e15,  1e16,  1e17,  1e18,  1e19};

/* A sum (FNV-1a) of repr(x) + "\n" of all, as Python has it. */
static uint32_t sum_of(uint32_t sum, double x)
{
    kt_str s = {0};

    kt_repr_double(&s, x);
    kt_str_addc(&s, '\n');
    damage_sum(&sum, kt_str_text(&s));
    kt_str_free(&s);
    return sum;
}

/* (2.0**k for k in range(-1074, 1024)); the doubles whose bits are i * 0x9E3779B97F4A7C15, which
 * are all over; (i / 1000 * 10.0**(i % 40 - 20)); i from 1 to 20000. */
static void doubles_are_those_of_python(void **state)
{
    uint32_t powers = DAMAGE_SUM, spread = powers, shorter = powers;

    (void)state;
    for (int k = -1074; k < 1024; k++)
        powers = sum_of(powers, ldexp(1, k));
    for (uint64_t i = 1; i <= 20000; i++) {
        uint64_t bits = i * UINT64_C(0x9E3779B97F4A7C15);
        double   x;
        memcpy(&x, &bits, sizeof x);
        if (isfinite(x))
            spread = sum_of(spread, x);
        shorter = sum_of(shorter, (double)i / 1000 * powers_of_ten[i % 40]);
    }
    assert_int_equal(powers, 0x4c62ba09);
    assert_int_equal(spread, 0xa0040a1c);
    assert_int_equal(shorter, 0x85aec6c9);
}

static void doubles_are_shortest(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(doubles); i++) {
        check_double(doubles[i].x, doubles[i].text);
    }
    check_double(NAN, "nan");
    check_double(INFINITY, "inf");
    check_double(-INFINITY, "-inf");
}

static void doubles_read_back(void **state)
{
    (void)state;
    uint64_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double x;
        memcpy(&x, &bits, sizeof x);
        if (isnan(x) || isinf(x)) {
            continue;
        }
        kt_str s = {0};
        kt_repr_double(&s, x);
        assert_true(strtod(kt_str_text(&s), NULL) == x);
        kt_str_free(&s);
    }
}

static void check_text(const char *text, const char *expected)
{
    kt_arena a = {0};
    kt_str   s = {0};
    kt_value_repr(&s, kt_value_str(&a, text));
    assert_string_equal(kt_str_text(&s), expected);
    kt_str_free(&s);
    kt_arena_free(&a);
}

static void texts_are_quoted(void **state)
{
    (void)state;
    check_text("relu", "'relu'");
    check_text("", "''");
    check_text("it's", "\"it's\"");
    check_text("it's \"it\"", "'it\\'s \"it\"'");
    check_text("a\\b\n\t\r\x01\x7f", "'a\\\\b\\n\\t\\r\\x01\\x7f'");
    check_text("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
               "'caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80'");
    check_text("\xc2\xa0\xc2\x85", "'\\xa0\\x85'");
    check_text("\xc0\xaf\xff\xe2\x82", "'\\xc0\\xaf\\xff\\xe2\\x82'"); /* not UTF-8 */
}

static void values_of_all_kinds(void **state)
{
    (void)state;
    kt_arena  a = {0};
    kt_str    s = {0};
    kt_value *one = kt_value_new(&a, KT_TUPLE);
    kt_value_add(&a, one, NULL, kt_value_int(&a, 3));
    kt_value *pair = kt_value_new(&a, KT_TUPLE);
    kt_value_add(&a, pair, NULL, kt_value_new(&a, KT_NONE));
    kt_value_add(&a, pair, NULL, kt_value_int(&a, INT64_MIN));
    kt_value *list = kt_value_new(&a, KT_LIST);
    kt_value_add(&a, list, NULL, kt_value_bool(&a, true));
    kt_value_add(&a, list, NULL, kt_value_bool(&a, false));
    kt_value_add(&a, list, NULL, kt_value_new(&a, KT_LIST));
    kt_value *dict = kt_value_new(&a, KT_DICT);
    kt_value_set(&a, dict, "a", kt_value_float(&a, 1e-7));
    kt_value_set(&a, dict, "b", kt_value_new(&a, KT_TUPLE));
    kt_value *call = kt_value_new(&a, KT_CALL);
    call->s = "Dense";
    kt_value_add(&a, call, NULL, one);
    kt_value_add(&a, call, "shape", pair);
    kt_value_add(&a, call, "on", list);
    kt_value_add(&a, call, "of", dict);
    kt_value_repr(&s, call);
    assert_string_equal(kt_str_text(&s),
                        "Dense((3,), shape=(None, -9223372036854775808), on=[True, False, []], "
                        "of={'a': 1e-07, 'b': ()})");
    kt_str_free(&s);
    kt_value_repr(&s, NULL);
    assert_string_equal(kt_str_text(&s), "None");
    kt_str_free(&s);
    kt_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_are_shortest), cmocka_unit_test(doubles_are_those_of_python),
        cmocka_unit_test(doubles_read_back),    cmocka_unit_test(texts_are_quoted),
        cmocka_unit_test(values_of_all_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
