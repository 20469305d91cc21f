/* lamb.c - Lamb: Adam's steps scaled to the norm of each weight (You and others, 2019). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                       \
    KT_OPTIMIZER_RATE(F, "0.001")                                                       \
    F(FLOAT, beta_1, "0.9", "kept: cast; 1 - x", "Share of the old mean of gradients.") \
    F(FLOAT, beta_2, "0.999", "kept: cast; 1 - x", "Share of the old mean of squares.") \
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
    return 2;
}

static kt_node *norm(kt_graph *g, kt_node *x)
{
    return kt_unary(g, KT_UN_SQRT, kt_sum_all(g, kt_unary(g, KT_UN_SQUARE, x)));
}

/* |w| / |step|, or 1 where one of them is 0 */
static kt_node *ratio_of(kt_graph *g, kt_node *w, kt_node *step)
{
    kt_node *a = norm(g, w), *b = norm(g, step);
    kt_node *zero = kt_scalar_as(g, 0, a->dtype), *one = kt_scalar_as(g, 1, a->dtype);
    kt_node *both = kt_binary(g, KT_BI_AND, kt_binary(g, KT_BI_GREATER, a, zero),
                              kt_binary(g, KT_BI_GREATER, b, zero));

    return kt_select(g, both, kt_div(g, a, b), one);
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    kt_node      *m = kt_toward(g, kt_slot(u, 0), u->grad, 1 - c->beta_1);
    kt_node      *v = kt_toward(g, kt_slot(u, 1), kt_grad_map(u, KT_UN_SQUARE), 1 - c->beta_2);
    kt_node      *m_hat = kt_div(g, m, kt_one_minus(g, kt_step_power(u, c->beta_1)));
    kt_node      *v_hat = kt_div(g, v, kt_one_minus(g, kt_step_power(u, c->beta_2)));
    kt_node      *size = kt_add_scalar(g, kt_unary(g, KT_UN_SQRT, v_hat), c->epsilon);
    kt_node      *step = kt_div(g, m_hat, size);

    kt_slot_assign(u, 0, m);
    kt_slot_assign(u, 1, v);
    return kt_sub(g, u->w, kt_mul(g, kt_mul(g, ratio_of(g, u->w, step), u->lr), step));
}

static const kt_optimizer_type lamb = {
    .cls = {.class_name = "Lamb",
            .nameless = true,
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Adam's steps scaled to the norm of each weight."},
    .slots = slots,
    .update = update,
    .per_variable = true,
};

const kt_class *const kt_optimizers_lamb[] = {&lamb.cls, NULL};
