/* hdf5_attr.c - texts kept as attributes of an HDF5 object, as Keras stores configurations and
 * names. */
#include <string.h>

#include "codec/hdf5_lib.h"

#define TEXT_LIMIT 1000000 /* texts in one attribute */

typedef struct reader {
    kt_h5_lib   *lib;
    const kt_h5 *h;
    const char  *path, *attr;
    kt_arena    *arena;
    kt_fault    *fault;
} reader;

static kt_status refuse(reader *r, const char *why)
{
    return kt_raise(r->fault, KT_E_OS, "Unable to read the attribute '%s' of '%s' in '%s': %s",
                    r->attr, *r->path ? r->path : "/", r->h->name, why);
}

/* --- reading ---------------------------------------------------------------------------------- */

static kt_status read_variable(reader *r, hid_t attr, hid_t type, const char **texts, size_t n)
{
    char    **raw = kt_calloc(n + 1, sizeof *raw);
    kt_status s = KT_OK;

    if (!raw)
        return kt_raise_memory(r->fault);
    if (r->lib->H5Aread(attr, type, raw) < 0)
        s = refuse(r, "it is damaged");
    for (size_t i = 0; i < n; i++) {
        if (s == KT_OK)
            texts[i] = kt_arena_strdup(r->arena, raw[i] ? raw[i] : "");
        if (s == KT_OK && !texts[i])
            s = kt_raise_memory(r->fault);
        if (raw[i])
            r->lib->H5free_memory(raw[i]);
    }
    kt_free(raw);
    return s;
}

static kt_status read_fixed(reader *r, hid_t attr, hid_t type, const char **texts, size_t n)
{
    size_t width = r->lib->H5Tget_size(type);
    bool   blanks = r->lib->H5Tget_strpad(type) == H5T_STR_SPACEPAD;

    if (width == 0 || !kt__h5_plausible(r->h, width) || !kt__h5_plausible(r->h, width * n))
        return refuse(r, "it is damaged");
    char *raw = kt_calloc(n, width);
    if (!raw)
        return kt_raise_memory(r->fault);
    kt_status s = r->lib->H5Aread(attr, type, raw) < 0 ? refuse(r, "it is damaged") : KT_OK;
    for (size_t i = 0; s == KT_OK && i < n; i++) {
        const char *text = raw + i * width, *end = memchr(text, '\0', width);
        size_t      length = end ? (size_t)(end - text) : width;

        while (blanks && length > 0 && text[length - 1] == ' ')
            length--;
        texts[i] = kt_arena_strndup(r->arena, text, length);
        if (!texts[i])
            s = kt_raise_memory(r->fault);
    }
    kt_free(raw);
    return s;
}

static kt_status read_texts(reader *r, hid_t attr, hid_t type, hid_t space, const char ***texts,
                            int *n)
{
    hssize_t count = r->lib->H5Sget_simple_extent_npoints(space);

    if (count < 0 || count > TEXT_LIMIT)
        return refuse(r, "it is damaged");
    /* An empty list has no elements whose type would matter: NumPy makes it one of floats. */
    if (count > 0 && r->lib->H5Tget_class(type) != H5T_STRING)
        return refuse(r, "it is no text");
    *texts = kt_arena_calloc(r->arena, (size_t)count + 1, sizeof **texts);
    if (!*texts)
        return kt_raise_memory(r->fault);
    *n = (int)count;
    if (count == 0)
        return KT_OK;
    return r->lib->H5Tis_variable_str(type) > 0
             ? read_variable(r, attr, type, *texts, (size_t)count)
             : read_fixed(r, attr, type, *texts, (size_t)count);
}

