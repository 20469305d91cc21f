/* test_exec_plan.c - plans give what running node after node gives: random graphs, whatever shares
 * memory with what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "exec/exec.h"
#include "support/naive.h"
#include "support/random_graph.h"
#include "support/scarce.h"

enum { GRAPHS = 3000, STEPS = 3, SCARCE = 12 };

static bool same(double a, double b, double tolerance)
{
    double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b);

    return (isnan(a) && isnan(b)) || a == b || fabs(a - b) <= tolerance * (size > 1 ? size : 1);
}

static void check_same(const void *a, const void *b, kt_dtype d, int64_t n, double tolerance,
                       unsigned seed, const char *what)
{
    for (int64_t i = 0; i < n; i++) {
        double x, z;
        size_t at = (size_t)i * kt_dtype_size(d);
        kt_convert((const char *)a + at, d, &x, KT_F64, 1);
        kt_convert((const char *)b + at, d, &z, KT_F64, 1);
        if (!same(x, z, tolerance))
            fail_msg("graph %u: %s: element %d is %.17g, should be %.17g", seed, what, (int)i, x,
                     z);
    }
}

/* The same numbers for the inputs of both worlds. */
static void feed(byte_source *s, kt_plan *p, const world *planned, naive *n, const world *plain)
{
    for (int i = 0; i < planned->n_input; i++) {
        kt_node *x = planned->input[i], *z = plain->input[i];
        void    *to = kt_plan_data(p, x);

        assert_non_null(to);
        for (int64_t k = 0; k < kt_shape_count(&x->shape); k++) {
            double v = input_value(s, planned, i);
            kt_poke(to, x->dtype, k, v);
            kt_poke(n->input[z->id], z->dtype, k, v);
        }
    }
}

static void compare(kt_plan *p, const world *planned, const naive *n, const world *plain,
                    unsigned seed)
{
    for (int i = 0; i < planned->n_keep; i++) {
        const kt_node *x = planned->keep[i], *z = plain->keep[i];
        int64_t        count = kt_shape_count(&x->shape);
        double         got;

        if (naive_is_variable(z))
            continue; /* compared below */
        assert_non_null(kt_plan_data(p, x));
        for (int64_t k = 0; k < count; k++) {
            kt_convert((char *)kt_plan_data(p, x) + (size_t)k * kt_dtype_size(x->dtype), x->dtype,
                       &got, KT_F64, 1);
            if (!same(got, n->value[z->id][k], 1e-12))
                fail_msg("graph %u: kept value %d (%s): element %d is %.17g, should be %.17g", seed,
                         i, z->op->name, (int)k, got, n->value[z->id][k]);
        }
    }
    for (int i = 0; i < planned->n_var; i++)
        check_same(planned->var[i].value->data, plain->var[i].value->data, planned->floatx,
                   planned->var[i].value->count, 1e-12, seed, "variable");
    check_same(planned->block.value->data, plain->block.value->data, planned->floatx, BLOCK_COUNT,
               1e-12, seed, "block");
}

static void run_both(unsigned seed, bool optimise)
{
    byte_source a = {.state = seed}, b = {.state = seed}, data = {.state = seed + 77};
    world       planned, plain;
    naive       n;
    kt_plan    *p;

    if (!world_build(&a, &planned, KT_F64, 5 + (int)seed % 40) ||
        !world_build(&b, &plain, KT_F64, 5 + (int)seed % 40))
        fail_msg("graph %u: %s", seed, planned.fault.e.message ? planned.fault.e.message : "?");
    if (optimise && kt_optimise(planned.g, planned.keep, planned.n_keep) != KT_OK)
        fail_msg("graph %u: optimise: %s", seed, planned.fault.e.message);
    p = kt_plan_new(planned.g, planned.keep, planned.n_keep, &planned.fault);
    if (!p)
        fail_msg("graph %u: plan: %s", seed, planned.fault.e.message);
    assert_true(naive_new(&n, plain.g));
    for (int step = 0; step < STEPS; step++) {
        feed(&data, p, &planned, &n, &plain);
        kt_plan_run(p);
        naive_run(&n);
        compare(p, &planned, &n, &plain, seed);
    }
    kt_plan_free(p);
    naive_free(&n);
    world_free(&planned);
    world_free(&plain);
}

static void plans_equal_plain_execution(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < GRAPHS; seed++)
        run_both(seed, false);
}

static void optimised_plans_equal_plain_execution(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < GRAPHS; seed++)
        run_both(seed, true);
}

/* --- memory that is missing --- */

/* One run of an optimised plan that is made without the n-th piece of memory, alone or with all
 * after it; gives how many pieces there were. */
static int64_t run_scarce(unsigned seed, int64_t n, bool alone)
{
    byte_source a = {.state = seed}, b = {.state = seed}, data = {.state = seed + 77};
    world       planned, plain;
    naive       whole;
    kt_plan    *p = NULL;

    assert_true(world_build(&a, &planned, KT_F64, 5 + (int)seed % 40) &&
                world_build(&b, &plain, KT_F64, 5 + (int)seed % 40));
    kt_alloc_count_pieces(true);
    scarce_begin(n, alone);
    if (kt_optimise(planned.g, planned.keep, planned.n_keep) == KT_OK)
        p = kt_plan_new(planned.g, planned.keep, planned.n_keep, &planned.fault);
    scarce_end();
    kt_alloc_count_pieces(false);
    if (!p)
        assert_int_equal(planned.fault.e.status, KT_E_MEMORY);
    assert_true(naive_new(&whole, plain.g));
    if (p) { /* then it did without */
        feed(&data, p, &planned, &whole, &plain);
        kt_plan_run(p);
        naive_run(&whole);
        compare(p, &planned, &whole, &plain, seed);
    }
    if (p && n > scarce_pieces())
        assert_int_equal(planned.fault.e.status, KT_OK);
    kt_plan_free(p);
    naive_free(&whole);
    world_free(&planned);
    world_free(&plain);
    return scarce_pieces();
}

