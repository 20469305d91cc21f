/* sparse_categorical_crossentropy.c - SparseCategoricalCrossentropy: labels are class numbers. */
#include "nn/loss.h"

#define FIELDS(F)                                                               \
    F(BOOL, from_logits, "False", "", "Outputs are logits, not probabilities.") \
    F(OPTINT, ignore_class, "None", "", "Samples of this class do not count.")  \
    KT_REDUCTION_FIELD(F)                                                       \
    F(INT, axis, "-1", "", "Axis of the classes; only the last is supported.")  \
    KT_LOSS_NAME_FIELDS(F, "sparse_categorical_crossentropy")
KT_CONFIG(FIELDS);

/* Keras' sentences: the output has one axis more than the target, the rest agrees. */
static bool fits(kt_graph *g, const kt_node *target, const kt_node *output)
{
    const char *t = kt_shape_text(&g->arena, &target->shape),
               *o = kt_shape_text(&g->arena, &output->shape);

    if (kt_graph_failed(g))
        return false;
    if (output->shape.rank < 1) {
        kt_raise(g->fault, KT_E_VALUE,
                 "Argument `output` must be at least rank 1. Received: output.shape=%s", o);
        return false;
    }
    if (target->shape.rank != output->shape.rank - 1) {
        kt_raise(
            g->fault, KT_E_VALUE,
            "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=%s, output.shape=%s",
            t, o);
        return false;
    }
    return kt_same_axes(g, target, output, " up until the last dimension:");
}

/* Labels of samples to ignore become 0, and their loss too. */
static kt_node *without_class(kt_graph *g, kt_node *labels, kt_node *logits, int64_t ignored)
{
    kt_node *valid = kt_binary(g, KT_BI_NOT_EQUAL, labels,
                               kt_scalar_as(g, (double)ignored, labels->dtype));
    kt_node *safe = kt_select(g, valid, labels, kt_scalar_as(g, 0, labels->dtype));

    return kt_select(g, valid, kt_sparse_softmax_xent(g, logits, safe), kt_scalar(g, 0));
}

static kt_node *call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    const config *c = cfg;
    kt_node      *logits = kt_logits_of(y_pred, c->from_logits);
    int           rank = y_true->shape.rank;

    if (c->axis != -1 && c->axis != y_pred->shape.rank - 1) {
        kt_raise(g->fault, KT_E_VALUE, "Only axis=-1 is currently supported. Received: axis=%lld",
                 (long long)c->axis);
        return g->poison;
    }
    if (rank == y_pred->shape.rank && rank > 0 && y_true->shape.dim[rank - 1] == 1)
        y_true = kt_squeeze(g, y_true, -1);
    if (!fits(g, y_true, y_pred))
        return g->poison;
    if (!logits) /* plain probabilities: softmax of their logarithm normalises them */
        logits = kt_unary(g, KT_UN_LOG, kt_clip_probability(g, y_pred));
    kt_node *labels = kt_cast(g, y_true, KT_I32);
    return c->ignore_class.set ? without_class(g, labels, logits, c->ignore_class.v)
                               : kt_sparse_softmax_xent(g, logits, labels);
}

static kt_node *valid(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *values)
{
    const config *c = cfg;

    if (!c->ignore_class.set)
        return NULL;
    if (y_true->shape.rank > values->shape.rank)
        y_true = kt_squeeze(g, y_true, -1);
    return kt_binary(g, KT_BI_NOT_EQUAL, y_true,
                     kt_scalar_as(g, (double)c->ignore_class.v, y_true->dtype));
}

static const kt_loss_type sparse_categorical_crossentropy = {
    .cls = {.class_name = "SparseCategoricalCrossentropy",
            .aliases = "sparse_categorical_crossentropy",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Cross-entropy of one class of many, labels are class numbers.",
            .dropped = "axis|dtype"},
    .fn_name = "sparse_categorical_crossentropy",
    .call = call,
    .valid = valid,
    .target = KT_TARGET_LABELS,
};

const kt_class *const kt_losses_sparse_categorical_crossentropy[] = {
    &sparse_categorical_crossentropy.cls, NULL};
