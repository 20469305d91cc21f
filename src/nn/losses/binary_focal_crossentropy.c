/* binary_focal_crossentropy.c - BinaryFocalCrossentropy: what is easy weighs less (Lin et al.,
 * 2017). */
#include "nn/loss.h"

#define FIELDS(F)                                                                             \
    F(BOOL, apply_class_balancing, "False", "", "Weighs the classes by alpha and 1 - alpha.") \
    F(FLOAT, alpha, "0.25", "kept: nothing", "Weight of class 1.")                            \
    F(FLOAT, gamma, "2.0", "kept: tensor", "How much less an easy sample weighs.")            \
    F(BOOL, from_logits, "False", "", "Outputs are logits, not probabilities.")               \
    F(FLOAT, label_smoothing, "0.0", "kept: x and 1.0 - x", "Moves labels towards 0.5.")      \
    F(INT, axis, "-1", "kept: axis", "Axis that is averaged away.")                           \
    KT_LOSS_FIELDS(F, "binary_focal_crossentropy")
KT_CONFIG(FIELDS);

/* t a + (1 - t) b */
static kt_node *either(kt_graph *g, kt_node *t, kt_node *a, kt_node *b)
{
    return kt_add(g, kt_mul(g, t, a), kt_mul(g, kt_sub(g, kt_scalar(g, 1), t), b));
}

static kt_node *crossentropy(kt_graph *g, kt_node *t, kt_node *p)
{
    p = kt_clip_probability(g, p);
    kt_node *no = kt_unary(g, KT_UN_LOG, kt_sub(g, kt_scalar(g, 1), p));
    return kt_unary(g, KT_UN_NEG, either(g, t, kt_unary(g, KT_UN_LOG, p), no));
}

static kt_node *call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    const config *c = cfg;
    unsigned      axis;

    if (c->label_smoothing != 0)
        y_true = kt_add_scalar(g, kt_mul_scalar(g, y_true, 1 - c->label_smoothing),
                               0.5 * c->label_smoothing);
    if (!kt_same_shape(g, y_true, y_pred))
        return g->poison;
    kt_node *p = c->from_logits ? kt_unary(g, KT_UN_SIGMOID, y_pred) : y_pred;
    kt_node *right = either(g, y_true, p, kt_sub(g, kt_scalar(g, 1), p));
    kt_node *focus = kt_binary(g, KT_BI_POW, kt_sub(g, kt_scalar(g, 1), right),
                               kt_scalar(g, c->gamma));
    kt_node *values = kt_mul(g, focus, crossentropy(g, y_true, p));
    if (c->apply_class_balancing)
        values = kt_mul(g, values,
                        either(g, y_true, kt_scalar(g, c->alpha), kt_scalar(g, 1 - c->alpha)));
    return kt_graph_failed(g) || !kt_axis_bit(g, &values->shape, c->axis, &axis)
             ? g->poison
             : kt_reduce(g, KT_RE_MEAN, values, axis, false);
}

static const kt_loss_type binary_focal_crossentropy = {
    .cls = {.class_name = "BinaryFocalCrossentropy",
            .aliases = "binary_focal_crossentropy",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Binary cross-entropy in which easy samples weigh less.",
            .dropped = "dtype"},
    .fn_name = "binary_focal_crossentropy",
    .call = call,
    .target = KT_TARGET_ZERO_ONE,
};

const kt_class *const kt_losses_binary_focal_crossentropy[] = {&binary_focal_crossentropy.cls,
                                                               NULL};
