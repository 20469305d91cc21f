/* offer.c - how a remedy hands in what it proposes: a scene with numbered edits. */
#include <string.h>

#include "doctor/doctor.h"

const kt_remedy *kt_remedy_find(const char *kind)
{
    for (const kt_remedy *const *file = kt_remedy_table; *file; file++)
        for (const kt_remedy *r = *file; r->kind; r++)
            if (kt_streq(r->kind, kind))
                return r;
    return NULL;
}

kt_scene *kt_draft(const kt_look *k)
{
    return kt_scene_fork(k->s);
}

static bool is_data(const char *where)
{
    return kt_streq(where, "x");
}

static unsigned reasons_of(const kt_scene *s, const kt_remedy *r)
{
    kt_call_kind call = s->p->call;
    bool         model = kt_streq(r->where, "model");
    unsigned     why = r->changes ? KT_WHY(KT_WHY_MEANING) : 0;

    if (model && s->p->trained)
        why |= KT_WHY(KT_WHY_TRAINED);
    else if (model && (call == KT_DO_PREDICT || call == KT_DO_EVALUATE))
        why |= KT_WHY(KT_WHY_CALL);
    if (kt_streq(r->where, "loss") && (s->p->trained || call == KT_DO_EVALUATE))
        why |= KT_WHY(KT_WHY_COMPILED);
    if (is_data(r->where) && (call == KT_DO_FIT || call == KT_DO_BUILD) && !s->p->trained)
        why |= KT_WHY(KT_WHY_EACH_TIME);
    return why;
}

void kt_note(kt_scene *s, const char *kind, const char *cause, kt_grade grade, const char *layer,
             const char *code, const char *fmt, ...)
{
    const kt_remedy *r = kt_remedy_find(kind);
    kt_str           text = {0};
    va_list          ap;

    KT_ASSERT(r);
    if (!s || !r || s->n_edits == KT_MAX_EDITS)
        return;
    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    s->edit[s->n_edits++] = (kt_mended){.kind = r->kind,
                                        .cause = cause,
                                        .what = r->where,
                                        .layer = layer,
                                        .words = kt_str_keep(&text, &s->p->arena),
                                        .code = code,
                                        .changes = r->changes};
    unsigned before = s->n_edits > 1 ? s->why & KT_WHY_GRADE : KT_WHY_GRADE;
    s->why = (s->why & ~(unsigned)KT_WHY_GRADE) | ((unsigned)grade < before ? grade : before) |
             reasons_of(s, r);
}

/* An edit of the same kind twice in a row is a search that runs in circles. */
static bool circles(const kt_look *k, const kt_scene *s)
{
    for (int i = 0; i < k->s->n_edits; i++)
        for (int e = k->s->n_edits; e < s->n_edits; e++)
            if (kt_streq(k->s->edit[i].kind, s->edit[e].kind))
                return true;
    return false;
}

void kt_offer(const kt_look *k, kt_scene *s, bool edited)
{
    if (!s || !edited || s->p->arena.failed || s->n_edits == k->s->n_edits || circles(k, s))
        return; /* where memory was missing, an edit may have left gaps */
    s->score = kt_rank(s, NULL, 0, NULL);
    (void)kt_vec_push(&k->offers->list, s);
}

void kt_offer_target(const kt_look *k, const kt_remedy *r, const kt_change *c, const char *cause,
                     kt_grade grade, const char *code, const char *words)
{
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_scene_change(s, true, k->target, c);

    kt_note(s, r->kind, cause, grade, NULL, code, "%s", words);
    kt_offer(k, s, ok);
}

void kt_propose(const kt_scene *s, const kt_outcome *end, kt_offers *out)
{
    kt_look k = kt_look_at(s, end);
    bool    before = kt_set_shapes_only(true);

    k.offers = out;
    for (const kt_remedy *const *file = kt_remedy_table; *file; file++)
        for (const kt_remedy *r = *file; r->kind; r++)
            if (r->propose)
                r->propose(&k, r);
    kt_set_shapes_only(before);
}
