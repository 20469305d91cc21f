/* diagonals.c - operations on diagonals and triangles of matrices. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#define DIAGONAL(F, T)                                                           \
    F(T, INT, offset, "0", "", "How far above the diagonal; below 0: below it.") \
    F(T, INT, axis1, "0", "met: range(x)", "The rows.")                          \
    F(T, INT, axis2, "1", "met: range(x)", "The columns.")
KT_CONFIG_OF(diagonals, DIAGONAL);

/* x with two axes last and taken together, at the places of diagonal k. */
static kt_node *diagonal_of(kt_layer *self, kt_call *c, kt_node *x, int64_t k, int a, int b)
{
    int perm[KT_MAX_RANK], n = 0;

    if (a < 0 || b < 0 || a == b)
        return kt_call_fail(self, c, KT_E_VALUE,
                            "`x` must be at least 2-dimensional. Received: x.shape=%s",
                            kt_shape_text(&c->g->arena, &x->shape));
    int64_t rows = x->shape.dim[a], columns = x->shape.dim[b];
    for (int i = 0; i < x->shape.rank; i++)
        if (i != a && i != b)
            perm[n++] = i;
    perm[n] = a;
    perm[n + 1] = b;
    x = kt_transpose(c->g, x, perm);
    if (rows == KT_UNKNOWN || columns == KT_UNKNOWN) {
        kt_shape shape = x->shape;
        shape.dim[--shape.rank - 1] = KT_UNKNOWN;
        return kt_unsized(c, x->dtype, shape);
    }
    int64_t down = k < 0 ? rows + k : rows, right = k < 0 ? columns : columns - k;
    int64_t size = down < right ? down : right;
    return kt_gather(c->g, kt_flatten_from(c->g, x, n),
                     kt_series(c->g, size > 0 ? size : 0, k < 0 ? -k * columns : k, columns + 1),
                     n);
}

static kt_node *configured(kt_layer *self, kt_call *c)
{
    const diagonals *cfg = self->config;
    kt_node         *x = kt_tensor_of(self, c, 0);

    return diagonal_of(self, c, x, cfg->offset, kt_axis(&x->shape, cfg->axis1),
                       kt_axis(&x->shape, cfg->axis2));
}

static void diagonal(kt_layer *self, kt_call *c)
{
    c->out[0] = configured(self, c);
}

static void trace(kt_layer *self, kt_call *c)
{
    kt_node *x = configured(self, c);

    c->out[0] = kt_reduce_last(c->g, KT_RE_SUM, kt_cast(c->g, x, kt_sum_dtype(x->dtype)));
}

#define WHICH(F, T) F(T, INT, k, "0", "", "How far above the diagonal; below 0: below it.")
KT_CONFIG_OF(which, WHICH);

/* The matrix of which x [n] is diagonal k, zeros elsewhere. */
static kt_node *matrix_of(kt_call *c, kt_node *x, int64_t k)
{
    int64_t     n = x->shape.dim[0], size = n + (k < 0 ? -k : k);
    kt_pad_attr pad = {.before = {k < 0 ? -k : 0}, .after = {k < 0 ? 0 : k}};

    if (n == KT_UNKNOWN)
        return kt_unsized(c, x->dtype, KT_SHAPE(KT_UNKNOWN, KT_UNKNOWN));
    kt_node *rows = kt_expand_dims(c->g, kt_series(c->g, size, k, 1), 1);
    kt_node *on = kt_binary(c->g, KT_BI_EQUAL, kt_series(c->g, size, 0, 1), rows);

    return kt_where(c->g, on, kt_expand_dims(c->g, kt_pad(c->g, x, &pad), 1), 0);
}

