/* test_onednn.c - which products oneDNN gets. That its kernels are right is the table test's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/exec.h"
#include "graph/attrs.h"
#include "ops/ops.h"

enum { SIDE = 512 }; /* 2.7e8 operations */

/* The product of two random matrices; says which kernel made it. */
static const char *product(int64_t m, float *out)
{
    kt_fault    f = {0};
    kt_graph   *g = kt_graph_new(&f);
    kt_node    *a = kt_placeholder(g, "a", KT_F32, KT_SHAPE(m, SIDE));
    kt_node    *b = kt_placeholder(g, "b", KT_F32, KT_SHAPE(SIDE, SIDE));
    kt_node    *y = kt_matmul(g, a, b, false, false);
    kt_plan    *p = kt_plan_new(g, &y, 1, &f);
    const char *kernel = NULL;
    uint32_t    x = 1;

    assert_non_null(p);
    for (kt_node **n = (kt_node *[]){a, b, NULL}; *n; n++)
        for (int64_t i = 0; i < kt_shape_count(&(*n)->shape); i++, x = x * 1664525u + 1013904223u)
            ((float *)kt_plan_data(p, *n))[i] = (float)(x >> 8) / 16777216.F - 0.5F;
    for (int i = 0; i < kt_plan_steps(p); i++)
        if (kt_streq(kt_plan_step(p, i).op, "matmul"))
            kernel = kt_plan_step(p, i).kernel;
    for (int run = 0; run < 2; run++)
        kt_plan_run(p);
    memcpy(out, kt_plan_data(p, y), (size_t)(m * SIDE) * sizeof *out);
    kt_plan_free(p);
    kt_graph_free(g);
    return kernel;
}

static void large_work_is_its(void **state)
{
    static float ours[SIDE * SIDE], theirs[SIDE * SIDE];

    (void)state;
    setenv("OMP_WAIT_POLICY", "passive", 1);
    assert_string_equal(product(SIDE, theirs), "onednn_matmul");
    assert_string_equal(product(8, ours), "cpu_matmul");
    kt_force_kernel("cpu_matmul");
    assert_string_equal(product(SIDE, ours), "cpu_matmul");
    kt_force_kernel(NULL);
    for (int i = 0; i < SIDE * SIDE; i++)
        assert_true(fabsf(ours[i] - theirs[i]) <= 1e-4F);
}

static void not_where_its_threads_would_spin(void **state)
{
    static float y[SIDE * SIDE];
    int          threads = kt_threads();

    (void)state;
    unsetenv("OMP_WAIT_POLICY");
    kt_set_threads_count(2);
    assert_string_equal(product(SIDE, y), "cpu_matmul");
    kt_set_threads_count(1);
    assert_string_equal(product(SIDE, y), "onednn_matmul");
    kt_set_threads_count(threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_work_is_its),
        cmocka_unit_test(not_where_its_threads_would_spin),
    };

#if !KERATIN_ONEDNN
    fprintf(stderr, "skipped: this build has no oneDNN\n");
    return 77;
#endif
    return cmocka_run_group_tests(tests, NULL, NULL);
}
