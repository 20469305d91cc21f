/* taper.c - windows that taper a frame of a signal, under SciPy's names. */
#include "nn/shared/taper.h"

#include <math.h>

#define PI 3.14159265358979323846

/* Value i of m of a symmetric window. */
typedef double (*shape)(double i, double m);

/* Sums of cosines: a0 + a1 cos(x) + ... over one turn. */
static double cosines(const double *a, int n, double i, double m)
{
    double sum = 0;
    for (int k = 0; k < n; k++)
        sum += a[k] * cos(k * (-PI + 2 * PI * i / (m - 1)));
    return sum;
}

#define COSINES(id, n, ...)                       \
    static double id(double i, double m)          \
    {                                             \
        static const double a[n] = {__VA_ARGS__}; \
        return cosines(a, n, i, m);               \
    }
COSINES(hann, 2, 0.5, 0.5)
COSINES(hamming, 2, 0.54, 0.46)
COSINES(blackman, 3, 0.42, 0.5, 0.08)
COSINES(nuttall, 4, 0.3635819, 0.4891775, 0.1365995, 0.0106411)
COSINES(blackmanharris, 4, 0.35875, 0.48829, 0.14128, 0.01168)
COSINES(flattop, 5, 0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368)

static double boxcar(double i, double m)
{
    (void)i;
    (void)m;
    return 1;
}

static double bartlett(double i, double m)
{
    return i <= (m - 1) / 2 ? 2 * i / (m - 1) : 2 - 2 * i / (m - 1);
}

/* As bartlett, but the ends are not 0. */
static double triang(double i, double m)
{
    double from_end = i < m - 1 - i ? i : m - 1 - i;
    return fmod(m, 2) == 0 ? (2 * from_end + 1) / m : 2 * (from_end + 1) / (m + 1);
}

static double cosine(double i, double m)
{
    return sin(PI / m * (i + 0.5));
}

static double parzen(double i, double m)
{
    double x = fabs(i - (m - 1) / 2), u = x / (m / 2);
    return x > (m - 1) / 4 ? 2 * pow(1 - u, 3) : 1 - 6 * u * u + 6 * u * u * u;
}

static double bohman(double i, double m)
{
    double x = fabs(-1 + 2 * i / (m - 1));
    return i <= 0 || i >= m - 1 ? 0 : (1 - x) * cos(PI * x) + sin(PI * x) / PI;
}

static double barthann(double i, double m)
{
    double x = fabs(i / (m - 1) - 0.5);
    return 0.62 - 0.48 * x + 0.38 * cos(2 * PI * x);
}

static const struct {
    const char *name, *other, *third;
    shape       at;
} tapers[] = {
    {"hann", "hanning", "han", hann},
    {"hamming", "hamm", "ham", hamming},
    {"blackman", "black", "blk", blackman},
    {"nuttall", "nutl", "nut", nuttall},
    {"blackmanharris", "blackharr", "bkh", blackmanharris},
    {"flattop", "flat", "flt", flattop},
    {"boxcar", "box", "ones", boxcar},
    {"rectangular", "rect", "rect", boxcar},
    {"bartlett", "bart", "brt", bartlett},
    {"triang", "triangle", "tri", triang},
    {"cosine", "halfcosine", "halfcosine", cosine},
    {"parzen", "parz", "par", parzen},
    {"bohman", "bman", "bmn", bohman},
    {"barthann", "brthan", "bth", barthann},
};

static shape find(const char *name)
{
    for (size_t i = 0; i < KT_COUNT(tapers); i++)
        if (kt_streq(tapers[i].name, name) || kt_streq(tapers[i].other, name) ||
            kt_streq(tapers[i].third, name))
            return tapers[i].at;
    return NULL;
}

bool kt_taper_known(const char *name)
{
    return find(name) != NULL;
}

void kt_taper(const char *name, int64_t n, bool periodic, double *out)
{
    shape  at = find(name);
    double m = (double)n + periodic; /* a periodic window is one value short of a symmetric one */

    for (int64_t i = 0; i < n; i++)
        out[i] = n == 1 || !at ? 1 : at((double)i, m);
}
