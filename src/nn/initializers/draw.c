/* draw.c - what random initializers share: their seed, drawing into a tensor, fans. */
#include "nn/initializers/draw.h"

#include <math.h>

#include "nn/layer.h"

kt_status kt_check_seed(const kt_value *seed, kt_fault *f)
{
    const char     *name = NULL;
    const kt_value *args = NULL;

    if (!seed || seed->kind == KT_NONE || seed->kind == KT_INT || seed->kind == KT_BOOL)
        return KT_OK;
    if (seed->kind == KT_DICT && !kt_value_get(seed, "class_name"))
        return KT_OK; /* until it is used */
    if (seed->kind != KT_STR && kt_object_parts(seed, &name, &args) &&
        kt_streq(name, "SeedGenerator"))
        return KT_OK;

    kt_str text = {0};
    if (seed->kind == KT_STR)
        kt_str_add(&text, seed->s);
    else
        kt_value_repr(&text, seed);
    kt_raise(f, KT_E_VALUE,
             "`seed` argument should be an instance of `keras.random.SeedGenerator()` or an "
             "integer. Received: seed=%s",
             kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

/* --- drawing --------------------------------------------------------------------------------- */

typedef void (*drawing)(const int64_t seed[2], float a, float b, int64_t n, float *out);
static const drawing floats[] = {[KT_UNIFORM] = kt_stateless_uniform,
                                 [KT_NORMAL] = kt_stateless_normal,
                                 [KT_TRUNCATED] = kt_stateless_truncated_normal};

static kt_status draw_wide(kt_distribution d, const int64_t seed[2], double a, double b,
                           kt_tensor *value, kt_fault *f)
{
    double *x = kt_calloc((size_t)value->count + 1, sizeof *x);

    if (!x)
        return kt_raise_memory(f);
    kt_draw_floats(seed, d, a, b, value->dtype, value->count, x);
    kt_convert(x, KT_F64, value->data, value->dtype, value->count);
    kt_free(x);
    return KT_OK;
}

static kt_status draw(kt_distribution d, const int64_t seed[2], double a, double b,
                      kt_tensor *value, kt_fault *f)
{
    if (value->dtype == KT_F32) {
        floats[d](seed, (float)a, (float)b, value->count, value->data);
        return KT_OK;
    }
    if (kt_dtype_is_float(value->dtype))
        return draw_wide(d, seed, a, b, value, f);
    float *narrow = kt_calloc((size_t)value->count, sizeof *narrow);
    if (!narrow)
        return kt_raise_memory(f);
    floats[d](seed, (float)a, (float)b, value->count, narrow);
    kt_convert(narrow, KT_F32, value->data, value->dtype, value->count);
    kt_free(narrow);
    return KT_OK;
}

/* TensorFlow draws uniform whole numbers of 32 and 64 bits, and needs one between the ends. */
static kt_status check_uniform(kt_dtype d, double lo, double hi, kt_fault *f)
{
    static const char accepted[] =
        "tf.float16, tf.bfloat16, tf.float32, tf.float64, tf.int32, tf.int64, tf.uint32, tf.uint64";
    bool wide = d == KT_I32 || d == KT_I64;

    if (kt_dtype_is_float(d) || (wide && trunc(lo) < trunc(hi)))
        return KT_OK;
    if (wide)
        return kt_raise(f, KT_E_INVALID_ARGUMENT, "Need minval < maxval, got %lld >= %lld",
                        (long long)lo, (long long)hi);
    if (kt_dtype_is_unsigned(d) && kt_dtype_size(d) >= 4)
        return kt_raise(
            f, KT_E_VALUE,
            "Argument `dtype` got invalid value <dtype: '%s'> when argument `minval` is "
            "not None. Please don't use unsigned integers in this case.",
            kt_dtype_name(d));
    return kt_raise(f, KT_E_VALUE,
                    "Argument `dtype` got invalid value <dtype: '%s'>. Accepted dtypes are (%s).",
                    kt_dtype_name(d), accepted);
}

static kt_status check_normal(kt_dtype d, kt_fault *f)
{
    return kt_dtype_is_float(d)
             ? KT_OK
             : kt_raise(f, KT_E_TYPE, "Cannot convert 0.0 to EagerTensor of dtype %s",
                        kt_dtype_name(d));
}

kt_status kt_fill_uniform(const int64_t seed[2], double lo, double hi, kt_tensor *value,
                          kt_fault *f)
{
    return check_uniform(value->dtype, lo, hi, f) == KT_OK
             ? draw(KT_UNIFORM, seed, lo, hi, value, f)
             : f->e.status;
}

kt_status kt_fill_normal(const int64_t seed[2], double mean, double stddev, kt_tensor *value,
                         kt_fault *f)
{
    return check_normal(value->dtype, f) == KT_OK ? draw(KT_NORMAL, seed, mean, stddev, value, f)
                                                  : f->e.status;
}

kt_status kt_fill_truncated(const int64_t seed[2], double mean, double stddev, kt_tensor *value,
                            kt_fault *f)
{
    return check_normal(value->dtype, f) == KT_OK ? draw(KT_TRUNCATED, seed, mean, stddev, value, f)
                                                  : f->e.status;
}

/* --- fans ------------------------------------------------------------------------------------ */

/* The product of shape[axis] over Python's iteration of `axes`. */
static kt_status product_of(const kt_value *axes, const kt_shape *s, double *out, kt_fault *f)
{
    const char *type = kt_python_type(axes);

    *out = 1;
    if (axes->kind == KT_STR || axes->kind == KT_DICT)
        return kt_value_true(axes)
                 ? kt_raise(f, KT_E_TYPE, "tuple indices must be integers or slices, not str")
                 : KT_OK;
    if (!kt_value_is_seq(axes))
        return kt_raise(f, KT_E_TYPE, "'%s' object is not iterable", type);
    for (size_t i = 0; i < axes->n; i++) {
        if (!kt_is_int(axes->items[i]))
            return kt_raise(f, KT_E_TYPE, "tuple indices must be integers or slices, not %s",
                            kt_python_type(axes->items[i]));
        int axis = kt_axis(s, axes->items[i]->i);
        if (axis < 0)
            return kt_raise(f, KT_E_INDEX, "tuple index out of range");
        *out *= (double)s->dim[axis];
    }
    return KT_OK;
}

/* fan[0]: inputs of a unit, fan[1]: its outputs. A kernel is [window.., inputs, outputs]. */
static kt_status fans(const kt_scaling *s, const kt_shape *shape, double fan[2], kt_fault *f)
{
    int rank = shape->rank;

    if (s->input_axes && s->output_axes) {
        kt_status status = product_of(s->input_axes, shape, &fan[0], f);
        return status == KT_OK ? product_of(s->output_axes, shape, &fan[1], f) : status;
    }
    fan[0] = fan[1] = 1;
    if (rank == 1)
        fan[0] = fan[1] = (double)shape->dim[0];
    for (int i = 0; rank > 1 && i < rank; i++) {
        if (i != rank - 1)
            fan[0] *= (double)shape->dim[i];
        if (i != rank - 2)
            fan[1] *= (double)shape->dim[i];
    }
    return KT_OK;
}

/* The standard deviation of a normal distribution cut off at two of its own. */
#define CUT_STDDEV 0.87962566103423978

kt_status kt_fill_scaled(const kt_scaling *s, const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    double fan[2];

    if (fans(s, &value->shape, fan, f) != KT_OK)
        return f->e.status;
    double n = (fan[0] + fan[1]) / 2;
    if (kt_streq(s->mode, "fan_in"))
        n = fan[0];
    else if (kt_streq(s->mode, "fan_out"))
        n = fan[1];
    double scale = s->scale / (n > 1 ? n : 1);
    if (kt_streq(s->distribution, "truncated_normal"))
        return kt_fill_truncated(seed, 0, sqrt(scale) / CUT_STDDEV, value, f);
    if (kt_streq(s->distribution, "untruncated_normal"))
        return kt_fill_normal(seed, 0, sqrt(scale), value, f);
    return kt_fill_uniform(seed, -sqrt(3 * scale), sqrt(3 * scale), value, f);
}
