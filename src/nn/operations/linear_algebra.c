/* linear_algebra.c - operations of keras.ops.linalg on (batches of) matrices. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <float.h>

#define UPPER(F, T) F(T, BOOL, upper, "False", "", "The factor is the upper triangle.")
KT_CONFIG_OF(triangle, UPPER);
#define LOWER(F, T) F(T, BOOL, lower, "False", "", "The lower triangle is read.")
KT_CONFIG_OF(half, LOWER);

static kt_node *transposed(kt_graph *g, kt_node *x)
{
    int rank = x->shape.rank;

    return rank < 2 ? x : kt_move_axis(g, x, rank - 1, rank - 2);
}

/* Unit matrices of the shape of x [.., n, n]. */
static kt_node *units(kt_graph *g, const kt_node *x)
{
    int64_t n = kt_dim(&x->shape, -1);

    if (n == KT_UNKNOWN || x->shape.rank < 2)
        return g->poison;
    kt_node *one = kt_binary(g, KT_BI_EQUAL, kt_series(g, n, 0, 1),
                             kt_expand_dims(g, kt_series(g, n, 0, 1), 1));
    return kt_broadcast_to(g, kt_cast(g, one, x->dtype), x->shape);
}

static bool is_matrix(kt_layer *self, kt_call *c, const kt_shape *s)
{
    if (s->rank < 2)
        kt_refuses(self, c, "Expected input to have rank >= 2. Received input with shape %s.",
                   kt_shape_text(&c->g->arena, s));
    return s->rank >= 2;
}

/* Two sizes that are not known are the same. */
static bool is_square(kt_layer *self, kt_call *c, const kt_shape *s)
{
    if (s->rank < 2)
        return kt_unpacks(self, c, 2, s->rank);
    if (kt_dim(s, -1) != kt_dim(s, -2))
        kt_refuses(self, c, "Expected a square matrix. Received non-square input with shape %s",
                   kt_shape_text(&c->g->arena, s));
    return kt_dim(s, -1) == kt_dim(s, -2);
}

/* Of a . x = b. */
static bool compatible(kt_layer *self, kt_call *c, const kt_shape *a, const kt_shape *b)
{
    int axis = a->rank == b->rank ? -2 : -1;

    if ((a->rank != b->rank && a->rank != b->rank - 1) || kt_dim(a, axis) == kt_dim(b, axis))
        return true;
    kt_refuses(self, c,
               "Incompatible shapes between `a` and `b`. Expected `a.shape[%d] == b.shape[%d]`. "
               "Received: a.shape=%s, b.shape=%s",
               axis, axis, kt_shape_text(&c->g->arena, a), kt_shape_text(&c->g->arena, b));
    return false;
}

/* Argument i as (a batch of) matrices, square ones unless `any`; Keras' words where it is none. */
static kt_node *matrices(kt_layer *self, kt_call *c, int i, bool any)
{
    kt_node *x = kt_real_of(self, c, i);

    if (!is_matrix(self, c, &x->shape) || (!any && !is_square(self, c, &x->shape)))
        return c->g->poison;
    return x;
}

static void cholesky(kt_layer *self, kt_call *c)
{
    kt_node *y = kt_cholesky(c->g, matrices(self, c, 0, false));

    c->out[0] = ((const triangle *)self->config)->upper ? transposed(c->g, y) : y;
}

/* The inverse of l l^T (or u^T u), of which x is the factor. */
static void cholesky_inverse(kt_layer *self, kt_call *c)
{
    bool     upper = ((const triangle *)self->config)->upper;
    kt_node *x = matrices(self, c, 0, false);
    kt_node *inverse = kt_triangular_solve(c->g, x, units(c->g, x), !upper, false);

    c->out[0] = kt_matmul(c->g, inverse, inverse, !upper, upper);
}

static void det(kt_layer *self, kt_call *c)
{
    kt_node *sign = kt_slogdet(c->g, matrices(self, c, 0, false));

    c->out[0] = kt_mul(c->g, sign, kt_unary(c->g, KT_UN_EXP, kt_part(sign, 1)));
}

static void slogdet(kt_layer *self, kt_call *c)
{
    c->out[0] = kt_slogdet(c->g, matrices(self, c, 0, false));
    c->out[1] = kt_part(c->out[0], 1);
    c->n_out = 2;
}

