/* declared.c - remedies that edit the declared input shape. */
#include "doctor/remedy.h"

/* Declares `inner` for input 0 and offers it. */
static void declare(const kt_look *k, const kt_remedy *r, const kt_shape *inner, const char *cause,
                    kt_grade grade, const char *why)
{
    kt_scene *s = kt_draft(k);
    kt_shape  batch = kt_batch_of(inner);

    if (!s || batch.rank < 1 || !kt_paired(k))
        return;
    bool ok = kt_edit_input(s, &k->v, k->input, &batch);
    kt_note(s, r->kind, cause, grade, NULL, kt_say(k, "Input(shape=%s)", kt_shown(k, inner)),
            "declare the input shape %s instead of %s: %s", kt_shown(k, inner),
            kt_shown(k, &k->declared), why);
    kt_offer(k, s, ok);
}

static bool declares(const kt_look *k)
{
    return k->declared.rank >= 1 && k->data.rank >= 0 && kt_paired(k);
}

/* X.shape where X.shape[1:] was meant. Targets say which of the two the first number is. */
static void drop_batch(const kt_look *k, const kt_remedy *r)
{
    bool     sampled = k->targets && k->y_rows == k->rows;
    kt_shape full = k->declared;

    if (!declares(k) || k->data.rank < 1 || full.rank != k->data.rank + 1)
        return;
    full = kt_drop_axis(&full, 0);
    if (k->declared.dim[0] != k->rows || !kt_shape_fits(&full, &k->data))
        return;
    declare(k, r, &k->data, "batch_in_input_shape",
            sampled                          ? KT_G_CERTAIN
            : k->s->p->call == KT_DO_PREDICT ? KT_G_SHOT
                                             : KT_G_STRONG,
            kt_say(k, "the %lld are the samples", (long long)k->rows));
}

static bool counts_samples(const kt_look *k)
{
    return k->declared.rank == 1 && k->declared.dim[0] == k->rows && k->rows > 1;
}

/* One row, and as many targets as it has numbers. */
static bool row_of_samples(const kt_look *k)
{
    return k->targets && k->rows == 1 && k->declared.rank == 1 && k->declared.dim[0] == 1 &&
           k->s->y[0].t->count == k->s->x[k->item].t->count;
}

static void features(const kt_look *k, const kt_remedy *r)
{
    if (!declares(k) || !kt_same_but_last(&k->declared, &k->data) ||
        kt_first_is(k, KT_IS_EMBEDDING))
        return;
    bool samples = counts_samples(k), maps = k->data.rank >= 3;
    declare(k, r, &k->data,
            samples ? "batch_in_input_shape"
            : maps  ? "channel_count"
                    : "feature_count",
            row_of_samples(k)                  ? KT_G_LIKELY
            : maps && kt_dim(&k->data, -1) > 4 ? KT_G_STRONG
                                               : KT_G_CERTAIN,
            kt_say(k,
                   samples ? "each row has %lld numbers, the %lld are the samples"
                   : maps  ? "the data have %lld channels, not %lld"
                           : "each row has %lld numbers, not %lld",
                   (long long)kt_dim(&k->data, -1), (long long)kt_dim(&k->declared, -1)));
}

/* Same kind of samples, other height and width or number of steps. */
static bool other_size(const kt_look *k)
{
    bool words = k->data.rank == 1 && kt_first_is(k, KT_IS_EMBEDDING);

    return declares(k) && k->data.rank == k->declared.rank && (k->data.rank >= 2 || words) &&
           (words || kt_dim(&k->data, -1) == kt_dim(&k->declared, -1)) && kt_conflict(k);
}

static void size(const kt_look *k, const kt_remedy *r)
{
    int perm[KT_MAX_RANK];

    if (other_size(k))
        declare(k, r, &k->data, "input_size",
                kt_permutation(&k->declared, &k->data, perm) ? KT_G_SHOT : KT_G_STRONG,
                "that is the size of the data");
}

static void open_size(const kt_look *k, const kt_remedy *r)
{
    kt_shape open = k->declared;

    if (!other_size(k) || k->data.rank < 2)
        return;
    for (int i = 0; i + 1 < open.rank; i++)
        open.dim[i] = KT_UNKNOWN;
    declare(k, r, &open, "input_size", KT_G_LIKELY, "any size is taken then");
}

static void transpose(const kt_look *k, const kt_remedy *r)
{
    int perm[KT_MAX_RANK];

    if (declares(k) && kt_permutation(&k->declared, &k->data, perm))
        declare(k, r, &k->data, "axes_swapped", KT_G_CERTAIN,
                "the axes of the data are in this order");
}

