/* trace.c - one tracing of layers into a graph: seeds, losses, rows of the shape table. */
#include "nn/layer.h"

kt_trace *kt_trace_new(kt_graph *g, bool training, bool eager, kt_fault *f)
{
    kt_trace *t = kt_arena_alloc(&g->arena, sizeof *t);

    if (!t) {
        kt_raise_memory(f);
        return NULL;
    }
    t->g = g;
    t->training = training;
    t->eager = eager;
    return t;
}

void kt_trace_free(kt_trace *t)
{
    if (!t)
        return;
    kt_vec_free(&t->losses);
    kt_vec_free(&t->seeds);
    kt_vec_free(&t->kept);
    kt_vec_free(&t->later);
    kt_vec_free(&t->rows);
}

void *kt_trace_keep(kt_trace *t, const kt_layer *l, size_t size)
{
    for (size_t i = 0; i + 1 < t->kept.n; i += 2)
        if (t->kept.at[i] == l)
            return t->kept.at[i + 1];
    void *memory = kt_arena_alloc(&t->g->arena, size);
    if (!memory || !kt_vec_push(&t->kept, (void *)(uintptr_t)l) || !kt_vec_push(&t->kept, memory)) {
        kt_raise_memory(t->g->fault);
        return NULL;
    }
    return memory;
}

/* --- what a layer keeps from call to call ----------------------------------------------------- */

void kt_assign_later(kt_trace *t, kt_variable *v, kt_node *x)
{
    if (!kt_vec_push(&t->later, v) || !kt_vec_push(&t->later, x))
        kt_raise_memory(t->g->fault);
}

kt_node *kt_read_kept(kt_trace *t, kt_variable *v)
{
    for (size_t i = t->later.n; i >= 2; i -= 2)
        if (t->later.at[i - 2] == v)
            return kt_stop_gradient(t->g, t->later.at[i - 1]);
    return kt_read(t->g, v);
}

/* --- random numbers --------------------------------------------------------------------------- */

static size_t draws(const kt_trace *t, const kt_variable *seed)
{
    size_t n = 0;

    for (size_t i = 0; i < t->seeds.n; i++)
        n += t->seeds.at[i] == seed;
    return n;
}

/* [0, by] as int64: what Keras' SeedGenerator adds to its state for `by` draws. */
static kt_node *step_of(kt_graph *g, int64_t by)
{
    int64_t v[2] = {0, by};

    return kt_constant(g, kt_tensor_from(v, KT_I64, KT_SHAPE(2)));
}

kt_status kt_make_seed(kt_layer *l, kt_optint seed)
{
    kt_variable *v = kt_arena_alloc(&l->arena, sizeof *v);

    if (seed.odd && seed.odd->kind == KT_BOOL) /* Python's bool is an int, TensorFlow's is not */
        return kt_layer_fail(l, KT_E_VALUE,
                             "Can't convert Python sequence with mixed types to Tensor.");
    if (seed.odd)
        return kt_layer_fail(l, KT_E_VALUE, "Argument `seed` must be an integer. Received: seed=%s",
                             kt_python_text(l, seed.odd));
    int64_t state[2] = {seed.set ? seed.v : kt_draw_seed(), 0};
    if (!v)
        return kt_raise_memory(&l->fault);
    v->name = "seed_generator_state";
    v->path = kt_arena_printf(&l->arena, "%s/seed_generator/seed_generator_state", l->name);
    v->dtype = KT_I64;
    v->shape = KT_SHAPE(2);
    v->value = kt_tensor_from(state, KT_I64, v->shape);
    if (!v->path || !v->value) {
        kt_tensor_unref(v->value);
        return kt_raise_memory(&l->fault);
    }
    l->seed = v;
    return KT_OK;
}

kt_node *kt_next_seed(kt_layer *l, kt_call *c, const kt_value *seed)
{
    bool given = seed && seed->kind == KT_INT;

    if (!l->seed && kt_make_seed(l, (kt_optint){.set = given, .v = given ? seed->i : 0}) != KT_OK) {
        kt_fault_copy(c->g->fault, &l->fault);
        return c->g->poison;
    }
    int64_t  before = (int64_t)draws(c->t, l->seed);
    kt_node *state = kt_read(c->g, l->seed);
    if (!kt_vec_push(&c->t->seeds, l->seed))
        kt_raise_memory(c->g->fault);
    return before ? kt_add(c->g, state, step_of(c->g, before)) : state;
}

kt_node *kt_drop(kt_layer *l, kt_call *c, kt_node *x, const kt_shape *mask, double rate,
                 kt_optint seed)
{
    kt_value       s = {.kind = seed.set ? KT_INT : KT_NONE, .i = seed.v};
    kt_random_attr attr = {KT_RA_UNIFORM, x->dtype, 0, 1, *mask};
    kt_node       *u = kt_random(c->g, kt_next_seed(l, c, &s), &attr);
    kt_node *keep = kt_binary(c->g, KT_BI_GREATER_EQUAL, u, kt_scalar_as(c->g, rate, u->dtype));

    return kt_select(c->g, keep, kt_mul_scalar(c->g, x, rate < 1 ? 1 / (1 - rate) : 0),
                     kt_scalar_as(c->g, 0, x->dtype));
}

void kt_trace_finish(kt_trace *t, bool counters)
{
    for (size_t i = 0; i + 1 < t->later.n; i += 2)
        kt_assign(t->g, t->later.at[i], t->later.at[i + 1]);
    for (size_t i = 0; i < t->seeds.n && counters; i++) {
        kt_variable *seed = t->seeds.at[i];
        bool         first = true;

        for (size_t j = 0; j < i; j++)
            first = first && t->seeds.at[j] != seed;
        if (first)
            kt_assign(t->g, seed,
                      kt_add(t->g, kt_read(t->g, seed), step_of(t->g, (int64_t)draws(t, seed))));
    }
}

kt_node *kt_stand_in(kt_call *c, const kt_node *like, kt_shape shape)
{
    KT_ASSERT(!c->t->eager);
    return kt_placeholder(c->g, "", like->dtype, shape);
}

void kt_add_loss(kt_call *c, kt_node *loss)
{
    if (!kt_is_poison(c->g, loss) && !kt_vec_push(&c->t->losses, loss))
        kt_raise_memory(c->g->fault);
}
