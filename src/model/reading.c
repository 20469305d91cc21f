/* reading.c - the numbers of losses and metrics: reset, read into a history, forgotten. */
#include <limits.h>
#include <string.h>

#include "model/step.h"

typedef void (*visit_metric)(kt_metric *m, void *with);

static void each_metric(kt_model *m, visit_metric f, void *with)
{
    for (size_t i = 0; i < m->trackers.n; i++)
        f(m->trackers.at[i], with);
    for (int k = 0; k < m->n_targets; k++) {
        for (size_t i = 0; i < m->target[k].live.n; i++)
            f(m->target[k].live.at[i], with);
        for (size_t i = 0; i < m->target[k].live_weighted.n; i++)
            f(m->target[k].live_weighted.at[i], with);
    }
}

static void reset_one(kt_metric *metric, void *with)
{
    (void)with;
    kt_metric_reset(metric);
}

void kt_targets_reset(kt_model *m)
{
    each_metric(m, reset_one, NULL);
}

typedef struct reading {
    kt_history *h;
    const char *prefix;
    int         epoch;
    bool        ok;
} reading;

/* No metric gives more numbers than its first state has. */
static int most_numbers(const kt_metric *metric)
{
    int64_t n = metric->state.n ? ((kt_variable *)metric->state.at[0])->value->count : 1;

    return n < 1 ? 1 : n > INT_MAX ? INT_MAX : (int)n;
}

/* Of thresholds=[]: its result is an empty list. */
static bool has_none(const kt_metric *metric)
{
    return metric->state.n && ((const kt_variable *)metric->state.at[0])->value->count == 0;
}

static void read_one(kt_metric *metric, void *with)
{
    reading *r = with;
    int      n = 0, most = most_numbers(metric);
    double  *v = kt_calloc((size_t)most, sizeof *v);
    kt_str   key = {0};

    if (v)
        metric->type->result(metric, v, &n, most);
    kt_str_printf(&key, "%s%s", r->prefix, metric->name);
    r->ok = v && r->ok && !key.failed &&
            ((n == 0 && !has_none(metric)) ||
             kt_history_set(r->h, kt_str_text(&key), r->epoch, v, n,
                            metric->type->list && metric->type->list(metric)));
    kt_str_free(&key);
    kt_free(v);
}

kt_status kt_targets_result(kt_model *m, kt_history *h, const char *prefix, int epoch)
{
    reading r = {h, prefix, epoch, true};

    each_metric(m, read_one, &r);
    return r.ok ? KT_OK : kt_raise_memory(&m->fault);
}

/* Keras looks for the metric's own name, which has no output's name in front. */
static int direction_of(kt_model *m, const kt_vec *live, const char *name)
{
    for (size_t i = 0; i < live->n; i++) {
        const kt_metric *metric = live->at[i];
        if (kt_streq(kt_object_key(m, metric->object), name) && metric->type->direction)
            return metric->type->direction;
    }
    return 0;
}

int kt_metric_direction(kt_model *m, const char *name)
{
    int direction = 0;

    for (int k = 0; k < m->n_targets && !direction; k++) {
        direction = direction_of(m, &m->target[k].live, name);
        if (!direction)
            direction = direction_of(m, &m->target[k].live_weighted, name);
    }
    return direction;
}

static void free_one(kt_metric *metric, void *with)
{
    (void)with;
    kt_metric_free(metric);
}

void kt_targets_clear(kt_model *m)
{
    each_metric(m, free_one, NULL);
    kt_vec_free(&m->trackers);
    for (int k = 0; k < KT_MAX_OUTPUTS; k++) {
        kt_vec_free(&m->target[k].metrics);
        kt_vec_free(&m->target[k].weighted);
        kt_vec_free(&m->target[k].live);
        kt_vec_free(&m->target[k].live_weighted);
        m->target[k] = (kt_target){0};
    }
    m->n_targets = 0;
    m->losses_settled = m->metrics_settled = false;
}
