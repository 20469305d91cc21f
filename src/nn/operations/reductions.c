/* reductions.c - operations that make one number of all elements along axes. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <math.h>

/* Keras' get_config of these has one of three sets of fields. */
#define PLAIN(F, T)                                                              \
    F(T, INTS, axis, "None", "met: range(x[i])", "The axes; None: all of them.") \
    F(T, BOOL, keepdims, "False", "", "Keep them, as axes of 1.")
KT_CONFIG_OF(plain, PLAIN);
#define WITH_INITIAL(F, T) PLAIN(F, T) F(T, ANY, initial, "None", "float", "Counts as one more.")
KT_CONFIG_OF(with_initial, WITH_INITIAL);
#define WITH_DTYPE(F, T) PLAIN(F, T) F(T, STR, dtype, "None", "", "Of the result.")
KT_CONFIG_OF(with_dtype, WITH_DTYPE);
#define AXIS_ONLY(F, T) F(T, INTS, axis, "None", "met: range(x[i])", "The axes; None: all of them.")
KT_CONFIG_OF(axis_only, AXIS_ONLY);

/* What is to be reduced; x is poison where something is wrong. */
typedef struct reduction {
    kt_graph *g;
    kt_node  *x;
    unsigned  axes;
    bool      keepdims;
} reduction;

static bool keepdims(const kt_layer *self)
{
    return self->type->cls.config != &axis_only_type && ((const plain *)self->config)->keepdims;
}

static reduction begin(kt_layer *self, kt_call *c)
{
    const kt_ints *axis = &((const axis_only *)self->config)->axis;
    reduction      r = {.g = c->g, .x = kt_tensor_of(self, c, 0)};

    r.keepdims = keepdims(self);
    if (!kt_axes_mask(c->g, &r.x->shape, axis, &r.axes))
        r.x = c->g->poison;
    return r;
}

static kt_node *reduced(const reduction *r, kt_reduce_fn fn, kt_node *x)
{
    return kt_reduce(r->g, fn, x, r->axes, r->keepdims);
}

/* With the axes kept, to be broadcast against x. */
static kt_node *spread(const reduction *r, kt_reduce_fn fn, kt_node *x)
{
    return kt_reduce(r->g, fn, x, r->axes, true);
}

static kt_node *real(const reduction *r)
{
    return kt_cast(r->g, r->x, kt_real_dtype(r->x->dtype));
}

/* Sums of booleans are integers; those of few bits have 32. */
static kt_node *countable(const reduction *r)
{
    return kt_cast(r->g, r->x, kt_sum_dtype(r->x->dtype));
}

/* --- rows of kt_reduce_fn --- */

static void sum(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);
    kt_dtype  dtype;

    kt_node *y = reduced(&r, (kt_reduce_fn)self->type->variant, countable(&r));
    if (self->type->cls.config == &with_dtype_type) {
        const char *name = ((const with_dtype *)self->config)->dtype;
        y = name && kt_dtype_parse(name, &dtype) ? kt_cast(c->g, y, dtype) : y;
    }
    c->out[0] = y;
}

static void mean(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);

    c->out[0] = reduced(&r, KT_RE_MEAN, real(&r));
}

static void extremum(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);
    bool      most = self->type->variant == KT_RE_MAX;
    double    initial;

    c->out[0] = reduced(&r, (kt_reduce_fn)self->type->variant, r.x);
    if (self->type->cls.config == &with_initial_type &&
        kt_value_number(((const with_initial *)self->config)->initial, &initial))
        c->out[0] = kt_binary(c->g, most ? KT_BI_MAXIMUM : KT_BI_MINIMUM, c->out[0],
                              kt_scalar_as(c->g, initial, r.x->dtype));
}

/* any is the sum, all the product of zeros and ones, also of none. */
static void truth(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);
    kt_node  *x = kt_cast(c->g, kt_cast(c->g, r.x, KT_BOOLEAN), KT_I32);

    c->out[0] = kt_cast(c->g, reduced(&r, (kt_reduce_fn)self->type->variant, x), KT_BOOLEAN);
}

/* --- compositions --- */

static void count_nonzero(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);

    c->out[0] = reduced(&r, KT_RE_SUM, kt_cast(c->g, kt_cast(c->g, r.x, KT_BOOLEAN), KT_I32));
}

static void ptp(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);

    c->out[0] = kt_sub(c->g, reduced(&r, KT_RE_MAX, r.x), reduced(&r, KT_RE_MIN, r.x));
}

