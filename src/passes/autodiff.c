/* autodiff.c - reverse-mode differentiation: walks the graph backwards from the loss and emits, for
 * each node, what its op says the gradients of its inputs are. They are nodes like any others, so
 * fusion and planning see no difference. */
#include "passes/passes.h"

#include "graph/op.h"
#include "ops/ops.h"

typedef struct tape {
    kt_graph *g;
    int       n;      /* nodes that were there before */
    bool     *active; /* by id: depends on something in wrt through ops with gradients */
    kt_node **grad;   /* by id: sum of the contributions so far, or NULL */
} tape;

/* Whether gradients may flow through x: integers and booleans have no slope. */
static bool flows(const tape *t, const kt_node *x)
{
    return t->active[x->id] && kt_dtype_is_float(x->dtype);
}

static void mark_active(tape *t, kt_node *const *wrt, int n)
{
    for (int i = 0; i < n; i++)
        if (wrt[i]->id >= 0 && wrt[i]->id < t->n)
            t->active[wrt[i]->id] = true;
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

static kt_status walk_back(tape *t, kt_node *loss)
{
    const char *scope = t->g->scope;
    kt_status   status = KT_OK;
    kt_node    *one = kt_scalar_as(t->g, 1, loss->dtype);

    if (loss->shape.rank)
        one = kt_reshape(t->g, one, loss->shape);
    t->grad[loss->id] = one;
    for (int id = loss->id; id >= 0 && status == KT_OK; id--) {
        kt_node *y = t->g->nodes.at[id];
        if (y->op != &kt_op_part)
            status = step_back(t, y);
    }
    t->g->scope = scope;
    return status == KT_OK ? t->g->fault->e.status : status;
}

kt_status kt_gradients(kt_graph *g, kt_node *loss, kt_node *const *wrt, int n, kt_node **grads)
{
    tape      t = {.g = g, .n = (int)g->nodes.n};
    kt_status status = g->fault->e.status;

    for (int i = 0; i < n; i++)
        grads[i] = NULL;
    if (status != KT_OK)
        return status;
    if (kt_shape_count(&loss->shape) != 1 || !kt_dtype_is_float(loss->dtype))
        return kt_raise(g->fault, KT_E_VALUE, "a loss must be one real number, not %s %s",
                        kt_dtype_name(loss->dtype), kt_shape_text(&g->arena, &loss->shape));
    t.active = kt_calloc((size_t)t.n, sizeof *t.active);
    t.grad = kt_calloc((size_t)t.n, sizeof *t.grad);
    if (t.active && t.grad) {
        mark_active(&t, wrt, n);
        status = walk_back(&t, loss);
        for (int i = 0; i < n && status == KT_OK; i++)
            if (wrt[i]->id >= 0 && wrt[i]->id < t.n && flows(&t, wrt[i]))
                grads[i] = t.grad[wrt[i]->id];
    } else {
        status = kt_raise_memory(g->fault);
    }
    kt_free(t.active);
    kt_free(t.grad);
    return status;
}
