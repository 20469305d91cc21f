/* plan.c - makes plans: runs the stages of plan.h in order, then writes the list of steps with
 * resolved pointers. */
#include "exec/plan.h"

#include <string.h>

/* --- pointers --------------------------------------------------------------------------------- */

static void resolve_roots(kt__draft *d)
{
    char *memory = d->p->memory;

    for (int id = 0; id < d->n; id++) {
        kt__value *v = &d->value[id];

        if (!v->node || v->parent != id)
            continue;
        if (v->home == KT__ARENA || v->home == KT__INPUT)
            v->data = memory + v->offset;
        if (v->input)
            v->input->own = v->input->data = v->data;
    }
}

/* The memory of value id; never NULL, so that kernels may do arithmetic on it. */
static char *data_of(const kt__draft *d, int id)
{
    size_t           at;
    const kt__value *root = &d->value[kt__root(d, id, &at)];

    return root->data ? root->data + at : d->p->memory;
}

static kt__input *input_of(const kt__draft *d, int id, size_t *at)
{
    return d->value[kt__root(d, id, at)].input;
}

/* Notes that buffer b follows what the caller binds, if node id lies in it. */
static void patch_later(const kt__draft *d, int id, kt_buf *b)
{
    size_t     at;
    kt__input *input = input_of(d, id, &at);

    if (input)
        input->patch[input->n_patch++] = (kt__patch){b, at};
}

static void count_patch(const kt__draft *d, int id)
{
    size_t     at;
    kt__input *input = input_of(d, id, &at);

    if (input)
        input->n_patch++;
}

static kt_status make_patches(kt__draft *d)
{
    for (int id = 0; id < d->n; id++) {
        const kt__value *v = &d->value[id];

        for (int i = 0; v->node && v->run.fn && i < v->node->n_in; i++)
            count_patch(d, v->node->in[i]->id);
        for (int k = 0; v->node && v->run.fn && k < v->node->n_part; k++)
            count_patch(d, v->node->part[k]->id);
    }
    for (int id = 0; id < d->n; id++) {
        kt__input *input = d->value[id].input;

        if (!input)
            continue;
        input->patch = kt_arena_calloc(&d->p->arena, (size_t)input->n_patch + 1,
                                       sizeof *input->patch);
        if (!input->patch)
            return kt_raise_memory(d->f);
        input->n_patch = 0;
    }
    return KT_OK;
}

/* --- steps ------------------------------------------------------------------------------------ */

/* Whether input i of a pack must still be copied to byte `at` of the pack's buffer. */
static bool needs_copy(const kt__draft *d, const kt__value *pack, int i, size_t at)
{
    int id = pack->node->in[i]->id;

    return d->value[id].bytes && data_of(d, id) != data_of(d, pack->node->id) + at;
}

static bool is_pack(const kt__value *v)
{
    return v->copied && v->node->op->flags & KT_OP_PACK;
}

static int count_steps(const kt__draft *d)
{
    int n = 0;

    for (int id = 0; id < d->n; id++) {
        const kt__value *v = &d->value[id];
        if (v->node && v->run.fn)
            n += is_pack(v) ? v->node->n_in : 1;
    }
    return n;
}

static void add_step(kt__draft *d, kt__value *v, const kt_run *r)
{
    kt_plan    *p = d->p;
    const char *scope = kt_arena_strdup(&p->arena, v->node->scope);

    p->step[p->n_steps] = (kt__step){v->run.fn, v->guard, *r};
    p->note[p->n_steps] = (kt__note){
        .op = v->node->op->name,
        .kernel = v->run.name,
        .scope = scope ? scope : "",
        .flops = kt__flops(v->node->op->name, r),
        .held = v->run.held,
        .release = v->run.release,
    };
    v->run.release = NULL; /* the plan owns the state now */
    p->n_steps++;
}

