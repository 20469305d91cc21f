/* test_ops.c - every op of the table, by the samples that it brings: shapes, origins, gradients, and
 * every fast kernel against the reference. The last tests are of the test itself: ops and kernels
 * that are wrong on purpose must be reported. */
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
#include "passes/passes.h"
#include "support/op_trial.h"

enum { SEEDS = 3, MAX_VARIANTS = 1000, MAX_KERNELS = 512, ELEMENTS = 6 };

/* --- numbers in and out of plans --- */

static void write_leaf(kt_plan *p, const op_trial *t, int leaf)
{
    const kt_node *n = t->leaf[leaf];
    void          *to = kt_plan_data(p, n);

    for (int64_t i = 0; to && i < kt_shape_count(&n->shape); i++)
        kt_poke(to, n->dtype, i, t->value[leaf][i]);
}

static kt_plan *plan_new(op_trial *t, kt_node *const *keep, int n)
{
    kt_plan *p = kt_plan_new(t->g, keep, n, &t->fault);

    if (!p)
        trial_complain(t, "no plan: %s", t->fault.e.message);
    for (int i = 0; p && i < t->n_leaf; i++)
        write_leaf(p, t, i);
    return p;
}

/* --- gradients against central differences --- */

/* The node behind conversions. */
static const kt_node *source_of(const kt_node *n)
{
    while (n->n_in == 1 && kt_streq(n->op->name, "cast"))
        n = n->in[0];
    return n;
}

/* Whether the leaf has no gradient by definition: an integer, or an input that the op names. */
static bool is_excused(const op_trial *t, const kt_node *leaf)
{
    if (!kt_dtype_is_float(leaf->dtype))
        return true;
    for (size_t id = 0; id < t->g->nodes.n; id++) {
        const kt_node *n = t->g->nodes.at[id];
        for (int i = 0; n->op == t->op && i < n->n_in; i++)
            if (t->op->no_gradient & 1u << i && source_of(n->in[i]) == leaf)
                return true;
    }
    return false;
}

typedef struct slope {
    op_trial     *t;
    kt_plan      *forward;
    const double *weight; /* of each element of y in the loss */
    int           leaf;
} slope;

static double loss_of(const slope *s)
{
    const double *y;
    double        sum = 0;

    kt_plan_run(s->forward);
    y = kt_plan_data(s->forward, s->t->y);
    for (int64_t i = 0; y && i < kt_shape_count(&s->t->y->shape); i++)
        sum += y[i] * s->weight[i];
    return sum;
}

/* The difference quotient of the loss where the leaf's element i moves by direction[i]. */
static double quotient(const slope *s, const double *direction)
{
    const double  step = 1e-5;
    const double *x = s->t->value[s->leaf];
    double       *at = kt_plan_data(s->forward, s->t->leaf[s->leaf]), high, low;
    int64_t       n = kt_shape_count(&s->t->leaf[s->leaf]->shape);

    for (int64_t i = 0; i < n; i++)
        at[i] = x[i] + step * direction[i];
    high = loss_of(s);
    for (int64_t i = 0; i < n; i++)
        at[i] = x[i] - step * direction[i];
    low = loss_of(s);
    for (int64_t i = 0; i < n; i++)
        at[i] = x[i];
    return (high - low) / (2 * step);
}

static bool compare_slopes(const slope *s, const double *dx, const double *direction)
{
    double  want = quotient(s, direction), got = 0;
    int64_t n = kt_shape_count(&s->t->leaf[s->leaf]->shape);

    for (int64_t i = 0; i < n; i++)
        got += dx ? dx[i] * direction[i] : 0;
    if (fabs(got - want) <= 1e-5 * (1 + fabs(want)))
        return true;
    trial_complain(s->t, "gradient of input %d is %.9g, the difference quotient %.9g", s->leaf, got,
                   want);
    return false;
}

