/* augment.c - what the constructors of image layers check. */
#include "nn/images/augment.h"

#include <math.h>

void *kt_augment_field(const kt_layer *self, const char *name)
{
    const kt_field *f = kt_config_find(self->type->cls.config, name);

    return f ? (char *)self->config + f->offset : NULL;
}

static bool is_number(const kt_value *v, double *out)
{
    return v && kt_value_number(v, out);
}

/* [a, b] as a list. */
static const kt_value *pair(kt_layer *self, const kt_value *a, const kt_value *b)
{
    kt_arena *arena = &self->arena;
    kt_value *list = kt_value_new(arena, KT_LIST);
    bool      ok = list && kt_value_add(arena, list, NULL, kt_value_copy(arena, a)) &&
              kt_value_add(arena, list, NULL, kt_value_copy(arena, b));

    if (!ok)
        kt_raise_memory(&self->fault);
    return ok ? list : NULL;
}

/* The number's size with a sign, of its own kind. */
static kt_value with_sign(const kt_value *v, double sign)
{
    double x = 0;

    (void)kt_value_number(v, &x);
    if (v->kind == KT_FLOAT)
        return (kt_value){.kind = KT_FLOAT, .f = sign * fabs(x)};
    return (kt_value){.kind = KT_INT, .i = (int64_t)(sign * fabs(x))};
}

static kt_status refuse_range(kt_layer *self, const kt_augment_rule *r, const kt_value *v)
{
    return kt_layer_fail(
        self, KT_E_VALUE,
        "The `%s` argument should be a number (or a list of two numbers) in the range [%g, %g]. Received: factor=%s",
        r->how == KT_AUGMENT_INNER ? "factor" : r->field, r->lo, r->hi, kt_python_text(self, v));
}

/* Keras' _set_factor. */
static kt_status set_range(kt_layer *self, const kt_augment_rule *r, const kt_value **field)
{
    const kt_value *v = *field, zero = {.kind = KT_FLOAT}, *made;
    double          a = 0, b = 0;

    if (r->how == KT_AUGMENT_INNER && kt_is_none(v))
        return KT_OK;
    if (r->how == KT_AUGMENT_OR_ZERO && (kt_is_none(v) || (is_number(v, &a) && a == 0)))
        v = &zero;
    if (kt_value_is_seq(v)) {
        if (v->n == 2 && (!kt_python_orders(self, v->items[0], ">", "int", 0) ||
                          !kt_python_orders(self, v->items[1], "<", "int", 0)))
            return kt_layer_status(self);
        bool two = v->n == 2 && is_number(v->items[0], &a) && is_number(v->items[1], &b);
        if (!two || a > r->hi || b < r->lo)
            return refuse_range(self, r, v);
        made = a <= b ? pair(self, v->items[0], v->items[1]) : pair(self, v->items[1], v->items[0]);
    } else {
        if (!is_number(v, &a) || a < r->lo || a > r->hi)
            return refuse_range(self, r, v);
        kt_value below = with_sign(v, -1), above = with_sign(v, 1),
                 least = {.kind = KT_INT, .i = (int64_t)r->lo};
        made = pair(self, r->lo > -fabs(a) ? &least : &below, &above);
    }
    if (r->how != KT_AUGMENT_INNER)
        *field = made;
    return kt_layer_status(self);
}

static kt_status refuse_named(kt_layer *self, const kt_augment_rule *r, const char *name,
                              const kt_value *v)
{
    return kt_layer_fail(self, KT_E_VALUE, "%sReceived: %s=%s", r->text, name,
                         kt_python_text(self, v));
}

static bool outside(const kt_augment_rule *r, double v)
{
    bool open = r->how == KT_AUGMENT_ABOVE || r->how == KT_AUGMENT_ABOVE_OR_NONE;

    return v > r->hi || v < r->lo || (open && v == r->lo);
}

/* The factors of layers that have several. */
static kt_status set_named(kt_layer *self, const kt_augment_rule *r, const kt_value **field)
{
    const kt_value *v = *field, *made;
    double          a = 0, b = 0;

    if (r->how == KT_AUGMENT_ABOVE_OR_NONE && kt_is_none(v))
        return KT_OK;
    if (kt_value_is_seq(v)) {
        if (v->n != 2 || !is_number(v->items[0], &a) || !is_number(v->items[1], &b))
            return refuse_named(self, r, r->field, v);
        if (outside(r, a) || outside(r, b))
            return refuse_named(self, r, "input_number", v->items[outside(r, a) ? 0 : 1]);
        made = a <= b ? pair(self, v->items[0], v->items[1]) : pair(self, v->items[1], v->items[0]);
    } else {
        if (!is_number(v, &a))
            return refuse_named(self, r, r->field, v);
        if (outside(r, a))
            return refuse_named(self, r, "input_number", v);
        kt_value below = with_sign(v, -1), above = with_sign(v, 1), zero = {.kind = KT_INT};
        made = pair(self, r->how == KT_AUGMENT_UP ? &zero : &below, &above);
    }
    if (r->how == KT_AUGMENT_SPREAD || r->how == KT_AUGMENT_UP)
        *field = made;
    return kt_layer_status(self);
}

