/* idx.c - the format of the MNIST files: two zero bytes, a type, a rank, big-endian sizes and
 * numbers. */
#include <string.h>

#include "codec/array.h"

#define GUNZIP_LIMIT ((size_t)8 << 30)

typedef struct idx_type {
    uint8_t code;
    char    type;
    int     item;
} idx_type;

static const idx_type types[] = {
    {0x08, 'u', 1}, {0x09, 'i', 1}, {0x0B, 'i', 2}, {0x0C, 'i', 4}, {0x0D, 'f', 4}, {0x0E, 'f', 8},
};

static const idx_type *find_type(uint8_t code)
{
    for (size_t i = 0; i < KT_COUNT(types); i++)
        if (types[i].code == code)
            return &types[i];
    return NULL;
}

static bool little_endian(void)
{
    uint16_t one = 1;
    uint8_t  first;

    memcpy(&first, &one, 1);
    return first == 1;
}

static kt_status read_plain(const char *name, const uint8_t *d, size_t size, kt_array *out,
                            kt_fault *f)
{
    int64_t         dim[KT_ARRAY_RANK];
    const idx_type *type = size >= 4 && d[0] == 0 && d[1] == 0 ? find_type(d[2]) : NULL;

    if (!type)
        return kt_raise(f, KT_E_VALUE,
                        "'%s' is no IDX file: it does not start with 0, 0 and a known type", name);
    int rank = d[3];
    if (rank > KT_ARRAY_RANK)
        return kt_raise(f, KT_E_VALUE, "'%s' has %d axes; at most %d can be read", name, rank,
                        KT_ARRAY_RANK);
    size_t start = 4 + 4 * (size_t)rank;
    if (size < start)
        return kt_raise(f, KT_E_VALUE, "'%s' is no valid IDX file: it ends in the header", name);
    for (int i = 0; i < rank; i++) {
        const uint8_t *p = d + 4 + 4 * i;
        dim[i] = (int64_t)p[0] << 24 | (int64_t)p[1] << 16 | (int64_t)p[2] << 8 | p[3];
    }
    int64_t n = kt__array_count(dim, rank);
    if (n < 0 || (size_t)n > (size - start) / (size_t)type->item)
        return kt_raise(f, KT_E_VALUE,
                        "'%s' is no valid IDX file: it ends before its shape is filled", name);

    kt_status s = kt__array_make(out, type->type, type->item, rank, dim, f);
    if (s != KT_OK)
        return s;
    memcpy(out->data, d + start, out->bytes.size);
    if (little_endian())
        kt__swap_bytes(out->data, n, type->item);
    return KT_OK;
}

kt_status kt_idx_read(const char *name, const void *data, size_t size, kt_array *out, kt_fault *f)
{
    const uint8_t *d = data;
    kt_bytes       plain = {0};

    *out = (kt_array){0};
    if (size < 2 || d[0] != 0x1F || d[1] != 0x8B)
        return read_plain(name, d, size, out, f);
    kt_status s = kt_gunzip(name, data, size, GUNZIP_LIMIT, &plain, f);
    if (s == KT_OK)
        s = read_plain(name, plain.data, plain.size, out, f);
    kt_bytes_free(&plain);
    return s;
}
