/* apply.c - calling layers on symbols: the Functional API. */
#include <string.h>

#include "nn/tracing/operation.h"

const kt_result *kt_symbol_result(kt_symbol s)
{
    if (!s.layer || s.node < 0 || (size_t)s.node >= s.layer->inbound.n)
        return NULL;
    const kt_inbound *in = s.layer->inbound.at[s.node];
    return s.index >= 0 && s.index < in->n_out ? &in->out[s.index] : NULL;
}

static kt_inbound *inbound_new(kt_layer *l, int n, const kt_symbol *in)
{
    kt_inbound *b = kt_arena_alloc(&l->arena, sizeof *b);
    kt_symbol  *copy = kt_arena_calloc(&l->arena, (size_t)(n > 0 ? n : 1), sizeof *copy);

    if (!b || !copy) {
        kt_raise_memory(&l->fault);
        return NULL;
    }
    if (n > 0)
        memcpy(copy, in, (size_t)n * sizeof *in);
    b->in = copy;
    b->n_in = n;
    return b;
}

/* Placeholders for the inputs of a trial call; a mask that the real call would have does not change
 * shapes. */
static kt_call *trial(const kt_layer *l, kt_trace *t, kt_inbound *b)
{
    kt_graph *g = t->g;
    kt_call  *c = kt_arena_alloc(&g->arena, sizeof *c);
    kt_node **io = kt_arena_calloc(&g->arena, (size_t)(b->n_in + 1) * 2, sizeof *io);

    if (!c || !io) {
        kt_raise_memory(g->fault);
        return NULL;
    }
    for (int i = 0; i < b->n_in; i++) {
        const kt_result *r = kt_symbol_result(b->in[i]);
        if (!r) {
            kt_raise(g->fault, KT_E_VALUE, "Input %d of the call is no result of a layer", i);
            return NULL;
        }
        io[i] = kt_placeholder(g, b->in[i].layer->name, r->dtype, r->shape);
    }
    c->t = t;
    c->g = g;
    c->n_in = b->n_in;
    c->in = io;
    c->mask = io + b->n_in + 1;
    c->list = b->list;
    c->args = b->args;
    c->kwargs = b->kwargs;
    kt_call_keywords(l, c);
    return c;
}

static void note_results(kt_layer *l, kt_inbound *b, const kt_call *c)
{
    b->out = kt_arena_calloc(&l->arena, (size_t)c->n_out + 1, sizeof *b->out);
    if (!b->out) {
        kt_raise_memory(&l->fault);
        return;
    }
    b->n_out = c->n_out;
    for (int i = 0; i < b->n_out; i++) {
        b->out[i].dtype = c->out[i]->dtype;
        b->out[i].shape = c->out[i]->shape;
        memcpy(b->out[i].origin, c->out[i]->origin, sizeof b->out[i].origin);
    }
}

static void try_call(kt_layer *l, kt_inbound *b)
{
    kt_graph *g = kt_graph_new(&l->fault);
    kt_trace *t = g ? kt_trace_new(g, false, false, &l->fault) : NULL;
    kt_call  *c = t ? trial(l, t, b) : NULL;

    if (c && kt_layer_call(l, c) == KT_OK && kt_operation_whole(l, c))
        note_results(l, b, c);
    kt_trace_free(t);
    kt_graph_free(g);
}

kt_symbol kt_layer_apply(kt_layer *l, int n, const kt_symbol *in, bool list, const kt_value *args,
                         const kt_value *kwargs)
{
    kt_symbol s = {l, -1, 0};

    if (!l)
        return s;
    for (int i = 0; i < n; i++) /* a failed layer infects what is built on it */
        if (in[i].layer)
            kt_fault_copy(&l->fault, &in[i].layer->fault);
    if (kwargs && kwargs->kind != KT_DICT) { /* a damaged file */
        if (!kt_is_none(kwargs))
            kt_layer_fail(l, KT_E_TYPE, "the keyword arguments of a call must be a dict");
        kwargs = NULL;
    }
    kt_inbound *b = inbound_new(l, n, in);
    if (!b)
        return s;
    b->list = list;
    b->args = args ? kt_value_copy(&l->arena, args) : NULL;
    b->kwargs = kwargs ? kt_value_copy(&l->arena, kwargs) : NULL;
    if ((args && !b->args) || (kwargs && !b->kwargs))
        kt_raise_memory(&l->fault);
    if (kt_layer_status(l) == KT_OK)
        try_call(l, b);
    /* A failed call is kept too: whoever takes the layer finds the layers before it. */
    if (!kt_vec_push(&l->inbound, b))
        kt_raise_memory(&l->fault);
    else if (kt_layer_status(l) == KT_OK)
        s.node = (int)l->inbound.n - 1;
    return s;
}
