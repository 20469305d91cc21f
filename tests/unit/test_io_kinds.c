/* test_io_kinds.c - a file that is no model is named for what it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/io.h"
#include "support/needs.h"

static const struct {
    const char *name, *bytes;
    size_t      n;
    const char *words;
} kinds[] = {
    {"a.keras", "", 0, "this is empty"},
    {"a.keras", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 4541449\n",
     77, "a Git LFS pointer, 77 bytes of text in the place of the file of 4541449 bytes"},
    {"a.h5", "version https://git-lfs.github.com/spec/v1\n", 43, "run `git lfs pull`"},
    {"a.keras", "\n  <!DOCTYPE html>\n<html>", 25, "a web page (HTML)"},
    {"a.keras", "<HTML><body>", 12, "a web page (HTML)"},
    {"a.bin", "\x1c\0\0\0TFL3\0\0", 10, "a TensorFlow Lite model"},
    {"a.keras", "\x08\x07\x12\x07pytorch", 11, "an ONNX model"},
    {"a.onnx", "\x12\x07pytorch", 9, "an ONNX model"},
    {"saved_model.pb", "\x08\x01\x12\x80\x20", 5, "a TensorFlow graph (.pb)"},
    {"renamed.keras", "\x08\x01\x12\x80\x20\x0a", 6,
     "neither a .keras archive, an .h5 nor a JSON model"},
    {"frozen.pb", "\x0a\x33\x0a\x05input", 9, "a TensorFlow graph (.pb)"},
    {"a.pt", "\x80\x02\x8a\x0al", 5, "a Python pickle"},
    {"a.pkl", "\x80\x04\x95", 3, "a Python pickle"},
    {"a.npy", "\x93NUMPY\x01\0", 8, "a NumPy array"},
    {"a.keras.gz", "\x1f\x8b\x08\0", 4, "compressed with gzip"},
    {"a.keras", "\x89PNG\r\n", 6, "a picture"},
    {"a.h5", "BZh91AY", 7, "compressed with bzip2"},
    {"a.h5",
     "\xfd"
     "7zXZ\0",
     6, "compressed with xz"},
    {"a.h5", "\x28\xb5\x2f\xfd\0", 5, "compressed with zstd"},
    {"a.h5", "7z\xbc\xaf\x27\x1c", 6, "a 7z archive"},
    {"a.h5", "Rar!\x1a\x07", 6, "a RAR archive"},
    {"a.bin", "GGUF\3\0", 6, "a GGUF file"},
    {"a.h5", "%PDF-1.4", 8, "a PDF document"},
    {"a.pkl",
     "\x80\x03"
     "cjoblib",
     9, "a Python pickle"},
    {"a.h5", "404: Not Found", 14, "no such file: look at the address again"},
    {"a.h5", "Entry not found", 15, "no such file: look at the address again"},
    {"a.bin", "\x50\0\0\0\0\0\0\0{\"w\":{}}", 17, "a safetensors file"},
    {"a.yaml", "backend: tensorflow\n", 20, "a model in YAML"},
    {"a.yml", "class_name: Model\n", 18, "a model in YAML"},
    {"model.ckpt.index", "\0\0\5\x1a", 4, "a part of a TensorFlow checkpoint"},
    {"checkpoint", "model_checkpoint_path: \"a\"", 26, "a part of a TensorFlow checkpoint"},
    {"a.txt", "some text", 9, "neither a .keras archive, an .h5 nor a JSON model"},
};

static void kinds_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(kinds); i++) {
        kt_model       *m = kt_load_memory(kinds[i].bytes, kinds[i].n, kinds[i].name);
        const kt_error *e = kt_model_error(m);
        if (!e || !strstr(e->message, kinds[i].words) ||
            strncmp(e->message, kinds[i].name, strlen(kinds[i].name)) != 0)
            fail_msg("%zu: '%s' is not in: %s", i, kinds[i].words, e ? e->message : "");
        kt_model_free(m);
    }
}

/* HDF5 goes to its own reader, whatever its name. */
static void hdf5_is_read(void **state)
{
    (void)state;
    static const char bytes[] = "\x89HDF\r\n\x1a\n\0\0\0\0";
    kt_model         *m = kt_load_memory(bytes, 12, "a.keras");

    assert_string_equal(
        kt_model_error(m)->message,
        "Unable to open file 'a.keras': it is no HDF5 file (file signature not found)");
    kt_model_free(m);
}

/* A user block may stand before HDF5. */
static void behind_a_user_block(void **state)
{
    (void)state;
    static uint8_t bytes[1040];

    memcpy(bytes + 1024, "\x89HDF\r\n\x1a\n", 8);
    assert_true(kt_is_hdf5(bytes, sizeof bytes));
    assert_false(kt_is_hdf5(bytes, 1028));
    assert_false(kt_is_hdf5(bytes, 0));
    memcpy(bytes + 257, "ustar", 5); /* as a tar archive has its first file */
    assert_false(kt_is_hdf5(bytes, sizeof bytes));
    kt_model *m = kt_load_memory(bytes, sizeof bytes, "a.h5");
    assert_non_null(strstr(kt_model_error(m)->message, "a tar archive: unpack it first"));
    kt_model_free(m);
    memset(bytes + 257, 0, 5);
    assert_true(kt_is_hdf5(bytes, sizeof bytes));
    memcpy(bytes, "PK\003\004", 4); /* a .keras whose weights lie at a place of a user block */
    assert_false(kt_is_hdf5(bytes, sizeof bytes));
}

