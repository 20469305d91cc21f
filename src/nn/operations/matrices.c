/* matrices.c - operations that make matrices and grids of vectors, and products of their own. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

typedef struct pair {
    kt_node *x, *z;
} pair;

static pair operands(kt_layer *self, kt_call *c)
{
    kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_dtype   dtype = kt_result_dtype(x, 2, KT_STRONG);

    return (pair){kt_as(c, x[0], dtype), kt_as(c, x[1], dtype)};
}

#define CROSS(F, T)                                                      \
    F(T, INT, axisa, "-1", "", "The axis of x1 that holds the vectors.") \
    F(T, INT, axisb, "-1", "", "The one of x2.")                         \
    F(T, INT, axisc, "-1", "", "The one of the result.")                 \
    F(T, OPTINT, axis, "None", "met: list[x]", "In place of all three.")
KT_CONFIG_OF(crossing, CROSS);

/* Component i of the vectors in the last axis; a third one that is missing is 0. */
static kt_node *component(kt_graph *g, kt_node *x, int i)
{
    if (i >= kt_dim(&x->shape, -1))
        return kt_mul_scalar(g, component(g, x, 0), 0);
    return kt_squeeze(g, kt_slice_axis(g, x, x->shape.rank - 1, i, 1), -1);
}

static void cross(kt_layer *self, kt_call *c)
{
    const crossing *cfg = self->config;
    kt_graph       *g = c->g;
    pair            p = operands(self, c);
    bool            all = cfg->axis.set;
    kt_node        *x = kt_move_axis(g, p.x, (int)(all ? cfg->axis.v : cfg->axisa), -1);
    kt_node        *z = kt_move_axis(g, p.z, (int)(all ? cfg->axis.v : cfg->axisb), -1), *y[3];
    int64_t         m = kt_dim(&x->shape, -1), n = kt_dim(&z->shape, -1);

    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    if ((m != 2 && m != 3) || (n != 2 && n != 3)) {
        bool first = m != 2 && m != 3 && m != KT_UNKNOWN; /* the braces are Keras' own */
        kt_call_fail(self, c, KT_E_VALUE,
                     "`x%d`'s dim on `axis={axis%c}` must be either 2 or 3, but received: %lld",
                     first ? 1 : 2, first ? 'a' : 'b', (long long)(first ? m : n));
        return;
    }
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3, k = (i + 2) % 3;
        y[i] = kt_sub(g, kt_mul(g, component(g, x, j), component(g, z, k)),
                      kt_mul(g, component(g, x, k), component(g, z, j)));
    }
    c->out[0] = y[2];
    if (m == 2 && n == 2)
        return;
    for (int i = 0; i < 3; i++)
        y[i] = kt_expand_dims(g, y[i], y[i]->shape.rank);
    kt_node *joined = kt_graph_failed(g) ? g->poison : kt_concat(g, 3, y, -1);
    c->out[0] = kt_move_axis(g, joined, -1, (int)(all ? cfg->axis.v : cfg->axisc));
}

/* Every element of x times the whole of z, as blocks. */
static void kron(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    pair      p = operands(self, c);
    kt_shape  a, b, y;

    while (p.x->shape.rank < p.z->shape.rank && !kt_graph_failed(g))
        p.x = kt_expand_dims(g, p.x, 0);
    while (p.z->shape.rank < p.x->shape.rank && !kt_graph_failed(g))
        p.z = kt_expand_dims(g, p.z, 0);
    a = p.x->shape;
    b = p.z->shape;
    y = a;
    for (int i = 0; i < y.rank; i++)
        y.dim[i] = a.dim[i] == KT_UNKNOWN || b.dim[i] == KT_UNKNOWN ? KT_UNKNOWN
                                                                    : a.dim[i] * b.dim[i];
    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    if (!kt_shape_known(&y)) {
        c->out[0] = kt_unsized(c, p.x->dtype, y);
        return;
    }
    kt_node *left = p.x, *right = p.z;
    for (int i = 0; i < y.rank; i++) { /* which element of either an element of the result takes */
        kt_node *at = kt_cast(g, kt_series(g, y.dim[i], 0, 1), KT_F64);
        kt_node *n = kt_scalar_as(g, (double)b.dim[i], KT_F64);
        kt_node *row = kt_unary(g, KT_UN_FLOOR, kt_div(g, at, n));
        left = kt_gather(g, left, kt_cast(g, row, KT_I64), i);
        right = kt_gather(g, right, kt_cast(g, kt_binary(g, KT_BI_MOD, at, n), KT_I64), i);
    }
    c->out[0] = kt_mul(g, left, right);
}

