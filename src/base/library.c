/* library.c - shared libraries that are opened while a program runs. */
#include <dlfcn.h>
#include <string.h>

#include "base/base.h"

void *kt_library_open(const char *const *names, size_t n)
{
    void *library = NULL;

    for (size_t i = 0; i < n && !library; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    return library;
}

const char *kt_library_bind(void *library, const kt_library_symbol *symbols, size_t n, void *table)
{
    for (size_t i = 0; i < n; i++) {
        void *address = dlsym(library, symbols[i].name);
        if (!address)
            return symbols[i].name;
        /* C has no cast from data to function pointers */
        memcpy((char *)table + symbols[i].offset, &address, sizeof address);
    }
    return NULL;
}
