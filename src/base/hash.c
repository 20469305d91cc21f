/* hash.c - FarmHash (Fingerprint64) and SipHash-2-4, the hashes that TensorFlow puts texts into
 * buckets with, and CRC32C, which guards its records. */
#include <inttypes.h>
#include <stdio.h>

#include "base/base.h"

static const uint64_t k0 = 0xc3a5c85c97cb3127u, k1 = 0xb492b66fbe98f273u, k2 = 0x9ae16a3b2f90404fu;

typedef struct pair {
    uint64_t first, second;
} pair;

static uint64_t fetch(const uint8_t *s)
{
    uint64_t v = 0;

    for (int i = 7; i >= 0; i--)
        v = v << 8 | s[i];
    return v;
}

static uint64_t fetch32(const uint8_t *s)
{
    uint64_t v = 0;

    for (int i = 3; i >= 0; i--)
        v = v << 8 | s[i];
    return v;
}

static uint64_t rotate(uint64_t v, int by)
{
    return v >> by | v << (64 - by);
}

static uint64_t shift_mix(uint64_t v)
{
    return v ^ (v >> 47);
}

static uint64_t mix(uint64_t u, uint64_t v, uint64_t by)
{
    uint64_t a = shift_mix((u ^ v) * by), b = shift_mix((v ^ a) * by);

    return b * by;
}

static uint64_t up_to_16(const uint8_t *s, size_t n)
{
    uint64_t by = k2 + n * 2;

    if (n >= 8) {
        uint64_t a = fetch(s) + k2, b = fetch(s + n - 8);
        return mix(rotate(b, 37) * by + a, (rotate(a, 25) + b) * by, by);
    }
    if (n >= 4)
        return mix(n + (fetch32(s) << 3), fetch32(s + n - 4), by);
    if (n == 0)
        return k2;
    uint64_t y = s[0] + ((uint64_t)s[n >> 1] << 8), z = n + ((uint64_t)s[n - 1] << 2);
    return shift_mix(y * k2 ^ z * k0) * k2;
}

static uint64_t up_to_32(const uint8_t *s, size_t n)
{
    uint64_t by = k2 + n * 2, a = fetch(s) * k1, b = fetch(s + 8), c = fetch(s + n - 8) * by,
             d = fetch(s + n - 16) * k2;

    return mix(rotate(a + b, 43) + rotate(c, 30) + d, a + rotate(b + k2, 18) + c, by);
}

static uint64_t up_to_64(const uint8_t *s, size_t n)
{
    uint64_t by = k2 + n * 2, a = fetch(s) * k2, b = fetch(s + 8), c = fetch(s + n - 8) * by,
             d = fetch(s + n - 16) * k2;
    uint64_t y = rotate(a + b, 43) + rotate(c, 30) + d, z = mix(y, a + rotate(b + k2, 18) + c, by);
    uint64_t e = fetch(s + 16) * by, f = fetch(s + 24), g = (y + fetch(s + n - 32)) * by,
             h = (z + fetch(s + n - 24)) * by;

    return mix(rotate(e + f, 43) + rotate(g, 30) + h, e + rotate(f + a, 18) + g, by);
}

static pair weak(const uint8_t *s, uint64_t a, uint64_t b)
{
    uint64_t z = fetch(s + 24), c;

    a += fetch(s);
    b = rotate(b + a + z, 21);
    c = a;
    a += fetch(s + 8) + fetch(s + 16);
    b += rotate(a, 44);
    return (pair){a + z, b + c};
}

/* What the hash of a longer text is carried in, 64 bytes at a time. */
typedef struct carried {
    uint64_t x, y, z;
    pair     v, w;
} carried;

static void step(carried *c, const uint8_t *s, uint64_t by, uint64_t times)
{
    uint64_t x = rotate(c->x + c->y + c->v.first + fetch(s + 8), 37) * by,
             y = rotate(c->y + c->v.second + fetch(s + 48), 42) * by;

    x ^= c->w.second * times;
    y += c->v.first * times + fetch(s + 40);
    uint64_t z = rotate(c->z + c->w.first, 33) * by;
    c->v = weak(s, c->v.second * by, x + c->w.first);
    c->w = weak(s + 32, z + c->w.second, y + fetch(s + 16));
    c->x = z;
    c->y = y;
    c->z = x;
}

uint64_t kt_farmhash64(const void *data, size_t n)
{
    const uint8_t *s = data, *end, *last;

    if (n <= 64)
        return n <= 16 ? up_to_16(s, n) : n <= 32 ? up_to_32(s, n) : up_to_64(s, n);
    carried c = {.x = 81, .y = 81 * k1 + 113};
    c.z = shift_mix(c.y * k2 + 113) * k2;
    c.x = c.x * k2 + fetch(s);
    end = s + (n - 1) / 64 * 64;
    last = end + ((n - 1) & 63) - 63;
    for (; s != end; s += 64)
        step(&c, s, k1, 1);
    uint64_t by = k1 + ((c.z & 0xff) << 1);
    c.w.first += (n - 1) & 63;
    c.v.first += c.w.first;
    c.w.first += c.v.first;
    step(&c, last, by, 9);
    return mix(mix(c.v.first, c.w.first, by) + shift_mix(c.y) * k0 + c.z,
               mix(c.v.second, c.w.second, by) + c.x, by);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 51) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 48) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 43) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 47) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
}

uint64_t kt_siphash64(const uint64_t key[2], const void *data, size_t n)
{
    const uint8_t *s = data;
    uint64_t       v[4] = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
                           key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u};
    uint64_t       tail = (uint64_t)n << 56;

    for (size_t i = 0; i + 8 <= n; i += 8)
        sip_word(v, fetch(s + i));
    for (size_t i = n & ~(size_t)7; i < n; i++)
        tail |= (uint64_t)s[i] << 8 * (i & 7);
    sip_word(v, tail);
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t kt_hash_int(int64_t v, const uint64_t *key)
{
    char   text[24];
    size_t n = (size_t)snprintf(text, sizeof text, "%" PRId64, v);

    return key ? kt_siphash64(key, text, n) : kt_farmhash64(text, n);
}

uint64_t kt_hash_join(uint64_t a, uint64_t b)
{
    const uint64_t by = 0xc6a4a7935bd1e995u;
    uint64_t       h = (a ^ by ^ shift_mix(b * by) * by) * by;

    return shift_mix(shift_mix(h) * by);
}

/* --- CRC32C (Castagnoli) --- */

uint32_t kt_crc32c(const void *data, size_t n)
{
    const uint8_t *s = data;
    uint32_t       crc = UINT32_MAX;

    for (size_t i = 0; i < n; i++) {
        crc ^= s[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1u ? crc >> 1 ^ UINT32_C(0x82f63b78) : crc >> 1;
    }
    return ~crc;
}
