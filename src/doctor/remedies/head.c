/* head.c - remedies at the end of the model: units, activation, a head that is missing. */
#include "doctor/remedy.h"

/* Sets the width of the head, inside a wrapper too. */
static bool set_width(const kt_look *k, kt_scene *s, int head, int64_t units)
{
    const kt_spot *h = &k->v.spot[head];
    const char    *field = kt_width_field(h);

    if (field)
        return kt_edit_field(s, &k->v, head, field, kt_int_value(k, units));
    const kt_value *inner = h->role == KT_IS_WRAPPER ? kt_field_value(h, "layer") : NULL;
    kt_value       *copy = inner ? kt_value_copy(&k->s->p->arena, inner) : NULL;
    kt_value       *config = kt_value_get(copy, "config");
    const char     *name = kt_value_get(config, "units") ? "units" : "filters";
    return config && kt_value_get(config, name) &&
           kt_value_set(&k->s->p->arena, config, name, kt_int_value(k, units)) &&
           kt_edit_field(s, &k->v, head, "layer", copy);
}

/* Sigmoid for one unit, softmax for several of one class; others stay. */
static const char *activation_after(const kt_look *k, kt_loss_kind loss, int64_t units)
{
    const char *now = kt_last_activation(k, k->output);
    int64_t     before = kt_dim(&k->out, -1);

    if (units == 1 && kt_streq(now, "softmax"))
        return loss == KT_LOSS_OTHER ? "linear" : "sigmoid";
    if (units > 1 && before == 1 && loss != KT_LOSS_BINARY && loss != KT_LOSS_OTHER &&
        loss != KT_LOSS_NONE && !k->from_logits)
        return "softmax";
    return now;
}

static void offer_units(const kt_look *k, const kt_remedy *r, int64_t units, kt_grade grade,
                        const char *loss, const char *why)
{
    int       head = kt_head(&k->v, k->output);
    kt_scene *s = kt_draft(k);
    bool      logits;

    if (head < 0 || !s || units < 1)
        return;
    kt_loss_kind kind = loss ? kt_loss_of(kt_text_value(k, loss), &logits) : k->loss;
    const char  *act = loss ? kt_activation_for(kind, false, units)
                            : activation_after(k, kind, units);
    const char  *name = k->v.spot[head].name;
    bool         ok = set_width(k, s, head, units) && kt_refit_activation(k, s, act);
    kt_note(s, r->kind, "units_vs_target", grade, name,
            kt_say(k, "%s(%lld, activation='%s')", k->v.spot[head].type->cls.class_name,
                   (long long)units, act),
            "give '%s' %lld %s instead of %lld: %s", name, (long long)units,
            k->v.spot[head].rank ? "filters" : "units", (long long)kt_dim(&k->out, -1), why);
    if (loss) {
        ok = ok && kt_scene_loss(s, &k->v, k->output, loss);
        kt_note(s, kt_streq(loss, "categorical_crossentropy") ? "loss_categorical" : "loss_binary",
                "labels_vs_loss", grade, NULL, kt_say(k, "model.compile(..., loss='%s')", loss),
                "and use '%s'", loss);
    }
    kt_offer(k, s, ok);
}

static bool at_target(const kt_look *k)
{
    return k->targets && kt_has_target(k) && k->end.stage >= KT_AT_LOSS && k->out.rank >= 1;
}

/* Rows of a width: one-hot, several numbers, channels of maps. */
static void units_of_rows(const kt_look *k, const kt_remedy *r)
{
    int64_t want = kt_dim(&k->y, -1), have = kt_dim(&k->out, -1);

    if (k->y.rank != k->out.rank || want == have || k->loss == KT_LOSS_SPARSE)
        return;
    kt_shape a = kt_drop_axis(&k->y, k->y.rank - 1), b = kt_drop_axis(&k->out, k->out.rank - 1);
    if (!kt_shape_fits(&a, &b))
        return;
    bool        rows = k->yf->one_hot && want > 1;
    bool        numbers = want == 1 && have > 1 && k->yf->whole && k->loss == KT_LOSS_CATEGORICAL;
    const char *why = rows
                        ? kt_say(k, "the one-hot rows of y speak of %lld classes", (long long)want)
                        : kt_say(k, "y has %lld numbers for each", (long long)want);
    if (rows && have == 1 && k->loss == KT_LOSS_BINARY)
        offer_units(k, r, want, KT_G_CERTAIN, "categorical_crossentropy", why);
    offer_units(k, r, want,
                numbers                                          ? KT_G_SHOT
                : rows && have == 1 && k->loss == KT_LOSS_BINARY ? KT_G_STRONG
                                                                 : KT_G_CERTAIN,
                NULL, why);
}

