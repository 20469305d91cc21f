/* idx.c - fuzz target: any bytes as an IDX file, plain or in gzip. */
#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kt_array a;
    kt_fault fault = {0};

    if (kt_idx_read("fuzz", data, size, &a, &fault) == KT_OK &&
        (size_t)kt_array_count(&a) * (size_t)a.item != a.bytes.size)
        __builtin_trap();
    kt_array_free(&a);
    kt_fault_clear(&fault);
    return 0;
}
