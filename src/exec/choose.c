/* choose.c - picks the kernel of each node: the first of the table that accepts, the reference
 * last. */
#include "exec/plan.h"

#include <stdlib.h>
#include <string.h>

static const char *forced;

void kt_force_kernel(const char *name)
{
    forced = name;
}

static const char *forced_kernel(void)
{
    return forced ? forced : getenv("KERATIN_KERNELS");
}

bool kt_is_forced(const char *name)
{
    return kt_streq(forced_kernel(), name);
}

bool kt_all_f32(const kt_run *r, const char **why)
{
    *why = "not float32";
    for (int i = 0; i < r->n_in; i++)
        if (r->in[i].dtype != KT_F32)
            return false;
    for (int i = 0; i < r->n_out; i++)
        if (r->out[i].dtype != KT_F32)
            return false;
    return true;
}

static void describe(kt_buf *b, const kt_node *n)
{
    *b = (kt_buf){.dtype = n->dtype, .shape = n->shape, .count = kt_shape_count(&n->shape)};
}

/* Buffers and attributes of node n as kernels see them, without data; owned by the plan, which
 * outlives the graph. */
static bool prepare_run(kt_arena *a, kt_run *r, const kt_node *n)
{
    void *attr = kt_arena_alloc(a, n->attr_size + 1);

    r->n_in = n->n_in;
    r->n_out = n->n_part;
    r->in = kt_arena_calloc(a, (size_t)n->n_in + 1, sizeof *r->in);
    r->out = kt_arena_calloc(a, (size_t)n->n_part, sizeof *r->out);
    if (!attr || !r->in || !r->out)
        return false;
    if (n->attr_size)
        memcpy(attr, n->attr, n->attr_size);
    r->attr = attr;
    for (int i = 0; i < n->n_in; i++)
        describe(&r->in[i], n->in[i]);
    for (int k = 0; k < n->n_part; k++)
        describe(&r->out[k], n->part[k]);
    return true;
}

/* Kernels may use a node's body as long as the plan lives. */
static bool keep_body(kt_plan *p, const kt_node *n)
{
    kt_body *const *body = n->attr;

    if (!(n->op->flags & KT_OP_BODY))
        return true;
    if (!kt_vec_push(&p->bodies, *body))
        return false;
    kt_body_ref(*body);
    return true;
}

/* Takes kernel k if it accepts and can be prepared. */
static bool try_kernel(kt__choice *c, const kt_kernel *k, const char **why)
{
    *why = "does not support this";
    if (k->accepts && !k->accepts(&c->r, why))
        return false;
    if (k->prepare) {
        c->r.state = k->prepare(&c->r);
        *why = "could not be prepared";
        if (!c->r.state)
            return false;
    }
    c->fn = k->run;
    c->name = k->name;
    c->in_place = k->in_place;
    c->release = k->release;
    c->scratch = k->scratch ? k->scratch(&c->r) : 0;
    c->held = k->bytes ? k->bytes(c->r.state) : KT__KERNEL_BYTES;
    return true;
}

static bool search_table(kt__choice *c, const kt_node *n)
{
    const char *only = forced_kernel();
    bool        verbose = kt__verbose();

    for (const kt_kernel *const *const *list = kt_kernel_table; *list; list++)
        for (const kt_kernel *const *k = *list; *k; k++) {
            const char *why = "";
            if (!kt_streq((*k)->op, n->op->name) || (only && !kt_streq(only, (*k)->name)))
                continue;
            if (try_kernel(c, *k, &why))
                return true;
            if (verbose)
                kt__log("keratin: %s %s: %s declines: %s\n", n->scope, n->op->name, (*k)->name,
                        why);
        }
    return false;
}

/* A fast kernel need not know empty inputs: what a sum over nothing is, the reference says. */
static bool has_empty_input(const kt_run *r)
{
    for (int i = 0; i < r->n_in; i++)
        if (!r->in[i].count)
            return true;
    return false;
}

static bool has_results(const kt_run *r)
{
    for (int k = 0; k < r->n_out; k++)
        if (r->out[k].count)
            return true;
    return false;
}

static bool same_dtypes(const kt_run *r)
{
    for (int i = 0; i < r->n_in; i++)
        if (r->in[i].dtype != r->out[0].dtype)
            return false;
    return true;
}

static bool is_copied(const kt__value *v)
{
    return v->copied || v->node->op == &kt_op_assign ||
           (v->node->op->flags & KT_OP_PACK && same_dtypes(&v->run.r));
}

static kt_status choose(kt__draft *d, kt__value *v)
{
    const kt_node *n = v->node;
    kt__choice    *c = &v->run;

    if (!prepare_run(&d->p->arena, &c->r, n) || !keep_body(d->p, n))
        return kt_raise_memory(d->f);
    c->r.refusal = &d->p->refusal;
    if (!has_results(&c->r))
        return KT_OK;
    if (is_copied(v)) {
        c->fn = kt__copy_run;
        c->name = "copy";
        v->copied = true;
        return KT_OK;
    }
    if (!has_empty_input(&c->r) && (search_table(c, n) || kt__widen(c, n, search_table)))
        ;
    else if (!n->op->reference)
        return kt_raise(d->f, KT_E_NOT_IMPLEMENTED, "no kernel for %s", n->op->name);
    else if (!kt__reference_prepare(c, n->op))
        return kt_raise_memory(d->f);
    if (kt__verbose())
        kt__log("keratin: %s %s: %s\n", n->scope, n->op->name, c->name);
    return KT_OK;
}

kt_status kt__choose(kt__draft *d)
{
    for (int id = 0; id < d->n; id++) {
        kt__value *v = &d->value[id];
        kt_status  status;

        if (!v->node || v->node->op->flags & KT_OP_SOURCE ||
            (v->node->op->flags & KT_OP_ALIAS && !v->copied))
            continue;
        status = choose(d, v);
        if (status != KT_OK)
            return status;
    }
    return KT_OK;
}
