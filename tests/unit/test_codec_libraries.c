/* test_codec_libraries.c - libraries that are opened when first used (libhdf5, libzip, libcurl):
 * one that is not there, that lacks a function, or of which one call fails, each in turn. What is
 * said then stands in support/damage_words.txt. */
#define _XOPEN_SOURCE 700
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "support/damage.h"
#include "support/test_file.h"

#if KERATIN_HDF5 && KERATIN_ZIP && KERATIN_JANSSON

#include "codec/hdf5_lib.h"
#include "codec/zip_lib.h"

/* --- a library that lacks something ----------------------------------------------------------- */

static const char *absent, *lacking; /* a library; a name in one */

/* In the place of dlopen and dlsym (tests.cmake). */
void *__real_dlopen(const char *name, int flags);
void *__real_dlsym(void *library, const char *name);
void *__wrap_dlopen(const char *name, int flags);
void *__wrap_dlsym(void *library, const char *name);

void *__wrap_dlopen(const char *name, int flags)
{
    return absent && strstr(name, absent) ? NULL : __real_dlopen(name, flags);
}

void *__wrap_dlsym(void *library, const char *name)
{
    return lacking && strcmp(name, lacking) == 0 ? NULL : __real_dlsym(library, name);
}

typedef kt_status (*work)(kt_fault *f);

static kt_status make_hdf5(kt_fault *f)
{
    kt_h5 *h = kt_h5_create(f);

    return h ? kt_h5_close(h, NULL, f) : f->e.status;
}

static kt_status make_zip(kt_fault *f)
{
    kt_zip_entry e = {.name = "a", .bytes = {(uint8_t *)(uintptr_t) "b", 1, false}};

    return kt_zip_write("/dev/null", &e, 1, f);
}

static kt_status read_zip(kt_fault *f)
{
    static const uint8_t none[22] = "PK\5\6";
    kt_zip_entry        *entries;
    int                  n;

    return kt_zip_read("a.zip", none, sizeof none, 0, &entries, &n, f);
}

static kt_status open_curl(kt_fault *f)
{
#if KERATIN_CURL
    return kt_http_ready(f);
#else
    return kt_raise(
        f, KT_E_NOT_IMPLEMENTED,
        "sending over a network needs the library libcurl, which is not installed here");
#endif
}

