/* dtype.c - the element types: names, sizes, reading, writing, conversion.
 *
 * A real number becomes an integer by rounding toward zero; what an integer type cannot hold is
 * clamped to its ends and NaN becomes 0, since C leaves those undefined. Integers wrap around
 * among themselves, as in NumPy. */
#include <math.h>
#include <string.h>

#include "tensor/tensor.h"

static const struct {
    const char *name;
    size_t      size;
} dtypes[KT_DTYPE_COUNT] = {
    [KT_F32] = {"float32", 4},
    [KT_F64] = {"float64", 8},
    [KT_I32] = {"int32", 4},
    [KT_I64] = {"int64", 8},
    [KT_U8] = {"uint8", 1},
    [KT_BOOLEAN] = {"bool", 1},
    [KT_F16] = {"float16", 2},
    [KT_BF16] = {"bfloat16", 2},
    [KT_STRING] = {"string", sizeof(kt_text *)},
    [KT_I8] = {"int8", 1},
    [KT_I16] = {"int16", 2},
    [KT_U16] = {"uint16", 2},
    [KT_U32] = {"uint32", 4},
    [KT_U64] = {"uint64", 8},
};

static bool valid(kt_dtype d)
{
    return (unsigned)d < KT_DTYPE_COUNT;
}

size_t kt_dtype_size(kt_dtype d)
{
    return valid(d) ? dtypes[d].size : 0;
}

const char *kt_dtype_name(kt_dtype d)
{
    return valid(d) ? dtypes[d].name : "";
}

/* "int" is what Keras on TensorFlow makes of Python's int. */
bool kt_dtype_parse(const char *name, kt_dtype *out)
{
    for (int d = 0; d < KT_DTYPE_COUNT; d++) {
        if (d != KT_STRING && kt_streq(name, dtypes[d].name)) {
            *out = (kt_dtype)d;
            return true;
        }
    }
    *out = kt_streq(name, "int") ? KT_I64 : *out;
    return kt_streq(name, "int");
}

bool kt_dtype_is_float(kt_dtype d)
{
    return d == KT_F32 || d == KT_F64 || kt_dtype_is_half(d);
}

bool kt_dtype_is_half(kt_dtype d)
{
    return d == KT_F16 || d == KT_BF16;
}

bool kt_dtype_is_int(kt_dtype d)
{
    return d == KT_I32 || d == KT_I64 || d == KT_I8 || d == KT_I16 || kt_dtype_is_unsigned(d);
}

bool kt_dtype_is_unsigned(kt_dtype d)
{
    return d == KT_U8 || d == KT_U16 || d == KT_U32 || d == KT_U64;
}

double kt_dtype_most(kt_dtype d)
{
    int bits = 8 * (int)kt_dtype_size(d) - !kt_dtype_is_unsigned(d);

    return bits == 64 ? (double)UINT64_MAX : bits == 63 ? (double)INT64_MAX : ldexp(1, bits) - 1;
}

/* --- numbers of 16 bits ----------------------------------------------------------------------- */

static uint32_t bits_of(float v)
{
    uint32_t b;

    memcpy(&b, &v, sizeof b);
    return b;
}

static float from_bits(uint32_t b)
{
    float v;

    memcpy(&v, &b, sizeof v);
    return v;
}

/* The upper n bits of x, rounded to the nearest, to even between two. */
static uint32_t rounded(uint32_t x, int dropped)
{
    return (x + ((1U << (dropped - 1)) - 1) + ((x >> dropped) & 1)) >> dropped;
}

static float from_half(uint16_t h)
{
    uint32_t sign = (uint32_t)(h & 0x8000) << 16, exponent = (h >> 10) & 31, rest = h & 0x3ff;

    if (exponent == 31)
        return from_bits(sign | 0x7f800000 | rest << 13);
    if (exponent == 0)
        return (sign ? -1.0F : 1.0F) * (float)rest * 0x1p-24F;
    return from_bits(sign | (exponent + 112) << 23 | rest << 13);
}

static uint16_t to_half(float v)
{
    uint32_t b = bits_of(v), sign = (b >> 16) & 0x8000, size = b & 0x7fffffff;

    if (size > 0x7f800000)
        return (uint16_t)(sign | 0x7e00);
    if (size >= 0x47800000) /* 65536 and more; what rounds up to it becomes infinite below */
        return (uint16_t)(sign | 0x7c00);
    if (size < 0x38800000) /* below 2^-14: multiples of 2^-24, which adding 0.5 rounds to */
        return (uint16_t)(sign | (bits_of(from_bits(size) + 0.5F) - 0x3f000000));
    return (uint16_t)(sign | rounded(size - (112U << 23), 13));
}

static float from_bfloat(uint16_t h)
{
    return from_bits((uint32_t)h << 16);
}

static uint16_t to_bfloat(float v)
{
    uint32_t b = bits_of(v);

    return (uint16_t)((b & 0x7fffffff) > 0x7f800000 ? b >> 16 | 0x40 : rounded(b, 16));
}

/* --- one number ------------------------------------------------------------------------------- */

