/* damage.c - see damage.h. */
#include "support/damage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ALLOCATION_LIMIT 100000

/* In memory of exactly that size, so that the address sanitizer sees every read past the end. */
static bool accepts(damage_reader *read, const uint8_t *data, size_t size)
{
    kt_fault f = {0};
    uint8_t *copy = malloc(size > 0 ? size : 1);

    assert_non_null(copy);
    memcpy(copy, data, size);
    kt_status s = read(copy, size, &f);
    free(copy);
    assert_int_equal(s, f.e.status);
    if (s != KT_OK)
        assert_true(f.e.message && strlen(f.e.message) > 0);
    kt_fault_clear(&f);
    return s == KT_OK;
}

long damage_cut(damage_reader *read, const uint8_t *data, size_t size)
{
    long longest = -1;

    assert_true(accepts(read, data, size));
    for (size_t n = 0; n < size; n++)
        if (accepts(read, data, n))
            longest = (long)n;
    return longest;
}

long damage_flip(damage_reader *read, const uint8_t *data, size_t size, int per_byte)
{
    uint8_t *copy = malloc(size);
    long     accepted = 0;

    assert_non_null(copy);
    memcpy(copy, data, size);
    for (size_t i = 0; i < size; i++)
        for (int k = 0; k < per_byte; k++) {
            uint8_t bit = (uint8_t)(1u << ((i + (size_t)k * 8 / (size_t)per_byte) % 8));
            copy[i] ^= bit;
            accepted += accepts(read, copy, size);
            copy[i] ^= bit;
        }
    free(copy);
    return accepted;
}

long damage_memory(damage_reader *read, const uint8_t *data, size_t size)
{
    for (long n = 1; n < ALLOCATION_LIMIT; n++) {
        kt_fault f = {0};

        kt_alloc_fail_after(n);
        kt_status s = read(data, size, &f);
        kt_alloc_fail_after(0);
        kt_fault_clear(&f);
        if (s == KT_OK)
            return n - 1;
        assert_int_equal(s, KT_E_MEMORY);
    }
    fail_msg("more than %d allocations", ALLOCATION_LIMIT);
    return 0;
}
