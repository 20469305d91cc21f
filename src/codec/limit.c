/* limit.c - how long a configuration may be. */
#include <stdatomic.h>

#include "codec/codec.h"

#define USUAL ((size_t)64 << 20)

static atomic_size_t limit;

void kt_json_set_limit(size_t bytes)
{
    atomic_store(&limit, bytes);
}

size_t kt_json_limit(void)
{
    size_t set = atomic_load(&limit);

    return set > 0 ? set : USUAL;
}