/* One copy for each input that its maker could not place itself. */
static bool add_pack(kt__draft *d, kt__value *v)
{
    kt_run *r = &v->run.r;
    kt_buf *out = kt_arena_calloc(&d->p->arena, (size_t)r->n_in + 1, sizeof *out);
    size_t  at = 0;

    for (int i = 0; out && i < r->n_in; i++) {
        out[i] = r->in[i];
        out[i].data = (char *)r->out[0].data + at;
        if (needs_copy(d, v, i, at))
            add_step(d, v, &(kt_run){.n_in = 1, .n_out = 1, .in = &r->in[i], .out = &out[i]});
        at += d->value[v->node->in[i]->id].bytes;
    }
    return out;
}

static kt_status write_steps(kt__draft *d)
{
    kt_plan *p = d->p;
    size_t   n = (size_t)count_steps(d) + 1;

    p->step = kt_arena_calloc(&p->arena, n, sizeof *p->step);
    p->note = kt_arena_calloc(&p->arena, n, sizeof *p->note);
    if (!p->step || !p->note)
        return kt_raise_memory(d->f);
    for (int id = 0; id < d->n; id++) {
        kt__value *v = &d->value[id];
        kt_run    *r = &v->run.r;

        if (!v->node || !v->run.fn)
            continue;
        for (int i = 0; i < r->n_in; i++)
            r->in[i].data = data_of(d, v->node->in[i]->id);
        for (int k = 0; k < r->n_out; k++)
            r->out[k].data = data_of(d, v->node->part[k]->id);
        r->scratch = p->memory + v->scratch_offset;
        for (int i = 0; i < r->n_in; i++)
            patch_later(d, v->node->in[i]->id, &r->in[i]);
        for (int k = 0; k < r->n_out; k++)
            patch_later(d, v->node->part[k]->id, &r->out[k]);
        if (!is_pack(v))
            add_step(d, v, r);
        else if (!add_pack(d, v))
            return kt_raise_memory(d->f);
    }
    return p->arena.failed ? kt_raise_memory(d->f) : KT_OK;
}

static bool add_slot(kt__draft *d, const kt_node *n)
{
    kt__slot *s = kt_arena_alloc(&d->p->arena, sizeof *s);

    if (!s)
        return false;
    s->input = input_of(d, n->id, &s->at);
    s->data = data_of(d, n->id);
    return kt_map_set(&d->p->slot, n, s);
}

static kt_status write_slots(kt__draft *d, kt_node *const *keep, int n_keep)
{
    for (int i = 0; i < n_keep; i++)
        if (!add_slot(d, keep[i]))
            return kt_raise_memory(d->f);
    for (int id = 0; id < d->n; id++)
        if (d->value[id].input && !add_slot(d, d->value[id].node))
            return kt_raise_memory(d->f);
    return KT_OK;
}

