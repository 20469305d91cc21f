/* losses.c - losses as metrics: the mean of a loss' per-sample values, without its reduction. */
#include "nn/loss.h"

#define FIELDS(F)                                            \
    KT_METRIC_FIELDS(F, "None")                              \
    F(BOOL, from_logits, "False", "", "Outputs are logits.") \
    F(FLOAT, label_smoothing, "0.0", "", "Of the labels.")   \
    F(ANY, axis, "-1", "", "Axis of the classes.")
KT_CONFIG(FIELDS);
static const kt_config_type plain_type = {sizeof(config), config_fields, 2};
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

/* The loss of the same class name, with the arguments that both have. */
static const kt_object *twin(kt_graph *g, const kt_metric *m)
{
    kt_value *v = kt_value_new(&g->arena, KT_CALL);

    if (!v) {
        kt_raise_memory(g->fault);
        return NULL;
    }
    v->s = m->object->cls->class_name;
    const kt_class *loss = kt_class_find("loss", v->s);
    for (size_t i = 2; loss && i < m->object->cls->config->n; i++) {
        const kt_field *f = &m->object->cls->config->fields[i];
        if (kt_config_find(loss->config, f->name))
            (void)kt_value_add(&g->arena, v, f->name,
                               kt_config_get(&g->arena, f, m->object->config));
    }
    return kt_object_make(&g->arena, "loss", v, g->fault);
}

static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight,
                   kt_node *mask)
{
    const kt_object *o = twin(g, m);

    if (!o)
        return;
    kt_node *logits = y_pred->logits;
    y_pred->logits = NULL; /* metrics see the outputs themselves */
    const kt_loss_type *type = (const kt_loss_type *)(const void *)o->cls;
    kt_node            *values = type->call(g, o->config, kt_cast(g, y_true, g->floatx), y_pred);
    y_pred->logits = logits;
    if (type->valid && (weight || mask) && !kt_graph_failed(g)) /* Keras drops it without weights */
        mask = kt_both_masks(g, mask,
                             type->valid(g, o->config, kt_cast(g, y_true, g->floatx), values));
    kt_mean_update(g, m, values, weight, mask);
}

#define LOSS_METRIC(id, name, alias, table, words) \
    static const kt_metric_type id = {             \
        .cls = {.class_name = name,                \
                .aliases = alias,                  \
                .module = "keras.metrics",         \
                .config = &table,                  \
                .summary = words},                 \
        .build = kt_mean_build,                    \
        .update = update,                          \
        .result = kt_mean_result,                  \
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

const kt_class *const kt_metrics_losses[] = {&mse.cls, &mae.cls,  &bce.cls,
                                             &cce.cls, &scce.cls, NULL};
