/* test_ops_scan.c - scans beside the same steps written out: what the samples of the table test do
 * not have. States of integers, 16 bits, a body that refuses, two gradients of one node, a graph
 * that is freed before its plan runs; and what stays out of the steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "exec/exec.h"
#include "ops/ops.h"
#include "passes/passes.h"

enum { STEPS = 5, BATCH = 3, UNITS = 4 };

typedef struct scene {
    kt_fault  fault;
    kt_graph *g;
    kt_node  *x, *weights; /* [STEPS, BATCH, UNITS], [UNITS, UNITS] */
} scene;

static kt_node *numbers(kt_graph *g, kt_dtype dtype, kt_shape shape, int seed)
{
    kt_tensor *t = kt_tensor_new(dtype, shape);

    assert_non_null(t);
    for (int64_t i = 0; i < t->count; i++)
        kt_tensor_set(t, i, (double)((i * 37 + seed * 11) % 23) / 23 - 0.4);
    return kt_constant(g, t);
}

static kt_graph *begin(scene *s, kt_dtype dtype)
{
    *s = (scene){.g = NULL};
    s->g = kt_graph_new(&s->fault);
    assert_non_null(s->g);
    s->g->floatx = KT_F64;
    s->x = numbers(s->g, dtype, KT_SHAPE(STEPS, BATCH, UNITS), 1);
    s->weights = numbers(s->g, dtype, KT_SHAPE(UNITS, UNITS), 2);
    return s->g;
}

static void end(scene *s)
{
    assert_int_equal(s->fault.e.status, KT_OK);
    kt_graph_free(s->g);
    kt_fault_clear(&s->fault);
}

/* The values of n, by the kernel of that name or the usual ones. */
static void run(scene *s, kt_node *n, const char *kernel, double *to)
{
    kt_force_kernel(kernel);
    kt_plan *p = kt_plan_new(s->g, &n, 1, &s->fault);
    kt_force_kernel(NULL);

    assert_non_null(p);
    assert_true(kt_plan_run(p));
    for (int64_t i = 0; i < kt_shape_count(&n->shape); i++)
        to[i] = kt_peek(kt_plan_data(p, n), n->dtype, i);
    kt_plan_free(p);
}

static void same(scene *s, kt_node *a, kt_node *b, double slack)
{
    static const char *const kernels[] = {NULL, "reference", "cpu_scan"};
    double                   want[STEPS * BATCH * UNITS], got[STEPS * BATCH * UNITS];

    assert_true(kt_shape_equal(&a->shape, &b->shape));
    assert_true(kt_shape_count(&a->shape) <= (int64_t)KT_COUNT(want));
    run(s, b, NULL, want);
    for (size_t k = 0; k < KT_COUNT(kernels); k++) {
        run(s, a, kernels[k], got);
        for (int64_t i = 0; i < kt_shape_count(&a->shape); i++)
            assert_true(fabs(got[i] - want[i]) <= slack * fmax(1, fabs(want[i])));
    }
}

static kt_node *zeros(kt_graph *g, kt_dtype dtype)
{
    return kt_broadcast_to(g, kt_scalar_as(g, 0, dtype), KT_SHAPE(BATCH, UNITS));
}

static kt_node *row(kt_graph *g, kt_node *x, int64_t i)
{
    return kt_squeeze(g, kt_slice_axis(g, x, 0, i, 1), 0);
}

/* h = tanh(x + h . weights) */
static kt_node *step(const scene *s, kt_node *x, kt_node *h)
{
    return kt_unary(s->g, KT_UN_TANH,
                    kt_add(s->g, x, kt_matmul(s->g, h, s->weights, false, false)));
}

static kt_node *scanned(const scene *s)
{
    kt_scan scan = {.n_x = 1, .n_state = 1, .x = {s->x}, .state = {zeros(s->g, s->x->dtype)}};

    kt_scan_begin(s->g, &scan);
    kt_node *next = step(s, scan.in[0], scan.now[0]);
    return kt_scan_end(s->g, &scan, &next, 1, &next);
}

/* What the last step of `scanned` gives. */
static kt_node *written_out(const scene *s)
{
    kt_node *h = zeros(s->g, s->x->dtype);

    for (int64_t i = 0; i < STEPS; i++)
        h = step(s, row(s->g, s->x, i), h);
    return h;
}

static kt_node *slope(const scene *s, kt_node *y, kt_node *x)
{
    kt_node *dx;
    kt_node *weight = numbers(s->g, KT_F64, y->shape, 5);

    assert_int_equal(kt_gradients(s->g, kt_sum_all(s->g, kt_mul(s->g, y, weight)), &x, 1, &dx),
                     KT_OK);
    assert_non_null(dx);
    return dx;
}

static void two_gradients_of_one_scan(void **state)
{
    scene s;

    (void)state;
    begin(&s, KT_F64);
    kt_node *y = scanned(&s), *want = written_out(&s);
    same(&s, kt_part(y, 1), want, 1e-14);
    kt_node *first = slope(&s, kt_part(y, 1), s.weights);
    kt_node *second = slope(&s, kt_part(y, 1), s.weights);
    kt_node *x = slope(&s, kt_part(y, 1), s.x);
    same(&s, first, slope(&s, want, s.weights), 1e-12);
    same(&s, second, slope(&s, want, s.weights), 1e-12);
    same(&s, x, slope(&s, want, s.x), 1e-12);
    end(&s);
}

