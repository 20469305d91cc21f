/* container.c - connecting layer calls into a graph, and running it. */
#include "nn/container.h"

#include <string.h>

/* --- order ------------------------------------------------------------------------------------ */

/* Keras orders layers by depth (distance to the outputs), then by first use in a walk back from the
 * outputs. */
typedef struct walk {
    kt_layer           *self;
    kt_vec              nodes;  /* kt_inbound *, every input before its user */
    kt_vec              owners; /* kt_layer * of each */
    kt_vec              open;   /* kt_inbound * on the way: a loop if met again */
    kt_vec              first;  /* kt_layer * in order of first use */
    int                *depth;  /* of nodes */
    const kt_container *c;
    bool                ok;
} walk;

static int index_of(const kt_vec *v, const void *p)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->at[i] == p)
            return (int)i;
    return -1;
}

static bool is_input(const kt_container *c, kt_symbol s)
{
    for (int i = 0; i < c->n_in; i++)
        if (c->in[i].layer == s.layer && c->in[i].node == s.node)
            return true;
    return false;
}

enum { MAX_CHAIN = 4000 }; /* of layers behind one another: the walk is recursive */

static void visit(walk *w, kt_symbol s, int level)
{
    kt_inbound *b = s.node >= 0 && s.layer && (size_t)s.node < s.layer->inbound.n
                      ? s.layer->inbound.at[s.node]
                      : NULL;

    if (!w->ok || (b && index_of(&w->nodes, b) >= 0))
        return;
    if (!b || level > MAX_CHAIN || index_of(&w->open, b) >= 0) {
        kt_layer_fail(
            w->self, KT_E_VALUE,
            "The graph of model '%s' has a loop, a missing layer or more than %d layers in a row",
            w->self->name, MAX_CHAIN);
        w->ok = false;
        return;
    }
    if (b->n_in == 0 && !is_input(w->c, s)) {
        kt_layer_fail(w->self, KT_E_VALUE,
                      "Graph disconnected: cannot find parent for tensor of layer '%s'",
                      s.layer->name);
        w->ok = false;
        return;
    }
    if (index_of(&w->first, s.layer) < 0)
        w->ok = kt_vec_push(&w->first, s.layer);
    w->ok = w->ok && kt_vec_push(&w->open, b);
    for (int i = 0; w->ok && i < b->n_in && !is_input(w->c, s); i++)
        visit(w, b->in[i], level + 1);
    if (w->open.n)
        w->open.n--;
    w->ok = w->ok && kt_vec_push(&w->nodes, b) && kt_vec_push(&w->owners, s.layer);
}

static int layer_depth(const walk *w, const kt_layer *l)
{
    int d = 0;

    for (size_t i = 0; i < w->nodes.n; i++)
        if (w->owners.at[i] == l && w->depth[i] > d)
            d = w->depth[i];
    return d;
}

static void measure_depths(walk *w)
{
    for (size_t k = w->nodes.n; k-- > 0;) {
        const kt_inbound *b = w->nodes.at[k];
        int               d = layer_depth(w, w->owners.at[k]);

        w->depth[k] = d > w->depth[k] ? d : w->depth[k];
        for (int i = 0; i < b->n_in; i++) {
            int at = index_of(&w->nodes, b->in[i].layer->inbound.at[b->in[i].node]);
            if (at >= 0 && w->depth[at] < w->depth[k] + 1)
                w->depth[at] = w->depth[k] + 1;
        }
    }
}

static void order_visits(const walk *w, kt_container *c, int deepest)
{
    int n = 0;

    for (int d = deepest; d >= 0; d--)
        for (int k = c->n_visits; k-- > 0;)
            if (w->depth[k] == d)
                c->order[n++] = k;
}