#define MESH(F, T) \
    F(T, STR, indexing, "xy", "", "The first vector along the columns, or along the rows.")
KT_CONFIG_OF(mesh, MESH);

static kt_status check_mesh(kt_layer *self)
{
    const char *way = ((const mesh *)self->config)->indexing;

    if (kt_streq(way, "xy") || kt_streq(way, "ij"))
        return KT_OK;
    return kt_layer_fail(self, KT_E_VALUE, /* the braces are Keras' own */
                         "Valid values for `indexing` are 'xy' and 'ij', but received {index}.");
}

/* A vector of each tensor, all spread over one grid. */
static void meshgrid(kt_layer *self, kt_call *c)
{
    bool      swap = kt_streq(((const mesh *)self->config)->indexing, "xy");
    kt_graph *g = c->g;
    int       n = c->args && c->args->n <= KT_MAX_RANK ? (int)c->args->n : 0;
    kt_node  *x[KT_MAX_RANK];
    kt_shape  grid = {.rank = n};

    c->out[0] = g->poison;
    c->n_out = n > 0 ? n : 1;
    for (int i = 0; i < n; i++) {
        int at = swap && n > 1 && i < 2 ? 1 - i : i;
        x[i] = kt_operand_at(self, c, c->args->items[i]).node;
        x[i] = kt_flat(g, x[i] ? x[i] : g->poison);
        grid.dim[at] = kt_dim(&x[i]->shape, 0);
        c->out[i] = g->poison;
    }
    for (int i = 0; i < n && !kt_graph_failed(g); i++) {
        int      at = swap && n > 1 && i < 2 ? 1 - i : i;
        kt_shape one = {.rank = n};

        for (int k = 0; k < n; k++)
            one.dim[k] = k == at ? x[i]->shape.dim[0] : 1;
        c->out[i] = kt_shape_known(&grid) ? kt_broadcast_to(g, kt_reshape(g, x[i], one), grid)
                                          : kt_unsized(c, x[i]->dtype, grid);
    }
}

#define VANDER(F, T)                                                         \
    F(T, OPTINT, N, "None", "", "How many powers; None: as the first axis.") \
    F(T, BOOL, increasing, "False", "", "From power 0 on.")
KT_CONFIG_OF(powers, VANDER);

static void vander(kt_layer *self, kt_call *c)
{
    const powers *cfg = self->config;
    kt_graph     *g = c->g;
    kt_node      *x = kt_tensor_of(self, c, 0);
    kt_dtype      dtype = kt_real_dtype(x->dtype);
    int64_t       n = cfg->N.set ? cfg->N.v : kt_dim(&x->shape, 0);

    c->out[0] = g->poison;
    if (kt_is_poison(g, x))
        return;
    if (n == KT_UNKNOWN) {
        kt_shape shape = x->shape;
        shape.dim[shape.rank < KT_MAX_RANK ? shape.rank++ : shape.rank - 1] = n;
        c->out[0] = kt_unsized(c, x->dtype, shape);
        return;
    }
    kt_node *power = cfg->increasing ? kt_series(g, n, 0, 1) : kt_series(g, n, n - 1, -1);
    kt_node *base = kt_expand_dims(g, kt_cast(g, x, dtype), x->shape.rank);

    c->out[0] = kt_cast(g, kt_binary(g, KT_BI_POW, base, kt_cast(g, power, dtype)), x->dtype);
}

