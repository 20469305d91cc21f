/* step.c - from the model and a batch's shapes to a plan: trace, differentiate, optimise, plan. */
#include "model/step.h"

#include <string.h>

#include "nn/container.h"
#include "passes/passes.h"

/* --- keys ------------------------------------------------------------------------------------- */

static kt_shape with_batch(const kt_tensor *t, int64_t rows)
{
    kt_shape s = t->shape;

    if (s.rank > 0)
        s.dim[0] = rows;
    return s;
}

/* What Keras hands to the step: floats as float32, integers and booleans as they are. */
static kt_dtype step_dtype(kt_dtype d)
{
    return kt_dtype_is_float(d) ? KT_F32 : d;
}

void kt_step_key_of(const kt_model *m, const kt_data *d, kt_purpose purpose, int64_t rows,
                    kt_step_key *key)
{
    memset(key, 0, sizeof *key);
    key->purpose = purpose;
    key->rows = rows;
    key->n_x = d->n_x;
    for (int i = 0; i < d->n_x; i++)
        key->x[i] = with_batch(d->x[i].t, rows);
    key->n_y = purpose == KT_PREDICT ? 0 : d->n_y;
    for (int i = 0; i < key->n_y; i++) {
        key->y[i] = with_batch(d->y[i].t, rows);
        key->y_dtype[i] = step_dtype(d->y[i].t->dtype);
        if (d->y[i].weight)
            key->weight[i] = with_batch(d->y[i].weight, rows);
    }
    key->data = d;
    key->y_named = key->n_y > 1 && key->n_y == kt_model_outputs(m) &&
                   kt_columns_named(d->y, d->n_y);
    for (int i = 0; i < key->n_y && key->y_named; i++) /* in order: see kt_arrange */
        if (kt_streq(d->y[i].name, kt_output_key(m, i)))
            key->y_named = i + 1 < key->n_y;
        else
            break;
}

/* --- tracing ---------------------------------------------------------------------------------- */

static kt_dtype input_dtype(const kt_model *m, int i)
{
    const kt_container *c = kt_container_of(m->root);

    return c && c->ready && i < c->n_in ? kt_symbol_result(c->in[i])->dtype : KT_F32;
}

static void place_inputs(kt_model *m, kt_step *s)
{
    const kt_step_key *k = &s->key;
    kt_graph          *g = s->graph;

    for (int i = 0; i < k->n_x; i++)
        s->x[i] = kt_placeholder(g, "x", input_dtype(m, i), k->x[i]);
    for (int i = 0; i < k->n_y; i++) {
        s->y[i] = kt_placeholder(g, "y", k->y_dtype[i], k->y[i]);
        if (k->weight[i].rank > 0)
            s->weight[i] = kt_placeholder(g, "sample_weight", KT_F32, k->weight[i]);
    }
}

/* The forward pass of the outermost model; the call is in the graph's arena. NULL on failure. */
static kt_call *forward(kt_model *m, kt_step *s, kt_trace *t)
{
    kt_graph *g = s->graph;
    kt_call  *c = kt_arena_alloc(&g->arena, sizeof *c);
    kt_node **io = kt_arena_calloc(&g->arena, (size_t)s->key.n_x * 2 + 2, sizeof *io);

    if (!c || !io) {
        kt_raise_memory(g->fault);
        return NULL;
    }
    memcpy(io, s->x, (size_t)s->key.n_x * sizeof *io);
    *c = (kt_call){.t = t,
                   .g = g,
                   .training = t->training,
                   .n_in = s->key.n_x,
                   .in = io,
                   .mask = io + s->key.n_x + 1,
                   .list = s->key.n_x > 1};
    kt_layer_call(m->root, c);
    if (kt_graph_failed(g) && s->failure)
        kt_rows_copy(&s->failure->rows, &s->failure->fault.arena, t);
    else if (kt_graph_failed(g) || !m->rows.n)
        kt_rows_keep(m, t);
    if (kt_graph_failed(g))
        return NULL;
    s->n_out = c->n_out < KT_MAX_OUTPUTS ? c->n_out : KT_MAX_OUTPUTS;
    memcpy(s->out, c->out, (size_t)s->n_out * sizeof *s->out);
    return c;
}