static bool number_each(const kt_look *k)
{
    kt_shape y = k->y;

    if (y.rank == k->out.rank && kt_dim(&y, -1) == 1)
        y.rank--;
    return y.rank == k->out.rank - 1;
}

/* Class numbers that go beyond the units. */
static void units_of_classes(const kt_look *k, const kt_remedy *r)
{
    int64_t have = kt_dim(&k->out, -1), want = (int64_t)k->yf->max + 1;
    bool    sparse = k->loss == KT_LOSS_SPARSE, from_one = k->yf->min >= 1;

    if (!number_each(k) || !k->yf->whole || k->yf->min < 0 || want <= have || want < 2)
        return;
    if ((!sparse && k->loss != KT_LOSS_CATEGORICAL) || (sparse && k->end.stage < KT_AT_LABELS))
        return;
    bool two = sparse && have == 1 && want == 2;
    offer_units(k, r, want,
                from_one && want == have + 1 ? KT_G_LIKELY
                : two                        ? KT_G_STRONG
                                             : KT_G_CERTAIN,
                NULL, kt_say(k, "the labels go up to %lld", (long long)k->yf->max));
}

/* One number per sample for several units: one unit. */
static void one_unit(const kt_look *k, const kt_remedy *r)
{
    bool binary = k->loss == KT_LOSS_BINARY, regression = k->loss == KT_LOSS_OTHER;

    if (!number_each(k) || kt_dim(&k->out, -1) < 2 || (!binary && !regression))
        return;
    if (binary && !k->yf->zero_one)
        return;
    bool softmax = kt_streq(kt_last_activation(k, k->output), "softmax");
    offer_units(k, r, 1,
                binary ? (softmax ? KT_G_STRONG : KT_G_CERTAIN)
                       : (k->yf->whole && softmax ? KT_G_LIKELY : KT_G_CERTAIN),
                NULL, binary ? "0 and 1 need one unit" : "y has one number per sample");
}

static void final_units(const kt_look *k, const kt_remedy *r)
{
    if (!at_target(k))
        return;
    units_of_rows(k, r);
    if (k->yf->known) {
        units_of_classes(k, r);
        one_unit(k, r);
    }
}

/* --- a head that is missing ------------------------------------------------------------------- */

static bool has_dense(const kt_look *k)
{
    int      at = k->v.n_out ? k->v.out[k->output] : -1;
    unsigned dense = KT_ROLE(KT_IS_DENSE) | KT_ROLE(KT_IS_WRAPPER);

    return at < 0 || (dense >> k->v.spot[at].role & 1) || kt_up_to(&k->v, at, dense) >= 0;
}

/* Units of the head: classes, or numbers per sample. */
static int64_t width_of_target(const kt_look *k)
{
    if (k->y.rank == 0 || kt_dim(&k->y, -1) == 1)
        return k->loss == KT_LOSS_SPARSE || k->loss == KT_LOSS_CATEGORICAL
                 ? (k->classes > 1 ? k->classes : 2)
                 : 1;
    return kt_dim(&k->y, -1);
}

static void add_head(const kt_look *k, const kt_remedy *r)
{
    if (!at_target(k) || !k->yf->known || k->y.rank > 1 || has_dense(k))
        return;
    int64_t     units = width_of_target(k);
    const char *act = kt_activation_for(k->loss, k->from_logits, units);
    kt_scene   *s = kt_draft(k);
    const char *dense = kt_say(k, "Dense(%lld, activation='%s')", (long long)units, act);
    bool        ok = s && kt_edit_insert(s, &k->v, k->v.out[k->output], -1, dense);
    if (k->out.rank > 1)
        ok = ok && kt_edit_insert(s, &k->v, k->v.out[k->output], -1, "Flatten()");
    kt_note(s, r->kind, "flatten_missing", KT_G_CERTAIN, NULL,
            kt_say(k, "model.add(layers.Flatten()); model.add(layers.%s)", dense),
            "the model ends in %s and has no head: append %s%s", kt_shown(k, &k->out),
            k->out.rank > 1 ? "Flatten() and " : "", dense);
    kt_offer(k, s, ok);
}

const kt_remedy kt_remedies_head[] = {
    {"final_units", "model", NULL, final_units},
    {"add_head", "model", NULL, add_head},
    {"final_activation", "model", NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
