/* hdf5_data.c - data sets of an HDF5 file: arrays of numbers. */
#include <stdint.h>
#include <string.h>

#include "codec/array.h"
#include "codec/hdf5_lib.h"

/* --- types of elements ------------------------------------------------------------------------ */

/* Members of kt_h5_lib that stand for one type: as this machine has it, and the two ways that files
 * have it. */
typedef struct number {
    char   type;
    int    item;
    size_t native, file[2];
} number;

#define AT(name) offsetof(kt_h5_lib, name)
#define INTEGER(c, n, name)             \
    {                                   \
        c, n, AT(H5T_NATIVE_##name##_g) \
    }
static const number numbers[] = {
    {'f', 4, AT(H5T_NATIVE_FLOAT_g), {AT(H5T_IEEE_F32LE_g), AT(H5T_IEEE_F32BE_g)}},
    {'f', 8, AT(H5T_NATIVE_DOUBLE_g), {AT(H5T_IEEE_F64LE_g), AT(H5T_IEEE_F64BE_g)}},
    {'i', 1, AT(H5T_NATIVE_INT8_g), {AT(H5T_STD_I8LE_g), AT(H5T_STD_I8BE_g)}},
    {'i', 2, AT(H5T_NATIVE_INT16_g), {AT(H5T_STD_I16LE_g), AT(H5T_STD_I16BE_g)}},
    {'i', 4, AT(H5T_NATIVE_INT32_g), {AT(H5T_STD_I32LE_g), AT(H5T_STD_I32BE_g)}},
    {'i', 8, AT(H5T_NATIVE_INT64_g), {AT(H5T_STD_I64LE_g), AT(H5T_STD_I64BE_g)}},
    {'u', 1, AT(H5T_NATIVE_UINT8_g), {AT(H5T_STD_U8LE_g), AT(H5T_STD_U8BE_g)}},
    {'u', 2, AT(H5T_NATIVE_UINT16_g), {AT(H5T_STD_U16LE_g), AT(H5T_STD_U16BE_g)}},
    {'u', 4, AT(H5T_NATIVE_UINT32_g), {AT(H5T_STD_U32LE_g), AT(H5T_STD_U32BE_g)}},
    {'u', 8, AT(H5T_NATIVE_UINT64_g), {AT(H5T_STD_U64LE_g), AT(H5T_STD_U64BE_g)}},
    {'f',
     4,
     AT(H5T_NATIVE_FLOAT_g),
     {AT(half[0]), AT(half[1])}}, /* float16 is widened while it is read */
};

static hid_t id_at(const kt_h5_lib *lib, size_t member)
{
    return *(const hid_t *)(const void *)((const char *)lib + member);
}

/* What the file's type is read as, or NULL. Only exact matches count: libhdf5 could convert
 * stranger types, but those conversions are where a damaged file does harm. */
static const number *find_number(kt_h5_lib *lib, hid_t type)
{
    for (size_t i = 0; i < KT_COUNT(numbers); i++)
        for (int k = 0; k < 2; k++)
            if (lib->H5Tequal(type, id_at(lib, numbers[i].file[k])) > 0)
                return &numbers[i];
    return NULL;
}

/* h5py stores bfloat16, which HDF5 has not, as two opaque bytes. */
static bool is_bfloat16(kt_h5_lib *lib, hid_t type)
{
    return lib->H5Tget_class(type) == H5T_OPAQUE && lib->H5Tget_size(type) == 2;
}

/* n of them, little-endian, become float32 in their place. */
static void widen_bfloat16(uint8_t *data, size_t n)
{
    while (n-- > 0) {
        const uint8_t  b[] = {data[2 * n], data[2 * n + 1]};
        const uint32_t v = (uint32_t)b[0] << 16 | (uint32_t)b[1] << 24;
        memcpy(data + 4 * n, &v, sizeof v);
    }
}

/* h5py stores booleans as an enumeration of one byte. */
static bool is_bool(kt_h5_lib *lib, hid_t type)
{
    if (lib->H5Tget_class(type) != H5T_ENUM || lib->H5Tget_size(type) != 1)
        return false;
    hid_t base = lib->H5Tget_super(type);
    bool  byte = base >= 0 && lib->H5Tget_class(base) == H5T_INTEGER;
    if (base >= 0)
        lib->H5Tclose(base);
    return byte;
}

/* --- reading ---------------------------------------------------------------------------------- */

typedef struct reader {
    kt_h5_lib   *lib;
    const kt_h5 *h;
    const char  *path;
    hid_t        set, type, space, plist;
    kt_fault    *fault;
} reader;

static kt_status refuse(reader *r, const char *why)
{
    return kt_raise(r->fault, KT_E_OS, "Unable to read '%s' of '%s': %s", r->path, r->h->name, why);
}

/* A chunk may be larger than what it holds, and libhdf5 takes memory for a whole one. That data do
 * not lie in other files, nor behind filters, was seen before the file was opened. */
static kt_status check_chunks(reader *r, int item)
{
    hsize_t chunk[KT_ARRAY_RANK];
    int64_t dim[KT_ARRAY_RANK];

    if (r->lib->H5Pget_layout(r->plist) != H5D_CHUNKED)
        return KT_OK;
    int rank = r->lib->H5Pget_chunk(r->plist, KT_ARRAY_RANK, chunk);
    for (int i = 0; i < rank && i < KT_ARRAY_RANK; i++)
        dim[i] = chunk[i] < INT64_MAX ? (int64_t)chunk[i] : -1;
    int64_t n = kt__array_count(dim, rank);
    return n > 0 && kt__h5_plausible(r->h, (size_t)n * (size_t)item)
             ? KT_OK
             : refuse(r, "its chunks are damaged");
}

static kt_status read_shape(reader *r, int item, int *rank, int64_t *dim)
{
    hsize_t     sizes[H5S_MAX_RANK];
    H5S_class_t kind = r->lib->H5Sget_simple_extent_type(r->space);

    if (kind != H5S_SCALAR && kind != H5S_SIMPLE)
        return refuse(r, "it has no shape");
    *rank = r->lib->H5Sget_simple_extent_ndims(r->space);
    if (*rank < 0 || *rank > KT_ARRAY_RANK)
        return refuse(r, "it has too many axes");
    if (r->lib->H5Sget_simple_extent_dims(r->space, sizes, NULL) < 0)
        return refuse(r, "its shape is damaged");
    for (int i = 0; i < *rank; i++)
        dim[i] = sizes[i] < INT64_MAX ? (int64_t)sizes[i] : -1;
    int64_t n = kt__array_count(dim, *rank);
    return n >= 0 && kt__h5_plausible(r->h, (size_t)n * (size_t)item)
             ? KT_OK
             : refuse(r, "its shape is damaged");
}

static kt_status read_data(reader *r, kt_array *out)
{
    int64_t       dim[KT_ARRAY_RANK];
    int           rank = 0;
    bool          truth = is_bool(r->lib, r->type);
    const number *num = truth ? NULL : find_number(r->lib, r->type);
    bool          brain = is_bfloat16(r->lib, r->type);
    int           item = truth ? 1 : num ? num->item : brain ? 2 : 0;

    if (item == 0)
        return refuse(r, "its elements are neither real numbers nor booleans");
    kt_status s = read_shape(r, item, &rank, dim);
    if (s == KT_OK)
        s = check_chunks(r, item);
    if (s == KT_OK)
        s = kt__array_make(out,
                           truth   ? 'b'
                           : brain ? 'f'
                                   : num->type,
                           brain ? 4 : item, rank, dim, r->fault);
    if (s != KT_OK || out->bytes.size == 0)
        return s;
    hid_t memory = truth || brain ? r->type : id_at(r->lib, num->native);
    if (r->lib->H5Dread(r->set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, out->data) < 0)
        return refuse(r, "its data are damaged or cut off");
    for (size_t i = 0; truth && i < out->bytes.size; i++)
        out->bytes.data[i] = out->bytes.data[i] != 0;
    if (brain)
        widen_bfloat16(out->bytes.data, out->bytes.size / 4);
    return KT_OK;
}

static kt_status read_set(reader *r, kt_array *out)
{
    kt_h5_lib *lib = r->lib;
    kt_status  s;

    if (lib->H5Iget_type(r->set) != H5I_DATASET)
        return refuse(r, "it is no data set");
    r->type = lib->H5Dget_type(r->set);
    r->space = lib->H5Dget_space(r->set);
    r->plist = lib->H5Dget_create_plist(r->set);
    s = r->type < 0 || r->space < 0 || r->plist < 0 ? refuse(r, "it is damaged")
                                                    : read_data(r, out);
    if (r->type >= 0)
        lib->H5Tclose(r->type);
    if (r->space >= 0)
        lib->H5Sclose(r->space);
    if (r->plist >= 0)
        lib->H5Pclose(r->plist);
    return s;
}

kt_status kt_h5_read(kt_h5 *h, const char *path, kt_array *out, kt_fault *f)
{
    kt_status s = KT_E_KEY;
    reader    r = {.lib = kt__h5_enter(), .h = h, .path = path, .fault = f};

    *out = (kt_array){0};
    r.set = kt__h5_get(r.lib, h, path, f);
    if (r.set >= 0) {
        s = read_set(&r, out);
        r.lib->H5Oclose(r.set);
    }
    kt__h5_leave(r.lib);
    if (s != KT_OK)
        kt_array_free(out);
    return s;
}

/* --- writing ---------------------------------------------------------------------------------- */

static hid_t make_bool(kt_h5_lib *lib)
{
    static const int8_t no = 0, yes = 1;
    hid_t               t = lib->H5Tenum_create(lib->H5T_STD_I8LE_g);

    /* with these names h5py and NumPy see a bool */
    return lib->H5Tenum_insert(t, "FALSE", &no) >= 0 && lib->H5Tenum_insert(t, "TRUE", &yes) >= 0
             ? t
             : -1;
}

/* The type that the file gets (to be closed), and the one that the data have in memory (not to be
 * closed). */
static hid_t type_for_writing(kt_h5_lib *lib, const kt_array *a, hid_t *memory)
{
    if (a->type == 'b') {
        hid_t t = make_bool(lib);
        *memory = t;
        return t;
    }
    for (size_t i = 0; i < KT_COUNT(numbers); i++)
        if (numbers[i].type == a->type && numbers[i].item == a->item) {
            *memory = id_at(lib, numbers[i].native);
            return lib->H5Tcopy(id_at(lib, numbers[i].file[0]));
        }
    return -1;
}

static bool write_set(kt_h5_lib *lib, const kt_h5 *h, const char *path, const kt_array *a,
                      hid_t type, hid_t memory)
{
    hsize_t dim[KT_ARRAY_RANK] = {0};

    for (int i = 0; i < a->rank; i++)
        dim[i] = (hsize_t)a->dim[i];
    hid_t space = a->rank == 0 ? lib->H5Screate(H5S_SCALAR)
                               : lib->H5Screate_simple(a->rank, dim, NULL);
    hid_t set = space < 0
                  ? -1
                  : lib->H5Dcreate2(h->file, path, type, space, lib->lcpl, lib->dcpl, H5P_DEFAULT);
    bool  ok = set >= 0 && (kt_array_count(a) == 0 ||
                           lib->H5Dwrite(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, a->data) >= 0);
    if (set >= 0)
        ok = lib->H5Dclose(set) >= 0 && ok;
    if (space >= 0)
        lib->H5Sclose(space);
    return ok;
}

kt_status kt_h5_write(kt_h5 *h, const char *path, const kt_array *a, kt_fault *f)
{
    kt_h5_lib *lib = kt__h5_enter();
    hid_t      memory = -1, type = type_for_writing(lib, a, &memory);
    bool       ok = false;

    if (type >= 0) {
        ok = write_set(lib, h, path, a, type, memory);
        lib->H5Tclose(type);
    }
    kt__h5_leave(lib);
    return ok
             ? KT_OK
             : kt_raise(f, KT_E_OS, "the data set '%s' cannot be written to the %s", path, h->name);
}
