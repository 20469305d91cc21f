/* form.c - what the numbers of an array look like: range, whole numbers, one-hot rows, classes. */
#include <math.h>

#include "doctor/doctor.h"

enum { MOST_CLASSES = 4096, MOST_NUMBERS = 1 << 18 };

typedef struct look {
    kt_form f;
    bool    one_hot, shares;
    double  sum;
    int     ones;
} look;

static void end_row(look *l)
{
    l->one_hot = l->one_hot && l->ones == 1;
    l->shares = l->shares && fabs(l->sum - 1) < 1e-3;
    l->f.crowded = l->f.crowded || l->sum > 1.01;
    l->sum = 0;
    l->ones = 0;
}

static void add(look *l, double v)
{
    kt_form *f = &l->f;

    f->min = v < f->min ? v : f->min;
    f->max = v > f->max ? v : f->max;
    f->whole = f->whole && v == floor(v);
    f->zero_one = f->zero_one && (v == 0 || v == 1);
    l->sum += v;
    l->ones += v == 1;
}

/* Distinct whole numbers between min and max, where the span is small. */
static int64_t count_classes(const kt_tensor *t, const kt_form *f)
{
    bool    seen[MOST_CLASSES] = {false};
    int64_t n = 0;

    if (!f->whole || f->max - f->min >= MOST_CLASSES)
        return 0;
    for (int64_t i = 0; i < t->count; i++) {
        int64_t at = (int64_t)(kt_tensor_get(t, i) - f->min);
        if (at >= 0 && at < MOST_CLASSES && !seen[at]) {
            seen[at] = true;
            n++;
        }
    }
    return n;
}

kt_form kt_form_of(const kt_tensor *t, int64_t most)
{
    int64_t width = t->shape.rank > 1 ? kt_dim(&t->shape, -1) : 1;
    look    l = {.f = {.known = true, .whole = true, .zero_one = true}};

    if (t->count == 0 || !t->data)
        return (kt_form){.known = false};
    l.one_hot = l.shares = width > 1;
    l.f.min = l.f.max = kt_tensor_get(t, 0);
    int64_t n = t->count < most || most <= 0 ? t->count : most;
    for (int64_t i = 0; i < n; i++) {
        add(&l, kt_tensor_get(t, i));
        if (width > 1 && i % width == width - 1)
            end_row(&l);
        if (i > MOST_NUMBERS && !l.f.whole)
            break;
    }
    l.f.one_hot = l.one_hot && l.f.zero_one;
    l.f.shares = l.shares && l.f.min >= 0;
    l.f.classes = n == t->count ? count_classes(t, &l.f) : 0;
    return l.f;
}
