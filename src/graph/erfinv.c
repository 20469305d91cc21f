/* erfinv.c - the inverse of the error function. */
#include "graph/attrs.h"

#include <math.h>

/* Winitzki's approximation (2008), then Newton's steps on erf, each of which doubles the digits. */
double kt_erfinv(double v)
{
    static const double a = 0.147, pi = 3.14159265358979323846;
    double              w = fabs(v);

    if (!(w < 1) || w == 0)
        return w == 1 ? copysign(HUGE_VAL, v) : w == 0 ? v : NAN;
    double l = log1p(-w * w), t = 2 / (pi * a) + l / 2;
    double x = sqrt(sqrt(t * t - l / a) - t);

    for (int i = 0; i < 4; i++) {
        double off = w < 0.5 ? w - erf(x) : erfc(x) - (1 - w); /* digits left near 0 and near 1 */
        x += off / (2 / sqrt(pi) * exp(-x * x));
    }
    return copysign(x, v);
}
