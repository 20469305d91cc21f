/* monitor.h - what callbacks that watch one number share: Keras' MonitorCallback. */
#ifndef KT_MONITOR_H
#define KT_MONITOR_H

#include "model/callback.h"

#define KT_MONITOR_FIELDS(F, default_monitor) \
    F(STR, monitor, default_monitor, "", "Key of the history that is watched.")

/* Zeroed at the start. */
typedef struct kt_monitor {
    const char *callback, *key; /* "EarlyStopping", "val_loss" */
    int         direction;      /* 1: more is better, -1: less is; 0: not yet known */
    bool        known;          /* there is a best one */
    double      best;
    bool        warned;
} kt_monitor;

/* Finds the direction at the end of the first epoch, when all metrics are built. mode: "min" or
 * "max"; any other: by the metric that the key names. Raises Keras' ValueError where that tells
 * nothing. */
kt_status kt_monitor_settle(kt_monitor *o, kt_callback_run *r, const char *mode);
/* Is `value` better than `reference` by more than min_delta? Compared in float32, as Keras. */
bool kt_monitor_beats(const kt_monitor *o, double value, double reference, double min_delta);
/* Is it better than the best so far, or the first? Then it is the best. A key that has several
 * numbers can not be compared: raises Python's ValueError. */
bool kt_monitor_improves(kt_monitor *o, kt_callback_run *r, double value, double min_delta);

#endif
