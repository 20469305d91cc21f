/* test_odd.c - arguments that are no numbers: what get_config gives back, and what is said when an
 * object is made or first used, as Keras. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "exec/exec.h"
#include "nn/nn.h"
#include "support/facts.h"

/* [3, 2], as tools/goldens/odd.py has them. */
static kt_node *rows_of(kt_graph *g, const char *name)
{
    return kt_placeholder(g, name, KT_F32, KT_SHAPE(3, 2));
}

static void use_metric(kt_graph *g, const kt_object *o)
{
    kt_metric *m = kt_metric_new(o, "m", g->fault);
    kt_node   *y = rows_of(g, "y"), *p = rows_of(g, "p");

    assert_non_null(m);
    if (m->type->build(m, y, p, g->fault) == KT_OK)
        kt_metric_update(g, m, y, p, NULL, NULL);
    kt_metric_free(m);
}

static void use_optimizer(kt_graph *g, kt_optimizer *o)
{
    kt_variable w[] = {{.name = "w", .path = "w", .shape = KT_SHAPE(3, 2)},
                       {.name = "b", .path = "b", .shape = KT_SHAPE(2)}};
    kt_node    *grads[2];
    kt_vec      list = {0};

    for (size_t i = 0; i < KT_COUNT(w); i++) {
        w[i].value = kt_tensor_new(KT_F32, w[i].shape);
        grads[i] = kt_placeholder(g, "gradient", KT_F32, w[i].shape);
        assert_true(kt_vec_push(&list, &w[i]));
    }
    if (kt_optimizer_build(o, &list, g->fault) == KT_OK)
        kt_optimizer_apply(o, g, grads, g->fault);
    kt_optimizer_free(o);
    for (size_t i = 0; i < KT_COUNT(w); i++)
        kt_tensor_unref(w[i].value);
    kt_vec_free(&list);
}

/* A schedule is used by an optimizer. */
static kt_optimizer *optimizer_of(kt_graph *g, const char *call)
{
    kt_value        *v = kt_expr_parse(call, &g->arena, g->fault);
    const kt_object *o = v ? kt_object_make(&g->arena, "optimizer", v, g->fault) : NULL;

    return o ? kt_optimizer_new(o, g->fault) : NULL;
}

static void use_initializer(kt_graph *g, const kt_value *v)
{
    kt_variable w = {.dtype = KT_F32, .shape = KT_SHAPE(2, 2), .initializer = v};

    w.value = kt_tensor_new(KT_F32, w.shape);
    assert_non_null(w.value);
    kt_initialize(&w, g->fault);
    kt_tensor_unref(w.value);
}

static void use(kt_graph *g, const char *family, const char *call, const kt_value *v,
                const kt_object *o)
{
    if (kt_streq(family, "loss"))
        kt_loss_value(g, o, rows_of(g, "y"), rows_of(g, "p"), NULL, NULL);
    else if (kt_streq(family, "metric"))
        use_metric(g, o);
    else if (kt_streq(family, "initializer"))
        use_initializer(g, v);
    else if (kt_streq(family, "constraint"))
        kt_project(g, v, rows_of(g, "w"), &g->arena);
    else if (kt_streq(family, "schedule"))
        call = kt_arena_printf(&g->arena, "SGD(%s)", call);
    if (kt_streq(family, "optimizer") || kt_streq(family, "schedule")) {
        kt_optimizer *made = optimizer_of(g, call);
        if (made)
            use_optimizer(g, made);
    }
}

static void check_config(const char *call, const kt_value *want, const kt_value *got)
{
    kt_str text = {0};

    for (size_t i = 0; want && i < want->n; i++) {
        const kt_value *x = kt_value_get(got, want->keys[i]);
        if (x && (kt_value_equal(x, want->items[i]) || kt_streq(want->keys[i], "learning_rate")))
            continue;
        kt_value_repr(&text, x);
        fail_msg("%s: get_config has %s: %s", call, want->keys[i], kt_str_text(&text));
    }
    assert_true(!want || want->n == got->n);
}

static kt_value *config_of(kt_graph *g, const char *family, const char *call, const kt_object *o)
{
    kt_value *v;

    if (kt_streq(family, "optimizer")) {
        kt_optimizer *made = optimizer_of(g, call);
        v = made ? kt_optimizer_value(&g->arena, made, g->fault) : NULL;
        kt_optimizer_free(made);
    } else {
        v = kt_object_value(&g->arena, o, g->fault);
    }
    return v ? (kt_value *)(uintptr_t)kt_value_get(v, "config") : NULL;
}

static void check(const kt_value *row)
{
    const char      *family = kt_value_text(kt_value_get(row, "family"));
    const char      *call = kt_value_text(kt_value_get(row, "call"));
    const kt_value  *config = kt_value_get(row, "config"), *error = kt_value_get(row, "error");
    kt_fault         f = {0};
    kt_graph        *g = kt_graph_new(&f);
    kt_value        *v = kt_expr_parse(call, &g->arena, &f);
    const kt_object *o = v ? kt_object_make(&g->arena, family, v, &f) : NULL;

    if (o && config)
        check_config(call, config, config_of(g, family, call, o));
    if (o && f.e.status == KT_OK)
        use(g, family, call, v, o);
    const char *said = f.e.status == KT_OK ? "" : f.e.message;
    const char *want = error ? kt_value_text(kt_value_get(error, "message")) : "";
    const char *type = error ? kt_value_text(kt_value_get(error, "type")) : "";
    if (!kt_streq(said, want) || (*want && !kt_streq(f.e.type, type)))
        fail_msg("%s: %s: %s, Keras: %s: %s", call, f.e.type ? f.e.type : "", said, type, want);
    kt_graph_free(g);
    kt_fault_clear(&f);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("odd", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