/* Covariances of the rows over the products of their deviations. */
static void corrcoef(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *x = kt_real_of(self, c, 0);
    int64_t   n = kt_dim(&x->shape, -1);

    c->out[0] = g->poison;
    if (kt_is_poison(g, x))
        return;
    if (x->shape.rank != 2) {
        kt_call_fail(self, c, KT_E_INVALID_ARGUMENT,
                     "corrcoef takes a matrix here, not a tensor of shape %s",
                     kt_shape_text(&g->arena, &x->shape));
        return;
    }
    if (!kt_shape_known(&x->shape)) {
        c->out[0] = kt_unsized(c, x->dtype, KT_SHAPE(x->shape.dim[0], x->shape.dim[0]));
        return;
    }
    kt_node *off = kt_sub(g, x, kt_reduce(g, KT_RE_MEAN, x, 2, true));
    kt_node *cov = kt_mul_scalar(g, kt_matmul(g, off, off, false, true), 1 / (double)(n - 1));
    kt_node *var = kt_mul_scalar(
        g, kt_reduce(g, KT_RE_SUM, kt_unary(g, KT_UN_SQUARE, off), 2, true), 1 / (double)(n - 1));
    kt_node *deviation = kt_unary(g, KT_UN_SQRT, var);
    kt_node *y = kt_div(g, cov, kt_matmul(g, deviation, deviation, false, true));
    c->out[0] = kt_unary_with(g, (kt_unary_attr){KT_UN_CLIP, -1, 1}, y);
}

#define CORRELATE(F, T) F(T, STR, mode, "valid", "valid|same|full", "How far they overlap.")
KT_CONFIG_OF(correlating, CORRELATE);

/* Sums of x1 over windows as long as x2, weighed by x2. */
static void correlate(kt_layer *self, kt_call *c)
{
    const char *mode = ((const correlating *)self->config)->mode;
    kt_graph   *g = c->g;
    pair        p = operands(self, c);
    kt_dtype    dtype = p.x->dtype == KT_I64 || p.x->dtype == KT_F64 ? KT_F64 : KT_F32;
    kt_node    *x = kt_cast(g, p.x, dtype), *z = kt_cast(g, p.z, dtype);
    int64_t     n = kt_dim(&x->shape, 0), m = kt_dim(&z->shape, 0);

    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    if (x->shape.rank != 1 || z->shape.rank != 1) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "`x%d` must be a 1-dimensional tensor, but receivedshape %s",
                     x->shape.rank != 1 ? 1 : 2,
                     kt_shape_text(&g->arena, x->shape.rank != 1 ? &x->shape : &z->shape));
        return;
    }
    bool valid = kt_streq(mode, "valid");
    if (m < 1 || (valid && m > n)) {
        kt_call_fail(self, c, KT_E_VALUE, "Computed output size would be negative: %lld",
                     (long long)n - (long long)m + 1);
        return;
    }
    int64_t        fill = valid ? 0 : m - 1, most = n > m ? n : m;
    kt_pad_attr    pad = {.before = {fill}, .after = {fill}};
    kt_window_attr one = {.spatial = 1};
    x = kt_reshape(g, kt_pad(g, x, &pad), KT_SHAPE(1, n + 2 * fill, 1));
    kt_node *y = kt_flat(g, kt_conv(g, x, kt_reshape(g, z, KT_SHAPE(m, 1, 1)), &one));
    c->out[0] = kt_streq(mode, "same") ? kt_slice_axis(g, y, 0, (n + m - 1 - most) / 2, most) : y;
}

/* The distance of every row of x1 to every row of x2. */
static void cdist(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    pair      p = operands(self, c);

    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    int64_t m = kt_dim(&p.x->shape, -1), n = kt_dim(&p.z->shape, -1);
    bool    flat = p.x->shape.rank < 2 || p.z->shape.rank < 2;
    if (flat || (m != n && m != KT_UNKNOWN && n != KT_UNKNOWN)) {
        kt_call_fail(self, c, KT_E_VALUE, "%s. Received shapes: x.shape=%s, y.shape=%s",
                     flat ? "Inputs to `cdist` must have rank >= 2"
                          : "The last dimension of inputs to `cdist` must match",
                     kt_shape_text(&g->arena, &p.x->shape), kt_shape_text(&g->arena, &p.z->shape));
        return;
    }
    kt_node *off = kt_sub(g, kt_expand_dims(g, p.x, p.x->shape.rank - 1),
                          kt_expand_dims(g, p.z, p.z->shape.rank - 2));
    kt_node *sum = kt_reduce_last(g, KT_RE_SUM, kt_unary(g, KT_UN_SQUARE, off));
    c->out[0] = kt_unary(g, KT_UN_SQRT, sum);
}

/* --- as Keras infers it --- */

