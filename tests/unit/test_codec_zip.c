/* test_codec_zip.c - zip archives and the .npz files in them: round trips, lies about sizes,
 * damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "codec/codec.h"
#include "support/damage.h"
#include "support/in_use.h"

#define LIMIT ((size_t)1 << 20)

static char path[] = "/tmp/keratin-test-XXXXXX";

/* By Python: a folder "d/", and an entry "a" of 2000 zeros, deflated. */
static const uint8_t deflated[] = {
    0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x21, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x64, 0x2f,
    0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x44, 0xf4,
    0xc9, 0x02, 0x11, 0x00, 0x00, 0x00, 0xd0, 0x07, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x61, 0x63,
    0x60, 0x18, 0x05, 0xa3, 0x60, 0x14, 0x8c, 0x82, 0x51, 0x30, 0x0a, 0x46, 0xc1, 0x50, 0x07, 0x00,
    0x50, 0x4b, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x21, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00, 0x64, 0x2f,
    0x50, 0x4b, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00,
    0x44, 0xf4, 0xc9, 0x02, 0x11, 0x00, 0x00, 0x00, 0xd0, 0x07, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x20, 0x00, 0x00, 0x00, 0x61, 0x50,
    0x4b, 0x05, 0x06, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x02, 0x00, 0x5f, 0x00, 0x00, 0x00, 0x50,
    0x00, 0x00, 0x00, 0x00, 0x00,
};
#define SIZE_AT 152 /* where the directory has the size of "a" */

