/* choosing.c - operations that keep, replace or convert elements one by one. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <float.h>
#include <math.h>

/* --- conversions --- */

#define CAST(F, T) F(T, STR, dtype, REQUIRED, "", "Of the result.")
KT_CONFIG_OF(casting, CAST);

static bool wanted_dtype(kt_layer *self, kt_call *c, const char *name, kt_dtype *out)
{
    if (!name || kt_dtype_parse(name, out))
        return true;
    c->out[0] = kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                             "Layer '%s': dtype '%s' is not supported", self->name, name);
    return false;
}

/* Floats become integers by rounding toward zero, and are held within the dtype: what Keras'
 * saturate_cast does; its cast of numbers out of range is not defined. */
static void cast(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);
    kt_dtype dtype = x->dtype;

    if (wanted_dtype(self, c, ((const casting *)self->config)->dtype, &dtype))
        c->out[0] = kt_cast(c->g, x, dtype);
}

#define LIKE(F, T) F(T, STR, dtype, "None", "", "Of the result; None: the tensor's.")
KT_CONFIG_OF(like, LIKE);

/* variant: what the tensor is filled with; EmptyLike's content is not defined, so it is 0. */
static void filled_like(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);
    kt_dtype dtype = x->dtype;

    if (wanted_dtype(self, c, ((const like *)self->config)->dtype, &dtype))
        c->out[0] = kt_broadcast_to(c->g, kt_scalar_as(c->g, self->type->variant, dtype), x->shape);
}

/* The same bytes as another dtype. */
static void view(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);
    kt_dtype to = x->dtype;

    if (!wanted_dtype(self, c, ((const like *)self->config)->dtype, &to) || to == x->dtype) {
        c->out[0] = kt_graph_failed(c->g) ? c->g->poison : x;
        return;
    }
    if (x->dtype == KT_BOOLEAN || to == KT_BOOLEAN)
        c->out[0] = kt_call_fail(self, c, KT_E_TYPE, "Layer '%s': booleans have no view",
                                 self->name);
    else if (x->dtype == KT_I64 || to == KT_I64)
        c->out[0] = kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED,
                                 "Layer '%s': a view of integers of 64 bits is not supported",
                                 self->name);
    else
        c->out[0] = kt_bytes_as(c->g, x, to);
}

static void full_like(kt_layer *self, kt_call *c)
{
    kt_node   *x = kt_tensor_of(self, c, 0);
    kt_operand value = kt_operand_of(self, c, 1);
    kt_dtype   dtype = x->dtype;

    if (wanted_dtype(self, c, ((const like *)self->config)->dtype, &dtype))
        c->out[0] = kt_broadcast_to(c->g, kt_as(c, value, dtype), x->shape);
}

static void array(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_tensor_of(self, c, 0);
    kt_dtype dtype = x->dtype;

    if (wanted_dtype(self, c, ((const like *)self->config)->dtype, &dtype))
        c->out[0] = kt_cast(c->g, x, dtype);
}

static void stop_gradient(kt_layer *self, kt_call *c)
{
    c->out[0] = kt_stop_gradient(c->g, kt_tensor_of(self, c, 0));
}

/* --- choices --- */

/* Both branches in their common dtype. */
static kt_node *choice(kt_call *c, kt_node *condition, kt_operand yes, kt_operand no)
{
    kt_operand both[] = {yes, no};
    kt_dtype   dtype = kt_result_dtype(both, 2, KT_STRONG);

    return kt_select(c->g, kt_cast(c->g, condition, KT_BOOLEAN), kt_as(c, yes, dtype),
                     kt_as(c, no, dtype));
}

/* Of a condition alone: where it holds, of which Keras' models hand on the first axis. */
static void places(kt_layer *self, kt_call *c)
{
    kt_node *x = kt_cast(c->g, kt_tensor_of(self, c, 0), KT_BOOLEAN);

    c->out[0] = x->shape.rank > 0 ? kt_places(c, x, 0) : c->g->poison;
}

static void where(kt_layer *self, kt_call *c)
{
    kt_operand x = kt_optional_operand(self, c, 1), z = kt_optional_operand(self, c, 2);

    if (!x.node) {
        places(self, c);
        return;
    }
    c->out[0] = choice(c, kt_tensor_of(self, c, 0), x, z);
}

