/* target.c - remedies that give the target another shape, or take another array for it. */
#include "doctor/remedy.h"

static bool at_target(const kt_look *k)
{
    return k->targets && kt_has_target(k) && k->end.stage >= KT_AT_LOSS && k->y.rank >= 0 &&
           k->out.rank >= 0;
}

static kt_change reshape_to(const kt_look *k, const kt_shape *inner)
{
    return (kt_change){.kind = KT_CH_RESHAPE, .shape = kt_put_axis(inner, 0, k->y_rows)};
}

static void squeeze(const kt_look *k, const kt_remedy *r)
{
    for (int i = 0; at_target(k) && i < k->y.rank; i++) {
        kt_shape  less = kt_drop_axis(&k->y, i), labels = k->out;
        kt_change c = reshape_to(k, &less);
        labels.rank--; /* class numbers have no axis of classes */
        bool fits = kt_shape_fits(&less, &k->out) || kt_shape_fits(&less, &labels);
        if (k->y.dim[i] != 1 || !fits)
            continue;
        kt_offer_target(k, r, &c, "axis_extra", KT_G_CERTAIN,
                        kt_say(k, "y = np.squeeze(y, axis=%d)", i + 1),
                        kt_say(k, "the target %s has an axis of 1 too many for %s",
                               kt_shown(k, &k->y), kt_shown(k, &k->out)));
        return;
    }
}

static void add_axis(const kt_look *k, const kt_remedy *r)
{
    int axis;

    if (!at_target(k) || !kt_one_more(&k->y, &k->out, &axis) || k->out.dim[axis] != 1)
        return;
    kt_change c = reshape_to(k, &k->out);
    kt_offer_target(
        k, r, &c, "target_shape", KT_G_CERTAIN, "y = y[..., None]",
        kt_say(k, "give the target the axis of 1 that the output %s has", kt_shown(k, &k->out)));
}

static bool can_give_steps(const kt_look *k)
{
    int head = kt_head(&k->v, k->output), at = head;

    if (head >= 0 && k->v.spot[head].role != KT_IS_RECURRENT)
        at = kt_up_to(&k->v, head,
                      KT_ROLE(KT_IS_RECURRENT) | KT_ROLE(KT_IS_FLATTEN) |
                          KT_ROLE(KT_IS_GLOBAL_POOL) | KT_ROLE(KT_IS_JOIN));
    return at >= 0 && k->v.spot[at].role == KT_IS_RECURRENT;
}

static void last_step(const kt_look *k, const kt_remedy *r)
{
    kt_change c = {.kind = KT_CH_LAST_STEP};
    kt_shape  rest = k->y.rank > 0 ? kt_drop_axis(&k->y, 0) : k->y;

    if (!at_target(k) || k->y.rank < 2 || !kt_shape_fits(&rest, &k->out))
        return;
    kt_offer_target(
        k, r, &c, "sequence_vs_step", can_give_steps(k) ? KT_G_LIKELY : KT_G_CERTAIN,
        "y = y[:, -1]",
        kt_say(k,
               "the model says one thing per sample: of the %lld steps of the target take the "
               "last",
               (long long)k->y.dim[0]));
}

static void flatten(const kt_look *k, const kt_remedy *r)
{
    if (!at_target(k) || k->out.rank != 1 || k->y.rank < 2 ||
        kt_numbers(&k->y) != kt_numbers(&k->out))
        return;
    kt_change c = reshape_to(k, &k->out);
    kt_offer_target(k, r, &c, "flat_vs_shaped", k->fresh ? KT_G_STRONG : KT_G_CERTAIN,
                    "y = y.reshape(len(y), -1)",
                    kt_say(k, "the model gives %lld numbers in a row: flatten the target too",
                           (long long)kt_dim(&k->out, -1)));
}

static void resize(const kt_look *k, const kt_remedy *r)
{
    if (!at_target(k) || k->y.rank != k->out.rank || k->y.rank < 3 ||
        kt_dim(&k->y, -1) != kt_dim(&k->out, -1))
        return;
    kt_change c = {.kind = KT_CH_RESIZE, .shape = kt_put_axis(&k->out, 0, k->y_rows)};
    kt_offer_target(k, r, &c, "target_shape", KT_G_STRONG, NULL,
                    kt_say(k, "resize the target maps from %s to the output's %s",
                           kt_shown(k, &k->y), kt_shown(k, &k->out)));
}

/* Samples along the second axis. */
static void turn(const kt_look *k, const kt_remedy *r)
{
    const kt_shape *y = k->targets && k->s->n_y == 1 ? &k->s->y[0].t->shape : NULL;
    kt_change       c = {.kind = KT_CH_TRANSPOSE, .axis = {1, 0}};

    if (!y || k->end.stage != KT_AT_COUNT || y->rank != 2 || y->dim[1] != k->rows)
        return;
    kt_offer_target(
        k, r, &c, "axes_swapped", KT_G_CERTAIN, "y = y.T",
        kt_say(k, "y has the %lld samples along its second axis: turn it", (long long)k->rows));
}

static void transpose(const kt_look *k, const kt_remedy *r)
{
    kt_change c = {.kind = KT_CH_TRANSPOSE};
    int       perm[KT_MAX_RANK];

    turn(k, r);
    if (!at_target(k) || !kt_permutation(&k->y, &k->out, perm))
        return;
    for (int i = 0; i < k->y.rank; i++)
        c.axis[i + 1] = perm[i] + 1;
    kt_offer_target(k, r, &c, "axes_swapped", KT_G_CERTAIN, NULL,
                    kt_say(k, "turn the axes of the target to %s", kt_shown(k, &k->out)));
}

