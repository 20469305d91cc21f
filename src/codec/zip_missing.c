/* zip_missing.c - stands in for zip.c in a build without libzip; .npz and .keras files need it. */
#include "codec/codec.h"

static kt_status missing(const char *name, kt_fault *f)
{
    return kt_raise(
        f, KT_E_NOT_IMPLEMENTED,
        "this build of Keratin has no zip (libzip): '%s' can be neither read nor written", name);
}

kt_status kt_zip_read(const char *name, const void *data, size_t size, size_t limit,
                      kt_zip_entry **out, int *n, kt_fault *f)
{
    (void)data, (void)size, (void)limit;
    *out = NULL;
    *n = 0;
    return missing(name, f);
}

kt_status kt_zip_read_wanted(const char *name, const void *data, size_t size, size_t limit,
                             size_t (*most)(const char *entry), kt_zip_entry **out, int *n,
                             kt_fault *f)
{
    (void)most;
    return kt_zip_read(name, data, size, limit, out, n, f);
}

kt_status kt_zip_write(const char *path, const kt_zip_entry *entries, int n, kt_fault *f)
{
    (void)entries, (void)n;
    return missing(path, f);
}

void kt_zip_free(kt_zip_entry *entries, int n)
{
    for (int i = 0; i < n; i++) {
        kt_free((char *)(uintptr_t)entries[i].name);
        kt_bytes_free(&entries[i].bytes);
    }
    kt_free(entries);
}
