/* test_codec_hdf5.c - HDF5: round trips, what other writers make, links out of the file, damage. */
#include <math.h>
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
#include "support/test_file.h"

/* --- helpers ---------------------------------------------------------------------------------- */

static void ok(kt_status s, const kt_fault *f)
{
    if (s != KT_OK)
        fail_msg("%s", f->e.message);
}

static kt_bytes make_image(void (*fill)(kt_h5 *h, kt_fault *f))
{
    kt_fault f = {0};
    kt_h5   *h = kt_h5_create(&f);
    kt_bytes image;

    ok(f.e.status, &f);
    fill(h, &f);
    ok(f.e.status, &f);
    ok(kt_h5_close(h, &image, &f), &f);
    assert_true(image.size > 0);
    return image;
}

static kt_h5 *open_image(const kt_bytes *image)
{
    kt_fault f = {0};
    kt_h5   *h = kt_h5_open("t.h5", image->data, image->size, &f);

    ok(f.e.status, &f);
    assert_non_null(h);
    return h;
}

/* A seed of the fuzzer: written by h5py. */
static kt_bytes seed(const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "fuzz/seeds/hdf5/%s", name);
    return test_file(path);
}

/* --- round trips ------------------------------------------------------------------------------ */

static float   matrix[] = {1, 2, 3, 4, 5, NAN};
static double  scalar[] = {3.5};
static int64_t longs[] = {INT64_MIN, INT64_MAX};
static uint8_t bytes[] = {0, 1, 255};
static uint8_t flags[] = {0, 1, 1};

static const struct {
    const char *path;
    kt_array    array;
} sets[] = {
    {"layers/dense/vars/0", {.type = 'f', .item = 4, .rank = 2, .dim = {2, 3}, .data = matrix}},
    {"layers/dense/vars/1", {.type = 'f', .item = 8, .rank = 0, .data = scalar}},
    {"longs", {.type = 'i', .item = 8, .rank = 1, .dim = {2}, .data = longs}},
    {"bytes", {.type = 'u', .item = 1, .rank = 3, .dim = {1, 3, 1}, .data = bytes}},
    {"flags", {.type = 'b', .item = 1, .rank = 1, .dim = {3}, .data = flags}},
    {"empty", {.type = 'f', .item = 4, .rank = 2, .dim = {0, 3}, .data = NULL}},
};

static void fill_sets(kt_h5 *h, kt_fault *f)
{
    for (size_t i = 0; i < KT_COUNT(sets); i++)
        ok(kt_h5_write(h, sets[i].path, &sets[i].array, f), f);
}

static void arrays_round_trip(void **state)
{
    kt_bytes image = make_image(fill_sets);
    kt_h5   *h = open_image(&image);
    kt_fault f = {0};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(sets); i++) {
        const kt_array *want = &sets[i].array;
        kt_array        a;
        ok(kt_h5_read(h, sets[i].path, &a, &f), &f);
        assert_int_equal(a.type, want->type);
        assert_int_equal(a.item, want->item);
        assert_int_equal(a.rank, want->rank);
        assert_memory_equal(a.dim, want->dim, sizeof a.dim);
        if (a.bytes.size > 0)
            assert_memory_equal(a.data, want->data, a.bytes.size);
        kt_array_free(&a);
    }
    ok(kt_h5_close(h, NULL, &f), &f);
    kt_bytes_free(&image);
}

static void groups_are_listed_by_name(void **state)
{
    kt_bytes     image = make_image(fill_sets);
    kt_h5       *h = open_image(&image);
    kt_fault     f = {0};
    kt_arena     a = {0};
    const char **names;
    int          n;

    (void)state;
    ok(kt_h5_list(h, "", &a, &names, &n, &f), &f);
    assert_int_equal(n, 5);
    assert_string_equal(names[0], "bytes");
    assert_string_equal(names[1], "empty");
    assert_string_equal(names[4], "longs");
    ok(kt_h5_list(h, "layers/dense", &a, &names, &n, &f), &f);
    assert_int_equal(n, 1);
    assert_true(kt_h5_exists(h, "layers/dense/vars/1"));
    assert_true(kt_h5_exists(h, "/"));
    assert_false(kt_h5_exists(h, "layers/other/vars/1"));
    kt_arena_free(&a);
    ok(kt_h5_close(h, NULL, &f), &f);
    kt_bytes_free(&image);
}

