/* merge.c - remedies for branches of other sizes that are merged. */
#include "doctor/remedy.h"

static const kt_spot *broken_merge(const kt_look *k)
{
    const kt_spot *s = k->v.broken >= 0 ? &k->v.spot[k->v.broken] : NULL;

    return s && (s->role == KT_IS_JOIN || s->role == KT_IS_MERGE) && s->n_feed >= 2 ? s : NULL;
}

/* Same axes but the last; the last counts for a sum only. */
static bool inner_sizes_differ(const kt_spot *m)
{
    for (int i = 1; i < m->n_feed; i++)
        for (int a = 1; a + 1 < m->in[0].rank && m->in[i].rank == m->in[0].rank; a++)
            if (m->in[i].dim[a] != m->in[0].dim[a])
                return true;
    return false;
}

static bool widths_differ(const kt_spot *m)
{
    bool differ = false;

    for (int i = 1; i < m->n_feed; i++) {
        if (m->in[i].rank != m->in[0].rank)
            return false;
        differ = differ || kt_dim(&m->in[i], -1) != kt_dim(&m->in[0], -1);
    }
    return differ && m->role == KT_IS_MERGE && !inner_sizes_differ(m);
}

/* The layer that decides how wide a branch is; -1: the data do. */
static int width_maker(const kt_look *k, int feed)
{
    unsigned makers = KT_ROLE(KT_IS_DENSE) | KT_ROLE(KT_IS_CONV) | KT_ROLE(KT_IS_CONV_UP) |
                      KT_ROLE(KT_IS_RECURRENT);
    unsigned stops = KT_ROLE(KT_IS_FLATTEN) | KT_ROLE(KT_IS_JOIN) | KT_ROLE(KT_IS_RESHAPE);

    for (int at = kt_up(&k->v, k->v.broken, feed); at >= 0; at = kt_up(&k->v, at, 0)) {
        if (makers >> k->v.spot[at].role & 1)
            return at;
        if (stops >> k->v.spot[at].role & 1)
            return -1;
    }
    return -1;
}

static void same_width(const kt_look *k, const kt_remedy *r)
{
    const kt_spot *m = broken_merge(k);

    if (!m || !widths_differ(m))
        return;
    for (int i = m->n_feed - 1; i >= 0; i--) { /* the other branches come to the first's width */
        int     at = width_maker(k, i), other = i == 0 ? 1 : 0;
        int64_t want = kt_dim(&m->in[other], -1);
        if (at < 0 || !kt_width_field(&k->v.spot[at]) || kt_dim(&m->in[i], -1) == want)
            continue;
        kt_scene *s = kt_draft(k);
        bool      ok = s && kt_edit_field(s, &k->v, at, kt_width_field(&k->v.spot[at]),
                                          kt_int_value(k, want));
        kt_note(s, r->kind, "branch_sizes", KT_G_CERTAIN, k->v.spot[at].name,
                kt_say(k, "%s=%lld", kt_width_field(&k->v.spot[at]), (long long)want),
                "%lld %s in '%s': '%s' takes branches of the same width only", (long long)want,
                kt_width_field(&k->v.spot[at]), k->v.spot[at].name, m->name);
        kt_offer(k, s, ok);
    }
}

static void join(const kt_look *k, const kt_remedy *r)
{
    const kt_spot *m = broken_merge(k);
    kt_scene      *s = m && widths_differ(m) ? kt_draft(k) : NULL;
    bool           ok = s && kt_edit_replace(s, &k->v, k->v.broken, "Concatenate()");

    kt_note(s, r->kind, "branch_sizes", KT_G_STRONG, m ? m->name : NULL, "layers.Concatenate()",
            "Concatenate() in the place of '%s': it takes branches of any width", m ? m->name : "");
    kt_offer(k, s, ok);
}

/* --- inner sizes ------------------------------------------------------------------------------ */

