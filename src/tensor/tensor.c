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

kt_tensor *kt_tensor_over(void *data, kt_dtype dtype, kt_shape shape, void (*release)(void *keeper),
                          void *keeper)
{
    kt_tensor *t = kt_tensor_around(data, dtype, shape);

    if (!t)
        return NULL;
    t->owned = true;
    t->release = release;
    t->keeper = keeper;
    return t;
}

/* Leaves to the thread why there is no such tensor. */
static kt_tensor *refuse(kt_dtype dtype, const kt_shape *shape)
{
    int64_t count = shape->rank < 0 || shape->rank > KT_MAX_RANK ? 0 : kt_shape_count(shape);
    size_t  bytes = 0;

    if (kt_dtype_size(dtype) == 0)
        kt_raise_here(KT_E_VALUE, "a tensor of dtype %d: there is none", (int)dtype);
    else if (shape->rank < 0 || shape->rank > KT_MAX_RANK)
        kt_raise_here(KT_E_VALUE, "a tensor of rank %d: 0 to %d axes are possible", shape->rank,
                      KT_MAX_RANK);
    else if (count < 0)
        kt_raise_here(KT_E_VALUE, "a tensor's sizes must be known, and their product fit 63 bits");
    else if (!measure(dtype, shape, &count, &bytes))
        kt_raise_here(KT_E_MEMORY, "a tensor of %lld elements does not fit the memory",
                      (long long)count);
    else
        kt_raise_here(KT_E_MEMORY, "out of memory for a tensor of %zu bytes", bytes);
    return NULL;
}

static kt_tensor *with_memory(kt_dtype dtype, kt_shape shape, void *(*alloc)(size_t))
{
    kt_tensor *t = kt_tensor_around(NULL, dtype, shape);
    if (!t)
        return refuse(dtype, &shape);

    size_t bytes = (size_t)t->count * kt_dtype_size(dtype);
    t->data = alloc(bytes ? bytes : 1);
    t->owned = true;
    if (!t->data) {
        kt_free(t);
        return refuse(dtype, &shape);
    }
    return t;
}

kt_tensor *kt_tensor_new(kt_dtype dtype, kt_shape shape)
{
    return with_memory(dtype, shape, kt_alloc);
}

kt_tensor *kt_tensor_from(const void *data, kt_dtype dtype, kt_shape shape)
{
    if (!data && kt_shape_count(&shape) != 0) {
        kt_raise_null("kt_tensor_from", "data");
        return NULL;
    }
    if (dtype == KT_STRING) {
        kt_raise_here(KT_E_TYPE, "kt_tensor_from: texts are copied by kt_tensor_from_texts");
        return NULL;
    }
    kt_tensor *t = with_memory(dtype, shape, kt_alloc_raw);
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
    if (t->owned && t->release)
        t->release(t->keeper);
    else if (t->owned)
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

static kt_tensor *null_tensor(const char *call)
{
    kt_raise_null(call, "the tensor");
    return NULL;
}

kt_tensor *kt_tensor_reshape(kt_tensor *t, kt_shape shape)
{
    if (!t)
        return null_tensor("kt_tensor_reshape");
    int64_t count = shape.rank < 0 || shape.rank > KT_MAX_RANK ? KT_UNKNOWN
                                                               : kt_shape_count(&shape);
    if (count != t->count) {
        kt_raise_here(KT_E_VALUE, "kt_tensor_reshape: the tensor has %lld elements, the shape %lld",
                      (long long)t->count, (long long)count);
        return NULL;
    }
    return view(t, t->data, shape);
}

kt_tensor *kt_tensor_rows(kt_tensor *t, int64_t begin, int64_t end)
{
    if (!t)
        return null_tensor("kt_tensor_rows");
    int64_t rows = t->shape.rank > 0 ? t->shape.dim[0] : KT_UNKNOWN;
    if (begin < 0 || end < begin || end > rows) {
        kt_raise_here(KT_E_INDEX, "kt_tensor_rows: [%lld, %lld) is not within %lld rows",
                      (long long)begin, (long long)end, (long long)(rows < 0 ? 0 : rows));
        return NULL;
    }

    kt_shape shape = t->shape;
    shape.dim[0] = end - begin;
    int64_t row = kt_shape_product(&shape, 1, shape.rank);
    return view(t, (char *)t->data + (size_t)(begin * row) * kt_dtype_size(t->dtype), shape);
}

kt_tensor *kt_tensor_cast(const kt_tensor *t, kt_dtype dtype)
{
    if (t && (t->dtype == KT_STRING || dtype == KT_STRING)) {
        kt_raise_here(KT_E_TYPE, "kt_tensor_cast: texts and numbers do not become each other");
        return NULL;
    }
    kt_tensor *y = t ? with_memory(dtype, t->shape, kt_alloc_raw) : null_tensor("kt_tensor_cast");
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

static bool has_element(const kt_tensor *t, int64_t i, const char *call)
{
    if (!t)
        kt_raise_null(call, "the tensor");
    else if (i < 0 || i >= t->count)
        kt_raise_here(KT_E_INDEX, "%s: index %lld is out of range for a tensor of %lld elements",
                      call, (long long)i, (long long)t->count);
    else if (!t->data)
        kt_raise_here(KT_E_VALUE, "%s: the tensor has a shape and no numbers", call);
    return t && t->data && i >= 0 && i < t->count;
}

double kt_tensor_get(const kt_tensor *t, int64_t i)
{
    return has_element(t, i, "kt_tensor_get") ? kt_peek(t->data, t->dtype, i) : NAN;
}

void kt_tensor_set(kt_tensor *t, int64_t i, double value)
{
    if (has_element(t, i, "kt_tensor_set"))
        kt_poke(t->data, t->dtype, i, value);
}
