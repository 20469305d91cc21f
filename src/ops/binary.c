/* binary.c - y = f(x, z) element by element with broadcasting, for every row of KT_BINARY_LIST. */
#include "ops/shared.h"

#include <math.h>

/* TensorFlow's names of the functions, for its error texts. */
static const char *const tf_names[KT_BI_COUNT] = {
    [KT_BI_ADD] = "AddV2",
    [KT_BI_SUB] = "Sub",
    [KT_BI_MUL] = "Mul",
    [KT_BI_DIV] = "RealDiv",
    [KT_BI_POW] = "Pow",
    [KT_BI_MAXIMUM] = "Maximum",
    [KT_BI_MINIMUM] = "Minimum",
    [KT_BI_MOD] = "FloorMod",
    [KT_BI_DIV_NO_NAN] = "DivNoNan",
    [KT_BI_EQUAL] = "Equal",
    [KT_BI_NOT_EQUAL] = "NotEqual",
    [KT_BI_LESS] = "Less",
    [KT_BI_LESS_EQUAL] = "LessEqual",
    [KT_BI_GREATER] = "Greater",
    [KT_BI_GREATER_EQUAL] = "GreaterEqual",
    [KT_BI_AND] = "LogicalAnd",
    [KT_BI_OR] = "LogicalOr",
};

double kt__binary_value(kt_binary_fn fn, double x, double z)
{
    switch (fn) {
    default: /* the first of the list */
#define CASE(name, value) \
    case KT_BI_##name: return value;
        KT_BINARY_LIST(CASE)
#undef CASE
    }
}

static kt_status shape(kt_op_call *c)
{
    const kt_binary_attr *attr = c->attr;
    kt_misfit             bad;

    if (!kt__broadcast(c, &bad))
        return kt_op_fail_tf(c, tf_names[attr->fn], " name: ", bad.input, bad.axis, bad.expected,
                             bad.received, "Incompatible shapes: %s vs. %s",
                             kt__shape_text(c->g, &c->in[0]->shape),
                             kt__shape_text(c->g, &c->in[1]->shape));
    c->out[0].dtype = KT_BI_IS_TEST(attr->fn) ? KT_BOOLEAN : c->in[0]->dtype;
    return KT_OK;
}

static kt_node *negative(kt_graph *g, kt_node *x)
{
    return kt_unary(g, KT_UN_NEG, x);
}

/* y = x^z. The slope in z is y log x, and 0 where x <= 0, as in TensorFlow. */
static void pow_gradient(kt_graph *g, kt_node *y, kt_node *dy, kt_node **dx)
{
    kt_node *x = y->in[0], *z = y->in[1];
    kt_node *one = kt_scalar_as(g, 1, x->dtype), *zero = kt_scalar_as(g, 0, x->dtype);
    kt_node *positive = kt_binary(g, KT_BI_GREATER, x, zero);
    kt_node *log_x = kt_select(g, positive, kt_unary(g, KT_UN_LOG, kt_select(g, positive, x, one)),
                               zero);

    dx[0] = kt_mul(g, dy, kt_mul(g, z, kt_binary(g, KT_BI_POW, x, kt_sub(g, z, one))));
    dx[1] = kt_mul(g, dy, kt_mul(g, y, log_x));
}

/* All of dy goes to the operand that was taken; the first of equals. */
static void extremum_gradient(kt_graph *g, kt_node *y, kt_node *dy, kt_node **dx)
{
    const kt_binary_attr *attr = y->attr;
    kt_binary_fn          test = attr->fn == KT_BI_MAXIMUM ? KT_BI_GREATER_EQUAL : KT_BI_LESS_EQUAL;
    kt_node              *first = kt_binary(g, test, y->in[0], y->in[1]);
    kt_node              *zero = kt_scalar_as(g, 0, y->dtype);

    dx[0] = kt_select(g, first, dy, zero);
    dx[1] = kt_select(g, first, zero, dy);
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dys, kt_node **dx)
{
    const kt_binary_attr *attr = y->attr;
    kt_node              *x = y->in[0], *z = y->in[1], *dy = dys[0];

    switch (attr->fn) {
    case KT_BI_ADD: dx[0] = dx[1] = dy; break;
    case KT_BI_SUB:
        dx[0] = dy;
        dx[1] = negative(g, dy);
        break;
    case KT_BI_MUL:
        dx[0] = kt_mul(g, dy, z);
        dx[1] = kt_mul(g, dy, x);
        break;
    case KT_BI_DIV:
    case KT_BI_DIV_NO_NAN: /* y / z: 0 where z is */
        dx[0] = kt_binary(g, attr->fn, dy, z);
        dx[1] = negative(g, kt_mul(g, dy, kt_binary(g, attr->fn, y, z)));
        break;
    case KT_BI_MOD: /* x - floor(x / z) z */
        dx[0] = dy;
        dx[1] = negative(g, kt_mul(g, dy, kt_unary(g, KT_UN_FLOOR, kt_div(g, x, z))));
        break;
    case KT_BI_POW: pow_gradient(g, y, dy, dx); break;
    default: extremum_gradient(g, y, dy, dx); /* tests give booleans, which have no slope */
    }
    dx[0] = kt_sum_to(g, dx[0], &x->shape);
    dx[1] = kt_sum_to(g, dx[1], &z->shape);
}

