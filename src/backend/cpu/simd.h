/* simd.h - one vocabulary of vectors for the three instruction sets: the .inc files are written in
 * it once.
 *
 * vf: KT_LANES floats, vi: as many int32. + - * / and comparisons are the compiler's own (a
 * comparison gives a vi of 0 or -1). Loads and stores need no alignment. Included by the isa_*.c
 * files only, which set the flags.
 */
#ifndef KT_SIMD_H
#define KT_SIMD_H

#include <math.h>
#include <stdint.h>

#if defined(__AVX512F__)
#define KT_LANES 16
#elif defined(__AVX2__)
#define KT_LANES 8
#else
#define KT_LANES 4
#endif
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define KT_INLINE static inline __attribute__((always_inline, unused))

typedef float    vf __attribute__((vector_size(KT_LANES * 4)));
typedef int32_t  vi __attribute__((vector_size(KT_LANES * 4)));
typedef uint32_t vu __attribute__((vector_size(KT_LANES * 4)));
typedef float    vf_any __attribute__((vector_size(KT_LANES * 4), aligned(4), may_alias));
typedef int32_t  vi_any __attribute__((vector_size(KT_LANES * 4), aligned(4), may_alias));

KT_INLINE vf v_load(const float *p)
{
    return *(const vf_any *)p;
}
KT_INLINE void v_store(float *p, vf x)
{
    *(vf_any *)p = x;
}
KT_INLINE vf v_zero(void)
{
    return (vf){0};
}
KT_INLINE vi v_bits(vf x)
{
    return (vi)x;
}
KT_INLINE vf v_from_bits(vi x)
{
    return (vf)x;
}
KT_INLINE vf v_float(vi x)
{
    return __builtin_convertvector(x, vf);
}

#if defined(__AVX512F__)

