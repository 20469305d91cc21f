/* outputs.c - a loss for each of several outputs, by what its target looks like. */
#include "doctor/remedy.h"

static const kt_item *target_of(const kt_look *k, int i)
{
    const char *name = k->v.spot[k->v.out[i]].name;

    for (int j = 0; j < k->s->n_y; j++)
        if (kt_streq(k->s->y[j].name, name))
            return &k->s->y[j];
    return &k->s->y[i];
}

static kt_shape output_of(const kt_look *k, int i)
{
    const kt_spot *s = &k->v.spot[k->v.out[i]];

    if (i < k->end.n_out)
        return k->end.out[i];
    return k->v.out_part[i] < s->n_out ? s->out[k->v.out_part[i]] : (kt_shape){.rank = -1};
}

/* The loss for class numbers, one-hot rows, zeros and ones, or numbers. */
static const char *loss_for(const kt_look *k, int i)
{
    const kt_item *y = target_of(k, i);
    const kt_form *f = &y->form;
    kt_shape       out = output_of(k, i), t = y->t->shape;
    int64_t        width = out.rank > 1 ? kt_dim(&out, -1) : 1;

    if (!f->known || out.rank < 1)
        return NULL;
    if (width > 1 && t.rank == out.rank && kt_dim(&t, -1) == width)
        return f->one_hot || (f->shares && kt_streq(kt_last_activation(k, i), "softmax"))
                 ? "categorical_crossentropy"
             : f->zero_one ? "binary_crossentropy"
                           : "mse";
    if (t.rank == out.rank && kt_dim(&t, -1) == 1)
        t.rank--;
    if (width > 1)
        return t.rank == out.rank - 1 && f->whole && f->min >= 0 && f->max < (double)width
                 ? "sparse_categorical_crossentropy"
                 : NULL;
    return f->zero_one && kt_streq(kt_last_activation(k, i), "sigmoid") ? "binary_crossentropy"
                                                                        : "mse";
}

/* One that is there and wants such targets stays as it is. */
static kt_value *chosen(const kt_look *k, int i, bool *changed)
{
    const kt_value *old = kt_output_loss(k->s, &k->v, i);
    const char     *loss = loss_for(k, i);
    bool            logits;

    if (!loss)
        return NULL;
    kt_value *v = kt_text_value(k, loss);
    if (old && kt_loss_of(old, &logits) == kt_loss_of(v, &logits))
        return kt_value_copy(&k->s->p->arena, old);
    *changed = true;
    return v;
}

static const char *as_code(const kt_look *k, const kt_value *losses)
{
    kt_str text = {0};

    kt_str_add(&text, "model.compile(..., loss={");
    for (size_t i = 0; i < losses->n; i++) {
        const char     *name = NULL;
        const kt_value *args;
        kt_object_parts(losses->items[i], &name, &args);
        kt_str_printf(&text, "%s'%s': '%s'", i ? ", " : "", losses->keys[i], name ? name : "?");
    }
    kt_str_add(&text, "})");
    const char *said = kt_say(k, "%s", kt_str_text(&text));
    kt_str_free(&text);
    return said;
}

static void per_output(const kt_look *k, const kt_remedy *r)
{
    const kt_value *now = kt_scene_compiled(k->s, "loss");
    bool            several = kt_value_is_seq(now) ||
                   (now && now->kind == KT_DICT && !kt_value_get(now, "class_name"));
    bool changed = several && (int)now->n != k->v.n_out, number = changed;
    int  n = 0;

    if (!k->targets || k->v.n_out < 2 || k->s->n_y != k->v.n_out || k->end.stage < KT_AT_LOSS)
        return;
    kt_value *losses = kt_value_new(&k->s->p->arena, KT_DICT);
    bool      ok = losses != NULL;
    for (int i = 0; ok && i < k->v.n_out; i++) {
        bool      one = false;
        kt_value *v = chosen(k, i, &one);
        n += one;
        number = number || (several && kt_is_none(kt_output_loss(k->s, &k->v, i)));
        ok = v && kt_value_add(&k->s->p->arena, losses, k->v.spot[k->v.out[i]].name, v);
    }
    kt_scene *s = ok && (changed || n) ? kt_draft(k) : NULL;
    ok = s && kt_scene_compile(s, "loss", losses);
    kt_note(s, r->kind, number ? "target_count" : "labels_vs_loss",
            several && !number && n == 1 ? KT_G_STRONG : KT_G_CERTAIN, NULL,
            ok ? as_code(k, losses) : NULL, "a loss for each of the %d outputs, as its target is",
            k->v.n_out);
    kt_offer(k, s, ok);
}

const kt_remedy kt_remedies_outputs[] = {
    {"loss_per_output", "loss", NULL, per_output},
    {NULL, NULL, NULL, NULL},
};
