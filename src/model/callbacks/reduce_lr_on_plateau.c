/* reduce_lr_on_plateau.c - ReduceLROnPlateau: lowers the learning rate when a number no longer gets
 * better. */
#include "model/callbacks/monitor.h"

#define FIELDS(F)                                                                        \
    KT_MONITOR_FIELDS(F, "val_loss")                                                     \
    F(FLOAT, factor, "0.1", "met: x >= 1.0", "New rate = rate * factor.")                \
    F(INT, patience, "10", "kept: 1 >= x", "Epochs without improvement before it acts.") \
    F(INT, verbose, "0", "kept: nothing", "1: say when it acts.")                        \
    F(STR, mode, "auto", "", "Which way is better: auto, min or max.")                   \
    F(FLOAT, min_delta, "0.0001", "met: abs(x)", "A smaller change is no improvement.")  \
    F(INT, cooldown, "0", "kept: nothing", "Epochs to wait after a reduction.")          \
    F(FLOAT, min_lr, "0.0", "kept: nothing", "The rate never gets lower.")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_monitor monitor;
    int64_t    wait, cooling;
} state;

static kt_status begin(kt_callback_run *r)
{
    const config *c = r->config;

    ((state *)r->state)->monitor = (kt_monitor){.callback = "ReduceLROnPlateau", .key = c->monitor};
    return KT_OK;
}

static kt_status check(const kt_object *o, kt_fault *f)
{
    if (!(((const config *)o->config)->factor >= 1))
        return KT_OK;
    return kt_object_refuse(
        o, "factor", "ReduceLROnPlateau does not support a factor >= 1.0. Received factor=", "", f);
}

static void warn(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    kt_str        names = {0};

    for (int i = 0; i < kt_history_keys(r->h); i++)
        if (!kt_streq(kt_history_key(r->h, i), "learning_rate")) /* in Keras it is the last */
            kt_str_printf(&names, "%s,", kt_history_key(r->h, i));
    kt_callback_warn(r, &s->monitor.warned,
                     "Learning rate reduction is conditioned on metric `%s` which is not "
                     "available. Available metrics are: %slearning_rate.",
                     c->monitor, kt_str_text(&names));
    kt_str_free(&names);
}

static void reduce(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    double        lr = kt_learning_rate(r->m), lower = lr * c->factor;

    if (!((float)lr > (float)c->min_lr))
        return;
    lower = lower < c->min_lr ? c->min_lr : lower;
    kt_set_learning_rate(r->m, lower);
    s->cooling = c->cooldown;
    s->wait = 0;
    if (c->verbose > 0) {
        kt_str number = {0};
        kt_repr_double(&number, lower);
        kt_callback_say(r, "\nEpoch %lld: ReduceLROnPlateau reducing learning rate to %s.",
                        (long long)r->epoch + 1, kt_str_text(&number));
        kt_str_free(&number);
    }
}

static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    double        value;

    if (kt_monitor_settle(&s->monitor, r, c->mode) != KT_OK || kt_note_rate(r) != KT_OK)
        return r->fault->e.status;
    if (!kt_monitored(r, c->monitor, &value)) {
        warn(r);
        return KT_OK;
    }
    if (s->cooling > 0)
        s->cooling--;
    if (kt_monitor_improves(&s->monitor, r, value, c->min_delta))
        s->wait = 0;
    else if (s->cooling <= 0 && ++s->wait >= c->patience)
        reduce(r);
    return r->fault->e.status;
}

static const kt_callback_type reduce_lr_on_plateau = {
    .cls = {.class_name = "ReduceLROnPlateau",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Lowers the learning rate when a number no longer gets better.",
            .lenient = true,
            .check_given = check},
    .begin = begin,
    .epoch_end = epoch_end,
    .state_size = sizeof(state),
};

const kt_class *const kt_callbacks_reduce_lr_on_plateau[] = {&reduce_lr_on_plateau.cls, NULL};