/* One leaf: all elements moved at once at random, then some one by one. dx NULL: no gradient. */
static void check_leaf(const slope *s, const double *dx)
{
    op_trial *t = s->t;
    int64_t   n = kt_shape_count(&t->leaf[s->leaf]->shape);
    double   *direction = kt_arena_calloc(&t->arena, (size_t)n + 1, sizeof *direction);
    bool      good;

    assert_non_null(direction);
    for (int64_t i = 0; i < n; i++)
        direction[i] = 2 * kt_mt_double(&t->random) - 1;
    good = compare_slopes(s, dx, direction);
    for (int k = 0; k < ELEMENTS && k < n && good; k++) {
        for (int64_t i = 0; i < n; i++)
            direction[i] = 0;
        direction[kt_mt_randint(&t->random, 0, n)] = 1;
        good = compare_slopes(s, dx, direction);
    }
}

/* Emits loss = sum of y * weight; the weights are random. */
static kt_node *emit_loss(op_trial *t, const double **weight)
{
    kt_tensor *w = kt_tensor_new(KT_F64, t->y->shape);

    assert_non_null(w);
    for (int64_t i = 0; i < w->count; i++)
        kt_tensor_set(w, i, 2 * kt_mt_double(&t->random) - 1);
    *weight = w->data;
    return kt_sum_all(t->g, kt_mul(t->g, t->y, kt_constant(t->g, w)));
}

static void check_gradients(op_trial *t)
{
    slope          s = {.t = t};
    const double **weight = &s.weight;
    kt_node       *grad[TRIAL_LEAVES], *keep[TRIAL_LEAVES], *loss;
    kt_plan       *back;
    int            n = 0;

    if (!t->op->gradient || !kt_dtype_is_float(t->y->dtype))
        return;
    s.forward = plan_new(t, &t->y, 1);
    loss = emit_loss(t, weight);
    if (kt_gradients(t->g, loss, t->leaf, t->n_leaf, grad) != KT_OK) {
        trial_complain(t, "no gradients: %s", t->fault.e.message);
        kt_plan_free(s.forward);
        return;
    }
    for (int i = 0; i < t->n_leaf; i++)
        if (grad[i])
            keep[n++] = grad[i];
    back = plan_new(t, keep, n);
    if (back)
        kt_plan_run(back);
    for (s.leaf = 0; s.leaf < t->n_leaf && back && s.forward; s.leaf++) {
        const kt_node *x = t->leaf[s.leaf], *dx = grad[s.leaf];

        if (is_excused(t, x))
            continue;
        if (dx && (dx->dtype != x->dtype || !kt_shape_equal(&dx->shape, &x->shape)))
            trial_complain(t, "gradient of input %d has another shape than the input", s.leaf);
        else
            check_leaf(&s, dx ? kt_plan_data(back, dx) : NULL);
    }
    kt_plan_free(s.forward);
    kt_plan_free(back);
}

/* --- shapes --- */

/* Where a size is said to come from an axis, that axis has this size. */
static void check_origins(op_trial *t)
{
    const kt_node *owner = t->node;

    for (int k = 0; k < owner->n_part; k++) {
        const kt_node *n = owner->part[k];
        for (int i = 0; i < n->shape.rank; i++) {
            kt_origin o = n->origin[i];
            bool      has_input = o.kind == KT_FROM_AXIS || o.kind == KT_FROM_WINDOW;

            if (!has_input)
                continue;
            if (o.input < 0 || o.input >= owner->n_in || o.axis < 0 ||
                o.axis >= owner->in[o.input]->shape.rank)
                trial_complain(t, "axis %d of result %d comes from nowhere", i, k);
            else if (o.kind == KT_FROM_AXIS &&
                     owner->in[o.input]->shape.dim[o.axis] != n->shape.dim[i])
                trial_complain(t, "axis %d of result %d is not axis %d of input %d", i, k, o.axis,
                               o.input);
        }
    }
}

/* The same sample with an unknown size must give the same shape as far as it is known. */
static void check_unknown(const op_trial *known, int leaf)
{
    op_trial t = {.op = known->op,
                  .variant = known->variant,
                  .seed = known->seed,
                  .floatx = known->floatx,
                  .scale = 1,
                  .unknown = leaf,
                  .report = known->report};

    trial_start(&t);
    if (kt_graph_failed(t.g))
        trial_complain(&t, "fails where a size of input %d is unknown: %s", leaf,
                       t.fault.e.message);
    else if (t.y->dtype != known->y->dtype || !kt_shape_fits(&t.y->shape, &known->y->shape))
        trial_complain(&t, "has another shape where a size of input %d is unknown", leaf);
    trial_free(&t);
}

