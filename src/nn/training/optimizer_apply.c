/* optimizer_apply.c - emits one step of an optimizer: Keras' apply_gradients.
 *
 * Order: unscale, accumulate, clip, weight decay, update, averages, constraints, iterations + 1. It
 * is done once, on the block of all weights, or for each variable where gradients are missing, come
 * by rows of a table, or the update needs the variable's shape. */
#include "nn/training/gradient.h"
#include "nn/optimizer.h"

typedef struct emission {
    kt_optimizer *o;
    kt_graph     *g;
    kt_node      *rate;  /* the learning rate, float32 */
    kt_node      *count; /* updates so far, int64 */
    kt_node      *due;   /* whether accumulated gradients are used now; NULL: there are none */
    kt_node *finite; /* whether all gradients are, as nothing happens otherwise; NULL: not asked */
    kt_node *shared[KT_MAX_SLOTS]; /* new values of shared slots */
} emission;

/* What one update writes to: the block, or a variable. */
typedef struct target {
    kt_variable        *to;
    const kt_variable  *variable; /* NULL: the block */
    kt_variable *const *slot;     /* by kind */
} target;

static kt_variable *weight(const emission *e, size_t i)
{
    return e->o->trainable.at[i];
}

static target block_target(const emission *e)
{
    return (target){e->o->block, NULL, e->o->slot_block};
}

static target variable_target(const emission *e, size_t i)
{
    return (target){weight(e, i), weight(e, i), e->o->slot + i * (size_t)e->o->n_kinds};
}

static kt_node *int_scalar(kt_graph *g, int64_t v)
{
    return kt_scalar_as(g, (double)v, KT_I64);
}

static void assign(const emission *e, kt_variable *v, kt_node *x)
{
    kt_assign(e->g, v, e->finite ? kt_select(e->g, e->finite, x, kt_read(e->g, v)) : x);
}

/* The mean with what was accumulated, which is cleared where it is due to be used. */
static void accumulate(const emission *e, kt__gradient *d, const target *t)
{
    const kt_optint steps = e->o->base.gradient_accumulation_steps;
    kt_graph       *g = e->g;

    if (!steps.set)
        return;
    kt_variable *slot = t->slot[e->o->base.use_ema ? 1 : 0];
    kt_node     *sum = kt_add(g, d->x, kt_read(g, slot));
    kt_node     *steps_node = kt_scalar_as(g, (double)steps.v, sum->dtype);

    *d = (kt__gradient){.x = kt_div(g, sum, steps_node)};
    assign(e, slot, kt_select(g, e->due, kt_scalar_as(g, 0, sum->dtype), sum));
}

/* --- one update --- */

kt_node *kt_slot(kt_update *u, int kind)
{
    return kt_read(u->g, u->slots[kind]);
}

void kt_slot_assign(kt_update *u, int kind, kt_node *x)
{
    u->next[kind] = x;
}

/* x where gradients are used in this step, else what was there. */
static kt_node *when_due(const emission *e, kt_node *x, kt_node *old)
{
    return e->due ? kt_select(e->g, e->due, x, old) : x;
}

static kt_node *decayed(const emission *e, const target *t, kt_node *w, kt_node *rate)
{
    const kt_optimizer_type *type = e->o->type;
    const kt_optfloat        wd = e->o->base.weight_decay;
    double                   share = wd.v;
    bool decays = type->decay ? type->decay(e->o->object->config, t->variable, &share) : wd.set;

    if (!decays)
        return w;
    return kt_sub(e->g, w, kt_mul(e->g, kt_mul_scalar(e->g, w, share), rate));
}

static void assign_slots(emission *e, kt_update *u)
{
    const kt_optimizer *o = e->o;

    for (int k = 0; k < o->n_kinds - o->own; k++) {
        if (!u->next[k])
            continue;
        kt_node *x = when_due(e, u->next[k], kt_slot(u, k));
        if (o->kind[o->own + k].shared)
            e->shared[k] = x;
        else
            assign(e, u->slots[k], x);
    }
}

/* The moving average of the new weights; returns the weights, replaced by it where that is due. */
static kt_node *averaged(const emission *e, const target *t, kt_node *w)
{
    const kt_optimizer_base *b = &e->o->base;
    kt_graph                *g = e->g;

    if (!b->use_ema)
        return w;
    kt_node *later = kt_binary(g, KT_BI_NOT_EQUAL, e->count, int_scalar(g, 0));
    kt_node *keep = kt_mul_scalar(g, kt_cast(g, later, w->dtype), b->ema_momentum);
    kt_node *old = kt_read(g, t->slot[0]);
    kt_node *average = kt_add(g, kt_mul(g, keep, old), kt_mul(g, kt_one_minus(g, keep), w));

    if (b->ema_overwrite_frequency.set) {
        kt_node *n = int_scalar(g, b->ema_overwrite_frequency.v);
        kt_node *left = kt_binary(g, KT_BI_MOD, kt_add(g, e->count, int_scalar(g, 1)), n);
        w = kt_select(g, kt_binary(g, KT_BI_EQUAL, left, int_scalar(g, 0)), average, w);
    }
    assign(e, t->slot[0], average);
    return w;
}

