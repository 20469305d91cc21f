/* running.c - operations whose elements follow from those before or beside them along an axis. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#define CUMULATIVE(F, T)                                                      \
    F(T, OPTINT, axis, "None", "met: range(x)", "The axis; None: all, flat.") \
    F(T, STR, dtype, "None", "", "Of the result; None: the tensor's.")
KT_CONFIG_OF(cumulative, CUMULATIVE);

enum { SUM = 0, PRODUCT = 1, WITHOUT_NAN = 2 };

/* What nan_to_num makes of it: NaN becomes 0 (or 1), infinities the ends of float32. */
static kt_node *without_nan(kt_graph *g, kt_node *x, double instead)
{
    if (!kt_dtype_is_float(x->dtype))
        return x;
    x = kt_select(g, kt_unary(g, KT_UN_IS_NAN, x), kt_scalar_as(g, instead, x->dtype), x);
    double most = x->dtype == KT_F64 ? 1.7976931348623157e308 : 3.4028234663852886e38;
    x = kt_binary(g, KT_BI_MINIMUM, x, kt_scalar_as(g, most, x->dtype));
    return kt_binary(g, KT_BI_MAXIMUM, x, kt_scalar_as(g, -most, x->dtype));
}

static void cumulate(kt_layer *self, kt_call *c)
{
    const cumulative *cfg = self->config;
    int               what = self->type->variant;
    kt_node          *x = kt_tensor_of(self, c, 0);
    kt_dtype          dtype = x->dtype;

    if (what & WITHOUT_NAN)
        x = without_nan(c->g, x, what & PRODUCT);
    if (cfg->dtype && !kt_dtype_parse(cfg->dtype, &dtype)) {
        c->out[0] = kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                                 "Layer '%s': dtype '%s' is not supported", self->name, cfg->dtype);
        return;
    }
    x = kt_cast(c->g, x, dtype);
    x = cfg->axis.set ? x : kt_flat(c->g, x);
    int axis = cfg->axis.set ? (int)cfg->axis.v : 0;
    c->out[0] = what & PRODUCT ? kt_cumprod(c->g, x, axis, false) : kt_cumsum(c->g, x, axis, false);
}

#define DIFFERENCE(F, T)                \
    F(T, INT, n, "1", "", "How often.") \
    F(T, INT, axis, "-1", "met: range(x)", "The axis that gets shorter.")
KT_CONFIG_OF(difference, DIFFERENCE);

/* The elements from the second on, and those up to the one before the last. */
static void neighbours(kt_call *c, kt_node *x, int axis, kt_node **later, kt_node **earlier)
{
    int64_t n = kt_dim(&x->shape, axis), less = n == KT_UNKNOWN ? n : n > 0 ? n - 1 : 0;

    *later = kt_part_of(c, x, axis, n > 0 || n == KT_UNKNOWN ? 1 : 0, less);
    *earlier = kt_part_of(c, x, axis, 0, less);
}

static kt_node *step(kt_call *c, kt_node *x, int axis)
{
    kt_node *later, *earlier;

    neighbours(c, x, axis, &later, &earlier);
    return x->dtype == KT_BOOLEAN ? kt_binary(c->g, KT_BI_NOT_EQUAL, later, earlier)
                                  : kt_sub(c->g, later, earlier);
}

static void diff(kt_layer *self, kt_call *c)
{
    const difference *cfg = self->config;
    kt_node          *x = kt_tensor_of(self, c, 0);

    if (cfg->n < 0) {
        c->out[0] = kt_call_fail(self, c, KT_E_VALUE,
                                 "Order `n` must be non-negative. Received n=%lld",
                                 (long long)cfg->n);
        return;
    }
    for (int64_t i = 0; i < cfg->n && !kt_graph_failed(c->g); i++) {
        if (kt_dim(&x->shape, (int)cfg->axis) == 0)
            break;
        x = step(c, x, (int)cfg->axis);
    }
    c->out[0] = x;
}

