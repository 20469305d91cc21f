/* hdf5.c - fuzz target: any bytes as an HDF5 file, read whole: every group, data set and known
 * attribute. */
#include "codec/codec.h"

#define DEPTH_LIMIT 8 /* hard links may form a circle */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(kt_h5 *h, const char *path, int depth);

static void read_attrs(kt_h5 *h, const char *path, kt_arena *arena)
{
    static const char *const attrs[] = {"name", "model_config", "layer_names", "weight_names"};
    const char             **texts;
    int                      n;

    for (size_t i = 0; i < KT_COUNT(attrs); i++)
        if (kt_h5_attr_texts(h, path, attrs[i], arena, &texts, &n, NULL) == KT_OK)
            for (int k = 0; k < n; k++)
                if (!kt_streq(texts[k], texts[k])) /* touches every character */
                    __builtin_trap();
}

static void walk(kt_h5 *h, const char *path, int depth)
{
    kt_arena     arena = {0};
    kt_array     array;
    const char **names;
    int          n;

    read_attrs(h, path, &arena);
    if (kt_h5_list(h, path, &arena, &names, &n, NULL) == KT_OK) {
        for (int i = 0; i < n && i < 16 && depth < DEPTH_LIMIT; i++) {
            const char *below = kt_arena_printf(&arena, "%s/%s", path, names[i]);
            if (below)
                walk(h, below, depth + 1);
        }
    } else if (kt_h5_read(h, path, &array, NULL) == KT_OK) {
        kt_array_free(&array);
    }
    kt_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kt_fault fault = {0};
    kt_h5   *h = kt_h5_open("fuzz", data, size, &fault);

    if (h) {
        walk(h, "", 0);
        if (kt_h5_close(h, NULL, &fault) != KT_OK)
            __builtin_trap();
    }
    kt_fault_clear(&fault);
    return 0;
}
