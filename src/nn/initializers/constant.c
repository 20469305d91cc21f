/* constant.c - Constant: one number, or an array that is broadcast to the shape. */
#include "nn/layer.h"

#define FIELDS(F) F(ANY, value, "0.0", "", "A number, or nested lists of numbers.")
KT_CONFIG(FIELDS);

/* A NumPy array is saved as {"class_name": "__numpy__", "config": {"value": [...], ...}}. */
static const kt_value *plain(const kt_value *v)
{
    const char *name = kt_value_text(kt_value_get(v, "class_name"));

    if (kt_streq(name, "__numpy__") || kt_streq(name, "__tensor__"))
        return kt_value_get(kt_value_get(v, "config"), "value");
    return v;
}

/* Do the lists below v have the sizes s[axis..]? Every leaf is a number. */
static bool is_regular(const kt_value *v, const kt_shape *s, int axis)
{
    double x;

    if (axis == s->rank)
        return kt_value_number(v, &x);
    if (!kt_value_is_seq(v) || (int64_t)v->n != s->dim[axis])
        return false;
    for (size_t i = 0; i < v->n; i++)
        if (!is_regular(v->items[i], s, axis + 1))
            return false;
    return true;
}

/* The shape of nested lists; false if they are no array of numbers. */
static bool shape_of(const kt_value *v, kt_shape *s)
{
    const kt_value *first = v;

    *s = (kt_shape){0};
    while (first && kt_value_is_seq(first) && s->rank < KT_MAX_RANK) {
        s->dim[s->rank++] = (int64_t)first->n;
        first = first->n > 0 ? first->items[0] : NULL;
    }
    return v && is_regular(v, s, 0);
}

/* Element i of the shape `to`, of lists whose shape `from` broadcasts to it. */
static double element(const kt_value *v, const kt_shape *from, const kt_shape *to, int64_t i)
{
    int64_t at[KT_MAX_RANK] = {0};
    double  x = 0;

    for (int axis = to->rank - 1; axis >= 0; axis--) {
        at[axis] = i % to->dim[axis];
        i /= to->dim[axis];
    }
    for (int axis = 0; axis < from->rank; axis++) {
        int64_t k = at[to->rank - from->rank + axis];
        v = v->items[from->dim[axis] == 1 ? 0 : k];
    }
    (void)kt_value_number(v, &x);
    return x;
}

static kt_status refuse(const kt_shape *from, const kt_shape *to, kt_fault *f)
{
    kt_str a = {0}, b = {0};

    kt_shape_print_tf(&a, from);
    kt_shape_print_tf(&b, to);
    kt_raise(f, KT_E_INVALID_ARGUMENT, "Incompatible shapes: %s vs. %s", kt_str_text(&a),
             kt_str_text(&b));
    kt_str_free(&a);
    kt_str_free(&b);
    return KT_E_INVALID_ARGUMENT;
}

/* What no tensor of numbers is made of; lists of unlike lengths are none, either. */
static kt_status refuse_value(const kt_value *v, kt_fault *f)
{
    if (kt_stumble("cast", v, false, f) != KT_OK)
        return f->e.status;
    return kt_raise(f, KT_E_VALUE, "Can't convert non-rectangular Python sequence to Tensor.");
}

static kt_status fill(const void *self, const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    const kt_value *v = plain(((const config *)self)->value);
    kt_shape        from, both;

    (void)seed;
    if (!shape_of(v, &from))
        return refuse_value(v, f);
    if (!kt_shape_broadcast(&from, &value->shape, &both) || !kt_shape_equal(&both, &value->shape))
        return refuse(&from, &value->shape, f);
    for (int64_t i = 0; value->data && i < value->count; i++)
        kt_poke(value->data, value->dtype, i, element(v, &from, &value->shape, i));
    return KT_OK;
}

static const kt_initializer_type constant = {
    .cls = {.class_name = "Constant",
            .needs = "value",
            .aliases = "constant",
            .module = "keras.initializers",
            .config = &config_type,
            .summary = "The given value everywhere."},
    .fill = fill,
};

const kt_class *const kt_initializers_constant[] = {&constant.cls, NULL};