static int make_file(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static kt_bytes contents(void)
{
    kt_bytes b;

    assert_int_equal(kt_file_read(path, &b, NULL), KT_OK);
    return b;
}

static void write_two(void)
{
    static uint8_t     text[] = "{\"class_name\": \"Sequential\"}";
    const kt_zip_entry entries[] = {
        {"config.json", {text, sizeof text - 1, false}, false},
        {"assets/\xc3\xa9.txt", {NULL, 0, false}, false},
    };
    kt_fault f = {0};

    assert_int_equal(kt_zip_write(path, entries, 2, &f), KT_OK);
}

static void round_trip(void **state)
{
    kt_zip_entry *e;
    int           n;
    kt_fault      f = {0};

    (void)state;
    write_two();
    kt_bytes b = contents();
    assert_int_equal(kt_zip_read("t.zip", b.data, b.size, LIMIT, &e, &n, &f), KT_OK);
    assert_int_equal(n, 2);
    assert_string_equal(e[0].name, "config.json");
    assert_memory_equal(e[0].bytes.data, "{\"class_name\"", 13);
    assert_int_equal(e[0].bytes.size, 28);
    assert_string_equal(e[1].name, "assets/\xc3\xa9.txt");
    assert_int_equal(e[1].bytes.size, 0);
    kt_zip_free(e, n);
    kt_bytes_free(&b);
}

static void a_name_stands_once(void **state)
{
    static uint8_t     text[] = "{}";
    const kt_zip_entry twice[] = {{"config.json", {text, sizeof text - 1, false}, false},
                                  {"config.json", {text, sizeof text - 1, false}, false}};
    kt_fault           f = {0};

    (void)state;
    remove(path);
    assert_int_equal(kt_zip_write(path, twice, 2, &f), KT_E_VALUE);
    assert_non_null(strstr(f.e.message, "'config.json' cannot be added: File already exists"));
    assert_int_not_equal(access(path, F_OK), 0);
    kt_fault_clear(&f);
}

/* libzip's own memory, which no count of ours sees. */
static void what_is_not_added_is_given_back(void **state)
{
    enum { TIMES = 100 };
    const kt_zip_entry twice[] = {{"a", {NULL, 0, false}, false}, {"a", {NULL, 0, false}, false}};
    size_t             before = 0;

    (void)state;
    for (int i = 0; i < 2 * TIMES; i++) {
        kt_fault f = {0};
        if (i == TIMES)
            before = bytes_in_use();
        assert_int_equal(kt_zip_write(path, twice, 2, &f), KT_E_VALUE);
        kt_fault_clear(&f);
    }
    assert_true(bytes_in_use() <= before + (size_t)16 * TIMES);
}

static void equal_contents_give_equal_files(void **state)
{
    (void)state;
    write_two();
    kt_bytes first = contents();
    sleep(2); /* the clock of zip steps by two seconds */
    write_two();
    kt_bytes second = contents();
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    kt_bytes_free(&first);
    kt_bytes_free(&second);
}

static void empty_archive(void **state)
{
    kt_zip_entry *e;
    int           n;
    kt_fault      f = {0};

    (void)state;
    assert_int_equal(kt_zip_write(path, NULL, 0, &f), KT_OK);
    kt_bytes b = contents();
    assert_int_equal(kt_zip_read("t.zip", b.data, b.size, LIMIT, &e, &n, &f), KT_OK);
    assert_int_equal(n, 0);
    kt_zip_free(e, n);
    kt_bytes_free(&b);
}

static void too_much_is_refused(void **state)
{
    kt_zip_entry *e;
    int           n;
    kt_fault      f = {0};

    (void)state;
    write_two();
    kt_bytes b = contents();
    assert_int_equal(kt_zip_read("t.zip", b.data, b.size, 27, &e, &n, &f), KT_E_VALUE);
    assert_non_null(strstr(f.e.message, "'t.zip' holds more data than allowed"));
    assert_null(e);
    kt_fault_clear(&f);
    kt_bytes_free(&b);
}

static void deflated_entries(void **state)
{
    kt_zip_entry *e;
    int           n;
    kt_fault      f = {0};

    (void)state;
    assert_int_equal(kt_zip_read("t.zip", deflated, sizeof deflated, LIMIT, &e, &n, &f), KT_OK);
    assert_int_equal(n, 1); /* without the folder */
    assert_int_equal(e[0].bytes.size, 2000);
    assert_int_equal(e[0].bytes.data[1999], 0);
    kt_zip_free(e, n);
}

static void lies_about_sizes_are_refused(void **state)
{
    static const uint32_t lies[] = {0, 1999, 2001, 100000000, UINT32_MAX - 1};
    uint8_t               file[sizeof deflated];
    kt_fault              f = {0};
    kt_zip_entry         *e;
    int                   n;

    (void)state;
    for (size_t i = 0; i < KT_COUNT(lies); i++) {
        memcpy(file, deflated, sizeof deflated);
        for (int k = 0; k < 4; k++)
            file[SIZE_AT + k] = (uint8_t)(lies[i] >> 8 * k);
        kt_status s = kt_zip_read("t.zip", file, sizeof file, SIZE_MAX, &e, &n, &f);
        assert_int_equal(s, KT_E_VALUE);
        kt_fault_clear(&f);
    }
}

static kt_status read_zip(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_zip_entry *e;
    int           n;
    kt_status     s = kt_zip_read("damaged", data, size, LIMIT, &e, &n, f);

    kt_zip_free(e, n);
    return s;
}

static kt_status read_npz(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_array *a;
    int       n;
    kt_status s = kt_npz_read("damaged", data, size, &a, &n, f);

    kt_arrays_free(a, n);
    return s;
}

static void damaged_zip(void **state)
{
    (void)state;
    write_two();
    kt_bytes b = contents();
    assert_int_equal(damage_cut(read_zip, b.data, b.size), -1);
    assert_in_range(damage_flip(read_zip, b.data, b.size, 8), 1, 8 * (long)b.size - 28 * 8);
    assert_in_range(damage_memory(read_zip, b.data, b.size), 4, 100);
    kt_bytes_free(&b);
}

/* --- entries that stay where they are --------------------------------------------------------- */

static size_t any_size(const char *entry)
{
    return entry ? LIMIT : 0;
}

static kt_status read_wanted(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_zip_entry *e;
    int           n;
    kt_status     s = kt_zip_read_wanted("damaged", data, size, LIMIT, any_size, &e, &n, f);

    for (int i = 0; i < n; i++) /* what is in place is all there */
        for (size_t k = 0; k < e[i].bytes.size; k++)
            assert_true(e[i].bytes.data[k] <= 255);
    kt_zip_free(e, n);
    return s;
}

static void stored_entries_are_not_copied(void **state)
{
    kt_zip_entry *e;
    int           n;
    kt_fault      f = {0};

    (void)state;
    write_two();
    kt_bytes b = contents();
    assert_int_equal(kt_zip_read_wanted("t.zip", b.data, b.size, LIMIT, any_size, &e, &n, &f),
                     KT_OK);
    assert_int_equal(n, 2);
    assert_int_equal(e[0].bytes.size, 28);
    assert_memory_equal(e[0].bytes.data, "{\"class_name\": \"Sequential\"}", 28);
    if (KERATIN_ZLIB) {
        assert_true(e[0].borrowed);
        assert_true(e[0].bytes.data > b.data && e[0].bytes.data < b.data + b.size);
    }
    size_t at = (size_t)(e[0].bytes.data - b.data);
    bool   here = e[0].borrowed;
    kt_zip_free(e, n);
    if (here) { /* a checksum that is not theirs: libzip reads them, and refuses */
        uint8_t *own = malloc(b.size);
        assert_non_null(own);
        memcpy(own, b.data, b.size);
        own[at] ^= 1;
        assert_int_equal(read_wanted(own, b.size, &f), KT_E_VALUE);
        assert_non_null(strstr(f.e.message, "'config.json' is damaged"));
        kt_fault_clear(&f);
        free(own);
    }
    assert_int_equal(
        kt_zip_read_wanted("t.zip", deflated, sizeof deflated, LIMIT, any_size, &e, &n, &f), KT_OK);
    assert_false(e[0].borrowed);
    assert_int_equal(e[0].bytes.size, 2000);
    kt_zip_free(e, n);
    assert_int_equal(damage_cut(read_wanted, b.data, b.size), -1);
    assert_in_range(damage_flip(read_wanted, b.data, b.size, 8), 1, 8 * (long)b.size - 28 * 8);
    assert_in_range(damage_memory(read_wanted, b.data, b.size), 3, 100);
    kt_bytes_free(&b);
}

static void write_arrays(void)
{
    static float   x[] = {1, 2, 3, 4, 5, 6};
    static int64_t k[] = {-7};
    static char    name[] = "x";
    const kt_array arrays[] = {
        {.name = name, .type = 'f', .item = 4, .rank = 2, .dim = {2, 3}, .data = x},
        {.type = 'i', .item = 8, .rank = 0, .data = k},
    };
    kt_fault f = {0};

    assert_int_equal(kt_npz_write(path, arrays, 2, &f), KT_OK);
}

static void npz_round_trip(void **state)
{
    kt_array *a;
    int       n;
    kt_fault  f = {0};

    (void)state;
    write_arrays();
    kt_bytes b = contents();
    assert_int_equal(kt_npz_read("t.npz", b.data, b.size, &a, &n, &f), KT_OK);
    assert_int_equal(n, 2);
    assert_string_equal(a[0].name, "x");
    assert_string_equal(a[1].name, "arr_1"); /* as numpy.savez names what has no name */
    assert_int_equal(a[0].rank, 2);
    assert_true(((float *)a[0].data)[5] == 6);
    assert_int_equal(a[1].rank, 0);
    assert_int_equal(*(int64_t *)a[1].data, -7);
    kt_arrays_free(a, n);
    kt_bytes_free(&b);
}

static void npz_names_the_member(void **state)
{
    static uint8_t     junk[] = "junk";
    const kt_zip_entry entry = {"x.npy", {junk, 4, false}, false};
    kt_fault           f = {0};

    (void)state;
    assert_int_equal(kt_zip_write(path, &entry, 1, &f), KT_OK);
    kt_bytes b = contents();
    assert_int_equal(read_npz(b.data, b.size, &f), KT_E_VALUE);
    assert_non_null(strstr(f.e.message, "'damaged:x.npy'"));
    kt_fault_clear(&f);
    kt_bytes_free(&b);
}

static void damaged_npz(void **state)
{
    (void)state;
    write_arrays();
    kt_bytes b = contents();
    assert_int_equal(damage_cut(read_npz, b.data, b.size), -1);
    assert_in_range(damage_flip(read_npz, b.data, b.size, 4), 1, 4 * (long)b.size);
    assert_in_range(damage_memory(read_npz, b.data, b.size), 8, 100);
    kt_bytes_free(&b);
}

static void without_libzip(void **state)
{
    kt_fault f = {0};

    (void)state;
    assert_int_equal(read_npz((const uint8_t *)"PK", 2, &f), KT_E_NOT_IMPLEMENTED);
    assert_non_null(strstr(f.e.message, "libzip"));
    kt_fault_clear(&f);
}

int main(void)
{
    const struct CMUnitTest with[] = {
        cmocka_unit_test(round_trip),         cmocka_unit_test(equal_contents_give_equal_files),
        cmocka_unit_test(a_name_stands_once), cmocka_unit_test(what_is_not_added_is_given_back),
        cmocka_unit_test(empty_archive),      cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(deflated_entries),   cmocka_unit_test(lies_about_sizes_are_refused),
        cmocka_unit_test(damaged_zip),        cmocka_unit_test(stored_entries_are_not_copied),
        cmocka_unit_test(npz_round_trip),     cmocka_unit_test(npz_names_the_member),
        cmocka_unit_test(damaged_npz),
    };
    const struct CMUnitTest without[] = {cmocka_unit_test(without_libzip)};
    return KERATIN_ZIP ? cmocka_run_group_tests(with, make_file, remove_file)
                       : cmocka_run_group_tests(without, NULL, NULL);
}
