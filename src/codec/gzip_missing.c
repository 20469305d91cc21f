/* gzip_missing.c - stands in for gzip.c in a build without zlib. */
#include "codec/codec.h"

kt_status kt_gunzip(const char *name, const void *data, size_t size, size_t limit, kt_bytes *out,
                    kt_fault *f)
{
    (void)data, (void)size, (void)limit;
    *out = (kt_bytes){0};
    return kt_raise(
        f, KT_E_NOT_IMPLEMENTED,
        "this build of Keratin has no gzip (zlib): '%s' cannot be read; unpack it first", name);
}
