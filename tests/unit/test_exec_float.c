/* test_exec_float.c - plans take subnormal numbers for zero, on every thread, and leave the
 * caller's floating-point state as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec/exec.h"
#include "model/model.h"
#include "ops/ops.h"

#if defined(__x86_64__) || defined(__aarch64__)
#define KNOWN true
#else
#define KNOWN false /* nothing is set there */
#endif

enum { COUNT = 1 << 20, THREADS = 4 };

/* --- what a plan computes --------------------------------------------------------------------- */

/* A plan of y = (x * factor) * back for x of COUNT equal numbers: its smallest and largest
 * element. */
typedef struct range {
    float least, most;
} range;

/* The caller's state right before and after the last run. */
static kt_float_state before_run, after_run;

static range run_plan(float x, double factor, double back, bool timed)
{
    kt_fault  f = {0};
    kt_graph *g = kt_graph_new(&f);
    kt_node  *in = kt_placeholder(g, "x", KT_F32, KT_SHAPE(COUNT));
    kt_node  *y = kt_mul_scalar(g, kt_mul_scalar(g, in, factor), back);
    kt_plan  *p = kt_plan_new(g, &y, 1, &f);
    range     r = {INFINITY, -INFINITY};

    assert_non_null(p);
    for (int i = 0; i < COUNT; i++)
        ((float *)kt_plan_data(p, in))[i] = x;
    before_run = kt_float_now();
    if (timed)
        kt_plan_run_timed(p);
    else
        kt_plan_run(p);
    after_run = kt_float_now();
    for (const float *v = kt_plan_data(p, y), *end = v + COUNT; v < end; v++) {
        r.least = *v < r.least ? *v : r.least;
        r.most = *v > r.most ? *v : r.most;
    }
    kt_plan_free(p);
    kt_graph_free(g);
    kt_fault_clear(&f);
    return r;
}

/* Smaller than any normal number; not known when this is compiled, so that nobody computes with it
 * there. */
static float subnormal(void)
{
    volatile float least = FLT_MIN;

    return least / 4;
}

static void results_are_flushed(void **state)
{
    (void)state;
    for (int threads = 1; threads <= THREADS; threads += THREADS - 1) {
        kt_set_threads_count(threads);
        for (int timed = 0; timed < 2; timed++) {
            range r = run_plan(FLT_MIN, 0.25, 4, timed), n = run_plan(FLT_MIN, 4, 0.25, timed);
            assert_true(r.most == r.least);
            assert_true(r.most == (KNOWN ? 0 : FLT_MIN));
            assert_true(n.least == FLT_MIN && n.most == FLT_MIN); /* a normal number stays */
        }
    }
}

static void operands_are_zero(void **state)
{
    (void)state;
    kt_set_threads_count(THREADS);
    range r = run_plan(subnormal(), 0x1p60, 1, false);
    assert_true(r.most == r.least);
    assert_true(r.most == (KNOWN ? 0 : subnormal() * 0x1p60F));
}

/* The reference kernels compute in double and convert. */
static void the_reference_flushes(void **state)
{
    (void)state;
    kt_force_kernel("reference");
    range r = run_plan(FLT_MIN, 0.25, 4, false);
    kt_force_kernel(NULL);
    assert_true(r.most == r.least);
    assert_true(r.most == (KNOWN ? 0 : FLT_MIN));
}

/* --- training --------------------------------------------------------------------------------- */

/* The last unit soon gives zeros only: the gradients are zero, and Adam's moments decay by a tenth
 * a step. Gives how many of them are subnormal at last, and how many are not zero. */
static int decayed_moments(int *left)
{
    int subnormals = 0;

    kt_set_seed(1);
    kt_model  *m = kt_model_from("Sequential([Dense(64, activation='relu', input_shape=(4,)), "
                                  "Dense(1, activation='relu', use_bias=False)])");
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(8, 4)),
              *y = kt_tensor_new(KT_F32, KT_SHAPE(8, 1));
    for (int i = 0; i < 32; i++)
        ((float *)x->data)[i] = (float)(i % 7) - 2;
    kt_compile(m, .optimizer = "Adam(learning_rate=0.05)", .loss = "mse");
    kt_history *h = kt_fit(m, x, y, .epochs = 1500, .batch_size = 8);
    assert_non_null(h);
    assert_true(kt_history_get(h, "loss", 0) > 0);
    *left = 0;
    for (size_t i = 0; i < m->optimizer->variables.n; i++) {
        const kt_variable *v = m->optimizer->variables.at[i];
        for (int64_t k = 0; v->dtype == KT_F32 && k < v->value->count; k++) {
            int kind = fpclassify(((const float *)v->value->data)[k]);
            subnormals += kind == FP_SUBNORMAL;
            *left += kind == FP_NORMAL;
        }
    }
    kt_history_free(h);
    kt_model_free(m);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    return subnormals;
}

