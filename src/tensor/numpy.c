/* numpy.c - tensors with the numbers that numpy.random.RandomState(seed) gives. */
#include "tensor/tensor.h"

static kt_tensor *fill(uint32_t seed, kt_shape shape, double (*draw)(kt_mt *))
{
    kt_tensor *t = kt_tensor_new(KT_F64, shape);
    if (!t)
        return NULL;

    kt_mt   r;
    double *x = t->data;
    kt_mt_seed(&r, seed);
    for (int64_t i = 0; i < t->count; i++)
        x[i] = draw(&r);
    return t;
}

kt_tensor *kt_numpy_rand(uint32_t seed, kt_shape shape)
{
    return fill(seed, shape, kt_mt_double);
}

kt_tensor *kt_numpy_randn(uint32_t seed, kt_shape shape)
{
    return fill(seed, shape, kt_mt_gauss);
}

kt_tensor *kt_numpy_randint(uint32_t seed, int64_t lo, int64_t hi, kt_shape shape)
{
    if (lo >= hi)
        kt_raise_here(KT_E_VALUE, "low >= high"); /* as NumPy says it */
    kt_tensor *t = lo < hi ? kt_tensor_new(KT_F64, shape) : NULL;
    if (!t)
        return NULL;

    kt_mt   r;
    double *x = t->data;
    kt_mt_seed(&r, seed);
    for (int64_t i = 0; i < t->count; i++)
        x[i] = (double)kt_mt_randint(&r, lo, hi);
    return t;
}
