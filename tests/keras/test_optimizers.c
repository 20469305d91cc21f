/* test_optimizers.c - each optimizer's steps, variables, configuration and errors against those of
 * real Keras. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "exec/exec.h"
#include "nn/nn.h"
#include "passes/passes.h"
#include "support/facts.h"

enum { MAX_WEIGHTS = 4 };

/* One case: its weights, and the step as a plan. */
typedef struct trial {
    const kt_value *problem, *row;
    const char     *what;
    kt_arena        arena;
    kt_fault        fault;
    kt_value        constraint;
    kt_vec          trainable;
    int             n;
    kt_variable     weight[MAX_WEIGHTS];
    kt_optimizer   *optimizer;
    kt_graph       *g;
    kt_node        *input[MAX_WEIGHTS], *grad[MAX_WEIGHTS];
    kt_plan        *plan;
} trial;

static const kt_value *item(const kt_value *list, size_t i)
{
    assert_true(kt_value_is_seq(list) && i < list->n);
    return list->items[i];
}

static void check_fault(trial *t)
{
    if (t->fault.e.status != KT_OK)
        fail_msg("%s: %s", t->what, t->fault.e.message);
}

static void fill(void *data, const kt_value *numbers)
{
    for (size_t i = 0; i < numbers->n; i++)
        ((float *)data)[i] = (float)fact_number(numbers, i);
}

static bool is_listed(const kt_value *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (kt_streq(kt_value_text(list->items[i]), name))
            return true;
    return false;
}

static void make_weights(trial *t)
{
    const kt_value *names = kt_value_get(t->row, "names");
    const char     *constraint = kt_value_text(kt_value_get(t->row, "constraint"));

    t->constraint = (kt_value){.kind = KT_STR, .s = constraint};
    t->n = (int)names->n;
    for (size_t i = 0; i < names->n; i++) {
        kt_variable *v = &t->weight[i];

        v->name = v->path = kt_value_text(names->items[i]);
        assert_true(kt_shape_from_value(kt_value_get(kt_value_get(t->problem, "shapes"), v->name),
                                        &v->shape));
        v->value = kt_tensor_new(KT_F32, v->shape);
        fill(v->value->data, kt_value_get(kt_value_get(t->problem, "weights"), v->name));
        if (constraint && kt_streq(v->name, "kernel"))
            v->constraint = &t->constraint;
        assert_true(kt_vec_push(&t->trainable, v));
    }
}

/* Gradients are fed in; that of the table comes by rows. */
static void make_gradient(trial *t, int i)
{
    const kt_variable *v = &t->weight[i];
    const kt_value    *rows = kt_value_get(t->problem, "rows");

    if (is_listed(kt_value_get(t->row, "missing"), v->name))
        return;
    if (!kt_streq(v->name, "table")) {
        t->input[i] = t->grad[i] = kt_placeholder(t->g, "gradient", KT_F32, v->shape);
        return;
    }
    kt_tensor *index = kt_tensor_new(KT_I32, KT_SHAPE((int64_t)rows->n));
    for (size_t k = 0; k < rows->n; k++)
        kt_tensor_set(index, (int64_t)k, fact_number(rows, k));
    t->input[i] = kt_placeholder(t->g, "gradient", KT_F32,
                                 KT_SHAPE((int64_t)rows->n, v->shape.dim[1]));
    t->grad[i] = kt_gather_grad(t->g, kt_constant(t->g, index), t->input[i], 0, v->shape);
}

static void begin(trial *t, const kt_value *problem, const kt_value *row)
{
    const kt_object *o;

    *t = (trial){.problem = problem, .row = row};
    t->what = kt_value_text(kt_value_get(row, "optimizer"));
    o = kt_object_make(&t->arena, "optimizer", kt_expr_parse(t->what, &t->arena, &t->fault),
                       &t->fault);
    check_fault(t);
    t->optimizer = kt_optimizer_new(o, &t->fault);
    check_fault(t);
    make_weights(t);
    kt_optimizer_build(t->optimizer, &t->trainable, &t->fault);
    check_fault(t);
    t->g = kt_graph_new(&t->fault);
    for (int i = 0; i < t->n; i++)
        make_gradient(t, i);
    kt_optimizer_apply(t->optimizer, t->g, t->grad, &t->fault);
    check_fault(t);
    kt_optimise(t->g, NULL, 0);
    check_fault(t);
    t->plan = kt_plan_new(t->g, NULL, 0, &t->fault);
    check_fault(t);
}

