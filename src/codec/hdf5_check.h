/* hdf5_check.h - what the two halves of the check before libhdf5 share. Not a door: only hdf5*.c
 * include it. */
#ifndef KT_CODEC_HDF5_CHECK_H
#define KT_CODEC_HDF5_CHECK_H

#include "codec/codec.h"

/* Looks at every structure of an HDF5 file before libhdf5 may, which trusts much of what a damaged
 * file says and then reads and writes outside its memory. What Keras and h5py write by default
 * passes; anything else is refused by name. */
kt_status kt__h5_check(const char *name, const void *data, size_t size, kt_fault *f);

#define KT_H5_UNDEFINED UINT64_MAX /* an address that is not set */

/* One walk through a file. */
typedef struct kt_h5_check {
    const uint8_t *data;
    uint64_t       end;     /* what lies behind belongs to nothing */
    uint64_t       budget;  /* steps left: overlapping structures must not make the walk long */
    unsigned       leaf_k;  /* half the capacity of a symbol node */
    unsigned       group_k; /* half the fan-out of a group's tree */
    unsigned       chunk_k; /* half the fan-out of a tree of chunks */
    kt_map         seen;    /* object headers met, by address */
    kt_vec         todo;    /* object headers still to be walked, as addresses */
    const char    *why;     /* what is wrong, when something is */
    bool           no_memory;
} kt_h5_check;

/* What the messages of one object say together. */
typedef struct kt_h5_object {
    bool     has_type, has_space, has_layout, has_table;
    uint64_t item;  /* bytes of an element */
    int64_t  count; /* elements */
    int      rank;
    uint64_t fill;           /* bytes of the fill value, 0 if there is none */
    int      layout;         /* 0 compact, 1 contiguous, 2 chunked */
    uint64_t address, bytes; /* of the data; for chunks the address of the tree */
    int      chunk_rank;     /* axes of a chunk and one more for the bytes of an element */
    uint64_t chunk_bytes;
    uint64_t tree, heap; /* of a group */
} kt_h5_object;

/* Remembers the first reason; false. */
static inline bool kt__h5_bad(kt_h5_check *c, const char *why)
{
    if (!c->why)
        c->why = why;
    return false;
}
bool kt__h5_spend(kt_h5_check *c, uint64_t steps);
/* n bytes at an address, or NULL if they are not all in the file. */
const uint8_t *kt__h5_at(kt_h5_check *c, uint64_t address, uint64_t n);
/* Whether p (may be NULL) starts with these four bytes. */
bool     kt__h5_magic(kt_h5_check *c, const uint8_t *p, const char *magic);
uint64_t kt__h5_uint(const uint8_t *p, int n);           /* little-endian */
bool     kt__h5_visit(kt_h5_check *c, uint64_t address); /* an object header to be walked, once */

/* One message of an object header (hdf5_check_msg.c). Continuations are not among them. */
bool kt__h5_message(kt_h5_check *c, kt_h5_object *o, unsigned type, const uint8_t *p, size_t n);
/* Trees and heaps (hdf5_check_tree.c): a group in the old format; the chunks of a data set, none of
 * them compressed. */
bool kt__h5_table(kt_h5_check *c, uint64_t tree, uint64_t heap);
bool kt__h5_chunks(kt_h5_check *c, const kt_h5_object *o);
/* Element `index` of the global heap at `address` has exactly n bytes. */
bool kt__h5_heap_element(kt_h5_check *c, uint64_t address, uint64_t index, uint64_t n);

#endif