static void missing_memory_is_raised(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < SCARCE; seed++)
        for (int alone = 0; alone < 2; alone++)
            for (int64_t n = 1; run_scarce(seed, n, alone) >= n; n++)
                ;
}

/* --- float32, by the fast kernels --- */

static kt_plan *plan_single(world *w, unsigned seed, bool keep_all)
{
    byte_source s = {.state = seed};
    kt_node   **all;
    kt_plan    *p;
    int         n = 0;

    if (!world_build(&s, w, KT_F32, 5 + (int)seed % 60) ||
        kt_optimise(w->g, w->keep, w->n_keep) != KT_OK)
        fail_msg("graph %u: %s", seed, w->fault.e.message);
    all = kt_calloc(w->g->nodes.n, sizeof(kt_node *));
    for (size_t i = 0; i < w->g->nodes.n; i++)
        all[n++] = w->g->nodes.at[i];
    p = keep_all ? kt_plan_new(w->g, all, n, &w->fault)
                 : kt_plan_new(w->g, w->keep, w->n_keep, &w->fault);
    kt_free(all);
    assert_non_null(p);
    return p;
}

static void feed_single(byte_source *s, kt_plan *p, const world *w)
{
    for (int i = 0; i < w->n_input; i++)
        for (int64_t k = 0; k < kt_shape_count(&w->input[i]->shape); k++)
            kt_poke(kt_plan_data(p, w->input[i]), w->input[i]->dtype, k, input_value(s, w, i));
}

static void compare_bits(kt_plan *p, const world *w, kt_plan *q, const world *v, unsigned seed)
{
    for (int i = 0; i < w->n_keep; i++)
        check_same(kt_plan_data(p, w->keep[i]), kt_plan_data(q, v->keep[i]), w->keep[i]->dtype,
                   kt_shape_count(&w->keep[i]->shape), 0, seed, w->keep[i]->op->name);
    for (int i = 0; i < w->n_var; i++)
        check_same(w->var[i].value->data, v->var[i].value->data, KT_F32, w->var[i].value->count, 0,
                   seed, "variable");
}

/* A plan that keeps every value cannot write over any: the same kernels must give the same bits. */
static void sharing_memory_changes_nothing(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < GRAPHS; seed++) {
        byte_source a = {.state = seed + 5}, b = a;
        world       shared, apart;
        kt_plan    *p = plan_single(&shared, seed, false), *q = plan_single(&apart, seed, true);

        assert_true(kt_plan_bytes(p) <= kt_plan_bytes(q));
        for (int step = 0; step < STEPS; step++) {
            feed_single(&a, p, &shared);
            feed_single(&b, q, &apart);
            kt_plan_run(p);
            kt_plan_run(q);
            compare_bits(p, &shared, q, &apart, seed);
        }
        kt_plan_free(p);
        kt_plan_free(q);
        world_free(&shared);
        world_free(&apart);
    }
}

/* A bound value is written where the caller says, run after run; what lies in an input or under a
 * second name is not bound. */
static void bound_values_are_written_in_place(void **state)
{
    kt_fault  f = {0};
    kt_graph *g = kt_graph_new(&f);
    kt_node  *x = kt_placeholder(g, "x", KT_F32, KT_SHAPE(2, 2));
    kt_node  *y = kt_unary(g, KT_UN_SQUARE, x), *z = kt_add_scalar(g, y, 1);
    kt_node  *keep[] = {y, kt_reshape(g, y, KT_SHAPE(4)), kt_reshape(g, x, KT_SHAPE(4)), z, z};
    bool      bind[] = {true, true, true, false, true};
    kt_plan  *p = kt_plan_new_bound(g, keep, (int)KT_COUNT(keep), bind, &f);
    float     in[] = {1, 2, 3, 4}, square[2][4], more[4];

    (void)state;
    assert_non_null(p);
    assert_true(bind[0] && !bind[1] && !bind[2] && !bind[3] && bind[4]);
    for (int run = 0; run < 2; run++, in[3]++) {
        kt_plan_bind(p, x, in);
        kt_plan_bind_result(p, y, square[run]);
        kt_plan_bind_result(p, z, more);
        assert_true(kt_plan_run(p));
        assert_ptr_equal(kt_plan_data(p, keep[1]), square[run]);
        assert_true(more[3] == in[3] * in[3] + 1);
    }
    assert_true(square[0][3] == 16 && square[1][3] == 25 && square[1][0] == 1);
    kt_plan_free(p);
    kt_graph_free(g);
    kt_fault_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_equal_plain_execution),
        cmocka_unit_test(optimised_plans_equal_plain_execution),
        cmocka_unit_test(missing_memory_is_raised),
        cmocka_unit_test(sharing_memory_changes_nothing),
        cmocka_unit_test(bound_values_are_written_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
