/* scalar.c - one step of an element-wise chain on one number, in double and rounded to its dtype:
 * for what is the same for all elements. */
#include "backend/cpu/program.h"

#include <math.h>

static double unary(const kt_point_step *s, double x)
{
    const double a = s->a, b = s->b;

    (void)a, (void)b;
    switch ((kt_unary_fn)s->fn) {
    default: /* the first of the list */
#define CASE(name, value, slope, from) \
    case KT_UN_##name: return value;
        KT_UNARY_LIST(CASE)
#undef CASE
    }
}

/* v is the function's argument or value, whichever its slope is written in. */
static double slope(const kt_point_step *s, double v)
{
    const double a = s->a, b = s->b, x = v, y = v;

    (void)a, (void)b, (void)x, (void)y;
    switch ((kt_unary_fn)s->fn) {
    default: /* the first of the list */
#define CASE(name, value, slope, from) \
    case KT_UN_##name: return slope;
        KT_UNARY_LIST(CASE)
#undef CASE
    }
}

static double binary(const kt_point_step *s, double x, double z)
{
    switch ((kt_binary_fn)s->fn) {
    default:
#define CASE(name, value) \
    case KT_BI_##name: return value;
        KT_BINARY_LIST(CASE)
#undef CASE
    }
}

static double apply(const kt_point_step *s, const double *reg)
{
    double x = reg[s->x];

    switch (s->kind) {
    case KT_PT_UNARY: return unary(s, x);
    case KT_PT_UNARY_GRAD: return reg[s->z] * slope(s, x);
    case KT_PT_BINARY: return binary(s, x, reg[s->z]);
    case KT_PT_SELECT: return x != 0 ? reg[s->z] : reg[s->w];
    case KT_PT_CAST: break;
    }
    return x;
}

double kt_program_scalar(const kt_point_step *s, const double *reg)
{
    double y = apply(s, reg);

    if (s->dtype == KT_BOOLEAN)
        return y != 0;
    if (s->dtype == KT_F32)
        return (double)(float)y;
    return kt_dtype_is_float(s->dtype) ? y : trunc(y);
}