#define LONG 200000 /* characters: more than an object header can hold */

static void fill_attrs(kt_h5 *h, kt_fault *f)
{
    static const char *const names[] = {"dense", "r\xc3\xa9lu", ""};
    char                    *text = calloc(1, LONG + 1);

    assert_non_null(text);
    memset(text, 'x', LONG);
    ok(kt_h5_group(h, "g/h", f), f);
    ok(kt_h5_group(h, "g/h", f), f); /* again is fine */
    ok(kt_h5_set_attr_text(h, "", "model_config", text, f), f);
    ok(kt_h5_set_attr_text(h, "g/h", "name", "old", f), f);
    ok(kt_h5_set_attr_text(h, "g/h", "name", "new", f), f);
    ok(kt_h5_set_attr_texts(h, "/", "layer_names", names, 3, f), f);
    ok(kt_h5_set_attr_texts(h, "g", "weight_names", names, 0, f), f);
    free(text);
}

static void attributes_round_trip(void **state)
{
    kt_bytes     image = make_image(fill_attrs);
    kt_h5       *h = open_image(&image);
    kt_fault     f = {0};
    kt_arena     a = {0};
    const char **texts;
    int          n;

    (void)state;
    const char *long_text = kt_h5_attr_text(h, "/", "model_config", &a, &f);
    assert_int_equal(strlen(long_text), LONG);
    assert_string_equal(kt_h5_attr_text(h, "g/h", "name", &a, &f), "new");
    ok(kt_h5_attr_texts(h, "", "layer_names", &a, &texts, &n, &f), &f);
    assert_int_equal(n, 3);
    assert_string_equal(texts[1], "r\xc3\xa9lu");
    assert_string_equal(texts[2], "");
    ok(kt_h5_attr_texts(h, "g", "weight_names", &a, &texts, &n, &f), &f);
    assert_non_null(texts);
    assert_int_equal(n, 0);
    ok(kt_h5_attr_texts(h, "g", "absent", &a, &texts, &n, &f), &f);
    assert_null(texts);
    assert_null(kt_h5_attr_text(h, "g", "absent", &a, &f));
    ok(f.e.status, &f);
    assert_null(kt_h5_attr_text(h, "", "layer_names", &a, &f));
    assert_non_null(strstr(f.e.message, "3 texts instead of one"));
    kt_fault_clear(&f);
    kt_arena_free(&a);
    ok(kt_h5_close(h, NULL, &f), &f);
    kt_bytes_free(&image);
}

static void equal_contents_give_equal_files(void **state)
{
    kt_bytes first = make_image(fill_sets);

    (void)state;
    sleep(1);
    kt_bytes second = make_image(fill_sets);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    kt_bytes_free(&first);
    kt_bytes_free(&second);
}

static void many_files_at_once(void **state)
{
    kt_bytes a = make_image(fill_sets), b = make_image(fill_attrs);
    kt_h5   *x = open_image(&a), *y = open_image(&b), *z = open_image(&a);

    (void)state;
    assert_true(kt_h5_exists(x, "longs") && !kt_h5_exists(y, "longs") && kt_h5_exists(z, "longs"));
    ok(kt_h5_close(x, NULL, NULL), NULL);
    assert_true(kt_h5_exists(y, "g/h") && kt_h5_exists(z, "longs"));
    ok(kt_h5_close(y, NULL, NULL), NULL);
    ok(kt_h5_close(z, NULL, NULL), NULL);
    kt_bytes_free(&a);
    kt_bytes_free(&b);
}

/* --- mistakes --------------------------------------------------------------------------------- */

