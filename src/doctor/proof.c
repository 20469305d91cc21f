/* proof.c - the last part of a proof: a copy of the repaired model takes a step on the data. */
#include <math.h>

#include "doctor/report.h"

/* What may be done without being asked: multiplications of one step, numbers that are trained,
 * bytes that changes of arrays read. Measured on one core: a step of 1e7 multiplications takes 1 to
 * 2 ms, drawing 1e5 numbers with the slots of Adam 2 to 3 ms, changing 1e6 bytes 1 to 2 ms, so that
 * an answer with a proof stays below 10 ms. */
#define MOST_WORK    2e7
#define MOST_NUMBERS 1.5e5
#define MOST_BYTES   (1 << 20)

static int64_t rows_of(const kt_scene *s)
{
    int64_t rows = s->n_x && s->x[0].t->shape.rank > 0 ? s->x[0].t->shape.dim[0] : 0;

    return rows < s->batch ? rows : s->batch;
}

/* Are the numbers of all arrays there? */
static bool has_numbers(const kt_patient *p)
{
    for (int i = 0; i < p->given.n_x; i++)
        if (!p->given.x[i].t->data)
            return false;
    for (int i = 0; i < p->given.n_y; i++)
        if (!p->given.y[i].t->data)
            return false;
    return p->given.n_x > 0;
}

static bool is_little(const kt_scene *s)
{
    kt_outcome end = kt_try(s);
    double     passes = s->p->call == KT_DO_FIT ? 3 : 1;

    return end.work * (double)rows_of(s) * passes <= MOST_WORK && end.numbers <= MOST_NUMBERS &&
           kt_scene_bytes(s, rows_of(s)) <= MOST_BYTES;
}

/* --- one step --------------------------------------------------------------------------------- */

static const char *trained(kt_bed *b, kt_model *m, const kt_data *d, int64_t rows)
{
    kt_fit_args f = {.at = {.size = sizeof f, .given = "shuffle"},
                     .model = m,
                     .data = (kt_data *)(uintptr_t)d,
                     .epochs = 1,
                     .batch_size = rows};
    kt_history *h = kt_fit_with(&f);
    double      loss = h ? kt_history_get(h, "loss", -1) : 0;
    const char *said = h ? kt_arena_printf(&b->p.arena,
                                           "a training step on %lld rows ran, the loss was %.4g",
                                           (long long)rows, loss)
                         : NULL;

    kt_history_free(h);
    return said;
}

static const char *evaluated(kt_bed *b, kt_model *m, const kt_data *d, int64_t rows)
{
    kt_evaluate_args e = {
        .at = {.size = sizeof e}, .model = m, .data = (kt_data *)(uintptr_t)d, .batch_size = rows};
    kt_history *h = kt_evaluate_with(&e);
    double      loss = h ? kt_history_get(h, "loss", -1) : 0;
    const char *said = h ? kt_arena_printf(&b->p.arena, "evaluated on %lld rows, the loss was %.4g",
                                           (long long)rows, loss)
                         : NULL;

    kt_history_free(h);
    return said;
}

static const char *predicted(kt_bed *b, kt_model *m, const kt_data *d, int64_t rows)
{
    kt_tensor  *out[KT_MAX_OUTPUTS] = {NULL};
    int         n = kt_model_outputs(m);
    const char *said = NULL;

    if (n > 0 && kt_predict_many(m, d, rows, out, n < KT_MAX_OUTPUTS ? n : KT_MAX_OUTPUTS) == KT_OK)
        said = kt_arena_printf(&b->p.arena, "predict on %lld rows ran", (long long)rows);
    for (int i = 0; i < n && i < KT_MAX_OUTPUTS; i++)
        kt_tensor_unref(out[i]);
    return said;
}

/* What says nothing about the remedy. */
static bool is_ours(const kt_model *m)
{
    const kt_error *e = m ? kt_model_error(m) : NULL;

    return !m || (e && (e->status == KT_E_MEMORY || e->status == KT_E_NOT_IMPLEMENTED));
}

/* False if the remedy is none. */
static bool step(kt_bed *b, int i)
{
    const kt_scene *s = b->proved[i];
    int64_t         rows = rows_of(s);
    kt_model       *m = kt_repaired_model(&b->d, i);
    kt_data        *d = m && !kt_failed(m) ? kt_scene_data(s, rows) : NULL;
    const char     *said = NULL;

    if (d && kt_data_error(d)) {
        kt_data_free(d);
        d = NULL;
    }
    if (d && b->p.call == KT_DO_PREDICT)
        said = predicted(b, m, d, rows);
    else if (d && b->p.call == KT_DO_FIT && s->n_y)
        said = trained(b, m, d, rows);
    else if (d && b->p.call == KT_DO_EVALUATE && s->n_y)
        said = evaluated(b, m, d, rows);
    bool holds = said || !d || is_ours(m);
    b->step[i] = said;
    kt_data_free(d);
    kt_model_free(m);
    return holds;
}

/* --- all of them ------------------------------------------------------------------------------ */

static void drop(kt_bed *b, int i)
{
    for (int k = i; k + 1 < b->n_proved; k++)
        b->proved[k] = b->proved[k + 1];
    b->n_proved--;
}

static bool is_call(const kt_patient *p)
{
    return p->call == KT_DO_PREDICT ||
           ((p->call == KT_DO_FIT || p->call == KT_DO_EVALUATE) && p->scene.n_y > 0);
}

void kt_prove(kt_bed *b)
{
    kt_failure_record theirs = kt_failure_aside();
    bool              before = kt_set_seeds_apart(true), ask = b->prove > 0;

    for (int i = 0; b->prove >= 0 && is_call(&b->p) && has_numbers(&b->p) && i < b->n_proved;) {
        if (!ask && !is_little(b->proved[i]))
            break;
        if (!step(b, i))
            drop(b, i);
        else if (ask)
            i++;
        else
            break;
    }
    kt_set_seeds_apart(before);
    kt_failure_back(&theirs);
}
