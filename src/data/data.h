/* data.h - the door of src/data: batches of named arrays from files and memory. */
#ifndef KT_DATA_H
#define KT_DATA_H

#include "codec/codec.h"
#include "keratin/model.h"
#include "tensor/tensor.h"

#define KT_MAX_ARRAYS 32

typedef struct kt_column {
    char      *name; /* "" when unnamed */
    kt_tensor *t;    /* [rows, ...] */
} kt_column;

/* Arrays whose first axis counts samples. Rows of the arrays may differ: fit reports it in Keras'
 * words. */
struct kt_data {
    kt_fault   fault;
    int        n_x, n_y;
    kt_column  x[KT_MAX_ARRAYS], y[KT_MAX_ARRAYS];
    kt_tensor *weight; /* [rows] or NULL */
};

/* Reads .npy, .npz, .csv, IDX (gzip too), recognised by content, and adds them as x or as y.
 * target: for a CSV file, the column that becomes y (the others become x), or NULL. */
kt_status kt_data_read(kt_data *d, const char *path, bool as_y, const char *target);
/* Rows [begin, end) as views: for validation_split. NULL without memory. */
kt_data *kt_data_slice(const kt_data *d, int64_t begin, int64_t end);
/* Copies rows[0..n) of t (rows NULL: begin..begin+n) to out as `dtype`. */
void kt_gather_rows(const kt_tensor *t, const int64_t *rows, int64_t begin, int64_t n,
                    kt_dtype dtype, void *out);
/* kt_array (codec) <-> tensor. The tensor takes the array's bytes where the dtype allows (float64
 * stays float64). */
kt_tensor *kt_tensor_from_array(kt_array *a, kt_fault *f);
void       kt_array_from_tensor(kt_array *out, const kt_tensor *t); /* borrows the data */

#endif
