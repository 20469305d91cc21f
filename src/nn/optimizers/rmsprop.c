/* rmsprop.c - RMSprop: steps divided by the root of a running mean of squares (Hinton, 2012). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                           \
    KT_OPTIMIZER_RATE(F, "0.001")                                                           \
    F(FLOAT, rho, "0.9", "kept: tensor", "Share of the old mean of squares.")               \
    F(FLOAT, momentum, "0.0", "kept: x > 0", "Share of the last step that is made again.")  \
    F(FLOAT, epsilon, "1e-07", "kept: tensor", "Added to the mean square, under the root.") \
    F(BOOL, centered, "False", "", "Takes the variance instead of the mean square.")        \
    KT_OPTIMIZER_DECAY(F, "None")                                                           \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    const config *c = cfg;
    int           n = 0;

    kinds[n++].name = "velocity";
    if (c->momentum > 0)
        kinds[n++].name = "momentum";
    if (c->centered)
        kinds[n++].name = "average_gradient";
    return n;
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    int           at = 1;
    kt_node      *v = kt_mixed(g, kt_slot(u, 0), kt_grad_map(u, KT_UN_SQUARE), c->rho), *size = v;
    int           momentum = c->momentum > 0 ? at++ : 0;

    kt_slot_assign(u, 0, v);
    if (c->centered) {
        kt_node *mean = kt_mixed(g, kt_slot(u, at), u->grad, c->rho);
        kt_slot_assign(u, at, mean);
        size = kt_sub(g, v, kt_unary(g, KT_UN_SQUARE, mean));
    }
    size = kt_unary(g, KT_UN_SQRT, kt_add_scalar(g, size, c->epsilon));
    kt_node *step = kt_div(g, kt_mul(g, u->lr, u->grad), size);
    if (momentum) {
        step = kt_add(g, kt_mul_scalar(g, kt_slot(u, momentum), c->momentum), step);
        kt_slot_assign(u, momentum, step);
    }
    return kt_sub(g, u->w, step);
}

static const kt_optimizer_type rmsprop = {
    .cls = {.class_name = "RMSprop",
            .aliases = "rmsprop",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Steps divided by the root of a running mean of squares."},
    .slots = slots,
    .update = update,
};

const kt_class *const kt_optimizers_rmsprop[] = {&rmsprop.cls, NULL};
