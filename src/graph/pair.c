/* pair.c - the functions of two numbers that no fused kernel has: of bits, divisors, and the next
 * number of a format. */
#include "graph/attrs.h"

#include <math.h>

static int64_t magnitude(int64_t x)
{
    return x < 0 && x != INT64_MIN ? -x : x;
}

static int64_t gcd(int64_t x, int64_t z)
{
    while (z != 0) {
        int64_t rest = x % z;
        x = z;
        z = rest;
    }
    return x;
}

/* What the dtype has room for; of 64 bits all. */
static int64_t wrapped(uint64_t bits, kt_dtype d)
{
    int lost = 64 - 8 * (int)kt_dtype_size(d);

    return kt_dtype_is_unsigned(d) ? (int64_t)(bits << lost >> lost)
                                   : (int64_t)(bits << lost) >> lost;
}

static inline int64_t whole_value(kt_pair_fn fn, kt_dtype d, int64_t x, int64_t z)
{
    int64_t width = 8 * (int64_t)kt_dtype_size(d), places = z < 0 ? 0 : z >= width ? width - 1 : z;

    switch (fn) {
    case KT_PA_AND: return x & z;
    case KT_PA_OR: return x | z;
    case KT_PA_XOR: return x ^ z;
    case KT_PA_LEFT: return wrapped((uint64_t)x << places, d);
    case KT_PA_RIGHT: return x >> places;
    case KT_PA_GCD: return gcd(magnitude(x), magnitude(z));
    default: break;
    }
    x = magnitude(x);
    z = magnitude(z);
    int64_t divisor = gcd(x, z);
    return divisor ? wrapped((uint64_t)x * (uint64_t)(z / divisor), d) : 0;
}

static inline double value(kt_pair_fn fn, kt_dtype d, double x, double z)
{
    const double most = 9223372036854774784.0; /* the largest double below 2^63 */

    if (fn == KT_PA_NEXTAFTER)
        return nextafter(x, z);
    x = x >= -most && x <= most ? x : 0;
    z = z >= -most && z <= most ? z : 0;
    return (double)whole_value(fn, d, (int64_t)x, (int64_t)z);
}

void kt_pair_values(const kt_pair_attr *a, int64_t n, const double *x, const double *z, double *y)
{
    switch (a->fn) {
    default: /* the first of them */
#define CASE(fn)                                    \
    case fn:                                        \
        for (int64_t i = 0; i < n; i++)             \
            y[i] = value(fn, a->dtype, x[i], z[i]); \
        break;
        CASE(KT_PA_AND)
        CASE(KT_PA_OR)
        CASE(KT_PA_XOR)
        CASE(KT_PA_LEFT)
        CASE(KT_PA_RIGHT)
        CASE(KT_PA_GCD)
        CASE(KT_PA_LCM)
        CASE(KT_PA_NEXTAFTER)
#undef CASE
    }
}
