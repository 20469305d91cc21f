/* norm.c - norms of vectors and matrices, as keras.ops.linalg.norm. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <math.h>

/* What is measured: real numbers, the axes, and how. */
typedef struct measure {
    kt_layer       *self;
    kt_call        *c;
    kt_graph       *g;
    kt_node        *x;
    const kt_value *ord;
    unsigned        axes;
    bool            keepdims;
} measure;

static kt_node *size_of(const measure *m)
{
    return kt_unary(m->g, KT_UN_ABS, m->x);
}

static kt_node *reduced(const measure *m, kt_reduce_fn fn, kt_node *x)
{
    return kt_reduce(m->g, fn, x, m->axes, m->keepdims);
}

/* The root of the sum of squares. */
static kt_node *euclidean(const measure *m)
{
    return kt_unary(m->g, KT_UN_SQRT, reduced(m, KT_RE_SUM, kt_unary(m->g, KT_UN_SQUARE, m->x)));
}

static kt_node *refused(const measure *m, const char *of)
{
    kt_str text = {0};

    kt_python_str(&text, m->ord);
    kt_call_fail(m->self, m->c, KT_E_VALUE, "Invalid `ord` argument for %s norm. Received: ord=%s",
                 of, kt_str_text(&text));
    kt_str_free(&text);
    return m->g->poison;
}

static kt_node *of_vectors(const measure *m)
{
    double p;

    if (!kt_value_number(m->ord, &p))
        return refused(m, "vector");
    if (p == 2)
        return euclidean(m);
    if (isinf(p))
        return reduced(m, p > 0 ? KT_RE_MAX : KT_RE_MIN, size_of(m));
    if (p == 0) {
        kt_node *some = kt_compare(m->g, KT_BI_NOT_EQUAL, m->x, 0);
        return reduced(m, KT_RE_SUM, kt_cast(m->g, some, m->x->dtype));
    }
    kt_node *power = kt_binary(m->g, KT_BI_POW, size_of(m), kt_scalar_as(m->g, p, m->x->dtype));
    return kt_binary(m->g, KT_BI_POW, reduced(m, KT_RE_SUM, power),
                     kt_scalar_as(m->g, 1 / p, m->x->dtype));
}

/* The largest or least of the sums along one axis. */
static kt_node *extreme_sum(const measure *m, int summed, int other, bool largest)
{
    kt_node *sums = kt_reduce(m->g, KT_RE_SUM, size_of(m), 1u << summed, true);
    kt_node *y = kt_reduce(m->g, largest ? KT_RE_MAX : KT_RE_MIN, sums, 1u << other, true);

    return m->keepdims ? y : kt_reduce(m->g, KT_RE_SUM, y, m->axes, false);
}

/* Of the singular values: their sum, the largest or the least. */
static kt_node *spectral(const measure *m, int rows, int columns, kt_reduce_fn fn)
{
    int perm[KT_MAX_RANK], n = 0;

    for (int i = 0; i < m->x->shape.rank; i++)
        if (i != rows && i != columns)
            perm[n++] = i;
    perm[n] = rows;
    perm[n + 1] = columns;
    kt_node *values = kt_svd(m->g, kt_transpose(m->g, m->x, perm), KT_SVD_VALUES);
    kt_node *y = kt_reduce_last(m->g, fn, values);
    for (int i = 0; i < m->x->shape.rank && m->keepdims; i++)
        y = m->axes >> i & 1 ? kt_expand_dims(m->g, y, i) : y;
    return y;
}

static kt_node *of_matrices(const measure *m, int rows, int columns)
{
    const char *name = kt_value_text(m->ord);
    double      p = 0;

    if (kt_streq(name, "fro"))
        return euclidean(m);
    if (kt_streq(name, "nuc"))
        return spectral(m, rows, columns, KT_RE_SUM);
    if (!kt_value_number(m->ord, &p) || !(fabs(p) == 1 || fabs(p) == 2 || isinf(p)))
        return refused(m, "matrix");
    if (fabs(p) == 2)
        return spectral(m, rows, columns, p > 0 ? KT_RE_MAX : KT_RE_MIN);
    return fabs(p) == 1 ? extreme_sum(m, rows, columns, p > 0)
                        : extreme_sum(m, columns, rows, p > 0);
}

kt_node *kt_norm(kt_layer *self, kt_call *c, kt_node *x, const kt_value *ord, const kt_ints *axis,
                 bool keepdims)
{
    measure m = {.self = self, .c = c, .g = c->g, .x = x, .ord = ord, .keepdims = keepdims};
    int     rank = x->shape.rank;
    bool    all = axis->n == 0;

    if (kt_is_poison(c->g, x) || !kt_axes_mask(c->g, &x->shape, axis, &m.axes))
        return c->g->poison;
    int n = all ? rank : axis->n;
    if (n != 1 && n != 2) {
        kt_str text = {0};
        for (int i = 0; i < n; i++)
            kt_str_printf(&text, "%s%lld", i ? ", " : "", (long long)(all ? i : axis->v[i]));
        kt_call_fail(self, c, KT_E_VALUE, "Invalid axis values. Received: axis=(%s)",
                     kt_str_text(&text));
        kt_str_free(&text);
        return c->g->poison;
    }
    if (kt_is_none(ord))
        return euclidean(&m);
    if (n == 1)
        return of_vectors(&m);
    return of_matrices(&m, all ? 0 : kt_axis(&x->shape, axis->v[0]),
                       all ? 1 : kt_axis(&x->shape, axis->v[1]));
}
