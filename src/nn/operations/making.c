/* making.c - operations that make a tensor between two ends, fill one, or ask for its size. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <math.h>

static bool wanted(kt_layer *self, kt_call *c, const char *name, kt_dtype *out)
{
    if (!name || kt_dtype_parse(name, out))
        return true;
    c->out[0] = kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                             "Layer '%s': dtype '%s' is not supported", self->name, name);
    return false;
}

#define FULL(F, T)                                     \
    F(T, SHAPE, shape, REQUIRED, "", "Of the result.") \
    F(T, STR, dtype, "None", "", "Of the result; None: floatx.")
KT_CONFIG_OF(filled, FULL);

static void full(kt_layer *self, kt_call *c)
{
    const filled *cfg = self->config;
    kt_node      *x = kt_tensor_of(self, c, 0);
    kt_dtype      dtype = KT_F32;

    if (wanted(self, c, cfg->dtype, &dtype))
        c->out[0] = kt_broadcast_to(c->g, kt_cast(c->g, x, dtype), cfg->shape.v);
}

/* --- from one end to the other --- */

#define ENDS(F, T)                                \
    F(T, INT, num, "50", "", "How many numbers.") \
    F(T, BOOL, endpoint, "True", "", "Whether the last is the end.")
#define LINEAR(F, T)                                                 \
    ENDS(F, T)                                                       \
    F(T, BOOL, retstep, "False", "", "Also how far apart they are.") \
    F(T, STR, dtype, "None", "", "Of the result.")                   \
    F(T, INT, axis, "0", "met: range(x)", "The new axis.")
KT_CONFIG_OF(linear, LINEAR);
#define LOGARITHMIC(F, T)                          \
    ENDS(F, T)                                     \
    F(T, FLOAT, base, "10", "", "Of the powers.")  \
    F(T, STR, dtype, "None", "", "Of the result.") \
    F(T, INT, axis, "0", "met: range(x)", "The new axis.")
KT_CONFIG_OF(logarithmic, LOGARITHMIC);
#define GEOMETRIC(F, T)                            \
    ENDS(F, T)                                     \
    F(T, STR, dtype, "None", "", "Of the result.") \
    F(T, INT, axis, "0", "met: range(x)", "The new axis.")
KT_CONFIG_OF(geometric, GEOMETRIC);

typedef struct ends {
    int64_t num, axis;
    bool    endpoint;
} ends;

/* num numbers from a to z along a new axis, of real dtype; *step: how far apart they are. */
static kt_node *spaced(kt_graph *g, const ends *e, kt_node *a, kt_node *z, kt_node **step)
{
    int64_t  parts = e->endpoint ? e->num - 1 : e->num;
    kt_node *far = kt_sub(g, z, a), *i = kt_cast(g, kt_series(g, e->num, 0, 1), a->dtype);
    kt_shape row = {.rank = far->shape.rank + 1};

    *step = parts > 0 ? kt_mul_scalar(g, far, 1 / (double)parts)
                      : kt_broadcast_to(g, kt_scalar_as(g, NAN, a->dtype), far->shape);
    if (kt_graph_failed(g) || row.rank > KT_MAX_RANK)
        return g->poison;
    for (int k = 0; k < row.rank; k++)
        row.dim[k] = k == 0 ? e->num : 1;
    kt_node *share = kt_mul_scalar(g, kt_reshape(g, i, row), parts > 0 ? 1 / (double)parts : 0);
    kt_node *y = kt_add(g, kt_mul(g, share, kt_expand_dims(g, far, 0)), kt_expand_dims(g, a, 0));
    return kt_move_axis(g, y, 0, (int)e->axis);
}

/* Both ends as real numbers of one dtype, and broadcast against each other. A dtype that is asked
 * for by name is that of the ends, too. */
