/* fit.c - the loops over epochs and batches: fit, evaluate, train_on_batch. */
#include <math.h>
#include <string.h>

#include "model/callback.h"
#include "model/step.h"

/* --- what a run works on ---------------------------------------------------------------------- */

typedef struct run {
    kt_model      *m;
    const kt_data *d;
    kt_tensor     *weight; /* [rows] float32, or NULL: sample weights, class weights applied */
    kt_purpose     purpose;
    int64_t        rows, batch;
} run;

static int64_t rows_of(const kt_data *d)
{
    return d->n_x > 0 ? kt_dim(&d->x[0].t->shape, 0) : 0;
}

static bool list_sizes(kt_str *text, const char *label, const kt_column *c, int n, int64_t rows)
{
    bool same = true;

    kt_str_printf(text, "'%s' sizes: ", label);
    for (int i = 0; i < n; i++) {
        int64_t r = kt_dim(&c[i].t->shape, 0);
        kt_str_printf(text, "%s%lld", i ? ", " : "", (long long)r);
        same = same && r == rows;
    }
    kt_str_addc(text, '\n');
    return same;
}

static kt_status check_cardinality(kt_model *m, const kt_data *d, const kt_tensor *weight)
{
    kt_str  text = {0};
    int64_t rows = rows_of(d);
    bool    same = list_sizes(&text, "x", d->x, d->n_x, rows);

    if (d->n_y > 0)
        same = list_sizes(&text, "y", d->y, d->n_y, rows) && same;
    if (weight) {
        kt_column c = {.t = (kt_tensor *)(uintptr_t)weight};
        same = list_sizes(&text, "sample_weight", &c, 1, rows) && same;
    }
    if (!same)
        kt_raise(
            &m->fault, KT_E_VALUE,
            "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.%s",
            kt_str_text(&text));
    kt_str_free(&text);
    return m->fault.e.status;
}

static kt_status has_arrays(kt_model *m, const kt_data *d)
{
    if (!d || kt_fault_copy(&m->fault, &d->fault) != KT_OK)
        return kt_raise(&m->fault, KT_E_VALUE, "no data was given");
    if (d->n_x == 0)
        return kt_raise(&m->fault, KT_E_VALUE, "no input data (x) was given");
    for (int i = 0; i < d->n_x + d->n_y; i++) {
        const kt_tensor *t = i < d->n_x ? d->x[i].t : d->y[i - d->n_x].t;
        if (t->shape.rank == 0)
            return kt_raise(&m->fault, KT_E_VALUE,
                            "%s data has no batch axis: it is a single number",
                            i < d->n_x ? "x" : "y");
    }
    return kt_model_check_legend(m, d);
}

static kt_status check_data(kt_model *m, const kt_data *d, const kt_tensor *weight)
{
    return has_arrays(m, d) == KT_OK ? check_cardinality(m, d, weight) : m->fault.e.status;
}

/* --- one pass --------------------------------------------------------------------------------- */

static void load(const run *r, kt_step *s, const int64_t *order, int64_t begin, int64_t n)
{
    const int64_t *rows = order ? order + begin : NULL;

    for (int i = 0; i < r->d->n_x; i++)
        kt_gather_rows(r->d->x[i].t, rows, begin, n, s->x[i]->dtype,
                       kt_plan_data(s->plan, s->x[i]));
    for (int i = 0; i < s->key.n_y; i++)
        if (kt_plan_data(s->plan, s->y[i]))
            kt_gather_rows(r->d->y[i].t, rows, begin, n, s->y[i]->dtype,
                           kt_plan_data(s->plan, s->y[i]));
    if (s->weight && kt_plan_data(s->plan, s->weight))
        kt_gather_rows(r->weight, rows, begin, n, KT_F32, kt_plan_data(s->plan, s->weight));
}

static kt_step *step_for(const run *r, int64_t n)
{
    kt_step_key key;

    kt_step_key_of(r->m, r->d, r->purpose, n, r->weight != NULL, &key);
    kt_step *s = kt_step_get(r->m, &key, &r->m->fault);
    kt_step_done(r->m, s); /* fit and evaluate have the model to themselves */
    return s;
}

/* Raises what Keras raises when it traces its step. An uneven last batch makes it trace with an
 * unknown batch size: its messages say None. */
static kt_status try_step(const run *r)
{
    kt_step_key key;

    if (r->rows == 0)
        return KT_OK;
    kt_step_key_of(r->m, r->d, r->purpose, r->rows % r->batch ? KT_UNKNOWN : r->batch,
                   r->weight != NULL, &key);
    key.trial = true;
    kt_step_done(r->m, kt_step_get(r->m, &key, &r->m->fault));
    return r->m->fault.e.status;
}

