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
/* Keras' _get_logits: what a sigmoid or softmax was computed from, whatever from_logits says; else
 * the outputs, if they are logits; NULL: they are probabilities. */
static inline kt_node *kt_logits_of(kt_node *y_pred, bool from_logits)
{
    return y_pred->logits ? y_pred->logits : from_logits ? y_pred : NULL;
}
/* Clipped to [1e-7, 1 - 1e-7]. */
kt_node *kt_clip_probability(kt_graph *g, kt_node *p);
/* Raises Keras' sentence and returns false if target and output differ in rank or size. */
bool kt_same_shape(kt_graph *g, const kt_node *target, const kt_node *output);
/* The same of the axes of the target alone; words: what the sentence has before the shapes. */
bool kt_same_axes(kt_graph *g, const kt_node *target, const kt_node *output, const char *words);

/* state i += x, when the step runs. */
void kt_metric_add(kt_graph *g, kt_metric *m, size_t i, kt_node *x);
/* Element i of state `state`. */
double kt_metric_at(const kt_metric *m, size_t state, int64_t i);

/* How predictions are counted. */
typedef struct kt_counting {
    const double   *thresholds;
    int64_t         n;
    bool            even;     /* by buckets of one width: Keras' other way, where they are even */
    bool            by_label; /* apart for each of the last axis; outputs are [batch, labels] */
    const kt_value *label_weights; /* a number for each of the last axis; None or NULL: 1 */
} kt_counting;
/* More thresholds than these are refused: each is compared with each prediction of a batch. */
enum { KT_MAX_THRESHOLDS = 100000 };
kt_status kt_check_thresholds(int64_t n, kt_fault *f);
/* Keras' is_evenly_distributed_thresholds; ends below 0 and above 1 count as 0 and 1. */
bool kt_evenly(const double *thresholds, int64_t n);
/* Weighted counts of predictions above each of n thresholds: [n] each, by label [n, labels]. A
 * label is true where it is not 0. */
typedef struct kt_counts {
    kt_node *tp, *fp, *fn, *tn;
} kt_counts;
kt_counts kt_count(kt_graph *g, const kt_counting *how, kt_node *y_true, kt_node *y_pred,
                   kt_node *weight);
/* States 0 to 3 of a metric that keeps all four, of this shape: true positives, true negatives,
 * false positives, false negatives. */
kt_status kt_counts_build(kt_metric *m, kt_shape shape, kt_fault *f);
void      kt_counts_add(kt_graph *g, kt_metric *m, const kt_counts *c);
/* Brings both to one rank and, where class_id says so, down to one class of the last axis; negative
 * ones count from its end. */
void kt_select_class(kt_graph *g, kt_optint class_id, kt_node **y_true, kt_node **y_pred);
/* All but the k largest of the last axis become KT_NO_THRESHOLD; the first of equals counts. */
#define KT_NO_THRESHOLD (-1e10)
kt_node *kt_keep_top(kt_graph *g, kt_node *pred, int64_t k);

#endif
