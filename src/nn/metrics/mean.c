/* mean.c - Mean: the running mean of values, which trackers of losses use; its root over squared
 * errors, RootMeanSquaredError; and Sum. */
#include <math.h>

#include "nn/loss.h"

#define FIELDS(F) KT_METRIC_FIELDS(F, "mean")
KT_CONFIG(FIELDS);

/* Of values alone: a compiled model has pairs, the second of which Keras takes for weights. */
static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight)
{
    (void)y_true;
    (void)y_pred;
    (void)weight;
    kt_raise(g->fault, KT_E_TYPE,
             "%s.update_state() got multiple values for argument 'sample_weight'",
             m->object->cls->class_name);
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

#define SUM_FIELDS(F) KT_METRIC_FIELDS(F, "sum")
static const kt_field       sum_fields[] = {SUM_FIELDS(KT_ROW)};
static const kt_config_type sum_type = {sizeof(config), sum_fields, KT_COUNT(sum_fields)};

static const kt_metric_type sum = {
    .cls = {.class_name = "Sum",
            .aliases = "sum",
            .module = "keras.metrics",
            .config = &sum_type,
            .summary = "The sum of values."},
    .build = kt_mean_build,
    .update = update,
    .result = kt_mean_result,
};

#define ROOT_FIELDS(F) KT_METRIC_FIELDS(F, "root_mean_squared_error")
static const kt_field       root_fields[] = {ROOT_FIELDS(KT_ROW)};
static const kt_config_type root_type = {sizeof(config), root_fields, KT_COUNT(root_fields)};

/* Of every element, not of samples. */
static void update_root(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred,
                        kt_node *weight)
{
    y_true = kt_cast(g, y_true, g->floatx);
    kt_same_rank(g, &y_true, &y_pred, true);
    kt_mean_update(g, m, kt_unary(g, KT_UN_SQUARE, kt_sub(g, y_pred, y_true)), weight, NULL);
}

static void root(const kt_metric *m, double *out, int *n, int max)
{
    kt_mean_result(m, out, n, max);
    for (int i = 0; i < *n; i++)
        out[i] = sqrt(out[i]);
}

static const kt_metric_type root_mean_squared_error = {
    .cls = {.class_name = "RootMeanSquaredError",
            .aliases = "root_mean_squared_error",
            .module = "keras.metrics",
            .config = &root_type,
            .summary = "The root of the mean of squared differences."},
    .build = kt_mean_build,
    .update = update_root,
    .result = root,
    .direction = -1,
};

const kt_class *const kt_metrics_mean[] = {&mean.cls, &sum.cls, &root_mean_squared_error.cls, NULL};
