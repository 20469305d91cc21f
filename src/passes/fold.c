/* fold.c - computes at once what depends on constants only, and drops operations that change
 * nothing. */
#include <math.h>

#include "graph/op.h"
#include "ops/ops.h"
#include "passes/order.h"

#define MAX_FOLDED 4096 /* elements; larger constants would only make the graph heavy */

static bool is_constant(const kt_node *n)
{
    return n->op == &kt_op_constant;
}

static bool may_fold(const kt_node *n)
{
    int64_t count = kt_shape_count(&n->shape);

    if (n->op->flags & (KT_OP_EFFECT | KT_OP_SOURCE) || n->n_part != 1 || !n->n_in || count < 0 ||
        count > MAX_FOLDED || n->dtype == KT_STRING)
        return false;
    if (!n->op->reference && !(n->op->flags & KT_OP_ALIAS))
        return false;
    for (int i = 0; i < n->n_in; i++)
        if (!is_constant(n->in[i]) || n->in[i]->constant->count > MAX_FOLDED)
            return false;
    return true;
}

/* --- running the reference kernel ------------------------------------------------------------- */

/* A buffer of doubles with the shape of n in the arena; filled if n is a constant. */
static bool make_buffer(kt_arena *a, kt_buf *b, const kt_node *n)
{
    b->dtype = KT_F64;
    b->shape = n->shape;
    b->count = kt_shape_count(&n->shape);
    b->data = kt_arena_calloc(a, (size_t)b->count + 1, sizeof(double));
    if (b->data && n->constant)
        kt_convert(n->constant->data, n->dtype, b->data, KT_F64, b->count);
    return b->data;
}

static bool run_reference(kt_arena *a, const kt_node *n, kt_buf *out)
{
    kt_run r = {.attr = n->attr, .n_in = n->n_in, .n_out = 1, .out = out};

    r.in = kt_arena_calloc(a, (size_t)n->n_in, sizeof *r.in);
    if (!r.in || !make_buffer(a, out, n))
        return false;
    for (int i = 0; i < n->n_in; i++)
        if (!make_buffer(a, &r.in[i], n->in[i]))
            return false;
    if (n->op->flags & KT_OP_ALIAS) {
        out->data = r.in[0].data;
        return true;
    }
    if (n->op->scratch) {
        r.scratch = kt_arena_alloc(a, n->op->scratch(&r) + 1);
        if (!r.scratch)
            return false;
    }
    n->op->reference(&r);
    return true;
}

/* Node n's value as a tensor; NULL without memory. */
static kt_tensor *compute(const kt_node *n)
{
    kt_arena   a = {0};
    kt_buf     out;
    kt_tensor *t = kt_tensor_new(n->dtype, n->shape);

    if (t && run_reference(&a, n, &out)) {
        kt_convert(out.data, KT_F64, t->data, t->dtype, t->count);
    } else {
        kt_tensor_unref(t);
        t = NULL;
    }
    kt_arena_free(&a);
    return t;
}

static kt_status fold(kt_graph *g, kt_node *n)
{
    kt_source_attr a = {NULL, n->dtype, n->shape};
    kt_tensor     *t = compute(n);

    if (!t)
        return kt_raise_memory(g->fault);
    if (!kt_vec_push(&g->tensors, t)) {
        kt_tensor_unref(t);
        return kt_raise_memory(g->fault);
    }
    if (kt_rewrite(g, n, &kt_op_constant, &a, sizeof a, 0, NULL))
        n->constant = t;
    return g->fault->e.status;
}

/* --- operations that change nothing ----------------------------------------------------------- */

/* Whether every element of n is known to be v. */
static bool is_all(const kt_node *n, double v)
{
    if (!is_constant(n) || n->constant->count > MAX_FOLDED)
        return false;
    for (int64_t i = 0; i < n->constant->count; i++)
        if (kt_tensor_get(n->constant, i) != v)
            return false;
    return true;
}

/* The input of n that has n's value, or NULL. */
static kt_node *same_value(const kt_node *n)
{
    if (n->op->flags & KT_OP_ALIAS)
        return n->in[0];
    if (n->op == &kt_op_binary)
        switch (((const kt_binary_attr *)n->attr)->fn) {
        case KT_BI_ADD:
            return is_all(n->in[1], 0) ? n->in[0] : is_all(n->in[0], 0) ? n->in[1] : NULL;
        case KT_BI_MUL:
            return is_all(n->in[1], 1) ? n->in[0] : is_all(n->in[0], 1) ? n->in[1] : NULL;
        case KT_BI_SUB: return is_all(n->in[1], 0) ? n->in[0] : NULL;
        case KT_BI_DIV:
        case KT_BI_POW: return is_all(n->in[1], 1) ? n->in[0] : NULL;
        default: return NULL;
        }
    if (n->op == &kt_op_cast)
        return n->in[0];
    return NULL;
}

/* What readers of n may read instead. Not a variable, which could have changed until they do. */
static kt_node *replacement(const kt__pass *p, const kt_node *n)
{
    kt_node *x = same_value(n);

    return x && x->dtype == n->dtype && kt_shape_equal(&x->shape, &n->shape) && !p->var[x->id]
             ? x
             : NULL;
}

/* pow(x, 2) is a product, which is exact and needs no library call. */
static void simplify_power(kt_graph *g, kt_node *n)
{
    kt_unary_attr square = {.fn = KT_UN_SQUARE};

    if (n->op == &kt_op_binary && ((const kt_binary_attr *)n->attr)->fn == KT_BI_POW &&
        is_all(n->in[1], 2) && kt_shape_equal(&n->in[0]->shape, &n->shape))
        kt_rewrite(g, n, &kt_op_unary, &square, sizeof square, 1, &n->in[0]);
}

/* Goes forward, so that what a node reads is already in its final form. */
kt_status kt__fold(const kt__pass *p)
{
    kt_graph *g = p->g;
    kt_node **instead = kt_calloc(g->nodes.n + 1, sizeof *instead);

    if (!instead)
        return kt_raise_memory(g->fault);
    for (size_t id = 0; id < g->nodes.n && !kt_graph_failed(g); id++) {
        kt_node *n = g->nodes.at[id];

        if (!p->needed[id])
            continue;
        for (int i = 0; i < n->n_in; i++)
            if (instead[n->in[i]->id])
                n->in[i] = instead[n->in[i]->id];
        if (may_fold(n))
            fold(g, n);
        else
            simplify_power(g, n);
        instead[id] = replacement(p, n);
    }
    kt_free(instead);
    return g->fault->e.status;
}
