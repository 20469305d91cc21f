/* windows.c - another pool or other strides, with the numbers, so that sizes meet: those of merged
 * branches, or those of the target. */
#include "doctor/remedy.h"

/* The factor by which each axis of `a` is larger than that of `b`; 0 if it is not the same whole
 * number for all. Channels do not count. */
static int64_t factor_of(const kt_shape *a, const kt_shape *b, int first)
{
    int64_t f = 0;

    if (a->rank != b->rank || a->rank - first < 2)
        return 0;
    for (int i = first; i + 1 < a->rank; i++) {
        if (b->dim[i] < 1 || a->dim[i] < b->dim[i])
            return 0;
        int64_t one = (a->dim[i] + b->dim[i] / 2) / b->dim[i];
        if (f && one != f)
            return 0;
        f = one;
    }
    return f > 1 ? f : 0;
}

static bool is_window(const kt_spot *s, const char *field)
{
    return kt_has_field(s, field) && s->rank >= 1 && s->rank <= 3 &&
           (s->role == KT_IS_POOL || s->role == KT_IS_CONV || s->role == KT_IS_CONV_UP);
}

/* A pool that makes its strides of itself. */
static bool is_pool(const kt_spot *s)
{
    return s->role == KT_IS_POOL && is_window(s, "pool_size");
}

static void set(const kt_look *k, const char *kind, const char *cause, int at, int64_t size,
                const char *why)
{
    const kt_spot *w = &k->v.spot[at];
    bool           pool = kt_streq(kind, "pool_size");
    kt_scene      *s = kt_draft(k);
    bool           ok = s && kt_edit_field(s, &k->v, at, kind, kt_int_value(k, size));

    if (ok && pool && !kt_is_none(kt_field_value(w, "strides")))
        ok = kt_edit_field(s, &k->v, at, "strides", kt_int_value(k, size));
    kt_note(s, kind, cause, KT_G_LIKELY, w->name,
            kt_say(k, pool ? "%s(%lld)" : "%s(..., strides=%lld)", w->type->cls.class_name,
                   (long long)size),
            pool ? "a pool of %lld in '%s': %s" : "strides of %lld in '%s': %s", (long long)size,
            w->name, why);
    kt_offer(k, s, ok);
}

/* Each window on the way up from `from` whose number can be changed by the factor. */
static void along(const kt_look *k, int from, int64_t f, bool smaller_wanted, const char *cause,
                  const char *why)
{
    for (int at = from, n = 0; at >= 0 && n < 2; at = kt_up(&k->v, at, 0)) {
        const kt_spot *s = &k->v.spot[at];
        bool           pool = is_pool(s), up = s->role == KT_IS_CONV_UP;
        const char    *field = pool ? "pool_size" : "strides";
        int64_t        now[3] = {1, 1, 1};
        if (!pool && (!is_window(s, "strides") || s->role == KT_IS_POOL))
            continue;
        kt_field_ints(s, field, s->rank, now);
        bool grows = smaller_wanted != up; /* the number that makes maps of the wanted size */
        if (!grows && (now[0] % f || now[0] < f))
            continue;
        if (grows && !pool && now[0] == 1 && !up)
            continue; /* a convolution that keeps the size was meant to */
        set(k, field, cause, at, grows ? now[0] * f : now[0] / f, why);
        n++;
    }
}

static void for_merge(const kt_look *k)
{
    const kt_spot *m = k->v.broken >= 0 ? &k->v.spot[k->v.broken] : NULL;

    if (!m || (m->role != KT_IS_JOIN && m->role != KT_IS_MERGE) || m->n_feed != 2)
        return;
    for (int i = 0; i < 2; i++) {
        int64_t f = factor_of(&m->in[i], &m->in[1 - i], 1);
        if (!f)
            continue;
        const char *why = kt_say(k, "'%s' takes branches of the same size only", m->name);
        along(k, kt_up(&k->v, k->v.broken, i), f, true, "branch_sizes", why);
        along(k, kt_up(&k->v, k->v.broken, 1 - i), f, false, "branch_sizes", why);
    }
}

static void for_target(const kt_look *k)
{
    if (!k->targets || k->end.stage < KT_AT_LOSS || k->y.rank < 2 || k->y.rank != k->out.rank)
        return;
    int64_t     larger = factor_of(&k->out, &k->y, 0), smaller = factor_of(&k->y, &k->out, 0);
    int         head = kt_head(&k->v, k->output);
    const char *why = kt_say(k, "the target's maps are %s", kt_shown(k, &k->y));
    if (larger)
        along(k, head, larger, true, "target_shape", why);
    if (smaller)
        along(k, head, smaller, false, "target_shape", why);
}

static void sizes(const kt_look *k, const kt_remedy *r)
{
    (void)r; /* of both kinds */
    for_merge(k);
    for_target(k);
}

const kt_remedy kt_remedies_windows[] = {
    {"pool_size", "model", NULL, sizes},
    {"strides", "model", NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
