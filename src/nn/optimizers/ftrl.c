/* ftrl.c - Ftrl: follow the regularised leader, with shrinkage (McMahan and others, 2013). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                              \
    KT_OPTIMIZER_RATE(F, "0.001")                                                              \
    F(FLOAT, learning_rate_power, "-0.5", "met: x > 0.0",                                      \
      "Power of the sum of squares in the step; <= 0.")                                        \
    F(FLOAT, initial_accumulator_value, "0.1", "met: x < 0.0",                                 \
      "What the sums of squares start with.")                                                  \
    F(FLOAT, l1_regularization_strength, "0.0", "met: x < 0.0", "Pull of the absolute value.") \
    F(FLOAT, l2_regularization_strength, "0.0", "met: x < 0.0", "Pull of the square.")         \
    F(FLOAT, l2_shrinkage_regularization_strength, "0.0", "met: x < 0.0",                      \
      "Pull of the square on gradients.")                                                      \
    F(FLOAT, beta, "0.0", "kept: operand",                                                     \
      "Added to the pull of the square, over twice the rate.")                                 \
    KT_OPTIMIZER_DECAY(F, "None")                                                              \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

static kt_status check(const kt_object *o, kt_fault *f)
{
    static const struct {
        const char *name, *sentence;
        double      sign;
    } fields[] = {
#define ROW(name, word, sign) \
    {#name, "`" #name "` needs to be " word " or zero. Received: " #name "=", sign}
        ROW(initial_accumulator_value, "positive", 1),
        ROW(learning_rate_power, "negative", -1),
        ROW(l1_regularization_strength, "positive", 1),
        ROW(l2_regularization_strength, "positive", 1),
        ROW(l2_shrinkage_regularization_strength, "positive", 1),
#undef ROW
    };

    for (size_t i = 0; i < KT_COUNT(fields); i++) {
        double x;
        if (kt_value_number(kt_object_given(o, fields[i].name), &x) && x * fields[i].sign < 0)
            return kt_object_refuse(o, fields[i].name, fields[i].sentence, ".", f);
    }
    return KT_OK;
}

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    kinds[0].name = "accumulator";
    kinds[0].initial = ((const config *)cfg)->initial_accumulator_value;
    kinds[1].name = "linear";
    kinds[1].beside = true;
    return 2;
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    kt_node      *power = kt_scalar_as(g, -c->learning_rate_power, u->w->dtype);
    kt_node *pull = kt_div(g, kt_scalar_as(g, c->beta, u->w->dtype), kt_mul_scalar(g, u->lr, 2));
    kt_node *shrunk = kt_mul_scalar(g, u->w, 2 * c->l2_shrinkage_regularization_strength);
    kt_node *old = kt_slot(u, 0), *sum = kt_add(g, old, kt_grad_map(u, KT_UN_SQUARE));
    kt_node *new_root = kt_binary(g, KT_BI_POW, sum, power);
    kt_node *rise = kt_sub(g, new_root, kt_binary(g, KT_BI_POW, old, power));
    kt_node *change = kt_sub(g, kt_add(g, u->grad, shrunk),
                             kt_mul(g, kt_div(g, rise, u->lr), u->w));
    kt_node *linear = kt_add(g, kt_slot(u, 1), change);
    double   l1 = c->l1_regularization_strength;
    kt_node *clipped = kt_unary_with(g, (kt_unary_attr){KT_UN_CLIP, -l1, l1}, linear);

    pull = kt_mul_scalar(g, kt_add_scalar(g, pull, c->l2_regularization_strength), 2);
    kt_slot_assign(u, 0, sum);
    kt_slot_assign(u, 1, linear);
    return kt_div(g, kt_sub(g, clipped, linear), kt_add(g, kt_div(g, new_root, u->lr), pull));
}

static const kt_optimizer_type ftrl = {
    .cls = {.class_name = "Ftrl",
            .aliases = "ftrl",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Follow the regularised leader.",
            .check_given = check},
    .slots = slots,
    .update = update,
    .old_by_weight = true,
};

const kt_class *const kt_optimizers_ftrl[] = {&ftrl.cls, NULL};
