/* accuracy.c - how often predictions equal labels: Accuracy, BinaryAccuracy, CategoricalAccuracy,
 * SparseCategoricalAccuracy. */
#include "nn/loss.h"

#define FIELDS(F)               \
    KT_METRIC_FIELDS(F, "None") \
    F(FLOAT, threshold, "0.5", "", "BinaryAccuracy: above it is class 1.")
KT_CONFIG(FIELDS);

static const kt_config_type plain_type = {sizeof(config), config_fields, 2}; /* without threshold */

static kt_node *hits(kt_graph *g, kt_node *a, kt_node *b)
{
    return kt_cast(g, kt_binary(g, KT_BI_EQUAL, a, b), g->floatx);
}

static void equal(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight,
                  kt_node *mask)
{
    y_true = kt_cast(g, y_true, y_pred->dtype);
    kt_same_rank(g, &y_true, &y_pred, true);
    kt_mean_update(g, m, hits(g, y_true, y_pred), weight, mask);
}

static void binary(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight,
                   kt_node *mask)
{
    double threshold = ((const config *)m->object->config)->threshold;

    y_true = kt_cast(g, y_true, g->floatx);
    kt_same_rank(g, &y_true, &y_pred, true);
    kt_node *yes = kt_cast(
        g, kt_binary(g, KT_BI_GREATER, y_pred, kt_scalar_as(g, threshold, y_pred->dtype)),
        g->floatx);
    kt_mean_update(g, m, hits(g, y_true, yes), weight, mask);
}

static void categorical(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred,
                        kt_node *weight, kt_node *mask)
{
    kt_node *label = kt_argmax(g, y_true, -1);

    if (!kt_graph_failed(g) && label->shape.rank == y_pred->shape.rank) {
        int64_t last = kt_dim(&label->shape, -1);
        if (last != 1 && last != KT_UNKNOWN) {
            kt_raise(g->fault, KT_E_VALUE,
                     "Cannot squeeze axis=-1, because the dimension is not 1.");
            return;
        }
        label = kt_squeeze(g, label, -1);
    }
    kt_mean_update(g, m, hits(g, label, kt_argmax(g, y_pred, -1)), weight, mask);
}

static void sparse(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight,
                   kt_node *mask)
{
    int rank = y_true->shape.rank;

    if (rank == y_pred->shape.rank && rank > 0 && y_true->shape.dim[rank - 1] == 1)
        y_true = kt_squeeze(g, y_true, -1);
    kt_node *best = kt_cast(g, kt_argmax(g, y_pred, -1), y_true->dtype);
    kt_mean_update(g, m, hits(g, y_true, best), weight, mask);
}

#define ACCURACY(id, name, alias, table, fn, words) \
    static const kt_metric_type id = {              \
        .cls = {.class_name = name,                 \
                .aliases = alias,                   \
                .module = "keras.metrics",          \
                .config = &table,                   \
                .summary = words},                  \
        .build = kt_mean_build,                     \
        .update = fn,                               \
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