/* In a process of its own: a library is opened once. */
static void say(work w, const char *name, const char *without, bool whole, kt_str *lines)
{
    int   ends[2];
    char  text[1024];
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        kt_fault f = {0};
        absent = whole ? without : NULL;
        lacking = whole ? NULL : without;
        kt_status s = w(&f);
        int n = snprintf(text, sizeof text, "library %s without %s: %d %s\n", name, without, (int)s,
                         f.e.message ? f.e.message : "");
        _exit(write(ends[1], text, (size_t)n) == n ? 0 : 1);
    }
    close(ends[1]);
    for (ssize_t n; (n = read(ends[0], text, sizeof text)) > 0;)
        kt_str_addn(lines, text, (size_t)n);
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void what_is_lacking_is_named(void **state)
{
    (void)state;
#define X(name) #name,
    static const char *const of_hdf5[] = {KT_H5_CALLS(X) KT_H5_IDS(X) NULL};
    static const char *const of_zip[] = {KT_ZIP_CALLS(X) NULL};
#undef X
    static const char *const of_curl[] = {"curl_easy_init", "curl_slist_free_all", NULL};
    kt_str                   lines = {0};

    say(make_hdf5, "hdf5", "nothing", true, &lines);
    say(make_hdf5, "hdf5", "libhdf5", true, &lines);
    say(make_zip, "zip", "nothing", true, &lines);
    say(make_zip, "zip", "libzip", true, &lines);
    say(read_zip, "unzip", "libzip", true, &lines);
    say(open_curl, "curl", "libcurl", true, &lines);
    for (int i = 0; of_hdf5[i]; i++)
        say(make_hdf5, "hdf5", of_hdf5[i], false, &lines);
    for (int i = 0; of_zip[i]; i++)
        say(make_zip, "zip", of_zip[i], false, &lines);
    for (int i = 0; of_curl[i]; i++)
        say(open_curl, "curl", of_curl[i], false, &lines);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

/* --- a call that fails ------------------------------------------------------------------------ */

/* All arguments of these libraries are numbers and pointers; eight are the most. */
typedef long call(long a, long b, long c, long d, long e, long f, long g, long h);

static call *whole;         /* the function that fails at times */
static int   left;          /* calls until then */
static long  failure;       /* what it returns */
static bool  does_it_first; /* what is closed must be closed */

static long fails(long a, long b, long c, long d, long e, long f, long g, long h)
{
    if (--left != 0)
        return whole(a, b, c, d, e, f, g, h);
    if (does_it_first)
        (void)whole(a, b, c, d, e, f, g, h);
    return failure;
}

/* Does the work with the n-th call failing, for each n until there are no more. */
static void fail_each(const char *what, const char *name, void *slot, work w, kt_str *lines)
{
    call *const instead = fails;

    memcpy(&whole, slot, sizeof whole);
    for (int n = 1; n < 100; n++) {
        kt_fault f = {0};
        left = n;
        memcpy(slot, &instead, sizeof instead);
        kt_status s = w(&f);
        memcpy(slot, &whole, sizeof whole);
        if (left <= 0)
            kt_str_printf(lines, "library %s, call %d of %s fails: %d %s\n", what, n, name, (int)s,
                          f.e.message ? f.e.message : "");
        kt_fault_clear(&f);
        if (left > 0)
            return;
    }
    fail_msg("%s: calls without end", name);
}

typedef struct function {
    const char *name;
    size_t      at; /* in the table of the library */
    long        failure;
    bool        closes;
} function;

typedef struct named_work {
    const char *name;
    work        w;
} named_work;

static void fail_all(const function *functions, size_t n, void *table, const named_work *works,
                     size_t n_works)
{
    kt_str lines = {0};

    for (size_t k = 0; k < n_works; k++)
        for (size_t i = 0; i < n; i++) {
            failure = functions[i].failure;
            does_it_first = functions[i].closes;
            fail_each(works[k].name, functions[i].name, (char *)table + functions[i].at, works[k].w,
                      &lines);
        }
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

/* --- libhdf5 ---------------------------------------------------------------------------------- */

static kt_bytes image;         /* of the file that is read */
static kt_bytes padded, brain; /* seeds of the fuzzer */

static kt_status write_all(kt_h5 *h, kt_fault *f)
{
    static float             x[] = {1, 2, 3, 4, 5, 6};
    static uint8_t           yes[] = {1, 0};
    static const char *const names[] = {"one", "", "three"};
    kt_array                 a = {.type = 'f', .item = 4, .rank = 2, .dim = {2, 3}, .data = x};
    kt_array                 b = {.type = 'b', .item = 1, .rank = 1, .dim = {2}, .data = yes};
    kt_array                 c = {.type = 'f', .item = 4, .rank = 0, .data = x};

    bool ok = kt_h5_group(h, "g", f) == KT_OK && kt_h5_group(h, "g", f) == KT_OK &&
              kt_h5_write(h, "g/x", &a, f) == KT_OK && kt_h5_write(h, "g/b", &b, f) == KT_OK &&
              kt_h5_write(h, "c", &c, f) == KT_OK &&
              kt_h5_set_attr_texts(h, "g", "names", names, 3, f) == KT_OK &&
              kt_h5_set_attr_texts(h, "g", "none", names, 0, f) == KT_OK &&
              kt_h5_set_attr_text(h, "", "text", "before", f) == KT_OK &&
              kt_h5_set_attr_text(h, "", "text", "after", f) == KT_OK;
    return ok ? KT_OK : f->e.status;
}

static kt_status write_file(kt_fault *f)
{
    kt_h5    *h = kt_h5_create(f);
    kt_bytes  made = {0};
    kt_status s = h ? write_all(h, f) : f->e.status, closed = kt_h5_close(h, &made, f);

    kt_bytes_free(&made);
    return s == KT_OK ? closed : s;
}

static kt_status read_set(kt_h5 *h, const char *path, kt_fault *f)
{
    kt_array  a = {0};
    kt_status s = kt_h5_read(h, path, &a, f);

    kt_bytes_free(&a.bytes);
    return s;
}

static kt_status read_names(kt_h5 *h, const char *path, const char *attr, kt_arena *a, kt_fault *f)
{
    const char **texts;
    int          n;

    return kt_h5_attr_texts(h, path, attr, a, &texts, &n, f);
}

static kt_status read_file(kt_fault *f)
{
    kt_h5       *h = kt_h5_open("f.h5", image.data, image.size, f);
    kt_arena     a = {0};
    const char **names;
    int          n;

    bool ok = h && kt_h5_exists(h, "g") && kt_h5_list(h, "", &a, &names, &n, f) == KT_OK &&
              kt_h5_list(h, "g", &a, &names, &n, f) == KT_OK && read_set(h, "g/x", f) == KT_OK &&
              read_set(h, "g/b", f) == KT_OK && read_set(h, "c", f) == KT_OK &&
              read_names(h, "g", "names", &a, f) == KT_OK &&
              read_names(h, "g", "none", &a, f) == KT_OK && kt_h5_attr_text(h, "", "text", &a, f);
    kt_status closed = kt_h5_close(h, NULL, f);
    kt_arena_free(&a);
    return ok ? closed : f->e.status;
}

static kt_status read_brain(kt_fault *f)
{
    kt_h5    *h = kt_h5_open("b.h5", brain.data, brain.size, f);
    kt_status s = h ? read_set(h, "x", f) : f->e.status;

    kt_h5_close(h, NULL, NULL);
    return s;
}

/* What h5py made of texts of one width. */
static kt_status read_padded(kt_fault *f)
{
    kt_h5    *h = kt_h5_open("p.h5", padded.data, padded.size, f);
    kt_arena  a = {0};
    kt_status s = h ? read_names(h, "", "nulls", &a, f) : f->e.status;

    s = s == KT_OK ? read_names(h, "", "blanks", &a, f) : s;
    kt_h5_close(h, NULL, NULL);
    kt_arena_free(&a);
    return s;
}

#define X(name)   {#name, offsetof(kt_h5_lib, name), -1, false},
#define END(name) {#name, offsetof(kt_h5_lib, name), -1, true},
static const function of_hdf5[] = {
    /* those whose failing is seen; the others only give something back, or are done at the start */
    END(H5Pset_file_image) X(H5Pset_file_image_callbacks) X(H5Pget_layout) X(H5Pget_chunk)
        X(H5Fopen) X(H5Fcreate) END(H5Fclose) X(H5Fflush) X(H5Fget_file_image) X(H5Oopen)
            X(H5Iget_type) X(H5Gcreate2) X(H5Gget_info) X(H5Lget_name_by_idx) X(H5Dcreate2)
                X(H5Dread) X(H5Dwrite) END(H5Dclose) X(H5Dget_type) X(H5Dget_space)
                    X(H5Dget_create_plist) X(H5Screate) X(H5Screate_simple)
                        X(H5Sget_simple_extent_type) X(H5Sget_simple_extent_ndims)
                            X(H5Sget_simple_extent_dims) X(H5Sget_simple_extent_npoints) X(H5Tcopy)
                                X(H5Tequal) X(H5Tget_class) X(H5Tget_super) X(H5Tget_size)
                                    X(H5Tenum_create) X(H5Tenum_insert) X(H5Tis_variable_str)
                                        X(H5Aexists) X(H5Aopen) X(H5Acreate2) X(H5Adelete)
                                            X(H5Aread) X(H5Awrite) END(H5Aclose) X(H5Aget_type)
                                                X(H5Aget_space)};
#undef END
#undef X

static void calls_of_hdf5_fail(void **state)
{
    (void)state;
    static const named_work works[] = {{"hdf5 write", write_file},
                                       {"hdf5 read", read_file},
                                       {"hdf5 padded", read_padded},
                                       {"hdf5 brain", read_brain}};
    kt_fault                f = {0};
    kt_h5                  *h = kt_h5_create(&f);

    assert_int_equal(write_all(h, &f), KT_OK);
    assert_int_equal(kt_h5_close(h, &image, &f), KT_OK);
    padded = test_file("fuzz/seeds/hdf5/texts_padded");
    brain = test_file("fuzz/seeds/hdf5/bfloat16");
    for (size_t i = 0; i < KT_COUNT(works); i++)
        assert_int_equal(works[i].w(&f), KT_OK);
    kt_h5_lib *lib = kt__h5_load(&f);
    kt__h5_leave(lib);
    fail_all(of_hdf5, KT_COUNT(of_hdf5), lib, works, KT_COUNT(works));
    kt_bytes_free(&image);
    kt_bytes_free(&padded);
    kt_bytes_free(&brain);
}

/* --- libzip ----------------------------------------------------------------------------------- */

static kt_status write_archive(kt_fault *f)
{
    kt_zip_entry e[] = {
        {.name = "a", .bytes = {(uint8_t *)(uintptr_t) "text", 4, false}},
        {.name = "b/c", .bytes = {(uint8_t *)(uintptr_t) "", 0, false}},
    };

    return kt_zip_write("/dev/null", e, 2, f);
}

static kt_bytes deflated, stored; /* seeds of the fuzzer */

static size_t wanted(const char *name)
{
    return *name ? 1000 : 0;
}

static kt_status read_archive(const kt_bytes *b, size_t (*most)(const char *entry), kt_fault *f)
{
    kt_zip_entry *entries = NULL;
    int           n = 0;
    kt_status     s = kt_zip_read_wanted("a.zip", b->data, b->size, 100000, most, &entries, &n, f);

    kt_zip_free(entries, n);
    return s;
}

static kt_status read_deflated(kt_fault *f)
{
    return read_archive(&deflated, NULL, f);
}

static kt_status read_stored(kt_fault *f)
{
    return read_archive(&stored, wanted, f);
}

#define X(name)    {#name, offsetof(kt_zip_lib, name), -1, false},
#define NONE(name) {#name, offsetof(kt_zip_lib, name), 0, false},
static const function of_zip[] = {
    X(zip_close) X(zip_file_add) X(zip_file_set_dostime) NONE(zip_fopen_index) X(zip_fread)
        X(zip_get_num_entries) NONE(zip_open_from_source) X(zip_set_file_compression)
            NONE(zip_source_buffer) NONE(zip_source_buffer_create) X(zip_source_open)
                X(zip_source_read) X(zip_source_stat) X(zip_stat_index)};
#undef NONE
#undef X

static void calls_of_zip_fail(void **state)
{
    (void)state;
    static const named_work works[] = {
        {"zip write", write_archive}, {"zip deflated", read_deflated}, {"zip stored", read_stored}};
    kt_fault f = {0};

    deflated = test_file("fuzz/seeds/zip/deflated");
    stored = test_file("fuzz/seeds/zip/stored");
    for (size_t i = 0; i < KT_COUNT(works); i++)
        if (works[i].w(&f) != KT_OK)
            fail_msg("%s", f.e.message);
    fail_all(of_zip, KT_COUNT(of_zip), (void *)(uintptr_t)kt__zip(&f), works, KT_COUNT(works));
    kt_bytes_free(&deflated);
    kt_bytes_free(&stored);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_lacking_is_named),
                                       cmocka_unit_test(calls_of_hdf5_fail),
                                       cmocka_unit_test(calls_of_zip_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
    fprintf(stderr, "skipped: this build has not all of these libraries\n");
    return 77;
}

#endif
