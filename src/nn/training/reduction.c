/* reduction.c - how losses and metrics bring y_true, y_pred, weights and masks together: Keras'
 * loss.py. */
#include "nn/loss.h"
#include "nn/make/registered.h"

void kt_same_rank(kt_graph *g, kt_node **a, kt_node **b, bool expand_rank_1)
{
    int ra = (*a)->shape.rank, rb = (*b)->shape.rank;

    if (kt_graph_failed(g) || ra == rb)
        return;
    if (ra == rb + 1 && (*a)->shape.dim[ra - 1] == 1) {
        if (rb == 1 && expand_rank_1)
            *b = kt_expand_dims(g, *b, 1);
        else
            *a = kt_squeeze(g, *a, -1);
    } else if (rb == ra + 1 && (*b)->shape.dim[rb - 1] == 1) {
        if (ra == 1 && expand_rank_1)
            *a = kt_expand_dims(g, *a, 1);
        else
            *b = kt_squeeze(g, *b, -1);
    }
}

/* Number of elements; an unknown batch (a trial that is not run) counts as one. */
static double count_of(const kt_node *x)
{
    double n = 1;

    for (int i = 0; i < x->shape.rank; i++)
        n *= x->shape.dim[i] == KT_UNKNOWN ? 1.0 : (double)x->shape.dim[i];
    return n;
}

/* The mask becomes a weight; a mean is over the valid elements only. */
kt_node *kt_mask_weight(kt_graph *g, kt_node *weight, kt_node *mask, bool mean)
{
    if (!mask)
        return weight;
    kt_node *m = kt_cast(g, mask, g->floatx);
    if (mean) {
        kt_node *total = kt_scalar(g, count_of(m)), *valid = kt_sum_all(g, m);
        m = kt_mul(g, m, kt_binary(g, KT_BI_DIV_NO_NAN, total, valid));
    }
    if (!weight)
        return m;
    kt_same_rank(g, &m, &weight, true);
    return kt_mul(g, weight, m);
}

kt_node *kt_both_masks(kt_graph *g, kt_node *a, kt_node *b)
{
    if (!a || !b)
        return a ? a : b;
    return kt_binary(g, KT_BI_AND, kt_cast(g, a, KT_BOOLEAN), kt_cast(g, b, KT_BOOLEAN));
}

static kt_reduction reduction_of(const kt_object *loss)
{
    const char *const *name = kt_config_member(loss->cls->config, "reduction", loss->config);

    if (!name)
        return KT_RED_SUM_OVER_BATCH;
    if (kt_streq(*name, "sum"))
        return KT_RED_SUM;
    if (kt_streq(*name, "mean_with_sample_weight"))
        return KT_RED_MEAN_WITH_SAMPLE_WEIGHT;
    return !*name || kt_streq(*name, "none") ? KT_RED_NONE : KT_RED_SUM_OVER_BATCH;
}

kt_node *kt_loss_values(kt_graph *g, const kt_object *loss, kt_node *y_true, kt_node *y_pred)
{
    const kt_loss_type   *type = (const kt_loss_type *)(const void *)loss->cls;
    const kt_custom_attr *own = loss->cls->registered ? kt_registered_attr(loss->cls) : NULL;

    if (own) /* its targets have the outputs' shape */
        return kt_same_shape(g, y_true, y_pred) ? kt_custom_loss(g, own, y_true, y_pred)
                                                : g->poison;
    return type->call(g, loss->config, y_true, y_pred);
}

