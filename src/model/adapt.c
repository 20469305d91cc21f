/* adapt.c - layers that learn statistics from data before training (Normalization): each sees what
 * the layers before it make of x. */
#include <string.h>

#include "model/step.h"
#include "nn/container.h"

enum { CHUNK = 256 }; /* rows that are run at once */

/* --- the values of one symbol ----------------------------------------------------------------- */

typedef struct probe {
    kt_model      *m;
    const kt_data *d;
    kt_container   part; /* the model's, with the symbol as its only output */
    int64_t        rows;
    kt_tensor     *out;
} probe;

/* The model up to the symbol, on n rows; NULL after a failure. */
static kt_node *trace_part(probe *p, kt_trace *t, int64_t n, kt_node **io)
{
    kt_call *c = kt_arena_alloc(&t->g->arena, sizeof *c);

    if (!c) {
        kt_raise_memory(t->g->fault);
        return NULL;
    }
    for (int i = 0; i < p->d->n_x; i++) {
        kt_shape s = p->d->x[i].t->shape;
        s.dim[0] = n;
        io[i] = kt_placeholder(t->g, "x", kt_model_input_dtype(p->m, i), s);
    }
    *c = (kt_call){.t = t,
                   .g = t->g,
                   .n_in = p->d->n_x,
                   .in = io,
                   .mask = io + KT_MAX_ARRAYS,
                   .list = p->d->n_x > 1};
    kt_tensor *data[KT_MAX_ARRAYS];
    for (int i = 0; i < p->d->n_x; i++)
        data[i] = p->d->x[i].t;
    if (kt_texts_trace(p->m->root, t, NULL, data, p->d->n_x, io) != KT_OK)
        return NULL;
    kt_node *inputs[KT_MAX_ARRAYS];
    memcpy(inputs, io, (size_t)p->d->n_x * sizeof *io);
    kt_container_call(p->m->root, &p->part, c);
    memcpy(io, inputs, (size_t)p->d->n_x * sizeof *io);
    return kt_graph_failed(t->g) ? NULL : c->out[0];
}

static kt_status run_rows(probe *p, kt_plan *plan, kt_node *const *io, const kt_node *y,
                          int64_t begin, int64_t n)
{
    if (!p->out) {
        kt_shape s = y->shape;
        s.dim[0] = p->rows;
        p->out = kt_tensor_new(y->dtype, s);
        if (!p->out)
            return kt_raise_memory(&p->m->fault);
    }
    for (int i = 0; i < p->d->n_x; i++)
        if (kt_plan_data(plan, io[i]))
            kt_gather_rows(p->d->x[i].t, NULL, begin, n, io[i]->dtype, kt_plan_data(plan, io[i]));
    if (!kt_plan_run(plan))
        return kt_plan_refusal(plan, &p->m->fault);
    size_t row = (size_t)(p->out->count / p->rows) * kt_dtype_size(y->dtype);
    memcpy((char *)p->out->data + (size_t)begin * row, kt_plan_data(plan, y), (size_t)n * row);
    return KT_OK;
}

static kt_status run_chunk(probe *p, int64_t begin, int64_t n)
{
    kt_fault *f = &p->m->fault;
    kt_graph *g = kt_graph_new(f);
    kt_trace *t = g ? kt_trace_new(g, false, true, f) : NULL;
    kt_node  *io[KT_MAX_ARRAYS * 2] = {0}, *y = t ? trace_part(p, t, n, io) : NULL;

    if (y && (y->shape.rank == 0 || y->shape.dim[0] != n))
        kt_raise(f, KT_E_VALUE,
                 "a layer before a Normalization layer changes the number of samples");
    kt_plan *plan = y && f->e.status == KT_OK ? kt_plan_new(g, &y, 1, f) : NULL;
    if (plan)
        run_rows(p, plan, io, y, begin, n);
    kt_plan_free(plan);
    kt_trace_free(t);
    kt_graph_free(g);
    return f->e.status;
}

/* All rows of the symbol: [rows, ...]. New reference, or NULL after a failure. */
static kt_tensor *values_of(kt_model *m, const kt_container *c, const kt_data *d, kt_symbol s)
{
    probe p = {.m = m, .d = d, .part = *c, .rows = d->x[0].t->shape.dim[0]};

    for (int i = 0; i < c->n_in; i++) /* an input itself needs no running */
        if (c->in[i].layer == s.layer && d->x[i].t->shape.rank == kt_symbol_result(s)->shape.rank)
            return kt_tensor_ref(d->x[i].t);
    p.part.n_out = 1;
    p.part.out = &s;
    for (int64_t at = 0; at < p.rows && m->fault.e.status == KT_OK; at += CHUNK)
        run_chunk(&p, at, p.rows - at < CHUNK ? p.rows - at : CHUNK);
    if (m->fault.e.status == KT_OK)
        return p.out;
    kt_tensor_unref(p.out);
    return NULL;
}

