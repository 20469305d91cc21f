/* rank.c - remedies for layers that work over another number of axes than the data have. */
#include <string.h>

#include "doctor/remedy.h"

/* "Conv2D" -> "Conv1D", if there is such a class. */
static const char *sibling(const kt_look *k, const kt_spot *s, int rank)
{
    const char *name = s->type->cls.class_name;
    size_t      n = strlen(name);

    if (n < 3 || name[n - 1] != 'D' || rank < 1 || rank > 3)
        return NULL;
    const char *other = kt_say(k, "%.*s%dD", (int)n - 2, name, rank);
    return kt_layer_type_find(other) ? other : NULL;
}

static bool ranked(const kt_spot *s)
{
    return s->rank > 0 &&
           (s->role == KT_IS_CONV || s->role == KT_IS_POOL || s->role == KT_IS_GLOBAL_POOL ||
            s->role == KT_IS_CONV_UP || s->role == KT_IS_BORDER || s->role == KT_IS_UPSAMPLE);
}

/* The first `rank` numbers of a tuple, the last of them again where it had fewer. */
static bool refit_field(const kt_look *k, kt_scene *s, int at, const char *field, int rank)
{
    int64_t   v[3] = {1, 1, 1};
    int       n = kt_field_ints(&k->v.spot[at], field, 3, v);
    kt_value *list = kt_value_new(&k->s->p->arena, KT_LIST);

    if (n == 0 || !kt_value_is_seq(kt_field_value(&k->v.spot[at], field)))
        return true;
    n = (int)kt_field_value(&k->v.spot[at], field)->n;
    for (int i = 0; i < rank; i++)
        kt_value_add(&k->s->p->arena, list, NULL, kt_int_value(k, v[i < n ? i : n - 1]));
    return kt_edit_field(s, &k->v, at, field, list);
}

static bool refit(const kt_look *k, kt_scene *s, int at, int rank)
{
    static const char *const fields[] = {"kernel_size", "pool_size", "strides", "dilation_rate"};
    const char              *name = sibling(k, &k->v.spot[at], rank);
    bool                     ok = name && kt_edit_class(s, &k->v, at, name);

    for (size_t i = 0; ok && i < KT_COUNT(fields); i++)
        ok = refit_field(k, s, at, fields[i], rank);
    return ok;
}

static void other_rank(const kt_look *k, const kt_remedy *r)
{
    int wants, got, n = 0, rank;

    if (k->v.broken < 0 || !ranked(&k->v.spot[k->v.broken]) || !kt_wants_rank(k, &wants, &got))
        return;
    rank = got - 1;
    kt_scene *s = kt_draft(k);
    bool      ok = s != NULL,
         series = rank == 1 && k->data.rank == 2 && k->data.dim[0] > 2 * k->data.dim[1];
    for (int i = 0; ok && i < k->v.n; i++)
        if (ranked(&k->v.spot[i]) && k->v.spot[i].rank == k->v.spot[k->v.broken].rank) {
            ok = refit(k, s, i, rank);
            n++;
        }
    kt_note(s, r->kind, "layer_rank",
            series        ? KT_G_CERTAIN
            : got > wants ? KT_G_STRONG
                          : KT_G_LIKELY,
            k->v.spot[k->v.broken].name, NULL,
            "use the %d-D kind of the %d convolution and pooling layers: the data have %d axes per "
            "sample",
            rank, n, got);
    kt_offer(k, s, ok && n > 0);
}

/* Layers of one frame on a film: wrapped, up to the first layer that takes the steps. */
static void each_frame(const kt_look *k, const kt_remedy *r)
{
    int wants, got, n = 0;

    if (k->v.broken < 0 || !kt_wants_rank(k, &wants, &got) || got != wants + 1 ||
        !ranked(&k->v.spot[k->v.broken]))
        return;
    kt_scene *s = kt_draft(k);
    bool      ok = s != NULL, recurrent = false;
    for (int i = k->v.broken; ok && i < k->v.n && !recurrent; i++) {
        const kt_spot *at = &k->v.spot[i];
        recurrent = at->role == KT_IS_RECURRENT;
        if (recurrent || !(ranked(at) || at->role == KT_IS_FLATTEN))
            continue;
        ok = kt_edit_wrap(s, &k->v, i, "TimeDistributed");
        n++;
    }
    kt_note(s, r->kind, "layer_rank", recurrent ? KT_G_CERTAIN : KT_G_LIKELY,
            k->v.spot[k->v.broken].name, "TimeDistributed(...)",
            "wrap the %d layers of one frame in TimeDistributed: the samples are %lld frames", n,
            (long long)k->v.spot[k->v.broken].in[0].dim[1]);
    kt_offer(k, s, ok && n > 0);
}

