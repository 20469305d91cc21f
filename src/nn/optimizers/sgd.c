/* sgd.c - SGD: gradient descent with momentum, in Nesterov's form too (Sutskever and others,
 * 2013). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                        \
    KT_OPTIMIZER_RATE(F, "0.01")                                                         \
    F(ANY, momentum, "0.0", "", "Share of the last step that is made again, in [0, 1].") \
    F(BOOL, nesterov, "False", "", "Looks ahead along the momentum.")                    \
    KT_OPTIMIZER_DECAY(F, "None")                                                        \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    const kt_value *m = ((const config *)cfg)->momentum;

    (void)a;
    if (m && m->kind == KT_FLOAT && m->f >= 0 && m->f <= 1)
        return KT_OK;
    return kt_raise(f, KT_E_VALUE, "`momentum` must be a float between [0, 1].");
}

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    if (((const config *)cfg)->momentum->f == 0)
        return 0;
    kinds[0].name = "momentum";
    return 1;
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    double        momentum = c->momentum->f;
    kt_graph     *g = u->g;
    kt_node      *step = kt_mul(g, u->grad, u->lr);

    if (momentum == 0)
        return kt_sub(g, u->w, step);
    kt_node *m = kt_sub(g, kt_mul_scalar(g, kt_slot(u, 0), momentum), step);
    kt_slot_assign(u, 0, m);
    return kt_add(g, u->w, c->nesterov ? kt_sub(g, kt_mul_scalar(g, m, momentum), step) : m);
}

static const kt_optimizer_type sgd = {
    .cls = {.class_name = "SGD",
            .aliases = "sgd",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Gradient descent, with momentum.",
            .check = check},
    .slots = slots,
    .update = update,
};

const kt_class *const kt_optimizers_sgd[] = {&sgd.cls, NULL};
