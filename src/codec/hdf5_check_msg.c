/* hdf5_check_msg.c - the messages of an object header, checked before libhdf5 decodes them: types,
 * shapes, layouts, attributes and the rest. Each reads from p, which holds n bytes. */
#include "codec/array.h"
#include "codec/hdf5_check.h"

#include <string.h>

#define MEMBER_LIMIT 256 /* names of an enumeration */

static bool too_short(kt_h5_check *c)
{
    return kt__h5_bad(c, "it is damaged (a message is too short)");
}

static uint64_t padded(uint64_t n)
{
    return (n + 7) / 8 * 8;
}

/* --- types ------------------------------------------------------------------------------------ */

enum { FIXED = 0, FLOATING = 1, STRING = 3, OPAQUE = 5, ENUM = 8, VARIABLE = 9 };

typedef struct element {
    int      kind;
    uint64_t size; /* bytes of an element */
    size_t   used; /* bytes of the description */
} element;

static bool check_type(kt_h5_check *c, const uint8_t *p, size_t n, int depth, element *out);

/* Bits of a number must lie within it. */
static bool check_bits(kt_h5_check *c, const uint8_t *p, uint64_t size)
{
    uint64_t offset = kt__h5_uint(p, 2), precision = kt__h5_uint(p + 2, 2);

    return (size <= 8 && precision > 0 && offset + precision <= 8 * size) ||
           kt__h5_bad(c, "it is damaged (a number type)");
}

static bool check_float(kt_h5_check *c, const uint8_t *p, uint64_t size, unsigned sign)
{
    unsigned precision = (unsigned)kt__h5_uint(p + 2, 2);
    unsigned e = p[4], e_size = p[5], m = p[6], m_size = p[7];

    return (check_bits(c, p, size) && e_size > 0 && m_size > 0 && e_size < 32 &&
            e + e_size <= precision && m + m_size <= precision && sign < precision) ||
           kt__h5_bad(c, "it is damaged (a number type)");
}

/* The base, then the names, then the values. */
static bool check_enum(kt_h5_check *c, const uint8_t *p, size_t n, unsigned version,
                       unsigned members, int depth, element *out)
{
    element base = {0};
    size_t  at;

    if (!check_type(c, p + 8, n - 8, depth + 1, &base))
        return false;
    if (base.kind != FIXED || base.size != out->size || members > MEMBER_LIMIT)
        return kt__h5_bad(c, "it is damaged (an enumeration)");
    at = 8 + base.used;
    for (unsigned i = 0; i < members; i++) {
        const uint8_t *end = at < n ? memchr(p + at, '\0', n - at) : NULL;
        if (!end)
            return too_short(c);
        size_t length = (size_t)(end - (p + at)) + 1;
        at += version < 3 ? (size_t)padded(length) : length;
    }
    out->used = at + members * (size_t)base.size;
    return out->used <= n || too_short(c);
}

static bool check_variable(kt_h5_check *c, const uint8_t *p, size_t n, int depth, element *out)
{
    element base = {0};

    if ((p[1] & 15) != 1)
        return kt__h5_bad(c, "sequences of variable length are not supported");
    if (!check_type(c, p + 8, n - 8, depth + 1, &base))
        return false;
    out->used = 8 + base.used;
    return (base.size == 1 && out->size == 16 && (base.kind == FIXED || base.kind == STRING)) ||
           kt__h5_bad(c, "it is damaged (a text type)");
}

static bool check_type(kt_h5_check *c, const uint8_t *p, size_t n, int depth, element *out)
{
    if (n < 8)
        return too_short(c);
    unsigned version = p[0] >> 4;
    *out = (element){p[0] & 15, kt__h5_uint(p + 4, 4), 8};
    if (version < 1 || version > 3 || out->size == 0 || depth > 1)
        return kt__h5_bad(c, "it is damaged (a type)");

    switch (out->kind) {
    case FIXED: out->used = 12; return n >= 12 ? check_bits(c, p + 8, out->size) : too_short(c);
    case FLOATING:
        out->used = 20;
        return n >= 20 ? check_float(c, p + 8, out->size, p[2]) : too_short(c);
    case STRING: return true;
    case OPAQUE: /* bfloat16; others are only skipped */
        out->used = 8 + (size_t)padded(p[1]);
        return out->used <= n || too_short(c);
    case ENUM: return check_enum(c, p, n, version, (unsigned)kt__h5_uint(p + 1, 2), depth, out);
    case VARIABLE: return check_variable(c, p, n, depth, out);
    default:
        return kt__h5_bad(c, "compound, array, reference, time and bit types are not supported");
    }
}

/* --- shapes ----------------------------------------------------------------------------------- */

/* The elements of a shape, of `item` bytes each; 0 for a null space. False if it is damaged or
 * larger than any memory. */
