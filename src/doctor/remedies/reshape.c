/* reshape.c - remedies for the numbers of a Reshape, and Reshapes that are missing. */
#include <stdlib.h>

#include "doctor/remedy.h"

static const kt_spot *broken_reshape(const kt_look *k)
{
    const kt_spot *s = k->v.broken >= 0 ? &k->v.spot[k->v.broken] : NULL;

    return s && s->role == KT_IS_RESHAPE && s->in[0].rank >= 1 ? s : NULL;
}

static kt_shape target_of(const kt_spot *s)
{
    kt_shape t = {.rank = -1};

    kt_shape_from_value(kt_field_value(s, "target_shape"), &t);
    return t;
}

static kt_shape sample_in(const kt_spot *s)
{
    return kt_shape_slice(&s->in[0], 1, s->in[0].rank);
}

/* One number changed so that the product is right; the last that can be. */
static bool fit_product(const kt_shape *t, int64_t total, kt_shape *out)
{
    for (int i = t->rank - 1; i >= 0; i--) {
        int64_t rest = 1;
        for (int j = 0; j < t->rank; j++)
            rest *= j == i ? 1 : t->dim[j];
        if (rest > 0 && total % rest == 0) {
            *out = *t;
            out->dim[i] = total / rest;
            return true;
        }
    }
    return false;
}

/* The divisor of total that is nearest to want; pairs of very large ones are not tried. */
static int64_t divisor_near(int64_t total, int64_t want)
{
    int64_t best = 1;

    for (int64_t d = 1; d <= total / d && d < 1 << 20; d++)
        for (int k = 0; k < 2 && total % d == 0; k++) {
            int64_t one = k ? total / d : d;
            best = llabs(one - want) < llabs(best - want) ? one : best;
        }
    return best;
}

/* As near to t as numbers are whose product is right. */
static kt_shape nearest(const kt_shape *t, int64_t total)
{
    kt_shape out = *t;

    for (int i = 0; i < t->rank; total /= out.dim[i++])
        out.dim[i] = i + 1 < t->rank ? divisor_near(total, t->dim[i]) : total;
    return out;
}

static kt_value *list_of(const kt_look *k, const kt_shape *s)
{
    kt_value *v = kt_shape_value(&k->s->p->arena, s);

    if (v)
        v->kind = KT_LIST;
    return v;
}

static void numbers(const kt_look *k, const kt_remedy *r)
{
    const kt_spot *b = broken_reshape(k);
    kt_shape       in = b ? sample_in(b) : (kt_shape){.rank = -1}, t, fit;

    if (!b || kt_numbers(&in) <= 0)
        return;
    t = target_of(b);
    if (t.rank < 1 || !kt_shape_known(&t))
        return;
    bool one = fit_product(&t, kt_numbers(&in), &fit);
    if (!one)
        fit = nearest(&t, kt_numbers(&in));
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_edit_field(s, &k->v, k->v.broken, "target_shape", list_of(k, &fit));
    kt_note(s, r->kind, "reshape_size", one ? KT_G_STRONG : KT_G_SHOT, b->name,
            kt_say(k, "Reshape(%s)", kt_shown(k, &fit)),
            "Reshape(%s) in '%s': it gets %lld numbers, %s would be %lld", kt_shown(k, &fit),
            b->name, (long long)kt_numbers(&in), kt_shown(k, &t), (long long)kt_numbers(&t));
    kt_offer(k, s, ok);
}

/* A state that is handed to a recurrent layer must be as wide as the layer. */
static void state_units(const kt_look *k, const kt_remedy *r)
{
    const kt_spot *b = k->v.broken >= 0 ? &k->v.spot[k->v.broken] : NULL;

    if (!b || b->role != KT_IS_RECURRENT || b->n_feed < 2 || b->in[1].rank != 2)
        return;
    int64_t width = kt_dim(&b->in[1], -1), units = kt_field_int(b, "units", 0);
    if (width < 1 || width == units)
        return;
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_edit_field(s, &k->v, k->v.broken, "units", kt_int_value(k, width));
    kt_note(s, r->kind, "state_size", KT_G_CERTAIN, b->name,
            kt_say(k, "%s(%lld, ...)", b->type->cls.class_name, (long long)width),
            "%lld units in '%s' instead of %lld: it starts from a state of %lld numbers",
            (long long)width, b->name, (long long)units, (long long)width);
    kt_offer(k, s, ok);
}

