/* losses.c - losses as metrics: the mean of a loss' per-sample values, without its reduction. */
#include "nn/loss.h"

#define FIELDS(F)                                                             \
    KT_METRIC_FIELDS(F, "None")                                               \
    F(BOOL, from_logits, "False", "", "Outputs are logits.")                  \
    F(FLOAT, label_smoothing, "0.0", "kept: x and 1.0 - x", "Of the labels.") \
    F(ANY, axis, "-1", "", "Axis of the classes.")
KT_CONFIG(FIELDS);
static const kt_config_type plain_type = {sizeof(config), config_fields, 2};

/* A class whose name in a history is not its own in snake case. */
#define LOG_COSH_FIELDS(F) KT_METRIC_FIELDS(F, "logcosh")
static const kt_field       log_cosh_fields[] = {LOG_COSH_FIELDS(KT_ROW)};
static const kt_config_type log_cosh_type = {sizeof(config), log_cosh_fields, 2};
#define COSINE_FIELDS(F)                     \
    KT_METRIC_FIELDS(F, "cosine_similarity") \
    F(ANY, axis, "-1", "", "Axis along which vectors lie.")
static const kt_field       cosine_fields[] = {COSINE_FIELDS(KT_ROW)};
static const kt_config_type cosine_type = {sizeof(config), cosine_fields, KT_COUNT(cosine_fields)};
static const kt_config_type binary_type = {sizeof(config), config_fields, 4}; /* without axis */

#define SPARSE_FIELDS(F)                                                    \
    KT_METRIC_FIELDS(F, "None")                                             \
    F(BOOL, from_logits, "False", "", "Outputs are logits.")                \
    F(ANY, ignore_class, "None", "", "Samples of this class do not count.") \
    F(ANY, axis, "-1", "", "Axis of the classes.")

typedef struct sparse_config {
    SPARSE_FIELDS(KT_MEMBER)
} sparse_config;
#define SPARSE_ROW(kind, name, initial, rule, help) \
    {KT_F_##kind, #name, initial, rule, help, offsetof(sparse_config, name), false},
static const kt_field       sparse_fields[] = {SPARSE_FIELDS(SPARSE_ROW)};
static const kt_config_type logits_type = {sizeof(sparse_config), sparse_fields,
                                           KT_COUNT(sparse_fields)};

static const char *loss_name(const char *metric)
{
    return kt_streq(metric, "LogCoshError") ? "LogCosh" : metric;
}

/* The loss of the same class name, with the arguments that both have. */
static const kt_object *twin(kt_graph *g, const kt_metric *m)
{
    kt_value *v = kt_value_new(&g->arena, KT_CALL);

    if (!v) {
        kt_raise_memory(g->fault);
        return NULL;
    }
    v->s = loss_name(m->object->cls->class_name);
    const kt_class *loss = kt_class_find("loss", v->s);
    for (size_t i = 2; loss && i < m->object->cls->config->n; i++) {
        const kt_field *f = &m->object->cls->config->fields[i];
        if (kt_config_find(loss->config, f->name))
            (void)kt_value_add(&g->arena, v, f->name,
                               kt_config_get(&g->arena, f, m->object->config));
    }
    return kt_object_make(&g->arena, "loss", v, g->fault);
}

static kt_node *values(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *y_pred)
{
    const kt_object *o = twin(g, m);

    if (!o)
        return g->poison;
    kt_node *each = kt_loss_values(g, o, kt_cast(g, y_true, g->floatx), y_pred);
    /* the loss is its negative */
    return kt_streq(o->cls->class_name, "CosineSimilarity") ? kt_unary(g, KT_UN_NEG, each) : each;
}

static kt_node *valid(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *each)
{
    const kt_object    *o = twin(g, m);
    const kt_loss_type *type = o ? (const kt_loss_type *)(const void *)o->cls : NULL;

    return type && type->valid ? type->valid(g, o->config, kt_cast(g, y_true, g->floatx), each)
                               : NULL;
}

#define LOSS_METRIC(id, name, alias, table, words) \
    static const kt_metric_type id = {             \
        .cls = {.class_name = name,                \
                .aliases = alias,                  \
                .module = "keras.metrics",         \
                .config = &table,                  \
                .summary = words},                 \
        .build = kt_mean_build,                    \
        .values = values,                          \
        .valid = valid,                            \
        .result = kt_mean_result,                  \
        .direction = -1,                           \
    }
LOSS_METRIC(mse, "MeanSquaredError", "mean_squared_error|mse|MSE", plain_type,
            "Mean of squared differences.");
LOSS_METRIC(mae, "MeanAbsoluteError", "mean_absolute_error|mae|MAE", plain_type,
            "Mean of absolute differences.");
LOSS_METRIC(bce, "BinaryCrossentropy", "binary_crossentropy|bce|BCE", binary_type,
            "Cross-entropy of yes/no outputs.");
LOSS_METRIC(cce, "CategoricalCrossentropy", "categorical_crossentropy", config_type,
            "Cross-entropy, labels one-hot.");
LOSS_METRIC(scce, "SparseCategoricalCrossentropy", "sparse_categorical_crossentropy", logits_type,
            "Cross-entropy, labels class numbers.");

LOSS_METRIC(mape, "MeanAbsolutePercentageError", "mean_absolute_percentage_error|mape|MAPE",
            plain_type, "Mean of absolute differences in percent of the target.");
LOSS_METRIC(msle, "MeanSquaredLogarithmicError", "mean_squared_logarithmic_error|msle|MSLE",
            plain_type, "Mean of squared differences of logarithms.");
LOSS_METRIC(log_cosh, "LogCoshError", "log_cosh_error", log_cosh_type,
            "Mean of log(cosh(difference)).");
static const kt_metric_type cosine = {
    .cls = {.class_name = "CosineSimilarity",
            .aliases = "cosine_similarity",
            .module = "keras.metrics",
            .config = &cosine_type,
            .summary = "The cosine between target and output.",
            .dropped = "axis"},
    .build = kt_mean_build,
    .values = values,
    .valid = valid,
    .result = kt_mean_result,
    .direction = 1,
};
LOSS_METRIC(hinge, "Hinge", "hinge", plain_type, "Linear loss below a margin of 1.");
LOSS_METRIC(squared_hinge, "SquaredHinge", "squared_hinge", plain_type,
            "Squared loss below a margin of 1.");
LOSS_METRIC(categorical_hinge, "CategoricalHinge", "categorical_hinge", plain_type,
            "Margin between the right class and the best other one.");
LOSS_METRIC(kl_divergence, "KLDivergence", "kl_divergence", plain_type,
            "Kullback-Leibler divergence of two distributions.");
LOSS_METRIC(poisson, "Poisson", "poisson", plain_type, "Of counts.");

const kt_class *const kt_metrics_losses[] = {
    &mse.cls,           &mae.cls,           &bce.cls,
    &cce.cls,           &scce.cls,          &mape.cls,
    &msle.cls,          &log_cosh.cls,      &cosine.cls,
    &hinge.cls,         &squared_hinge.cls, &categorical_hinge.cls,
    &kl_divergence.cls, &poisson.cls,       NULL};
