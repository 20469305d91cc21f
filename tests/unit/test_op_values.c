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

/* Five digits: compilers and libraries differ in the last ones. */
static void add_number(uint32_t *sum, double v)
{
    char text[32];

    snprintf(text, sizeof text, isnan(v) ? "nan " : fabs(v) < 1e-7 ? "0 " : "%.5g ", v);
    damage_sum(sum, text);
}

static void note_number(uint32_t *sum, const op_trial *t, const kt_node *n)
{
    const double *at = t->at[n->id];

    for (int64_t i = 0; i < kt_shape_count(&n->shape); i++) {
        const char *text;
        if (n->dtype == KT_STRING) {
            memcpy(&text, &at[i], sizeof text);
            damage_sum(sum, text);
        } else {
            add_number(sum, at[i]);
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

/* --- data that kernels refuse ----------------------------------------------------------------- */

/* What becomes of whole numbers, or of real ones, of the data: all the same, or two that differ. */
static const struct oddity {
    bool   real;
    double value, second;
} oddities[] = {
    {false, 0, 0},  {false, -1, 1}, {false, 5, -20}, {false, 1000, 0}, {true, 0, 0},
    {true, -1, -1}, {true, 0, 1},   {true, -2, 3},   {true, NAN, 1},   {true, INFINITY, -INFINITY},
};

/* Text leaves stay what they are. */
static void write_leaves(kt_plan *p, const op_trial *t, const struct oddity *o)
{
    for (int i = 0; i < t->n_leaf; i++) {
        const kt_node *n = t->leaf[i];
        void          *to = kt_plan_data(p, n);
        bool           odd = kt_dtype_is_float(n->dtype) == o->real;

        for (int64_t k = 0; to && k < kt_shape_count(&n->shape); k++)
            kt_poke(to, n->dtype, k, !odd ? t->value[i][k] : k % 3 == 1 ? o->second : o->value);
    }
}

/* The results of a plan of reference kernels, or of the best, and what they refuse. */
static kt_plan *run_plan(op_trial *t, const struct oddity *o, const char *kernels, kt_fault *f)
{
    kt_plan *p;

    kt_force_kernel(kernels);
    p = kt_plan_new(t->g, t->node->part, t->node->n_part, &t->fault);
    kt_force_kernel(NULL);
    assert_non_null(p);
    write_leaves(p, t, o);
    if (!kt_plan_run(p))
        kt_plan_refusal(p, f);
    return p;
}

/* Fast convolutions multiply with the zeros of the padding too, and 0 times infinity is none. */
static bool agree(const kt_op_type *op, double want, double got)
{
    if (isnan(got))
        return isnan(want) || strncmp(op->name, "conv", 4) == 0;
    return want == got || fabs(want - got) <= 1e-4 * (1 + fabs(want));
}

static void compare_plans(damage_seen *s, const op_trial *t, kt_plan *plain, kt_plan *best)
{
    for (int k = 0; k < t->node->n_part; k++) {
        const kt_node *y = t->node->part[k];
        const void    *want = kt_plan_data(plain, y), *got = kt_plan_data(best, y);

        for (int64_t i = 0; y->dtype != KT_STRING && i < kt_shape_count(&y->shape); i++) {
            double w = kt_peek(want, y->dtype, i), g = kt_peek(got, y->dtype, i);
            if (!agree(t->op, w, g))
                fail_msg("%s variant %d: result %d [%lld] is %g, not %g", t->op->name, t->variant,
                         k, (long long)i, g, w);
            add_number(&s->sum, w);
        }
    }
}

/* Kernels refuse what the reference refuses, in the same words, and agree on the rest. */
static void note_oddity(damage_seen *s, op_trial *t, const struct oddity *o)
{
    kt_fault f = {0}, other = {0};
    kt_plan *plain = run_plan(t, o, "reference", &f), *best = run_plan(t, o, NULL, &other);
    kt_str   line = {0};

    if (f.e.message || other.e.message) {
        assert_non_null(f.e.message);
        assert_non_null(other.e.message);
        assert_string_equal(other.e.message, f.e.message);
        kt_str_printf(&line, "refuses %s: %s", s->name, f.e.message);
        damage_refused(s, &line, f.e.message, NULL, 200);
    } else {
        compare_plans(s, t, plain, best);
        s->results++;
    }
    kt_str_free(&line);
    kt_plan_free(plain);
    kt_plan_free(best);
    kt_fault_clear(&f);
    kt_fault_clear(&other);
}

static void refusals_as_kept(void **state)
{
    kt_str lines = {0}, report = {0};

    (void)state;
    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op; op++) {
            damage_seen s = {.name = (*op)->name, .sum = DAMAGE_SUM};
            for (int variant = 0; (*op)->sample && variant < VARIANTS; variant++) {
                op_trial t = begin(*op, variant, KT_F32, &report);
                bool     exists = trial_start(&t);
                for (size_t i = 0; exists && i < KT_COUNT(oddities); i++)
                    note_oddity(&s, &t, &oddities[i]);
                trial_free(&t);
                if (!exists)
                    break;
            }
            damage_told(&s, "refuses ", &lines);
        }
    assert_string_equal(kt_str_text(&report), "");
    damage_as_kept(&lines);
    kt_str_free(&lines);
    kt_str_free(&report);
}

/* --- graphs by chance ------------------------------------------------------------------------- */

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
        cmocka_unit_test(refusals_as_kept),
        cmocka_unit_test(random_graphs_as_kept),
    };

    plan_sums_anywhere();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
