/* philox.c - Philox 4x32-10, and TensorFlow's stateless generators as Keras calls them. */
#include "base/base.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { ROUNDS = 10 };

void kt_philox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4])
{
    uint32_t k0 = key[0], k1 = key[1];
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t a = (uint64_t)c0 * UINT32_C(0xD2511F53);
        uint64_t b = (uint64_t)c2 * UINT32_C(0xCD9E8D57);
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += UINT32_C(0x9E3779B9);
        k1 += UINT32_C(0xBB67AE85);
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

/* --- seeds --------------------------------------------------------------------------------- */

int64_t kt_default_seed(kt_mt *python)
{
    return kt_mt_randint_python(python, 1, 1000000000);
}

void kt_seed_next(int64_t state[2], bool ordered, int64_t out[2])
{
    out[0] = state[0];
    out[1] = state[1];
    if (ordered) {
        state[1] = (int64_t)((uint64_t)state[1] + 1);
        return;
    }
    for (int i = 0; i < 2; i++) {
        int64_t next = (int64_t)(((uint64_t)state[i] + 1) * 5387) % 933199;
        state[i] = next < 0 ? next + 933199 : next;
    }
}

/* --- streams ------------------------------------------------------------------------------- */

/* What a call draws from: block i has the counter {i, high}. The numbers are scaled, then moved. */
typedef struct kt_stream {
    uint32_t key[2], high[2];
    float    scale, offset;
    int64_t  n;
    float   *out;
} kt_stream;

/* Keras takes seeds modulo this number to make them int32. */
#define SEED_MODULUS (INT64_C(0x7FFFFFFF) - 1)

/* TensorFlow hashes the seed by Philox itself, so that near seeds give unlike numbers. */
void kt_stateless_key(const int64_t seed[2], uint32_t key[2], uint32_t high[2])
{
    static const uint32_t hash[2] = {UINT32_C(0x3EC8F720), UINT32_C(0x02461E29)};
    uint32_t              counter[4] = {0}, mixed[4];
    for (int i = 0; i < 2; i++) {
        int64_t word = seed[i] % SEED_MODULUS;
        counter[2 * i] = (uint32_t)(word < 0 ? word + SEED_MODULUS : word);
    }
    kt_philox(hash, counter, mixed);
    memcpy(key, mixed, sizeof(uint32_t[2]));
    memcpy(high, mixed + 2, sizeof(uint32_t[2]));
}

static kt_stream start(const int64_t seed[2], float scale, float offset, int64_t n, float *out)
{
    kt_stream s = {.scale = scale, .offset = offset, .n = n, .out = out};
    kt_stateless_key(seed, s.key, s.high);
    return s;
}

static void block(const kt_stream *s, uint64_t index, uint32_t out[4])
{
    const uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32), s->high[0], s->high[1]};
    kt_philox(s->key, counter, out);
}

/* Writes the numbers of group g, four of them but for the last group. */
static void put(const kt_stream *s, int64_t g, const float x[4])
{
    int64_t rest = s->n - 4 * g;
    for (int64_t i = 0; i < 4 && i < rest; i++) {
        float scaled = x[i] * s->scale; /* rounded by itself, as TensorFlow's two operations do */
        s->out[4 * g + i] = scaled + s->offset;
    }
}

/* Runs `body` over the groups of four. Each is found by its counter, so threads change nothing. */
static void run(kt_stream *s, int64_t grain, void (*body)(void *, int64_t, int64_t))
{
    kt_parallel(s->n / 4 + (s->n % 4 > 0), grain, body, s);
}

/* [0, 1): 23 bits as the fraction of a float in [1, 2). */
static float unit(uint32_t x)
{
    uint32_t bits = (x & UINT32_C(0x7FFFFF)) | UINT32_C(0x3F800000);
    float    f;
    memcpy(&f, &bits, sizeof f);
    return f - 1.0f;
}

/* Two numbers of the normal distribution from two words, by Box and Muller. */
static void normal_pair(uint32_t x0, uint32_t x1, float out[2])
{
    float u = unit(x0);
    float angle = (float)(2.0 * 3.14159265358979323846 * (double)unit(x1));
    float radius = sqrtf(-2.0f * logf(u < 1.0e-7f ? 1.0e-7f : u));
    out[0] = sinf(angle) * radius;
    out[1] = cosf(angle) * radius;
}

