/* polynomial.c - PolynomialDecay: from one rate to another along a power of the time left. */
#include "nn/optimizer.h"

#include <math.h>

#define FIELDS(F)                                                                           \
    F(FLOAT, initial_learning_rate, REQUIRED, "kept: cast", "The rate of the first step.")  \
    F(FLOAT, decay_steps, REQUIRED, "met: x <= 0", "Steps until the end is reached.")       \
    F(FLOAT, end_learning_rate, "0.0001", "kept: cast", "The rate at the end.")             \
    F(FLOAT, power, "1.0", "kept: cast", "Exponent; 1: a straight line.")                   \
    F(BOOL, cycle, "False", "", "Begins again beyond decay_steps, over a longer interval.") \
    F(ANY, name, "'PolynomialDecay'", "", "Name of the schedule.")
KT_CONFIG(FIELDS);

static kt_node *rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;
    kt_node      *steps = kt_rate_number(g, c->decay_steps, step->dtype);
    kt_node      *first = kt_rate_number(g, c->initial_learning_rate, step->dtype);
    kt_node      *last = kt_rate_number(g, c->end_learning_rate, step->dtype);

    if (c->cycle) {
        kt_node *zero = kt_scalar_as(g, 0, step->dtype);
        kt_node *times = kt_unary(g, KT_UN_CEIL, kt_rate_quotient(g, step, steps));
        kt_node *one = kt_scalar_as(g, 1, times->dtype);
        times = kt_select(g, kt_binary(g, KT_BI_EQUAL, step, zero), one, times);
        steps = kt_rate_op(g, KT_BI_MUL, steps, times);
    } else {
        step = kt_binary(g, KT_BI_MINIMUM, step, steps);
    }
    kt_node *left = kt_one_minus(g, kt_rate_share(g, step, steps));
    left = kt_rate_op(g, KT_BI_POW, left, kt_rate_number(g, c->power, first->dtype));
    left = kt_rate_op(g, KT_BI_MUL, kt_sub(g, first, last), left);
    return kt_rate_op(g, KT_BI_ADD, left, last);
}

/* A cycle divides the step by decay_steps as it was given. */
static kt_status use(const void *cfg, kt_dtype dtype, kt_fault *f)
{
    const config *c = cfg;

    if (dtype != KT_I32 || !c->cycle || c->decay_steps == trunc(c->decay_steps))
        return KT_OK;
    return kt_raise(f, KT_E_TYPE,
                    "`x` and `y` must have the same dtype, got tf.int32 != tf.float32.");
}

static const kt_schedule_type polynomial = {
    .cls = {.class_name = "PolynomialDecay",
            .module = "keras.optimizers.schedules",
            .config = &config_type,
            .summary = "From one rate to another along a power of the time left.",
            .check_given = kt_check_decay_steps},
    .rate = rate,
    .use = use,
};

const kt_class *const kt_schedules_polynomial[] = {&polynomial.cls, NULL};
