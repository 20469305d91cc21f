/* png_missing.c - stands in for png.c in a build without libpng. */
#include "codec/image.h"

kt_status kt__png_read(const char *name, const void *data, size_t size, int channels,
                       kt_pixels *out, kt_fault *f)
{
    (void)data, (void)size, (void)channels, (void)out;
    return kt_raise(f, KT_E_NOT_IMPLEMENTED,
                    "this build of Keratin has no PNG (libpng): '%s' cannot be read", name);
}
