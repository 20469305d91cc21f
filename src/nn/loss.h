/* loss.h - the door for authors of losses and metrics. */
#ifndef KT_LOSS_H
#define KT_LOSS_H

#include "nn/nn.h"

/* Fields of every loss, behind its own. */
#define KT_REDUCTION_FIELD(F)                    \
    F(STR, reduction, "sum_over_batch_size", "", \
      "'sum_over_batch_size', 'sum', 'mean_with_sample_weight' or None.")
#define KT_LOSS_NAME_FIELDS(F, default_name)            \
    F(STR, name, default_name, "", "Name of the loss.") \
    F(ANY, dtype, "None", "", "Of the computation.")
#define KT_LOSS_FIELDS(F, default_name) \
    KT_REDUCTION_FIELD(F)               \
    KT_LOSS_NAME_FIELDS(F, default_name)
/* Fields of every metric. */
#define KT_METRIC_FIELDS(F, default_name)                 \
    F(STR, name, default_name, "", "Key in the history.") \
    F(ANY, dtype, "float32", "", "Of the computation.")

/* Keras' squeeze_or_expand_to_same_rank: a trailing axis of 1 is dropped or added. */
void kt_same_rank(kt_graph *g, kt_node **a, kt_node **b, bool expand_rank_1);
/* weight times mask; mean: scaled so that a mean counts valid elements only. weight, mask and
 * result may be NULL. */
kt_node *kt_mask_weight(kt_graph *g, kt_node *weight, kt_node *mask, bool mean);
/* Where both masks say so; either may be NULL. */
kt_node *kt_both_masks(kt_graph *g, kt_node *a, kt_node *b);
/* Clipped to [1e-7, 1 - 1e-7]. */
kt_node *kt_clip_probability(kt_graph *g, kt_node *p);
/* Raises Keras' sentence and returns false if target and output differ in rank or size. */
bool kt_same_shape(kt_graph *g, const kt_node *target, const kt_node *output);

/* state i += x, when the step runs. */
void kt_metric_add(kt_graph *g, kt_metric *m, size_t i, kt_node *x);
/* Element i of state `state`. */
double kt_metric_at(const kt_metric *m, size_t state, int64_t i);

/* Weighted counts of predictions above each of n thresholds: [n] each. */
typedef struct kt_counts {
    kt_node *tp, *fp, *fn, *tn;
} kt_counts;
kt_counts kt_count(kt_graph *g, const double *thresholds, int64_t n, kt_node *y_true,
                   kt_node *y_pred, kt_node *weight);
/* States 0 to 3 of a metric that keeps all four: true positives, true negatives, false positives,
 * false negatives, [n] each. */
kt_status kt_counts_build(kt_metric *m, int64_t n, kt_fault *f);
void      kt_counts_add(kt_graph *g, kt_metric *m, const kt_counts *c);
/* Brings both to one rank and, where class_id says so, down to one class of the last axis. */
void kt_select_class(kt_graph *g, kt_optint class_id, kt_node **y_true, kt_node **y_pred);

#endif
