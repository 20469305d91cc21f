/* axes.c - remedies that give x another order or number of axes. */
#include "doctor/remedy.h"

/* Reshapes x 0 to `shape` (first axis included). */
static void reshape(const kt_look *k, const kt_remedy *r, const kt_shape *shape, const char *cause,
                    kt_grade grade, const char *code, const char *why)
{
    kt_scene *s = kt_draft(k);
    kt_change c = {.kind = KT_CH_RESHAPE, .shape = *shape};
    bool      ok = s && kt_scene_change(s, false, k->item, &c);

    kt_note(s, r->kind, cause, grade, NULL, code, "give x the shape %s: %s", kt_shown(k, shape),
            why);
    kt_offer(k, s, ok);
}

static const kt_shape *x_shape(const kt_look *k)
{
    return &k->s->x[k->item].t->shape;
}

/* One sample where a batch is wanted: the array has the shape of the declared sample. */
static bool is_one_sample(const kt_look *k, bool *exact)
{
    const kt_shape *x = x_shape(k);
    kt_shape        short_one = k->declared;

    *exact = kt_shape_fits(x, &k->declared) && x->rank == k->declared.rank;
    if (short_one.rank > 1 && kt_dim(&short_one, -1) == 1)
        short_one.rank--;
    bool column = short_one.rank < k->declared.rank && x->rank == short_one.rank &&
                  kt_shape_fits(x, &short_one);
    bool flat = k->declared.rank == 1 && x->rank >= 2 && kt_shape_count(x) == k->declared.dim[0] &&
                x->dim[0] > 1 && k->declared.dim[0] > 0 && kt_dim(x, -1) > 1;
    return *exact || column || flat;
}

static void add_batch(const kt_look *k, const kt_remedy *r)
{
    bool exact, uses = k->s->p->call != KT_DO_FIT;

    if (!kt_paired(k) || k->declared.rank < 1 || !is_one_sample(k, &exact))
        return;
    bool     one_target = k->targets && k->y_rows == 1;
    kt_grade grade = uses ? KT_G_CERTAIN : one_target ? KT_G_CERTAIN : KT_G_SHOT;
    if (k->s->p->call == KT_DO_BUILD && k->fresh)
        grade = KT_G_STRONG;
    kt_shape batch = kt_put_axis(x_shape(k), 0, 1);
    reshape(k, r, &batch, "batch_axis_missing", grade, "x = x[None, ...]",
            "x is one sample, the model takes a batch of them");
}

static void add_last(const kt_look *k, const kt_remedy *r)
{
    int      axis, wants, got;
    kt_shape more;

    if (!kt_paired(k) || k->data.rank < 0)
        return;
    more = kt_put_axis(x_shape(k), x_shape(k)->rank, 1);
    if (kt_one_more(&k->data, &k->declared, &axis) && axis == k->data.rank && k->data.rank > 0 &&
        kt_dim(&k->declared, -1) > 1 && kt_conflict(k))
        reshape(k, r, &more, kt_dim(&k->declared, -1) <= 4 ? "channel_count" : "axis_missing",
                k->data.rank >= 2 ? KT_G_CERTAIN : KT_G_LIKELY, "x = x[..., None]",
                "the channel axis is missing");
    else if (k->declared.rank < 0 && kt_at_first(k) && kt_wants_rank(k, &wants, &got) &&
             wants == got + 1)
        reshape(k, r, &more, "axis_missing", KT_G_CERTAIN, "x = x[..., None]",
                kt_say(k, "'%s' wants one more axis, the channels or features",
                       k->v.spot[k->v.broken].name));
}

static void add_time(const kt_look *k, const kt_remedy *r)
{
    int axis;

    if (!kt_paired(k) || k->data.rank < 1 || !kt_one_more(&k->data, &k->declared, &axis) ||
        k->declared.dim[0] != 1 || !kt_conflict(k))
        return;
    kt_shape rest = kt_drop_axis(&k->declared, 0), more = kt_put_axis(x_shape(k), 1, 1);
    if (kt_shape_fits(&rest, &k->data))
        reshape(k, r, &more, "axis_missing", KT_G_CERTAIN, "x = x[:, None, ...]",
                "one step per sample: the time axis is missing");
}

