/* tensor.h - arrays of numbers: row-major, contiguous, reference counted.
 *
 *   float v[6] = {1, 2, 3, 4, 5, 6};
 *   kt_tensor *x = kt_tensor_from(v, KT_F32, KT_SHAPE(2, 3));   // copies
 *   const float *p = kt_tensor_f32(x);
 *   kt_tensor_unref(x);
 *
 * What fails here (NULL, an index out of range) is kept by the thread: kt_thread_error in error.h.
 * Invariants: rank 0..8; element count and bytes fit size_t; a view shares its base's memory and
 * keeps it alive. Threads: a tensor that nobody writes may be read by any number of threads; ref
 * and unref are atomic.
 */
#ifndef KERATIN_TENSOR_H
#define KERATIN_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keratin/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define KT_MAX_RANK 8
#define KT_UNKNOWN  (-1) /* a size that is not known yet: Python's None */

typedef enum kt_dtype {
    KT_F32,
    KT_F64,
    KT_I32,
    KT_I64,
    KT_U8,
    KT_BOOLEAN,
    KT_F16,    /* IEEE half */
    KT_BF16,   /* the upper half of a float32 */
    KT_STRING, /* texts of UTF-8: see kt_tensor_from_texts */
    KT_I8,
    KT_I16,
    KT_U16,
    KT_U32,
    KT_U64,
    KT_DTYPE_COUNT
} kt_dtype;

/* Sizes of the axes; KT_UNKNOWN only in symbolic shapes. A plain value: copy it freely. */
typedef struct kt_shape {
    int     rank;
    int64_t dim[KT_MAX_RANK];
} kt_shape;

/* KT_SHAPE(2, 3) is a kt_shape of rank 2; KT_SCALAR_SHAPE has rank 0. */
#define KT_SHAPE(...) \
    ((kt_shape){(int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), {__VA_ARGS__}})
#define KT_SCALAR_SHAPE ((kt_shape){0, {0}})

typedef struct kt_tensor kt_tensor;

KT_API size_t      kt_dtype_size(kt_dtype dtype);
KT_API const char *kt_dtype_name(kt_dtype dtype); /* "float32" */

/* A tensor of zeros. NULL without memory, or if a size is unknown or the bytes overflow. */
KT_API kt_tensor *kt_tensor_new(kt_dtype dtype, kt_shape shape);
/* As kt_tensor_new, filled with a copy of data (count(shape) elements). */
KT_API kt_tensor *kt_tensor_from(const void *data, kt_dtype dtype, kt_shape shape);
/* A tensor of texts, copied: count(shape) of them, each ending in a zero; NULL stands for "". Such
 * a tensor holds no numbers (kt_tensor_get gives 0, kt_tensor_set changes nothing, its data are the
 * library's own), and only layers that take texts take it: StringLookup, TextVectorization,
 * Hashing. */
KT_API kt_tensor *kt_tensor_from_texts(const char *const *texts, kt_shape shape);
/* Text i in memory order, borrowed from the tensor. NULL, and an error that the thread keeps, out
 * of range or where there are numbers. */
KT_API const char *kt_tensor_text(const kt_tensor *t, int64_t i);
KT_API kt_tensor  *kt_tensor_ref(kt_tensor *t);   /* returns t; NULL stays NULL */
KT_API void        kt_tensor_unref(kt_tensor *t); /* NULL is allowed */

/* The same numbers under another shape of equal count, without copying. New reference; NULL if the
 * counts differ. */
KT_API kt_tensor *kt_tensor_reshape(kt_tensor *t, kt_shape shape);
/* Rows [begin, end) of the first axis, without copying. New reference; NULL if out of range. */
KT_API kt_tensor *kt_tensor_rows(kt_tensor *t, int64_t begin, int64_t end);
/* A copy in another dtype, rounded toward zero for integers, != 0 for booleans. New reference. */
KT_API kt_tensor *kt_tensor_cast(const kt_tensor *t, kt_dtype dtype);

KT_API kt_dtype        kt_tensor_dtype(const kt_tensor *t);
KT_API const kt_shape *kt_tensor_shape(const kt_tensor *t);
KT_API int64_t         kt_tensor_count(const kt_tensor *t); /* number of elements */
KT_API void           *kt_tensor_data(const kt_tensor *t);
KT_API float          *kt_tensor_f32(const kt_tensor *t); /* NULL if the dtype is another */
/* Element i in memory order, whatever the dtype. NAN and an IndexError out of range. */
KT_API double kt_tensor_get(const kt_tensor *t, int64_t i);
KT_API void   kt_tensor_set(kt_tensor *t, int64_t i, double value);

/* numpy.random.RandomState(seed): uniform [0, 1) / standard normal / integers lo..hi-1 (int64), as
 * float64. */
KT_API kt_tensor *kt_numpy_rand(uint32_t seed, kt_shape shape);
KT_API kt_tensor *kt_numpy_randn(uint32_t seed, kt_shape shape);
KT_API kt_tensor *kt_numpy_randint(uint32_t seed, int64_t lo, int64_t hi, kt_shape shape);

#ifdef __cplusplus
}
#endif
#endif