/* In g->floatx. A cast or a squeeze of the outputs makes them forget their logits, as in Keras. */
static kt_node *loss_value(kt_graph *g, const kt_object *loss, kt_node *y_true, kt_node *y_pred,
                           kt_node *weight, kt_node *mask)
{
    const kt_loss_type *type = (const kt_loss_type *)(const void *)loss->cls;
    kt_reduction        red = reduction_of(loss);

    weight = weight ? kt_cast(g, weight, g->floatx) : NULL;
    y_true = kt_cast(g, y_true, g->floatx);
    y_pred = kt_cast(g, y_pred, g->floatx);
    kt_same_rank(g, &y_true, &y_pred, true);
    kt_node *values = kt_loss_values(g, loss, y_true, y_pred);
    if (type->valid && !kt_graph_failed(g))
        mask = kt_both_masks(g, mask, type->valid(g, loss->config, y_true, values));
    weight = kt_mask_weight(g, weight, mask, red == KT_RED_SUM_OVER_BATCH || red == KT_RED_MEAN);
    if (weight && !kt_graph_failed(g)) {
        kt_same_rank(g, &values, &weight, true);
        values = kt_mul(g, values, weight);
    }
    if (kt_graph_failed(g) || values->shape.rank == 0 || red == KT_RED_NONE)
        return values;
    if (values->shape.rank == 1 && values->shape.dim[0] == 0)
        return values;
    if (red == KT_RED_MEAN_WITH_SAMPLE_WEIGHT && weight) {
        kt_node *total = kt_sum_all(g, weight);
        return kt_binary(g, KT_BI_DIV_NO_NAN, kt_sum_all(g, values), total);
    }
    return red == KT_RED_SUM ? kt_sum_all(g, values)
                             : kt_mul_scalar(g, kt_sum_all(g, values),
                                             count_of(values) > 0 ? 1 / count_of(values) : 0);
}

kt_node *kt_loss_value(kt_graph *g, const kt_object *loss, kt_node *y_true, kt_node *y_pred,
                       kt_node *weight, kt_node *mask)
{
    kt_dtype        own = kt_object_dtype(loss), before = g->floatx;
    const kt_value *name = kt_object_given(loss, "name");

    if (kt_graph_failed(g) ||
        (name && kt_value_true(name) && kt_check_scope(name, g->fault) != KT_OK) ||
        kt_object_use(loss, false, g->fault) != KT_OK)
        return g->poison;

    if (kt_dtype_is_float(own))
        g->floatx = own;
    kt_node *value = loss_value(g, loss, y_true, y_pred, weight, mask);
    g->floatx = before;
    return value;
}

kt_optint kt_ignored_class(const kt_object *loss)
{
    const kt_optint *ignored = kt_config_member(loss->cls->config, "ignore_class", loss->config);

    return ignored ? *ignored : (kt_optint){.set = false};
}

/* --- shared by the cross-entropies ------------------------------------------------------------ */

kt_node *kt_clip_probability(kt_graph *g, kt_node *p)
{
    return kt_unary_with(g, (kt_unary_attr){KT_UN_CLIP, 1e-7, 1 - 1e-7}, p);
}

bool kt_same_axes(kt_graph *g, const kt_node *target, const kt_node *output, const char *words)
{
    for (int i = 0; i < target->shape.rank; i++) {
        int64_t a = target->shape.dim[i], b = output->shape.dim[i];
        if (a == KT_UNKNOWN || b == KT_UNKNOWN || a == b)
            continue;
        kt_raise(g->fault, KT_E_VALUE,
                 "Arguments `target` and `output` must have the same shape%s target.shape=%s, "
                 "output.shape=%s",
                 words, kt_shape_text(&g->arena, &target->shape),
                 kt_shape_text(&g->arena, &output->shape));
        kt_fault_axis(g->fault, 0, i, b, a);
        return false;
    }
    return true;
}

/* Keras' sentences where target and output must have one shape. */
bool kt_same_shape(kt_graph *g, const kt_node *target, const kt_node *output)
{
    const char *t = kt_shape_text(&g->arena, &target->shape),
               *o = kt_shape_text(&g->arena, &output->shape);

    if (kt_graph_failed(g))
        return false;
    if (target->shape.rank != output->shape.rank) {
        kt_raise(
            g->fault, KT_E_VALUE,
            "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=%s, output.shape=%s",
            t, o);
        return false;
    }
    return kt_same_axes(g, target, output, ". Received:");
}
