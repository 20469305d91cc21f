/* steps.c - remedies for a whole sequence where one step is wanted, or the reverse. */
#include "doctor/remedy.h"

static const unsigned passing = KT_ROLE(KT_IS_OTHER) | KT_ROLE(KT_IS_DENSE) |
                                KT_ROLE(KT_IS_ACTIVATION) | KT_ROLE(KT_IS_WRAPPER);

/* The recurrent layer that decides whether steps come out at `spot`; -1: none. */
static int recurrent_above(const kt_view *v, int spot)
{
    for (int at = spot; at >= 0; at = kt_up(v, at, 0)) {
        if (kt_has_field(&v->spot[at], "return_sequences"))
            return at;
        if (v->spot[at].role == KT_IS_WRAPPER && kt_field_value(&v->spot[at], "layer") &&
            kt_value_get(kt_value_get(kt_field_value(&v->spot[at], "layer"), "config"),
                         "return_sequences"))
            return at;
        if (!(passing >> v->spot[at].role & 1))
            return -1;
    }
    return -1;
}

static bool gives_steps(const kt_spot *s)
{
    const kt_value *inner = kt_field_value(s, "layer");
    const kt_value *v = inner ? kt_value_get(kt_value_get(inner, "config"), "return_sequences")
                              : kt_field_value(s, "return_sequences");

    return v && v->kind == KT_BOOL && v->b;
}

static bool set_steps(const kt_look *k, kt_scene *s, int at, bool on)
{
    kt_arena       *a = &k->s->p->arena;
    const kt_value *inner = kt_field_value(&k->v.spot[at], "layer");

    if (!inner)
        return kt_edit_field(s, &k->v, at, "return_sequences", kt_value_bool(a, on));
    static const char *const both[] = {"layer", "backward_layer"};
    bool                     ok = true;
    for (int i = 0; i < 2; i++) { /* Bidirectional: in both directions, where both are written */
        const kt_value *one = kt_field_value(&k->v.spot[at], both[i]);
        if (kt_is_none(one))
            continue;
        kt_value *copy = kt_value_copy(a, one), *config = kt_value_get(copy, "config");
        ok = ok && config && kt_value_set(a, config, "return_sequences", kt_value_bool(a, on)) &&
             kt_edit_field(s, &k->v, at, both[i], copy);
    }
    return ok;
}

/* Behind a last step nothing is left to be applied to every step. */
static bool unwrap_below(const kt_look *k, kt_scene *s, int at)
{
    bool ok = true;

    for (int i = at + 1; ok && i < k->v.n; i++) {
        const kt_spot  *w = &k->v.spot[i];
        const kt_value *inner = w->role == KT_IS_WRAPPER ? kt_field_value(w, "layer") : NULL;
        if (inner && kt_role_of(kt_layer_type_of(inner)) == KT_IS_DENSE &&
            recurrent_above(&k->v, i) == at)
            ok = kt_edit_unwrap(s, &k->v, i);
    }
    return ok;
}

static void offer(const kt_look *k, const kt_remedy *r, int at, bool on, kt_grade grade,
                  const char *cause, const char *why)
{
    kt_scene   *s = kt_draft(k);
    const char *name = k->v.spot[at].name;
    bool        ok = s && set_steps(k, s, at, on) && (on || unwrap_below(k, s, at));

    kt_note(s, r->kind, cause, grade, name, kt_say(k, "return_sequences=%s", on ? "True" : "False"),
            "return_sequences=%s in '%s': %s", on ? "True" : "False", name, why);
    kt_offer(k, s, ok);
}

/* --- every step ------------------------------------------------------------------------------- */

static int64_t steps_of(const kt_spot *s)
{
    return s->in[0].rank >= 3 ? s->in[0].dim[1] : 0;
}

static bool wants_target_steps(const kt_look *k, int64_t steps)
{
    kt_shape rest = k->y.rank > 0 ? kt_drop_axis(&k->y, 0) : k->y;
    bool     rows = k->y.rank == k->out.rank + 1 && kt_shape_fits(&rest, &k->out);
    bool     width = k->y.rank == 2 && k->out.rank == 1;
    bool     numbers = k->y.rank >= 1 && k->loss == KT_LOSS_SPARSE && k->y.rank == k->out.rank;

    return k->targets && k->end.stage >= KT_AT_LOSS && k->y.rank >= 1 && k->y.dim[0] == steps &&
           steps > 1 && (rows || width || numbers);
}

static void every_step(const kt_look *k, const kt_remedy *r)
{
    int wants, got, at;

    if (k->v.broken >= 0 && kt_wants_rank(k, &wants, &got) && wants == 2 && got == 1) {
        at = recurrent_above(&k->v, kt_up(&k->v, k->v.broken, 0));
        if (at >= 0 && !gives_steps(&k->v.spot[at]))
            offer(
                k, r, at, true, KT_G_CERTAIN, "sequence_vs_step",
                kt_say(k, "'%s' wants every step, not only the last", k->v.spot[k->v.broken].name));
        return;
    }
    at = k->v.n_out ? recurrent_above(&k->v, k->v.out[k->output]) : -1;
    if (at >= 0 && !gives_steps(&k->v.spot[at]) && wants_target_steps(k, steps_of(&k->v.spot[at])))
        offer(k, r, at, true, KT_G_CERTAIN, "sequence_vs_step",
              kt_say(k, "the target has something for each of the %lld steps",
                     (long long)k->y.dim[0]));
}

