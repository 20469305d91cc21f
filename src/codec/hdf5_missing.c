/* hdf5_missing.c - stands in for hdf5*.c in a build without HDF5. No handle ever comes to be, so
 * what takes one is never reached; it answers like the rest all the same. */
#include "codec/codec.h"

static kt_status missing(kt_fault *f, const char *name)
{
    return kt_raise(
        f, KT_E_NOT_IMPLEMENTED,
        "this build of Keratin has no HDF5 (libhdf5): '%s' can be neither read nor written", name);
}

kt_h5 *kt_h5_open(const char *path, const void *data, size_t size, kt_fault *f)
{
    (void)data, (void)size;
    missing(f, path);
    return NULL;
}

kt_h5 *kt_h5_create(kt_fault *f)
{
    missing(f, "a new file");
    return NULL;
}

kt_status kt_h5_close(kt_h5 *h, kt_bytes *image, kt_fault *f)
{
    if (image)
        *image = (kt_bytes){0};
    return h ? missing(f, "a file") : KT_OK;
}

bool kt_h5_exists(kt_h5 *h, const char *path)
{
    (void)h, (void)path;
    return false;
}

kt_status kt_h5_list(kt_h5 *h, const char *path, kt_arena *a, const char ***names, int *n,
                     kt_fault *f)
{
    (void)h, (void)a;
    *names = NULL;
    *n = 0;
    return missing(f, path);
}

kt_status kt_h5_read(kt_h5 *h, const char *path, kt_array *out, kt_fault *f)
{
    (void)h;
    *out = (kt_array){0};
    return missing(f, path);
}

kt_status kt_h5_write(kt_h5 *h, const char *path, const kt_array *a, kt_fault *f)
{
    (void)h, (void)a;
    return missing(f, path);
}

kt_status kt_h5_group(kt_h5 *h, const char *path, kt_fault *f)
{
    (void)h;
    return missing(f, path);
}

const char *kt_h5_attr_text(kt_h5 *h, const char *path, const char *attr, kt_arena *a, kt_fault *f)
{
    (void)h, (void)attr, (void)a;
    missing(f, path);
    return NULL;
}

kt_status kt_h5_attr_texts(kt_h5 *h, const char *path, const char *attr, kt_arena *a,
                           const char ***texts, int *n, kt_fault *f)
{
    (void)h, (void)attr, (void)a;
    *texts = NULL;
    *n = 0;
    return missing(f, path);
}

kt_status kt_h5_set_attr_text(kt_h5 *h, const char *path, const char *attr, const char *text,
                              kt_fault *f)
{
    (void)h, (void)attr, (void)text;
    return missing(f, path);
}

kt_status kt_h5_set_attr_texts(kt_h5 *h, const char *path, const char *attr,
                               const char *const *texts, int n, kt_fault *f)
{
    (void)h, (void)attr, (void)texts, (void)n;
    return missing(f, path);
}
