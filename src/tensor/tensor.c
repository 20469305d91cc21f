/* tensor.c - reference-counted arrays. A view holds a reference to the owner of its memory,
 * never to another view. */
#include <math.h>
#include <string.h>

#include "tensor/tensor.h"

/* Bytes of a tensor; false if a size is unknown or the product does not fit. */
static bool measure(kt_dtype dtype, const kt_shape *shape, int64_t *count, size_t *bytes)
{
    size_t size = kt_dtype_size(dtype);

    if (size == 0 || shape->rank < 0 || shape->rank > KT_MAX_RANK)
        return false;
    *count = kt_shape_count(shape);
    return *count >= 0 && !__builtin_mul_overflow(*count, size, bytes) && *bytes <= PTRDIFF_MAX;
}

kt_tensor *kt_tensor_around(void *data, kt_dtype dtype, kt_shape shape)
{
    int64_t    count;
    size_t     bytes;
    kt_tensor *t = measure(dtype, &shape, &count, &bytes) ? kt_alloc(sizeof *t) : NULL;

    if (!t)
        return NULL;
    *t = (kt_tensor){.refs = 1, .dtype = dtype, .shape = shape, .count = count, .data = data};
    return t;
}

kt_tensor *kt_tensor_new(kt_dtype dtype, kt_shape shape)
{
    kt_tensor *t = kt_tensor_around(NULL, dtype, shape);
    if (!t)
        return NULL;

    size_t bytes = (size_t)t->count * kt_dtype_size(dtype);
    t->data = kt_alloc(bytes ? bytes : 1);
    t->owned = true;
    if (!t->data) {
        kt_free(t);
        return NULL;
    }
    return t;
}

kt_tensor *kt_tensor_from(const void *data, kt_dtype dtype, kt_shape shape)
{
    kt_tensor *t = kt_tensor_new(dtype, shape);
    if (t && t->count > 0)
        memcpy(t->data, data, (size_t)t->count * kt_dtype_size(dtype));
    return t;
}

kt_tensor *kt_tensor_ref(kt_tensor *t)
{
    if (t)
        __atomic_add_fetch(&t->refs, 1, __ATOMIC_RELAXED);
    return t;
}

void kt_tensor_unref(kt_tensor *t)
{
    /* Releasing makes this thread's writes visible to the one that frees; that one acquires
     * them. */
    if (!t || __atomic_sub_fetch(&t->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    if (t->owned)
        kt_free(t->data);
    kt_tensor_unref(t->base);
    kt_free(t);
}

static kt_tensor *view(kt_tensor *t, void *data, kt_shape shape)
{
    kt_tensor *v = kt_tensor_around(data, t->dtype, shape);
    if (v)
        v->base = kt_tensor_ref(t->base ? t->base : t);
    return v;
}

kt_tensor *kt_tensor_reshape(kt_tensor *t, kt_shape shape)
{
    if (!t || shape.rank < 0 || shape.rank > KT_MAX_RANK || kt_shape_count(&shape) != t->count)
        return NULL;
    return view(t, t->data, shape);
}

kt_tensor *kt_tensor_rows(kt_tensor *t, int64_t begin, int64_t end)
{
    if (!t || t->shape.rank == 0 || begin < 0 || end < begin || end > t->shape.dim[0])
        return NULL;

    kt_shape shape = t->shape;
    shape.dim[0] = end - begin;
    int64_t row = kt_shape_product(&shape, 1, shape.rank);
    return view(t, (char *)t->data + (size_t)(begin * row) * kt_dtype_size(t->dtype), shape);
}

kt_tensor *kt_tensor_cast(const kt_tensor *t, kt_dtype dtype)
{
    kt_tensor *y = t ? kt_tensor_new(dtype, t->shape) : NULL;
    if (y)
        kt_convert(t->data, t->dtype, y->data, dtype, t->count);
    return y;
}

kt_dtype kt_tensor_dtype(const kt_tensor *t)
{
    return t ? t->dtype : KT_F32;
}

const kt_shape *kt_tensor_shape(const kt_tensor *t)
{
    static const kt_shape scalar = {0, {0}};
    return t ? &t->shape : &scalar;
}

int64_t kt_tensor_count(const kt_tensor *t)
{
    return t ? t->count : 0;
}

void *kt_tensor_data(const kt_tensor *t)
{
    return t ? t->data : NULL;
}

float *kt_tensor_f32(const kt_tensor *t)
{
    return t && t->dtype == KT_F32 ? t->data : NULL;
}

double kt_tensor_get(const kt_tensor *t, int64_t i)
{
    if (!t || !t->data || i < 0 || i >= t->count)
        return NAN;
    return kt_peek(t->data, t->dtype, i);
}

void kt_tensor_set(kt_tensor *t, int64_t i, double value)
{
    if (t && t->data && i >= 0 && i < t->count)
        kt_poke(t->data, t->dtype, i, value);
}
