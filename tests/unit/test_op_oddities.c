/* test_op_oddities.c - the nodes of each op's samples with other data than they ask for, and in
 * other dtypes: the kernels that plans choose refuse what reference kernels refuse, in the same
 * words, and agree with them on the rest. What is refused and what comes of the rest is what
 * tests/support/damage_words.txt has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "exec/exec.h"
#include "ops/ops.h"
#include "support/damage.h"
#include "support/op_trial.h"
#include "support/plan_sums.h"

enum { VARIANTS = 1000, MOST_INPUTS = 16 };

/* What becomes of inputs that are whole numbers, or real ones. */
typedef struct oddity {
    bool     real;
    kt_dtype as;    /* KT_STRING: the dtype that they have */
    bool     other; /* their values are these two instead, or NaN for those that they have */
    double   value, second;
} oddity;

static const oddity data[] = {
    {false, KT_STRING, true, 0, 0},   {false, KT_STRING, true, -1, 1},
    {false, KT_STRING, true, 5, -20}, {false, KT_STRING, true, 1000, 0},
    {true, KT_STRING, true, 0, 0},    {true, KT_STRING, true, -1, -1},
    {true, KT_STRING, true, 0, 1},    {true, KT_STRING, true, -2, 3},
    {true, KT_STRING, true, NAN, 1},  {true, KT_STRING, true, INFINITY, -INFINITY},
};

/* --- a node of its own ------------------------------------------------------------------------ */

typedef struct scene {
    const op_trial *t;
    const oddity   *o;
    kt_fault        fault;
    kt_graph       *g;
    kt_node        *in[MOST_INPUTS], *y;
} scene;

/* What other ops make keeps its values: a permutation, where something lies. */
static bool is_leaf(const kt_node *n)
{
    return n->op == &kt_op_placeholder || (n->op == &kt_op_cast && is_leaf(n->in[0]));
}

static bool is_odd(const kt_node *n, const oddity *o)
{
    return n->dtype != KT_STRING && kt_dtype_is_float(n->dtype) == o->real &&
           (is_leaf(n) || !o->other);
}

/* The sample's node, whose inputs are placeholders. */
static void begin(scene *s)
{
    const kt_node *n = s->t->node;

    s->g = kt_graph_new(&s->fault);
    assert_non_null(s->g);
    for (int i = 0; i < n->n_in; i++) {
        bool other = is_odd(n->in[i], s->o) && s->o->as != KT_STRING;
        s->in[i] = kt_placeholder(s->g, "x", other ? s->o->as : n->in[i]->dtype, n->in[i]->shape);
    }
    s->y = kt_emit(s->g, n->op, n->attr, n->attr_size, n->n_in, s->in);
}

static void end(scene *s)
{
    kt_graph_free(s->g);
    kt_fault_clear(&s->fault);
}

/* Real numbers become whole ones of some size. */
static double value_for(const scene *s, int input, int64_t k)
{
    const kt_node *was = s->t->node->in[input];
    double         v = s->t->at[was->id][k];
    kt_dtype       d = s->in[input]->dtype;

    if (s->o->other && is_odd(was, s->o))
        return k % 3 == 1 ? s->o->second : s->o->value;
    if (kt_dtype_is_float(was->dtype) && !kt_dtype_is_float(d))
        v = trunc(20 * v);
    return kt_dtype_is_unsigned(d) ? fabs(v) : v;
}

static void write_input(const scene *s, kt_plan *p, int input)
{
    const kt_node *n = s->in[input];
    char          *to = kt_plan_data(p, n);
    int64_t        count = kt_shape_count(&n->shape);

    if (to && n->dtype == KT_STRING) /* pointers, which have the room of doubles */
        memcpy(to, s->t->at[s->t->node->in[input]->id], (size_t)count * sizeof(double));
    for (int64_t k = 0; to && n->dtype != KT_STRING && k < count; k++)
        kt_poke(to, n->dtype, k, value_for(s, input, k));
}

/* --- two plans -------------------------------------------------------------------------------- */

/* By reference kernels, or by the best that there are; f: what they refuse. */
static kt_plan *run_plan(scene *s, const char *kernels, kt_fault *f)
{
    kt_plan *p;

    kt_force_kernel(kernels);
    p = kt_plan_new(s->g, s->y->part, s->y->n_part, &s->fault);
    kt_force_kernel(NULL);
    assert_non_null(p);
    for (int i = 0; i < s->y->n_in; i++)
        write_input(s, p, i);
    if (!kt_plan_run(p))
        kt_plan_refusal(p, f);
    return p;
}

