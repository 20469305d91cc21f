/* test_base_value.c - values: making, finding, copying, comparing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "base/base.h"

static kt_arena arena;

static int clear(void **state)
{
    (void)state;
    kt_arena_free(&arena);
    return 0;
}

/* {'units': 10, 'shape': (2, 3.5), 'flag': True, 'name': 'x', 'none': None} */
static kt_value *sample(kt_arena *a)
{
    kt_value *shape = kt_value_new(a, KT_TUPLE);
    bool      ok = kt_value_add(a, shape, NULL, kt_value_int(a, 2)) &&
              kt_value_add(a, shape, NULL, kt_value_float(a, 3.5));
    kt_value *dict = kt_value_new(a, KT_DICT);
    ok = ok && kt_value_add(a, dict, "units", kt_value_int(a, 10)) &&
         kt_value_add(a, dict, "shape", shape) &&
         kt_value_add(a, dict, "flag", kt_value_bool(a, true)) &&
         kt_value_add(a, dict, "name", kt_value_str(a, "x")) &&
         kt_value_add(a, dict, "none", kt_value_new(a, KT_NONE));
    return ok ? dict : NULL;
}

static void items_are_found(void **state)
{
    (void)state;
    kt_value *dict = sample(&arena);
    assert_int_equal(dict->n, 5);
    assert_int_equal(kt_value_get(dict, "units")->i, 10);
    assert_string_equal(kt_value_text(kt_value_get(dict, "name")), "x");
    assert_null(kt_value_text(kt_value_get(dict, "units")));
    assert_null(kt_value_get(dict, "absent"));
    assert_null(kt_value_get(NULL, "units"));
    assert_null(kt_value_get(kt_value_get(dict, "shape"), "units"));
    assert_true(kt_value_is_seq(kt_value_get(dict, "shape")));
    assert_false(kt_value_is_seq(dict));
    assert_false(kt_value_is_seq(NULL));
}

static void numbers_are_read(void **state)
{
    (void)state;
    double x = -1;
    assert_true(kt_value_number(kt_value_int(&arena, -7), &x) && x == -7);
    assert_true(kt_value_number(kt_value_float(&arena, 0.25), &x) && x == 0.25);
    assert_true(kt_value_number(kt_value_bool(&arena, true), &x) && x == 1);
    assert_false(kt_value_number(kt_value_str(&arena, "1"), &x));
    assert_false(kt_value_number(NULL, &x));
    assert_true(x == 1);
}

static void set_replaces_or_adds(void **state)
{
    (void)state;
    kt_value *dict = sample(&arena);
    assert_true(kt_value_set(&arena, dict, "units", kt_value_int(&arena, 20)));
    assert_int_equal(dict->n, 5);
    assert_int_equal(kt_value_get(dict, "units")->i, 20);
    for (int i = 0; i < 100; i++) {
        char key[] = {'k', (char)('0' + i / 10), (char)('0' + i % 10), '\0'};
        assert_true(kt_value_set(&arena, dict, key, kt_value_int(&arena, i)));
    }
    assert_int_equal(dict->n, 105);
    assert_int_equal(kt_value_get(dict, "k42")->i, 42);
    assert_false(kt_value_set(&arena, dict, "x", NULL));
}

static void calls_have_both_kinds_of_items(void **state)
{
    (void)state;
    kt_value *call = kt_value_new(&arena, KT_CALL);
    call->s = kt_arena_strdup(&arena, "Dense");
    assert_true(kt_value_add(&arena, call, NULL, kt_value_int(&arena, 1)));
    assert_true(kt_value_add(&arena, call, "use_bias", kt_value_bool(&arena, false)));
    assert_null(call->keys[0]);
    assert_false(kt_value_get(call, "use_bias")->b);
    kt_value *copy = kt_value_copy(&arena, call);
    assert_true(kt_value_equal(copy, call));
    copy->s = "Conv2D";
    assert_false(kt_value_equal(copy, call));
}

