/* join.c - slices laid side by side. The gradient of taking an array apart is a sum of its pieces'
 * gradients, each put back among zeros; where the pieces are the whole, they are just laid side by
 * side: written once, and nothing is added. */
#include "graph/op.h"
#include "ops/ops.h"
#include "passes/order.h"

enum { MOST = 16 }; /* pieces */

typedef struct pieces {
    int      n;
    kt_node *at[MOST]; /* slice_grad, by where they begin */
} pieces;

/* Where a piece begins along the axis. */
static int64_t begin_of(const kt_node *piece, int axis)
{
    return ((const kt_slice_attr *)piece->attr)->begin[axis];
}

static bool is_sum(const kt_node *n)
{
    return n->op == &kt_op_binary && ((const kt_binary_attr *)n->attr)->fn == KT_BI_ADD &&
           kt_shape_equal(&n->in[0]->shape, &n->shape) &&
           kt_shape_equal(&n->in[1]->shape, &n->shape);
}

/* Takes a sum apart; false where something else than a piece is in it. */
static bool collect(const kt__pass *p, const kt_node *sum, pieces *out)
{
    for (int i = 0; i < 2; i++) {
        kt_node *x = sum->in[i];
        bool     piece = x->op == &kt_op_slice_grad;

        if (p->readers[x->id] != 1 || p->keep[x->id] || (!piece && !is_sum(x)) || out->n == MOST)
            return false;
        if (piece)
            out->at[out->n++] = x;
        else if (!collect(p, x, out))
            return false;
    }
    return true;
}

/* The one axis along which this is a piece of the whole, with steps of one; -1: there is none. */
static int axis_of(const kt_node *piece)
{
    const kt_slice_attr *a = piece->attr;
    int                  axis = -1;

    for (int i = 0; i < piece->shape.rank; i++) {
        if (a->stride[i] != 1)
            return -1;
        if (piece->in[0]->shape.dim[i] == piece->shape.dim[i])
            continue;
        if (axis >= 0)
            return -1;
        axis = i;
    }
    return axis;
}

static void sort(pieces *p, int axis)
{
    for (int i = 1; i < p->n; i++)
        for (int k = i; k > 0 && begin_of(p->at[k], axis) < begin_of(p->at[k - 1], axis); k--) {
            kt_node *x = p->at[k];
            p->at[k] = p->at[k - 1];
            p->at[k - 1] = x;
        }
}

/* Whether the pieces, sorted, are the whole and none is there twice. */
static bool are_whole(const pieces *p, int axis)
{
    int64_t end = 0;

    for (int i = 0; i < p->n; i++) {
        if (axis_of(p->at[i]) != axis || begin_of(p->at[i], axis) != end)
            return false;
        end += p->at[i]->in[0]->shape.dim[axis];
    }
    return end == p->at[0]->shape.dim[axis];
}

static void join(const kt__pass *p, kt_node *sum)
{
    pieces       all = {0};
    kt_node     *in[MOST];
    kt_axis_attr a;

    if (!collect(p, sum, &all))
        return;
    a.axis = axis_of(all.at[0]);
    if (a.axis < 0)
        return;
    sort(&all, a.axis);
    if (!are_whole(&all, a.axis))
        return;
    for (int i = 0; i < all.n; i++) {
        if (!kt__may_move(p, all.at[i], sum))
            return;
        in[i] = all.at[i]->in[0];
    }
    kt_rewrite(p->g, sum, &kt_op_concat, &a, sizeof a, all.n, in);
}

/* Backwards: a sum before what it is made of. */
kt_status kt__join(const kt__pass *p)
{
    for (size_t id = p->g->nodes.n; id-- > 0;) {
        kt_node *n = p->g->nodes.at[id];
        if (p->needed[id] && is_sum(n))
            join(p, n);
    }
    return p->g->fault->e.status;
}