static kt_status set_pixels(kt_layer *self, kt_augment_how how, const kt_value **field)
{
    const kt_value *v = *field;
    double          a = 0, b = 0;
    bool            pixels = kt_value_is_seq(v) && v->n == 2 && is_number(v->items[0], &a) &&
                  is_number(v->items[1], &b);

    if (!pixels && how == KT_AUGMENT_PIXELS_BARE)
        return kt_layer_fail(self, KT_E_ATTRIBUTE,
                             "'%s' object has no attribute '_VALUE_RANGE_VALIDATION_ERROR'",
                             self->type->cls.class_name);
    if (!pixels)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "The `value_range` argument should be a list of two numbers. Received: value_range=%s",
            kt_python_text(self, v));
    if (how != KT_AUGMENT_PIXELS_KEPT)
        *field = a <= b ? pair(self, v->items[0], v->items[1])
                        : pair(self, v->items[1], v->items[0]);
    return kt_layer_status(self);
}

static kt_status check_word(kt_layer *self, const char *name, const char *word,
                            const char *const *words, const char *shown)
{
    for (; *words; words++)
        if (kt_streq(word, *words))
            return KT_OK;
    return kt_layer_fail(self, KT_E_NOT_IMPLEMENTED, "Unknown `%s` %s. Expected of one %s.", name,
                         word ? word : "None", shown);
}

static bool is_odd(const kt_value *v)
{
    double x = 0;

    return is_number(v, &x) && fmod(x, 2) != 0;
}

static kt_status set_odd(kt_layer *self, const kt_value **field)
{
    const kt_value *v = *field;

    if (kt_value_is_seq(v) && v->n != 2)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "The `kernel_size` argument should be a number (or a list of two numbers) Received: kernel_size=%s",
            kt_python_text(self, v));
    if (kt_value_is_seq(v) ? !is_odd(v->items[0]) || !is_odd(v->items[1]) : !is_odd(v))
        return kt_layer_fail(self, KT_E_VALUE,
                             "kernel_size must be an odd number. Received: kernel_size=%s",
                             kt_python_text(self, v));
    *field = kt_value_is_seq(v) ? pair(self, v->items[0], v->items[1]) : pair(self, v, v);
    return kt_layer_status(self);
}

static kt_status check_share(kt_layer *self, const kt_value *v)
{
    double x = -1;

    if (kt_python_orders(self, v, "<", "int", 0) && (!is_number(v, &x) || x < 0 || x > 1))
        kt_layer_fail(self, KT_E_VALUE, "`factor` should be between 0 and 1. Received: factor=%s",
                      kt_python_text(self, v));
    return kt_layer_status(self);
}

static kt_status check_scale(kt_layer *self, const kt_value *v)
{
    double x = 0;

    if (!kt_python_orders(self, v, "<", "float", 0))
        return kt_layer_status(self);
    if (is_number(v, &x) && (x < 0 || x > 1))
        kt_layer_fail(
            self, KT_E_VALUE,
            "The `scale` argument should be a number in the range [0,1]. Received: scale=%s",
            kt_python_text(self, v));
    return kt_layer_status(self);
}

static kt_status apply(kt_layer *self, const kt_augment_rule *r)
{
    static const char *const modes[] = {"reflect", "wrap", "constant", "nearest", "mirror", NULL};
    static const char *const plain[] = {"reflect", "wrap", "constant", "nearest", NULL};
    static const char *const methods[] = {"nearest", "bilinear", NULL};
    void                    *field = kt_augment_field(self, r->field);

    switch (r->how) {
    case KT_AUGMENT_RANGE:
    case KT_AUGMENT_OR_ZERO:
    case KT_AUGMENT_INNER: return set_range(self, r, field);
    case KT_AUGMENT_PIXELS:
    case KT_AUGMENT_PIXELS_KEPT:
    case KT_AUGMENT_PIXELS_BARE: return set_pixels(self, r->how, field);
    case KT_AUGMENT_FILL:
        return check_word(self, r->field, *(const char **)field, plain,
                          "('reflect', 'wrap', 'constant', 'nearest')");
    case KT_AUGMENT_FILL_MIRROR:
        return check_word(self, r->field, *(const char **)field, modes,
                          "{'constant', 'mirror', 'nearest', 'reflect', 'wrap'}");
    case KT_AUGMENT_METHOD:
        return check_word(self, r->field, *(const char **)field, methods,
                          "('nearest', 'bilinear')");
    case KT_AUGMENT_ODD: return set_odd(self, field);
    case KT_AUGMENT_SHARE: return check_share(self, *(const kt_value **)field);
    case KT_AUGMENT_SCALE: return check_scale(self, *(const kt_value **)field);
    default: return set_named(self, r, field);
    }
}

kt_status kt_augment_check(kt_layer *self, const kt_augment_rule *rules)
{
    const char **format = kt_augment_field(self, "data_format");

    kt_check_data_format(self, format);
    for (; rules && rules->field && kt_layer_status(self) == KT_OK; rules++)
        apply(self, rules);
    return kt_layer_status(self);
}

kt_node *kt_augment_same(kt_layer *self, kt_call *c, const kt_node *x)
{
    return kt_placeholder(c->g, "", self->dtype, x->shape);
}

bool kt_augment_is_image(kt_layer *self, kt_call *c, const kt_node *x)
{
    bool is = x->shape.rank == 3 || x->shape.rank == 4;

    if (!is)
        kt_call_fail(
            self, c, KT_E_VALUE,
            "Expected image tensor to have rank 3 (single image) or 4 (batch of images). Received: data.shape=%s",
            kt_shape_text(&self->arena, &x->shape));
    return is;
}
