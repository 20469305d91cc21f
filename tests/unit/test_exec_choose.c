/* test_exec_choose.c - what an option needs that was not chosen does not run: it would be refused
 * here, since it reads a row that is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "exec/exec.h"
#include "ops/ops.h"
#include "passes/passes.h"
#include "support/scarce.h"

/* What is read of the table: rows 0 to 9 are there. */
typedef struct scene {
    kt_fault  fault;
    kt_graph *g;
    kt_node  *table, *which, *inner, *row;
} scene;

static void begin(scene *s)
{
    *s = (scene){.g = NULL};
    s->g = kt_graph_new(&s->fault);
    assert_non_null(s->g);
    s->table = kt_placeholder(s->g, "table", KT_F32, KT_SHAPE(10, 300));
    s->which = kt_placeholder(s->g, "which", KT_I32, KT_SCALAR_SHAPE);
    s->inner = kt_placeholder(s->g, "inner", KT_I32, KT_SCALAR_SHAPE);
    s->row = kt_placeholder(s->g, "row", KT_I32, KT_SHAPE(3));
}

static void end(scene *s)
{
    kt_graph_free(s->g);
    kt_fault_clear(&s->fault);
}

/* The row of which the number is given in place `at` of `row`, and more. */
static kt_node *read_row(scene *s, int at, double more)
{
    kt_node *y = kt_gather(s->g, s->table, kt_slice_axis(s->g, s->row, 0, at, 1), 0);

    return kt_mul_scalar(s->g, kt_add_scalar(s->g, y, more), 2);
}

/* Runs with these choices and rows: 0 the first element that was kept, or -1 if it was refused. */
static float run_plan(scene *s, kt_plan *p, kt_node *y, int32_t which, int32_t inner,
                      const int32_t row[3])
{
    float *table;
    float  out = -1;

    assert_non_null(p);
    table = kt_plan_data(p, s->table);
    for (int i = 0; i < 3000; i++)
        table[i] = (float)(i / 300);
    *(int32_t *)kt_plan_data(p, s->which) = which;
    *(int32_t *)kt_plan_data(p, s->inner) = inner;
    for (int i = 0; i < 3; i++)
        ((int32_t *)kt_plan_data(p, s->row))[i] = row[i];
    if (kt_plan_run(p))
        out = *(const float *)kt_plan_data(p, y);
    kt_plan_free(p);
    return out;
}

static float run(scene *s, kt_node *y, int32_t which, int32_t inner, const int32_t row[3])
{
    return run_plan(s, kt_plan_new(s->g, &y, 1, &s->fault), y, which, inner, row);
}

static kt_node *optimised(scene *s, kt_node *y)
{
    assert_int_equal(kt_optimise(s->g, &y, 1), KT_OK);
    return y;
}

static void options_run_alone(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    kt_node *option[] = {read_row(&s, 0, 1), read_row(&s, 1, 2), read_row(&s, 2, 3)};
    kt_node *y = optimised(&s, kt_choose(s.g, s.which, 3, option));
    assert_true(run(&s, y, 0, 0, (int32_t[]){4, 99, 99}) == 10);
    assert_true(run(&s, y, 1, 0, (int32_t[]){-77, 5, 99}) == 14);
    assert_true(run(&s, y, 2, 0, (int32_t[]){99, -1, 6}) == 18);
    assert_true(run(&s, y, 2, 0, (int32_t[]){0, 0, 10}) == -1);
    assert_true(run(&s, y, 3, 0, (int32_t[]){0, 0, 0}) == -1);
    assert_true(run(&s, y, -1, 0, (int32_t[]){0, 0, 0}) == -1);
    end(&s);
}

static void choices_lie_in_options(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    kt_node *in[] = {read_row(&s, 0, 1), read_row(&s, 1, 2)};
    kt_node *deep = kt_mul_scalar(s.g, kt_choose(s.g, s.inner, 2, in), 3);
    kt_node *option[] = {deep, read_row(&s, 2, 3)};
    kt_node *y = optimised(&s, kt_choose(s.g, s.which, 2, option));
    assert_true(run(&s, y, 0, 0, (int32_t[]){4, 99, 99}) == 30);
    assert_true(run(&s, y, 0, 1, (int32_t[]){99, 4, 99}) == 36);
    assert_true(run(&s, y, 1, 7, (int32_t[]){99, 99, 4}) == 14);
    assert_true(run(&s, y, 0, 7, (int32_t[]){4, 4, 4}) == -1);
    end(&s);
}