static kt_node *variance(const reduction *r, kt_node *x)
{
    kt_node *off = kt_sub(r->g, x, spread(r, KT_RE_MEAN, x));

    return reduced(r, KT_RE_MEAN, kt_unary(r->g, KT_UN_SQUARE, off));
}

static void var(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);

    c->out[0] = variance(&r, real(&r));
}

static void std_(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);

    c->out[0] = kt_unary(c->g, KT_UN_SQRT, variance(&r, real(&r)));
}

/* log(sum(exp(x))), with the largest number taken out. */
static void logsumexp(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);
    kt_node  *x = real(&r), *most = kt_stop_gradient(c->g, spread(&r, KT_RE_MAX, x));
    kt_node  *total = reduced(&r, KT_RE_SUM, kt_unary(c->g, KT_UN_EXP, kt_sub(c->g, x, most)));
    kt_node  *back = r.keepdims ? most : reduced(&r, KT_RE_MAX, most);

    c->out[0] = kt_add(c->g, kt_unary(c->g, KT_UN_LOG, total), back);
}

/* --- without what is no number --- */

static kt_node *without_nan(const reduction *r, kt_node *x, double instead)
{
    if (!kt_dtype_is_float(x->dtype))
        return x;
    return kt_select(r->g, kt_unary(r->g, KT_UN_IS_NAN, x), kt_scalar_as(r->g, instead, x->dtype),
                     x);
}

/* How many numbers there are, as real numbers. */
static kt_node *numbers(const reduction *r, kt_node *x, bool keep)
{
    kt_node *valid = kt_unary(r->g, KT_UN_NOT, kt_unary(r->g, KT_UN_IS_NAN, x));

    return kt_reduce(r->g, KT_RE_SUM, kt_cast(r->g, valid, x->dtype), r->axes, keep);
}

static void nan_sum(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);
    bool      product = self->type->variant == KT_RE_PROD;

    c->out[0] = reduced(&r, (kt_reduce_fn)self->type->variant,
                        without_nan(&r, countable(&r), product ? 1 : 0));
}

/* nan where there is no number at all. */
static void nan_extremum(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);
    bool      most = self->type->variant == KT_RE_MAX;
    kt_node  *y = reduced(&r, (kt_reduce_fn)self->type->variant,
                          without_nan(&r, r.x, most ? -HUGE_VAL : HUGE_VAL));

    c->out[0] = y;
    if (!kt_dtype_is_float(r.x->dtype))
        return;
    kt_node *none = kt_binary(c->g, KT_BI_EQUAL, numbers(&r, r.x, r.keepdims),
                              kt_scalar_as(c->g, 0, r.x->dtype));
    c->out[0] = kt_select(c->g, none, kt_scalar_as(c->g, NAN, r.x->dtype), y);
}

static void nan_mean(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);
    kt_node  *x = real(&r);

    c->out[0] = kt_div(c->g, reduced(&r, KT_RE_SUM, without_nan(&r, x, 0)),
                       numbers(&r, x, r.keepdims));
}

static kt_node *nan_variance(const reduction *r)
{
    kt_node *x = real(r), *kept = without_nan(r, x, 0);
    kt_node *middle = kt_div(r->g, spread(r, KT_RE_SUM, kept), numbers(r, x, true));
    kt_node *off = without_nan(r, kt_unary(r->g, KT_UN_SQUARE, kt_sub(r->g, x, middle)), 0);

    return kt_div(r->g, reduced(r, KT_RE_SUM, off), numbers(r, x, r->keepdims));
}

static void nan_var(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);

    c->out[0] = nan_variance(&r);
}

static void nan_std(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);

    c->out[0] = kt_unary(c->g, KT_UN_SQRT, nan_variance(&r));
}

/* --- places --- */

/* Of the largest element (variant 1) or the smallest (-1), the first of equals; of all elements
 * where there is no axis. */
static kt_node *place_of(kt_layer *self, kt_call *c, kt_node *x)
{
    const plain *cfg = self->config;
    int          rank = x->shape.rank;

    if (x->dtype == KT_BOOLEAN || kt_dtype_is_unsigned(x->dtype)) /* has no numbers below 0 */
        x = kt_cast(c->g, x, KT_I64);
    x = self->type->variant < 0 ? kt_unary(c->g, KT_UN_NEG, x) : x;
    x = cfg->axis.n ? x : kt_reshape(c->g, x, KT_SHAPE(KT_UNKNOWN));
    kt_node *y = kt_cast(c->g, kt_argmax(c->g, x, cfg->axis.n ? (int)cfg->axis.v[0] : 0), KT_I32);
    if (cfg->keepdims && cfg->axis.n) {
        int64_t axis = cfg->axis.v[0] < 0 ? cfg->axis.v[0] + rank : cfg->axis.v[0];
        y = kt_expand_dims(c->g, y, (int)axis);
    }
    for (int i = 0; cfg->keepdims && !cfg->axis.n && i < rank; i++)
        y = kt_expand_dims(c->g, y, 0);
    return y;
}