/* The graph of a training step goes through the passes; bodies do too, and compute the same. */
static void optimised(void **state)
{
    scene s;

    (void)state;
    begin(&s, KT_F32);
    kt_node *y = scanned(&s), *want = written_out(&s);
    kt_node *keep[] = {kt_part(y, 1), want, slope(&s, kt_part(y, 1), s.weights),
                       slope(&s, want, s.weights)};
    size_t   before = (*(kt_body *const *)y->attr)->g->nodes.n;
    assert_int_equal(kt_optimise(s.g, keep, KT_COUNT(keep)), KT_OK);
    assert_true((*(kt_body *const *)y->attr)->g->nodes.n < before);
    same(&s, keep[0], keep[1], 1e-6);
    same(&s, keep[2], keep[3], 1e-5);
    end(&s);
}

/* Counts steps in an integer that the gradient needs. */
static kt_node *counting(const scene *s, bool as_scan)
{
    kt_graph *g = s->g;
    kt_node  *h = zeros(g, KT_F64), *n = kt_scalar_as(g, 16777216, KT_I32);
    kt_scan   scan = {.n_x = 1, .n_state = 2, .x = {s->x}, .state = {h, n}};

    if (as_scan)
        kt_scan_begin(g, &scan);
    for (int64_t i = 0; i < (as_scan ? 1 : STEPS); i++) {
        kt_node *x = as_scan ? scan.in[0] : row(g, s->x, i);
        h = as_scan ? scan.now[0] : h;
        n = kt_add(g, as_scan ? scan.now[1] : n, kt_scalar_as(g, 1, KT_I32));
        kt_node *scale = kt_mul_scalar(g, kt_cast(g, n, KT_F64), 1e-7);
        h = kt_unary(g, KT_UN_TANH,
                     kt_add(g, kt_mul(g, x, scale),
                            kt_matmul(g, h, kt_mul(g, s->weights, scale), false, false)));
    }
    return as_scan ? kt_part(kt_scan_end(g, &scan, (kt_node *[]){h, n}, 0, NULL), 0) : h;
}

static void states_may_be_integers(void **state)
{
    scene s;

    (void)state;
    begin(&s, KT_F64);
    kt_node *y = counting(&s, true), *want = counting(&s, false);
    same(&s, y, want, 1e-14);
    same(&s, slope(&s, y, s.weights), slope(&s, want, s.weights), 1e-13);
    same(&s, slope(&s, y, s.x), slope(&s, want, s.x), 1e-13);
    end(&s);
}

/* Each op rounds once, in a body as outside; what is saved keeps its bits. */
static void sixteen_bits(void **state)
{
    static const kt_dtype halves[] = {KT_F16, KT_BF16};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(halves); i++) {
        scene s;
        begin(&s, halves[i]);
        kt_node *y = scanned(&s), *want = written_out(&s);
        assert_int_equal(y->dtype, halves[i]);
        same(&s, kt_part(y, 1), want, 0);
        same(&s, slope(&s, kt_part(y, 1), s.x), slope(&s, want, s.x), 0.02);
        end(&s);
    }
}

/* A state that becomes another's old one: no step may overwrite what the next still reads. */
static void states_change_places(void **state)
{
    scene s;

    (void)state;
    kt_graph *g = begin(&s, KT_F64);
    kt_scan   scan = {.n_x = 1,
                      .n_state = 3,
                      .x = {s.x},
                      .state = {zeros(g, KT_F64), zeros(g, KT_F64), zeros(g, KT_F64)}};
    kt_scan_begin(g, &scan);
    kt_node *next[] = {scan.in[0], scan.now[0], scan.now[1]};
    kt_node *y = kt_scan_end(g, &scan, next, 1, &scan.now[2]);
    for (int64_t i = 0; i < 3; i++)
        same(&s, kt_part(y, (int)i + 1), row(g, s.x, STEPS - 1 - i), 0);
    for (int64_t i = 3; i < STEPS; i++)
        same(&s, row(g, y, i), row(g, s.x, i - 3), 0);
    end(&s);
}

static void what_refuses_stops_the_scan(void **state)
{
    static const char *const kernels[] = {NULL, "reference"};

    (void)state;
    for (size_t k = 0; k < KT_COUNT(kernels); k++) {
        scene     s;
        kt_graph *g = begin(&s, KT_F64);
        double    v[] = {4, 1, 9, -1, 0};
        kt_node  *x = kt_constant(g, kt_tensor_from(v, KT_F64, KT_SHAPE(5, 1, 1)));
        kt_scan   scan = {.n_x = 1, .x = {x}};
        kt_scan_begin(g, &scan);
        kt_node *root = kt_cholesky(g, scan.in[0]);
        kt_node *y = kt_scan_end(g, &scan, NULL, 1, &root);
        kt_force_kernel(kernels[k]);
        kt_plan *p = kt_plan_new(g, &y, 1, &s.fault);
        kt_force_kernel(NULL);
        assert_non_null(p);
        assert_false(kt_plan_run(p));
        assert_int_equal(kt_plan_refusal(p, &s.fault), KT_E_INVALID_ARGUMENT);
        assert_non_null(strstr(s.fault.e.message, "Cholesky"));
        kt_fault_clear(&s.fault);
        kt_plan_free(p);
        end(&s);
    }
}

