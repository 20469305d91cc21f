/* adagrad.c - Adagrad: steps divided by the root of the sum of all squares so far (Duchi and
 * others, 2011). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                         \
    KT_OPTIMIZER_RATE(F, "0.001")                                                         \
    F(FLOAT, initial_accumulator_value, "0.1", "kept: cast", "What the sums start with.") \
    F(FLOAT, epsilon, "1e-07", "kept: tensor", "Added to the sum, under the root.")       \
    KT_OPTIMIZER_DECAY(F, "None")                                                         \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    kinds[0].name = "accumulator";
    kinds[0].initial = ((const config *)cfg)->initial_accumulator_value;
    return 1;
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    kt_node      *sum = kt_add(g, kt_slot(u, 0), kt_grad_map(u, KT_UN_SQUARE));
    kt_node      *size = kt_unary(g, KT_UN_SQRT, kt_add_scalar(g, sum, c->epsilon));

    kt_slot_assign(u, 0, sum);
    return kt_sub(g, u->w, kt_div(g, kt_mul(g, u->lr, u->grad), size));
}

static const kt_optimizer_type adagrad = {
    .cls = {.class_name = "Adagrad",
            .aliases = "adagrad",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Steps divided by the root of the sum of squares."},
    .slots = slots,
    .update = update,
};

const kt_class *const kt_optimizers_adagrad[] = {&adagrad.cls, NULL};
