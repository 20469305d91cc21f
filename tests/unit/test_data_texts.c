/* test_data_texts.c - texts out of files: NumPy's 'U' and 'S' of any order, lines, columns of
 * tables; and into .npy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/data.h"
#include "keratin/io.h"

/* What kt_data_load makes of these bytes in a file of this ending. */
static kt_data *loaded(const void *bytes, size_t size, const char *ending, bool csv, bool texts)
{
    char unique[] = "/tmp/keratin-texts-XXXXXX", path[64];
    int  fd = mkstemp(unique);

    close(fd);
    unlink(unique);
    snprintf(path, sizeof path, "%s%s", unique, ending);
    kt_fault f = {0};
    assert_int_equal(kt_file_write(path, bytes, size, &f), KT_OK);
    kt_data *d = csv ? kt_data_load(.csv = path, .target = "y", .texts = texts)
                     : kt_data_load(.x = path, .texts = texts);
    unlink(path);
    return d;
}

/* A .npy: header as given, then these bytes. */
static kt_data *npy(const char *descr, const char *order, const char *shape, const void *bytes,
                    size_t size)
{
    char   file[1024] = "\x93NUMPY\x01";
    char  *dict = file + 10;
    size_t n = (size_t)snprintf(dict, 500, "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n",
                                descr, order, shape);

    file[8] = (char)n;
    memcpy(dict + n, bytes, size);
    return loaded(file, 10 + n + size, ".npy", false, false);
}

static void same(kt_data *d, int rank, int64_t rows, const char *const *want, int n)
{
    kt_tensor *t = kt_data_x(d, 0);

    if (kt_data_error(d))
        fail_msg("%s", kt_data_error(d)->message);
    assert_non_null(t);
    assert_int_equal(kt_tensor_dtype(t), KT_STRING);
    assert_int_equal(kt_tensor_shape(t)->rank, rank);
    assert_int_equal(kt_tensor_shape(t)->dim[0], rows);
    assert_int_equal(kt_tensor_count(t), n);
    for (int i = 0; i < n; i++)
        assert_string_equal(kt_tensor_text(t, i), want[i]);
    kt_data_free(d);
}

static void arrays_of_characters(void **state)
{
    (void)state;
    const uint32_t two[] = {'a', 'b', 0xe9, 0, 0x65e5, 0x1f600, 0xd800, 0x110000};
    uint32_t       swapped[8];
    const char    *want[] = {"ab", "\xc3\xa9", "\xe6\x97\xa5\xf0\x9f\x98\x80",
                             "\xef\xbf\xbd\xef\xbf\xbd"};
    const char    *columns[] = {"ab", "\xe6\x97\xa5\xf0\x9f\x98\x80", "\xc3\xa9",
                                "\xef\xbf\xbd\xef\xbf\xbd"};

    for (int i = 0; i < 8; i++)
        swapped[i] = __builtin_bswap32(two[i]);
    same(npy("<U2", "False", "(4,)", two, sizeof two), 1, 4, want, 4);
    same(npy(">U2", "False", "(4,)", swapped, sizeof swapped), 1, 4, want, 4);
    same(npy("<U2", "True", "(2, 2)", two, sizeof two), 2, 2, columns, 4);
}

static void arrays_of_bytes(void **state)
{
    (void)state;
    const char *want[] = {"abc", "", "\xff"};

    same(npy("|S3", "False", "(3,)", "abc\0\0\0\xff\0\0", 9), 1, 3, want, 3);
}

static void refused(kt_data *d, const char *words)
{
    assert_non_null(kt_data_error(d));
    if (!strstr(kt_data_error(d)->message, words))
        fail_msg("%s", kt_data_error(d)->message);
    kt_data_free(d);
}

static void broken_arrays(void **state)
{
    (void)state;
    refused(npy("<U2", "False", "(3,)", "12345678", 8), "ends before its shape");
    refused(npy("<U0", "False", "(3,)", "", 0), "elements of type");
    refused(npy("<U99999999999", "False", "(0,)", "", 0), "elements of type");
    refused(npy("<Ux", "False", "(0,)", "", 0), "elements of type");
    refused(npy("|O", "False", "(1,)", "12345678", 8), "elements of type '|O'");
}

