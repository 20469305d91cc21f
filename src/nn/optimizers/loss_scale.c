/* loss_scale.c - LossScaleOptimizer: another optimizer, whose loss is scaled as far as gradients
 * stay finite (Micikevicius and others, 2018). What it does is in optimizer_apply.c. */
#include "nn/layer.h"
#include "nn/optimizer.h"

#define FIELDS(F)                                                                \
    F(ANY, inner_optimizer, REQUIRED, "", "The optimizer that makes the steps.") \
    F(ANY, initial_scale, "32768.0", "float", "What the loss is multiplied by.") \
    F(ANY, dynamic_growth_steps, "2000", "int",                                  \
      "Steps with finite gradients after which the scale is doubled.")           \
    F(STR, name, "None", "", "Name of the optimizer.")

typedef struct config {
    FIELDS(KT_MEMBER)
    const kt_object *inner; /* made of inner_optimizer */
} config;
static const kt_field       config_fields[] = {FIELDS(KT_ROW)};
static const kt_config_type config_type = {sizeof(config), config_fields, KT_COUNT(config_fields)};

static kt_status check(kt_arena *a, void *self, kt_fault *f)
{
    config         *c = self;
    const kt_value *v = c->inner_optimizer;
    double          number;

    if (!v || (v->kind != KT_CALL && v->kind != KT_DICT))
        return kt_raise(f, KT_E_ATTRIBUTE, "'%s' object has no attribute 'loss_scale_factor'",
                        kt_python_type(v));
    if (kt_stumble("cast", c->initial_scale, false, f) != KT_OK)
        return f->e.status;
    if (!kt_value_number(c->dynamic_growth_steps, &number))
        return kt_raise(f, KT_E_TYPE, "unsupported operand type(s) for -: '%s' and 'int'",
                        kt_python_type(c->dynamic_growth_steps));
    c->inner = kt_object_make(a, "optimizer", v, f);
    if (c->inner && ((const kt_optimizer_type *)(const void *)c->inner->cls)->scaling)
        return kt_raise(f, KT_E_NOT_IMPLEMENTED,
                        "a LossScaleOptimizer of a LossScaleOptimizer is not supported");
    return c->inner ? KT_OK : f->e.status;
}

static kt_loss_scaling scaling(const void *self)
{
    const config   *c = self;
    kt_loss_scaling s = {.inner = c->inner, .name = c->name};

    (void)kt_value_number(c->initial_scale, &s.initial);
    (void)kt_value_number(c->dynamic_growth_steps, &s.growth_steps);
    return s;
}

static const kt_optimizer_type loss_scale = {
    .cls = {.class_name = "LossScaleOptimizer",
            .aliases = "lossscaleoptimizer",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Another optimizer, its loss scaled as far as gradients stay finite.",
            .needs = "inner_optimizer",
            .check = check},
    .scaling = scaling,
};

const kt_class *const kt_optimizers_loss_scale[] = {&loss_scale.cls, NULL};
