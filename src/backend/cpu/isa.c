/* isa.c - which instruction set this processor gets. */
#include "backend/cpu/isa.h"

#include <stdatomic.h>
#include <stdlib.h>

#if KERATIN_X86
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}
#endif

static bool always(void)
{
    return true;
}

/* The best first. */
static const struct choice {
    const kt_isa_table *table;
    bool (*has)(void);
} choices[] = {
#if KERATIN_X86
    {&kt_isa_avx512, has_avx512},
    {&kt_isa_avx2, has_avx2},
#endif
    {&kt_isa_base, always},
};

static const kt_isa_table *choose(void)
{
    const char *wish = getenv("KERATIN_ISA");
    size_t      first = 0;

    for (size_t i = 0; i < KT_COUNT(choices); i++)
        if (kt_streq(wish, choices[i].table->name))
            first = i;
    while (!choices[first].has())
        first++;
    return choices[first].table;
}

const kt_isa_table *kt_isa(void)
{
    static const kt_isa_table *_Atomic chosen;
    const kt_isa_table                *t = atomic_load_explicit(&chosen, memory_order_relaxed);

    if (!t) {
        t = choose();
        atomic_store_explicit(&chosen, t, memory_order_relaxed);
    }
    return t;
}