static bool place_layers(walk *w, kt_container *c)
{
    int deepest = 0;

    c->layers = kt_arena_calloc(&w->self->arena, w->first.n + (size_t)c->n_in, sizeof *c->layers);
    c->visits = kt_arena_calloc(&w->self->arena, w->nodes.n + 1, sizeof *c->visits);
    c->order = kt_arena_calloc(&w->self->arena, w->nodes.n + 1, sizeof *c->order);
    if (!c->layers || !c->visits || !c->order)
        return false;
    for (size_t i = 0; i < w->first.n; i++) {
        int d = layer_depth(w, w->first.at[i]);
        deepest = d > deepest ? d : deepest;
    }
    c->n_layers = 0;
    for (int d = deepest; d >= 0; d--) {
        for (int i = 0; d == 0 && i < c->n_in;
             i++) /* inputs that nothing uses come first at the end */
            if (index_of(&w->first, c->in[i].layer) < 0)
                c->layers[c->n_layers++] = c->in[i].layer;
        for (size_t i = 0; i < w->first.n; i++)
            if (layer_depth(w, w->first.at[i]) == d)
                c->layers[c->n_layers++] = w->first.at[i];
    }
    c->n_visits = 0;
    for (size_t k = 0; k < w->nodes.n; k++) {
        kt_layer *l = w->owners.at[k];
        c->visits[c->n_visits].layer = l;
        c->visits[c->n_visits++].node = index_of(&l->inbound, w->nodes.at[k]);
    }
    order_visits(w, c, deepest);
    return true;
}

static bool called_before(const kt_container *c, int visit, const char *name)
{
    for (int i = 0; i < visit; i++)
        if (c->visits[i].layer != c->visits[visit].layer &&
            kt_streq(c->visits[i].layer->name, name))
            return true;
    return false;
}

static void rename_layer(kt_layer *l, const char *name)
{
    l->name = name;
    for (size_t i = 0; i < l->weights.n; i++) {
        kt_variable *v = l->weights.at[i];
        const char  *path = kt_arena_printf(&l->arena, "%s/%s", name, v->name);
        v->path = path ? path : v->path;
    }
}

/* Layers without a name of the user's own are told apart in the order of their calls: dense,
 * dense_1, dense_2. */
static void settle_names(kt_container *c)
{
    for (int i = 0; i < c->n_visits; i++) {
        kt_layer   *l = c->visits[i].layer;
        const char *base = l->name, *name = base;
        if (l->named || !called_before(c, i, base))
            continue;
        for (int k = 1; name && called_before(c, i, name); k++)
            name = kt_arena_printf(&l->arena, "%s_%d", base, k);
        if (name)
            rename_layer(l, name);
    }
}

static kt_status check_names(kt_layer *l, const kt_container *c)
{
    for (int i = 0; i < c->n_layers; i++) {
        int same = 0;
        for (int j = 0; j < c->n_layers; j++)
            same += kt_streq(c->layers[i]->name, c->layers[j]->name);
        if (same != 1)
            return kt_layer_fail(
                l, KT_E_VALUE,
                "The name \"%s\" is used %d times in the model. All operation names should be unique.",
                c->layers[i]->name, same);
    }
    return KT_OK;
}

kt_status kt_container_connect(kt_layer *l, kt_container *c)
{
    walk w = {.self = l, .c = c, .ok = true};

    for (int i = 0; i < c->n_out && w.ok; i++)
        visit(&w, c->out[i], 0);
    w.depth = w.ok ? kt_calloc(w.nodes.n + 1, sizeof *w.depth) : NULL;
    if (w.depth) {
        measure_depths(&w);
        w.ok = place_layers(&w, c);
    }
    if (!w.ok || !w.depth)
        kt_raise_memory(&l->fault); /* if nothing else was said yet */
    kt_free(w.depth);
    kt_vec_free(&w.nodes);
    kt_vec_free(&w.owners);
    kt_vec_free(&w.open);
    kt_vec_free(&w.first);
    if (kt_layer_status(l) == KT_OK) {
        settle_names(c);
        check_names(l, c);
    }
    c->ready = kt_layer_status(l) == KT_OK;
    return kt_layer_status(l);
}

/* --- inputs of a call ------------------------------------------------------------------------- */