static void mistakes_are_named(void **state)
{
    kt_bytes image = make_image(fill_sets);
    kt_h5   *h = open_image(&image);
    kt_fault f = {0};
    kt_array a;

    (void)state;
    assert_int_equal(kt_h5_read(h, "layers/dense/vars/9", &a, &f), KT_E_KEY);
    assert_string_equal(f.e.message,
                        "Unable to open object: 'layers/dense/vars/9' doesn't exist in 't.h5'");
    kt_fault_clear(&f);
    assert_int_equal(kt_h5_read(h, "layers", &a, &f), KT_E_OS);
    assert_non_null(strstr(f.e.message, "no data set"));
    kt_fault_clear(&f);
    assert_int_equal(kt_h5_write(h, "new", &sets[0].array, &f), KT_E_OS); /* opened to read */
    kt_fault_clear(&f);
    ok(kt_h5_close(h, NULL, &f), &f);
    kt_bytes_free(&image);

    assert_null(kt_h5_open("t.h5", "PK\3\4", 4, &f));
    assert_non_null(strstr(f.e.message, "'t.h5'"));
    assert_non_null(strstr(f.e.message, "file signature not found"));
    kt_fault_clear(&f);
    assert_null(kt_h5_open("/nonexistent.h5", NULL, 0, &f));
    assert_int_equal(f.e.status, KT_E_FILE_NOT_FOUND);
    kt_fault_clear(&f);
}

static void a_set_is_not_written_twice(void **state)
{
    kt_fault f = {0};
    kt_h5   *h = kt_h5_create(&f);

    (void)state;
    ok(kt_h5_write(h, "x", &sets[0].array, &f), &f);
    assert_int_equal(kt_h5_write(h, "x", &sets[0].array, &f), KT_E_OS);
    kt_fault_clear(&f);
    assert_int_equal(kt_h5_group(h, "x", &f), KT_E_VALUE);
    kt_fault_clear(&f);
    ok(kt_h5_close(h, NULL, &f), &f);
}

/* --- files of others -------------------------------------------------------------------------- */

static void what_h5py_writes(void **state)
{
    kt_bytes     b = seed("legacy");
    kt_h5       *h = open_image(&b);
    kt_fault     f = {0};
    kt_arena     arena = {0};
    kt_array     a;
    const char **texts;
    int          n;

    (void)state;
    assert_string_equal(kt_h5_attr_text(h, "", "model_config", &arena, &f),
                        "{\"class_name\": \"Sequential\"}");
    ok(kt_h5_attr_texts(h, "", "layer_names", &arena, &texts, &n, &f), &f);
    assert_int_equal(n, 2);
    assert_string_equal(texts[1], "relu");
    ok(kt_h5_attr_texts(h, "dense", "weight_names", &arena, &texts, &n, &f),
       &f); /* of fixed length */
    assert_string_equal(texts[0], "kernel");
    ok(kt_h5_read(h, "dense/kernel", &a, &f), &f); /* big-endian, in chunks */
    assert_int_equal(a.item, 2);
    for (int16_t i = 0; i < 20; i++)
        assert_int_equal(((int16_t *)a.data)[i], i);
    kt_array_free(&a);
    ok(kt_h5_read(h, "flags", &a, &f), &f);
    assert_int_equal(a.type, 'b');
    kt_array_free(&a);
    kt_arena_free(&arena);
    ok(kt_h5_close(h, NULL, &f), &f);
    kt_bytes_free(&b);
}

static void the_newest_format(void **state)
{
    kt_bytes b = seed("newest");
    kt_h5   *h = open_image(&b);
    kt_fault f = {0};
    kt_array a;

    (void)state;
    ok(kt_h5_read(h, "layers/dense/vars/0", &a, &f), &f);
    assert_int_equal(a.rank, 2);
    assert_true(((float *)a.data)[5] == 5);
    kt_array_free(&a);
    ok(kt_h5_close(h, NULL, &f), &f);
    b.data[300] ^= 1; /* under a checksum */
    assert_null(kt_h5_open("t.h5", b.data, b.size, &f));
    kt_fault_clear(&f);
    kt_bytes_free(&b);
}

