/* optimizer_apply.c - emits one step of an optimizer: Keras' apply_gradients.
 *
 * Order: unscale, accumulate, clip, weight decay, update, averages, constraints, iterations + 1. It
 * is done once, on the block of all weights, or for each variable where gradients are missing, come
 * by rows of a table, or the update needs the variable's shape. */
#include "nn/optimizer.h"

typedef struct gradient {
    kt_node *x;           /* NULL: there is none */
    kt_node *raw, *scale; /* as in kt_update */
} gradient;

typedef struct emission {
    kt_optimizer *o;
    kt_graph     *g;
    kt_node      *rate;  /* the learning rate, float32 */
    kt_node      *count; /* updates so far, int64 */
    kt_node      *due;   /* whether accumulated gradients are used now; NULL: there are none */
    kt_node      *shared[KT_MAX_SLOTS]; /* new values of shared slots */
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

/* --- gradients by rows (tf.IndexedSlices) --- */

static bool is_rows(const kt_node *n)
{
    return kt_streq(n->op->name, "gather_grad") && !((const kt_gather_attr *)n->attr)->axis;
}

static bool is_sum(const kt_node *n)
{
    return kt_is(n, &kt_op_binary) && ((const kt_binary_attr *)n->attr)->fn == KT_BI_ADD;
}

/* The term by rows of a sum, and what is left; a gradient by rows is one itself. NULL: neither. */
static const kt_node *take_rows(const kt_node *n, const kt_node **rest)
{
    *rest = NULL;
    if (is_rows(n))
        return n;
    for (int i = 1; is_sum(n) && i >= 0; i--)
        if (is_rows(n->in[i])) {
            *rest = n->in[1 - i];
            return n->in[i];
        }
    return NULL;
}

static bool by_rows(const kt_node *n)
{
    while (n)
        if (!take_rows(n, &n))
            return false;
    return true;
}

/* f of each reading of a row, added up. */
static kt_node *map_rows(kt_graph *g, const kt_node *n, kt_unary_attr f)
{
    kt_node *sum = NULL;

    while (n) {
        const kt_node        *rows = take_rows(n, &n);
        const kt_gather_attr *a = rows->attr;
        kt_node *x = kt_gather_grad(g, rows->in[0], kt_unary_with(g, f, rows->in[1]), a->axis,
                                    rows->shape);
        sum = sum ? kt_add(g, sum, x) : x;
    }
    return sum;
}

static kt_node *map_gradient(kt_graph *g, kt_node *x, const kt_node *raw, kt_node *scale,
                             kt_unary_fn fn)
{
    if (!raw)
        return kt_unary(g, fn, x);
    kt_node *y = map_rows(g, raw, (kt_unary_attr){.fn = fn});
    return scale ? kt_mul(g, y, kt_unary(g, fn, scale)) : y;
}

kt_node *kt_grad_map(kt_update *u, kt_unary_fn fn)
{
    return map_gradient(u->g, u->grad, u->raw, u->scale, fn);
}

/* --- unscaling and accumulating --- */

static void scale_by(kt_graph *g, gradient *d, kt_node *s)
{
    if (d->raw)
        d->scale = d->scale ? kt_mul(g, d->scale, s) : s;
}

static void unscale(const emission *e, gradient *d)
{
    const kt_optfloat factor = e->o->base.loss_scale_factor;

    if (!factor.set)
        return;
    d->x = kt_div(e->g, d->x, kt_scalar_as(e->g, factor.v, d->x->dtype));
    scale_by(e->g, d, kt_scalar_as(e->g, 1 / factor.v, d->x->dtype));
}

/* The mean with what was accumulated, which is cleared where it is due to be used. */
static void accumulate(const emission *e, gradient *d, const target *t)
{
    const kt_optint steps = e->o->base.gradient_accumulation_steps;
    kt_graph       *g = e->g;

    if (!steps.set)
        return;
    kt_variable *slot = t->slot[e->o->base.use_ema ? 1 : 0];
    kt_node     *sum = kt_add(g, d->x, kt_read(g, slot));
    kt_node     *steps_node = kt_scalar_as(g, (double)steps.v, sum->dtype);

    *d = (gradient){.x = kt_div(g, sum, steps_node)};
    kt_assign(g, slot, kt_select(g, e->due, kt_scalar_as(g, 0, sum->dtype), sum));
}

static gradient start(const emission *e, size_t i, kt_node *grad)
{
    gradient d = {.x = kt_cast(e->g, grad, weight(e, i)->dtype)};

    if (d.x == grad && by_rows(grad))
        d.raw = grad;
    unscale(e, &d);
    return d;
}

/* --- clipping --- */

static bool above_zero(kt_optfloat x)
{
    return x.set && x.v > 0;
}

static kt_node *square_sum(const emission *e, const gradient *d)
{
    return kt_sum_all(e->g, map_gradient(e->g, d->x, d->raw, d->scale, KT_UN_SQUARE));
}

static void clip_norm(const emission *e, gradient *d)
{
    kt_graph *g = e->g;
    kt_node  *limit = kt_scalar_as(g, e->o->base.clipnorm.v, d->x->dtype);
    kt_node  *norm = kt_unary(g, KT_UN_SQRT, square_sum(e, d));
    kt_node  *most = kt_binary(g, KT_BI_MAXIMUM, norm, limit);

    d->x = kt_div(g, kt_mul(g, d->x, limit), most);
    scale_by(g, d, kt_div(g, limit, most));
}

static void clip_global(const emission *e, gradient *d, size_t n)
{
    kt_graph *g = e->g;
    double    limit = e->o->base.global_clipnorm.v;
    kt_node  *sum = NULL;

    for (size_t i = 0; i < n; i++)
        if (d[i].x) {
            kt_node *s = square_sum(e, &d[i]);
            sum = sum ? kt_add(g, sum, s) : s;
        }
    kt_dtype dtype = sum->dtype;
    kt_node *norm = kt_unary(g, KT_UN_SQRT, sum);
    kt_node *least = kt_binary(g, KT_BI_MINIMUM, kt_div(g, kt_scalar_as(g, 1, dtype), norm),
                               kt_scalar_as(g, 1 / limit, dtype));
    kt_node *scale = kt_add(g, kt_mul_scalar(g, least, limit),
                            kt_sub(g, norm, norm)); /* NaN stays */
    for (size_t i = 0; i < n; i++)
        if (d[i].x) {
            d[i].x = kt_mul(g, d[i].x, scale);
            scale_by(g, &d[i], scale);
        }
}

static void clip_value(const emission *e, gradient *d)
{
    double        limit = e->o->base.clipvalue.v;
    kt_unary_attr range = {KT_UN_CLIP, -limit, limit};

    if (d->raw) {
        double scale = e->o->base.loss_scale_factor.set ? e->o->base.loss_scale_factor.v : 1;
        range = (kt_unary_attr){KT_UN_CLIP, -limit * scale, limit * scale};
        d->raw = map_rows(e->g, d->raw, range);
        d->x = d->scale ? kt_mul(e->g, d->raw, d->scale) : d->raw;
    } else {
        d->x = kt_unary_with(e->g, range, d->x);
    }
}

/* All but clipnorm, which is by variable, may also be given the block as one gradient. */
static void clip(const emission *e, gradient *d, size_t n)
{
    const kt_optimizer_base *b = &e->o->base;

    if (above_zero(b->global_clipnorm))
        clip_global(e, d, n);
    for (size_t i = 0; i < n; i++) {
        if (d[i].x && above_zero(b->clipnorm))
            clip_norm(e, &d[i]);
        if (d[i].x && above_zero(b->clipvalue))
            clip_value(e, &d[i]);
    }
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
            kt_assign(e->g, u->slots[k], x);
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
    kt_assign(g, t->slot[0], average);
    return w;
}

static void update(emission *e, const target *t, const gradient *d)
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
        kt_assign(g, t->to, next);
}

