/* tensor.h - the door of src/tensor: dtypes, shapes with unknown sizes, tensors, printing. */
#ifndef KT_TENSOR_DOOR_H
#define KT_TENSOR_DOOR_H

#include "base/base.h"
#include "keratin/tensor.h"

struct kt_tensor {
    int        refs; /* atomic */
    kt_dtype   dtype;
    kt_shape   shape;
    int64_t    count;
    void      *data;
    kt_tensor *base;  /* the owner of data when this is a view */
    bool       owned; /* data go with the tensor: by kt_free, or where there is one by release */
    void (*release)(void *keeper);
    void *keeper;
};

/* --- texts (text.c) --------------------------------------------------------------------------- */

/* What an element of dtype KT_STRING points to; NULL is the empty text. Any bytes, zeros too; one
 * more zero follows them. */
typedef struct kt_text {
    size_t size;
    char   bytes[];
} kt_text;
size_t      kt_text_size(const kt_text *t);
const char *kt_text_bytes(const kt_text *t); /* ends in a zero */
/* A copy in the arena; NULL without memory. */
kt_text *kt_text_new(kt_arena *a, const char *bytes, size_t size);
bool     kt_text_equal(const kt_text *a, const kt_text *b);
/* As memcmp, the shorter of two that begin the same first: the order of Python's bytes. */
int kt_text_compare(const kt_text *a, const kt_text *b);
/* The elements of a tensor of texts, in memory order. */
const kt_text *const *kt_text_items(const kt_tensor *t);
/* A tensor with copies of count(shape) texts in one block with it. What only moves elements (rows,
 * batches, plans) copies pointers: whoever makes a tensor of them that outlives their owner passes
 * it through here. NULL without memory. */
kt_tensor *kt_texts_own(const kt_text *const *texts, kt_shape shape);

/* --- shapes (shape.c) ------------------------------------------------------------------------ */

/* Negative axes count from the end; KT_UNKNOWN out of range. */
int64_t kt_dim(const kt_shape *s, int axis);
/* axis in [0, rank), or -1 if out of [-rank, rank). */
int      kt_axis(const kt_shape *s, int64_t axis);
int64_t  kt_shape_count(const kt_shape *s); /* KT_UNKNOWN if any size is unknown, or on overflow */
bool     kt_shape_known(const kt_shape *s);
bool     kt_shape_equal(const kt_shape *a, const kt_shape *b); /* unknown equals unknown only */
bool     kt_shape_fits(const kt_shape *a, const kt_shape *b);  /* unknown fits anything */
kt_shape kt_shape_concat(const kt_shape *a, const kt_shape *b);
kt_shape kt_shape_slice(const kt_shape *s, int begin, int end); /* axes [begin, end) */
int64_t  kt_shape_product(const kt_shape *s, int begin, int end);
/* NumPy broadcasting of a and b; false if they do not fit. Unknown with 1 or unknown is unknown,
 * with n is n. */
bool kt_shape_broadcast(const kt_shape *a, const kt_shape *b, kt_shape *out);
/* "(None, 28, 28)", "(3,)", "()" as Python prints tuples; "[None 28 28]" as NumPy prints arrays;
 * "[2,3]" as TensorFlow. */
void kt_shape_print(kt_str *out, const kt_shape *s);
void kt_shape_print_numpy(kt_str *out, const kt_shape *s);
void kt_shape_print_tf(kt_str *out, const kt_shape *s);
/* The same as kt_shape_print, arena-owned, for messages; "" without memory. */
const char *kt_shape_text(kt_arena *a, const kt_shape *s);
/* From a value: LIST/TUPLE of INT or NONE; a lone INT is rank 1. False if it is anything else. */
bool      kt_shape_from_value(const kt_value *v, kt_shape *out);
kt_value *kt_shape_value(kt_arena *a, const kt_shape *s); /* TUPLE */

/* --- dtypes and tensors (dtype.c, tensor.c) -------------------------------------------------- */

bool   kt_dtype_parse(const char *name, kt_dtype *out); /* of numbers: "float32", "int", ... */
bool   kt_dtype_is_float(kt_dtype d);
bool   kt_dtype_is_half(kt_dtype d); /* float16, bfloat16 */
bool   kt_dtype_is_int(kt_dtype d);
bool   kt_dtype_is_unsigned(kt_dtype d);
double kt_dtype_most(kt_dtype d); /* the largest integer that it holds */
double kt_peek(const void *data, kt_dtype dtype, int64_t i);
void   kt_poke(void *data, kt_dtype dtype, int64_t i, double v);
double kt_dtype_round(kt_dtype d, double v); /* what it holds of v */
/* Random floats of another dtype than float32, as TensorFlow's stateless generators: they have
 * draws of their own width, which are scaled and moved in the dtype. a, b: as kt_stateless_*. */
void kt_draw_floats(const int64_t seed[2], kt_distribution d, double a, double b, kt_dtype dtype,
                    int64_t n, double *out);
/* Converts n elements between any two dtypes. Reals are cut toward zero and clamped to what the
 * integer type holds (NaN is 0); integers wrap around. */
void kt_convert(const void *from, kt_dtype a, void *to, kt_dtype b, int64_t n);
/* A tensor around memory of someone else, who keeps it alive longer. */
kt_tensor *kt_tensor_around(void *data, kt_dtype dtype, kt_shape shape);
/* A tensor that owns memory which release(keeper) gives back; NULL, and nothing is given back,
 * without memory. */
kt_tensor *kt_tensor_over(void *data, kt_dtype dtype, kt_shape shape, void (*release)(void *keeper),
                          void *keeper);
/* Print as numpy's str() does (edge items, 1000-element summary), for messages and `predict`. */
void kt_tensor_print(kt_str *out, const kt_tensor *t);

#endif