/* Of positive matrices: twice the sum of the logarithms on the diagonal of their factor. */
static void logdet(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *l = kt_cholesky(g, matrices(self, c, 0, false));
    kt_node  *on = kt_mul(g, l, units(g, l));
    kt_node  *diagonal = kt_reduce_last(g, KT_RE_SUM, on);

    c->out[0] = kt_mul_scalar(g, kt_reduce_last(g, KT_RE_SUM, kt_unary(g, KT_UN_LOG, diagonal)), 2);
}

static void inv(kt_layer *self, kt_call *c)
{
    kt_node *x = matrices(self, c, 0, false);

    c->out[0] = kt_solve(c->g, x, units(c->g, x), false);
}

/* variant 1: a is a triangle. b may lack the axis of columns. */
static void solve(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *a = matrices(self, c, 0, false), *b = kt_real_of(self, c, 1);
    bool      vector = b->shape.rank == a->shape.rank - 1;

    c->out[0] = g->poison;
    if (kt_graph_failed(g) || !compatible(self, c, &a->shape, &b->shape))
        return;
    b = vector ? kt_expand_dims(g, b, b->shape.rank) : b;
    kt_node *x = self->type->variant == 1
                   ? kt_triangular_solve(g, a, b, ((const half *)self->config)->lower, false)
                   : kt_solve(g, a, b, false);
    c->out[0] = vector ? kt_squeeze(g, x, -1) : x;
}

/* Where each row went, which is the inverse of where it comes from. */
static void lu_factor(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *lu = kt_lu(g, matrices(self, c, 0, true));

    c->out[0] = lu;
    c->out[1] = kt_part(kt_sort(g, kt_part(lu, 1), -1, false), 1);
    c->n_out = 2;
}

#define QR(F, T) F(T, STR, mode, "reduced", "", "Whether q is square.")
KT_CONFIG_OF(factors, QR);

static kt_status check_qr(kt_layer *self)
{
    const char *mode = ((const factors *)self->config)->mode;

    if (kt_streq(mode, "reduced") || kt_streq(mode, "complete"))
        return KT_OK;
    return kt_layer_fail(self, KT_E_VALUE,
                         "`mode` argument value not supported. Expected one of {'complete', "
                         "'reduced'}. Received: mode=%s",
                         mode ? mode : "None");
}

static void qr(kt_layer *self, kt_call *c)
{
    bool full = kt_streq(((const factors *)self->config)->mode, "complete");

    c->out[0] = kt_qr(c->g, kt_real_of(self, c, 0), full);
    c->out[1] = kt_part(c->out[0], 1);
    c->n_out = 2;
}

static void eigh(kt_layer *self, kt_call *c)
{
    c->out[0] = kt_eigh(c->g, matrices(self, c, 0, false));
    c->out[1] = kt_part(c->out[0], 1);
    c->n_out = 2;
}

/* --- of singular values --- */

#define SVD(F, T)                                                        \
    F(T, BOOL, full_matrices, "True", "", "Whether u and v are square.") \
    F(T, BOOL, compute_uv, "True", "", "Or the values alone.")
KT_CONFIG_OF(singular, SVD);

static void svd(kt_layer *self, kt_call *c)
{
    const singular *cfg = self->config;
    kt_svd_kind     kind = !cfg->compute_uv   ? KT_SVD_VALUES
                         : cfg->full_matrices ? KT_SVD_FULL
                                              : KT_SVD_REDUCED;
    kt_node        *s = kt_svd(c->g, matrices(self, c, 0, true), kind);

    c->out[0] = s;
    if (!cfg->compute_uv)
        return;
    c->n_out = 3;
    c->out[0] = kt_part(s, 1);
    c->out[1] = s;
    c->out[2] = transposed(c->g, kt_part(s, 2));
}

static double unit_roundoff(const kt_node *x)
{
    return x->dtype == KT_F64 ? DBL_EPSILON : (double)FLT_EPSILON;
}

/* The larger of the two sizes of the matrices; 0 where one is not known. */
static double longer_side(const kt_node *x)
{
    int64_t m = kt_dim(&x->shape, -2), n = kt_dim(&x->shape, -1);

    return m == KT_UNKNOWN || n == KT_UNKNOWN ? 0 : (double)(m > n ? m : n);
}

