/* loss.c - remedies that choose the loss, or the metrics, that the labels want. */
#include "doctor/remedy.h"

static void offer(const kt_look *k, const kt_remedy *r, const char *loss, const char *cause,
                  kt_grade grade, const char *words)
{
    kt_scene *s = kt_draft(k);
    bool      ok = s && kt_scene_loss(s, &k->v, k->output, loss);
    bool      logits;

    kt_loss_kind kind = kt_loss_of(kt_text_value(k, loss), &logits);
    kt_note(s, r->kind, cause, grade, NULL, kt_say(k, "model.compile(..., loss='%s')", loss), "%s",
            words);
    kt_offer(k, s,
             ok && kt_refit_activation(k, s, kt_activation_for(kind, false, kt_dim(&k->out, -1))));
}

static bool at_loss(const kt_look *k)
{
    return k->targets && kt_has_target(k) && k->end.stage >= KT_AT_LOSS && k->yf->known &&
           k->out.rank >= 0;
}

/* One whole number where the model has k units. */
static bool class_numbers(const kt_look *k)
{
    kt_shape y = k->y, out = k->out;

    if (y.rank == out.rank && kt_dim(&y, -1) == 1)
        y.rank--;
    return k->yf->whole && out.rank >= 1 && kt_dim(&out, -1) > 1 && y.rank == out.rank - 1;
}

static void sparse(const kt_look *k, const kt_remedy *r)
{
    if (!at_loss(k) || !class_numbers(k) || k->yf->one_hot || k->yf->min < 0 ||
        k->loss == KT_LOSS_SPARSE || k->loss == KT_LOSS_OTHER || k->loss == KT_LOSS_NONE)
        return;
    bool softmax = kt_streq(kt_last_activation(k, k->output), "softmax");
    bool clear = k->loss == KT_LOSS_CATEGORICAL || softmax || k->yf->max > 1;
    offer(k, r, "sparse_categorical_crossentropy", "labels_vs_loss",
          clear ? KT_G_CERTAIN : KT_G_LIKELY,
          kt_say(k,
                 "the labels are whole numbers %lld..%lld: use the loss for them, "
                 "'sparse_categorical_crossentropy'",
                 (long long)k->yf->min, (long long)k->yf->max));
}

static void categorical(const kt_look *k, const kt_remedy *r)
{
    if (!at_loss(k) || k->loss != KT_LOSS_SPARSE || k->y.rank != k->out.rank ||
        kt_dim(&k->y, -1) < 2 || !(k->yf->one_hot || k->yf->shares))
        return;
    offer(k, r, "categorical_crossentropy", "labels_vs_loss", k->fresh ? KT_G_CERTAIN : KT_G_STRONG,
          kt_say(k,
                 "the labels are one-hot rows of %lld: use the loss for them, "
                 "'categorical_crossentropy'",
                 (long long)kt_dim(&k->y, -1)));
}

static void binary(const kt_look *k, const kt_remedy *r)
{
    kt_shape y = k->y, out = k->out;

    if (!at_loss(k) || out.rank < 1 || k->loss == KT_LOSS_BINARY || k->loss == KT_LOSS_OTHER ||
        k->loss == KT_LOSS_NONE || !k->yf->zero_one)
        return;
    if (y.rank == out.rank - 1)
        y = kt_put_axis(&y, y.rank, 1);
    if (!kt_shape_fits(&y, &out))
        return;
    bool one = kt_dim(&out, -1) == 1, several = !k->yf->one_hot && kt_dim(&out, -1) > 1;
    if (one || several)
        offer(k, r, "binary_crossentropy", "labels_vs_loss", one ? KT_G_CERTAIN : KT_G_STRONG,
              one ? "0 and 1 for one unit: use the loss for two classes, 'binary_crossentropy'"
                  : "several classes at once: use 'binary_crossentropy'");
}

static void regression(const kt_look *k, const kt_remedy *r)
{
    if (!at_loss(k) || k->loss == KT_LOSS_OTHER || k->loss == KT_LOSS_NONE || k->yf->whole ||
        k->yf->shares || kt_dim(&k->out, -1) > 1)
        return;
    offer(k, r, "mse", "labels_vs_loss", KT_G_STRONG,
          "the targets are no classes but real numbers: use a loss of regression, 'mse'");
}

/* --- metrics ---------------------------------------------------------------------------------- */

/* The list of metrics without number i. */
static kt_value *without(const kt_look *k, const kt_value *list, size_t i)
{
    kt_value *v = kt_value_new(&k->s->p->arena, KT_LIST);

    for (size_t j = 0; v && j < list->n; j++)
        if (j != i)
            kt_value_add(&k->s->p->arena, v, NULL, list->items[j]);
    return v && v->n ? v : kt_value_new(&k->s->p->arena, KT_NONE);
}

static void drop_metric(const kt_look *k, const kt_remedy *r)
{
    const kt_value *list = kt_scene_compiled(k->s, "metrics");

    if (k->end.stage != KT_AT_METRIC || !kt_value_is_seq(list))
        return;
    for (size_t i = 0; i < list->n; i++) {
        kt_scene       *s = kt_draft(k);
        const char     *name = NULL;
        const kt_value *args;
        if (!kt_object_parts(list->items[i], &name, &args))
            continue;
        bool ok = s && kt_scene_compile(s, "metrics", without(k, list, i));
        kt_note(s, r->kind, "metric_shape", KT_G_STRONG, NULL, NULL,
                "take the metric %s out: it can not take this target", name);
        kt_offer(k, s, ok);
    }
}

#define OTHER_LOSS "the model then learns another thing"

const kt_remedy kt_remedies_loss[] = {
    {"loss_sparse_categorical", "loss", NULL, sparse},
    {"loss_categorical", "loss", NULL, categorical},
    {"loss_binary", "loss", NULL, binary},
    {"loss_regression", "loss", OTHER_LOSS, regression},
    {"drop_metric", "metric", NULL, drop_metric},
    {NULL, NULL, NULL, NULL},
};
