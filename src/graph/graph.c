/* graph.c - making, naming and freeing graphs. */
#include "graph/graph.h"

#include "graph/op.h"

/* What builders return after a failure; never emitted, nor part of g->nodes. */
static const kt_op_type poison_op = {.name = "poison", .flags = KT_OP_SOURCE};

static kt_node *poison_new(kt_arena *a)
{
    kt_node  *p = kt_arena_alloc(a, sizeof *p);
    kt_node **part = kt_arena_alloc(a, sizeof *part);

    if (!p || !part)
        return NULL;
    part[0] = p;
    *p = (kt_node){.op = &poison_op, .id = -1, .n_part = 1, .part = part, .scope = ""};
    return p;
}

kt_graph *kt_graph_new(kt_fault *fault)
{
    kt_graph *g = kt_alloc(sizeof *g);

    if (g) {
        g->fault = fault;
        g->scope = "";
        g->floatx = KT_F32;
        g->poison = poison_new(&g->arena);
    }
    if (!g || !g->poison) {
        kt_graph_free(g);
        kt_raise_memory(fault);
        return NULL;
    }
    return g;
}

void kt_graph_free(kt_graph *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->tensors.n; i++)
        kt_tensor_unref(g->tensors.at[i]);
    for (size_t i = 0; i < g->bodies.n; i++)
        kt_body_unref(g->bodies.at[i]);
    kt_vec_free(&g->tensors);
    kt_vec_free(&g->bodies);
    kt_vec_free(&g->nodes);
    kt_map_free(&g->vars);
    kt_arena_free(&g->arena);
    kt_free(g);
}

size_t kt_graph_bytes(const kt_graph *g)
{
    size_t bytes = sizeof *g + kt_arena_bytes(&g->arena) +
                   (g->nodes.cap + g->tensors.cap + 2 * g->vars.cap) * sizeof(void *);

    for (size_t i = 0; i < g->tensors.n; i++) {
        const kt_tensor *t = g->tensors.at[i];
        bytes += (size_t)t->count * kt_dtype_size(t->dtype);
    }
    for (size_t i = 0; i < g->bodies.n; i++)
        bytes += kt_graph_bytes(((const kt_body *)g->bodies.at[i])->g);
    return bytes;
}

bool kt_graph_failed(const kt_graph *g)
{
    return g->fault->e.status != KT_OK;
}

const char *kt_scope_enter(kt_graph *g, const char *name)
{
    const char *old = g->scope;
    const char *scope = kt_arena_printf(&g->arena, "%s%s%s", old, *old ? "/" : "", name);

    if (scope)
        g->scope = scope;
    else
        kt_raise_memory(g->fault);
    return old;
}

void kt_scope_leave(kt_graph *g, const char *old)
{
    g->scope = old;
}

bool kt_is(const kt_node *n, const kt_op_type *op)
{
    return n->op == op;
}