/* --- layers ----------------------------------------------------------------------------------- */

static bool needs(const kt_layer *l)
{
    return l->type->adapt && (!l->type->needs_adapt || l->type->needs_adapt(l));
}

/* A layer inside another one, which x does not reach by the model's own connections. */
static const kt_layer *hidden(const kt_layer *l)
{
    for (size_t i = 0; i < l->sublayers.n; i++) {
        const kt_layer *sub = l->sublayers.at[i], *found = needs(sub) ? sub : hidden(sub);
        if (found)
            return found;
    }
    return NULL;
}

static kt_status refuse(kt_model *m, const kt_layer *l, const kt_layer *inside)
{
    return kt_raise(&m->fault, KT_E_NOT_IMPLEMENTED,
                    "layer '%s' inside '%s' has no statistics, and they can not be learnt there: "
                    "give it `mean` and `variance`",
                    inside->name, l->name);
}

static kt_status adapt_layer(kt_model *m, const kt_container *c, const kt_data *d, kt_layer *l,
                             int node)
{
    const kt_inbound *b = l->inbound.at[node];

    if (b->n_in < 1)
        return KT_OK;
    kt_tensor *x = values_of(m, c, d, b->in[0]);
    if (x && l->type->adapt(l, x) != KT_OK)
        kt_fault_copy(&m->fault, &l->fault);
    kt_tensor_unref(x);
    return m->fault.e.status;
}

static kt_status check_data(kt_model *m, const kt_container *c, const kt_data *d)
{
    if (d->n_x != c->n_in)
        return kt_raise(&m->fault, KT_E_VALUE, "the model has %d inputs, the data %d", c->n_in,
                        d->n_x);
    if (kt_data_need_numbers(d, &m->fault) != KT_OK || kt_texts_agree(m, d, &m->fault) != KT_OK)
        return m->fault.e.status;
    for (int i = 0; i < d->n_x; i++)
        if (d->x[i].t->shape.rank == 0 || d->x[i].t->shape.dim[0] != d->x[0].t->shape.dim[0])
            return kt_raise(&m->fault, KT_E_VALUE, "input %d has another number of samples", i);
    return KT_OK;
}

static int adapt_all(kt_model *m, const kt_container *c, const kt_data *d)
{
    int n = 0;

    for (int i = 0; i < c->n_visits && m->fault.e.status == KT_OK; i++) {
        kt_layer       *l = c->visits[i].layer;
        const kt_layer *inside = needs(l) ? NULL : hidden(l);
        if (inside)
            refuse(m, l, inside);
        else if (needs(l) && check_data(m, c, d) == KT_OK &&
                 adapt_layer(m, c, d, l, c->visits[i].node) == KT_OK)
            n++;
    }
    return n;
}

/* The sizes of a vocabulary's vectors are known when it is learnt: the first layer of a model that
 * is not built yet learns it before. */
static int adapt_first(kt_model *m, const kt_data *d)
{
    const kt_container *c = kt_container_of(m->root);
    kt_layer *l = c && !c->ready && m->root->sublayers.n ? m->root->sublayers.at[0] : NULL;

    if (!l || !l->type->asset || !needs(l) || kt_data_need_numbers(d, &m->fault) != KT_OK)
        return 0;
    if (l->type->adapt(l, d->x[0].t) != KT_OK)
        kt_fault_copy(&m->fault, &l->fault);
    return 1;
}

int kt_adapt(kt_model *m, const kt_data *x)
{
    kt_shape shapes[KT_MAX_ARRAYS];

    if (kt_model_enter(m, "kt_adapt") != KT_OK)
        return 0;
    if (!x || kt_fault_copy(&m->fault, &x->fault) != KT_OK)
        kt_raise(&m->fault, KT_E_VALUE, "kt_adapt: no data was given");
    if (m->fault.e.status != KT_OK || !x || x->n_x == 0 || !hidden(m->root))
        return 0;
    kt_data d;

    if (kt_arrange(m, x, KT_UNKNOWN, &d, &m->fault) != KT_OK)
        return 0;
    int n = adapt_first(m, &d);
    for (int i = 0; i < d.n_x; i++)
        shapes[i] = d.x[i].t->shape;
    if (m->fault.e.status != KT_OK || kt_model_settle(m, d.n_x, shapes) != KT_OK)
        return 0;
    const kt_container *c = kt_container_of(m->root);
    n += c && c->ready ? adapt_all(m, c, &d) : 0;
    if (n > 0)
        kt_steps_clear(m);
    return n;
}
