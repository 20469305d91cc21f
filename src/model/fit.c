/* fit.c - the loops over epochs and batches: fit, evaluate, train_on_batch. */
#include <math.h>
#include <string.h>

#include "model/callback.h"
#include "model/step.h"

/* --- what a run works on ---------------------------------------------------------------------- */

typedef struct run {
    kt_model      *m;
    const kt_data *d;
    kt_purpose     purpose;
    int64_t        rows, batch;
} run;

/* --- one pass --------------------------------------------------------------------------------- */

static void load_target(const kt_column *c, kt_step *s, int i, const int64_t *rows, int64_t begin,
                        int64_t n)
{
    kt_node *w = s->weight[i];

    if (kt_plan_data(s->plan, s->y[i]))
        kt_gather_rows(c->t, rows, begin, n, s->y[i]->dtype, kt_plan_data(s->plan, s->y[i]));
    if (w && kt_plan_data(s->plan, w))
        kt_gather_rows(c->weight, rows, begin, n, KT_F32, kt_plan_data(s->plan, w));
}

static void load(const run *r, kt_step *s, const int64_t *order, int64_t begin, int64_t n)
{
    const int64_t *rows = order ? order + begin : NULL;

    for (int i = 0; i < r->d->n_x; i++)
        kt_gather_rows(r->d->x[i].t, rows, begin, n, s->x[i]->dtype,
                       kt_plan_data(s->plan, s->x[i]));
    for (int i = 0; i < s->key.n_y; i++)
        load_target(&r->d->y[i], s, i, rows, begin, n);
}

/* To be given back with kt_step_done. */
static kt_step *step_for(const run *r, const int64_t *order, int64_t begin, int64_t n)
{
    kt_step_key key;

    kt_step_key_of(r->m, r->d, r->purpose, n, &key);
    if (kt_step_key_texts(r->m, r->d, order ? order + begin : NULL, begin, n, &key, &r->m->fault) !=
        KT_OK)
        return NULL;
    return kt_step_get(r->m, &key, &r->m->fault);
}

/* The rows of a batch that messages speak of: None where the last one is smaller. */
static int64_t shown_batch(int64_t rows, int64_t batch)
{
    return rows % batch ? KT_UNKNOWN : batch;
}

/* Raises what Keras raises when it traces its step. An uneven last batch makes it trace with an
 * unknown batch size: its messages say None. */
static kt_status try_step(const run *r)
{
    kt_step_key key;

    if (r->rows == 0)
        return KT_OK;
    kt_step_key_of(r->m, r->d, r->purpose, shown_batch(r->rows, r->batch), &key);
    key.trial = true;
    kt_step_done(r->m, kt_step_get(r->m, &key, &r->m->fault));
    return r->m->fault.e.status;
}

static kt_status pass(const run *r, const int64_t *order, kt_watch *w)
{
    bool     same = r->rows >= r->batch && !kt_has_texts(r->d); /* texts have their own lengths */
    kt_step *full = same ? step_for(r, order, 0, r->batch) : NULL;
    int64_t  batches = (r->rows + r->batch - 1) / r->batch;

    for (int64_t b = 0;
         b < batches && !(r->m->stop && r->purpose == KT_TRAIN) && r->m->fault.e.status == KT_OK;
         b++) {
        int64_t  begin = b * r->batch, n = r->rows - begin < r->batch ? r->rows - begin : r->batch;
        kt_step *s = same && n == r->batch ? full : step_for(r, order, begin, n);
        if (!s)
            break;
        load(r, s, order, begin, n);
        if (!kt_plan_run(s->plan))
            kt_plan_refusal(s->plan, &r->m->fault);
        if (s != full)
            kt_step_done(r->m, s);
        if (w && r->m->fault.e.status == KT_OK)
            kt_watch_batch(w, b + 1, batches);
    }
    kt_step_done(r->m, full);
    return r->m->fault.e.status;
}

