/* cosine.c - CosineDecay: half a cosine wave, after a linear warm-up. */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                          \
    F(FLOAT, initial_learning_rate, REQUIRED, "kept: cast", "The rate of the first step.") \
    F(FLOAT, decay_steps, REQUIRED, "met: x <= 0", "Steps until the end is reached.")      \
    F(FLOAT, alpha, "0.0", "kept: 1 - x", "Share of the rate that is left at the end.")    \
    F(ANY, name, "'CosineDecay'", "", "Name of the schedule.")                             \
    F(OPTFLOAT, warmup_target, "None", "kept: cast",                                       \
      "The rate that the warm-up rises to; None: no warm-up.")                             \
    F(FLOAT, warmup_steps, "0", "kept: nothing", "Steps of the warm-up, before those of the decay.")
KT_CONFIG(FIELDS);

static kt_node *decay(kt_graph *g, const config *c, kt_node *step, double from)
{
    kt_dtype dtype = step->dtype;
    kt_node *p = kt_rate_share(g, step, kt_rate_number(g, c->decay_steps, dtype));
    kt_node *wave = kt_half_wave(g, p, kt_scalar_as(g, 1, p->dtype), dtype);
    kt_node *share = kt_add_scalar(g, kt_mul_scalar(g, wave, 1 - c->alpha), c->alpha);

    return kt_rate_op(g, KT_BI_MUL, kt_rate_number(g, from, dtype), share);
}

static kt_node *rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;
    kt_dtype      dtype = step->dtype;
    kt_node      *steps = kt_rate_number(g, c->warmup_target.set ? c->warmup_steps : 0, dtype);
    kt_node      *most = kt_add(g, kt_rate_number(g, c->decay_steps, dtype), steps);
    kt_node      *at = kt_binary(g, KT_BI_MINIMUM, step, most);

    if (!c->warmup_target.set)
        return decay(g, c, at, c->initial_learning_rate);
    kt_node *falling = decay(g, c, kt_sub(g, at, steps), c->warmup_target.v);
    if (!kt_dtype_is_float(dtype)) /* there is no warm-up: see use */
        return falling;
    kt_node *first = kt_rate_number(g, c->initial_learning_rate, dtype);
    kt_node *rise = kt_sub(g, kt_rate_number(g, c->warmup_target.v, dtype), first);
    kt_node *warming = kt_add(g, kt_mul(g, rise, kt_div(g, at, steps)), first);
    return kt_select(g, kt_binary(g, KT_BI_LESS, at, steps), warming, falling);
}

/* TensorFlow multiplies no int32 with the quotient of two. */
static kt_status use(const void *cfg, kt_dtype dtype, kt_fault *f)
{
    const config *c = cfg;

    if (dtype != KT_I32 || !c->warmup_target.set || c->warmup_steps < 1)
        return KT_OK;
    return kt_raise(f, KT_E_INVALID_ARGUMENT,
                    "cannot compute Mul as input #1(zero-based) was expected to be a int32 tensor "
                    "but is a double tensor [Op:Mul] name: ");
}

static const kt_schedule_type cosine = {
    .cls = {.class_name = "CosineDecay",
            .module = "keras.optimizers.schedules",
            .config = &config_type,
            .summary = "Half a cosine wave, after a linear warm-up.",
            .check_given = kt_check_decay_steps},
    .rate = rate,
    .use = use,
};

const kt_class *const kt_schedules_cosine[] = {&cosine.cls, NULL};
