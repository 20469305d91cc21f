/* bench.h - what the files of keratin-bench share.
 *
 * A workload is an entry of workloads.json, which peers in other frameworks read too, or of
 * own_workloads.json, which they do not; how they are measured is told in the notes of the tables.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <keratin/keratin.h>

/* --- the table (table.c) ---------------------------------------------------------------------- */

typedef enum task { TASK_TRAIN, TASK_INFER, TASK_STARTUP, TASK_MEMORY, TASK_DECAY } task;

enum { WORD = 64 };
typedef struct workload {
    char        name[WORD];
    task        task;
    int64_t     batch, epochs;
    char        optimizer[WORD], loss[WORD], metric[WORD]; /* metric: "" for none */
    kt_shape    x, y;                                      /* samples first */
    char        xkind[WORD], labels[WORD];
    bool        fashion; /* from $KERATIN_DATA where it is there */
    const char *layers;  /* the table's text, for network.c */
} workload;

/* Workload i of the tables; false behind the last. */
bool workload_at(int i, workload *out);
bool workload_find(const char *name, workload *out);

/* --- JSON text as a tree (json.c); a value is the place in the text where it starts ----------- */

const char *json_get(const char *object, const char *key); /* NULL if it is not there */
/* NULL if it is empty; an object's first value */
const char *json_first(const char *container);
const char *json_next(const char *value); /* NULL behind the last */
const char *json_key(const char *value);  /* of the value of an object */
const char *json_end(const char *value);  /* behind it */
/* of a text; false if it is none */
bool    json_text(const char *value, char *out, size_t size);
int64_t json_int(const char *value, int64_t missing);

/* --- the network and its data ----------------------------------------------------------------- */

/* The model of the workload's layers, each made from a Keras expression. May have failed. */
kt_model *network_new(const workload *w);
/* Samples as x 0 and y 0; *source is "fashion" or "random". NULL without memory. */
kt_data *samples_new(const workload *w, const char **source);

/* --- measuring (clock.c) ---------------------------------------------------------------------- */

double now(void);         /* seconds */
double cpu_seconds(void); /* of all threads of this process */
double peak_rss_mb(void); /* of this process since it began */
/* What the machine did between two marks. */
typedef struct mark {
    double wall, busy, own;
} mark;
mark   mark_now(void);
double other_cores(mark since); /* cores that other processes kept busy */

/* --- running (run.c) -------------------------------------------------------------------------- */

typedef struct options {
    int64_t repeats, threads;
    double  budget; /* seconds of repeats */
} options;

/* A number that was not measured is negative. */
typedef struct result {
    double seconds, first_seconds, samples_per_s, peak_rss_mb, cpu_seconds, us_per_step, p50_us,
        p99_us, calls, loss, other_cores, first_us_per_step, ratio;
    const char *data;
    char        error[512]; /* "" if it worked */
} result;

void run_workload(const workload *w, const options *o, result *r);
/* TASK_DECAY (decay.c); m is compiled. */
void run_decay(const workload *w, kt_model *m, kt_data *d, result *r);
/* The process that TASK_STARTUP times: loads, predicts one sample, prints it. Exit status. */
int start_once(const char *model, const char *sample);
/* Times starts of this program's start_once (startup.c). */
void run_startup(const workload *w, const options *o, result *r);
/* Keeps the model's error in r. */
void note_error(result *r, const kt_error *e);

#endif
