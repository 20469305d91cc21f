/* gzip.c - inflates gzip bytes: several members in a row, as gzip and Python read them. Over zlib.
 */
#include <string.h>
#include <zlib.h>

#include "codec/codec.h"

#define GROW_FIRST ((size_t)64 << 10)
#define MOST_RATIO ((size_t)1032)   /* deflate never shrinks more */
#define GZIP_ONLY  (16 + MAX_WBITS) /* zlib's way to ask for the gzip header */

static kt_status broken(kt_fault *f, const char *name, const char *why)
{
    return kt_raise(f, KT_E_VALUE, "'%s' is no valid gzip file: %s", name, why);
}

/* Room for more output; no more than one byte beyond the limit, which is what shows that it was
 * passed. */
static kt_status grow(kt_bytes *out, size_t *cap, size_t limit, const char *name, kt_fault *f)
{
    if (out->size > limit)
        return kt_raise(f, KT_E_VALUE, "'%s' holds more than the %zu bytes allowed", name, limit);

    size_t want = *cap ? *cap * 2 : GROW_FIRST;
    if (want > limit)
        want = limit + 1;
    uint8_t *p = kt_realloc(out->data, want);
    if (!p)
        return kt_raise_memory(f);
    out->data = p;
    *cap = want;
    return KT_OK;
}

/* zlib counts in 32 bits: both ends are handed over in pieces. */
static uInt piece(size_t n)
{
    return n < (1u << 30) ? (uInt)n : (1u << 30);
}

static kt_status inflate_all(z_stream *z, const char *name, const uint8_t *in, size_t size,
                             size_t limit, kt_bytes *out, kt_fault *f)
{
    size_t cap = 0, used = 0;

    for (;;) {
        kt_status s = out->size == cap ? grow(out, &cap, limit, name, f) : KT_OK;
        if (s != KT_OK)
            return s;

        uInt give = piece(size - used), room = piece(cap - out->size);
        z->next_in = (Bytef *)(uintptr_t)(in +
                                          used); /* zlib's header is not const here, its code is */
        z->avail_in = give;
        z->next_out = out->data + out->size;
        z->avail_out = room;
        int rc = inflate(z, Z_NO_FLUSH);
        used += give - z->avail_in;
        out->size += room - z->avail_out;

        if (rc == Z_MEM_ERROR)
            return kt_raise_memory(f);
        if (rc == Z_STREAM_END) {
            /* Zeros after the last member are padding; anything else has to be another member. */
            while (used < size && in[used] == 0)
                used++;
            if (used == size)
                return out->size <= limit ? KT_OK : grow(out, &cap, limit, name, f);
            inflateReset(z);
        } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
            return broken(f, name, z->msg ? z->msg : "the compressed data are damaged");
        } else if (used == size && z->avail_out > 0) {
            return broken(f, name, "it ends in the middle of the compressed data");
        }
    }
}

kt_status kt_gunzip(const char *name, const void *data, size_t size, size_t limit, kt_bytes *out,
                    kt_fault *f)
{
    z_stream z;

    *out = (kt_bytes){0};
    memset(&z, 0, sizeof z);
    if (limit > SIZE_MAX / 2)
        limit = SIZE_MAX / 2;
    if (size < limit / MOST_RATIO)
        limit = (size + 1) * MOST_RATIO;
    if (inflateInit2(&z, GZIP_ONLY) != Z_OK)
        return kt_raise_memory(f);
    kt_status s = inflate_all(&z, name, data, size, limit, out, f);
    inflateEnd(&z);
    if (s != KT_OK)
        kt_bytes_free(out);
    return s;
}
