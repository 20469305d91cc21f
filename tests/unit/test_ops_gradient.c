/* test_ops_gradient.c - values and gradients where a finite difference cannot judge: ties, zeros,
 * negative bases, NaN, empty arrays. The numbers are TensorFlow's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "exec/exec.h"
#include "ops/ops.h"
#include "passes/passes.h"

typedef struct fixture {
    kt_fault  fault;
    kt_graph *g;
    kt_node  *x, *z; /* [3] */
} fixture;

static fixture f;

static int setup(void **state)
{
    (void)state;
    f = (fixture){0};
    f.g = kt_graph_new(&f.fault);
    f.x = kt_placeholder(f.g, "x", KT_F32, KT_SHAPE(3));
    f.z = kt_placeholder(f.g, "z", KT_F32, KT_SHAPE(3));
    return f.g ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    kt_graph_free(f.g);
    kt_fault_clear(&f.fault);
    return 0;
}

static void fill(kt_plan *p, const kt_node *n, const float *values)
{
    float *to = kt_plan_data(p, n);

    for (int i = 0; to && i < 3; i++)
        to[i] = values[i];
}

/* Runs the graph on x and z; the three elements of y must be as expected. */
static void check_value(kt_node *y, const float *x, const float *z, const float *expected)
{
    kt_node *all[] = {y, f.x, f.z};
    kt_plan *p = kt_plan_new(f.g, all, 3, &f.fault);
    float   *got;

    if (!p)
        fail_msg("%s", f.fault.e.message);
    fill(p, f.x, x);
    fill(p, f.z, z);
    kt_plan_run(p);
    got = kt_plan_data(p, y);
    for (int i = 0; i < 3; i++)
        if (!(isnan(expected[i]) ? isnan(got[i]) : fabsf(got[i] - expected[i]) < 1e-5F))
            fail_msg("element %d is %g, should be %g", i, (double)got[i], (double)expected[i]);
    kt_plan_free(p);
}

/* The gradients of sum(y) in x and, where there are numbers for it, in z. */
static void check_gradient(kt_node *y, const float *x, const float *z, const float *dx,
                           const float *dz)
{
    kt_node *wrt[] = {f.x, f.z}, *grad[2];

    assert_int_equal(kt_gradients(f.g, kt_sum_all(f.g, y), wrt, 2, grad), KT_OK);
    check_value(grad[0], x, z, dx);
    if (dz)
        check_value(grad[1], x, z, dz);
}

#define V(...) ((const float[]){__VA_ARGS__})

static void powers_of_what_is_not_positive(void **state)
{
    (void)state;
    check_gradient(kt_binary(f.g, KT_BI_POW, f.x, f.z), V(-2, 0, 1), V(2, 2, 2), V(-4, 0, 2),
                   V(0, 0, 0));
}

static void ties_of_two_go_to_the_first(void **state)
{
    (void)state;
    check_gradient(kt_binary(f.g, KT_BI_MAXIMUM, f.x, f.z), V(1, 2, 3), V(2, 2, 2), V(0, 1, 1),
                   V(1, 0, 0));
    check_gradient(kt_binary(f.g, KT_BI_MINIMUM, f.x, f.z), V(1, 2, 3), V(2, 2, 2), V(1, 1, 0),
                   V(0, 0, 1));
}

static void ties_of_many_are_shared(void **state)
{
    (void)state;
    check_gradient(kt_reduce_last(f.g, KT_RE_MAX, f.x), V(2, 1, 2), V(0, 0, 0), V(0.5F, 0, 0.5F),
                   NULL);
    check_gradient(kt_reduce_last(f.g, KT_RE_MIN, f.x), V(1, 1, 1), V(0, 0, 0),
                   V(1 / 3.0F, 1 / 3.0F, 1 / 3.0F), NULL);
}

static void products_with_zeros(void **state)
{
    kt_node *y = kt_reduce_last(f.g, KT_RE_PROD, f.x);
    (void)state;
    check_gradient(y, V(2, 3, 5), V(0, 0, 0), V(15, 10, 6), NULL);
    check_gradient(y, V(2, 0, 5), V(0, 0, 0), V(0, 10, 0), NULL);
    check_gradient(y, V(0, 0, 5), V(0, 0, 0), V(0, 0, 0), NULL);
}

