/* image.c - which format an image has, and how large it may be. */
#include "codec/image.h"

#include <string.h>

#define MOST_PIXELS ((int64_t)1 << 27) /* 134 million */

typedef struct format {
    const char *name, *magic;
    size_t      size;
    /* NULL: known by name, and not read */
    kt_status (*read)(const char *name, const void *data, size_t size, int channels, kt_pixels *out,
                      kt_fault *f);
} format;

static const format formats[] = {
    {"PNG", "\x89PNG\r\n\x1a\n", 8, kt__png_read},
    {"JPEG", "\xff\xd8\xff", 3, kt__jpeg_read},
    {"GIF", "GIF8", 4, NULL},
    {"BMP", "BM", 2, NULL},
};

kt_status kt_image_read(const char *name, const void *data, size_t size, int channels,
                        kt_pixels *out, kt_fault *f)
{
    *out = (kt_pixels){0};
    for (size_t i = 0; i < KT_COUNT(formats); i++) {
        const format *t = &formats[i];
        if (size < t->size || memcmp(data, t->magic, t->size) != 0)
            continue;
        if (!t->read)
            return kt_raise(f, KT_E_NOT_IMPLEMENTED,
                            "'%s' is a %s image, which is not read: PNG and JPEG are", name,
                            t->name);
        kt_status s = t->read(name, data, size, channels, out, f);
        if (s != KT_OK)
            kt_pixels_free(out);
        return s;
    }
    return kt_raise(f, KT_E_VALUE, "'%s' is no image of a known format: PNG and JPEG are read",
                    name);
}

kt_status kt__pixels_make(const char *name, int64_t height, int64_t width, int channels,
                          kt_pixels *out, kt_fault *f)
{
    if (height < 1 || width < 1 || width > MOST_PIXELS / height)
        return kt_raise(f, KT_E_VALUE,
                        "'%s' is an image of %lld x %lld pixels: at most %lld can be read", name,
                        (long long)height, (long long)width, (long long)MOST_PIXELS);
    *out = (kt_pixels){height, width, channels, NULL};
    out->data = kt_alloc((size_t)height * (size_t)width * (size_t)channels);
    return out->data ? KT_OK : kt_raise_memory(f);
}

void kt_pixels_free(kt_pixels *p)
{
    kt_free(p->data);
    *p = (kt_pixels){0};
}