static int64_t to_i64(double v)
{
    if (!(v >= -0x1p63))
        return isnan(v) ? 0 : INT64_MIN;
    return v >= 0x1p63 ? INT64_MAX : (int64_t)v;
}

static int64_t clamp(double v, int64_t lo, int64_t hi)
{
    int64_t i = to_i64(v);
    return i < lo ? lo : i > hi ? hi : i;
}

static uint64_t to_u64(double v)
{
    if (!(v > 0))
        return 0;
    return v >= 0x1p64 ? UINT64_MAX : (uint64_t)v;
}

double kt_peek(const void *data, kt_dtype dtype, int64_t i)
{
    switch (dtype) {
    case KT_F32: return (double)((const float *)data)[i];
    case KT_F64: return ((const double *)data)[i];
    case KT_I32: return (double)((const int32_t *)data)[i];
    case KT_I64: return (double)((const int64_t *)data)[i];
    case KT_U8: return (double)((const uint8_t *)data)[i];
    case KT_I8: return (double)((const int8_t *)data)[i];
    case KT_I16: return (double)((const int16_t *)data)[i];
    case KT_U16: return (double)((const uint16_t *)data)[i];
    case KT_U32: return (double)((const uint32_t *)data)[i];
    case KT_U64: return (double)((const uint64_t *)data)[i];
    case KT_BOOLEAN: return (double)(((const uint8_t *)data)[i] != 0);
    case KT_F16: return (double)from_half(((const uint16_t *)data)[i]);
    case KT_BF16: return (double)from_bfloat(((const uint16_t *)data)[i]);
    default: return 0;
    }
}

void kt_poke(void *data, kt_dtype dtype, int64_t i, double v)
{
    switch (dtype) {
    case KT_F32: ((float *)data)[i] = (float)v; break;
    case KT_F64: ((double *)data)[i] = v; break;
    case KT_I32: ((int32_t *)data)[i] = (int32_t)clamp(v, INT32_MIN, INT32_MAX); break;
    case KT_I64: ((int64_t *)data)[i] = to_i64(v); break;
    case KT_U8: ((uint8_t *)data)[i] = (uint8_t)clamp(v, 0, UINT8_MAX); break;
    case KT_I8: ((int8_t *)data)[i] = (int8_t)clamp(v, INT8_MIN, INT8_MAX); break;
    case KT_I16: ((int16_t *)data)[i] = (int16_t)clamp(v, INT16_MIN, INT16_MAX); break;
    case KT_U16: ((uint16_t *)data)[i] = (uint16_t)clamp(v, 0, UINT16_MAX); break;
    case KT_U32: ((uint32_t *)data)[i] = (uint32_t)clamp(v, 0, UINT32_MAX); break;
    case KT_U64: ((uint64_t *)data)[i] = to_u64(v); break;
    case KT_BOOLEAN: ((uint8_t *)data)[i] = v != 0; break;
    case KT_F16: ((uint16_t *)data)[i] = to_half((float)v); break;
    case KT_BF16: ((uint16_t *)data)[i] = to_bfloat((float)v); break;
    default: break;
    }
}

/* --- many ------------------------------------------------------------------------------------- */

/* One loop per pair of types, so that a compiler can vectorise it. */
#define EACH(T, value)              \
    for (int64_t i = 0; i < n; i++) \
    ((T *)to)[i] = (value)

#define FROM_REAL(name, S)                                                                     \
    static void name(const S *x, void *to, kt_dtype dtype, int64_t n)                          \
    {                                                                                          \
        switch (dtype) {                                                                       \
        case KT_F32: EACH(float, (float)x[i]); break;                                          \
        case KT_F64: EACH(double, (double)x[i]); break;                                        \
        case KT_I32: EACH(int32_t, (int32_t)clamp((double)x[i], INT32_MIN, INT32_MAX)); break; \
        case KT_I64: EACH(int64_t, to_i64((double)x[i])); break;                               \
        case KT_U8: EACH(uint8_t, (uint8_t)clamp((double)x[i], 0, UINT8_MAX)); break;          \
        case KT_I8: EACH(int8_t, (int8_t)clamp((double)x[i], INT8_MIN, INT8_MAX)); break;      \
        case KT_I16: EACH(int16_t, (int16_t)clamp((double)x[i], INT16_MIN, INT16_MAX)); break; \
        case KT_U16: EACH(uint16_t, (uint16_t)clamp((double)x[i], 0, UINT16_MAX)); break;      \
        case KT_U32: EACH(uint32_t, (uint32_t)clamp((double)x[i], 0, UINT32_MAX)); break;      \
        case KT_U64: EACH(uint64_t, to_u64((double)x[i])); break;                              \
        case KT_BOOLEAN: EACH(uint8_t, x[i] != 0); break;                                      \
        case KT_F16: EACH(uint16_t, to_half((float)x[i])); break;                              \
        case KT_BF16: EACH(uint16_t, to_bfloat((float)x[i])); break;                           \
        default: break;                                                                        \
        }                                                                                      \
    }

