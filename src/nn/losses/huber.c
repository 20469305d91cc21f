/* huber.c - Huber: squared near zero, absolute beyond delta (Huber, 1964). */
#include "nn/loss.h"

#define FIELDS(F)                                                             \
    F(FLOAT, delta, "1.0", "kept: operand", "Where the quadratic part ends.") \
    KT_LOSS_FIELDS(F, "huber_loss")
KT_CONFIG(FIELDS);

static kt_node *call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    double delta = ((const config *)cfg)->delta;

    kt_same_rank(g, &y_true, &y_pred, true);
    kt_node *error = kt_sub(g, y_pred, y_true), *size = kt_unary(g, KT_UN_ABS, error);
    kt_node *near = kt_mul_scalar(g, kt_unary(g, KT_UN_SQUARE, error), 0.5);
    kt_node *far = kt_add_scalar(g, kt_mul_scalar(g, size, delta), -0.5 * delta * delta);
    kt_node *small = kt_binary(g, KT_BI_LESS_EQUAL, size, kt_scalar(g, delta));
    return kt_reduce_last(g, KT_RE_MEAN, kt_select(g, small, near, far));
}

static const kt_loss_type huber = {
    .cls = {.class_name = "Huber",
            .aliases = "huber",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Squared near zero, absolute beyond delta.",
            .dropped = "delta|dtype"},
    .fn_name = "huber",
    .call = call,
};

const kt_class *const kt_losses_huber[] = {&huber.cls, NULL};