static void squeeze(const kt_look *k, const kt_remedy *r)
{
    const kt_shape *x = k->s->n_x ? x_shape(k) : NULL;
    int             wants, got;
    bool fewer = k->declared.rank < 0 && kt_at_first(k) && kt_wants_rank(k, &wants, &got) &&
                 got == wants + 1;

    for (int i = 1; x && kt_paired(k) && i < x->rank; i++) {
        kt_shape less = kt_drop_axis(x, i), inner = kt_drop_axis(&less, 0);
        if (x->dim[i] != 1)
            continue;
        if ((kt_conflict(k) && inner.rank == k->declared.rank &&
             kt_shape_fits(&inner, &k->declared)) ||
            fewer) {
            reshape(k, r, &less, "axis_extra", KT_G_CERTAIN,
                    kt_say(k, "x = np.squeeze(x, axis=%d)", i),
                    kt_say(k, "axis %d is one too many", i));
            return;
        }
    }
}

/* A list of batches: the first two axes of x and y are the same. */
static void merge_batches(const kt_look *k, const kt_remedy *r)
{
    const kt_shape *x = kt_paired(k) ? x_shape(k) : NULL;

    if (!x || k->declared.rank < 0 || x->rank < 3 || x->rank != k->declared.rank + 2)
        return;
    kt_shape inner = kt_shape_slice(x, 2, x->rank);
    if (!kt_shape_fits(&inner, &k->declared))
        return;
    kt_shape        joined = kt_put_axis(&inner, 0, x->dim[0] * x->dim[1]);
    kt_scene       *s = kt_draft(k);
    kt_change       c = {.kind = KT_CH_RESHAPE, .shape = joined};
    bool            ok = s && kt_scene_change(s, false, k->item, &c), both = false;
    const kt_shape *y = k->targets ? &k->s->y[0].t->shape : NULL;
    if (ok && y && y->rank >= 2 && y->dim[0] == x->dim[0] && y->dim[1] == x->dim[1]) {
        kt_shape rest = kt_shape_slice(y, 2, y->rank);
        c.shape = kt_put_axis(&rest, 0, joined.dim[0]);
        ok = both = kt_scene_change(s, true, 0, &c);
    }
    kt_note(s, r->kind, "axis_extra", both ? KT_G_CERTAIN : KT_G_LIKELY, NULL,
            "x = x.reshape(-1, *x.shape[2:])",
            "join the first two axes, %lld batches of %lld: one .batch() fewer",
            (long long)x->dim[0], (long long)x->dim[1]);
    kt_offer(k, s, ok);
}

static void offer_transposed(const kt_look *k, const kt_remedy *r, const kt_change *c,
                             kt_grade grade, const char *why)
{
    kt_scene *s = kt_draft(k);
    kt_shape  after = kt_changed_shape(c, x_shape(k));
    kt_str    axes = {0};
    bool      ok = s && kt_scene_change(s, false, k->item, c);

    for (int i = 0; i < x_shape(k)->rank; i++)
        kt_str_printf(&axes, "%s%d", i ? ", " : "", c->axis[i]);
    kt_note(s, r->kind, "axes_swapped", grade, NULL,
            kt_say(k, "x = np.transpose(x, (%s))", kt_str_text(&axes)),
            "turn the axes of x to %s: %s", kt_shown(k, &after), why);
    kt_str_free(&axes);
    kt_offer(k, s, ok);
}

/* The samples lie along the second axis: a column for a row. */
static void turn_table(const kt_look *k, const kt_remedy *r)
{
    kt_change       c = {.kind = KT_CH_TRANSPOSE, .axis = {1, 0}};
    const kt_shape *x = x_shape(k);

    if (x->rank != 2 || k->declared.rank != 1 || x->dim[0] != k->declared.dim[0] ||
        x->dim[1] == k->declared.dim[0])
        return;
    bool counted = k->targets && x->dim[1] == k->y_rows && k->rows != k->y_rows;
    bool uses = !k->targets && k->s->p->call != KT_DO_FIT;
    offer_transposed(k, r, &c, counted || (uses && x->dim[1] == 1) ? KT_G_CERTAIN : KT_G_SHOT,
                     "the features stand in the columns");
}

