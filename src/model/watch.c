/* watch.c - everything that happens around epochs and batches of one fit: callbacks in order, then
 * the user's functions, then the progress bar. */
#include "model/callback.h"
#include "model/progress.h"
#include "model/step.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

bool kt_monitored(const kt_callback_run *r, const char *monitor, double *out)
{
    *out = kt_history_get(r->h, monitor, -1);
    for (int i = 0; i < kt_history_keys(r->h); i++)
        if (kt_streq(kt_history_key(r->h, i), monitor))
            return true;
    return false;
}

kt_status kt_note_rate(kt_callback_run *r)
{
    int    row = (int)(r->epoch - r->watch->from);
    double rate = kt_learning_rate(r->m);

    return kt_history_set(r->h, "learning_rate", row, &rate, 1, false) ? KT_OK
                                                                       : kt_raise_memory(r->fault);
}

static FILE *output(const kt_callback_run *r)
{
    return r->watch->args->out ? r->watch->args->out : stdout;
}

static void print(FILE *out, const char *before, const char *fmt, va_list ap)
{
    fputs(before, out);
    vfprintf(out, fmt, ap);
    fputc('\n', out);
    fflush(out);
}

void kt_callback_say(const kt_callback_run *r, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    print(output(r), "", fmt, ap);
    va_end(ap);
}

void kt_callback_warn(const kt_callback_run *r, bool *said, const char *fmt, ...)
{
    va_list ap;

    if (*said || !r->watch->args->warnings)
        return;
    *said = true;
    va_start(ap, fmt);
    print(r->watch->args->warnings, "UserWarning: ", fmt, ap);
    va_end(ap);
}

static kt_status add_callback(kt_watch *w, const char *text)
{
    kt_fault        *f = &w->m->fault;
    kt_value        *v = kt_expr_parse(text, &w->arena, f);
    const kt_object *o = v ? kt_object_make(&w->arena, "callback", v, f) : NULL;

    if (!o || kt_object_use(o, false, f) != KT_OK)
        return f->e.status;
    const kt_callback_type *type = (const kt_callback_type *)(const void *)o->cls;
    void *state = type->state_size ? kt_arena_alloc(&w->arena, type->state_size) : NULL;
    if (type->state_size && !state)
        return kt_raise_memory(f);
    w->type[w->n] = type;
    w->run[w->n] = (kt_callback_run){.m = w->m,
                                     .h = w->h,
                                     .epochs = w->epochs,
                                     .config = o->config,
                                     .state = state,
                                     .fault = f,
                                     .watch = w};
    w->n++;
    return type->begin ? type->begin(&w->run[w->n - 1]) : KT_OK;
}

kt_status kt_watch_start(kt_watch *w, kt_model *m, kt_history *h, int64_t epochs, int64_t rows,
                         int64_t batch)
{
    w->m = m;
    w->h = h;
    w->epochs = epochs;
    w->rows = rows;
    w->batch = batch;
    w->from = w->args->initial_epoch;
    for (int i = 0; i < KT_MAX_CALLBACKS && w->args->callbacks[i]; i++)
        if (add_callback(w, w->args->callbacks[i]) != KT_OK)
            return m->fault.e.status;
    return KT_OK;
}

/* A failing callback ends everything, as an exception does. */
static bool fine(const kt_watch *w)
{
    return w->m->fault.e.status == KT_OK;
}

void kt_watch_epoch_begin(kt_watch *w, int64_t epoch)
{
    w->epoch = epoch;
    for (int i = 0; i < w->n && fine(w); i++) {
        w->run[i].epoch = epoch;
        if (w->type[i]->epoch_begin)
            w->type[i]->epoch_begin(&w->run[i]);
    }
    kt_progress_epoch(w);
}

static void ask_user(kt_watch *w, kt_callback f, int64_t batch, int64_t batches)
{
    kt_progress p = {
        .model = w->m, .history = w->h, .epoch = w->epoch, .batch = batch, .batches = batches};

    if (f && f(w->args->user, &p) != 0)
        kt_stop(w->m);
}

void kt_watch_batch(kt_watch *w, int64_t done, int64_t batches)
{
    for (int i = 0; i < w->n && fine(w); i++)
        if (w->type[i]->batch_end)
            w->type[i]->batch_end(&w->run[i], done - 1);
    if (!fine(w))
        return;
    ask_user(w, w->args->on_batch, done - 1, batches);
    kt_progress_batch(w, done, batches);
}

void kt_watch_validation(kt_watch *w, bool begins)
{
    for (int i = 0; i < w->n && fine(w); i++) {
        kt_status (*f)(kt_callback_run *) = begins ? w->type[i]->validation_begin
                                                   : w->type[i]->validation_end;
        if (f)
            f(&w->run[i]);
    }
}

void kt_watch_epoch_end(kt_watch *w, int64_t epoch)
{
    for (int i = 0; i < w->n && fine(w); i++) {
        w->run[i].epoch = epoch;
        if (w->type[i]->epoch_end)
            w->type[i]->epoch_end(&w->run[i]);
    }
    if (!fine(w))
        return;
    kt_progress_done(w);
    ask_user(w, w->args->on_epoch, -1, 0);
}

void kt_watch_settle(kt_watch *w)
{
    for (int i = 0; i < w->n; i++)
        if (w->type[i]->settle)
            w->type[i]->settle(&w->run[i]);
}

void kt_watch_finish(kt_watch *w)
{
    for (int i = 0; i < w->n; i++)
        if (w->type[i]->end)
            w->type[i]->end(&w->run[i]);
    kt_arena_free(&w->arena);
    w->n = 0;
}

double kt_learning_rate(const kt_model *m)
{
    return m && m->optimizer ? kt_optimizer_lr(m->optimizer) : NAN;
}

void kt_set_learning_rate(kt_model *m, double lr)
{
    if (!m)
        kt_raise_null("kt_set_learning_rate", "the model");
    else if (!m->optimizer && m->fault.e.status == KT_OK)
        kt_raise(&m->fault, KT_E_VALUE, "kt_set_learning_rate: the model is not compiled");
    if (m && m->optimizer)
        kt_optimizer_set_lr(m->optimizer, lr, &m->fault);
}
