/* hdf5_lib.c - loads libhdf5 and keeps the one lock under which it is used. */
#define _XOPEN_SOURCE 700
#include "codec/hdf5_lib.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

/* hid_t has 64 bits since 1.10; 1.8 would read our arguments wrongly. */
#define LEAST_MINOR 10

#define FILE_STEP ((size_t)1 << 20) /* by how much a file in memory grows */

#define X(name) {#name, offsetof(kt_h5_lib, name)},
static const kt_library_symbol calls[] = {KT_H5_CALLS(X)}, ids[] = {KT_H5_IDS(X)};
#undef X

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static kt_h5_lib       the_lib; /* under the lock */
static bool            loaded;  /* under the lock */

/* *shared: the program itself uses the library too. */
static void *load(bool *shared)
{
    /* Debian's serial build first, then the plain name of each ABI since 1.10 */
    static const char *const names[] = {
        "libhdf5_serial.so.103", "libhdf5.so.103", "libhdf5.so.200",        "libhdf5_serial.so.310",
        "libhdf5.so.310",        "libhdf5.so.320", "libhdf5_serial.so.320", "libhdf5.so",
    };

    for (size_t i = 0; i < KT_COUNT(names); i++) {
        void *handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
        *shared = handle != NULL;
        if (!handle)
            handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (handle)
            return handle;
    }
    return NULL;
}

/* Reads the library's variables. Returns the name of what is missing, or NULL. */
static const char *read_ids(kt_h5_lib *lib, void *handle)
{
    for (size_t i = 0; i < KT_COUNT(ids); i++) {
        const void *address = dlsym(handle, ids[i].name);
        if (!address)
            return ids[i].name;
        memcpy((char *)lib + ids[i].offset, address, sizeof(hid_t));
    }
    return NULL;
}

/* A link into another file could name any file of the machine: never followed. */
static herr_t refuse_external(const char *parent_file, const char *parent_group,
                              const char *child_file, const char *child_object, unsigned *flags,
                              hid_t fapl, void *data)
{
    (void)parent_file, (void)parent_group, (void)child_file, (void)child_object;
    (void)flags, (void)fapl, (void)data;
    return -1;
}

static hid_t make_half(kt_h5_lib *lib, hid_t single)
{
    hid_t t = lib->H5Tcopy(single);

    /* sign at bit 15, five bits of exponent from 10, ten of mantissa from 0; then the size may
     * shrink */
    return lib->H5Tset_fields(t, 15, 10, 5, 0, 10) >= 0 && lib->H5Tset_size(t, 2) >= 0 &&
                   lib->H5Tset_ebias(t, 15) >= 0
             ? t
             : -1;
}

static bool make_lists(kt_h5_lib *lib)
{
    lib->fapl = lib->H5Pcreate(lib->H5P_CLS_FILE_ACCESS_ID_g);
    lib->lcpl = lib->H5Pcreate(lib->H5P_CLS_LINK_CREATE_ID_g);
    lib->lapl = lib->H5Pcreate(lib->H5P_CLS_LINK_ACCESS_ID_g);
    lib->dcpl = lib->H5Pcreate(lib->H5P_CLS_DATASET_CREATE_ID_g);
    lib->text = lib->H5Tcopy(lib->H5T_C_S1_g);
    lib->half[0] = make_half(lib, lib->H5T_IEEE_F32LE_g);
    lib->half[1] = make_half(lib, lib->H5T_IEEE_F32BE_g);
    return lib->half[0] >= 0 && lib->half[1] >= 0 &&
           lib->H5Pset_fapl_core(lib->fapl, FILE_STEP, false) >= 0 &&
           lib->H5Pset_libver_bounds(lib->fapl, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST) >= 0 &&
           lib->H5Pset_create_intermediate_group(lib->lcpl, 1) >= 0 &&
           lib->H5Pset_elink_cb(lib->lapl, refuse_external, NULL) >= 0 &&
           lib->H5Pset_obj_track_times(lib->dcpl, false) >= 0 &&
           lib->H5Tset_size(lib->text, H5T_VARIABLE) >= 0 &&
           lib->H5Tset_cset(lib->text, H5T_CSET_UTF8) >= 0;
}

static void silence(kt_h5_lib *lib)
{
    lib->H5Eget_auto2(H5E_DEFAULT, &lib->on_error, &lib->on_error_data);
    lib->H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

/* The library is never unloaded: it registers work for the program's end. */
static kt_status start(kt_h5_lib *lib, kt_fault *f)
{
    unsigned major = 0, minor = 0, release = 0;
    void    *handle = load(&lib->shared);

    if (!handle)
        return kt_raise(
            f, KT_E_NOT_IMPLEMENTED,
            "HDF5 files need the library libhdf5 (1.10 or newer), which is not installed here");
    const char *missing = kt_library_bind(handle, calls, KT_COUNT(calls), lib);
    if (missing)
        return kt_raise(f, KT_E_NOT_IMPLEMENTED, "the libhdf5 installed here has no %s", missing);
    if (lib->H5get_libversion(&major, &minor, &release) < 0 || major != 1 || minor < LEAST_MINOR)
        return kt_raise(f, KT_E_NOT_IMPLEMENTED,
                        "the libhdf5 installed here is version %u.%u.%u; 1.10 or newer is needed",
                        major, minor, release);
    if (lib->H5open() < 0)
        return kt_raise(f, KT_E_RUNTIME, "libhdf5 could not be started");
    missing = read_ids(lib, handle);
    if (missing)
        return kt_raise(f, KT_E_NOT_IMPLEMENTED, "the libhdf5 installed here has no %s", missing);
    return make_lists(lib) ? KT_OK : kt_raise(f, KT_E_RUNTIME, "libhdf5 could not be set up");
}

kt_h5_lib *kt__h5_load(kt_fault *f)
{
    pthread_mutex_lock(&lock);
    loaded = loaded || start(&the_lib, f) == KT_OK;
    bool there = loaded;
    pthread_mutex_unlock(&lock);
    return there ? kt__h5_enter() : NULL;
}

kt_h5_lib *kt__h5_enter(void)
{
    pthread_mutex_lock(&lock);
    silence(&the_lib);
    return &the_lib;
}

void kt__h5_leave(kt_h5_lib *lib)
{
    if (lib->shared)
        lib->H5Eset_auto2(H5E_DEFAULT, lib->on_error, lib->on_error_data);
    pthread_mutex_unlock(&lock);
}
