/* lion.c - Lion: steps of one size along the sign of the momentum (Chen and others, 2023). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                   \
    KT_OPTIMIZER_RATE(F, "0.001")                                                   \
    F(FLOAT, beta_1, "0.9", "met: x <= 0", "Share of the momentum in the step.")    \
    F(FLOAT, beta_2, "0.99", "kept: cast", "Share of the old momentum in the new.") \
    KT_OPTIMIZER_DECAY(F, "None")                                                   \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

static kt_status check(const kt_object *o, kt_fault *f)
{
    double beta = ((const config *)o->config)->beta_1;

    if (beta > 0 && beta <= 1)
        return KT_OK;
    return kt_object_refuse(o, "beta_1",
                            "Argument `beta_1` must be in the [0, 1] range. Otherwise, the "
                            "optimizer degenerates to SignSGD. Received: beta_1=",
                            ".", f);
}

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    (void)cfg;
    kinds[0].name = "momentum";
    return 1;
}

/* m * keep + gradient * (1 - keep) */
static kt_node *mix(kt_update *u, double keep)
{
    kt_graph *g = u->g;

    return kt_add(g, kt_mul_scalar(g, kt_slot(u, 0), keep),
                  kt_mul_scalar(g, u->grad, kt_float_rest(keep)));
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_node      *step = kt_mul(u->g, u->lr, kt_unary(u->g, KT_UN_SIGN, mix(u, c->beta_1)));

    kt_slot_assign(u, 0, mix(u, c->beta_2));
    return kt_sub(u->g, u->w, step);
}

static const kt_optimizer_type lion = {
    .cls = {.class_name = "Lion",
            .aliases = "lion",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Steps of one size along the sign of the momentum.",
            .check_given = check},
    .slots = slots,
    .update = update,
};

const kt_class *const kt_optimizers_lion[] = {&lion.cls, NULL};
