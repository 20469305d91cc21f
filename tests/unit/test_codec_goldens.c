/* test_codec_goldens.c - every file that real Keras and NumPy wrote for the golden cases can be
 * read whole. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/codec.h"

typedef void file_test(const char *path, const kt_bytes *b);

static int visited;

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n >= m && strcmp(name + n - m, end) == 0;
}

/* Calls test on each file below the folder whose name ends so. */
static void each(const char *folder, const char *end, file_test *test)
{
    DIR           *d = opendir(folder);
    struct dirent *e;

    if (!d)
        return;
    while ((e = readdir(d))) {
        kt_str   path = {0};
        kt_bytes b;

        kt_str_printf(&path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.' && ends_with(e->d_name, end)) {
            assert_int_equal(kt_file_read(path.data, &b, NULL), KT_OK);
            test(path.data, &b);
            kt_bytes_free(&b);
            visited++;
        } else if (e->d_name[0] != '.') {
            each(path.data, end, test);
        }
        kt_str_free(&path);
    }
    closedir(d);
}

static void each_below(const char *folder, const char *end, file_test *test)
{
    kt_str path = {0};

    visited = 0;
    kt_str_printf(&path, "%s/%s", getenv("KERATIN_SHARED"), folder);
    each(path.data, end, test);
    kt_str_free(&path);
    assert_true(visited > 0);
}

static void ok(kt_status s, const kt_fault *f)
{
    if (s != KT_OK)
        fail_msg("%s", f->e.message);
}

static void test_json(const char *path, const kt_bytes *b)
{
    kt_arena    a = {0};
    kt_fault    f = {0};
    kt_str      once = {0};
    const char *p = (const char *)b->data, *end = p + b->size;

    while (p < end) { /* one value per line in .jsonl files, else one value */
        const char     *stop = ends_with(path, "l") ? memchr(p, '\n', (size_t)(end - p)) : NULL;
        size_t          n = (size_t)((stop ? stop : end) - p);
        const kt_value *v = kt_json_parse(path, p, n, &a, &f);
        ok(f.e.status, &f);
        once.len = 0;
        kt_json_print(&once, v, -1);
        assert_true(kt_value_equal(v, kt_json_parse("printed", once.data, once.len, &a, &f)));
        p += n + 1;
    }
    kt_str_free(&once);
    kt_arena_free(&a);
}

static void test_npz(const char *path, const kt_bytes *b)
{
    kt_fault  f = {0};
    kt_array *arrays;
    int       n;

    ok(kt_npz_read(path, b->data, b->size, &arrays, &n, &f), &f);
    kt_arrays_free(arrays, n);
}

static void test_object(kt_h5 *h, const char *path)
{
    kt_arena     a = {0};
    kt_fault     f = {0};
    kt_array     array;
    const char **names;
    int          n;

    ok(kt_h5_attr_texts(h, path, "name", &a, &names, &n, &f), &f);
    if (kt_h5_list(h, path, &a, &names, &n, NULL) == KT_OK) {
        for (int i = 0; i < n; i++)
            test_object(h, kt_arena_printf(&a, "%s/%s", path, names[i]));
    } else {
        ok(kt_h5_read(h, path, &array, &f), &f);
        assert_int_equal(kt_array_count(&array) * array.item, array.bytes.size);
        kt_array_free(&array);
    }
    kt_arena_free(&a);
}

static void test_hdf5(const char *path, const kt_bytes *b)
{
    kt_fault f = {0};
    kt_h5   *h = kt_h5_open(path, b->data, b->size, &f);

    ok(f.e.status, &f);
    test_object(h, "");
    ok(kt_h5_close(h, NULL, &f), &f);
}

static void test_legacy(const char *path, const kt_bytes *b)
{
    kt_arena     a = {0};
    kt_fault     f = {0};
    kt_h5       *h = kt_h5_open(path, b->data, b->size, &f);
    const char **names;
    int          n;

    ok(f.e.status, &f);
    const char *config = kt_h5_attr_text(h, "", "model_config", &a, &f);
    ok(f.e.status, &f);
    assert_non_null(kt_json_parse(path, config, strlen(config), &a, &f));
    ok(kt_h5_attr_texts(h, "model_weights", "layer_names", &a, &names, &n, &f), &f);
    assert_true(n > 0);
    test_object(h, "");
    ok(kt_h5_close(h, NULL, &f), &f);
    kt_arena_free(&a);
}

static void test_keras(const char *path, const kt_bytes *b)
{
    kt_fault      f = {0};
    kt_arena      a = {0};
    kt_zip_entry *e;
    int           n, found = 0;

    ok(kt_zip_read(path, b->data, b->size, (size_t)1 << 30, &e, &n, &f), &f);
    for (int i = 0; i < n; i++) {
        if (strcmp(e[i].name, "model.weights.h5") == 0)
            found++, test_hdf5(path, &e[i].bytes);
        else if (ends_with(e[i].name, ".json"))
            found++, test_json(path, &e[i].bytes);
    }
    assert_int_equal(found, 3);
    kt_zip_free(e, n);
    kt_arena_free(&a);
}

static void test_csv(const char *path, const kt_bytes *b)
{
    kt_fault f = {0};
    kt_csv   csv;

    ok(kt_csv_open(path, (const char *)b->data, b->size, NULL, &csv, &f), &f);
    csv.header = kt_csv_guess_header(&csv) > 0;
    for (int c = 0; c < csv.cols; c++)
        ok(kt_csv_settle(&csv, c, &f), &f);
    ok(kt_csv_fill(&csv, &f), &f);
    assert_true(csv.rows > 100 && csv.cols > 1);
    kt_csv_free(&csv);
}

static void test_idx(const char *path, const kt_bytes *b)
{
    kt_fault f = {0};
    kt_array a;

    ok(kt_idx_read(path, b->data, b->size, &a, &f), &f);
    assert_int_equal(a.dim[0], 10000);
    kt_array_free(&a);
}

static void json(void **state)
{
    (void)state;
    each_below("goldens", ".json", test_json);
    each_below("goldens", ".jsonl", test_json);
}

static void npz(void **state)
{
    (void)state;
    each_below("goldens", ".npz", test_npz);
}

static void legacy(void **state)
{
    (void)state;
    each_below("goldens", ".h5", test_legacy);
}

static void keras(void **state)
{
    (void)state;
    each_below("goldens", ".keras", test_keras);
}

static void tables(void **state)
{
    (void)state;
    each_below("data/csv", ".csv", test_csv);
}

static void images(void **state)
{
    (void)state;
    each_below("data/mnist", ".gz", test_idx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json),  cmocka_unit_test(npz),    cmocka_unit_test(legacy),
        cmocka_unit_test(keras), cmocka_unit_test(tables), cmocka_unit_test(images),
    };

    if (!getenv("KERATIN_SHARED") || !KERATIN_JANSSON || !KERATIN_ZIP || !KERATIN_ZLIB ||
        !KERATIN_HDF5)
        return 77; /* skipped: there are no golden cases, or no library to read them */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
