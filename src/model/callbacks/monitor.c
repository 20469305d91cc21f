/* monitor.c - which way is better, and whether it got better. */
#include "model/callbacks/monitor.h"

#include "model/step.h"

#include <math.h>
#include <string.h>

kt_status kt_monitor_settle(kt_monitor *o, kt_callback_run *r, const char *mode)
{
    const char *name = strncmp(o->key, "val_", 4) == 0 ? o->key + 4 : o->key;

    if (o->direction)
        return KT_OK;
    if (kt_streq(mode, "max") || kt_streq(mode, "min"))
        o->direction = kt_streq(mode, "max") ? 1 : -1;
    else if (!(o->direction = kt_metric_direction(r->m, name)) && kt_streq(name, "loss"))
        o->direction = -1;
    if (!o->direction)
        return kt_raise(
            r->fault, KT_E_VALUE,
            "%s callback received monitor=%s, but Keras isn't able to automatically determine whether that metric should be "
            "maximized or minimized. Pass `mode='max'` in order to monitor based on the highest metric value, or pass "
            "`mode='min'` in order to use the lowest value.",
            o->callback, o->key);
    return KT_OK;
}

bool kt_monitor_beats(const kt_monitor *o, double value, double reference, double min_delta)
{
    return o->direction > 0 ? (float)(value - fabs(min_delta)) > (float)reference
                            : (float)(value + fabs(min_delta)) < (float)reference;
}

bool kt_monitor_improves(kt_monitor *o, kt_callback_run *r, double value, double min_delta)
{
    if (o->known && kt_history_width(r->h, o->key) > 1) {
        kt_raise(r->fault, KT_E_VALUE,
                 "The truth value of an array with more than one element is ambiguous. Use a.any() "
                 "or a.all()");
        return false;
    }
    if (o->known && !kt_monitor_beats(o, value, o->best, min_delta))
        return false;
    o->known = true;
    o->best = value;
    return true;
}
