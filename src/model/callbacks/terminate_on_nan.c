/* terminate_on_nan.c - TerminateOnNaN: stops when the loss is no number any more. */
#include <math.h>

#include "model/callback.h"
#include "model/step.h"

#define FIELDS(F) F(BOOL, raise_error, "False", "", "End fit with an error.")
KT_CONFIG(FIELDS);

/* The running mean of the loss is NaN or infinite as soon as one batch's is. */
static kt_status batch_end(kt_callback_run *r, int64_t batch)
{
    const config *c = r->config;

    for (size_t i = 0; i < r->m->trackers.n; i++) {
        const kt_metric *t = r->m->trackers.at[i];
        double           v = 0;
        int              n = 0;
        if (!kt_streq(t->name, "loss"))
            continue;
        t->type->result(t, &v, &n, 1);
        if (n != 1 || isfinite(v))
            continue;
        if (c->raise_error)
            return kt_raise(
                r->fault, KT_E_RUNTIME,
                "NaN or Inf loss encountered at batch %lld. Loss value: %s. Terminating training "
                "immediately.",
                (long long)batch,
                isnan(v) ? "nan"
                : v < 0  ? "-inf"
                         : "inf");
        kt_stop(r->m);
    }
    return KT_OK;
}

static const kt_callback_type terminate_on_nan = {
    .cls = {.class_name = "TerminateOnNaN",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Stops when the loss is no number any more."},
    .batch_end = batch_end,
};

const kt_class *const kt_callbacks_terminate_on_nan[] = {&terminate_on_nan.cls, NULL};
