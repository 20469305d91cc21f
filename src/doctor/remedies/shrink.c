/* shrink.c - remedies for maps that shrink to nothing. */
#include "doctor/remedy.h"

static bool windows(const kt_spot *s)
{
    return s->role == KT_IS_CONV || s->role == KT_IS_POOL;
}

static const char *window_field(const kt_spot *s)
{
    return s->role == KT_IS_POOL ? "pool_size" : "kernel_size";
}

/* A window at the failing layer that is larger than what is left. */
static bool shrinks(const kt_look *k)
{
    const kt_spot *s = k->v.broken >= 0 ? &k->v.spot[k->v.broken] : NULL;
    int64_t        w[3];

    if (!s || !windows(s) || s->rank < 1 || s->in[0].rank != s->rank + 2)
        return false;
    int n = kt_field_ints(s, window_field(s), s->rank, w);
    for (int i = 0; i < n; i++)
        if (s->in[0].dim[i + 1] != KT_UNKNOWN && s->in[0].dim[i + 1] < w[i])
            return true;
    return false;
}

/* Conv2D(n, 3, 3): strides that are the kernel by accident. One alone may be meant. */
static bool is_trap(const kt_spot *s)
{
    int64_t kernel[3], strides[3];
    int     n = s->rank;

    if (s->role != KT_IS_CONV || n < 2 || kt_field_ints(s, "kernel_size", n, kernel) != n ||
        kt_field_ints(s, "strides", n, strides) != n)
        return false;
    for (int i = 0; i < n; i++)
        if (kernel[i] != strides[i] || kernel[i] < 2 || kernel[i] != kernel[0] || kernel[i] > 7)
            return false;
    return true;
}

static void no_strides(const kt_look *k, const kt_remedy *r)
{
    kt_scene *s = shrinks(k) ? kt_draft(k) : NULL;
    int       n = 0;
    bool      ok = s != NULL;

    for (int i = 0; s && i < k->v.n; i++)
        if (is_trap(&k->v.spot[i])) {
            ok = ok && kt_edit_field(s, &k->v, i, "strides", kt_int_value(k, 1));
            n++;
        }
    if (n == 0)
        return;
    kt_note(s, r->kind, "strides_trap", n > 1 ? KT_G_CERTAIN : KT_G_STRONG, NULL,
            "Conv2D(filters, (3, 3))",
            "the third number of %d convolutions was taken for the strides: strides back to 1, the "
            "kernel as a pair",
            n);
    kt_offer(k, s, ok);
}

/* Maps for each pixel that lost the edge which the target has. */
static void same_as_target(const kt_look *k)
{
    if (!k->targets || k->end.stage != KT_AT_LOSS || k->y.rank != k->out.rank || k->y.rank < 2 ||
        k->data.rank != k->y.rank || kt_dim(&k->y, -1) != kt_dim(&k->out, -1))
        return;
    kt_scene *s = kt_draft(k);
    bool      ok = s != NULL;
    int       n = 0;
    for (int i = 0; i + 1 < k->y.rank; i++)
        ok = ok && k->y.dim[i] == k->data.dim[i] && k->out.dim[i] < k->y.dim[i];
    for (int i = 0; ok && i < k->v.n; i++)
        if (k->v.spot[i].role == KT_IS_CONV &&
            kt_streq(kt_field_text(&k->v.spot[i], "padding"), "valid")) {
            ok = kt_edit_field(s, &k->v, i, "padding", kt_text_value(k, "same"));
            n++;
        }
    kt_note(s, "padding_same", "target_shape", KT_G_CERTAIN, NULL, "padding='same'",
            "padding='same' in the %d convolutions without it: the maps lose the edge that the "
            "target has",
            n);
    kt_offer(k, s, ok && n > 0);
}

static void same(const kt_look *k, const kt_remedy *r)
{
    same_as_target(k);

    kt_scene *s = shrinks(k) ? kt_draft(k) : NULL;
    bool      ok = s != NULL;
    int       n = 0;

    for (int i = 0; s && i < k->v.n; i++)
        if (windows(&k->v.spot[i]) && kt_has_field(&k->v.spot[i], "padding") &&
            !kt_streq(kt_field_text(&k->v.spot[i], "padding"), "same")) {
            ok = ok && kt_edit_field(s, &k->v, i, "padding", kt_text_value(k, "same"));
            n++;
        }
    kt_note(s, r->kind, "maps_shrink", kt_channels_first(k) ? KT_G_SHOT : KT_G_STRONG,
            k->v.broken >= 0 ? k->v.spot[k->v.broken].name : NULL, "padding='same'",
            "padding='same' in the %d convolutions and pools without it: they cut the edge off", n);
    kt_offer(k, s, ok && n > 0);
}

static void no_pool(const kt_look *k, const kt_remedy *r)
{
    int at = -1;

    for (int i = 0; shrinks(k) && i <= k->v.broken; i++)
        if (k->v.spot[i].role == KT_IS_POOL)
            at = i;
    kt_scene *s = at >= 0 ? kt_draft(k) : NULL;
    bool      ok = s && kt_edit_remove(s, &k->v, at);
    kt_note(s, r->kind, "maps_shrink", KT_G_LIKELY, at >= 0 ? k->v.spot[at].name : NULL, NULL,
            "take '%s' out: one pooling fewer", at >= 0 ? k->v.spot[at].name : "");
    kt_offer(k, s, ok);
}

static void smaller(const kt_look *k, const kt_remedy *r)
{
    kt_scene      *s = shrinks(k) ? kt_draft(k) : NULL;
    const kt_spot *b = s ? &k->v.spot[k->v.broken] : NULL;
    int64_t        w[3];

    if (!b)
        return;
    int       n = kt_field_ints(b, window_field(b), b->rank, w);
    kt_value *list = kt_value_new(&k->s->p->arena, KT_LIST);
    bool      some = false;
    for (int i = 0; i < n; i++) {
        int64_t have = b->in[0].dim[i + 1];
        some = some || have < 1;
        kt_value_add(&k->s->p->arena, list, NULL,
                     kt_int_value(k, have > 0 && have < w[i] ? have : w[i]));
    }
    bool     ok = !some && kt_edit_field(s, &k->v, k->v.broken, window_field(b), list);
    kt_shape left = kt_shape_slice(&b->in[0], 1, b->in[0].rank);
    kt_note(s, r->kind, "maps_shrink", KT_G_LIKELY, b->name, NULL,
            "a window in '%s' that is not larger than its input of %s", b->name,
            kt_shown(k, &left));
    kt_offer(k, s, ok);
}

const kt_remedy kt_remedies_shrink[] = {
    {"strides_to_one", "model", NULL, no_strides},
    {"padding_same", "model", NULL, same},
    {"remove_pooling", "model", NULL, no_pool},
    {"kernel_smaller", "model", NULL, smaller},
    {NULL, NULL, NULL, NULL},
};