/* --- damage ----------------------------------------------------------------------------------- */

/* Everything in the file, through every reader. Damage inside of numbers and names is no error. */
static kt_status read_object(kt_h5 *h, const char *path, int depth, kt_fault *f)
{
    static const char *const attrs[] = {"name", "model_config", "layer_names", "weight_names"};
    kt_arena                 arena = {0};
    const char             **texts;
    kt_array                 a;
    int                      n;
    kt_status                s = KT_OK;

    for (size_t i = 0; s == KT_OK && i < KT_COUNT(attrs); i++)
        s = kt_h5_attr_texts(h, path, attrs[i], &arena, &texts, &n, f);
    if (s == KT_OK && kt_h5_list(h, path, &arena, &texts, &n, NULL) == KT_OK) {
        for (int i = 0; s == KT_OK && i < n && depth < 8; i++) {
            const char *below = kt_arena_printf(&arena, "%s/%s", path, texts[i]);
            s = below ? read_object(h, below, depth + 1, f) : kt_raise_memory(f);
        }
    } else if (s == KT_OK) {
        s = kt_h5_read(h, path, &a, f);
        kt_array_free(&a);
    }
    kt_arena_free(&arena);
    return s;
}

static kt_status read_hdf5(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_h5 *h = kt_h5_open("damaged", data, size, f);

    if (!h)
        return f->e.status;
    kt_status s = read_object(h, "", 0, f);
    kt_h5_close(h, NULL, NULL);
    return s;
}

static void damage(void **state)
{
    static const char *const names[] = {"weights", "legacy", "newest"};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(names); i++) {
        kt_bytes b = seed(names[i]);
        assert_int_equal(damage_cut(read_hdf5, b.data, b.size), -1);
        if (i == 0) /* the others are flipped by the replay of the fuzzer's seeds */
            assert_in_range(damage_flip(read_hdf5, b.data, b.size, 1), 1, (long)b.size - 200);
        kt_bytes_free(&b);
    }
}

/* The file ends with the head of a group info, which has no byte of its own. */
static void a_message_without_bytes(void **state)
{
    enum { SIZE = 120 };
    uint8_t *file = calloc(1, SIZE); /* a sanitizer sees what is read behind it */
    kt_fault f = {0};

    (void)state;
    assert_non_null(file);
    memcpy(file, "\x89HDF\r\n\x1a\n", 8);
    file[13] = file[14] = 8; /* widths */
    file[16] = 4;            /* capacities */
    file[18] = 16;
    memset(file + 32, 255, 8); /* no extension */
    file[40] = SIZE;
    memset(file + 48, 255, 8);   /* no driver */
    file[64] = 96;               /* the root: */
    file[96] = 1;                /* version */
    file[98] = 1, file[104] = 8; /* messages and their bytes */
    file[112] = 0x0A;
    assert_null(kt_h5_open("t.h5", file, SIZE, &f));
    assert_string_equal(f.e.message,
                        "Unable to open file 't.h5': it is damaged (a message is too short)");
    kt_fault_clear(&f);
    free(file);
}

/* What HDF5 can do and a model may not; written by h5py. */
static void refused_by_name(void **state)
{
    static const struct {
        const char *name, *words;
    } files[] = {
        {"link_external", "soft and external links are not supported"},
        {"link_soft", "soft links are not supported"},
        {"link_soft_newest", "soft and external links are not supported"},
        {"data_elsewhere", "data in other files are not supported"},
        {"data_virtual", "virtual data sets are not supported"},
        {"filter_gzip", "compressed data sets are not supported"},
        {"filter_checksum", "compressed data sets are not supported"},
        {"filter_plugin", "compressed data sets are not supported"},
        {"type_compound", "compound, array, reference, time and bit types are not supported"},
        {"type_committed", "shared messages (committed types) are not supported"},
    };

    (void)state;
    for (size_t i = 0; i < KT_COUNT(files); i++) {
        kt_bytes b = seed(files[i].name);
        kt_fault f = {0};
        assert_null(kt_h5_open("t.h5", b.data, b.size, &f));
        if (!strstr(f.e.message, files[i].words))
            fail_msg("%s: '%s' is not in: %s", files[i].name, files[i].words, f.e.message);
        kt_fault_clear(&f);
        kt_bytes_free(&b);
    }
}

