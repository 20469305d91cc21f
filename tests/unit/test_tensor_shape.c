/* test_tensor_shape.c - sizes of axes: reading, joining, broadcasting, printing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tensor/tensor.h"

#define NONE KT_UNKNOWN

static kt_arena arena;

static int clear(void **state)
{
    (void)state;
    kt_arena_free(&arena);
    return 0;
}

static void axes_count_from_both_ends(void **state)
{
    (void)state;
    kt_shape s = KT_SHAPE(NONE, 28, 3);
    assert_int_equal(kt_axis(&s, 2), 2);
    assert_int_equal(kt_axis(&s, -1), 2);
    assert_int_equal(kt_axis(&s, -3), 0);
    assert_int_equal(kt_axis(&s, 3), -1);
    assert_int_equal(kt_axis(&s, -4), -1);
    assert_int_equal(kt_axis(&s, INT64_MIN), -1);
    assert_int_equal(kt_dim(&s, -1), 3);
    assert_int_equal(kt_dim(&s, 0), NONE);
    assert_int_equal(kt_dim(&s, 7), NONE);
}

static void counts_are_unknown_or_exact(void **state)
{
    (void)state;
    kt_shape a = KT_SHAPE(2, 3, 4), b = KT_SHAPE(NONE, 3), c = KT_SCALAR_SHAPE, d = KT_SHAPE(0, 5);
    kt_shape huge = KT_SHAPE(INT64_C(1) << 40, INT64_C(1) << 40);
    assert_int_equal(kt_shape_count(&a), 24);
    assert_int_equal(kt_shape_product(&a, 1, 3), 12);
    assert_int_equal(kt_shape_product(&a, 1, 1), 1);
    assert_int_equal(kt_shape_count(&b), NONE);
    assert_int_equal(kt_shape_count(&c), 1);
    assert_int_equal(kt_shape_count(&d), 0);
    assert_int_equal(kt_shape_count(&huge), NONE);
    assert_true(kt_shape_known(&a));
    assert_false(kt_shape_known(&b));
}

static void unknown_equals_itself_and_fits_all(void **state)
{
    (void)state;
    kt_shape a = KT_SHAPE(NONE, 3), b = KT_SHAPE(5, 3), c = KT_SHAPE(5, 4), d = KT_SHAPE(5);
    assert_true(kt_shape_equal(&a, &a));
    assert_false(kt_shape_equal(&a, &b));
    assert_true(kt_shape_fits(&a, &b));
    assert_true(kt_shape_fits(&b, &a));
    assert_false(kt_shape_fits(&b, &c));
    assert_false(kt_shape_fits(&b, &d));
}

static void shapes_are_cut_and_joined(void **state)
{
    (void)state;
    kt_shape a = KT_SHAPE(2, 3, 4), b = KT_SHAPE(5, 6);
    kt_shape tail = kt_shape_slice(&a, 1, 3), both = kt_shape_concat(&tail, &b);
    kt_shape expected = KT_SHAPE(3, 4, 5, 6), none = kt_shape_slice(&a, 3, 3);
    assert_true(kt_shape_equal(&both, &expected));
    assert_int_equal(none.rank, 0);
    kt_shape wide = kt_shape_concat(&expected, &expected), wider = kt_shape_concat(&wide, &b);
    assert_int_equal(wide.rank, 8);
    assert_int_equal(wider.rank, KT_MAX_RANK);
}

static void check_broadcast(kt_shape a, kt_shape b, kt_shape expected)
{
    kt_shape out;
    assert_true(kt_shape_broadcast(&a, &b, &out));
    assert_true(kt_shape_equal(&out, &expected));
    assert_true(kt_shape_broadcast(&b, &a, &out));
    assert_true(kt_shape_equal(&out, &expected));
}

static void broadcasting_follows_numpy(void **state)
{
    (void)state;
    kt_shape a = KT_SHAPE(2, 3), b = KT_SHAPE(2, 4), out;
    check_broadcast(KT_SHAPE(2, 3), KT_SHAPE(3), KT_SHAPE(2, 3));
    check_broadcast(KT_SHAPE(4, 1), KT_SHAPE(1, 5), KT_SHAPE(4, 5));
    check_broadcast(KT_SHAPE(2, 3), KT_SCALAR_SHAPE, KT_SHAPE(2, 3));
    check_broadcast(KT_SHAPE(0, 3), KT_SHAPE(1, 3), KT_SHAPE(0, 3));
    check_broadcast(KT_SHAPE(NONE, 3), KT_SHAPE(1, 3), KT_SHAPE(NONE, 3));
    check_broadcast(KT_SHAPE(NONE, 3), KT_SHAPE(7, 3), KT_SHAPE(7, 3));
    check_broadcast(KT_SHAPE(NONE), KT_SHAPE(NONE), KT_SHAPE(NONE));
    assert_false(kt_shape_broadcast(&a, &b, &out));
}

static void check_print(void (*print)(kt_str *, const kt_shape *), kt_shape s, const char *expected)
{
    kt_str text = {0};
    print(&text, &s);
    assert_string_equal(kt_str_text(&text), expected);
    kt_str_free(&text);
}

static void shapes_print_in_three_manners(void **state)
{
    (void)state;
    check_print(kt_shape_print, KT_SHAPE(NONE, 28, 28), "(None, 28, 28)");
    check_print(kt_shape_print, KT_SHAPE(3), "(3,)");
    check_print(kt_shape_print, KT_SCALAR_SHAPE, "()");
    check_print(kt_shape_print_numpy, KT_SHAPE(NONE, 28, 5), "[None 28 5]");
    check_print(kt_shape_print_numpy, KT_SHAPE(2, 28, 128), "[  2  28 128]");
    check_print(kt_shape_print_numpy, KT_SCALAR_SHAPE, "[]");
    check_print(kt_shape_print_tf, KT_SHAPE(2, 3), "[2,3]");
    check_print(kt_shape_print_tf, KT_SHAPE(NONE, 3), "[?,3]");
    kt_shape s = KT_SHAPE(NONE, 4);
    assert_string_equal(kt_shape_text(&arena, &s), "(None, 4)");
}

static bool read(const char *kind, kt_shape *out)
{
    kt_value *v = kt_value_new(&arena, KT_LIST);
    for (; *kind; kind++) {
        kt_value *item = *kind == 'n' ? kt_value_new(&arena, KT_NONE)
                       : *kind == 'f' ? kt_value_float(&arena, 2)
                                      : kt_value_int(&arena, *kind - '0');
        assert_true(kt_value_add(&arena, v, NULL, item));
    }
    return kt_shape_from_value(v, out);
}

static void values_become_shapes_and_back(void **state)
{
    (void)state;
    kt_shape out, expected = KT_SHAPE(NONE, 2, 8), one = KT_SHAPE(7);
    assert_true(read("n28", &out));
    assert_true(kt_shape_equal(&out, &expected));
    assert_true(read("", &out));
    assert_int_equal(out.rank, 0);
    assert_false(read("1f", &out));
    assert_true(read("12345678", &out));
    assert_false(read("123456789", &out));
    assert_true(kt_shape_from_value(kt_value_int(&arena, 7), &out));
    assert_true(kt_shape_equal(&out, &one));
    assert_false(kt_shape_from_value(kt_value_str(&arena, "7"), &out));
    assert_false(kt_shape_from_value(NULL, &out));
    kt_value *v = kt_shape_value(&arena, &expected);
    assert_int_equal(v->kind, KT_TUPLE);
    assert_int_equal(v->items[0]->kind, KT_NONE);
    assert_true(kt_shape_from_value(v, &out));
    assert_true(kt_shape_equal(&out, &expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_count_from_both_ends),
        cmocka_unit_test(counts_are_unknown_or_exact),
        cmocka_unit_test(unknown_equals_itself_and_fits_all),
        cmocka_unit_test(shapes_are_cut_and_joined),
        cmocka_unit_test(broadcasting_follows_numpy),
        cmocka_unit_test_teardown(shapes_print_in_three_manners, clear),
        cmocka_unit_test_teardown(values_become_shapes_and_back, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