/* The layer in front gives as many numbers as the Reshape wants. */
static void units(const kt_look *k, const kt_remedy *r)
{
    state_units(k, r);

    const kt_spot *b = broken_reshape(k);
    kt_shape       t = b ? target_of(b) : (kt_shape){.rank = -1};
    int            dense = b ? kt_up_to(&k->v, k->v.broken, KT_ROLE(KT_IS_DENSE)) : -1;

    if (dense < 0 || kt_numbers(&t) <= 0 || k->v.spot[dense].out[0].rank != 2)
        return;
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_edit_field(s, &k->v, dense, "units", kt_int_value(k, kt_numbers(&t)));
    kt_note(s, r->kind, "reshape_size", KT_G_CERTAIN, k->v.spot[dense].name,
            kt_say(k, "Dense(%lld)", (long long)kt_numbers(&t)),
            "%lld units in '%s': '%s' makes %s of them", (long long)kt_numbers(&t),
            k->v.spot[dense].name, b->name, kt_shown(k, &t));
    kt_offer(k, s, ok);
}

/* --- Reshapes that are missing ---------------------------------------------------------------- */

/* At the end: as many numbers as the target has, in its shape. */
static void at_end(const kt_look *k, const kt_remedy *r)
{
    if (!k->targets || k->end.stage < KT_AT_LOSS || k->y.rank < 1 || k->out.rank < 1 ||
        k->y.rank == k->out.rank || kt_numbers(&k->y) != kt_numbers(&k->out) || !k->v.n_out)
        return;
    kt_scene   *s = kt_draft(k);
    const char *call = kt_say(k, "Reshape(%s)", kt_shown(k, &k->y));
    bool        ok = s && kt_edit_insert(s, &k->v, k->v.out[k->output], -1, call);
    kt_note(s, r->kind, "flat_vs_shaped", KT_G_CERTAIN, NULL,
            kt_say(k, "model.add(layers.%s)", call),
            "append %s: the model gives %s, the target is %s", call, kt_shown(k, &k->out),
            kt_shown(k, &k->y));
    kt_offer(k, s, ok);
}

/* Flat rows for a model of shaped samples: the shape is made inside. */
static void at_start(const kt_look *k, const kt_remedy *r)
{
    int first = kt_first_of(k);

    if (!kt_paired(k) || first < 0 || k->declared.rank < 2 || k->data.rank != 1 ||
        kt_numbers(&k->data) != kt_numbers(&k->declared))
        return;
    kt_scene   *s = kt_draft(k);
    kt_shape    batch = kt_batch_of(&k->data);
    const char *call = kt_say(k, "Reshape(%s)", kt_shown(k, &k->declared));
    bool        ok = s && kt_edit_insert(s, &k->v, first, 0, call) &&
              kt_edit_input(s, &k->v, k->input, &batch);
    kt_note(s, r->kind, "flat_vs_shaped", KT_G_STRONG, k->v.spot[first].name,
            kt_say(k, "layers.%s", call), "insert %s as the first layer and declare rows of %lld",
            call, (long long)kt_numbers(&k->data));
    kt_offer(k, s, ok);
}

/* Maps of pictures come to the failing layer: it should read their rows one after the other. */
static bool maps_above(const kt_look *k)
{
    int      up = kt_up(&k->v, k->v.broken, 0);
    unsigned maps = KT_ROLE(KT_IS_CONV) | KT_ROLE(KT_IS_POOL);

    return up >= 0 && ((maps >> k->v.spot[up].role & 1) || kt_up_to(&k->v, up, maps) >= 0);
}

/* The axes that the failing layer wants and does not get. */
static void before_layer(const kt_look *k, const kt_remedy *r)
{
    int      wants, got;
    kt_shape more;

    if (k->v.broken < 0 || !kt_wants_rank(k, &wants, &got))
        return;
    const kt_spot *b = &k->v.spot[k->v.broken];
    kt_shape       in = sample_in(b);
    bool           first = kt_at_first(k);
    if (!kt_shape_known(&in))
        return;
    if (got == wants + 1 && wants == 2) { /* maps as a sequence of rows */
        more = KT_SHAPE(in.dim[0], in.dim[1] * in.dim[2]);
    } else if (got == wants - 1) {
        more = kt_put_axis(&in, first || got > 1 ? in.rank : 0, 1);
    } else {
        return;
    }
    kt_scene   *s = kt_draft(k);
    const char *call = kt_say(k, "Reshape(%s)", kt_shown(k, &more));
    bool        ok = s && kt_edit_insert(s, &k->v, k->v.broken, 0, call);
    kt_note(s, r->kind,
            got > wants ? (first ? "layer_rank" : "axis_extra")
            : first     ? "axis_missing"
                        : "wiring",
            first || maps_above(k) ? KT_G_STRONG : KT_G_LIKELY, b->name,
            kt_say(k, "layers.%s", call),
            "insert %s before '%s': it wants %d axes per sample and gets %s", call, b->name, wants,
            kt_shown(k, &in));
    kt_offer(k, s, ok);
}

static void add(const kt_look *k, const kt_remedy *r)
{
    at_end(k, r);
    at_start(k, r);
    before_layer(k, r);
}

const kt_remedy kt_remedies_reshape[] = {
    {"layer_units", "model", NULL, units},
    {"reshape_target_shape", "model", NULL, numbers},
    {"add_reshape", "model", NULL, add},
    {NULL, NULL, NULL, NULL},
};
