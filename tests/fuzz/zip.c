/* zip.c - fuzz target: any bytes as a zip archive. */
#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kt_zip_entry *entries;
    int           n;
    size_t        total = 0, limit = (size_t)1 << 24;
    kt_fault      fault = {0};

    if (kt_zip_read("fuzz", data, size, limit, &entries, &n, &fault) == KT_OK) {
        for (int i = 0; i < n; i++)
            total += entries[i].bytes.size;
        if (total > limit)
            __builtin_trap();
        kt_zip_free(entries, n);
    }
    kt_fault_clear(&fault);
    return 0;
}
