/* table.c - the entries of the two tables of workloads, which the build puts into the program. */
#include <string.h>

#include "bench.h"

/* The files' texts, written by cmake/embed.cmake. */
extern const char bench_workloads[], bench_own_workloads[];

/* Entry i of both tables; NULL behind the last. */
static const char *entry_at(int i)
{
    const char *const tables[] = {bench_workloads, bench_own_workloads};

    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const char *e = json_first(json_get(tables[t], "workloads")); e; e = json_next(e))
            if (i-- == 0)
                return e;
    return NULL;
}

static const char *entry(const char *name)
{
    char        found[WORD];
    const char *e;

    for (int i = 0; (e = entry_at(i)); i++)
        if (json_text(json_get(e, "name"), found, sizeof found) && strcmp(found, name) == 0)
            return e;
    return NULL;
}

/* A key of the entry, or of the entry that it is like. */
static const char *get(const char *e, const char *key)
{
    char        like[WORD];
    const char *v = json_get(e, key);

    if (v || !json_text(json_get(e, "like"), like, sizeof like))
        return v;
    return json_get(entry(like), key);
}

static kt_shape shape_of(const char *list)
{
    kt_shape s = {0};

    for (const char *v = json_first(list); v && s.rank < KT_MAX_RANK; v = json_next(v))
        s.dim[s.rank++] = json_int(v, 0);
    return s;
}

static task task_of(const char *e)
{
    static const char *const names[] = {"train", "infer", "startup", "memory", "decay"};
    char                     word[WORD];
    int                      t = 0;

    json_text(get(e, "task"), word, sizeof word);
    while (t < TASK_DECAY && strcmp(names[t], word) != 0)
        t++;
    return (task)t;
}

static void fill(const char *e, workload *w)
{
    char        source[WORD];
    const char *data = get(e, "data");

    memset(w, 0, sizeof *w);
    json_text(json_get(e, "name"), w->name, sizeof w->name);
    json_text(get(e, "optimizer"), w->optimizer, sizeof w->optimizer);
    json_text(get(e, "loss"), w->loss, sizeof w->loss);
    const char *metric = json_first(get(e, "metrics"));
    if (metric)
        json_text(metric, w->metric, sizeof w->metric);
    json_text(json_get(data, "xkind"), w->xkind, sizeof w->xkind);
    json_text(json_get(data, "labels"), w->labels, sizeof w->labels);
    w->fashion = json_text(json_get(data, "source"), source, sizeof source) &&
                 strcmp(source, "fashion") == 0;
    w->task = task_of(e);
    w->batch = json_int(get(e, "batch"), 32);
    w->epochs = json_int(get(e, "epochs"), 1);
    w->x = shape_of(json_get(data, "x"));
    w->y = shape_of(json_get(data, "y"));
    w->layers = get(e, "layers");
}

bool workload_at(int i, workload *out)
{
    const char *e = entry_at(i);

    if (e)
        fill(e, out);
    return e != NULL;
}

bool workload_find(const char *name, workload *out)
{
    const char *e = entry(name);

    if (e)
        fill(e, out);
    return e != NULL;
}
