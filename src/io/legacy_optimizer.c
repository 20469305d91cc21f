/* legacy_optimizer.c - the state of an optimizer in a whole .h5 file: optimizer_weights, a list of
 * variables whose order is that of its time.
 *
 * Keras 3 and the optimizers of 2.11 and later ("iteration") list them as today's Keras makes them.
 * Those before list a slot of all weights after the other (Ftrl: all slots of a weight), by the
 * weights of their time: in the order of names in Keras 1, with gates apart, with kernels turned.
 * State that does not fit is left: the optimizer begins anew, as in Keras.
 */
#include <string.h>

#include "io/legacy.h"

typedef struct state {
    kt_legacy_file *r;
    kt_optimizer   *o;
    kt_texts        stored;  /* the variables' paths */
    int             head;    /* numbers before the slots */
    int             rate;    /* which of them is the learning rate; -1: none */
    int             product; /* which is what Nadam keeps for all weights; -1: none */
    bool            fits;    /* so far */
    bool            keep;    /* what fits is kept */
    kt_vec          weights; /* the file's trainable ones, as names */
    int            *turn;    /* where each comes among the slots of one kind */
    size_t          met;     /* weights, in the second walk */
} state;

static const char *last_part(const char *name)
{
    return strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* --- the list --------------------------------------------------------------------------------- */

/* What stands before the slots: single numbers, told by their names. */
static kt_status read_head(state *s)
{
    enum { MOST = 3 };

    s->rate = s->product = -1;
    for (; s->head < s->stored.n && s->head < MOST; s->head++) {
        kt_array    a = {0};
        const char *name = last_part(s->stored.at[s->head]);
        if (kt_h5_read(s->r->h, s->stored.at[s->head], &a, s->r->f) != KT_OK)
            return s->r->f->e.status;
        bool slot = a.rank > 0;
        kt_array_free(&a);
        if (slot)
            break;
        if (begins(name, "learning_rate") || begins(name, "current_learning_rate"))
            s->rate = s->head;
        if (begins(name, "m_schedule") || begins(name, "momentum_cache") ||
            begins(name, "u_product"))
            s->product = s->head;
    }
    return KT_OK;
}

static bool as_today(const state *s)
{
    const char *first = last_part(s->stored.at[0]);

    return begins(first, "iteration") && first[strlen("iteration")] != 's';
}

static bool same_shape(const kt_array *a, const kt_variable *v)
{
    bool same = a->rank == v->shape.rank;

    for (int i = 0; same && i < a->rank; i++)
        same = a->dim[i] == v->shape.dim[i];
    return same;
}

/* Reads variable `from` of the file for v, and keeps it where `keep`. */
static kt_status read_one(state *s, kt_variable *v, int from, bool keep)
{
    kt_array    a = {0};
    const char *path = s->stored.at[from];

    if (kt_h5_read(s->r->h, path, &a, s->r->f) == KT_OK) {
        s->fits = s->fits && same_shape(&a, v);
        if (s->fits && keep)
            kt_weight_store(v, &a, s->r->name, path, s->r->f);
    }
    kt_array_free(&a);
    return s->r->f->e.status;
}

/* --- as today's Keras makes them -------------------------------------------------------------- */

static bool is_shared(const kt_optimizer *o, const kt_variable *v)
{
    for (int k = 0; k < o->n_kinds; k++)
        if (o->kind[k].shared && o->trainable.n > 0 && o->slot[k] == v)
            return true;
    return false;
}

bool kt__legacy_leaves(const kt_optimizer *o, const kt_variable *v)
{
    return is_shared(o, v) ||
           (v != o->iterations && v->value && !kt_dtype_is_float(v->value->dtype));
}

/* `left`: that is not in the file. */
static kt_status pass(state *s, bool left, bool keep)
{
    const kt_optimizer *o = s->o;
    int                 next = s->rate >= 0 ? 2 : 1;

    for (size_t i = 0; i < o->variables.n && s->r->f->e.status == KT_OK && s->fits; i++) {
        kt_variable *v = o->variables.at[i];
        if (v == o->iterations)
            read_one(s, v, 0, keep);
        else if (v != o->learning_rate && !(left && kt__legacy_leaves(o, v)))
            read_one(s, v, next++, keep);
        else if (v == o->learning_rate && s->rate >= 0)
            read_one(s, v, s->rate, keep);
    }
    return s->r->f->e.status;
}

static kt_status read_today(state *s)
{
    int left = 0, slots = (int)s->o->variables.n - (s->o->learning_rate ? 2 : 1);
    int there = s->stored.n - (s->rate >= 0 ? 2 : 1);

    for (size_t i = 0; i < s->o->variables.n; i++)
        left += kt__legacy_leaves(s->o, s->o->variables.at[i]);
    /* SGD of Keras 2 has a slot also where there is no momentum */
    s->fits = there == slots || there == slots - left || slots == 0;
    if (s->fits && pass(s, there < slots, false) == KT_OK && s->fits)
        pass(s, there < slots, true);
    return s->r->f->e.status;
}

/* --- a slot of all weights after the other ---------------------------------------------------- */

static int trainable_index(const kt_optimizer *o, const kt_variable *v)
{
    for (size_t i = 0; i < o->trainable.n; i++)
        if (o->trainable.at[i] == v)
            return (int)i;
    return -1;
}

/* The first walk: the names of what was trained. */
static kt_status note(kt_legacy_file *r, const kt_legacy_run *run, const char *const *paths, int n,
                      const char *where)
{
    state *s = r->with;

    (void)where;
    if (trainable_index(s->o, run->v[0]) < 0)
        return KT_OK;
    for (int i = 0; i < n; i++)
        if (!kt_vec_push(&s->weights, (void *)(uintptr_t)paths[i]))
            return kt_raise_memory(r->f);
    return KT_OK;
}

static kt_status count_numbers(kt_legacy_file *r, const char *path, int64_t *count)
{
    kt_array a = {0};

    if (kt_h5_read(r->h, path, &a, r->f) == KT_OK)
        *count += kt_array_count(&a);
    kt_array_free(&a);
    return r->f->e.status;
}

/* Slots of a kind, at these paths: the run's weights as slots. They are numbers of their own, and
 * none that were added up: CuDNN's doubled biases have more. */
static kt_status set_kind(state *s, const kt_legacy_run *run, int kind, const char **paths, int n,
                          const char *where)
{
    const kt_optimizer *o = s->o;
    kt_variable       **slots = kt_arena_calloc(&s->r->a, (size_t)run->n, sizeof *slots);
    int64_t             wanted = 0, there = 0;

    if (!slots)
        return kt_raise_memory(s->r->f);
    for (int i = 0; i < run->n; i++) {
        int w = trainable_index(o, run->v[i]);
        slots[i] = w < 0 ? NULL : o->slot[(size_t)w * (size_t)o->n_kinds + (size_t)kind];
        s->fits = s->fits && slots[i];
        wanted += slots[i] ? slots[i]->value->count : 0;
    }
    for (int i = 0; i < n && s->fits; i++)
        if (count_numbers(s->r, paths[i], &there) != KT_OK)
            return s->r->f->e.status;
    s->fits = s->fits && there == wanted;
    const kt_legacy_run as_slots = {run->owner, slots, run->n};
    return s->fits && s->keep ? kt__legacy_set(s->r, &as_slots, paths, n, where) : KT_OK;
}

static int own_kinds(const kt_optimizer *o)
{
    int kinds = 0;

    for (int k = 0; k < o->n_kinds; k++)
        kinds += !o->kind[k].shared;
    return kinds;
}

/* Where the slot of this kind of this weight stands behind the head. */
static int place(const state *s, int kind, int weight)
{
    return s->o->type->old_by_weight ? weight * own_kinds(s->o) + kind
                                     : kind * (int)s->weights.n + weight;
}

/* The walks after it: the slots of each run. */
static kt_status set_slots(kt_legacy_file *r, const kt_legacy_run *run, const char *const *weights,
                           int n, const char *where)
{
    state       *s = r->with;
    const char **paths = kt_arena_calloc(&r->a, (size_t)n + 1, sizeof *paths);

    (void)weights;
    if (!paths)
        return kt_raise_memory(r->f);
    if (trainable_index(s->o, run->v[0]) < 0)
        return KT_OK;
    for (int k = 0, own = 0; k < s->o->n_kinds && r->f->e.status == KT_OK && s->fits; k++) {
        if (s->o->kind[k].shared)
            continue;
        for (int i = 0; i < n; i++)
            paths[i] = s->stored.at[s->head + place(s, own, s->turn[s->met + (size_t)i])];
        set_kind(s, run, k, paths, n, where);
        own++;
    }
    s->met += (size_t)n;
    return r->f->e.status;
}

/* Keras 1 sorted the weights by their names, which are the ends of their paths. */
static kt_status find_turns(state *s)
{
    s->turn = kt_arena_calloc(&s->r->a, s->weights.n + 1, sizeof *s->turn);
    if (!s->turn)
        return kt_raise_memory(s->r->f);
    for (size_t i = 0; i < s->weights.n; i++) {
        int before = 0;
        for (size_t k = 0; k < s->weights.n && s->r->keras == 1; k++)
            before += strcmp(last_part(s->weights.at[k]), last_part(s->weights.at[i])) < 0;
        s->turn[i] = s->r->keras == 1 ? before : (int)i;
    }
    return KT_OK;
}

static kt_status read_numbers(state *s)
{
    const kt_optimizer *o = s->o;

    if (s->head > 0)
        read_one(s, o->iterations, 0, true);
    if (s->rate >= 0 && o->learning_rate && s->r->f->e.status == KT_OK)
        read_one(s, o->learning_rate, s->rate, true);
    for (int k = 0; k < o->n_kinds && o->trainable.n > 0; k++)
        if (o->kind[k].shared && s->product >= 0 && s->r->f->e.status == KT_OK)
            read_one(s, o->slot[k], s->product, true);
    return s->r->f->e.status;
}

/* A file has more slots than today where they held nothing: SGD without momentum, Adam's third. */
static bool enough(const state *s)
{
    return s->weights.n > 0 &&
           (size_t)own_kinds(s->o) <= (size_t)(s->stored.n - s->head) / s->weights.n;
}

static kt_status walk_slots(state *s, const kt_layer *root, bool keep)
{
    s->keep = keep;
    s->met = 0;
    s->r->each = set_slots;
    return kt__legacy_walk(s->r, root, true);
}

static kt_status read_across(state *s, const kt_layer *root)
{
    kt_legacy_file *r = s->r;

    r->each = note;
    if (kt__legacy_walk(r, root, true) != KT_OK || !enough(s) || find_turns(s) != KT_OK)
        return r->f->e.status;
    if (walk_slots(s, root, false) == KT_OK && s->fits && walk_slots(s, root, true) == KT_OK)
        read_numbers(s);
    return r->f->e.status;
}

/* --- the file --------------------------------------------------------------------------------- */

static kt_status read_names(state *s)
{
    kt_legacy_file *r = s->r;

    if (kt__legacy_names(r, "optimizer_weights", "weight_names", &s->stored) != KT_OK)
        return r->f->e.status;
    for (int i = 0; i < s->stored.n && r->f->e.status == KT_OK; i++)
        s->stored.at[i] = kt__legacy_path(r, "optimizer_weights", s->stored.at[i]);
    return r->f->e.status;
}

static int keras_of(kt_legacy_file *r)
{
    return kt_keras_of(kt_h5_attr_text(r->h, "/", "keras_version", &r->a, r->f), 1);
}

kt_status kt_legacy_read_optimizer(kt_model *m, kt_h5 *h, const char *name, kt_fault *f)
{
    kt_load_rules  rules = {0};
    kt_legacy_file r = {.h = h, .name = name, .root = "model_weights", .rules = &rules, .f = f};
    state          s = {.r = &r, .o = m->optimizer, .fits = true};

    r.with = &s;
    if (m->optimizer && kt_h5_exists(h, "optimizer_weights") && read_names(&s) == KT_OK &&
        s.stored.n > 0 && read_head(&s) == KT_OK) {
        if (keras_of(&r) == 2)
            m->optimizer_of = as_today(&s) ? KT_OF_KERAS2 : KT_OF_KERAS2_LEGACY;
        if (s.head == s.stored.n) /* of a model that was not trained, or there are no slots */
            read_numbers(&s);
        else if (kt_model_build_optimizer(m) != KT_OK)
            kt_fault_copy(f, &m->fault);
        else if (as_today(&s))
            read_today(&s);
        else
            read_across(&s, m->root);
    }
    kt_vec_free(&s.weights);
    kt_arena_free(&r.a);
    return f->e.status;
}
