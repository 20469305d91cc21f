/* unary.c - y = f(x) for every row of KT_UNARY_LIST, and its gradient dx = dy * f'(x). */
#include "ops/shared.h"

#include <math.h>

static double value(kt_unary_attr f, double x)
{
    const double a = f.a, b = f.b;

    (void)a, (void)b;
    switch (f.fn) {
#define CASE(name, value, slope, from) \
    case KT_UN_##name: return value;
        KT_UNARY_LIST(CASE)
#undef CASE
    default: return x;
    }
}

static double slope(kt_unary_attr f, double x, double y)
{
    const double a = f.a, b = f.b;

    (void)a, (void)b;
    switch (f.fn) {
#define CASE(name, value, slope, from) \
    case KT_UN_##name: return slope;
        KT_UNARY_LIST(CASE)
#undef CASE
    default: return 1;
    }
}

double kt_unary_value(kt_unary_attr f, double x)
{
    return value(f, x);
}

double kt_unary_slope(kt_unary_attr f, double x, double y)
{
    return slope(f, x, y);
}

bool kt__slope_in_x(kt_unary_fn fn)
{
    enum { X = true, Y = false };
    static const bool in_x[] = {
#define ROW(name, value, slope, from) from,
        KT_UNARY_LIST(ROW)
#undef ROW
    };
    return fn != KT_UN_IDENTITY && in_x[fn];
}

static bool is_test(kt_unary_fn fn)
{
    return fn >= KT_UN_NOT && fn < KT_UN_COUNT;
}

/* Flat almost everywhere: nothing flows back. */
static bool is_flat(kt_unary_fn fn)
{
    return is_test(fn) || fn == KT_UN_SIGN || fn == KT_UN_FLOOR || fn == KT_UN_CEIL ||
           fn == KT_UN_ROUND || fn == KT_UN_TRUNC;
}

/* Functions that map integers to integers. */
static bool keeps_integers(kt_unary_fn fn)
{
    return is_flat(fn) || fn == KT_UN_NEG || fn == KT_UN_ABS || fn == KT_UN_SQUARE ||
           fn == KT_UN_RELU || fn == KT_UN_CLIP;
}

static kt_status unary_shape(kt_op_call *c)
{
    const kt_unary_attr *f = c->attr;

    kt_like(c, 0, 0);
    if (is_test(f->fn))
        c->out[0].dtype = KT_BOOLEAN;
    return KT_OK;
}

static void unary_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_unary_attr *f = y->attr;

    if (!is_flat(f->fn))
        dx[0] = kt_unary_grad(g, *f, y->in[0], y, dy[0]);
}

static void unary_reference(const kt_run *r)
{
    const kt_unary_attr *f = r->attr;

    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = value(*f, r->in[0].f64[i]);
}

static bool is_of_positive(kt_unary_fn fn)
{
    return fn == KT_UN_SQRT || fn == KT_UN_RSQRT || fn == KT_UN_LOG || fn == KT_UN_LOG2 ||
           fn == KT_UN_LOG10;
}

static bool is_within_one(kt_unary_fn fn)
{
    return fn == KT_UN_ASIN || fn == KT_UN_ACOS || fn == KT_UN_ATANH || fn == KT_UN_ERFINV;
}

/* Three ranges for each function, without kinks: [0.3, 0.9], [-0.9, -0.3], [3.2, 5]. */
static kt_node *sample_input(kt_sampler *s, int variant, kt_unary_attr *f)
{
    static const double lo[] = {0.3, -0.9, 3.2}, hi[] = {0.9, -0.3, 5};
    kt_shape            shape = KT_SHAPE(s->size(s, 1, 5), s->size(s, 1, 9));
    int                 range = variant % 3;

    if (variant >= 3 * KT_UN_COUNT)
        return NULL;
    *f = (kt_unary_attr){(kt_unary_fn)(variant / 3), -1.0, 0.2};
    if (f->fn == KT_UN_NOT)
        return s->integer(s, shape, 0, 2);
    if (range == 1 && is_of_positive(f->fn))
        range = 0;
    if (range == 2 && is_within_one(f->fn))
        range = 1;
    if (f->fn == KT_UN_ACOSH)
        range = 2;
    return s->real(s, range == 2 ? KT_SHAPE(s->size(s, 1, 40)) : shape, lo[range], hi[range]);
}

static kt_node *unary_sample(kt_sampler *s, int variant)
{
    kt_unary_attr f;
    kt_node      *x = sample_input(s, variant, &f);

    return x ? kt_unary_with(s->g, f, x) : NULL;
}

const kt_op_type kt_op_unary = {
    .name = "unary",
    .min_in = 1,
    .max_in = 1,
    .flags = KT_OP_POINT,
    .shape = unary_shape,
    .gradient = unary_gradient,
    .reference = unary_reference,
    .sample = unary_sample,
};

kt_node *kt_unary_with(kt_graph *g, kt_unary_attr attr, kt_node *x)
{
    if (attr.fn == KT_UN_IDENTITY)
        return x;
    if (!kt_dtype_is_float(x->dtype) && !keeps_integers(attr.fn))
        x = kt_cast(g, x, g->floatx);
    return kt_emit(g, &kt_op_unary, &attr, sizeof attr, 1, &x);
}

kt_node *kt_unary(kt_graph *g, kt_unary_fn fn, kt_node *x)
{
    return kt_unary_with(g, (kt_unary_attr){.fn = fn}, x);
}

/* --- gradient: inputs v (x or y, as the slope needs) and dy --- */

static void grad_reference(const kt_run *r)
{
    const kt_unary_attr *f = r->attr;
    const double        *v = r->in[0].f64, *dy = r->in[1].f64;

    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = dy[i] * slope(*f, v[i], v[i]);
}

static kt_node *grad_sample(kt_sampler *s, int variant)
{
    kt_unary_attr f;
    kt_node      *x = sample_input(s, variant, &f);

    if (!x)
        return NULL;
    if (!kt_dtype_is_float(x->dtype))
        x = kt_cast(s->g, x, s->g->floatx);
    return kt_unary_grad(s->g, f, x, x, s->real(s, x->shape, -1, 1));
}

const kt_op_type kt_op_unary_grad = {
    .name = "unary_grad",
    .min_in = 2,
    .max_in = 2,
    .flags = KT_OP_POINT,
    .shape = kt__same_shape,
    .reference = grad_reference,
    .sample = grad_sample,
};

kt_node *kt_unary_grad(kt_graph *g, kt_unary_attr attr, kt_node *x, kt_node *y, kt_node *dy)
{
    return kt_emit(g, &kt_op_unary_grad, &attr, sizeof attr, 2,
                   (kt_node *[]){kt__slope_in_x(attr.fn) ? x : y, dy});
}

const kt_op_type *const kt_ops_unary[] = {&kt_op_unary, &kt_op_unary_grad, NULL};
