/* emit.c - adding nodes to a graph, and rewriting them in place. */
#include "graph/op.h"

#include <string.h>

/* Appends an empty node of n_in inputs and n_part results; NULL without memory. */
static kt_node *append(kt_graph *g, const kt_op_type *op, int n_in, int n_part)
{
    kt_node *n = kt_arena_alloc(&g->arena, sizeof *n);

    if (!n)
        return NULL;
    n->in = kt_arena_calloc(&g->arena, (size_t)n_in + 1, sizeof *n->in);
    n->part = kt_arena_calloc(&g->arena, (size_t)n_part, sizeof *n->part);
    if (!n->in || !n->part || !kt_vec_push(&g->nodes, n))
        return NULL;
    n->op = op;
    n->id = (int)g->nodes.n - 1;
    n->n_in = n_in;
    n->n_part = n_part;
    n->part[0] = n;
    n->scope = g->scope;
    return n;
}

static void set_result(kt_node *n, const kt_result *r)
{
    n->dtype = r->dtype;
    n->shape = r->shape;
    memcpy(n->origin, r->origin, sizeof n->origin);
}

kt_node *kt_add_part(kt_graph *g, kt_node *y, kt_dtype dtype, kt_shape shape)
{
    kt_node **part = kt_arena_calloc(&g->arena, (size_t)y->n_part + 1, sizeof *part);
    kt_node  *p = part ? append(g, &kt_op_part, 1, 1) : NULL;

    if (!p) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    memcpy(part, y->part, (size_t)y->n_part * sizeof *part);
    p->in[0] = y;
    p->part_index = y->n_part;
    p->scope = y->scope;
    p->dtype = dtype;
    p->shape = shape;
    part[y->n_part++] = p;
    y->part = part;
    return p;
}

/* Part nodes follow their owner, so that nothing can read them before it has run. */
static bool append_parts(kt_graph *g, kt_node *y, const kt_op_call *c)
{
    for (int k = 1; k < c->n_out; k++) {
        kt_node *p = append(g, &kt_op_part, 1, 1);

        if (!p)
            return false;
        p->in[0] = y;
        p->part_index = k;
        set_result(p, &c->out[k]);
        y->part[k] = p;
    }
    return true;
}

/* Only ops that say so compute with texts: what TensorFlow says to the others. */
static kt_status check_texts(const kt_op_call *c)
{
    bool takes = c->op->flags & (KT_OP_TEXT | KT_OP_ALIAS);

    for (int i = 0; i < c->n_in && !takes; i++)
        if (c->in[i]->dtype == KT_STRING)
            return kt_streq(c->op->name, "cast")
                     ? kt_raise_no_cast(c->g->fault, KT_STRING, ((const kt_cast_attr *)c->attr)->to)
                     : kt_raise(c->g->fault, KT_E_VALUE,
                                "dtype='string' is not a valid dtype for Keras type promotion.");
    return KT_OK;
}

static kt_status infer(kt_op_call *c)
{
    kt_graph *g = c->g;
    kt_status status = check_texts(c);

    if (c->n_in < c->op->min_in || (c->op->max_in >= 0 && c->n_in > c->op->max_in))
        status = kt_raise(g->fault, KT_E_RUNTIME, "%s: %d inputs", c->op->name, c->n_in);
    else if (status == KT_OK)
        status = c->op->shape(c);
    if (status != KT_OK) {
        char *path = kt_arena_printf(&g->arena, "%s%s%s", g->scope, *g->scope ? "/" : "",
                                     c->op->name);
        kt_fault_path(g->fault, path ? path : c->op->name);
    }
    return status;
}

static const void *copy_attr(kt_graph *g, const void *attr, size_t size)
{
    void *copy = kt_arena_alloc(&g->arena, size ? size : 1);

    if (copy && size)
        memcpy(copy, attr, size);
    return copy;
}

/* Keeps the body that the attributes begin with. */
static bool hold_body(kt_graph *g, const kt_op_type *op, const void *attr)
{
    kt_body *const *body = attr;

    if (!(op->flags & KT_OP_BODY))
        return true;
    if (!kt_vec_push(&g->bodies, *body))
        return false;
    kt_body_ref(*body);
    return true;
}