/* --- the last step ---------------------------------------------------------------------------- */

/* One target per sample, and steps come out. */
static void for_target(const kt_look *k, const kt_remedy *r)
{
    int  at = k->v.n_out ? recurrent_above(&k->v, k->v.out[k->output]) : -1;
    bool steps = k->targets && k->end.stage >= KT_AT_LOSS && k->out.rank == 2 && k->y.rank <= 1;

    if (steps && at >= 0 && gives_steps(&k->v.spot[at]))
        offer(k, r, at, false, KT_G_CERTAIN, "sequence_vs_step",
              kt_say(k, "one target per sample, but an output for each of %lld steps",
                     (long long)k->out.dim[0]));
}

static void for_layer(const kt_look *k, const kt_remedy *r)
{
    int wants, got;
    int at = k->v.broken >= 0 ? recurrent_above(&k->v, kt_up(&k->v, k->v.broken, 0)) : -1;

    if (at >= 0 && gives_steps(&k->v.spot[at]) && kt_wants_rank(k, &wants, &got) &&
        got == wants + 1)
        offer(k, r, at, false, KT_G_CERTAIN, "sequence_vs_step",
              kt_say(k, "'%s' takes one row per sample", k->v.spot[k->v.broken].name));
}

/* A sequence joined to one row. */
static void for_merge(const kt_look *k, const kt_remedy *r)
{
    const kt_spot *m = k->v.broken >= 0 ? &k->v.spot[k->v.broken] : NULL;
    int            least = KT_MAX_RANK;

    if (!m || (m->role != KT_IS_JOIN && m->role != KT_IS_MERGE))
        return;
    for (int i = 0; i < m->n_feed; i++)
        least = m->in[i].rank < least ? m->in[i].rank : least;
    for (int i = 0; i < m->n_feed; i++) {
        int at = m->in[i].rank > least ? recurrent_above(&k->v, kt_up(&k->v, k->v.broken, i)) : -1;
        if (at >= 0 && gives_steps(&k->v.spot[at]))
            offer(k, r, at, false, KT_G_CERTAIN, "branch_sizes",
                  kt_say(k, "'%s' joins it to one row per sample", m->name));
    }
}

/* The state that another recurrent layer starts from. */
static void for_state(const kt_look *k, const kt_remedy *r)
{
    const kt_spot *m = k->v.broken >= 0 ? &k->v.spot[k->v.broken] : NULL;

    if (!m || m->role != KT_IS_RECURRENT || m->n_feed < 2)
        return;
    int at = recurrent_above(&k->v, kt_up(&k->v, k->v.broken, 1));
    if (at >= 0 && gives_steps(&k->v.spot[at]) && m->in[1].rank == 3)
        offer(k, r, at, false, KT_G_CERTAIN, "sequence_vs_step",
              kt_say(k, "'%s' starts from one state per sample", m->name));
}

static void last_step(const kt_look *k, const kt_remedy *r)
{
    for_target(k, r);
    for_layer(k, r);
    for_merge(k, r);
    for_state(k, r);
}

/* --- steps out of one row --------------------------------------------------------------------- */

static void set_repeat(const kt_look *k, const kt_remedy *r, int at)
{
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_edit_field(s, &k->v, at, "n", kt_int_value(k, k->y.dim[0]));

    kt_note(s, r->kind, "sequence_vs_step", KT_G_CERTAIN, k->v.spot[at].name,
            kt_say(k, "RepeatVector(%lld)", (long long)k->y.dim[0]),
            "RepeatVector(%lld) in place of %lld: the target has %lld steps",
            (long long)k->y.dim[0], (long long)kt_field_int(&k->v.spot[at], "n", 0),
            (long long)k->y.dim[0]);
    kt_offer(k, s, ok);
}

static void repeat(const kt_look *k, const kt_remedy *r)
{
    int at = k->v.n_out ? kt_up_to(&k->v, k->v.out[k->output], KT_ROLE(KT_IS_REPEAT)) : -1;

    if (!k->targets || k->end.stage < KT_AT_LOSS || k->y.rank < 1)
        return;
    if (at >= 0 && k->out.rank >= 2 && k->out.dim[0] != k->y.dim[0]) {
        set_repeat(k, r, at);
        return;
    }
    int last = k->v.n_out ? recurrent_above(&k->v, k->v.out[k->output]) : -1;
    if (last < 0 || gives_steps(&k->v.spot[last]) || k->y.rank != 2 || k->out.rank != 1 ||
        k->y.dim[0] == steps_of(&k->v.spot[last]))
        return;
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_edit_insert(s, &k->v, last, -1,
                                       kt_say(k, "RepeatVector(%lld)", (long long)k->y.dim[0]));
    kt_note(s, r->kind, "sequence_vs_step", KT_G_STRONG, k->v.spot[last].name,
            kt_say(k, "RepeatVector(%lld)", (long long)k->y.dim[0]),
            "insert RepeatVector(%lld) behind '%s': the target has %lld steps",
            (long long)k->y.dim[0], k->v.spot[last].name, (long long)k->y.dim[0]);
    kt_offer(k, s, ok);
}

const kt_remedy kt_remedies_steps[] = {
    {"return_sequences_true", "model", NULL, every_step},
    {"return_sequences_false", "model", NULL, last_step},
    {"repeat_vector", "model", NULL, repeat},
    {NULL, NULL, NULL, NULL},
};