#define FROM_INT(name, S, VALUE)                                            \
    static void name(const S *x, void *to, kt_dtype dtype, int64_t n)       \
    {                                                                       \
        switch (dtype) {                                                    \
        case KT_F32: EACH(float, (float)VALUE(x[i])); break;                \
        case KT_F64: EACH(double, (double)VALUE(x[i])); break;              \
        case KT_I32: EACH(int32_t, (int32_t)VALUE(x[i])); break;            \
        case KT_I64: EACH(int64_t, (int64_t)VALUE(x[i])); break;            \
        case KT_U8: EACH(uint8_t, (uint8_t)VALUE(x[i])); break;             \
        case KT_I8: EACH(int8_t, (int8_t)VALUE(x[i])); break;               \
        case KT_I16: EACH(int16_t, (int16_t)VALUE(x[i])); break;            \
        case KT_U16: EACH(uint16_t, (uint16_t)VALUE(x[i])); break;          \
        case KT_U32: EACH(uint32_t, (uint32_t)VALUE(x[i])); break;          \
        case KT_U64: EACH(uint64_t, (uint64_t)VALUE(x[i])); break;          \
        case KT_BOOLEAN: EACH(uint8_t, x[i] != 0); break;                   \
        case KT_F16: EACH(uint16_t, to_half((float)VALUE(x[i]))); break;    \
        case KT_BF16: EACH(uint16_t, to_bfloat((float)VALUE(x[i]))); break; \
        default: break;                                                     \
        }                                                                   \
    }

#define AS_IS(v)    (v)
#define AS_TRUTH(v) ((v) != 0)
FROM_REAL(from_f32, float)
FROM_REAL(from_f64, double)
FROM_INT(from_i32, int32_t, AS_IS)
FROM_INT(from_i64, int64_t, AS_IS)
FROM_INT(from_u8, uint8_t, AS_IS)
FROM_INT(from_i8, int8_t, AS_IS)
FROM_INT(from_i16, int16_t, AS_IS)
FROM_INT(from_u16, uint16_t, AS_IS)
FROM_INT(from_u32, uint32_t, AS_IS)
FROM_INT(from_u64, uint64_t, AS_IS)
FROM_INT(from_bool, uint8_t, AS_TRUTH)

/* By way of float32, a piece at a time. */
static void from_16_bits(const uint16_t *x, kt_dtype a, void *to, kt_dtype b, int64_t n)
{
    enum { PIECE = 256 };
    float wide[PIECE];

    for (int64_t i = 0; i < n; i += PIECE) {
        int64_t m = n - i < PIECE ? n - i : PIECE;
        for (int64_t k = 0; k < m; k++)
            wide[k] = a == KT_F16 ? from_half(x[i + k]) : from_bfloat(x[i + k]);
        kt_convert(wide, KT_F32, (char *)to + (size_t)i * kt_dtype_size(b), b, m);
    }
}

void kt_convert(const void *from, kt_dtype a, void *to, kt_dtype b, int64_t n)
{
    if (n <= 0)
        return;
    if (a == b) {
        memcpy(to, from, (size_t)n * kt_dtype_size(a));
        return;
    }
    if (a == KT_STRING || b == KT_STRING) { /* neither is the other: no pointer out of numbers */
        memset(to, 0, (size_t)n * kt_dtype_size(b));
        return;
    }
    switch (a) {
    case KT_F32: from_f32(from, to, b, n); break;
    case KT_F64: from_f64(from, to, b, n); break;
    case KT_I32: from_i32(from, to, b, n); break;
    case KT_I64: from_i64(from, to, b, n); break;
    case KT_U8: from_u8(from, to, b, n); break;
    case KT_I8: from_i8(from, to, b, n); break;
    case KT_I16: from_i16(from, to, b, n); break;
    case KT_U16: from_u16(from, to, b, n); break;
    case KT_U32: from_u32(from, to, b, n); break;
    case KT_U64: from_u64(from, to, b, n); break;
    case KT_BOOLEAN: from_bool(from, to, b, n); break;
    default: from_16_bits(from, a, to, b, n); break; /* KT_F16, KT_BF16 */
    }
}

/* --- random numbers --------------------------------------------------------------------------- */

double kt_dtype_round(kt_dtype d, double v)
{
    double room[1];

    kt_poke(room, d, 0, v);
    return kt_peek(room, d, 0);
}

void kt_draw_floats(const int64_t seed[2], kt_distribution d, double a, double b, kt_dtype dtype,
                    int64_t n, double *out)
{
    int    bits = dtype == KT_F64 ? 52 : dtype == KT_F16 ? 10 : 7;
    double move = kt_dtype_round(dtype, a), scale = kt_dtype_round(dtype, b);

    if (d == KT_UNIFORM)
        scale = kt_dtype_round(dtype, scale - move);
    kt_stateless_numbers(seed, d, bits, n, out);
    for (int64_t i = 0; i < n; i++) {
        double scaled = kt_dtype_round(dtype, kt_dtype_round(dtype, out[i]) * scale);
        out[i] = kt_dtype_round(dtype, scaled + move);
    }
}