/* --- distributions ------------------------------------------------------------------------- */

static void uniform_groups(void *ctx, int64_t begin, int64_t end)
{
    const kt_stream *s = ctx;
    for (int64_t g = begin; g < end; g++) {
        uint32_t words[4];
        block(s, (uint64_t)g, words);
        const float x[4] = {unit(words[0]), unit(words[1]), unit(words[2]), unit(words[3])};
        put(s, g, x);
    }
}

void kt_stateless_uniform(const int64_t seed[2], float lo, float hi, int64_t n, float *out)
{
    kt_stream s = start(seed, hi - lo, lo, n, out);
    run(&s, 4096, uniform_groups);
}

static void normal_groups(void *ctx, int64_t begin, int64_t end)
{
    const kt_stream *s = ctx;
    for (int64_t g = begin; g < end; g++) {
        uint32_t words[4];
        float    x[4];
        block(s, (uint64_t)g, words);
        normal_pair(words[0], words[1], x);
        normal_pair(words[2], words[3], x + 2);
        put(s, g, x);
    }
}

void kt_stateless_normal(const int64_t seed[2], float mean, float stddev, int64_t n, float *out)
{
    kt_stream s = start(seed, stddev, mean, n, out);
    run(&s, 1024, normal_groups);
}

/* TensorFlow sets 256 blocks aside for each group of four, enough to redraw what falls outside. */
enum { BLOCKS_PER_GROUP = 256 };

static void truncated_groups(void *ctx, int64_t begin, int64_t end)
{
    const kt_stream *s = ctx;
    for (int64_t g = begin; g < end; g++) {
        uint64_t index = (uint64_t)g * BLOCKS_PER_GROUP;
        uint32_t words[4];
        float    x[4];
        int      n = 0;
        for (int at = 0; n < 4; at = (at + 2) % 4) {
            if (at == 0) {
                block(s, index++, words);
            }
            float pair[2];
            normal_pair(words[at], words[at + 1], pair);
            for (int i = 0; i < 2 && n < 4; i++) {
                if (fabsf(pair[i]) < 2.0f) {
                    x[n++] = pair[i];
                }
            }
        }
        put(s, g, x);
    }
}

void kt_stateless_truncated_normal(const int64_t seed[2], float mean, float stddev, int64_t n,
                                   float *out)
{
    kt_stream s = start(seed, stddev, mean, n, out);
    run(&s, 1024, truncated_groups);
}

void kt_stateless_whole(const int64_t seed[2], int64_t lo, int64_t hi, int width, int64_t n,
                        double *out)
{
    kt_stream      s = start(seed, 1, 0, n, NULL);
    const uint64_t range = (uint64_t)hi - (uint64_t)lo;
    const int64_t  per_block = width == 64 ? 2 : 4;

    for (int64_t g = 0; g * per_block < n; g++) {
        uint32_t words[4];
        block(&s, (uint64_t)g, words);
        for (int64_t i = 0; i < per_block && g * per_block + i < n; i++) {
            uint64_t x = width == 64 ? words[2 * i] | (uint64_t)words[2 * i + 1] << 32 : words[i];
            out[g * per_block + i] = (double)(lo + (int64_t)(x % range));
        }
    }
}

/* --- the gamma distribution, in double (Marsaglia and Tsang 2000) --- */

/* What one number is drawn from: blocks of its own, handed out two uniform or two normal numbers at
 * a time, each pair from its end. */
typedef struct kt_draws {
    const kt_stream *s;
    uint64_t         index;
    int              n_uniform, n_normal;
    double           uniform[2], normal[2];
} kt_draws;

/* [0, 1): 52 bits. */
static double unit_double(uint32_t high, uint32_t low)
{
    uint64_t bits = UINT64_C(1023) << 52 | (uint64_t)(high & UINT32_C(0xFFFFF)) << 32 | low;
    double   x;
    memcpy(&x, &bits, sizeof x);
    return x - 1.0;
}

static double next_uniform(kt_draws *d)
{
    if (d->n_uniform == 0) {
        uint32_t w[4];
        block(d->s, d->index++, w);
        d->uniform[0] = unit_double(w[0], w[1]);
        d->uniform[1] = unit_double(w[2], w[3]);
        d->n_uniform = 2;
    }
    return d->uniform[--d->n_uniform];
}