/* --- arguments -------------------------------------------------------------------------------- */

/* Data from x and y, or the caller's kt_data, but not both. */
static const kt_data *gather_data(kt_fault *f, kt_data *own, kt_tensor *x, kt_tensor *y,
                                  const kt_data *given)
{
    if (given && (x || y))
        kt_raise(f, KT_E_VALUE, "give either x and y, or data; received both");
    if (given)
        return given;
    if (x) {
        own->n_x = 1;
        own->x[0].t = x;
    }
    if (y) {
        own->n_y = 1;
        own->y[0].t = y;
    }
    return own;
}

static kt_status need_compiled(kt_model *m)
{
    if (!m->compiled)
        kt_raise(&m->fault, KT_E_VALUE, "You must call `compile()` before using the model.");
    return m->fault.e.status;
}

/* The arrays in the order of the model, which is built for them if it is not yet. weight: of all
 * targets that have none of their own; or NULL. */
static kt_status in_order(kt_model *m, const kt_data *given, kt_tensor *weight, int64_t batch,
                          kt_data *d)
{
    kt_shape shapes[KT_MAX_ARRAYS];

    if (kt_arrange(m, given, shown_batch(kt_data_rows(given), batch), d, &m->fault) != KT_OK)
        return m->fault.e.status;
    for (int i = 0; i < d->n_y; i++)
        if (!d->y[i].weight)
            d->y[i].weight = weight;
    for (int i = 0; i < d->n_x; i++)
        shapes[i] = d->x[i].t->shape;
    return kt_model_settle(m, d->n_x, shapes) == KT_OK ? kt_texts_agree(m, d, &m->fault)
                                                       : m->fault.e.status;
}

/* --- fit -------------------------------------------------------------------------------------- */

typedef struct fitting {
    const kt_fit_args *args;
    kt_model          *m;
    kt_data            own, own_val, in_order, val_in_order;
    const kt_data     *given, *data, *val; /* given: before it is split */
    kt_data           *head, *tail;        /* of a validation split */
    kt_tensor         *weight, *weight_head, *weight_tail;
    run                train, test;
    bool               shuffle;
    int64_t           *order;
    int64_t            shuffle_seed;
    kt_mt              shuffler;
    kt_history        *h;
    int64_t            epochs;
} fitting;

static kt_status split(fitting *f)
{
    double  share = f->args->validation_split;
    int64_t rows = kt_data_rows(f->data), at = 0;

    if (share == 0 || f->val)
        return KT_OK;
    if (kt_split_at(f->m, share, rows, &at) != KT_OK)
        return f->m->fault.e.status;
    f->head = kt_data_slice(f->data, 0, at);
    f->tail = kt_data_slice(f->data, at, rows);
    if (f->weight) {
        f->weight_head = kt_tensor_rows(f->weight, 0, at);
        if (!f->args->class_weight) /* classes weigh in training only */
            f->weight_tail = kt_tensor_rows(f->weight, at, rows);
    }
    bool cut = !f->weight || (f->weight_head && (f->weight_tail || f->args->class_weight));
    if (!f->head || !f->tail || !cut)
        return kt_raise_memory(&f->m->fault);
    f->data = f->head;
    f->val = f->tail;
    return KT_OK;
}

static kt_status take_weights(fitting *f)
{
    const kt_fit_args *a = f->args;
    kt_tensor         *given = a->sample_weight ? a->sample_weight : f->data->weight;
    bool               any = given != NULL;

    for (int i = 0; i < f->data->n_y; i++)
        any = any || f->data->y[i].weight;
    if (any && a->class_weight)
        return kt_raise(&f->m->fault, KT_E_VALUE,
                        "You cannot `class_weight` and `sample_weight` at the same time.");
    if (a->class_weight && kt_given_arrays(f->m, f->data) == KT_OK &&
        kt_data_need_numbers(f->data, &f->m->fault) == KT_OK)
        f->weight = kt_class_weights(f->m, f->data, a->class_weight);
    else
        f->weight = kt_tensor_ref(given);
    return kt_given_check(f->m, f->data, f->weight);
}

