/* decay.c - ExponentialDecay and InverseTimeDecay: schedules that fall for ever. */
#include "nn/optimizer.h"

static kt_node *power(kt_graph *g, double base, kt_node *x)
{
    return kt_binary(g, KT_BI_POW, kt_scalar_as(g, base, x->dtype), x);
}

#define RATE_FIELDS(F, own_name)                                                   \
    F(FLOAT, initial_learning_rate, REQUIRED, "", "The rate of the first step.")   \
    F(FLOAT, decay_steps, REQUIRED, "", "Steps of one decay.")                     \
    F(FLOAT, decay_rate, REQUIRED, "", "What one decay does.")                     \
    F(BOOL, staircase, "False", "", "Decays at once at the end of each interval.") \
    F(STR, name, own_name, "", "Name of the schedule.")
#define FIELDS(F) RATE_FIELDS(F, "ExponentialDecay")
KT_CONFIG(FIELDS);

#define INVERSE_FIELDS(F) RATE_FIELDS(F, "InverseTimeDecay")
static const kt_field       inverse_fields[] = {INVERSE_FIELDS(KT_ROW)};
static const kt_config_type inverse_type = {sizeof(config), inverse_fields,
                                            KT_COUNT(inverse_fields)};

static kt_status check_rate(kt_arena *a, void *cfg, kt_fault *f)
{
    return kt_check_steps(a, "decay_steps", ((const config *)cfg)->decay_steps, f);
}

static kt_node *progress(kt_graph *g, const config *c, kt_node *step)
{
    kt_node *p = kt_div(g, step, kt_scalar_as(g, c->decay_steps, step->dtype));

    return c->staircase ? kt_unary(g, KT_UN_FLOOR, p) : p;
}

static kt_node *exponential_rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;

    return kt_mul_scalar(g, power(g, c->decay_rate, progress(g, c, step)),
                         c->initial_learning_rate);
}

static kt_node *inverse_rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;
    kt_node      *p = kt_mul_scalar(g, progress(g, c, step), c->decay_rate);

    return kt_div(g, kt_scalar_as(g, c->initial_learning_rate, p->dtype), kt_add_scalar(g, p, 1));
}

static const kt_schedule_type exponential = {
    .cls = {.class_name = "ExponentialDecay",
            .module = "keras.optimizers.schedules",
            .config = &config_type,
            .summary = "initial * decay_rate ** (step / decay_steps).",
            .check = check_rate},
    .rate = exponential_rate,
};

static const kt_schedule_type inverse = {
    .cls = {.class_name = "InverseTimeDecay",
            .module = "keras.optimizers.schedules",
            .config = &inverse_type,
            .summary = "initial / (1 + decay_rate * step / decay_steps).",
            .check = check_rate},
    .rate = inverse_rate,
};

const kt_class *const kt_schedules_decay[] = {&exponential.cls, &inverse.cls, NULL};
