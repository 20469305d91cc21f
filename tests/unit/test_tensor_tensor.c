/* test_tensor_tensor.c - arrays: making, sharing, viewing, converting, and what happens without
 * memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "tensor/tensor.h"

/* One number of three, so that its neighbours would show what goes beyond it; integers stop at
 * their ends. */
static void a_number_is_written_in_its_place(void **state)
{
    (void)state;
    for (int d = 0; d < KT_DTYPE_COUNT; d++) {
        kt_dtype dtype = (kt_dtype)d;
        uint64_t room[3] = {0};
        double   most = kt_dtype_is_int(dtype) ? kt_dtype_most(dtype) : 1;
        double   least = kt_dtype_is_unsigned(dtype) ? 0 : -most - 1;
        if (dtype == KT_STRING)
            continue; /* texts are no numbers */
        const double put[] = {1, 0, most, most * 2, least * 2}, want[] = {1, 0, most, most, least};
        for (size_t i = 0; i < (kt_dtype_is_int(dtype) ? KT_COUNT(put) : 2); i++) {
            kt_poke(room, dtype, 1, put[i]);
            assert_true(kt_peek(room, dtype, 0) == 0);
            assert_true(kt_peek(room, dtype, 1) == want[i]);
            assert_true(kt_peek(room, dtype, 2) == 0);
        }
    }
}

static void new_tensors_are_zero_or_refused(void **state)
{
    (void)state;
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(2, 3));
    assert_int_equal(kt_tensor_count(t), 6);
    assert_int_equal(kt_tensor_dtype(t), KT_F32);
    for (int64_t i = 0; i < 6; i++)
        assert_true(kt_tensor_get(t, i) == 0);
    assert_int_equal((uintptr_t)kt_tensor_data(t) % 64, 0);
    kt_tensor_unref(t);

    assert_null(kt_tensor_new(KT_F32, KT_SHAPE(KT_UNKNOWN, 3)));
    assert_null(kt_tensor_new(KT_F64, KT_SHAPE(INT64_MAX / 4)));
    assert_null(kt_tensor_new(KT_DTYPE_COUNT, KT_SHAPE(1)));
    assert_null(kt_tensor_new(KT_F32, ((kt_shape){9, {1, 1, 1, 1, 1, 1, 1, 1}})));
    assert_null(kt_tensor_new(KT_F32, ((kt_shape){-1, {0}})));
    t = kt_tensor_new(KT_F32, KT_SHAPE(0, 3));
    assert_int_equal(kt_tensor_count(t), 0);
    kt_tensor_unref(t);
}

static void nothing_is_needed_of_null(void **state)
{
    (void)state;
    kt_tensor_unref(NULL);
    assert_null(kt_tensor_ref(NULL));
    assert_null(kt_tensor_reshape(NULL, KT_SHAPE(1)));
    assert_null(kt_tensor_rows(NULL, 0, 1));
    assert_null(kt_tensor_cast(NULL, KT_F32));
    assert_null(kt_tensor_data(NULL));
    assert_null(kt_tensor_f32(NULL));
    assert_int_equal(kt_tensor_count(NULL), 0);
    assert_int_equal(kt_tensor_shape(NULL)->rank, 0);
    assert_true(isnan(kt_tensor_get(NULL, 0)));
    kt_tensor_set(NULL, 0, 1);
}

static void elements_are_read_and_written_in_bounds(void **state)
{
    (void)state;
    const float v[] = {1, 2, 3, 4};
    kt_tensor  *t = kt_tensor_from(v, KT_F32, KT_SHAPE(2, 2));
    assert_true(kt_tensor_f32(t)[3] == 4);
    kt_tensor_set(t, 1, -2.5);
    assert_true(kt_tensor_get(t, 1) == -2.5);
    kt_tensor_set(t, 4, 9);
    kt_tensor_set(t, -1, 9);
    assert_true(isnan(kt_tensor_get(t, 4)));
    assert_true(isnan(kt_tensor_get(t, -1)));
    kt_tensor_unref(t);
}

