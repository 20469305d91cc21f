/* test_base_error.c - raising, completing and copying failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"

static void names_of_all_kinds(void **state)
{
    (void)state;
    assert_string_equal(kt_status_name(KT_OK), "");
    assert_string_equal(kt_status_name(KT_E_VALUE), "ValueError");
    assert_string_equal(kt_status_name(KT_E_INVALID_ARGUMENT), "InvalidArgumentError");
    assert_string_equal(kt_status_name(KT_E_USAGE), "UsageError");
    assert_string_equal(kt_status_name(KT_STATUS_COUNT), "");
    for (int i = 1; i < KT_STATUS_COUNT; i++) {
        assert_true(kt_status_name((kt_status)i)[0] != '\0');
    }
}

static void first_failure_stays(void **state)
{
    (void)state;
    kt_fault f = {0};
    assert_int_equal(kt_raise(&f, KT_E_VALUE, "units=%d", 0), KT_E_VALUE);
    assert_string_equal(f.e.type, "ValueError");
    assert_string_equal(f.e.message, "units=0");
    assert_null(f.e.layer);
    assert_int_equal(f.e.axis, -1);
    assert_int_equal(f.e.input, -1);
    assert_true(f.e.expected == KT_NO_FACT && f.e.received == KT_NO_FACT);
    assert_int_equal(kt_raise(&f, KT_E_TYPE, "later"), KT_E_VALUE);
    assert_int_equal(kt_raise_memory(&f), KT_E_VALUE);
    assert_string_equal(f.e.message, "units=0");
    kt_fault_clear(&f);
    assert_int_equal(f.e.status, KT_OK);
    assert_null(f.e.message);
}

static void facts_are_added_once(void **state)
{
    (void)state;
    kt_fault f = {0};
    kt_fault_layer(&f, "too early");
    assert_null(f.e.layer);
    kt_raise(&f, KT_E_VALUE, "wrong size");
    kt_fault_axis(&f, 0, 1, 784, 28);
    kt_fault_axis(&f, 1, 2, 3, 4);
    kt_fault_layer(&f, "dense");
    kt_fault_layer(&f, "outer");
    kt_fault_path(&f, "sequential/dense/matmul");
    kt_fault_site(&f, "train.c", 12, "kt_dense(10)");
    kt_fault_site(&f, "other.c", 99, "kt_model()");
    kt_fault_hint(&f, NULL);
    kt_fault_hint(&f, "add Flatten()");
    assert_int_equal(f.e.input, 0);
    assert_int_equal(f.e.axis, 1);
    assert_int_equal(f.e.expected, 784);
    assert_int_equal(f.e.received, 28);
    assert_string_equal(f.e.layer, "dense");
    assert_string_equal(f.e.path, "sequential/dense/matmul");
    assert_string_equal(f.e.file, "train.c");
    assert_int_equal(f.e.line, 12);
    assert_string_equal(f.e.text, "kt_dense(10)");
    assert_string_equal(f.e.hint, "add Flatten()");
    kt_fault_clear(&f);
}

static void copies_outlive_the_original(void **state)
{
    (void)state;
    kt_fault from = {0}, to = {0};
    assert_int_equal(kt_fault_copy(&to, &from), KT_OK);
    assert_int_equal(kt_fault_copy(&to, NULL), KT_OK);
    kt_raise(&from, KT_E_OS, "100%% of %s", "m.keras");
    kt_fault_layer(&from, "lstm");
    kt_fault_axis(&from, 0, -1, 5, KT_NO_FACT);
    assert_int_equal(kt_fault_copy(&to, &from), KT_E_OS);
    assert_int_equal(kt_fault_copy(NULL, &from), KT_E_OS);
    kt_fault_clear(&from);
    assert_string_equal(to.e.message, "100% of m.keras");
    assert_string_equal(to.e.layer, "lstm");
    assert_int_equal(to.e.expected, 5);
    assert_true(to.e.received == KT_NO_FACT);

    kt_raise(&from, KT_E_TYPE, "second");
    assert_int_equal(kt_fault_copy(&to, &from), KT_E_OS);
    assert_int_equal(kt_fault_copy(&to, &to), KT_E_OS);
    assert_string_equal(to.e.message, "100% of m.keras");
    kt_fault_clear(&from);
    kt_fault_clear(&to);
}

static void nobody_to_tell(void **state)
{
    (void)state;
    assert_int_equal(kt_raise(NULL, KT_E_INDEX, "%d", 1), KT_E_INDEX);
    assert_int_equal(kt_raise_memory(NULL), KT_E_MEMORY);
    kt_fault_layer(NULL, "x");
    kt_fault_axis(NULL, 0, 0, 0, 0);
}

static void without_memory_that_is_the_error(void **state)
{
    (void)state;
    for (int n = 1; n <= 2; n++) {
        kt_fault f = {0};
        kt_alloc_fail_after(n);
        kt_raise(&f, KT_E_KEY, "lost %s", "text");
        kt_fault_layer(&f, "dense");
        kt_alloc_fail_after(0);
        assert_int_equal(f.e.status, KT_E_MEMORY);
        assert_string_equal(f.e.type, "MemoryError");
        assert_null(f.e.layer);
        kt_fault_clear(&f);
    }
    kt_fault f = {0};
    int64_t  before = kt_alloc_count();
    assert_int_equal(kt_raise_memory(&f), KT_E_MEMORY);
    assert_int_equal(kt_alloc_count(), before);
    assert_string_equal(f.e.type, "MemoryError");
    kt_fault_clear(&f);
}

static void data_are_cut_short(void **state)
{
    static const char long_data[] = "[[0.000e+00 1.000e+00 2.000e+00 ... 4.700e+01]\n ...\n\n [1.0 "
                                    "  2.0 3.0 1.999e+03]]";
    kt_fault          f = {0}, copy = {0};

    (void)state;
    kt_fault_brief(&f, "1"); /* no failure yet */
    assert_null(f.e.brief);
    kt_raise(&f, KT_E_VALUE, "input %s has %d columns", "[[1. 2.]\n [3. 4.]]", 2);
    kt_fault_brief(&f, "elsewhere");
    assert_null(f.e.brief);
    kt_fault_brief(&f, "[[1. 2.]\n [3. 4.]]");
    assert_string_equal(f.e.brief,
                        "input [[1. 2.] [3. 4.]] has 2 columns"); /* short: on one line */
    kt_fault_clear(&f);
    kt_raise(&f, KT_E_VALUE, "input %s has %d columns", long_data, 2);
    kt_fault_brief(&f, long_data);
    assert_string_equal(
        f.e.brief, "input [[0.000e+00 1.000e+00 2.000e+00 ... 4.70 ... 1.999e+03]] has 2 columns");
    assert_non_null(strstr(f.e.message, long_data)); /* the message stays whole */
    kt_fault_copy(&copy, &f);
    assert_string_equal(copy.e.brief, f.e.brief);
    kt_fault_clear(&copy);
    kt_fault_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_all_kinds),
        cmocka_unit_test(first_failure_stays),
        cmocka_unit_test(facts_are_added_once),
        cmocka_unit_test(data_are_cut_short),
        cmocka_unit_test(copies_outlive_the_original),
        cmocka_unit_test(nobody_to_tell),
        cmocka_unit_test(without_memory_that_is_the_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
