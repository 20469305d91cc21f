/* npz.c - NumPy's .npz: a zip of .npy files, one per array. */
#include <string.h>

#include "codec/array.h"

#define LIMIT ((size_t)16 << 30) /* bytes of all arrays together */

/* "x.npy" holds the array "x". */
static char *array_name(const char *entry)
{
    size_t n = strlen(entry);
    char  *name = kt_strdup(entry);

    if (name && n > 4 && strcmp(entry + n - 4, ".npy") == 0)
        name[n - 4] = '\0';
    return name;
}

static kt_status read_entry(const char *name, const kt_zip_entry *e, kt_array *out, kt_fault *f)
{
    kt_str    where = {0};
    kt_status s;

    kt_str_printf(&where, "%s:%s", name, e->name);
    s = kt_npy_read(kt_str_text(&where), e->bytes.data, e->bytes.size, out, f);
    kt_str_free(&where);
    if (s != KT_OK)
        return s;
    out->name = array_name(e->name);
    return out->name ? KT_OK : kt_raise_memory(f);
}

kt_status kt_npz_read(const char *name, const void *data, size_t size, kt_array **out, int *n,
                      kt_fault *f)
{
    kt_zip_entry *entries = NULL;
    int           count = 0;

    *out = NULL;
    *n = 0;
    kt_status s = kt_zip_read(name, data, size, LIMIT, &entries, &count, f);
    if (s != KT_OK)
        return s;
    kt_array *arrays = kt_calloc((size_t)count + 1, sizeof *arrays);
    if (!arrays) {
        kt_zip_free(entries, count);
        return kt_raise_memory(f);
    }
    for (int i = 0; s == KT_OK && i < count; i++) {
        s = read_entry(name, &entries[i], &arrays[i], f);
        kt_bytes_free(&entries[i].bytes); /* at once, so that only one array is in memory twice */
    }
    kt_zip_free(entries, count);
    if (s != KT_OK) {
        kt_arrays_free(arrays, count);
        return s;
    }
    *out = arrays;
    *n = count;
    return KT_OK;
}

static kt_status print_entry(const kt_array *a, int i, kt_zip_entry *e, kt_fault *f)
{
    kt_str name = {0}, text = {0};

    if (a->name)
        kt_str_printf(&name, "%s.npy", a->name);
    else
        kt_str_printf(&name, "arr_%d.npy", i); /* as numpy.savez names them */
    e->name = name.data;
    kt_status s = name.failed ? kt_raise_memory(f) : kt_npy_print(a, &text, f);
    e->bytes = (kt_bytes){(uint8_t *)text.data, text.len, false};
    return s;
}

kt_status kt_npz_write(const char *path, const kt_array *arrays, int n, kt_fault *f)
{
    kt_zip_entry *entries = kt_calloc((size_t)n + 1, sizeof *entries);
    kt_status     s = KT_OK;

    if (!entries)
        return kt_raise_memory(f);
    for (int i = 0; s == KT_OK && i < n; i++)
        s = print_entry(&arrays[i], i, &entries[i], f);
    if (s == KT_OK)
        s = kt_zip_write(path, entries, n, f);
    kt_zip_free(entries, n);
    return s;
}
