/* test_io_damage.c - model files that are cut short or have flipped bits are refused by name, never
 * half loaded; what is written replaces a file only when it is complete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec/codec.h"
#include "io/io.h"
#include "support/needs.h"

static kt_bytes file;

static bool accepted(const uint8_t *data, size_t size)
{
    kt_model       *m = kt_load_memory(data, size, "model.keras");
    const kt_error *e = kt_model_error(m);
    bool            ok = m && !e;

    if (e)
        assert_true(strlen(e->message) > 0);
    kt_model_free(m);
    return ok;
}

static void test_cut_files_are_refused(void **state)
{
    (void)state;
    for (size_t n = 0; n < file.size; n += 1 + file.size / 400)
        assert_false(accepted(file.data, n));
    assert_false(accepted(file.data, file.size - 1));
    assert_true(accepted(file.data, file.size));
}

/* Every byte of an entry is under the archive's checksum; a flipped date or flag may pass. */
static void test_flipped_bits_do_no_harm(void **state)
{
    uint8_t *copy = kt_alloc(file.size);
    int      passed = 0, tried = 0;

    (void)state;
    assert_non_null(copy);
    memcpy(copy, file.data, file.size);
    for (size_t i = 0; i < file.size; i += 1 + file.size / 500, tried++) {
        copy[i] ^= (uint8_t)(1u << (i % 8));
        passed += accepted(copy, file.size);
        copy[i] ^= (uint8_t)(1u << (i % 8));
    }
    assert_true(passed < tried / 10);
    kt_free(copy);
}

static void test_a_failed_save_keeps_the_old_file(void **state)
{
    char      path[] = "/tmp/keratin-io-XXXXXX.keras";
    int       fd = mkstemps(path, 6);
    kt_bytes  after = {0};
    kt_fault  f = {0};
    kt_model *m = kt_load_memory(file.data, file.size, "model.keras");

    (void)state;
    assert_int_equal(write(fd, "old", 3), 3);
    close(fd);
    kt_alloc_fail_after(6);
    assert_true(kt_save(m, path) != KT_OK);
    kt_alloc_fail_after(0);
    assert_int_equal(kt_file_read(path, &after, &f), KT_OK);
    assert_int_equal(after.size, 3);
    assert_memory_equal(after.data, "old", 3);
    kt_bytes_free(&after);
    kt_fault_clear(&f);
    kt_model_free(m);
    unlink(path);
}

static void test_sizes_beyond_the_machine_are_refused(void **state)
{
    kt_model *m = kt_model_from("Sequential([Dense(4000000000000, input_shape=(1000,))])");

    (void)state;
    assert_non_null(kt_model_error(m));
    assert_int_equal(kt_model_error(m)->status, KT_E_MEMORY);
    kt_model_free(m);
}

static int set_up(void **state)
{
    char      path[] = "/tmp/keratin-io-XXXXXX.keras";
    int       fd = mkstemps(path, 6);
    kt_fault  f = {0};
    kt_model *m = kt_model_from("Sequential([Dense(3, input_shape=(2,)), BatchNormalization()])");

    (void)state;
    need_reading(true);
    close(fd);
    kt_compile(m, .optimizer = "sgd", .loss = "mse");
    int bad = kt_save(m, path) != KT_OK || kt_file_read(path, &file, &f) != KT_OK;
    kt_model_free(m);
    kt_fault_clear(&f);
    unlink(path);
    return bad;
}

static int tear_down(void **state)
{
    (void)state;
    kt_bytes_free(&file);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_files_are_refused),
        cmocka_unit_test(test_flipped_bits_do_no_harm),
        cmocka_unit_test(test_a_failed_save_keeps_the_old_file),
        cmocka_unit_test(test_sizes_beyond_the_machine_are_refused),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