static bool read_ends(kt_layer *self, kt_call *c, const char *name, kt_node **a, kt_node **z,
                      kt_dtype *dtype)
{
    kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_shape   both;

    c->out[0] = c->g->poison;
    if (kt_graph_failed(c->g))
        return false;
    *dtype = kt_result_dtype(x, 2, KT_WEAK_FLOAT);
    kt_dtype real = *dtype;
    if (!wanted(self, c, name, dtype))
        return false;
    *a = kt_cast(c->g, kt_as(c, x[0], *dtype), real);
    *z = kt_cast(c->g, kt_as(c, x[1], *dtype), real);
    if (!kt_shape_broadcast(&(*a)->shape, &(*z)->shape, &both)) {
        kt_call_fail(self, c, KT_E_VALUE, "The ends have shapes that do not fit");
        return false;
    }
    return true;
}

static void linspace(kt_layer *self, kt_call *c)
{
    const linear *cfg = self->config;
    ends          e = {cfg->num, cfg->axis, cfg->endpoint};
    kt_node      *a, *z, *step;
    kt_dtype      dtype;

    if (!read_ends(self, c, cfg->dtype, &a, &z, &dtype))
        return;
    if (e.num < 0) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "`num` must be a non-negative integer. Received: num=%lld", (long long)e.num);
        return;
    }
    kt_node *y = spaced(c->g, &e, a, z, &step);
    y = kt_dtype_is_float(dtype) ? y : kt_unary(c->g, KT_UN_FLOOR, y);
    c->out[0] = kt_cast(c->g, y, dtype);
    c->out[1] = step;
    c->n_out = cfg->retstep ? 2 : 1;
}

static void logspace(kt_layer *self, kt_call *c)
{
    const logarithmic *cfg = self->config;
    ends               e = {cfg->num, cfg->axis, cfg->endpoint};
    kt_node           *a, *z, *step;
    kt_dtype           dtype;

    if (!read_ends(self, c, cfg->dtype, &a, &z, &dtype))
        return;
    kt_node *y = spaced(c->g, &e, a, z, &step);
    y = kt_dtype_is_float(dtype) ? y : kt_unary(c->g, KT_UN_FLOOR, y);
    y = kt_binary(c->g, KT_BI_POW, kt_scalar_as(c->g, cfg->base, y->dtype), y);
    c->out[0] = kt_cast(c->g, y, dtype);
}

/* Powers of 10 between the logarithms of the ends, with the sign of the first. */
static void geomspace(kt_layer *self, kt_call *c)
{
    const geometric *cfg = self->config;
    ends             e = {cfg->num, cfg->axis, cfg->endpoint};
    kt_graph        *g = c->g;
    kt_node         *a, *z, *step;
    kt_dtype         dtype;

    if (!read_ends(self, c, cfg->dtype, &a, &z, &dtype))
        return;
    kt_node *sign = kt_unary(g, KT_UN_SIGN, a);
    a = kt_unary(g, KT_UN_LOG10, kt_unary(g, KT_UN_ABS, a));
    z = kt_unary(g, KT_UN_LOG10, kt_unary(g, KT_UN_ABS, z));
    kt_node *y = spaced(g, &e, a, z, &step);
    y = kt_binary(g, KT_BI_POW, kt_scalar_as(g, 10, y->dtype), y);
    c->out[0] = kt_cast(g, kt_mul(g, y, sign), dtype);
}

/* --- questions --- */

#define CLOSE(F, T)                                                                \
    F(T, FLOAT, rtol, "1e-05", "kept", "How far they may differ, in parts of x2.") \
    F(T, FLOAT, atol, "1e-08", "kept", "And beside that.")                         \
    F(T, BOOL, equal_nan, "False", "", "Two that are no number are equal.")
KT_CONFIG_OF(closeness, CLOSE);