/* Data as Keras has converted them to the type of the input, else what stands for them. */
static const char *input_text(kt_call *call, int i, kt_dtype dtype, kt_str *text)
{
    const kt_node *x = call->in[i];
    kt_tensor     *data = call->t->data && call->t->data[i] && call->t->depth <= 1
                            ? kt_tensor_cast(call->t->data[i], dtype)
                            : NULL;

    if (data) {
        kt_tensor_print(text, data);
        kt_tensor_unref(data);
    } else {
        kt_str_printf(text, "Tensor(\"data%s:0\", shape=", i ? "_1" : "");
        kt_shape_print(text, &x->shape);
        kt_str_printf(text, ", dtype=%s)", kt_dtype_name(x->dtype));
    }
    return kt_str_text(text);
}

/* Keras' _adjust_input_rank: a trailing axis of 1 is added or dropped, any other rank is
 * refused. */
static kt_node *adjust_rank(kt_container *c, kt_call *call, int i)
{
    const kt_result *want = kt_symbol_result(c->in[i]);
    kt_node         *x = call->in[i];
    int              rank = want->shape.rank, got = x->shape.rank;
    kt_graph        *g = call->g;

    if (got == rank)
        return x;
    if (got == rank + 1 && x->shape.dim[got - 1] == 1)
        return kt_squeeze(g, x, -1);
    if (got == rank - 1 && want->shape.dim[rank - 1] == 1)
        return kt_expand_dims(g, x, -1);

    kt_str text = {0}, path = {0};
    if (c->in_keys && c->in_keys[i])
        kt_str_add(&path, c->in_keys[i]);
    else if (c->in_form)
        kt_str_printf(&path, "%d", i);
    kt_raise(
        g->fault, KT_E_VALUE,
        "Invalid input shape for input %s with name '%s' and path '%s'. Expected shape %s, but input has incompatible shape %s",
        input_text(call, i, want->dtype, &text), c->in[i].layer->name, kt_str_text(&path),
        kt_shape_text(&g->arena, &want->shape), kt_shape_text(&g->arena, &x->shape));
    kt_fault_brief(g->fault, kt_str_text(&text));
    kt_fault_layer(g->fault, c->inner);
    kt_fault_axis(g->fault, i, -1, rank, got);
    kt_str_free(&text);
    kt_str_free(&path);
    return g->poison;
}

static bool same_as_declared(const kt_container *c, const kt_call *call)
{
    for (int i = 0; i < c->n_in; i++)
        if (!kt_shape_equal(&kt_symbol_result(c->in[i])->shape, &call->in[i]->shape))
            return false;
    return true;
}

static kt_node *standard_input(kt_container *c, kt_call *call, int i)
{
    const kt_result *want = kt_symbol_result(c->in[i]);
    kt_node         *x = call->in[i];

    if (!want)
        return call->g->poison;
    if (call->t->eager)
        x = adjust_rank(c, call, i);
    return kt_cast(call->g, x, want->dtype);
}

/* --- running ---------------------------------------------------------------------------------- */

typedef struct value {
    int       n;
    kt_node **out, **mask;
} value;

typedef struct running {
    kt_container *c;
    kt_call      *call;
    kt_map        values; /* kt_inbound * -> value * */
} running;

static value *value_of(running *r, kt_symbol s)
{
    return kt_map_get(&r->values, s.layer->inbound.at[s.node]);
}

static value *new_value(running *r, kt_inbound *b)
{
    kt_arena *a = &r->call->g->arena;
    value    *v = kt_arena_alloc(a, sizeof *v);
    kt_node **io = kt_arena_calloc(a, 2 * (size_t)b->n_out + 1, sizeof *io);

    if (v && io)
        *v = (value){b->n_out, io, io + b->n_out};
    if (!v || !io || !kt_map_set(&r->values, b, v)) {
        kt_raise_memory(r->call->g->fault);
        return NULL;
    }
    return v;
}

