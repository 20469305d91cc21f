/* pullback.c - reverse-mode differentiation: walks the graph backwards and emits, for each node,
 * what its op says the gradients of its inputs are. They are nodes like any others, so fusion and
 * planning see no difference. */
#include "ops/ops.h"

typedef struct tape {
    kt_graph *g;
    int       n;      /* nodes that were there before */
    bool     *active; /* by id: depends on something in x through ops with gradients */
    kt_node **grad;   /* by id: sum of the contributions so far, or NULL */
} tape;

/* Whether gradients may flow through x: integers and booleans have no slope. */
static bool flows(const tape *t, const kt_node *x)
{
    return t->active[x->id] && kt_dtype_is_float(x->dtype);
}

static bool is_known(const tape *t, const kt_node *x)
{
    return x->id >= 0 && x->id < t->n;
}

static void mark_active(tape *t, int n, kt_node *const *x)
{
    for (int i = 0; i < n; i++)
        if (is_known(t, x[i]))
            t->active[x[i]->id] = true;
    for (int id = 0; id < t->n; id++) {
        const kt_node *y = t->g->nodes.at[id];

        if (y->op == &kt_op_part)
            t->active[id] |= t->active[y->in[0]->id];
        for (int i = 0; y->op->gradient && i < y->n_in; i++)
            t->active[id] |= flows(t, y->in[i]);
    }
}

static void contribute(tape *t, const kt_node *x, kt_node *dx)
{
    kt_node **sum = &t->grad[x->id];

    *sum = *sum ? kt_add(t->g, *sum, dx) : dx;
}

/* Emits the gradients of y's inputs if any of y's results has one. */
static kt_status step_back(tape *t, kt_node *y)
{
    kt_node  *dy[KT_MAX_PARTS] = {0};
    kt_node **dx;
    bool      reached = false;

    for (int k = 0; k < y->n_part; k++) {
        dy[k] = t->grad[y->part[k]->id];
        reached |= dy[k] && flows(t, y->part[k]);
    }
    if (!reached || !y->op->gradient)
        return KT_OK;
    dx = kt_arena_calloc(&t->g->arena, (size_t)y->n_in + 1, sizeof *dx);
    if (!dx)
        return kt_raise_memory(t->g->fault);
    t->g->scope = y->scope;
    y->op->gradient(t->g, y, dy, dx);
    for (int i = 0; i < y->n_in; i++)
        if (dx[i] && flows(t, y->in[i]))
            contribute(t, y->in[i], dx[i]);
    return t->g->fault->e.status;
}

static kt_status walk_back(tape *t)
{
    kt_graph   *g = t->g;
    const char *scope = g->scope;
    const bool *wanted = g->wanted;
    int         n_wanted = g->n_wanted;
    kt_status   status = KT_OK;

    g->wanted = t->active;
    g->n_wanted = t->n;
    for (int id = t->n - 1; id >= 0 && status == KT_OK; id--) {
        kt_node *y = g->nodes.at[id];
        if (y->op != &kt_op_part)
            status = step_back(t, y);
    }
    g->wanted = wanted;
    g->n_wanted = n_wanted;
    g->scope = scope;
    return status;
}

bool kt_is_wanted(const kt_graph *g, const kt_node *x)
{
    return kt_dtype_is_float(x->dtype) && (!g->wanted || x->id >= g->n_wanted || g->wanted[x->id]);
}

kt_status kt_pullback(kt_graph *g, int n, kt_node *const *y, kt_node *const *dy, int n_x,
                      kt_node *const *x, kt_node **dx)
{
    tape      t = {.g = g, .n = (int)g->nodes.n};
    kt_status status = g->fault->e.status;

    for (int i = 0; i < n_x; i++)
        dx[i] = NULL;
    if (status != KT_OK)
        return status;
    t.active = kt_calloc((size_t)t.n + 1, sizeof *t.active);
    t.grad = kt_calloc((size_t)t.n + 1, sizeof *t.grad);
    if (t.active && t.grad) {
        mark_active(&t, n_x, x);
        for (int k = 0; k < n; k++)
            contribute(&t, y[k], dy[k]);
        status = walk_back(&t);
        for (int i = 0; i < n_x && status == KT_OK; i++)
            if (is_known(&t, x[i]) && flows(&t, x[i]))
                dx[i] = t.grad[x[i]->id];
    } else {
        status = kt_raise_memory(g->fault);
    }
    kt_free(t.active);
    kt_free(t.grad);
    return status == KT_OK ? g->fault->e.status : status;
}
