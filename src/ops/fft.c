/* fft.c - the discrete Fourier transform of the last axis, not divided by its length. Inputs and
 * results are real and imaginary parts. A length with a large prime factor p costs p operations an
 * element. */
#include "ops/shared.h"

#include <math.h>

static kt_status shape(kt_op_call *c)
{
    if (c->in[0]->shape.rank < 1 || !kt_shape_fits(&c->in[0]->shape, &c->in[1]->shape))
        return kt_op_fail(c, 1, -1, KT_NO_FACT, KT_NO_FACT,
                          "The real and imaginary parts must have one shape, not %s and %s",
                          kt__shape_text(c->g, &c->in[0]->shape),
                          kt__shape_text(c->g, &c->in[1]->shape));
    kt_like(c, 0, 0);
    kt_like(c, 1, 0);
    c->n_out = 2;
    return KT_OK;
}

typedef struct number {
    double re, im;
} number;

/* One transform: unit[j] = exp(sign 2 pi i j / n), the result, and room for a factor's worth. */
typedef struct transform {
    int64_t       n;
    const double *re, *im;
    number       *unit, *y, *part;
} transform;

static number times(number a, number b)
{
    return (number){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static int64_t least_factor(int64_t n)
{
    for (int64_t p = 2; p * p <= n; p++)
        if (n % p == 0)
            return p;
    return n;
}

/* p transforms of m elements, one after another in y, become one of p m: Cooley and Tukey. */
static void combine(const transform *t, number *y, int64_t p, int64_t m)
{
    int64_t step = t->n / (p * m);

    for (int64_t k = 0; k < m; k++) {
        for (int64_t r = 0; r < p; r++)
            t->part[r] = times(y[r * m + k], t->unit[r * k * step]);
        for (int64_t q = 0; q < p; q++) {
            number sum = {0, 0};

            for (int64_t r = 0, at = 0; r < p; r++) {
                number x = times(t->part[r], t->unit[at * (t->n / p)]);
                sum.re += x.re;
                sum.im += x.im;
                at = at + q < p ? at + q : at + q - p;
            }
            y[q * m + k] = sum;
        }
    }
}

/* As deep as n has factors. */
static void compute(const transform *t, number *y, int64_t n, int64_t from, int64_t stride)
{
    if (n == 1) {
        *y = (number){t->re[from], t->im[from]};
        return;
    }
    int64_t p = least_factor(n), m = n / p;

    for (int64_t r = 0; r < p; r++)
        compute(t, y + r * m, m, from + r * stride, stride * p);
    combine(t, y, p, m);
}

static size_t scratch(const kt_run *r)
{
    return 3 * sizeof(number) * (size_t)kt_dim(&r->in[0].shape, -1);
}

static void reference(const kt_run *r)
{
    const kt_axis_attr *a = r->attr; /* flag: backwards */
    transform           t = {.n = kt_dim(&r->in[0].shape, -1), .unit = r->scratch};
    double              turn = (a->flag ? 2 : -2) * 3.14159265358979323846;

    t.y = t.unit + t.n;
    t.part = t.y + t.n;
    for (int64_t j = 0; j < t.n; j++) {
        double angle = turn * (double)j / (double)t.n;
        t.unit[j] = (number){cos(angle), sin(angle)};
    }
    for (int64_t at = 0; at < r->in[0].count; at += t.n) {
        t.re = r->in[0].f64 + at;
        t.im = r->in[1].f64 + at;
        compute(&t, t.y, t.n, 0, 1);
        for (int64_t j = 0; j < t.n; j++) {
            r->out[0].f64[at + j] = t.y[j].re;
            r->out[1].f64[at + j] = t.y[j].im;
        }
    }
}

/* The transform the other way. */
static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_axis_attr *a = y->attr;
    kt_node            *zero = kt_mul_scalar(g, dy[0] ? dy[0] : dy[1], 0);

    dx[0] = kt_fft(g, dy[0] ? dy[0] : zero, dy[1] ? dy[1] : zero, !a->flag);
    dx[1] = kt_part(dx[0], 1);
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t  m = s->size(s, 1, 4), n = s->size(s, 1, 18);
    kt_shape x = variant == 2 ? KT_SHAPE(m, 0) : variant == 1 ? KT_SHAPE(12) : KT_SHAPE(m, n);

    if (variant > 2)
        return NULL;
    return kt_part(kt_fft(s->g, s->real(s, x, -1, 1), s->real(s, x, -1, 1), variant == 1),
                   variant == 1);
}

static const kt_op_type type = {
    .name = "fft",
    .min_in = 2,
    .max_in = 2,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .scratch = scratch,
    .sample = sample,
};

kt_node *kt_fft(kt_graph *g, kt_node *re, kt_node *im, bool inverse)
{
    kt_axis_attr a = {.axis = -1, .flag = inverse};

    return kt_emit(g, &type, &a, sizeof a, 2, (kt_node *[]){re, im});
}

const kt_op_type *const kt_ops_fft[] = {&type, NULL};
