/* test_tensor_text.c - tensors of texts: what they hold, who owns it, and that no text is made of
 * numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "tensor/tensor.h"

static const char *const words[] = {"one", NULL, "", "drei und vier", "\xe6\x97\xa5", "z"};

static void texts_are_copied(void **state)
{
    (void)state;
    char        own[] = "mine";
    const char *list[] = {own, "b"};
    kt_tensor  *t = kt_tensor_from_texts(list, KT_SHAPE(2));

    memset(own, 'x', 4);
    assert_string_equal(kt_tensor_text(t, 0), "mine");
    assert_string_equal(kt_tensor_text(t, 1), "b");
    assert_int_equal(kt_tensor_dtype(t), KT_STRING);
    assert_string_equal(kt_dtype_name(KT_STRING), "string");
    assert_int_equal(kt_tensor_count(t), 2);
    kt_tensor_unref(t);
}

static void views_keep_them_alive(void **state)
{
    (void)state;
    kt_tensor *t = kt_tensor_from_texts(words, KT_SHAPE(3, 2)), *rows = kt_tensor_rows(t, 1, 3),
              *flat = kt_tensor_reshape(t, KT_SHAPE(6));

    kt_tensor_unref(t);
    assert_string_equal(kt_tensor_text(rows, 0), "");
    assert_string_equal(kt_tensor_text(rows, 1), "drei und vier");
    assert_string_equal(kt_tensor_text(flat, 1), ""); /* NULL is the empty text */
    assert_string_equal(kt_tensor_text(flat, 4), "\xe6\x97\xa5");
    kt_tensor_unref(rows);
    kt_tensor_unref(flat);
}

static void wrong_calls_are_told(void **state)
{
    (void)state;
    kt_tensor *t = kt_tensor_from_texts(words, KT_SHAPE(6)),
              *n = kt_tensor_new(KT_F32, KT_SHAPE(1));

    assert_null(kt_tensor_text(t, 6));
    assert_int_equal(kt_thread_error()->status, KT_E_INDEX);
    kt_clear_thread_error();
    assert_null(kt_tensor_text(t, -1));
    kt_clear_thread_error();
    assert_null(kt_tensor_text(n, 0));
    assert_int_equal(kt_thread_error()->status, KT_E_TYPE);
    kt_clear_thread_error();
    assert_null(kt_tensor_text(NULL, 0));
    kt_clear_thread_error();
    assert_null(kt_tensor_from_texts(NULL, KT_SHAPE(1)));
    kt_clear_thread_error();
    assert_null(kt_tensor_from_texts(words, KT_SHAPE(KT_UNKNOWN)));
    kt_clear_thread_error();
    kt_tensor_unref(t);
    kt_tensor_unref(n);
}

static void no_text_is_made_of_numbers(void **state)
{
    (void)state;
    int64_t    number = 0x4141414141414141;
    kt_tensor *t = kt_tensor_from_texts(words, KT_SHAPE(2)),
              *n = kt_tensor_new(KT_I64, KT_SHAPE(1));
    void *out = &number;

    assert_null(kt_tensor_from(&number, KT_STRING, KT_SHAPE(1)));
    assert_int_equal(kt_thread_error()->status, KT_E_TYPE);
    kt_clear_thread_error();
    assert_null(kt_tensor_cast(n, KT_STRING));
    assert_int_equal(kt_thread_error()->status, KT_E_TYPE);
    kt_clear_thread_error();
    assert_null(kt_tensor_cast(t, KT_F32));
    kt_clear_thread_error();
    kt_tensor_set(t, 0, 7);
    assert_string_equal(kt_tensor_text(t, 0), "one");
    assert_true(kt_tensor_get(t, 0) == 0);
    kt_convert(&number, KT_I64, out, KT_STRING, 1);
    assert_null(*(kt_text **)out);
    number = 5;
    kt_convert(t->data, KT_STRING, out, KT_I64, 1);
    assert_int_equal(number, 0);
    kt_tensor *empty = kt_tensor_new(KT_STRING, KT_SHAPE(2));
    assert_string_equal(kt_tensor_text(empty, 1), "");
    kt_tensor_unref(empty);
    kt_tensor_unref(t);
    kt_tensor_unref(n);
}

static void they_have_an_order(void **state)
{
    (void)state;
    kt_arena a = {0};
    kt_text *ab = kt_text_new(&a, "ab", 2), *abc = kt_text_new(&a, "abc", 3),
            *high = kt_text_new(&a, "\xc3\xa9", 2), *zero = kt_text_new(&a, "ab\0d", 4);

    assert_true(kt_text_compare(ab, abc) < 0 && kt_text_compare(abc, ab) > 0);
    assert_true(kt_text_compare(abc, high) < 0); /* bytes have no sign */
    assert_true(kt_text_compare(ab, zero) < 0 && !kt_text_equal(ab, zero));
    assert_true(kt_text_equal(ab, kt_text_new(&a, "ab", 2)));
    assert_true(kt_text_equal(NULL, kt_text_new(&a, "", 0)));
    kt_arena_free(&a);
}

static void lack_of_memory(void **state)
{
    (void)state;
    for (int64_t n = 1; n < 8; n++) {
        kt_alloc_fail_after(n);
        kt_tensor *t = kt_tensor_from_texts(words, KT_SHAPE(6));
        kt_alloc_fail_after(0);
        if (!t)
            assert_int_equal(kt_thread_error()->status, KT_E_MEMORY);
        kt_clear_thread_error();
        kt_tensor_unref(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_copied),     cmocka_unit_test(views_keep_them_alive),
        cmocka_unit_test(wrong_calls_are_told), cmocka_unit_test(no_text_is_made_of_numbers),
        cmocka_unit_test(they_have_an_order),   cmocka_unit_test(lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
