/* places.c - see places.h. */
#include "support/places.h"

#if defined(__has_include)
#if __has_include(<execinfo.h>)
#include <execinfo.h>
#define HAVE_BACKTRACE 1
#endif
#endif

/* Calls around a piece that tell its place; those of the watching itself come before. */
enum { DEPTH = 5, SKIPPED = 2, SEEN = 1 << 18, NOTED = 4096 };

static uint64_t seen[SEEN]; /* places, at their hash; 0: none */
static int64_t  noted[NOTED];
static int      n_noted, n_seen;

static _Thread_local bool watches; /* others ask for memory, too */

#ifdef HAVE_BACKTRACE
static bool is_new(uint64_t place)
{
    size_t at = place % SEEN;

    for (; seen[at]; at = (at + 1) % SEEN)
        if (seen[at] == place)
            return false;
    if (n_seen >= SEEN / 2)
        return false;
    n_seen++;
    seen[at] = place;
    return true;
}

static void note(int64_t number)
{
    void    *frame[SKIPPED + DEPTH];
    int      n = watches ? backtrace(frame, SKIPPED + DEPTH) : 0;
    uint64_t h = UINT64_C(0xCBF29CE484222325);

    for (int i = SKIPPED; i < n; i++)
        h = (h ^ (uint64_t)(uintptr_t)frame[i]) * UINT64_C(0x100000001B3);
    h ^= h >> 29;
    if (n > 0 && n_noted < NOTED && is_new(h ? h : 1))
        noted[n_noted++] = number;
}
#endif

void places_watch(void)
{
    n_noted = 0;
    watches = true;
#ifdef HAVE_BACKTRACE
    kt_alloc_watch(note);
#endif
}

int places_new(int64_t begun, int64_t *number, int most)
{
    int n = 0;

    kt_alloc_watch(NULL);
    for (int i = 0; i < n_noted && n < most; i++)
        if (noted[i] > begun)
            number[n++] = noted[i] - begun;
    return n;
}
