/* products.c - matrix products, and what is made of them. */
#include "nn/shared/einsum.h"
#include "nn/tracing/operation.h"
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
    kt_operand  x[KT_MAX_IO];
    kt_node    *in[KT_MAX_IO];
    int         n = c->args && c->args->n < KT_MAX_IO ? (int)c->args->n : 0;
    const char *subscripts = ((const sum_of_products *)self->config)->subscripts;

    if (!subscripts) {
        c->out[0] = kt_call_fail(self, c, KT_E_ATTRIBUTE,
                                 "'NoneType' object has no attribute 'split'");
        return;
    }
    for (int i = 0; i < n; i++)
        x[i] = kt_operand_at(self, c, c->args->items[i]);
    kt_dtype dtype = n > 0 ? kt_result_dtype(x, n, KT_STRONG) : KT_F32;
    for (int i = 0; i < n; i++)
        in[i] = kt_as(c, x[i], dtype);
    c->out[0] = kt_einsum(c, subscripts, n, in);
}

#define ROWS(F)                                                   \
    F(Matmul, numpy, &kt_no_config, "x1 x2", matmul, 0)           \
    F(Dot, numpy, &kt_no_config, "x1 x2", dot, 2)                 \
    F(Inner, numpy, &kt_no_config, "x1 x2", dot, 1)               \
    F(Outer, numpy, &kt_no_config, "x1 x2", outer, 0)             \
    F(Vdot, numpy, &kt_no_config, "x1 x2", vdot, 0)               \
    F(Tensordot, numpy, &contraction_type, "x1 x2", tensordot, 0) \
    F(Einsum, numpy, &sum_of_products_type, "", einsum, 0)
KT_OPERATIONS(products, ROWS);
