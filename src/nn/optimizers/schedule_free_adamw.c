/* schedule_free_adamw.c - ScheduleFreeAdamW: Adam's steps on a sequence whose mean is the answer,
 * so that no schedule is needed (Defazio and others, 2024). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                     \
    KT_OPTIMIZER_RATE(F, "0.0025")                                                    \
    F(FLOAT, beta_1, "0.9", "kept: cast", "Share of the mean in the weights.")        \
    F(FLOAT, beta_2, "0.999", "kept: cast", "Share of the old mean of squares.")      \
    F(FLOAT, epsilon, "1e-08", "kept: cast", "Added to the root of the mean square.") \
    F(INT, warmup_steps, "0", "kept: x > 0", "Steps in which the rate rises.")        \
    KT_OPTIMIZER_DECAY(F, "None")                                                     \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    (void)cfg;
    kinds[0].name = "momentum";
    kinds[0].weights = true;
    kinds[1].name = "velocity";
    kinds[1].beside = true;
    return 2;
}

static kt_node *rate(kt_update *u, double warmup)
{
    kt_graph *g = u->g;
    kt_node  *one = kt_scalar_as(g, 1, u->lr->dtype);

    if (warmup <= 0)
        return u->lr;
    kt_node *share = kt_div(g, u->step, kt_scalar_as(g, warmup, u->lr->dtype));
    return kt_mul(g, u->lr, kt_binary(g, KT_BI_MINIMUM, share, one));
}

/* z is stepped; x is the mean of all z so far; the weights lie between the two. Keras' old z is the
 * variable itself, which has been stepped by the time it is read. */
static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    double        rest = kt_float_rest(c->beta_1);
    kt_node      *v = kt_toward(g, kt_slot(u, 1), kt_grad_map(u, KT_UN_SQUARE),
                                kt_float_rest(c->beta_2));
    kt_node      *v_hat = kt_div(g, v, kt_one_minus(g, kt_step_power(u, c->beta_2)));
    kt_node      *size = kt_add_scalar(g, kt_unary(g, KT_UN_SQRT, v_hat), c->epsilon);
    kt_node      *step = kt_mul(g, rate(u, (double)c->warmup_steps), u->grad);
    kt_node      *z = kt_sub(g, kt_slot(u, 0), kt_div(g, step, size));
    kt_node      *share = kt_div(g, kt_scalar_as(g, 1, u->step->dtype), u->step);
    kt_node      *x = kt_div(g, kt_sub(g, u->w, kt_mul_scalar(g, z, rest)),
                             kt_scalar_as(g, c->beta_1, u->w->dtype));

    x = kt_add(g, kt_mul(g, kt_one_minus(g, share), x), kt_mul(g, share, z));
    kt_slot_assign(u, 0, z);
    kt_slot_assign(u, 1, v);
    return kt_add(g, kt_mul_scalar(g, z, rest), kt_mul_scalar(g, x, c->beta_1));
}

static const kt_optimizer_type schedule_free = {
    .cls = {.class_name = "ScheduleFreeAdamW",
            .aliases = "schedulefreeadamw",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Adam's steps on a sequence whose mean is the answer."},
    .slots = slots,
    .update = update,
};

const kt_class *const kt_optimizers_schedule_free_adamw[] = {&schedule_free.cls, NULL};
