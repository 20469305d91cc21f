/* decay.c - ExponentialDecay and InverseTimeDecay: schedules that fall for ever. */
#include "nn/optimizer.h"

#define RATE_FIELDS(F, own_name)                                                           \
    F(FLOAT, initial_learning_rate, REQUIRED, "kept: cast", "The rate of the first step.") \
    F(FLOAT, decay_steps, REQUIRED, "met: x <= 0", "Steps of one decay.")                  \
    F(FLOAT, decay_rate, REQUIRED, "kept: cast", "What one decay does.")                   \
    F(BOOL, staircase, "False", "", "Decays at once at the end of each interval.")         \
    F(ANY, name, own_name, "", "Name of the schedule.")
#define FIELDS(F) RATE_FIELDS(F, "'ExponentialDecay'")
KT_CONFIG(FIELDS);

#define INVERSE_FIELDS(F) RATE_FIELDS(F, "'InverseTimeDecay'")
static const kt_field       inverse_fields[] = {INVERSE_FIELDS(KT_ROW)};
static const kt_config_type inverse_type = {sizeof(config), inverse_fields,
                                            KT_COUNT(inverse_fields)};

static kt_node *progress(kt_graph *g, const config *c, kt_node *step)
{
    kt_node *p = kt_rate_quotient(g, step, kt_rate_number(g, c->decay_steps, step->dtype));

    return c->staircase ? kt_unary(g, KT_UN_FLOOR, p) : p;
}

static kt_node *exponential_rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;
    kt_node      *base = kt_rate_number(g, c->decay_rate, step->dtype);
    kt_node      *first = kt_rate_number(g, c->initial_learning_rate, step->dtype);

    return kt_rate_op(g, KT_BI_MUL, first, kt_rate_op(g, KT_BI_POW, base, progress(g, c, step)));
}

static kt_node *inverse_rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;
    kt_node      *rate = kt_rate_number(g, c->decay_rate, step->dtype);
    kt_node      *p = kt_rate_op(g, KT_BI_MUL, rate, progress(g, c, step));
    kt_node      *first = kt_rate_number(g, c->initial_learning_rate, step->dtype);

    return kt_rate_op(g, KT_BI_DIV, first, kt_add_scalar(g, p, 1));
}

static const kt_schedule_type exponential = {
    .cls = {.class_name = "ExponentialDecay",
            .module = "keras.optimizers.schedules",
            .config = &config_type,
            .summary = "initial * decay_rate ** (step / decay_steps).",
            .check_given = kt_check_decay_steps},
    .rate = exponential_rate,
};

static const kt_schedule_type inverse = {
    .cls = {.class_name = "InverseTimeDecay",
            .module = "keras.optimizers.schedules",
            .config = &inverse_type,
            .summary = "initial / (1 + decay_rate * step / decay_steps).",
            .check_given = kt_check_decay_steps},
    .rate = inverse_rate,
};

const kt_class *const kt_schedules_decay[] = {&exponential.cls, &inverse.cls, NULL};
