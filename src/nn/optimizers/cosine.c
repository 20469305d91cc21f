/* cosine.c - CosineDecay: half a cosine wave, after a linear warm-up. */
#include "nn/optimizer.h"

static kt_node *scalar(kt_graph *g, double x)
{
    return kt_scalar_as(g, x, KT_F32);
}

#define FIELDS(F)                                                                \
    F(FLOAT, initial_learning_rate, REQUIRED, "", "The rate of the first step.") \
    F(FLOAT, decay_steps, REQUIRED, "", "Steps until the end is reached.")       \
    F(FLOAT, alpha, "0.0", "", "Share of the rate that is left at the end.")     \
    F(STR, name, "CosineDecay", "", "Name of the schedule.")                     \
    F(OPTFLOAT, warmup_target, "None", "",                                       \
      "The rate that the warm-up rises to; None: no warm-up.")                   \
    F(FLOAT, warmup_steps, "0", "", "Steps of the warm-up, before those of the decay.")
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    return kt_check_steps(a, "decay_steps", ((const config *)cfg)->decay_steps, f);
}

static kt_node *decay(kt_graph *g, const config *c, kt_node *step, double from)
{
    kt_node *p = kt_div(g, step, scalar(g, c->decay_steps));
    kt_node *share = kt_add_scalar(
        g, kt_mul_scalar(g, kt_half_wave(g, p, scalar(g, 1)), 1 - c->alpha), c->alpha);

    return kt_mul_scalar(g, share, from);
}

static kt_node *rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;
    kt_node      *most = kt_add(g, scalar(g, c->decay_steps),
                                scalar(g, c->warmup_target.set ? c->warmup_steps : 0));
    kt_node      *at = kt_binary(g, KT_BI_MINIMUM, step, most);

    if (!c->warmup_target.set)
        return decay(g, c, at, c->initial_learning_rate);
    kt_node *steps = scalar(g, c->warmup_steps), *first = scalar(g, c->initial_learning_rate);
    kt_node *rise = kt_sub(g, scalar(g, c->warmup_target.v), first);
    kt_node *warming = kt_add(g, kt_mul(g, rise, kt_div(g, at, steps)), first);
    kt_node *falling = decay(g, c, kt_sub(g, at, steps), c->warmup_target.v);
    return kt_select(g, kt_binary(g, KT_BI_LESS, at, steps), warming, falling);
}

static const kt_schedule_type cosine = {
    .cls = {.class_name = "CosineDecay",
            .module = "keras.optimizers.schedules",
            .config = &config_type,
            .summary = "Half a cosine wave, after a linear warm-up.",
            .check = check},
    .rate = rate,
};

const kt_class *const kt_schedules_cosine[] = {&cosine.cls, NULL};
