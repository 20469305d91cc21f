/* op_gradient.c - gradients of a sample against central differences. */
#include <math.h>
#include <stdlib.h>

#include "ops/ops.h"
#include "passes/passes.h"
#include "support/op_check.h"

enum { ELEMENTS = 6 };

/* --- numbers in and out of plans --- */

static void write_leaf(kt_plan *p, const op_trial *t, int leaf)
{
    const kt_node *n = t->leaf[leaf];
    void          *to = kt_plan_data(p, n);

    for (int64_t i = 0; to && i < kt_shape_count(&n->shape); i++)
        kt_poke(to, n->dtype, i, t->value[leaf][i]);
}

void trial_write(const op_trial *t, kt_plan *p)
{
    for (int i = 0; i < t->n_leaf; i++)
        write_leaf(p, t, i);
}

kt_plan *trial_plan(op_trial *t, kt_node *const *keep, int n)
{
    kt_plan *p = kt_plan_new(t->g, keep, n, &t->fault);

    if (!p)
        trial_complain(t, "no plan: %s", t->fault.e.message);
    if (p)
        trial_write(t, p);
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

/* Whether the op says of the leaf that it has no gradient by definition. */
static bool is_excused(const op_trial *t, const kt_node *leaf)
{
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

    if (!direction)
        abort();
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

    if (!w)
        abort();
    for (int64_t i = 0; i < w->count; i++)
        kt_tensor_set(w, i, 2 * kt_mt_double(&t->random) - 1);
    *weight = w->data;
    return kt_sum_all(t->g, kt_mul(t->g, t->y, kt_constant(t->g, w)));
}

void check_gradients(op_trial *t)
{
    slope          s = {.t = t};
    const double **weight = &s.weight;
    kt_node       *grad[TRIAL_LEAVES], *keep[TRIAL_LEAVES], *loss;
    kt_plan       *back;
    int            n = 0;

    if (!t->op->gradient || !kt_dtype_is_float(t->y->dtype))
        return;
    s.forward = trial_plan(t, &t->y, 1);
    loss = emit_loss(t, weight);
    if (kt_gradients(t->g, loss, t->leaf, t->n_leaf, grad) != KT_OK) {
        trial_complain(t, "no gradients: %s", t->fault.e.message);
        kt_plan_free(s.forward);
        return;
    }
    for (int i = 0; i < t->n_leaf; i++)
        if (grad[i])
            keep[n++] = grad[i];
    back = trial_plan(t, keep, n);
    if (back)
        kt_plan_run(back);
    for (s.leaf = 0; s.leaf < t->n_leaf && back && s.forward; s.leaf++) {
        const kt_node *x = t->leaf[s.leaf], *dx = grad[s.leaf];

        if (!kt_dtype_is_float(x->dtype))
            continue;
        if (is_excused(t, x) && dx)
            trial_complain(t, "input %d has a gradient, which the op says it has not", s.leaf);
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

/* Emits a sample and the gradients of all its inputs; false if memory did not suffice. */
static bool emit_all(op_trial *t)
{
    kt_node *grad[TRIAL_LEAVES];

    if (!trial_start(t) || kt_graph_failed(t->g))
        return false;
    if (kt_dtype_is_float(t->y->dtype) && t->op->gradient)
        kt_gradients(t->g, kt_sum_all(t->g, t->y), t->leaf, t->n_leaf, grad);
    return !kt_graph_failed(t->g);
}

void check_memory(const kt_op_type *op, kt_str *report)
{
    bool enough = false;

    for (int64_t allocations = 1; allocations < 1000 && !enough; allocations++) {
        op_trial t = {.op = op,
                      .seed = 1,
                      .floatx = KT_F32,
                      .scale = 1,
                      .unknown = ALL_KNOWN,
                      .report = report};

        kt_alloc_fail_after(allocations);
        enough = emit_all(&t);
        kt_alloc_fail_after(0);
        if (!enough && t.fault.e.status != KT_E_MEMORY)
            trial_complain(&t, "does not fail for lack of memory where allocation %lld fails: %s",
                           (long long)allocations, t.fault.e.message ? t.fault.e.message : "");
        trial_free(&t);
        if (enough && allocations == 1)
            kt_str_printf(report, "%s needs no memory\n", op->name);
    }
    if (!enough)
        kt_str_printf(report, "%s never has enough memory\n", op->name);
}
