/* op_check.c - what an op's samples must show: its declaration, shapes, origins, kernel. */
#include "support/op_check.h"

#include <limits.h>
#include <string.h>

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

/* How many inputs the samples have shown. */
typedef struct seen {
    int least, most;
} seen;

/* Optional inputs are shown, and it says how many it takes; of any number samples are some. */
static void check_inputs(const kt_op_type *op, const seen *s, kt_str *report)
{
    bool any = op->max_in < 0 || is_fused(op);

    if (any ? op->min_in > s->least : op->min_in != s->least || op->max_in != s->most)
        kt_str_printf(report, "%s takes %d to %d inputs, its samples have %d to %d\n", op->name,
                      op->min_in, op->max_in, s->least, s->most);
}

/* False if the op has no such variant. */
static bool check_variant(const kt_op_type *op, int variant, uint32_t seed, seen *s, kt_str *report)
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
        s->least = t.node->n_in < s->least ? t.node->n_in : s->least;
        s->most = t.node->n_in > s->most ? t.node->n_in : s->most;
        check_origins(&t);
        for (int leaf = ALL_UNKNOWN; leaf < t.n_leaf && !is_fused(op); leaf++)
            check_unknown(&t, leaf);
        check_gradients(&t);
    }
    trial_free(&t);
    return exists;
}

void check_op(const kt_op_type *op, kt_str *report)
{
    int  variant = 0;
    seen s = {INT_MAX, 0};

    check_declaration(op, report);
    if (!op->sample)
        return;
    while (variant < MAX_VARIANTS && check_variant(op, variant, 1, &s, report)) {
        for (uint32_t seed = 2; seed <= SEEDS; seed++)
            check_variant(op, variant, seed, &s, report);
        variant++;
    }
    if (variant == 0)
        kt_str_printf(report, "%s has no sample\n", op->name);
    else if (s.most > 0 || s.least == 0)
        check_inputs(op, &s, report);
}
