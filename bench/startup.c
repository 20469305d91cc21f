/* startup.c - from the start of a process to its first prediction.
 *
 * The process is this program itself with --start MODEL SAMPLE. It prints its prediction and then
 * its own peak of memory, since a parent's memory would count in what the system tells of a child.
 */
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

int start_once(const char *model, const char *sample)
{
    kt_model  *m = kt_load(model);
    kt_tensor *x = kt_tensor_load(sample, NULL);
    kt_tensor *y = kt_predict(m, x);

    if (y)
        printf("%.6g\n%.1f\n", kt_tensor_get(y, 0), peak_rss_mb());
    else
        fprintf(stderr, "%s\n", kt_failed(m) ? kt_model_error(m)->message : "no sample");
    int status = y ? 0 : 1;
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    kt_model_free(m);
    return status;
}

/* One start: its seconds, and its peak memory in *rss. Negative if it failed. */
static double start(const char *model, const char *sample, double *rss)
{
    char  self[] = "/proc/self/exe", option[] = "--start", text[256] = "";
    char  path[2][64];
    char *argv[] = {self, option, path[0], path[1], NULL};
    int   ends[2], status = -1;
    pid_t child;

    snprintf(path[0], sizeof path[0], "%s", model);
    snprintf(path[1], sizeof path[1], "%s", sample);
    if (pipe(ends) != 0)
        return -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    double t = now();
    bool   ok = posix_spawn(&child, self, &actions, NULL, argv, environ) == 0;
    close(ends[1]);
    if (ok && waitpid(child, &status, 0) < 0)
        status = -1;
    t = now() - t;
    ssize_t n = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    posix_spawn_file_actions_destroy(&actions);
    const char *second = n > 0 ? strchr(text, '\n') : NULL;
    *rss = second ? strtod(second + 1, NULL) : 0;
    return ok && status == 0 && second ? t : -1;
}

static bool write_files(const workload *w, const char *model, const char *sample, result *r)
{
    kt_shape  one = w->x;
    kt_model *m = network_new(w);
    bool      ok = kt_save(m, model) == KT_OK;

    one.dim[0] = 1;
    kt_tensor *x = kt_numpy_rand(1, one), *x32 = x ? kt_tensor_cast(x, KT_F32) : NULL;
    ok = ok && x32 && kt_tensor_save(x32, sample) == KT_OK;
    if (!ok)
        note_error(r, kt_model_error(m));
    kt_tensor_unref(x32);
    kt_tensor_unref(x);
    kt_model_free(m);
    return ok;
}

void run_startup(const workload *w, const options *o, result *r)
{
    char   folder[] = "/tmp/keratin-bench-XXXXXX", model[48], sample[48];
    double rss = 0;

    if (!mkdtemp(folder)) {
        snprintf(r->error, sizeof r->error, "OSError: no folder in /tmp");
        return;
    }
    snprintf(model, sizeof model, "%s/model.keras", folder);
    snprintf(sample, sizeof sample, "%s/sample.npy", folder);
    if (write_files(w, model, sample, r)) {
        r->first_seconds = start(model, sample, &r->peak_rss_mb);
        r->seconds = r->first_seconds;
        for (int64_t i = 0; i < 10 * o->repeats && r->first_seconds > 0; i++) {
            double t = start(model, sample, &rss);
            r->seconds = t > 0 && t < r->seconds ? t : r->seconds;
            r->peak_rss_mb = rss > 0 && rss < r->peak_rss_mb ? rss : r->peak_rss_mb;
        }
        if (r->first_seconds <= 0)
            snprintf(r->error, sizeof r->error,
                     "RuntimeError: the process that was started failed");
        r->samples_per_s = 1 / r->seconds;
    }
    unlink(sample);
    unlink(model);
    rmdir(folder);
}
