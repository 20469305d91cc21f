/* test_objects.c - regularizers, constraints and initializers: configurations, names, errors and
 * results as Keras'. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "config/config.h"
#include "nn/nn.h"
#include "support/facts.h"
#include "support/naive.h"

static void check_error(const kt_value *want, const kt_error *got)
{
    const char *message = kt_value_text(kt_value_get(want, "message"));

    assert_int_not_equal(got->status, KT_OK);
    assert_string_equal(got->type, kt_value_text(kt_value_get(want, "type")));
    if (strstr(message, "one of ") && strlen(got->message) > strlen(message)) /* a set follows */
        assert_memory_equal(got->message, message, strlen(message));
    else
        assert_string_equal(got->message, message);
}

/* The penalty or projection of w, in float32 as Keras computes it. */
static void check_result(const kt_value *row, const char *family, const kt_value *v)
{
    kt_fault  f = {0};
    kt_graph *g = kt_graph_new(&f);
    kt_shape  shape;
    naive     n;

    assert_true(kt_shape_from_value(kt_value_get(row, "shape"), &shape));
    kt_node *w = kt_placeholder(g, "w", KT_F32, shape);
    kt_node *y = kt_streq(family, "constraint") ? kt_project(g, v, w, &g->arena)
                                                : kt_penalty(g, v, w, &g->arena);
    if (kt_value_get(row, "refused")) {
        check_error(kt_value_get(row, "refused"), &f.e);
        kt_graph_free(g);
        kt_fault_clear(&f);
        return;
    }
    if (f.e.status != KT_OK)
        fail_msg("%s", f.e.message);
    assert_true(naive_new(&n, g));
    for (int64_t i = 0; i < kt_shape_count(&shape); i++)
        ((float *)n.input[w->id])[i] = (float)fact_number(kt_value_get(row, "w"), (size_t)i);
    naive_run(&n);
    const kt_value *want = kt_value_get(row, "result");
    fact_close(kt_value_text(kt_value_get(row, "expression")), want, n.value[y->id],
               (size_t)kt_shape_count(&y->shape), 1e-6);
    naive_free(&n);
    kt_graph_free(g);
    kt_fault_clear(&f);
}

static void check_expression(const kt_value *row, const char *family, const char *expression)
{
    kt_arena         a = {0};
    kt_fault         f = {0};
    kt_value        *v = kt_expr_parse(expression, &a, &f);
    const kt_object *o = v ? kt_object_make(&a, family, v, &f) : NULL;

    if (kt_value_get(row, "error")) {
        check_error(kt_value_get(row, "error"), &f.e);
    } else {
        kt_str    text = {0};
        kt_value *value = o ? kt_object_value(&a, o, &f) : NULL;
        assert_non_null(value);
        kt_value_repr(&text, value);
        if (!kt_value_equal(value, kt_value_get(row, "value")))
            fail_msg("%s is written as %s", expression, kt_str_text(&text));
        kt_str_free(&text);
        if (kt_value_get(row, "result") || kt_value_get(row, "refused"))
            check_result(row, family, v);
    }
    kt_arena_free(&a);
    kt_fault_clear(&f);
}

static void check_refusal(const kt_value *row, const char *family, const kt_value *bad)
{
    kt_arena a = {0};
    kt_fault f = {0};

    assert_null(kt_object_make(&a, family, bad, &f));
    check_error(kt_value_get(row, "error"), &f.e);
    kt_arena_free(&a);
    kt_fault_clear(&f);
}

static void as_keras(void **state)
{
    (void)state;
    facts t;

    facts_open(&t, "objects");
    for (size_t i = 0; i < t.rows.n; i++) {
        const kt_value *row = t.rows.at[i];
        const char     *family = kt_value_text(kt_value_get(row, "family"));
        const char     *expression = kt_value_text(kt_value_get(row, "expression"));
        const char     *name = kt_value_text(kt_value_get(row, "name"));

        if (expression) {
            check_expression(row, family, expression);
        } else if (name) {
            const kt_class *cls = kt_class_find(family, name);
            if (!cls || !kt_streq(cls->class_name, kt_value_text(kt_value_get(row, "class"))))
                fail_msg("%s '%s' is not known", family, name);
        } else {
            check_refusal(row, family, kt_value_get(row, "bad"));
        }
        fact_done("objects", i);
    }
    facts_close(&t);
}

/* Errors that only a value can show. */
static void shapes_that_do_not_fit(void **state)
{
    (void)state;
    static const struct {
        const char *family, *expression, *message;
    } cases[] = {
        {"regularizer", "OrthogonalRegularizer()",
         "Inputs to OrthogonalRegularizer must have rank 2. Received: inputs.shape=(3,)"},
        {"constraint", "MaxNorm(2, 5)",
         "Invalid reduction dimension (5 for input with 1 dimension(s)"},
    };
    for (size_t i = 0; i < KT_COUNT(cases); i++) {
        kt_fault  f = {0};
        kt_graph *g = kt_graph_new(&f);
        kt_node  *w = kt_placeholder(g, "w", KT_F32, KT_SHAPE(3));
        kt_value *v = kt_expr_parse(cases[i].expression, &g->arena, &f);

        if (kt_streq(cases[i].family, "constraint"))
            kt_project(g, v, w, &g->arena);
        else
            kt_penalty(g, v, w, &g->arena);
        assert_string_equal(f.e.message, cases[i].message);
        kt_graph_free(g);
        kt_fault_clear(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_keras),
        cmocka_unit_test(shapes_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
