/* image.c - fuzz target: any bytes as an image. */
#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int channels[] = {1, 3, 4};

    for (size_t i = 0; i < KT_COUNT(channels); i++) {
        kt_pixels p;
        kt_fault  fault = {0};

        if (kt_image_read("fuzz", data, size, channels[i], &p, &fault) == KT_OK &&
            (!p.data || p.height < 1 || p.width < 1))
            __builtin_trap();
        kt_pixels_free(&p);
        kt_fault_clear(&fault);
    }
    return 0;
}
