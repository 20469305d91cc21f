/* main.c - keratin-bench NAME --json: one workload of the tables, one line of measurements. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static const char usage[] =
    "keratin-bench [NAME] [--json] [--repeats N] [--budget S] [--threads N]\n"
    "keratin-bench --list\n"
    "\n"
    "Runs a workload of bench/workloads.json or bench/own_workloads.json, or all that this build can run.\n"
    "KERATIN_DATA is the folder of Fashion-MNIST's files; without them the data are random.\n";

/* --- printing --------------------------------------------------------------------------------- */

static void print_text(const char *text)
{
    putchar('"');
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            putchar('\\');
        if ((unsigned char)*p < ' ')
            printf("\\u%04x", (unsigned)*p);
        else
            putchar(*p);
    }
    putchar('"');
}

static void print_json(const workload *w, const result *r)
{
    const struct {
        const char *key;
        double      v;
    } rows[] = {{"seconds", r->seconds},
                {"first_seconds", r->first_seconds},
                {"samples_per_s", r->samples_per_s},
                {"peak_rss_mb", r->peak_rss_mb},
                {"cpu_seconds", r->cpu_seconds},
                {"us_per_step", r->us_per_step},
                {"p50_us", r->p50_us},
                {"p99_us", r->p99_us},
                {"calls", r->calls},
                {"loss", r->loss},
                {"first_us_per_step", r->first_us_per_step},
                {"ratio", r->ratio},
                {"other_cores", r->other_cores}};

    printf("{\"workload\": \"%s\", \"peer\": \"keratin\"", w->name);
    if (r->error[0]) {
        printf(", \"error\": ");
        print_text(r->error);
    }
    for (size_t i = 0; !r->error[0] && i < sizeof rows / sizeof *rows; i++)
        if (rows[i].v >= 0)
            printf(", \"%s\": %.5g", rows[i].key, rows[i].v);
    if (!r->error[0])
        printf(", \"data\": \"%s\"", r->data);
    puts("}");
}

static void print_line(const workload *w, const result *r)
{
    if (r->error[0]) {
        printf("%-26s cannot run: %s\n", w->name, r->error);
        return;
    }
    printf("%-26s %10.4g ms  first %9.4g ms  %12.5g samples/s  %7.1f MB", w->name, r->seconds * 1e3,
           r->first_seconds * 1e3, r->samples_per_s, r->peak_rss_mb);
    if (r->p99_us >= 0)
        printf("  p50 %.4g us  p99 %.4g us", r->p50_us, r->p99_us);
    if (r->ratio >= 0)
        printf("  step %.4g us, first %.4g us, ratio %.2f", r->us_per_step, r->first_us_per_step,
               r->ratio);
    if (r->other_cores > 0.2)
        printf("  (%.1f cores busy elsewhere)", r->other_cores);
    puts("");
}

/* --- choosing --------------------------------------------------------------------------------- */

static bool supported(const workload *w)
{
    kt_model *m = network_new(w);
    bool      ok = !kt_failed(m);

    kt_model_free(m);
    return ok;
}

static int list(void)
{
    workload w;

    for (int i = 0; workload_at(i, &w); i++)
        if (supported(&w))
            puts(w.name);
    return 0;
}

/* Every supported workload in a process of its own, so that peak memory is that workload's. */
static int run_all(char **argv, int argc)
{
    workload w;
    int      failures = 0;
    char   **child_argv = calloc((size_t)argc + 2, sizeof *child_argv);

    for (int i = 0; child_argv && workload_at(i, &w); i++) {
        if (!supported(&w))
            continue;
        int status = -1;
        child_argv[0] = argv[0];
        child_argv[1] = w.name;
        memcpy(child_argv + 2, argv + 1, (size_t)(argc - 1) * sizeof *argv);
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            execv("/proc/self/exe", child_argv);
            _exit(127);
        }
        if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
            failures++;
    }
    free(child_argv);
    return failures ? 1 : 0;
}

static int run_one(const char *name, const options *o, bool json)
{
    workload w;
    result   r;

    if (!workload_find(name, &w)) {
        fprintf(stderr, "keratin-bench: there is no workload '%s'; --list names them\n", name);
        return 2;
    }
    run_workload(&w, o, &r);
    if (json)
        print_json(&w, &r);
    else
        print_line(&w, &r);
    return r.error[0] ? 3 : 0;
}

int main(int argc, char **argv)
{
    options     o = {.repeats = 3, .budget = 8};
    const char *name = NULL;
    bool        json = false;

    setenv("OMP_WAIT_POLICY", "passive", 0); /* as the program does */
    if (argc == 4 && strcmp(argv[1], "--start") == 0)
        return start_once(argv[2], argv[3]);
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--list") == 0)
            return list();
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (strcmp(argv[i], "--repeats") == 0 && ++i)
            o.repeats = strtoll(value, NULL, 10);
        else if (strcmp(argv[i], "--budget") == 0 && ++i)
            o.budget = strtod(value, NULL);
        else if (strcmp(argv[i], "--threads") == 0 && ++i)
            o.threads = strtoll(value, NULL, 10);
        else if (argv[i][0] != '-' && !name)
            name = argv[i];
        else {
            fputs(usage, strcmp(argv[i], "--help") == 0 ? stdout : stderr);
            return strcmp(argv[i], "--help") == 0 ? 0 : 2;
        }
    }
    return name ? run_one(name, &o, json) : run_all(argv, argc);
}