/* The first choice whose condition holds. */
static void select(kt_layer *self, kt_call *c)
{
    kt_operand cond[KT_MAX_IO], x[KT_MAX_IO + 1];
    int        n = kt_operands_of(self, c, 0, cond, KT_MAX_IO);
    int        m = kt_operands_of(self, c, 1, x, KT_MAX_IO);

    if (n != m || n == 0) {
        c->out[0] = kt_call_fail(self, c, KT_E_VALUE,
                                 "condlist and choicelist must have the same length. Received: "
                                 "len(condlist)=%d, len(choicelist)=%d",
                                 n, m);
        return;
    }
    x[n] = kt_optional_operand(self, c, 2);
    x[n] = x[n].node ? x[n] : (kt_operand){kt_scalar_as(c->g, 0, KT_I32), KT_WEAK_INT};
    kt_dtype dtype = kt_result_dtype(x, n + 1, KT_STRONG);
    kt_node *y = kt_as(c, x[n], dtype);
    for (int i = n; i-- > 0;)
        y = kt_select(c->g, kt_cast(c->g, cond[i].node, KT_BOOLEAN), kt_as(c, x[i], dtype), y);
    c->out[0] = y;
}

#define CLIP(F, T)                                    \
    F(T, ANY, x_min, REQUIRED, "float", "The least.") \
    F(T, ANY, x_max, REQUIRED, "float", "The most.")
KT_CONFIG_OF(clipping, CLIP);

static void clip(kt_layer *self, kt_call *c)
{
    const clipping *cfg = self->config;
    kt_operand      x[] = {kt_operand_of(self, c, 0), {NULL, KT_STRONG}, {NULL, KT_STRONG}};
    const kt_value *ends[] = {cfg->x_min, cfg->x_max};
    kt_binary_fn    fn[] = {KT_BI_MAXIMUM, KT_BI_MINIMUM};

    for (int i = 0; i < 2; i++) {
        kt_tensor *t = kt_is_none(ends[i])
                         ? NULL
                         : kt_literal_tensor(ends[i], &x[i + 1].weak, c->g->fault);
        x[i + 1].node = t ? kt_constant(c->g, t) : NULL;
    }
    kt_dtype dtype = kt_result_dtype(x, 3, KT_STRONG);
    kt_node *y = kt_as(c, x[0], dtype == KT_BOOLEAN ? KT_I32 : dtype);
    for (int i = 2; i-- > 0;) /* the least wins where it is more than the most */
        if (x[i + 1].node)
            y = kt_binary(c->g, fn[i], y, kt_as(c, x[i + 1], y->dtype));
    c->out[0] = y;
}

#define NAN_TO_NUM(F, T)                                                          \
    F(T, FLOAT, nan, "0.0", "kept", "In place of what is no number.")             \
    F(T, OPTFLOAT, posinf, "None", "kept", "In place of inf; None: the largest.") \
    F(T, OPTFLOAT, neginf, "None", "kept", "In place of -inf; None: the least.")
KT_CONFIG_OF(replacing, NAN_TO_NUM);

static kt_node *replaced(kt_call *c, kt_node *x, double what, double by)
{
    kt_node *at = kt_binary(c->g, KT_BI_EQUAL, x, kt_scalar_as(c->g, what, x->dtype));

    return kt_select(c->g, at, kt_scalar_as(c->g, by, x->dtype), x);
}

static void nan_to_num(kt_layer *self, kt_call *c)
{
    const replacing *cfg = self->config;
    kt_node         *x = kt_tensor_of(self, c, 0), *y;
    double           most = x->dtype == KT_F64 ? DBL_MAX : (double)FLT_MAX;

    c->out[0] = x;
    if (!kt_dtype_is_float(x->dtype))
        return;
    y = kt_select(c->g, kt_unary(c->g, KT_UN_IS_NAN, x), kt_scalar_as(c->g, cfg->nan, x->dtype), x);
    y = replaced(c, y, HUGE_VAL, cfg->posinf.set ? cfg->posinf.v : most);
    c->out[0] = replaced(c, y, -HUGE_VAL, cfg->neginf.set ? cfg->neginf.v : -most);
}

#define CLOSE(F, T) F(T, BOOL, equal_nan, "False", "", "Two that are no number count as close.")
KT_CONFIG_OF(closeness, CLOSE);

