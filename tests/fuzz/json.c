/* json.c - fuzz target: any bytes as JSON; what is read must print, and read again as the same. */
#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kt_arena  arena = {0};
    kt_fault  fault = {0};
    kt_str    first = {0}, second = {0};
    kt_value *v = kt_json_parse("fuzz", (const char *)data, size, &arena, &fault);

    KT_ASSERT((v == NULL) == (fault.e.status != KT_OK));
    if (v) {
        kt_json_print(&first, v, -1);
        v = kt_json_parse("printed", kt_str_text(&first), first.len, &arena, &fault);
        if (!v || first.failed)
            __builtin_trap();
        kt_json_print(&second, v, -1);
        if (!kt_streq(kt_str_text(&first), kt_str_text(&second)))
            __builtin_trap();
    }
    kt_str_free(&first);
    kt_str_free(&second);
    kt_arena_free(&arena);
    kt_fault_clear(&fault);
    return 0;
}
