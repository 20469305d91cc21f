/* test_extremes.c - scalar functions and softmax where results are tiny, huge or none: fast kernels
 * against the reference by relative error, with every instruction set. (The table test of ops
 * compares with the largest result, so that a small one could be anything.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "ops/ops.h"
#include "support/each_isa.h"
#include "support/op_check.h"

/* Where exp, its relatives and their sums turn: 88.7 is the largest argument of exp in float32,
 * -87.3 gives the smallest normal result, 1e-10 is where 1 + x is 1. */
static const double points[] = {
    0,   1e-30, 1e-10, 1e-7, 1e-4,  0.01, 0.3,  0.5,  0.999, 1,     1.001,    1.5, 2,
    2.5, 3,     3.001, 5,    8.001, 9.2,  10,   15,   16.7,  17.33, 20,       25,  40,
    50,  60,    80,    86,   87,    87.5, 88,   88.5, 88.72, 88.73, 89,       92,  100,
    103, 104.5, 150,   1000, 1e4,   1e10, 1e19, 1e20, 1e30,  3e38,  INFINITY, NAN,
};
enum { POINTS = 2 * KT_COUNT(points) };

/* Both signs. */
static double point(int64_t i)
{
    return i < (int64_t)KT_COUNT(points) ? points[i] : -points[i - (int64_t)KT_COUNT(points)];
}

static kt_unary_attr function; /* of the samples */
static kt_binary_fn  operation;

static kt_node *value_sample(kt_sampler *s, int variant)
{
    return variant ? NULL : kt_unary_with(s->g, function, s->real(s, KT_SHAPE(POINTS), -1, 1));
}

/* The slope at what its row is written in, as the node's input. */
static kt_node *slope_sample(kt_sampler *s, int variant)
{
    kt_node *v = s->real(s, KT_SHAPE(POINTS), -1, 1), *dy = s->real(s, KT_SHAPE(POINTS), 1, 1);

    return variant ? NULL : kt_unary_grad(s->g, function, v, v, dy);
}

static kt_node *binary_sample(kt_sampler *s, int variant)
{
    kt_node *x = s->real(s, KT_SHAPE(POINTS, POINTS), -1, 1);

    return variant ? NULL
                   : kt_binary(s->g, operation, x, s->real(s, KT_SHAPE(POINTS, POINTS), 1, 1));
}

static op_trial trial_of(const kt_op_type *op, kt_str *report)
{
    return (op_trial){
        .op = op, .seed = 1, .floatx = KT_F32, .scale = 1, .unknown = ALL_KNOWN, .report = report};
}

/* With `slack` of the number itself; what is near the smallest normal number may as well be 0. */
static bool near(double got, double want, double slack, double absolute)
{
    if (isnan(want) || isnan(got) || isinf(want) || isinf(got))
        return (isnan(want) && isnan(got)) || got == want;
    return fabs(got - want) <= slack * fabs(want) + 1e-36 + absolute;
}

/* y by the kernel of this name in a plan, against the reference. `absolute` is what the formula in
 * float32 loses near element x, or NULL. */
static void compare(op_trial *t, const char *kernel, double slack, double (*absolute)(double))
{
    kt_plan    *p;
    const void *data;

    assert_true(trial_eval(t));
    kt_force_kernel(kernel);
    p = trial_plan(t, &t->y, 1);
    kt_force_kernel(NULL);
    assert_non_null(p);
    assert_string_equal(kt_plan_step(p, kt_plan_steps(p) - 1).kernel, kernel);
    kt_plan_run(p);
    data = kt_plan_data(p, t->y);
    for (int64_t i = 0; i < kt_shape_count(&t->y->shape); i++) {
        double want = t->at[t->y->id][i], x = t->value[0][i], got = kt_peek(data, t->y->dtype, i);
        if (!near(got, want, slack, absolute ? absolute(x) : 0))
            trial_complain(t, "(%.9g, %.9g) is %.9g, not %.9g", x, t->value[t->n_leaf - 1][i], got,
                           want);
    }
    kt_plan_free(p);
}

/* Of a large x the last bits decide: the reference itself does not know the result. */
static double of_waves(double x)
{
    return fabs(x) > 1000 ? 2 : 1e-6 * fabs(x);
}

/* x (1 + erf): Keras' formula too loses all digits where erf is near -1. */
static double of_gelu(double x)
{
    return 2e-7 * fabs(x);
}

