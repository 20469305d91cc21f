/* memory.c - the one place where Keratin takes memory, and the arenas on top of it. */
#include "base/base.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALIGNMENT  ((size_t)64)
#define LARGE_PAGE ((size_t)2 << 20)

static _Atomic int64_t allocations;
static _Atomic int64_t first_to_fail; /* its number; 0: none */
static _Atomic int64_t last_to_fail;
static _Atomic bool    pieces; /* of arenas are counted */
static _Atomic int64_t held;   /* blocks that were not given back */
static void (*_Atomic watching)(int64_t number);

void kt_alloc_fail_after(int64_t n)
{
    int64_t made = atomic_load(&allocations);
    atomic_store(&last_to_fail, INT64_MAX);
    atomic_store(&first_to_fail, n > 0 ? made + n : 0);
}

void kt_alloc_fail_once(int64_t n)
{
    kt_alloc_fail_after(n);
    atomic_store(&last_to_fail, atomic_load(&first_to_fail));
}

void kt_alloc_count_pieces(bool on)
{
    atomic_store(&pieces, on);
}

void kt_alloc_watch(void (*watcher)(int64_t number))
{
    atomic_store(&watching, watcher);
}

int64_t kt_alloc_count(void)
{
    return atomic_load(&allocations);
}

int64_t kt_alloc_held(void)
{
    return atomic_load(&held);
}

/* p, counted where there is one. */
static void *hold(void *p)
{
    if (p)
        atomic_fetch_add_explicit(&held, 1, memory_order_relaxed);
    return p;
}

/* Counts one more allocation; false where a test wants it to fail. */
static bool admitted(void)
{
    int64_t number = atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed) + 1;
    int64_t limit = atomic_load_explicit(&first_to_fail, memory_order_relaxed);
    void (*watcher)(int64_t) = atomic_load_explicit(&watching, memory_order_relaxed);

    if (watcher)
        watcher(number);
    return limit == 0 || number < limit ||
           number > atomic_load_explicit(&last_to_fail, memory_order_relaxed);
}

/* The machine's memory: the system would grant more, and end the process when it is touched. */
static size_t machine_bytes(void)
{
    static _Atomic size_t known;
    size_t                bytes = atomic_load_explicit(&known, memory_order_relaxed);

    if (bytes == 0) {
        long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
        bytes = pages > 0 && page > 0 ? (size_t)pages * (size_t)page : PTRDIFF_MAX / 2;
        atomic_store_explicit(&known, bytes, memory_order_relaxed);
    }
    return bytes;
}

/* Asks for large pages for those that lie in the memory as a whole: a page costs about a
 * microsecond when it is first touched, whatever its size. */
static void ask_for_large_pages(char *p, size_t size)
{
#ifdef MADV_HUGEPAGE
    size_t skipped = -(uintptr_t)p % LARGE_PAGE;

    if (size >= skipped + LARGE_PAGE)
        madvise(p + skipped, (size - skipped) / LARGE_PAGE * LARGE_PAGE, MADV_HUGEPAGE);
#else
    (void)p;
    (void)size;
#endif
}