/* Compact data and chunks are read. */
static void ways_to_lay_out(void **state)
{
    kt_bytes b = seed("data_compact");
    kt_h5   *h = open_image(&b);
    kt_fault f = {0};
    kt_array a;

    (void)state;
    ok(kt_h5_read(h, "x", &a, &f), &f);
    assert_true(a.rank == 2 && a.dim[1] == 3 && ((float *)a.data)[5] == 5);
    kt_array_free(&a);
    ok(kt_h5_close(h, NULL, &f), &f);
    kt_bytes_free(&b);

    b = seed("chunks_huge"); /* 128 MB a chunk, of which nothing is there */
    h = open_image(&b);
    assert_int_equal(kt_h5_read(h, "x", &a, &f), KT_E_OS);
    assert_non_null(strstr(f.e.message, "its chunks are damaged"));
    kt_fault_clear(&f);
    ok(kt_h5_close(h, NULL, &f), &f);
    kt_bytes_free(&b);
}

/* Which HDF5 has not: two opaque bytes. */
static void bfloat16_is_widened(void **state)
{
    kt_bytes b = seed("bfloat16");
    kt_h5   *h = open_image(&b);
    kt_fault f = {0};
    kt_array a;

    (void)state;
    ok(kt_h5_read(h, "x", &a, &f), &f);
    assert_true(a.type == 'f' && a.item == 4 && a.rank == 1 && a.dim[0] == 3);
    const float *x = a.data;
    assert_true(x[0] == 1 && x[1] == -2.5F && x[2] == 3.140625F);
    kt_array_free(&a);
    ok(kt_h5_close(h, NULL, &f), &f);
    kt_bytes_free(&b);
}

/* Blanks at the end of a text belong to it, unless it says that they fill it up. */
static void padded_texts(void **state)
{
    kt_bytes b = seed("texts_padded");
    kt_h5   *h = open_image(&b);
    kt_arena arena = {0};
    kt_fault f = {0};

    (void)state;
    assert_string_equal(kt_h5_attr_text(h, "", "blanks", &arena, &f), "ab c");
    assert_string_equal(kt_h5_attr_text(h, "", "nulls", &arena, &f), "ab   ");
    kt_arena_free(&arena);
    ok(kt_h5_close(h, NULL, &f), &f);
    kt_bytes_free(&b);
}

/* Where these bytes stand for the first time. */
static size_t find_bytes(const kt_bytes *b, const void *near, size_t n)
{
    size_t i = 0;

    while (i + n <= b->size && memcmp(b->data + i, near, n) != 0)
        i++;
    assert_true(i + n <= b->size);
    return i;
}

/* One byte of a shape or layout says something else than the rest of the file. */
static void sizes_contradict(void **state)
{
    static const uint8_t shape[] = {2, 0, 0, 0, 0, 0, 0, 0, 3},
                         chunk[] = {2, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0};
    static const struct {
        const char    *name;
        const uint8_t *near;
        size_t         n;
        int            at, again; /* from them; the largest shape stands behind the shape */
        uint8_t        was, now;
        const char    *words;
    } cases[] = {
        {"data_compact", shape, 9, 8, 8, 3, 2, "the size of compact data"},
        {"data_compact", shape, 9, 8, 24, 3, 4, "the size of compact data"},
        {"data_compact", shape, 9, 8, 8, 3, 4, "(a shape)"},
        {"weights", shape, 9, 8, 24, 3, 4, "data shorter than their shape"},
        {"legacy", chunk, 12, -9, -9, 3, 2, "the shape of chunks"}, /* axes of a chunk */
        {"legacy", chunk, 12, 8, 8, 2, 1, "the size of a chunk"},   /* bytes of an element */
        {"legacy", chunk, 12, 8, 0, 2, 1, "the shape of chunks"},
        {"legacy", chunk, 12, 0, 0, 2, 1, "the size of a chunk"},
    };

    (void)state;
    for (size_t i = 0; i < KT_COUNT(cases); i++) {
        kt_bytes b = seed(cases[i].name);
        kt_fault f = {0};
        uint8_t *p = b.data + find_bytes(&b, cases[i].near, cases[i].n);
        assert_int_equal(p[cases[i].at], cases[i].was);
        p[cases[i].at] = p[cases[i].again] = cases[i].now;
        assert_null(kt_h5_open("t.h5", b.data, b.size, &f));
        if (!strstr(f.e.message, cases[i].words))
            fail_msg("%zu: '%s' is not in: %s", i, cases[i].words, f.e.message);
        kt_fault_clear(&f);
        kt_bytes_free(&b);
    }
}

