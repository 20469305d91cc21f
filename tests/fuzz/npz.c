/* npz.c - fuzz target: any bytes as an .npz archive of arrays. */
#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kt_array *arrays;
    int       n;
    kt_fault  fault = {0};

    if (kt_npz_read("fuzz", data, size, &arrays, &n, &fault) == KT_OK)
        kt_arrays_free(arrays, n);
    kt_fault_clear(&fault);
    return 0;
}