static void views_share_memory_and_keep_it(void **state)
{
    (void)state;
    const float v[] = {0, 1, 2, 3, 4, 5};
    kt_tensor  *t = kt_tensor_from(v, KT_F32, KT_SHAPE(3, 2));
    kt_tensor  *rows = kt_tensor_rows(t, 1, 3), *last = kt_tensor_rows(rows, 1, 2);
    kt_tensor  *flat = kt_tensor_reshape(t, KT_SHAPE(6));

    kt_tensor_set(flat, 4, 40);
    kt_tensor_unref(t);
    kt_tensor_unref(rows);
    kt_tensor_unref(flat);
    assert_int_equal(kt_tensor_shape(last)->dim[0], 1);
    assert_true(kt_tensor_get(last, 0) == 40 && kt_tensor_get(last, 1) == 5);
    kt_tensor_unref(last);
}

static void views_out_of_range_are_refused(void **state)
{
    (void)state;
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(3, 2)),
              *s = kt_tensor_new(KT_F32, KT_SCALAR_SHAPE);
    assert_null(kt_tensor_rows(t, -1, 2));
    assert_null(kt_tensor_rows(t, 2, 1));
    assert_null(kt_tensor_rows(t, 0, 4));
    assert_null(kt_tensor_rows(s, 0, 0));
    assert_null(kt_tensor_reshape(t, KT_SHAPE(7)));
    assert_null(kt_tensor_reshape(t, KT_SHAPE(KT_UNKNOWN, 2)));
    kt_tensor *empty = kt_tensor_rows(t, 3, 3);
    assert_int_equal(kt_tensor_count(empty), 0);
    kt_tensor_unref(empty);
    kt_tensor_unref(s);
    kt_tensor_unref(t);
}

static void memory_of_others_is_left_alone(void **state)
{
    (void)state;
    double     v[] = {1, 2};
    kt_tensor *t = kt_tensor_around(v, KT_F64, KT_SHAPE(2));
    kt_tensor_set(t, 0, 7);
    kt_tensor_unref(t);
    assert_true(v[0] == 7);
}

/* Each value as each type, next to what C promises. */
static void every_pair_of_types_converts(void **state)
{
    (void)state;
    const double values[] = {0, 1, -1, 2.9, -2.9, 100, 255};
    for (int a = 0; a < KT_STRING; a++) {
        for (int b = 0; b < KT_STRING; b++) {
            for (size_t i = 0; i < KT_COUNT(values); i++) {
                int64_t from[1] = {0}, to[1] = {0};
                kt_poke(from, (kt_dtype)a, 0, values[i]);
                double x = kt_peek(from, (kt_dtype)a, 0), want = x;
                if (b == KT_BOOLEAN)
                    want = x != 0;
                else if (kt_dtype_is_int((kt_dtype)b))
                    want = trunc(x);
                if (b == KT_U8 && want < 0)
                    want = kt_dtype_is_float((kt_dtype)a) ? 0 : want + 256;
                kt_convert(from, (kt_dtype)a, to, (kt_dtype)b, 1);
                if (b == KT_F32)
                    want = (double)(float)want;
                if (kt_dtype_is_half((kt_dtype)b)) { /* see sixteen_bits_are_rounded */
                    uint16_t bits = 0;
                    kt_poke(&bits, (kt_dtype)b, 0, want);
                    want = kt_peek(&bits, (kt_dtype)b, 0);
                }
                assert_true(kt_peek(to, (kt_dtype)b, 0) == want);
            }
        }
    }
}

static void reals_out_of_range_are_clamped(void **state)
{
    (void)state;
    const double x[] = {1e30, -1e30, NAN, 300};
    int32_t      i[4];
    int64_t      l[4];
    uint8_t      u[4];
    kt_convert(x, KT_F64, i, KT_I32, 4);
    kt_convert(x, KT_F64, l, KT_I64, 4);
    kt_convert(x, KT_F64, u, KT_U8, 4);
    assert_true(i[0] == INT32_MAX && i[1] == INT32_MIN && i[2] == 0 && i[3] == 300);
    assert_true(l[0] == INT64_MAX && l[1] == INT64_MIN && l[2] == 0);
    assert_true(u[0] == 255 && u[1] == 0 && u[2] == 0 && u[3] == 255);
}

