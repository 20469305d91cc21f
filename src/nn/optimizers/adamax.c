/* adamax.c - Adamax: Adam with the largest gradient instead of the mean square (Kingma and Ba,
 * 2014). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                                \
    KT_OPTIMIZER_RATE(F, "0.001")                                                                \
    F(FLOAT, beta_1, "0.9", "kept: cast; 1 - x", "Share of the old mean of gradients.")          \
    F(FLOAT, beta_2, "0.999", "kept: tensor", "What the largest gradient shrinks by in a step.") \
    F(FLOAT, epsilon, "1e-07", "kept: tensor", "Added to the largest gradient.")                 \
    KT_OPTIMIZER_DECAY(F, "None")                                                                \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    (void)cfg;
    kinds[0].name = "momentum";
    kinds[1].name = "norm";
    kinds[1].beside = true;
    return 2;
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    kt_node      *m = kt_toward(g, kt_slot(u, 0), u->grad, 1 - c->beta_1);
    kt_node      *norm = kt_binary(g, KT_BI_MAXIMUM, kt_mul_scalar(g, kt_slot(u, 1), c->beta_2),
                                   kt_grad_map(u, KT_UN_ABS));
    kt_node      *size = kt_mul(g, kt_one_minus(g, kt_step_power(u, c->beta_1)),
                                kt_add_scalar(g, norm, c->epsilon));

    kt_slot_assign(u, 0, m);
    kt_slot_assign(u, 1, norm);
    return kt_sub(g, u->w, kt_div(g, kt_mul(g, u->lr, m), size));
}

static const kt_optimizer_type adamax = {
    .cls = {.class_name = "Adamax",
            .aliases = "adamax",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Adam with the largest gradient instead of the mean square."},
    .slots = slots,
    .update = update,
};

const kt_class *const kt_optimizers_adamax[] = {&adamax.cls, NULL};
