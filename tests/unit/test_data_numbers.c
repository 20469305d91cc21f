/* test_data_numbers.c - arrays of files as tensors: integers of every width, what is no number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "data/data.h"

static void becomes(kt_array a, kt_dtype dtype, const double *want)
{
    kt_fault   f = {0};
    kt_tensor *t = kt_tensor_from_array(&a, &f);

    assert_non_null(t);
    assert_int_equal(kt_tensor_dtype(t), dtype);
    assert_int_equal(kt_tensor_count(t), a.dim[0]);
    for (int64_t i = 0; i < a.dim[0]; i++)
        if (kt_tensor_get(t, i) != want[i])
            fail_msg("%c%d[%d] is %g, not %g", a.type, a.item, (int)i, kt_tensor_get(t, i),
                     want[i]);
    kt_tensor_unref(t);
}

static void integers_of_every_width(void **state)
{
    (void)state;
    int8_t   i1[] = {-128, 3, 127};
    int16_t  i2[] = {-32768, 300, 32767};
    int32_t  i4[] = {-70000, 3, 70000};
    int64_t  i8[] = {-(INT64_C(1) << 40), 3, INT64_C(1) << 40};
    uint8_t  u1[] = {0, 128, 255};
    uint16_t u2[] = {0, 40000, 65535};
    uint32_t u4[] = {0, 3000000000u, 4294967295u};
    uint64_t u8[] = {0, 5, UINT64_C(1) << 40};
    const struct {
        char     type;
        int      item;
        void    *data;
        kt_dtype dtype;
        double   want[3];
    } rows[] = {
        {'i', 1, i1, KT_I8, {-128, 3, 127}},
        {'i', 2, i2, KT_I16, {-32768, 300, 32767}},
        {'i', 4, i4, KT_I32, {-70000, 3, 70000}},
        {'i', 8, i8, KT_I64, {-0x1p40, 3, 0x1p40}},
        {'u', 1, u1, KT_U8, {0, 128, 255}},
        {'u', 2, u2, KT_U16, {0, 40000, 65535}},
        {'u', 4, u4, KT_U32, {0, 3000000000, 4294967295}},
        {'u', 8, u8, KT_U64, {0, 5, 0x1p40}},
    };

    for (size_t i = 0; i < KT_COUNT(rows); i++)
        becomes((kt_array){.type = rows[i].type,
                           .item = rows[i].item,
                           .rank = 1,
                           .dim = {3},
                           .data = rows[i].data},
                rows[i].dtype, rows[i].want);
}

static void other_numbers_are_refused(void **state)
{
    (void)state;
    static char bytes[32];
    kt_array    a = {.type = 'c', .item = 8, .rank = 1, .dim = {2}, .data = bytes};
    kt_fault    f = {0};

    assert_null(kt_tensor_from_array(&a, &f));
    assert_string_equal(f.e.message, "array: numbers of type 'c8' are not supported");
    kt_fault_clear(&f);
    a.name = "x";
    assert_null(kt_tensor_from_array(&a, &f));
    assert_string_equal(f.e.message, "x: numbers of type 'c8' are not supported");
    kt_fault_clear(&f);
}

/* Back: what a file has no type for is written as the next that it has. */
static void tensors_as_arrays(void **state)
{
    (void)state;
    static const struct {
        kt_dtype dtype;
        char     type;
        int      item;
    } rows[] = {{KT_F32, 'f', 4}, {KT_F64, 'f', 8}, {KT_I32, 'i', 4},  {KT_I64, 'i', 8},
                {KT_U8, 'u', 1},  {KT_F16, 'f', 4}, {KT_BF16, 'f', 4}, {KT_BOOLEAN, 'b', 1}};

    for (size_t i = 0; i < KT_COUNT(rows); i++) {
        kt_tensor *t = kt_tensor_new(rows[i].dtype, KT_SHAPE(2, 1));
        kt_array   a;
        kt_tensor_set(t, 0, 1);
        kt_tensor_set(t, 1, 0);
        kt_tensor *held = kt_array_from_tensor(&a, t);
        assert_non_null(held);
        assert_int_equal(a.type, rows[i].type);
        assert_int_equal(a.item, rows[i].item);
        assert_true(a.rank == 2 && a.dim[0] == 2 && a.dim[1] == 1);
        kt_tensor *again = kt_tensor_from_array(&a, NULL);
        assert_true(kt_tensor_get(again, 0) == 1 && kt_tensor_get(again, 1) == 0);
        kt_tensor_unref(again);
        kt_tensor_unref(held);
        kt_tensor_unref(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_of_every_width),
        cmocka_unit_test(other_numbers_are_refused),
        cmocka_unit_test(tensors_as_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