/* |x1 - x2| <= atol + rtol |x2|, or both the same infinity. */
static void isclose(kt_layer *self, kt_call *c)
{
    kt_graph  *g = c->g;
    kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_operand rtol = kt_optional_operand(self, c, 2), atol = kt_optional_operand(self, c, 3);
    kt_dtype   dtype = kt_result_dtype(x, 2, KT_WEAK_FLOAT);
    kt_node   *a = kt_as(c, x[0], dtype), *b = kt_as(c, x[1], dtype);
    kt_node   *r = rtol.node ? kt_as(c, rtol, dtype) : kt_scalar_as(g, 1e-5, dtype);
    kt_node   *s = atol.node ? kt_as(c, atol, dtype) : kt_scalar_as(g, 1e-8, dtype);
    kt_node   *room = kt_add(g, s, kt_mul(g, r, kt_unary(g, KT_UN_ABS, b)));
    kt_node   *finite = kt_unary(g, KT_UN_NOT, kt_unary(g, KT_UN_IS_INF, b));
    kt_node   *near = kt_binary(g, KT_BI_LESS_EQUAL, kt_unary(g, KT_UN_ABS, kt_sub(g, a, b)), room);
    kt_node   *y = kt_binary(g, KT_BI_OR, kt_binary(g, KT_BI_EQUAL, a, b),
                             kt_binary(g, KT_BI_AND, finite, near));

    if (((const closeness *)self->config)->equal_nan)
        y = kt_binary(
            g, KT_BI_OR, y,
            kt_binary(g, KT_BI_AND, kt_unary(g, KT_UN_IS_NAN, a), kt_unary(g, KT_UN_IS_NAN, b)));
    c->out[0] = y;
}

static int infer_where(kt_layer *self, kt_call *c, kt_result *out)
{
    bool     x = kt_argument(self, c, 1), z = kt_argument(self, c, 2);
    kt_shape s[3], both;

    if (x != z)
        return kt_refuses(self, c,
                          "`x1` and `x2` either both should be `None` or both should have "
                          "non-None value.");
    if (!x)
        return 0;
    kt_argument_shapes(self, c, 3, s);
    return kt_infer_both(c, &s[0], &s[1], &both) && kt_infer_both(c, &both, &s[2], &both)
             ? kt_infers(out, both)
             : 0;
}

/* Keras looks at the first choice alone. */
static int infer_select(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[KT_MAX_IO];

    return kt_item_shapes(self, c, 1, s, KT_MAX_IO) > 0 ? kt_infers(out, s[0]) : 0;
}

static int infer_view(kt_layer *self, kt_call *c, kt_result *out)
{
    const char *name = ((const like *)self->config)->dtype;
    kt_dtype    to = c->n_in > 0 ? c->in[0]->dtype : KT_F32, from = to;
    kt_shape    s;

    kt_argument_shapes(self, c, 1, &s);
    if ((name && !kt_dtype_parse(name, &to)))
        return 0;
    int64_t old = (int64_t)kt_dtype_size(from), new = (int64_t)kt_dtype_size(to);
    out[0].dtype = to;
    if (old == new)
        return kt_infers(out, s);
    if (s.rank == 0)
        return kt_refuses(self, c,
                          "Cannot view a scalar as a different dtype if item sizes are different.");
    int64_t *last = &s.dim[s.rank - 1];
    if (*last != KT_UNKNOWN && *last * old % new != 0)
        return kt_refuses(
            self, c,
            "Cannot view array of shape %s and dtype %s as dtype %s because the total "
            "number of bytes is not divisible by the new itemsize.",
            kt_shape_text(&c->g->arena, &s), kt_dtype_name(from), kt_dtype_name(to));
    *last = *last == KT_UNKNOWN ? KT_UNKNOWN : *last * old / new;
    return kt_infers(out, s);
}

#define ROWS(F)                                                                       \
    F(Cast, core, &casting_type, "x", cast, 0)                                        \
    F(SaturateCast, core, &casting_type, "x", cast, 0)                                \
    F(StopGradient, core, &kt_no_config, "variable", stop_gradient, 0)                \
    F(ZerosLike, numpy, &like_type, "x", filled_like, 0)                              \
    F(EmptyLike, numpy, &like_type, "x", filled_like, 0)                              \
    F(OnesLike, numpy, &like_type, "x", filled_like, 1)                               \
    F(FullLike, numpy, &like_type, "x fill_value", full_like, 0)                      \
    F(Array, numpy, &like_type, "x", array, 0)                                        \
    F(View, numpy, &like_type, "x", view, 0, .infer = infer_view)                     \
    F(Where, numpy, &kt_no_config, "condition x1 x2", where, 0, .infer = infer_where) \
    F(Select, numpy, &kt_no_config, "condlist choicelist default", select, 0,         \
      .infer = infer_select)                                                          \
    F(Clip, numpy, &clipping_type, "x", clip, 0)                                      \
    F(NanToNum, numpy, &replacing_type, "x", nan_to_num, 0)                           \
    F(Isclose, numpy, &closeness_type, "x1 x2 rtol atol", isclose, 0, .infer = kt_infer_broadcast)
KT_OPERATIONS(choosing, ROWS);
