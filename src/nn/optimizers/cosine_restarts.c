/* cosine_restarts.c - CosineDecayRestarts: cosine waves, each longer than the last (Loshchilov and
 * Hutter, 2016). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                           \
    F(FLOAT, initial_learning_rate, REQUIRED, "", "The rate of the first step.")            \
    F(FLOAT, first_decay_steps, REQUIRED, "", "Steps of the first interval.")               \
    F(FLOAT, t_mul, "2.0", "", "How much longer each interval is than the one before.")     \
    F(FLOAT, m_mul, "1.0", "", "Factor of the rate at each restart.")                       \
    F(FLOAT, alpha, "0.0", "", "Share of the rate that is left at the end of an interval.") \
    F(STR, name, "SGDRDecay", "", "Name of the schedule.")
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    return kt_check_steps(a, "first_decay_steps", ((const config *)cfg)->first_decay_steps, f);
}

static kt_node *scalar(kt_graph *g, double x)
{
    return kt_scalar_as(g, x, KT_F32);
}

static kt_node *rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;
    kt_node      *p = kt_div(g, step, scalar(g, c->first_decay_steps)), *restart;
    kt_node      *ratio = scalar(g, c->t_mul), *less = kt_one_minus(g, ratio);

    if ((float)c->t_mul == 1) {
        restart = kt_unary(g, KT_UN_FLOOR, p);
        p = kt_sub(g, p, restart);
    } else { /* intervals 1, t, t^2, ...: n of them end at (1 - t^n) / (1 - t) */
        kt_node *logs = kt_div(g, kt_unary(g, KT_UN_LOG, kt_one_minus(g, kt_mul(g, p, less))),
                               kt_unary(g, KT_UN_LOG, ratio));
        restart = kt_unary(g, KT_UN_FLOOR, logs);
        kt_node *length = kt_binary(g, KT_BI_POW, ratio, restart);
        kt_node *begin = kt_div(g, kt_one_minus(g, length), less);
        p = kt_div(g, kt_sub(g, p, begin), length);
    }
    kt_node *height = kt_binary(g, KT_BI_POW, scalar(g, c->m_mul), restart);
    kt_node *alpha = scalar(g, c->alpha);
    kt_node *share = kt_add(g, kt_mul(g, kt_one_minus(g, alpha), kt_half_wave(g, p, height)),
                            alpha);
    return kt_mul_scalar(g, share, c->initial_learning_rate);
}

static const kt_schedule_type restarts = {
    .cls = {.class_name = "CosineDecayRestarts",
            .module = "keras.optimizers.schedules",
            .config = &config_type,
            .summary = "Cosine waves that begin anew, each longer than the last.",
            .check = check},
    .rate = rate,
};

const kt_class *const kt_schedules_cosine_restarts[] = {&restarts.cls, NULL};
