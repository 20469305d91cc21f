/* rank.c - the order of remedies: one table of reasons with weights, printed by --why. */
#include "doctor/doctor.h"

static const kt_reason grades[] = {
    [KT_G_SHOT] = {"a way to stop the error; the data do not speak for it", 0},
    [KT_G_LIKELY] = {"the numbers of data and model allow it", 20},
    [KT_G_STRONG] = {"the numbers of data and model speak for it", 40},
    [KT_G_CERTAIN] = {"the numbers of data and model say exactly this", 60},
};

static const kt_reason table[KT_WHY_COUNT] = {
    [KT_WHY_TRAINED] = {"the model is trained: another model would lose what it learned", -70},
    [KT_WHY_CALL] = {"the call only uses the model: the data should be brought to it", -40},
    [KT_WHY_EACH_TIME] = {"the data must be changed so before each predict too", -10},
    [KT_WHY_COMPILED] = {"the model was made with its loss: the targets should be brought to it",
                         -5},
    [KT_WHY_MEANING] = {"it changes what the model says", -15},
};

static const kt_reason more_edits = {"one more edit", -14};

static void add(const kt_reason *r, int *score, kt_reason *out, int max, int *n)
{
    *score += r->weight;
    if (out && *n < max)
        out[(*n)++] = *r;
}

int kt_rank(const kt_scene *s, kt_reason *reasons, int max, int *n)
{
    int score = 0, none = 0;

    n = n ? n : &none;
    add(&grades[s->why & KT_WHY_GRADE], &score, reasons, max, n);
    for (int i = 0; i < KT_WHY_COUNT; i++)
        if (s->why & KT_WHY(i))
            add(&table[i], &score, reasons, max, n);
    for (int i = 1; i < s->n_edits; i++)
        add(&more_edits, &score, reasons, max, n);
    return score;
}