/* Axis `at` out of s; false where there is none. */
static bool take_out(kt_shape *s, int64_t at, int64_t *size)
{
    int axis = kt_axis(s, at);

    if (axis < 0)
        return false;
    *size = s->dim[axis];
    for (int i = axis + 1; i < s->rank; i++)
        s->dim[i - 1] = s->dim[i];
    s->rank--;
    return true;
}

static int infer_cross(kt_layer *self, kt_call *c, kt_result *out)
{
    const crossing *cfg = self->config;
    kt_shape        s[2], both, three = KT_SHAPE(3);
    int64_t         size[2], at[] = {cfg->axisa, cfg->axisb, cfg->axisc};
    int             axis, n;

    for (int i = 0; i < 3 && cfg->axis.set; i++)
        at[i] = cfg->axis.v;
    kt_argument_shapes(self, c, 2, s);
    if (!take_out(&s[0], at[0], &size[0]) || !take_out(&s[1], at[1], &size[1]))
        return kt_no_index(self, c, "list");
    if (!kt_infer_both(c, &s[0], &s[1], &both))
        return 0;
    for (int i = 0; i < 2; i++)
        if (size[i] != KT_UNKNOWN && size[i] != 2 && size[i] != 3)
            return 0;
    n = size[0] == 3 || size[1] == 3;
    axis = kt_canonical_axis(c, at[2], both.rank + n);
    if (axis < 0 || n == 0)
        return axis < 0 ? 0 : kt_infers(out, both);
    kt_shape before = kt_shape_slice(&both, 0, axis);
    kt_shape behind = kt_shape_slice(&both, axis, both.rank);
    before = kt_shape_concat(&before, &three);
    return kt_infers(out, kt_shape_concat(&before, &behind));
}

/* Axis by axis from the first on, as far as both have some. */
static int infer_kron(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[2], y;

    kt_argument_shapes(self, c, 2, s);
    y.rank = s[0].rank < s[1].rank ? s[0].rank : s[1].rank;
    for (int i = 0; i < y.rank; i++) {
        int64_t n = s[0].dim[i], m = s[1].dim[i];
        y.dim[i] = n == KT_UNKNOWN || m == KT_UNKNOWN ? KT_UNKNOWN : n * m;
    }
    return kt_infers(out, y);
}

static int infer_correlate(kt_layer *self, kt_call *c, kt_result *out)
{
    const char *mode = ((const correlating *)self->config)->mode;
    kt_shape    s[2];

    kt_argument_shapes(self, c, 2, s);
    if (s[0].rank != 1 || s[1].rank != 1)
        return 0;
    int64_t n = s[0].dim[0], m = s[1].dim[0];
    if (n == KT_UNKNOWN || m == KT_UNKNOWN)
        return kt_no_operand(self, c, ">=", n, m);
    int64_t most = n > m ? n : m, least = n > m ? m : n;
    return kt_infers(out, KT_SHAPE(kt_streq(mode, "valid")  ? most - least + 1
                                   : kt_streq(mode, "same") ? most
                                                            : n + m - 1));
}

static int infer_vander(kt_layer *self, kt_call *c, kt_result *out)
{
    const powers *cfg = self->config;
    kt_shape      s, n;

    kt_argument_shapes(self, c, 1, &s);
    if (!cfg->N.set && s.rank == 0)
        return kt_no_index(self, c, "tuple");
    n = KT_SHAPE(cfg->N.set ? cfg->N.v : s.dim[0]);
    return kt_infers(out, kt_shape_concat(&s, &n));
}

#define ROWS(F)                                                                             \
    F(Cross, numpy, &crossing_type, "x1 x2", cross, 0, .infer = infer_cross)                \
    F(Kron, numpy, &kt_no_config, "x1 x2", kron, 0, .infer = infer_kron)                    \
    F(Meshgrid, numpy, &mesh_type, "", meshgrid, 0, .check = check_mesh)                    \
    F(Vander, numpy, &powers_type, "x", vander, 0, .infer = infer_vander)                   \
    F(Corrcoef, numpy, &kt_no_config, "x", corrcoef, 0, .infer = kt_infer_same)             \
    F(Correlate, numpy, &correlating_type, "x1 x2", correlate, 0, .infer = infer_correlate) \
    F(CDist, math, &kt_no_config, "x y", cdist, 0)
KT_OPERATIONS(matrices, ROWS);
