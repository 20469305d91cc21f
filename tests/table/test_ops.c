/* test_ops.c - every op of the table, by the samples that it brings: shapes, origins, gradients,
 * and every fast kernel against the reference, with each instruction set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "ops/ops.h"
#include "support/each_isa.h"
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

static void check_all_kernels(uint32_t seeds, bool scarce)
{
    static kernels all;
    kt_str         report = {0};

    all = list_kernels(kt_kernel_table);
    all.scarce = scarce;
    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op; op++)
            if ((*op)->sample)
                check_kernels(*op, seeds, &all, &report);
    check_reached(&all, &report);
    no_complaints(&report);
}

static void kernels_agree_with_the_reference(void **state)
{
    (void)state;
    check_all_kernels(SEEDS, true);
}

static void kernels_agree_briefly(void **state)
{
    (void)state;
    check_all_kernels(1, false);
}

static int run_briefly(void *none)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(kernels_agree_briefly)};

    (void)none;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* With instruction sets that are not this processor's best. */
static int run_with_lesser_isa(void)
{
    int bad = run_with_isa("base", run_briefly, NULL);

#if KERATIN_X86
    if (__builtin_cpu_supports("avx512f"))
        bad += run_with_isa("avx2", run_briefly, NULL);
#endif
    return bad;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ops_keep_their_promises),
        cmocka_unit_test(lack_of_memory_is_raised),
        cmocka_unit_test(kernels_agree_with_the_reference),
    };
    return run_with_lesser_isa() + cmocka_run_group_tests(tests, NULL, NULL);
}