static kt_status read_attr(reader *r, hid_t object, const char ***texts, int *n)
{
    kt_h5_lib *lib = r->lib;
    htri_t     exists = lib->H5Aexists(object, r->attr);

    if (exists == 0)
        return KT_OK;
    hid_t     attr = exists < 0 ? -1 : lib->H5Aopen(object, r->attr, H5P_DEFAULT);
    hid_t     type = attr < 0 ? -1 : lib->H5Aget_type(attr);
    hid_t     space = attr < 0 ? -1 : lib->H5Aget_space(attr);
    kt_status s = type < 0 || space < 0 ? refuse(r, "it is damaged")
                                        : read_texts(r, attr, type, space, texts, n);

    if (type >= 0)
        lib->H5Tclose(type);
    if (space >= 0)
        lib->H5Sclose(space);
    if (attr >= 0)
        lib->H5Aclose(attr);
    return s;
}

kt_status kt_h5_attr_texts(kt_h5 *h, const char *path, const char *attr, kt_arena *a,
                           const char ***texts, int *n, kt_fault *f)
{
    kt_h5_lib *lib = kt__h5_enter();
    reader     r = {.lib = lib, .h = h, .path = path, .attr = attr, .arena = a, .fault = f};
    hid_t      object = kt__h5_get(lib, h, path, f);
    kt_status  s = KT_E_KEY;

    *texts = NULL;
    *n = 0;
    if (object >= 0) {
        s = read_attr(&r, object, texts, n);
        lib->H5Oclose(object);
    }
    kt__h5_leave(lib);
    if (s != KT_OK) {
        *texts = NULL;
        *n = 0;
    }
    return s;
}

const char *kt_h5_attr_text(kt_h5 *h, const char *path, const char *attr, kt_arena *a, kt_fault *f)
{
    const char **texts;
    int          n;

    if (kt_h5_attr_texts(h, path, attr, a, &texts, &n, f) != KT_OK || !texts)
        return NULL;
    if (n == 1)
        return texts[0];
    kt_raise(f, KT_E_OS,
             "Unable to read the attribute '%s' of '%s' in '%s': it holds %d texts instead of one",
             attr, *path ? path : "/", h->name, n);
    return NULL;
}

/* --- writing ---------------------------------------------------------------------------------- */

static bool write_attr(kt_h5_lib *lib, hid_t object, hid_t space, const char *name,
                       const char *const *texts, int n)
{
    if (lib->H5Aexists(object, name) > 0 && lib->H5Adelete(object, name) < 0)
        return false;
    hid_t attr = lib->H5Acreate2(object, name, lib->text, space, H5P_DEFAULT, H5P_DEFAULT);
    bool  ok = attr >= 0 && (n == 0 || lib->H5Awrite(attr, lib->text, texts) >= 0);
    if (attr >= 0)
        ok = lib->H5Aclose(attr) >= 0 && ok;
    return ok;
}

/* rank 0: one text; rank 1: a list of n. */
static kt_status set_attr(kt_h5 *h, const char *path, const char *name, const char *const *texts,
                          int rank, int n, kt_fault *f)
{
    kt_h5_lib *lib = kt__h5_enter();
    hid_t      object = kt__h5_get(lib, h, path, f);
    kt_status  s = KT_E_KEY;
    hsize_t    dim = (hsize_t)n;

    if (object >= 0) {
        hid_t space = rank == 0 ? lib->H5Screate(H5S_SCALAR) : lib->H5Screate_simple(1, &dim, NULL);
        s = space >= 0 && write_attr(lib, object, space, name, texts, n)
              ? KT_OK
              : kt_raise(f, KT_E_OS, "the attribute '%s' of '%s' cannot be written to the %s", name,
                         path, h->name);
        if (space >= 0)
            lib->H5Sclose(space);
        lib->H5Oclose(object);
    }
    kt__h5_leave(lib);
    return s;
}

kt_status kt_h5_set_attr_text(kt_h5 *h, const char *path, const char *attr, const char *text,
                              kt_fault *f)
{
    return set_attr(h, path, attr, &text, 0, 1, f);
}

kt_status kt_h5_set_attr_texts(kt_h5 *h, const char *path, const char *attr,
                               const char *const *texts, int n, kt_fault *f)
{
    return set_attr(h, path, attr, texts, 1, n, f);
}
