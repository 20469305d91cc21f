/* clock.c - time, processor time and memory, as /proc and the clocks tell. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static double seconds_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double now(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double cpu_seconds(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

double peak_rss_mb(void)
{
    FILE  *f = fopen("/proc/self/status", "r");
    char   line[256];
    double kb = 0;

    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kb = strtod(line + 6, NULL);
    if (f)
        fclose(f);
    return kb / 1024;
}

/* Seconds that all cores together were not idle, from the first line of /proc/stat. */
static double busy_seconds(void)
{
    FILE  *f = fopen("/proc/stat", "r");
    char   line[512] = "";
    double sum = 0;

    if (!f || !fgets(line, sizeof line, f))
        line[0] = 0;
    if (f)
        fclose(f);
    char *p = line + strcspn(line, " ");
    for (int column = 0; column < 8 && *p; column++) {
        double v = strtod(p, &p);
        sum += column == 3 || column == 4 ? 0 : v; /* idle, waiting for a disk */
    }
    return sum / (double)sysconf(_SC_CLK_TCK);
}

static double children_seconds(void)
{
    struct rusage u;

    getrusage(RUSAGE_CHILDREN, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

mark mark_now(void)
{
    return (mark){now(), busy_seconds(), cpu_seconds() + children_seconds()};
}

double other_cores(mark since)
{
    mark   m = mark_now();
    double wall = m.wall - since.wall;
    double others = (m.busy - since.busy) - (m.own - since.own);

    return wall > 0 && others > 0 ? others / wall : 0;
}
