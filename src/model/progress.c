/* progress.c - the bar as Keras draws it: redrawn in place on a terminal (verbose 1), one line per
 * epoch otherwise. Prints to the file that the caller of fit gave, and only when asked to (verbose
 * > 0). */
#include "model/progress.h"

#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "model/step.h"

enum { BAR = 20 };
#define REDRAW 0.05 /* seconds between two drawings */

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static FILE *output(const kt_watch *w)
{
    return w->args->out ? w->args->out : stdout;
}

static bool live(const kt_watch *w)
{
    return w->args->verbose == 1 && isatty(fileno(output(w)));
}

void kt_progress_epoch(kt_watch *w)
{
    if (w->args->verbose <= 0)
        return;
    w->started = now();
    w->drawn = 0;
    fprintf(output(w), "Epoch %lld/%lld\n", (long long)w->epoch + 1, (long long)w->epochs);
}

static void add_duration(kt_str *line, double per_step)
{
    if (per_step >= 1 || per_step == 0)
        kt_str_printf(line, " %.0fs/step", per_step);
    else if (per_step >= 1e-3)
        kt_str_printf(line, " %.0fms/step", per_step * 1e3);
    else
        kt_str_printf(line, " %.0fus/step", per_step * 1e6);
}

/* On a line of its own Keras writes all that is below 0 with an exponent. */
static void add_values(kt_str *line, const kt_history *h, bool in_bar)
{
    for (int i = 0; i < kt_history_keys(h); i++) {
        double v = kt_history_get(h, kt_history_key(h, i), -1);
        kt_str_printf(line, " - %s: ", kt_history_key(h, i));
        if (isnan(v))
            kt_str_add(line, "nan"); /* it has no sign in Python */
        else
            kt_str_printf(line, (in_bar ? fabs(v) : v) > 1e-3 ? "%.4f" : "%.4e", v);
    }
}

static void add_eta(kt_str *line, double seconds)
{
    int64_t s = (int64_t)seconds;

    if (s > 3600)
        kt_str_printf(line, " \033[1m%lld:%02lld:%02lld\033[0m", (long long)(s / 3600),
                      (long long)(s % 3600 / 60), (long long)(s % 60));
    else if (s > 60)
        kt_str_printf(line, " \033[1m%lld:%02lld\033[0m", (long long)(s / 60), (long long)(s % 60));
    else
        kt_str_printf(line, " \033[1m%llds\033[0m", (long long)s);
}

static void add_part(kt_str *line, int colour, int n)
{
    kt_str_printf(line, "\033[%dm", colour);
    for (int i = 0; i < n; i++)
        kt_str_add(line, "\342\224\201");
    kt_str_add(line, "\033[0m");
}

static void add_bar(kt_str *line, int64_t done, int64_t batches)
{
    int full = batches > 0 ? (int)((double)BAR * (double)done / (double)batches) : BAR;
    int digits = snprintf(NULL, 0, "%lld", (long long)batches);

    kt_str_printf(line, "\r\033[K\033[1m%*lld/%lld\033[0m ", digits, (long long)done,
                  (long long)batches);
    if (full > 0)
        add_part(line, 32, full);
    add_part(line, 37, BAR - full);
}

void kt_progress_batch(kt_watch *w, int64_t done, int64_t batches)
{
    if (done >= batches || !live(w))
        return;
    double t = now();
    if (t - w->drawn < REDRAW)
        return;
    kt_str      line = {0};
    kt_history *h = kt_history_new(); /* the running means of this epoch */
    double      each = (t - w->started) / (double)done;
    add_bar(&line, done, batches);
    add_eta(&line, each * (double)(batches - done));
    add_duration(&line, each);
    if (h && kt_targets_result(w->m, h, "", 0) == KT_OK)
        add_values(&line, h, true);
    fputs(kt_str_text(&line), output(w));
    fflush(output(w));
    w->drawn = t;
    kt_history_free(h);
    kt_str_free(&line);
}

void kt_progress_done(kt_watch *w)
{
    int64_t batches = w->batch > 0 ? (w->rows + w->batch - 1) / w->batch : 0;
    kt_str  line = {0};

    if (w->args->verbose <= 0)
        return;
    double taken = now() - w->started;
    bool   in_place = live(w);
    if (in_place) {
        add_bar(&line, batches, batches);
        kt_str_printf(&line, " \033[1m%.0fs\033[0m", taken);
    } else {
        kt_str_printf(&line, "%lld/%lld - %.0fs -", (long long)batches, (long long)batches, taken);
    }
    add_duration(&line, batches ? taken / (double)batches : 0);
    add_values(&line, w->h, in_place);
    kt_str_addc(&line, '\n');
    fputs(kt_str_text(&line), output(w));
    fflush(output(w));
    kt_str_free(&line);
}
