/* test_base_hash.c - hashes of bytes against TensorFlow's: tf.fingerprint is Fingerprint64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"

/* tf.fingerprint([bytes((7 * i + 3 * n) % 251 for i in range(n))]), little end first: a number for
 * each branch by length, and for both ends of it. */
static const struct {
    size_t   n;
    uint64_t hash;
} facts[] = {
    {0, UINT64_C(0x9ae16a3b2f90404f)},   {1, UINT64_C(0xbec09cc447469d8b)},
    {2, UINT64_C(0x554187464e2d62d6)},   {3, UINT64_C(0x55da579638c272ac)},
    {4, UINT64_C(0xf271f6c1458efbd1)},   {5, UINT64_C(0xed0c9578cb9f20c6)},
    {7, UINT64_C(0x8efa8e8a26ed17ad)},   {8, UINT64_C(0x4cc80ffcbc6da3cb)},
    {9, UINT64_C(0x4b7d2190c40c8af3)},   {12, UINT64_C(0x4be5c844f0eb4eaa)},
    {15, UINT64_C(0xfb639c7afd4cdaa1)},  {16, UINT64_C(0x599e816b03f6de32)},
    {17, UINT64_C(0x5d8f3764ff7088d7)},  {24, UINT64_C(0x678c2c8790767c59)},
    {31, UINT64_C(0x5734c71f8248c202)},  {32, UINT64_C(0xa5501805f8e7e0df)},
    {33, UINT64_C(0xa99e884e0064f5eb)},  {48, UINT64_C(0x8c5eeb9b8fd77ab5)},
    {63, UINT64_C(0x503dec4dacfbca1c)},  {64, UINT64_C(0x6cb1aef0c31f5af3)},
    {65, UINT64_C(0x86f6f933faef5126)},  {100, UINT64_C(0x52f870124661bc2a)},
    {127, UINT64_C(0xcd6a5dd755c80e72)}, {128, UINT64_C(0x788da57dc2d9333b)},
    {129, UINT64_C(0xd8b27cfa74dbce0c)}, {192, UINT64_C(0x44f3ea143e4f3313)},
    {193, UINT64_C(0x51a8cc2df4553f98)}, {255, UINT64_C(0x3b900d28fba76ca6)},
};

static void as_tensorflow(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof facts / sizeof *facts; k++) {
        uint8_t bytes[256];
        for (size_t i = 0; i < facts[k].n; i++)
            bytes[i] = (uint8_t)((7 * i + 3 * facts[k].n) % 251);
        if (kt_farmhash64(bytes, facts[k].n) != facts[k].hash)
            fail_msg("%zu bytes have another hash", facts[k].n);
    }
}

/* The published check value of CRC-32C, and RFC 3720's of 32 zeros. */
static void crc_of_records(void **state)
{
    static const uint8_t zeros[32];

    (void)state;
    assert_int_equal(kt_crc32c("123456789", 9), 0xe3069283);
    assert_int_equal(kt_crc32c(zeros, sizeof zeros), 0x8a9136aa);
    assert_int_equal(kt_crc32c("", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_tensorflow),
                                       cmocka_unit_test(crc_of_records)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
