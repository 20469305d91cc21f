/* prepare.c - what keras.utils makes of arrays before training: sequences of one length, classes as
 * rows of 0 and 1, rows of norm 1. */
#include <math.h>
#include <string.h>

#include "data/data.h"

/* A failure of the thread, and no result. */
static kt_tensor *failed(kt_fault *f)
{
    kt_fault_leave(f);
    return NULL;
}

static bool no_numbers(const kt_tensor *t, const char *call, const char *what, kt_fault *f)
{
    if (!t)
        kt_raise(f, KT_E_VALUE, "%s: %s is NULL", call, what);
    else if (t->dtype == KT_STRING)
        kt_raise(f, KT_E_TYPE, "%s: %s holds texts", call, what);
    return f->e.status != KT_OK;
}

/* --- pad_sequences ---------------------------------------------------------------------------- */

static bool is_post(const char *word, const char *kind, kt_fault *f)
{
    if (word && !kt_streq(word, "pre") && !kt_streq(word, "post"))
        kt_raise(f, KT_E_VALUE, "%s type \"%s\" not understood", kind, word);
    return kt_streq(word, "post");
}

static bool find_dtype(const char *name, kt_dtype *out)
{
    for (int d = 0; d < KT_DTYPE_COUNT; d++)
        if (d != KT_STRING && kt_streq(kt_dtype_name((kt_dtype)d), name ? name : "int32")) {
            *out = (kt_dtype)d;
            return true;
        }
    return false;
}

/* The length of a row; -1 where the lengths are not those of the values. */
static int64_t row_length(const kt_pad_args *a, kt_fault *f)
{
    int64_t longest = 0, total = 0, numbers = a->values->shape.rank ? a->values->shape.dim[0] : 0;

    for (int64_t i = 0; i < a->n && f->e.status == KT_OK; i++) {
        if (a->lengths[i] < 0 || a->lengths[i] > numbers - total)
            kt_raise(f, KT_E_VALUE,
                     "kt_pad_sequences: the lengths add up to more than the %lld numbers",
                     (long long)numbers);
        else
            total += a->lengths[i];
        longest = a->lengths[i] > longest ? a->lengths[i] : longest;
    }
    return a->maxlen > 0 ? a->maxlen : longest;
}

static void copy_numbers(kt_tensor *to, int64_t at, const kt_tensor *from, int64_t begin, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        kt_tensor_set(to, at + i, kt_tensor_get(from, begin + i));
}

kt_tensor *kt_pad_sequences_with(const kt_pad_args *args)
{
    kt_fault    f = {0};
    kt_pad_args a;
    kt_dtype    dtype = KT_I32;

    if (kt_data_take(&a, sizeof a, args ? &args->at : NULL, "kt_pad_sequences", "kt_pad_args",
                     &f) != KT_OK ||
        no_numbers(a.values, "kt_pad_sequences", "`values`", &f))
        return failed(&f);
    if (a.n < 1 || !a.lengths || a.maxlen < 0) {
        kt_raise(&f, KT_E_VALUE, "kt_pad_sequences: there are no sequences, or maxlen is below 0");
        return failed(&f);
    }
    if (!find_dtype(a.dtype, &dtype))
        kt_raise(&f, KT_E_TYPE, "data type '%s' not understood", a.dtype);
    bool    cut = is_post(a.truncating, "Truncating", &f), fill = is_post(a.padding, "Padding", &f);
    int64_t length = f.e.status == KT_OK ? row_length(&a, &f) : 0;
    if (f.e.status != KT_OK)
        return failed(&f);
    kt_shape s = a.values->shape, rows = {.rank = s.rank + 1, .dim = {a.n, length}};
    int64_t  width = kt_shape_product(&s, 1, s.rank), begin = 0;
    if (rows.rank > KT_MAX_RANK) {
        kt_raise(&f, KT_E_VALUE, "a tensor has at most %d axes", KT_MAX_RANK);
        return failed(&f);
    }
    for (int k = 1; k < s.rank; k++)
        rows.dim[k + 1] = s.dim[k];
    kt_tensor *t = kt_tensor_new(dtype, rows);
    for (int64_t i = 0; t && i < t->count; i++)
        kt_tensor_set(t, i, a.value);
    for (int64_t i = 0; t && i < a.n; begin += a.lengths[i++]) {
        int64_t n = a.lengths[i] < length ? a.lengths[i] : length, over = a.lengths[i] - n;
        copy_numbers(t, (i * length + (fill ? 0 : length - n)) * width, a.values,
                     (begin + (cut ? 0 : over)) * width, n * width);
    }
    return t;
}

/* --- to_categorical --------------------------------------------------------------------------- */