/* v diag(1 / s) u^T without the values up to `cutoff` times the largest. */
static kt_node *pseudo_inverse(kt_graph *g, kt_node *x, double cutoff, kt_binary_fn keep)
{
    kt_node *s = kt_svd(g, x, KT_SVD_REDUCED);
    int      last = s->shape.rank - 1;

    if (kt_graph_failed(g))
        return g->poison;
    kt_node *bound = kt_mul_scalar(g, kt_reduce(g, KT_RE_MAX, s, 1u << last, true), cutoff);
    kt_node *large = kt_binary(g, keep, s, bound);
    kt_node *safe = kt_where(g, large, s, 1);
    kt_node *inverse = kt_where(g, large, kt_unary(g, KT_UN_RECIPROCAL, safe), 0);
    kt_node *v = kt_mul(g, kt_part(s, 2), kt_expand_dims(g, inverse, last));
    return kt_matmul(g, v, kt_part(s, 1), false, true);
}

#define CUTOFF(F, T) \
    F(T, OPTFLOAT, rcond, "None", "", "Values up to this times the largest count as 0.")
KT_CONFIG_OF(cutoff, CUTOFF);

static void pinv(kt_layer *self, kt_call *c)
{
    const cutoff *cfg = self->config;
    kt_node      *x = matrices(self, c, 0, true);
    double        missing = 10 * longer_side(x) * unit_roundoff(x);

    c->out[0] = pseudo_inverse(c->g, x, cfg->rcond.set ? cfg->rcond.v : missing, KT_BI_GREATER);
}

/* The x of which a . x is nearest to b. */
static void lstsq(kt_layer *self, kt_call *c)
{
    const cutoff *cfg = self->config;
    kt_graph     *g = c->g;
    kt_node      *a = kt_real_of(self, c, 0), *b = kt_real_of(self, c, 1);
    bool          vector = b->shape.rank == 1;
    double        eps = unit_roundoff(a), share = eps * longer_side(a);

    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    if (a->shape.rank != 2 || b->shape.rank < 1 || b->shape.rank > 2) {
        bool first = a->shape.rank != 2;
        kt_call_fail(self, c, KT_E_VALUE, "Expected %s to have rank %s. Received: %s.shape=%s",
                     first ? "a" : "b", first ? "2" : "1 or 2", first ? "a" : "b",
                     kt_shape_text(&g->arena, first ? &a->shape : &b->shape));
        return;
    }
    if (cfg->rcond.set)
        share = cfg->rcond.v < 0 ? eps : cfg->rcond.v;
    b = vector ? kt_expand_dims(g, b, 1) : b;
    kt_node *y = kt_matmul(g, pseudo_inverse(g, a, share, KT_BI_GREATER_EQUAL), b, false, false);
    c->out[0] = vector ? kt_squeeze(g, y, 1) : y;
}

#define TOLERANCE(F, T) F(T, OPTFLOAT, tol, "None", "", "Singular values up to it count as 0.")
KT_CONFIG_OF(tolerance, TOLERANCE);

static void matrix_rank(kt_layer *self, kt_call *c)
{
    const tolerance *cfg = self->config;
    kt_graph        *g = c->g;
    kt_node         *x = kt_real_of(self, c, 0), *s = kt_svd(g, x, KT_SVD_VALUES);

    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    kt_node *most = kt_reduce(g, KT_RE_MAX, s, 1u << (s->shape.rank - 1), true);
    kt_node *bound = cfg->tol.set ? kt_scalar_as(g, cfg->tol.v, s->dtype)
                                  : kt_mul_scalar(g, most, longer_side(x) * unit_roundoff(x));
    kt_node *large = kt_cast(g, kt_binary(g, KT_BI_GREATER, s, bound), KT_I32);
    c->out[0] = kt_reduce_last(g, KT_RE_SUM, large);
}

/* --- as Keras infers it --- */

static kt_shape batch_of(const kt_shape *s)
{
    return kt_shape_slice(s, 0, s->rank < 2 ? 0 : s->rank - 2);
}

static int infer_square(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    return is_matrix(self, c, &s) && is_square(self, c, &s) ? kt_infers(out, s) : 0;
}

static int infer_eigh(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    is_square(self, c, &s);
    (void)out;
    return 0;
}

static int infer_batch(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    return kt_infers(out, batch_of(&s));
}

/* The sign is one number, whatever the batch. */
static int infer_slogdet(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    out[1].shape = batch_of(&s);
    kt_infers(out, KT_SCALAR_SHAPE);
    return 2;
}