/* --- ops --- */

/* Fusion makes these, out of graphs with known sizes and after differentiation. */
static bool is_fused(const kt_op_type *op)
{
    return kt_streq(op->name, "dense") || kt_streq(op->name, "point");
}

static void check_declaration(const kt_op_type *op, kt_str *report)
{
    size_t   length = strlen(op->name);
    bool     is_grad = length > 5 && kt_streq(op->name + length - 5, "_grad");
    unsigned all = (1u << (op->max_in < 0 ? 1 : op->max_in)) - 1;

    if (!op->sample)
        kt_str_printf(report, "%s has no sample\n", op->name);
    if (!op->reference && !(op->flags & KT_OP_ALIAS))
        kt_str_printf(report, "%s has no reference kernel\n", op->name);
    if (!op->gradient && !is_grad && !is_fused(op) && (op->no_gradient & all) != all)
        kt_str_printf(report, "%s has no gradient and does not say so\n", op->name);
}

/* False if the op has no such variant. */
static bool check_variant(const kt_op_type *op, int variant, uint32_t seed, kt_str *report)
{
    op_trial t = {.op = op,
                  .variant = variant,
                  .seed = seed,
                  .floatx = KT_F64,
                  .scale = 1,
                  .unknown = ALL_KNOWN,
                  .report = report};
    bool     exists = trial_start(&t);

    if (exists && kt_graph_failed(t.g)) {
        trial_complain(&t, "cannot be made: %s", t.fault.e.message);
    } else if (exists && !t.node) {
        trial_complain(&t, "the sample does not contain the op");
    } else if (exists && trial_eval(&t)) {
        check_origins(&t);
        for (int leaf = ALL_UNKNOWN; leaf < t.n_leaf && !is_fused(op); leaf++)
            check_unknown(&t, leaf);
        check_gradients(&t);
    }
    trial_free(&t);
    return exists;
}

static void check_op(const kt_op_type *op, kt_str *report)
{
    int variant = 0;

    check_declaration(op, report);
    if (!op->sample)
        return;
    while (variant < MAX_VARIANTS && check_variant(op, variant, 1, report)) {
        for (uint32_t seed = 2; seed <= SEEDS; seed++)
            check_variant(op, variant, seed, report);
        variant++;
    }
    if (variant == 0)
        kt_str_printf(report, "%s has no sample\n", op->name);
}

/* --- kernels --- */

typedef struct kernels {
    int              n;
    const kt_kernel *at[MAX_KERNELS];
    int              accepted[MAX_KERNELS];
} kernels;

static kernels list_kernels(const kt_kernel *const *const *table)
{
    kernels all = {0};

    for (; *table; table++)
        for (const kt_kernel *const *k = *table; *k && all.n < MAX_KERNELS; k++)
            all.at[all.n++] = *k;
    return all;
}

/* A plan in which the kernel is forced must run it, and give what the reference gives. */
static void check_forced(op_trial *t, const kt_kernel *k)
{
    kt_plan *p;
    bool     ran = false;

    kt_force_kernel(k->name);
    p = plan_new(t, &t->y, 1);
    kt_force_kernel(NULL);
    if (!p)
        return;
    for (int i = 0; i < kt_plan_steps(p); i++)
        ran |= kt_streq(kt_plan_step(p, i).kernel, k->name);
    if (!ran)
        trial_complain(t, "%s does not run where it is forced", k->name);
    kt_plan_run(p);
    kt_plan_free(p);
}

/* Sizes over which the reference would take too long. */
static bool is_too_large(const op_trial *t)
{
    double most = 1, second = 1;

    for (int i = 0; i < t->n_leaf; i++) {
        double n = (double)kt_shape_count(&t->leaf[i]->shape);
        if (n > most) {
            second = most;
            most = n;
        } else if (n > second) {
            second = n;
        }
    }
    return most * second > 3e8;
}

