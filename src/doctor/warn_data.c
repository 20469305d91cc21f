/* warn_data.c - what training data should not be: never scaled, with columns that do not change.
 * Nothing that Keras would compute is wrong then, so only who is about to train is told. */
#include <math.h>

#include "doctor/remedy.h"
#include "doctor/report.h"

enum { LARGE = 100, LEAST_ROWS = 16, MOST_COLUMNS = 4096, SHOWN = 5 };

static void warn(kt_bed *b, const char *kind, const char *words)
{
    if (b->d.n_warnings < KT_MOST_WARNINGS)
        b->warning[b->d.n_warnings++] = (kt_warning_report){kind, words};
}

/* The first layer that has weights and meets the numbers as they are; -1: something else comes
 * first. */
static int meets_numbers(const kt_look *k)
{
    int at = kt_first_of(k);

    while (at >= 0 && at < k->v.n) {
        const kt_spot *s = &k->v.spot[at];
        if (s->role == KT_IS_DENSE || s->role == KT_IS_CONV || s->role == KT_IS_RECURRENT)
            return at;
        if (s->role != KT_IS_FLATTEN && s->role != KT_IS_RESHAPE && s->role != KT_IS_INPUT)
            return -1;
        int next = -1;
        for (int i = at + 1; i < k->v.n && next < 0; i++)
            if (k->v.spot[i].n_feed == 1 && k->v.spot[i].feed[0] == at)
                next = i;
        at = next;
    }
    return -1;
}

static void never_scaled(kt_bed *b, const kt_look *k)
{
    const kt_form *f = k->xf;
    int            at = k->s->n_x == 1 ? meets_numbers(k) : -1;
    double         most = fmax(fabs(f->min), fabs(f->max));

    if (at < 0 || !f->known || most < LARGE || f->zero_one)
        return;
    bool pixels = f->min >= 0 && f->max <= 255 && k->data.rank >= 2;
    warn(b, "never_scaled",
         kt_say(k,
                "x goes from %g to %g, and '%s' takes it as it is: networks learn badly from such "
                "numbers; %s",
                f->min, f->max, k->v.spot[at].name,
                pixels ? "x = x / 255, or Rescaling(1.0 / 255) as the first layer"
                       : "bring the columns to mean 0 and deviation 1, or put Normalization() "
                         "first"));
}

static bool changes(const kt_tensor *t, int64_t rows, int64_t columns, int64_t c)
{
    double first = kt_tensor_get(t, c);

    for (int64_t i = 1; i < rows; i++)
        if (kt_tensor_get(t, i * columns + c) != first)
            return true;
    return false;
}

static void constant_columns(kt_bed *b, const kt_look *k)
{
    const kt_tensor *t = k->s->n_x == 1 ? k->s->x[0].t : NULL;

    if (!t || !t->data || t->shape.rank != 2 || t->shape.dim[0] < LEAST_ROWS ||
        t->shape.dim[1] > MOST_COLUMNS || kt_first_is(k, KT_IS_EMBEDDING))
        return;
    int64_t rows = t->shape.dim[0], columns = t->shape.dim[1], n = 0;
    kt_str  text = {0};
    for (int64_t c = 0; c < columns; c++)
        if (!changes(t, rows, columns, c) && n++ < SHOWN)
            kt_str_printf(&text, "%s%lld", n > 1 ? ", " : "", (long long)c);
    if (n && n < columns && n * 4 <= columns + 3) /* pictures as rows have dark corners */
        warn(b, "constant_columns",
             kt_say(k, "%lld column%s of x never change%s (%s%s): nothing can be learned from %s",
                    (long long)n, n > 1 ? "s" : "", n > 1 ? "" : "s", kt_str_text(&text),
                    n > SHOWN ? ", ..." : "", n > 1 ? "them" : "it"));
    kt_str_free(&text);
}

void kt_warn_data(kt_bed *b, const kt_outcome *end)
{
    kt_look k = kt_look_at(&b->p.scene, end);

    never_scaled(b, &k);
    constant_columns(b, &k);
}
