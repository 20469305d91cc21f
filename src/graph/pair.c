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

/* As many places to the left as there are, what falls out is lost. */
static int64_t shifted(int64_t x, int64_t places, int width)
{
    uint64_t bits = (uint64_t)x << places;

    return width == 8  ? (int64_t)(uint8_t)bits
         : width == 16 ? (int64_t)(int16_t)bits
         : width == 32 ? (int64_t)(int32_t)bits
                       : (int64_t)bits;
}

static inline int64_t whole_value(kt_pair_fn fn, int width, int64_t x, int64_t z)
{
    int64_t places = z < 0 ? 0 : z >= width ? width - 1 : z;

    switch (fn) {
    case KT_PA_AND: return x & z;
    case KT_PA_OR: return x | z;
    case KT_PA_XOR: return x ^ z;
    case KT_PA_LEFT: return shifted(x, places, width);
    case KT_PA_RIGHT: return x >> places;
    case KT_PA_GCD: return gcd(magnitude(x), magnitude(z));
    default: break;
    }
    x = magnitude(x);
    z = magnitude(z);
    int64_t divisor = gcd(x, z);
    return divisor ? shifted((int64_t)((uint64_t)x * (uint64_t)(z / divisor)), 0, width) : 0;
}

static inline double value(kt_pair_fn fn, int width, double x, double z)
{
    const double most = 9223372036854774784.0; /* the largest double below 2^63 */

    if (fn == KT_PA_NEXTAFTER)
        return nextafter(x, z);
    x = x >= -most && x <= most ? x : 0;
    z = z >= -most && z <= most ? z : 0;
    return (double)whole_value(fn, width, (int64_t)x, (int64_t)z);
}

void kt_pair_values(const kt_pair_attr *a, int64_t n, const double *x, const double *z, double *y)
{
    switch (a->fn) {
#define CASE(fn)                                    \
    case fn:                                        \
        for (int64_t i = 0; i < n; i++)             \
            y[i] = value(fn, a->width, x[i], z[i]); \
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
    case KT_PA_COUNT: break;
    }
}