static void copies_are_equal_and_apart(void **state)
{
    (void)state;
    kt_value *dict = sample(&arena);
    kt_arena  other = {0};
    kt_value *copy = kt_value_copy(&other, dict);
    assert_true(kt_value_equal(copy, dict));
    kt_value_get(dict, "shape")->items[0]->i = 3;
    assert_false(kt_value_equal(copy, dict));
    assert_int_equal(kt_value_get(copy, "shape")->items[0]->i, 2);
    kt_arena_free(&other);
    assert_null(kt_value_copy(&other, NULL));
}

static kt_value *dict_of(const char *first, int64_t i, const char *second, int64_t j)
{
    kt_value *dict = kt_value_new(&arena, KT_DICT);
    kt_value_set(&arena, dict, first, kt_value_int(&arena, i));
    kt_value_set(&arena, dict, second, kt_value_int(&arena, j));
    return dict;
}

static void equality_is_pythons(void **state)
{
    (void)state;
    kt_arena *a = &arena;
    assert_true(kt_value_equal(kt_value_int(a, 1), kt_value_float(a, 1.0)));
    assert_true(kt_value_equal(kt_value_bool(a, true), kt_value_int(a, 1)));
    assert_true(kt_value_equal(kt_value_float(a, 0.0), kt_value_bool(a, false)));
    assert_false(kt_value_equal(kt_value_int(a, 9007199254740993), kt_value_float(a, 0x1p53)));
    assert_false(kt_value_equal(kt_value_float(a, 0x1p63), kt_value_int(a, INT64_MAX)));
    assert_false(kt_value_equal(kt_value_float(a, 1.5), kt_value_int(a, 1)));
    assert_false(kt_value_equal(kt_value_float(a, NAN), kt_value_int(a, 0)));
    assert_false(kt_value_equal(kt_value_str(a, "1"), kt_value_int(a, 1)));
    assert_true(kt_value_equal(kt_value_new(a, KT_NONE), kt_value_new(a, KT_NONE)));
    assert_false(kt_value_equal(kt_value_new(a, KT_NONE), kt_value_bool(a, false)));
    assert_false(kt_value_equal(kt_value_new(a, KT_LIST), kt_value_new(a, KT_TUPLE)));
    assert_true(kt_value_equal(dict_of("a", 1, "b", 2), dict_of("b", 2, "a", 1)));
    assert_false(kt_value_equal(dict_of("a", 1, "b", 2), dict_of("a", 1, "c", 2)));
    assert_false(kt_value_equal(NULL, kt_value_int(a, 1)));
    assert_true(kt_value_equal(NULL, NULL));
}

static void lack_of_memory_is_told(void **state)
{
    (void)state;
    kt_alloc_fail_after(1);
    assert_null(sample(&arena));
    assert_null(kt_value_str(&arena, "x"));
    kt_alloc_fail_after(0);
    assert_true(arena.failed);

    kt_arena  other = {0};
    kt_value *list = kt_value_new(&arena, KT_LIST);
    for (int i = 0; i < 1000; i++) {
        assert_true(kt_value_add(&arena, list, NULL, kt_value_str(&arena, "item")));
    }
    for (int n = 1; n <= 3; n++) {
        kt_alloc_fail_after(n);
        assert_null(kt_value_copy(&other, list));
        kt_alloc_fail_after(0);
        kt_arena_free(&other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(items_are_found, clear),
        cmocka_unit_test_teardown(numbers_are_read, clear),
        cmocka_unit_test_teardown(set_replaces_or_adds, clear),
        cmocka_unit_test_teardown(calls_have_both_kinds_of_items, clear),
        cmocka_unit_test_teardown(copies_are_equal_and_apart, clear),
        cmocka_unit_test_teardown(equality_is_pythons, clear),
        cmocka_unit_test_teardown(lack_of_memory_is_told, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