static void division_by_zero_without_nan(void **state)
{
    kt_node *y = kt_binary(f.g, KT_BI_DIV_NO_NAN, f.x, f.z);
    (void)state;
    check_value(y, V(1, 2, 3), V(-1, 0, 2), V(-1, 0, 1.5F));
    check_gradient(y, V(1, 2, 3), V(-1, 0, 2), V(-1, 0, 0.5F), V(-1, 0, -0.75F));
}

static void remainders_have_the_sign_of_the_divisor(void **state)
{
    kt_node *y = kt_binary(f.g, KT_BI_MOD, f.x, f.z);
    (void)state;
    check_value(y, V(5, -5, 5), V(3, 3, -3), V(2, 1, -1));
    check_gradient(y, V(5, -5, 5), V(3, 3, -3), V(1, 1, 1), V(-1, 2, 2));
}

static void nan_is_seen(void **state)
{
    kt_node *seen = kt_unary(f.g, KT_UN_IS_NAN, f.x);
    (void)state;
    check_value(kt_cast(f.g, seen, KT_F32), V(NAN, 1, INFINITY), V(0, 0, 0), V(1, 0, 0));
    check_value(kt_select(f.g, seen, f.z, f.x), V(NAN, 1, 2), V(7, 8, 9), V(7, 1, 2));
    check_value(kt_broadcast_to(f.g, kt_reduce_last(f.g, KT_RE_MAX, f.x), KT_SHAPE(3)),
                V(1, NAN, 2), V(0, 0, 0), V(NAN, NAN, NAN));
}

static void nothing_reduces_to_the_neutral_element(void **state)
{
    kt_slice_attr none = {.size = {0}};
    kt_node      *e = kt_slice(f.g, f.x, &none), *all[3];
    (void)state;
    for (int i = 0; i < 3; i++)
        all[i] = kt_reduce(f.g, (kt_reduce_fn[]){KT_RE_SUM, KT_RE_MEAN, KT_RE_PROD}[i], e, 1, true);
    check_value(kt_concat(f.g, 3, all, 0), V(1, 2, 3), V(0, 0, 0), V(0, NAN, 1));
}

static void a_stopped_gradient_does_not_flow(void **state)
{
    kt_node *wrt[] = {f.x, f.z}, *grad[2];
    kt_node *y = kt_mul(f.g, kt_stop_gradient(f.g, f.x), f.z);
    (void)state;
    assert_int_equal(kt_gradients(f.g, kt_sum_all(f.g, y), wrt, 2, grad), KT_OK);
    assert_null(grad[0]);
    check_value(grad[1], V(1, 2, 3), V(4, 5, 6), V(1, 2, 3));
}

static void a_gradient_flows_through_floats_only(void **state)
{
    kt_node *wrt[] = {f.x, f.z}, *grad[2];
    kt_node *whole = kt_cast(f.g, kt_cast(f.g, f.x, KT_I32), KT_F32);
    kt_node *wide = kt_cast(f.g, f.z, KT_F64);
    (void)state;
    assert_int_equal(kt_gradients(f.g, kt_sum_all(f.g, kt_mul(f.g, whole, wide)), wrt, 2, grad),
                     KT_OK);
    assert_null(grad[0]);
    assert_int_equal(grad[1]->dtype, KT_F32);
    check_value(grad[1], V(1.5F, -2.5F, 3.9F), V(4, 5, 6), V(1, -2, 3));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(powers_of_what_is_not_positive),
        TEST(ties_of_two_go_to_the_first),
        TEST(ties_of_many_are_shared),
        TEST(products_with_zeros),
        TEST(division_by_zero_without_nan),
        TEST(remainders_have_the_sign_of_the_divisor),
        TEST(nan_is_seen),
        TEST(nothing_reduces_to_the_neutral_element),
        TEST(a_stopped_gradient_does_not_flow),
        TEST(a_gradient_flows_through_floats_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
