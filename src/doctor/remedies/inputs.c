/* inputs.c - remedies for several inputs: their names, order and number. */
#include "doctor/remedy.h"

static kt_shape sample_of(const kt_item *item)
{
    return kt_shape_slice(&item->t->shape, 1, item->t->shape.rank);
}

static bool fits_input(const kt_look *k, int input, int item)
{
    kt_shape want = kt_shape_slice(&k->v.shape[input], 1, k->v.shape[input].rank);
    kt_shape have = sample_of(&k->s->x[item]);

    return want.rank == have.rank && kt_shape_fits(&want, &have);
}

/* An array for each input: the first that fits and is free. */
static bool assign(const kt_look *k, int *of)
{
    unsigned used = 0;

    for (int i = 0; i < k->v.n_in; i++) {
        of[i] = -1;
        for (int j = 0; j < k->s->n_x && of[i] < 0; j++)
            if (!(used >> j & 1) && fits_input(k, i, j))
                of[i] = j;
        if (of[i] < 0)
            return false;
        used |= 1u << of[i];
    }
    return true;
}

static void order(const kt_look *k, const kt_remedy *r)
{
    int  of[KT_MAX_ARRAYS];
    bool names = k->end.stage == KT_AT_INPUTS, moved = false;

    if (k->s->n_x < 2 || k->s->n_x != k->v.n_in || k->end.stage > KT_AT_FORWARD || !assign(k, of))
        return;
    kt_scene *s = kt_draft(k);
    for (int i = 0; s && i < k->v.n_in; i++) {
        s->x[i] = k->s->x[of[i]];
        s->x[i].name = k->v.in[i] >= 0 ? k->v.spot[k->v.in[i]].name : "";
        moved = moved || of[i] != i || !kt_streq(s->x[i].name, k->s->x[i].name);
    }
    kt_note(s, r->kind, names ? "input_names" : "wiring", KT_G_CERTAIN, NULL, NULL,
            "give the %d arrays under the names, and in the order, of the model's inputs",
            k->v.n_in);
    kt_offer(k, s, moved);
}

/* One table whose columns are those of the inputs side by side. */
static void split(const kt_look *k, const kt_remedy *r)
{
    int64_t   total = 0, begin = 0;
    kt_scene *s = k->s->n_x == 1 && k->v.n_in > 1 ? kt_draft(k) : NULL;
    bool      ok = s != NULL;

    for (int i = 0; ok && i < k->v.n_in; i++) {
        total += kt_dim(&k->v.shape[i], -1);
        ok = k->v.declared[i] && k->v.shape[i].rank == k->data.rank + 1;
    }
    if (!ok || total != kt_dim(&k->data, -1))
        return;
    for (int i = 0; ok && i < k->v.n_in; i++) {
        kt_change c = {.kind = KT_CH_COLUMNS, .size = kt_dim(&k->v.shape[i], -1), .begin = begin};
        s->x[i] = k->s->x[0];
        s->n_x = i + 1;
        s->x[i].name = k->v.spot[k->v.in[i]].name;
        ok = kt_scene_change(s, false, i, &c);
        begin += c.size;
    }
    kt_note(s, r->kind, "wiring", KT_G_CERTAIN, NULL, NULL,
            "cut the %lld columns of x into the %d inputs of the model", (long long)total,
            k->v.n_in);
    kt_offer(k, s, ok);
}

const kt_remedy kt_remedies_inputs[] = {
    {"input_order", "x", NULL, order},
    {"split_data", "x", NULL, split},
    {NULL, NULL, NULL, NULL},
};
