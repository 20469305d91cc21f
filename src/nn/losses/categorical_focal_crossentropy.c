/* categorical_focal_crossentropy.c - CategoricalFocalCrossentropy: what is easy weighs less (Lin et
 * al., 2017). */
#include "nn/loss.h"
#include "nn/tracing/operation.h"

#define FIELDS(F)                                                                                \
    F(ANY, alpha, "0.25", "", "Weight of all classes, or a list: of each.")                      \
    F(FLOAT, gamma, "2.0", "kept: tensor", "How much less an easy sample weighs.")               \
    F(BOOL, from_logits, "False", "", "Outputs are logits, not probabilities.")                  \
    F(FLOAT, label_smoothing, "0.0", "kept: x and 1.0 - x", "Moves labels towards 1 / classes.") \
    F(INT, axis, "-1", "", "Axis of the classes.")                                               \
    KT_LOSS_FIELDS(F, "categorical_focal_crossentropy")
KT_CONFIG(FIELDS);

static kt_node *weighted(kt_graph *g, kt_node *focus, const kt_value *alpha)
{
    double     x = 0;
    kt_weak    weak;
    kt_tensor *t = NULL;

    if (kt_value_number(alpha, &x))
        return kt_mul_scalar(g, focus, x);
    if (kt_stumble("tensor", alpha, false, g->fault) == KT_OK)
        t = kt_literal_tensor(alpha, &weak, g->fault);
    return t ? kt_mul(g, focus, kt_cast(g, kt_constant(g, t), focus->dtype)) : g->poison;
}

static kt_node *call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    const config *c = cfg;
    unsigned      bit;

    if (kt_graph_failed(g) || !kt_axis_bit(g, &y_pred->shape, c->axis, &bit))
        return g->poison;
    int axis = kt_axis(&y_pred->shape, c->axis);
    if (c->label_smoothing != 0)
        y_true = kt_add_scalar(g, kt_mul_scalar(g, y_true, 1 - c->label_smoothing),
                               c->label_smoothing / (double)kt_dim(&y_true->shape, -1));
    kt_node *p = c->from_logits ? kt_softmax(g, y_pred, axis) : y_pred;
    p = kt_clip_probability(g, kt_div(g, p, kt_reduce(g, KT_RE_SUM, p, 1u << axis, true)));
    kt_node *entropy = kt_mul(g, kt_unary(g, KT_UN_NEG, y_true), kt_unary(g, KT_UN_LOG, p));
    kt_node *focus = kt_binary(g, KT_BI_POW, kt_sub(g, kt_scalar(g, 1), p), kt_scalar(g, c->gamma));
    kt_node *values = kt_mul(g, weighted(g, focus, c->alpha), entropy);
    if (kt_graph_failed(g))
        return g->poison;
    return kt_reduce(g, KT_RE_SUM, values, 1u << kt_axis(&values->shape, c->axis), false);
}

static const kt_loss_type categorical_focal_crossentropy = {
    .cls = {.class_name = "CategoricalFocalCrossentropy",
            .aliases = "categorical_focal_crossentropy",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Categorical cross-entropy in which easy samples weigh less.",
            .dropped = "dtype"},
    .fn_name = "categorical_focal_crossentropy",
    .call = call,
    .target = KT_TARGET_SHARES,
};

const kt_class *const kt_losses_categorical_focal_crossentropy[] = {
    &categorical_focal_crossentropy.cls, NULL};
