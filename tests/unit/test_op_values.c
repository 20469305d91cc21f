/* test_op_values.c - what becomes of each op's samples, as tests/support/damage_words.txt has it:
 * their numbers, results and gradients by the reference kernels; the graph that passes make of
 * them, and the steps and memory of its plan. Other tests compare kernels, plans and gradients with
 * each other: what all of them agree on, or none of them looks at, is seen here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/ops.h"
#include "passes/passes.h"
#include "support/damage.h"
#include "support/op_trial.h"
#include "support/plan_sums.h"
#include "support/random_graph.h"

enum { VARIANTS = 1000, LINES = 20, GRAPHS = 25 };

/* Sums of texts, so that a difference says what changed. */
typedef struct sums {
    int       samples;
    uint32_t  values, slopes;
    plan_sums plans;
} sums;

static void note_number(uint32_t *sum, const op_trial *t, const kt_node *n)
{
    const double *at = t->at[n->id];

    for (int64_t i = 0; i < kt_shape_count(&n->shape); i++) {
        const char *text;
        if (n->dtype == KT_STRING) {
            memcpy(&text, &at[i], sizeof text);
            damage_sum(sum, text);
        } else {
            damage_number(sum, at[i]);
        }
    }
}

static op_trial begin(const kt_op_type *op, int variant, kt_dtype floatx, kt_str *report)
{
    return (op_trial){.op = op,
                      .variant = variant,
                      .seed = 1,
                      .floatx = floatx,
                      .scale = 1,
                      .unknown = ALL_KNOWN,
                      .report = report};
}

/* The gradients of the leaves, where the weight of element i of y is the cosine of i. */
static int emit_gradients(op_trial *t, kt_node **grad)
{
    kt_tensor *w;
    int        n = 0;

    if (!t->op->gradient || !kt_dtype_is_float(t->y->dtype))
        return 0;
    w = kt_tensor_new(t->floatx, t->y->shape);
    assert_non_null(w);
    for (int64_t i = 0; i < w->count; i++)
        kt_tensor_set(w, i, cos((double)i));
    kt_gradients(t->g, kt_sum_all(t->g, kt_mul(t->g, t->y, kt_constant(t->g, w))), t->leaf,
                 t->n_leaf, grad);
    for (int i = 0; i < t->n_leaf; i++)
        if (grad[i])
            grad[n++] = grad[i];
    return n;
}

/* Its numbers in float64. False if there is no such variant. */
static bool note_values(sums *s, const kt_op_type *op, int variant, kt_str *report)
{
    op_trial t = begin(op, variant, KT_F64, report);
    kt_node *grad[TRIAL_LEAVES];
    bool     exists = trial_start(&t);
    int      n = exists ? emit_gradients(&t, grad) : 0;

    if (exists && trial_eval(&t)) {
        for (int i = 0; i < t.n_leaf; i++)
            note_number(&s->values, &t, t.leaf[i]);
        for (int k = 0; k < t.node->n_part; k++)
            note_number(&s->values, &t, t.node->part[k]);
        for (int i = 0; i < n; i++)
            note_number(&s->slopes, &t, grad[i]);
    }
    trial_free(&t);
    return exists;
}

static void note_plan(plan_sums *s, kt_graph *g, kt_node *const *keep, int n)
{
    kt_plan *p;

    assert_int_equal(kt_optimise(g, keep, n), KT_OK);
    p = kt_plan_new(g, keep, n, g->fault);
    assert_non_null(p);
    plan_sums_add(s, g, p);
    kt_plan_free(p);
}

static void note_sample(plan_sums *s, const kt_op_type *op, int variant, kt_str *report)
{
    op_trial t = begin(op, variant, KT_F32, report);
    kt_node *keep[TRIAL_LEAVES + 1];

    trial_start(&t);
    keep[0] = t.y;
    note_plan(s, t.g, keep, 1 + emit_gradients(&t, keep + 1));
    trial_free(&t);
}

static void ops_as_kept(void **state)
{
    kt_str lines = {0}, report = {0};

    (void)state;
    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op; op++) {
            sums s = {.values = DAMAGE_SUM};

            while ((*op)->sample && s.samples < VARIANTS &&
                   note_values(&s, *op, s.samples, &report))
                note_sample(&s.plans, *op, s.samples++, &report);
            kt_str_printf(&lines, "numbers of %s: %d to %d inputs, %x %x, values %08x %08x, ",
                          (*op)->name, (*op)->min_in, (*op)->max_in, (*op)->no_gradient,
                          (*op)->flags, s.values, s.slopes);
            plan_sums_told(&s.plans, &lines);
        }
    assert_string_equal(kt_str_text(&report), "");
    damage_as_kept(&lines);
    kt_str_free(&lines);
    kt_str_free(&report);
}

static void note_random_graph(plan_sums *s, unsigned seed)
{
    byte_source bytes = {.state = seed};
    world       w;

    assert_true(world_build(&bytes, &w, KT_F32, 10 + (int)seed % 90));
    note_plan(s, w.g, w.keep, w.n_keep);
    world_free(&w);
}

static void random_graphs_as_kept(void **state)
{
    kt_str lines = {0};

    (void)state;
    for (unsigned line = 0; line < LINES; line++) {
        plan_sums s = {0};
        for (unsigned k = 0; k < GRAPHS; k++)
            note_random_graph(&s, 1000 + line * GRAPHS + k);
        kt_str_printf(&lines, "plans %u of ", line);
        plan_sums_told(&s, &lines);
    }
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ops_as_kept),
        cmocka_unit_test(random_graphs_as_kept),
    };

    plan_sums_anywhere();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