static void large_integers_keep_their_bits(void **state)
{
    (void)state;
    const int64_t x[] = {(INT64_C(1) << 53) + 1, (INT64_C(1) << 32) + 5};
    int64_t       y[2];
    int32_t       z[2];
    kt_convert(x, KT_I64, y, KT_I64, 2);
    kt_convert(x, KT_I64, z, KT_I32, 2);
    assert_true(y[0] == x[0]);
    assert_int_equal(z[1], 5);
}

static void casts_copy(void **state)
{
    (void)state;
    const float v[] = {1.7F, -1.7F, 0};
    kt_tensor  *t = kt_tensor_from(v, KT_F32, KT_SHAPE(3)), *i = kt_tensor_cast(t, KT_I32);
    kt_tensor  *b = kt_tensor_cast(t, KT_BOOLEAN);
    assert_true(kt_tensor_get(i, 0) == 1 && kt_tensor_get(i, 1) == -1);
    assert_true(kt_tensor_get(b, 1) == 1 && kt_tensor_get(b, 2) == 0);
    kt_tensor_unref(t);
    kt_tensor_unref(i);
    kt_tensor_unref(b);
}

/* Every half and bfloat16 is a float32, and is made of it again. */
static void sixteen_bits_come_back(void **state)
{
    (void)state;
    const kt_dtype halves[] = {KT_F16, KT_BF16};

    for (size_t k = 0; k < 2; k++)
        for (uint32_t bits = 0; bits < 65536; bits++) {
            uint16_t from = (uint16_t)bits, back = 0, poked = 0;
            float    wide;

            kt_convert(&from, halves[k], &wide, KT_F32, 1);
            kt_convert(&wide, KT_F32, &back, halves[k], 1);
            kt_poke(&poked, halves[k], 0, kt_peek(&from, halves[k], 0));
            assert_true(back == poked);
            if (wide != wide)
                kt_convert(&back, halves[k], &wide, KT_F32, 1);
            assert_true(wide != wide || back == from);
        }
}

/* As NumPy's float16 and ml_dtypes' bfloat16: to the nearest, to even between two. */
static void sixteen_bits_are_rounded(void **state)
{
    (void)state;
    const struct {
        float    v;
        uint16_t half, brain;
    } rows[] = {{1, 0x3c00, 0x3f80},
                {-2.5F, 0xc100, 0xc020},
                {1 + 0x1p-11F, 0x3c00, 0x3f80},
                {1 + 0x1.8p-10F, 0x3c02, 0x3f80},
                {1 + 0x1p-8F, 0x3c04, 0x3f80},
                {1 + 0x1.8p-7F, 0x3c0c, 0x3f82},
                {65504, 0x7bff, 0x4780},
                {65519, 0x7bff, 0x4780},
                {65520, 0x7c00, 0x4780},
                {1e30F, 0x7c00, 0x714a},
                {-HUGE_VALF, 0xfc00, 0xff80},
                {0x1p-24F, 0x0001, 0x3380},
                {0x1p-25F, 0x0000, 0x3300},
                {0x1.8p-24F, 0x0002, 0x33c0},
                {0x1p-14F, 0x0400, 0x3880},
                {0x1.ffcp-15F, 0x0400, 0x3880},
                {-0.0F, 0x8000, 0x8000}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint16_t half, brain;
        kt_convert(&rows[i].v, KT_F32, &half, KT_F16, 1);
        kt_convert(&rows[i].v, KT_F32, &brain, KT_BF16, 1);
        if (half != rows[i].half || brain != rows[i].brain)
            fail_msg("%a: %04x %04x", (double)rows[i].v, half, brain);
    }
}

