/* accuracy.c - how often predictions equal labels: Accuracy, BinaryAccuracy, CategoricalAccuracy,
 * SparseCategoricalAccuracy. */
#include "nn/loss.h"

#define FIELDS(F)               \
    KT_METRIC_FIELDS(F, "None") \
    F(FLOAT, threshold, "0.5", "kept: tensor", "BinaryAccuracy: above it is class 1.")
KT_CONFIG(FIELDS);

static const kt_config_type plain_type = {sizeof(config), config_fields, 2}; /* without threshold */

static kt_node *hits(kt_graph *g, kt_node *a, kt_node *b)
{
    return kt_cast(g, kt_binary(g, KT_BI_EQUAL, a, b), g->floatx);
}

static kt_node *equal(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *y_pred)
{
    (void)m;
    y_true = kt_cast(g, y_true, y_pred->dtype);
    kt_same_rank(g, &y_true, &y_pred, true);
    return hits(g, y_true, y_pred);
}

static kt_node *binary(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *y_pred)
{
    double threshold = ((const config *)m->object->config)->threshold;
    y_true = kt_cast(g, y_true, g->floatx);
    kt_same_rank(g, &y_true, &y_pred, true);
    kt_node *yes = kt_cast(
        g, kt_binary(g, KT_BI_GREATER, y_pred, kt_scalar_as(g, threshold, y_pred->dtype)),
        g->floatx);
    return hits(g, y_true, yes);
}

static kt_node *categorical(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *y_pred)
{
    kt_node *label = kt_argmax(g, y_true, -1);

    (void)m;
    if (!kt_graph_failed(g) && label->shape.rank == y_pred->shape.rank) {
        int64_t last = kt_dim(&label->shape, -1);
        if (last != 1 && last != KT_UNKNOWN) {
            kt_raise(g->fault, KT_E_VALUE,
                     "Cannot squeeze axis=-1, because the dimension is not 1.");
            return g->poison;
        }
        label = kt_squeeze(g, label, -1);
    }
    return hits(g, label, kt_argmax(g, y_pred, -1));
}

static kt_node *sparse(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *y_pred)
{
    int rank = y_true->shape.rank;

    (void)m;
    if (rank == y_pred->shape.rank && rank > 0 && y_true->shape.dim[rank - 1] == 1)
        y_true = kt_squeeze(g, y_true, -1);
    kt_node *best = kt_cast(g, kt_argmax(g, y_pred, -1), y_true->dtype);
    return hits(g, y_true, best);
}

#define ACCURACY(id, name, alias, table, fn, words) \
    static const kt_metric_type id = {              \
        .cls = {.class_name = name,                 \
                .aliases = alias,                   \
                .module = "keras.metrics",          \
                .config = &table,                   \
                .summary = words},                  \
        .build = kt_mean_build,                     \
        .values = fn,                               \
        .result = kt_mean_result,                   \
        .direction = 1,                             \
    }
ACCURACY(accuracy, "Accuracy", "accuracy|acc|ACC", plain_type, equal,
         "How often predictions equal labels.");
ACCURACY(binary_accuracy, "BinaryAccuracy", "binary_accuracy", config_type, binary,
         "How often a thresholded prediction equals its label.");
ACCURACY(categorical_accuracy, "CategoricalAccuracy", "categorical_accuracy", plain_type,
         categorical, "How often the largest output is the one-hot label.");
ACCURACY(sparse_categorical_accuracy, "SparseCategoricalAccuracy", "sparse_categorical_accuracy",
         plain_type, sparse, "How often the largest output is the label.");

const kt_class *const kt_metrics_accuracy[] = {&accuracy.cls, &binary_accuracy.cls,
                                               &categorical_accuracy.cls,
                                               &sparse_categorical_accuracy.cls, NULL};
