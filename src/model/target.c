/* target.c - losses and metrics of the outputs: from the compile configuration to nodes and
 * numbers. */
#include "model/step.h"
#include "nn/container.h"

#include <string.h>

/* --- settling: which loss and metrics each output has ----------------------------------------- */

static bool is_object(const kt_value *v)
{
    return v && (v->kind == KT_STR || v->kind == KT_CALL || kt_value_get(v, "class_name"));
}

/* Output i's part of a list or dict over the outputs. */
static const kt_value *part_of(const kt_model *m, const kt_value *v, int i)
{
    if (kt_value_is_seq(v))
        return i < (int)v->n ? v->items[i] : NULL;
    return v && v->kind == KT_DICT ? kt_value_get(v, m->target[i].name) : NULL;
}

/* Keras' sentences for a loss dict whose keys are not the outputs; a Sequential has no names. */
static kt_status check_loss_keys(kt_model *m, const kt_value *v)
{
    kt_str text = {0};
    bool   all = (int)v->n == m->n_targets;

    if (kt_streq(m->root->type->cls.class_name, "Sequential"))
        return kt_raise(&m->fault, KT_E_TYPE, "'NoneType' object is not iterable");
    for (int i = 0; i < m->n_targets; i++)
        all = all && kt_value_get(v, m->target[i].name);
    if (all)
        return KT_OK;
    kt_str_add(&text, "Expected keys [");
    for (int i = 0; i < m->n_targets; i++)
        kt_str_printf(&text, "%s'%s'", i ? ", " : "", m->target[i].name);
    kt_str_add(&text, "] in loss dict, but found loss.keys()=[");
    for (size_t i = 0; i < v->n; i++)
        kt_str_printf(&text, "%s'%s'", i ? ", " : "", v->keys[i]);
    kt_raise(&m->fault, KT_E_VALUE, "%s]", kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

static size_t count_losses(const kt_value *v)
{
    return kt_value_is_seq(v) || (v && v->kind == KT_DICT && !is_object(v)) ? v->n : 1;
}

static kt_status check_losses(kt_model *m, const kt_value *loss, const kt_value *weights)
{
    bool many = kt_value_is_seq(weights) || (weights && weights->kind == KT_DICT);

    if (many && count_losses(loss) != weights->n)
        return kt_raise(&m->fault, KT_E_VALUE,
                        "`loss_weights` must match the number of losses, got %zu losses and %zu "
                        "weights.",
                        count_losses(loss), weights->n);
    return loss && loss->kind == KT_DICT && !is_object(loss) ? check_loss_keys(m, loss) : KT_OK;
}

static kt_status settle_loss(kt_model *m, int i, const kt_value *v)
{
    const kt_value *mine = is_object(v) ? v : part_of(m, v, i);

    if (kt_value_is_seq(v) && (int)v->n != m->n_targets && m->n_targets > 1)
        return kt_raise(
            &m->fault, KT_E_VALUE,
            "For a model with multiple outputs, when providing the `loss` argument as a list, it should have as many entries as the model has outputs.");
    if (kt_is_none(mine))
        return KT_OK;
    m->target[i].loss_by_shape = kt_is_crossentropy(mine);
    if (!m->target[i].loss_by_shape)
        m->target[i].loss = kt_object_make(&m->arena, "loss", mine, &m->fault);
    return m->fault.e.status;
}

static kt_status add_metric(kt_model *m, kt_vec *to, const kt_value *v)
{
    if (kt_is_none(v))
        return kt_raise(&m->fault, KT_E_VALUE, "Expected metric, received `None`");
    const kt_object *o = kt_object_make(&m->arena, "metric", v, &m->fault);
    if (o && !kt_vec_push(to, (void *)(uintptr_t)o))
        kt_raise_memory(&m->fault);
    return m->fault.e.status;
}

/* One output takes all metrics, however they are nested, and whatever a dict calls it. */
static kt_status add_all_metrics(kt_model *m, kt_vec *to, const kt_value *v)
{
    if (kt_is_none(v))
        return KT_OK;
    if (is_object(v))
        return add_metric(m, to, v);
    for (size_t k = 0; k < v->n; k++)
        if ((kt_is_none(v->items[k]) ? add_metric(m, to, v->items[k])
                                     : add_all_metrics(m, to, v->items[k])) != KT_OK)
            break;
    return m->fault.e.status;
}

static kt_status settle_metrics(kt_model *m, int i, const kt_value *v, kt_vec *to, const char *what)
{
    if (kt_is_none(v))
        return KT_OK;
    if (is_object(v)) {
        kt_str text = {0};
        kt_value_repr(&text, v);
        kt_raise(
            &m->fault, KT_E_VALUE,
            "Expected `%s` argument to be a list, tuple, or dict. Received instead: %s=%s of type <class 'str'>",
            what, what, v->kind == KT_STR ? v->s : kt_str_text(&text));
        kt_str_free(&text);
        return m->fault.e.status;
    }
    if (m->n_targets == 1)
        return add_all_metrics(m, to, v);
    if (kt_value_is_seq(v) && (int)v->n != m->n_targets)
        return kt_raise(
            &m->fault, KT_E_VALUE,
            "For a model with multiple outputs, when providing the `%s` argument as a list, it should have as many entries as the model has outputs.",
            what);
    return add_all_metrics(m, to, part_of(m, v, i));
}

static double weight_of(const kt_model *m, int i)
{
    const kt_value *v = kt_value_get(m->compile_config, "loss_weights");
    double          w = 1;

    if (!kt_is_none(v))
        (void)kt_value_number(kt_value_is_seq(v) || v->kind == KT_DICT ? part_of(m, v, i) : v, &w);
    return w;
}

kt_status kt_targets_settle(kt_model *m)
{
    const kt_value *loss = kt_value_get(m->compile_config, "loss");

    if (m->n_targets > 0)
        return m->fault.e.status;
    m->n_targets = kt_model_outputs(m);
    for (int i = 0; i < m->n_targets; i++)
        m->target[i].name = kt_model_output_name(m, i);
    check_losses(m, loss, kt_value_get(m->compile_config, "loss_weights"));
    for (int i = 0; i < m->n_targets && m->fault.e.status == KT_OK; i++) {
        kt_target *t = &m->target[i];
        t->weight = weight_of(m, i);
        settle_loss(m, i, loss);
    }
    return m->fault.e.status;
}

/* After the losses have had their say. */
static kt_status settle_all_metrics(kt_model *m)
{
    static const char *const keys[] = {"metrics", "weighted_metrics"};

    for (int i = 0; i < m->n_targets && !m->metrics_settled; i++)
        for (size_t k = 0; k < KT_COUNT(keys) && m->fault.e.status == KT_OK; k++)
            settle_metrics(m, i, kt_value_get(m->compile_config, keys[k]),
                           k == 0 ? &m->target[i].metrics : &m->target[i].weighted, keys[k]);
    m->metrics_settled = true;
    return m->fault.e.status;
}

/* --- trackers: running means of losses -------------------------------------------------------- */

static kt_metric *tracker(kt_model *m, const char *name)
{
    for (size_t i = 0; i < m->trackers.n; i++)
        if (kt_streq(((kt_metric *)m->trackers.at[i])->name, name))
            return m->trackers.at[i];
    kt_value        *v = kt_value_str(&m->arena, "Mean");
    const kt_object *o = v ? kt_object_make(&m->arena, "metric", v, &m->fault) : NULL;
    kt_metric       *t = o ? kt_metric_new(o, kt_arena_strdup(&m->arena, name), &m->fault) : NULL;
    if (!t || kt_mean_build(t, NULL, NULL, &m->fault) != KT_OK || !kt_vec_push(&m->trackers, t)) {
        kt_metric_free(t);
        kt_raise_memory(&m->fault);
        return NULL;
    }
    t->built = true;
    return t;
}

/* A running mean in which every batch counts `size`. */
static void track(kt_model *m, kt_step *s, const char *name, kt_node *value, int64_t size)
{
    kt_metric *t = tracker(m, name);

    if (t)
        kt_mean_update(s->graph, t, value,
                       kt_scalar(s->graph, size == KT_UNKNOWN ? 1.0 : (double)size), NULL);
    else
        kt_fault_copy(s->graph->fault, &m->fault);
}

/* --- emitting --------------------------------------------------------------------------------- */

static void emit_metrics(kt_model *m, kt_step *s, kt_target *t, const kt_vec *asked, kt_vec *live,
                         kt_node *y, kt_node *pred, kt_node *mask, bool weighted)
{
    kt_graph *g = s->graph;

    for (size_t i = 0; i < asked->n && !kt_graph_failed(g); i++) {
        if (i >= live->n) {
            const kt_object *o = kt_metric_resolve(&m->arena, asked->at[i], y, pred, g->fault);
            kt_metric *fresh = o ? kt_metric_new(o, kt_metric_key(m, t, i, weighted), g->fault)
                                 : NULL;
            if (!fresh || !kt_vec_push(live, fresh)) {
                kt_metric_free(fresh);
                kt_raise_memory(g->fault);
                return;
            }
        }
        kt_metric *metric = live->at[i];
        if (!metric->built && metric->type->build &&
            metric->type->build(metric, y, pred, g->fault) != KT_OK)
            return;
        metric->built = true;
        metric->type->update(g, metric, y, pred, weighted ? s->weight : NULL, mask);
    }
}

static kt_node *target_loss(kt_model *m, kt_step *s, int i, kt_call *c)
{
    kt_target *t = &m->target[i];
    kt_node   *value = kt_loss_value(s->graph, t->loss, s->y[i], s->out[i], s->weight,
                                     c->out_mask[i]);

    if (m->n_targets > 1)
        track(m, s, kt_arena_printf(&m->arena, "%s_loss", t->name), value,
              1); /* not by its size, as in Keras */
    return t->weight != 1 ? kt_mul_scalar(s->graph, value, t->weight) : value;
}

static kt_node *sum(kt_graph *g, kt_node *total, kt_node *x)
{
    return total ? kt_add(g, total, x) : x;
}

static kt_node *regularization(kt_model *m, kt_step *s, kt_trace *t, kt_node *total)
{
    kt_vec weights = {0};

    if (kt_collect_weights(m->root, true, false, &weights) != KT_OK)
        kt_raise_memory(s->graph->fault);
    for (size_t i = 0; i < weights.n; i++) {
        kt_variable *v = weights.at[i];
        kt_node     *p = v->regularizer
                           ? kt_penalty(s->graph, v->regularizer, kt_read(s->graph, v), &m->arena)
                           : NULL;
        if (p)
            total = sum(s->graph, total, p);
    }
    kt_vec_free(&weights);
    for (size_t i = 0; i < t->losses.n; i++)
        total = sum(s->graph, total, t->losses.at[i]);
    return total;
}

/* Of several losses for one output Keras shows them all in the history, as zeros, and trains
 * with the first. */
static void track_further_losses(kt_model *m)
{
    const kt_value *v = kt_value_get(m->compile_config, "loss");
    bool            named = !kt_streq(m->root->type->cls.class_name, "Sequential");

    if (m->n_targets != 1 || !kt_value_is_seq(v) || v->n < 2)
        return;
    for (size_t i = 0; i < v->n; i++) {
        const kt_object *o = kt_is_none(v->items[i])
                               ? NULL
                               : kt_object_make(&m->arena, "loss", v->items[i], &m->fault);
        if (o)
            tracker(m, kt_arena_printf(&m->arena, "%s_loss",
                                       named ? m->target[0].name : kt_object_key(m, o)));
    }
}

static void choose_losses(kt_model *m, const kt_step *s)
{
    for (int i = 0; i < m->n_targets && i < s->key.n_y; i++)
        if (m->target[i].loss_by_shape && !m->target[i].loss)
            m->target[i].loss = kt_crossentropy_for(&m->arena, s->y[i], s->out[i], s->graph->fault);
}

kt_node *kt_targets_emit(kt_model *m, kt_step *s, kt_trace *t, kt_call *c)
{
    kt_graph *g = s->graph;
    kt_node  *total = NULL;

    if (kt_targets_settle(m) != KT_OK) {
        kt_fault_copy(g->fault, &m->fault);
        return g->poison;
    }
    choose_losses(m, s);
    if (s->key.n_y == 0 && m->n_targets > 0 && (m->target[0].loss || m->target[0].loss_by_shape)) {
        kt_raise(g->fault, KT_E_VALUE, "None values not supported.");
        return g->poison;
    }
    for (int i = 0; i < m->n_targets && i < s->key.n_y; i++)
        if (m->target[i].loss)
            total = sum(g, total, target_loss(m, s, i, c));
    total = regularization(m, s, t, total);
    if (!total) {
        kt_raise(g->fault, KT_E_VALUE,
                 "No loss to compute. Provide a `loss` argument in `compile()`.");
        return g->poison;
    }
    track(m, s, "loss", total, s->key.rows);
    track_further_losses(m);
    if (settle_all_metrics(m) != KT_OK) {
        kt_fault_copy(g->fault, &m->fault);
        return g->poison;
    }
    for (int i = 0; i < m->n_targets && i < s->key.n_y; i++) {
        kt_target *target = &m->target[i];
        emit_metrics(m, s, target, &target->metrics, &target->live, s->y[i], s->out[i],
                     c->out_mask[i], false);
        emit_metrics(m, s, target, &target->weighted, &target->live_weighted, s->y[i], s->out[i],
                     c->out_mask[i], true);
    }
    return total;
}

/* --- numbers ---------------------------------------------------------------------------------- */

typedef void (*visit_metric)(kt_metric *m, void *with);

static void each_metric(kt_model *m, visit_metric f, void *with)
{
    for (size_t i = 0; i < m->trackers.n; i++)
        f(m->trackers.at[i], with);
    for (int k = 0; k < m->n_targets; k++) {
        for (size_t i = 0; i < m->target[k].live.n; i++)
            f(m->target[k].live.at[i], with);
        for (size_t i = 0; i < m->target[k].live_weighted.n; i++)
            f(m->target[k].live_weighted.at[i], with);
    }
}

static void reset_one(kt_metric *metric, void *with)
{
    (void)with;
    kt_metric_reset(metric);
}

void kt_targets_reset(kt_model *m)
{
    each_metric(m, reset_one, NULL);
}

typedef struct reading {
    kt_history *h;
    const char *prefix;
    int         epoch;
    bool        ok;
} reading;

static void read_one(kt_metric *metric, void *with)
{
    reading *r = with;
    double   v[64];
    int      n = 0;
    kt_str   key = {0};

    metric->type->result(metric, v, &n, (int)KT_COUNT(v));
    kt_str_printf(&key, "%s%s", r->prefix, metric->name);
    double mean = 0; /* a metric of several numbers is kept as their mean in the history */
    for (int i = 0; i < n; i++)
        mean += v[i] / n;
    r->ok = kt_history_set(r->h, kt_str_text(&key), r->epoch, n == 1 ? v[0] : mean) && r->ok &&
            !key.failed;
    kt_str_free(&key);
}

kt_status kt_targets_result(kt_model *m, kt_history *h, const char *prefix, int epoch)
{
    reading r = {h, prefix, epoch, true};

    each_metric(m, read_one, &r);
    return r.ok ? KT_OK : kt_raise_memory(&m->fault);
}

static void free_one(kt_metric *metric, void *with)
{
    (void)with;
    kt_metric_free(metric);
}

void kt_targets_clear(kt_model *m)
{
    each_metric(m, free_one, NULL);
    kt_vec_free(&m->trackers);
    for (int k = 0; k < KT_MAX_OUTPUTS; k++) {
        kt_vec_free(&m->target[k].metrics);
        kt_vec_free(&m->target[k].weighted);
        kt_vec_free(&m->target[k].live);
        kt_vec_free(&m->target[k].live_weighted);
        m->target[k] = (kt_target){0};
    }
    m->n_targets = 0;
    m->metrics_settled = false;
}
