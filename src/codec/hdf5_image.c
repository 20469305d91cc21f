/* hdf5_image.c - the memory of HDF5 files, lent to libhdf5 instead of copied.
 *
 * By itself libhdf5 copies an image three times on the way in and once on the way out. Through
 * these callbacks a file that is read stays where it is, and one that was written is taken over
 * from libhdf5 when it closes the file.
 */
#include "codec/hdf5_lib.h"

#include <stdio.h>
#include <string.h>

static kt_h5 *owner(void *data)
{
    return data;
}

/* Only an image that is opened gets here; libhdf5 gets the image itself in place of each copy. */
static void *image_malloc(size_t size, H5FD_file_image_op_t op, void *data)
{
    const kt_h5 *h = owner(data);

    (void)op;
    return size == h->size ? (void *)(uintptr_t)h->image : NULL;
}

static void *image_memcpy(void *to, const void *from, size_t size, H5FD_file_image_op_t op,
                          void *data)
{
    (void)size, (void)op, (void)data;
    return to == from ? to : NULL;
}

/* A new file grows. */
static void *image_realloc(void *p, size_t size, H5FD_file_image_op_t op, void *data)
{
    (void)op;
    return owner(data)->image ? NULL : kt_realloc(p, size);
}

static herr_t image_free(void *p, H5FD_file_image_op_t op, void *data)
{
    kt_h5 *h = owner(data);

    if (op == H5FD_FILE_IMAGE_OP_FILE_CLOSE && !h->image)
        h->made = p;
    return 0;
}

static void *same(void *data)
{
    return data;
}

static herr_t nothing(void *data)
{
    (void)data;
    return 0;
}

/* The handle must stay where it is until the file is closed: the callbacks know it. */
void kt__h5_start(kt_h5_lib *lib, kt_h5 *h)
{
    static unsigned long serial; /* libhdf5 takes two files in memory with one name for one */
    char                 name[48];
    H5FD_file_image_callbacks_t calls = {
        image_malloc, image_memcpy, image_realloc, image_free, same, nothing, h};

    h->file = -1;
    snprintf(name, sizeof name, "keratin-%lu.h5", serial++);
    if (lib->H5Pset_file_image_callbacks(lib->fapl, &calls) < 0)
        return;
    if (!h->image)
        h->file = lib->H5Fcreate(name, KT_H5_TRUNCATE, H5P_DEFAULT, lib->fapl);
    else if (lib->H5Pset_file_image(lib->fapl, (void *)(uintptr_t)h->image, h->size) >= 0)
        h->file = lib->H5Fopen(name, KT_H5_READ_ONLY, lib->fapl);
    lib->H5Pset_file_image(lib->fapl, NULL, 0);
}

bool kt__h5_stop(kt_h5_lib *lib, kt_h5 *h, size_t *size)
{
    ssize_t n = 0;

    if (!h->image)
        n = lib->H5Fflush(h->file, H5F_SCOPE_GLOBAL) < 0 ? -1
                                                         : lib->H5Fget_file_image(h->file, NULL, 0);
    *size = n > 0 ? (size_t)n : 0;
    return lib->H5Fclose(h->file) >= 0 && n >= 0;
}
