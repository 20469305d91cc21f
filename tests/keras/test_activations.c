/* test_activations.c - every activation of Keras: values and gradients as TensorFlow's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "nn/nn.h"
#include "passes/passes.h"
#include "support/facts.h"
#include "support/naive.h"

/* y = act(x) and the gradient of sum(y * (1, 2, ...)), in doubles; TensorFlow has some constants in
 * float32. */
static void compute(const kt_value *row, naive *n, kt_graph *g, kt_node **y, kt_node **dx)
{
    const kt_activation_type *act = kt_activation_find(kt_value_get(row, "name"), g->fault);
    kt_shape                  shape;

    assert_non_null(act);
    assert_true(kt_shape_from_value(kt_value_get(row, "shape"), &shape));
    kt_node *x = kt_placeholder(g, "x", KT_F64, shape);
    *y = kt_activate(g, act, x);
    kt_tensor *w = kt_tensor_new(KT_F64, (*y)->shape);
    assert_non_null(w);
    for (int64_t i = 0; i < w->count; i++)
        kt_poke(w->data, KT_F64, i, (double)i + 1);
    kt_node *loss = kt_sum_all(g, kt_mul(g, *y, kt_constant(g, w)));
    assert_int_equal(kt_gradients(g, loss, &x, 1, dx), KT_OK);

    assert_true(naive_new(n, g));
    for (int64_t i = 0; i < kt_shape_count(&shape); i++)
        ((double *)n->input[x->id])[i] = fact_number(kt_value_get(row, "x"), (size_t)i);
    naive_run(n);
}

static void check(const kt_value *row)
{
    const char *name = kt_value_text(kt_value_get(row, "name"));
    kt_fault    fault = {0};
    kt_graph   *g = kt_graph_new(&fault);
    naive       n;
    kt_node    *y, *dx;

    assert_non_null(g);
    g->floatx = KT_F64;
    compute(row, &n, g, &y, &dx);
    fact_close(name, kt_value_get(row, "y"), n.value[y->id], (size_t)kt_shape_count(&y->shape),
               1e-7);
    fact_close(name, kt_value_get(row, "dx"), n.value[dx->id], (size_t)kt_shape_count(&dx->shape),
               1e-7);
    naive_free(&n);
    kt_graph_free(g);
    kt_fault_clear(&fault);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("activations", check);
}

/* Nothing that Keras does not have. */
static void all_are_known_to_keras(void **state)
{
    (void)state;
    const kt_family *f = kt_family_find("activation");
    const kt_class  *cls;
    facts            t;

    facts_open(&t, "activations");
    for (size_t i = 0; (cls = kt_family_class(f, i)) != NULL; i++) {
        bool known = kt_streq(cls->class_name, "threshold");   /* takes arguments: no fact */
        known |= kt_streq(cls->module, "keratin.activations"); /* of older files: says so itself */
        for (size_t k = 0; k < t.rows.n; k++)
            known |= kt_streq(kt_value_text(kt_value_get(t.rows.at[k], "name")), cls->class_name);
        if (!known)
            fail_msg("Keras has no activation '%s'", cls->class_name);
    }
    facts_close(&t);
}

static kt_status activate(const char *name, kt_shape shape, kt_fault *fault)
{
    kt_graph *g = kt_graph_new(fault);
    kt_value  v = {.kind = KT_STR, .s = name};

    assert_non_null(g);
    kt_activate(g, kt_activation_find(&v, fault), kt_placeholder(g, "x", KT_F32, shape));
    kt_graph_free(g);
    return fault->e.status;
}

static void refusals(void **state)
{
    (void)state;
    kt_fault f = {0};

    assert_int_equal(activate("glu", KT_SHAPE(2, 3), &f), KT_E_VALUE);
    assert_string_equal(f.e.message,
                        "axis size must be divisible by 2. Received: x.shape=(2, 3) with axis=-1");
    kt_fault_clear(&f);
    assert_int_equal(activate("threshold", KT_SHAPE(2, 3), &f), KT_E_TYPE);
    assert_string_equal(f.e.message, "threshold() missing 2 required positional arguments: "
                                     "'threshold' and 'default_value'");
    kt_fault_clear(&f);
}

/* At the kinks of relu6 TensorFlow's slope is 0, at those of hard_tanh it is 1. */
static void kinks(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double      x, slope;
    } cases[] = {{"relu", 0, 0},       {"relu6", 0, 0},       {"relu6", 6, 0},
                 {"hard_tanh", -1, 1}, {"hard_tanh", 1, 1},   {"leaky_relu", 0, 0.2},
                 {"elu", 0, 1},        {"hard_sigmoid", 3, 0}};

    for (size_t i = 0; i < KT_COUNT(cases); i++) {
        kt_fault  f = {0};
        kt_graph *g = kt_graph_new(&f);
        kt_value  v = {.kind = KT_STR, .s = cases[i].name};
        naive     n;
        kt_node  *dx, *x = kt_placeholder(g, "x", KT_F64, KT_SHAPE(1));
        kt_node  *y = kt_activate(g, kt_activation_find(&v, &f), x);
        assert_int_equal(kt_gradients(g, kt_sum_all(g, y), &x, 1, &dx), KT_OK);
        assert_true(naive_new(&n, g));
        ((double *)n.input[x->id])[0] = cases[i].x;
        naive_run(&n);
        if (fabs(n.value[dx->id][0] - cases[i].slope) > 1e-12)
            fail_msg("%s at %g: slope %g", cases[i].name, cases[i].x, n.value[dx->id][0]);
        naive_free(&n);
        kt_graph_free(g);
        kt_fault_clear(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_keras),
        cmocka_unit_test(all_are_known_to_keras),
        cmocka_unit_test(refusals),
        cmocka_unit_test(kinks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
