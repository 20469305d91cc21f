/* texts.c - inputs that are texts: whether they are where texts are wanted, and how long the rows
 * of tokens are that layers make of them. */
#include "model/step.h"
#include "nn/container.h"

/* --- texts and numbers ------------------------------------------------------------------------ */

/* NumPy's name of such an array: "str32" holds one character. */
static kt_status refuse_texts(const kt_tensor *t, kt_fault *f)
{
    size_t longest = 1;

    for (int64_t i = 0; i < t->count; i++) {
        const kt_text *text = kt_text_items(t)[i];
        size_t         n = 0;
        for (size_t k = 0; k < kt_text_size(text); k++)
            n += ((unsigned char)text->bytes[k] & 0xc0) != 0x80;
        longest = n > longest ? n : longest;
    }
    return kt_raise(f, KT_E_VALUE, "Invalid dtype: str%zu", longest * 32);
}

kt_status kt_texts_agree(const kt_model *m, const kt_data *d, kt_fault *f)
{
    for (int i = 0; i < d->n_x && f->e.status == KT_OK; i++) {
        bool text = d->x[i].t->dtype == KT_STRING && d->x[i].t->data;
        bool wanted = kt_model_input_dtype(m, i) == KT_STRING;
        if (text && !wanted)
            refuse_texts(d->x[i].t, f);
        else if (wanted && !text && d->x[i].t->data)
            kt_raise_no_cast(f, d->x[i].t->dtype, KT_STRING);
    }
    for (int i = 0; i < d->n_y && f->e.status == KT_OK; i++)
        if (d->y[i].t->dtype == KT_STRING && d->y[i].t->data)
            refuse_texts(d->y[i].t, f);
    return f->e.status;
}

/* --- rows of tokens --------------------------------------------------------------------------- */

bool kt_has_texts(const kt_data *d)
{
    for (int i = 0; i < d->n_x; i++)
        if (d->x[i].t->dtype == KT_STRING)
            return true;
    return false;
}

static kt_status too_many(kt_fault *f)
{
    return kt_raise(f, KT_E_NOT_IMPLEMENTED,
                    "more than %d layers give rows as long as their texts; give them an "
                    "output_sequence_length",
                    KT_MAX_TEXTS);
}

kt_status kt_step_key_texts(const kt_model *m, const kt_data *d, const int64_t *rows, int64_t begin,
                            int64_t n, kt_step_key *key, kt_fault *f)
{
    kt_text_use use[KT_MAX_TEXTS];

    if (!kt_has_texts(d))
        return KT_OK;
    key->n_texts = kt_text_uses(m->root, use, KT_MAX_TEXTS);
    if (key->n_texts < 0)
        return too_many(f);
    for (int i = 0; i < key->n_texts; i++)
        key->text[i] = use[i].input < d->n_x
                         ? kt_text_longest(&use[i], d->x[use[i].input].t, rows, begin, n)
                         : KT_UNKNOWN;
    return KT_OK;
}

kt_status kt_texts_trace(const kt_layer *root, kt_trace *t, const kt_step_key *key,
                         kt_tensor *const *data, int n_x, kt_node *const *x)
{
    kt_text_use *use = NULL;
    bool         texts = false;

    for (int i = 0; i < n_x; i++)
        texts = texts || x[i]->dtype == KT_STRING;
    if (!texts)
        return KT_OK;
    use = kt_arena_calloc(&t->g->arena, KT_MAX_TEXTS, sizeof *use);
    int n = use ? kt_text_uses(root, use, KT_MAX_TEXTS) : 0;
    if (n > 0 && key && !key->trial && key->n_texts < n)
        return kt_raise(t->g->fault, KT_E_NOT_IMPLEMENTED,
                        "rows are as long as texts say, and there are none");
    if (!use || n < 0)
        return use ? too_many(t->g->fault) : kt_raise_memory(t->g->fault);
    for (int i = 0; i < n; i++) {
        int input = use[i].input;
        if (input >= n_x)
            continue;
        use[i].node = x[input];
        if (key && i < key->n_texts)
            use[i].width = key->text[i];
        else if (data && data[input])
            use[i].width = kt_text_longest(&use[i], data[input], NULL, 0,
                                           kt_dim(&data[input]->shape, 0));
    }
    t->texts = use;
    t->n_texts = n;
    return KT_OK;
}

/* --- for users -------------------------------------------------------------------------------- */

int kt_model_takes_texts(const kt_model *m)
{
    const kt_layer     *first = m ? m->root : NULL;
    const kt_container *c = first ? kt_container_of(first) : NULL;

    if (!m)
        kt_raise_null("kt_model_takes_texts", "the model");
    for (int i = 0; c && c->ready && i < c->n_in; i++)
        if (kt_symbol_result(c->in[i])->dtype != KT_STRING)
            return 0;
    if (c && c->ready)
        return c->n_in > 0;
    while (first && first->sublayers.n > 0 && kt_container_of(first))
        first = first->sublayers.at[0];
    return first && first->type->flags & KT_LAYER_TEXT;
}
