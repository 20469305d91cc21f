/* confusion.c - counts of true and false positives and negatives above thresholds, as Keras'
 * update_confusion_matrix_variables. */
#include <math.h>

#include "nn/loss.h"

/* --- thresholds ------------------------------------------------------------------------------- */

static double within(double t)
{
    return t < 0 ? 0 : t > 1 ? 1 : t;
}

kt_status kt_check_thresholds(int64_t n, kt_fault *f)
{
    return n <= KT_MAX_THRESHOLDS
             ? KT_OK
             : kt_raise(f, KT_E_NOT_IMPLEMENTED,
                        "%lld thresholds of a metric; more than %d are not supported", (long long)n,
                        KT_MAX_THRESHOLDS);
}

bool kt_evenly(const double *thresholds, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        double even = (double)i / (double)(n - 1);
        if (!(fabs(within(thresholds[i]) - even) <= 1e-7 + 1e-5 * even))
            return false;
    }
    return n >= 3;
}

static kt_node *constants(kt_graph *g, const double *v, int64_t n, kt_shape shape)
{
    kt_tensor *t = kt_tensor_new(g->floatx, shape);

    for (int64_t i = 0; t && i < n; i++)
        kt_tensor_set(t, i, v[i]);
    return kt_constant(g, t);
}

/* [n, 1, ...] of this rank: the thresholds, or what lies between the numbers of their buckets. */
static kt_node *limits(kt_graph *g, const kt_counting *how, int rank)
{
    kt_shape   shape = {.rank = rank, .dim = {how->n, 1, 1}};
    kt_tensor *t = kt_tensor_new(g->floatx, shape);

    for (int64_t i = 0; t && i < how->n; i++)
        kt_tensor_set(t, i, how->even ? (double)i - 0.5 : how->thresholds[i]);
    return kt_constant(g, t);
}

/* The bucket of each prediction: the number of the last threshold below it; -1 at 0, where the
 * first is 0. */
static kt_node *bucket_of(kt_graph *g, const kt_counting *how, kt_node *pred)
{
    pred = kt_unary_with(g, (kt_unary_attr){KT_UN_CLIP, 0, 1}, pred);
    pred = kt_unary(g, KT_UN_CEIL, kt_mul_scalar(g, pred, (double)(how->n - 1)));
    pred = kt_add_scalar(g, pred, -1);
    return how->thresholds[0] < 0 ? kt_unary(g, KT_UN_RELU, pred) : pred;
}

/* --- counting --------------------------------------------------------------------------------- */

/* Shapes that do not agree are refused as TensorFlow's segments, or its LogicalAnd, would. */
static bool same_count(kt_graph *g, const kt_node *pred, const kt_node *label, bool even)
{
    int64_t n = kt_shape_count(&pred->shape), m = kt_shape_count(&label->shape);

    if (kt_graph_failed(g) || n == m || n == KT_UNKNOWN || m == KT_UNKNOWN)
        return !kt_graph_failed(g);
    if (even)
        kt_raise(g->fault, KT_E_VALUE,
                 "Argument `segment_ids` and `data` should have same leading dimension. Got "
                 "(%lld,) v.s. (%lld,).",
                 (long long)n, (long long)m);
    else
        kt_raise(g->fault, KT_E_VALUE,
                 "Dimensions must be equal, but are %lld and %lld for LogicalAnd of the labels and "
                 "the thresholded predictions.",
                 (long long)m, (long long)n);
    return false;
}

/* The weights of the labels on the last axis, or NULL. */
static kt_node *label_weights(kt_graph *g, const kt_value *v)
{
    double one;

    if (kt_is_none(v))
        return NULL;
    if (kt_value_number(v, &one))
        return kt_scalar(g, one);
    double *w = kt_arena_calloc(&g->arena, v->n + 1, sizeof *w);
    if (!w) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n; i++)
        (void)kt_value_number(v->items[i], &w[i]);
    return constants(g, w, (int64_t)v->n, KT_SHAPE((int64_t)v->n));
}

/* What each element counts, in y's shape; NULL: 1. weight: of batches, samples, steps, or NULL. */
static kt_node *element_weights(kt_graph *g, const kt_counting *how, kt_node *weight,
                                const kt_node *y)
{
    kt_node *of_labels = label_weights(g, how->label_weights);

    if (weight) { /* with an axis behind, from where it is broadcast as by NumPy */
        kt_node *same = (kt_node *)(uintptr_t)y;

        weight = kt_expand_dims(g, kt_cast(g, weight, g->floatx), weight->shape.rank);
        kt_same_rank(g, &same, &weight, false);
        weight = kt_broadcast_to(g, weight, y->shape);
    }
    if (!of_labels)
        return weight;
    of_labels = kt_broadcast_to(g, of_labels, y->shape);
    return weight ? kt_mul(g, weight, of_labels) : of_labels;
}

