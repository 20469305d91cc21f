/* binary_crossentropy.c - BinaryCrossentropy of independent yes/no outputs. */
#include "nn/loss.h"

#define FIELDS(F)                                                                        \
    F(BOOL, from_logits, "False", "", "Outputs are logits, not probabilities.")          \
    F(FLOAT, label_smoothing, "0.0", "kept: x and 1.0 - x", "Moves labels towards 0.5.") \
    F(INT, axis, "-1", "kept: axis", "Axis that is averaged away.")                      \
    KT_LOSS_FIELDS(F, "binary_crossentropy")
KT_CONFIG(FIELDS);

/* -(t log p + (1 - t) log(1 - p)) on clipped probabilities. */
static kt_node *on_probabilities(kt_graph *g, kt_node *t, kt_node *p)
{
    p = kt_clip_probability(g, p);
    kt_node *yes = kt_mul(g, t, kt_unary(g, KT_UN_LOG, p));
    kt_node *no = kt_mul(g, kt_sub(g, kt_scalar(g, 1), t),
                         kt_unary(g, KT_UN_LOG, kt_sub(g, kt_scalar(g, 1), p)));
    return kt_unary(g, KT_UN_NEG, kt_add(g, yes, no));
}

static kt_node *call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    const config *c = cfg;
    kt_node      *logits = kt_logits_of(y_pred, c->from_logits);
    unsigned      axis;

    if (c->label_smoothing != 0)
        y_true = kt_add_scalar(g, kt_mul_scalar(g, y_true, 1 - c->label_smoothing),
                               0.5 * c->label_smoothing);
    if (!kt_same_shape(g, y_true, y_pred))
        return g->poison;
    kt_node *values = logits ? kt_sigmoid_xent(g, logits, y_true)
                             : on_probabilities(g, y_true, y_pred);
    return kt_graph_failed(g) || !kt_axis_bit(g, &values->shape, c->axis, &axis)
             ? g->poison
             : kt_reduce(g, KT_RE_MEAN, values, axis, false);
}

static const kt_loss_type binary_crossentropy = {
    .cls = {.class_name = "BinaryCrossentropy",
            .aliases = "binary_crossentropy|bce|BCE",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Cross-entropy of independent yes/no outputs.",
            .dropped = "dtype"},
    .fn_name = "binary_crossentropy",
    .call = call,
    .target = KT_TARGET_ZERO_ONE,
};

const kt_class *const kt_losses_binary_crossentropy[] = {&binary_crossentropy.cls, NULL};
