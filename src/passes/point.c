/* point.c - which element-wise nodes can run in one kernel, and writing the `point` node that
 * does. */
#include "passes/point.h"

#include <string.h>

#include "graph/op.h"
#include "ops/ops.h"

/* --- which nodes ------------------------------------------------------------------------------ */

/* Adds dtype d to those of a cluster: only one real dtype may be among them. */
static bool add_real(kt_dtype d, kt_dtype *real)
{
    if (!kt_dtype_is_float(d) || *real == d)
        return true;
    if (*real != KT_BOOLEAN)
        return false;
    *real = d;
    return true;
}

/* The real dtype of node n and its inputs, KT_BOOLEAN if there is none, KT_DTYPE_COUNT if there are
 * two. */
static kt_dtype real_dtype(const kt_node *n)
{
    kt_dtype real = KT_BOOLEAN;
    bool     fits = add_real(n->dtype, &real);

    for (int i = 0; i < n->n_in; i++)
        fits &= add_real(n->in[i]->dtype, &real);
    return fits ? real : KT_DTYPE_COUNT;
}

static bool is_integer(const kt_node *n)
{
    return !kt_dtype_is_float(n->dtype) && n->dtype != KT_BOOLEAN;
}

/* Fast kernels count in floats, which hold few integers: those are only converted, but for single
 * numbers. Numbers of 16 bits are rounded at every step. */
static bool dtypes_fit(const kt_node *n)
{
    if (real_dtype(n) == KT_DTYPE_COUNT || kt_dtype_is_half(real_dtype(n)))
        return false;
    if (kt_shape_count(&n->shape) == 1)
        return true;
    for (int i = 0; i < n->n_in && n->op != &kt_op_cast; i++)
        if (is_integer(n->in[i]))
            return false;
    return !is_integer(n);
}

/* Repeating a value takes no step: every step repeats its inputs anyway. */
static bool is_repeat(const kt_node *n)
{
    return kt_streq(n->op->name, "broadcast_to");
}

bool kt__is_point(const kt__pass *p, const kt_node *n)
{
    const kt_op_type *op = n->op;

    return p->needed[n->id] && n->n_part == 1 && kt_shape_count(&n->shape) > 0 &&
           (op == &kt_op_unary || op == &kt_op_unary_grad || op == &kt_op_binary ||
            op == &kt_op_select || op == &kt_op_cast || is_repeat(n)) &&
           dtypes_fit(n);
}

/* --- inputs ----------------------------------------------------------------------------------- */

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

/* The register of input x, which is added if it is new; -1 if there is no room. Equal numbers share
 * one. */
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

/* What a node made of some clusters would need. */
typedef struct tally {
    inputs   in;
    int      id[KT_MAX_POINT_STEPS]; /* the nodes, by id */
    int      n, n_out;
    kt_dtype real;
} tally;

static void add_member(tally *t, int id)
{
    int i = t->n++;

    for (; i > 0 && t->id[i - 1] > id; i--)
        t->id[i] = t->id[i - 1];
    t->id[i] = id;
}

/* Adds the nodes of cluster x to the tally of clusters a and b; false if they become too many. */
static bool count(const kt__clusters *c, int x, int a, int b, tally *t)
{
    for (int id = x; id >= 0; id = c->next[id]) {
        kt_node *n = c->p->g->nodes.at[id];

        if (!add_real(real_dtype(n), &t->real) || t->n == KT_MAX_POINT_STEPS)
            return false;
        add_member(t, id);
        t->n_out += kt__is_result(c, id, a, b);
        for (int i = 0; i < n->n_in; i++) {
            int from = c->of[n->in[i]->id];
            if (from != a && from != b && input_register(&t->in, n->in[i]) < 0)
                return false;
        }
    }
    return t->n_out <= KT_MAX_POINT_RESULTS;
}

/* The last member that reads member k, or the end for a result. */
static int last_reader(const kt__clusters *c, const tally *t, int k, int a, int b)
{
    const kt_node *x = c->p->g->nodes.at[t->id[k]];
    int            last = k;

    if (kt__is_result(c, t->id[k], a, b))
        return t->n;
    for (int m = k + 1; m < t->n; m++) {
        const kt_node *n = c->p->g->nodes.at[t->id[m]];
        for (int i = 0; i < n->n_in; i++)
            if (n->in[i] == x)
                last = m;
    }
    return last;
}

