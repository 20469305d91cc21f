/* body.c - graphs inside of nodes: making them out of nodes of the graph around, and sharing
 * them. */
#include "graph/op.h"

kt_body *kt_body_new(kt_graph *around)
{
    kt_body *b = kt_alloc(sizeof *b);

    if (b)
        b->g = kt_graph_new(around->fault);
    if (!b || !b->g) {
        kt_free(b);
        kt_raise_memory(around->fault);
        return NULL;
    }
    b->refs = 1;
    b->g->floatx = around->floatx;
    b->g->lenient = around->lenient;
    return b;
}

kt_body *kt_body_ref(kt_body *b)
{
    b->refs++;
    return b;
}

void kt_body_unref(kt_body *b)
{
    if (!b || --b->refs > 0)
        return;
    kt_graph_free(b->g);
    kt_free(b);
}

kt_node *kt_body_input(kt_body *b, kt_dtype dtype, kt_shape shape)
{
    kt_node  *x = kt_placeholder(b->g, "", dtype, shape);
    kt_node **in = kt_arena_calloc(&b->g->arena, (size_t)b->n_in + 1, sizeof(kt_node *));

    if (!in) {
        kt_raise_memory(b->g->fault);
        return b->g->poison;
    }
    for (int i = 0; i < b->n_in; i++)
        in[i] = b->in[i];
    in[b->n_in++] = x;
    b->in = in;
    return x;
}

void kt_body_output(kt_body *b, kt_node *y)
{
    kt_node **out = kt_arena_calloc(&b->g->arena, (size_t)b->n_out + 1, sizeof(kt_node *));

    if (!out) {
        kt_raise_memory(b->g->fault);
        return;
    }
    for (int i = 0; i < b->n_out; i++)
        out[i] = b->out[i];
    out[b->n_out++] = y;
    b->out = out; /* who holds the old list still has what it knew of */
}

/* --- copies ----------------------------------------------------------------------------------- */

static kt_node *copy_constant(kt_graph *to, const kt_node *n)
{
    kt_tensor *t = (kt_tensor *)(uintptr_t)n->constant; /* only its count of references changes */

    return kt_constant(to, kt_tensor_ref(t));
}

static kt_node *copy(kt_graph *to, const kt_map *map, const kt_node *n)
{
    kt_node   **in = kt_arena_calloc(&to->arena, (size_t)n->n_in + 1, sizeof *in), *y;
    const char *scope = to->scope, *own = kt_arena_strdup(&to->arena, n->scope);

    if (!in || !own) {
        kt_raise_memory(to->fault);
        return to->poison;
    }
    for (int i = 0; i < n->n_in; i++)
        in[i] = kt_map_get(map, n->in[i]);
    to->scope = own;
    y = kt_emit(to, n->op, n->attr, n->attr_size, n->n_in, in);
    to->scope = scope;
    return y;
}

bool kt_copy_node(kt_graph *to, kt_map *map, const kt_node *n)
{
    kt_node *y = n->constant ? copy_constant(to, n) : copy(to, map, n);

    for (int k = 0; k < n->n_part; k++)
        if (!kt_map_set(map, n->part[k], kt_part(y, k)))
            kt_raise_memory(to->fault);
    return !kt_graph_failed(to);
}

/* --- outlines --------------------------------------------------------------------------------- */

typedef struct outline {
    kt_graph *g;
    int       first;
    kt_body  *body;
    kt_map    map;      /* node of g -> node of the body */
    kt_vec   *captured; /* nodes of g whose values the body gets, behind its own inputs */
} outline;

/* The node of the body that has x's value. Constants that were made for it are its own. */
static kt_node *inside(outline *o, kt_node *x)
{
    kt_node *y = kt_map_get(&o->map, x);

    if (y)
        return y;
    if (x->constant && x->id >= o->first) {
        kt_copy_node(o->body->g, &o->map, x);
        return kt_map_get(&o->map, x);
    }
    y = kt_body_input(o->body, x->dtype, x->shape);
    if (!kt_map_set(&o->map, x, y) || !kt_vec_push(o->captured, x))
        kt_raise_memory(o->g->fault);
    return y;
}

static bool depends(const kt_node *n, const bool *inner, int first)
{
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i]->id >= first && inner[n->in[i]->id - first])
            return true;
    return false;
}

static void move(outline *o, bool *inner)
{
    int first = o->first;

    for (int id = first; id < (int)o->g->nodes.n && !kt_graph_failed(o->g); id++) {
        kt_node *n = o->g->nodes.at[id];

        inner[id - first] |= depends(n, inner, first);
        if (!inner[id - first] || n->part_index || kt_map_get(&o->map, n))
            continue;
        for (int i = 0; i < n->n_in; i++)
            inside(o, n->in[i]);
        kt_copy_node(o->body->g, &o->map, n);
    }
}

static void take_out(kt_graph *g, int first, const bool *inner)
{
    size_t at = (size_t)first;

    for (size_t id = at; id < g->nodes.n; id++) {
        kt_node *n = g->nodes.at[id];

        if (inner[id - (size_t)first]) {
            n->id = -1;
            continue;
        }
        g->nodes.at[at] = n;
        n->id = (int)at++;
    }
    g->nodes.n = at;
}

kt_body *kt_outline(kt_graph *g, int first, int n_in, kt_node *const *in, int n_out,
                    kt_node *const *out, kt_vec *captured)
{
    outline o = {.g = g, .first = first, .body = kt_body_new(g), .captured = captured};
    bool   *inner = kt_calloc(g->nodes.n + 1, sizeof *inner);
    bool    there = o.body && inner;

    if (!there)
        kt_raise_memory(g->fault);
    for (int i = 0; there && i < n_in && !kt_graph_failed(g); i++) {
        inner[in[i]->id - first] = true;
        if (!kt_map_set(&o.map, in[i], kt_body_input(o.body, in[i]->dtype, in[i]->shape)))
            kt_raise_memory(g->fault);
    }
    if (there && !kt_graph_failed(g))
        move(&o, inner);
    for (int i = 0; there && i < n_out && !kt_graph_failed(g); i++)
        kt_body_output(o.body, inside(&o, out[i]));
    if (there && !kt_graph_failed(g))
        take_out(g, first, inner);
    kt_free(inner);
    kt_map_free(&o.map);
    if (!kt_graph_failed(g))
        return o.body;
    kt_body_unref(o.body);
    return NULL;
}
