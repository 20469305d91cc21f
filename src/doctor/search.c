/* search.c - single edits, pairs and triples, best first, each played to its end: only what passes
 * is a remedy. */
#include <string.h>

#include "doctor/doctor.h"

enum { MOST_STEPS = 3 };

typedef struct search {
    kt_patient *p;
    kt_vec      open; /* kt_scene *, not tried yet */
    int         n, max;
    kt_scene  **out;
} search;

/* A scene that is to be tried, and the failure that it was made for. */
typedef struct entry {
    kt_scene  *s;
    kt_outcome from;
    int        steps;
} entry;

static bool push(search *q, kt_scene *s, const kt_outcome *from, int steps)
{
    entry *e = kt_arena_alloc(&q->p->arena, sizeof *e);

    if (!e)
        return false;
    *e = (entry){s, *from, steps};
    return kt_vec_push(&q->open, e);
}

/* The best score; of equals the one that came first. */
static entry *pop(search *q)
{
    size_t best = 0;

    if (q->open.n == 0)
        return NULL;
    for (size_t i = 1; i < q->open.n; i++)
        if (((entry *)q->open.at[i])->s->score > ((entry *)q->open.at[best])->s->score)
            best = i;
    entry *e = q->open.at[best];
    memmove(&q->open.at[best], &q->open.at[best + 1], (q->open.n - best - 1) * sizeof *q->open.at);
    q->open.n--;
    return e;
}

static void expand(search *q, const kt_scene *s, const kt_outcome *end, int steps)
{
    kt_offers o = {{0}};

    kt_propose(s, end, &o);
    for (size_t i = 0; i < o.list.n; i++)
        push(q, o.list.at[i], end, steps);
    kt_vec_free(&o.list);
}

/* Does the call get further than before, or fail of another reason that the facts speak of? */
static bool nearer(const entry *e, const kt_outcome *end)
{
    if (end->stage != e->from.stage)
        return end->stage > e->from.stage;
    if (end->depth > e->from.depth)
        return true;
    return !kt_streq(end->error.message, e->from.error.message) &&
           (e->s->why & KT_WHY_GRADE) >= KT_G_LIKELY;
}

static bool same_kinds(const kt_scene *a, const kt_scene *b)
{
    bool same = a->n_edits == b->n_edits;

    for (int i = 0; same && i < a->n_edits; i++) {
        bool found = false;
        for (int k = 0; k < b->n_edits; k++)
            found = found || kt_streq(a->edit[i].kind, b->edit[k].kind);
        same = found;
    }
    return same;
}

static void keep(search *q, kt_scene *s)
{
    for (int i = 0; i < q->n; i++)
        if (same_kinds(q->out[i], s))
            return;
    if (q->n < q->max)
        q->out[q->n++] = s;
}

int kt_search(kt_patient *p, const kt_outcome *end, kt_scene **out, int max,
              const kt_scene **best_guess)
{
    search q = {.p = p, .max = max, .out = out};
    entry *e;

    *best_guess = NULL;
    expand(&q, &p->scene, end, 1);
    while (q.n < max && p->tries < p->budget && (e = pop(&q))) {
        if (!*best_guess)
            *best_guess = e->s;
        kt_outcome now = kt_try(e->s);
        if (now.stage == KT_PASSED)
            keep(&q, e->s);
        else if (e->steps < MOST_STEPS && nearer(e, &now))
            expand(&q, e->s, &now, e->steps + 1);
    }
    kt_vec_free(&q.open);
    return q.n;
}