/* Masks read as colour pictures. The pictures themselves as target are no masks. */
static void channels(const kt_look *k, const kt_remedy *r)
{
    kt_shape y = k->y, out = k->out;
    bool     class_map = k->loss == KT_LOSS_SPARSE;

    if (!at_target(k) || y.rank < 3 || y.rank != out.rank || kt_dim(&y, -1) < 3 ||
        kt_dim(&y, -1) > 4 || (kt_dim(&out, -1) != 1 && !class_map))
        return;
    kt_shape a = kt_drop_axis(&y, y.rank - 1), b = kt_drop_axis(&out, out.rank - 1);
    if (!kt_shape_fits(&a, &b))
        return;
    bool      picture = kt_shape_equal(&k->y, &k->data) && !k->yf->zero_one;
    kt_change c = {.kind = KT_CH_COLUMNS, .size = 1};
    kt_offer_target(k, r, &c, "target_shape", picture ? KT_G_LIKELY : KT_G_CERTAIN,
                    "y = y[..., :1]",
                    kt_say(k, "the masks were read in colour: keep one channel of %lld",
                           (long long)kt_dim(&y, -1)));
}

/* The output has the shape of the input, the target has not: an autoencoder. */
static void input_itself(const kt_look *k, const kt_remedy *r)
{
    if (!at_target(k) || !kt_paired(k) || !kt_shape_fits(&k->out, &k->data) || k->data.rank < 1 ||
        k->out.rank != k->data.rank || k->data.rank <= k->y.rank - 1)
        return;
    int       head = kt_head(&k->v, k->output);
    bool      narrow = false, labels = k->yf->known && k->yf->whole;
    bool      maps = k->y.rank == k->out.rank && k->y.rank >= 2; /* of another size: no labels */
    kt_scene *s = kt_draft(k);
    if (!s || kt_shape_fits(&k->y, &k->out))
        return;
    for (int at = head; at >= 0; at = kt_up(&k->v, at, 0))
        narrow = narrow || (k->v.spot[at].n_out && k->v.spot[at].out[0].rank > 1 &&
                            kt_numbers(&(kt_shape){1, {kt_dim(&k->v.spot[at].out[0], -1)}}) <
                                kt_dim(&k->data, -1));
    s->y[k->target] = s->x[k->item];
    s->y[k->target].of_y = false;

    kt_note(s, r->kind, "wrong_target",
            labels && !maps && (narrow || k->data.rank >= 2) && k->loss != KT_LOSS_SPARSE &&
                    k->loss != KT_LOSS_CATEGORICAL
                ? KT_G_CERTAIN
            : maps ? KT_G_SHOT
                   : KT_G_LIKELY,
            NULL, "model.fit(x, x)", "the model gives back samples of x: the target is x itself");
    kt_offer(k, s, true);
}

/* --- several outputs -------------------------------------------------------------------------- */

static kt_shape output_of(const kt_look *k, int i)
{
    return i < k->end.n_out ? kt_shape_slice(&k->end.out[i], 1, KT_MAX_RANK)
                            : (kt_shape){.rank = -1};
}

/* y's last axis is the outputs side by side. */
static bool cut_target(const kt_look *k, kt_scene *s)
{
    int64_t begin = 0, width = kt_dim(&k->y, -1);

    for (int i = 0; i < k->end.n_out; i++) {
        kt_shape out = output_of(k, i);
        begin += out.rank > 0 ? kt_dim(&out, -1) : 0;
    }
    if (k->y.rank < 1 || begin != width)
        return false;
    begin = 0;
    s->n_y = 1;
    for (int i = 0; i < k->end.n_out; i++) {
        kt_shape  out = output_of(k, i);
        kt_change c = {.kind = KT_CH_COLUMNS, .size = kt_dim(&out, -1), .begin = begin};
        s->y[i] = k->s->y[0];
        s->n_y = i + 1;
        s->y[i].name = kt_say(k, "%s", k->v.spot[k->v.out[i]].name);
        if (!kt_scene_change(s, true, i, &c))
            return false;
        begin += c.size;
    }
    return true;
}

static void split(const kt_look *k, const kt_remedy *r)
{
    kt_scene *s = kt_draft(k);

    if (!s || !k->targets || k->s->n_y != 1 || k->end.n_out < 2 || k->v.n_out != k->end.n_out)
        return;
    bool cut = cut_target(k, s);
    for (int i = 0; !cut && i < k->end.n_out; i++) {
        s->y[i] = k->s->y[0];
        s->y[i].name = k->v.spot[k->v.out[i]].name;
        s->n_y = i + 1;
    }
    kt_note(s, r->kind, "target_count", KT_G_CERTAIN, NULL, cut ? NULL : "model.fit(x, [y, y])",
            cut ? "the model has %d outputs: cut y along its last axis, one target for each"
                : "the model has %d outputs and wants a target for each: give y to each",
            k->end.n_out);
    kt_offer(k, s, true);
}

const kt_remedy kt_remedies_target[] = {
    {"split_target", "y", NULL, split},
    {"squeeze_target", "y", NULL, squeeze},
    {"add_axis_to_target", "y", NULL, add_axis},
    {"target_is_input", "y", NULL, input_itself},
    {"convert_target_channels", "y", NULL, channels},
    {"transpose_target", "y", NULL, transpose},
    {"target_take_last_step", "y", NULL, last_step},
    {"flatten_target", "y", NULL, flatten},
    {"resize_target", "y", NULL, resize},
    {NULL, NULL, NULL, NULL},
};
