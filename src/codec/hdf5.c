/* hdf5.c - HDF5 files in memory: opening, closing, groups. Data sets are in hdf5_data.c, attributes
 * in hdf5_attr.c.
 *
 * A file on disk is read whole and opened as an image, so that one path serves both, nothing is
 * locked, and the size of the file is known when the sizes in it are checked.
 */
#include "codec/hdf5_check.h"
#include "codec/hdf5_lib.h"

#define LINK_LIMIT 1000000u /* entries of one group */
/* What a file of any size may ask for: data that were never written take no space. */
#define FREE_BYTES ((size_t)64 << 20)

/* --- opening and closing ---------------------------------------------------------------------- */

static void free_handle(kt_h5 *h)
{
    kt_free(h->name);
    kt_free(h->made);
    kt_bytes_free(&h->whole);
    kt_free(h);
}

/* Takes `whole`, also on failure. An image of NULL: a new file. */
static kt_h5 *start(const char *name, kt_bytes whole, const void *image, size_t size, kt_fault *f)
{
    kt_h5     *h = kt_alloc(sizeof *h);
    kt_h5_lib *lib = NULL;

    if (!h) {
        kt_bytes_free(&whole);
        kt_raise_memory(f);
        return NULL;
    }
    *h = (kt_h5){.file = -1, .name = kt_strdup(name), .image = image, .size = size, .whole = whole};
    if (!h->name)
        kt_raise_memory(f);
    else if (!image || kt__h5_check(name, image, size, f) == KT_OK)
        lib = kt__h5_load(f);
    if (lib) {
        kt__h5_start(lib, h);
        kt__h5_leave(lib);
    }
    if (h->file >= 0)
        return h;
    if (lib)
        kt_raise(f, KT_E_OS, "Unable to open file '%s': %s", name,
                 image ? "the HDF5 structure is damaged" : "libhdf5 cannot make it in memory");
    free_handle(h);
    return NULL;
}

kt_h5 *kt_h5_open(const char *path, const void *data, size_t size, kt_fault *f)
{
    kt_bytes whole = {0};

    if (data)
        return start(path, whole, data, size, f);
    if (kt_file_read(path, &whole, f) != KT_OK)
        return NULL;
    return start(path, whole, whole.data, whole.size, f);
}

kt_h5 *kt_h5_create(kt_fault *f)
{
    return start("new HDF5 file", (kt_bytes){0}, NULL, 0, f);
}

kt_status kt_h5_close(kt_h5 *h, kt_bytes *image, kt_fault *f)
{
    kt_status s = KT_OK;
    size_t    size = 0;

    if (image)
        *image = (kt_bytes){0};
    if (!h)
        return KT_OK;
    kt_h5_lib *lib = kt__h5_enter();
    bool       closed = kt__h5_stop(lib, h, &size);
    kt__h5_leave(lib);
    if (!h->image && (!closed || !h->made)) {
        s = kt_raise(f, KT_E_OS, "the %s cannot be finished", h->name);
    } else if (image && !h->image) {
        *image = (kt_bytes){h->made, size, false};
        h->made = NULL;
    }
    free_handle(h);
    return s;
}

/* --- finding ---------------------------------------------------------------------------------- */

bool kt__h5_plausible(const kt_h5 *h, size_t bytes)
{
    return bytes <= FREE_BYTES || bytes <= h->size;
}

static const char *or_root(const char *path)
{
    return *path ? path : "/";
}

hid_t kt__h5_find(kt_h5_lib *lib, const kt_h5 *h, const char *path)
{
    return lib->H5Oopen(h->file, or_root(path), lib->lapl);
}

hid_t kt__h5_get(kt_h5_lib *lib, const kt_h5 *h, const char *path, kt_fault *f)
{
    hid_t object = kt__h5_find(lib, h, path);

    if (object < 0)
        kt_raise(f, KT_E_KEY, "Unable to open object: '%s' doesn't exist in '%s'", or_root(path),
                 h->name);
    return object;
}