static bool check_space(kt_h5_check *c, const uint8_t *p, size_t n, int64_t *count, int *rank)
{
    int64_t dim[KT_ARRAY_RANK];
    size_t  head = n >= 4 && p[0] == 1 ? 8 : 4;

    if (n < head)
        return too_short(c);
    *rank = p[1];
    unsigned flags = p[2];
    if (p[0] < 1 || p[0] > 2 || (p[0] == 2 && p[3] > 2) || flags > 1)
        return kt__h5_bad(c, "it is damaged (a shape)");
    if (*rank > KT_ARRAY_RANK)
        return kt__h5_bad(c, "it holds an array with too many axes");
    if (p[0] == 2 && (p[3] == 1) != (*rank > 0))
        return kt__h5_bad(c, "it is damaged (a shape)");
    if (n < head + 8 * (size_t)*rank * (flags ? 2 : 1))
        return too_short(c);
    for (int i = 0; i < *rank; i++) {
        uint64_t size = kt__h5_uint(p + head + 8 * i, 8);
        if (flags && kt__h5_uint(p + head + 8 * (*rank + i), 8) < size)
            return kt__h5_bad(c, "it is damaged (a shape)");
        dim[i] = size <= INT64_MAX ? (int64_t)size : -1;
    }
    *count = p[0] == 2 && p[3] == 2 ? 0 : kt__array_count(dim, *rank);
    return *count >= 0 || kt__h5_bad(c, "it is damaged (a shape)");
}

/* --- layouts ---------------------------------------------------------------------------------- */

static bool check_chunks(kt_h5_check *c, kt_h5_object *o, const uint8_t *p, size_t n)
{
    if (n < 11 || n < 11 + 4 * (size_t)p[2])
        return too_short(c);
    o->chunk_rank = p[2];
    o->address = kt__h5_uint(p + 3, 8);
    o->chunk_bytes = 1;
    if (o->chunk_rank < 2 || o->chunk_rank > KT_ARRAY_RANK + 1)
        return kt__h5_bad(c, "it is damaged (the shape of chunks)");
    for (int i = 0; i < o->chunk_rank; i++) {
        o->chunk_bytes *= kt__h5_uint(p + 11 + 4 * i, 4);
        if (o->chunk_bytes == 0 || o->chunk_bytes > UINT32_MAX)
            return kt__h5_bad(c, "it is damaged (the shape of chunks)");
    }
    /* The last axis is the bytes of an element; the object's type confirms it later. */
    o->bytes = kt__h5_uint(p + 11 + 4 * (o->chunk_rank - 1), 4);
    return true;
}

static bool check_layout(kt_h5_check *c, kt_h5_object *o, const uint8_t *p, size_t n)
{
    if (n >= 2 && p[0] == 4 && p[1] == 3)
        return kt__h5_bad(c, "virtual data sets are not supported");
    if (n < 2 || p[0] < 3 || p[0] > 4 || p[1] > 2 || (p[0] == 4 && p[1] == 2) || o->has_layout)
        return kt__h5_bad(c, "this way to lay out data is not supported");
    o->has_layout = true;
    o->layout = p[1];
    if (o->layout == 2)
        return check_chunks(c, o, p, n);
    if (o->layout == 1) {
        if (n < 18)
            return too_short(c);
        o->address = kt__h5_uint(p + 2, 8);
        o->bytes = kt__h5_uint(p + 10, 8);
        return true;
    }
    o->bytes = n < 4 ? 0 : kt__h5_uint(p + 2, 2);
    return (n >= 4 && o->bytes <= n - 4) || too_short(c);
}

/* --- attributes ------------------------------------------------------------------------------- */

/* The data of texts of variable length: length, heap and index of each. */
static bool check_references(kt_h5_check *c, const uint8_t *p, int64_t count)
{
    for (int64_t i = 0; i < count; i++, p += 16) {
        uint64_t length = kt__h5_uint(p, 4), heap = kt__h5_uint(p + 4, 8),
                 index = kt__h5_uint(p + 12, 4);
        if (heap == 0 || heap == KT_H5_UNDEFINED) {
            if (length != 0)
                return kt__h5_bad(c, "it is damaged (a text is missing)");
        } else if (index == 0 || !kt__h5_heap_element(c, heap, index, length)) {
            return kt__h5_bad(c, "it is damaged (a text is missing)");
        }
    }
    return true;
}

static bool check_attribute(kt_h5_check *c, const uint8_t *p, size_t n)
{
    if (n < 9 || p[0] < 1 || p[0] > 3 || (p[0] > 1 && p[1] != 0))
        return kt__h5_bad(c, "this kind of attribute is not supported");
    unsigned version = p[0];
    uint64_t name = kt__h5_uint(p + 2, 2), type = kt__h5_uint(p + 4, 2),
             space = kt__h5_uint(p + 6, 2);
    uint64_t head = version < 3 ? 8 : 9; /* version 3 has a byte for the encoding of the name */
    uint64_t type_at = head + (version == 1 ? padded(name) : name);
    uint64_t space_at = type_at + (version == 1 ? padded(type) : type);
    uint64_t data_at = space_at + (version == 1 ? padded(space) : space);
    element  e;
    int64_t  count;
    int      rank;

    if (data_at > n || name == 0 || p[head + name - 1] != '\0')
        return too_short(c);
    if (!check_type(c, p + type_at, (size_t)type, 0, &e) ||
        !check_space(c, p + space_at, (size_t)space, &count, &rank))
        return false;
    if ((uint64_t)count > (n - data_at) / e.size)
        return too_short(c);
    return e.kind != VARIABLE || check_references(c, p + data_at, count);
}

