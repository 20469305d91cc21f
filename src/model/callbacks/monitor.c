/* monitor.c - which way is better. */
#include "model/callbacks/monitor.h"

#include <math.h>
#include <string.h>

/* Keras: accuracies, areas, precision and recall grow, everything else shrinks. */
static bool grows(const char *mode, const char *monitor)
{
    static const char *const growing[] = {"acc",   "auc", "precision", "recall",           "f1",
                                          "fbeta", "r2",  "iou",       "cosine_similarity"};

    if (kt_streq(mode, "max"))
        return true;
    if (kt_streq(mode, "min"))
        return false;
    for (size_t i = 0; i < KT_COUNT(growing); i++)
        if (strstr(monitor, growing[i]))
            return true;
    return false;
}

bool kt_better(const char *mode, const char *monitor, double value, double best, double min_delta)
{
    return grows(mode, monitor) ? value - fabs(min_delta) > best : value + fabs(min_delta) < best;
}

double kt_worst(const char *mode, const char *monitor)
{
    return grows(mode, monitor) ? -INFINITY : INFINITY;
}