/* The first entry of each symbol node says that it is a soft link, as h5py.SoftLink makes one. */
static void soft_links_are_refused(void **state)
{
    kt_bytes b = seed("weights");
    kt_fault f = {0};
    int      nodes = 0;

    (void)state;
    for (size_t i = 0; i + 28 < b.size; i += 8)
        if (memcmp(b.data + i, "SNOD", 4) == 0) {
            b.data[i + 8 + 16] = 2; /* what is cached of the entry: 2 stands for a link's text */
            nodes++;
        }
    assert_true(nodes > 0);
    assert_null(kt_h5_open("t.h5", b.data, b.size, &f));
    assert_string_equal(f.e.message, "Unable to open file 't.h5': soft links are not supported");
    kt_fault_clear(&f);
    kt_bytes_free(&b);
}

static kt_status open_only(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_h5    *h = kt_h5_open("t.h5", data, size, f);
    kt_array  a = {0};
    kt_status s = h ? kt_h5_read(h, "layers/dense/vars/0", &a, f) : f->e.status;

    kt_array_free(&a);
    kt_h5_close(h, NULL, NULL);
    return s;
}

static void memory_runs_out(void **state)
{
    kt_bytes b = seed("weights");

    (void)state;
    assert_in_range(damage_memory(open_only, b.data, b.size), 4, 100);
    kt_bytes_free(&b);
}

static void without_libhdf5(void **state)
{
    kt_fault f = {0};

    (void)state;
    assert_null(kt_h5_open("t.h5", NULL, 0, &f));
    assert_int_equal(f.e.status, KT_E_NOT_IMPLEMENTED);
    assert_non_null(strstr(f.e.message, "libhdf5"));
    kt_fault_clear(&f);
    assert_null(kt_h5_create(&f));
    kt_fault_clear(&f);
}

int main(void)
{
    const struct CMUnitTest with[] = {
        cmocka_unit_test(arrays_round_trip),
        cmocka_unit_test(groups_are_listed_by_name),
        cmocka_unit_test(attributes_round_trip),
        cmocka_unit_test(equal_contents_give_equal_files),
        cmocka_unit_test(many_files_at_once),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(a_set_is_not_written_twice),
        cmocka_unit_test(what_h5py_writes),
        cmocka_unit_test(the_newest_format),
        cmocka_unit_test(damage),
        cmocka_unit_test(a_message_without_bytes),
        cmocka_unit_test(soft_links_are_refused),
        cmocka_unit_test(refused_by_name),
        cmocka_unit_test(ways_to_lay_out),
        cmocka_unit_test(bfloat16_is_widened),
        cmocka_unit_test(padded_texts),
        cmocka_unit_test(sizes_contradict),
        cmocka_unit_test(memory_runs_out),
    };
    const struct CMUnitTest without[] = {cmocka_unit_test(without_libhdf5)};
    return KERATIN_HDF5 ? cmocka_run_group_tests(with, NULL, NULL)
                        : cmocka_run_group_tests(without, NULL, NULL);
}
