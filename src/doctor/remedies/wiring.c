/* wiring.c - a layer or inner model that is called on fewer tensors than it takes. */
#include "doctor/remedy.h"

/* How many tensors a spot takes; 0: any number. */
static int wanted(const kt_look *k, int at)
{
    const kt_spot *s = &k->v.spot[at];
    int            n = 0;

    if (s->role == KT_IS_MERGE || s->role == KT_IS_JOIN)
        return s->n_feed < 2 ? 2 : 0;
    if (s->role != KT_IS_MODEL)
        return 0;
    for (int i = 0; i < k->v.n; i++)
        n += k->v.spot[i].parent == at && k->v.spot[i].role == KT_IS_INPUT;
    return n;
}

/* What the input number i of an inner model declares; that of a merge's other branch, which a join
 * takes of any width. */
static kt_shape wanted_shape(const kt_look *k, int at, int i)
{
    const kt_spot *s = &k->v.spot[at];
    kt_shape       shape = {.rank = -1};

    if (s->role != KT_IS_MODEL && s->n_feed) {
        shape = s->in[0];
        if (s->role == KT_IS_JOIN && shape.rank > 0)
            shape.dim[shape.rank - 1] = KT_UNKNOWN;
    }
    for (int j = 0; j < k->v.n; j++) {
        const kt_spot *in = &k->v.spot[j];
        if (in->parent == at && in->role == KT_IS_INPUT && i-- == 0)
            kt_shape_from_value(kt_field_value(in, "batch_shape"), &shape);
    }
    return shape;
}

static bool feeds(const kt_look *k, int from, int to)
{
    for (int i = 0; i < k->v.spot[to].n_feed; i++)
        if (k->v.spot[to].feed[i] == from)
            return true;
    return false;
}

/* Nothing takes what comes out of it. */
static bool is_loose(const kt_look *k, int at)
{
    for (int i = 0; i < k->v.n; i++)
        if (feeds(k, at, i))
            return false;
    for (int i = 0; i < k->v.n_out; i++)
        if (k->v.out[i] == at)
            return false;
    return true;
}

/* Beside it in the same model, reached, and of that shape; loose ends first. */
static int candidate(const kt_look *k, int at, const kt_shape *want, bool loose)
{
    for (int i = 0; i < k->v.n; i++) {
        const kt_spot *s = &k->v.spot[i];
        if (i == at || s->parent != k->v.spot[at].parent || !s->reached || s->failed ||
            s->n_out < 1 || feeds(k, i, at) || is_loose(k, i) != loose ||
            s->out[0].rank != want->rank || !kt_shape_fits(&s->out[0], want))
            continue;
        return i;
    }
    return -1;
}

static void connect(const kt_look *k, const kt_remedy *r)
{
    int at = k->v.broken, want = at >= 0 ? wanted(k, at) : 0;

    if (want < 2 || k->v.spot[at].n_feed < 1 || k->v.spot[at].n_feed >= want)
        return;
    kt_scene *s = kt_draft(k);
    bool      ok = s != NULL, sure = true;
    kt_str    names = {0};
    for (int i = k->v.spot[at].n_feed; ok && i < want; i++) {
        kt_shape shape = wanted_shape(k, at, i);
        int      from = candidate(k, at, &shape, true);
        sure = sure && from >= 0;
        if (from < 0)
            from = candidate(k, at, &shape, false);
        ok = from >= 0 && kt_edit_connect(s, &k->v, at, from);
        kt_str_printf(&names, "%s'%s'", names.len ? ", " : "", ok ? k->v.spot[from].name : "");
    }
    kt_note(s, r->kind, "wiring", sure ? KT_G_CERTAIN : KT_G_LIKELY, k->v.spot[at].name, NULL,
            "hand %s on to '%s' too: it takes %d tensors and gets %d", kt_str_text(&names),
            k->v.spot[at].name, want, k->v.spot[at].n_feed);
    kt_str_free(&names);
    kt_offer(k, s, ok);
}

/* --- layers that were left out ---------------------------------------------------------------- */

/* What the failing layer was built for and what it gets, where that differs in the last axis only:
 * a part of a model was taken, and the calls before it were not. */
static bool left_out(const kt_look *k, int64_t *width)
{
    const kt_spot  *s = k->v.broken >= 0 ? &k->v.spot[k->v.broken] : NULL;
    const kt_value *build = s ? kt_value_get(s->value, "build_config") : NULL;
    kt_shape        want;

    if (!build || s->n_feed != 1 || !s->reached || kt_conflict(k) ||
        !kt_shape_from_value(kt_value_get(build, "input_shape"), &want) || want.rank < 2)
        return false;
    kt_shape a = kt_shape_slice(&want, 1, want.rank),
             b = kt_shape_slice(&s->in[0], 1, s->in[0].rank);
    *width = kt_dim(&want, -1);
    return *width > 0 && kt_same_but_last(&a, &b);
}

static void call_missing(const kt_look *k, const kt_remedy *r)
{
    int64_t width = 0;

    if (!left_out(k, &width))
        return;
    const kt_spot *at = &k->v.spot[k->v.broken];
    kt_scene      *s = kt_draft(k);
    const char    *layer = kt_say(k, "Dense(%lld, activation='relu')", (long long)width);
    bool           ok = s && kt_edit_insert(s, &k->v, k->v.broken, 0, layer);

    kt_note(s, r->kind, "wiring", KT_G_CERTAIN, at->name, kt_say(k, "x = layers.%s(x)", layer),
            "'%s' was built for %lld numbers and gets %lld: call the layers that stood before it, "
            "too (here %s in their place)",
            at->name, (long long)width, (long long)kt_dim(&at->in[0], -1), layer);
    kt_offer(k, s, ok);
}

const kt_remedy kt_remedies_wiring[] = {
    {"call_missing_layers", "model", NULL, call_missing},
    {"connect_input", "model", NULL, connect},
    {NULL, NULL, NULL, NULL},
};
