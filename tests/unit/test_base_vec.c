/* test_base_vec.c - pointers in order, and pointers found by pointer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"

enum { MANY = 5000 };
static int objects[MANY];

static void vec_keeps_order(void **state)
{
    (void)state;
    kt_vec v = {0};
    for (size_t i = 0; i < MANY; i++) {
        assert_true(kt_vec_push(&v, &objects[i]));
    }
    assert_int_equal(v.n, MANY);
    for (size_t i = 0; i < MANY; i++) {
        assert_ptr_equal(v.at[i], &objects[i]);
    }
    kt_vec_free(&v);
    assert_int_equal(v.n, 0);
}

static void vec_survives_lack_of_memory(void **state)
{
    (void)state;
    kt_vec v = {0};
    assert_true(kt_vec_push(&v, &objects[0]));
    kt_alloc_fail_after(1);
    size_t pushed = 1;
    while (kt_vec_push(&v, &objects[pushed])) {
        pushed++;
    }
    kt_alloc_fail_after(0);
    assert_int_equal(v.n, pushed);
    assert_ptr_equal(v.at[pushed - 1], &objects[pushed - 1]);
    assert_true(kt_vec_push(&v, &objects[pushed]));
    kt_vec_free(&v);
}

static void map_finds_what_was_set(void **state)
{
    (void)state;
    kt_map m = {0};
    assert_null(kt_map_get(&m, &objects[0]));
    for (size_t i = 0; i < MANY; i += 2) {
        assert_true(kt_map_set(&m, &objects[i], &objects[MANY - 1 - i]));
    }
    assert_int_equal(m.n, MANY / 2);
    for (size_t i = 0; i < MANY; i++) {
        void *expected = i % 2 ? NULL : &objects[MANY - 1 - i];
        assert_ptr_equal(kt_map_get(&m, &objects[i]), expected);
    }
    assert_true(kt_map_set(&m, &objects[4], &objects[4]));
    assert_int_equal(m.n, MANY / 2);
    assert_ptr_equal(kt_map_get(&m, &objects[4]), &objects[4]);
    assert_null(kt_map_get(&m, NULL));
    kt_map_free(&m);
    assert_null(kt_map_get(&m, &objects[4]));
}

static void map_survives_lack_of_memory(void **state)
{
    (void)state;
    for (int n = 1; n <= 2; n++) {
        kt_map m = {0};
        assert_true(kt_map_set(&m, &objects[0], &objects[0]));
        kt_alloc_fail_after(n);
        size_t set = 1;
        while (kt_map_set(&m, &objects[set], &objects[set])) {
            set++;
        }
        kt_alloc_fail_after(0);
        assert_int_equal(m.n, set);
        for (size_t i = 0; i < set; i++) {
            assert_ptr_equal(kt_map_get(&m, &objects[i]), &objects[i]);
        }
        assert_null(kt_map_get(&m, &objects[set]));
        kt_map_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vec_keeps_order),
        cmocka_unit_test(vec_survives_lack_of_memory),
        cmocka_unit_test(map_finds_what_was_set),
        cmocka_unit_test(map_survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