kt_node *kt_emit(kt_graph *g, const kt_op_type *op, const void *attr, size_t size, int n_in,
                 kt_node *const *in)
{
    kt_op_call  c = {.op = op, .attr = attr, .n_in = n_in, .in = in, .n_out = 1, .g = g};
    const void *kept;
    kt_node    *y;

    if (kt_graph_failed(g))
        return g->poison;
    for (int i = 0; i < n_in; i++)
        if (!in[i] || kt_is_poison(g, in[i]))
            return g->poison;
    if (infer(&c) != KT_OK)
        return g->poison;

    kept = copy_attr(g, attr, size);
    y = kept && hold_body(g, op, kept) ? append(g, op, n_in, c.n_out) : NULL;
    if (y) {
        y->attr = kept;
        y->attr_size = size;
        for (int i = 0; i < n_in; i++)
            y->in[i] = in[i];
        set_result(y, &c.out[0]);
    }
    if (!y || !append_parts(g, y, &c)) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    return y;
}

kt_node *kt_part(kt_node *y, int k)
{
    if (k < y->n_part)
        return y->part[k];
    KT_ASSERT(y->id < 0); /* only poison has fewer parts than its maker reckons with */
    return y;
}

/* Whether the call gives y and its parts what they are now. */
static bool same_results(const kt_node *y, const kt_op_call *c)
{
    if (c->n_out != y->n_part)
        return false;
    for (int k = 0; k < c->n_out; k++) {
        const kt_node *p = y->part[k];
        if (p->dtype != c->out[k].dtype || !kt_shape_equal(&p->shape, &c->out[k].shape))
            return false;
    }
    return true;
}

bool kt_rewrite(kt_graph *g, kt_node *y, const kt_op_type *op, const void *attr, size_t size,
                int n_in, kt_node *const *in)
{
    kt_op_call  c = {.op = op, .attr = attr, .n_in = n_in, .in = in, .n_out = 1, .g = g};
    kt_node   **inputs;
    const void *kept;

    if (kt_graph_failed(g))
        return false;
    for (int i = 0; i < n_in; i++)
        if (in[i]->id >= y->id)
            return false;
    if (infer(&c) != KT_OK || !same_results(y, &c))
        return false;

    kept = copy_attr(g, attr, size);
    inputs = kt_arena_calloc(&g->arena, (size_t)n_in + 1, sizeof *inputs);
    if (!kept || !inputs) {
        kt_raise_memory(g->fault);
        return false;
    }
    for (int i = 0; i < n_in; i++)
        inputs[i] = in[i];
    y->op = op;
    y->attr = kept;
    y->attr_size = size;
    y->n_in = n_in;
    y->in = inputs;
    for (int k = 0; k < c.n_out; k++)
        memcpy(y->part[k]->origin, c.out[k].origin, sizeof y->origin);
    return true;
}

/* Takes node n out and puts it at the place of `last`, which moves down with those between. */
static void move_behind(kt_graph *g, kt_node *n, int last)
{
    for (int i = n->id; i < last; i++) {
        kt_node *next = g->nodes.at[i + 1];
        g->nodes.at[i] = next;
        next->id = i;
    }
    g->nodes.at[last] = n;
    n->id = last;
}

bool kt_join(kt_graph *g, kt_node *n, kt_node *y)
{
    int       old = y->n_part;
    kt_node **part = kt_arena_calloc(&g->arena, (size_t)old + 1, sizeof *part);
    kt_node **in = kt_arena_calloc(&g->arena, 1, sizeof *in);

    if (!part || !in)
        return kt_raise_memory(g->fault) == KT_OK;
    if (n->id >= y->id || n->n_part != 1 || old == KT_MAX_PARTS)
        return false;
    memcpy(part, y->part, (size_t)old * sizeof *part);
    part[old] = n;
    y->part = part;
    y->n_part = old + 1;
    move_behind(g, n, part[old - 1]->id);
    in[0] = y;
    n->op = &kt_op_part;
    n->attr = NULL;
    n->attr_size = 0;
    n->n_in = 1;
    n->in = in;
    n->part_index = old;
    return true;
}
