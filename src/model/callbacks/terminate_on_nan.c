/* terminate_on_nan.c - TerminateOnNaN: stops when the loss is no number any more. */
#include <math.h>

#include "model/callback.h"
#include "model/step.h"

/* The running mean of the loss is NaN or infinite as soon as one batch's is. */
static kt_status batch_end(kt_callback_run *r, int64_t batch)
{
    (void)batch;
    for (size_t i = 0; i < r->m->trackers.n; i++) {
        const kt_metric *t = r->m->trackers.at[i];
        double           v = 0;
        int              n = 0;
        t->type->result(t, &v, &n, 1);
        if (n == 1 && !isfinite(v))
            kt_stop(r->m);
    }
    return KT_OK;
}

static const kt_callback_type terminate_on_nan = {
    .cls = {.class_name = "TerminateOnNaN",
            .module = "keras.callbacks",
            .config = &kt_no_config,
            .summary = "Stops when the loss is no number any more."},
    .batch_end = batch_end,
};

const kt_class *const kt_callbacks_terminate_on_nan[] = {&terminate_on_nan.cls, NULL};
