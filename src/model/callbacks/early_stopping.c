/* early_stopping.c - EarlyStopping: stops when a number no longer gets better. */
#include <string.h>

#include "model/callbacks/monitor.h"

#define FIELDS(F)                                                                           \
    KT_MONITOR_FIELDS(F, "val_loss")                                                        \
    F(FLOAT, min_delta, "0", "", "A smaller change is no improvement.")                     \
    F(INT, patience, "0", "", "Epochs without improvement before it stops.")                \
    F(INT, verbose, "0", "", "Accepted as Keras does, without effect.")                     \
    F(STR, mode, "auto", "auto|min|max", "Which way is better.")                            \
    F(ANY, baseline, "None", "", "A value that must be reached.")                           \
    F(BOOL, restore_best_weights, "False", "", "Go back to the weights of the best epoch.") \
    F(INT, start_from_epoch, "0", "", "Epochs before it begins to watch.")
KT_CONFIG(FIELDS);

typedef struct state {
    double  best;
    int64_t wait;
    kt_vec  weights; /* copies: kt_tensor *, in the order of kt_weight_at */
    bool    stopped;
} state;

static kt_status begin(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;

    s->best = kt_worst(c->mode, c->monitor);
    (void)kt_value_number(c->baseline, &s->best);
    return KT_OK;
}

static void drop(state *s)
{
    for (size_t i = 0; i < s->weights.n; i++)
        kt_tensor_unref(s->weights.at[i]);
    s->weights.n = 0;
}

static kt_status keep(kt_callback_run *r)
{
    state *s = r->state;

    drop(s);
    for (int i = 0; i < kt_weights(r->m); i++) {
        kt_tensor *t = kt_weight_at(r->m, i, NULL);
        kt_tensor *copy = kt_tensor_from(t->data, t->dtype, t->shape);
        if (!copy || !kt_vec_push(&s->weights, copy))
            return kt_raise_memory(r->fault);
    }
    return KT_OK;
}

static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    double        value;

    if (!kt_monitored(r, c->monitor, &value) || r->epoch < c->start_from_epoch)
        return KT_OK;
    if (c->restore_best_weights && s->weights.n == 0 && keep(r) != KT_OK)
        return r->fault->e.status;
    s->wait++;
    if (kt_better(c->mode, c->monitor, value, s->best, c->min_delta)) {
        s->best = value;
        if (c->restore_best_weights && keep(r) != KT_OK)
            return r->fault->e.status;
        double baseline;
        if (!kt_value_number(c->baseline, &baseline) ||
            kt_better(c->mode, c->monitor, value, baseline, c->min_delta))
            s->wait = 0;
        return KT_OK;
    }
    if (s->wait >= c->patience && r->epoch > 0) {
        s->stopped = true;
        kt_stop(r->m);
    }
    return KT_OK;
}

static void end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;

    for (size_t i = 0; c->restore_best_weights && i < s->weights.n; i++) {
        kt_tensor *t = kt_weight_at(r->m, (int)i, NULL), *best = s->weights.at[i];
        if (t && t->count == best->count)
            memcpy(t->data, best->data, (size_t)t->count * kt_dtype_size(t->dtype));
    }
    drop(s);
    kt_vec_free(&s->weights);
}

static const kt_callback_type early_stopping = {
    .cls = {.class_name = "EarlyStopping",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Stops when a number no longer gets better."},
    .begin = begin,
    .epoch_end = epoch_end,
    .end = end,
    .state_size = sizeof(state),
};

const kt_class *const kt_callbacks_early_stopping[] = {&early_stopping.cls, NULL};