static void a_text_on_each_line(void **state)
{
    (void)state;
    const char *want[] = {"a, b", "", "  c\xff", "d"}, *one[] = {"1,2"};
    const char  text[] = "a, b\n\r\n  c\xff\nd";

    same(loaded(text, sizeof text - 1, ".txt", false, true), 2, 4, want, 4);
    same(loaded("a, b\n\n  c\xff\nd\n", 13, "", false, true), 2, 4, want, 4);
    same(loaded("1,2\n", 4, ".txt", false, true), 2, 1, one, 1);
    kt_data *d = loaded("", 0, ".txt", false, true);
    assert_int_equal(kt_tensor_count(kt_data_x(d, 0)), 0);
    kt_data_free(d);
    d = loaded("1,2\n", 4, ".txt", false, false); /* a table, where no texts are asked for */
    assert_int_equal(kt_tensor_dtype(kt_data_x(d, 0)), KT_F32);
    kt_data_free(d);
    d = loaded("1,2\n3,4\n", 8, ".csv", false, true); /* a table by its name: of texts */
    assert_int_equal(kt_tensor_dtype(kt_data_x(d, 0)), KT_STRING);
    assert_int_equal(kt_tensor_count(kt_data_x(d, 0)), 4);
    kt_data_free(d);
}

static void columns_of_tables(void **state)
{
    (void)state;
    const char *want[] = {"good, very", "x", "12", "y", "good, very", "x"};
    const char  text[] = "review,who,y\n\"good, very\",x,yes\n12,y,no\n\"good, very\",x,no\n";
    kt_data    *d = loaded(text, sizeof text - 1, ".csv", true, true);

    if (kt_data_error(d))
        fail_msg("%s", kt_data_error(d)->message);
    assert_int_equal(kt_tensor_dtype(kt_data_y(d, 0)), KT_I32);
    assert_true(kt_tensor_get(kt_data_y(d, 0), 0) == 1); /* no, yes */
    assert_int_equal(kt_legend_words(kt_data_legend(d), true, 0), 2);
    assert_int_equal(kt_legend_words(kt_data_legend(d), false, 0), 0);
    same(d, 2, 3, want, 6);
    refused(loaded("a,y\nx,1\n,0\n", 11, ".csv", true, true), "missing");
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    const char *list[] = {"ab", "\xf0\x9f\x98\x80", "", "\xc3", "d"},
               *want[] = {"ab", "\xf0\x9f\x98\x80", "", "\xef\xbf\xbd", "d"};
    char       path[] = "/tmp/keratin-texts-XXXXXX.npy";
    kt_tensor *t = kt_tensor_from_texts(list, KT_SHAPE(5, 1));

    close(mkstemps(path, 4));
    assert_int_equal(kt_tensor_save(t, path), KT_OK);
    kt_tensor_unref(t);
    same(kt_data_load(.x = path), 2, 5, want, 5);
    unlink(path);
}

static void rows_are_shuffled_with_their_texts(void **state)
{
    (void)state;
    const char *list[] = {"0", "1", "2", "3", "4", "5", "6", "7"};
    kt_tensor *t = kt_tensor_from_texts(list, KT_SHAPE(8)), *y = kt_tensor_new(KT_I32, KT_SHAPE(8));
    kt_data   *d = kt_data_new();
    bool       moved = false;

    for (int i = 0; i < 8; i++)
        kt_tensor_set(y, i, i);
    kt_data_add_x(d, "", t);
    kt_data_add_y(d, "", y);
    kt_tensor_unref(t); /* the data have them now, and shuffling makes others */
    kt_tensor_unref(y);
    assert_int_equal(kt_data_shuffle(d), KT_OK);
    for (int i = 0; i < 8; i++) {
        int k = (int)kt_tensor_get(kt_data_y(d, 0), i);
        assert_string_equal(kt_tensor_text(kt_data_x(d, 0), i), list[k]);
        moved = moved || k != i;
    }
    assert_true(moved);
    kt_data_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_of_characters),
        cmocka_unit_test(arrays_of_bytes),
        cmocka_unit_test(broken_arrays),
        cmocka_unit_test(a_text_on_each_line),
        cmocka_unit_test(columns_of_tables),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(rows_are_shuffled_with_their_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
