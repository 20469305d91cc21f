/* bench.c - timing one step of a model, kernel by kernel. */
#include "keratin/bench.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/step.h"
#include "nn/container.h"

enum { MAX_RUNS = 20000 };
#define SECONDS 0.5

struct kt_bench {
    double        median, best;
    int64_t       runs;
    size_t        bytes;
    int           n;
    kt_bench_row *rows;
    kt_arena      arena;
};

/* --- what is run ------------------------------------------------------------------------------ */

static kt_status known_shape(kt_model *m, const char *name, kt_shape s, int64_t rows, kt_shape *out)
{
    if (s.rank == 0)
        return kt_raise(&m->fault, KT_E_VALUE, "'%s' has no batch axis", name);
    s.dim[0] = rows;
    *out = s;
    if (!kt_shape_known(&s))
        return kt_raise(&m->fault, KT_E_VALUE,
                        "the sizes of '%s' are not all known: build the model for a shape first",
                        name);
    return KT_OK;
}

/* A target of zeros that the output's loss takes: class 0 where it wants class numbers. */
static kt_status add_target(kt_model *m, kt_step_key *key, int i, kt_shape output)
{
    const kt_object *loss = m->target[i].loss;
    bool             labels = loss &&
                  ((const kt_loss_type *)(const void *)loss->cls)->target == KT_TARGET_LABELS;

    key->y_dtype[i] = labels ? KT_I32 : KT_F32;
    if (labels && output.rank > 1)
        output.rank--;
    return known_shape(m, m->target[i].name, output, key->rows, &key->y[i]);
}

static kt_status make_key(kt_model *m, int64_t rows, bool training, kt_step_key *key)
{
    const kt_container *c = kt_container_of(m->root);

    memset(key, 0, sizeof *key);
    key->purpose = training ? KT_TRAIN : KT_PREDICT;
    key->rows = rows;
    if (!c || !c->ready || c->n_in > KT_MAX_ARRAYS)
        return kt_raise(&m->fault, KT_E_VALUE,
                        "the model has no input shape yet: build it for one first");
    for (int i = 0; i < c->n_in && m->fault.e.status == KT_OK; i++) {
        known_shape(m, c->in[i].layer->name, kt_symbol_result(c->in[i])->shape, rows, &key->x[i]);
        key->n_x++;
    }
    if (!training || m->fault.e.status != KT_OK)
        return m->fault.e.status;
    if (!m->compiled)
        return kt_raise(&m->fault, KT_E_VALUE, "You must call `compile()` before calling `fit()`.");
    key->n_y = c->n_out; /* one for each output: their losses are told apart by that */
    if (kt_targets_match(m, key) != KT_OK || kt_targets_settle(m) != KT_OK ||
        kt_model_build_optimizer(m) != KT_OK)
        return m->fault.e.status;
    for (int i = 0; i < c->n_out && i < m->n_targets && m->fault.e.status == KT_OK; i++)
        add_target(m, key, i, kt_symbol_result(c->out[i])->shape);
    return m->fault.e.status;
}

/* --- timing ----------------------------------------------------------------------------------- */

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static bool time_runs(kt_bench *b, kt_plan *p)
{
    double *took = kt_calloc(MAX_RUNS, sizeof *took), end;

    if (!took)
        return false;
    kt_plan_run(p); /* pages are touched, primitives are warm */
    end = now() + SECONDS;
    do {
        double start = now();
        kt_plan_run(p);
        took[b->runs++] = now() - start;
    } while (b->runs < MAX_RUNS && (b->runs < 3 || now() < end));
    qsort(took, (size_t)b->runs, sizeof *took, by_size);
    b->best = took[0];
    b->median = took[b->runs / 2];
    kt_free(took);
    return true;
}

/* The kernels' own times: the mean over a few runs. */
static bool time_kernels(kt_bench *b, kt_plan *p)
{
    int repeats = b->median > 0.1 ? 1 : 5;

    b->bytes = kt_plan_bytes(p);
    b->n = kt_plan_steps(p);
    b->rows = kt_arena_calloc(&b->arena, (size_t)b->n + 1, sizeof *b->rows);
    for (int r = 0; b->rows && r < repeats; r++) {
        kt_plan_run_timed(p);
        for (int i = 0; i < b->n; i++) {
            kt_plan_step_info s = kt_plan_step(p, i);
            double            sum = b->rows[i].seconds + s.seconds / repeats;
            b->rows[i] = (kt_bench_row){kt_arena_strdup(&b->arena, s.scope ? s.scope : ""),
                                        kt_arena_strdup(&b->arena, s.op),
                                        kt_arena_strdup(&b->arena, s.kernel), sum, s.flops};
        }
    }
    return !b->arena.failed;
}

kt_bench *kt_bench_new(kt_model *m, int64_t batch_size, bool training)
{
    kt_step_key key;
    kt_bench   *b = NULL;

    if (kt_model_enter(m, "kt_bench_new") != KT_OK ||
        make_key(m, batch_size > 0 ? batch_size : 32, training, &key) != KT_OK)
        return NULL;
    kt_step *s = kt_step_get(m, &key, &m->fault);
    if (!s)
        return NULL;
    b = kt_alloc(sizeof *b);
    if (!b || !time_runs(b, s->plan) || !time_kernels(b, s->plan)) {
        kt_raise_memory(&m->fault);
        kt_bench_free(b);
        b = NULL;
    }
    kt_step_done(m, s);
    return b;
}

void kt_bench_free(kt_bench *b)
{
    if (b)
        kt_arena_free(&b->arena);
    kt_free(b);
}

double kt_bench_seconds(const kt_bench *b)
{
    return b ? b->median : 0;
}

double kt_bench_best(const kt_bench *b)
{
    return b ? b->best : 0;
}

int64_t kt_bench_runs(const kt_bench *b)
{
    return b ? b->runs : 0;
}

size_t kt_bench_bytes(const kt_bench *b)
{
    return b ? b->bytes : 0;
}

int kt_bench_rows(const kt_bench *b)
{
    return b ? b->n : 0;
}

kt_bench_row kt_bench_row_at(const kt_bench *b, int i)
{
    return b && i >= 0 && i < b->n ? b->rows[i]
                                   : (kt_bench_row){.layer = "", .op = "", .kernel = ""};
}