/* False if the op has no such variant. */
static bool check_kernels(const kt_op_type *op, int variant, uint32_t seed, int scale, kernels *all,
                          kt_str *report)
{
    op_trial t = {.op = op,
                  .variant = variant,
                  .seed = seed,
                  .floatx = KT_F32,
                  .scale = scale,
                  .unknown = ALL_KNOWN,
                  .report = report};
    bool     exists = trial_start(&t);

    /* larger sizes need not fit together */
    if (exists && !kt_graph_failed(t.g) && !is_too_large(&t) && trial_eval(&t))
        for (int i = 0; i < all->n; i++) {
            bool first = all->accepted[i] == 0;

            all->accepted[i] += trial_kernel(&t, all->at[i]);
            if (first && all->accepted[i] && t.y->op == op)
                check_forced(&t, all->at[i]);
        }
    trial_free(&t);
    return exists;
}

static void check_all_kernels(const kt_op_type *op, kernels *all, kt_str *report)
{
    static const int scales[] = {1, 3, 8};

    for (int variant = 0; variant < MAX_VARIANTS; variant++)
        for (uint32_t seed = 1; seed <= SEEDS; seed++)
            for (size_t i = 0; i < KT_COUNT(scales); i++)
                if (!check_kernels(op, variant, seed, scales[i], all, report))
                    return;
}

static void check_reached(const kernels *all, kt_str *report)
{
    for (int i = 0; i < all->n; i++)
        if (!all->accepted[i])
            kt_str_printf(report, "kernel %s of %s accepts no sample\n", all->at[i]->name,
                          all->at[i]->op);
}

/* --- the tests --- */

static void no_complaints(kt_str *report)
{
    bool empty = report->len == 0;

    if (!empty)
        fputs(kt_str_text(report), stderr); /* cmocka cuts long texts */
    kt_str_free(report);
    assert_true(empty);
}

static void ops_keep_their_promises(void **state)
{
    kt_str report = {0};

    (void)state;
    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op; op++)
            check_op(*op, &report);
    no_complaints(&report);
}

static void kernels_agree_with_the_reference(void **state)
{
    static kernels all;
    kt_str         report = {0};

    (void)state;
    all = list_kernels(kt_kernel_table);
    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op; op++)
            if ((*op)->sample)
                check_all_kernels(*op, &all, &report);
    check_reached(&all, &report);
    no_complaints(&report);
}

/* --- the test of the test: y = x * x, with one mistake each --- */

static kt_status square_shape(kt_op_call *c)
{
    kt_like(c, 0, 0);
    return KT_OK;
}

static void square_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_mul_scalar(g, kt_mul(g, y->in[0], dy[0]), 2);
}

static void square_reference(const kt_run *r)
{
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = r->in[0].f64[i] * r->in[0].f64[i];
}

static kt_node *square_sample(kt_sampler *s, int variant);

#define SQUARE                                                         \
    .name = "square", .min_in = 1, .max_in = 1, .shape = square_shape, \
    .gradient = square_gradient, .reference = square_reference, .sample = square_sample

/* The op under test, for its sample. */
static const kt_op_type *present;

static kt_node *square_sample(kt_sampler *s, int variant)
{
    kt_node *x;

    if (variant > 0)
        return NULL;
    x = s->real(s, KT_SHAPE(s->size(s, 2, 4), 3), 0.5, 2);
    return kt_emit(s->g, present, NULL, 0, 1, &x);
}

static void expect_report(const kt_op_type *op, const char *words)
{
    kt_str report = {0};

    present = op;
    check_op(op, &report);
    if (!words ? report.len > 0 : !strstr(kt_str_text(&report), words))
        fail_msg("expected \"%s\", found \"%s\"", words ? words : "", kt_str_text(&report));
    kt_str_free(&report);
}

static void a_right_op_passes(void **state)
{
    static const kt_op_type op = {SQUARE};

    (void)state;
    expect_report(&op, NULL);
}

static void wrong_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_mul_scalar(g, kt_mul(g, y->in[0], dy[0]), 2.001);
}

static void forgotten_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    (void)g, (void)y, (void)dy, (void)dx;
}

static void a_wrong_gradient_is_reported(void **state)
{
    static const kt_op_type off = {SQUARE, .no_gradient = 0};
    kt_op_type              op = off;

    (void)state;
    op.gradient = wrong_gradient;
    expect_report(&op, "gradient of input 0");
    op.gradient = forgotten_gradient;
    expect_report(&op, "gradient of input 0 is 0");
    op.gradient = NULL;
    expect_report(&op, "has no gradient and does not say so");
}