static int infer_rank(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    out[0].dtype = KT_I32;
    kt_argument_shapes(self, c, 1, &s);
    return is_matrix(self, c, &s) ? kt_infers(out, batch_of(&s)) : 0;
}

static int infer_solve(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[2];

    kt_argument_shapes(self, c, 2, s);
    if (!is_matrix(self, c, &s[0]) || !is_square(self, c, &s[0]) || s[1].rank < 1)
        return 0;
    return compatible(self, c, &s[0], &s[1]) ? kt_infers(out, s[1]) : 0;
}

/* The lesser of the two sizes, which must be known. */
static bool shorter_side(kt_layer *self, kt_call *c, const kt_shape *s, int64_t *out)
{
    int64_t m = kt_dim(s, -2), n = kt_dim(s, -1);

    if (m == KT_UNKNOWN || n == KT_UNKNOWN) /* min(m, n) asks whether n < m */
        return kt_no_operand(self, c, "<", n, m);
    *out = m < n ? m : n;
    return true;
}

static int infer_lu(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s, k = KT_SHAPE(0);

    kt_argument_shapes(self, c, 1, &s);
    if (!is_matrix(self, c, &s) || !shorter_side(self, c, &s, &k.dim[0]))
        return 0;
    kt_infers(out, s);
    s = batch_of(&s);
    out[1].shape = kt_shape_concat(&s, &k);
    return 2;
}

static int infer_svd(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;
    int64_t  k;

    (void)out;
    kt_argument_shapes(self, c, 1, &s);
    if (is_matrix(self, c, &s))
        shorter_side(self, c, &s, &k);
    return 0;
}

static int infer_qr(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    (void)out;
    kt_argument_shapes(self, c, 1, &s);
    if (s.rank < 2)
        return kt_refuses(self, c, "Input should have rank >= 2. Received: input.shape = %s",
                          kt_shape_text(&c->g->arena, &s));
    if (kt_dim(&s, -1) == KT_UNKNOWN || kt_dim(&s, -2) == KT_UNKNOWN)
        return kt_refuses(self, c,
                          "Input should have its last 2 dimensions fully-defined. Received: "
                          "input.shape = %s",
                          kt_shape_text(&c->g->arena, &s));
    return 0;
}

static int infer_lstsq(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[2];

    (void)out;
    kt_argument_shapes(self, c, 2, s);
    if (s[0].rank == 2 && s[1].rank > 0 && s[1].rank <= 2 && s[1].dim[0] != s[0].dim[0])
        kt_refuses(
            self, c,
            "Expected b.shape[0] to be equal to a.shape[0]. Received: a.shape=%s, b.shape=%s",
            kt_shape_text(&c->g->arena, &s[0]), kt_shape_text(&c->g->arena, &s[1]));
    return 0;
}

#define ROWS(F)                                                                                 \
    F(Cholesky, linalg, &triangle_type, "x", cholesky, 0, .infer = infer_square)                \
    F(CholeskyInverse, linalg, &triangle_type, "x", cholesky_inverse, 0, .infer = infer_square) \
    F(Det, linalg, &kt_no_config, "x", det, 0)                                                  \
    F(Slogdet, numpy, &kt_no_config, "x", slogdet, 0, .infer = infer_slogdet)                   \
    F(Logdet, math, &kt_no_config, "x", logdet, 0, .infer = infer_batch)                        \
    F(Inv, linalg, &kt_no_config, "x", inv, 0, .infer = infer_square)                           \
    F(Solve, linalg, &kt_no_config, "a b", solve, 0, .infer = infer_solve)                      \
    F(SolveTriangular, linalg, &half_type, "a b", solve, 1, .infer = infer_solve)               \
    F(LuFactor, linalg, &kt_no_config, "x", lu_factor, 0, .infer = infer_lu)                    \
    F(Qr, linalg, &factors_type, "x", qr, 0, .infer = infer_qr, .check = check_qr)              \
    F(Eigh, linalg, &kt_no_config, "x", eigh, 0, .infer = infer_eigh)                           \
    F(SVD, linalg, &singular_type, "x", svd, 0, .infer = infer_svd)                             \
    F(Pinv, linalg, &cutoff_type, "x", pinv, 0)                                                 \
    F(Lstsq, linalg, &cutoff_type, "a b", lstsq, 0, .infer = infer_lstsq)                       \
    F(MatrixRank, linalg, &tolerance_type, "x", matrix_rank, 0, .infer = infer_rank)
KT_OPERATIONS(linear_algebra, ROWS);
