/* learning_rate_scheduler.c - LearningRateScheduler: sets the learning rate at the start of epochs.
 * Where Keras takes a Python function of the epoch, this takes a dict {first epoch: rate}, or a
 * number; a C program may do the same in on_epoch. */
#include <stdlib.h>

#include "model/callback.h"

#define FIELDS(F)                                                                          \
    F(ANY, schedule, REQUIRED, "", "{0: 0.01, 10: 0.001}: the rate from these epochs on.") \
    F(INT, verbose, "0", "kept: nothing", "Accepted as Keras does, without effect.")
KT_CONFIG(FIELDS);

static kt_status begin(kt_callback_run *r)
{
    const config *c = r->config;
    double        rate;

    if (kt_value_number(c->schedule, &rate))
        return KT_OK;
    bool good = c->schedule->kind == KT_DICT && c->schedule->n > 0;
    for (size_t i = 0; good && i < c->schedule->n; i++)
        good = kt_value_number(c->schedule->items[i], &rate);
    return good
             ? KT_OK
             : kt_raise(
                   r->fault, KT_E_VALUE,
                   "LearningRateScheduler: `schedule` must be a dict such as {0: 0.01, 10: 0.001}");
}

static kt_status epoch_begin(kt_callback_run *r)
{
    const kt_value *v = ((const config *)r->config)->schedule;
    double          rate = kt_learning_rate(r->m);
    int64_t         latest = -1;

    (void)kt_value_number(v, &rate);
    for (size_t i = 0; v->kind == KT_DICT && i < v->n; i++) {
        int64_t from = strtoll(v->keys[i] ? v->keys[i] : "0", NULL, 10);
        if (from <= r->epoch && from > latest) {
            latest = from;
            (void)kt_value_number(v->items[i], &rate);
        }
    }
    kt_set_learning_rate(r->m, rate);
    return r->fault->e.status;
}

static const kt_callback_type learning_rate_scheduler = {
    .cls = {.class_name = "LearningRateScheduler",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Sets the learning rate at the start of epochs."},
    .begin = begin,
    .epoch_begin = epoch_begin,
    .epoch_end = kt_note_rate,
};

const kt_class *const kt_callbacks_learning_rate_scheduler[] = {&learning_rate_scheduler.cls, NULL};