kt_tensor *kt_to_categorical(const kt_tensor *x, int64_t classes)
{
    kt_fault f = {0};
    double   most = -1;

    if (no_numbers(x, "kt_to_categorical", "x", &f))
        return failed(&f);
    for (int64_t i = 0; i < x->count; i++)
        most = fmax(most, trunc(kt_tensor_get(x, i)));
    if (classes <= 0 && x->count == 0)
        kt_raise(&f, KT_E_VALUE,
                 "zero-size array to reduction operation maximum which has no identity");
    else if (classes <= 0 && most >= 0 && most < INT32_MAX)
        classes = (int64_t)most + 1;
    else if (classes <= 0)
        kt_raise(&f, KT_E_VALUE, "kt_to_categorical: the largest class is %g", most);
    kt_shape s = x->shape;
    s.rank -= s.rank > 1 && s.dim[s.rank - 1] == 1;
    if (s.rank == KT_MAX_RANK)
        kt_raise(&f, KT_E_VALUE, "a tensor has at most %d axes", KT_MAX_RANK);
    if (f.e.status != KT_OK)
        return failed(&f);
    s.dim[s.rank++] = classes;
    kt_tensor *t = kt_tensor_new(KT_F32, s);
    if (t)
        memset(t->data, 0, (size_t)t->count * sizeof(float));
    for (int64_t i = 0; t && i < x->count && f.e.status == KT_OK; i++) {
        double k = trunc(kt_tensor_get(x, i));
        k += k < 0 ? (double)classes : 0;
        if (!(k >= 0 && k < (double)classes))
            kt_raise(&f, KT_E_INDEX, "index %g is out of bounds for axis 1 with size %lld",
                     trunc(kt_tensor_get(x, i)), (long long)classes);
        else
            kt_tensor_set(t, i * classes + (int64_t)k, 1);
    }
    if (f.e.status == KT_OK)
        return t;
    kt_tensor_unref(t);
    return failed(&f);
}

/* --- normalize -------------------------------------------------------------------------------- */

/* numpy.linalg.norm of n numbers, `step` apart. */
static double norm(const kt_tensor *x, int64_t at, int64_t n, int64_t step, double order)
{
    double sum = order == -INFINITY ? INFINITY : 0;

    for (int64_t i = 0; i < n; i++) {
        double v = fabs(kt_tensor_get(x, at + i * step));
        if (isinf(order))
            sum = order > 0 ? fmax(sum, v) : fmin(sum, v);
        else
            sum += order == 2 ? v * v : order == 0 ? v != 0 : pow(v, order);
    }
    return isinf(order) || order == 0 ? sum : order == 2 ? sqrt(sum) : pow(sum, 1 / order);
}

/* The place of element i of an array of shape `to` in one of shape `from`, spread over it. */
static int64_t spread_from(const kt_shape *from, const kt_shape *to, int64_t i)
{
    int64_t at = 0, step = 1;

    for (int a = to->rank - 1, b = from->rank - 1; b >= 0;
         i /= to->dim[a--], step *= from->dim[b--])
        at += from->dim[b] == 1 ? 0 : i % to->dim[a] * step;
    return at;
}

/* The norms as Keras lays them over x: as if along the last axis where `axis` is 0, and of a row as
 * [1, 1]. */
static kt_shape shape_of_norms(const kt_shape *x, int k, bool last)
{
    kt_shape s = {.rank = x->rank > 1 ? 0 : 1, .dim = {1}};

    for (int i = 0; i < x->rank; i++) {
        if (i == k && !last)
            s.dim[s.rank++] = 1;
        else if (i != k)
            s.dim[s.rank++] = x->dim[i];
    }
    if (last)
        s.dim[s.rank++] = 1;
    return s;
}

static void raise_apart(const kt_shape *a, const kt_shape *b, kt_fault *f)
{
    kt_str text = {0};

    for (int k = 0; k < 2; k++)
        for (int i = 0; i < a->rank; i++)
            kt_str_printf(&text, "%s%lld%s", i ? "," : "(", (long long)(k ? b : a)->dim[i],
                          i + 1 < a->rank ? "" : ") ");
    kt_raise(f, KT_E_VALUE, "operands could not be broadcast together with shapes %s",
             kt_str_text(&text));
    kt_str_free(&text);
}

static kt_tensor *over_norms(const kt_tensor *x, int k, double order, const kt_shape *laid,
                             const kt_shape *out)
{
    int64_t    n = x->shape.dim[k], step = kt_shape_product(&x->shape, k + 1, x->shape.rank);
    kt_tensor *sizes = kt_tensor_new(KT_F64, *laid);
    kt_tensor *t = kt_tensor_new(kt_dtype_is_float(x->dtype) ? x->dtype : KT_F64, *out);

    for (int64_t i = 0; sizes && i < sizes->count; i++) {
        double size = norm(x, i / step * step * n + i % step, n, step, order);
        kt_tensor_set(sizes, i, size == 0 ? 1 : size);
    }
    for (int64_t i = 0; sizes && t && i < t->count; i++)
        kt_tensor_set(t, i,
                      kt_tensor_get(x, spread_from(&x->shape, out, i)) /
                          kt_tensor_get(sizes, spread_from(laid, out, i)));
    if (!sizes)
        kt_tensor_unref(t);
    kt_tensor_unref(sizes);
    return sizes ? t : NULL;
}

kt_tensor *kt_normalize(const kt_tensor *x, int axis, double order)
{
    kt_fault f = {0};
    kt_shape out;

    if (no_numbers(x, "kt_normalize", "x", &f))
        return failed(&f);
    int k = kt_axis(&x->shape, axis);
    if (k < 0) {
        kt_raise(&f, KT_E_INDEX, "axis %d is out of bounds for array of dimension %d", axis,
                 x->shape.rank);
        return failed(&f);
    }
    kt_shape laid = shape_of_norms(&x->shape, k, axis == 0);
    if (!kt_shape_broadcast(&x->shape, &laid, &out)) {
        raise_apart(&x->shape, &laid, &f);
        return failed(&f);
    }
    return over_norms(x, k, order, &laid, &out);
}
