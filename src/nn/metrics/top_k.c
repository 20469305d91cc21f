/* top_k.c - whether the label is among the k largest outputs: TopKCategoricalAccuracy and
 * SparseTopKCategoricalAccuracy. */
#include "nn/loss.h"

#define FIELDS(F)                                 \
    F(INT, k, "5", "", "How many outputs count.") \
    KT_METRIC_FIELDS(F, "None")                   \
    F(BOOL, from_sorted_ids, "False", "", "Outputs are classes, the best first.")
KT_CONFIG(FIELDS);

static const kt_config_type plain_type = {sizeof(config), config_fields, 3};

/* As TensorFlow's in_top_k: fewer than k outputs are larger. labels [..], pred [.., classes]. */
static kt_node *among(kt_graph *g, kt_node *labels, kt_node *pred, int64_t k)
{
    int64_t  classes = kt_dim(&pred->shape, -1);
    kt_node *right = kt_one_hot(g, labels, classes);
    kt_node *own = kt_reduce_last(g, KT_RE_SUM, kt_mul(g, right, pred));
    kt_node *larger = kt_binary(g, KT_BI_GREATER, pred, kt_expand_dims(g, own, own->shape.rank));
    kt_node *above = kt_reduce_last(g, KT_RE_SUM, kt_cast(g, larger, g->floatx));
    kt_node *hit = kt_binary(g, KT_BI_LESS, above, kt_scalar(g, (double)k));

    return kt_mul(g, kt_cast(g, hit, g->floatx), kt_reduce_last(g, KT_RE_SUM, right));
}

static kt_node *among_ids(kt_graph *g, kt_node *labels, kt_node *ids, int64_t k)
{
    int64_t  n = kt_dim(&ids->shape, -1);
    kt_node *best = kt_slice_axis(g, ids, ids->shape.rank - 1, 0, k < n ? k : n);
    kt_node *same = kt_binary(g, KT_BI_EQUAL, best, kt_expand_dims(g, labels, labels->shape.rank));

    return kt_reduce_last(g, KT_RE_MAX, kt_cast(g, same, g->floatx));
}

static kt_node *sparse(kt_graph *g, const kt_metric *m, kt_node *labels, kt_node *y_pred)
{
    const config *c = m->object->config;
    kt_shape      shape = labels->shape;
    if (kt_graph_failed(g))
        return g->poison;
    labels = kt_reshape(g, labels, KT_SHAPE(kt_shape_count(&shape)));
    if (y_pred->shape.rank > 2)
        y_pred = kt_reshape(g, y_pred,
                            KT_SHAPE(kt_shape_product(&y_pred->shape, 0, y_pred->shape.rank - 1),
                                     kt_dim(&y_pred->shape, -1)));
    kt_node *hits = c->from_sorted_ids
                      ? among_ids(g, kt_cast(g, labels, y_pred->dtype), y_pred, c->k)
                      : among(g, kt_cast(g, labels, KT_I32), y_pred, c->k);
    return kt_graph_failed(g) ? g->poison : kt_reshape(g, hits, shape);
}

static kt_node *categorical(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *y_pred)
{
    return sparse(g, m, kt_argmax(g, y_true, -1), y_pred);
}

#define TOP_K(id, name, alias, table, fn, words) \
    static const kt_metric_type id = {           \
        .cls = {.class_name = name,              \
                .aliases = alias,                \
                .module = "keras.metrics",       \
                .config = &table,                \
                .summary = words,                \
                .unwritten = "from_sorted_ids"}, \
        .build = kt_mean_build,                  \
        .values = fn,                            \
        .result = kt_mean_result,                \
        .direction = 1,                          \
    }
TOP_K(top_k, "TopKCategoricalAccuracy", "top_k_categorical_accuracy", plain_type, categorical,
      "How often the one-hot label is among the k largest outputs.");
TOP_K(sparse_top_k, "SparseTopKCategoricalAccuracy", "sparse_top_k_categorical_accuracy",
      config_type, sparse, "How often the label is among the k largest outputs.");

const kt_class *const kt_metrics_top_k[] = {&top_k.cls, &sparse_top_k.cls, NULL};
