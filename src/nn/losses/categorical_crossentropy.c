/* categorical_crossentropy.c - CategoricalCrossentropy: labels are one-hot or a distribution. */
#include "nn/loss.h"
#include "nn/tracing/operation.h"

#define FIELDS(F)                                                                                \
    F(BOOL, from_logits, "False", "", "Outputs are logits, not probabilities.")                  \
    F(FLOAT, label_smoothing, "0.0", "kept: x and 1.0 - x", "Moves labels towards 1 / classes.") \
    F(INT, axis, "-1", "", "Axis of the classes.")                                               \
    KT_LOSS_FIELDS(F, "categorical_crossentropy")
KT_CONFIG(FIELDS);

/* -sum t log p, p normalised over the classes and clipped. */
static kt_node *on_probabilities(kt_graph *g, kt_node *t, kt_node *p)
{
    if (kt_graph_failed(g))
        return g->poison;
    unsigned last = 1u << (p->shape.rank - 1);
    p = kt_clip_probability(g, kt_div(g, p, kt_reduce(g, KT_RE_SUM, p, last, true)));
    return kt_unary(g, KT_UN_NEG,
                    kt_reduce(g, KT_RE_SUM, kt_mul(g, t, kt_unary(g, KT_UN_LOG, p)), last, false));
}

static kt_node *call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    const config *c = cfg;
    kt_node      *logits = kt_logits_of(y_pred, c->from_logits);
    unsigned      bit;

    if (c->label_smoothing != 0 && !kt_graph_failed(g)) {
        double classes = (double)kt_dim(&y_true->shape, -1);
        y_true = kt_add_scalar(g, kt_mul_scalar(g, y_true, 1 - c->label_smoothing),
                               c->label_smoothing / classes);
    }
    if (!kt_same_shape(g, y_true, y_pred))
        return g->poison;
    if (!kt_axis_bit(g, &y_pred->shape, c->axis, &bit))
        return g->poison;
    int axis = kt_axis(&y_pred->shape, c->axis);
    if (axis != y_pred->shape.rank - 1) {
        y_true = kt_move_axis(g, y_true, axis, -1);
        y_pred = kt_move_axis(g, y_pred, axis, -1);
        logits = logits ? kt_move_axis(g, logits, axis, -1) : NULL;
    }
    return logits ? kt_softmax_xent(g, logits, y_true) : on_probabilities(g, y_true, y_pred);
}

static const kt_loss_type categorical_crossentropy = {
    .cls = {.class_name = "CategoricalCrossentropy",
            .aliases = "categorical_crossentropy",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Cross-entropy of one class of many, labels one-hot.",
            .dropped = "dtype"},
    .fn_name = "categorical_crossentropy",
    .call = call,
    .target = KT_TARGET_SHARES,
};

const kt_class *const kt_losses_categorical_crossentropy[] = {&categorical_crossentropy.cls, NULL};
