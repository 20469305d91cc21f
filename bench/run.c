/* run.c - training, inference and memory, timed as the notes of the tables say. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

void note_error(result *r, const kt_error *e)
{
    if (!r->error[0])
        snprintf(r->error, sizeof r->error, "%s: %s", e ? e->type : "MemoryError",
                 e ? e->message : "out of memory");
}

/* --- training --------------------------------------------------------------------------------- */

static bool fit_once(const workload *w, kt_model *m, kt_data *d, double *loss)
{
    kt_history *h = kt_fit(m, .data = d, .epochs = w->epochs, .batch_size = w->batch);

    *loss = kt_history_get(h, "loss", -1);
    kt_history_free(h);
    return !kt_failed(m);
}

static kt_model *compiled(const workload *w)
{
    kt_model *m = network_new(w);

    kt_compile(m, .optimizer = w->optimizer, .loss = w->loss,
               .metrics = {w->metric[0] ? w->metric : NULL});
    return m;
}

/* The least of several fits of a model that is built and traced. */
static void repeat_fit(const workload *w, kt_model *m, kt_data *d, const options *o, result *r)
{
    bool    tiny = w->x.dim[0] * w->epochs <= 2000;
    int64_t repeats = o->repeats * (tiny ? 4 : 1);
    double  spent = 0, loss;

    r->seconds = r->cpu_seconds = 1e99;
    for (int64_t i = 0; i < repeats && (i == 0 || spent < o->budget); i++) {
        double cpu = cpu_seconds(), t = now();
        if (!fit_once(w, m, d, &loss))
            return;
        t = now() - t;
        cpu = cpu_seconds() - cpu;
        r->seconds = t < r->seconds ? t : r->seconds;
        r->cpu_seconds = cpu < r->cpu_seconds ? cpu : r->cpu_seconds;
        spent += t;
    }
}

static void run_train(const workload *w, const options *o, kt_data *d, result *r)
{
    double  samples = (double)(w->x.dim[0] * w->epochs);
    int64_t steps = w->epochs * ((w->x.dim[0] + w->batch - 1) / w->batch);
    double  t = now();

    if (w->task == TASK_DECAY)
        kt_set_seed(1);
    kt_model *m = compiled(w);

    if (w->task == TASK_DECAY) {
        run_decay(w, m, d, r);
    } else if (fit_once(w, m, d, &r->loss)) {
        r->seconds = r->first_seconds = now() - t;
        if (w->task == TASK_TRAIN)
            repeat_fit(w, m, d, o, r);
        r->samples_per_s = samples / r->seconds;
        r->us_per_step = r->seconds / (double)steps * 1e6;
    }
    if (kt_failed(m))
        note_error(r, kt_model_error(m));
    kt_model_free(m);
}

/* --- inference -------------------------------------------------------------------------------- */

enum { MAX_CALLS = 20000, MAX_BATCHES = 16 };

/* Batches as arrays of their own, as a caller would hold them. */
static int make_batches(const workload *w, const kt_data *d, kt_data **out)
{
    int n = 0;

    for (int64_t begin = 0; n < MAX_BATCHES && begin + w->batch <= w->x.dim[0]; begin += w->batch) {
        kt_tensor *view = kt_tensor_rows(kt_data_x(d, 0), begin, begin + w->batch);
        kt_tensor *copy = view ? kt_tensor_cast(view, kt_tensor_dtype(view)) : NULL;
        out[n] = kt_data_new();
        kt_data_add_x(out[n++], NULL, copy);
        kt_tensor_unref(copy);
        kt_tensor_unref(view);
    }
    return n;
}

static bool call(const workload *w, kt_model *m, const kt_data *batch)
{
    kt_tensor *y = NULL;

    kt_predict_many(m, batch, w->batch, &y, 1);
    bool ok = y && kt_tensor_shape(y)->dim[0] == w->batch;
    kt_tensor_unref(y);
    return ok;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double quantile(const double *t, int n, double q)
{
    int i = (int)(q * n);

    return t[i < n ? i : n - 1];
}

static void repeat_call(const workload *w, kt_model *m, kt_data *const *batches, int n_batches,
                        const options *o, result *r)
{
    static double times[MAX_CALLS];
    double        spent = 0;
    int           n = 0;

    for (int i = 0; i < 3; i++)
        call(w, m, batches[i % n_batches]);
    while ((n < 20 || spent < o->budget / 4) && n < MAX_CALLS && spent < o->budget) {
        double t = now();
        if (!call(w, m, batches[n % n_batches]))
            return;
        times[n] = now() - t;
        spent += times[n++];
    }
    qsort(times, (size_t)n, sizeof *times, by_size);
    r->seconds = w->batch == 1 ? quantile(times, n, 0.5) : times[0];
    r->p50_us = quantile(times, n, 0.5) * 1e6;
    r->p99_us = quantile(times, n, 0.99) * 1e6;
    r->samples_per_s = (double)w->batch / r->seconds;
    r->calls = n;
}

static void run_infer(const workload *w, const options *o, const kt_data *d, result *r)
{
    kt_data  *batches[MAX_BATCHES];
    int       n = make_batches(w, d, batches);
    double    t = now();
    kt_model *m = network_new(w);

    if (n > 0 && call(w, m, batches[0])) {
        r->first_seconds = now() - t;
        repeat_call(w, m, batches, n, o, r);
    }
    if (kt_failed(m) || r->seconds < 0)
        note_error(r, kt_model_error(m));
    kt_model_free(m);
    for (int i = 0; i < n; i++)
        kt_data_free(batches[i]);
}

void run_workload(const workload *w, const options *o, result *r)
{
    mark begin = mark_now();

    *r = (result){-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, "random", ""};
    if (o->threads > 0)
        kt_set_threads((int)o->threads);
    if (w->task == TASK_STARTUP) {
        run_startup(w, o, r);
    } else {
        kt_data *d = samples_new(w, &r->data);
        if (!d)
            note_error(r, NULL);
        else if (w->task == TASK_INFER)
            run_infer(w, o, d, r);
        else
            run_train(w, o, d, r);
        kt_data_free(d);
        r->peak_rss_mb = peak_rss_mb();
    }
    r->other_cores = other_cores(begin);
}
