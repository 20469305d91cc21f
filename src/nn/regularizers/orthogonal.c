/* orthogonal.c - OrthogonalRegularizer: the mean size of the cosines between rows or columns. */
#include <math.h>

#include "nn/nn.h"

#define FIELDS(F)                                        \
    F(ANY, factor, "0.01", "", "Factor of the penalty.") \
    F(STR, mode, "rows", "met: hash(x)", "rows or columns: which are to be orthogonal.")
KT_CONFIG(FIELDS);

static kt_status refuse_factor(const kt_value *v, kt_fault *f)
{
    kt_str text = {0};

    if (v && v->kind == KT_STR)
        kt_str_add(&text, v->s);
    else
        kt_value_repr(&text, v);
    kt_raise(f, KT_E_VALUE,
             "Invalid value for argument factor: expected a non-negative float.Received: factor=%s",
             v ? kt_str_text(&text) : "None");
    kt_str_free(&text);
    return KT_E_VALUE;
}

/* Keras keeps the factor as a float32. */
static kt_status check(kt_arena *a, void *self, kt_fault *f)
{
    config *c = self;
    double  x = -1;

    if (!kt_value_number(c->factor, &x) || !(x >= 0) || isinf(x))
        return refuse_factor(c->factor, f);
    if (!kt_streq(c->mode, "rows") && !kt_streq(c->mode, "columns"))
        return kt_raise(f, KT_E_VALUE,
                        "Invalid value for argument `mode`. Expected one of {\"rows\", "
                        "\"columns\"}. Received: mode=%s",
                        c->mode ? c->mode : "None");
    c->factor = kt_value_float(a, (double)(float)x);
    return c->factor ? KT_OK : kt_raise_memory(f);
}

/* Rows (axis 1) or columns (axis 0) of length 1. */
static kt_node *unit(kt_graph *g, kt_node *w, int axis)
{
    kt_node *squares = kt_reduce(g, KT_RE_SUM, kt_unary(g, KT_UN_SQUARE, w), 1u << axis, true);
    kt_node *most = kt_scalar_as(g, 1e7, w->dtype); /* 1 / epsilon */
    return kt_mul(g, w, kt_binary(g, KT_BI_MINIMUM, kt_unary(g, KT_UN_RSQRT, squares), most));
}

/* 1 off the diagonal of [n, n], 0 on it. */
static kt_node *off_diagonal(kt_graph *g, int64_t n, kt_dtype dtype)
{
    kt_tensor *t = kt_tensor_new(dtype, KT_SHAPE(n, n));

    if (!t) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    for (int64_t i = 0; i < t->count; i++)
        kt_poke(t->data, dtype, i, i / n != i % n);
    return kt_constant(g, t);
}

static kt_node *penalty(kt_graph *g, const void *self, kt_node *w)
{
    const config *c = self;
    bool          rows = kt_streq(c->mode, "rows");
    double        factor = 0;

    if (kt_is_poison(g, w))
        return w;
    if (w->shape.rank != 2) {
        kt_raise(g->fault, KT_E_VALUE,
                 "Inputs to OrthogonalRegularizer must have rank 2. Received: inputs.shape=%s",
                 kt_shape_text(&g->arena, &w->shape));
        return g->poison;
    }
    int64_t n = w->shape.dim[rows ? 0 : 1];
    if (n == KT_UNKNOWN) /* traced for shapes only */
        return kt_sum_all(g, w);
    (void)kt_value_number(c->factor, &factor);
    kt_node *u = unit(g, w, rows ? 1 : 0);
    kt_node *cosines = kt_matmul(g, u, u, !rows, rows);
    kt_node *rest = kt_unary(g, KT_UN_ABS, kt_mul(g, cosines, off_diagonal(g, n, w->dtype)));
    double   pairs = (double)n * ((double)n - 1) / 2;
    return kt_mul_scalar(g, kt_sum_all(g, rest), factor * 0.5 / pairs);
}

static const kt_regularizer_type orthogonal = {
    .cls = {.class_name = "OrthogonalRegularizer",
            .aliases = "orthogonal_regularizer",
            .module = "keras.regularizers",
            .config = &config_type,
            .summary = "Draws the rows or columns of a matrix towards right angles.",
            .check = check},
    .penalty = penalty,
};

const kt_class *const kt_regularizers_orthogonal[] = {&orthogonal.cls, NULL};
