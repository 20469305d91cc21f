/* memory.c - gives every value and every kernel's scratch its place in one arena.
 *
 * Blocks that live at the same time must not overlap. The largest are placed first, each in the
 * smallest gap that fits among those already placed that live while it does.
 */
#include "exec/plan.h"

#include <stdlib.h>

#define ALIGNMENT 64

typedef struct block {
    size_t  bytes;
    int     first, last;
    int     order; /* as created, so that sorting is the same everywhere */
    size_t *offset;
} block;

typedef struct blocks {
    block *at;
    int    n;
} blocks;

static size_t round_up(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static void add_block(blocks *b, size_t bytes, int first, int last, size_t *offset)
{
    if (bytes) {
        b->at[b->n] = (block){round_up(bytes), first, last, b->n, offset};
        b->n++;
    }
}

static bool collect(kt__draft *d, blocks *b)
{
    b->at = kt_calloc(2 * (size_t)d->n + 1, sizeof *b->at);
    if (!b->at)
        return false;
    for (int id = 0; id < d->n; id++) {
        kt__value *v = &d->value[id];

        if (!v->node)
            continue;
        if (v->home == KT__INPUT && !d->bound)
            add_block(b, v->bytes, 0, KT__FOREVER, &v->offset);
        else if (v->home == KT__ARENA && v->parent == id && !v->input)
            add_block(b, v->bytes, v->first, v->last, &v->offset);
        if (v->run.fn)
            add_block(b, v->run.scratch, id, id, &v->scratch_offset);
    }
    return true;
}

static int larger_first(const void *a, const void *b)
{
    const block *x = a, *y = b;

    if (x->bytes != y->bytes)
        return x->bytes < y->bytes ? 1 : -1;
    return x->order - y->order;
}

static bool meet(const block *a, const block *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* The begin of the smallest gap for `b` among the n placed blocks, which are sorted by offset. */
static size_t find_gap(const block *const *placed, int n, const block *b)
{
    size_t end = 0, best = 0, best_gap = SIZE_MAX;

    for (int i = 0; i < n; i++) {
        size_t at = *placed[i]->offset;

        if (!meet(placed[i], b))
            continue;
        if (at >= end && at - end >= b->bytes && at - end < best_gap) {
            best = end;
            best_gap = at - end;
        }
        if (at + placed[i]->bytes > end)
            end = at + placed[i]->bytes;
    }
    return best_gap == SIZE_MAX ? end : best;
}

static void insert_placed(const block **placed, int n, const block *b)
{
    int i = n;

    for (; i > 0 && *placed[i - 1]->offset > *b->offset; i--)
        placed[i] = placed[i - 1];
    placed[i] = b;
}

/* Offsets for all blocks; SIZE_MAX if they do not fit the address space, else the bytes needed. */
static size_t pack_blocks(const blocks *b, const block **placed)
{
    size_t total = 0;

    for (int i = 0; i < b->n; i++) {
        block *x = &b->at[i];
        size_t at = find_gap(placed, i, x);

        if (at > SIZE_MAX / 2 || x->bytes > SIZE_MAX / 4)
            return SIZE_MAX;
        *x->offset = at;
        insert_placed(placed, i, x);
        if (total < at + x->bytes)
            total = at + x->bytes;
    }
    return total;
}

kt_status kt__place(kt__draft *d)
{
    blocks        b = {0};
    const block **placed = kt_calloc(2 * (size_t)d->n + 1, sizeof *placed);
    kt_plan      *p = d->p;

    if (placed && collect(d, &b)) {
        if (b.n)
            qsort(b.at, (size_t)b.n, sizeof *b.at, larger_first);
        p->bytes = pack_blocks(&b, placed);
        if (p->bytes != SIZE_MAX)
            p->memory = kt_alloc_pages(p->bytes + ALIGNMENT, &p->block);
    }
    kt_free(placed);
    kt_free(b.at);
    return p->memory ? KT_OK : kt_raise_memory(d->f);
}