/* What two options need, or somebody else, always runs; so does what is made before the number. */
static void what_others_need_runs(void **state)
{
    static const int32_t none[] = {99, 0, 0};
    scene                s;

    (void)state;
    begin(&s);
    kt_node *both = read_row(&s, 0, 0);
    kt_node *option[] = {kt_add_scalar(s.g, both, 1), kt_mul_scalar(s.g, both, 5),
                         read_row(&s, 1, 1)};
    kt_node *y = optimised(&s, kt_choose(s.g, s.which, 3, option));
    assert_true(run(&s, y, 1, 0, (int32_t[]){3, 99, 0}) == 30);
    assert_true(run(&s, y, 2, 0, none) == -1);
    end(&s);

    begin(&s);
    option[0] = read_row(&s, 0, 0);
    option[1] = read_row(&s, 1, 1);
    kt_node *late = kt_binary(s.g, KT_BI_ADD, s.which, s.inner);
    y = kt_choose(s.g, late, 2, option);
    assert_true(run(&s, y, 1, 0, (int32_t[]){3, 3, 0}) == 8);
    assert_true(run(&s, y, 1, 0, none) == -1);
    end(&s);
}

/* A value that is kept is there whatever was chosen. */
static void what_is_kept_runs(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    kt_node *option[] = {read_row(&s, 0, 1), read_row(&s, 1, 2)};
    kt_node *keep[] = {kt_choose(s.g, s.which, 2, option), option[0]};
    kt_plan *p = kt_plan_new(s.g, keep, 2, &s.fault);
    assert_non_null(p);
    *(int32_t *)kt_plan_data(p, s.which) = 1;
    for (int i = 0; i < 3; i++)
        ((int32_t *)kt_plan_data(p, s.row))[i] = i;
    for (int i = 0; i < 3000; i++)
        ((float *)kt_plan_data(p, s.table))[i] = (float)(i / 300);
    assert_true(kt_plan_run(p));
    assert_true(*(const float *)kt_plan_data(p, keep[0]) == 6);
    assert_true(*(const float *)kt_plan_data(p, keep[1]) == 2);
    kt_plan_free(p);
    end(&s);
}

/* Options of options whose plan is made without the n-th piece of memory: what was not chosen does
 * not run, or there is no plan. Gives how many pieces there were. */
static int64_t choose_scarce(int64_t n)
{
    scene    s;
    kt_plan *p = NULL;

    begin(&s);
    kt_node *in[] = {read_row(&s, 0, 1), read_row(&s, 1, 2)};
    kt_node *option[] = {kt_mul_scalar(s.g, kt_choose(s.g, s.inner, 2, in), 3), read_row(&s, 2, 3)};
    kt_node *y = kt_choose(s.g, s.which, 2, option);
    kt_alloc_count_pieces(true);
    scarce_begin(n, true);
    if (kt_optimise(s.g, &y, 1) == KT_OK)
        p = kt_plan_new(s.g, &y, 1, &s.fault);
    scarce_end();
    kt_alloc_count_pieces(false);
    if (p)
        assert_true(run_plan(&s, p, y, 0, 0, (int32_t[]){4, 99, 99}) == 30);
    else
        assert_int_equal(s.fault.e.status, KT_E_MEMORY);
    end(&s);
    return scarce_pieces();
}

static void missing_memory_is_raised(void **state)
{
    (void)state;
    for (int64_t n = 1; choose_scarce(n) >= n; n++)
        ;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_run_alone),        cmocka_unit_test(choices_lie_in_options),
        cmocka_unit_test(what_others_need_runs),    cmocka_unit_test(what_is_kept_runs),
        cmocka_unit_test(missing_memory_is_raised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
