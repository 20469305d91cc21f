/* categorical_generalized_cross_entropy.c - CategoricalGeneralizedCrossEntropy: labels are class
 * numbers of which some are wrong (Zhang and Sabuncu, 2018). */
#include "nn/loss.h"

#define FIELDS(F)                                                                         \
    F(FLOAT, q, "0.5", "met: 0 < x", "From 0, the cross-entropy, to 1, absolute errors.") \
    KT_LOSS_FIELDS(F, "categorical_generalized_cross_entropy")
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    double q = ((const config *)cfg)->q;

    (void)a;
    if (q > 0 && q < 1)
        return KT_OK;
    return kt_raise(f, KT_E_VALUE, "q must be in the interval (0, 1)");
}

/* (1 - p^q) / q, p the probability of the right class */
static kt_node *call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    double q = ((const config *)cfg)->q;

    if (kt_graph_failed(g))
        return g->poison;
    kt_node *right = kt_one_hot(g, kt_cast(g, y_true, KT_I64), kt_dim(&y_pred->shape, -1));
    kt_node *p = kt_reduce_last(g, KT_RE_SUM, kt_mul(g, y_pred, right));
    kt_node *power = kt_binary(g, KT_BI_POW, p, kt_scalar(g, q));
    return kt_mul_scalar(g, kt_sub(g, kt_scalar(g, 1), power), 1 / q);
}

static const kt_loss_type categorical_generalized_cross_entropy = {
    .cls = {.class_name = "CategoricalGeneralizedCrossEntropy",
            .nameless = true,
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Cross-entropy that bears wrong labels.",
            .dropped = "dtype",
            .check = check},
    .fn_name = "categorical_generalized_cross_entropy",
    .call = call,
};

const kt_class *const kt_losses_categorical_generalized_cross_entropy[] = {
    &categorical_generalized_cross_entropy.cls, NULL};
