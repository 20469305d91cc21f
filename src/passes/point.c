/* point.c - which element-wise nodes can run in one kernel, and writing the `point` node that does. */
#include "passes/point.h"

#include <string.h>

#include "graph/op.h"
#include "ops/ops.h"

/* --- which nodes --------------------------------------------------------------------------------------------- */

/* Whether input shape x against result shape y is one number, all of y, or repeated whole along leading or trailing axes:
 * what a kernel can read without computing an index for each element. */
static bool reads_simply(const kt_shape *x, const kt_shape *y)
{
    int skip = 0, same = 0, lead = y->rank - x->rank;

    if (kt_shape_count(x) == 1)
        return true;
    while (skip < x->rank && x->dim[skip] == 1)
        skip++;
    for (same = skip; same < x->rank && x->dim[same] == y->dim[same + lead];)
        same++;
    if (same == x->rank)
        return true;
    for (same = 0; same < x->rank && !lead && x->dim[same] == y->dim[same];)
        same++;
    while (same < x->rank && !lead && x->dim[same] == 1)
        same++;
    return same == x->rank && !lead;
}

/* One real dtype, and booleans. Integers stay apart: fast kernels count in floats. */
static bool dtype_fits(kt_dtype d, kt_dtype *real)
{
    if (d == KT_BOOLEAN)
        return true;
    if (!kt_dtype_is_float(d) || (*real != KT_BOOLEAN && *real != d))
        return false;
    *real = d;
    return true;
}

/* The real dtype of node n and its inputs, KT_BOOLEAN if they are all boolean, KT_DTYPE_COUNT if they do not fit. */
static kt_dtype real_dtype(const kt_node *n)
{
    kt_dtype real = KT_BOOLEAN;

    if (!dtype_fits(n->dtype, &real))
        return KT_DTYPE_COUNT;
    for (int i = 0; i < n->n_in; i++)
        if (!dtype_fits(n->in[i]->dtype, &real))
            return KT_DTYPE_COUNT;
    return real;
}

bool kt__is_point(const kt__pass *p, const kt_node *n)
{
    const kt_op_type *op = n->op;

    if (!p->needed[n->id] || n->n_part != 1 || kt_shape_count(&n->shape) <= 0 ||
        real_dtype(n) == KT_DTYPE_COUNT)
        return false;
    if (op != &kt_op_unary && op != &kt_op_unary_grad && op != &kt_op_binary &&
        op != &kt_op_select && op != &kt_op_cast)
        return false;
    for (int i = 0; i < n->n_in; i++)
        if (!reads_simply(&n->in[i]->shape, &n->shape))
            return false;
    return true;
}

/* --- inputs --------------------------------------------------------------------------------------------------- */

static bool same_number(const kt_node *a, const kt_node *b)
{
    return a->constant && b->constant && a->dtype == b->dtype && a->constant->count == 1 &&
           b->constant->count == 1 &&
           !memcmp(a->constant->data, b->constant->data, kt_dtype_size(a->dtype));
}

typedef struct inputs {
    kt_node *at[KT__POINT_INPUTS];
    int      n;
} inputs;

/* The register of input x, which is added if it is new; -1 if there is no room. Equal numbers share one. */
static int input_register(inputs *in, kt_node *x)
{
    for (int i = 0; i < in->n; i++)
        if (in->at[i] == x || same_number(in->at[i], x))
            return i;
    if (in->n == KT__POINT_INPUTS)
        return -1;
    in->at[in->n] = x;
    return in->n++;
}

bool kt__is_result(const kt__clusters *c, int id, int a, int b)
{
    if (c->p->keep[id])
        return true;
    for (int e = c->deps.first[id]; e < c->deps.data_end[id]; e++) {
        int reader = c->deps.to[e];
        if (c->p->needed[reader] && c->of[reader] != a && c->of[reader] != b)
            return true;
    }
    return false;
}

typedef struct tally {
    inputs   in;
    int      n_steps, n_out;
    kt_dtype real;
} tally;