/* Steps that are left out where another option is chosen. */
static kt_status guard_steps(kt__draft *d, kt_node *const *keep, int n_keep)
{
    bool      *needed = kt_calloc((size_t)d->n + 1, sizeof *needed);
    bool      *kept = kt_calloc((size_t)d->n + 1, sizeof *kept);
    kt_guard **of = NULL;
    bool       done = needed && kept;

    for (int id = 0; done && id < d->n; id++)
        needed[id] = d->value[id].node;
    for (int i = 0; done && i < n_keep; i++)
        kept[keep[i]->id] = true;
    done = done && kt_guards(d->g, &d->p->arena, needed, kept, &of);
    for (int id = 0; of && id < d->n; id++) {
        d->value[id].guard = of[id];
        for (kt_guard *g = of[id]; g && !g->which; g = g->outer)
            g->which = &d->value[g->choice->id].run.r.in[0];
    }
    kt_free(needed);
    kt_free(kept);
    return done ? KT_OK : kt_raise_memory(d->f);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Values that the caller binds: those that are all of their memory, which holds no pack. */
static kt_status bind_results(kt__draft *d, kt_node *const *keep, int n_keep, bool *bind)
{
    for (int i = 0; i < n_keep; i++) {
        size_t     at;
        kt__value *v = &d->value[kt__root(d, keep[i]->id, &at)];

        bind[i] = bind[i] && v->home == KT__ARENA && !v->copied && !v->input && !at &&
                  v->bytes == d->value[keep[i]->id].bytes;
        if (bind[i] && !(v->input = kt_arena_alloc(&d->p->arena, sizeof *v->input)))
            return kt_raise_memory(d->f);
    }
    return KT_OK;
}

static kt_status make(kt__draft *d, kt_node *const *keep, int n_keep, bool *bind)
{
    kt_status status = kt__values(d, keep, n_keep);

    if (status == KT_OK)
        status = kt__choose(d);
    if (status != KT_OK)
        return status;
    kt__share(d);
    status = bind ? bind_results(d, keep, n_keep, bind) : KT_OK;
    if (status == KT_OK)
        status = kt__place(d);
    if (status != KT_OK)
        return status;
    resolve_roots(d);
    status = make_patches(d);
    if (status == KT_OK)
        status = guard_steps(d, keep, n_keep);
    if (status == KT_OK)
        status = write_steps(d);
    return status == KT_OK ? write_slots(d, keep, n_keep) : status;
}

/* States of kernels that did not become steps. */
static void release_rest(kt__draft *d)
{
    for (int id = 0; id < d->n; id++) {
        kt__choice *c = &d->value[id].run;
        if (c->release && c->r.state)
            c->release(c->r.state);
    }
}

/* bind: NULL where placeholders have memory of the plan. */
static kt_plan *plan_new(const kt_graph *g, kt_node *const *keep, int n_keep, bool *bind,
                         kt_fault *f)
{
    kt_plan  *p = kt_alloc(sizeof *p);
    kt__draft d = {.g = g, .p = p, .f = f, .n = (int)g->nodes.n, .bound = bind != NULL};
    kt_status status = KT_OK;

    d.value = kt_calloc((size_t)d.n + 1, sizeof *d.value);
    if (kt_graph_failed(g))
        status = kt_fault_copy(f, g->fault);
    else if (!p || !d.value)
        status = kt_raise_memory(f);
    else
        status = make(&d, keep, n_keep, bind);
    if (d.value)
        release_rest(&d);
    kt_free(d.value);
    if (status == KT_OK)
        return p;
    kt_plan_free(p);
    return NULL;
}

kt_plan *kt_plan_new(const kt_graph *g, kt_node *const *keep, int n_keep, kt_fault *f)
{
    return plan_new(g, keep, n_keep, NULL, f);
}

kt_plan *kt_plan_new_bound(const kt_graph *g, kt_node *const *keep, int n_keep, bool *bind,
                           kt_fault *f)
{
    return plan_new(g, keep, n_keep, bind, f);
}

void kt_plan_free(kt_plan *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->n_steps; i++)
        if (p->note[i].release && p->step[i].r.state)
            p->note[i].release(p->step[i].r.state);
    for (size_t i = 0; i < p->tensors.n; i++)
        kt_tensor_unref(p->tensors.at[i]);
    for (size_t i = 0; i < p->bodies.n; i++)
        kt_body_unref(p->bodies.at[i]);
    kt_vec_free(&p->tensors);
    kt_vec_free(&p->bodies);
    kt_map_free(&p->slot);
    kt_free(p->block);
    kt_arena_free(&p->arena);
    kt_free(p);
}

int kt_plan_steps(const kt_plan *p)
{
    return p->n_steps;
}

kt_plan_step_info kt_plan_step(const kt_plan *p, int i)
{
    const kt__note *n = &p->note[i];

    return (kt_plan_step_info){n->op, n->kernel, n->scope, n->seconds, n->flops};
}

size_t kt_plan_bytes(const kt_plan *p)
{
    return p->bytes;
}

size_t kt_plan_footprint(const kt_plan *p)
{
    size_t states = 0;

    for (int i = 0; i < p->n_steps; i++)
        states += p->step[i].r.state ? p->note[i].held : 0;
    return sizeof *p + p->bytes + kt_arena_bytes(&p->arena) + states +
           p->slot.cap * 2 * sizeof(void *) + p->tensors.cap * sizeof(void *);
}