void *kt_alloc_raw(size_t size)
{
    if (!admitted() || size > machine_bytes()) {
        return NULL;
    }
    void *p = aligned_alloc(ALIGNMENT, (size + !size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    if (p) {
        ask_for_large_pages(p, size);
    }
    return hold(p);
}

void *kt_alloc(size_t size)
{
    void *p = kt_alloc_raw(size);
    return p ? memset(p, 0, size) : NULL;
}

void *kt_calloc(size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size) {
        return NULL;
    }
    return kt_alloc(n * size);
}

void *kt_alloc_pages(size_t size, void **block)
{
    bool  may = admitted() && size <= machine_bytes();
    char *p = may ? hold(calloc(1, size + ALIGNMENT)) : NULL;

    *block = p;
    if (!p) {
        return NULL;
    }
    p += -(uintptr_t)p % ALIGNMENT;
    ask_for_large_pages(p, size);
    return p;
}

void *kt_realloc(void *p, size_t size)
{
    if (!admitted() || size > machine_bytes()) {
        return NULL;
    }
    void *moved = realloc(p, size ? size : 1);
    return p ? moved : hold(moved);
}

void kt_free(void *p)
{
    if (p)
        atomic_fetch_sub_explicit(&held, 1, memory_order_relaxed);
    free(p);
}

char *kt_strdup(const char *s)
{
    if (!s) {
        return NULL;
    }
    size_t size = strlen(s) + 1;
    char  *copy = kt_realloc(NULL, size);
    if (copy) {
        memcpy(copy, s, size);
    }
    return copy;
}

/* --- arenas -------------------------------------------------------------------------------- */

#define ARENA_ALIGNMENT ((size_t)16)
#define FIRST_BLOCK     ((size_t)1024)
#define LARGEST_BLOCK   ((size_t)65536)

/* Blocks grow, so that a small arena stays small and a large one needs few blocks. */
struct kt_arena_block {
    struct kt_arena_block *next;
    size_t                 used, size;
    _Alignas(16) unsigned char bytes[];
};

static struct kt_arena_block *new_block(size_t size)
{
    if (size > PTRDIFF_MAX - sizeof(struct kt_arena_block)) {
        return NULL;
    }
    struct kt_arena_block *block = kt_alloc_raw(sizeof *block + size);
    if (block) {
        *block = (struct kt_arena_block){.size = size};
    }
    return block;
}

/* A block with room for `size` bytes: the head, a new head, or, for a large piece, a block of its
 * own behind the head. */
static struct kt_arena_block *block_for(kt_arena *a, size_t size)
{
    struct kt_arena_block *head = a->head;
    if (head && size <= head->size - head->used) {
        return head;
    }
    size_t wanted = head ? head->size * 2 : FIRST_BLOCK;
    wanted = wanted > LARGEST_BLOCK ? LARGEST_BLOCK : wanted;
    bool                   alone = size > wanted / 2;
    struct kt_arena_block *block = new_block(alone ? size : wanted);
    if (!block) {
        return NULL;
    }
    if (alone && head) {
        block->next = head->next;
        head->next = block;
    } else {
        block->next = head;
        a->head = block;
    }
    return block;
}

void *kt_arena_alloc(kt_arena *a, size_t size)
{
    size_t                 room = size ? size : 1;
    struct kt_arena_block *block = NULL;
    bool                   wanted = atomic_load_explicit(&pieces, memory_order_relaxed);
    if (room <= PTRDIFF_MAX - ARENA_ALIGNMENT && (!wanted || admitted())) {
        room = (room + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
        block = block_for(a, room);
    }
    if (!block) {
        a->failed = true;
        return NULL;
    }
    void *p = block->bytes + block->used;
    block->used += room;
    return memset(p, 0, room);
}

void *kt_arena_calloc(kt_arena *a, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size) {
        a->failed = true;
        return NULL;
    }
    return kt_arena_alloc(a, n * size);
}

char *kt_arena_strdup(kt_arena *a, const char *s)
{
    return s ? kt_arena_strndup(a, s, strlen(s)) : NULL;
}

char *kt_arena_strndup(kt_arena *a, const char *s, size_t n)
{
    if (!s) {
        return NULL;
    }
    char *copy = n < SIZE_MAX ? kt_arena_alloc(a, n + 1) : NULL;
    if (copy) {
        memcpy(copy, s, n);
    } else {
        a->failed = true;
    }
    return copy;
}

char *kt_arena_printf(kt_arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *text = n >= 0 ? kt_arena_alloc(a, (size_t)n + 1) : NULL;
    if (!text) {
        a->failed = true;
        return NULL;
    }
    va_start(ap, fmt);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return text;
}

size_t kt_arena_bytes(const kt_arena *a)
{
    size_t bytes = 0;
    for (const struct kt_arena_block *block = a->head; block; block = block->next) {
        bytes += sizeof *block + block->size;
    }
    return bytes;
}

void kt_arena_free(kt_arena *a)
{
    struct kt_arena_block *block = a->head;
    while (block) {
        struct kt_arena_block *next = block->next;
        kt_free(block);
        block = next;
    }
    *a = (kt_arena){0};
}