/* padding='same' on every unpadded layer of the branches, where that is what makes the difference:
 * poolings that were meant to halve stay as they are. */
static void same_padding(const kt_look *k)
{
    const kt_spot *m = broken_merge(k);
    kt_scene      *s = m && inner_sizes_differ(m) ? kt_draft(k) : NULL;
    bool           ok = s != NULL;
    int            n = 0;

    for (int i = 0; ok && i < k->v.broken; i++) {
        const kt_spot *at = &k->v.spot[i];
        if (at->role == KT_IS_CONV && kt_streq(kt_field_text(at, "padding"), "valid")) {
            int64_t kernel[3] = {1, 1, 1};
            kt_field_ints(at, "kernel_size", at->rank < 3 ? at->rank : 3, kernel);
            if (kernel[0] == 1)
                continue;
            ok = kt_edit_field(s, &k->v, i, "padding", kt_text_value(k, "same"));
            n++;
        }
    }
    kt_note(s, "padding_same", "branch_sizes", KT_G_CERTAIN, m ? m->name : NULL, "padding='same'",
            "padding='same' in the %d convolutions without it: they cut the edge of one branch off",
            n);
    kt_offer(k, s, ok && n > 0);
}

/* A 1x1 convolution, or a Dense, that gives branch `small` the size of branch `large`. */
static void project(const kt_look *k, const kt_remedy *r, int from, int to)
{
    const kt_spot *m = broken_merge(k);
    kt_shape       a = m->in[from], b = m->in[to];
    int            rank = a.rank - 2;
    const char    *call;

    if (a.rank != b.rank || kt_dim(&b, -1) < 1)
        return;
    if (rank < 1) {
        call = kt_say(k, "Dense(%lld)", (long long)kt_dim(&b, -1));
    } else {
        int64_t stride = b.dim[1] > 0 && a.dim[1] > 0 ? (a.dim[1] + b.dim[1] - 1) / b.dim[1] : 0;
        for (int i = 1; i <= rank; i++)
            if (stride < 1 || (a.dim[i] + stride - 1) / stride != b.dim[i])
                return;
        call = kt_say(k, "Conv%dD(%lld, 1, strides=%lld)", rank, (long long)kt_dim(&b, -1),
                      (long long)stride);
    }
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_edit_insert(s, &k->v, k->v.broken, from, call);
    kt_note(s, r->kind, "branch_sizes", KT_G_STRONG, m->name, kt_say(k, "layers.%s", call),
            "insert %s on the branch of %s before '%s': the other is %s", call, kt_shown(k, &a),
            m->name, kt_shown(k, &b));
    kt_offer(k, s, ok);
}

static void project_all(const kt_look *k, const kt_remedy *r)
{
    const kt_spot *m = broken_merge(k);

    if (!m || m->n_feed != 2 ||
        !(widths_differ(m) || (inner_sizes_differ(m) && m->role == KT_IS_MERGE)))
        return;
    bool first_is_larger = m->in[0].rank > 2 && m->in[0].dim[1] > m->in[1].dim[1];
    project(k, r, first_is_larger ? 0 : 1, first_is_larger ? 1 : 0);
    project(k, r, first_is_larger ? 1 : 0, first_is_larger ? 0 : 1);
}

/* A pooling that brings the larger branch down by a whole factor. */
static void pool(const kt_look *k, const kt_remedy *r)
{
    const kt_spot *m = broken_merge(k);

    if (!m || m->n_feed != 2 || !inner_sizes_differ(m) || m->in[0].rank != m->in[1].rank)
        return;
    int     large = m->in[0].dim[1] > m->in[1].dim[1] ? 0 : 1, rank = m->in[0].rank - 2;
    int64_t a = m->in[large].dim[1], b = m->in[1 - large].dim[1];
    if (b < 1 || a % b || rank < 1 || rank > 3)
        return;
    kt_scene   *s = kt_draft(k);
    const char *call = kt_say(k, "MaxPooling%dD(%lld)", rank, (long long)(a / b));
    bool        ok = s && kt_edit_insert(s, &k->v, k->v.broken, large, call);
    kt_note(s, r->kind, "branch_sizes", KT_G_LIKELY, m->name, kt_say(k, "layers.%s", call),
            "insert %s on the larger branch before '%s'", call, m->name);
    kt_offer(k, s, ok);
}