static void update(emission *e, const target *t, const kt__gradient *d)
{
    kt_graph           *g = e->g;
    const kt_optimizer *o = e->o;
    kt_node            *w = kt_read(g, t->to), *next = w;

    if (d->x) {
        kt_update u = {.g = g, .config = o->object->config, .optimizer = e->o, .raw = d->raw};
        u.variable = t->variable;
        u.slots = t->slot + o->own;
        u.grad = d->x;
        u.scale = d->scale;
        u.lr = kt_cast(g, e->rate, w->dtype);
        u.step = kt_cast(g, kt_add(g, e->count, int_scalar(g, 1)), w->dtype);
        u.w = decayed(e, t, w, u.lr);
        next = when_due(e, o->type->update(&u), w);
        assign_slots(e, &u);
    }
    next = averaged(e, t, next);
    if (next != w)
        assign(e, t->to, next);
}

/* --- all updates --- */

/* One for all: every gradient must be there, and dense. */
static bool fits_block(const emission *e, kt_node *const *grads)
{
    const kt_optimizer *o = e->o;

    if (!o->block || (kt__above_zero(o->base.clipnorm) && o->base.gradient_accumulation_steps.set))
        return false;
    for (size_t i = 0; i < o->trainable.n; i++)
        if (!grads[i] || kt__by_rows(grads[i]))
            return false;
    return true;
}

static void update_block(emission *e, kt__gradient *d)
{
    const kt_optimizer *o = e->o;
    int                 n = (int)o->trainable.n;
    bool                each = kt__above_zero(o->base.clipnorm);
    kt_node           **parts = kt_arena_calloc(&e->g->arena, (size_t)n + 1, sizeof *parts);
    target              t = block_target(e);

    if (!parts) {
        kt_raise_memory(e->g->fault);
        return;
    }
    if (each)
        kt__clip(e->g, &e->o->base, d, (size_t)n);
    for (int k = 0; k < n; k++)
        parts[k] = d[o->order[k]].x;
    kt__gradient all = {.x = kt_pack(e->g, n, parts)};
    if (!each) {
        kt__unscale(e->g, &e->o->base, &all);
        accumulate(e, &all, &t);
        kt__clip(e->g, &e->o->base, &all, 1);
    }
    update(e, &t, &all);
}

static void update_each(emission *e, kt__gradient *d)
{
    size_t n = e->o->trainable.n;

    for (size_t i = 0; i < n; i++) {
        target t = variable_target(e, i);
        if (d[i].x)
            accumulate(e, &d[i], &t);
    }
    kt__clip(e->g, &e->o->base, d, n);
    for (size_t i = 0; i < n; i++) {
        target t = variable_target(e, i);
        update(e, &t, &d[i]);
    }
}

