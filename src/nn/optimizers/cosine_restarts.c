/* cosine_restarts.c - CosineDecayRestarts: cosine waves, each longer than the last (Loshchilov and
 * Hutter, 2016). */
#include "nn/optimizer.h"

#include <math.h>

#define FIELDS(F)                                                                                 \
    F(FLOAT, initial_learning_rate, REQUIRED, "kept: cast", "The rate of the first step.")        \
    F(FLOAT, first_decay_steps, REQUIRED, "met: x <= 0", "Steps of the first interval.")          \
    F(FLOAT, t_mul, "2.0", "kept: cast", "How much longer each interval is than the one before.") \
    F(FLOAT, m_mul, "1.0", "kept: cast", "Factor of the rate at each restart.")                   \
    F(FLOAT, alpha, "0.0", "kept: cast",                                                          \
      "Share of the rate that is left at the end of an interval.")                                \
    F(ANY, name, "'SGDRDecay'", "", "Name of the schedule.")
KT_CONFIG(FIELDS);

static kt_node *scalar(kt_graph *g, double x)
{
    return kt_scalar_as(g, x, KT_F32);
}

/* The nearest float32: intervals end where logarithms meet exactly, which fast ones may miss. */
static kt_node *exact_log(kt_graph *g, kt_node *x)
{
    return kt_cast(g, kt_unary(g, KT_UN_LOG, kt_cast(g, x, KT_F64)), KT_F32);
}

static kt_node *exact_power(kt_graph *g, kt_node *x, kt_node *z)
{
    x = kt_binary(g, KT_BI_POW, kt_cast(g, x, KT_F64), kt_cast(g, z, KT_F64));
    return kt_cast(g, x, KT_F32);
}

/* Intervals are 1, t, t^2, ... long: n of them end at (1 - t^n) / (1 - t). Gives the number of the
 * interval that p lies in, and leaves in *p the share of it that has passed. */
static kt_node *interval(kt_graph *g, double t_mul, kt_node **p)
{
    kt_node *ratio = scalar(g, t_mul), *less = kt_one_minus(g, ratio), *number, *length, *begin;

    if ((float)t_mul == 1 || (*p)->dtype == KT_F64) {
        number = kt_unary(g, KT_UN_FLOOR, *p);
        *p = kt_sub(g, *p, number);
        return number;
    }
    number = exact_log(g, kt_one_minus(g, kt_mul(g, *p, less)));
    number = kt_unary(g, KT_UN_FLOOR, kt_div(g, number, exact_log(g, ratio)));
    length = exact_power(g, ratio, number);
    begin = kt_div(g, kt_one_minus(g, length), less);
    *p = kt_div(g, kt_sub(g, *p, begin), length);
    return number;
}

static kt_node *rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;
    kt_dtype      dtype = step->dtype;
    kt_node      *p = kt_rate_quotient(g, step, kt_rate_number(g, c->first_decay_steps, dtype));
    kt_node      *number = interval(g, c->t_mul, &p), *alpha = kt_rate_number(g, c->alpha, dtype);
    kt_node      *height = exact_power(g, kt_rate_number(g, c->m_mul, dtype), number);
    kt_node      *wave = kt_half_wave(g, p, kt_cast(g, height, p->dtype), dtype);
    kt_node      *share = kt_rate_op(g, KT_BI_MUL, kt_one_minus(g, alpha), wave);

    return kt_rate_op(g, KT_BI_MUL, kt_rate_number(g, c->initial_learning_rate, dtype),
                      kt_rate_op(g, KT_BI_ADD, share, alpha));
}

/* Longer and longer intervals are reckoned with 1.0 - x, which int32 does not take. */
static kt_status use(const void *cfg, kt_dtype dtype, kt_fault *f)
{
    if (dtype != KT_I32 || trunc(((const config *)cfg)->t_mul) == 1)
        return KT_OK;
    return kt_raise(f, KT_E_TYPE, "Cannot convert 1.0 to EagerTensor of dtype int32");
}

static const kt_schedule_type restarts = {
    .cls = {.class_name = "CosineDecayRestarts",
            .module = "keras.optimizers.schedules",
            .config = &config_type,
            .summary = "Cosine waves that begin anew, each longer than the last.",
            .check_given = kt_check_first_decay_steps},
    .rate = rate,
    .use = use,
};

const kt_class *const kt_schedules_cosine_restarts[] = {&restarts.cls, NULL};
