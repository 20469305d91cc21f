/* mt19937.c - the Mersenne twister as NumPy's RandomState and Python's random use it. */
#include "base/base.h"

#include <math.h>

enum { WORDS = 624, MIDDLE = 397 };

/* --- seeding ------------------------------------------------------------------------------- */

void kt_mt_seed(kt_mt *r, uint32_t seed)
{
    r->key[0] = seed;
    for (uint32_t i = 1; i < WORDS; i++) {
        uint32_t before = r->key[i - 1];
        r->key[i] = UINT32_C(1812433253) * (before ^ before >> 30) + i;
    }
    r->pos = WORDS;
    r->has_gauss = false;
    r->gauss = 0;
}

/* One step of seeding by array: word i takes up its neighbour; the last word is also the first. */
static uint32_t stir(kt_mt *r, uint32_t i, uint32_t factor, uint32_t more, bool add)
{
    uint32_t before = r->key[i - 1];
    uint32_t mixed = r->key[i] ^ (before ^ before >> 30) * factor;
    r->key[i] = add ? mixed + more : mixed - more;
    if (i + 1 < WORDS) {
        return i + 1;
    }
    r->key[0] = r->key[WORDS - 1];
    return 1;
}

/* Python seeds by the array of the 32-bit digits of the number, lowest first. */
void kt_mt_seed_python(kt_mt *r, uint64_t seed)
{
    const uint32_t digits[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t       n = digits[1] ? 2 : 1;
    kt_mt_seed(r, 19650218);
    uint32_t i = 1;
    for (uint32_t k = 0; k < WORDS; k++) {
        i = stir(r, i, 1664525, digits[k % n] + k % n, true);
    }
    for (uint32_t k = 1; k < WORDS; k++) {
        i = stir(r, i, 1566083941, i, false);
    }
    r->key[0] = UINT32_C(0x80000000);
}

/* --- numbers ------------------------------------------------------------------------------- */

/* The next 624 words. */
static void turn(kt_mt *r)
{
    for (int i = 0; i < WORDS; i++) {
        uint32_t joined = (r->key[i] & UINT32_C(0x80000000)) |
                          (r->key[(i + 1) % WORDS] & UINT32_C(0x7FFFFFFF));
        uint32_t matrix = joined & 1 ? UINT32_C(0x9908B0DF) : 0;
        r->key[i] = r->key[(i + MIDDLE) % WORDS] ^ joined >> 1 ^ matrix;
    }
    r->pos = 0;
}

uint32_t kt_mt_u32(kt_mt *r)
{
    if (r->pos >= WORDS) {
        turn(r);
    }
    uint32_t y = r->key[r->pos++];
    y ^= y >> 11;
    y ^= y << 7 & UINT32_C(0x9D2C5680);
    y ^= y << 15 & UINT32_C(0xEFC60000);
    return y ^ y >> 18;
}

double kt_mt_double(kt_mt *r)
{
    uint32_t high = kt_mt_u32(r) >> 5; /* 27 bits */
    uint32_t low = kt_mt_u32(r) >> 6;  /* 26 bits */
    return (high * 0x1p26 + low) * 0x1p-53;
}

/* Two numbers come at once: the first is kept for the next call, as NumPy does. */
double kt_mt_gauss(kt_mt *r)
{
    if (r->has_gauss) {
        r->has_gauss = false;
        return r->gauss;
    }
    double x, y, square;
    do {
        x = 2.0 * kt_mt_double(r) - 1.0;
        y = 2.0 * kt_mt_double(r) - 1.0;
        square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    double scale = sqrt(-2.0 * log(square) / square);
    r->gauss = scale * x;
    r->has_gauss = true;
    return scale * y;
}

/* --- NumPy's whole numbers ----------------------------------------------------------------- */

static uint64_t next_u64(kt_mt *r)
{
    uint64_t high = kt_mt_u32(r);
    return high << 32 | kt_mt_u32(r);
}

/* 0..most: as many low bits as `most` has, until they are no more than it. Up to 32 bits take one
 * word, more take two. */
static uint64_t masked(kt_mt *r, uint64_t most)
{
    if (most == 0) {
        return 0;
    }
    uint64_t mask = most;
    for (int shift = 1; shift < 64; shift *= 2) {
        mask |= mask >> shift;
    }
    bool     narrow = most <= UINT32_MAX;
    uint64_t drawn;
    do {
        drawn = (narrow ? kt_mt_u32(r) : next_u64(r)) & mask;
    } while (drawn > most);
    return drawn;
}

/* lo + more without overflow on the way. */
static int64_t above(int64_t lo, uint64_t more)
{
    uint64_t sum = (uint64_t)lo + more;
    return sum <= INT64_MAX ? (int64_t)sum : -(int64_t)(UINT64_MAX - sum) - 1;
}

int64_t kt_mt_randint(kt_mt *r, int64_t lo, int64_t hi)
{
    KT_ASSERT(lo < hi);
    return lo < hi ? above(lo, masked(r, (uint64_t)hi - (uint64_t)lo - 1)) : lo;
}

void kt_mt_permutation(kt_mt *r, int64_t n, int64_t *out)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = i;
    }
    for (int64_t i = n - 1; i > 0; i--) {
        int64_t j = (int64_t)masked(r, (uint64_t)i);
        int64_t swapped = out[i];
        out[i] = out[j];
        out[j] = swapped;
    }
}

/* --- Python's whole numbers ---------------------------------------------------------------- */

/* random.getrandbits: the upper bits of words, the lowest word first. */
static uint64_t bits(kt_mt *r, int n)
{
    if (n <= 32) {
        return kt_mt_u32(r) >> (32 - n);
    }
    uint64_t low = kt_mt_u32(r);
    uint64_t high = kt_mt_u32(r) >> (64 - n);
    return high << 32 | low;
}

int64_t kt_mt_randint_python(kt_mt *r, int64_t lo, int64_t hi)
{
    KT_ASSERT(lo <= hi);
    uint64_t most = (uint64_t)hi - (uint64_t)lo;
    /* Python draws as many bits as the count of numbers has, most + 1. Of all 2^64 that is 65. */
    bool     all = most == UINT64_MAX;
    uint64_t count = all ? most : most + 1;
    int      n = 0;
    while (n < 64 && count >> n) {
        n++;
    }
    uint64_t drawn, beyond;
    do {
        drawn = bits(r, n);
        beyond = all ? bits(r, 1) : 0;
    } while (drawn > most || beyond);
    return above(lo, drawn);
}
