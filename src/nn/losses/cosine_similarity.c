/* cosine_similarity.c - CosineSimilarity: minus the cosine between target and output. */
#include "nn/loss.h"

#define FIELDS(F)                                                      \
    F(INTS, axis, "-1", "kept: axis", "Axis along which vectors lie.") \
    KT_LOSS_FIELDS(F, "cosine_similarity")
KT_CONFIG(FIELDS);

#define EPSILON 1e-7

static kt_node *unit(kt_graph *g, kt_node *x, unsigned axes)
{
    kt_node *squares = kt_reduce(g, KT_RE_SUM, kt_unary(g, KT_UN_SQUARE, x), axes, true);
    kt_node *inverse = kt_unary(g, KT_UN_RSQRT, squares);

    return kt_mul(g, x, kt_binary(g, KT_BI_MINIMUM, inverse, kt_scalar(g, 1 / EPSILON)));
}

static kt_node *call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    const config *c = cfg;
    unsigned      of_true, of_pred;

    kt_same_rank(g, &y_true, &y_pred, true);
    if (kt_graph_failed(g) || !kt_axes_mask(g, &y_true->shape, &c->axis, &of_true) ||
        !kt_axes_mask(g, &y_pred->shape, &c->axis, &of_pred))
        return g->poison;
    kt_node *cosines = kt_mul(g, unit(g, y_true, of_true), unit(g, y_pred, of_pred));
    return kt_unary(g, KT_UN_NEG, kt_reduce(g, KT_RE_SUM, cosines, of_pred, false));
}

static const kt_loss_type cosine_similarity = {
    .cls = {.class_name = "CosineSimilarity",
            .aliases = "cosine_similarity",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Minus the cosine between target and output.",
            .dropped = "dtype|axis"},
    .fn_name = "cosine_similarity",
    .call = call,
};

const kt_class *const kt_losses_cosine_similarity[] = {&cosine_similarity.cls, NULL};