static kt_status prepare_test(fitting *f, int64_t batch)
{
    kt_model  *m = f->m;
    kt_tensor *weight = f->tail ? f->weight_tail : f->val->weight;

    if (kt_given_check(m, f->val, f->tail ? NULL : f->val->weight) != KT_OK ||
        in_order(m, f->val, weight, batch, &f->val_in_order) != KT_OK)
        return m->fault.e.status;
    f->test = (run){m, &f->val_in_order, KT_TEST, kt_data_rows(f->val), batch};
    return KT_OK;
}

static kt_status prepare(fitting *f)
{
    const kt_fit_args *a = f->args;
    kt_model          *m = f->m;

    f->data = f->given = gather_data(&m->fault, &f->own, a->x, a->y, a->data);
    f->val = a->val_x || a->validation_data
               ? gather_data(&m->fault, &f->own_val, a->val_x, a->val_y, a->validation_data)
               : NULL;
    f->epochs = a->epochs || kt_args_said(&a->at, "epochs") ? a->epochs : 1;
    int64_t batch = a->batch_size > 0 ? a->batch_size : 32;
    if (a->batch_size < 0 || f->epochs < 0)
        return kt_raise(
            &m->fault, KT_E_VALUE,
            "epochs and batch_size must be positive; received: epochs=%lld, batch_size=%lld",
            (long long)f->epochs, (long long)a->batch_size);
    if (need_compiled(m) != KT_OK || take_weights(f) != KT_OK || split(f) != KT_OK ||
        in_order(m, f->data, f->weight_head ? f->weight_head : f->weight, batch, &f->in_order) !=
            KT_OK)
        return m->fault.e.status;
    f->train = (run){m, &f->in_order, KT_TRAIN, kt_data_rows(f->data), batch};
    if (f->val && prepare_test(f, batch) != KT_OK)
        return m->fault.e.status;
    f->shuffle = a->shuffle || !kt_args_said(&a->at, "shuffle");
    if (f->shuffle)
        f->shuffle_seed = kt_draw_seed();
    kt_mt_seed(&f->shuffler, (uint32_t)f->shuffle_seed);
    if (try_step(&f->train) != KT_OK || kt_given_labels(m, &f->in_order) != KT_OK ||
        (f->val && kt_given_labels(m, &f->val_in_order) != KT_OK))
        return m->fault.e.status;
    if (kt_model_build_optimizer(m) == KT_OK && a->data)
        kt_model_keep_legend(m, a->data);
    return m->fault.e.status;
}

/* What a check does without. */
static kt_status prepare_numbers(fitting *f)
{
    kt_fault *fault = &f->m->fault;

    if (kt_data_need_numbers(f->data, fault) != KT_OK ||
        kt_data_need_numbers(f->val, fault) != KT_OK)
        return fault->e.status;
    if (f->shuffle && !(f->order = kt_calloc((size_t)f->train.rows + 1, sizeof *f->order)))
        return kt_raise_memory(fault);
    return KT_OK;
}

static kt_status validate(fitting *f, kt_watch *w, int epoch)
{
    if (!f->val)
        return KT_OK;
    kt_targets_reset(f->m);
    kt_watch_validation(w, true);
    if (f->m->fault.e.status == KT_OK && try_step(&f->test) == KT_OK)
        pass(&f->test, NULL, NULL);
    kt_watch_validation(w, false);
    return f->m->fault.e.status == KT_OK ? kt_targets_result(f->m, f->h, "val_", epoch)
                                         : f->m->fault.e.status;
}

