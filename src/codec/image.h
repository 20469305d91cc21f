/* image.h - what the readers of image formats share. */
#ifndef KT_CODEC_IMAGE_H
#define KT_CODEC_IMAGE_H

#include "codec/codec.h"

kt_status kt__png_read(const char *name, const void *data, size_t size, int channels,
                       kt_pixels *out, kt_fault *f);
kt_status kt__jpeg_read(const char *name, const void *data, size_t size, int channels,
                        kt_pixels *out, kt_fault *f);
/* Memory for an image, once its size is known and was found to be no more than is allowed. */
kt_status kt__pixels_make(const char *name, int64_t height, int64_t width, int channels,
                          kt_pixels *out, kt_fault *f);

#endif