static void update_all(emission *e, kt_node *const *grads)
{
    size_t n = e->o->trainable.n;
    bool   block = fits_block(e, grads), early = !block || kt__above_zero(e->o->base.clipnorm);
    kt__gradient *d = kt_arena_calloc(&e->g->arena, n + 1, sizeof *d);

    if (!d) {
        kt_raise_memory(e->g->fault);
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (grads[i] && early)
            d[i] = kt__gradient_start(e->g, &e->o->base, grads[i], weight(e, i)->dtype);
        else if (grads[i])
            d[i].x = kt_cast(e->g, grads[i], weight(e, i)->dtype);
    if (block)
        update_block(e, d);
    else
        update_each(e, d);
}

/* --- the step --- */

static void begin(emission *e)
{
    const kt_optint steps = e->o->base.gradient_accumulation_steps;
    kt_graph       *g = e->g;

    e->rate = kt__rate_emit(e->o, g);
    e->count = kt_read(g, e->o->iterations);
    if (!steps.set)
        return;
    kt_node *n = int_scalar(g, steps.v), *now = e->count;
    kt_node *left = kt_binary(g, KT_BI_MOD, now, n);
    kt_node *quotient = kt_div(g, kt_cast(g, kt_sub(g, now, left), KT_F64), kt_cast(g, n, KT_F64));

    e->due = kt_binary(g, KT_BI_EQUAL, left, int_scalar(g, steps.v - 1));
    e->count = kt_cast(g, quotient, KT_I64);
}

static void project(const emission *e, kt_node *const *grads)
{
    for (size_t i = 0; i < e->o->trainable.n; i++) {
        kt_variable *v = weight(e, i);

        if (grads[i] && v->constraint)
            assign(e, v, kt_project(e->g, v->constraint, kt_read(e->g, v), &e->g->arena));
    }
}

static void end(const emission *e)
{
    const kt_optimizer *o = e->o;
    kt_node            *now = kt_read(e->g, o->iterations);

    for (int k = 0; k < o->n_kinds - o->own; k++)
        if (e->shared[k])
            assign(e, o->slot[o->own + k], e->shared[k]);
    assign(e, o->iterations, kt_add(e->g, now, int_scalar(e->g, 1)));
}

/* --- the scale of the loss --- */

/* 0, or NaN where not all of x is finite. */
static kt_node *excess(kt_graph *g, kt_node *x)
{
    x = kt_cast(g, x, KT_F32);
    return kt_sum_all(g, kt_mul_scalar(g, x, 0));
}

/* Gradients of the loss before it was scaled; the array is the graph's. */
static kt_node *const *unscaled(emission *e, kt_node *const *grads)
{
    size_t    n = e->o->trainable.n;
    kt_graph *g = e->g;
    kt_node **to = kt_arena_calloc(&g->arena, n + 1, sizeof *to), *sum = NULL;
    kt_node  *scale = kt_read(g, e->o->scale);

    if (!to) {
        kt_raise_memory(g->fault);
        return grads;
    }
    for (size_t i = 0; i < n; i++)
        if (grads[i]) {
            kt_node *bad = excess(g, grads[i]);
            sum = sum ? kt_add(g, sum, bad) : bad;
            to[i] = kt_div(g, kt_cast(g, grads[i], weight(e, i)->dtype),
                           kt_cast(g, scale, weight(e, i)->dtype));
        }
    e->finite = kt_binary(g, KT_BI_EQUAL, sum, kt_scalar_as(g, 0, KT_F32));
    return to;
}

/* Doubled after so many steps with finite gradients, halved where they are not. */
static void rescale(const emission *e)
{
    const kt_optimizer *o = e->o;
    kt_graph           *g = e->g;
    kt_node            *steps = kt_read(g, o->good_steps), *scale = kt_read(g, o->scale);
    kt_node            *zero = int_scalar(g, 0);
    kt_node            *last = kt_scalar_as(g, o->growth_steps - 1, KT_F32);
    kt_node            *grown = kt_binary(g, KT_BI_EQUAL, kt_cast(g, steps, KT_F32), last);
    kt_node            *next = kt_select(g, grown, zero, kt_add(g, steps, int_scalar(g, 1)));
    kt_node            *more = kt_select(g, grown, kt_mul_scalar(g, scale, 2), scale);

    kt_assign(g, o->good_steps, kt_select(g, e->finite, next, zero));
    kt_assign(g, o->scale, kt_select(g, e->finite, more, kt_mul_scalar(g, scale, 0.5)));
}

kt_node *kt_optimizer_scale_loss(const kt_optimizer *o, kt_graph *g, kt_node *loss)
{
    const kt_optfloat factor = o->base.loss_scale_factor;

    if (o->around)
        return kt_mul(g, kt_cast(g, loss, KT_F32), kt_read(g, o->scale));
    return factor.set ? kt_mul_scalar(g, loss, factor.v) : loss;
}

kt_status kt_optimizer_apply(kt_optimizer *o, kt_graph *g, kt_node *const *grads, kt_fault *f)
{
    emission e = {.o = o, .g = g};
    size_t   n = 0;

    for (size_t i = 0; i < o->trainable.n; i++)
        n += grads[i] != NULL;
    if (!o->trainable.n || kt_graph_failed(g))
        return kt_graph_failed(g) ? kt_fault_copy(f, g->fault) : KT_OK;
    if (!n)
        return kt_raise(f, KT_E_VALUE, "No gradients provided for any variable.");
    if (kt__optimizer_use(o, f) != KT_OK)
        return f->e.status;
    if (o->around)
        grads = unscaled(&e, grads);
    begin(&e);
    update_all(&e, grads);
    project(&e, grads);
    end(&e);
    if (o->around)
        rescale(&e);
    return kt_graph_failed(g) && f != g->fault ? kt_fault_copy(f, g->fault) : g->fault->e.status;
}

/* --- what updates share --- */

kt_node *kt_one_minus(kt_graph *g, kt_node *x)
{
    return kt_sub(g, kt_scalar_as(g, 1, x->dtype), x);
}

kt_node *kt_step_power(kt_update *u, double base)
{
    return kt_binary(u->g, KT_BI_POW, kt_scalar_as(u->g, base, u->step->dtype), u->step);
}

kt_node *kt_toward(kt_graph *g, kt_node *m, kt_node *x, double rate)
{
    return kt_add(g, m, kt_mul_scalar(g, kt_sub(g, x, m), rate));
}

kt_node *kt_mixed(kt_graph *g, kt_node *m, kt_node *x, double keep)
{
    return kt_add(g, kt_mul_scalar(g, m, keep), kt_mul_scalar(g, x, 1 - keep));
}