static void allclose(kt_layer *self, kt_call *c)
{
    const closeness *cfg = self->config;
    kt_graph        *g = c->g;
    kt_operand       x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};

    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    kt_dtype dtype = kt_result_dtype(x, 2, KT_STRONG);
    kt_node *a = kt_as(c, x[0], dtype), *b = kt_as(c, x[1], dtype);
    kt_node *same = kt_binary(g, KT_BI_EQUAL, a, b);
    if (kt_dtype_is_float(dtype)) {
        kt_node *room = kt_mul_scalar(g, kt_unary(g, KT_UN_ABS, b), cfg->rtol);
        kt_node *off = kt_unary(g, KT_UN_ABS, kt_sub(g, a, b));
        kt_node *near = kt_binary(g, KT_BI_LESS_EQUAL, off, kt_add_scalar(g, room, cfg->atol));
        kt_node *infinite = kt_binary(g, KT_BI_OR, kt_unary(g, KT_UN_IS_INF, a),
                                      kt_unary(g, KT_UN_IS_INF, b));
        kt_node *finite = kt_unary(g, KT_UN_NOT, infinite);
        same = kt_binary(g, KT_BI_OR, same, kt_binary(g, KT_BI_AND, finite, near));
        kt_node *nans = kt_binary(g, KT_BI_AND, kt_unary(g, KT_UN_IS_NAN, a),
                                  kt_unary(g, KT_UN_IS_NAN, b));
        same = cfg->equal_nan ? kt_binary(g, KT_BI_OR, same, nans) : same;
    }
    kt_node *all = kt_flat(g, kt_cast(g, same, KT_I32));
    c->out[0] = kt_cast(g, kt_reduce_last(g, KT_RE_MIN, all), KT_BOOLEAN);
}

/* variant 0: how many elements there are, 1: how many axes. */
static void size(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);
    int64_t  n = self->type->variant ? x->shape.rank : kt_shape_count(&x->shape);

    c->out[0] = n == KT_UNKNOWN ? kt_unsized(c, KT_I32, KT_SCALAR_SHAPE)
                                : kt_scalar_as(c->g, (double)n, KT_I32);
}

#define CONVERT(F, T)                                                  \
    F(T, STR, dtype, "None", "", "Of the result; None: the tensor's.") \
    F(T, ANY, sparse, "None", "", "Nothing here: tensors are dense.")  \
    F(T, ANY, ragged, "None", "", "Nothing here: tensors are not ragged.")
KT_CONFIG_OF(conversion, CONVERT);

static void convert_to_tensor(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);
    kt_dtype dtype = x->dtype;

    if (wanted(self, c, ((const conversion *)self->config)->dtype, &dtype))
        c->out[0] = kt_cast(c->g, x, dtype);
}

/* --- as Keras infers it --- */

static int infer_full(kt_layer *self, kt_call *c, kt_result *out)
{
    (void)c;
    return kt_infers(out, ((const filled *)self->config)->shape.v);
}

static int infer_flag(kt_layer *self, kt_call *c, kt_result *out)
{
    (void)self;
    (void)c;
    out[0].dtype = KT_BOOLEAN;
    return kt_infers(out, KT_SCALAR_SHAPE);
}

/* Keras makes one axis of the number of axes. */
static int infer_ndim(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    return kt_infers(out, KT_SHAPE(s.rank));
}

/* The ends broadcast; call says the rest. */
static int infer_ends(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_infer_broadcast(self, c, out);
    return 0;
}

#define ROWS(F)                                                                           \
    F(Full, numpy, &filled_type, "fill_value", full, 0, .infer = infer_full)              \
    F(Linspace, numpy, &linear_type, "start stop", linspace, 0, .infer = infer_ends)      \
    F(Logspace, numpy, &logarithmic_type, "start stop", logspace, 0, .infer = infer_ends) \
    F(Geomspace, numpy, &geometric_type, "start stop", geomspace, 0, .infer = infer_ends) \
    F(AllClose, numpy, &closeness_type, "x1 x2", allclose, 0, .infer = infer_flag)        \
    F(Size, numpy, &kt_no_config, "x", size, 0)                                           \
    F(Ndim, numpy, &kt_no_config, "x", size, 1, .infer = infer_ndim)                      \
    F(ConvertToTensor, core, &conversion_type, "x", convert_to_tensor, 0)
KT_OPERATIONS(making, ROWS);
