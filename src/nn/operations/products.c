/* products.c - matrix products, and what is made of them. */
#include "nn/einsum.h"
#include "nn/operation.h"
#include "ops/ops.h"

typedef struct pair {
    kt_node *x, *z;
} pair;

static pair operands(kt_layer *self, kt_call *c)
{
    kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_dtype   dtype = x[0].node && x[1].node ? kt_result_dtype(x, 2, KT_STRONG) : KT_F32;

    return (pair){kt_as(c, x[0], dtype), kt_as(c, x[1], dtype)};
}

/* A vector is a row before a matrix, and a column behind one. */
static void matmul(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    pair      p = operands(self, c);
    bool      row = p.x->shape.rank == 1, column = p.z->shape.rank == 1;
    kt_node  *y = kt_matmul(g, row ? kt_expand_dims(g, p.x, 0) : p.x,
                           column ? kt_expand_dims(g, p.z, 1) : p.z, false, false);

    y = column ? kt_squeeze(g, y, -1) : y;
    c->out[0] = row ? kt_squeeze(g, y, column ? -1 : -2) : y;
}

/* The terms of x and z as letters: a, b, c ... of x; those of z's axes[1] are x's of axes[0]. */
static void write_terms(kt_str *text, int rank_x, int rank_z, int n, const int *of_x,
                        const int *of_z)
{
    char z[KT_MAX_RANK];

    for (int i = 0; i < rank_z; i++) {
        z[i] = (char)('A' + i);
        for (int k = 0; k < n; k++)
            if (of_z[k] == i)
                z[i] = (char)('a' + of_x[k]);
    }
    for (int i = 0; i < rank_x; i++)
        kt_str_addc(text, (char)('a' + i));
    kt_str_addc(text, ',');
    for (int i = 0; i < rank_z; i++)
        kt_str_addc(text, z[i]);
    kt_str_add(text, "->");
    for (int i = 0; i < rank_x; i++) {
        bool summed = false;
        for (int k = 0; k < n; k++)
            summed = summed || of_x[k] == i;
        if (!summed)
            kt_str_addc(text, (char)('a' + i));
    }
    for (int i = 0; i < rank_z; i++)
        if (z[i] < 'a')
            kt_str_addc(text, z[i]);
}

static kt_node *tensor_product(kt_call *c, pair p, int n, const int *of_x, const int *of_z)
{
    kt_str text = {0};

    write_terms(&text, p.x->shape.rank, p.z->shape.rank, n, of_x, of_z);
    kt_node *y = kt_einsum(c, kt_str_text(&text), 2, (kt_node *[]){p.x, p.z});
    kt_str_free(&text);
    return y;
}

/* variant: the axis of x2 that goes with the last one of x1, from the end. */
static void dot(kt_layer *self, kt_call *c)
{
    pair p = operands(self, c);
    int  last = p.x->shape.rank - 1, rank = p.z->shape.rank;
    int  of_z = rank == 1 ? 0 : rank - self->type->variant;

    c->out[0] = last < 0 || rank == 0 ? kt_mul(c->g, p.x, p.z)
                                      : tensor_product(c, p, 1, &last, &of_z);
}

static void outer(kt_layer *self, kt_call *c)
{
    pair p = operands(self, c);

    c->out[0] = kt_mul(c->g, kt_reshape(c->g, p.x, KT_SHAPE(KT_UNKNOWN, 1)),
                       kt_reshape(c->g, p.z, KT_SHAPE(1, KT_UNKNOWN)));
}

static void vdot(kt_layer *self, kt_call *c)
{
    pair p = operands(self, c);

    c->out[0] = kt_sum_all(c->g, kt_mul(c->g, kt_reshape(c->g, p.x, KT_SHAPE(KT_UNKNOWN)),
                                        kt_reshape(c->g, p.z, KT_SHAPE(KT_UNKNOWN))));
}

#define TENSORDOT(F, T) \
    F(T, ANY, axes, "2", "", "How many last and first axes are summed, or which of each tensor.")
KT_CONFIG_OF(contraction, TENSORDOT);

/* An integer or a list of them as axes of s; returns how many, -1 where one is none. */
static int read_axes(const kt_value *v, const kt_shape *s, int *out)
{
    size_t n = kt_value_is_seq(v) ? v->n : 1;

    for (size_t i = 0; i < n; i++) {
        const kt_value *item = kt_value_is_seq(v) ? v->items[i] : v;
        out[i < KT_MAX_RANK ? i : 0] = kt_is_int(item) ? kt_axis(s, item->i) : -1;
        if (n > KT_MAX_RANK || out[i] < 0)
            return -1;
    }
    return (int)n;
}

static void tensordot(kt_layer *self, kt_call *c)
{
    const kt_value *axes = ((const contraction *)self->config)->axes;
    pair            p = operands(self, c);
    int             of_x[KT_MAX_RANK], of_z[KT_MAX_RANK], n = -1, m = -1;

    if (kt_is_int(axes) && axes->i >= 0 && axes->i <= p.x->shape.rank &&
        axes->i <= p.z->shape.rank) {
        n = m = (int)axes->i;
        for (int i = 0; i < n; i++) {
            of_x[i] = p.x->shape.rank - n + i;
            of_z[i] = i;
        }
    } else if (kt_value_is_seq(axes) && axes->n == 2) {
        n = read_axes(axes->items[0], &p.x->shape, of_x);
        m = read_axes(axes->items[1], &p.z->shape, of_z);
    }
    if (n < 0 || n != m) {
        c->out[0] = kt_call_fail(self, c, KT_E_VALUE, "Layer '%s': invalid axes", self->name);
        return;
    }
    c->out[0] = tensor_product(c, p, n, of_x, of_z);
}