#define TRAPEZOID(F, T)                                                   \
    F(T, ANY, x, "None", "float", "The places; None: they are dx apart.") \
    F(T, FLOAT, dx, "1.0", "", "How far apart the places are.")           \
    F(T, INT, axis, "-1", "met: range(x)", "The axis that is integrated over.")
KT_CONFIG_OF(integral, TRAPEZOID);

/* How far each place is from the one before it. */
static kt_node *gaps(kt_layer *self, kt_call *c, kt_dtype dtype)
{
    const integral *cfg = self->config;
    kt_weak         weak;

    if (kt_is_none(cfg->x))
        return kt_scalar_as(c->g, cfg->dx, dtype);
    kt_tensor *t = kt_literal_tensor(cfg->x, &weak, c->g->fault);
    if (!t)
        return kt_call_fail(self, c, KT_E_TYPE, "Layer '%s': `x` is no array", self->name);
    kt_node *x = kt_cast(c->g, kt_constant(c->g, t), dtype);
    int      axis = kt_axis(&x->shape, cfg->axis);
    return axis < 0 ? c->g->poison : kt_move_axis(c->g, step(c, x, axis), axis, -1);
}

static void trapezoid(kt_layer *self, kt_call *c)
{
    const integral *cfg = self->config;
    kt_node        *y = kt_move_axis(c->g, kt_real_of(self, c, 0), (int)cfg->axis, -1);
    kt_node        *later, *earlier;

    neighbours(c, y, -1, &later, &earlier);
    y = kt_mul(c->g, kt_mul_scalar(c->g, kt_add(c->g, later, earlier), 0.5),
               gaps(self, c, y->dtype));
    c->out[0] = kt_reduce_last(c->g, KT_RE_SUM, y);
}

/* Keras looks at the axis of some alone; call says the rest. */
static int infer_cumulate(kt_layer *self, kt_call *c, kt_result *out)
{
    const cumulative *cfg = self->config;
    kt_shape          s;

    kt_argument_shapes(self, c, 1, &s);
    if (!cfg->axis.set ||
        (!(self->type->variant & WITHOUT_NAN) && kt_canonical_axis(c, cfg->axis.v, s.rank) < 0))
        return 0;
    return kt_infers(out, s);
}

static int infer_diff(kt_layer *self, kt_call *c, kt_result *out)
{
    const difference *cfg = self->config;
    kt_shape          s;

    kt_argument_shapes(self, c, 1, &s);
    int axis = kt_canonical_axis(c, cfg->axis, s.rank);
    if (axis < 0)
        return 0;
    s.dim[axis] = s.dim[axis] == KT_UNKNOWN ? KT_UNKNOWN
                : s.dim[axis] > cfg->n      ? s.dim[axis] - cfg->n
                                            : 0;
    return kt_infers(out, s);
}

/* Keras takes the axis modulo the axes that there are. */
static int infer_trapezoid(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    if (s.rank == 0)
        return kt_infers(out, s);
    int64_t axis = ((const integral *)self->config)->axis % s.rank;
    kt_ints one = {.n = 1, .scalar = true, .v = {axis}};
    return kt_infer_reduced(self, c, &one, false, out);
}

#define ROWS(F)                                                                          \
    F(Cumsum, numpy, &cumulative_type, "x", cumulate, SUM, .infer = infer_cumulate)      \
    F(Cumprod, numpy, &cumulative_type, "x", cumulate, PRODUCT, .infer = infer_cumulate) \
    F(Nancumsum, numpy, &cumulative_type, "x", cumulate, SUM | WITHOUT_NAN,              \
      .infer = infer_cumulate)                                                           \
    F(Nancumprod, numpy, &cumulative_type, "x", cumulate, PRODUCT | WITHOUT_NAN,         \
      .infer = infer_cumulate)                                                           \
    F(Diff, numpy, &difference_type, "a", diff, 0, .infer = infer_diff)                  \
    F(Trapezoid, numpy, &integral_type, "y", trapezoid, 0, .infer = infer_trapezoid)
KT_OPERATIONS(running, ROWS);