/* [1, count], or by label [1, batch, labels]. */
static kt_node *as_row(kt_graph *g, const kt_counting *how, kt_node *x)
{
    return how->by_label ? kt_expand_dims(g, x, 0)
                         : kt_reshape(g, x, KT_SHAPE(1, kt_shape_count(&x->shape)));
}

/* Over the elements of a row, or by label over the samples. */
static kt_node *total(kt_graph *g, kt_node *x)
{
    return kt_reduce(g, KT_RE_SUM, x, 1u << 1, false);
}

kt_counts kt_count(kt_graph *g, const kt_counting *how, kt_node *y_true, kt_node *y_pred,
                   kt_node *weight)
{
    kt_counts c = {g->poison, g->poison, g->poison, g->poison};

    y_true = kt_cast(g, kt_cast(g, y_true, KT_BOOLEAN), g->floatx);
    kt_same_rank(g, &y_pred, &y_true, true);
    if (!same_count(g, y_pred, y_true, how->even))
        return c;
    weight = element_weights(g, how, weight, y_true);
    if (how->even)
        y_pred = bucket_of(g, how, y_pred);
    kt_node *labels = as_row(g, how, y_true), *pred = as_row(g, how, y_pred);
    if (kt_graph_failed(g))
        return c;
    kt_node *all = weight ? as_row(g, how, weight)
                          : kt_broadcast_to(g, kt_scalar(g, 1), labels->shape);
    kt_node *above = kt_binary(g, KT_BI_GREATER, pred, limits(g, how, labels->shape.rank));
    kt_node *yes = weight ? kt_mul(g, labels, all) : labels, *no = kt_sub(g, all, yes);

    above = kt_cast(g, above, g->floatx); /* [thresholds, ...] */
    c.tp = total(g, kt_mul(g, above, yes));
    c.fp = total(g, kt_mul(g, above, no));
    c.fn = kt_sub(g, total(g, yes), c.tp);
    c.tn = kt_sub(g, total(g, no), c.fp);
    return c;
}

/* --- before counting -------------------------------------------------------------------------- */

void kt_select_class(kt_graph *g, kt_optint class_id, kt_node **y_true, kt_node **y_pred)
{
    kt_same_rank(g, y_pred, y_true, true);
    if (!class_id.set || kt_graph_failed(g))
        return;
    const kt_shape *s = &(*y_pred)->shape;
    int64_t classes = kt_dim(s, -1), at = class_id.v < 0 ? class_id.v + classes : class_id.v;
    if (s->rank == 1)
        kt_raise(g->fault, KT_E_VALUE,
                 "When class_id is provided, y_pred must be a 2D array with shape (num_samples, "
                 "num_classes), found shape: %s",
                 kt_shape_text(&g->arena, s));
    else if (classes != KT_UNKNOWN && (at < 0 || at >= classes))
        kt_raise(g->fault, KT_E_VALUE, "slice index %lld of dimension %d out of bounds.",
                 (long long)class_id.v, s->rank - 1);
    if (kt_graph_failed(g))
        return;
    *y_true = kt_slice_axis(g, *y_true, (*y_true)->shape.rank - 1, at, 1);
    *y_pred = kt_slice_axis(g, *y_pred, (*y_pred)->shape.rank - 1, at, 1);
}

kt_node *kt_keep_top(kt_graph *g, kt_node *pred, int64_t k)
{
    int64_t n = kt_graph_failed(g) ? KT_UNKNOWN : kt_dim(&pred->shape, -1);

    if (n != KT_UNKNOWN && k > n)
        kt_raise(g->fault, KT_E_VALUE, "input must have last dimension >= k = %lld but is %lld",
                 (long long)k, (long long)n);
    if (kt_graph_failed(g))
        return pred;
    kt_node *order = kt_part(kt_sort(g, pred, -1, true), 1);
    kt_node *place = kt_part(kt_sort(g, order, -1, false), 1);
    kt_node *top = kt_binary(g, KT_BI_LESS, place, kt_scalar_as(g, (double)k, KT_I32));
    return kt_select(g, top, pred, kt_scalar_as(g, KT_NO_THRESHOLD, pred->dtype));
}

/* --- what metrics keep ------------------------------------------------------------------------ */

kt_status kt_counts_build(kt_metric *m, kt_shape shape, kt_fault *f)
{
    bool ok = kt_metric_state(m, "true_positives", KT_F32, shape, f) &&
              kt_metric_state(m, "true_negatives", KT_F32, shape, f) &&
              kt_metric_state(m, "false_positives", KT_F32, shape, f) &&
              kt_metric_state(m, "false_negatives", KT_F32, shape, f);
    return ok ? KT_OK : f->e.status;
}

void kt_counts_add(kt_graph *g, kt_metric *m, const kt_counts *c)
{
    kt_metric_add(g, m, 0, c->tp);
    kt_metric_add(g, m, 1, c->tn);
    kt_metric_add(g, m, 2, c->fp);
    kt_metric_add(g, m, 3, c->fn);
}
