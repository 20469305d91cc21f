/* zip_lib.c - loads libzip, once. */
#define _XOPEN_SOURCE 700
#include "codec/zip_lib.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

typedef struct symbol {
    const char *name;
    size_t      offset; /* of its member */
} symbol;

static const symbol symbols[] = {
#define X(name) {#name, offsetof(kt_zip_lib, name)},
    KT_ZIP_CALLS(X)
#undef X
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static kt_zip_lib     the_lib;
static bool           loaded;
static const char    *missing; /* a function that the library has not */

/* The library is never unloaded: others may hold what it started. */
static void load(void)
{
    static const char *const names[] = {"libzip.so.5", "libzip.so.4", "libzip.so"};
    void                    *handle = NULL;

    for (size_t i = 0; i < KT_COUNT(names) && !handle; i++)
        handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; handle && i < KT_COUNT(symbols); i++) {
        void *address = dlsym(handle, symbols[i].name);
        if (!address) {
            missing = symbols[i].name;
            return;
        }
        /* C has no cast from data to function pointers */
        memcpy((char *)&the_lib + symbols[i].offset, &address, sizeof address);
    }
    loaded = handle != NULL;
}

const kt_zip_lib *kt__zip(kt_fault *f)
{
    pthread_once(&once, load);
    if (loaded)
        return &the_lib;
    if (missing)
        kt_raise(f, KT_E_NOT_IMPLEMENTED, "the libzip installed here has no %s", missing);
    else
        kt_raise(f, KT_E_NOT_IMPLEMENTED,
                 "archives (.keras, .npz) need the library libzip, which is not installed here");
    return NULL;
}
