/* jpeg_missing.c - stands in for jpeg.c in a build without libjpeg. */
#include "codec/image.h"

kt_status kt__jpeg_read(const char *name, const void *data, size_t size, int channels,
                        kt_pixels *out, kt_fault *f)
{
    (void)data, (void)size, (void)channels, (void)out;
    return kt_raise(f, KT_E_NOT_IMPLEMENTED,
                    "this build of Keratin has no JPEG (libjpeg): '%s' cannot be read", name);
}
