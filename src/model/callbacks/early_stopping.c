/* early_stopping.c - EarlyStopping: stops when a number no longer gets better. */
#include <string.h>

#include "model/callbacks/monitor.h"

#define FIELDS(F)                                                                           \
    KT_MONITOR_FIELDS(F, "val_loss")                                                        \
    F(FLOAT, min_delta, "0", "met: abs(x)", "A smaller change is no improvement.")          \
    F(INT, patience, "0", "kept: 1 >= x", "Epochs without improvement before it stops.")    \
    F(INT, verbose, "0", "kept: nothing", "1: say when it stops.")                          \
    F(STR, mode, "auto", "", "Which way is better: auto, min or max.")                      \
    F(ANY, baseline, "None", "", "A value that must be reached.")                           \
    F(BOOL, restore_best_weights, "False", "", "Go back to the weights of the best epoch.") \
    F(INT, start_from_epoch, "0", "kept: 0 < x", "Epochs before it begins to watch.")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_monitor monitor;
    int64_t    wait, best_epoch, stopped_epoch; /* stopped_epoch 0: not stopped */
    kt_vec     weights; /* copies: kt_tensor *, in the order of kt_collect_weights */
} state;

static kt_status begin(kt_callback_run *r)
{
    const config *c = r->config;

    ((state *)r->state)->monitor = (kt_monitor){.callback = "EarlyStopping", .key = c->monitor};
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
    kt_vec all = {0};

    drop(s);
    if (kt_collect_weights(r->m->root, false, false, &all) != KT_OK)
        kt_raise_memory(r->fault);
    for (size_t i = 0; r->fault->e.status == KT_OK && i < all.n; i++) {
        const kt_tensor *t = ((kt_variable *)all.at[i])->value;
        kt_tensor       *copy = kt_tensor_from(t->data, t->dtype, t->shape);
        if (!copy || !kt_vec_push(&s->weights, copy)) {
            kt_tensor_unref(copy);
            kt_raise_memory(r->fault);
        }
    }
    kt_vec_free(&all);
    return r->fault->e.status;
}

/* Names of this epoch's numbers, as they stand in the warning. */
static void names_of(kt_str *out, const kt_history *h)
{
    for (int i = 0; i < kt_history_keys(h); i++)
        kt_str_printf(out, "%s%s", i ? "," : "", kt_history_key(h, i));
}

static void warn(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    kt_str        names = {0};

    names_of(&names, r->h);
    kt_callback_warn(r, &s->monitor.warned,
                     "Early stopping conditioned on metric `%s` which is not available. Available "
                     "metrics are: %s",
                     c->monitor, kt_str_text(&names));
    kt_str_free(&names);
}

static kt_status improved(kt_callback_run *r, double value)
{
    const config *c = r->config;
    state        *s = r->state;
    double        baseline;

    s->best_epoch = r->epoch;
    if (c->restore_best_weights && keep(r) != KT_OK)
        return r->fault->e.status;
    if (!kt_value_number(c->baseline, &baseline) ||
        kt_monitor_beats(&s->monitor, value, baseline, c->min_delta))
        s->wait = 0;
    return KT_OK;
}

static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    double        value;

    if (kt_monitor_settle(&s->monitor, r, c->mode) != KT_OK)
        return r->fault->e.status;
    if (!kt_monitored(r, c->monitor, &value)) {
        warn(r);
        return KT_OK;
    }
    if (r->epoch < c->start_from_epoch)
        return KT_OK;
    s->wait++;
    if (kt_monitor_improves(&s->monitor, r, value, c->min_delta))
        return improved(r, value);
    if (r->fault->e.status == KT_OK && s->wait >= c->patience) {
        s->stopped_epoch = r->epoch;
        kt_stop(r->m);
    }
    return r->fault->e.status;
}

/* What Keras prints where the callback is verbose. A fit that prints says it too, and which epoch
 * was the best where its weights do not come back. */
static void tell(const kt_callback_run *r)
{
    const config *c = r->config;
    const state  *s = r->state;

    if (c->verbose <= 0 && r->watch->args->verbose <= 0)
        return;
    if (s->stopped_epoch > 0)
        kt_callback_say(r, "Epoch %lld: early stopping", (long long)s->stopped_epoch + 1);
    if (s->weights.n > 0)
        kt_callback_say(r, "Restoring model weights from the end of the best epoch: %lld.",
                        (long long)s->best_epoch + 1);
    else if (s->stopped_epoch > 0 && c->verbose <= 0)
        kt_callback_say(r, "The best epoch was %lld: %s %.4f.", (long long)s->best_epoch + 1,
                        c->monitor, s->monitor.best);
}

static void restore(kt_callback_run *r, const kt_vec *best)
{
    kt_vec all = {0};

    if (kt_collect_weights(r->m->root, false, false, &all) != KT_OK)
        kt_raise_memory(r->fault);
    for (size_t i = 0; r->fault->e.status == KT_OK && i < all.n && i < best->n; i++) {
        kt_tensor       *t = ((kt_variable *)all.at[i])->value;
        const kt_tensor *b = best->at[i];
        if (t->count == b->count)
            memcpy(t->data, b->data, (size_t)t->count * kt_dtype_size(t->dtype));
    }
    kt_vec_free(&all);
}

static void end(kt_callback_run *r)
{
    state *s = r->state;

    if (r->fault->e.status == KT_OK)
        tell(r);
    if (r->fault->e.status == KT_OK && s->weights.n > 0)
        restore(r, &s->weights);
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
