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

/* Of two epsilons, Keras' own. */
#define EPSILON 1e-7

static kt_node *at_least_epsilon(kt_graph *g, kt_node *x)
{
    return kt_binary(g, KT_BI_MAXIMUM, x, kt_scalar(g, EPSILON));
}

static kt_node *percentage(kt_graph *g, const void *c, kt_node *y_true, kt_node *y_pred)
{
    (void)c;
    kt_same_rank(g, &y_true, &y_pred, true);
    kt_node *size = at_least_epsilon(g, kt_unary(g, KT_UN_ABS, y_true));
    kt_node *part = kt_div(g, kt_sub(g, y_true, y_pred), size);
    return kt_mul_scalar(g, kt_reduce_last(g, KT_RE_MEAN, kt_unary(g, KT_UN_ABS, part)), 100);
}

static kt_node *log_of(kt_graph *g, kt_node *x)
{
    return kt_unary(g, KT_UN_LOG, kt_add_scalar(g, at_least_epsilon(g, x), 1));
}

static kt_node *squared_log(kt_graph *g, const void *c, kt_node *y_true, kt_node *y_pred)
{
    (void)c;
    kt_same_rank(g, &y_true, &y_pred, true);
    kt_node *error = kt_sub(g, log_of(g, y_pred), log_of(g, y_true));
    return kt_reduce_last(g, KT_RE_MEAN, kt_unary(g, KT_UN_SQUARE, error));
}

/* log(cosh(x)) = x + softplus(-2 x) - log 2, which does not overflow. */
static kt_node *log_cosh(kt_graph *g, const void *c, kt_node *y_true, kt_node *y_pred)
{
    (void)c;
    kt_same_rank(g, &y_true, &y_pred, true);
    kt_node *x = kt_sub(g, y_pred, y_true);
    kt_node *soft = kt_unary(g, KT_UN_SOFTPLUS, kt_mul_scalar(g, x, -2));
    return kt_reduce_last(g, KT_RE_MEAN,
                          kt_add_scalar(g, kt_add(g, x, soft), -0.69314718055994531));
}

#define REGRESSION(id, name, names, fn, words) \
    static const kt_loss_type id##_loss = {    \
        .cls = {.class_name = name,            \
                .aliases = names,              \
                .module = "keras.losses",      \
                .config = &config_type,        \
                .summary = words,              \
                .dropped = "dtype"},           \
        .fn_name = fn,                         \
        .call = id,                            \
    }
REGRESSION(squared, "MeanSquaredError", "mean_squared_error|mse|MSE", "mean_squared_error",
           "Mean of squared differences.");
REGRESSION(absolute, "MeanAbsoluteError", "mean_absolute_error|mae|MAE", "mean_absolute_error",
           "Mean of absolute differences.");
REGRESSION(percentage, "MeanAbsolutePercentageError", "mean_absolute_percentage_error|mape|MAPE",
           "mean_absolute_percentage_error",
           "Mean of absolute differences in percent of the target.");
REGRESSION(squared_log, "MeanSquaredLogarithmicError", "mean_squared_logarithmic_error|msle|MSLE",
           "mean_squared_logarithmic_error", "Mean of squared differences of logarithms.");
REGRESSION(log_cosh, "LogCosh", "log_cosh", "log_cosh",
           "Mean of log(cosh(difference)): squared near zero, absolute far away.");

const kt_class *const kt_losses_regression[] = {&squared_loss.cls,    &absolute_loss.cls,
                                                &percentage_loss.cls, &squared_log_loss.cls,
                                                &log_cosh_loss.cls,   NULL};