static void epochs(fitting *f, kt_watch *w)
{
    kt_model *m = f->m;

    /* epochs that a backup has behind it have mixed their rows, too */
    for (int64_t e = f->args->initial_epoch; f->order && e < w->from; e++)
        kt_mt_permutation(&f->shuffler, f->train.rows, f->order);
    for (int64_t e = w->from; e < f->epochs && !m->stop && m->fault.e.status == KT_OK; e++) {
        int row = (int)(e - w->from);
        kt_targets_reset(m);
        if (f->order)
            kt_mt_permutation(&f->shuffler, f->train.rows, f->order);
        kt_watch_epoch_begin(w, e);
        if (pass(&f->train, f->order, w) != KT_OK || kt_targets_result(m, f->h, "", row) != KT_OK ||
            validate(f, w, row) != KT_OK)
            break;
        kt_watch_epoch_end(w, e);
    }
}

static void release(fitting *f)
{
    if (f->m->fault.e.status != KT_OK)
        kt_last_call_keep(&f->m->given, "fit", f->given, f->args->batch_size,
                          f->args->validation_split);
    kt_data_free(f->head);
    kt_data_free(f->tail);
    kt_tensor_unref(f->weight);
    kt_tensor_unref(f->weight_head);
    kt_tensor_unref(f->weight_tail);
    kt_free(f->order);
}

static const char *const fit_members[] = {"model",
                                          "x",
                                          "y",
                                          "data",
                                          "epochs",
                                          "batch_size",
                                          "validation_split",
                                          "val_x",
                                          "val_y",
                                          "validation_data",
                                          "shuffle",
                                          "class_weight",
                                          "sample_weight",
                                          "initial_epoch",
                                          "verbose",
                                          "out",
                                          "callbacks",
                                          "on_batch",
                                          "on_epoch",
                                          "user",
                                          "warnings",
                                          NULL};

kt_model *kt_fit_take(const kt_fit_args *args, kt_fit_args *own)
{
    kt_model *m = args ? args->model : NULL;

    if (!args)
        kt_raise_null("kt_fit", "the argument struct");
    if (kt_model_enter(m, "kt_fit") != KT_OK || !m ||
        kt_args_take(own, sizeof *own, &args->at, "kt_fit_args", fit_members, &m->fault) != KT_OK)
        return NULL;
    m->stop = 0;
    return m;
}

kt_history *kt_fit_with(const kt_fit_args *args)
{
    kt_fit_args a;
    kt_model   *m = kt_fit_take(args, &a);
    fitting     f = {.args = &a, .m = m};
    kt_watch    w = {.args = &a};

    if (!m)
        return NULL;
    f.h = kt_history_new();
    if (!f.h)
        kt_raise_memory(&m->fault);
    else if (prepare(&f) == KT_OK && prepare_numbers(&f) == KT_OK) {
        w.shuffler = f.order ? &f.shuffler : NULL;
        w.shuffle_seed = f.shuffle_seed;
        if (kt_watch_start(&w, m, f.h, f.epochs, f.train.rows, f.train.batch) == KT_OK)
            epochs(&f, &w);
    }
    kt_watch_settle(&w);
    if (m->fault.e.status == KT_OK && m->optimizer && f.epochs > 0)
        kt_optimizer_finish(m->optimizer);
    kt_watch_finish(&w);
    m->weights_set = m->weights_set || (m->fault.e.status == KT_OK && f.epochs > 0);
    release(&f);
    if (m->fault.e.status != KT_OK) {
        kt_args_site(&m->fault, &a.at, "kt_fit");
        kt_history_free(f.h);
        return NULL;
    }
    return f.h;
}

/* The steps of all batch sizes that a pass meets: the whole batches, and the last one. */
static kt_status make_steps(const run *r)
{
    int64_t rest = r->batch > 0 ? r->rows % r->batch : 0;

    if (r->rows >= r->batch)
        kt_step_done(r->m, step_for(r, NULL, 0, r->batch));
    if (rest && r->m->fault.e.status == KT_OK)
        kt_step_done(r->m, step_for(r, NULL, r->rows - rest, rest));
    return r->m->fault.e.status;
}

