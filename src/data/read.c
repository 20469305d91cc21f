/* read.c - arrays from files: .npy, .npz, .csv and IDX, recognised by their content. */
#include <string.h>

#include "data/data.h"

#define LARGEST_INFLATED ((size_t)1 << 36)

/* --- kt_array <-> tensor ---------------------------------------------------------------------- */

static bool dtype_of(const kt_array *a, kt_dtype *out)
{
    static const struct {
        char     type;
        int      item;
        kt_dtype dtype;
    } table[] = {{'f', 4, KT_F32}, {'f', 8, KT_F64}, {'i', 4, KT_I32},
                 {'i', 8, KT_I64}, {'u', 1, KT_U8},  {'b', 1, KT_BOOLEAN}};

    for (size_t i = 0; i < KT_COUNT(table); i++)
        if (table[i].type == a->type && table[i].item == a->item) {
            *out = table[i].dtype;
            return true;
        }
    return false;
}

/* Element i of an integer array of a width that tensors do not have. */
static int64_t odd_integer(const kt_array *a, int64_t i)
{
    bool sign = a->type == 'i';

    switch (a->item) {
    case 1: return sign ? ((const int8_t *)a->data)[i] : ((const uint8_t *)a->data)[i];
    case 2: return sign ? ((const int16_t *)a->data)[i] : ((const uint16_t *)a->data)[i];
    case 4: return sign ? ((const int32_t *)a->data)[i] : (int64_t)((const uint32_t *)a->data)[i];
    default: return ((const int64_t *)a->data)[i];
    }
}

kt_tensor *kt_tensor_from_array(kt_array *a, kt_fault *f)
{
    kt_shape   s = {.rank = a->rank};
    kt_dtype   d = KT_I64;
    bool       direct = dtype_of(a, &d);
    kt_tensor *t = NULL;

    if (!direct && a->type != 'i' && a->type != 'u') {
        kt_raise(f, KT_E_VALUE, "%s: numbers of type '%c%d' are not supported",
                 a->name ? a->name : "array", a->type, a->item);
        return NULL;
    }
    memcpy(s.dim, a->dim, (size_t)a->rank * sizeof *s.dim);
    t = direct ? kt_tensor_from(a->data, d, s) : kt_tensor_new(d, s);
    for (int64_t i = 0; t && !direct && i < t->count; i++)
        ((int64_t *)t->data)[i] = odd_integer(a, i);
    if (!t)
        kt_raise_memory(f);
    return t;
}

void kt_array_from_tensor(kt_array *out, const kt_tensor *t)
{
    static const char type[] = {'f', 'f', 'i', 'i', 'u', 'b'};

    *out = (kt_array){.type = type[t->dtype],
                      .item = (int)kt_dtype_size(t->dtype),
                      .rank = t->shape.rank,
                      .data = t->data};
    memcpy(out->dim, t->shape.dim, (size_t)t->shape.rank * sizeof *out->dim);
}

/* --- formats ---------------------------------------------------------------------------------- */

static void add_tensor(kt_data *d, bool as_y, const char *name, kt_tensor *t)
{
    if (as_y)
        kt_data_add_y(d, name, t);
    else
        kt_data_add_x(d, name, t);
    kt_tensor_unref(t);
}

static void add_array(kt_data *d, bool as_y, const char *name, kt_array *a)
{
    add_tensor(d, as_y, name, kt_tensor_from_array(a, &d->fault));
}

static void read_npz(kt_data *d, const char *path, const kt_bytes *b, bool as_y)
{
    kt_array *arrays = NULL;
    int       n = 0;

    if (kt_npz_read(path, b->data, b->size, &arrays, &n, &d->fault) != KT_OK)
        return;
    for (int i = 0; i < n && d->fault.e.status == KT_OK; i++)
        add_array(d, as_y, arrays[i].name, &arrays[i]);
    kt_arrays_free(arrays, n);
}

/* Columns [0, cols) except `skip` as float32 [rows, columns]. */
static kt_tensor *csv_matrix(const kt_csv *csv, int skip)
{
    int        cols = csv->cols - (skip >= 0);
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(csv->rows, cols));

    for (int64_t r = 0; t && r < csv->rows; r++)
        for (int c = 0, at = 0; c < csv->cols; c++)
            if (c != skip)
                kt_tensor_f32(t)[r * cols + at++] = (float)csv->cells[r * csv->cols + c];
    return t;
}

/* A column of words becomes class numbers (int32), numbers stay float32: [rows] or [rows, 1]. */
static kt_tensor *csv_target(const kt_csv *csv, int col)
{
    bool       words = csv->words[col] != NULL;
    kt_tensor *t = words ? kt_tensor_new(KT_I32, KT_SHAPE(csv->rows))
                         : kt_tensor_new(KT_F32, KT_SHAPE(csv->rows, 1));

    for (int64_t r = 0; t && r < csv->rows; r++)
        kt_tensor_set(t, r, csv->cells[r * csv->cols + col]);
    return t;
}

static void read_csv(kt_data *d, const char *path, const kt_bytes *b, bool as_y, const char *target)
{
    kt_csv csv = {0};

    if (kt_csv_read(path, (const char *)b->data, b->size, &csv, &d->fault) == KT_OK) {
        int        col = target ? kt_csv_column(&csv, target, &d->fault) : -1;
        kt_tensor *x = d->fault.e.status == KT_OK ? csv_matrix(&csv, col) : NULL;
        kt_tensor *y = x && col >= 0 ? csv_target(&csv, col) : NULL;
        if (d->fault.e.status == KT_OK && (!x || (col >= 0 && !y)))
            kt_raise_memory(&d->fault);
        if (x)
            add_tensor(d, as_y, "", x);
        if (y)
            add_tensor(d, true, "", y);
    }
    kt_csv_free(&csv);
}

static bool starts(const kt_bytes *b, const char *magic, size_t n)
{
    return b->size >= n && memcmp(b->data, magic, n) == 0;
}

kt_status kt_data_read(kt_data *d, const char *path, bool as_y, const char *target)
{
    kt_bytes b = {0};
    kt_array a = {0};

    if (d->fault.e.status != KT_OK || kt_file_read(path, &b, &d->fault) != KT_OK)
        return d->fault.e.status;
    if (starts(&b, "\x93NUMPY", 6)) {
        if (kt_npy_read(path, b.data, b.size, &a, &d->fault) == KT_OK)
            add_array(d, as_y, "", &a);
    } else if (starts(&b, "PK\003\004", 4) || starts(&b, "PK\005\006", 4)) {
        read_npz(d, path, &b, as_y);
    } else if (starts(&b, "\037\213", 2) || starts(&b, "\0\0", 2)) {
        if (kt_idx_read(path, b.data, b.size, &a, &d->fault) == KT_OK)
            add_array(d, as_y, "", &a);
    } else {
        read_csv(d, path, &b, as_y, target);
    }
    kt_array_free(&a);
    kt_bytes_free(&b);
    return d->fault.e.status;
}

/* --- public ----------------------------------------------------------------------------------- */

kt_data *kt_data_files(const char *x, const char *y)
{
    kt_data *d = kt_data_new();

    if (d && kt_data_read(d, x, false, NULL) == KT_OK && y)
        kt_data_read(d, y, true, NULL);
    return d;
}

kt_data *kt_data_idx(const char *images, const char *labels)
{
    return kt_data_files(images, labels);
}

kt_data *kt_data_csv(const char *path, const char *target)
{
    kt_data *d = kt_data_new();

    if (d)
        kt_data_read(d, path, false, target);
    return d;
}
