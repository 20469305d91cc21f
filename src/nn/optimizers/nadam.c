/* nadam.c - Nadam: Adam with Nesterov momentum (Dozat, 2015). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                       \
    KT_OPTIMIZER_RATE(F, "0.001")                                                       \
    F(FLOAT, beta_1, "0.9", "kept: tensor", "Share of the old mean of gradients.")      \
    F(FLOAT, beta_2, "0.999", "kept: cast", "Share of the old mean of squares.")        \
    F(FLOAT, epsilon, "1e-07", "kept: tensor", "Added to the root of the mean square.") \
    KT_OPTIMIZER_DECAY(F, "None")                                                       \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    (void)cfg;
    kinds[0].name = "momentum";
    kinds[1].name = "velocity";
    kinds[1].beside = true;
    kinds[2] = (kt_slot_kind){.name = "u_product", .shared = true, .initial = 1};
    return 3;
}

/* 1 - 0.96^step / 2, by which beta_1 is multiplied in that step */
static kt_node *warm(kt_graph *g, kt_node *step)
{
    kt_node *power = kt_binary(g, KT_BI_POW, kt_scalar_as(g, 0.96, step->dtype), step);

    return kt_one_minus(g, kt_mul_scalar(g, power, 0.5));
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    kt_node      *now = warm(g, u->step), *later = warm(g, kt_add_scalar(g, u->step, 1));
    kt_node      *product = kt_mul(g, kt_mul_scalar(g, kt_slot(u, 2), c->beta_1), now);
    kt_node      *u_now = kt_mul_scalar(g, now, c->beta_1);
    kt_node      *u_later = kt_mul_scalar(g, later, c->beta_1);
    kt_node      *m = kt_toward(g, kt_slot(u, 0), u->grad, kt_float_rest(c->beta_1));
    kt_node      *v = kt_toward(g, kt_slot(u, 1), kt_grad_map(u, KT_UN_SQUARE),
                                kt_float_rest(c->beta_2));
    kt_node *ahead = kt_div(g, kt_mul(g, u_later, m), kt_one_minus(g, kt_mul(g, product, u_later)));
    kt_node *here = kt_div(g, kt_mul(g, kt_one_minus(g, u_now), u->grad), kt_one_minus(g, product));
    kt_node *v_hat = kt_div(g, v, kt_one_minus(g, kt_step_power(u, c->beta_2)));
    kt_node *size = kt_add_scalar(g, kt_unary(g, KT_UN_SQRT, v_hat), c->epsilon);

    kt_slot_assign(u, 0, m);
    kt_slot_assign(u, 1, v);
    kt_slot_assign(u, 2, product);
    return kt_sub(g, u->w, kt_div(g, kt_mul(g, kt_add(g, ahead, here), u->lr), size));
}

static const kt_optimizer_type nadam = {
    .cls = {.class_name = "Nadam",
            .aliases = "nadam",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Adam with Nesterov momentum."},
    .slots = slots,
    .update = update,
};

const kt_class *const kt_optimizers_nadam[] = {&nadam.cls, NULL};
