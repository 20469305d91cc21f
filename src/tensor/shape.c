/* shape.c - sizes of axes, some of them perhaps unknown.
 *
 * KT_UNKNOWN stands for Python's None. A shape is a plain value of rank 0..KT_MAX_RANK;
 * functions that could exceed the rank say so by returning an empty or false result, never by
 * writing past the array. */
#include "tensor/tensor.h"

int kt_axis(const kt_shape *s, int64_t axis)
{
    if (axis < 0)
        axis += s->rank;
    return axis < 0 || axis >= s->rank ? -1 : (int)axis;
}

int64_t kt_dim(const kt_shape *s, int axis)
{
    int i = kt_axis(s, axis);
    return i < 0 ? KT_UNKNOWN : s->dim[i];
}

int64_t kt_shape_product(const kt_shape *s, int begin, int end)
{
    int64_t product = 1;
    for (int i = begin < 0 ? 0 : begin; i < end && i < s->rank; i++) {
        if (s->dim[i] < 0 || __builtin_mul_overflow(product, s->dim[i], &product))
            return KT_UNKNOWN;
    }
    return product;
}

int64_t kt_shape_count(const kt_shape *s)
{
    return kt_shape_product(s, 0, s->rank);
}

bool kt_shape_known(const kt_shape *s)
{
    for (int i = 0; i < s->rank; i++) {
        if (s->dim[i] < 0)
            return false;
    }
    return true;
}

bool kt_shape_equal(const kt_shape *a, const kt_shape *b)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++) {
        if (a->dim[i] != b->dim[i])
            return false;
    }
    return true;
}

bool kt_shape_fits(const kt_shape *a, const kt_shape *b)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++) {
        if (a->dim[i] != b->dim[i] && a->dim[i] != KT_UNKNOWN && b->dim[i] != KT_UNKNOWN)
            return false;
    }
    return true;
}

/* Axes beyond KT_MAX_RANK are dropped; who concatenates shapes of users checks the ranks first. */
kt_shape kt_shape_concat(const kt_shape *a, const kt_shape *b)
{
    kt_shape out = *a;
    for (int i = 0; i < b->rank && out.rank < KT_MAX_RANK; i++)
        out.dim[out.rank++] = b->dim[i];
    return out;
}

kt_shape kt_shape_slice(const kt_shape *s, int begin, int end)
{
    kt_shape out = KT_SCALAR_SHAPE;
    for (int i = begin < 0 ? 0 : begin; i < end && i < s->rank; i++)
        out.dim[out.rank++] = s->dim[i];
    return out;
}

/* The size that x and y broadcast to; false if they do not. */
static bool broadcast_dim(int64_t x, int64_t y, int64_t *out)
{
    if (x == y || y == 1)
        *out = x;
    else if (x == 1)
        *out = y;
    else if (x == KT_UNKNOWN || y == KT_UNKNOWN)
        *out = x == KT_UNKNOWN ? y : x;
    else
        return false;
    return true;
}

bool kt_shape_broadcast(const kt_shape *a, const kt_shape *b, kt_shape *out)
{
    kt_shape r = {a->rank > b->rank ? a->rank : b->rank, {0}};

    for (int i = 1; i <= r.rank; i++) {
        int64_t x = i <= a->rank ? a->dim[a->rank - i] : 1;
        int64_t y = i <= b->rank ? b->dim[b->rank - i] : 1;
        if (!broadcast_dim(x, y, &r.dim[r.rank - i]))
            return false;
    }
    *out = r;
    return true;
}

static void print_dim(kt_str *out, int64_t dim, const char *unknown, int width)
{
    if (dim == KT_UNKNOWN)
        kt_str_add(out, unknown);
    else
        kt_str_printf(out, "%*lld", width, (long long)dim);
}

void kt_shape_print(kt_str *out, const kt_shape *s)
{
    kt_str_addc(out, '(');
    for (int i = 0; i < s->rank; i++) {
        if (i > 0)
            kt_str_add(out, ", ");
        print_dim(out, s->dim[i], "None", 0);
    }
    kt_str_add(out, s->rank == 1 ? ",)" : ")");
}

/* NumPy pads integers to a common width, but not the objects that a None makes of them. */
void kt_shape_print_numpy(kt_str *out, const kt_shape *s)
{
    int width = 0;
    for (int i = 0; i < s->rank && kt_shape_known(s); i++) {
        int digits = 1;
        for (int64_t v = s->dim[i]; v >= 10; v /= 10)
            digits++;
        width = digits > width ? digits : width;
    }
    kt_str_addc(out, '[');
    for (int i = 0; i < s->rank; i++) {
        if (i > 0)
            kt_str_addc(out, ' ');
        print_dim(out, s->dim[i], "None", width);
    }
    kt_str_addc(out, ']');
}

void kt_shape_print_tf(kt_str *out, const kt_shape *s)
{
    kt_str_addc(out, '[');
    for (int i = 0; i < s->rank; i++) {
        if (i > 0)
            kt_str_addc(out, ',');
        print_dim(out, s->dim[i], "?", 0);
    }
    kt_str_addc(out, ']');
}

const char *kt_shape_text(kt_arena *a, const kt_shape *s)
{
    kt_str text = {0};
    kt_shape_print(&text, s);
    const char *copy = kt_str_keep(&text, a);
    return copy ? copy : "";
}

static bool dim_from_value(const kt_value *v, int64_t *out)
{
    if (!v || (v->kind != KT_NONE && v->kind != KT_INT))
        return false;
    *out = v->kind == KT_NONE ? KT_UNKNOWN : v->i;
    return true;
}

bool kt_shape_from_value(const kt_value *v, kt_shape *out)
{
    kt_shape r = KT_SCALAR_SHAPE;

    if (!v)
        return false;
    if (v->kind == KT_INT) {
        *out = KT_SHAPE(v->i);
        return true;
    }
    if (!kt_value_is_seq(v) || v->n > KT_MAX_RANK)
        return false;
    for (size_t i = 0; i < v->n; i++) {
        if (!dim_from_value(v->items[i], &r.dim[i]))
            return false;
    }
    r.rank = (int)v->n;
    *out = r;
    return true;
}

kt_value *kt_shape_value(kt_arena *a, const kt_shape *s)
{
    kt_value *tuple = kt_value_new(a, KT_TUPLE);
    for (int i = 0; tuple && i < s->rank; i++) {
        bool      none = s->dim[i] == KT_UNKNOWN;
        kt_value *dim = none ? kt_value_new(a, KT_NONE) : kt_value_int(a, s->dim[i]);
        if (!kt_value_add(a, tuple, NULL, dim))
            return NULL;
    }
    return tuple;
}