/* Plans may outlive their graph, by the fast kernel and by the definition. */
static void the_graph_may_be_freed_first(void **state)
{
    static const char *const kernels[] = {NULL, "reference"};

    (void)state;
    for (size_t k = 0; k < KT_COUNT(kernels); k++) {
        double want[STEPS * BATCH * UNITS];
        scene  s;
        begin(&s, KT_F64);
        kt_node *y = scanned(&s);
        run(&s, y, NULL, want);
        kt_force_kernel(kernels[k]);
        kt_plan *p = kt_plan_new(s.g, &y, 1, &s.fault);
        kt_force_kernel(NULL);
        assert_non_null(p);
        kt_graph_free(s.g);
        s.g = NULL;
        assert_true(kt_plan_run(p));
        for (int i = 0; i < STEPS * BATCH * UNITS; i++)
            assert_true(fabs(((double *)kt_plan_data(p, y))[i] - want[i]) <= 1e-14);
        kt_plan_free(p);
        end(&s);
    }
}

static int count(const kt_graph *g, const char *op)
{
    int n = 0;

    for (size_t id = 0; id < g->nodes.n; id++)
        n += kt_streq(((const kt_node *)g->nodes.at[id])->op->name, op);
    return n;
}

/* What is the same in all steps is computed once, outside; and ids have no gaps. */
static void invariants_stay_outside(void **state)
{
    scene s;

    (void)state;
    kt_graph *g = begin(&s, KT_F64);
    kt_scan   scan = {.n_x = 1, .n_state = 1, .x = {s.x}, .state = {zeros(g, KT_F64)}};
    kt_scan_begin(g, &scan);
    kt_node *half = kt_slice_axis(g, kt_matmul(g, s.weights, s.weights, false, true), 1, 0, UNITS);
    kt_node *next = kt_matmul(g, kt_add(g, scan.in[0], scan.now[0]), half, false, false);
    kt_node *y = kt_scan_end(g, &scan, &next, 1, &half);
    assert_int_equal(count(g, "matmul"), 1);
    assert_int_equal(count(g, "slice"), 1);
    assert_int_equal(count((*(kt_body *const *)y->attr)->g, "matmul"), 1);
    assert_int_equal(count((*(kt_body *const *)y->attr)->g, "slice"), 0);
    for (size_t id = 0; id < g->nodes.n; id++)
        assert_int_equal(((const kt_node *)g->nodes.at[id])->id, (int)id);
    same(&s, row(g, y, 2), half, 0); /* a result may be one of them */
    kt_str text = {0};
    kt_graph_print(&text, g);
    assert_non_null(strstr(kt_str_text(&text), "\n    %")); /* the body, further in */
    kt_str_free(&text);
    end(&s);
}

/* Products and sums over the batch are done once for all steps, behind the scan. */
static void sums_leave_the_scan(void **state)
{
    scene s;

    (void)state;
    begin(&s, KT_F64);
    kt_node *y = scanned(&s);
    slope(&s, y, s.weights);
    const kt_node *back = NULL;
    for (size_t id = 0; id < s.g->nodes.n; id++)
        if (kt_streq(((const kt_node *)s.g->nodes.at[id])->op->name, "scan"))
            back = s.g->nodes.at[id];
    assert_ptr_not_equal(back, y);
    assert_int_equal(count((*(kt_body *const *)back->attr)->g, "matmul"), 1); /* d h */
    assert_int_equal(count(s.g, "matmul"), 1);
    end(&s);
}

static void sizes_must_last(void **state)
{
    scene s;

    (void)state;
    kt_graph *g = begin(&s, KT_F64);
    kt_scan   scan = {.n_x = 1, .n_state = 1, .x = {s.x}, .state = {zeros(g, KT_F64)}};
    kt_scan_begin(g, &scan);
    kt_node *next = kt_concat(g, 2, (kt_node *[]){scan.now[0], scan.in[0]}, 0);
    assert_true(kt_is_poison(g, kt_scan_end(g, &scan, &next, 1, &next)));
    assert_string_equal(s.fault.e.message, "A state of shape (3, 4) becomes (6, 4) in a step");
    kt_fault_clear(&s.fault);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_gradients_of_one_scan),
        cmocka_unit_test(optimised),
        cmocka_unit_test(states_may_be_integers),
        cmocka_unit_test(sixteen_bits),
        cmocka_unit_test(states_change_places),
        cmocka_unit_test(what_refuses_stops_the_scan),
        cmocka_unit_test(the_graph_may_be_freed_first),
        cmocka_unit_test(invariants_stay_outside),
        cmocka_unit_test(sums_leave_the_scan),
        cmocka_unit_test(sizes_must_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