#define EINSUM(F, T) F(T, STR, subscripts, REQUIRED, "", "The letters of the axes.")
KT_CONFIG_OF(sum_of_products, EINSUM);

static void einsum(kt_layer *self, kt_call *c)
{
    kt_operand x[KT_MAX_IO];
    kt_node   *in[KT_MAX_IO];
    int        n = c->args && c->args->n < KT_MAX_IO ? (int)c->args->n : 0;

    for (int i = 0; i < n; i++)
        x[i] = kt_operand_at(self, c, c->args->items[i]);
    kt_dtype dtype = n > 0 ? kt_result_dtype(x, n, KT_STRONG) : KT_F32;
    for (int i = 0; i < n; i++)
        in[i] = kt_as(c, x[i], dtype);
    c->out[0] = kt_einsum(c, ((const sum_of_products *)self->config)->subscripts, n, in);
}

/* --- diagonals --- */

#define DIAGONAL(F, T)                                                           \
    F(T, INT, offset, "0", "", "How far above the diagonal; below 0: below it.") \
    F(T, INT, axis1, "0", "", "The rows.")                                       \
    F(T, INT, axis2, "1", "", "The columns.")
KT_CONFIG_OF(diagonals, DIAGONAL);

/* The numbers begin, begin + step, ... as a constant. */
static kt_node *numbers(kt_graph *g, int64_t n, int64_t begin, int64_t step)
{
    kt_tensor *t = kt_tensor_new(KT_I64, KT_SHAPE(n));

    for (int64_t i = 0; t && i < n; i++)
        ((int64_t *)t->data)[i] = begin + i * step;
    if (!t)
        kt_raise_memory(g->fault);
    return t ? kt_constant(g, t) : g->poison;
}

/* x with the two axes last and taken together, at the places of the diagonal. */
static kt_node *diagonal_of(kt_layer *self, kt_call *c)
{
    const diagonals *cfg = self->config;
    kt_node         *x = kt_tensor_of(self, c, 0);
    int              a = kt_axis(&x->shape, cfg->axis1), b = kt_axis(&x->shape, cfg->axis2);
    int              perm[KT_MAX_RANK], n = 0;

    if (kt_is_poison(c->g, x))
        return x;
    if (a < 0 || b < 0 || a == b || x->shape.dim[a] == KT_UNKNOWN || x->shape.dim[b] == KT_UNKNOWN)
        return kt_call_fail(self, c, KT_E_VALUE,
                            "`x` must be at least 2-dimensional, and both axes of known size. "
                            "Received: x.shape=%s",
                            kt_shape_text(&c->g->arena, &x->shape));
    int64_t rows = x->shape.dim[a], columns = x->shape.dim[b], k = cfg->offset;
    int64_t down = k < 0 ? rows + k : rows, right = k < 0 ? columns : columns - k;
    int64_t size = down < right ? down : right;
    for (int i = 0; i < x->shape.rank; i++)
        if (i != a && i != b)
            perm[n++] = i;
    perm[n] = a;
    perm[n + 1] = b;
    x = kt_flatten_from(c->g, kt_transpose(c->g, x, perm), n);
    return kt_gather(c->g, x,
                     numbers(c->g, size > 0 ? size : 0, k < 0 ? -k * columns : k, columns + 1), n);
}

static void diagonal(kt_layer *self, kt_call *c)
{
    c->out[0] = diagonal_of(self, c);
}

static void trace(kt_layer *self, kt_call *c)
{
    c->out[0] = kt_reduce_last(c->g, KT_RE_SUM, diagonal_of(self, c));
}

#define TRIANGLE(F, T) F(T, INT, k, "0", "", "The diagonal that is kept as the last.")
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
    kt_node *i = kt_expand_dims(c->g, numbers(c->g, rows, k, 1), 1);
    kt_node *keep = kt_binary(c->g, self->type->variant ? KT_BI_GREATER_EQUAL : KT_BI_LESS_EQUAL,
                              numbers(c->g, columns, 0, 1), i);
    c->out[0] = kt_select(c->g, keep, x, kt_scalar_as(c->g, 0, x->dtype));
}

#define ROWS(F)                                                   \
    F(Matmul, numpy, &kt_no_config, "x1 x2", matmul, 0)           \
    F(Dot, numpy, &kt_no_config, "x1 x2", dot, 2)                 \
    F(Inner, numpy, &kt_no_config, "x1 x2", dot, 1)               \
    F(Outer, numpy, &kt_no_config, "x1 x2", outer, 0)             \
    F(Vdot, numpy, &kt_no_config, "x1 x2", vdot, 0)               \
    F(Tensordot, numpy, &contraction_type, "x1 x2", tensordot, 0) \
    F(Einsum, numpy, &sum_of_products_type, "", einsum, 0)        \
    F(Diagonal, numpy, &diagonals_type, "x", diagonal, 0)         \
    F(Trace, numpy, &diagonals_type, "x", trace, 0)               \
    F(Tril, numpy, &triangle_type, "x", triangular, 0)            \
    F(Triu, numpy, &triangle_type, "x", triangular, 1)
KT_OPERATIONS(products, ROWS);
