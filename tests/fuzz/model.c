/* model.c - fuzz target: any bytes as a model file, .keras or JSON. What can be read is run. */
#include <stddef.h>
#include <stdint.h>

#include "keratin/io.h"
#include "keratin/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kt_model *m = kt_load_memory(data, size, "fuzz");

    if (!kt_failed(m) && kt_count_parameters(m) < 100000) {
        char *text = kt_to_json(m);
        kt_text_free(text);
    }
    kt_model_free(m);
    return 0;
}