static void emit_update(kt_model *m, kt_step *s, kt_node *loss)
{
    kt_graph     *g = s->graph;
    const kt_vec *weights = &m->optimizer->trainable;
    kt_node     **wrt = kt_arena_calloc(&g->arena, weights->n + 1, sizeof *wrt);
    kt_node     **grads = kt_arena_calloc(&g->arena, weights->n + 1, sizeof *grads);

    for (size_t i = 0; wrt && i < weights->n; i++)
        wrt[i] = kt_read(g, weights->at[i]);
    if (!kt_graph_failed(g) && loss->shape.rank > 0) /* reduction None: all values count */
        loss = kt_sum_all(g, loss);
    loss = kt_optimizer_scale_loss(m->optimizer, g, loss);
    if (!wrt || !grads)
        kt_raise_memory(g->fault);
    else if (kt_gradients(g, loss, wrt, (int)weights->n, grads) == KT_OK)
        kt_optimizer_apply(m->optimizer, g, grads, g->fault);
}

static kt_status trace(kt_model *m, kt_step *s)
{
    bool      training = s->key.purpose == KT_TRAIN;
    kt_trace *t = kt_trace_new(s->graph, training, true, s->graph->fault);

    if (!t)
        return s->graph->fault->e.status;
    place_inputs(m, s);
    kt_texts_trace(m->root, t, &s->key, NULL, s->key.n_x, s->x);
    kt_call *c = kt_graph_failed(s->graph) ? NULL : forward(m, s, t);
    for (int i = 0; c && i < s->n_out && s->key.purpose != KT_PREDICT; i++)
        if (s->out[i]->length)
            kt_raise(s->graph->fault, KT_E_NOT_IMPLEMENTED,
                     "Output %d is as long as the data say: there is no loss of it", i);
    if (c && s->key.purpose != KT_PREDICT && !kt_graph_failed(s->graph)) {
        kt_node *loss = kt_targets_emit(m, s, t, c);
        if (training && !s->key.trial && !kt_graph_failed(s->graph))
            emit_update(m, s, loss);
    }
    if (!kt_graph_failed(s->graph)) /* predicting draws nothing that counts */
        kt_trace_finish(t, s->key.purpose != KT_PREDICT);
    kt_trace_free(t);
    return s->graph->fault->e.status;
}

/* --- steps ------------------------------------------------------------------------------------ */

void kt_step_free(kt_step *s)
{
    if (!s)
        return;
    kt_plan_free(s->plan);
    kt_graph_free(s->graph);
    kt_free(s);
}

/* Keeps the outputs, and how long they are where only data say it. */
static void make_plan(kt_step *s, kt_fault *f)
{
    kt_node *keep[2 * KT_MAX_OUTPUTS];
    int      n = 0;

    for (int i = 0; i < s->n_out; i++)
        keep[n++] = s->out[i];
    for (int i = 0; i < s->n_out; i++)
        if (s->out[i]->length)
            keep[n++] = s->out[i]->length;
    if (kt_optimise(s->graph, keep, n) == KT_OK)
        s->plan = kt_plan_new(s->graph, keep, n, f);
}

static size_t footprint(const kt_step *s)
{
    return sizeof *s + (s->graph ? kt_graph_bytes(s->graph) : 0) +
           (s->plan ? kt_plan_footprint(s->plan) : 0);
}

kt_step *kt_step_new(kt_model *m, const kt_step_key *key, kt_fault *f, kt_failure *failure)
{
    kt_step *s = kt_alloc(sizeof *s);

    if (s)
        s->graph = kt_graph_new(f);
    if (!s || !s->graph) {
        kt_raise_memory(f);
        kt_step_free(s);
        return NULL;
    }
    s->key = *key;
    s->failure = failure;
    trace(m, s);
    s->key.data = NULL;
    if (f->e.status == KT_OK && !key->trial)
        make_plan(s, f);
    s->failure = NULL;
    if (f->e.status != KT_OK) {
        kt_step_free(s);
        return NULL;
    }
    if (key->trial) { /* kept only to be known as passed */
        kt_graph_free(s->graph);
        s->graph = NULL;
    }
    s->bytes = footprint(s);
    return s;
}