static void decayed_moments_are_zero(void **state)
{
    int left;

    (void)state;
    kt_set_threads_count(1);
    int n = decayed_moments(&left);
    assert_true(left > 0); /* the second moments */
    assert_true(KNOWN ? n == 0 : n >= 0);
}

/* --- on which threads ------------------------------------------------------------------------- */

typedef struct meeting {
    pthread_barrier_t all;
    bool              flushes[THREADS];
    pthread_t         thread[THREADS];
} meeting;

/* Waits until every part has begun, so that each is on a thread of its own. */
static void look(void *ctx, int64_t begin, int64_t end)
{
    meeting *m = ctx;

    for (int64_t i = begin; i < end; i++) {
        pthread_barrier_wait(&m->all);
        m->flushes[i] = kt_float_flushes(kt_float_now());
        m->thread[i] = pthread_self();
    }
}

static void expect_everywhere(meeting *m, bool flushes)
{
    pthread_barrier_init(&m->all, NULL, THREADS);
    kt_parallel(THREADS, 1, look, m);
    pthread_barrier_destroy(&m->all);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(m->flushes[i], flushes);
        for (int k = 0; k < i; k++)
            assert_false(pthread_equal(m->thread[i], m->thread[k]));
    }
}

static void workers_compute_as_their_caller(void **state)
{
    meeting m;

    (void)state;
    kt_set_threads_count(THREADS);
    for (int i = 0; i < 3; i++) { /* the same workers, in turn in a plan and outside */
        expect_everywhere(&m, false);
        kt_float_state before = kt_float_begin();
        expect_everywhere(&m, KNOWN);
        kt_float_set(before);
    }
}

/* --- the caller ------------------------------------------------------------------------------- */

/* Rounding, and the flags of what was inexact: neither taken from the caller nor left with it. */
static void the_caller_keeps_its_state(void **state)
{
    (void)state;
    kt_set_threads_count(THREADS);
    range nearest = run_plan(1, 1.0 / 3, 1.0 / 7, false);
    for (int timed = 0; timed < 2; timed++) {
        assert_int_equal(fesetround(FE_UPWARD), 0);
        range upward = run_plan(1, 1.0 / 3, 1.0 / 7, timed);
        int   rounding = fegetround();
        fesetround(FE_TONEAREST);
        assert_int_equal(rounding, FE_UPWARD);
        assert_memory_equal(&before_run, &after_run, sizeof before_run);
        assert_true(upward.least == upward.most);
        if (KNOWN)
            assert_true(upward.least == nearest.least);
    }
    feclearexcept(FE_ALL_EXCEPT);
    run_plan(FLT_MIN, 0.25, 4, false);
    assert_memory_equal(&before_run, &after_run, sizeof before_run);
    assert_true(subnormal() != 0);
}

/* --- for comparison --------------------------------------------------------------------------- */

/* Before anything else in this process: the answer is asked for once. */
static void no_ftz_leaves_subnormal_numbers(void **state)
{
    pid_t child = fork();
    int   status = -1;

    (void)state;
    if (child == 0) {
        setenv("KERATIN_NO_FTZ", "1", 1);
        kt_set_threads_count(THREADS);
        range r = run_plan(FLT_MIN, 0.25, 4, false), s = run_plan(subnormal(), 0x1p60, 1, false);
        int   left,
            n = decayed_moments(&left); /* so that the test of training has something to find */
        _exit(r.least == FLT_MIN && r.most == FLT_MIN && s.least == subnormal() * 0x1p60F && n > 0
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_ftz_leaves_subnormal_numbers),
        cmocka_unit_test(results_are_flushed),
        cmocka_unit_test(operands_are_zero),
        cmocka_unit_test(the_reference_flushes),
        cmocka_unit_test(decayed_moments_are_zero),
        cmocka_unit_test(workers_compute_as_their_caller),
        cmocka_unit_test(the_caller_keeps_its_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