static void finish(trial *t)
{
    kt_plan_free(t->plan);
    kt_graph_free(t->g);
    kt_optimizer_free(t->optimizer);
    for (int i = 0; i < t->n; i++)
        kt_tensor_unref(t->weight[i].value);
    kt_vec_free(&t->trainable);
    kt_fault_clear(&t->fault);
    kt_arena_free(&t->arena);
}

/* The gradient of the bias is infinite in some steps. */
static void spoil(trial *t, size_t step)
{
    const kt_value *steps = kt_value_get(t->row, "spoiled");

    for (size_t i = 0; steps && i < steps->n; i++)
        if (fact_number(steps, i) == (double)step)
            for (int k = 0; k < t->n; k++)
                if (kt_streq(t->weight[k].name, "bias")) {
                    float *g = kt_plan_data(t->plan, t->input[k]);
                    for (int64_t j = 0; j < t->weight[k].value->count; j++)
                        g[j] *= INFINITY;
                }
}

static void run(trial *t)
{
    const kt_value *grads = kt_value_get(t->problem, "grads"),
                   *rates = kt_value_get(t->row, "rates");

    for (size_t step = 0; step < grads->n; step++) {
        double rate = kt_optimizer_lr(t->optimizer);

        if (fabs(rate - fact_number(rates, step)) > 1e-7)
            fail_msg("%s: learning rate %g in step %zu, Keras has %g", t->what, rate, step,
                     fact_number(rates, step));
        for (int i = 0; i < t->n; i++)
            if (t->input[i])
                fill(kt_plan_data(t->plan, t->input[i]),
                     kt_value_get(grads->items[step], t->weight[i].name));
        spoil(t, step);
        kt_plan_run(t->plan);
    }
}

static void check_tensor(const trial *t, const char *what, const kt_tensor *got,
                         const kt_value *want)
{
    if ((size_t)got->count != want->n)
        fail_msg("%s: %s has %lld values", t->what, what, (long long)got->count);
    for (size_t i = 0; i < want->n; i++) {
        double x = fact_number(want, i), y = kt_tensor_get(got, (int64_t)i);
        if (!fact_near(y, x, 1e-5) || fabs(x - y) > 2e-6 + 1e-5 * fabs(x))
            fail_msg("%s: %s[%zu] is %.9g, Keras gives %.9g", t->what, what, i, y, x);
    }
}

static void check_weights(const trial *t, const char *key)
{
    for (int i = 0; i < t->n; i++)
        check_tensor(t, t->weight[i].name, t->weight[i].value,
                     item(kt_value_get(t->row, key), (size_t)i));
}

static void check_variables(const trial *t)
{
    const kt_vec   *variables = &t->optimizer->variables;
    const kt_value *shapes = kt_value_get(t->row, "shapes");

    if (variables->n != shapes->n)
        fail_msg("%s: %zu variables, Keras has %zu", t->what, variables->n, shapes->n);
    for (size_t i = 0; i < variables->n; i++) {
        const kt_variable *v = variables->at[i];
        const char        *dtype = kt_value_text(item(kt_value_get(t->row, "dtypes"), i));
        kt_shape           shape;

        assert_true(kt_shape_from_value(shapes->items[i], &shape));
        assert_string_equal(kt_dtype_name(v->dtype), dtype);
        assert_true(kt_shape_equal(&shape, &v->shape) && kt_shape_equal(&shape, &v->value->shape));
        check_tensor(t, v->path, v->value, item(kt_value_get(t->row, "variables"), i));
    }
}

