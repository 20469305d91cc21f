/* test_codec_npy.c - .npy: every order and type to C order and native numbers, and back as NumPy
 * writes it. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "codec/codec.h"
#include "tensor/tensor.h"
#include "keratin/keratin.h"
#include "support/damage.h"

/* A file of format 1.0 with this header dict (as it stands) and data. */
static size_t make(uint8_t *out, const char *dict, const void *data, size_t n)
{
    size_t length = strlen(dict) + 1;

    memcpy(out, "\x93NUMPY\x01\x00", 8);
    out[8] = (uint8_t)length;
    out[9] = (uint8_t)(length >> 8);
    memcpy(out + 10, dict, length - 1);
    out[9 + length] = '\n';
    if (n > 0)
        memcpy(out + 10 + length, data, n);
    return 10 + length + n;
}

static kt_status read_made(const char *dict, const void *data, size_t n, kt_array *a, kt_fault *f)
{
    uint8_t file[1024];

    return kt_npy_read("t.npy", file, make(file, dict, data, n), a, f);
}

static void assert_refused(const char *dict, const void *data, size_t n, const char *part)
{
    kt_fault f = {0};
    kt_array a;

    assert_int_equal(read_made(dict, data, n, &a, &f), KT_E_VALUE);
    if (!strstr(f.e.message, part) || !strstr(f.e.message, "t.npy"))
        fail_msg("'%s' does not say '%s'", f.e.message, part);
    assert_null(a.data);
    kt_fault_clear(&f);
}

static void fortran_order_and_big_endian(void **state)
{
    static const uint8_t columns[] = {0, 1, 0, 4, 0, 2,
                                      0, 5, 0, 3, 1, 6}; /* [[1, 2, 3], [4, 5, 262]] */
    static const int16_t want[] = {1, 2, 3, 4, 5, 262};
    kt_fault             f = {0};
    kt_array             a;

    (void)state;
    assert_int_equal(read_made("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }",
                               columns, sizeof columns, &a, &f),
                     KT_OK);
    assert_int_equal(a.type, 'i');
    assert_int_equal(a.item, 2);
    assert_int_equal(a.rank, 2);
    assert_int_equal(a.dim[1], 3);
    assert_memory_equal(a.data, want, sizeof want);
    kt_array_free(&a);
}

static void half_is_widened(void **state)
{
    static const uint8_t bits[] = {0x00, 0x3C, 0x00, 0xC0, 0xFF, 0x7B,
                                   0x01, 0x00, 0x00, 0xFC, 0x00, 0x80};
    static const float   want[] = {1, -2, 65504, 0x1p-24f, -1.0f / 0.0f, -0.0f};
    kt_fault             f = {0};
    kt_array             a;

    (void)state;
    assert_int_equal(read_made("{'shape': (6,), 'descr': '<f2', 'fortran_order': False}", bits,
                               sizeof bits, &a, &f),
                     KT_OK);
    assert_int_equal(a.item, 4);
    assert_memory_equal(a.data, want, sizeof want);
    kt_array_free(&a);
}

static void bools_are_0_or_1(void **state)
{
    static const uint8_t in[] = {0, 1, 255}, want[] = {0, 1, 1};
    kt_fault             f = {0};
    kt_array             a;

    (void)state;
    assert_int_equal(read_made("{\"descr\": \"|b1\", \"fortran_order\": False, \"shape\": (3L,)}",
                               in, 3, &a, &f),
                     KT_OK);
    assert_int_equal(a.type, 'b');
    assert_memory_equal(a.data, want, 3);
    kt_array_free(&a);
}

static void odd_headers_are_refused(void **state)
{
    static const uint8_t x[64];

    (void)state;
    assert_refused("{'descr': '<f4', 'fortran_order': False, 'shape': (5, 4)}", x, 64, "shape");
    assert_refused("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", x, 64, "'<c8'");
    assert_refused("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", x, 64, "'|O'");
    assert_refused("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", x, 64,
                   "structured");
    assert_refused("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", x, 64, "fortran_order");
    assert_refused("{'descr': '<f4', 'fortran_order': False}", x, 64, "lacks");
    assert_refused("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1)}",
                   x, 64, "8 axes");
    assert_refused("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", x, 64, "shape");
    assert_refused("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", x,
                   64, "shape");
    assert_refused(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4294967296)}",
        x, 64, "shape");
    assert_refused("{'descr': '<f2', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4)}",
                   x, 64, "shape");
    assert_refused("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}", x, 64,
                   "damaged");
    assert_refused("('descr')", x, 64, "dict");
}

static kt_array example(float *x, int rank)
{
    kt_array a = {.type = 'f', .item = 4, .rank = rank, .dim = {2, 3}, .data = x};

    for (int i = 0; i < 6; i++)
        x[i] = (float)i;
    return a;
}

