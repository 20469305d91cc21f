/* test_codec_image.c - images: damaged ones, formats that are not read, builds without a
 * library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "support/test_file.h"

/* The error must name the file. */
static kt_status reads(const void *data, size_t size, int channels)
{
    kt_pixels p;
    kt_fault  f = {0};
    kt_status s = kt_image_read("name.img", data, size, channels, &p, &f);

    if (s == KT_OK)
        assert_int_equal(p.channels, channels);
    else
        assert_non_null(strstr(f.e.message, "name.img"));
    kt_pixels_free(&p);
    kt_fault_clear(&f);
    return s;
}

/* Cut anywhere it is refused; with any byte changed it is read or refused. */
static void damage(const char *name)
{
    kt_bytes b = test_file(name);

    assert_int_equal(reads(b.data, b.size, 3), KT_OK);
    for (size_t n = 0; n < b.size; n++) {
        uint8_t *part = malloc(n + 1); /* so that a sanitizer sees its end */
        assert_non_null(part);
        memcpy(part, b.data, n);
        assert_int_equal(reads(part, n, 3), KT_E_VALUE);
        free(part);
        for (int bit = 0; bit < 8; bit += 3) {
            b.data[n] ^= (uint8_t)(1 << bit);
            reads(b.data, b.size, 1);
            reads(b.data, b.size, 3);
            reads(b.data, b.size, 4);
            b.data[n] ^= (uint8_t)(1 << bit);
        }
    }
    kt_bytes_free(&b);
}

static void png(void **state)
{
    (void)state;
    damage("goldens/images/png/color/more/palette.png");
    damage("goldens/images/png/grey/deep.png");
}

static void jpeg(void **state)
{
    (void)state;
    damage("goldens/images/jpeg/b/grey.jpg");
    damage("goldens/images/jpeg/a/named.png");
    assert_int_equal(reads("\xff\xd8\xff", 3, 4), KT_E_VALUE);
}

static void says(const uint8_t *data, size_t size, const char *words)
{
    kt_pixels p;
    kt_fault  f = {0};

    assert_int_equal(kt_image_read("name.img", data, size, 1, &p, &f), KT_E_VALUE);
    if (!strstr(f.e.message, words))
        fail_msg("'%s' is not said: %s", words, f.e.message);
    kt_fault_clear(&f);
}

/* 10,000 rows and columns, and no byte for them. */
static void too_short(void **state)
{
    static const uint8_t file[] = {
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44,
        0x52, 0x00, 0x00, 0x27, 0x10, 0x00, 0x00, 0x27, 0x10, 0x08, 0x02, 0x00, 0x00, 0x00, 0x35,
        0x2c, 0xf5, 0x70, 0x00, 0x00, 0x00, 0x00, 0x49, 0x44, 0x41, 0x54, 0x35, 0xaf, 0x06, 0x1e};

    (void)state;
    says(file, sizeof file, "too short for its size");
}

/* 65,280 rows and columns. */
static void too_large(void **state)
{
    static const uint8_t file[] = {0xff, 0xd8, 0xff, 0xc0, 0x00, 0x0b, 0x08, 0xff, 0x00,
                                   0xff, 0x00, 0x01, 0x01, 0x11, 0x00, 0xff, 0xda, 0x00,
                                   0x08, 0x01, 0x01, 0x00, 0x00, 0x3f, 0x00};

    (void)state;
    says(file, sizeof file, "65280 x 65280 pixels: at most");
}

static void not_read(void **state)
{
    (void)state;
    assert_int_equal(reads("GIF89a", 6, 3), KT_E_NOT_IMPLEMENTED);
    assert_int_equal(reads("BM123", 5, 3), KT_E_NOT_IMPLEMENTED);
    assert_int_equal(reads("junk", 4, 3), KT_E_VALUE);
    assert_int_equal(reads("", 0, 3), KT_E_VALUE);
}

static void without_libraries(void **state)
{
    (void)state;
    if (!KERATIN_PNG)
        assert_int_equal(reads("\x89PNG\r\n\x1a\n", 8, 3), KT_E_NOT_IMPLEMENTED);
    if (!KERATIN_JPEG)
        assert_int_equal(reads("\xff\xd8\xff\xe0", 4, 3), KT_E_NOT_IMPLEMENTED);
}

int main(void)
{
    const struct CMUnitTest always[] = {cmocka_unit_test(not_read),
                                        cmocka_unit_test(without_libraries)};
    const struct CMUnitTest with_png[] = {cmocka_unit_test(png), cmocka_unit_test(too_short)};
    const struct CMUnitTest with_jpeg[] = {cmocka_unit_test(jpeg), cmocka_unit_test(too_large)};

    int failed = cmocka_run_group_tests(always, NULL, NULL);
    failed += KERATIN_PNG ? cmocka_run_group_tests(with_png, NULL, NULL) : 0;
    return failed + (KERATIN_JPEG ? cmocka_run_group_tests(with_jpeg, NULL, NULL) : 0);
}
