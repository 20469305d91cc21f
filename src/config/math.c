/* math.c - Python's arithmetic on the numbers of an expression.
 *
 * Integers stay integers and round toward minus infinity; what does not fit 64 bits is an error,
 * not a wrong number. */
#include <math.h>

#include "config/expr.h"
#include "config/rules.h"

static bool is_number(const kt_value *v)
{
    return v->kind == KT_INT || v->kind == KT_FLOAT || v->kind == KT_BOOL;
}

static double real(const kt_value *v)
{
    double x = 0;
    return kt_value_number(v, &x) ? x : 0;
}

static int64_t whole(const kt_value *v)
{
    return v->kind == KT_BOOL ? (int64_t)v->b : v->i;
}

static kt_value *make_int(kt__reader *r, int64_t i)
{
    return kt__expr_made(r, kt_value_int(r->arena, i));
}

static kt_value *make_float(kt__reader *r, double x)
{
    return kt__expr_made(r, kt_value_float(r->arena, x));
}

static kt_value *too_large(kt__reader *r, const char *where)
{
    return kt__expr_fail(r, where, "integers have 64 bits here; write it as a float, such as 1e20",
                         "the result is too large");
}

/* False on overflow. */
static bool int_power(int64_t base, int64_t exponent, int64_t *out)
{
    int64_t result = 1;
    bool    over = false;

    while (exponent > 0) {
        if (exponent & 1)
            over |= __builtin_mul_overflow(result, base, &result);
        exponent >>= 1;
        if (exponent > 0)
            over |= __builtin_mul_overflow(base, base, &base);
    }
    *out = result;
    return !over;
}

static int64_t floor_divide(int64_t x, int64_t y)
{
    return x / y - (x % y != 0 && (x < 0) != (y < 0));
}

static int64_t modulo(int64_t x, int64_t y)
{
    int64_t rest = x % y;
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

static kt_value *of_ints(kt__reader *r, const char *where, const char *op, int64_t x, int64_t y)
{
    int64_t z = 0;
    bool    fits = true;

    if (op[0] == '+')
        fits = !__builtin_add_overflow(x, y, &z);
    else if (op[0] == '-')
        fits = !__builtin_sub_overflow(x, y, &z);
    else if (op[0] == '%')
        z = modulo(x, y);
    else if (op[0] == '/')
        z = floor_divide(x, y);
    else if (op[1] == '*')
        fits = int_power(x, y, &z);
    else
        fits = !__builtin_mul_overflow(x, y, &z);
    /* Without the smallest integer every other one can be negated. */
    return fits && z != INT64_MIN ? make_int(r, z) : too_large(r, where);
}

static double real_modulo(double x, double y)
{
    double rest = fmod(x, y);
    if (rest == 0)
        return copysign(0, y);
    return (rest < 0) != (y < 0) ? rest + y : rest;
}

/* From the remainder, as Python does: 1 // 0.1 is 9, although 1 / 0.1 is 10. */
static double real_floor_divide(double x, double y)
{
    double quotient = (x - real_modulo(x, y)) / y, down = floor(quotient);
    return quotient - down > 0.5 ? down + 1 : down;
}

static double of_reals(const char *op, double x, double y)
{
    switch (op[0]) {
    case '+': return x + y;
    case '-': return x - y;
    case '%': return real_modulo(x, y);
    case '/': return op[1] ? real_floor_divide(x, y) : x / y;
    default: return op[1] ? pow(x, y) : x * y;
    }
}

static bool is_power(const char *op)
{
    return op[0] == '*' && op[1] == '*';
}

kt_value *kt__binary(kt__reader *r, const char *where, const char *op, const kt_value *x,
                     const kt_value *y)
{
    if (!is_number(x) || !is_number(y))
        return kt__expr_fail(r, where, "only numbers can be calculated with",
                             "'%s' does not work on %s and %s", op, kt__type_name(x),
                             kt__type_name(y));

    bool ints = x->kind != KT_FLOAT && y->kind != KT_FLOAT;
    bool divides = op[0] == '/' || op[0] == '%';
    if ((divides && real(y) == 0) || (is_power(op) && real(x) == 0 && real(y) < 0))
        return kt__expr_fail(r, where, NULL, "division by zero");
    if (ints && !(op[0] == '/' && !op[1]) && !(is_power(op) && whole(y) < 0))
        return of_ints(r, where, op, whole(x), whole(y));

    double z = of_reals(op, real(x), real(y));
    bool   finite = isfinite(real(x)) && isfinite(real(y));
    if (is_power(op) && finite && isnan(z))
        return kt__expr_fail(r, where, NULL, "the result is a complex number");
    if (is_power(op) && finite && isinf(z))
        return kt__expr_fail(r, where, NULL, "the result is too large");
    return make_float(r, z);
}

kt_value *kt__negate(kt__reader *r, const char *where, const kt_value *x)
{
    if (!is_number(x))
        return kt__expr_fail(r, where, NULL, "'-' does not work on %s", kt__type_name(x));
    if (x->kind == KT_FLOAT)
        return make_float(r, -x->f);
    return make_int(r, -whole(x));
}