/* Fast convolutions multiply with the zeros of the padding too, and 0 times infinity is none. */
static bool agree(const kt_node *y, double want, double got)
{
    double slack = y->dtype == KT_F64 ? 1e-9 : kt_dtype_size(y->dtype) == 2 ? 1e-2 : 1e-4;

    if (isnan(got))
        return isnan(want) || strncmp(y->part[0]->op->name, "conv", 4) == 0;
    return want == got ||
           (kt_dtype_is_float(y->dtype) && fabs(want - got) <= slack * (1 + fabs(want)));
}

static void compare(damage_seen *seen, const scene *s, kt_plan *plain, kt_plan *best)
{
    for (int k = 0; k < s->y->n_part; k++) {
        const kt_node *y = s->y->part[k];
        const void    *want = kt_plan_data(plain, y), *got = kt_plan_data(best, y);

        for (int64_t i = 0; y->dtype != KT_STRING && i < kt_shape_count(&y->shape); i++) {
            double w = kt_peek(want, y->dtype, i), g = kt_peek(got, y->dtype, i);
            if (!agree(y, w, g))
                fail_msg("%s variant %d: result %d [%lld], %s, is %g, not %g", seen->name,
                         s->t->variant, k, (long long)i, kt_dtype_name(y->dtype), g, w);
            damage_number(&seen->sum, w);
        }
    }
    seen->results++;
}

static void note_refusal(damage_seen *seen, const char *message)
{
    kt_str line = {0};

    kt_str_printf(&line, "odd %s: %s", seen->name, message);
    damage_refused(seen, &line, message, NULL, 200);
    kt_str_free(&line);
}

static void try_oddity(damage_seen *seen, const op_trial *t, const oddity *o)
{
    scene    s = {.t = t, .o = o};
    kt_fault f = {0}, other = {0};

    begin(&s);
    if (kt_graph_failed(s.g)) {
        note_refusal(seen, s.fault.e.message);
    } else {
        kt_plan *plain = run_plan(&s, "reference", &f), *best = run_plan(&s, NULL, &other);
        if (f.e.message || other.e.message) {
            assert_non_null(f.e.message);
            assert_non_null(other.e.message);
            assert_string_equal(other.e.message, f.e.message);
            note_refusal(seen, f.e.message);
        } else {
            compare(seen, &s, plain, best);
        }
        kt_plan_free(plain);
        kt_plan_free(best);
    }
    end(&s);
    kt_fault_clear(&f);
    kt_fault_clear(&other);
}

/* Numbers that have no room in the result: kernels go around, the reference stops at the limits. */
static bool is_too_small(const kt_node *n)
{
    return n->op == &kt_op_cast && kt_dtype_is_unsigned(n->dtype);
}

/* Attributes that are of one dtype, or results of reals alone, which have no room in another. */
static bool has_room(const kt_op_type *op, int dtype)
{
    bool of_reals = kt_streq(op->name, "pad") || kt_streq(op->name, "sigmoid_xent");

    return dtype != KT_STRING && !(op->flags & KT_OP_BODY) && !kt_streq(op->name, "pair") &&
           !(of_reals && kt_dtype_is_unsigned((kt_dtype)dtype));
}

static void try_sample(damage_seen *seen, const op_trial *t, bool dtypes)
{
    for (size_t i = 0; !dtypes && i < KT_COUNT(data); i++)
        try_oddity(seen, t, &data[i]);
    for (int d = 0; dtypes && d < KT_DTYPE_COUNT; d++)
        for (int real = 0; real < 2 && has_room(t->op, d); real++)
            try_oddity(seen, t, &(oddity){.real = real, .as = (kt_dtype)d});
}

static void try_op(damage_seen *seen, const kt_op_type *op, bool dtypes, kt_str *report)
{
    for (int variant = 0; op->sample && variant < VARIANTS; variant++) {
        op_trial t = {.op = op,
                      .variant = variant,
                      .seed = 1,
                      .floatx = KT_F32,
                      .scale = 1,
                      .unknown = ALL_KNOWN,
                      .report = report};
        bool     exists = trial_start(&t);
        if (exists && t.node->n_in <= MOST_INPUTS && !is_too_small(t.node) && trial_eval(&t))
            try_sample(seen, &t, dtypes);
        trial_free(&t);
        if (!exists)
            break;
    }
}

static void as_kept(bool dtypes)
{
    kt_str lines = {0}, report = {0};

    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op; op++) {
            damage_seen seen = {.name = (*op)->name, .sum = DAMAGE_SUM};
            try_op(&seen, *op, dtypes, &report);
            damage_told(&seen, dtypes ? "odd dtypes of " : "odd data of ", &lines);
        }
    assert_string_equal(kt_str_text(&report), "");
    damage_as_kept(&lines);
    kt_str_free(&lines);
    kt_str_free(&report);
}

static void other_data(void **state)
{
    (void)state;
    as_kept(false);
}

static void other_dtypes(void **state)
{
    (void)state;
    as_kept(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(other_data),
                                       cmocka_unit_test(other_dtypes)};

    plan_sums_anywhere();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
