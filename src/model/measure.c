/* measure.c - losses and metrics of the outputs as nodes of a step. */
#include "model/step.h"
#include "nn/container.h"

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

/* A running mean in which every batch counts `size`; 0: as Keras counts values without weights. */
static void track(kt_model *m, kt_step *s, const char *name, kt_node *value, int64_t size)
{
    kt_metric *t = tracker(m, name);
    double     weight = size == KT_UNKNOWN ? 1 : (double)size;

    if (t)
        kt_mean_update(s->graph, t, value, size ? kt_scalar(s->graph, weight) : NULL, NULL);
    else
        kt_fault_copy(s->graph->fault, &m->fault);
}

/* --- emitting --------------------------------------------------------------------------------- */

/* The metrics of target i, or those that its samples' weights count for. */
static void emit_metrics(kt_model *m, kt_step *s, int of, kt_node *mask, bool weighted)
{
    kt_graph     *g = s->graph;
    kt_target    *t = &m->target[of];
    const kt_vec *asked = weighted ? &t->weighted : &t->metrics;
    kt_vec       *live = weighted ? &t->live_weighted : &t->live;
    kt_node      *y = s->y[of], *pred = s->out[of];

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
        kt_metric_update(g, metric, y, pred, weighted ? s->weight[of] : NULL, mask);
    }
}

static bool several_losses(const kt_model *m)
{
    int n = 0;

    for (int i = 0; i < m->n_targets; i++)
        n += m->target[i].loss ? 1 + (m->target[i].more != NULL) : 0;
    return n > 1;
}

static kt_node *sum(kt_graph *g, kt_node *total, kt_node *x)
{
    return total ? kt_add(g, total, x) : x;
}

static kt_node *weighted(kt_graph *g, kt_node *value, double weight)
{
    return weight != 1 ? kt_mul_scalar(g, value, weight) : value;
}

/* Of several losses of an output the history shows the last, as they have one name in Keras. */
static kt_node *target_loss(kt_model *m, kt_step *s, int i, kt_call *c)
{
    kt_target *t = &m->target[i];
    kt_graph  *g = s->graph;
    kt_node   *y = s->y[t->y], *weight = s->weight[t->y];
    kt_node   *value = kt_loss_value(g, t->loss, y, s->out[i], weight, c->out_mask[i]);
    kt_node   *total = weighted(g, value, t->weight);

    for (kt_more_loss *more = t->more; more; more = more->next) {
        if (!more->loss)
            more->loss = kt_is_crossentropy(more->asked)
                           ? kt_crossentropy_for(&m->arena, y, s->out[i], g->fault)
                           : kt_object_make(&m->arena, "loss", more->asked, g->fault);
        if (!more->loss)
            return g->poison;
        value = kt_loss_value(g, more->loss, y, s->out[i], weight, c->out_mask[i]);
        total = sum(g, total, weighted(g, value, more->weight));
    }
    if (several_losses(m))
        track(m, s, kt_arena_printf(&g->arena, "%s_loss", t->name), value,
              0); /* not by its size, as in Keras */
    return total;
}

/* Keras packs the loss and the penalties into one tensor, which the values of reduction None do not
 * fit into. */
static kt_node *add_penalty(kt_graph *g, kt_node *total, kt_node *x)
{
    if (!total || kt_graph_failed(g) || total->shape.rank == 0)
        return sum(g, total, x);
    kt_raise(
        g->fault, KT_E_VALUE,
        "Shapes must be equal rank, but are %d and 0\n\tFrom merging shape 0 with other shapes.",
        total->shape.rank);
    return g->poison;
}

static kt_node *regularization(kt_model *m, kt_step *s, kt_trace *t, kt_node *total)
{
    kt_vec weights = {0};

    if (kt_collect_weights(m->root, true, false, &weights) != KT_OK)
        kt_raise_memory(s->graph->fault);
    for (size_t i = 0; i < weights.n; i++) {
        kt_variable *v = weights.at[i];
        kt_node     *p = v->regularizer ? kt_penalty(s->graph, v->regularizer, kt_read(s->graph, v),
                                                     &s->graph->arena)
                                        : NULL;
        if (p)
            total = add_penalty(s->graph, total, p);
    }
    kt_vec_free(&weights);
    for (size_t i = 0; i < t->losses.n; i++)
        total = add_penalty(s->graph, total, t->losses.at[i]);
    return total;
}

/* Of several losses for one output Keras shows them all in the history, as zeros, and trains
 * with the first. */
static void track_further_losses(kt_model *m)
{
    const kt_value *v = kt_value_get(m->compile_config, "loss");
    bool            named = !kt_streq(m->root->type->cls.class_name, "Sequential");
    kt_vec          losses = {0};

    if (m->n_targets != 1 || !kt_value_is_seq(v))
        return;
    if (!kt_add_leaves(&losses, v))
        kt_raise_memory(&m->fault);
    for (size_t i = 0; losses.n > 1 && i < losses.n; i++) {
        const kt_object *o = kt_object_make(&m->arena, "loss", losses.at[i], &m->fault);
        if (o)
            tracker(m, kt_arena_printf(&m->arena, "%s_loss",
                                       named ? m->target[0].name : kt_object_key(m, o)));
    }
    kt_vec_free(&losses);
}

static void choose_losses(kt_model *m, const kt_step *s)
{
    for (int i = 0; i < m->n_targets; i++) {
        kt_target *t = &m->target[i];
        if (t->loss_by_shape && !t->loss && t->y >= 0 && t->y < s->key.n_y)
            t->loss = kt_crossentropy_for(&m->arena, s->y[t->y], s->out[i], s->graph->fault);
    }
}

static bool wants_targets(const kt_model *m)
{
    bool losses = false;

    for (int i = 0; i < m->n_targets; i++)
        losses = losses || m->target[i].loss || m->target[i].loss_by_shape;
    return losses;
}

kt_node *kt_targets_emit(kt_model *m, kt_step *s, kt_trace *t, kt_call *c)
{
    kt_graph *g = s->graph;
    kt_node  *total = NULL;

    if (kt_targets_match(m, &s->key) != KT_OK || kt_targets_settle(m) != KT_OK) {
        kt_fault_copy(g->fault, &m->fault);
        return g->poison;
    }
    choose_losses(m, s);
    if (s->key.n_y == 0 && wants_targets(m)) {
        kt_raise(g->fault, KT_E_VALUE, "None values not supported.");
        return g->poison;
    }
    for (int i = 0; i < m->n_targets; i++)
        if (m->target[i].loss && m->target[i].y >= 0)
            total = sum(g, total, target_loss(m, s, i, c));
    total = regularization(m, s, t, total);
    if (!total) {
        kt_raise(g->fault, KT_E_VALUE,
                 "No loss to compute. Provide a `loss` argument in `compile()`.");
        return g->poison;
    }
    track(m, s, "loss", total, s->key.rows);
    track_further_losses(m);
    if (kt_targets_settle_metrics(m) != KT_OK) {
        kt_fault_copy(g->fault, &m->fault);
        return g->poison;
    }
    if (s->key.n_y == 0 && m->n_targets > 0 &&
        (m->target[0].metrics.n || m->target[0].weighted.n)) {
        kt_raise(g->fault, KT_E_VALUE, "None values not supported.");
        return g->poison;
    }
    for (int i = 0; i < m->n_targets && i < s->key.n_y; i++) {
        emit_metrics(m, s, i, c->out_mask[i], false);
        emit_metrics(m, s, i, c->out_mask[i], true);
    }
    return total;
}
