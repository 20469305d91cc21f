/* hdf5_lib.h - libhdf5 as Keratin sees it: a table of its functions, filled when HDF5 is first
 * used. Not a door: only hdf5*.c include it.
 *
 * The library is loaded with dlopen, so that programs without HDF5 files neither wait for it nor
 * need it. For the same reason none of its macros that reach for a symbol (H5F_ACC_RDONLY,
 * H5T_NATIVE_FLOAT, H5P_FILE_ACCESS ...) may be used: their values are members of the table or
 * constants below.
 */
#ifndef KT_CODEC_HDF5_LIB_H
#define KT_CODEC_HDF5_LIB_H

#include <hdf5.h>

#include "codec/codec.h"

/* clang-format off */
#define KT_H5_CALLS(X)                                                                             \
    X(H5open) X(H5get_libversion) X(H5free_memory) X(H5Eget_auto2) X(H5Eset_auto2) X(H5Pcreate)    \
    X(H5Pclose) X(H5Pset_fapl_core) X(H5Pset_file_image) X(H5Pset_file_image_callbacks)            \
    X(H5Pset_libver_bounds) X(H5Pset_create_intermediate_group) X(H5Pset_obj_track_times)          \
    X(H5Pset_elink_cb) X(H5Pget_layout) X(H5Pget_chunk) X(H5Fopen)        \
    X(H5Fcreate) X(H5Fclose) X(H5Fflush) X(H5Fget_file_image) X(H5Oopen) X(H5Oclose)               \
    X(H5Iget_type) X(H5Gcreate2) X(H5Gclose) X(H5Gget_info) X(H5Lget_name_by_idx) X(H5Dcreate2)    \
    X(H5Dread) X(H5Dwrite) X(H5Dclose) X(H5Dget_type) X(H5Dget_space) X(H5Dget_create_plist)       \
    X(H5Screate) X(H5Screate_simple) X(H5Sclose) X(H5Sget_simple_extent_type)                      \
    X(H5Sget_simple_extent_ndims) X(H5Sget_simple_extent_dims) X(H5Sget_simple_extent_npoints)     \
    X(H5Tcopy) X(H5Tclose) X(H5Tequal) X(H5Tget_class) X(H5Tget_super) X(H5Tget_size)              \
    X(H5Tset_size) X(H5Tset_fields) X(H5Tset_ebias) X(H5Tset_cset) X(H5Tget_strpad)                \
    X(H5Tis_variable_str) X(H5Tenum_create) X(H5Tenum_insert) X(H5Aexists) X(H5Aopen)              \
    X(H5Acreate2) X(H5Adelete) X(H5Aread) X(H5Awrite) X(H5Aclose) X(H5Aget_type) X(H5Aget_space)

/* Identifiers that libhdf5 keeps in global variables; valid after H5open. */
#define KT_H5_IDS(X)                                                                               \
    X(H5P_CLS_FILE_ACCESS_ID_g) X(H5P_CLS_LINK_CREATE_ID_g) X(H5P_CLS_LINK_ACCESS_ID_g)            \
    X(H5P_CLS_DATASET_CREATE_ID_g) X(H5T_C_S1_g) X(H5T_NATIVE_FLOAT_g) X(H5T_NATIVE_DOUBLE_g)      \
    X(H5T_NATIVE_INT8_g) X(H5T_NATIVE_INT16_g) X(H5T_NATIVE_INT32_g) X(H5T_NATIVE_INT64_g)         \
    X(H5T_NATIVE_UINT8_g) X(H5T_NATIVE_UINT16_g) X(H5T_NATIVE_UINT32_g) X(H5T_NATIVE_UINT64_g)     \
    X(H5T_IEEE_F32LE_g) X(H5T_IEEE_F32BE_g) X(H5T_IEEE_F64LE_g) X(H5T_IEEE_F64BE_g)                \
    X(H5T_STD_I8LE_g) X(H5T_STD_I16LE_g) X(H5T_STD_I32LE_g) X(H5T_STD_I64LE_g) X(H5T_STD_I8BE_g)   \
    X(H5T_STD_I16BE_g) X(H5T_STD_I32BE_g) X(H5T_STD_I64BE_g) X(H5T_STD_U8LE_g) X(H5T_STD_U16LE_g)  \
    X(H5T_STD_U32LE_g) X(H5T_STD_U64LE_g) X(H5T_STD_U8BE_g) X(H5T_STD_U16BE_g) X(H5T_STD_U32BE_g)  \
    X(H5T_STD_U64BE_g)
/* clang-format on */

typedef struct kt_h5_lib {
#define X(name) __typeof__(&name) name;
    KT_H5_CALLS(X)
#undef X
#define X(name) hid_t name;
    KT_H5_IDS(X)
#undef X
    hid_t       fapl; /* file access: in memory */
    hid_t       lcpl; /* link creation: makes the groups on the way */
    hid_t       lapl; /* link access: never follows a link into another file */
    hid_t       dcpl; /* data set creation: no time stamps, so that equal models give equal files */
    hid_t       text; /* a variable-length UTF-8 string */
    hid_t       half[2];  /* float16, little- and big-endian */
    bool        shared;   /* the program uses the library too: its error printing is given back */
    H5E_auto2_t on_error; /* what libhdf5 did on errors before kt__h5_load or kt__h5_enter */
    void       *on_error_data;
} kt_h5_lib;

/* libhdf5's own constants, without the macros around them. */
#define KT_H5_READ_ONLY 0x0000u
#define KT_H5_TRUNCATE  0x0002u

struct kt_h5 {
    hid_t       file;
    char       *name;  /* as the user knows it, for messages */
    const void *image; /* what was opened; NULL for a new file */
    size_t      size;  /* bytes of the image */
    kt_bytes    whole; /* owner of the image where it was read from disk */
    void       *made;  /* the bytes of a new file, after it was closed */
};

/* The library, loaded at the first call, with its lock taken and its own error printing off; NULL
 * (and no lock) with an error raised otherwise. libhdf5 is not thread-safe: every use stands
 * between enter and leave. */
kt_h5_lib *kt__h5_load(kt_fault *f);
/* The same for a file that is open: the library is there. */
kt_h5_lib *kt__h5_enter(void);
void       kt__h5_leave(kt_h5_lib *lib);

/* Opens h->image, or makes a new file where there is none; h->file is negative on failure. */
void kt__h5_start(kt_h5_lib *lib, kt_h5 *h);
/* Closes the file. *size: the bytes of a new one, which h->made then owns. */
bool kt__h5_stop(kt_h5_lib *lib, kt_h5 *h, size_t *size);

/* The group or data set at `path`, to be closed with H5Oclose; -1 if there is none (nothing is
 * raised). */
hid_t kt__h5_find(kt_h5_lib *lib, const kt_h5 *h, const char *path);
/* The same, but raises KeyError. */
hid_t kt__h5_get(kt_h5_lib *lib, const kt_h5 *h, const char *path, kt_fault *f);
/* Whether a file of this size may ask for that many bytes: the guard against invented sizes. */
bool kt__h5_plausible(const kt_h5 *h, size_t bytes);

#endif
