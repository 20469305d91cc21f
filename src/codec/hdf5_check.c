/* hdf5_check.c - walks an HDF5 file before libhdf5 does: superblock, object headers, groups, trees,
 * heaps.
 *
 * Object headers are taken from a list rather than by recursion, each once, so that hard links in a
 * circle do no harm.
 */
#include "codec/hdf5_check.h"

#include <string.h>

#define HEADER_CHUNKS 4096 /* pieces of one object header */

/* --- small things ----------------------------------------------------------------------------- */

bool kt__h5_spend(kt_h5_check *c, uint64_t steps)
{
    if (steps > c->budget)
        return kt__h5_bad(c, "its structures overlap");
    c->budget -= steps;
    return true;
}

const uint8_t *kt__h5_at(kt_h5_check *c, uint64_t address, uint64_t n)
{
    if (address > c->end || n > c->end - address || !kt__h5_spend(c, 1)) {
        kt__h5_bad(c, "it is damaged or cut off (something lies outside of the file)");
        return NULL;
    }
    return c->data + address;
}

uint64_t kt__h5_uint(const uint8_t *p, int n)
{
    uint64_t x = 0;

    for (int i = n - 1; i >= 0; i--)
        x = x << 8 | p[i];
    return x;
}

/* --- checksums, around everything in the new format ------------------------------------------- */