/* --- the rest --------------------------------------------------------------------------------- */

static bool check_fill(kt_h5_check *c, kt_h5_object *o, unsigned type, const uint8_t *p, size_t n)
{
    size_t at = 0;
    bool   has = true;

    if (type == 5) { /* type 4, the older one, is a size and a value */
        if (n < 2 || p[0] < 1 || p[0] > 3)
            return too_short(c);
        at = p[0] < 3 ? 4 : 2;
        has = p[0] == 1 || (p[0] == 2 ? n >= 4 && p[3] != 0 : (p[1] & 0x20) != 0);
    }
    if (!has)
        return n >= at || too_short(c);
    if (n < at + 4)
        return too_short(c);
    uint64_t size = kt__h5_uint(p + at, 4);
    if (size == UINT32_MAX) /* undefined */
        return true;
    if (size > n - at - 4 || (o->fill != 0 && size != 0 && size != o->fill))
        return too_short(c);
    o->fill = size != 0 ? size : o->fill;
    return true;
}

/* A hard link of a group in the new format. */
static bool check_link(kt_h5_check *c, const uint8_t *p, size_t n)
{
    size_t at = 2;

    if (n < 2 || p[0] != 1)
        return too_short(c);
    unsigned flags = p[1], width = 1u << (flags & 3);
    if ((flags & 8) != 0 && (n < 3 || p[at++] != 0))
        return kt__h5_bad(c, "soft and external links are not supported");
    at += ((flags & 4) ? 8u : 0u) + ((flags & 16) ? 1u : 0u);
    if (n < at + width)
        return too_short(c);
    uint64_t length = kt__h5_uint(p + at, (int)width);
    at += width;
    if (length == 0 || length > n - at || n - at - length < 8)
        return too_short(c);
    return kt__h5_visit(c, kt__h5_uint(p + at + length, 8));
}

/* Links (type 2) or attributes (type 0x15) may be kept outside of the header, in structures that
 * are not walked here. */
static bool check_dense(kt_h5_check *c, unsigned type, const uint8_t *p, size_t n)
{
    size_t at = 2 + (n >= 2 && (p[1] & 1) ? (type == 2 ? 8u : 2u) : 0u);

    if (n < at + 16 || p[0] != 0)
        return too_short(c);
    return kt__h5_uint(p + at, 8) == KT_H5_UNDEFINED ||
           kt__h5_bad(
               c, "groups with many members are only supported in the format of libver='earliest'");
}

bool kt__h5_message(kt_h5_check *c, kt_h5_object *o, unsigned type, const uint8_t *p, size_t n)
{
    element e;

    switch (type) {
    case 0x01:
        if (o->has_space)
            return kt__h5_bad(c, "it is damaged (two shapes)");
        o->has_space = true;
        return check_space(c, p, n, &o->count, &o->rank);
    case 0x03:
        if (o->has_type)
            return kt__h5_bad(c, "it is damaged (two types)");
        o->has_type = true;
        if (!check_type(c, p, n, 0, &e))
            return false;
        o->item = e.size;
        return e.kind != VARIABLE || kt__h5_bad(c, "data sets of texts are not supported");
    case 0x04:
    case 0x05: return check_fill(c, o, type, p, n);
    case 0x06: return check_link(c, p, n);
    case 0x07: return kt__h5_bad(c, "data in other files are not supported");
    case 0x08: return check_layout(c, o, p, n);
    case 0x0B: return kt__h5_bad(c, "compressed data sets are not supported");
    case 0x0C: return check_attribute(c, p, n);
    case 0x11:
        if (n < 16 || o->has_table)
            return too_short(c);
        o->has_table = true;
        o->tree = kt__h5_uint(p, 8);
        o->heap = kt__h5_uint(p + 8, 8);
        return true;
    case 0x02:
    case 0x15: return check_dense(c, type, p, n);
    case 0x0A: /* group info: two bytes, and up to four sizes */
        return (n >= 2 && n >= 2 + ((p[1] & 1) ? 4u : 0u) + ((p[1] & 2) ? 4u : 0u)) || too_short(c);
    case 0x0D: /* a comment */ return (n > 0 && memchr(p, '\0', n)) || too_short(c);
    case 0x00: /* nothing */ return true;
    case 0x12: /* time of change */ return n >= 8 || too_short(c);
    case 0x16: /* number of links */ return n >= 5 || too_short(c);
    default: return kt__h5_bad(c, "it holds a kind of message that is not supported");
    }
}