static kt_status pass(const run *r, const int64_t *order, kt_watch *w)
{
    kt_step *full = r->rows >= r->batch ? step_for(r, r->batch) : NULL;
    int64_t  batches = (r->rows + r->batch - 1) / r->batch;

    if (r->m->fault.e.status != KT_OK)
        return r->m->fault.e.status;
    for (int64_t b = 0; b < batches && !r->m->stop; b++) {
        int64_t  begin = b * r->batch, n = r->rows - begin < r->batch ? r->rows - begin : r->batch;
        kt_step *s = n == r->batch ? full : step_for(r, n);
        if (!s)
            return r->m->fault.e.status;
        load(r, s, order, begin, n);
        kt_plan_run(s->plan);
        if (w)
            kt_watch_batch(w, b + 1, batches);
    }
    return KT_OK;
}

/* --- weights of samples ----------------------------------------------------------------------- */

/* {0: 1.0, 1: 2.0}; JSON's keys are texts. A class that is not named weighs 1. */
static double class_weight(const kt_value *weights, int64_t cls)
{
    char   key[32];
    double w = 1;
    kt_str text = {0};

    kt_str_printf(&text, "%lld", (long long)cls);
    memcpy(key, kt_str_text(&text), text.len + 1 < sizeof key ? text.len + 1 : sizeof key);
    kt_str_free(&text);
    (void)kt_value_number(kt_value_get(weights, key), &w);
    return w;
}

/* Keras looks up int(y[i]) after an argmax over the last axis, or without it where its size is
 * 1. */
static kt_status check_classes(kt_model *m, const kt_tensor *y)
{
    return y->shape.rank > 2 && y->count > 0
             ? kt_raise(&m->fault, KT_E_TYPE,
                        "only 0-dimensional arrays can be converted to Python scalars")
             : KT_OK;
}

static kt_tensor *weights_of_classes(kt_model *m, const kt_data *d, const char *text)
{
    kt_value  *v = kt_expr_parse(text, &m->arena, &m->fault);
    kt_tensor *w = NULL;

    if (v && v->kind != KT_DICT)
        kt_raise(&m->fault, KT_E_VALUE,
                 "class_weight must be a dict such as {0: 1.0, 1: 2.0}; received: %s", text);
    else if (v && d->n_y != 1)
        kt_raise(&m->fault, KT_E_VALUE,
                 "`class_weight` is only supported for models with a single output.");
    else if (v && check_classes(m, d->y[0].t) == KT_OK &&
             !(w = kt_tensor_new(KT_F32, KT_SHAPE(kt_dim(&d->y[0].t->shape, 0)))))
        kt_raise_memory(&m->fault);
    for (int64_t i = 0; w && i < w->count; i++)
        kt_tensor_f32(w)[i] = (float)class_weight(v, kt_label_of(d->y[0].t, i));
    return w;
}

/* --- arguments -------------------------------------------------------------------------------- */