static uint32_t rotate(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

/* Bob Jenkins' lookup3 hash, from 0: three words stirred with each 12 bytes, and once more at the
 * end. */
static uint32_t checksum(const uint8_t *p, uint64_t n)
{
    static const int stir[] = {4, 6, 8, 16, 19, 4}, finish[] = {14, 11, 25, 16, 4, 14, 24};
    uint32_t         w[3];

    w[0] = w[1] = w[2] = 0xdeadbeefu + (uint32_t)n;
    for (; n > 12; p += 12, n -= 12) {
        for (int i = 0; i < 3; i++)
            w[i] += (uint32_t)kt__h5_uint(p + 4 * i, 4);
        for (int i = 0; i < 6; i++) {
            uint32_t *to = &w[i % 3], *from = &w[(i + 2) % 3];
            *to = (*to - *from) ^ rotate(*from, stir[i]);
            *from += w[(i + 1) % 3];
        }
    }
    if (n == 0)
        return w[2];
    for (uint64_t i = 0; i < n; i++)
        w[i / 4] += (uint32_t)p[i] << 8 * (i % 4);
    for (int i = 0; i < 7; i++) {
        uint32_t *to = &w[(i + 2) % 3], from = w[(i + 1) % 3];
        *to = (*to ^ from) - rotate(from, finish[i]);
    }
    return w[2];
}

/* n bytes at an address, and the checksum that follows them. */
static bool check_sum(kt_h5_check *c, uint64_t address, uint64_t n)
{
    const uint8_t *p = kt__h5_at(c, address, n < c->end ? n + 4 : n);

    return p && kt__h5_spend(c, n / 16) &&
           (checksum(p, n) == kt__h5_uint(p + n, 4) || kt__h5_bad(c, "it is damaged (a checksum)"));
}

bool kt__h5_visit(kt_h5_check *c, uint64_t address)
{
    void *p = (void *)(uintptr_t)address;

    if (address == 0 || address >= c->end)
        return kt__h5_bad(c, "it is damaged or cut off (something lies outside of the file)");
    if (kt_map_get(&c->seen, p))
        return true;
    if (!kt_map_set(&c->seen, p, p) || !kt_vec_push(&c->todo, p)) {
        c->no_memory = true;
        return false;
    }
    return true;
}

bool kt__h5_magic(kt_h5_check *c, const uint8_t *p, const char *magic)
{
    return p &&
           (memcmp(p, magic, 4) == 0 || kt__h5_bad(c, "it is damaged (a signature is missing)"));
}

/* --- data ------------------------------------------------------------------------------------- */

static bool check_data(kt_h5_check *c, const kt_h5_object *o)
{
    uint64_t bytes = (uint64_t)o->count * o->item;

    if (o->fill != 0 && o->fill != o->item)
        return kt__h5_bad(c, "it is damaged (a fill value of the wrong size)");
    if (o->layout == 0)
        return o->bytes == bytes || kt__h5_bad(c, "it is damaged (the size of compact data)");
    if (o->address == KT_H5_UNDEFINED) /* never written */
        return true;
    if (o->layout == 1)
        return (o->bytes >= bytes && kt__h5_at(c, o->address, o->bytes)) ||
               kt__h5_bad(c, "it is damaged (data shorter than their shape)");
    if (o->chunk_rank != o->rank + 1 || o->chunk_bytes == 0 || o->chunk_bytes % o->item != 0)
        return kt__h5_bad(c, "it is damaged (the shape of chunks)");
    return kt__h5_chunks(c, o);
}

/* --- object headers --------------------------------------------------------------------------- */

/* The pieces of one header that are still to be read. */
typedef struct piece {
    uint64_t address, size;
} piece;

typedef struct header {
    kt_h5_object object;
    int          version;
    bool         order; /* version 2: messages carry their creation order */
    int          n;
    piece        pieces[8]; /* a stack; a header has more only if something is wrong */
    int          met;       /* pieces */
    uint64_t     messages;
} header;

static bool add_piece(kt_h5_check *c, header *h, uint64_t address, uint64_t size)
{
    if (h->n == (int)KT_COUNT(h->pieces) || ++h->met > HEADER_CHUNKS)
        return kt__h5_bad(c, "it is damaged (an object header in too many pieces)");
    h->pieces[h->n++] = (piece){address, size};
    return true;
}

/* A continuation of a version 2 header has a signature and a checksum around its messages. */
static bool add_continuation(kt_h5_check *c, header *h, const uint8_t *p, uint64_t n)
{
    uint64_t address = n >= 16 ? kt__h5_uint(p, 8) : 0, size = n >= 16 ? kt__h5_uint(p + 8, 8) : 0;

    if (n < 16 || !kt__h5_at(c, address, size))
        return kt__h5_bad(c, "it is damaged (a continuation)");
    if (h->version == 1)
        return add_piece(c, h, address, size);
    if (size < 8)
        return kt__h5_bad(c, "it is damaged (a continuation)");
    return kt__h5_magic(c, c->data + address, "OCHK") && check_sum(c, address, size - 4) &&
           add_piece(c, h, address + 4, size - 8);
}

static bool check_piece(kt_h5_check *c, header *h, piece at)
{
    const uint8_t *p = kt__h5_at(c, at.address, at.size), *end = p ? p + at.size : NULL;
    size_t         head = h->version == 1 ? 8 : h->order ? 6 : 4;

    if (!p)
        return false;
    while ((size_t)(end - p) >= head) {
        unsigned type = h->version == 1 ? (unsigned)kt__h5_uint(p, 2) : p[0];
        uint64_t size = kt__h5_uint(p + (h->version == 1 ? 2 : 1), 2);
        unsigned flags = h->version == 1 ? p[4] : p[3];

        if (size > (size_t)(end - p) - head || !kt__h5_spend(c, 1))
            return kt__h5_bad(c, "it is damaged (a message is longer than its header)");
        p += head;
        h->messages++;
        if ((flags & 2) != 0)
            return kt__h5_bad(c, "shared messages (committed types) are not supported");
        bool ok = type == 0x10 ? add_continuation(c, h, p, size)
                               : kt__h5_message(c, &h->object, type, p, (size_t)size);
        if (!ok)
            return false;
        p += size;
    }
    return true;
}

/* Reads the start of a version 2 header and adds its first piece. */
static bool start_v2(kt_h5_check *c, header *h, uint64_t address, const uint8_t *p)
{
    unsigned flags = p[5], widths = 1u << (flags & 3);
    uint64_t skip = 6 + ((flags & 0x20) ? 16u : 0u) + ((flags & 0x10) ? 4u : 0u);

    h->version = 2;
    h->order = (flags & 4) != 0;
    p = kt__h5_at(c, address, skip + widths);
    if (!p)
        return false;
    uint64_t size = kt__h5_uint(p + skip, (int)widths);
    if (size > c->end)
        return kt__h5_bad(c, "it is damaged (an object header)");
    return check_sum(c, address, skip + widths + size) &&
           add_piece(c, h, address + skip + widths, size);
}

static bool check_object(kt_h5_check *c, uint64_t address)
{
    header         h = {.version = 1};
    kt_h5_object  *o = &h.object;
    const uint8_t *p = kt__h5_at(c, address, 16);
    bool           ok;

    if (!p)
        return false;
    if (memcmp(p, "OHDR", 4) == 0 && p[4] == 2)
        ok = start_v2(c, &h, address, p);
    else if (p[0] == 1)
        ok = add_piece(c, &h, address + 16, kt__h5_uint(p + 8, 4));
    else
        ok = kt__h5_bad(c, "it is damaged (an object header)");
    while (ok && h.n > 0)
        ok = check_piece(c, &h, h.pieces[--h.n]);
    if (ok && h.version == 1 && h.messages != kt__h5_uint(p + 2, 2))
        return kt__h5_bad(c, "it is damaged (the number of messages)");
    if (!ok)
        return false;
    if (o->has_table && !kt__h5_table(c, o->tree, o->heap))
        return false;
    if (!o->has_layout)
        return true;
    if (!o->has_type || !o->has_space)
        return kt__h5_bad(c, "it is damaged (data without type or shape)");
    return check_data(c, o);
}

/* --- the superblock --------------------------------------------------------------------------- */

/* Sets what the walk needs, and *root. The caller has looked at the signature. */
static bool check_superblock(kt_h5_check *c, uint64_t size, uint64_t *root)
{
    const uint8_t *p = c->data;
    unsigned       version = p[8];
    uint64_t       extra = version == 1 ? 4 : 0; /* version 1 has one field more */

    if (version > 3 || (version < 2 && size < 96 + extra))
        return kt__h5_bad(c, "this version of the format is not supported");
    const uint8_t *widths = version < 2 ? p + 13 : p + 9; /* bytes of an offset and of a length */
    if (widths[0] != 8 || widths[1] != 8)
        return kt__h5_bad(c, "files with addresses of other than 8 bytes are not supported");

    const uint8_t *a = version < 2 ? p + 24 + extra : p + 12;
    uint64_t       base = kt__h5_uint(a, 8), extension = kt__h5_uint(a + 8, 8);
    uint64_t       driver = version < 2 ? kt__h5_uint(a + 24, 8) : KT_H5_UNDEFINED;
    c->end = kt__h5_uint(a + 16, 8);
    if (base != 0 || extension != KT_H5_UNDEFINED || driver != KT_H5_UNDEFINED)
        return kt__h5_bad(c, "this kind of HDF5 file is not supported");
    if (c->end > size || c->end < 48)
        return kt__h5_bad(c, "it is cut off");
    c->leaf_k = version < 2 ? (unsigned)kt__h5_uint(p + 16, 2)
                            : 4; /* else the defaults of the format */
    c->group_k = version < 2 ? (unsigned)kt__h5_uint(p + 18, 2) : 16;
    c->chunk_k = version == 1 ? (unsigned)kt__h5_uint(p + 24, 2) : 32;
    if (c->leaf_k == 0 || c->group_k == 0 || c->chunk_k == 0)
        return kt__h5_bad(c, "it is damaged (the superblock)");
    if (version >= 2) {
        *root = kt__h5_uint(p + 36, 8);
        return check_sum(c, 0, 44);
    }
    /* A symbol for the root, with a copy of where its table is. */
    *root = kt__h5_uint(a + 40, 8);
    uint64_t cached = kt__h5_uint(a + 48, 4);
    if (cached > 1)
        return kt__h5_bad(c, "it is damaged (the superblock)");
    return cached == 0 || kt__h5_table(c, kt__h5_uint(a + 56, 8), kt__h5_uint(a + 64, 8));
}

kt_status kt__h5_check(const char *name, const void *data, size_t size, kt_fault *f)
{
    kt_h5_check c = {.data = data, .end = size, .budget = 1000000 + (uint64_t)size};
    uint64_t    root = 0;

    if (size < 48 || memcmp(data, "\x89HDF\r\n\x1a\n", 8) != 0)
        return kt_raise(f, KT_E_OS,
                        "Unable to open file '%s': it is no HDF5 file (file signature not found)",
                        name);
    bool ok = check_superblock(&c, size, &root) && kt__h5_visit(&c, root);
    while (ok && c.todo.n > 0)
        ok = check_object(&c, (uint64_t)(uintptr_t)c.todo.at[--c.todo.n]);
    kt_map_free(&c.seen);
    kt_vec_free(&c.todo);
    if (c.no_memory)
        return kt_raise_memory(f);
    return ok ? KT_OK : kt_raise(f, KT_E_OS, "Unable to open file '%s': %s", name, c.why);
}
