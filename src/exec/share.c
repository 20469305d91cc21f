/* share.c - values that live in the memory of others: right in the variable that they are assigned
 * to, in the buffer of the pack that they go into, or in the place of an input that dies.
 *
 * All three only ever move a value that still lies alone in the arena, so the order of the three
 * settles conflicts.
 */
#include "exec/plan.h"

/* A piece of a variable's memory. */
typedef struct range {
    uintptr_t begin, end;
} range;

static range range_at(const char *data, size_t bytes)
{
    return (range){(uintptr_t)data, (uintptr_t)data + bytes};
}

static bool overlaps(range a, range b)
{
    return a.begin < b.end && b.begin < a.end;
}

/* Where value id lies in a variable, if it does. */
static bool in_variable(const kt__draft *d, int id, range *out)
{
    size_t           at;
    const kt__value *root = &d->value[kt__root(d, id, &at)];

    if (root->home != KT__VARIABLE)
        return false;
    *out = range_at(root->data + at, d->value[id].bytes);
    return true;
}

/* Whether the value is alone in its memory: an arena root that nothing has joined but aliases of
 * the same size. */
static bool is_alone(const kt__draft *d, int id, int *root)
{
    size_t at;

    *root = kt__root(d, id, &at);
    return d->value[*root].home == KT__ARENA && !at && d->value[*root].bytes == d->value[id].bytes;
}

static bool same_layout(const kt_buf *a, const kt_buf *b)
{
    return a->dtype == b->dtype && a->count == b->count;
}

/* --- storing right into the variable ---------------------------------------------------------- */

/* Whether the node of v may write its result into `target` although it reads target through input
 * i. */
static bool may_read(const kt__draft *d, const kt__value *v, int result, int i, range target)
{
    const kt_run *r = &v->run.r;
    range         read;

    if (i >= 32 || !(v->run.in_place >> i & 1U) || (result && !(v->node->op->flags & KT_OP_POINT)))
        return false;
    return in_variable(d, v->node->in[i]->id, &read) && read.begin == target.begin &&
           read.end == target.end && same_layout(&r->in[i], &r->out[result]);
}

/* Whether node v touches target in a way that must not come after its new content is written.
 * `maker` is the node that writes it (as its result number `result`) and may still read the old
 * content element by element. */
static bool disturbs(const kt__draft *d, const kt__value *v, const kt__value *maker, int result,
                     int stored, range target)
{
    int   id = v->node->id;
    range other;

    if (id <= stored)
        for (int i = 0; i < v->node->n_in; i++)
            if (in_variable(d, v->node->in[i]->id, &other) && overlaps(other, target) &&
                !(v == maker && may_read(d, v, result, i, target)))
                return true;
    if (id == stored)
        return false;
    for (int k = 0; k < v->node->n_part; k++)
        if (in_variable(d, v->node->part[k]->id, &other) && overlaps(other, target))
            return true;
    return false;
}

/* Moves the value that assign node `a` stores to the variable's own memory if nobody can tell the
 * difference. */
static void store_directly(kt__draft *d, kt__value *a)
{
    const kt_node *x = a->node->in[0];
    range          target = range_at(a->data, a->bytes);
    kt__value     *v, *maker;
    int            root;

    if (x->dtype != a->node->dtype || !is_alone(d, x->id, &root))
        return;
    v = &d->value[root];
    maker = &d->value[v->first];
    if (v->last == KT__FOREVER || v->copied || !maker->run.fn)
        return;
    for (int id = v->first; id <= v->last; id++)
        if (d->value[id].node && d->value[id].run.fn &&
            disturbs(d, &d->value[id], maker, v->node->part_index, a->node->id, target))
            return;
    v->home = KT__VARIABLE;
    v->data = a->data;
    a->run.fn = NULL;
}

/* --- filling packs in place ------------------------------------------------------------------- */

static void fill_in_place(kt__draft *d, kt__value *pack)
{
    size_t at = 0;

    if (pack->home != KT__ARENA || pack->parent != pack->node->id)
        return;
    for (int i = 0; i < pack->node->n_in; i++) {
        int        id = pack->node->in[i]->id, root;
        kt__value *v;

        if (is_alone(d, id, &root) && root != pack->node->id && d->value[root].bytes) {
            v = &d->value[root];
            v->parent = pack->node->id;
            v->at = at;
            if (pack->first > v->first)
                pack->first = v->first;
            if (pack->last < v->last)
                pack->last = v->last;
        }
        at += d->value[id].bytes;
    }
}

/* --- writing over a dying input --------------------------------------------------------------- */

/* Whether the node of v reads memory `root` through input i only as a whole, element by element. */
static bool others_agree(const kt__draft *d, const kt__value *v, int i, int root)
{
    bool point = v->node->op->flags & KT_OP_POINT;

    for (int j = 0; j < v->node->n_in; j++) {
        size_t at;
        int    id = v->node->in[j]->id;
        bool   shared = j != i && kt__root(d, id, &at) == root;

        if (shared && (!point || j >= 32 || !(v->run.in_place >> j & 1U) || at ||
                       d->value[id].bytes != d->value[root].bytes))
            return false;
    }
    return true;
}

/* Lets result k of v write over an input that nobody reads later. */
static void write_over(kt__draft *d, const kt__value *v, int k)
{
    int        id = v->node->part[k]->id, root;
    kt__value *y = &d->value[id];

    if (y->home != KT__ARENA || y->parent != id || y->first < v->node->id || !y->bytes)
        return;
    for (int i = 0; i < v->node->n_in && i < 32; i++) {
        if (!(v->run.in_place >> i & 1U) || !same_layout(&v->run.r.in[i], &v->run.r.out[k]) ||
            !is_alone(d, v->node->in[i]->id, &root) || d->value[root].last > v->node->id ||
            !others_agree(d, v, i, root))
            continue;
        y->parent = root;
        /* A result that nobody reads still holds the memory, so that no other result takes it
         * too. */
        d->value[root].last = y->last > v->node->id ? y->last : v->node->id + 1;
        return;
    }
}

void kt__share(kt__draft *d)
{
    for (int id = 0; id < d->n; id++)
        if (d->value[id].node && d->value[id].node->op == &kt_op_assign && d->value[id].run.fn)
            store_directly(d, &d->value[id]);
    for (int id = 0; id < d->n; id++)
        if (d->value[id].node && d->value[id].node->op->flags & KT_OP_PACK && d->value[id].copied)
            fill_in_place(d, &d->value[id]);
    for (int id = 0; id < d->n; id++) {
        const kt__value *v = &d->value[id];
        for (int k = 0; v->node && v->run.in_place && k < v->node->n_part; k++)
            if (!k || v->node->op->flags & KT_OP_POINT)
                write_over(d, v, k);
    }
}
