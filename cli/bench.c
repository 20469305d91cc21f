/* bench.c - keratin bench: how long a step takes, and where the time goes. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* --- the time of each layer ------------------------------------------------------------------- */

enum { MAX_LAYERS = 512 };

typedef struct spent {
    const char *layer;
    double      seconds, flops;
} spent;

typedef struct profile {
    spent at[MAX_LAYERS];
    int   n;
} profile;

static void add_time(profile *p, const kt_bench_row *r)
{
    int i = 0;

    while (i < p->n && strcmp(p->at[i].layer, r->layer) != 0)
        i++;
    if (i == MAX_LAYERS)
        i--; /* the rest counts as one */
    if (i == p->n)
        p->at[p->n++] = (spent){.layer = r->layer};
    p->at[i].seconds += r->seconds;
    p->at[i].flops += r->flops;
}

static void profile_of(const kt_bench *b, profile *p)
{
    p->n = 0;
    for (int i = 0; i < kt_bench_rows(b); i++) {
        kt_bench_row r = kt_bench_row_at(b, i);
        add_time(p, &r);
    }
}

/* --- output ----------------------------------------------------------------------------------- */

static const char *time_text(double s, char text[32])
{
    if (s < 1e-3)
        snprintf(text, 32, "%.2f us", s * 1e6);
    else if (s < 1)
        snprintf(text, 32, "%.2f ms", s * 1e3);
    else
        snprintf(text, 32, "%.2f s", s);
    return text;
}

static void print_text(const char *what, const kt_bench *b, int64_t batch)
{
    char     text[32];
    double   sum = 0;
    profile *p = malloc(sizeof *p);

    printf("%s: %s per step of %lld, %.4g samples/s, plan of %.1f KB\n", what,
           time_text(kt_bench_seconds(b), text), (long long)batch,
           (double)batch / kt_bench_seconds(b), (double)kt_bench_bytes(b) / 1024);
    if (!p)
        return;
    profile_of(b, p);
    for (int i = 0; i < p->n; i++)
        sum += p->at[i].seconds;
    for (int i = 0; i < p->n; i++) {
        const spent *s = &p->at[i];
        printf("  %-40s %12s %5.1f %%", *s->layer ? s->layer : "(loss, metrics, update)",
               time_text(s->seconds, text), sum > 0 ? 100 * s->seconds / sum : 0);
        printf(s->flops > 0 && s->seconds > 0 ? "  %.1f GFLOP/s\n" : "\n",
               s->flops / s->seconds / 1e9);
    }
    free(p);
}

static void json_bench(json *j, const char *key, const kt_bench *b, int64_t batch)
{
    json_open(j, key, '{');
    json_number(j, "seconds", kt_bench_seconds(b));
    json_number(j, "best_seconds", kt_bench_best(b));
    json_int(j, "runs", kt_bench_runs(b));
    json_number(j, "samples_per_second", (double)batch / kt_bench_seconds(b));
    json_int(j, "plan_bytes", (int64_t)kt_bench_bytes(b));
    json_open(j, "kernels", '[');
    for (int i = 0; i < kt_bench_rows(b); i++) {
        kt_bench_row r = kt_bench_row_at(b, i);
        json_open(j, NULL, '{');
        json_text(j, "layer", r.layer);
        json_text(j, "op", r.op);
        json_text(j, "kernel", r.kernel);
        json_number(j, "seconds", r.seconds);
        json_number(j, "flops", r.flops);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

/* --- the run ---------------------------------------------------------------------------------- */

static int bench(const args *a, kt_model *m)
{
    int64_t   batch;
    kt_bench *forward, *train = NULL;

    if (!int_of(a, "batch-size", 1, 32, &batch))
        return USAGE;
    forward = kt_bench_new(m, batch, false);
    if (forward && has(a, "train"))
        train = kt_bench_new(m, batch, true);
    if (kt_failed(m)) {
        kt_bench_free(forward);
        return report_model(a, m);
    }
    if (a->json) {
        json j = {.out = stdout};
        json_open(&j, NULL, '{');
        json_bool(&j, "ok", true);
        json_int(&j, "batch_size", batch);
        json_bench(&j, "predict", forward, batch);
        if (train)
            json_bench(&j, "train", train, batch);
        json_close(&j, '}');
        putchar('\n');
    } else {
        print_text("predict", forward, batch);
        if (train)
            print_text("train", train, batch);
    }
    kt_bench_free(forward);
    kt_bench_free(train);
    return DONE;
}

static int run(const args *a)
{
    kt_shape shapes[MAX_INPUTS];
    int      n = 0, status = read_shapes(a, "input-shape", shapes, &n);

    if (status != DONE)
        return status;
    kt_model *m = model_open(a, a->operand[0], &status);
    if (!m)
        return status;
    if (n > 0)
        kt_build(m, n, shapes);
    status = kt_failed(m) || !compile_as_asked(a, m) ? report_model(a, m) : bench(a, m);
    kt_model_free(m);
    return status;
}

static const option options[] = {
    {"batch-size", "N", "samples of one step (32)", false},
    {"input-shape", "SHAPE", "for a model that declares none, batch first", true},
    {"train", NULL, "also time steps of training; the model must be compiled", false},
    {"optimizer", "NAME", "compile with it", false},
    {"loss", "NAME", "compile with it", false},
    {"metrics", "LIST", "compile with them", false},
    MODEL_OPTIONS,
    {"json", NULL, "print the numbers as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_bench = {
    .name = "bench",
    .operands = "MODEL",
    .summary = "times one step, layer by layer",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
