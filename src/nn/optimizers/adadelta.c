/* adadelta.c - Adadelta: steps in the ratio of the last steps' size to the gradients' (Zeiler,
 * 2012). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                      \
    KT_OPTIMIZER_RATE(F, "0.001")                                                      \
    F(FLOAT, rho, "0.95", "kept: tensor", "Share of the old means.")                   \
    F(FLOAT, epsilon, "1e-07", "kept: tensor", "Added to the means, under the roots.") \
    KT_OPTIMIZER_DECAY(F, "None")                                                      \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    (void)cfg;
    kinds[0].name = "accumulated_grad";
    kinds[1].name = "accumulated_delta_var";
    kinds[1].beside = true;
    return 2;
}

static kt_node *root(kt_update *u, kt_node *x)
{
    return kt_unary(u->g, KT_UN_SQRT, kt_add_scalar(u->g, x, ((const config *)u->config)->epsilon));
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    kt_node      *square = kt_grad_map(u, KT_UN_SQUARE), *old = root(u, kt_slot(u, 1));
    kt_node      *grads = kt_mixed(g, kt_slot(u, 0), square, c->rho), *size = root(u, grads);
    kt_node      *step = kt_unary(g, KT_UN_NEG, kt_div(g, kt_mul(g, old, u->grad), size));
    kt_node      *step_square = kt_unary(g, KT_UN_SQUARE, u->raw ? kt_div(g, old, size) : step);

    if (u->raw) /* of each reading of a row */
        step_square = kt_mul(g, step_square, square);
    kt_slot_assign(u, 0, grads);
    kt_slot_assign(u, 1, kt_mixed(g, kt_slot(u, 1), step_square, c->rho));
    return kt_add(g, u->w, kt_mul(g, u->lr, step));
}

static const kt_optimizer_type adadelta = {
    .cls = {.class_name = "Adadelta",
            .aliases = "adadelta",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Steps in the ratio of the last steps' size to the gradients'."},
    .slots = slots,
    .update = update,
};

const kt_class *const kt_optimizers_adadelta[] = {&adadelta.cls, NULL};