kt_status kt_check_fit(const kt_fit_args *args)
{
    kt_fit_args a;
    kt_model   *m = kt_fit_take(args, &a);
    fitting     f = {.args = &a, .m = m, .train = {.m = m}};

    if (!m)
        return args && args->model ? args->model->fault.e.status : KT_E_VALUE;
    bool runs = prepare(&f) == KT_OK && !kt_shapes_only();
    if (runs && make_steps(&f.train) == KT_OK && f.val && try_step(&f.test) == KT_OK)
        make_steps(&f.test);
    if (runs && m->fault.e.status == KT_OK)
        kt_check_batch(m, &f.in_order);
    release(&f);
    kt_args_site(&m->fault, &a.at, "kt_check_fit");
    return m->fault.e.status;
}

/* --- evaluate, train_on_batch ----------------------------------------------------------------- */

/* weight: of all targets that have none of their own; or NULL. */
static kt_history *run_once(run *r, kt_tensor *weight)
{
    kt_model   *m = r->m;
    kt_history *h = kt_history_new();
    kt_data     d;

    if (!h)
        kt_raise_memory(&m->fault);
    r->rows = kt_data_rows(r->d);
    r->batch = r->batch > 0 ? r->batch : r->rows > 0 ? r->rows : 1;
    if (h && need_compiled(m) == KT_OK && kt_data_need_numbers(r->d, &m->fault) == KT_OK &&
        kt_given_check(m, r->d, weight) == KT_OK &&
        in_order(m, r->d, weight, r->batch, &d) == KT_OK) {
        r->d = &d;
        kt_targets_reset(m);
        if (try_step(r) == KT_OK && kt_given_labels(m, r->d) == KT_OK &&
            (r->purpose != KT_TRAIN || kt_model_build_optimizer(m) == KT_OK) &&
            pass(r, NULL, NULL) == KT_OK) {
            m->weights_set = m->weights_set || r->purpose == KT_TRAIN;
            kt_targets_result(m, h, "", 0);
        }
        r->d = NULL;
    }
    if (m->fault.e.status != KT_OK) {
        kt_history_free(h);
        return NULL;
    }
    return h;
}

static const char *const evaluate_members[] = {
    "model", "x", "y", "data", "batch_size", "sample_weight", "verbose", "out", NULL};

kt_history *kt_evaluate_with(const kt_evaluate_args *args)
{
    kt_data          own = {0};
    kt_evaluate_args a;
    kt_model        *m = args ? args->model : NULL;

    if (!args)
        kt_raise_null("kt_evaluate", "the argument struct");
    if (kt_model_enter(m, "kt_evaluate") != KT_OK || !m ||
        kt_args_take(&a, sizeof a, &args->at, "kt_evaluate_args", evaluate_members, &m->fault) !=
            KT_OK)
        return NULL;
    m->stop = 0;
    const kt_data *d = gather_data(&m->fault, &own, a.x, a.y, a.data);
    run            r = {m, d, KT_TEST, 0, a.batch_size > 0 ? a.batch_size : 32};
    kt_history    *h = run_once(&r, a.sample_weight ? a.sample_weight : d->weight);
    if (!h) {
        kt_last_call_keep(&m->given, "evaluate", d, a.batch_size, 0);
        kt_args_site(&m->fault, &a.at, "kt_evaluate");
    }
    return h;
}

kt_history *kt_train_on_batch(kt_model *m, kt_tensor *x, kt_tensor *y)
{
    kt_data own = {0};

    if (kt_model_enter(m, "kt_train_on_batch") != KT_OK)
        return NULL;
    m->stop = 0;
    const kt_data *d = gather_data(&m->fault, &own, x, y, NULL);
    run            r = {m, d, KT_TRAIN, 0, 0};
    kt_history    *h = run_once(&r, NULL);
    if (!h)
        kt_last_call_keep(&m->given, "fit", d, kt_data_rows(d), 0);
    return h;
}