static void check_config(trial *t)
{
    const kt_value *want = kt_value_get(t->row, "config");
    kt_value       *got = kt_optimizer_value(&t->arena, t->optimizer, &t->fault);
    kt_str          text = {0};

    check_fault(t);
    for (size_t i = 0; i < want->n; i++) {
        const kt_value *x = kt_value_get(got, want->keys[i]);
        if (x && kt_value_equal(x, want->items[i]))
            continue;
        kt_value_repr(&text, x);
        kt_str_add(&text, ", Keras has ");
        kt_value_repr(&text, want->items[i]);
        fail_msg("%s: %s is %s", t->what, want->keys[i], kt_str_text(&text));
    }
}

static void check_case(const kt_value *problem, const kt_value *row)
{
    trial t;

    begin(&t, problem, row);
    run(&t);
    check_weights(&t, "weights");
    check_variables(&t);
    check_config(&t);
    assert_int_equal(kt_optimizer_finish(t.optimizer), KT_OK);
    check_weights(&t, "finished");
    finish(&t);
}

static void check_error(const kt_value *row)
{
    kt_arena         a = {0};
    kt_fault         f = {0};
    const char      *text = kt_value_text(kt_value_get(row, "error"));
    kt_value        *v = kt_expr_parse(text, &a, &f);
    const kt_object *o = v ? kt_object_make(&a, "optimizer", v, &f) : NULL;
    kt_optimizer    *optimizer = o ? kt_optimizer_new(o, &f) : NULL;

    if (optimizer)
        fail_msg("%s raises nothing", text);
    assert_string_equal(f.e.message, kt_value_text(kt_value_get(row, "message")));
    assert_string_equal(f.e.type, kt_value_text(kt_value_get(row, "type")));
    kt_fault_clear(&f);
    kt_arena_free(&a);
}

static void each_case(bool (*takes)(const kt_value *row))
{
    facts t;
    int   n = 0;

    facts_open(&t, "optimizers");
    for (size_t i = 1; i < t.rows.n; i++)
        if (takes(t.rows.at[i])) {
            if (kt_value_get(t.rows.at[i], "error"))
                check_error(t.rows.at[i]);
            else
                check_case(t.rows.at[0], t.rows.at[i]);
            fact_done("optimizers", i);
            n++;
        }
    assert_true(n > 0);
    facts_close(&t);
}

static bool is_error(const kt_value *row)
{
    return kt_value_get(row, "error") != NULL;
}

static bool has_name(const kt_value *row, const char *name)
{
    return !is_error(row) && is_listed(kt_value_get(row, "names"), name);
}

static bool is_partial(const kt_value *row)
{
    return !is_error(row) && kt_value_get(row, "missing")->n > 0;
}

static bool is_constrained(const kt_value *row)
{
    return !is_error(row) && kt_value_text(kt_value_get(row, "constraint"));
}

static bool is_schedule(const kt_value *row)
{
    return !is_error(row) && kt_value_get(row, "names")->n == 1;
}

static bool is_by_rows(const kt_value *row)
{
    return has_name(row, "table");
}

static bool is_spoiled(const kt_value *row)
{
    return kt_value_get(row, "spoiled") != NULL;
}

static bool is_whole(const kt_value *row)
{
    return has_name(row, "kernel") && !is_partial(row) && !is_constrained(row) && !is_spoiled(row);
}

static void steps(void **state)
{
    (void)state;
    each_case(is_whole);
}

static void schedules(void **state)
{
    (void)state;
    each_case(is_schedule);
}

static void gradients_by_rows(void **state)
{
    (void)state;
    each_case(is_by_rows);
}

static void missing_gradients(void **state)
{
    (void)state;
    each_case(is_partial);
}

static void constraints(void **state)
{
    (void)state;
    each_case(is_constrained);
}

static void infinite_gradients(void **state)
{
    (void)state;
    each_case(is_spoiled);
}

static void errors(void **state)
{
    (void)state;
    each_case(is_error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps),
        cmocka_unit_test(schedules),
        cmocka_unit_test(gradients_by_rows),
        cmocka_unit_test(missing_gradients),
        cmocka_unit_test(constraints),
        cmocka_unit_test(infinite_gradients),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
