/* decay.c - whether a step of training stays as fast as it began, as the notes of
 * own_workloads.json say. */
#include <stdlib.h>

#include "bench.h"

enum { WARM = 10, WINDOW = 50, MAX_STEPS = 20000 };

typedef struct steps {
    double  begin;
    double *took;
    int64_t n;
} steps;

static int note_step(void *user, const kt_progress *p)
{
    steps *s = user;
    double end = cpu_seconds();

    (void)p;
    if (s->n < MAX_STEPS)
        s->took[s->n++] = end - s->begin;
    s->begin = cpu_seconds();
    return 0;
}

static double least(const double *t, int64_t n)
{
    double best = t[0];

    for (int64_t i = 1; i < n; i++)
        best = t[i] < best ? t[i] : best;
    return best;
}

void run_decay(const workload *w, kt_model *m, kt_data *d, result *r)
{
    steps       s = {.took = calloc(MAX_STEPS, sizeof *s.took)};
    double      t = now();
    kt_history *h = NULL;

    s.begin = cpu_seconds();
    if (s.took)
        h = kt_fit(m, .data = d, .epochs = w->epochs, .batch_size = w->batch, .on_batch = note_step,
                   .user = &s);
    if (h && s.n >= WARM + 2 * WINDOW) {
        double first = least(s.took + WARM, WINDOW), last = least(s.took + s.n - WINDOW, WINDOW);
        r->seconds = r->first_seconds = now() - t;
        r->samples_per_s = (double)(s.n * w->batch) / r->seconds;
        r->first_us_per_step = first * 1e6;
        r->us_per_step = last * 1e6;
        r->ratio = last / first;
        r->loss = kt_history_get(h, "loss", -1);
    }
    if (r->seconds < 0)
        note_error(r, kt_model_error(m));
    kt_history_free(h);
    free(s.took);
}