/* The data have an axis that was not declared; or neither has the one that the first layer
 * wants: then Keras adds it to the data by itself. */
static void add_axis(const kt_look *k, const kt_remedy *r)
{
    int axis, wants, got;

    if (!declares(k))
        return;
    if (kt_one_more(&k->declared, &k->data, &axis)) {
        declare(k, r, &k->data, "axis_missing",
                axis == k->data.rank - 1 ? KT_G_CERTAIN : KT_G_STRONG, "the data have this axis");
        return;
    }
    if (!kt_at_first(k) || !kt_wants_rank(k, &wants, &got) || wants != got + 1 || kt_conflict(k))
        return;
    kt_shape more = kt_put_axis(&k->declared, k->declared.rank, 1);
    declare(k, r, &more, "axis_missing", KT_G_STRONG,
            kt_say(k, "'%s' wants one more axis; Keras adds it to the data",
                   k->v.spot[k->v.broken].name));
}

static void drop_axis(const kt_look *k, const kt_remedy *r)
{
    int axis, wants, got;

    if (!declares(k))
        return;
    if (kt_one_more(&k->data, &k->declared, &axis) && kt_conflict(k) &&
        !(axis == 0 && k->declared.dim[0] == k->rows)) {
        declare(k, r, &k->data, "axis_extra",
                k->declared.dim[axis] == 1 ? KT_G_CERTAIN : KT_G_LIKELY, "the data lack this axis");
        return;
    }
    if (!kt_wants_rank(k, &wants, &got) || got != wants + 1 || kt_dim(&k->declared, -1) != 1 ||
        k->declared.rank < 2)
        return;
    kt_shape less = kt_drop_axis(&k->declared, k->declared.rank - 1);
    declare(k, r, &less, "axis_extra", KT_G_STRONG,
            kt_say(k, "'%s' wants one axis fewer; Keras drops the last axis of 1 of the data",
                   k->v.spot[k->v.broken].name));
}

static void write_sizes(const kt_look *k, const kt_remedy *r)
{
    bool open = false;

    for (int i = 0; i < k->declared.rank; i++)
        open = open || k->declared.dim[i] == KT_UNKNOWN;
    if (declares(k) && open && k->data.rank == k->declared.rank && !kt_conflict(k))
        declare(k, r, &k->data, "undefined_size",
                k->end.stage == KT_AT_BUILD ? KT_G_CERTAIN : KT_G_SHOT,
                "a layer needs to know its size");
}

static void flat(const kt_look *k, const kt_remedy *r)
{
    if (declares(k) && k->declared.rank > 1 && k->data.rank == 1 &&
        kt_numbers(&k->declared) == kt_numbers(&k->data))
        declare(k, r, &k->data, "flat_vs_shaped", KT_G_LIKELY, "the data are flat rows");
}

/* A model inside that was declared for other tensors than it gets. */
static void inner_input(const kt_look *k, const kt_remedy *r)
{
    const kt_spot *m = k->v.broken >= 0 ? &k->v.spot[k->v.broken] : NULL;

    for (int i = 0; m && m->role == KT_IS_MODEL && i < k->v.n; i++) {
        const kt_spot *in = &k->v.spot[i];
        if (in->parent != k->v.broken || in->role != KT_IS_INPUT || in->in[0].rank < 1 ||
            kt_shape_fits(&in->in[0], &in->out[0]))
            continue;
        kt_scene *s = kt_draft(k);
        kt_value *shape = kt_shape_value(&k->s->p->arena, &in->in[0]);
        if (shape)
            shape->kind = KT_LIST;
        bool ok = s && shape && kt_edit_field(s, &k->v, i, "batch_shape", shape);
        kt_note(s, r->kind, "wiring", KT_G_CERTAIN, m->name, NULL,
                "declare %s for the model '%s': that is what it gets, not %s",
                kt_shown(k, &in->in[0]), m->name, kt_shown(k, &in->out[0]));
        kt_offer(k, s, ok);
    }
}

const kt_remedy kt_remedies_declared[] = {
    {"input_shape_drop_batch", "model", NULL, drop_batch},
    {"input_shape_transpose", "model", NULL, transpose},
    {"input_shape_features", "model", NULL, features},
    {"input_shape_add_axis", "model", NULL, add_axis},
    {"input_shape_drop_axis", "model", NULL, drop_axis},
    {"input_shape_size", "model", NULL, size},
    {"input_shape_free", "model", NULL, open_size},
    {"input_shape_full", "model", NULL, write_sizes},
    {"input_shape_flat", "model", NULL, flat},
    {"submodel_input_shape", "model", NULL, inner_input},
    {NULL, NULL, NULL, NULL},
};