static void no_strides(const kt_look *k)
{
    const kt_spot *m = broken_merge(k);
    kt_scene      *s = m && inner_sizes_differ(m) ? kt_draft(k) : NULL;
    bool           ok = s != NULL;
    int            n = 0;

    for (int i = 0; ok && i < k->v.broken; i++) {
        int64_t st[3] = {1, 1, 1};
        if (k->v.spot[i].role != KT_IS_CONV || k->v.spot[i].rank > 3)
            continue;
        kt_field_ints(&k->v.spot[i], "strides", k->v.spot[i].rank, st);
        if (st[0] > 1) {
            ok = kt_edit_field(s, &k->v, i, "strides", kt_int_value(k, 1));
            n++;
        }
    }
    kt_note(s, "strides_to_one", "branch_sizes", KT_G_LIKELY, m ? m->name : NULL, "strides=1",
            "strides of 1 in %d convolutions: one branch is halved, the other is not", n);
    kt_offer(k, s, ok && n > 0);
}

/* Zeros around the smaller branch, or the edge of the larger one cut off. */
static void pad_or_crop(const kt_look *k, const kt_remedy *r)
{
    const kt_spot *m = broken_merge(k);

    if (!m || m->n_feed != 2 || !inner_sizes_differ(m) || m->in[0].rank != m->in[1].rank)
        return;
    int    small = m->in[0].dim[1] < m->in[1].dim[1] ? 0 : 1, rank = m->in[0].rank - 2;
    kt_str text = {0};
    if (rank < 1 || rank > 3)
        return;
    kt_str_printf(&text, "ZeroPadding%dD(%s", rank, rank > 1 ? "(" : "");
    bool narrow = true; /* an edge, not half of the map */
    for (int i = 1; i <= rank; i++) {
        int64_t gap = m->in[1 - small].dim[i] - m->in[small].dim[i];
        narrow = narrow && gap * 4 <= m->in[1 - small].dim[i];
        kt_str_printf(&text, "%s(%lld, %lld)", i > 1 ? ", " : "", (long long)(gap / 2),
                      (long long)(gap - gap / 2));
    }
    kt_str_add(&text, rank > 1 ? "))" : ")");
    const char *call = kt_say(k, "%s", kt_str_text(&text));
    kt_str_free(&text);
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_edit_insert(s, &k->v, k->v.broken, small, call);
    kt_note(s, r->kind, "branch_sizes", narrow ? KT_G_STRONG : KT_G_SHOT, m->name,
            kt_say(k, "layers.%s", call), "insert %s on the smaller branch before '%s'", call,
            m->name);
    kt_offer(k, s, ok);
}

/* --- one row and maps ------------------------------------------------------------------------- */

static void flatten_branch(const kt_look *k)
{
    const kt_spot *m = broken_merge(k);

    for (int i = 0; m && i < m->n_feed; i++) {
        int other = i == 0 ? 1 : 0;
        if (m->in[i].rank <= 2 || m->in[other].rank != 2)
            continue;
        kt_scene *s = kt_draft(k);
        bool      ok = s && kt_edit_insert(s, &k->v, k->v.broken, i, "Flatten()");
        kt_note(s, "add_flatten_before_head", "branch_sizes", KT_G_STRONG, m->name,
                "layers.Flatten()",
                "insert Flatten() on the branch of %s before '%s': the other is one row",
                kt_shown(k, &m->in[i]), m->name);
        kt_offer(k, s, ok);
    }
}

/* --- a size that every level divides ---------------------------------------------------------- */