/* Channels first for layers that want them last: declared like the data, but the maps shrink to
 * nothing along the channels. */
static void channels_last(const kt_look *k, const kt_remedy *r)
{
    kt_shape d = k->data;

    if (!kt_channels_first(k) || kt_conflict(k) || k->v.broken < 0 || k->declared.rank != 3 ||
        !kt_paired(k))
        return;
    kt_change c = {.kind = KT_CH_TRANSPOSE, .axis = {0, 2, 3, 1}};
    kt_scene *s = kt_draft(k);
    kt_shape  last = KT_SHAPE(d.dim[1], d.dim[2], d.dim[0]), batch = kt_batch_of(&last);
    bool      ok = s && kt_scene_change(s, false, k->item, &c) &&
              kt_edit_input(s, &k->v, k->input, &batch);
    kt_note(s, r->kind, "axes_swapped", KT_G_CERTAIN, NULL, "x = np.transpose(x, (0, 2, 3, 1))",
            "put the channels of x last: %s", kt_shown(k, &last));
    kt_note(s, "input_shape_transpose", "axes_swapped", KT_G_CERTAIN, NULL,
            kt_say(k, "Input(shape=%s)", kt_shown(k, &last)), "declare %s", kt_shown(k, &last));
    kt_offer(k, s, ok);
}

static void transpose(const kt_look *k, const kt_remedy *r)
{
    kt_change c = {.kind = KT_CH_TRANSPOSE};
    int       perm[KT_MAX_RANK];

    if (!kt_paired(k))
        return;
    turn_table(k, r);
    channels_last(k, r);
    if (!kt_permutation(&k->data, &k->declared, perm))
        return;
    for (int i = 0; i < k->data.rank; i++)
        c.axis[i + 1] = perm[i] + 1;
    offer_transposed(k, r, &c, k->fresh ? KT_G_STRONG : KT_G_CERTAIN,
                     kt_say(k, "the model takes samples of %s", kt_shown(k, &k->declared)));
}

static void flatten(const kt_look *k, const kt_remedy *r)
{
    if (!kt_paired(k) || k->declared.rank != 1 || k->data.rank < 2 ||
        kt_numbers(&k->data) != k->declared.dim[0])
        return;
    kt_shape flat = KT_SHAPE(k->rows, k->declared.dim[0]);
    bool     ones = kt_squeezed(&k->data, &k->declared);
    reshape(k, r, &flat, ones ? "axis_extra" : "flat_vs_shaped", ones ? KT_G_STRONG : KT_G_CERTAIN,
            "x = x.reshape(len(x), -1)", "the model takes flat rows");
}

static void shape_rows(const kt_look *k, const kt_remedy *r)
{
    if (!kt_paired(k) || k->declared.rank < 2 || k->data.rank < 1 ||
        k->data.rank == k->declared.rank || !kt_conflict(k) ||
        kt_numbers(&k->data) != kt_numbers(&k->declared))
        return;
    kt_shape shaped = kt_put_axis(&k->declared, 0, k->rows);
    reshape(k, r, &shaped, "flat_vs_shaped", KT_G_CERTAIN,
            kt_say(k, "x = x.reshape(len(x), *%s)", kt_shown(k, &k->declared)),
            kt_say(k, "the model takes samples of %s", kt_shown(k, &k->declared)));
}

const kt_remedy kt_remedies_axes[] = {
    {"add_batch_axis_to_data", "x", NULL, add_batch},
    {"add_last_axis_to_data", "x", NULL, add_last},
    {"add_time_axis_to_data", "x", NULL, add_time},
    {"squeeze_data", "x", NULL, squeeze},
    {"merge_batch_axes", "x", NULL, merge_batches},
    {"transpose_data", "x", NULL, transpose},
    {"flatten_data", "x", NULL, flatten},
    {"reshape_data", "x", NULL, shape_rows},
    {NULL, NULL, NULL, NULL},
};