/* Adds the nodes of cluster x to the tally of clusters a and b; false if they become too many. */
static bool count(const kt__clusters *c, int x, int a, int b, tally *t)
{
    for (int id = x; id >= 0; id = c->next[id]) {
        kt_node *n = c->p->g->nodes.at[id];
        kt_dtype real = real_dtype(n);

        if (!dtype_fits(real, &t->real) || ++t->n_steps > KT_MAX_POINT_STEPS)
            return false;
        if (kt__is_result(c, id, a, b) && ++t->n_out > KT_MAX_PARTS)
            return false;
        for (int i = 0; i < n->n_in; i++) {
            int from = c->of[n->in[i]->id];
            if (from != a && from != b && input_register(&t->in, n->in[i]) < 0)
                return false;
        }
    }
    return true;
}

bool kt__point_fits(const kt__clusters *c, int a, int b)
{
    tally t = {.real = KT_BOOLEAN};

    return count(c, a, a, b, &t) && (b < 0 || count(c, b, a, b, &t));
}

/* --- writing -------------------------------------------------------------------------------------------------- */

typedef struct writer {
    kt_node     **node; /* members, in order */
    int           n;
    inputs        in;
    kt_point_attr attr;
} writer;

static int member(const writer *w, const kt_node *x)
{
    int i = x->id - w->node[0]->id; /* they lie side by side */

    return i >= 0 && i < w->n ? i : -1;
}

static bool gather_inputs(writer *w)
{
    for (int k = 0; k < w->n; k++)
        for (int i = 0; i < w->node[k]->n_in; i++)
            if (member(w, w->node[k]->in[i]) < 0 && input_register(&w->in, w->node[k]->in[i]) < 0)
                return false;
    return true;
}

static int register_of(writer *w, kt_node *x)
{
    int i = member(w, x);

    return i < 0 ? input_register(&w->in, x) : w->in.n + i;
}

static kt_point_step make_step(writer *w, const kt_node *n)
{
    kt_point_step        s = {.dtype = n->dtype};
    const kt_unary_attr *f = n->attr;

    s.x = register_of(w, n->in[0]);
    s.z = n->n_in > 1 ? register_of(w, n->in[1]) : 0;
    s.w = n->n_in > 2 ? register_of(w, n->in[2]) : 0;
    if (n->op == &kt_op_unary || n->op == &kt_op_unary_grad) {
        s.kind = n->op == &kt_op_unary ? KT_PT_UNARY : KT_PT_UNARY_GRAD;
        s.fn = (int)f->fn;
        s.a = f->a;
        s.b = f->b;
    } else if (n->op == &kt_op_binary) {
        s.kind = KT_PT_BINARY;
        s.fn = (int)((const kt_binary_attr *)n->attr)->fn;
    } else {
        s.kind = n->op == &kt_op_select ? KT_PT_SELECT : KT_PT_CAST;
    }
    return s;
}

/* The results: the last node's first, since the others become its parts. */
static void list_results(writer *w, const bool *is_result_of)
{
    kt_point_attr *attr = &w->attr;

    attr->out[attr->n_out++] = w->in.n + w->n - 1;
    for (int k = 0; k + 1 < w->n; k++)
        if (is_result_of[k])
            attr->out[attr->n_out++] = w->in.n + k;
}

kt_status kt__point_make(kt_graph *g, const kt__group *group)
{
    writer   w = {.node = group->node, .n = group->n, .attr = {.n_steps = group->n}};
    kt_node *y = group->node[group->n - 1];

    if (!gather_inputs(&w))
        return kt_raise(g->fault, KT_E_RUNTIME, "point: too many inputs");
    for (int k = 0; k < w.n; k++)
        w.attr.step[k] = make_step(&w, w.node[k]);
    list_results(&w, group->is_result);
    for (int k = 0; k + 1 < w.n; k++)
        if (group->is_result[k] && !kt_join(g, w.node[k], y))
            return kt_raise(g->fault, KT_E_RUNTIME, "point: results cannot be joined");
    if (!kt_rewrite(g, y, &kt_op_point, &w.attr, sizeof w.attr, w.in.n, w.in.at))
        return kt_raise(g->fault, KT_E_RUNTIME, "point: nodes do not fit together");
    return KT_OK;
}
