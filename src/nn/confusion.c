/* confusion.c - counts of true and false positives and negatives above thresholds. */
#include "nn/loss.h"

static kt_node *flat_row(kt_graph *g, kt_node *x)
{
    int64_t n = kt_shape_count(&x->shape);

    return kt_reshape(g, x, KT_SHAPE(1, n));
}

/* Shapes that do not agree are refused as TensorFlow's LogicalAnd would be. */
static bool same_count(kt_graph *g, const kt_node *a, const kt_node *b)
{
    int64_t n = kt_shape_count(&a->shape), m = kt_shape_count(&b->shape);

    if (!kt_graph_failed(g) && n != m && n != KT_UNKNOWN && m != KT_UNKNOWN)
        kt_raise(
            g->fault, KT_E_VALUE,
            "Dimensions must be equal, but are %lld and %lld for LogicalAnd of the labels and the thresholded predictions.",
            (long long)m, (long long)n);
    return !kt_graph_failed(g);
}

static kt_node *column(kt_graph *g, const double *v, int64_t n)
{
    kt_tensor *t = kt_tensor_new(g->floatx, KT_SHAPE(n, 1));

    for (int64_t i = 0; t && i < n; i++)
        kt_tensor_set(t, i, v[i]);
    return kt_constant(g, t);
}

kt_counts kt_count(kt_graph *g, const double *thresholds, int64_t n, kt_node *y_true,
                   kt_node *y_pred, kt_node *weight)
{
    kt_counts c = {g->poison, g->poison, g->poison, g->poison};

    y_true = kt_cast(g, y_true, g->floatx);
    kt_same_rank(g, &y_pred, &y_true, true);
    if (!same_count(g, y_pred, y_true))
        return c;
    if (weight) {
        weight = kt_cast(g, weight, g->floatx);
        while (!kt_graph_failed(g) && weight->shape.rank < y_true->shape.rank)
            weight = kt_expand_dims(g, weight, weight->shape.rank);
        weight = flat_row(g, kt_broadcast_to(g, weight, y_true->shape));
    }
    kt_node *labels = flat_row(g, y_true), *pred = flat_row(g, y_pred);
    kt_node *above = kt_cast(g, kt_binary(g, KT_BI_GREATER, pred, column(g, thresholds, n)),
                             g->floatx); /* [thresholds, n] */
    kt_node *yes = weight ? kt_mul(g, labels, weight) : labels;
    kt_node *all = weight ? weight : kt_broadcast_to(g, kt_scalar(g, 1), labels->shape);
    kt_node *no = kt_sub(g, all, yes);
    c.tp = kt_reduce_last(g, KT_RE_SUM, kt_mul(g, above, yes));
    c.fp = kt_reduce_last(g, KT_RE_SUM, kt_mul(g, above, no));
    c.fn = kt_sub(g, kt_sum_all(g, yes), c.tp);
    c.tn = kt_sub(g, kt_sum_all(g, no), c.fp);
    return c;
}

kt_status kt_counts_build(kt_metric *m, int64_t n, kt_fault *f)
{
    bool ok = kt_metric_state(m, "true_positives", KT_SHAPE(n), f) &&
              kt_metric_state(m, "true_negatives", KT_SHAPE(n), f) &&
              kt_metric_state(m, "false_positives", KT_SHAPE(n), f) &&
              kt_metric_state(m, "false_negatives", KT_SHAPE(n), f);
    return ok ? KT_OK : f->e.status;
}

void kt_counts_add(kt_graph *g, kt_metric *m, const kt_counts *c)
{
    kt_metric_add(g, m, 0, c->tp);
    kt_metric_add(g, m, 1, c->tn);
    kt_metric_add(g, m, 2, c->fp);
    kt_metric_add(g, m, 3, c->fn);
}

void kt_select_class(kt_graph *g, kt_optint class_id, kt_node **y_true, kt_node **y_pred)
{
    kt_same_rank(g, y_pred, y_true, true);
    if (!class_id.set || kt_graph_failed(g))
        return;
    *y_true = kt_slice_axis(g, *y_true, (*y_true)->shape.rank - 1, class_id.v, 1);
    *y_pred = kt_slice_axis(g, *y_pred, (*y_pred)->shape.rank - 1, class_id.v, 1);
}
