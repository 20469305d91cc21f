/* test_base_memory.c - allocations, their failing on demand, and arenas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"

static bool all_zero(const void *p, size_t n)
{
    const unsigned char *at = p;
    size_t               i = 0;
    while (i < n && at[i] == 0) {
        i++;
    }
    return i == n;
}

static void alloc_is_zeroed_and_aligned(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 63, 64, 65, 1000, 1 << 20};
    for (size_t i = 0; i < KT_COUNT(sizes); i++) {
        void *p = kt_alloc(sizes[i]);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 64, 0);
        assert_true(all_zero(p, sizes[i]));
        memset(p, 0xA5, sizes[i]); /* so that a block used again would show */
        kt_free(p);
    }
}

static void pages_are_zeroed_and_aligned(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 4097, 1 << 20, (5 << 20) + 3};
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < KT_COUNT(sizes); i++) {
            void *block, *p = kt_alloc_pages(sizes[i], &block);
            assert_non_null(p);
            assert_int_equal((uintptr_t)p % 64, 0);
            assert_true(all_zero(p, sizes[i]));
            memset(p, 0xA5, sizes[i]); /* so that a block used again would show */
            kt_free(block);
        }
    void *block = state;
    kt_alloc_fail_after(1);
    assert_null(kt_alloc_pages(8, &block));
    assert_null(block);
    kt_alloc_fail_after(0);
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    assert_null(kt_alloc(SIZE_MAX));
    assert_null(kt_alloc(SIZE_MAX - 63));
    assert_null(kt_calloc(SIZE_MAX / 2, 3));
    assert_null(kt_calloc((size_t)1 << 32, (size_t)1 << 32));
    assert_null(kt_realloc(NULL, SIZE_MAX));
    void *block;
    assert_null(kt_alloc_pages(SIZE_MAX - 63, &block));
    assert_null(block);
    void *p = kt_calloc(0, 8);
    assert_non_null(p);
    kt_free(p);
}

static void realloc_keeps_what_was_there(void **state)
{
    (void)state;
    char *p = kt_alloc(4);
    assert_non_null(p);
    memcpy(p, "abc", 4);
    p = kt_realloc(p, 4096);
    assert_non_null(p);
    assert_string_equal(p, "abc");
    kt_alloc_fail_after(1);
    assert_null(kt_realloc(p, 8192));
    kt_alloc_fail_after(0);
    assert_string_equal(p, "abc");
    kt_free(p);
    kt_free(NULL);
}

static void strdup_copies(void **state)
{
    (void)state;
    const char *text = "relu";
    char       *copy = kt_strdup(text);
    assert_string_equal(copy, text);
    assert_ptr_not_equal(copy, text);
    kt_free(copy);
    assert_null(kt_strdup(NULL));
}

static void nth_allocation_fails_and_all_after(void **state)
{
    (void)state;
    int64_t before = kt_alloc_count();
    kt_alloc_fail_after(3);
    void *a = kt_alloc(8), *b = kt_calloc(2, 4);
    assert_non_null(a);
    assert_non_null(b);
    assert_null(kt_alloc(8));
    assert_null(kt_strdup("x"));
    assert_null(kt_realloc(NULL, 8));
    kt_alloc_fail_after(0);
    void *c = kt_alloc(8);
    assert_non_null(c);
    assert_int_equal(kt_alloc_count() - before, 6);
    kt_free(a);
    kt_free(b);
    kt_free(c);
}

static void arena_pieces_do_not_overlap(void **state)
{
    (void)state;
    enum { PIECES = 300 };
    kt_arena       a = {0};
    unsigned char *piece[PIECES];
    for (size_t i = 0; i < PIECES; i++) {
        size_t size = i * 37 % 4000;
        piece[i] = kt_arena_alloc(&a, size);
        assert_non_null(piece[i]);
        assert_int_equal((uintptr_t)piece[i] % 16, 0);
        assert_true(all_zero(piece[i], size));
        memset(piece[i], (int)(i % 251) + 1, size);
    }
    for (size_t i = 0; i < PIECES; i++) {
        for (size_t j = 0; j < i * 37 % 4000; j++) {
            assert_int_equal(piece[i][j], i % 251 + 1);
        }
    }
    kt_arena_free(&a);
    assert_null(a.head);
}

static void arena_serves_large_pieces(void **state)
{
    (void)state;
    kt_arena       a = {0};
    char          *small = kt_arena_strdup(&a, "small");
    unsigned char *large = kt_arena_calloc(&a, 1000, 1000);
    assert_non_null(large);
    assert_true(all_zero(large, 1000 * 1000));
    memset(large, 1, 1000 * 1000);
    char *after = kt_arena_strdup(&a, "after");
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
    assert_false(a.failed);
    kt_arena_free(&a);
}

static void arena_texts(void **state)
{
    (void)state;
    kt_arena a = {0};
    assert_string_equal(kt_arena_strndup(&a, "dense_1", 5), "dense");
    assert_null(kt_arena_strndup(&a, NULL, 5));
    assert_string_equal(kt_arena_printf(&a, "%s_%d", "dense", 12), "dense_12");
    assert_string_equal(kt_arena_printf(&a, "%s", ""), "");
    assert_null(kt_arena_strdup(&a, NULL));
    assert_false(a.failed);
    kt_arena_free(&a);
}

static void arena_failures_are_remembered(void **state)
{
    (void)state;
    kt_arena a = {0};
    assert_null(kt_arena_alloc(&a, SIZE_MAX));
    assert_null(kt_arena_alloc(&a, PTRDIFF_MAX - 16));
    assert_true(a.failed);
    kt_arena_free(&a);
    assert_false(a.failed);
    assert_null(kt_arena_calloc(&a, SIZE_MAX / 4, 8));
    assert_true(a.failed);
    kt_arena_free(&a);

    kt_alloc_fail_after(1);
    char *text = kt_arena_printf(&a, "%d", 1);
    kt_alloc_fail_after(0);
    assert_null(text);
    assert_true(a.failed);
    assert_non_null(kt_arena_alloc(&a, 8));
    assert_true(a.failed);
    kt_arena_free(&a);
}

static void held_blocks_are_counted(void **state)
{
    int64_t  before = kt_alloc_held();
    kt_arena a = {0};
    void    *pages, *block[] = {kt_alloc(1), kt_strdup("b"), kt_realloc(NULL, 0), NULL};

    (void)state;
    assert_non_null(kt_alloc_pages(1, &pages));
    assert_non_null(kt_arena_strdup(&a, "piece"));
    assert_non_null(kt_arena_strdup(&a, "piece"));
    block[2] = kt_realloc(block[2], 100);
    assert_int_equal(kt_alloc_held() - before, 5);
    kt_alloc_fail_after(1);
    assert_null(kt_alloc(1));
    kt_alloc_fail_after(0);
    for (size_t i = 0; i < sizeof block / sizeof *block; i++)
        kt_free(block[i]);
    kt_free(pages);
    kt_arena_free(&a);
    assert_int_equal(kt_alloc_held(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alloc_is_zeroed_and_aligned),
        cmocka_unit_test(pages_are_zeroed_and_aligned),
        cmocka_unit_test(impossible_sizes_are_refused),
        cmocka_unit_test(realloc_keeps_what_was_there),
        cmocka_unit_test(strdup_copies),
        cmocka_unit_test(nth_allocation_fails_and_all_after),
        cmocka_unit_test(arena_pieces_do_not_overlap),
        cmocka_unit_test(arena_serves_large_pieces),
        cmocka_unit_test(arena_texts),
        cmocka_unit_test(arena_failures_are_remembered),
        cmocka_unit_test(held_blocks_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
