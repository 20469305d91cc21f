/* monitor.h - what callbacks that watch one number share. */
#ifndef KT_MONITOR_H
#define KT_MONITOR_H

#include "model/callback.h"

#define KT_MONITOR_FIELDS(F, default_monitor) \
    F(STR, monitor, default_monitor, "", "Key of the history that is watched.")

/* Is `value` better than `best` by more than min_delta? mode: "min", "max" or "auto" (by the key,
 * as Keras decides). */
bool kt_better(const char *mode, const char *monitor, double value, double best, double min_delta);
/* The worst number in that direction. */
double kt_worst(const char *mode, const char *monitor);

#endif