static int64_t divisor(const kt_look *k)
{
    int64_t d = 1;

    for (int i = 0; i < k->v.n; i++)
        if (k->v.spot[i].role == KT_IS_UPSAMPLE || k->v.spot[i].role == KT_IS_CONV_UP) {
            int64_t f[3] = {2, 2, 2};
            kt_field_ints(&k->v.spot[i], k->v.spot[i].role == KT_IS_UPSAMPLE ? "size" : "strides",
                          k->v.spot[i].rank > 0 && k->v.spot[i].rank < 4 ? k->v.spot[i].rank : 1,
                          f);
            d *= f[0] > 1 ? f[0] : 1;
        }
    return d > 1 && d <= 4096 ? d : 0;
}

static kt_shape legal(const kt_shape *s, int64_t d, bool up)
{
    kt_shape out = *s;

    for (int i = 0; i + 1 < out.rank; i++)
        if (out.dim[i] > 0) {
            out.dim[i] = up ? (out.dim[i] + d - 1) / d * d : out.dim[i] / d * d;
            out.dim[i] = out.dim[i] > 0 ? out.dim[i] : d;
        }
    return out;
}

static void legal_size(const kt_look *k, const kt_remedy *r)
{
    int64_t        d = divisor(k);
    kt_shape       want, now = k->declared.rank >= 2 ? k->declared : k->data;
    const kt_spot *m = broken_merge(k);
    bool           maps = k->targets && kt_has_target(k) && k->y.rank == now.rank && k->y.rank >= 2;

    for (int i = 0; maps && i + 1 < now.rank; i++)
        maps = k->y.dim[i] == now.dim[i]; /* as many pixels as go in are to come out */
    bool maps_differ = maps && k->end.stage == KT_AT_LOSS && k->y.rank == k->out.rank;
    if (!d || now.rank < 2 || k->s->n_x > 1 || !((m && inner_sizes_differ(m)) || maps_differ))
        return;
    want = legal(&now, d, true);
    if (kt_shape_equal(&want, &now))
        return;
    kt_shape  less = legal(&now, d, false);
    kt_scene *s = kt_draft(k);
    kt_shape  batch = kt_batch_of(&want);
    bool      ok = s && k->declared.rank >= 2 && kt_edit_input(s, &k->v, 0, &batch);
    kt_change c = {.kind = KT_CH_RESIZE, .shape = kt_put_axis(&want, 0, k->rows)};
    if (ok && k->s->n_x == 1)
        ok = kt_scene_change(s, false, 0, &c);
    if (ok && maps) {
        c.shape = k->s->y[0].t->shape;
        for (int i = 1; i + 1 < c.shape.rank; i++)
            c.shape.dim[i] = want.dim[i - 1];
        ok = kt_scene_change(s, true, 0, &c);
    }
    kt_note(s, r->kind, "branch_sizes", KT_G_CERTAIN, NULL,
            kt_say(k, "Input(shape=%s)", kt_shown(k, &want)),
            "%s is not divisible by %lld on every level: the nearest sizes that are: %s and %s",
            kt_shown(k, &now), (long long)d, kt_shown(k, &less), kt_shown(k, &want));
    kt_offer(k, s, ok);
}

/* Kinds that other families have too. */
static void shared_kinds(const kt_look *k, const kt_remedy *r)
{
    same_padding(k);
    no_strides(k);
    flatten_branch(k);
    pad_or_crop(k, r);
}

const kt_remedy kt_remedies_merge[] = {
    {"input_size_legal", "model", NULL, legal_size},
    {"merge_units", "model", NULL, same_width},
    {"project_branch", "model", NULL, project_all},
    {"merge_to_concatenate", "model", NULL, join},
    {"pad_or_crop_branch", "model", NULL, shared_kinds},
    {"add_pooling", "model", NULL, pool},
    {NULL, NULL, NULL, NULL},
};
