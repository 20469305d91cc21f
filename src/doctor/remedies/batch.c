/* batch.c - remedies for a declared batch size that the data do not meet. */
#include "doctor/remedy.h"

static int64_t fixed_size(const kt_look *k)
{
    return k->v.n_in && k->v.declared[0] && k->v.shape[0].rank > 0 ? k->v.shape[0].dim[0]
                                                                   : KT_UNKNOWN;
}

static void other_size(const kt_look *k, const kt_remedy *r)
{
    int64_t want = fixed_size(k);

    if (want == KT_UNKNOWN && k->end.stage == KT_AT_LAST)
        for (want = k->s->batch; want > 1 && k->rows % want; want--) {}
    if (want < 1 || want == k->s->batch || k->end.stage < KT_AT_FORWARD)
        return;
    kt_scene *s = kt_draft(k);
    if (s)
        s->batch = want;
    kt_note(s, r->kind, "fixed_batch", want > 1 ? KT_G_STRONG : KT_G_LIKELY, NULL,
            kt_say(k, "batch_size=%lld", (long long)want), "use batch_size=%lld", (long long)want);
    kt_offer(k, s, true);
}

static void any_size(const kt_look *k, const kt_remedy *r)
{
    kt_shape open = k->v.n_in ? k->v.shape[0] : (kt_shape){.rank = -1};

    if (fixed_size(k) == KT_UNKNOWN || k->end.stage < KT_AT_FORWARD || k->s->n_x != 1)
        return;
    open.dim[0] = KT_UNKNOWN;
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_edit_input(s, &k->v, 0, &open);
    for (int i = 0; ok && i < k->v.n; i++)
        if (kt_field_true(&k->v.spot[i], "stateful"))
            ok = kt_edit_field(s, &k->v, i, "stateful", kt_value_bool(&k->s->p->arena, false));
    kt_note(s, r->kind, "fixed_batch", KT_G_STRONG, NULL, kt_say(k, "Input(shape=...)"),
            "take the fixed batch size %lld out of the declared input", (long long)fixed_size(k));
    kt_offer(k, s, ok);
}

const kt_remedy kt_remedies_batch[] = {
    {"batch_size", "batch_size", NULL, other_size},
    {"batch_free", "model", "states are no longer kept from batch to batch", any_size},
    {NULL, NULL, NULL, NULL},
};
