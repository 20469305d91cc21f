/* polynomial.c - PolynomialDecay: from one rate to another along a power of the time left. */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                           \
    F(FLOAT, initial_learning_rate, REQUIRED, "", "The rate of the first step.")            \
    F(FLOAT, decay_steps, REQUIRED, "", "Steps until the end is reached.")                  \
    F(FLOAT, end_learning_rate, "0.0001", "", "The rate at the end.")                       \
    F(FLOAT, power, "1.0", "", "Exponent; 1: a straight line.")                             \
    F(BOOL, cycle, "False", "", "Begins again beyond decay_steps, over a longer interval.") \
    F(STR, name, "PolynomialDecay", "", "Name of the schedule.")
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    return kt_check_steps(a, "decay_steps", ((const config *)cfg)->decay_steps, f);
}

static kt_node *rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;
    kt_node      *steps = kt_scalar_as(g, c->decay_steps, step->dtype);
    kt_node      *first = kt_scalar_as(g, c->initial_learning_rate, step->dtype);
    kt_node      *last = kt_scalar_as(g, c->end_learning_rate, step->dtype);

    if (c->cycle) {
        kt_node *zero = kt_scalar_as(g, 0, step->dtype), *one = kt_scalar_as(g, 1, step->dtype);
        kt_node *times = kt_unary(g, KT_UN_CEIL, kt_div(g, step, steps));
        steps = kt_mul(g, steps, kt_select(g, kt_binary(g, KT_BI_EQUAL, step, zero), one, times));
    } else {
        step = kt_binary(g, KT_BI_MINIMUM, step, steps);
    }
    kt_node *left = kt_one_minus(g, kt_div(g, step, steps));
    left = kt_binary(g, KT_BI_POW, left, kt_scalar_as(g, c->power, left->dtype));
    return kt_add(g, kt_mul(g, kt_sub(g, first, last), left), last);
}

static const kt_schedule_type polynomial = {
    .cls = {.class_name = "PolynomialDecay",
            .module = "keras.optimizers.schedules",
            .config = &config_type,
            .summary = "From one rate to another along a power of the time left.",
            .check = check},
    .rate = rate,
};

const kt_class *const kt_schedules_polynomial[] = {&polynomial.cls, NULL};
