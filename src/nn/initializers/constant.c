/* constant.c - Constant: one number, or an array that is broadcast to the shape. */
#include "nn/initializers/draw.h"
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

/* What TensorFlow says of the first thing in v, from s[axis] on, that is not as the first ones
 * were: no list of that length, or no number. NULL: there is none. */
static const char *misfit(const kt_value *v, const kt_shape *s, int axis)
{
    const char *what = NULL;
    double      x;

    if (axis == s->rank)
        return kt_value_number(v, &x) ? NULL : "Python sequence with mixed types";
    if (!kt_value_is_seq(v) || (int64_t)v->n != s->dim[axis])
        return "non-rectangular Python sequence";
    for (size_t i = 0; !what && i < v->n; i++)
        what = misfit(v->items[i], s, axis + 1);
    return what;
}

kt_status kt_numbers_shape(const kt_value *v, kt_shape *s, kt_fault *f)
{
    const kt_value *first = v;
    double          x;

    *s = (kt_shape){0};
    while (kt_value_is_seq(first) && first->n > 0 && s->rank < KT_MAX_RANK) {
        s->dim[s->rank++] = (int64_t)first->n;
        first = first->items[0];
    }
    if (kt_value_is_seq(first) && s->rank < KT_MAX_RANK)
        s->rank++; /* of nothing */
    else if (!kt_value_number(first, &x) && kt_stumble("cast", first, false, f) != KT_OK)
        return f->e.status;
    const char *what = misfit(v, s, 0);
    return what ? kt_raise(f, KT_E_VALUE, "Can't convert %s to Tensor.", what) : KT_OK;
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

static kt_status fill(const void *self, const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    const kt_value *v = plain(((const config *)self)->value);
    kt_shape        from, both;

    (void)seed;
    if (kt_numbers_shape(v, &from, f) != KT_OK)
        return f->e.status;
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
