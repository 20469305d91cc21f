/* labels.c - remedies that bring labels into the form that the loss wants. */
#include "doctor/remedy.h"

/* Whole numbers, one for each place that has k outputs. */
static bool is_class_numbers(const kt_look *k)
{
    kt_shape y = k->y, out = k->out;

    if (!k->targets || !k->yf->known || !k->yf->whole || out.rank < 1 || kt_dim(&out, -1) < 2)
        return false;
    if (y.rank == out.rank && kt_dim(&y, -1) == 1)
        y.rank--;
    out.rank--;
    return y.rank == out.rank && kt_shape_fits(&y, &out);
}

static void one_hot(const kt_look *k, const kt_remedy *r)
{
    if (k->end.stage < KT_AT_LOSS || !is_class_numbers(k) || k->yf->one_hot || k->yf->min < 0 ||
        k->loss == KT_LOSS_SPARSE || k->loss == KT_LOSS_NONE)
        return;
    int64_t   units = kt_dim(&k->out, -1), top = (int64_t)k->yf->max;
    kt_change c = {.kind = KT_CH_ONE_HOT, .size = top < units ? units : top + 1};
    kt_grade  grade = k->loss == KT_LOSS_CATEGORICAL ? KT_G_CERTAIN
                    : k->loss == KT_LOSS_BINARY      ? KT_G_STRONG
                                                     : KT_G_LIKELY;
    kt_offer_target(k, r, &c, "labels_vs_loss", grade,
                    kt_say(k, "y = keras.utils.to_categorical(y, %lld)", (long long)c.size),
                    kt_say(k, "make one-hot rows of %lld of the labels %lld..%lld",
                           (long long)c.size, (long long)k->yf->min, (long long)top));
}

static void argmax(const kt_look *k, const kt_remedy *r)
{
    kt_change c = {.kind = KT_CH_ARGMAX};

    if (!k->targets || !k->yf->one_hot || k->y.rank < 1)
        return;
    if (k->loss == KT_LOSS_SPARSE)
        kt_offer_target(k, r, &c, "labels_vs_loss", KT_G_STRONG, "y = np.argmax(y, axis=-1)",
                        "make class numbers of the one-hot rows, which this loss wants");
    else if (k->loss == KT_LOSS_BINARY && kt_dim(&k->y, -1) == 2 && kt_dim(&k->out, -1) == 1)
        kt_offer_target(k, r, &c, "labels_vs_loss", KT_G_STRONG, "y = np.argmax(y, axis=-1)",
                        "make 0 and 1 of the one-hot pairs: one unit says both");
}

static void from_zero(const kt_look *k, const kt_remedy *r)
{
    int64_t   units = kt_dim(&k->out, -1), low = (int64_t)k->yf->min, top = (int64_t)k->yf->max;
    kt_change c = {.kind = KT_CH_ADD, .number = -k->yf->min};

    if (!k->targets || !k->yf->known || !k->yf->whole || low == 0 || k->loss != KT_LOSS_SPARSE ||
        k->end.stage != KT_AT_LABELS)
        return;
    bool exact = top - low + 1 == units;
    kt_offer_target(k, r, &c, "label_range", exact ? KT_G_CERTAIN : KT_G_STRONG,
                    kt_say(k, "y = y - %lld", (long long)low),
                    kt_say(k, "count the classes from 0: labels %lld..%lld become 0..%lld",
                           (long long)low, (long long)top, (long long)(top - low)));
}

const kt_remedy kt_remedies_labels[] = {
    {"labels_from_zero", "y", NULL, from_zero},
    {"one_hot_labels", "y", NULL, one_hot},
    {"argmax_labels", "y", NULL, argmax},
    {NULL, NULL, NULL, NULL},
};
