/* predict.c - running the model forward: predict, and one layer on one tensor. */
#include <pthread.h>
#include <string.h>

#include "model/pile.h"
#include "model/step.h"
#include "nn/container.h"

/* --- rows in, rows out ------------------------------------------------------------------------ */

static void load_rows(const kt_data *d, kt_step *s, int64_t begin, int64_t n)
{
    for (int i = 0; i < d->n_x; i++)
        kt_gather_rows(d->x[i].t, NULL, begin, n, s->x[i]->dtype, kt_plan_data(s->plan, s->x[i]));
}

static kt_status store(kt_step *s, kt_pile *piles, int n_out, int64_t n, int64_t rows,
                       int64_t batches, kt_fault *f)
{
    for (int i = 0; i < n_out && f->e.status == KT_OK; i++) {
        const kt_node *length = s->out[i]->length;
        int64_t        own = KT_UNKNOWN;

        if (length)
            own = (int64_t)kt_peek(kt_plan_data(s->plan, length), length->dtype, 0);
        kt_pile_add(&piles[i], s->out[i], kt_plan_data(s->plan, s->out[i]), own, n, rows, batches,
                    f);
    }
    return f->e.status;
}

static kt_status predict_batches(kt_model *m, const kt_data *d, int64_t rows, int64_t batch,
                                 kt_tensor **out, int n_out, kt_failure *failure)
{
    kt_fault *f = &failure->fault;
    kt_pile   piles[KT_MAX_OUTPUTS] = {0};
    int64_t   batches = rows > batch ? (rows + batch - 1) / batch : 1;

    for (int64_t begin = 0; (begin < rows || begin == 0) && f->e.status == KT_OK; begin += batch) {
        int64_t     n = rows - begin < batch ? rows - begin : batch;
        kt_step_key key;
        kt_step_key_of(m, d, KT_PREDICT, n, &key);
        if (kt_step_key_texts(m, d, NULL, begin, n, &key, f) != KT_OK)
            break;
        kt_step *s = kt_step_get_for(m, &key, failure);
        if (!s)
            break;
        load_rows(d, s, begin, n);
        if (kt_plan_run(s->plan))
            store(s, piles, n_out < s->n_out ? n_out : s->n_out, n, rows, batches, f);
        else
            kt_plan_refusal(s->plan, f);
        kt_step_done(m, s);
    }
    for (int i = 0; i < KT_MAX_OUTPUTS; i++)
        if (i < n_out && f->e.status == KT_OK)
            out[i] = kt_pile_take(&piles[i], f);
        else
            kt_pile_clear(&piles[i]);
    return f->e.status;
}

static kt_status same_rows(const kt_data *d, kt_fault *f)
{
    for (int i = 1; i < d->n_x; i++)
        if (kt_dim(&d->x[i].t->shape, 0) != kt_dim(&d->x[0].t->shape, 0)) {
            kt_str text = {0};
            for (int k = 0; k < d->n_x; k++)
                kt_str_printf(&text, "%s%lld", k ? ", " : "",
                              (long long)kt_dim(&d->x[k].t->shape, 0));
            kt_raise(
                f, KT_E_VALUE,
                "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x' sizes: %s\n",
                kt_str_text(&text));
            kt_str_free(&text);
        }
    return f->e.status;
}

/* A Sequential that knows no shapes yet is built by the first call. */
static kt_status settle(kt_model *m, int n, const kt_shape *shapes, kt_fault *f)
{
    pthread_mutex_lock(m->lock);
    if (kt_model_settle(m, n, shapes) != KT_OK)
        kt_fault_copy(f, &m->fault);
    pthread_mutex_unlock(m->lock);
    return f->e.status;
}

static kt_status check_given(const kt_model *m, const kt_data *x, kt_fault *f)
{
    if (x)
        kt_fault_copy(f, &x->fault);
    if (!x || x->n_x == 0 || f->e.status != KT_OK)
        return kt_raise(f, KT_E_VALUE, "predict needs data");
    if (kt_data_need_numbers(x, f) != KT_OK)
        return f->e.status;
    for (int i = 0; i < x->n_x; i++)
        if (x->x[i].t->shape.rank == 0)
            return kt_raise(f, KT_E_VALUE,
                            "predict needs data with a batch axis; input %d is a single number", i);
    return kt_legend_agrees(m->legend, x->legend) ? same_rows(x, f) : kt_raise_legend(f);
}

static void predict(kt_model *m, const kt_data *x, int64_t batch, kt_tensor **out, int n_out,
                    kt_failure *failure)
{
    kt_fault *f = &failure->fault;
    kt_data   ordered = {.n_x = 0};
    kt_shape  shapes[KT_MAX_ARRAYS];

    if (check_given(m, x, f) != KT_OK)
        return;
    int64_t rows = kt_data_rows(x);
    if (kt_arrange(m, x, rows < batch ? rows : batch, &ordered, f) != KT_OK)
        return;
    for (int i = 0; i < ordered.n_x; i++)
        shapes[i] = ordered.x[i].t->shape;
    if (settle(m, ordered.n_x, shapes, f) == KT_OK && kt_texts_agree(m, &ordered, f) == KT_OK)
        predict_batches(m, &ordered, rows, batch, out, n_out, failure);
}

