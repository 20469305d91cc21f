/* test_doctor_arrays.c - the changes that remedies make to arrays: each against the same change
 * written down, the first rows of a changed array, and what is said of the numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "doctor/doctor.h"

/* 0, 1, 2 ... */
static kt_tensor *counted(kt_dtype dtype, kt_shape s)
{
    kt_tensor *t = kt_tensor_new(dtype, s);

    for (int64_t i = 0; i < t->count; i++)
        kt_tensor_set(t, i, (double)i);
    return t;
}

typedef struct row {
    kt_change change;
    kt_shape  from, to;
    double    want[12];
} row;

static const row rows[] = {
    {{.kind = KT_CH_RESHAPE, .shape = {2, {3, 2}}}, {2, {2, 3}}, {2, {3, 2}}, {0, 1, 2, 3, 4, 5}},
    {{.kind = KT_CH_TRANSPOSE, .axis = {1, 0}}, {2, {2, 3}}, {2, {3, 2}}, {0, 3, 1, 4, 2, 5}},
    {{.kind = KT_CH_TRANSPOSE, .axis = {0, 2, 1}},
     {3, {1, 2, 3}},
     {3, {1, 3, 2}},
     {0, 3, 1, 4, 2, 5}},
    {{.kind = KT_CH_LAST_STEP}, {3, {2, 2, 2}}, {2, {2, 2}}, {2, 3, 6, 7}},
    {{.kind = KT_CH_ONE_HOT, .size = 3}, {1, {3}}, {2, {3, 3}}, {1, 0, 0, 0, 1, 0, 0, 0, 1}},
    {{.kind = KT_CH_ARGMAX}, {2, {2, 3}}, {1, {2}}, {2, 2}},
    {{.kind = KT_CH_ADD, .number = -1}, {1, {3}}, {1, {3}}, {-1, 0, 1}},
    {{.kind = KT_CH_CLIP, .size = 3}, {1, {5}}, {1, {5}}, {0, 1, 2, 2, 2}},
    {{.kind = KT_CH_RESIZE, .shape = {2, {1, 4}}}, {2, {1, 2}}, {2, {1, 4}}, {0, 0, 1, 1}},
    {{.kind = KT_CH_RESIZE, .shape = {2, {2, 2}}}, {2, {2, 4}}, {2, {2, 2}}, {0, 2, 4, 6}},
    {{.kind = KT_CH_PAD, .axis = {1}, .size = 3}, {2, {2, 2}}, {2, {2, 3}}, {0, 0, 1, 0, 2, 3}},
    {{.kind = KT_CH_PAD, .axis = {1}, .size = 1}, {2, {2, 2}}, {2, {2, 1}}, {1, 3}},
    {{.kind = KT_CH_COLUMNS, .begin = 1, .size = 3}, {2, {2, 3}}, {2, {2, 3}}, {1, 2, 0, 4, 5, 0}},
    {{.kind = KT_CH_CHANNELS, .size = 2}, {2, {2, 1}}, {2, {2, 2}}, {0, 0, 1, 1}},
    {{.kind = KT_CH_CHANNELS, .size = 3}, {2, {1, 4}}, {2, {1, 3}}, {0, 1, 2}},
    {{.kind = KT_CH_CHANNELS, .size = 1}, {2, {2, 4}}, {2, {2, 1}}, {1, 5}},
    {{.kind = KT_CH_ROWS, .begin = 1, .size = 2}, {2, {3, 2}}, {2, {2, 2}}, {2, 3, 4, 5}},
};

static void assert_numbers(const kt_tensor *t, const double *want)
{
    for (int64_t i = 0; i < t->count; i++)
        assert_true(kt_tensor_get(t, i) == want[i]);
}

static void each_change(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(rows); i++)
        for (int d = 0; d < 2; d++) {
            kt_tensor *t = counted(d ? KT_F64 : KT_F32, rows[i].from);
            kt_tensor *out = kt_changed(&rows[i].change, t);

            assert_non_null(out);
            assert_true(kt_shape_equal(&out->shape, &rows[i].to));
            assert_numbers(out, rows[i].want);
            kt_tensor_unref(out);
            kt_tensor_unref(t);
        }
}

/* What is certain of the form is true of the array. */
static void forms_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(rows); i++) {
        kt_tensor *t = counted(KT_F32, rows[i].from), *out = kt_changed(&rows[i].change, t);
        kt_form    said = kt_changed_form(&rows[i].change, &rows[i].from, kt_form_of(t, 0));
        kt_form    is = kt_form_of(out, 0);

        assert_true(said.known && said.min <= is.min && said.max >= is.max);
        assert_true((is.whole || !said.whole) && (is.zero_one || !said.zero_one));
        assert_true(is.one_hot || !said.one_hot);
        kt_tensor_unref(out);
        kt_tensor_unref(t);
    }
    kt_change grey = {.kind = KT_CH_CHANNELS, .size = 1};
    kt_form   f = {.known = true, .whole = true, .zero_one = true, .max = 1};
    f = kt_changed_form(&grey, &KT_SHAPE(2, 3), f);
    assert_false(f.whole || f.zero_one);
}