bool kt_h5_exists(kt_h5 *h, const char *path)
{
    kt_h5_lib *lib = kt__h5_enter();
    hid_t      object = kt__h5_find(lib, h, path);

    if (object >= 0)
        lib->H5Oclose(object);
    kt__h5_leave(lib);
    return object >= 0;
}

/* --- groups ----------------------------------------------------------------------------------- */

/* Name number i of a group, in the order of names. NULL without memory, or where the file is
 * damaged. */
static const char *link_name(kt_h5_lib *lib, hid_t group, hsize_t i, kt_arena *a)
{
    char    first[256];
    ssize_t n = lib->H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, first,
                                        sizeof first, lib->lapl);

    if (n < 0)
        return NULL;
    if ((size_t)n < sizeof first)
        return kt_arena_strdup(a, first);
    char *name = kt_arena_alloc(a, (size_t)n + 1);
    if (!name || lib->H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name,
                                         (size_t)n + 1, lib->lapl) < 0)
        return NULL;
    return name;
}

static kt_status list_group(kt_h5_lib *lib, const kt_h5 *h, hid_t group, const char *path,
                            kt_arena *a, const char ***names, int *n, kt_fault *f)
{
    H5G_info_t info = {0};

    if (lib->H5Iget_type(group) != H5I_GROUP)
        return kt_raise(f, KT_E_VALUE, "'%s' in '%s' is no group", or_root(path), h->name);
    if (lib->H5Gget_info(group, &info) < 0 || info.nlinks > LINK_LIMIT)
        return kt_raise(f, KT_E_OS, "'%s': the group '%s' is damaged", h->name, or_root(path));
    *names = kt_arena_calloc(a, (size_t)info.nlinks + 1, sizeof **names);
    if (!*names)
        return kt_raise_memory(f);
    for (hsize_t i = 0; i < info.nlinks; i++) {
        (*names)[i] = link_name(lib, group, i, a);
        if (a->failed)
            return kt_raise_memory(f);
        if (!(*names)[i])
            return kt_raise(f, KT_E_OS, "'%s': the group '%s' is damaged", h->name, or_root(path));
    }
    *n = (int)info.nlinks;
    return KT_OK;
}

kt_status kt_h5_list(kt_h5 *h, const char *path, kt_arena *a, const char ***names, int *n,
                     kt_fault *f)
{
    kt_status  s = KT_E_KEY;
    kt_h5_lib *lib = kt__h5_enter();
    hid_t      group = kt__h5_get(lib, h, path, f);

    *names = NULL;
    *n = 0;
    if (group >= 0) {
        s = list_group(lib, h, group, path, a, names, n, f);
        lib->H5Oclose(group);
    }
    kt__h5_leave(lib);
    return s;
}

static kt_status make_group(kt_h5_lib *lib, const kt_h5 *h, const char *path, kt_fault *f)
{
    hid_t object = kt__h5_find(lib, h, path);

    if (object >= 0) {
        bool group = lib->H5Iget_type(object) == H5I_GROUP;
        lib->H5Oclose(object);
        return group ? KT_OK : kt_raise(f, KT_E_VALUE, "'%s' in the %s is no group", path, h->name);
    }
    object = lib->H5Gcreate2(h->file, path, lib->lcpl, H5P_DEFAULT, H5P_DEFAULT);
    if (object < 0)
        return kt_raise(f, KT_E_OS, "the group '%s' cannot be made in the %s", path, h->name);
    lib->H5Gclose(object);
    return KT_OK;
}

kt_status kt_h5_group(kt_h5 *h, const char *path, kt_fault *f)
{
    kt_h5_lib *lib = kt__h5_enter();
    kt_status  s = make_group(lib, h, path, f);

    kt__h5_leave(lib);
    return s;
}
