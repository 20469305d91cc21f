/* products.c - matrix products, and what is made of them. */
#include "nn/shared/einsum.h"
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <ctype.h>
#include <string.h>

typedef struct pair {
    kt_node *x, *z;
} pair;

static pair operands(kt_layer *self, kt_call *c)
{
    kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_dtype   dtype = kt_result_dtype(x, 2, KT_STRONG);

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
    if (text.failed)
        kt_raise_memory(c->g->fault);
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

/* --- as Keras infers it --- */

static int infer_matmul(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[2], both, one = KT_SHAPE(1);

    kt_argument_shapes(self, c, 2, s);
    if (s[0].rank == 0 || s[1].rank == 0)
        return kt_no_index(self, c, "tuple");
    bool row = s[0].rank == 1, column = s[1].rank == 1;
    s[0] = row ? kt_shape_concat(&one, &s[0]) : s[0];
    s[1] = column ? kt_shape_concat(&s[1], &one) : s[1];
    int64_t n = kt_dim(&s[0], -1), m = kt_dim(&s[1], -2);
    if (n != KT_UNKNOWN && m != KT_UNKNOWN && n != m)
        return kt_refuses(self, c,
                          "Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal, but "
                          "received `x1.shape=%s` and `x2.shape=%s`.",
                          kt_shape_text(&c->g->arena, &s[0]), kt_shape_text(&c->g->arena, &s[1]));
    n = kt_dim(&s[0], -2);
    m = kt_dim(&s[1], -1);
    s[0].rank -= 2;
    s[1].rank -= 2;
    if (!kt_infer_both(c, &s[0], &s[1], &both))
        return 0;
    if (!row)
        both.dim[both.rank++] = n;
    if (!column)
        both.dim[both.rank++] = m;
    return kt_infers(out, both);
}

static kt_shape without(const kt_shape *s, int axis)
{
    kt_shape before = kt_shape_slice(s, 0, axis), behind = kt_shape_slice(s, axis + 1, s->rank);

    return kt_shape_concat(&before, &behind);
}

static int infer_dot(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[2];

    kt_argument_shapes(self, c, 2, s);
    if (s[0].rank == 0 || s[1].rank == 0)
        return 0;
    bool    vector = s[1].rank == 1;
    int64_t n = kt_dim(&s[0], -1), m = kt_dim(&s[1], vector ? 0 : -2);
    if (vector && s[0].rank == 1)
        return kt_infers(out, KT_SCALAR_SHAPE);
    if (n != m && (vector || (n != KT_UNKNOWN && m != KT_UNKNOWN)))
        return kt_refuses(self, c,
                          vector
                              ? "Shape must match on the last axis of `x1` and `x2` when `x1` is "
                                "N-d array while `x2` is 1-D, but receive shape `x1.shape=%s` "
                                "and x2.shape=`%s`."
                              : "Shape must match on the last axis of `x1` and second last axis "
                                "of `x2` when `x1` is N-d array while `x2` is M-D, but received "
                                "`x1.shape=%s` and x2.shape=`%s`.",
                          kt_shape_text(&c->g->arena, &s[0]), kt_shape_text(&c->g->arena, &s[1]));
    s[0].rank--;
    s[1] = without(&s[1], vector ? 0 : s[1].rank - 2);
    return kt_infers(out, kt_shape_concat(&s[0], &s[1]));
}

static int infer_inner(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[2];

    kt_argument_shapes(self, c, 2, s);
    if (s[0].rank == 0 || s[1].rank == 0)
        return kt_infers(out, s[s[0].rank == 0]);
    int64_t n = kt_dim(&s[0], -1), m = kt_dim(&s[1], -1);
    if (n != KT_UNKNOWN && m != KT_UNKNOWN && n != m)
        return kt_refuses(
            self, c,
            "`inner` requires the last dimension of `x1` and `x2` to match. Received: "
            "x1.shape=%s, x2.shape=%s.",
            kt_shape_text(&c->g->arena, &s[0]), kt_shape_text(&c->g->arena, &s[1]));
    s[0].rank--;
    s[1].rank--;
    return kt_infers(out, kt_shape_concat(&s[0], &s[1]));
}

/* The sizes along the axes; s without them. False where one is not there. */
static bool selected(const kt_value *axes, kt_shape *s, kt_shape *sizes)
{
    int  at[KT_MAX_RANK], n = read_axes(axes, s, at);
    bool gone[KT_MAX_RANK] = {false};

    sizes->rank = n < 0 ? 0 : n;
    for (int i = 0; i < n; i++) {
        sizes->dim[i] = s->dim[at[i]];
        gone[at[i]] = true;
    }
    for (int i = s->rank; i-- > 0 && n >= 0;)
        *s = gone[i] ? without(s, i) : *s;
    return n >= 0;
}

static int infer_tensordot(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_value *axes = ((const contraction *)self->config)->axes;
    kt_shape        s[2], of[2];

    kt_argument_shapes(self, c, 2, s);
    if (kt_is_int(axes)) {
        int n = axes->i < 0 ? 0 : axes->i > KT_MAX_RANK ? KT_MAX_RANK : (int)axes->i;
        s[0] = kt_shape_slice(&s[0], 0, n > s[0].rank ? 0 : s[0].rank - n);
        s[1] = kt_shape_slice(&s[1], n > s[1].rank ? s[1].rank : n, s[1].rank);
        return kt_infers(out, kt_shape_concat(&s[0], &s[1]));
    }
    if (!kt_value_is_seq(axes) || axes->n != 2 || !kt_value_is_seq(axes->items[0]) ||
        !kt_value_is_seq(axes->items[1]))
        return 0;
    if (!selected(axes->items[0], &s[0], &of[0]) || !selected(axes->items[1], &s[1], &of[1]))
        return kt_no_index(self, c, "list");
    if (!kt_shapes_agree(&of[0], &of[1], -1))
        return kt_refuses(self, c,
                          "Shape mismatch on `x1[axes[0]]` and `x2[axes[1]]`, received %s and %s.",
                          kt_listed_shape(c->g, &of[0]), kt_listed_shape(c->g, &of[1]));
    return kt_infers(out, kt_shape_concat(&s[0], &s[1]));
}

/* What Keras' einsum makes of one tensor: its sizes at the letters of the result, 1 where it has
 * no such letter. False after a refusal, or where the letters are others than it knows. */
static bool expand(kt_layer *self, kt_call *c, const char *term, size_t length, const kt_shape *s,
                   const char *target, kt_shape *out)
{
    int64_t     size[128] = {0};
    const char *dots = length >= 3 ? strstr(term, "...") : NULL;
    int         n = (int)length, before, behind;

    dots = dots && dots + 3 <= term + n ? dots : NULL;
    before = dots ? (int)(dots - term) : n;
    behind = dots ? n - before - 3 : 0;
    if (!dots && n != s->rank)
        return kt_refuses(self, c,
                          "Number of dimensions in the subscript does not match the number of "
                          "dimensions in the operand, received subscript `%.*s` and operand of "
                          "shape %s.",
                          n, term, kt_listed_ints(c->g, s->rank, s->dim, true));
    if (before > s->rank || behind > s->rank)
        return kt_no_index(self, c, "list");
    for (int i = 0; i < before + behind; i++) { /* the first of equal letters counts */
        int      at = i < before ? i : n - 1 - (i - before);
        int64_t *own = &size[term[at] & 127];
        *own = *own == 0 ? s->dim[i < before ? i : s->rank - 1 - (i - before)] + 2 : *own;
    }
    out->rank = 0;
    for (; *target && out->rank < KT_MAX_RANK; target++) {
        if (strncmp(target, "...", 3) == 0) {
            for (int i = before; dots && i < s->rank - behind && out->rank < KT_MAX_RANK; i++)
                out->dim[out->rank++] = s->dim[i];
            target += 2;
        } else if (size[*target & 127] != 0 || islower((unsigned char)*target)) {
            int64_t own = size[*target & 127];
            out->dim[out->rank++] = own == 0 ? 1 : own - 2;
        } else if (*target != ' ') {
            return false;
        }
    }
    return true;
}

/* The result's letters where no arrow says them: "..." and those that occur once, in their order.
 */
static void write_target(kt_str *out, const char *terms)
{
    int times[128] = {0};

    kt_str_add(out, "...");
    for (; *terms; terms++)
        times[*terms & 127] += isalpha((unsigned char)*terms) != 0;
    for (int letter = 0; letter < 128; letter++)
        if (times[letter] == 1)
            kt_str_addc(out, (char)letter);
}

static int expand_all(kt_layer *self, kt_call *c, const char *text, const char *target,
                      kt_result *out)
{
    const char *stop = strstr(text, "->");
    size_t      n = c->args ? c->args->n : 0, terms = 1, i = 0;

    stop = stop ? stop : text + strlen(text);
    for (const char *at = text; at < stop; at++)
        terms += *at == ',';
    if (terms != n)
        return kt_refuses(self, c,
                          "Number of operands (%zu) does not match the number of input specs (%zu) "
                          "in `einsum`, received subscripts=%s.",
                          n, terms, text);
    for (const char *at = text; i < n; i++) {
        const char *end = memchr(at, ',', (size_t)(stop - at));
        kt_operand  x = kt_operand_at(self, c, c->args->items[i]);
        kt_shape    one;
        end = end ? end : stop;
        if (!x.node || kt_graph_failed(c->g) ||
            !expand(self, c, at, (size_t)(end - at), &x.node->shape, target, &one) ||
            (i > 0 && !kt_infer_both(c, &out[0].shape, &one, &one)))
            return 0;
        out[0].shape = one;
        at = end + 1;
    }
    return n > 0;
}

static int infer_einsum(kt_layer *self, kt_call *c, kt_result *out)
{
    const char *text = ((const sum_of_products *)self->config)->subscripts;
    const char *arrow = text ? strstr(text, "->") : NULL;
    kt_str      target = {0};

    if (!text)
        return 0;
    if (arrow && strstr(arrow + 2, "->"))
        return kt_refuses(self, c,
                          "At most one '->' is supported in `einsum` subscripts, but received %s.",
                          text);
    if (arrow)
        kt_str_add(&target, arrow + 2);
    else
        write_target(&target, text);
    int n = expand_all(self, c, text, kt_str_text(&target), out);
    kt_str_free(&target);
    return n;
}

static int infer_vdot(kt_layer *self, kt_call *c, kt_result *out)
{
    (void)self;
    (void)c;
    return kt_infers(out, KT_SCALAR_SHAPE);
}

#define ROWS(F)                                                                             \
    F(Matmul, numpy, &kt_no_config, "x1 x2", matmul, 0, .infer = infer_matmul)              \
    F(Dot, numpy, &kt_no_config, "x1 x2", dot, 2, .infer = infer_dot)                       \
    F(Inner, numpy, &kt_no_config, "x1 x2", dot, 1, .infer = infer_inner)                   \
    F(Outer, numpy, &kt_no_config, "x1 x2", outer, 0)                                       \
    F(Vdot, numpy, &kt_no_config, "x1 x2", vdot, 0, .infer = infer_vdot)                    \
    F(Tensordot, numpy, &contraction_type, "x1 x2", tensordot, 0, .infer = infer_tensordot) \
    F(Einsum, numpy, &sum_of_products_type, "", einsum, 0, .infer = infer_einsum)
KT_OPERATIONS(products, ROWS);
