/* hdf5_check_tree.c - trees and heaps of an HDF5 file, checked before libhdf5 follows them: the
 * members of a group, the chunks of a data set, the texts of variable length. */
#include "codec/hdf5_check.h"

#include <string.h>

#define TREE_LEVELS  16   /* of one B-tree: 2^16 entries at the very least */
#define HEAP_MINIMUM 4096 /* bytes of a global heap, by the format */

/* --- groups in the old format: a B-tree of symbol nodes, names in a local heap ---------------- */

typedef struct names {
    const uint8_t *text;
    uint64_t       size;
} names;

static bool check_name(kt_h5_check *c, const names *h, uint64_t offset)
{
    if (offset >= h->size || !memchr(h->text + offset, '\0', (size_t)(h->size - offset)))
        return kt__h5_bad(c, "it is damaged (a name lies outside of its heap)");
    return kt__h5_spend(c, 1);
}

/* libhdf5 follows the list of free blocks when it loads the heap. */
static bool check_free_list(kt_h5_check *c, const names *h, uint64_t offset)
{
    while (offset != 1 && offset != KT_H5_UNDEFINED) { /* both end the list */
        if (offset % 8 != 0 || h->size < 16 || offset > h->size - 16)
            return kt__h5_bad(c, "it is damaged (a heap's free list)");
        uint64_t size = kt__h5_uint(h->text + offset + 8, 8);
        if (size < 16 || size > h->size - offset || !kt__h5_spend(c, 1))
            return kt__h5_bad(c, "it is damaged (a heap's free list)");
        uint64_t next = kt__h5_uint(h->text + offset, 8);
        if (next <= offset && next != 1)
            return kt__h5_bad(c, "it is damaged (a heap's free list)");
        offset = next;
    }
    return true;
}

static bool open_names(kt_h5_check *c, uint64_t address, names *h)
{
    const uint8_t *p = kt__h5_at(c, address, 32);

    if (!kt__h5_magic(c, p, "HEAP"))
        return false;
    h->size = kt__h5_uint(p + 8, 8);
    h->text = kt__h5_at(c, kt__h5_uint(p + 24, 8), h->size);
    return h->text && check_free_list(c, h, kt__h5_uint(p + 16, 8));
}

static bool check_symbol(kt_h5_check *c, const names *h, const uint8_t *p)
{
    uint64_t cached = kt__h5_uint(p + 16, 4);

    if (cached > 1)
        return kt__h5_bad(c, "soft links are not supported");
    return check_name(c, h, kt__h5_uint(p, 8)) && kt__h5_visit(c, kt__h5_uint(p + 8, 8));
}

static bool check_symbols(kt_h5_check *c, const names *h, uint64_t address)
{
    const uint8_t *p = kt__h5_at(c, address, 8 + 2 * (uint64_t)c->leaf_k * 40);

    if (!kt__h5_magic(c, p, "SNOD"))
        return false;
    uint64_t n = kt__h5_uint(p + 6, 2);
    if (n > 2 * c->leaf_k)
        return kt__h5_bad(c, "it is damaged (a symbol node is too full)");
    for (uint64_t i = 0; i < n; i++)
        if (!check_symbol(c, h, p + 8 + i * 40))
            return false;
    return true;
}

/* The node at an address, with room for all its entries; level < 0: any level. *n: its entries. */
static const uint8_t *open_node(kt_h5_check *c, uint64_t address, int kind, unsigned k, size_t key,
                                int level, uint64_t *n)
{
    const uint8_t *p = kt__h5_at(c, address, 24 + 2 * (uint64_t)k * (8 + key) + key);

    if (!kt__h5_magic(c, p, "TREE"))
        return NULL;
    *n = kt__h5_uint(p + 6, 2);
    if (p[4] == kind && p[5] < TREE_LEVELS && (level < 0 || p[5] == level) && *n <= 2 * k)
        return p;
    kt__h5_bad(c, "it is damaged (a tree)");
    return NULL;
}

static bool check_group_tree(kt_h5_check *c, const names *h, uint64_t address, int level)
{
    uint64_t       n;
    const uint8_t *p = open_node(c, address, 0, c->group_k, 8, level, &n);

    if (!p || !check_name(c, h, kt__h5_uint(p + 24, 8)))
        return false;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t child = kt__h5_uint(p + 32 + i * 16, 8);
        bool ok = p[5] == 0 ? check_symbols(c, h, child) : check_group_tree(c, h, child, p[5] - 1);
        if (!ok || !check_name(c, h, kt__h5_uint(p + 40 + i * 16, 8)))
            return false;
    }
    return true;
}

bool kt__h5_table(kt_h5_check *c, uint64_t tree, uint64_t heap)
{
    names h;

    return open_names(c, heap, &h) && check_group_tree(c, &h, tree, -1);
}

/* --- chunks of data --------------------------------------------------------------------------- */

/* Chunks without filters all have one size. A key: bytes, filter mask, and one offset per axis. */
static bool check_chunk_tree(kt_h5_check *c, const kt_h5_object *o, uint64_t address, int level)
{
    size_t         key = 8 + 8 * (size_t)o->chunk_rank;
    uint64_t       n;
    const uint8_t *p = open_node(c, address, 1, c->chunk_k, key, level, &n);

    if (!p)
        return false;
    for (uint64_t i = 0; i < n; i++) {
        const uint8_t *entry = p + 24 + i * (key + 8);
        uint64_t       child = kt__h5_uint(entry + key, 8);
        if (p[5] > 0) {
            if (!check_chunk_tree(c, o, child, p[5] - 1))
                return false;
        } else if (kt__h5_uint(entry, 4) != o->chunk_bytes) {
            return kt__h5_bad(c, "it is damaged (the size of a chunk)");
        } else if (!kt__h5_at(c, child, o->chunk_bytes)) {
            return false;
        }
    }
    return true;
}

bool kt__h5_chunks(kt_h5_check *c, const kt_h5_object *o)
{
    return check_chunk_tree(c, o, o->address, -1);
}

/* --- the global heap, where texts of variable length lie -------------------------------------- */

bool kt__h5_heap_element(kt_h5_check *c, uint64_t address, uint64_t index, uint64_t n)
{
    const uint8_t *p = kt__h5_at(c, address, HEAP_MINIMUM);
    bool           found = false;

    if (!kt__h5_magic(c, p, "GCOL"))
        return false;
    uint64_t left = kt__h5_uint(p + 8, 8);
    if (left < HEAP_MINIMUM || !kt__h5_at(c, address, left))
        return kt__h5_bad(c, "it is damaged (a global heap)");
    for (p += 16, left -= 16; left >= 16;) {
        uint64_t i = kt__h5_uint(p, 2), size = kt__h5_uint(p + 8, 8);
        uint64_t need = i == 0 ? size : size <= left ? 16 + (size + 7) / 8 * 8 : left + 1;

        if (need < 16 || need > left || !kt__h5_spend(c, 1))
            return kt__h5_bad(c, "it is damaged (a global heap)");
        if (i == index && (size != n || found))
            return kt__h5_bad(c, "it is damaged (a text of the wrong length)");
        found = found || i == index;
        p += need;
        left -= need;
    }
    return found || kt__h5_bad(c, "it is damaged (a text is missing)");
}