/* Kernels keep what lives at the same time in a limited number of buffers. */
static bool few_at_once(const kt__clusters *c, const tally *t, int a, int b)
{
    const kt_shape *shape = &((const kt_node *)c->p->g->nodes.at[a])->shape;
    int             live = 0, last[KT_MAX_POINT_STEPS];

    for (int i = 0; i < t->in.n; i++) /* those that are not read where they lie */
        live += !kt_shape_equal(&t->in.at[i]->shape, shape) ||
                !kt_dtype_is_float(t->in.at[i]->dtype);
    for (int k = 0; k < t->n; k++) {
        last[k] = last_reader(c, t, k, a, b);
        live++;
        if (live > KT__POINT_LIVE)
            return false;
        for (int m = 0; m <= k; m++)
            live -= last[m] == k;
    }
    return true;
}

/* Whether the inputs alone tell the shape of the results, and anything is computed at all. */
static bool shape_follows(const kt__clusters *c, const tally *t, int a)
{
    const kt_node *y = c->p->g->nodes.at[a];
    kt_shape       shape = KT_SCALAR_SHAPE;
    bool           computes = false;

    for (int i = 0; i < t->in.n; i++)
        if (!kt_shape_broadcast(&shape, &t->in.at[i]->shape, &shape))
            return false;
    for (int i = 0; i < t->n; i++)
        computes |= !is_repeat(c->p->g->nodes.at[t->id[i]]);
    return computes && kt_shape_equal(&shape, &y->shape);
}

bool kt__point_fits(const kt__clusters *c, int a, int b)
{
    tally t = {.real = KT_BOOLEAN};

    if (c->guard && c->guard[a] != c->guard[b])
        return false; /* one may run without the other */
    return count(c, a, a, b, &t) && count(c, b, a, b, &t) && few_at_once(c, &t, a, b) &&
           shape_follows(c, &t, a);
}

/* --- writing ---------------------------------------------------------------------------------- */

typedef struct writer {
    kt_node     **node; /* members, in order */
    int           n;
    int           reg[KT_MAX_POINT_STEPS]; /* of each member's value */
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

    return i < 0 ? input_register(&w->in, x) : w->reg[i];
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

/* One step for each member, but none for those that only repeat. */
static void write_steps(writer *w)
{
    for (int k = 0; k < w->n; k++) {
        if (is_repeat(w->node[k])) {
            w->reg[k] = register_of(w, w->node[k]->in[0]);
            continue;
        }
        w->attr.step[w->attr.n_steps] = make_step(w, w->node[k]);
        w->reg[k] = w->in.n + w->attr.n_steps++;
    }
}

/* The results: the last node's first, since the others become its parts. */
static void list_results(writer *w, const bool *is_result_of)
{
    kt_point_attr *attr = &w->attr;

    attr->out[attr->n_out++] = w->reg[w->n - 1];
    for (int k = 0; k + 1 < w->n; k++)
        if (is_result_of[k])
            attr->out[attr->n_out++] = w->reg[k];
}

kt_status kt__point_make(kt_graph *g, const kt__group *group)
{
    writer   w = {.node = group->node, .n = group->n};
    kt_node *y = group->node[group->n - 1];

    if (!gather_inputs(&w))
        return kt_raise(g->fault, KT_E_RUNTIME, "point: too many inputs");
    write_steps(&w);
    list_results(&w, group->is_result);
    for (int k = 0; k + 1 < w.n; k++)
        if (group->is_result[k] && !kt_join(g, w.node[k], y))
            return kt_raise(g->fault, KT_E_RUNTIME, "point: results cannot be joined");
    if (!kt_rewrite(g, y, &kt_op_point, &w.attr, sizeof w.attr, w.in.n, w.in.at))
        return kt_raise(g->fault, KT_E_RUNTIME, "point: nodes do not fit together");
    return KT_OK;
}