static const struct {
    const char *entry, *words;
} archives[] = {
    {"archive/data.pkl", "a PyTorch model"},   {"model/saved_model.pb", "TensorFlow SavedModel"},
    {"kernel.npy", "an .npz with arrays"},     {"model.keras", "a .keras file inside"},
    {"model/config.json", "lies in a folder"}, {"readme.txt", "config.json is missing"},
};

static void archives_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(archives); i++) {
        kt_fault f = {0};
        assert_int_equal(kt_refuse_archive("a.zip", &archives[i].entry, 1, &f), KT_E_VALUE);
        assert_non_null(strstr(f.e.message, archives[i].words));
        kt_fault_clear(&f);
    }
}

/* The same of a file that is loaded. */
static void archives_are_refused(void **state)
{
    (void)state;
    static uint8_t text[] = "text";
    char           path[] = "/tmp/keratin-kinds-XXXXXX";
    int            fd = mkstemp(path);

    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < KT_COUNT(archives); i++) {
        kt_fault     f = {0};
        kt_zip_entry e = {archives[i].entry, {text, sizeof text, false}, false};
        assert_int_equal(kt_zip_write(path, &e, 1, &f), KT_OK);
        kt_model *m = kt_load(path);
        assert_true(kt_failed(m));
        if (!strstr(kt_model_error(m)->message, archives[i].words))
            fail_msg("'%s' is not in: %s", archives[i].words, kt_model_error(m)->message);
        kt_model_free(m);
    }
    unlink(path);
}

/* --- folders and whole files ------------------------------------------------------------------ */

static void touch(const char *path)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fclose(f);
}

static void refused(const char *path, const char *words)
{
    kt_model *m = kt_load(path);

    assert_true(kt_failed(m));
    if (!strstr(kt_model_error(m)->message, words))
        fail_msg("'%s' is not in: %s", words, kt_model_error(m)->message);
    kt_model_free(m);
}

static void folders_are_named(void **state)
{
    static const struct {
        const char *files[2], *words;
    } rows[] = {
        {{NULL}, "this is a folder; a model is one file"},
        {{"saved_model.pb"}, "this is a folder with a TensorFlow SavedModel"},
        {{"saved_model.pbtxt"}, "this is a folder with a TensorFlow SavedModel"},
        {{"config.json"}, "this is a folder; a model is one file"},
        {{"model.weights.h5"}, "this is a folder; a model is one file"},
        {{"config.json", "model.weights.h5"}, "this is a folder with the parts of a .keras file"},
        {{"model.json"}, "give the model.json inside"},
    };
    char folder[] = "/tmp/keratin-kinds-XXXXXX", path[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int k = 0; k < 2 && rows[i].files[k]; k++) {
            snprintf(path, sizeof path, "%s/%s", folder, rows[i].files[k]);
            touch(path);
            if (i == 3)
                refused(path, "this is empty");
        }
        refused(folder, rows[i].words);
        for (int k = 0; k < 2 && rows[i].files[k]; k++) {
            snprintf(path, sizeof path, "%s/%s", folder, rows[i].files[k]);
            assert_int_equal(unlink(path), 0);
        }
    }
    assert_int_equal(rmdir(folder), 0);
}

/* --- ceilings --------------------------------------------------------------------------------- */

static void archive_with_config(const char *path, const char *config)
{
    kt_fault     f = {0};
    kt_zip_entry e = {"config.json", {(uint8_t *)(uintptr_t)config, strlen(config), false}, false};

    assert_int_equal(kt_zip_write(path, &e, 1, &f), KT_OK);
}

/* Before memory is taken: no allocation is as large as the text. */
static void configurations_have_a_ceiling(void **state)
{
    (void)state;
    static char big[4001];
    char        folder[] = "/tmp/keratin-kinds-XXXXXX", path[64];

    memset(big, ' ', sizeof big - 1);
    memcpy(big, "{}", 2);
    assert_int_equal(kt_json_limit(), (size_t)64 << 20);
    kt_set_config_limit(4000);
    kt_model *m = kt_load_memory(big, 4000, "a.json");
    assert_non_null(strstr(kt_model_error(m)->message, "\"class_name\" is missing"));
    kt_model_free(m);
    kt_set_config_limit(3999);
    m = kt_load_memory(big, 4000, "a.json");
    assert_non_null(
        strstr(kt_model_error(m)->message, "a JSON text of 4000 bytes; more than 3999"));
    kt_model_free(m);

    static const char dense[] =
        "{\"module\": \"keras\", \"class_name\": \"Sequential\", \"config\": {\"layers\": ["
        "{\"module\": \"keras.layers\", \"class_name\": \"InputLayer\", \"config\": "
        "{\"batch_shape\": [null, 5]}}, {\"module\": \"keras.layers\", \"class_name\": \"Dense\", "
        "\"config\": {\"units\": 7}}]}}";
    for (size_t limit = 42; limit > 40; limit--) { /* 35 and 7 */
        kt_set_weights_limit(limit);
        m = kt_load_memory(dense, sizeof dense - 1, "d.json");
        assert_int_equal(kt_failed(m), limit < 42);
        if (limit < 42)
            assert_non_null(strstr(kt_model_error(m)->message, "need more numbers than a config"));
        kt_model_free(m);
    }
    kt_set_weights_limit(0);

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.keras", folder);
    archive_with_config(path, big);
    refused(path, "holds more data than allowed (stopped at 'config.json')");
    kt_set_config_limit(0);
    refused(path, "\"class_name\" is missing");
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_named),
        cmocka_unit_test(hdf5_is_read),
        cmocka_unit_test(behind_a_user_block),
        cmocka_unit_test(archives_are_named),
        cmocka_unit_test(archives_are_refused),
        cmocka_unit_test(folders_are_named),
        cmocka_unit_test(configurations_have_a_ceiling),
    };
    need_reading(true);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
