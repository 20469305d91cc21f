/* test_codec_idx.c - the MNIST files' format, plain and in gzip. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "codec/codec.h"
#include "support/damage.h"

/* [2, 2] floats: 1, 2, 3, -0.5 */
static const uint8_t floats[] = {0, 0, 13,   2, 0, 0, 0,    2,    0, 0, 0,    2, 0x3F, 0x80,
                                 0, 0, 0x40, 0, 0, 0, 0x40, 0x40, 0, 0, 0xBF, 0, 0,    0};

/* "abc" in one gzip member. */
static const uint8_t abc[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0x4c,
    0x4a, 0x06, 0x00, 0xc2, 0x41, 0x24, 0x35, 0x03, 0x00, 0x00, 0x00,
};

/* Labels 0 to 3 as IDX, in gzip. */
static const uint8_t labels[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0xe0, 0x60, 0x64, 0x60,
    0x60, 0x60, 0x61, 0x60, 0x64, 0x62, 0x06, 0x00, 0x17, 0x6d, 0x04, 0x20, 0x0c, 0x00, 0x00, 0x00,
};

static void assert_refused(const uint8_t *data, size_t size, const char *part)
{
    kt_fault f = {0};
    kt_array a;

    assert_int_equal(kt_idx_read("t.idx", data, size, &a, &f), KT_E_VALUE);
    if (!strstr(f.e.message, part) || !strstr(f.e.message, "t.idx"))
        fail_msg("'%s' does not say '%s'", f.e.message, part);
    kt_fault_clear(&f);
}

static void plain(void **state)
{
    static const float want[] = {1, 2, 3, -0.5f};
    kt_fault           f = {0};
    kt_array           a;

    (void)state;
    assert_int_equal(kt_idx_read("t.idx", floats, sizeof floats, &a, &f), KT_OK);
    assert_int_equal(a.type, 'f');
    assert_int_equal(a.item, 4);
    assert_int_equal(a.rank, 2);
    assert_int_equal(a.dim[0], 2);
    assert_memory_equal(a.data, want, sizeof want);
    kt_array_free(&a);
}

static void mistakes_are_named(void **state)
{
    static const uint8_t huge[] = {0,   0,   8,   3,   255, 255, 255, 255, 255,
                                   255, 255, 255, 255, 255, 255, 255, 1};

    (void)state;
    assert_refused((const uint8_t *)"", 0, "IDX");
    assert_refused((const uint8_t *)"PK\3\4", 4, "IDX");
    assert_refused((const uint8_t *)"\0\0\x0A\1", 4, "IDX");
    assert_refused((const uint8_t *)"\0\0\x08\x09", 4, "9 axes");
    assert_refused((const uint8_t *)"\0\0\x08\1\0\0", 6, "header");
    assert_refused(huge, sizeof huge, "shape");
}

static kt_status read_idx(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_array  a;
    kt_status s = kt_idx_read("damaged", data, size, &a, f);

    kt_array_free(&a);
    return s;
}

static void damage(void **state)
{
    (void)state;
    assert_int_equal(damage_cut(read_idx, floats, sizeof floats), -1);
    assert_in_range(damage_flip(read_idx, floats, sizeof floats, 8), 16 * 8,
                    8 * (long)sizeof floats - 60);
    assert_int_equal(damage_memory(read_idx, floats, sizeof floats), 1);
}

static void packed(void **state)
{
    kt_fault f = {0};
    kt_array a;

    (void)state;
    assert_int_equal(kt_idx_read("t.gz", labels, sizeof labels, &a, &f), KT_OK);
    assert_int_equal(a.rank, 1);
    assert_memory_equal(a.data, "\0\1\2\3", 4);
    kt_array_free(&a);
    assert_int_equal(damage_cut(read_idx, labels, sizeof labels), -1);
    assert_in_range(damage_flip(read_idx, labels, sizeof labels, 8), 1, 100);
    assert_in_range(damage_memory(read_idx, labels, sizeof labels), 2, 10);
}

static void members_are_joined(void **state)
{
    uint8_t  twice[2 * sizeof abc + 3] = {0}; /* zeros at the end are padding */
    kt_fault f = {0};
    kt_bytes b;

    (void)state;
    memcpy(twice, abc, sizeof abc);
    memcpy(twice + sizeof abc, abc, sizeof abc);
    assert_int_equal(kt_gunzip("t.gz", twice, sizeof twice, 6, &b, &f), KT_OK);
    assert_int_equal(b.size, 6);
    assert_memory_equal(b.data, "abcabc", 6);
    kt_bytes_free(&b);
    twice[2 * sizeof abc] = 'x';
    assert_int_equal(kt_gunzip("t.gz", twice, sizeof twice, 6, &b, &f), KT_E_VALUE);
    kt_fault_clear(&f);
}

static void the_limit_holds(void **state)
{
    kt_fault f = {0};
    kt_bytes b;

    (void)state;
    assert_int_equal(kt_gunzip("t.gz", abc, sizeof abc, 2, &b, &f), KT_E_VALUE);
    assert_string_equal(f.e.message, "'t.gz' holds more than the 2 bytes allowed");
    assert_null(b.data);
    kt_fault_clear(&f);
    assert_int_equal(kt_gunzip("t.gz", abc, sizeof abc, 3, &b, &f), KT_OK);
    kt_bytes_free(&b);
}

static void without_zlib(void **state)
{
    kt_fault f = {0};

    (void)state;
    assert_int_equal(read_idx(labels, sizeof labels, &f), KT_E_NOT_IMPLEMENTED);
    assert_non_null(strstr(f.e.message, "zlib"));
    kt_fault_clear(&f);
}

int main(void)
{
    const struct CMUnitTest always[] = {
        cmocka_unit_test(plain),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(damage),
    };
    const struct CMUnitTest with[] = {
        cmocka_unit_test(packed),
        cmocka_unit_test(members_are_joined),
        cmocka_unit_test(the_limit_holds),
    };
    const struct CMUnitTest without[] = {cmocka_unit_test(without_zlib)};

    int failed = cmocka_run_group_tests(always, NULL, NULL);
    return failed + (KERATIN_ZLIB ? cmocka_run_group_tests(with, NULL, NULL)
                                  : cmocka_run_group_tests(without, NULL, NULL));
}