/* --- all updates --- */

/* One for all: every gradient must be there, and dense. */
static bool fits_block(const emission *e, kt_node *const *grads)
{
    const kt_optimizer *o = e->o;

    if (!o->block || (above_zero(o->base.clipnorm) && o->base.gradient_accumulation_steps.set))
        return false;
    for (size_t i = 0; i < o->trainable.n; i++)
        if (!grads[i] || by_rows(grads[i]))
            return false;
    return true;
}

static void update_block(emission *e, gradient *d)
{
    const kt_optimizer *o = e->o;
    int                 n = (int)o->trainable.n;
    bool                each = above_zero(o->base.clipnorm);
    kt_node           **parts = kt_arena_calloc(&e->g->arena, (size_t)n + 1, sizeof *parts);
    target              t = block_target(e);

    if (!parts) {
        kt_raise_memory(e->g->fault);
        return;
    }
    if (each)
        clip(e, d, (size_t)n);
    for (int k = 0; k < n; k++)
        parts[k] = d[o->order[k]].x;
    gradient all = {.x = kt_pack(e->g, n, parts)};
    if (!each) {
        unscale(e, &all);
        accumulate(e, &all, &t);
        clip(e, &all, 1);
    }
    update(e, &t, &all);
}

static void update_each(emission *e, gradient *d)
{
    size_t n = e->o->trainable.n;

    for (size_t i = 0; i < n; i++) {
        target t = variable_target(e, i);
        if (d[i].x)
            accumulate(e, &d[i], &t);
    }
    clip(e, d, n);
    for (size_t i = 0; i < n; i++) {
        target t = variable_target(e, i);
        update(e, &t, &d[i]);
    }
}

static void update_all(emission *e, kt_node *const *grads)
{
    size_t    n = e->o->trainable.n;
    bool      block = fits_block(e, grads), early = !block || above_zero(e->o->base.clipnorm);
    gradient *d = kt_arena_calloc(&e->g->arena, n + 1, sizeof *d);

    if (!d) {
        kt_raise_memory(e->g->fault);
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (grads[i] && early)
            d[i] = start(e, i, grads[i]);
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
            kt_assign(e->g, v, kt_project(e->g, v->constraint, kt_read(e->g, v), &e->g->arena));
    }
}

static void end(const emission *e)
{
    const kt_optimizer *o = e->o;
    kt_node            *now = kt_read(e->g, o->iterations);

    for (int k = 0; k < o->n_kinds - o->own; k++)
        if (e->shared[k])
            kt_assign(e->g, o->slot[o->own + k], e->shared[k]);
    kt_assign(e->g, o->iterations, kt_add(e->g, now, int_scalar(e->g, 1)));
}

kt_node *kt_optimizer_scale_loss(const kt_optimizer *o, kt_graph *g, kt_node *loss)
{
    const kt_optfloat factor = o->base.loss_scale_factor;

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
    begin(&e);
    update_all(&e, grads);
    project(&e, grads);
    end(&e);
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
