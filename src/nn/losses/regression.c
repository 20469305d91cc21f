/* regression.c - losses on differences: mean over the last axis. */
#include "nn/loss.h"

/* Keras broadcasts; the last axis is averaged away. */
static kt_node *difference(kt_graph *g, kt_node *y_true, kt_node *y_pred)
{
    kt_same_rank(g, &y_true, &y_pred, true);
    return kt_sub(g, y_true, y_pred);
}

#define PLAIN(F) KT_LOSS_FIELDS(F, "None")
KT_CONFIG(PLAIN);

static kt_node *squared(kt_graph *g, const void *c, kt_node *y_true, kt_node *y_pred)
{
    (void)c;
    return kt_reduce_last(g, KT_RE_MEAN, kt_unary(g, KT_UN_SQUARE, difference(g, y_true, y_pred)));
}

static kt_node *absolute(kt_graph *g, const void *c, kt_node *y_true, kt_node *y_pred)
{
    (void)c;
    return kt_reduce_last(g, KT_RE_MEAN, kt_unary(g, KT_UN_ABS, difference(g, y_true, y_pred)));
}

static const kt_loss_type mean_squared_error = {
    .cls = {.class_name = "MeanSquaredError",
            .aliases = "mean_squared_error|mse|MSE",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Mean of squared differences.",
            .unwritten = "dtype"},
    .fn_name = "mean_squared_error",
    .call = squared,
};

static const kt_loss_type mean_absolute_error = {
    .cls = {.class_name = "MeanAbsoluteError",
            .aliases = "mean_absolute_error|mae|MAE",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Mean of absolute differences.",
            .unwritten = "dtype"},
    .fn_name = "mean_absolute_error",
    .call = absolute,
};

const kt_class *const kt_losses_regression[] = {&mean_squared_error.cls, &mean_absolute_error.cls,
                                                NULL};