/* Data from x and y, or borrowed from the caller's kt_data in the order of the model. */
static const kt_data *gather_data(const kt_model *m, kt_data *own, kt_tensor *x, kt_tensor *y,
                                  const kt_data *given)
{
    if (given) {
        *own = kt_arranged(m, given);
        return own;
    }
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

static kt_status settle_for(kt_model *m, const kt_data *d)
{
    kt_shape shapes[KT_MAX_ARRAYS];

    for (int i = 0; i < d->n_x; i++)
        shapes[i] = d->x[i].t->shape;
    return kt_model_settle(m, d->n_x, shapes);
}

/* Class numbers outside [0, classes) have no logit: TensorFlow's kernel refuses them when it meets
 * them. `user`: a loss, or the metric of the same name. */
static kt_status check_labels_for(kt_model *m, const kt_tensor *y, int i, const kt_object *user)
{
    const kt_class     *cls = user ? kt_class_find("loss", user->cls->class_name) : NULL;
    const kt_loss_type *type = (const kt_loss_type *)(const void *)cls;
    const kt_shape     *out = type && type->labels ? kt_model_output_shape(m, i) : NULL;

    /* other shapes are refused when the step is traced */
    if (!out || y->shape.rank > out->rank ||
        (y->shape.rank == out->rank && kt_dim(&y->shape, -1) != 1))
        return KT_OK;
    int64_t   classes = kt_dim(out, -1);
    kt_optint ignored = kt_ignored_class(user);
    for (int64_t k = 0; classes != KT_UNKNOWN && k < y->count; k++) {
        int64_t label = (int64_t)kt_tensor_get(y, k);
        if ((label < 0 || label >= classes) && !(ignored.set && ignored.v == label))
            return kt_raise(
                &m->fault, KT_E_INVALID_ARGUMENT,
                "Received a label value of %lld which is outside the valid range of [0, %lld).",
                (long long)label, (long long)classes);
    }
    return KT_OK;
}

static kt_status check_labels_of(kt_model *m, const kt_tensor *y, int i, const kt_vec *metrics)
{
    for (size_t k = 0; k < metrics->n; k++)
        check_labels_for(m, y, i, ((const kt_metric *)metrics->at[k])->object);
    return m->fault.e.status;
}

static kt_status check_labels(kt_model *m, const kt_data *d)
{
    for (int i = 0; i < m->n_targets && i < d->n_y; i++) {
        const kt_target *t = &m->target[i];
        if (check_labels_for(m, d->y[i].t, i, t->loss) != KT_OK ||
            check_labels_of(m, d->y[i].t, i, &t->live) != KT_OK ||
            check_labels_of(m, d->y[i].t, i, &t->live_weighted) != KT_OK)
            break;
    }
    return m->fault.e.status;
}

/* --- fit -------------------------------------------------------------------------------------- */

typedef struct fitting {
    const kt_fit_args *args;
    kt_model          *m;
    kt_data            own, own_val;
    const kt_data     *data, *val;
    kt_data           *head, *tail; /* of a validation split */
    kt_tensor         *weight, *weight_head, *weight_tail;
    run                train, test;
    int64_t           *order;
    kt_mt              shuffler;
    kt_history        *h;
    int64_t            epochs;
} fitting;

static kt_status split(fitting *f)
{
    double  share = f->args->validation_split;
    int64_t rows = rows_of(f->data), at = 0;

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

    if (given && a->class_weight)
        return kt_raise(&f->m->fault, KT_E_VALUE,
                        "You cannot `class_weight` and `sample_weight` at the same time.");
    if (a->class_weight && has_arrays(f->m, f->data) == KT_OK)
        f->weight = weights_of_classes(f->m, f->data, a->class_weight);
    else
        f->weight = kt_tensor_ref(given);
    return check_data(f->m, f->data, f->weight);
}

static kt_status prepare(fitting *f)
{
    const kt_fit_args *a = f->args;
    kt_model          *m = f->m;

    f->data = gather_data(m, &f->own, a->x, a->y, a->data);
    f->val = a->val_x || a->validation_data
               ? gather_data(m, &f->own_val, a->val_x, a->val_y, a->validation_data)
               : NULL;
    f->epochs = a->epochs || kt_args_said(&a->at, "epochs") ? a->epochs : 1;
    int64_t batch = a->batch_size > 0 ? a->batch_size : 32;
    if (a->batch_size < 0 || f->epochs < 0)
        return kt_raise(
            &m->fault, KT_E_VALUE,
            "epochs and batch_size must be positive; received: epochs=%lld, batch_size=%lld",
            (long long)f->epochs, (long long)a->batch_size);
    if (need_compiled(m) != KT_OK || take_weights(f) != KT_OK || split(f) != KT_OK ||
        settle_for(m, f->data) != KT_OK)
        return m->fault.e.status;
    if (f->val && check_data(m, f->val, f->tail ? NULL : f->val->weight) != KT_OK)
        return m->fault.e.status;
    f->train = (run){m,        f->data,          f->weight_head ? f->weight_head : f->weight,
                     KT_TRAIN, rows_of(f->data), batch};
    if (f->val) {
        kt_tensor *weight = f->tail ? f->weight_tail : f->val->weight;
        f->test = (run){m, f->val, weight, KT_TEST, rows_of(f->val), batch};
    }
    if (a->shuffle || !kt_args_said(&a->at, "shuffle")) {
        f->order = kt_calloc((size_t)f->train.rows + 1, sizeof *f->order);
        if (!f->order)
            return kt_raise_memory(&m->fault);
        kt_mt_seed(&f->shuffler, (uint32_t)kt_draw_seed());
    }
    if (try_step(&f->train) != KT_OK || check_labels(m, f->data) != KT_OK ||
        (f->val && check_labels(m, f->val) != KT_OK))
        return m->fault.e.status;
    if (kt_model_build_optimizer(m) == KT_OK && a->data)
        kt_model_keep_legend(m, a->data);
    return m->fault.e.status;
}

static kt_status validate(fitting *f, int epoch)
{
    if (!f->val)
        return KT_OK;
    kt_targets_reset(f->m);
    if (try_step(&f->test) != KT_OK || pass(&f->test, NULL, NULL) != KT_OK)
        return f->m->fault.e.status;
    return kt_targets_result(f->m, f->h, "val_", epoch);
}

static void epochs(fitting *f, kt_watch *w)
{
    kt_model *m = f->m;

    for (int64_t e = f->args->initial_epoch;
         e < f->epochs && !m->stop && m->fault.e.status == KT_OK; e++) {
        int row = (int)(e - f->args->initial_epoch);
        kt_targets_reset(m);
        if (f->order)
            kt_mt_permutation(&f->shuffler, f->train.rows, f->order);
        kt_watch_epoch_begin(w, e);
        if (pass(&f->train, f->order, w) != KT_OK || kt_targets_result(m, f->h, "", row) != KT_OK ||
            validate(f, row) != KT_OK)
            break;
        kt_watch_epoch_end(w, e);
    }
}

static void release(fitting *f)
{
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
                                          NULL};

kt_model *kt_fit_take(const kt_fit_args *args, kt_fit_args *own)
{
    kt_model *m = args ? args->model : NULL;

    if (!m)
        kt_raise_null("kt_fit", args ? "the model" : "the argument struct");
    if (kt_failed(m) ||
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
    else if (prepare(&f) == KT_OK &&
             kt_watch_start(&w, m, f.h, f.epochs, f.train.rows, f.train.batch) == KT_OK)
        epochs(&f, &w);
    kt_watch_finish(&w);
    m->weights_set = m->weights_set || (m->fault.e.status == KT_OK && f.epochs > 0);
    if (m->fault.e.status == KT_OK && m->optimizer)
        kt_optimizer_finish(m->optimizer);
    release(&f);
    if (m->fault.e.status != KT_OK) {
        kt_fault_site(&m->fault, a.at.file, a.at.line, a.at.text);
        kt_history_free(f.h);
        return NULL;
    }
    return f.h;
}

kt_status kt_check_fit(const kt_fit_args *args)
{
    kt_fit_args a;
    kt_model   *m = kt_fit_take(args, &a);
    fitting     f = {.args = &a, .m = m};

    if (!m)
        return args && args->model ? args->model->fault.e.status : KT_E_VALUE;
    if (prepare(&f) == KT_OK && f.train.rows > 0)
        step_for(&f.train, f.train.rows < f.train.batch ? f.train.rows : f.train.batch);
    if (m->fault.e.status == KT_OK && f.val)
        try_step(&f.test);
    release(&f);
    kt_fault_site(&m->fault, a.at.file, a.at.line, a.at.text);
    return m->fault.e.status;
}

/* --- evaluate, train_on_batch ----------------------------------------------------------------- */

static kt_history *run_once(run *r)
{
    kt_model   *m = r->m;
    kt_history *h = kt_history_new();

    if (!h)
        kt_raise_memory(&m->fault);
    if (h && need_compiled(m) == KT_OK && check_data(m, r->d, r->weight) == KT_OK &&
        settle_for(m, r->d) == KT_OK) {
        r->rows = rows_of(r->d);
        r->batch = r->batch > 0 ? r->batch : r->rows > 0 ? r->rows : 1;
        kt_targets_reset(m);
        if (try_step(r) == KT_OK && check_labels(m, r->d) == KT_OK &&
            (r->purpose != KT_TRAIN || kt_model_build_optimizer(m) == KT_OK) &&
            pass(r, NULL, NULL) == KT_OK) {
            m->weights_set = m->weights_set || r->purpose == KT_TRAIN;
            kt_targets_result(m, h, "", 0);
        }
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

    if (!m)
        kt_raise_null("kt_evaluate", args ? "the model" : "the argument struct");
    if (kt_failed(m) || kt_args_take(&a, sizeof a, &args->at, "kt_evaluate_args", evaluate_members,
                                     &m->fault) != KT_OK)
        return NULL;
    m->stop = 0;
    const kt_data *d = gather_data(m, &own, a.x, a.y, a.data);
    run            r = {m,       d, a.sample_weight ? a.sample_weight : d->weight,
                        KT_TEST, 0, a.batch_size > 0 ? a.batch_size : 32};
    kt_history    *h = run_once(&r);
    if (!h)
        kt_fault_site(&m->fault, a.at.file, a.at.line, a.at.text);
    return h;
}

kt_history *kt_train_on_batch(kt_model *m, kt_tensor *x, kt_tensor *y)
{
    kt_data own = {0};

    if (!m)
        kt_raise_null("kt_train_on_batch", "the model");
    if (kt_failed(m))
        return NULL;
    m->stop = 0;
    run r = {m, gather_data(m, &own, x, y, NULL), NULL, KT_TRAIN, 0, 0};
    return run_once(&r);
}