static void diag(kt_layer *self, kt_call *c)
{
    int64_t  k = ((const which *)self->config)->k;
    kt_node *x = kt_tensor_of(self, c, 0);

    if (x->shape.rank == 1)
        c->out[0] = matrix_of(c, x, k);
    else if (x->shape.rank == 2)
        c->out[0] = diagonal_of(self, c, x, k, 0, 1);
    else
        c->out[0] = kt_call_fail(self, c, KT_E_VALUE, "`x` must be 1d or 2d. Received: x.shape=%s",
                                 kt_shape_text(&c->g->arena, &x->shape));
}

static void diagflat(kt_layer *self, kt_call *c)
{
    c->out[0] = matrix_of(c, kt_flat(c->g, kt_tensor_of(self, c, 0)),
                          ((const which *)self->config)->k);
}

#define TRIANGLE(F, T) F(T, INT, k, "0", "kept", "The diagonal that is kept as the last.")
KT_CONFIG_OF(triangle, TRIANGLE);

/* variant 0: what is not above diagonal k, else what is not below it. */
static void triangular(kt_layer *self, kt_call *c)
{
    int64_t  k = ((const triangle *)self->config)->k;
    kt_node *x = kt_tensor_of(self, c, 0);
    int64_t  rows = kt_dim(&x->shape, -2), columns = kt_dim(&x->shape, -1);

    if (kt_is_poison(c->g, x) || rows == KT_UNKNOWN || columns == KT_UNKNOWN) {
        c->out[0] = x;
        return;
    }
    kt_node *i = kt_expand_dims(c->g, kt_series(c->g, rows, k, 1), 1);
    kt_node *keep = kt_binary(c->g, self->type->variant ? KT_BI_GREATER_EQUAL : KT_BI_LESS_EQUAL,
                              kt_series(c->g, columns, 0, 1), i);
    c->out[0] = kt_select(c->g, keep, x, kt_scalar_as(c->g, 0, x->dtype));
}

/* --- as Keras infers it --- */

static int infer_diagonal(kt_layer *self, kt_call *c, kt_result *out)
{
    const diagonals *cfg = self->config;
    kt_shape         s;

    (void)out;
    kt_argument_shapes(self, c, 1, &s);
    if (s.rank < 2)
        return kt_refuses(self, c,
                          "`diagonal` requires an array of at least two dimensions, but `x` is of "
                          "shape %s.",
                          kt_shape_text(&c->g->arena, &s));
    if (kt_axis(&s, cfg->axis1) < 0 || kt_axis(&s, cfg->axis2) < 0)
        kt_no_index(self, c, "list");
    return 0;
}

static int infer_trace(kt_layer *self, kt_call *c, kt_result *out)
{
    const diagonals *cfg = self->config;
    kt_shape         s;

    (void)out;
    kt_argument_shapes(self, c, 1, &s);
    int a = kt_canonical_axis(c, cfg->axis1, s.rank);
    int b = a < 0 ? a : kt_canonical_axis(c, cfg->axis2, s.rank);
    if (a >= 0 && a == b)
        kt_refuses(self, c,
                   "`axis1` and `axis2` must be different. Received: axis1=%lld, axis2=%lld",
                   (long long)cfg->axis1, (long long)cfg->axis2);
    return 0;
}

static int infer_diag(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    (void)out;
    kt_argument_shapes(self, c, 1, &s);
    if (s.rank != 1 && s.rank != 2)
        kt_refuses(self, c, "`x` must be 1-D or 2-D, but received shape %s.",
                   kt_shape_text(&c->g->arena, &s));
    return 0;
}

#define ROWS(F)                                                                    \
    F(Diagonal, numpy, &diagonals_type, "x", diagonal, 0, .infer = infer_diagonal) \
    F(Trace, numpy, &diagonals_type, "x", trace, 0, .infer = infer_trace)          \
    F(Diag, numpy, &which_type, "x", diag, 0, .infer = infer_diag)                 \
    F(Diagflat, numpy, &which_type, "x", diagflat, 0)                              \
    F(Tril, numpy, &triangle_type, "x", triangular, 0)                             \
    F(Triu, numpy, &triangle_type, "x", triangular, 1)
KT_OPERATIONS(diagonals, ROWS);
