/* bessel.c - modified Bessel functions of the first kind. */
#include "graph/attrs.h"

#include <math.h>

/* The power series, (x / 2)^order times the sum of (x^2 / 4)^k / (k! (k + order)!): all of its
 * terms have one sign, so no digit is lost. From 714 on the value is beyond float64. */
double kt_bessel_i(int order, double x)
{
    double quarter = x * x / 4, term = order ? x / 2 : 1, sum = term;

    if (!(fabs(x) < 714))
        return x != x ? x : order && x < 0 ? -HUGE_VAL : HUGE_VAL;
    for (int k = 1; k < 2000 && fabs(term) > 1e-18 * fabs(sum); k++) {
        term *= quarter / ((double)k * (k + order));
        sum += term;
    }
    return sum;
}
