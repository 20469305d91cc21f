/* embedding.c - remedies for what goes into an Embedding. */
#include "doctor/remedy.h"

/* The Embedding that reads x 0 directly; -1: none. */
static int reads_x(const kt_look *k)
{
    int first = kt_first_of(k);

    return first >= 0 && k->v.spot[first].role == KT_IS_EMBEDDING && kt_paired(k) ? first : -1;
}

static void larger(const kt_look *k, const kt_remedy *r)
{
    int       at = reads_x(k);
    kt_scene *s = at >= 0 && k->end.stage == KT_AT_LABELS && k->xf->whole && k->xf->min >= 0
                    ? kt_draft(k)
                    : NULL;
    int64_t   need = (int64_t)k->xf->max + 1;

    if (!s || need <= kt_field_int(&k->v.spot[at], "input_dim", 0))
        return;
    bool ok = kt_edit_field(s, &k->v, at, "input_dim", kt_int_value(k, need));
    kt_note(s, r->kind, "index_range", KT_G_CERTAIN, k->v.spot[at].name,
            kt_say(k, "Embedding(%lld, ...)", (long long)need),
            "input_dim=%lld in '%s': the largest index is %lld", (long long)need,
            k->v.spot[at].name, (long long)(need - 1));
    kt_offer(k, s, ok);
}

static void clip(const kt_look *k, const kt_remedy *r)
{
    int at = reads_x(k);

    if (at < 0 || k->end.stage != KT_AT_LABELS || !k->xf->known)
        return;
    int64_t   rows = kt_field_int(&k->v.spot[at], "input_dim", 0);
    kt_change c = {.kind = KT_CH_CLIP, .size = rows};
    kt_scene *s = kt_draft(k);
    bool      ok = s && rows > 0 && kt_scene_change(s, false, k->item, &c);
    kt_note(s, r->kind, "index_range", k->fresh ? KT_G_LIKELY : KT_G_CERTAIN, NULL,
            kt_say(k, "x = np.clip(x, 0, %lld)", (long long)rows - 1),
            "put indices outside of 0..%lld to one unknown value", (long long)rows - 1);
    kt_offer(k, s, ok);
}

/* One-hot words where their numbers are wanted. */
static void numbers(const kt_look *k, const kt_remedy *r)
{
    int at = reads_x(k);

    if (at < 0 || !k->xf->one_hot || k->data.rank < 2)
        return;
    kt_change c = {.kind = KT_CH_ARGMAX, .size = kt_dim(&k->data, -1) - 1};
    kt_scene *s = kt_draft(k);
    kt_shape  less = kt_drop_axis(&k->data, k->data.rank - 1), batch = kt_batch_of(&less);
    bool      ok = s && kt_scene_change(s, false, k->item, &c);
    kt_note(s, r->kind, "index_range", KT_G_CERTAIN, NULL, "x = np.argmax(x, axis=-1)",
            "'%s' wants word numbers: make them of the one-hot rows of %lld", k->v.spot[at].name,
            (long long)kt_dim(&k->data, -1));
    if (ok && k->declared.rank == k->data.rank) {
        ok = kt_edit_input(s, &k->v, k->input, &batch);
        kt_note(s, "input_shape_drop_axis", "axis_extra", KT_G_CERTAIN, NULL,
                kt_say(k, "Input(shape=%s)", kt_shown(k, &less)), "and declare %s",
                kt_shown(k, &less));
    }
    kt_offer(k, s, ok);
}

/* Word numbers that go straight into a layer of vectors. */
static void add(const kt_look *k, const kt_remedy *r)
{
    int wants, got;

    if (!kt_at_first(k) || !kt_wants_rank(k, &wants, &got) || wants != got + 1 || got != 1 ||
        !k->xf->known || !k->xf->whole || k->xf->min < 0 || k->xf->max < 10 ||
        k->v.spot[k->v.broken].rank != 1 || !kt_paired(k))
        return;
    int64_t   rows = (int64_t)k->xf->max + 1;
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_edit_insert(s, &k->v, k->v.broken, 0,
                                       kt_say(k, "Embedding(%lld, 16)", (long long)rows));
    kt_note(s, r->kind, "axis_missing", KT_G_LIKELY, k->v.spot[k->v.broken].name,
            kt_say(k, "layers.Embedding(%lld, 16)", (long long)rows),
            "insert Embedding(%lld, 16) before '%s': x are numbers of words", (long long)rows,
            k->v.spot[k->v.broken].name);
    kt_offer(k, s, ok);
}

/* --- given weights ---------------------------------------------------------------------------- */

/* The sizes of a matrix that was given as initial value; false if there is none. */
static bool matrix_of(const kt_spot *s, int64_t *rows, int64_t *columns)
{
    const kt_value *v = kt_value_get(
        kt_value_get(kt_field_value(s, "embeddings_initializer"), "config"), "value");

    if (v && v->kind == KT_DICT) /* as NumPy's arrays are written */
        v = kt_value_get(kt_value_get(v, "config"), "value");
    if (!kt_value_is_seq(v) || v->n == 0 || !kt_value_is_seq(v->items[0]))
        return false;
    *rows = (int64_t)v->n;
    *columns = (int64_t)v->items[0]->n;
    return *columns > 0;
}

static void as_matrix(const kt_look *k, const kt_remedy *r)
{
    int64_t rows, columns;

    for (int i = 0; i < k->v.n; i++) {
        const kt_spot *e = &k->v.spot[i];
        if (e->role != KT_IS_EMBEDDING || !matrix_of(e, &rows, &columns) ||
            (kt_field_int(e, "input_dim", 0) == rows &&
             kt_field_int(e, "output_dim", 0) == columns))
            continue;
        kt_scene *s = kt_draft(k);
        bool      ok = s && kt_edit_field(s, &k->v, i, "input_dim", kt_int_value(k, rows)) &&
                  kt_edit_field(s, &k->v, i, "output_dim", kt_int_value(k, columns));
        kt_note(s, r->kind, "weights_shape", KT_G_CERTAIN, e->name,
                kt_say(k, "Embedding(%lld, %lld, ...)", (long long)rows, (long long)columns),
                "input_dim=%lld and output_dim=%lld in '%s': the given matrix has these sizes",
                (long long)rows, (long long)columns, e->name);
        kt_offer(k, s, ok);
    }
}

const kt_remedy kt_remedies_embedding[] = {
    {"embedding_matrix", "model", NULL, as_matrix}, {"argmax_data", "x", NULL, numbers},
    {"embedding_input_dim", "model", NULL, larger}, {"clip_indices", "x", NULL, clip},
    {"add_embedding", "model", NULL, add},          {NULL, NULL, NULL, NULL},
};
