/* reduce_lr_on_plateau.c - ReduceLROnPlateau: lowers the learning rate when a number no longer gets
 * better. */
#include "model/callbacks/monitor.h"

#define FIELDS(F)                                                            \
    KT_MONITOR_FIELDS(F, "val_loss")                                         \
    F(FLOAT, factor, "0.1", "[0, 1)", "New rate = rate * factor.")           \
    F(INT, patience, "10", "", "Epochs without improvement before it acts.") \
    F(INT, verbose, "0", "", "Accepted as Keras does, without effect.")      \
    F(STR, mode, "auto", "auto|min|max", "Which way is better.")             \
    F(FLOAT, min_delta, "0.0001", "", "A smaller change is no improvement.") \
    F(INT, cooldown, "0", "", "Epochs to wait after a reduction.")           \
    F(FLOAT, min_lr, "0.0", "", "The rate never gets lower.")
KT_CONFIG(FIELDS);

typedef struct state {
    double  best;
    int64_t wait, cooling;
} state;

static kt_status begin(kt_callback_run *r)
{
    const config *c = r->config;

    ((state *)r->state)->best = kt_worst(c->mode, c->monitor);
    return KT_OK;
}

static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    double        value, lr = kt_learning_rate(r->m);

    if (!kt_monitored(r, c->monitor, &value))
        return KT_OK;
    if (s->cooling > 0) {
        s->cooling--;
        s->wait = 0;
    }
    if (kt_better(c->mode, c->monitor, value, s->best, c->min_delta)) {
        s->best = value;
        s->wait = 0;
    } else if (s->cooling <= 0 && ++s->wait >= c->patience) {
        if (lr > c->min_lr) {
            lr *= c->factor;
            kt_set_learning_rate(r->m, lr < c->min_lr ? c->min_lr : lr);
            s->cooling = c->cooldown;
            s->wait = 0;
        }
    }
    return KT_OK;
}

static const kt_callback_type reduce_lr_on_plateau = {
    .cls = {.class_name = "ReduceLROnPlateau",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Lowers the learning rate when a number no longer gets better."},
    .begin = begin,
    .epoch_end = epoch_end,
    .state_size = sizeof(state),
};

const kt_class *const kt_callbacks_reduce_lr_on_plateau[] = {&reduce_lr_on_plateau.cls, NULL};
