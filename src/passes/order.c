/* order.c - dependencies between the nodes of a graph: data, reads and stores of the same variable,
 * and what a choice decides before the nodes that it leaves out. */
#include "passes/order.h"

#include "graph/op.h"

typedef struct edge {
    int from, to;
} edge;

typedef struct edges {
    edge  *at;
    size_t n, cap;
    bool   failed;
} edges;

static void add_edge(edges *e, int from, int to)
{
    if (e->n == e->cap) {
        size_t cap = e->cap ? 2 * e->cap : 256;
        edge  *at = kt_realloc(e->at, cap * sizeof *at);

        if (!at) {
            e->failed = true;
            return;
        }
        e->at = at;
        e->cap = cap;
    }
    e->at[e->n++] = (edge){from, to};
}

static const kt_variable *block_of(const kt_variable *v)
{
    while (v->block)
        v = v->block;
    return v;
}

bool kt__same_memory(const kt_variable *a, const kt_variable *b)
{
    uintptr_t x, z;

    if (a == b || block_of(a) != block_of(b))
        return a == b;
    if (!a->value || !b->value)
        return true;
    x = (uintptr_t)a->value->data;
    z = (uintptr_t)b->value->data;
    return x < z + (uintptr_t)b->value->count * kt_dtype_size(b->dtype) &&
           z < x + (uintptr_t)a->value->count * kt_dtype_size(a->dtype);
}

kt_variable **kt__variables_of(const kt_graph *g)
{
    kt_variable **var = kt_calloc(g->nodes.n + 1, sizeof *var);

    for (size_t id = 0; var && id < g->nodes.n; id++) {
        const kt_node *n = g->nodes.at[id];
        var[id] = n->op->flags & KT_OP_ALIAS ? var[n->in[0]->id] : n->var;
    }
    return var;
}

static void data_edges(const kt_graph *g, edges *e)
{
    for (int id = 0; id < (int)g->nodes.n; id++) {
        const kt_node *n = g->nodes.at[id];
        for (int i = 0; !n->part_index && i < n->n_in; i++)
            add_edge(e, kt__owner(g, n->in[i]->id), id);
    }
}

/* Edges between node id and the assign nodes whose memory it reads (var) or, an assign node itself,
 * stores in. */
static void memory_edges(int id, const kt_variable *var, const kt_vec *assigns, edges *e)
{
    for (size_t i = 0; i < assigns->n; i++) {
        const kt_node *a = assigns->at[i];
        if (a->id != id && kt__same_memory(var, a->var))
            add_edge(e, id < a->id ? id : a->id, id < a->id ? a->id : id);
    }
}

static void variable_edges(const kt_graph *g, kt_variable *const *var, edges *e)
{
    kt_vec assigns = {0};

    for (size_t id = 0; id < g->nodes.n && !e->failed; id++) {
        kt_node *n = g->nodes.at[id];
        if (n->op != &kt_op_assign)
            continue;
        memory_edges(n->id, n->var, &assigns, e); /* those before it: each pair once */
        e->failed |= !kt_vec_push(&assigns, n);
    }
    for (size_t id = 0; id < g->nodes.n && !e->failed; id++) {
        const kt_node *n = g->nodes.at[id];
        for (int i = 0; i < n->n_in && !n->part_index; i++)
            if (var[n->in[i]->id])
                memory_edges(n->id, var[n->in[i]->id], &assigns, e);
    }
    kt_vec_free(&assigns);
}

static void fill_edges(const edges *e, size_t begin, size_t end, int *next, int *to)
{
    for (size_t i = begin; i < end; i++)
        to[next[e->at[i].from]++] = e->at[i].to;
}

/* Sorts the edges by the node that they leave; the first n_data of them are data. */
static void arrange(kt__order *o, const edges *e, size_t n_data)
{
    int sum = 0;

    o->first = kt_calloc((size_t)o->n + 2, sizeof *o->first);
    o->data_end = kt_calloc((size_t)o->n + 1, sizeof *o->data_end);
    o->to = kt_calloc(e->n + 1, sizeof *o->to);
    if (!o->first || !o->data_end || !o->to) {
        o->failed = true;
        return;
    }
    for (size_t i = 0; i < e->n; i++)
        o->first[e->at[i].from]++;
    for (int id = 0; id <= o->n; id++) {
        int count = o->first[id];
        o->first[id] = sum;
        sum += count;
    }
    for (int id = 0; id < o->n; id++)
        o->data_end[id] = o->first[id];
    fill_edges(e, 0, n_data, o->data_end, o->to);
}

/* The edges through variables go behind the data edges of each node. */
static bool append_rest(kt__order *o, const edges *e, size_t n_data)
{
    int *next = kt_calloc((size_t)o->n + 1, sizeof *next);

    if (!next)
        return false;
    for (int id = 0; id < o->n; id++)
        next[id] = o->data_end[id];
    fill_edges(e, n_data, e->n, next, o->to);
    kt_free(next);
    return true;
}

static void guard_edges(const kt_graph *g, kt_guard *const *guard, edges *e)
{
    for (int id = 0; guard && id < (int)g->nodes.n; id++)
        for (const kt_guard *q = guard[id]; q; q = q->outer)
            add_edge(e, kt__owner(g, q->choice->in[0]->id), kt__owner(g, id));
}

kt__order kt__order_new(const kt_graph *g, kt_guard *const *guard)
{
    kt__order o = {.n = (int)g->nodes.n, .var = kt__variables_of(g)};
    edges     e = {.failed = !o.var};
    size_t    n_data;

    data_edges(g, &e);
    n_data = e.n;
    guard_edges(g, guard, &e);
    if (o.var)
        variable_edges(g, o.var, &e);
    o.failed = e.failed;
    if (!o.failed)
        arrange(&o, &e, n_data);
    if (!o.failed)
        o.failed = !append_rest(&o, &e, n_data);
    kt_free(e.at);
    return o;
}

void kt__order_free(kt__order *o)
{
    kt_free(o->first);
    kt_free(o->data_end);
    kt_free(o->to);
    kt_free(o->var);
}

bool kt__may_move(const kt__pass *p, const kt_node *from, const kt_node *to)
{
    for (int id = from->id + 1; id < to->id; id++) {
        const kt_node *a = p->g->nodes.at[id];

        for (int i = 0; a->op == &kt_op_assign && i < from->n_in; i++) {
            const kt_variable *v = p->var[from->in[i]->id];
            if (v && kt__same_memory(v, a->var))
                return false;
        }
    }
    return true;
}