/* A tensor that was cast on its way in keeps its mask: Keras took it off the copy. */
static void end_masks(running *r, const kt_visit *at)
{
    const kt_inbound *b = at->layer->inbound.at[at->node];

    for (int i = 0; i < b->n_in; i++) {
        value *from = value_of(r, b->in[i]);
        if (from->out[b->in[i].index]->dtype == at->layer->dtype)
            from->mask[b->in[i].index] = NULL;
    }
}

static void run_visit(running *r, const kt_visit *at)
{
    kt_graph   *g = r->call->g;
    kt_inbound *b = at->layer->inbound.at[at->node];
    kt_call    *c = kt_arena_alloc(&g->arena, sizeof *c);
    kt_node   **io = kt_arena_calloc(&g->arena, (size_t)(b->n_in + 1) * 2, sizeof *io);
    value      *v = new_value(r, b);

    if (!c || !io || !v) {
        kt_raise_memory(g->fault);
        return;
    }
    for (int i = 0; i < b->n_in; i++) {
        value *from = value_of(r, b->in[i]);
        if (!from || b->in[i].index >= from->n || !from->out[b->in[i].index]) {
            kt_raise(g->fault, KT_E_VALUE,
                     "Layer '%s' uses an output that layer '%s' does not have", at->layer->name,
                     b->in[i].layer->name);
            return;
        }
        io[i] = from->out[b->in[i].index];
        io[b->n_in + 1 + i] = from->mask[b->in[i].index];
    }
    *c = (kt_call){.t = r->call->t,
                   .g = g,
                   .training = r->call->training,
                   .n_in = b->n_in,
                   .in = io,
                   .mask = io + b->n_in + 1,
                   .list = b->list,
                   .args = b->args,
                   .kwargs = b->kwargs};
    kt_call_keywords(at->layer, c);
    if (kt_layer_call(at->layer, c) != KT_OK)
        return;
    for (int k = 0; k < c->n_out && k < v->n; k++) {
        v->out[k] = c->out[k];
        v->mask[k] = c->out_mask[k];
    }
    if (at->layer->type->flags & KT_LAYER_ENDS_MASKS)
        end_masks(r, at);
}

static void set_inputs(running *r)
{
    for (int i = 0; i < r->c->n_in; i++) {
        kt_symbol s = r->c->in[i];
        value    *v = value_of(r, s);

        if (!v)
            v = new_value(r, s.layer->inbound.at[s.node]);
        if (!v)
            return;
        v->out[s.index] = standard_input(r->c, r->call, i);
        v->mask[s.index] = r->call->mask ? r->call->mask[i] : NULL;
    }
}

static void get_outputs(running *r)
{
    kt_call *call = r->call;

    call->n_out = r->c->n_out < KT_MAX_IO ? r->c->n_out : KT_MAX_IO;
    for (int i = 0; i < call->n_out; i++) {
        value *v = value_of(r, r->c->out[i]);
        call->out[i] = v && v->out[r->c->out[i].index] ? v->out[r->c->out[i].index]
                                                       : call->g->poison;
        call->out_mask[i] = v ? v->mask[r->c->out[i].index] : NULL;
    }
}

void kt_container_call(kt_layer *l, kt_container *c, kt_call *call)
{
    running r = {.c = c, .call = call};
    bool    lenient = call->t->lenient;

    call->n_out = 1;
    call->out[0] = call->g->poison;
    if (call->n_in != c->n_in) {
        kt_raise(call->g->fault, KT_E_VALUE,
                 "Layer \"%s\" expects %d input(s), but it received %d input tensors.", l->name,
                 c->n_in, call->n_in);
        return;
    }
    if (!call->t->eager && !same_as_declared(c, call))
        call->t->lenient = true;
    call->g->lenient = call->t->lenient;
    set_inputs(&r);
    for (int i = 0; i < c->n_visits && !kt_graph_failed(call->g); i++) {
        const kt_visit *at = &c->visits[c->order[i]];
        if (!is_input(c, (kt_symbol){at->layer, at->node, 0}))
            run_visit(&r, at);
    }
    if (!kt_graph_failed(call->g))
        get_outputs(&r);
    call->t->lenient = lenient;
    call->g->lenient = lenient;
    kt_map_free(&r.values);
}