static void prints_as_numpy(void **state)
{
    float    x[6];
    kt_array a = example(x, 2);
    kt_str   s = {0};

    (void)state;
    assert_int_equal(kt_npy_print(&a, &s, NULL), KT_OK);
    assert_int_equal(s.len, 128 + 24);
    assert_memory_equal(s.data, "\x93NUMPY\x01\x00\x76\x00", 10);
    assert_memory_equal(s.data + 10,
                        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   ", 62);
    assert_int_equal(s.data[127], '\n');
    assert_memory_equal(s.data + 128, x, 24);
    kt_str_free(&s);
    a.rank = 1;
    assert_int_equal(kt_npy_print(&a, &s, NULL), KT_OK);
    assert_non_null(strstr(s.data + 10, "'shape': (2,), }"));
    kt_str_free(&s);
    a.rank = 0;
    assert_int_equal(kt_npy_print(&a, &s, NULL), KT_OK);
    assert_non_null(strstr(s.data + 10, "'shape': (), }"));
    kt_str_free(&s);
}

/* A file whose numbers start at a certain byte. */
static kt_bytes bytes_of(const char *dict, int start, const void *data, size_t n)
{
    uint8_t file[1024];
    char    padded[256];

    snprintf(padded, sizeof padded, "%-*s", start - 11, dict);
    size_t   size = make(file, padded, data, n);
    kt_bytes b = {.data = kt_alloc(size), .size = size};

    memcpy(b.data, file, size);
    return b;
}

/* An array that is read and one that is taken are equal; taken: its bytes are those of the file. */
static void assert_taken(const char *dict, int start, const void *data, size_t n, bool taken)
{
    kt_bytes    b = bytes_of(dict, start, data, n);
    const void *file = b.data;
    kt_array    a, copy;

    assert_int_equal(kt_npy_read("t.npy", b.data, b.size, &copy, NULL), KT_OK);
    assert_int_equal(kt_npy_take("t.npy", &b, &a, NULL), KT_OK);
    assert_int_equal(b.data == NULL, taken);
    assert_int_equal(a.bytes.data == file, taken);
    assert_true(a.type == copy.type && a.item == copy.item && a.rank == copy.rank);
    assert_int_equal(kt_array_count(&a), kt_array_count(&copy));
    assert_memory_equal(a.data, copy.data, (size_t)kt_array_count(&a) * (size_t)a.item);
    kt_array_free(&copy);
    kt_array_free(&a);
    kt_bytes_free(&b);
}

static void numbers_stay_where_they_lie(void **state)
{
    static const float   f[4] = {1, 2, 3, 4};
    static const uint8_t u[8] = {1, 0, 1, 7};
    static const struct {
        const char *dict;
        int         start; /* of the numbers */
        const void *data;
        size_t      n;
        bool        taken;
    } rows[] = {
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}", 128, f, 16, true},
        {"{'descr': '<f4', 'fortran_order': True, 'shape': (4,)}", 128, f, 16, true},
        {"{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2)}", 128, f, 16, false},
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (2, 2)}", 128, f, 16, false},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (4,)}", 128, u, 8, false},
        {"{'descr': '|b1', 'fortran_order': False, 'shape': (4,)}", 128, u, 4, false},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (4,)}", 127, u, 4, true},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}", 126, f, 16, false},
    };
    kt_fault fault = {0};
    kt_array a;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_taken(rows[i].dict, rows[i].start, rows[i].data, rows[i].n, rows[i].taken);
    kt_bytes short_of_one = bytes_of(rows[0].dict, 128, f, 12);
    assert_int_equal(kt_npy_take("t.npy", &short_of_one, &a, &fault), KT_E_VALUE);
    assert_non_null(short_of_one.data);
    assert_null(a.data);
    kt_bytes_free(&short_of_one);
    kt_fault_clear(&fault);
}

/* Mapped data are those of the file, and writing to them leaves the file as it is. */
static void mapped_data(void **state)
{
    char       path[] = "mapped-XXXXXX";
    int        fd = mkstemp(path);
    kt_tensor *t = kt_tensor_from((const float[]){1, 2, 3}, KT_F32, KT_SHAPE(3));

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(kt_tensor_save(t, path), KT_OK);
    for (int i = 0; i < 3; i++) {
        kt_data   *d = kt_data_load(.x = path, .mapped = i < 2);
        kt_tensor *x = kt_data_x(d, 0), *rows = kt_tensor_rows(x, 1, 3);
        kt_data_free(d);
        assert_true(kt_tensor_get(rows, 0) == 2 && kt_tensor_get(rows, 1) == 3);
        kt_tensor_set(rows, 0, 9);
        assert_true(kt_tensor_get(rows, 0) == 9);
        kt_tensor_unref(rows);
    }
    unlink(path);
    kt_data *gone = kt_data_load(.x = path, .mapped = true);
    assert_string_equal(kt_data_error(gone)->type, "FileNotFoundError");
    kt_data_free(gone);
    kt_tensor_unref(t);
}

static kt_status read_npy(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_array  a;
    kt_status s = kt_npy_read("damaged", data, size, &a, f);

    kt_array_free(&a);
    return s;
}

static void damage(void **state)
{
    float    x[6];
    kt_array a = example(x, 2);
    kt_str   s = {0};

    (void)state;
    assert_int_equal(kt_npy_print(&a, &s, NULL), KT_OK);
    const uint8_t *data = (const uint8_t *)s.data;
    assert_int_equal(damage_cut(read_npy, data, s.len), -1);
    assert_in_range(damage_flip(read_npy, data, s.len, 8), 24 * 8, (long)s.len * 8 - 200);
    assert_int_equal(damage_memory(read_npy, data, s.len), 1);
    kt_str_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fortran_order_and_big_endian),
        cmocka_unit_test(half_is_widened),
        cmocka_unit_test(bools_are_0_or_1),
        cmocka_unit_test(odd_headers_are_refused),
        cmocka_unit_test(prints_as_numpy),
        cmocka_unit_test(numbers_stay_where_they_lie),
        cmocka_unit_test(mapped_data),
        cmocka_unit_test(damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