kt_status kt_predict_many(kt_model *m, const kt_data *x, int64_t batch_size, kt_tensor **out,
                          int n_out)
{
    kt_failure failure = {.rows = {0}}; /* of this call: other threads may predict with the model */
    kt_status  status = kt_model_enter(m, "kt_predict");

    if (out && n_out > 0)
        memset(out, 0, (size_t)n_out * sizeof *out);
    if (status != KT_OK)
        return status;
    if (!out && n_out > 0)
        kt_raise(&failure.fault, KT_E_VALUE, "kt_predict_many: out is NULL");
    else
        predict(m, x, batch_size > 0 ? batch_size : 32, out, n_out, &failure);
    status = failure.fault.e.status;
    if (status == KT_OK)
        return status;
    for (int i = 0; out && i < n_out; i++) {
        kt_tensor_unref(out[i]);
        out[i] = NULL;
    }
    kt_last_call_keep(&failure.given, "predict", x, batch_size, 0);
    kt_failure_keep(m, &failure);
    return status;
}

kt_status kt_check_predict(kt_model *m, const kt_data *x)
{
    kt_data     d = {.n_x = 0};
    kt_shape    shapes[KT_MAX_ARRAYS];
    kt_step_key key;

    if (kt_model_enter(m, "kt_check_predict") != KT_OK || same_rows(x, &m->fault) != KT_OK ||
        kt_arrange(m, x, kt_data_rows(x), &d, &m->fault) != KT_OK)
        return m->fault.e.status;
    for (int i = 0; i < d.n_x; i++)
        shapes[i] = d.x[i].t->shape;
    if (d.n_x == 0 || kt_model_settle(m, d.n_x, shapes) != KT_OK)
        return m->fault.e.status;
    kt_step_key_of(m, &d, KT_PREDICT, kt_dim(&shapes[0], 0), &key);
    key.trial = true;
    kt_step_done(m, kt_step_get(m, &key, &m->fault));
    return m->fault.e.status;
}

kt_tensor *kt_predict(kt_model *m, kt_tensor *x)
{
    kt_data    d = {.n_x = x ? 1 : 0};
    kt_tensor *out = NULL;

    d.x[0].t = x;
    d.x[0].name = (char *)(uintptr_t) "";
    kt_predict_many(m, &d, 0, &out, 1);
    return out;
}

/* A result that lives on without the plan. */
static kt_tensor *copy_of(const void *data, const kt_node *out)
{
    return out->dtype == KT_STRING ? kt_texts_own(data, out->shape)
                                   : kt_tensor_from(data, out->dtype, out->shape);
}

/* --- one layer -------------------------------------------------------------------------------- */

static kt_tensor *on(kt_layer *l, kt_tensor *x, bool training, const char *call)
{
    kt_tensor *y = NULL;

    if (!l)
        kt_raise_null(call, "the layer");
    else if (!x)
        kt_layer_fail(
            l, KT_E_VALUE,
            "Inputs to a layer should be tensors. Got 'None' (of type <class 'NoneType'>) as input for layer '%s'.",
            l->name);
    kt_graph *g = l && x ? kt_graph_new(&l->fault) : NULL;
    kt_trace *t = g ? kt_trace_new(g, training, true, &l->fault) : NULL;

    if (t) {
        kt_node *in = kt_placeholder(g, "x", x->dtype, x->shape);
        kt_texts_trace(l, t, NULL, &x, 1, &in);
        kt_node *out = kt_layer_call1(l, t, training, in, NULL, NULL);
        kt_trace_finish(t, training);
        kt_plan *p = kt_graph_failed(g) ? NULL : kt_plan_new(g, &out, 1, &l->fault);
        if (p) {
            kt_gather_rows(x, NULL, 0, kt_dim(&x->shape, 0), x->dtype, kt_plan_data(p, in));
            if (!kt_plan_run(p))
                kt_plan_refusal(p, &l->fault);
            y = kt_layer_error(l) ? NULL : copy_of(kt_plan_data(p, out), out);
        }
        kt_plan_free(p);
    }
    kt_trace_free(t);
    kt_graph_free(g);
    return y;
}

kt_tensor *kt_layer_on(kt_layer *l, kt_tensor *x)
{
    return on(l, x, false, "kt_layer_on");
}

kt_tensor *kt_layer_training_on(kt_layer *l, kt_tensor *x)
{
    return on(l, x, true, "kt_layer_training_on");
}
