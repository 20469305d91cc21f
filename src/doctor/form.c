/* form.c - what the numbers of an array look like: range, whole numbers, one-hot rows. */
#include <math.h>

#include "doctor/doctor.h"

enum { BLOCK = 512, MOST_FRACTIONS = 1 << 18 };

typedef struct look {
    kt_form f;
    bool    one_hot, shares;
    double  sum; /* of the row so far */
    int64_t ones, at, width;
} look;

static void end_row(look *l)
{
    l->one_hot = l->one_hot && l->ones == 1;
    l->shares = l->shares && fabs(l->sum - 1) < 1e-3;
    l->f.crowded = l->f.crowded || l->sum > 1.01;
    l->sum = 0;
    l->ones = l->at = 0;
}

static void add_to_rows(look *l, const double *v, int n)
{
    for (int i = 0; i < n; i++) {
        l->sum += v[i];
        l->ones += v[i] == 1;
        if (++l->at == l->width)
            end_row(l);
    }
}

/* Without a branch in the loop, so that it costs little over millions of numbers. */
static void add(look *l, const double *v, int n)
{
    double lo = l->f.min, hi = l->f.max;
    int    fractions = 0, others = 0;

    for (int i = 0; i < n; i++) {
        lo = v[i] < lo ? v[i] : lo;
        hi = v[i] > hi ? v[i] : hi;
        fractions += v[i] != floor(v[i]);
        others += v[i] != 0 && v[i] != 1;
    }
    l->f.min = lo;
    l->f.max = hi;
    l->f.whole = l->f.whole && !fractions;
    l->f.zero_one = l->f.zero_one && !others;
    if (l->width > 1 && (l->one_hot || l->shares || !l->f.crowded))
        add_to_rows(l, v, n);
}

kt_form kt_form_of(const kt_tensor *t, int64_t most)
{
    look   l = {.f = {.known = true, .whole = true, .zero_one = true}};
    size_t size = kt_dtype_size(t->dtype);
    double block[BLOCK];

    if (t->count == 0 || !t->data)
        return (kt_form){.known = false};
    l.width = t->shape.rank > 1 ? kt_dim(&t->shape, -1) : 1;
    l.one_hot = l.shares = l.width > 1;
    l.f.min = l.f.max = kt_tensor_get(t, 0);
    int64_t n = t->count < most || most <= 0 ? t->count : most;
    for (int64_t i = 0; i < n && (i <= MOST_FRACTIONS || l.f.whole); i += BLOCK) {
        int here = n - i < BLOCK ? (int)(n - i) : BLOCK;
        kt_convert((const char *)t->data + (size_t)i * size, t->dtype, block, KT_F64, here);
        add(&l, block, here);
    }
    l.f.one_hot = l.one_hot && l.f.zero_one;
    l.f.shares = l.shares && l.f.min >= 0;
    return l.f;
}
