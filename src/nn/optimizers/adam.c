/* adam.c - Adam (Kingma and Ba, 2014), with AMSGrad; AdamW is Adam with weight decay by default
 * (Loshchilov and Hutter, 2017). */
#include "nn/optimizer.h"

#define OWN(F)                                                                          \
    F(FLOAT, beta_1, "0.9", "kept: cast; 1 - x", "Share of the old mean of gradients.") \
    F(FLOAT, beta_2, "0.999", "kept: cast; 1 - x", "Share of the old mean of squares.") \
    F(FLOAT, epsilon, "1e-07", "kept: tensor", "Added to the root of the mean square.") \
    F(BOOL, amsgrad, "False", "", "Divides by the largest mean square so far.")
#define FIELDS(F)                 \
    KT_OPTIMIZER_RATE(F, "0.001") \
    OWN(F)                        \
    KT_OPTIMIZER_DECAY(F, "None") \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

/* The same members as Adam's, in the order of AdamW's arguments. */
#define FIELDS_W(F)                \
    KT_OPTIMIZER_RATE(F, "0.001")  \
    KT_OPTIMIZER_DECAY(F, "0.004") \
    OWN(F)                         \
    KT_OPTIMIZER_FIELDS(F)
static const kt_field       config_w_fields[] = {FIELDS_W(KT_ROW)};
static const kt_config_type config_w_type = {sizeof(config), config_w_fields,
                                             KT_COUNT(config_w_fields)};

static kt_status check_w(kt_arena *a, void *cfg, kt_fault *f)
{
    (void)a;
    if (((const config *)cfg)->weight_decay.set)
        return KT_OK;
    return kt_raise(f, KT_E_VALUE,
                    "Argument `weight_decay` must be a float. Received: weight_decay=None");
}

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    kinds[0].name = "momentum";
    kinds[1].name = "velocity";
    kinds[1].beside = true;
    kinds[2].name = "velocity_hat";
    return ((const config *)cfg)->amsgrad ? 3 : 2;
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    kt_node      *power_1 = kt_step_power(u, c->beta_1), *power_2 = kt_step_power(u, c->beta_2);
    kt_node      *root = kt_unary(g, KT_UN_SQRT, kt_one_minus(g, power_2));
    kt_node      *alpha = kt_div(g, kt_mul(g, u->lr, root), kt_one_minus(g, power_1));
    kt_node      *m = kt_toward(g, kt_slot(u, 0), u->grad, 1 - c->beta_1);
    kt_node      *v = kt_toward(g, kt_slot(u, 1), kt_grad_map(u, KT_UN_SQUARE), 1 - c->beta_2);

    kt_slot_assign(u, 0, m);
    kt_slot_assign(u, 1, v);
    if (c->amsgrad) {
        v = kt_binary(g, KT_BI_MAXIMUM, kt_slot(u, 2), v);
        kt_slot_assign(u, 2, v);
    }
    kt_node *size = kt_add_scalar(g, kt_unary(g, KT_UN_SQRT, v), c->epsilon);
    return kt_sub(g, u->w, kt_div(g, kt_mul(g, m, alpha), size));
}

static const kt_optimizer_type adam = {
    .cls = {.class_name = "Adam",
            .aliases = "adam",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Steps scaled by running means of gradients and of their squares."},
    .slots = slots,
    .update = update,
};

static const kt_optimizer_type adam_w = {
    .cls = {.class_name = "AdamW",
            .aliases = "adamw",
            .module = "keras.optimizers",
            .config = &config_w_type,
            .summary = "Adam with weight decay.",
            .check = check_w},
    .slots = slots,
    .update = update,
};

const kt_class *const kt_optimizers_adam[] = {&adam.cls, &adam_w.cls, NULL};