static void dtypes_have_names(void **state)
{
    (void)state;
    kt_dtype d;
    for (int k = 0; k < KT_STRING; k++) {
        assert_true(kt_dtype_parse(kt_dtype_name((kt_dtype)k), &d));
        assert_int_equal(d, k);
    }
    assert_true(kt_dtype_parse("int", &d) && d == KT_I64);
    assert_false(kt_dtype_parse("float8", &d));
    assert_false(kt_dtype_parse("string", &d)); /* no dtype of numbers */
    assert_false(kt_dtype_parse(NULL, &d));
    assert_int_equal(kt_dtype_size(KT_I64), 8);
    assert_int_equal(kt_dtype_size(KT_DTYPE_COUNT), 0);
    assert_string_equal(kt_dtype_name(KT_DTYPE_COUNT), "");
}

/* numpy.random.RandomState(5): rand(4), randn(4), randint(-3, 9, 8). */
static void numbers_are_those_of_numpy(void **state)
{
    (void)state;
    const double rand[] = {0.22199317, 0.87073231, 0.20671916, 0.91861091};
    const double randn[] = {0.44122749, -0.33087015, 2.43077119, -0.25209213};
    const double randint[] = {0, 3, 3, -3, 6, 5, 1, 4};
    kt_tensor   *a = kt_numpy_rand(5, KT_SHAPE(2, 2)), *b = kt_numpy_randn(5, KT_SHAPE(4));
    kt_tensor   *c = kt_numpy_randint(5, -3, 9, KT_SHAPE(8));
    for (int i = 0; i < 4; i++) {
        assert_true(fabs(kt_tensor_get(a, i) - rand[i]) < 1e-8);
        assert_true(fabs(kt_tensor_get(b, i) - randn[i]) < 1e-8);
    }
    for (int i = 0; i < 8; i++)
        assert_true(kt_tensor_get(c, i) == randint[i]);
    assert_null(kt_numpy_randint(5, 3, 3, KT_SHAPE(8)));
    assert_null(kt_numpy_rand(5, KT_SHAPE(KT_UNKNOWN)));
    kt_tensor_unref(a);
    kt_tensor_unref(b);
    kt_tensor_unref(c);
}

static void shortage_of_memory_gives_null(void **state)
{
    (void)state;
    for (int64_t n = 1; n <= 2; n++) {
        kt_alloc_fail_after(n);
        assert_null(kt_tensor_new(KT_F32, KT_SHAPE(4)));
    }
    kt_alloc_fail_after(0);
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(4));
    kt_alloc_fail_after(1);
    kt_tensor *none[] = {kt_tensor_rows(t, 0, 1), kt_tensor_cast(t, KT_I32),
                         kt_tensor_reshape(t, KT_SHAPE(2, 2)), kt_numpy_rand(1, KT_SHAPE(1))};
    kt_alloc_fail_after(0);
    for (size_t i = 0; i < KT_COUNT(none); i++)
        assert_null(none[i]);
    kt_tensor_unref(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_written_in_its_place),
        cmocka_unit_test(new_tensors_are_zero_or_refused),
        cmocka_unit_test(nothing_is_needed_of_null),
        cmocka_unit_test(elements_are_read_and_written_in_bounds),
        cmocka_unit_test(views_share_memory_and_keep_it),
        cmocka_unit_test(views_out_of_range_are_refused),
        cmocka_unit_test(memory_of_others_is_left_alone),
        cmocka_unit_test(every_pair_of_types_converts),
        cmocka_unit_test(reals_out_of_range_are_clamped),
        cmocka_unit_test(large_integers_keep_their_bits),
        cmocka_unit_test(casts_copy),
        cmocka_unit_test(dtypes_have_names),
        cmocka_unit_test(sixteen_bits_come_back),
        cmocka_unit_test(sixteen_bits_are_rounded),
        cmocka_unit_test(numbers_are_those_of_numpy),
        cmocka_unit_test(shortage_of_memory_gives_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
