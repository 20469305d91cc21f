/* test_ops.c - every op of the table, by the samples that it brings: shapes, origins, gradients,
 * and every fast kernel against the reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "ops/ops.h"
#include "support/op_check.h"

static void no_complaints(kt_str *report)
{
    bool empty = report->len == 0;

    if (!empty)
        fputs(kt_str_text(report), stderr); /* cmocka cuts long texts */
    kt_str_free(report);
    assert_true(empty);
}

static void ops_keep_their_promises(void **state)
{
    kt_str report = {0};

    (void)state;
    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op; op++)
            check_op(*op, &report);
    no_complaints(&report);
}

static void lack_of_memory_is_raised(void **state)
{
    kt_str report = {0};

    (void)state;
    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op; op++)
            if ((*op)->sample)
                check_memory(*op, &report);
    no_complaints(&report);
}

static void kernels_agree_with_the_reference(void **state)
{
    static kernels all;
    kt_str         report = {0};

    (void)state;
    all = list_kernels(kt_kernel_table);
    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op; op++)
            if ((*op)->sample)
                check_kernels(*op, &all, &report);
    check_reached(&all, &report);
    no_complaints(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ops_keep_their_promises),
        cmocka_unit_test(lack_of_memory_is_raised),
        cmocka_unit_test(kernels_agree_with_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
