/* correlation.c - PearsonCorrelation and ConcordanceCorrelation (Lin, 1989): how far outputs follow
 * their targets. */
#include "nn/loss.h"

#define FIELDS(F, default_name)       \
    KT_METRIC_FIELDS(F, default_name) \
    F(INTS, axis, "-1", "", "Axes along which they are correlated.")
#define PEARSON(F) FIELDS(F, "pearson_correlation")
KT_CONFIG(PEARSON);

/* The same but for the name. */
#define CONCORDANCE(F) FIELDS(F, "concordance_correlation")
static const kt_field       concordance_fields[] = {CONCORDANCE(KT_ROW)};
static const kt_config_type concordance_type = {sizeof(config), concordance_fields,
                                                KT_COUNT(concordance_fields)};

static kt_node *mean(kt_graph *g, kt_node *x, unsigned axes)
{
    return kt_reduce(g, KT_RE_MEAN, x, axes, true);
}

static kt_node *variance(kt_graph *g, kt_node *x, unsigned axes)
{
    return mean(g, kt_unary(g, KT_UN_SQUARE, kt_sub(g, x, mean(g, x, axes))), axes);
}

/* Without its mean, divided by its deviation. */
static kt_node *standard(kt_graph *g, kt_node *x, unsigned axes)
{
    return kt_div(g, kt_sub(g, x, mean(g, x, axes)), kt_unary(g, KT_UN_SQRT, variance(g, x, axes)));
}

static kt_node *pearson_of(kt_graph *g, kt_node *y_true, kt_node *y_pred, unsigned axes)
{
    return kt_mul(g, standard(g, y_true, axes), standard(g, y_pred, axes));
}

/* Keras takes the outputs' mean from the targets too. */
static kt_node *concordance_of(kt_graph *g, kt_node *y_true, kt_node *y_pred, unsigned axes)
{
    kt_node *middle = mean(g, y_pred, axes), *gap = kt_sub(g, mean(g, y_true, axes), middle);
    kt_node *covariance = kt_mul(g, kt_sub(g, y_true, middle), kt_sub(g, y_pred, middle));
    kt_node *norm = kt_add(g, variance(g, y_true, axes), variance(g, y_pred, axes));

    norm = kt_add(g, norm, kt_unary(g, KT_UN_SQUARE, gap));
    return kt_div(g, kt_mul_scalar(g, covariance, 2), kt_add_scalar(g, norm, 1e-7));
}

static kt_node *values_by(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *y_pred,
                          kt_node *(*of)(kt_graph *, kt_node *, kt_node *, unsigned))
{
    unsigned axes;

    y_true = kt_cast(g, y_true, g->floatx);
    kt_same_rank(g, &y_true, &y_pred, true);
    if (kt_graph_failed(g) ||
        !kt_axes_mask(g, &y_pred->shape, &((const config *)m->object->config)->axis, &axes))
        return g->poison;
    return kt_reduce(g, KT_RE_MEAN, of(g, y_true, y_pred, axes), axes, false);
}

#define CORRELATION(id, type, name, alias, words)                                                  \
    static kt_node *values_##id(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *y_pred) \
    {                                                                                              \
        return values_by(g, m, y_true, y_pred, id##_of);                                           \
    }                                                                                              \
    static const kt_metric_type id##_metric = {                                                    \
        .cls = {.class_name = name,                                                                \
                .aliases = alias,                                                                  \
                .module = "keras.metrics",                                                         \
                .config = &type,                                                                   \
                .summary = words},                                                                 \
        .build = kt_mean_build,                                                                    \
        .values = values_##id,                                                                     \
        .result = kt_mean_result,                                                                  \
        .direction = 1,                                                                            \
    }
CORRELATION(pearson, config_type, "PearsonCorrelation", "pearson_correlation",
            "How far outputs rise and fall with their targets.");
CORRELATION(concordance, concordance_type, "ConcordanceCorrelation", "concordance_correlation",
            "How near outputs are to their targets, relative to their spread.");

const kt_class *const kt_metrics_correlation[] = {&pearson_metric.cls, &concordance_metric.cls,
                                                  NULL};