static void short_reference(const kt_run *r)
{
    for (int64_t i = 0; i + 1 < r->out[0].count; i++)
        r->out[0].f64[i] = 1;
}

static void long_reference(const kt_run *r)
{
    for (int64_t i = 0; i <= r->out[0].count; i++)
        r->out[0].f64[i] = 1;
}

static kt_status wrong_origin(kt_op_call *c)
{
    kt_like(c, 0, 0);
    kt_from(c, 0, 1, 3, KT_FROM_AXIS, 0, 2, 3);
    return KT_OK;
}

static kt_status needs_sizes(kt_op_call *c)
{
    kt_like(c, 0, 0);
    if (!kt_shape_known(&c->in[0]->shape))
        return kt_op_fail(c, 0, 0, 0, 0, "unknown");
    return KT_OK;
}

static void wrong_shapes_are_reported(void **state)
{
    kt_op_type op = {SQUARE};

    (void)state;
    op.reference = short_reference;
    expect_report(&op, "does not write all of result 0");
    op.reference = long_reference;
    expect_report(&op, "writes outside of its memory");
    op.reference = square_reference;
    op.shape = wrong_origin;
    expect_report(&op, "comes from nowhere");
    op.shape = needs_sizes;
    expect_report(&op, "fails where a size of input 0 is unknown");
}

static kt_node *other_sample(kt_sampler *s, int variant)
{
    return variant ? NULL : s->real(s, KT_SHAPE(2), 0, 1);
}

static kt_node *empty_sample(kt_sampler *s, int variant)
{
    (void)s, (void)variant;
    return NULL;
}

static void missing_samples_are_reported(void **state)
{
    kt_op_type op = {SQUARE};

    (void)state;
    op.sample = NULL;
    expect_report(&op, "square has no sample");
    op.sample = empty_sample;
    expect_report(&op, "square has no sample");
    op.sample = other_sample;
    expect_report(&op, "the sample does not contain the op");
}

static void wrong_kernel(const kt_run *r)
{
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f32[i] = r->in[0].f32[i] * r->in[0].f32[i] + (i == 4 ? 1e-3F : 0);
}

static void long_kernel(const kt_run *r)
{
    for (int64_t i = 0; i <= r->out[0].count; i++)
        r->out[0].f32[i] = r->in[0].f32[i] * r->in[0].f32[i];
}

/* Writes before it reads. */
static void greedy_kernel(const kt_run *r)
{
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f32[i] = 0;
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f32[i] += r->in[0].f32[i] * r->in[0].f32[i];
}

static void expect_kernel_report(kt_kernel kernel, const char *words)
{
    static const kt_op_type       op = {SQUARE};
    const kt_kernel *const        list[] = {&kernel, NULL};
    const kt_kernel *const *const table[] = {list, NULL};
    kernels                       all = list_kernels(table);
    kt_str                        report = {0};

    present = &op;
    all.accepted[0] = kt_streq(kernel.op, "square"); /* a plan could not find it */
    check_all_kernels(&op, &all, &report);
    check_reached(&all, &report);
    if (!strstr(kt_str_text(&report), words))
        fail_msg("expected \"%s\", found \"%s\"", words, kt_str_text(&report));
    kt_str_free(&report);
}

static void wrong_kernels_are_reported(void **state)
{
    (void)state;
    expect_kernel_report((kt_kernel){.op = "square", .name = "k", .run = wrong_kernel},
                         "k: result 0 [4]");
    expect_kernel_report((kt_kernel){.op = "square", .name = "k", .run = long_kernel},
                         "k writes outside of its memory");
    expect_kernel_report(
        (kt_kernel){.op = "square", .name = "k", .run = greedy_kernel, .in_place = 1}, "in place");
    expect_kernel_report((kt_kernel){.op = "nothing", .name = "k", .run = wrong_kernel},
                         "kernel k of nothing accepts no sample");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ops_keep_their_promises),
        cmocka_unit_test(kernels_agree_with_the_reference),
        cmocka_unit_test(a_right_op_passes),
        cmocka_unit_test(a_wrong_gradient_is_reported),
        cmocka_unit_test(wrong_shapes_are_reported),
        cmocka_unit_test(missing_samples_are_reported),
        cmocka_unit_test(wrong_kernels_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
