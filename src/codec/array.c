/* array.c - kt_array: making and freeing one, and the two conversions that several formats need. */
#include "codec/array.h"

#include <string.h>

#define COUNT_LIMIT ((int64_t)1 << 48) /* elements; far beyond any memory, far from overflow */

int64_t kt__array_count(const int64_t *dim, int rank)
{
    int64_t n = 1;
    bool    empty = false;

    if (rank < 0 || rank > KT_ARRAY_RANK)
        return -1;
    for (int i = 0; i < rank; i++) {
        if (dim[i] < 0 || dim[i] > COUNT_LIMIT)
            return -1;
        if (dim[i] == 0)
            empty = true;
        else if (n > COUNT_LIMIT / dim[i])
            return -1;
        else
            n *= dim[i];
    }
    return empty ? 0 : n;
}

int64_t kt_array_count(const kt_array *a)
{
    int64_t n = 1;

    for (int i = 0; i < a->rank; i++)
        n *= a->dim[i];
    return n;
}

kt_status kt__array_make(kt_array *out, char type, int item, int rank, const int64_t *dim,
                         kt_fault *f)
{
    int64_t n = kt__array_count(dim, rank);

    KT_ASSERT(n >= 0);
    *out = (kt_array){.type = type, .item = item, .rank = rank};
    for (int i = 0; i < rank; i++)
        out->dim[i] = dim[i];
    out->bytes.size = (size_t)n * (size_t)item;
    out->bytes.data = kt_alloc(out->bytes.size > 0 ? out->bytes.size : 1);
    out->data = out->bytes.data;
    return out->data ? KT_OK : kt_raise_memory(f);
}

void kt_array_free(kt_array *a)
{
    kt_free(a->name);
    kt_bytes_free(&a->bytes);
    *a = (kt_array){0};
}

void kt_arrays_free(kt_array *arrays, int n)
{
    for (int i = 0; i < n; i++)
        kt_array_free(&arrays[i]);
    kt_free(arrays);
}

void kt__swap_bytes(void *data, int64_t n, int item)
{
    uint8_t *p = data;

    for (int64_t i = 0; i < n; i++, p += item)
        for (int k = 0; k < item / 2; k++) {
            uint8_t t = p[k];
            p[k] = p[item - 1 - k];
            p[item - 1 - k] = t;
        }
}

static float widen(uint16_t h)
{
    uint32_t sign = (uint32_t)(h & 0x8000u) << 16, exponent = (h >> 10) & 31u, mantissa = h & 1023u;
    uint32_t bits = sign;
    float    x;

    if (exponent == 31) {
        bits |= 0x7F800000u | mantissa << 13;
    } else if (exponent > 0) {
        bits |= (exponent + 112) << 23 | mantissa << 13;
    } else { /* subnormal: mantissa * 2^-24, exact in float32 */
        x = (float)mantissa * 0x1p-24f;
        return sign ? -x : x;
    }
    memcpy(&x, &bits, sizeof x);
    return x;
}

void kt__widen_half(const uint16_t *in, int64_t n, float *out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = widen(in[i]);
}
