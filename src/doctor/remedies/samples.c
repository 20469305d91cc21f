/* samples.c - remedies for x and y of different numbers of samples. */
#include "doctor/remedy.h"

static bool mismatch(const kt_look *k)
{
    return k->targets && kt_paired(k) && k->s->n_y >= 1 && k->rows != k->y_rows && k->rows > 0;
}

/* The sample count of a reshape was wrong: x holds as many numbers as y has samples. */
static void reshape_count(const kt_look *k, const kt_remedy *r)
{
    kt_shape inner = k->declared.rank >= 0 ? k->declared : k->data;
    int64_t  per = kt_numbers(&inner);

    if (!mismatch(k) || per <= 0 || k->s->x[k->item].t->count != per * k->y_rows || k->rows == 1)
        return;
    kt_shape  shape = kt_put_axis(&inner, 0, k->y_rows);
    kt_change c = {.kind = KT_CH_RESHAPE, .shape = shape};
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_scene_change(s, false, k->item, &c);
    kt_note(s, r->kind, "sample_count", KT_G_CERTAIN, NULL,
            kt_say(k, "x = x.reshape(-1, *%s)", kt_shown(k, &inner)),
            "x holds the numbers of %lld samples: give it the shape %s", (long long)k->y_rows,
            kt_shown(k, &shape));
    kt_offer(k, s, ok);
}

/* One row whose numbers are the samples of one feature. */
static void rows_to_samples(const kt_look *k, const kt_remedy *r)
{
    const kt_shape  *x = kt_paired(k) ? &k->s->x[k->item].t->shape : NULL;
    const kt_tensor *y = k->targets ? k->s->y[0].t : NULL;

    if (!x || !y || x->rank > 2 || k->s->x[k->item].t->count != y->count || y->count < 2 ||
        kt_dim(x, 0) != 1 || x->rank != 2)
        return;
    kt_scene *s = kt_draft(k);
    kt_change c = {.kind = KT_CH_RESHAPE, .shape = KT_SHAPE(y->count, 1)};
    bool      ok = s && kt_scene_change(s, false, k->item, &c) && kt_scene_change(s, true, 0, &c);
    kt_note(s, r->kind, "rows_are_samples", KT_G_CERTAIN, NULL,
            "x, y = x.reshape(-1, 1), y.reshape(-1, 1)",
            "the %lld numbers of the one row are samples: x and y as (%lld, 1)",
            (long long)y->count, (long long)y->count);
    if (ok && k->declared.rank == 1 && k->declared.dim[0] != 1) {
        kt_shape one = KT_SHAPE(KT_UNKNOWN, 1);
        ok = kt_edit_input(s, &k->v, k->input, &one);
    }
    kt_offer(k, s, ok);
}

/* Windows over a series belong to its last values; else the surplus at the end goes. */
static void match(const kt_look *k, const kt_remedy *r)
{
    if (!mismatch(k))
        return;
    bool    longer_y = k->y_rows > k->rows;
    int64_t n = longer_y ? k->rows : k->y_rows, more = longer_y ? k->y_rows - n : k->rows - n;
    bool    window = longer_y && k->data.rank >= 2 &&
                  (k->data.dim[0] == more || k->data.dim[0] == more + 1);
    kt_scene *s = kt_draft(k);
    kt_change c = {.kind = KT_CH_ROWS, .size = n, .begin = window ? more : 0};
    bool      ok = s != NULL;
    for (int i = 0; ok && i < (longer_y ? s->n_y : s->n_x); i++)
        ok = kt_scene_change(s, longer_y, i, &c);
    kt_note(s, r->kind, "sample_count", more <= n ? KT_G_STRONG : KT_G_LIKELY, NULL,
            kt_say(k, window ? "%s = %s[%lld:]" : "%s = %s[:%lld]", longer_y ? "y" : "x",
                   longer_y ? "y" : "x", (long long)(window ? more : n)),
            "x has %lld samples, y has %lld: leave out the %s %lld of %s", (long long)k->rows,
            (long long)k->y_rows, window ? "first" : "last", (long long)more, longer_y ? "y" : "x");
    kt_offer(k, s, ok);
}

/* The fewest and the most samples of some arrays. */
typedef struct span {
    int64_t least, most;
} span;

static void widen(span *s, const kt_tensor *t)
{
    int64_t n = kt_dim(&t->shape, 0);

    s->least = n < s->least ? n : s->least;
    s->most = n > s->most ? n : s->most;
}

/* Leaves the first n samples of all arrays. */
static bool cut(const kt_look *k, kt_scene *s, int64_t n)
{
    kt_change c = {.kind = KT_CH_ROWS, .size = n};
    bool      ok = s != NULL;

    for (int i = 0; ok && i < s->n_x; i++)
        ok = kt_scene_change(s, false, i, &c);
    for (int i = 0; ok && k->targets && i < s->n_y; i++)
        ok = kt_scene_change(s, true, i, &c);
    return ok;
}

/* Inputs of different numbers of samples: all arrays come to the least. */
static void match_inputs(const kt_look *k, const kt_remedy *r)
{
    span x = {INT64_MAX, 0}, all;

    for (int i = 0; i < k->s->n_x; i++)
        widen(&x, k->s->x[i].t);
    all = x;
    for (int i = 0; k->targets && i < k->s->n_y; i++)
        widen(&all, k->s->y[i].t);
    if (x.least >= x.most || k->end.stage != KT_AT_COUNT || all.least < 1)
        return;
    kt_scene *s = kt_draft(k);
    bool      ok = cut(k, s, all.least);
    kt_note(s, r->kind, "sample_count", KT_G_STRONG, NULL,
            kt_say(k, "x = [a[:%lld] for a in x]", (long long)all.least),
            "the arrays have %lld to %lld samples: leave out what goes beyond %lld",
            (long long)all.least, (long long)all.most, (long long)all.least);
    kt_offer(k, s, ok);
}

/* A fixed batch size leaves a rest. */
static void whole_batches(const kt_look *k, const kt_remedy *r)
{
    int64_t rest = k->s->batch > 0 ? k->rows % k->s->batch : 0, n = k->rows - rest;

    if (k->end.stage != KT_AT_LAST || n <= 0)
        return;
    kt_scene *s = kt_draft(k);
    bool      ok = cut(k, s, n);
    kt_note(s, r->kind, "fixed_batch", KT_G_CERTAIN, NULL,
            kt_say(k, "x, y = x[:%lld], y[:%lld]", (long long)n, (long long)n),
            "the last batch has %lld samples instead of %lld: leave them out, %lld stay",
            (long long)rest, (long long)k->s->batch, (long long)n);
    kt_offer(k, s, ok);
}

static void match_count(const kt_look *k, const kt_remedy *r)
{
    match(k, r);
    match_inputs(k, r);
    whole_batches(k, r);
}

const kt_remedy kt_remedies_samples[] = {
    {"reshape_count", "x", NULL, reshape_count},
    {"data_rows_to_samples", "x", NULL, rows_to_samples},
    {"match_sample_count", "x", NULL, match_count},
    {NULL, NULL, NULL, NULL},
};