static double next_normal(kt_draws *d)
{
    if (d->n_normal == 0) {
        uint32_t w[4];
        block(d->s, d->index++, w);
        double u = unit_double(w[0], w[1]),
               angle = 2 * 3.14159265358979323846 * unit_double(w[2], w[3]);
        double radius = sqrt(-2.0 * log(u < 1.0e-7 ? 1.0e-7 : u));
        d->normal[0] = sin(angle) * radius;
        d->normal[1] = cos(angle) * radius;
        d->n_normal = 2;
    }
    return d->normal[--d->n_normal];
}

static double gamma_of(kt_draws *draws, double alpha)
{
    if (alpha == 1)
        return -log1p(-next_uniform(draws));
    double d = alpha + (alpha < 1 ? 2.0 / 3 : -1.0 / 3), c = 1.0 / 3 / sqrt(d);
    for (;;) {
        double x = next_normal(draws), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        double u = next_uniform(draws);
        if (u < 1 - 0.0331 * (x * x) * (x * x) || log(u) < 0.5 * x * x + d * (1 - v + log(v)))
            return alpha < 1 ? d * v * pow(next_uniform(draws), 1 / alpha) : d * v;
    }
}

void kt_stateless_gamma(const int64_t seed[2], const double *alpha, int64_t n, double *out)
{
    kt_stream s = start(seed, 1, 0, n, NULL);

    for (int64_t i = 0; i < n; i++) {
        kt_draws d = {.s = &s, .index = (uint64_t)i * BLOCKS_PER_GROUP};
        float    x = alpha[i] > 0 ? (float)gamma_of(&d, alpha[i]) : NAN;
        out[i] = (double)(x < FLT_MIN ? FLT_MIN : x);
    }
}

/* --- numbers of another width than float ------------------------------------------------------ */

/* [0, 1): the low bits of a word as a fraction of this many bits. */
static double unit_short(uint32_t x, int bits)
{
    return (double)(x & ((UINT32_C(1) << bits) - 1)) / (double)(UINT32_C(1) << bits);
}

/* The numbers of one block: two doubles, or four of 16 bits. Returns how many. */
static int numbers_of(const uint32_t w[4], bool normal, int bits, double x[4])
{
    if (bits == 52 && normal) {
        double u = unit_double(w[0], w[1]),
               angle = 2 * 3.14159265358979323846 * unit_double(w[2], w[3]);
        double radius = sqrt(-2.0 * log(u < 1.0e-7 ? 1.0e-7 : u));
        x[0] = sin(angle) * radius;
        x[1] = cos(angle) * radius;
        return 2;
    }
    for (int i = 0; i < 2; i++) {
        float pair[2];
        if (bits == 52) {
            x[i] = unit_double(w[2 * i], w[2 * i + 1]);
        } else if (normal) {
            normal_pair(w[2 * i], w[2 * i + 1], pair);
            x[2 * i] = (double)pair[0];
            x[2 * i + 1] = (double)pair[1];
        } else {
            x[2 * i] = unit_short(w[2 * i], bits);
            x[2 * i + 1] = unit_short(w[2 * i + 1], bits);
        }
    }
    return bits == 52 ? 2 : 4;
}

void kt_stateless_numbers(const int64_t seed[2], kt_distribution d, int bits, int64_t n,
                          double *out)
{
    kt_stream      s = start(seed, 1, 0, n, NULL);
    const int64_t  group = bits == 52 ? 2 : 4;
    const uint64_t apart = d == KT_TRUNCATED ? (uint64_t)group * 64 : 1;

    for (int64_t g = 0; g * group < n; g++) {
        uint64_t index = (uint64_t)g * apart;
        for (int64_t i = 0; i < group;) {
            uint32_t w[4];
            double   x[4];
            block(&s, index++, w);
            int m = numbers_of(w, d != KT_UNIFORM, bits, x);
            for (int k = 0; k < m && i < group; k++) {
                if (d == KT_TRUNCATED && !(fabs(x[k]) < 2))
                    continue;
                if (g * group + i < n)
                    out[g * group + i] = x[k];
                i++;
            }
        }
    }
}
