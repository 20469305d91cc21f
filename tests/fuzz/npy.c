/* npy.c - fuzz target: any bytes as an .npy array; what is read must print, and read again as the
 * same. */
#include <string.h>

#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_and_read(const kt_array *a)
{
    kt_str   text = {0};
    kt_array again;

    if (kt_npy_print(a, &text, NULL) != KT_OK)
        __builtin_trap();
    if (kt_npy_read("printed", text.data, text.len, &again, NULL) != KT_OK)
        __builtin_trap();
    if (again.bytes.size != a->bytes.size || memcmp(again.data, a->data, a->bytes.size) != 0)
        __builtin_trap();
    kt_array_free(&again);
    kt_str_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kt_array a;
    kt_fault fault = {0};

    if (kt_npy_read("fuzz", data, size, &a, &fault) == KT_OK)
        write_and_read(&a);
    kt_array_free(&a);
    kt_fault_clear(&fault);
    return 0;
}
