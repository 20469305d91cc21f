/* mean.c - Mean: the running mean of values; trackers of losses use it. */
#include "nn/loss.h"

#define FIELDS(F) KT_METRIC_FIELDS(F, "mean")
KT_CONFIG(FIELDS);

static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight,
                   kt_node *mask)
{
    (void)y_pred;
    kt_mean_update(g, m, y_true, weight, mask);
}

static const kt_metric_type mean = {
    .cls = {.class_name = "Mean",
            .aliases = "mean",
            .module = "keras.metrics",
            .config = &config_type,
            .summary = "The mean of values."},
    .build = kt_mean_build,
    .update = update,
    .result = kt_mean_result,
};

const kt_class *const kt_metrics_mean[] = {&mean.cls, NULL};