KT_INLINE vf v_set(float x)
{
    return (vf)_mm512_set1_ps(x);
}
KT_INLINE vi vi_set(int32_t x)
{
    return (vi)_mm512_set1_epi32(x);
}
KT_INLINE vf v_fma(vf a, vf b, vf c)
{
    return (vf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
KT_INLINE vf v_sqrt(vf a)
{
    return (vf)_mm512_sqrt_ps((__m512)a);
}
/* 1 / sqrt(a) and 1 / a within 2^-11, for normal a whose result is normal too */
KT_INLINE vf v_near_rsqrt(vf a)
{
    return (vf)_mm512_rsqrt14_ps((__m512)a);
}
KT_INLINE vf v_near_reciprocal(vf a)
{
    return (vf)_mm512_rcp14_ps((__m512)a);
}
/* Whether every lane of a, as an unsigned number, is below b's. */
KT_INLINE int v_all_below(vi a, vi b)
{
    return _mm512_cmplt_epu32_mask((__m512i)a, (__m512i)b) == 0xffff;
}
/* b if either is NaN */
KT_INLINE vf v_max(vf a, vf b)
{
    return (vf)_mm512_max_ps((__m512)a, (__m512)b);
}
KT_INLINE vf v_min(vf a, vf b)
{
    return (vf)_mm512_min_ps((__m512)a, (__m512)b);
}
KT_INLINE vf v_round(vf a)
{
    return (vf)_mm512_roundscale_ps((__m512)a, 8);
}
KT_INLINE vf v_floor(vf a)
{
    return (vf)_mm512_roundscale_ps((__m512)a, 9);
}
KT_INLINE vf v_ceil(vf a)
{
    return (vf)_mm512_roundscale_ps((__m512)a, 10);
}
KT_INLINE vi v_int(vf a)
{
    return (vi)_mm512_cvtps_epi32((__m512)a);
}
KT_INLINE __mmask16 v_mask(int n)
{
    return (__mmask16)((1u << n) - 1u);
}
KT_INLINE vf v_load_n(const float *p, int n)
{
    return (vf)_mm512_maskz_loadu_ps(v_mask(n), p);
}
KT_INLINE void v_store_n(float *p, vf x, int n)
{
    _mm512_mask_storeu_ps(p, v_mask(n), (__m512)x);
}

#elif defined(__AVX2__)

KT_INLINE vf v_set(float x)
{
    return (vf)_mm256_set1_ps(x);
}
KT_INLINE vi vi_set(int32_t x)
{
    return (vi)_mm256_set1_epi32(x);
}
KT_INLINE vf v_fma(vf a, vf b, vf c)
{
    return (vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
KT_INLINE vf v_sqrt(vf a)
{
    return (vf)_mm256_sqrt_ps((__m256)a);
}
KT_INLINE vf v_near_rsqrt(vf a)
{
    return (vf)_mm256_rsqrt_ps((__m256)a);
}
KT_INLINE vf v_near_reciprocal(vf a)
{
    return (vf)_mm256_rcp_ps((__m256)a);
}
KT_INLINE int v_all_below(vi a, vi b)
{
    return _mm256_movemask_ps((__m256)((vu)a < (vu)b)) == 0xff;
}
KT_INLINE vf v_max(vf a, vf b)
{
    return (vf)_mm256_max_ps((__m256)a, (__m256)b);
}
KT_INLINE vf v_min(vf a, vf b)
{
    return (vf)_mm256_min_ps((__m256)a, (__m256)b);
}
KT_INLINE vf v_round(vf a)
{
    return (vf)_mm256_round_ps((__m256)a, 8);
}
KT_INLINE vf v_floor(vf a)
{
    return (vf)_mm256_round_ps((__m256)a, 9);
}
KT_INLINE vf v_ceil(vf a)
{
    return (vf)_mm256_round_ps((__m256)a, 10);
}
KT_INLINE vi v_int(vf a)
{
    return (vi)_mm256_cvtps_epi32((__m256)a);
}

KT_INLINE vf v_load_n(const float *p, int n)
{
    static const int32_t edge[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return (vf)_mm256_maskload_ps(p, (__m256i) * (const vi_any *)(edge + 8 - n));
}

/* Masked stores are slow on some processors: plain stores of 4, 2, 1. */
KT_INLINE void v_store_n(float *p, vf x, int n)
{
    __m128 low = _mm256_castps256_ps128((__m256)x);

    if (n >= KT_LANES) {
        v_store(p, x);
        return;
    }
    if (n & 4) {
        _mm_storeu_ps(p, low);
        low = _mm256_extractf128_ps((__m256)x, 1);
        p += 4;
    }
    if (n & 2) {
        _mm_storel_pi((__m64 *)(void *)p, low);
        low = _mm_movehl_ps(low, low);
        p += 2;
    }
    if (n & 1)
        _mm_store_ss(p, low);
}

#else

KT_INLINE vf v_set(float x)
{
    return (vf){x, x, x, x};
}
KT_INLINE vi vi_set(int32_t x)
{
    return (vi){x, x, x, x};
}
KT_INLINE vf v_fma(vf a, vf b, vf c)
{
    return a * b + c;
}
KT_INLINE vf v_pick(vi m, vf a, vf b)
{
    return (vf)((m & (vi)a) | (~m & (vi)b));
}
KT_INLINE vf v_max(vf a, vf b)
{
    return v_pick(a > b, a, b);
}
KT_INLINE vf v_min(vf a, vf b)
{
    return v_pick(a < b, a, b);
}
KT_INLINE vf v_sqrt(vf a)
{
    return (vf){sqrtf(a[0]), sqrtf(a[1]), sqrtf(a[2]), sqrtf(a[3])};
}
KT_INLINE vf v_round(vf a)
{
    return (vf){rintf(a[0]), rintf(a[1]), rintf(a[2]), rintf(a[3])};
}
KT_INLINE vf v_floor(vf a)
{
    return (vf){floorf(a[0]), floorf(a[1]), floorf(a[2]), floorf(a[3])};
}
KT_INLINE vf v_ceil(vf a)
{
    return (vf){ceilf(a[0]), ceilf(a[1]), ceilf(a[2]), ceilf(a[3])};
}
/* Nearest integer of |a| < 2^22: the callers clamp. */
KT_INLINE vi v_int(vf a)
{
    return (vi)(a + v_set(12582912.f)) - vi_set(0x4b400000);
}

KT_INLINE vf v_load_n(const float *p, int n)
{
    vf x = v_zero();
    for (int i = 0; i < n; i++)
        x[i & 3] = p[i];
    return x;
}

KT_INLINE void v_store_n(float *p, vf x, int n)
{
    for (int i = 0; i < n; i++)
        p[i] = x[i & 3];
}

#endif

#if KT_LANES > 4
KT_INLINE vf v_pick(vi m, vf a, vf b)
{
    return (vf)((m & (vi)a) | (~m & (vi)b));
}
#endif

/* Nearest whole number of |x| < 2^22. */
#if KT_LANES > 4
KT_INLINE vf v_whole(vf x)
{
    return v_round(x);
}
#else
KT_INLINE vf v_whole(vf x)
{
    return (x + v_set(12582912.f)) - v_set(12582912.f);
}
#endif

/* Modulo 2^32: what NaN and negative numbers give there is not used, but must not overflow. */
KT_INLINE vi vi_add(vi a, vi b)
{
    return (vi)((vu)a + (vu)b);
}
KT_INLINE vi vi_sub(vi a, vi b)
{
    return (vi)((vu)a - (vu)b);
}

/* 0, 1, 2 ... */
KT_INLINE vi v_lanes(void)
{
#if KT_LANES == 16
    return (vi){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#elif KT_LANES == 8
    return (vi){0, 1, 2, 3, 4, 5, 6, 7};
#else
    return (vi){0, 1, 2, 3};
#endif
}

/* -1 in the first n lanes, 0 in the others */
KT_INLINE vi v_first(int n)
{
    return v_lanes() < vi_set(n);
}

/* m is a comparison: 1 where it holds, else 0 */
KT_INLINE vf v_one_if(vi m)
{
    return (vf)(m & (vi)v_set(1.f));
}
KT_INLINE vf v_abs(vf x)
{
    return (vf)((vi)x & vi_set(0x7fffffff));
}
KT_INLINE vf v_sign_of(vf size, vf sign)
{
    return (vf)((vi)size | ((vi)sign & vi_set(INT32_MIN)));
}

KT_INLINE float v_sum(vf x)
{
#if KT_LANES == 16
    return _mm512_reduce_add_ps((__m512)x);
#elif KT_LANES == 8
    __m128 h = _mm_add_ps(_mm256_castps256_ps128((__m256)x), _mm256_extractf128_ps((__m256)x, 1));
    h = _mm_add_ps(h, _mm_movehl_ps(h, h));
    return _mm_cvtss_f32(_mm_add_ss(h, _mm_shuffle_ps(h, h, 1)));
#else
    return (x[0] + x[2]) + (x[1] + x[3]);
#endif
}

/* The largest lane; any of them if one is NaN. */
KT_INLINE float v_largest(vf x)
{
#if KT_LANES == 16
    return _mm512_reduce_max_ps((__m512)x);
#elif KT_LANES == 8
    __m128 h = _mm_max_ps(_mm256_castps256_ps128((__m256)x), _mm256_extractf128_ps((__m256)x, 1));
    h = _mm_max_ps(h, _mm_movehl_ps(h, h));
    return _mm_cvtss_f32(_mm_max_ss(h, _mm_shuffle_ps(h, h, 1)));
#else
    float a = x[0] > x[2] ? x[0] : x[2], b = x[1] > x[3] ? x[1] : x[3];
    return a > b ? a : b;
#endif
}

#endif
