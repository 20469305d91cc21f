/* flatten.c - remedies that make one row per sample of maps or sequences. */
#include "doctor/remedy.h"

static const unsigned maps = KT_ROLE(KT_IS_CONV) | KT_ROLE(KT_IS_CONV_UP) | KT_ROLE(KT_IS_POOL) |
                             KT_ROLE(KT_IS_EMBEDDING) | KT_ROLE(KT_IS_RECURRENT) |
                             KT_ROLE(KT_IS_UPSAMPLE) | KT_ROLE(KT_IS_BORDER) |
                             KT_ROLE(KT_IS_RESHAPE) | KT_ROLE(KT_IS_JOIN) | KT_ROLE(KT_IS_MERGE) |
                             KT_ROLE(KT_IS_REPEAT);

/* More axes come out than the target has: one row per sample was wanted. */
static bool too_many_axes(const kt_look *k)
{
    return k->targets && kt_has_target(k) && k->end.stage >= KT_AT_LOSS && k->out.rank >= 2 &&
           k->y.rank <= 1;
}

/* The first of the Dense layers that end the model, going up from its output; *below: the layer of
 * maps or sequences above it, -1: there is none. */
static int first_dense(const kt_look *k, int *below)
{
    int first = -1;

    *below = -1;
    for (int at = k->v.n_out ? k->v.out[k->output] : -1; at >= 0; at = kt_up(&k->v, at, 0)) {
        kt_role role = kt_work_of(&k->v.spot[at]);
        if (maps >> role & 1) {
            *below = at;
            break;
        }
        if (role == KT_IS_DENSE)
            first = at;
    }
    return first;
}

static bool takes_sequences(const kt_look *k, int spot)
{
    return spot >= 0 && kt_work_of(&k->v.spot[spot]) == KT_IS_RECURRENT;
}

static void before_head(const kt_look *k, const kt_remedy *r)
{
    int       below, dense = too_many_axes(k) ? first_dense(k, &below) : -1;
    kt_scene *s = dense >= 0 ? kt_draft(k) : NULL;

    if (!s)
        return;
    const kt_spot *d = &k->v.spot[dense];
    kt_shape       in = kt_shape_slice(&d->in[0], 1, d->in[0].rank);
    bool           ok = kt_edit_insert(s, &k->v, dense, 0, "Flatten()");
    kt_note(s, r->kind, "flatten_missing",
            takes_sequences(k, below) ? KT_G_LIKELY
            : below >= 0              ? KT_G_CERTAIN
                                      : KT_G_STRONG,
            d->name, "model.add(layers.Flatten())",
            "insert Flatten() before '%s': it gets %s for each sample and should get one row",
            d->name, kt_shown(k, &in));
    kt_offer(k, s, ok);
}

/* Dense layers right on the pictures. */
static void at_start(const kt_look *k, const kt_remedy *r)
{
    int       below, dense = too_many_axes(k) ? first_dense(k, &below) : -1, first = kt_first_of(k);
    kt_scene *s = dense >= 0 && below < 0 && first >= 0 ? kt_draft(k) : NULL;

    if (!s)
        return;
    bool ok = kt_edit_insert(s, &k->v, first, 0, "Flatten()");
    kt_note(s, r->kind, "flatten_missing", KT_G_CERTAIN, k->v.spot[first].name, "layers.Flatten()",
            "insert Flatten() as the first layer: nothing makes one row of the %s of a sample",
            kt_shown(k, &k->data));
    kt_offer(k, s, ok);
}

/* Shaped samples for a model of flat rows. */
static void for_flat(const kt_look *k, const kt_remedy *r)
{
    int first = kt_first_of(k);

    if (!kt_paired(k) || first < 0 || k->declared.rank != 1 || k->data.rank < 2 ||
        kt_numbers(&k->data) != k->declared.dim[0])
        return;
    kt_scene *s = kt_draft(k);
    kt_shape  batch = kt_batch_of(&k->data);
    bool      ok = s && kt_edit_insert(s, &k->v, first, 0, "Flatten()") &&
              kt_edit_input(s, &k->v, k->input, &batch);
    bool ones = kt_squeezed(&k->data, &k->declared);
    kt_note(s, r->kind, ones ? "axis_extra" : "flat_vs_shaped", ones ? KT_G_STRONG : KT_G_CERTAIN,
            k->v.spot[first].name,
            kt_say(k, "layers.Flatten(input_shape=%s)", kt_shown(k, &k->data)),
            "insert Flatten() as the first layer and declare %s: the model takes rows of %lld",
            kt_shown(k, &k->data), (long long)k->declared.dim[0]);
    kt_offer(k, s, ok);
}

/* Rows with an axis of 1 more than declared, or Dense on them. */
static void at_input(const kt_look *k, const kt_remedy *r)
{
    at_start(k, r);
    for_flat(k, r);
}

static const char *global_pooling(const kt_look *k, int rank)
{
    const char *name = kt_say(k, "GlobalAveragePooling%dD", rank);

    return rank >= 1 && rank <= 3 && kt_layer_type_find(name) ? name : NULL;
}

static void pool_before(const kt_look *k, const kt_remedy *r, int spot, kt_grade grade,
                        const char *cause)
{
    const kt_spot *d = &k->v.spot[spot];
    const char    *pooling = global_pooling(k, d->in[0].rank - 2);
    kt_scene      *s = pooling ? kt_draft(k) : NULL;

    if (!s)
        return;
    bool replace = d->role == KT_IS_FLATTEN;
    bool ok = replace ? kt_edit_replace(s, &k->v, spot, kt_say(k, "%s()", pooling))
                      : kt_edit_insert(s, &k->v, spot, 0, kt_say(k, "%s()", pooling));
    kt_note(s, r->kind, cause, grade, d->name, kt_say(k, "layers.%s()", pooling),
            replace ? "put %s() in the place of '%s'" : "insert %s() before '%s'", pooling,
            d->name);
    kt_offer(k, s, ok);
}

static void pooling(const kt_look *k, const kt_remedy *r)
{
    int below, dense = too_many_axes(k) ? first_dense(k, &below) : -1;

    if (dense >= 0)
        pool_before(k, r, dense, below >= 0 ? KT_G_STRONG : KT_G_LIKELY, "flatten_missing");
    if (k->end.stage == KT_AT_BUILD && k->v.broken >= 0) {
        int            up = kt_up(&k->v, k->v.broken, 0);
        const kt_spot *s = up >= 0 ? &k->v.spot[up] : NULL;
        if (s && s->role == KT_IS_FLATTEN && s->n_out && kt_dim(&s->out[0], -1) == KT_UNKNOWN)
            pool_before(k, r, up, KT_G_STRONG, "undefined_size");
    }
}

const kt_remedy kt_remedies_flatten[] = {
    {"add_flatten_at_input", "model", NULL, at_input},
    {"add_flatten_before_head", "model", NULL, before_head},
    {"add_global_pooling", "model", NULL, pooling},
    {NULL, NULL, NULL, NULL},
};
