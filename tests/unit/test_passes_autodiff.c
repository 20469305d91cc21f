/* test_passes_autodiff.c - gradients of graphs small enough to differentiate by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "exec/exec.h"
#include "ops/ops.h"
#include "passes/passes.h"

typedef struct scene {
    kt_fault  fault;
    kt_graph *g;
} scene;

static kt_graph *begin(scene *s)
{
    *s = (scene){.g = NULL};
    s->g = kt_graph_new(&s->fault);
    assert_non_null(s->g);
    s->g->floatx = KT_F64;
    return s->g;
}

static void end(scene *s)
{
    kt_graph_free(s->g);
    kt_fault_clear(&s->fault);
}

static kt_node *vector(kt_graph *g, int64_t n, const double *v)
{
    return kt_constant(g, kt_tensor_from(v, KT_F64, KT_SHAPE(n)));
}

static void check_values(scene *s, kt_node *n, const double *want)
{
    kt_plan *p = kt_plan_new(s->g, &n, 1, &s->fault);
    double  *got;

    assert_non_null(p);
    kt_plan_run(p);
    got = kt_plan_data(p, n);
    for (int64_t i = 0; i < kt_shape_count(&n->shape); i++)
        assert_true(fabs(got[i] - want[i]) <= 1e-12 * fmax(1, fabs(want[i])));
    kt_plan_free(p);
}

/* d/dx sum(x * x * w) = 2 x w, d/dw = x * x */
static void product_rule(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node *x = vector(g, 3, (double[]){1, -2, 3}), *w = vector(g, 3, (double[]){4, 5, 6}), *dx[2];
    kt_node *loss = kt_sum_all(g, kt_mul(g, kt_mul(g, x, x), w));

    assert_int_equal(kt_gradients(g, loss, (kt_node *[]){x, w}, 2, dx), KT_OK);
    check_values(&s, dx[0], (double[]){8, -20, 36});
    check_values(&s, dx[1], (double[]){1, 4, 9});
    end(&s);
}

/* A value that is read three times gets the sum of three contributions; broadcasting is undone by a
 * sum. */
static void contributions_are_summed(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *b = kt_constant(g, kt_tensor_from((double[]){2}, KT_F64, KT_SCALAR_SHAPE)), *db;
    kt_node  *x = vector(g, 4, (double[]){1, 2, 3, 4});
    kt_node  *loss = kt_sum_all(g, kt_add(g, kt_mul(g, x, b), kt_add(g, kt_mul(g, b, b), b)));

    assert_int_equal(kt_gradients(g, loss, &b, 1, &db), KT_OK);
    assert_int_equal(db->shape.rank, 0);
    check_values(&s, db, (double[]){10 + 4 * (2 * 2 + 1)});
    end(&s);
}

static void nothing_flows_where_there_is_no_slope(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = vector(g, 2, (double[]){1, 2}), *other = vector(g, 2, (double[]){5, 6}), *dx[2];
    kt_node  *cut = kt_stop_gradient(g, kt_mul(g, x, x));
    kt_node  *whole = kt_cast(g, kt_cast(g, x, KT_I32), KT_F64);
    kt_node  *test = kt_cast(g, kt_binary(g, KT_BI_GREATER, x, other), KT_F64);

    assert_int_equal(kt_gradients(g, kt_sum_all(g, kt_add(g, kt_add(g, cut, whole), test)),
                                  (kt_node *[]){x, other}, 2, dx),
                     KT_OK);
    assert_null(dx[0]);
    assert_null(dx[1]);
    assert_int_equal(
        kt_gradients(g, kt_sum_all(g, kt_mul(g, cut, x)), (kt_node *[]){x, other}, 2, dx), KT_OK);
    check_values(&s, dx[0], (double[]){1, 4}); /* cut counts as a constant */
    assert_null(dx[1]);
    end(&s);
}

static void loss_itself_and_integers(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = kt_scalar(g, 3), *i = kt_scalar_as(g, 3, KT_I64), *dx[2];

    assert_int_equal(kt_gradients(g, x, (kt_node *[]){x, i}, 2, dx), KT_OK);
    check_values(&s, dx[0], (double[]){1});
    assert_null(dx[1]);
    end(&s);
}

static void loss_of_one_element_may_have_axes(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = kt_constant(g, kt_tensor_from((double[]){3}, KT_F64, KT_SHAPE(1, 1))), *dx;

    assert_int_equal(kt_gradients(g, kt_unary(g, KT_UN_SQUARE, x), &x, 1, &dx), KT_OK);
    check_values(&s, dx, (double[]){6});
    end(&s);
}

static void a_loss_of_several_elements_is_refused(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = vector(g, 2, (double[]){1, 2}), *dx = x;

    assert_int_equal(kt_gradients(g, x, &x, 1, &dx), KT_E_VALUE);
    assert_null(dx);
    end(&s);
}

/* An op with two results, of which only the first is used. */
static void parts(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *z = kt_constant(g, kt_tensor_from((double[]){1, 2, 3}, KT_F64, KT_SHAPE(1, 3))), *dz;
    kt_node  *t = kt_constant(g, kt_tensor_from((double[]){0, 1, 0}, KT_F64, KT_SHAPE(1, 3)));
    kt_node  *loss = kt_sum_all(g, kt_softmax_xent(g, z, t));
    double    e[3] = {exp(1), exp(2), exp(3)}, sum = e[0] + e[1] + e[2];

    assert_int_equal(kt_gradients(g, loss, &z, 1, &dz), KT_OK);
    check_values(&s, dz, (double[]){e[0] / sum, e[1] / sum - 1, e[2] / sum});
    end(&s);
}

/* Gradient nodes carry the scope of the node that they belong to, so that timings name the
 * layer. */
static void gradients_keep_the_scope(void **state)
{
    (void)state;
    scene       s;
    kt_graph   *g = begin(&s);
    kt_node    *x = vector(g, 2, (double[]){1, 2}), *y, *dx;
    const char *old = kt_scope_enter(g, "dense_7");

    y = kt_unary(g, KT_UN_TANH, x);
    kt_scope_leave(g, old);
    assert_int_equal(kt_gradients(g, kt_sum_all(g, y), &x, 1, &dx), KT_OK);
    assert_string_equal(dx->scope, "dense_7");
    assert_string_equal(g->scope, "");
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_rule),
        cmocka_unit_test(contributions_are_summed),
        cmocka_unit_test(nothing_flows_where_there_is_no_slope),
        cmocka_unit_test(loss_itself_and_integers),
        cmocka_unit_test(loss_of_one_element_may_have_axes),
        cmocka_unit_test(a_loss_of_several_elements_is_refused),
        cmocka_unit_test(parts),
        cmocka_unit_test(gradients_keep_the_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