/* The first rows of a changed array, made of the first rows where that can be, are those of the
 * whole. */
static void first_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(rows); i++)
        for (int of_y = 0; of_y < 2; of_y++) {
            kt_tensor *t = counted(KT_F32, rows[i].from), *out = kt_changed(&rows[i].change, t);
            kt_item item = {.of_y = of_y, .n_changes = 1, .change = {rows[i].change}, .name = ""};
            kt_patient p = {0};
            kt_scene   s = {.p = &p, .n_x = !of_y, .n_y = of_y, .x = &item, .y = &item};

            p.given.x[0].t = p.given.y[0].t = t;
            kt_data   *d = kt_scene_data(&s, 1);
            kt_tensor *first = of_y ? kt_data_y(d, 0) : kt_data_x(d, 0);
            assert_int_equal(first->shape.dim[0], 1);
            for (int64_t k = 0; k < first->count; k++)
                assert_true(kt_tensor_get(first, k) == kt_tensor_get(out, k));
            assert_true(kt_scene_bytes(&s, 1) <= kt_scene_bytes(&s, 100));
            assert_true(kt_scene_bytes(&s, 100) == (double)t->count * 4);
            kt_data_free(d);
            kt_tensor_unref(out);
            kt_tensor_unref(t);
        }
    /* of 4 rows of 2 one is 8 bytes where samples stay apart, 32 where they do not */
    kt_tensor *t = counted(KT_F32, KT_SHAPE(4, 2));
    kt_item    item = {.n_changes = 1, .change = {{.kind = KT_CH_TRANSPOSE, .axis = {1, 0}}}};
    kt_patient p = {0};
    kt_scene   s = {.p = &p, .n_x = 1, .x = &item};
    p.given.x[0].t = t;
    assert_true(kt_scene_bytes(&s, 1) == 32);
    item.change[0] = (kt_change){.kind = KT_CH_ADD};
    assert_true(kt_scene_bytes(&s, 1) == 8);
    kt_tensor_unref(t);
}

static kt_form form_of(kt_shape shape, const float *v)
{
    kt_tensor *t = kt_tensor_from(v, KT_F32, shape);
    kt_form    f = kt_form_of(t, 0);

    kt_tensor_unref(t);
    return f;
}

static void what_numbers_look_like(void **state)
{
    (void)state;
    kt_form f = form_of(KT_SHAPE(2, 2), (const float[]){0, 1, 1, 0});
    assert_true(f.known && f.whole && f.zero_one && f.one_hot && f.shares && !f.crowded);
    assert_true(f.min == 0 && f.max == 1);
    f = form_of(KT_SHAPE(2, 2), (const float[]){1, 1, 1, 0});
    assert_true(f.zero_one && !f.one_hot && !f.shares && f.crowded);
    f = form_of(KT_SHAPE(2, 2), (const float[]){0.25F, 0.75F, 0.5F, 0.5F});
    assert_true(!f.whole && !f.one_hot && f.shares && !f.crowded);
    f = form_of(KT_SHAPE(3), (const float[]){-2, 7, 3});
    assert_true(f.whole && !f.zero_one && !f.one_hot && f.min == -2 && f.max == 7);
    kt_tensor *no_numbers = kt_tensor_around(NULL, KT_F32, KT_SHAPE(2));
    assert_false(kt_form_of(no_numbers, 0).known);
    kt_tensor_unref(no_numbers);
}

/* Rows that cross the blocks in which numbers are looked at. */
static void long_arrays(void **state)
{
    (void)state;
    kt_tensor *t = kt_tensor_new(KT_U8, KT_SHAPE(500, 7));

    for (int64_t i = 0; i < 500; i++)
        kt_tensor_set(t, i * 7 + i % 7, 1);
    assert_true(kt_form_of(t, 0).one_hot);
    kt_tensor_set(t, 3499, 9);
    assert_true(!kt_form_of(t, 0).one_hot && kt_form_of(t, 0).max == 9);
    assert_true(kt_form_of(t, 3000).max == 1);
    kt_tensor_unref(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change), cmocka_unit_test(forms_hold),
        cmocka_unit_test(first_rows),  cmocka_unit_test(what_numbers_look_like),
        cmocka_unit_test(long_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