static void channels_first(const kt_look *k, const kt_remedy *r)
{
    kt_scene *s = kt_channels_first(k) && k->v.broken >= 0 && !kt_conflict(k) ? kt_draft(k) : NULL;
    bool      ok = s != NULL;

    for (int i = 0; ok && i < k->v.n; i++)
        if (kt_has_field(&k->v.spot[i], "data_format"))
            ok = kt_edit_field(s, &k->v, i, "data_format", kt_text_value(k, "channels_first"));
    kt_note(s, r->kind, "axes_swapped", KT_G_LIKELY, NULL, "data_format='channels_first'",
            "data_format='channels_first' in every layer that has it");
    kt_offer(k, s, ok);
}

/* Maps that are a whole factor larger than the target's: one upsampling too many. */
static void one_level_fewer(const kt_look *k, const kt_remedy *r)
{
    int end = k->v.n_out ? k->v.out[0] : -1;

    if (end >= 0 && k->v.spot[end].role == KT_IS_MODEL)
        end = kt_head(&k->v, 0);
    int at = end >= 0 ? kt_up_to(&k->v, end, KT_ROLE(KT_IS_UPSAMPLE)) : -1;

    if (at < 0 || !k->targets || k->end.stage < KT_AT_LOSS || k->y.rank != k->out.rank ||
        k->y.rank < 2)
        return;
    int64_t factor[3] = {1, 1, 1};
    int n = kt_field_ints(&k->v.spot[at], "size", k->y.rank - 1 < 3 ? k->y.rank - 1 : 3, factor);
    for (int i = 0; i + 1 < k->y.rank; i++)
        if (k->out.dim[i] != k->y.dim[i] * factor[i < n ? i : 0] || factor[0] < 2)
            return;
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_edit_remove(s, &k->v, at);
    kt_note(s, r->kind, "wiring", KT_G_STRONG, k->v.spot[at].name, NULL,
            "take '%s' out: the maps come out %lld times as large as the target's",
            k->v.spot[at].name, (long long)factor[0]);
    kt_offer(k, s, ok);
}

/* A layer between that took away the axes that the failing one needs. */
static void take_out(const kt_look *k, const kt_remedy *r)
{
    one_level_fewer(k, r);

    int wants, got, up = k->v.broken >= 0 ? kt_up(&k->v, k->v.broken, 0) : -1;

    if (up < 0 || !kt_wants_rank(k, &wants, &got) || got >= wants)
        return;
    unsigned       flat = KT_ROLE(KT_IS_FLATTEN) | KT_ROLE(KT_IS_GLOBAL_POOL);
    const kt_spot *b = &k->v.spot[k->v.broken];
    if (!(flat >> k->v.spot[up].role & 1))
        up = kt_up_to(&k->v, k->v.broken, flat);
    kt_scene *s = up >= 0 ? kt_draft(k) : NULL;
    bool      ok = s && kt_edit_remove(s, &k->v, up);
    kt_note(s, r->kind, "wiring", KT_G_STRONG, up >= 0 ? k->v.spot[up].name : NULL, NULL,
            "take '%s' out: '%s' behind it needs the axes that it joins",
            up >= 0 ? k->v.spot[up].name : "", b->name);
    kt_offer(k, s, ok);
}

const kt_remedy kt_remedies_rank[] = {
    {"time_distributed", "model", NULL, each_frame},
    {"conv_rank", "model", NULL, other_rank},
    {"remove_layer", "model", NULL, take_out},
    {"data_format_channels_first", "model", NULL, channels_first},
    {NULL, NULL, NULL, NULL},
};
