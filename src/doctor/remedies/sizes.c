/* sizes.c - remedies that bring x to the size of the model: columns, channels, pictures, steps. */
#include "doctor/remedy.h"

static bool alone(const kt_look *k)
{
    return kt_paired(k) && k->declared.rank >= 1 && k->data.rank == k->declared.rank &&
           kt_conflict(k);
}

static void offer(const kt_look *k, const kt_remedy *r, const kt_change *c, const char *cause,
                  kt_grade grade, const char *code, const char *words)
{
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_scene_change(s, false, k->item, c);

    kt_note(s, r->kind, cause, grade, NULL, code, "%s", words);
    kt_offer(k, s, ok);
}

static bool is_channels(int64_t n)
{
    return n == 1 || n == 3 || n == 4;
}

static bool other_channels(const kt_look *k)
{
    return k->data.rank >= 3 && is_channels(kt_dim(&k->data, -1)) &&
           is_channels(kt_dim(&k->declared, -1)) &&
           kt_dim(&k->data, -1) != kt_dim(&k->declared, -1);
}

static void columns(const kt_look *k, const kt_remedy *r)
{
    if (!alone(k) || !kt_same_but_last(&k->data, &k->declared) || other_channels(k) ||
        kt_first_is(k, KT_IS_EMBEDDING))
        return;
    int64_t   want = kt_dim(&k->declared, -1), have = kt_dim(&k->data, -1);
    kt_change c = {.kind = KT_CH_COLUMNS, .size = want};
    bool      flat = k->s->x[k->item].t->count == want; /* it is one sample */
    offer(k, r, &c, "feature_count", k->fresh || flat ? KT_G_SHOT : KT_G_CERTAIN,
          want < have ? kt_say(k, "x = x[..., :%lld]", (long long)want) : NULL,
          want < have
              ? kt_say(k,
                       "the model was made for %lld columns, x has %lld: leave out the other %lld "
                       "(is the target still among them?)",
                       (long long)want, (long long)have, (long long)(have - want))
              : kt_say(k,
                       "the model was made for %lld columns, x has %lld: put the missing %lld back",
                       (long long)want, (long long)have, (long long)(want - have)));
}

static void channels(const kt_look *k, const kt_remedy *r)
{
    if (!alone(k) || !other_channels(k))
        return;
    int64_t   want = kt_dim(&k->declared, -1), have = kt_dim(&k->data, -1);
    kt_change c = {.kind = KT_CH_CHANNELS, .size = want};
    offer(k, r, &c, "channel_count", KT_G_CERTAIN,
          have == 1   ? kt_say(k, "x = np.repeat(x, %lld, axis=-1)", (long long)want)
          : want == 1 ? "x = x[..., :3].mean(axis=-1, keepdims=True)"
                      : kt_say(k, "x = x[..., :%lld]", (long long)want),
          kt_say(k, "bring the pictures from %lld to %lld channels (%s)", (long long)have,
                 (long long)want,
                 have == 1   ? "repeat the grey one"
                 : want == 1 ? "grey is the mean of the colours"
                             : "drop alpha, or load them in the other colour mode"));
}

static void pictures(const kt_look *k, const kt_remedy *r)
{
    if (!alone(k) || k->data.rank < 3 || kt_dim(&k->data, -1) != kt_dim(&k->declared, -1))
        return;
    kt_shape  to = kt_put_axis(&k->declared, 0, k->rows);
    kt_change c = {.kind = KT_CH_RESIZE, .shape = to};
    int       perm[KT_MAX_RANK];
    bool      turned = kt_permutation(&k->data, &k->declared, perm);
    for (int i = 1; i < to.rank; i++)
        if (to.dim[i] == KT_UNKNOWN)
            c.shape.dim[i] = k->s->x[k->item].t->shape.dim[i];
    offer(k, r, &c, "input_size",
          turned     ? KT_G_SHOT
          : k->fresh ? KT_G_STRONG
                     : KT_G_CERTAIN,
          NULL,
          kt_say(k, "resize the pictures from %s to %s, the size of the model",
                 kt_shown(k, &k->data), kt_shown(k, &k->declared)));
}

static void steps(const kt_look *k, const kt_remedy *r)
{
    bool words = k->data.rank == 1 && kt_first_is(k, KT_IS_EMBEDDING);
    bool series = k->data.rank == 2 && kt_dim(&k->data, -1) == kt_dim(&k->declared, -1);

    if (!alone(k) || (!words && !series) || k->declared.dim[0] == k->data.dim[0] ||
        k->declared.dim[0] == KT_UNKNOWN)
        return;
    kt_change c = {.kind = KT_CH_PAD, .axis = {1}, .size = k->declared.dim[0]};
    offer(k, r, &c, "input_size", k->fresh ? KT_G_LIKELY : KT_G_CERTAIN,
          kt_say(k, "x = keras.utils.pad_sequences(x, maxlen=%lld, dtype=x.dtype)",
                 (long long)c.size),
          kt_say(k, "%s the sequences from %lld to %lld steps, the length of the model",
                 c.size > k->data.dim[0] ? "pad" : "cut", (long long)k->data.dim[0],
                 (long long)c.size));
}

const kt_remedy kt_remedies_sizes[] = {
    {"convert_channels", "x", NULL, channels},
    {"data_features", "x", NULL, columns},
    {"resize_data", "x", NULL, pictures},
    {"pad_sequences", "x", NULL, steps},
    {NULL, NULL, NULL, NULL},
};