/* 1 - y y, and a logarithm near 0 */
static double of_difference(double x)
{
    return fabs(x) < 100 ? 3e-7 : 0;
}

static double (*absolute_of(int fn, bool slope))(double)
{
    if (fn == KT_UN_SIN || fn == KT_UN_COS)
        return of_waves;
    if (fn == KT_UN_GELU)
        return of_gelu;
    return fn == KT_UN_TANH && slope ? of_difference : NULL;
}

#define NAME_OF(name, value, slope, from) #name,
static const char *const names[] = {KT_UNARY_LIST(NAME_OF)};
#define BINARY_NAME(name, value) #name,
static const char *const binary_names[] = {KT_BINARY_LIST(BINARY_NAME)};

static void one_function(int fn, bool slope, kt_str *report)
{
    kt_op_type op = {.name = names[fn], .sample = slope ? slope_sample : value_sample};
    op_trial   t = trial_of(&op, report);

    function = (kt_unary_attr){.fn = (kt_unary_fn)fn, .a = 0.3, .b = 2};
    assert_true(trial_start(&t));
    for (int64_t i = 0; i < POINTS; i++)
        t.value[0][i] = (double)(float)point(i);
    compare(&t, slope ? "cpu_unary_grad" : "cpu_unary", 1e-5, absolute_of(fn, slope));
    trial_free(&t);
}

static void say(kt_str *report)
{
    if (report->len)
        fputs(kt_str_text(report), stderr);
    assert_int_equal(report->len, 0);
    kt_str_free(report);
}

static void functions_at_extremes(void **state)
{
    kt_str report = {0};

    (void)state;
    for (int fn = 0; fn < KT_UN_COUNT; fn++)
        one_function(fn, false, &report);
    say(&report);
}

static void slopes_at_extremes(void **state)
{
    kt_str report = {0};

    (void)state;
    for (int fn = 0; fn < KT_UN_COUNT; fn++)
        one_function(fn, true, &report);
    say(&report);
}

static void operations_at_extremes(void **state)
{
    kt_str report = {0};

    (void)state;
    for (int fn = 0; fn < KT_BI_COUNT; fn++) {
        kt_op_type op = {.name = binary_names[fn], .sample = binary_sample};
        op_trial   t = trial_of(&op, &report);

        operation = (kt_binary_fn)fn;
        if (KT_BI_IS_TEST(fn) || fn == KT_BI_MOD) /* a quotient of 1e30 has no fraction */
            continue;
        assert_true(trial_start(&t));
        for (int64_t i = 0; i < POINTS * POINTS; i++) {
            t.value[0][i] = (double)(float)point(i / POINTS);
            t.value[1][i] = (double)(float)point(i % POINTS);
        }
        compare(&t, "cpu_binary", 1e-5, NULL);
        trial_free(&t);
    }
    say(&report);
}

/* --- softmax: rows of which one entry is far from the others --------------------------------- */

enum { ROWS = 6, CLASSES = 37 };

static kt_node *softmax_sample(kt_sampler *s, int variant)
{
    return variant ? NULL : kt_softmax(s->g, s->real(s, KT_SHAPE(ROWS, CLASSES), -1, 1), 1);
}

static kt_node *log_softmax_sample(kt_sampler *s, int variant)
{
    return variant ? NULL : kt_log_softmax(s->g, s->real(s, KT_SHAPE(ROWS, CLASSES), -1, 1), 1);
}

static void softmax_at_extremes(void **state)
{
    static const double far[ROWS] = {0, 20, 80, -80, 1000, -1e30};
    kt_str              report = {0};

    (void)state;
    for (int i = 0; i < 2; i++) {
        kt_op_type op = {.name = i ? "log_softmax" : "softmax",
                         .sample = i ? log_softmax_sample : softmax_sample};
        op_trial   t = trial_of(&op, &report);

        assert_true(trial_start(&t));
        for (int row = 0; row < ROWS; row++)
            t.value[0][row * CLASSES + 5 * row] = far[row];
        compare(&t, i ? "cpu_log_softmax" : "cpu_softmax", 2e-5, i ? of_difference : NULL);
        trial_free(&t);
    }
    say(&report);
}

static int run(void *none)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_at_extremes),
        cmocka_unit_test(slopes_at_extremes),
        cmocka_unit_test(operations_at_extremes),
        cmocka_unit_test(softmax_at_extremes),
    };

    (void)none;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return run_with_each_isa(run, NULL);
}
