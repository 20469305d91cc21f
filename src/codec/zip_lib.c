/* zip_lib.c - loads libzip, once. */
#define _XOPEN_SOURCE 700
#include "codec/zip_lib.h"

#include <pthread.h>

static const kt_library_symbol symbols[] = {
#define X(name) {#name, offsetof(kt_zip_lib, name)},
    KT_ZIP_CALLS(X)
#undef X
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static kt_zip_lib     the_lib;
static bool           loaded;
static const char    *missing; /* a function that the library has not */

static void load(void)
{
    static const char *const names[] = {"libzip.so.5", "libzip.so.4", "libzip.so"};
    void                    *library = kt_library_open(names, KT_COUNT(names));

    if (library)
        missing = kt_library_bind(library, symbols, KT_COUNT(symbols), &the_lib);
    loaded = library && !missing;
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