static void place(kt_layer *self, kt_call *c)
{
    c->out[0] = place_of(self, c, kt_tensor_of(self, c, 0));
}

/* The same of what is a number; -1 where there is none. */
static void nan_place(kt_layer *self, kt_call *c)
{
    reduction r = begin(self, c);
    bool      real_ = kt_dtype_is_float(r.x->dtype);
    kt_node  *x = without_nan(&r, r.x, self->type->variant < 0 ? HUGE_VAL : -HUGE_VAL);

    c->out[0] = place_of(self, c, x);
    if (!real_)
        return;
    kt_node *none = kt_binary(c->g, KT_BI_EQUAL, numbers(&r, r.x, r.keepdims),
                              kt_scalar_as(c->g, 0, r.x->dtype));
    c->out[0] = kt_select(c->g, none, kt_scalar_as(c->g, -1, KT_I32), c->out[0]);
}

/* All of the configurations begin with the axes. */
static int infer(kt_layer *self, kt_call *c, kt_result *out)
{
    bool places = self->type->call == place || self->type->call == nan_place;

    out[0].dtype = places ? KT_I32 : out[0].dtype;
    return kt_infer_reduced(self, c, &((const axis_only *)self->config)->axis, keepdims(self), out);
}

#define ROWS(F)                                                                    \
    F(Sum, numpy, &plain_type, "x", sum, KT_RE_SUM, .infer = infer)                \
    F(Prod, numpy, &with_dtype_type, "x", sum, KT_RE_PROD, .infer = infer)         \
    F(Mean, numpy, &plain_type, "x", mean, 0, .infer = infer)                      \
    F(Amax, numpy, &plain_type, "x", extremum, KT_RE_MAX, .infer = infer)          \
    F(Amin, numpy, &plain_type, "x", extremum, KT_RE_MIN, .infer = infer)          \
    F(Max, numpy, &with_initial_type, "x", extremum, KT_RE_MAX, .infer = infer)    \
    F(Min, numpy, &with_initial_type, "x", extremum, KT_RE_MIN, .infer = infer)    \
    F(Any, numpy, &plain_type, "x", truth, KT_RE_SUM, .infer = infer)              \
    F(All, numpy, &plain_type, "x", truth, KT_RE_PROD, .infer = infer)             \
    F(CountNonzero, numpy, &axis_only_type, "x", count_nonzero, 0, .infer = infer) \
    F(Ptp, numpy, &plain_type, "x", ptp, 0, .infer = infer)                        \
    F(Var, numpy, &plain_type, "x", var, 0, .infer = infer)                        \
    F(Std, numpy, &plain_type, "x", std_, 0, .infer = infer)                       \
    F(Logsumexp, math, &plain_type, "x", logsumexp, 0, .infer = infer)             \
    F(Nansum, numpy, &plain_type, "x", nan_sum, KT_RE_SUM, .infer = infer)         \
    F(Nanprod, numpy, &plain_type, "x", nan_sum, KT_RE_PROD, .infer = infer)       \
    F(Nanmax, numpy, &plain_type, "x", nan_extremum, KT_RE_MAX, .infer = infer)    \
    F(Nanmin, numpy, &plain_type, "x", nan_extremum, KT_RE_MIN, .infer = infer)    \
    F(Nanmean, numpy, &plain_type, "x", nan_mean, 0, .infer = infer)               \
    F(Nanvar, numpy, &plain_type, "x", nan_var, 0, .infer = infer)                 \
    F(Nanstd, numpy, &plain_type, "x", nan_std, 0, .infer = infer)                 \
    F(Argmax, numpy, &plain_type, "x", place, 1, .infer = infer)                   \
    F(Argmin, numpy, &plain_type, "x", place, -1, .infer = infer)                  \
    F(Nanargmax, numpy, &plain_type, "x", nan_place, 1, .infer = infer)            \
    F(Nanargmin, numpy, &plain_type, "x", nan_place, -1, .infer = infer)
KT_OPERATIONS(reductions, ROWS);
