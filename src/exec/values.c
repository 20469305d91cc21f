/* values.c - which nodes a plan needs, where each value comes from, and how long it lives. */
#include "exec/plan.h"

static bool is_alias(const kt_node *n)
{
    return (n->op->flags & KT_OP_ALIAS) != 0;
}

/* Placeholders count as needed, so that the caller can always write them. */
static void mark_needed(kt__draft *d)
{
    for (int id = d->n - 1; id >= 0; id--) {
        const kt_node *n = d->g->nodes.at[id];

        if (n->op->flags & KT_OP_EFFECT || n->op == &kt_op_placeholder)
            d->value[id].node = n;
        if (!d->value[id].node)
            continue;
        for (int i = 0; i < n->n_in; i++)
            d->value[n->in[i]->id].node = n->in[i];
        for (int k = 1; k < n->n_part; k++)
            d->value[n->part[k]->id].node = n->part[k];
    }
}

static kt_status measure(kt__draft *d, kt__value *v)
{
    const kt_node *n = v->node;
    int64_t        count = kt_shape_count(&n->shape);

    if (count == KT_UNKNOWN)
        return kt_raise(d->f, KT_E_RUNTIME, "%s%s%s has the unknown shape %s and cannot run",
                        n->scope, *n->scope ? "/" : "", n->op->name,
                        kt_shape_text(&d->p->arena, &n->shape));
    if (count > INT64_MAX / 64)
        return kt_raise_memory(d->f);
    v->bytes = (size_t)count * kt_dtype_size(n->dtype);
    return KT_OK;
}

/* Variables and what is assigned to them live in the tensor of the variable. */
static kt_status find_variable(kt__draft *d, kt__value *v)
{
    const kt_variable *var = v->node->var;

    if (!var->value)
        return kt_raise(d->f, KT_E_RUNTIME, "the variable %s has no value yet",
                        var->path ? var->path : var->name);
    if (var->value->dtype != v->node->dtype || var->value->count != kt_shape_count(&v->node->shape))
        return kt_raise(d->f, KT_E_RUNTIME, "the value of the variable %s is not what was declared",
                        var->path ? var->path : var->name);
    v->home = KT__VARIABLE;
    v->data = var->value->data;
    return KT_OK;
}

static kt_status find_constant(kt__draft *d, kt__value *v)
{
    kt_tensor *t = (kt_tensor *)(uintptr_t)
                       v->node->constant; /* only its count of references changes */

    if (!kt_vec_push(&d->p->tensors, t))
        return kt_raise_memory(d->f);
    kt_tensor_ref(t);
    v->home = KT__CONSTANT;
    v->data = t->data;
    return KT_OK;
}

static kt_status find_home(kt__draft *d, kt__value *v)
{
    const kt_node *n = v->node;

    v->home = KT__ARENA;
    if (n->op == &kt_op_variable || n->op == &kt_op_assign)
        return find_variable(d, v);
    if (n->op == &kt_op_constant)
        return find_constant(d, v);
    if (n->op == &kt_op_placeholder) {
        v->home = KT__INPUT;
        v->input = kt_arena_alloc(&d->p->arena, sizeof *v->input);
        return v->input ? KT_OK : kt_raise_memory(d->f);
    }
    return KT_OK;
}

static void read_until(kt__value *v, int time)
{
    if (v->last < time)
        v->last = time;
}

/* When each value is read last, aliases' readers included. Runs backwards, so that those are known
 * before their input. */
static void note_readers(kt__draft *d)
{
    for (int id = d->n - 1; id >= 0; id--) {
        const kt__value *v = &d->value[id];

        if (!v->node || v->node->op == &kt_op_part)
            continue;
        for (int i = 0; i < v->node->n_in; i++)
            read_until(&d->value[v->node->in[i]->id],
                       is_alias(v->node) && v->last > id ? v->last : id);
    }
}

/* Whether an assign changes memory of the variable that `alias` shows, after alias and before its
 * last reader. */
static bool is_overwritten(const kt__draft *d, const kt__value *source, int id, int last)
{
    uintptr_t begin = (uintptr_t)source->data, end = begin + source->bytes;

    for (int i = id + 1; i < last && i < d->n; i++) {
        const kt__value *a = &d->value[i];
        if (a->node && a->node->op == &kt_op_assign && (uintptr_t)a->data < end &&
            begin < (uintptr_t)a->data + a->bytes)
            return true;
    }
    return false;
}

/* An alias lies in the memory of its input, unless that is a variable that changes while the alias
 * is still read. */
static void join_aliases(kt__draft *d)
{
    for (int id = 0; id < d->n; id++) {
        kt__value *v = &d->value[id];
        size_t     at;
        int        root;

        if (!v->node || !is_alias(v->node))
            continue;
        root = kt__root(d, v->node->in[0]->id, &at);
        if (d->value[root].bytes != v->bytes || (d->value[root].home == KT__VARIABLE &&
                                                 is_overwritten(d, &d->value[root], id, v->last))) {
            v->copied = true;
            continue;
        }
        v->parent = root;
        read_until(&d->value[root], v->last);
    }
}

kt_status kt__values(kt__draft *d, kt_node *const *keep, int n_keep)
{
    for (int i = 0; i < n_keep; i++) {
        if (keep[i]->id < 0 || keep[i]->id >= d->n || d->g->nodes.at[keep[i]->id] != keep[i])
            return kt_raise(d->f, KT_E_RUNTIME, "value %d to keep is no part of the graph", i);
        d->value[keep[i]->id].node = keep[i];
        d->value[keep[i]->id].last = KT__FOREVER;
    }
    mark_needed(d);
    for (int id = 0; id < d->n; id++) {
        kt__value *v = &d->value[id];

        if (!v->node)
            continue;
        v->parent = id;
        v->first = v->node->op == &kt_op_part ? v->node->in[0]->id : id;
        read_until(v, v->first);
        if (measure(d, v) != KT_OK || find_home(d, v) != KT_OK)
            return d->f->e.status;
    }
    note_readers(d);
    join_aliases(d);
    return KT_OK;
}