static void reference(const kt_run *r)
{
    const kt_binary_attr *attr = r->attr;
    kt_walk               w = kt__walk(&r->out[0].shape);

    kt__walk_broadcast(&w, &r->in[0].shape);
    kt__walk_broadcast(&w, &r->in[1].shape);
    for (int64_t i = 0; i < r->out[0].count; i++, kt__walk_next(&w))
        r->out[0].f64[i] = kt__binary_value(attr->fn, r->in[0].f64[w.pos[0]],
                                            r->in[1].f64[w.pos[1]]);
}

/* The pair of shapes of a variant: equal, scalar, row, column against row, empty. */
static void sample_shapes(kt_sampler *s, int variant, kt_shape *x, kt_shape *z)
{
    int64_t m = s->size(s, 2, 5), n = s->size(s, 2, 9);

    *x = *z = KT_SHAPE(m, n);
    switch (variant % 5) {
    case 1: *z = KT_SCALAR_SHAPE; break;
    case 2: *z = KT_SHAPE(n); break;
    case 3:
        *x = KT_SHAPE(2, m, 1);
        *z = KT_SHAPE(1, n);
        break;
    case 4:
        *x = KT_SHAPE(0, n);
        *z = KT_SHAPE(1);
        break;
    default: break;
    }
}

/* x in [0.5, 0.9], z in [1.1, 1.5]: no ties, no steps of MOD, positive bases. Integers for tests,
 * so that some are equal. */
static kt_node *sample(kt_sampler *s, int variant)
{
    kt_binary_fn fn = (kt_binary_fn)(variant / 5);
    kt_shape     xs, zs;

    if (fn >= KT_BI_COUNT)
        return NULL;
    sample_shapes(s, variant, &xs, &zs);
    if (KT_BI_IS_TEST(fn))
        return kt_binary(s->g, fn, s->integer(s, xs, 0, 3), s->integer(s, zs, 0, 3));
    if (variant % 5 == 2) /* the other way round */
        return kt_binary(s->g, fn, s->real(s, zs, 1.1, 1.5), s->real(s, xs, 0.8, 0.95));
    return kt_binary(s->g, fn, s->real(s, xs, 0.5, 0.9), s->real(s, zs, 1.1, 1.5));
}

const kt_op_type kt_op_binary = {
    .name = "binary",
    .min_in = 2,
    .max_in = 2,
    .flags = KT_OP_POINT,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
};

kt_node *kt_binary(kt_graph *g, kt_binary_fn fn, kt_node *x, kt_node *z)
{
    kt_binary_attr attr = {fn};
    kt_dtype       dtype = kt__common_dtype(x->dtype, z->dtype);

    if (!kt_dtype_is_float(dtype) && (fn == KT_BI_DIV || fn == KT_BI_DIV_NO_NAN))
        dtype = g->floatx; /* as Python divides integers */
    return kt_emit(g, &kt_op_binary, &attr, sizeof attr, 2,
                   (kt_node *[]){kt_cast(g, x, dtype), kt_cast(g, z, dtype)});
}

kt_node *kt_add(kt_graph *g, kt_node *x, kt_node *z)
{
    return kt_binary(g, KT_BI_ADD, x, z);
}

kt_node *kt_sub(kt_graph *g, kt_node *x, kt_node *z)
{
    return kt_binary(g, KT_BI_SUB, x, z);
}

kt_node *kt_mul(kt_graph *g, kt_node *x, kt_node *z)
{
    return kt_binary(g, KT_BI_MUL, x, z);
}

kt_node *kt_div(kt_graph *g, kt_node *x, kt_node *z)
{
    return kt_binary(g, KT_BI_DIV, x, z);
}

/* v in x's dtype where that can hold it, so that integers stay integers. */
static kt_node *scalar_for(kt_graph *g, const kt_node *x, double v)
{
    bool fits = kt_dtype_is_float(x->dtype) || (kt_dtype_is_int(x->dtype) && v == floor(v));

    return kt_scalar_as(g, v, fits ? x->dtype : g->floatx);
}

kt_node *kt_add_scalar(kt_graph *g, kt_node *x, double v)
{
    return kt_add(g, x, scalar_for(g, x, v));
}

kt_node *kt_mul_scalar(kt_graph *g, kt_node *x, double v)
{
    return kt_mul(g, x, scalar_for(g, x, v));
}

const kt_op_type *const kt_ops_binary[] = {&kt_op_binary, NULL};
